"""Files made fit for the browser: text as plain values, pages and photographs drawn anew, hostile ones refused."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from tests.factories.files import make_file
from zhenggai.docparse import pictures
from zhenggai.docparse.errors import Corrupt, ReadingTimedOut, TooMuch, UnreadableFile
from zhenggai.docparse.readers.limits import Limits
from zhenggai.files import previews
from zhenggai.files.errors import NoPreview

pytestmark = pytest.mark.django_db


def _pdf(pages: int = 2) -> bytes:
    first, *others = [Image.new("RGB", (300, 420), "white") for _ in range(pages)]
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=others)
    return buffer.getvalue()


def test_word_text_and_tables_come_as_plain_values_and_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = docx.Document()
    paper.add_heading("资产清查报告", 1)
    paper.add_paragraph("<script>alert(1)</script>已补登 42 件。")
    table = paper.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "清查结果"
    table.cell(1, 0).text, table.cell(1, 1).text = "电脑", "12"
    buffer = io.BytesIO()
    paper.save(buffer)
    stored = make_file(buffer.getvalue(), name="报告.docx")
    seen = previews.preview_of(stored, "报告.docx")
    assert [block.kind for block in seen.blocks] == ["heading", "paragraph", "table"]
    assert seen.blocks[1].text.startswith("<script>")
    assert [[(cell.text, cell.columns) for cell in row] for row in seen.blocks[2].rows] == [
        [("清查结果", 2)],
        [("电脑", 1), ("12", 1)],
    ]
    monkeypatch.setattr(previews, "read_document_isolated", None)
    assert previews.preview_of(stored, "报告.docx") == seen


def test_long_sheets_are_cut_and_say_so(home: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(250):
        book.active.append([number, "台账"])
    buffer = io.BytesIO()
    book.save(buffer)
    seen = previews.preview_of(make_file(buffer.getvalue(), name="台账.xlsx"), "台账.xlsx")
    assert (len(seen.blocks[0].rows), seen.blocks[0].left_out) == (100, 150)


def test_pages_are_drawn_one_by_one(home: Path) -> None:
    stored = make_file(_pdf(), name="纪要.pdf")
    assert previews.preview_of(stored, "纪要.pdf").pages == 2
    path, kind = previews.picture_of(stored, 2, "纪要.pdf")
    assert kind == "image/png" and path.read_bytes().startswith(b"\x89PNG")
    assert path.is_relative_to(home / "previews")
    with pytest.raises(TooMuch):
        previews.picture_of(stored, 3, "纪要.pdf")
    with pytest.raises(NoPreview):
        previews.picture_of(stored, 0, "纪要.pdf")


def test_a_photograph_is_encoded_anew_without_what_the_camera_wrote(home: Path) -> None:
    photo = Image.new("RGB", (2400, 800), "red")
    facts = Image.Exif()
    facts[0x010F], facts[0x0112] = "某相机", 6
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", exif=facts)
    path, kind = previews.picture_of(make_file(buffer.getvalue(), name="现场.jpg"), 1, "现场.jpg")
    with Image.open(path) as shown:
        assert (kind, shown.size, dict(shown.getexif())) == ("image/jpeg", (533, 1600), {})


def test_what_is_damaged_or_of_another_kind_is_refused_in_words(home: Path) -> None:
    with pytest.raises(UnreadableFile):
        previews.preview_of(make_file(b"%PDF-1.7\nbroken", name="坏.pdf"), "坏.pdf")
    with pytest.raises(Corrupt):
        previews.picture_of(make_file(b"\x89PNG\r\n\x1a\nbroken", name="坏.png"), 1, "坏.png")
    with pytest.raises(NoPreview):
        previews.preview_of(make_file(b"ID3\x03" + bytes(64), name="录音.mp3"), "录音.mp3")
    assert not list((home / "previews").rglob("preview-*.json"))


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(home: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("1", (12_000, 12_000)).save(bomb)
    with pytest.raises(UnreadableFile):
        pictures.draw_photograph_isolated(bomb)
    slow = Limits(wall_seconds=0.01)
    with pytest.raises(ReadingTimedOut):
        pictures.draw_photograph_isolated(bomb, limits=slow)
