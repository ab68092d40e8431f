"""A Word file → the tree of an official document, so that what an office's own template makes can be shown and printed too.

For files made by :func:`zhenggai.gongwen.to_docx`, or from a template it made, the words come back whole and in order.
In files of other styles roles are read from words and looks; text boxes, headers and pictures are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhenggai.gongwen.measures import HEADINGS, TWIPS_PER_MM, Role
from zhenggai.gongwen.parts import NUMBER_FORMS, Part, find_parts
from zhenggai.gongwen.to_docx import BODY_RUN, TABLE_STYLES
from zhenggai.gongwen.tree import (
    Align,
    Annex,
    Block,
    Cell,
    Heading,
    NewPage,
    OfficialDocument,
    Orientation,
    Paragraph,
    TableBlock,
)
from zhenggai.gongwen.word_file import WordCell, WordSection, WordTable, read_word

_SMALL_PT = 11
_ATTACHMENT = re.compile(r"^附\s*件\s*[:：]\s*")


@dataclass
class _Sheet:
    """One section of the paper while it is read."""

    label: str = ""
    title: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    orientation: Orientation = Orientation.PORTRAIT
    issuer: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    told: dict[Role, str] = field(default_factory=dict)
    started: bool = False
    goes_on: bool = False


def read_docx(content: bytes, name: str = "") -> OfficialDocument:
    """Return the tree of the Word file *content*.

    Raises:
        UnreadableFile: it is no Word file, or not a safe one.
    """
    file = read_word(content, name)
    sheets = [_Sheet()]
    since = 0
    imprint: list[str] = []
    for piece in find_parts(file):
        sheet = sheets[-1]
        match piece:
            case WordSection():
                for each in sheets[since:]:
                    each.orientation = Orientation.LANDSCAPE if piece.width > piece.height else Orientation.PORTRAIT
                since = len(sheets)
                sheets.append(_Sheet())
            case Part(role=Role.PAGE):
                sheets.append(_Sheet(goes_on=True))
            case WordTable() if piece.floats:
                imprint += [cell.text for row in piece.rows for cell in row]
            case WordTable():
                sheet.blocks.append(_table(piece, sheet))
                sheet.started = True
            case Part():
                if piece.role is Role.ANNEX_LABEL and sheet.started:
                    sheets.append(_Sheet())
                _take(piece, sheets[-1])
    return _document([sheet for sheet in sheets if sheet.started] or [_Sheet()], imprint)


def _take(part: Part, sheet: _Sheet) -> None:
    text = part.paragraph.printed
    sheet.started = True
    match part.role:
        case Role.TITLE | Role.ANNEX_TITLE:
            sheet.title += text.split("\n")
        case Role.ANNEX_LABEL:
            sheet.label = text
        case Role.ISSUER:
            sheet.issuer.append(text)
        case Role.RULE:
            return
        case Role.SIGNATURE:
            sheet.signature.append(text)
        case Role.ATTACHMENT | Role.NEXT_ATTACHMENT:
            sheet.attachments.append(text)
        case Role.CAPTION:
            sheet.told[Role.CAPTION] = text
            sheet.blocks.append(Paragraph(text))
        case Role.NUMBER | Role.UNDER_TITLE | Role.ADDRESSEE | Role.DATE | Role.NOTE if part.role not in sheet.told:
            sheet.told[part.role] = text
        case _ if part.role in HEADINGS:
            sheet.blocks.append(_heading(part))
        case _:
            sheet.blocks.append(Paragraph(text))


def _attachments(lines: list[str]) -> tuple[str, ...]:
    """Return the names without the word before them and, where there are several, without their numbers."""
    names = [line.strip() for line in lines]
    if names and _ATTACHMENT.match(names[0]):
        names[0] = _ATTACHMENT.sub("", names[0], count=1)
    if len(names) > 1:
        names = [name.removeprefix(f"{index}.") for index, name in enumerate(names, start=1)]
    return tuple(names)


def _heading(part: Part) -> Heading:
    level = HEADINGS.index(part.role) + 1
    own = "".join(run.text for run in part.paragraph.runs if run.style != BODY_RUN)
    run_in = "".join(run.text for run in part.paragraph.runs if run.style == BODY_RUN)
    text = part.paragraph.label + own
    match = NUMBER_FORMS[level - 1].match(text)
    number = match.group() if match else ""
    return Heading(level, text[len(number) :], number, run_in=run_in)


def _table(table: WordTable, sheet: _Sheet) -> TableBlock:
    caption = ""
    if sheet.blocks and isinstance(last := sheet.blocks[-1], Paragraph) and (Role.CAPTION in sheet.told):
        caption = last.text if sheet.told.pop(Role.CAPTION) == last.text else ""
        if caption:
            sheet.blocks.pop()
    rows = [tuple(_cell(cell, tall) for cell in row) for row, tall in zip(table.rows, table.heights, strict=True)]
    header: tuple[str, ...] = ()
    if table.header_rows and rows and all(cell.columns == 1 for cell in rows[0]):
        header = tuple(cell.text for cell in rows.pop(0))
    sizes = [
        run.size_pt for row in table.rows for cell in row for paragraph in cell.paragraphs for run in paragraph.runs
    ]
    count = len(header) or max((sum(cell.columns for cell in row) for row in rows), default=1)
    widths = table.widths if len(table.widths) == count and all(table.widths) else ()
    return TableBlock(tuple(rows), header, widths, caption, small=bool(sizes) and max(sizes) < _SMALL_PT)


def _cell(cell: WordCell, tall: int) -> Cell:
    aligns = {paragraph.look.align for paragraph in cell.paragraphs}
    heading = any(paragraph.style_id == TABLE_STYLES[True][0] for paragraph in cell.paragraphs)
    align = next((Align(found) for found in aligns if found in ("center", "right")), Align.LEFT)
    return Cell("" if cell.continues else cell.text, cell.columns, heading, align, least_mm=round(tall / TWIPS_PER_MM))


def _document(sheets: list[_Sheet], imprint: list[str]) -> OfficialDocument:
    first, *rest = sheets
    copies = next((line for line in imprint if line.startswith("抄送：")), "").removeprefix("抄送：").removesuffix("。")
    printed, _, day = next((line for line in imprint if not line.startswith("抄送：")), "").partition("\t")
    blocks = list(first.blocks)
    annexes: list[Annex] = []
    for sheet in rest:
        more: list[Block] = [NewPage(tuple(sheet.title)), *sheet.blocks] if sheet.goes_on else list(sheet.blocks)
        if not sheet.goes_on and (sheet.label or sheet.title):
            annexes.append(Annex(tuple(sheet.title), tuple(more), sheet.label, sheet.orientation))
        elif annexes:
            annexes[-1] = replace(annexes[-1], blocks=(*annexes[-1].blocks, *more))
        else:
            blocks += more
            first.attachments += sheet.attachments
            first.signature += sheet.signature
            first.told = {**sheet.told, **first.told}
    told = first.told
    return OfficialDocument(
        title=tuple(first.title),
        blocks=tuple(blocks),
        issuer=tuple(first.issuer),
        number=told.get(Role.NUMBER, ""),
        under_title=told.get(Role.UNDER_TITLE, ""),
        addressee=told.get(Role.ADDRESSEE, "").rstrip("：:"),
        attachments=_attachments(first.attachments),
        signature=tuple(first.signature),
        signed_on=told.get(Role.DATE, "") or None,
        note=told.get(Role.NOTE, ""),
        annexes=tuple(annexes),
        copies=copies,
        printed_by=printed,
        printed_on=day.removesuffix("印发") or None,
        orientation=first.orientation,
    )
