"""The tree → the lines and tables of the finished paper in order, each with its role.

Every writer starts from these pieces, which is why Word, PDF, HTML and text say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from zhenggai.gongwen.measures import HEADINGS, Role
from zhenggai.gongwen.numbering import chinese_day, numbered
from zhenggai.gongwen.tree import (
    Block,
    Heading,
    ListBlock,
    NewPage,
    OfficialDocument,
    Orientation,
    Paragraph,
    TableBlock,
    as_cell,
)
from zhenggai.kit.text import printable


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the paper."""

    role: Role
    """What it is."""
    text: str
    """Its words; a title holds a line break between its lines, the last line of all a tab between its halves."""
    run_in: str = ""
    """Words in the type of the body that go on behind a heading."""
    key: str = ""
    """Name by which it can be addressed."""
    right_signs: float | None = None
    """Room at the right where it differs from that of the style."""
    keeps: bool = False
    """Whether it stays on the page of what follows, where its style does not say so: no signature stands alone."""
    first: bool = True
    """Whether it is the first of its kind in a row; only the first keeps its distance from what stands above."""

    @property
    def words(self) -> str:
        """All its words."""
        return self.text + self.run_in


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, its texts made printable."""

    table: TableBlock
    """The table."""


@dataclass(frozen=True, slots=True)
class Section:
    """What follows begins on a new page, unless it is the first; the pages lie so."""

    orientation: Orientation
    """How the pages lie."""
    annex: bool = False
    """Whether an attachment begins."""
    goes_on: bool = False
    """Whether it is a page of the same part, which needs no section of its own."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The last lines 版记 of the paper, between rules at the foot of the last page."""

    lines: tuple[Line, ...]
    """Copies and printing office."""


Piece = Line | Grid | Section | Imprint


def pieces(document: OfficialDocument) -> tuple[Piece, ...]:
    """Return the lines, tables and page breaks of *document* in order."""
    found = list(_pieces(document))
    for index, (piece, following) in enumerate(pairwise(found)):
        if isinstance(piece, Line) and isinstance(following, Line) and piece.role in _TEXT and following.role in _TAIL:
            found[index] = replace(piece, keeps=True)
    return tuple(found)


_TEXT = (Role.BODY, Role.ITEM, Role.ATTACHMENT, Role.NEXT_ATTACHMENT, *HEADINGS)
_TAIL = (Role.SIGNATURE, Role.DATE)


def _pieces(document: OfficialDocument) -> Iterator[Piece]:
    yield Section(document.orientation)
    yield from _head(document)
    if addressee := printable(document.addressee).strip().rstrip(":："):
        yield Line(Role.ADDRESSEE, f"{addressee}：")
    yield from _blocks(document.blocks, document.orientation)
    yield from _tail(document)
    for annex in document.annexes:
        yield Section(annex.orientation, annex=True)
        if label := _flat(annex.label):
            yield Line(Role.ANNEX_LABEL, label)
        if title := _lines(annex.title):
            yield Line(Role.ANNEX_TITLE, "\n".join(title))
        yield from _blocks(annex.blocks, annex.orientation)
    if imprint := tuple(_imprint(document)):
        yield Imprint(imprint)


def _head(document: OfficialDocument) -> Iterator[Line]:
    issuer, number = _lines(document.issuer), _flat(document.number)
    for line in issuer:
        yield Line(Role.ISSUER, line)
    if number:
        yield Line(Role.NUMBER, number, first=bool(issuer))
    if issuer:
        yield Line(Role.RULE, "")
    under = _flat(document.under_title)
    if title := _lines(document.title):
        yield Line(Role.TITLE, "\n".join(title), first=not under)
    if under:
        yield Line(Role.UNDER_TITLE, under)


def _blocks(blocks: Iterable[Block], orientation: Orientation) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Heading():
                yield from _heading(block)
            case Paragraph():
                for index, text in enumerate(_lines([block.text])):
                    yield Line(Role.BODY, text, key=block.key if not index else "")
            case ListBlock():
                for index, item in enumerate(block.items, start=1):
                    if text := _flat(item):
                        yield Line(Role.ITEM, (numbered(4, index) if block.ordered else "——") + text)
            case TableBlock():
                yield from _table(block)
            case NewPage():
                yield Section(orientation, goes_on=True)
                if title := _lines(block.title):
                    yield Line(Role.TITLE, "\n".join(title))


def _heading(block: Heading) -> Iterator[Line]:
    first, *rest = _lines([block.run_in]) or [""]
    text = _flat(block.number) + _flat(block.text)
    if text:
        yield Line(HEADINGS[block.level - 1], text, run_in=first, key=block.key)
    elif first:
        yield Line(Role.BODY, first, key=block.key)
    for more in rest:
        yield Line(Role.BODY, more)


def _table(block: TableBlock) -> Iterator[Piece]:
    if caption := _flat(block.caption):
        yield Line(Role.CAPTION, caption)
    rows = tuple(
        tuple(replace(as_cell(cell), text="\n".join(_lines([as_cell(cell).text]))) for cell in row)
        for row in block.rows
        if row
    )
    if rows or block.header:
        header = tuple("\n".join(_lines([text])) for text in block.header)
        yield Grid(replace(block, rows=rows, header=header))


def _tail(document: OfficialDocument) -> Iterator[Line]:
    names = [_flat(name) for name in document.attachments if _flat(name)]
    for index, name in enumerate(names):
        number = f"{index + 1}." if len(names) > 1 else ""
        if index:
            yield Line(Role.NEXT_ATTACHMENT, number + name)
        else:
            yield Line(Role.ATTACHMENT, f"附件：{number}{name}")
    bodies, day = _lines(document.signature), _flat(chinese_day(document.signed_on))
    above, below = signature_room(max(bodies, key=signs, default=""), day)
    for index, body in enumerate(bodies):
        yield Line(Role.SIGNATURE, body, right_signs=above, first=not index)
    if day:
        yield Line(Role.DATE, day, right_signs=below, first=not bodies)
    if note := _flat(document.note).strip("()（）"):
        yield Line(Role.NOTE, f"（{note}）")


def _imprint(document: OfficialDocument) -> Iterator[Line]:
    if copies := _flat(document.copies).rstrip("。"):
        yield Line(Role.COPIES, f"抄送：{copies}。")
    printed, day = _flat(document.printed_by), _flat(chinese_day(document.printed_on))
    if printed or day:
        yield Line(Role.PRINTED, "\t".join((printed, f"{day}印发" if day else "")))


def signature_room(signature: str, day: str) -> tuple[float, float]:
    """Return the room at the right of signature and date, in signs.

    The signature leaves two signs and the date begins two signs further in; where that would leave the date less than
    two, the date leaves two and the signature gives way.  A mark of a template has no length yet: two and four then.

    Source: GB/T 9704-2012, 7.3.5.2.
    """
    if "{" in signature + day or not signature or not day:
        return (2, 4) if signature else (2, 2)
    room = set_width(signature) - set_width(day)
    return (2, room) if room >= 2 else (4 - room, 2)


def signs(text: str) -> float:
    """Return the width of *text* in full-width signs; Latin letters and digits take half of one."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def set_width(text: str) -> float:
    """Return the width of *text* as programs set it: a quarter of a sign stands between Chinese and digits or letters."""
    seams = sum(left.isascii() != right.isascii() for left, right in pairwise(text))
    return signs(text) + seams / 4


def _lines(texts: Iterable[str]) -> list[str]:
    """Return the lines of *texts* that have words, each printable."""
    return [line.strip() for text in texts for line in printable(text).split("\n") if line.strip()]


def _flat(text: str) -> str:
    return " ".join(_lines([text]))
