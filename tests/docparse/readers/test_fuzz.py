"""Damaged files of every format: the readers answer with a document or with one of their errors, never with anything else."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.docparse.readers.builders import (
    compound,
    level,
    members_of,
    numbered,
    old_workbook,
    open_workbook,
    p,
    page,
    pdf,
    word,
    workbook,
    zipped,
)
from zhenggai.docparse.errors import ReaderFailed, UnreadableFile
from zhenggai.docparse.readers import convert
from zhenggai.docparse.reading import read_document

REGRESSIONS = Path(__file__).parent / "regressions"
TEXT = "关于巡察整改情况的通报\n一、整改情况\n1.关于“学习不深入”的问题。\n序号\t问题\t措施\n1\t甲\t乙\n2\t丙\t丁\n"
CELL = '<table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>甲</text:p></table:table-cell>'
NUMBERING = f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
STYLES = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
FORMATS = ("docx", "xlsx", "xls", "ods", "pdf", "html", "mht", "txt", "gb18030", "csv", "doc", "rtf")
ZIPPED = ("docx", "xlsx", "ods")


def _fill(book: Workbook) -> None:
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "问题", 3.5])
    sheet.merge_cells("A3:B4")


@cache
def sound(kind: str) -> bytes:
    """Return a sound file of *kind* with a bit of everything in it."""
    if kind == "docx":
        table = f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("甲")}</w:tc><w:tc>{numbered("乙", 1)}</w:tc></w:tr></w:tbl>'
        revision = (
            "<w:p><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
        )
        body = (
            p("标题", '<w:pStyle w:val="1"/>') + numbered("条目", 1) + table + revision + p("隐藏", run="<w:vanish/>")
        )
        return word(body, numbering=NUMBERING, styles=STYLES)
    if kind == "xlsx":
        return workbook(_fill)
    if kind == "xls":
        return old_workbook(lambda book: book.add_sheet("表").write_merge(0, 1, 0, 2, "台账"))
    if kind == "ods":
        return open_workbook(f"<table:table-row>{CELL}</table:table-row>")
    if kind == "pdf":
        return pdf("*标题*\n\n正文一段，已完成整改。\n\n#table(columns: 2, [序号], [问题], [1], [甲])")
    if kind == "html":
        table = "<table border=1><tr><th rowspan=2>序号<th>问题</tr><tr><td>甲</td></tr></table>"
        return page(
            f"<div id=zoom><h1>标题</h1><ol start=3><li>一项，完成。</li></ol>{table}<p style='display:none'>暗</p></div>"
        )
    if kind == "mht":
        head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="X"\r\n\r\n--X\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
        return head + sound("html") + b"\r\n--X--"
    if kind == "doc":
        return compound("WordDocument", b"\xec\xa5" + b"\x00" * 4500)
    if kind == "rtf":
        return rb"{\rtf1\ansi 1. first}"
    if kind == "gb18030":
        return TEXT.encode("gb18030")
    return ("序号,问题,措施\n1,甲,乙\n2,丙,丁\n" if kind == "csv" else TEXT).encode()


def damaged(data: bytes, seed: int) -> bytes:
    """Return *data* with one to four injuries: cut off, bytes flipped, a stretch erased, doubled or moved."""
    chance = random.Random(seed)
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if not out:
            break
        at, length = chance.randrange(len(out)), chance.choice((1, 1, 2, 8, 64, 700))
        injury = chance.randrange(6)
        if injury == 0:
            del out[at:]
        elif injury == 1:
            out[at] = chance.randrange(256)
        elif injury == 2:
            out[at : at + length] = bytes(chance.randrange(256) for _ in range(min(length, len(out) - at)))
        elif injury == 3:
            del out[at : at + length]
        elif injury == 4:
            out[at:at] = out[at : at + length] * chance.choice((1, 3))
        else:
            out[at : at + length] = chance.choice((b"\x00", b"\xff", b"<", b'"', b"9")) * min(length, len(out) - at)
    return bytes(out)


def operated(data: bytes, seed: int) -> bytes:
    """Return the zip file *data* with one member damaged, emptied, removed or exchanged for another."""
    chance = random.Random(seed)
    members = members_of(data)
    name, other = chance.choice(list(members)), chance.choice(list(members))
    choice = chance.randrange(6)
    if choice == 0:
        del members[name]
    elif choice == 1:
        members[name] = b""
    elif choice == 2:
        members[name] = members[other]
    else:
        members[name] = damaged(members[name], seed)
    return zipped(members)


def check(data: bytes, name: str) -> None:
    """Read *data*; anything but a document or a foreseen error fails."""
    try:
        document = read_document(data, name=name)
    except UnreadableFile as error:
        assert not isinstance(error, ReaderFailed), (name, error.__cause__)
        assert error.describe().what
        return
    before = 0
    for block in document.blocks:
        assert before <= block.start and document.text[block.start : block.end] == block.text
        before = block.end
        for cell in block.table.cells if block.table else ():
            assert document.text[cell.start : cell.end] == cell.text
        if block.table:
            block.table.grid()


@pytest.fixture(autouse=True)
def _no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep LibreOffice out: its robustness is not ours, and it takes a second each time."""
    monkeypatch.setattr(convert, "find_program", lambda: None)


@pytest.mark.parametrize("kind", FORMATS)
def test_sound_samples_are_read(kind: str) -> None:
    check(sound(kind), f"a.{kind}")


@pytest.mark.parametrize("kind", FORMATS)
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_give_a_document_or_a_foreseen_error(kind: str, seed: int) -> None:
    check(damaged(sound(kind), seed), f"a.{kind}")


@pytest.mark.parametrize("kind", ZIPPED)
@given(seed=st.integers(0, 2**32))
def test_damaged_members_give_a_document_or_a_foreseen_error(kind: str, seed: int) -> None:
    check(operated(sound(kind), seed), f"a.{kind}")


@settings(max_examples=150)
@given(data=st.binary(max_size=300))
def test_any_bytes_give_a_document_or_a_foreseen_error(data: bytes) -> None:
    check(data, "a")


@given(text=st.text(alphabet="<>/=\"'&; \n\tatdrolihpbv123一二关于的问题，。", max_size=400))
def test_any_markup_gives_a_document_or_a_foreseen_error(text: str) -> None:
    check(f"<html><body>{text}".encode(), "a.html")


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.bin")), ids=lambda path: path.stem)
def test_what_was_once_found_stays_mended(path: Path) -> None:
    check(path.read_bytes(), path.stem)
