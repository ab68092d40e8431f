"""What bad input gets: each its own error, with a code, a place and something to do."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docparse.readers.builders import compound, encrypted, members_of, p, pdf, word, workbook, zipped
from zhenggai.docparse import errors
from zhenggai.docparse.errors import UnreadableFile, clean_name, error_from
from zhenggai.docparse.readers.limits import DEFAULT
from zhenggai.docparse.reading import read_document

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
BOMB = '<!DOCTYPE z [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + p("深") + f"<w:p/></w:tc><w:tc>{p('旁')}</w:tc></w:tr></w:tbl>" * depth


def with_document(change: str) -> bytes:
    members = members_of(word(p("甲")))
    text = members["word/document.xml"].decode()
    return zipped({**members, "word/document.xml": text.replace("<w:document", change + "<w:document", 1)})


def lying_about_size() -> bytes:
    """Return a .docx whose directory says its text is shorter than it is."""
    data = bytearray(word(p("甲" * 5000)))
    at = data.rindex(b"word/document.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def password_zip() -> bytes:
    data = bytearray(word(p("甲")))
    for found in re.finditer(rb"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    return bytes(data)


CASES: dict[str, tuple[bytes, str]] = {
    "empty.docx": (b"", "EmptyFile"),
    "blank.docx": (word(p("")), "EmptyFile"),
    "picture.docx": (PNG, "NotADocument"),
    "photo.pdf": (b"\xff\xd8\xff\xe0" + bytes(range(256)), "NotADocument"),
    "archive.docx": (zipped({"a.txt": "x"}), "NotADocument"),
    "old.rar": (b"Rar!\x1a\x07\x00" + b"\x00" * 100, "NotADocument"),
    "program.doc": (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 300, "NotADocument"),
    "slides.docx": (
        zipped({"[Content_Types].xml": "<Types>presentationml</Types>", "ppt/presentation.xml": "<p/>"}),
        "NotADocument",
    ),
    "slides.doc": (compound("PowerPoint Document", b"x"), "NotADocument"),
    "cut.docx": (word(p("甲" * 2000))[:-200], "Corrupt"),
    "cut.xlsx": (workbook(lambda book: None)[:3000], "Corrupt"),
    "no main part.docx": (zipped({"[Content_Types].xml": "<Types>wordprocessingml</Types>"}), "Corrupt"),
    "broken xml.docx": (zipped({**members_of(word(p("甲"))), "word/document.xml": "<w:document"}), "Corrupt"),
    "cut.doc": (compound("WordDocument", b"x" * 9000)[:600], "Corrupt"),
    "lying.docx": (lying_about_size(), "Corrupt"),
    "secret.docx": (encrypted(word(p("甲"))), "Encrypted"),
    "secret.xlsx": (encrypted(workbook(lambda book: None)), "Encrypted"),
    "secret.doc": (compound("WordDocument", b"\xec\xa5" + b"\x00" * 8 + b"\x00\x01" + b"\x00" * 5000), "Encrypted"),
    "secret.zip": (password_zip(), "Encrypted"),
    "entities.docx": (with_document(BOMB), "DangerousXml"),
    "external.docx": (with_document(EXTERNAL), "DangerousXml"),
    "bomb.docx": (zipped({**members_of(word(p("甲"))), "word/media/a.bin": b"\x00" * (50 << 20)}), "DangerousArchive"),
    "many.docx": (
        zipped({"[Content_Types].xml": "wordprocessingml", **{f"word/{n}": "" for n in range(10_100)}}),
        "DangerousArchive",
    ),
    "deep.docx": (word(nested_tables(60)), "TooDeep"),
    "very deep.docx": (word(nested_tables(10_000)), "TooDeep"),
    "noise.bin": (bytes((n * n * 7 + 13) % 251 for n in range(6000)) + b"\x00" * 400, "UnknownType"),
    "cut.pdf": (pdf("甲")[:200], "Corrupt"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_bad_file_gets_its_own_error(name: str) -> None:
    data, expected = CASES[name]
    with pytest.raises(UnreadableFile) as caught:
        read_document(data, name=name)
    assert type(caught.value).__name__ == expected
    words = caught.value.describe()
    assert words.code == f"docparse.{expected}"
    assert words.what and words.todo and name in words.where


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.docx"
    with path.open("wb") as handle:
        handle.truncate(300 << 20)
    with pytest.raises(errors.TooLarge) as caught:
        read_document(path)
    assert "300.0 MB" in caught.value.describe().what and "100.0 MB" in caught.value.describe().what


def test_what_is_no_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchFile):
        read_document(tmp_path / "none.txt")
    with pytest.raises(errors.NotAFile):
        read_document(tmp_path)
    with pytest.raises(errors.NotAFile):
        read_document(Path("/dev/zero"))
    with pytest.raises(errors.NoSuchFile):
        read_document("a\x00b.txt")


def test_the_extension_does_not_matter() -> None:
    assert read_document(word(p("甲")), name="通报.txt").format == "docx"
    assert read_document("甲乙丙丁".encode(), name="通报.docx").format == "txt"
    assert (
        read_document(workbook(lambda book: book.active.append(["甲"]) if book.active else None), name="a.pdf").format
        == "xlsx"
    )
    assert read_document(pdf("甲乙丙丁"), name="a.docx").format == "pdf"


@pytest.mark.parametrize(
    ("name", "said"),
    [("通报.xlsx", True), ("通报.DOC", True), ("通报.docm", False), ("通报", False), ("通报.old", False)],
)
def test_an_ending_of_another_kind_is_noted(name: str, said: bool) -> None:
    notes = read_document(word(p("甲")), name=name).notes
    assert ["ending_differs"] * said == [note.kind for note in notes]
    assert all("docx" in note.text and note.hint for note in notes)


def test_macros_and_tables_of_five_thousand_rows_are_no_error() -> None:
    row = f"<w:tr><w:tc>{p('1')}</w:tc><w:tc>{p('问题')}</w:tc></w:tr>"
    members = members_of(word(f"<w:tbl>{row * 5000}</w:tbl>"))
    document = read_document(zipped({**members, "word/vbaProject.bin": b"macro"}), name="a.docm")
    assert [note.kind for note in document.notes] == ["macros_ignored"]
    assert next(document.tables()).rows == 5000


def test_a_document_longer_than_allowed_is_refused() -> None:
    small = replace(DEFAULT, max_characters=50)
    for data in (word(p("甲" * 60)), "甲".encode() * 60, b"<html><body><p>" + "甲，".encode() * 60):
        with pytest.raises(errors.TooMuch):
            read_document(data, name="a", limits=small)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\通报.docx", "通报.docx"),
        ("a\x00b\nc\x1b[31m.txt", "abc[31m.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("", "（未命名）"),
        ("长" * 300 + ".docx", "长" * 80 + "…" + "长" * 25 + ".docx"),
    ],
)
def test_names_are_cleaned_for_messages(name: str, shown: str) -> None:
    with pytest.raises(errors.EmptyFile) as caught:
        read_document(b"", name=name)
    assert caught.value.describe().where == f"文件：{shown}"
    assert clean_name(name) in ("", shown)


def test_every_error_survives_a_process_border_and_has_its_paragraph() -> None:
    documented = set(re.findall(r"^## (\S+)$", Path("docs/errors/docparse.md").read_text(encoding="utf-8"), re.M))
    known = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, UnreadableFile)]
    assert {cls.code for cls in known} == documented
    slots = dict.fromkeys(("size", "limit", "kind", "reason", "amount", "format", "seconds"), "x")
    for cls in known:
        error = cls(name="a.txt", **slots)
        assert type(error_from(error.code, dict(error.slots))) is cls
        assert error.describe().what and "%(" not in str(error)
    assert isinstance(error_from("docparse.Unheard", {"name": "a"}), errors.ReadingCrashed)


def test_damaged_compressed_data_is_corrupt() -> None:
    data = bytearray(word(p("甲乙丙" * 500)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("word/document.xml")
    at = info.header_offset + 30 + len("word/document.xml") + 20
    data[at : at + 8] = bytes(byte ^ 0xFF for byte in data[at : at + 8])
    with pytest.raises(errors.Corrupt):
        read_document(bytes(data), name="a.docx")
