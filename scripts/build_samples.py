"""Make the sample documents and their expected drafts from annotated sources.

In: ``tests/samples/sources/<folder>/<name>.sample``, a header and a text with marks (``docs/samples.md`` lists them).
Out: ``tests/samples/<folder>/<name>.<format>`` and ``<name>.expected.json``; the demo documents are also copied to where the
header line ``copy_to`` says.  The output depends on the source alone, byte for byte, so it is committed beside it.

Usage: ``python scripts/build_samples.py [--check] [SOURCE ...]``
"""

from __future__ import annotations

import argparse
import csv
import datetime
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "samples"
SOURCES = SAMPLES / "sources"
FACTS = ("unit", "inspecting_body", "inspection_start", "inspection_end", "feedback_date", "document_date", "as_of")
WHO = {"L": "leader", "D": "department", "R": "person", "U": "unit", "C": "support", "V": "supervisor"}
MEASURE_WHO = {"l": "leader", "d": "department", "r": "person"}
FIXED_TIME = (2025, 1, 1, 0, 0, 0)
MARK = re.compile(r"\{(>?[A-Za-z@]\*?)(?::([^|{}]*))?\|")
EDIT = re.compile(r"⟦([+\-^])(.*?)⟧")
GLOSSES = {
    "进": "jìn", "关": "guān", "整": "zhěng", "问": "wèn", "题": "tí", "责": "zé", "领": "lǐng", "导": "dǎo", "组": "zǔ",
}  # fmt: skip


@dataclass
class Expectation:
    """The expected draft, grown while the marks of a source are met in reading order."""

    aspects: list[dict[str, Any]] = field(default_factory=list)
    """Aspects met so far."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """Findings met so far."""
    anomalies: list[dict[str, str]] = field(default_factory=list)
    """Anomalies met so far."""
    current: int = -1
    """Index of the finding that the next measure belongs to."""
    aspect: int | None = None
    """Index of the aspect that the next finding belongs to."""
    parent: tuple[str, str] | None = None
    """Number and title of the heading between aspect and finding."""

    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    """Marks met before the finding they belong to (``{>U|…}``)."""

    def add(self, key: str, argument: str, text: str) -> None:
        """Take one mark: *key* with its *argument* around the visible *text*."""
        if key.startswith(">"):
            self.waiting.append((key[1:], argument, text))
        elif key == "A":
            self.parent = None
            known = [item["title"] for item in self.aspects]
            if text not in known:
                self.aspects.append({"no": argument, "title": text})
                known.append(text)
            self.aspect = known.index(text)
        elif key == "P":
            self.parent = (argument, text)
        elif key in ("F", "F*"):
            self._add_finding(key, argument, text)
        elif key == "@":
            self.current = int(argument) - 1
        elif key == "X":
            self.anomalies.append({"kind": argument, "text": text})
        else:
            self._add_detail(self.findings[self.current], key, argument, text)

    def _add_finding(self, key: str, argument: str, text: str) -> None:
        number, *others = argument.split("~")
        if key == "F*":
            first = re.split(r"[，,:：；;。]", text)[0]
            others += [first] if first != text else []
        finding: dict[str, Any] = {"no": number, "title": text, "measures": []}
        if others:
            finding["title_alternatives"] = others
        if self.aspect is not None:
            finding["aspect_index"] = self.aspect
        if self.parent:
            finding["parent_no"], finding["parent_title"] = self.parent
        self.findings.append(finding)
        self.current = len(self.findings) - 1
        for mark in self.waiting:
            self._add_detail(finding, *mark)
        self.waiting.clear()

    def _add_detail(self, finding: dict[str, Any], key: str, argument: str, text: str) -> None:
        if key == "M":
            finding["measures"].append({"text": text})
        elif key in MEASURE_WHO:
            finding["measures"][-1][MEASURE_WHO[key]] = text
        elif key == "t":
            finding["measures"][-1]["deadline"] = argument or text
        elif key in WHO:
            finding.setdefault("responsibility", {})[WHO[key]] = text
        elif key == "T":
            finding["deadline"] = argument or text
        elif key == "S":
            finding["status"] = argument
            if argument != "any":
                finding["status_text"] = text
        elif key == "N":
            finding.setdefault("progress", []).append(text)
        elif key == "W":
            finding["description"] = text
        elif key == "G":
            finding["target"] = text
        else:
            raise ValueError(f"unknown mark {key}")


def read_marks(text: str, expected: Expectation) -> str:
    """Return *text* without marks, having told *expected* each of them, outer before inner."""
    parts: list[str] = []
    position = 0
    while match := MARK.search(text, position):
        parts.append(text[position : match.start()])
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        inner = text[match.end() : end - 1]
        expected.add(match[1], match[2] or "", visible(read_marks(inner, Expectation(findings=[{"measures": [{}]}], current=0))))
        # The inner marks are met again, now for good, because the outer one may open the finding they belong to.
        parts.append(read_marks(inner, expected))
        position = end
    return "".join(parts) + text[position:]


def visible(text: str) -> str:
    """Return what a reader sees of *text*: insertions stay, deletions and footnotes go, ``\\n`` becomes a line end."""
    return EDIT.sub(lambda match: match[2] if match[1] == "+" else "", text).replace("\\n", "\n").lstrip("@")


@dataclass
class Source:
    """One annotated source, split into header and body."""

    path: Path
    """Where it was read."""
    header: dict[str, str]
    """Its header lines."""
    anomalies: list[dict[str, str]]
    """Anomalies the header declares for the whole document."""
    lines: list[str]
    """Its body with marks."""

    @property
    def target(self) -> Path:
        """Return the path of the document to make."""
        return SAMPLES / self.path.relative_to(SOURCES).with_suffix("." + self.header["format"])


def read_source(path: Path) -> Source:
    """Split the file at *path* at the first line ``---``."""
    head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    header: dict[str, str] = {}
    anomalies = []
    for line in head.splitlines():
        key, value = (part.strip() for part in line.split(":", 1))
        if key == "anomaly":
            kind, text = (part.strip() for part in value.split("|", 1))
            anomalies.append({"kind": kind, "text": text})
        else:
            header[key] = value
    return Source(path, header, anomalies, body.rstrip("\n").split("\n"))


def build_expectation(source: Source) -> tuple[dict[str, Any], list[str]]:
    """Return the expected draft of *source* as JSON, and its lines without marks."""
    grown = Expectation()
    lines = [read_marks(line, grown) for line in source.lines]
    header = source.header
    expected: dict[str, Any] = {"layout": header["layout"], "family": header["family"]}
    for fact in FACTS:
        if fact in header:
            given = [part.strip() for part in header[fact].split("~")]
            expected[fact] = None if given == ["-"] else given[0] if len(given) == 1 else given
    if "counts" in header:
        pairs = (pair.split("=") for pair in header["counts"].split())
        expected["counts"] = {name: float(value) if "." in value else int(value) for name, value in pairs}
    if header.get("aspects") != "any":
        expected["aspects"] = grown.aspects
    return expected | {"findings": grown.findings, "anomalies": source.anomalies + grown.anomalies}, lines


@dataclass
class Piece:
    """One line of a body, or the rows of one table."""

    kind: str
    """``p h c b box li lip table sheet``."""
    text: str = ""
    """Its words."""
    level: int = 0
    """Heading or list level from 1."""
    start: int = 0
    """First number of a list that does not begin at 1."""
    rows: list[list[str]] = field(default_factory=list)
    """Cells of a table; ``<`` and ``^`` continue the cell at the left and above."""
    header_rows: int = 0
    """Rows that the source marks as headers."""


def read_pieces(lines: list[str]) -> list[Piece]:
    """Return the body as pieces for the formats that have structure."""
    pieces: list[Piece] = []
    previous = ""
    for line in lines:
        if line.startswith("|"):
            if not previous.startswith("|"):
                pieces.append(Piece("table"))
            marked = line.startswith("|!")
            pieces[-1].rows.append([cell.strip() for cell in line[2 if marked else 1 :].split("¦")])
            pieces[-1].header_rows += marked
        elif match := re.match(r"(#+) (.*)", line):
            pieces.append(Piece("h", match[2], len(match[1])))
        elif match := re.match(r"(\++)(\.)?(?:=(\d+))? (.*)", line):
            pieces.append(Piece("lip" if match[2] else "li", match[4], len(match[1]), int(match[3] or 0)))
        elif match := re.match(r"=(c|b|box) (.*)", line):
            pieces.append(Piece(match[1], match[2]))
        elif line.startswith("=== "):
            pieces.append(Piece("sheet", line[4:]))
        elif line.strip():
            pieces.append(Piece("p", line))
        previous = line
    return pieces


def merged(rows: list[list[str]]) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield row, column, row span, column span and words of each cell of *rows*."""
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            if words in ("<", "^"):
                continue
            wide, high = 1, 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            while r + high < len(rows) and c < len(rows[r + high]) and rows[r + high][c] == "^":
                high += 1
            yield r, c, high, wide, visible(words)


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
        text = "\n".join("\n".join(line[i : i + width] for i in range(0, len(line), width)) for line in text.split("\n"))
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
    page = frame.replace("@@TITLE@@", source.header.get("title", "")).replace("@@DATE@@", source.header.get("published", ""))
    page = page.replace("@@SITE@@", source.header.get("site", "")).replace("@@BODY@@", "\n".join(out))
    return page.encode(source.header.get("encoding", "utf-8"))


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
    import xlsxwriter  # optional here: only workbook samples wait for it

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
            value: Any = datetime.date.fromisoformat(words) if raw.startswith("@") else int(words) if words.isdecimal() else words
            style = day if raw.startswith("@") else wrap
            if high > 1 or wide > 1:
                sheet.merge_range(top + r, c, top + r + high - 1, c + wide - 1, value, style)
            elif value != "":
                sheet.write(top + r, c, value, style)
        top += len(piece.rows) + (1 if piece.kind == "table" else 0)
    book.close()
    return out.getvalue()


def make_xls(source: Source, lines: list[str]) -> bytes:
    """Return a workbook in the old binary format."""
    import xlwt  # optional here: only one kind of sample waits for it

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
            value: Any = datetime.date.fromisoformat(words) if raw.startswith("@") else int(words) if words.isdecimal() else words
            sheet.write_merge(top + r, top + r + high - 1, c, c + wide - 1, value, day if raw.startswith("@") else plain)
        top += len(piece.rows) + (1 if piece.kind == "table" else 0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_pdf(source: Source, lines: list[str]) -> bytes:
    """Return a PDF with a text layer."""
    import typst  # optional here: only PDF samples wait for it

    out = [
        '#set page(paper: "a4", margin: (x: 28mm, y: 32mm), numbering: "— 1 —", header: [' + source.header.get("running", "") + "])",
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

    return normal_zip(write_docx(source.header, read_pieces(lines), list(map(_grid, read_pieces(lines))), EDIT))


def _grid(piece: Piece) -> list[tuple[int, int, int, int, str]]:
    return list(merged(piece.rows))


def normal_zip(data: bytes) -> bytes:
    """Return the zip file *data* with all times fixed, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


MAKERS: dict[str, Callable[[Source, list[str]], bytes]] = {
    "txt": make_txt, "csv": make_separated, "tsv": make_separated, "html": make_html, "xlsx": make_xlsx, "xls": make_xls,
    "pdf": make_pdf, "docx": make_docx,
}  # fmt: skip


def build(path: Path) -> dict[Path, bytes]:
    """Return the files that the source at *path* makes, by path."""
    source = read_source(path)
    expected, lines = build_expectation(source)
    made = MAKERS[source.header["format"]](source, lines)
    files = {
        source.target: made,
        source.target.with_suffix(".expected.json"): (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode(),
    }
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
    sys.path.insert(0, str(Path(__file__).parent))
    raise SystemExit(main())
