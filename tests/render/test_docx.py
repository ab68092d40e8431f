"""Templates and plain values become Word files; nothing in a value acts, and a template sees no objects."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from zhenggai.oversight.papers import LETTER, template_bytes
from zhenggai.render.docx import fill_docx, plain
from zhenggai.render.errors import BadTemplate


def template(*lines: str) -> bytes:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    saved = io.BytesIO()
    paper.save(saved)
    return saved.getvalue()


def words(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_marks_are_filled_with_text_that_stays_text() -> None:
    made = fill_docx(
        template("{{ title }}", "{%p for line in lines %}", "{{ line }}", "{%p endfor %}"),
        {"title": "<w:p>{{ 7*7 }} & “整改”\x01", "lines": ["一", "二"]},
    )
    assert words(made) == ["<w:p>{{ 7*7 }} & “整改”", "一", "二"]


@pytest.mark.parametrize(
    "mark",
    [
        "{{ missing }}",
        "{{ title",
        "{{ ''.__class__.__mro__ }}",
        "{{ title.format_map.__globals__ }}",
        "{% import 'x' as y %}",
    ],
)
def test_a_template_that_asks_for_more_is_refused(mark: str) -> None:
    with pytest.raises(BadTemplate):
        fill_docx(template(mark), {"title": "题"}, name="letter.docx")


def test_what_is_no_word_file_is_refused() -> None:
    for content in (b"", b"PK\x03\x04 broken", b"<html>"):
        with pytest.raises(BadTemplate):
            fill_docx(content, {})


def test_objects_are_no_plain_values() -> None:
    with pytest.raises(TypeError):
        plain({"a": [object()]})


def test_an_office_puts_its_own_template_in_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    shipped = template_bytes(tmp_path)
    assert shipped[:2] == b"PK"
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / LETTER).write_bytes(b"own")
    assert template_bytes(tmp_path) == b"own"
