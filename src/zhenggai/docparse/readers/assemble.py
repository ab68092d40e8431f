"""Blocks and cells laid end to end into one text, so that every offset is right by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zhenggai.docparse.document import Block, BlockKind, Cell, Document, Note, Place, Table
from zhenggai.docparse.errors import TooMuch
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits

BLANKS = " \t\r\n\v\f\u3000\xa0\u2002\u2003\u2009\u2028\u2029"
NOWHERE = Place()


def indent_of(text: str) -> tuple[int, float]:
    """Return how many leading blanks *text* has, and how wide they are in Chinese characters."""
    width, count = 0.0, 0
    for char in text:
        if char not in BLANKS:
            break
        count += 1
        width += 1.0 if char in "\u3000\u2003" else 2.0 if char == "\t" else 0.5
    return count, width


@dataclass(slots=True)
class RawCell:
    """A cell before it has an offset."""

    row: int
    """Row in the table, from 0."""
    column: int
    """Column in the table, from 0."""
    text: str
    """Words, lines separated by ``\\n``."""
    row_span: int = 1
    """Rows covered."""
    column_span: int = 1
    """Columns covered."""
    is_header: bool = False
    """Marked as header by the source."""
    place: Place = NOWHERE
    """Where it stood."""


class Assembler:
    """Collects paragraphs and tables of one document in reading order."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Start an empty document for *source*."""
        self._source = source
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._cells = 0
        self.blocks: list[Block] = []
        self.notes: list[Note] = []

    @property
    def position(self) -> int:
        """Offset at which the next piece would begin."""
        return self._length

    def note(self, kind: str, text: str, span: tuple[int, int] = (0, 0), hint: str = "") -> None:
        """Remember something noticed about the file."""
        self.notes.append(Note(kind, text, span, hint))

    def paragraph(
        self,
        text: str,
        *,
        kind: BlockKind = "paragraph",
        label: str = "",
        list_level: int = -1,
        heading_level: int = 0,
        bold: bool = False,
        centered: bool = False,
        indent: float = 0.0,
        place: Place = NOWHERE,
    ) -> None:
        """Append one paragraph; blanks around *text* are cut, and an empty one is left out."""
        trimmed = text.strip(BLANKS)
        if not trimmed:
            return
        if text[0] in BLANKS:
            indent += indent_of(text)[1]
        self.blocks.append(
            Block(kind, trimmed, self._length, label, list_level, heading_level, bold, centered, indent, None, place)
        )
        self._parts.append(trimmed)
        self._length += len(trimmed) + 1
        if self._length > self._limits.max_characters:
            self.refuse_length()

    def refuse_length(self) -> None:
        """Raise for a document longer than the limit."""
        most = self._limits.max_characters
        raise TooMuch(name=self._source.name, amount="文字太长", limit=f"{most} 个字符")

    def count_cells(self, more: int) -> None:
        """Count *more* filled cells against the limit."""
        self._cells += more
        if self._cells > self._limits.max_cells:
            most = self._limits.max_cells
            raise TooMuch(name=self._source.name, amount="表格太大", limit=f"{most} 个单元格")

    def table(
        self,
        cells: Iterable[RawCell],
        rows: int,
        columns: int,
        *,
        name: str = "",
        place: Place = NOWHERE,
        list_level: int = -1,
    ) -> None:
        """Append a table of *cells* in reading order; cells without words are left out, an empty table too."""
        start = self._length
        at = start
        row, column = 0, 0
        placed: list[Cell] = []
        pieces: list[str] = []
        for raw in cells:
            text = raw.text.strip(BLANKS)
            if not text:
                continue
            if raw.row > row:
                if placed:
                    pieces.append("\n")
                    at += 1
                row, column = raw.row, 0
            if raw.column > column:
                gap = raw.column - column
                pieces.append("\t" * gap)
                at += gap
                column = raw.column
            placed.append(Cell(raw.row, raw.column, text, at, raw.row_span, raw.column_span, raw.is_header, raw.place))
            pieces.append(text)
            at += len(text)
        if not placed:
            return
        self.count_cells(len(placed))
        whole = "".join(pieces)
        grid = Table(rows, columns, tuple(placed), name)
        self.blocks.append(Block("table", whole, start, list_level=list_level, table=grid, place=place))
        self._parts.append(whole)
        self._length = at + 1
        if self._length > self._limits.max_characters:
            self.refuse_length()

    def document(self, format: str, *, title: str = "", meta: dict[str, str] | None = None) -> Document:
        """Return the finished document."""
        return Document(
            text="\n".join(self._parts),
            blocks=tuple(self.blocks),
            format=format,
            name=self._source.name,
            sha256=self._source.sha256,
            title=title.strip(BLANKS),
            meta=meta or {},
            notes=tuple(self.notes),
        )


def trimmed_grid(rows: Sequence[Sequence[str]]) -> tuple[int, int, int, int]:
    """Return the half-open rectangle ``(top, left, bottom, right)`` of *rows* that holds all words."""
    top, bottom, left, right = -1, 0, 1 << 30, 0
    for number, row in enumerate(rows):
        filled = [column for column, text in enumerate(row) if text]
        if filled:
            top = number if top < 0 else top
            bottom = number + 1
            left = min(left, filled[0])
            right = max(right, filled[-1] + 1)
    return (max(top, 0), 0 if right == 0 else left, bottom, right)


def renamed(document: Document, format: str) -> Document:
    """Return *document* with another ``format``, for files that were converted first."""
    return replace(document, format=format)
