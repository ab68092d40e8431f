"""The outputs of a notice, all from one layout: HTML, plain text, data, and the files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhenggai.docparse.draft import draft_to_json
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand
from zhenggai.gongwen import Block as PaperBlock
from zhenggai.gongwen import Heading, OfficialDocument, Paragraph, TableBlock, break_title, to_docx, to_html, to_pdf
from zhenggai.kit.dates import parse_date
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.layout import Layout, Line, Role
from zhenggai.notices.queries import Body

_LEVELS = {Role.HEADING_1: 1, Role.HEADING_2: 2, Role.HEADING_3: 3}
_WIDTHS = {4: (2, 6, 12, 3), 5: (2, 5, 7, 8, 3)}
"""Number of columns of a table of problems → their relative widths."""
_LONGEST_SUMMARY = 300


@dataclass(frozen=True, slots=True)
class Output:
    """A notice as it goes out."""

    title: str
    """Its title."""
    signed_by: str
    """Its signature."""
    signed_on: date
    """Its date."""
    summary: str
    """A sentence of it for lists."""
    html: str
    """Its body as a fragment."""
    text: str
    """The same as plain text."""
    data: dict[str, Any]
    """The same for machines."""
    digest: str
    """SHA-256 of the text."""


def render_notice(body: Body, layout: Layout, otherwise: date) -> Output:
    """Return all outputs of a version.

    Args:
        body: the version.
        layout: its lines.
        otherwise: the day to sign on, where the text names none.
    """
    texts = {block.kind: block.text for block in body.blocks}
    text = layout.text
    html = to_html(to_document(layout))
    draft = understand(read_document(f"<html><body>{html}</body></html>".encode(), name="notice.html"))
    said = parse_date(texts.get(BlockKind.DATE, "")) or ""
    return Output(
        title=texts.get(BlockKind.TITLE, ""),
        signed_by=texts.get(BlockKind.SIGNATURE, ""),
        signed_on=date.fromisoformat(said) if len(said) == 10 else otherwise,
        summary=_shortened(texts.get(BlockKind.STATUS, "")),
        html=html,
        text=text,
        data=draft_to_json(draft),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def to_document(layout: Layout) -> OfficialDocument:
    """Return the lines as an official document, from which every file is written."""
    title, signature, day = "", [], ""
    blocks: list[PaperBlock] = []
    rows: list[tuple[str, ...]] = []
    header: tuple[str, ...] = ()
    for line in layout.lines:
        if rows and line.role is not Role.TABLE_ROW:
            blocks.append(TableBlock(tuple(rows), header, _WIDTHS.get(len(header), ())))
            rows = []
        match line.role:
            case Role.TITLE:
                title = line.text
            case Role.SIGNATURE:
                signature.append(line.text)
            case Role.DATE:
                day = line.text
            case Role.TABLE_HEAD:
                header = tuple(line.cells)
            case Role.TABLE_ROW:
                rows.append(tuple(line.cells))
            case _:
                blocks.append(_block(line))
    if rows:
        blocks.append(TableBlock(tuple(rows), header, _WIDTHS.get(len(header), ())))
    return OfficialDocument(
        title=tuple(break_title(title)), blocks=tuple(blocks), signature=tuple(signature), signed_on=day or None
    )


def _block(line: Line) -> PaperBlock:
    level = _LEVELS.get(line.role)
    if level is None:
        return Paragraph(line.text)
    head = line.head or len(line.text)
    return Heading(level, line.text[:head], run_in=line.text[head:])


def render_files(layout: Layout) -> tuple[bytes, bytes]:
    """Return the notice as a Word file and as a PDF.

    Raises:
        CannotPrint: it cannot be set.
    """
    document = to_document(layout)
    return to_docx(document), to_pdf(document)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SUMMARY else text[: _LONGEST_SUMMARY - 1] + "…"
