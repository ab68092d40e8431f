"""Official documents 公文: one tree → Word, PDF, HTML and text with the same words; any Word file → its
faults of layout.

Plain Python: no Django, no settings.  The measures of GB/T 9704 stand in :mod:`zhenggai.gongwen.measures` alone, and
writers and checker read
them there.
"""

from zhenggai.gongwen.checking import LayoutIssue, LayoutWords, check_layout
from zhenggai.gongwen.from_docx import read_docx
from zhenggai.gongwen.numbering import chinese_day, numbered
from zhenggai.gongwen.settling import settle_signature
from zhenggai.gongwen.titles import break_title
from zhenggai.gongwen.to_docx import to_docx
from zhenggai.gongwen.to_html import to_html
from zhenggai.gongwen.to_pdf import FontSubstitute, font_substitutes, to_pdf
from zhenggai.gongwen.to_text import to_text
from zhenggai.gongwen.tree import (
    Align,
    Annex,
    Block,
    Cell,
    Heading,
    ListBlock,
    NewPage,
    OfficialDocument,
    Orientation,
    Paragraph,
    TableBlock,
)

__all__ = [
    "Align",
    "Annex",
    "Block",
    "Cell",
    "FontSubstitute",
    "Heading",
    "LayoutIssue",
    "LayoutWords",
    "ListBlock",
    "NewPage",
    "OfficialDocument",
    "Orientation",
    "Paragraph",
    "TableBlock",
    "break_title",
    "check_layout",
    "chinese_day",
    "font_substitutes",
    "numbered",
    "read_docx",
    "settle_signature",
    "to_docx",
    "to_html",
    "to_pdf",
    "to_text",
]
