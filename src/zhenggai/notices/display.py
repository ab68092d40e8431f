"""A notice as pages show it: the text of blocks and lines cut where figures and claims stand; plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhenggai.figures import Claim, Verdict
from zhenggai.notices.blocks import Block
from zhenggai.notices.figures_of import Figure
from zhenggai.notices.gate import Examined
from zhenggai.notices.layout import Layout, Line, Role, lay_out
from zhenggai.notices.models import Publication, PublishedFigure
from zhenggai.notices.private import Found
from zhenggai.notices.queries import LookedAt, body_of
from zhenggai.notices.wording import style_of

_WRONG = (Verdict.CONTRADICTORY, Verdict.TRUNCATED)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is one thing."""

    text: str
    """Its characters."""
    figure: Figure | PublishedFigure | None = None
    """The figure it is."""
    verdict: str = ""
    """What arithmetic says of it, where it is wrong."""
    masked: bool = False
    """Whether the public may not read it."""

    @property
    def classes(self) -> str:
        """How it is marked."""
        found = [f"is-{self.figure.state.value}"] if isinstance(self.figure, Figure) else []
        found += ["is-bound"] if isinstance(self.figure, PublishedFigure) and self.figure.binding_id else []
        found += [f"is-{self.verdict}"] if self.verdict else []
        found += ["is-private"] if self.masked else []
        return " ".join(found)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a notice on paper."""

    role: Role
    """What it is."""
    segments: tuple[Segment, ...]
    """Its text; of a heading with words behind it, the heading alone."""
    rest: tuple[Segment, ...] = ()
    """Of a heading: the words behind it."""
    cells: tuple[tuple[Segment, ...], ...] = ()
    """Of a row of a table: its cells."""


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    figure: Figure | PublishedFigure | None = None
    verdict: str = ""
    masked: bool = False


def block_segments(blocks: Sequence[Block], looked: LookedAt, masks: Iterable[Found] = ()) -> dict[str, list[Segment]]:
    """Return id of a block → its text cut at figures, wrong claims and what may not be public."""
    marks: dict[str, list[_Mark]] = {}
    for figure in looked.figures:
        marks.setdefault(figure.block, []).append(_Mark(figure.start, figure.end, figure))
    for claim in looked.report.claims:
        for span in _places(claim):
            place = looked.layout.block_at(*span)
            if place is not None:
                marks.setdefault(place[0], []).append(_Mark(place[1], place[2], verdict=claim.verdict.value))
    for each in masks:
        if each.kept is None:
            marks.setdefault(each.block.id, []).append(_Mark(each.hit.start, each.hit.end, masked=True))
    return {block.id: _cut(block.text, marks.get(block.id, ())) for block in blocks}


def shown_lines(seen: Examined) -> list[ShownLine]:
    """Return the lines of a version with its figures."""
    marks = [_Mark(*figure.span, figure) for figure in seen.looked.figures]
    for claim in seen.looked.report.claims:
        marks += [_Mark(*span, verdict=claim.verdict.value) for span in _places(claim)]
    for each in seen.masks:
        place = seen.looked.layout.place(each.block.id, each.hit.start, each.hit.end)
        if each.kept is None and place is not None:
            marks.append(_Mark(*place, masked=True))
    return _lines(seen.looked.layout, marks)


def published_lines(publication: Publication, figures: Iterable[PublishedFigure]) -> list[ShownLine]:
    """Return the lines of a publication with the figures it was published with."""
    marks = [_Mark(each.start, each.end, each) for each in figures]
    layout = _layout_of(publication)
    if layout is not None and layout.text == publication.text:
        return _lines(layout, marks)
    lines, starts, at = [], [], 0
    for text in publication.text.split("\n"):
        lines.append(Line(Role.PARAGRAPH, text))
        starts.append(at)
        at += len(text) + 1
    return _lines(Layout(tuple(lines), publication.text, tuple(starts)), marks)


def _layout_of(publication: Publication) -> Layout | None:
    if publication.notice is None:
        return None
    body = body_of(publication.notice, publication.version)
    return lay_out(body.blocks, style_of(body.version.style))


def _places(claim: Claim) -> Iterable[tuple[int, int]]:
    """Return the places of a wrong claim that are marked: its numbers, or all of it where it names none."""
    if claim.verdict in _WRONG:
        yield from claim.operands or (claim.span,)


def _lines(layout: Layout, marks: Sequence[_Mark]) -> list[ShownLine]:
    ordered = sorted(marks, key=lambda mark: mark.start)
    found, first = [], 0
    for begin, line in zip(layout.starts, layout.lines, strict=True):
        end = begin + len(line.text)
        while first < len(ordered) and ordered[first].end <= begin:
            first += 1
        own = [
            _Mark(mark.start - begin, mark.end - begin, mark.figure, mark.verdict, mark.masked)
            for mark in ordered[first:]
            if mark.start < end and mark.end > begin
        ]
        cells: list[tuple[Segment, ...]] = []
        if line.role in (Role.TABLE_HEAD, Role.TABLE_ROW):
            at = 0
            for cell in line.cells:
                inner = [
                    _Mark(mark.start - at, mark.end - at, mark.figure, mark.verdict, mark.masked)
                    for mark in own
                    if mark.start >= at and mark.end <= at + len(cell)
                ]
                cells.append(tuple(_cut(cell, inner)))
                at += len(cell) + 1
        head = line.head or len(line.text)
        behind = [_Mark(m.start - head, m.end - head, m.figure, m.verdict, m.masked) for m in own if m.end > head]
        found.append(
            ShownLine(
                line.role, tuple(_cut(line.text[:head], own)), tuple(_cut(line.text[head:], behind)), tuple(cells)
            )
        )
    return found


def _cut(text: str, marks: Iterable[_Mark]) -> list[Segment]:
    """Return a text as stretches, each with the marks that cover it."""
    inside = [mark for mark in marks if mark.start < mark.end]
    borders = sorted(
        {0, len(text), *(max(0, min(len(text), place)) for mark in inside for place in (mark.start, mark.end))}
    )
    found = []
    for start, end in pairwise(borders):
        over = [mark for mark in inside if mark.start <= start and end <= mark.end]
        figure = next((mark.figure for mark in over if mark.figure is not None), None)
        verdicts = [mark.verdict for mark in over if mark.verdict]
        verdict = Verdict.CONTRADICTORY.value if Verdict.CONTRADICTORY.value in verdicts else next(iter(verdicts), "")
        found.append(Segment(text[start:end], figure, verdict, any(mark.masked for mark in over)))
    return found
