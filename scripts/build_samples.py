"""Make the sample documents and their expected drafts from annotated sources.

In: ``tests/samples/sources/<folder>/<name>.sample`` (``docs/samples.md``).
Out: ``tests/samples/<folder>/<name>.<format>`` and ``<name>.expected.json``; the demo documents are also copied to
where the header line ``copy_to`` says.  The output depends on the source alone, so it is committed beside it.

Usage: ``python scripts/build_samples.py [--check] [SOURCE ...]``
"""

from __future__ import annotations

import argparse
import csv
import datetime
import html
import importlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # the two modules beside this file, however it was started

from sample_source import EDIT, SOURCES, Piece, Source, build_expectation, merged, read_pieces, read_source, visible

ROOT = Path(__file__).resolve().parents[1]
FIXED_TIME = (2025, 1, 1, 0, 0, 0)
GLOSSES = {
    "进": "jìn", "关": "guān", "整": "zhěng", "问": "wèn", "题": "tí", "责": "zé", "领": "lǐng", "导": "dǎo",
    "组": "zǔ",
}  # fmt: skip


def damage(text: str, header: dict[str, str]) -> str:
    """Return *text* with the damage the header asks for."""
    if header.get("punct") == "ascii":
        text = text.translate(str.maketrans("，：；（）", ",:;()"))
    if header.get("script") == "traditional":
        import opencc  # only the traditional samples wait for it

        text = opencc.OpenCC("s2t").convert(text)
    if header.get("pinyin"):
        text = re.sub(f"[{''.join(GLOSSES)}]", lambda match: f"{match[0]}({GLOSSES[match[0]]})", text)
    if step := int(header.get("zero_width", 0)):
        text = "".join(c + ("\u200b" if i % step == step - 1 and c != "\n" else "") for i, c in enumerate(text))
    if width := int(header.get("wrap", 0)):
        cut = ([line[i : i + width] for i in range(0, len(line), width)] or [""] for line in text.split("\n"))
        text = "\n".join("\n".join(parts) for parts in cut)
    return text


def make_txt(source: Source, lines: list[str]) -> bytes:
    """Return a text file."""
    text = damage("\n".join(lines) + "\n", source.header)
    if source.header.get("newline") == "crlf":
        text = text.replace("\n", "\r\n")
    return text.encode(source.header.get("encoding", "utf-8"))


def make_separated(source: Source, lines: list[str]) -> bytes:
    """Return a CSV or TSV file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if source.header["format"] == "tsv" else ",", lineterminator="\r\n")
    for piece in read_pieces(lines):
        for row in piece.rows:
            writer.writerow(["" if cell in ("<", "^") else visible(cell) for cell in row])
    return damage(out.getvalue(), source.header).encode(source.header.get("encoding", "utf-8"))


def make_html(source: Source, lines: list[str]) -> bytes:
    """Return a web page: the body inside the page frame that the header names."""
    out: list[str] = []
    depth = 0
    paragraph = source.header.get("paragraph", "<p>{}</p>")
    pieces = read_pieces(lines)
    for piece in pieces:
        text = html.escape(damage(visible(piece.text), source.header), quote=False)
        level = piece.level if piece.kind in ("li", "lip") else 0
        while depth > level:
            out.append("</li></ol>")
            depth -= 1
        if piece.kind == "li":
            if depth == level:
                out.append("</li>")
            else:
                kind = source.header.get(f"ol{level}", "1")
                out.append(f'<ol type="{kind}"' + (f' start="{piece.start}"' if piece.start else "") + ">")
                depth += 1
            out.append(f"<li>{text}")
        elif piece.kind == "lip":
            out.append(f"<p>{text}</p>")
        elif piece.kind == "h":
            out.append(f"<h{piece.level}>{text}</h{piece.level}>")
        elif piece.kind == "c":
            out.append(f'<p style="text-align: center;">{text}</p>')
        elif piece.kind == "b":
            out.append(f"<p><strong>{text}</strong></p>")
        elif piece.kind == "table":
            out.append(_html_table(piece, source.header))
        else:
            out.append(paragraph.replace("{}", text))
    out.append("</li></ol>" * depth)
    frame = (SOURCES / "chrome" / f"{source.header.get('chrome', 'plain')}.html").read_text(encoding="utf-8")
    for slot, key in (("@@TITLE@@", "title"), ("@@DATE@@", "published"), ("@@SITE@@", "site")):
        frame = frame.replace(slot, source.header.get(key, ""))
    return frame.replace("@@BODY@@", "\n".join(out)).encode(source.header.get("encoding", "utf-8"))


def _html_table(piece: Piece, header: dict[str, str]) -> str:
    rows: list[list[str]] = [[] for _ in piece.rows]
    for r, _, high, wide, words in merged(piece.rows):
        tag = "th" if r < piece.header_rows else "td"
        spans = (f' rowspan="{high}"' if high > 1 else "") + (f' colspan="{wide}"' if wide > 1 else "")
        inner = html.escape(damage(words, header), quote=False).replace("\n", "<br/>")
        rows[r].append(f"<{tag}{spans}>{inner}</{tag}>")
    return '<table border="1">' + "\n".join("<tr>" + "".join(row) + "</tr>" for row in rows) + "</table>"


def make_xlsx(source: Source, lines: list[str]) -> bytes:
    """Return an Excel workbook; ``@2025-03-31`` is written as a date, digits as a number."""
    xlsxwriter = importlib.import_module("xlsxwriter")  # untyped, and only workbook samples wait for it
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(*FIXED_TIME)})
    wrap = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1})
    day = book.add_format({"num_format": source.header.get("date_format", "yyyy-mm-dd"), "border": 1})
    sheet = None
    top = 0
    for piece in read_pieces(lines):
        if piece.kind == "sheet":
            sheet, top = book.add_worksheet(piece.text), 0
        assert sheet is not None, "a workbook source begins with === sheet"
        for r, c, high, wide, words in merged(piece.rows):
            raw = piece.rows[r][c]
            value = _cell_value(raw, words)
            style = day if raw.startswith("@") else wrap
            if high > 1 or wide > 1:
                sheet.merge_range(top + r, c, top + r + high - 1, c + wide - 1, value, style)
            elif value != "":
                sheet.write(top + r, c, value, style)
        top += len(piece.rows) + (1 if piece.kind == "table" else 0)
    book.close()
    return out.getvalue()


def _cell_value(raw: str, words: str) -> Any:
    if raw.startswith("@"):
        return datetime.date.fromisoformat(words)
    return int(words) if words.isdecimal() else words


def make_xls(source: Source, lines: list[str]) -> bytes:
    """Return a workbook in the old binary format."""
    xlwt = importlib.import_module("xlwt")  # untyped, and only one kind of sample waits for it
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    plain = xlwt.easyxf()
    sheet: Any = None
    top = 0
    for piece in read_pieces(lines):
        if piece.kind == "sheet":
            sheet, top = book.add_sheet(piece.text), 0
        for r, c, high, wide, words in merged(piece.rows):
            raw = piece.rows[r][c]
            value = _cell_value(raw, words)
            style = day if raw.startswith("@") else plain
            sheet.write_merge(top + r, top + r + high - 1, c, c + wide - 1, value, style)
        top += len(piece.rows) + (1 if piece.kind == "table" else 0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_pdf(source: Source, lines: list[str]) -> bytes:
    """Return a PDF with a text layer."""
    import typst  # optional here: only PDF samples wait for it

    out = [
        '#set page(paper: "a4", margin: (x: 28mm, y: 32mm), numbering: "— 1 —")',
        f"#set page(header: [{source.header.get('running', '')}])",
        '#set text(font: "Noto Serif CJK SC", size: 14pt, lang: "zh", region: "cn")',
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 1em)",
    ]
    for piece in read_pieces(lines):
        quoted = json.dumps(damage(visible(piece.text), source.header), ensure_ascii=False)
        if piece.kind in ("c", "h"):
            out.append(f"#align(center, text(size: 18pt, {quoted}))" if piece.kind == "c" else f"#strong({quoted})")
        elif piece.kind == "b":
            out.append(f"#strong({quoted})")
        elif piece.kind == "table":
            cells = [
                f"table.cell(rowspan: {high}, colspan: {wide}, {json.dumps(words, ensure_ascii=False)})"
                for _, _, high, wide, words in merged(piece.rows)
            ]
            columns = source.header.get("columns", f"{len(piece.rows[0])}")
            out.append(f"#text(size: 10pt, table(columns: {columns}, {', '.join(cells)}))")
        else:
            out.append(f"#par({quoted})")
        out.append("")
    made: bytes = typst.compile("\n".join(out).encode(), timestamp=0)
    return made


def make_docx(source: Source, lines: list[str]) -> bytes:
    """Return a Word file with styles, automatic numbers, tables, tracked changes, text boxes and footnotes."""
    from sample_docx import write_docx  # python-docx is needed by Word samples only

    pieces = read_pieces(lines)
    return normal_zip(write_docx(source.header, pieces, [list(merged(piece.rows)) for piece in pieces], EDIT))


def normal_zip(data: bytes) -> bytes:
    """Return the zip file *data* with all times fixed, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


MAKERS: dict[str, Callable[[Source, list[str]], bytes]] = {
    "txt": make_txt, "csv": make_separated, "tsv": make_separated, "html": make_html, "xlsx": make_xlsx,
    "xls": make_xls, "pdf": make_pdf, "docx": make_docx,
}  # fmt: skip


def build(path: Path) -> dict[Path, bytes]:
    """Return the files that the source at *path* makes, by path."""
    source = read_source(path)
    expected, lines = build_expectation(source)
    made = MAKERS[source.header["format"]](source, lines)
    words = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    files = {source.target: made, source.target.with_suffix(".expected.json"): words.encode()}
    if "copy_to" in source.header:
        files[ROOT / source.header["copy_to"]] = made
    return files


def main(arguments: list[str] | None = None) -> int:
    """Build the named sources, or all; with ``--check`` only say which files would change."""
    parser = argparse.ArgumentParser(description="Make the sample documents from their annotated sources.")
    parser.add_argument("sources", nargs="*", type=Path, help="sources to build; all when none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    options = parser.parse_args(arguments)
    stale = 0
    for path in options.sources or sorted(SOURCES.glob("*/*.sample")):
        try:
            files = build(path.resolve())
        except (ValueError, IndexError, KeyError, AssertionError) as error:
            raise SystemExit(f"{path}: {type(error).__name__}: {error}") from error
        for target, data in files.items():
            if target.exists() and target.read_bytes() == data:
                continue
            stale += 1
            print(("would write " if options.check else "wrote ") + str(target.relative_to(ROOT)))
            if not options.check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
