"""What a file says, before anyone understands it: one text, and the blocks it is made of.

A reader turns bytes into a :class:`Document`.  The whole content stands once in ``Document.text``; blocks and
cells point into it by ``[start, end)`` character offsets, so that every later conclusion can show the
passage it came from.  For ``.txt`` files the text is the decoded file itself (BOM removed, line ends as ``\\n``); for all
other formats it is what a person would read, block after block, cells separated by tabs, rows by line ends.
Numbers that the layout makes (Word numbering, ``<ol>``) are not characters of the text; they stand in ``Block.label``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["paragraph", "heading", "table", "footnote"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stood in its file, for people. Unknown parts are 0 or empty."""

    line: int = 0
    """Line of a text file, from 1."""
    page: int = 0
    """Page of a PDF, from 1."""
    paragraph: int = 0
    """Paragraph of a Word file or web page, from 1, counted in reading order."""
    sheet: str = ""
    """Name of the worksheet."""
    row: int = 0
    """Row of a sheet or table as people count it, from 1."""
    column: int = 0
    """Column of a sheet or table, from 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. Merged cells appear once at their top left corner and cover ``row_span × column_span``."""

    row: int
    """Row in the table, from 0."""
    column: int
    """Column in the table, from 0."""
    text: str
    """The words of the cell, lines separated by ``\\n``."""
    start: int
    """Offset of ``text`` in ``Document.text``."""
    row_span: int = 1
    """How many rows the cell covers."""
    column_span: int = 1
    """How many columns the cell covers."""
    is_header: bool = False
    """True where the source itself marks the cell as a header (``<th>``, Word header row)."""
    place: Place = Place()
    """Where it stood in the file."""

    @property
    def end(self) -> int:
        """Offset behind the last character in ``Document.text``."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with merged cells resolved to a grid."""

    rows: int
    """Number of rows."""
    columns: int
    """Number of columns."""
    cells: tuple[Cell, ...]
    """Cells in reading order (row, then column); empty cells may be left out."""
    name: str = ""
    """Caption, or the name of the worksheet."""

    def grid(self) -> list[list[Cell | None]]:
        """Return ``rows × columns`` cells where a merged cell stands in every place it covers."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.row_span, self.rows)):
                for column in range(cell.column, min(cell.column + cell.column_span, self.columns)):
                    grid[row][column] = cell
        return grid


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, footnote or table, in reading order."""

    kind: BlockKind
    """What the source says it is; a plain paragraph may still read like a heading."""
    text: str
    """The words, without the label. For a table: its cells' words as they stand in ``Document.text``."""
    start: int
    """Offset of ``text`` in ``Document.text``."""
    label: str = ""
    """Number or bullet made by the layout (Word numbering, ``<ol>``), as a reader sees it: ``（一）``, ``3.``, ``•``."""
    list_level: int = -1
    """Depth of the automatic list from 0; -1 when the block is in no list."""
    heading_level: int = 0
    """Heading level the source declares (``Heading 2``, ``<h2>``, outline level), from 1; 0 when none."""
    bold: bool = False
    """True when the whole paragraph is set in bold or in a heading face (黑体, 楷体 by name)."""
    centered: bool = False
    """True when the source centres the paragraph."""
    indent: float = 0.0
    """First-line plus left indent in characters where the source tells; else 0."""
    table: Table | None = None
    """The grid, for ``kind == "table"``."""
    place: Place = Place()
    """Where it stood in the file."""

    @property
    def end(self) -> int:
        """Offset behind the last character in ``Document.text``."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader noticed about the file itself."""

    kind: str
    """Stable identifier, e.g. ``tracked_changes``, ``hidden_text``, ``macros_ignored``, ``chrome_skipped``, ``encoding_guessed``."""
    text: str
    """What was noticed, in Chinese, for people."""
    span: tuple[int, int] = (0, 0)
    """Where in ``Document.text``; ``(0, 0)`` for the whole file."""
    hint: str = ""
    """What to check or do."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, with every piece in its place."""

    text: str
    """The whole content once; spans everywhere refer to it."""
    blocks: tuple[Block, ...]
    """Blocks in reading order; offsets ascend and do not overlap."""
    format: str
    """``txt html docx xlsx xls ods csv tsv pdf``; files converted by LibreOffice keep ``doc`` or ``wps``."""
    name: str = ""
    """File name without folders, for messages."""
    sha256: str = ""
    """Hash of the bytes read, hexadecimal."""
    title: str = ""
    """Title the file declares about itself (HTML ``<title>``, document properties); may be wrong or empty."""
    meta: dict[str, str] = field(default_factory=dict)
    """Facts beside the text: ``encoding``, ``published`` (date shown by the page's chrome), ``source_url`` …"""
    notes: tuple[Note, ...] = ()
    """What the reader noticed."""

    def tables(self) -> Iterator[Table]:
        """Yield the tables in reading order."""
        for block in self.blocks:
            if block.table is not None:
                yield block.table
