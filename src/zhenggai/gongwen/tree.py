"""The tree of an official document: what it says, part by part, and nothing of how it looks.

Texts are plain text.  A line break inside a paragraph or heading begins a new paragraph; control, bidirectional and
invisible characters are dropped by the writers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Orientation(StrEnum):
    """How the page lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Align(StrEnum):
    """How the text of a table cell stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4: 一、 （一） 1. （1）."""

    level: int
    """1 to 4."""
    text: str
    """Words without the number."""
    number: str = ""
    """The number as printed, sign included, as :func:`zhenggai.gongwen.numbered` makes it; empty for none."""
    run_in: str = ""
    """Words that go on in the same paragraph, in the type of the body."""
    key: str = ""
    """Name by which a page can be addressed here; becomes an ``id`` in HTML and is not printed."""

    def __post_init__(self) -> None:
        """Refuse a level that the standard does not know."""
        if not 1 <= self.level <= 4:
            raise ValueError(f"a heading has level 1 to 4, not {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, its first line two signs in."""

    text: str
    """The words."""
    key: str = ""
    """As for a heading."""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Items one below the other, each a paragraph with its mark in words."""

    items: tuple[str, ...]
    """The items without marks."""
    ordered: bool = True
    """Marks （1）（2）…; otherwise a dash ——."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that is more than left-aligned text."""

    text: str
    """The words; line breaks allowed."""
    columns: int = 1
    """Columns it spans."""
    heading: bool = False
    """Whether it names what stands beside it, as the labels of a form do."""
    align: Align = Align.LEFT
    """How the text stands."""
    least_mm: int = 0
    """Least height in millimetres, for boxes that are filled by hand."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: with a header row a list, without one a form."""

    rows: tuple[tuple[Cell | str, ...], ...]
    """Rows of cells; the spans of each row add up to the number of columns."""
    header: tuple[str, ...] = ()
    """Column headings, repeated on each page; empty for a form."""
    widths: tuple[int, ...] = ()
    """Relative widths of the columns; equal when empty."""
    caption: str = ""
    """Words above the table."""
    small: bool = False
    """Type of 五号 instead of 小四, for tables of many columns."""

    @property
    def columns(self) -> int:
        """Number of columns."""
        if self.header or self.widths:
            return len(self.header or self.widths)
        return max((sum(as_cell(cell).columns for cell in row) for row in self.rows), default=1)


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page; a title may stand at its head."""

    title: tuple[str, ...] = ()
    """Title there, line by line."""


Block = Heading | Paragraph | ListBlock | TableBlock | NewPage


@dataclass(frozen=True, slots=True)
class Annex:
    """The content of an attachment 附件, on pages of its own."""

    title: tuple[str, ...]
    """Title, line by line."""
    blocks: tuple[Block, ...]
    """What it says."""
    label: str = "附件"
    """What stands at its upper left: 附件, 附件1."""
    orientation: Orientation = Orientation.PORTRAIT
    """How its pages lie."""


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document."""

    title: tuple[str, ...]
    """Title, line by line; see :func:`zhenggai.gongwen.break_title`."""
    blocks: tuple[Block, ...]
    """The body in order."""
    issuer: tuple[str, ...] = ()
    """Name at the head in red 发文机关标志, line by line; empty for a paper without a head."""
    number: str = ""
    """Document number 发文字号."""
    under_title: str = ""
    """A line in 楷体 below the title: a date in brackets, a period, the place of a meeting."""
    addressee: str = ""
    """Main recipients 主送机关, without the colon."""
    attachments: tuple[str, ...] = ()
    """Names of the attachments 附件说明, without numbers."""
    signature: tuple[str, ...] = ()
    """Who signs 署名, one body per line."""
    signed_on: date | str | None = None
    """Date 成文日期; text is printed as it is (a mark of a template, a day left open)."""
    note: str = ""
    """Note 附注 in brackets below the date, without the brackets."""
    annexes: tuple[Annex, ...] = ()
    """Attachments that are part of this paper."""
    copies: str = ""
    """Who gets a copy 抄送, without that word."""
    printed_by: str = ""
    """Printing office 印发机关, for the last line."""
    printed_on: date | str | None = None
    """Day of printing 印发日期."""
    orientation: Orientation = Orientation.PORTRAIT
    """How the pages of the body lie."""


def as_cell(cell: Cell | str) -> Cell:
    """Return *cell* as a cell."""
    return cell if isinstance(cell, Cell) else Cell(cell)
