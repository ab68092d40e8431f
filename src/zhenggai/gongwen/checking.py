"""A Word file → what in its layout departs from GB/T 9704, each with place, what was found, what belongs there, and what to do.

Each check is a function from the parts of the file to issues; :data:`CHECKS` is all of them in the order of a page.  A
fault that runs through many paragraphs is told once, with the number of places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from zhenggai.gongwen.checks.attachments import attachments
from zhenggai.gongwen.checks.body import body_type, line_pitch
from zhenggai.gongwen.checks.headings import heading_numbers, heading_type
from zhenggai.gongwen.checks.issue import LayoutIssue, LayoutWords, Paper, Spot
from zhenggai.gongwen.checks.page import page_numbers, page_size
from zhenggai.gongwen.checks.title import document_number, title
from zhenggai.gongwen.checks.words import dates, numerals, punctuation
from zhenggai.gongwen.parts import Part, find_parts
from zhenggai.gongwen.word_file import read_word
from zhenggai.kit.messages import Sentence, gettext_noop

__all__ = ["CHECKS", "CODES", "LayoutIssue", "LayoutWords", "check_layout"]

CHECKS: tuple[Callable[[Paper], Iterable[Spot]], ...] = (
    page_size, page_numbers, title, document_number, body_type, line_pitch, heading_type, heading_numbers,
    punctuation, numerals, dates, attachments,
)  # fmt: skip

MOST_OF_ONE_CHECK = 2_000
CODES = (
    "page.size", "page.margins", "page.number", "page.number_form", "page.number_place", "title.missing", "title.font",
    "title.size", "title.align", "title.break", "number.brackets", "body.font", "body.size", "body.indent", "line.pitch",
    "heading.font", "heading.mark", "heading.order", "heading.skip", "text.punctuation", "text.numerals", "date.format",
    "attachment.numbering", "attachment.punctuation",
)  # fmt: skip
"""Every code an issue may have."""


def check_layout(content: bytes, name: str = "") -> tuple[LayoutIssue, ...]:
    """Return what is wrong with the layout of the Word file *content*; empty when nothing is.

    Raises:
        UnreadableFile: it is no Word file, or not a safe one.

    Source: GB/T 9704-2012; for numerals GB/T 15835-2011, for punctuation GB/T 15834-2011.
    """
    file = read_word(content, name)
    found = find_parts(file)
    paper = Paper(file, tuple(found), tuple(part for part in found if isinstance(part, Part)))
    # Who has a thousand faults of one kind mends the kind; the page need not list each.
    spots = [spot for check in CHECKS for spot in islice(check(paper), MOST_OF_ONE_CHECK)]
    return tuple(_gathered(spots))


def _gathered(spots: list[Spot]) -> Iterable[LayoutIssue]:
    groups: dict[tuple[str, str, str], list[Spot]] = {}
    for index, spot in enumerate(spots):
        key = (
            (spot.code, spot.found.describe(), spot.expected.describe())
            if spot.gathers
            else (spot.code, str(index), "")
        )
        groups.setdefault(key, []).append(spot)
    for group in groups.values():
        first = group[0]
        place = first.place
        if len(group) > 1:
            place = Sentence(gettext_noop("%(place)s等%(count)s处"), {"place": first.place, "count": len(group)})
        yield LayoutIssue(first.code, place, first.found, first.expected, first.hint, first.paragraph, len(group))
