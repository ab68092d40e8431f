"""Dates as Chinese official papers write them, to ISO text.

A date of which only the month is known is ``YYYY-MM``.  Input is expected folded (:func:`zhenggai.kit.text.fold`) where
full-width digits may occur.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from zhenggai.kit.chinese_numerals import parse_chinese_number

_CN = "〇○零Ｏ一二三四五六七八九十"
DATE_RE = re.compile(
    rf"(?<![\d{_CN}])(?:(?P<year>(?:19|20)\d\d|[二一][〇○零Ｏ九][{_CN}]{{2}})\s{{0,2}}年\s{{0,2}}(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s{{0,2}}月"
    rf"(?:\s{{0,2}}(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s{{0,2}}[日号])?)?"
    r"|(?P<year2>(?:19|20)\d\d)\s?[-./]\s?(?P<month2>1[0-2]|0?[1-9])(?:\s?[-./]\s?(?P<day2>3[01]|[12]\d|0?[1-9]))?(?![\d.]*\d)"
    rf"|(?P<month3>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:\s?(?P<day3>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s?[日号])?)"
)
"""One date: ``2024年3月7日``, ``二〇二五年一月``, ``2025.6.30``, or without its year ``5月10日``."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date found in a text."""

    year: int | None
    """Year, None when the text leaves it out."""
    month: int | None
    """Month from 1; None for a bare year."""
    day: int | None
    """Day from 1; None when only the month is said."""
    start: int
    """Offset of the first character."""
    end: int
    """Offset behind the last character."""

    def iso(self, year: int | None = None) -> str | None:
        """Return ISO text, inheriting *year* when the date has none; None when it names no possible month or day."""
        year = self.year if self.year is not None else year
        if year is None or self.month is None:
            return None
        if self.day is None:
            return f"{year:04d}-{self.month:02d}"
        if self.day > monthrange(year, self.month)[1]:
            return None
        return f"{year:04d}-{self.month:02d}-{self.day:02d}"


def _number(text: str | None) -> int | None:
    return parse_chinese_number(text) if text else None


def build_date(match: re.Match[str]) -> FoundDate:
    """Return the date that a match of :data:`DATE_RE` stands for."""
    part = match.group
    return FoundDate(
        _number(part("year") or part("year2")),
        _number(part("month") or part("month2") or part("month3")),
        _number(part("day") or part("day2") or part("day3")),
        match.start(),
        match.end(),
    )


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[FoundDate]:
    """Return every date in ``text[start:end]``; one without year carries None, bare years are left out."""
    stop = len(text) if end is None else end
    found = (build_date(match) for match in DATE_RE.finditer(text, start, stop))
    return [date for date in found if date.month is not None]


def parse_date(text: str, year: int | None = None) -> str | None:
    """Return the first full or month date in *text* as ISO text, or None.

    Args:
        text: Folded text.
        year: Year to inherit when the text gives none.
    """
    for date in find_dates(text):
        iso = date.iso(year)
        if iso:
            return iso
    return None
