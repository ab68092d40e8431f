"""The words of an official document taken back out of what was made from it, without its spaces and page numbers."""

from __future__ import annotations

import io
import re
import subprocess

import docx
from docx.oxml.ns import qn
from lxml import html

from zhenggai.gongwen import OfficialDocument, to_text
from zhenggai.gongwen.pieces import Grid, pieces
from zhenggai.gongwen.to_text import table_text

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"—\s*\d+\s*—\s*$")


def squeeze(text: str) -> str:
    """Return *text* without white space."""
    return _SPACE.sub("", text)


def docx_words(content: bytes) -> str:
    """Return all words of the body of a .docx in order."""
    body = docx.Document(io.BytesIO(content)).element.body
    return squeeze("".join(text.text or "" for text in body.iter(qn("w:t"))))


def html_words(fragment: str) -> str:
    """Return all words of an HTML fragment in order."""
    return squeeze(html.fromstring(fragment).text_content())


def pdf_pages(content: bytes) -> list[str]:
    """Return the words of each page of a PDF, as poppler finds them, without the page's number."""
    told = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return [squeeze(_NUMBER.sub("", page.strip())) for page in told.split("\f")[:-1]]


def pdf_words(content: bytes, document: OfficialDocument) -> str:
    """Return all words of the PDF of *document*; a header that a page repeats counts once."""
    headers = [
        squeeze(table_text(piece.table)[0])
        for piece in pieces(document)
        if isinstance(piece, Grid) and piece.table.header
    ]
    expected, found = squeeze(to_text(document)), ""
    for page in pdf_pages(content):
        for header in headers:
            if page.startswith(header) and not expected.startswith(found + header):
                page = page.removeprefix(header)
                break
        found += page
    return found
