"""First station: a :class:`~zhenggai.docparse.document.Document` becomes a :class:`View`.

The view is one working text with a folded twin of equal length, cut into paragraphs.  Numbers made by the layout stand
in it as characters, hard-wrapped lines are joined, zero-width characters and pinyin glosses are left out; ``View.origin``
leads every offset back to the document, so that conclusions can show their passage.  What was left out is kept as damage.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from zhenggai.docparse.document import Block, Document, Table
from zhenggai.docparse.draft import Span
from zhenggai.docparse.understand.wrapping import Line, find_wrap_width, join_wrapped
from zhenggai.kit.text import CJK, ZERO_WIDTH_RE, fold

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
GLOSS_RE = re.compile(rf"(?<=[{CJK}])[(（](?=[a-z{_TONED}]{{2,6}}[)）]|[{_TONED}][)）])[a-zü{_TONED}]{{1,6}}[)）]")
_SET = rf"{CJK}，。；：、“”‘’（）《》【】！？…．\d.,:;()%①-⑳⑴-⒇"
_SPACED_RE = re.compile(rf"(?<=[{_SET}])[ \u3000\u00a0]{{1,2}}(?=[{_SET}])")
_CJK_RE = re.compile(f"[{CJK}]")


@dataclass(slots=True)
class Paragraph:
    """One logical paragraph of the working text."""

    start: int
    """Offset of its first character in the working text."""
    end: int
    """Offset behind its last character."""
    heading_level: int = 0
    """Level the source declares; 0 when none."""
    bold: bool = False
    """Set in bold as a whole."""
    centered: bool = False
    """Centred by the source."""
    label: str = ""
    """Number made by the layout, already part of the text."""
    table: int = -1
    """Index into ``View.tables`` when this place holds a table."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One table cell in the working text."""

    start: int
    """Offset in the working text."""
    end: int
    """Offset behind its last character."""
    row: int
    """Row from 0."""
    column: int
    """Column from 0."""
    row_span: int
    """Rows covered."""
    column_span: int
    """Columns covered."""
    is_header: bool
    """Marked as a header by the source."""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table whose cells stand in the working text."""

    rows: int
    """Number of rows."""
    columns: int
    """Number of columns."""
    cells: tuple[CellView, ...]
    """Cells in reading order."""
    name: str
    """Caption or sheet name."""


@dataclass(slots=True)
class View:
    """The working text and the way back to the document."""

    text: str = ""
    """Working text in the document's own characters."""
    norm: str = ""
    """The same length, folded for matching."""
    paragraphs: list[Paragraph] = field(default_factory=list)
    """Paragraphs and tables in reading order."""
    tables: list[TableView] = field(default_factory=list)
    """Tables in reading order."""
    zero_width: list[Span] = field(default_factory=list)
    """Document spans of invisible characters."""
    glosses: list[Span] = field(default_factory=list)
    """Document spans of pinyin glosses."""
    wrapped: Span | None = None
    """Document span of the first hard line break, when the text is hard-wrapped."""
    spaced: list[Span] = field(default_factory=list)
    """Document spans of passages whose characters are set apart by blanks, as recognition leaves them."""
    _starts: list[int] = field(default_factory=list)
    _origins: list[int] = field(default_factory=list)
    _moves: list[bool] = field(default_factory=list)

    def origin(self, position: int) -> int:
        """Return the document offset of a working offset."""
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return 0
        return self._origins[index] + (position - self._starts[index] if self._moves[index] else 0)

    def span(self, start: int, end: int) -> Span:
        """Return the document span of ``text[start:end]``."""
        if end <= start:
            place = self.origin(start)
            return (place, place)
        return (self.origin(start), self.origin(end - 1) + 1)


class _Builder:
    """Collects pieces of the document into one working text."""

    def __init__(self) -> None:
        self.view = View()
        self.parts: list[str] = []
        self.size = 0
        self.despace = False

    def add(self, text: str, origin: int, *, moves: bool = True) -> None:
        if text:
            self.view._starts.append(self.size)
            self.view._origins.append(origin)
            self.view._moves.append(moves)
            self.parts.append(text)
            self.size += len(text)

    def add_clean(self, text: str, origin: int, *, glossed: bool) -> None:
        """Add *text* without what does not belong to it, remembering the damage."""
        cuts: list[tuple[int, int]] = []
        if not text.isascii():
            for match in ZERO_WIDTH_RE.finditer(text):
                cuts.append(match.span())
                self.view.zero_width.append((origin + match.start(), origin + match.end()))
        if glossed:
            for match in GLOSS_RE.finditer(text):
                cuts.append(match.span())
                self.view.glosses.append((origin + match.start(), origin + match.end()))
        if self.despace or _is_spaced(text):
            gaps = [match.span() for match in _SPACED_RE.finditer(text)]
            cuts.extend(gaps)
            if len(gaps) >= (4 if self.despace else 16) and len(self.view.spaced) < 40:
                self.view.spaced.append((origin, origin + min(len(text), 40)))
        at = 0
        for start, end in sorted(cuts):
            if start >= at:
                self.add(text[at:start], origin + at)
                at = end
        self.add(text[at:], origin + at)


def _is_spaced(text: str) -> bool:
    """Tell whether the characters of a short line are set apart for show, as in ``通 报``."""
    if (" " not in text and "\u3000" not in text) or len(text) > 400:
        return False
    return len(_SPACED_RE.findall(text)) * 2 >= len(_CJK_RE.findall(text)) > 1


def _is_spaced_out(document: Document) -> bool:
    """Tell whether recognition has set so many characters of a text apart that blanks mean nothing there."""
    text = document.text
    characters = len(_CJK_RE.findall(text))
    gaps = sum(
        1
        for match in _SPACED_RE.finditer(text)
        if not text[match.start() - 1].isdigit() and not text[match.end()].isdigit()
    )
    return characters >= 40 and gaps >= 8 and gaps * 25 >= characters


def build_view(document: Document) -> View:
    """Return the working view of *document*; every later station reads only this."""
    builder = _Builder()
    view = builder.view
    glossed = len(GLOSS_RE.findall(document.text)) >= 3
    if any(block.table is None for block in document.blocks):
        builder.despace = _is_spaced_out(document)
    lines = [line for block in document.blocks if block.table is None for line in _lines_of(block)]
    width = find_wrap_width(lines)
    groups = join_wrapped(lines, width, document.text)
    if width and any(len(group) > 1 for group in groups):
        first = next(group for group in groups if len(group) > 1)
        view.wrapped = (first[0].start, first[1].start + len(first[1].text))
    at = 0
    for block in document.blocks:
        if block.table is not None:
            _add_table(builder, block.table, glossed)
            continue
        while at < len(groups) and groups[at][0].start < block.start:
            at += 1
        while at < len(groups) and groups[at][0].block is block:
            _add_paragraph(builder, groups[at], glossed)
            at += 1
    view.text = "".join(builder.parts)
    view.norm = fold(view.text)
    view.paragraphs = [piece for paragraph in view.paragraphs for piece in _headings_apart(view.norm, paragraph)]
    return view


_HEADINGS_RE = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}部分)[^。;:!?\n]{2,45}?\s+"
    r"(?=\([一1]\)|一、|1[、.](?!\d)|\(?[一二三四五六七八九十\d]{1,3}[)、.]{1,2}(?:关于|针对)[“\"]?)"
)


def _headings_apart(norm: str, paragraph: Paragraph) -> list[Paragraph]:
    """Return the paragraph, or its parts where a heading and what stands below it share one line."""
    pieces: list[Paragraph] = []
    rest = paragraph
    while rest.table < 0 and (match := _HEADINGS_RE.match(norm, rest.start, rest.end)):
        pieces.append(replace(rest, end=match.end()))
        rest = replace(rest, start=match.end(), label="")
    return [*pieces, rest]


def _lines_of(block: Block) -> list[Line]:
    lines = []
    at = block.start
    for text in block.text.split("\n"):
        stripped = text.strip(" \t\u3000\u00a0\r")
        if stripped:
            offset = text.index(stripped)
            for start, end in _collapsed(stripped):
                lines.append(
                    Line(
                        stripped[start:end], at + offset + start, block, indented=offset + start > 0 or block.indent > 0
                    )
                )
        at += len(text) + 1
    return lines


_GAP_RE = re.compile(r"(?<=[^\x00-\x7f])[ \t\u3000\u00a0]+(?=[^\x00-\x7f]|\d{1,2}[.、．]|\()")


def _collapsed(text: str) -> list[tuple[int, int]]:
    """Return the lines of a whole paper that some copy has run together with blanks, else the one line."""
    if len(text) < 600 or (" " not in text and "\u3000" not in text):
        return [(0, len(text))]
    gaps = [match.span() for match in _GAP_RE.finditer(text)]
    if len(gaps) < 6 or not 12 <= len(text) / len(gaps) <= 250:
        return [(0, len(text))]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(text)]
    return list(zip(starts, ends, strict=True))


def _add_paragraph(builder: _Builder, group: list[Line], glossed: bool) -> None:
    start = builder.size
    first = group[0]
    block = first.block
    label = block.label.strip() if first.start - block.start <= len(block.text) - len(block.text.lstrip()) else ""
    if label:
        builder.add(label + ("" if label[-1:] in ".、)）．" else " "), first.start, moves=False)
    for index, line in enumerate(group):
        if index and _needs_blank(group[index - 1].text, line.text):
            builder.add(" ", line.start, moves=False)
        builder.add_clean(line.text, line.start, glossed=glossed)
    if builder.size > start:
        builder.view.paragraphs.append(
            Paragraph(start, builder.size, block.heading_level, block.bold, block.centered, label)
        )
        builder.add("\n", group[-1].start + len(group[-1].text), moves=False)


def _needs_blank(before: str, after: str) -> bool:
    return before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha()


def _add_table(builder: _Builder, table: Table, glossed: bool) -> None:
    cells = []
    start = builder.size
    for cell in table.cells:
        if not cell.text.strip():
            continue
        cell_start = builder.size
        builder.add_clean(cell.text, cell.start, glossed=glossed)
        cells.append(
            CellView(cell_start, builder.size, cell.row, cell.column, cell.row_span, cell.column_span, cell.is_header)
        )
        builder.add("\n", cell.end, moves=False)
    builder.view.paragraphs.append(Paragraph(start, builder.size, table=len(builder.view.tables)))
    builder.view.tables.append(TableView(table.rows, table.columns, tuple(cells), table.name))
