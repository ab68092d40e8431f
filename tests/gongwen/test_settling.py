"""Signature and date of a filled paper stand where their lengths want them, as in a paper made whole."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from tests.gongwen.words import docx_words
from zhenggai.gongwen import OfficialDocument, Paragraph, check_layout, settle_signature, to_docx
from zhenggai.render.docx import fill_docx


def room(content: bytes, style: str) -> str | None:
    for paragraph in docx.Document(io.BytesIO(content)).paragraphs:
        if paragraph.style and paragraph.style.style_id == style and paragraph.text.strip():
            indent = paragraph._p.pPr.find(qn("w:ind")) if paragraph._p.pPr is not None else None
            return None if indent is None else indent.get(qn("w:rightChars"))
    return None


@pytest.mark.parametrize("body", ["示例市人民检察院巡察整改工作领导小组办公室", "示例市院", "办公室"])
def test_a_filled_signature_stands_as_in_a_paper_made_whole(body: str) -> None:
    day = date(2025, 1, 16)
    whole = to_docx(OfficialDocument(("报告",), (Paragraph("正文。"),), signature=(body,), signed_on=day))
    marked = to_docx(
        OfficialDocument(("报告",), (Paragraph("正文。"),), signature=("{{ body }}",), signed_on="{{ day }}")
    )
    filled = settle_signature(fill_docx(marked, {"body": body, "day": "2025年1月16日"}))
    for style, usual in (("GwSignature", "200"), ("GwDate", "400")):
        assert (room(filled, style) or usual) == (room(whole, style) or usual)
    assert docx_words(filled) == docx_words(whole)
    assert check_layout(filled) == ()


def test_a_paper_without_signature_stays_as_it_is() -> None:
    plain = to_docx(OfficialDocument(("报告",), (Paragraph("正文。"),)))
    assert settle_signature(plain) == plain
