"""Periods as people write them: ``2026``, ``2026-H1``, ``2026-Q3``, ``2026-03``, or nothing for everything."""

from __future__ import annotations

import re
from datetime import date, timedelta

from zhenggai.rulesql.plans import Grain, Period, period_of
from zhenggai.watch.errors import BadValue

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
"""Grains that figures are shown by."""
_BACK = {Grain.MONTH: 12, Grain.QUARTER: 7, Grain.HALF: 5, Grain.YEAR: 4, Grain.WEEK: 12}
"""How many periods a series goes back."""


def parse_period(text: str) -> Period | None:
    """Return the period that *text* writes; None for everything.

    Raises:
        BadValue: it writes none.
    """
    if text in ("", "all"):
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None or not 1900 <= int(found["year"]) <= 9998:
        raise BadValue(label="期间", value=text[:20], reason="应写成 2026、2026-H1、2026-Q3 或 2026-03")
    year = int(found["year"])
    if found["half"]:
        return period_of(date(year, 1 + (int(found["half"]) - 1) * 6, 1), Grain.HALF)
    if found["quarter"]:
        return period_of(date(year, 1 + (int(found["quarter"]) - 1) * 3, 1), Grain.QUARTER)
    if found["month"]:
        return period_of(date(year, int(found["month"]), 1), Grain.MONTH)
    return period_of(date(year, 1, 1), Grain.YEAR)


def write_period(period: Period | None) -> str:
    """Return *period* as :func:`parse_period` reads it."""
    if period is None:
        return ""
    start = period.start
    return {
        Grain.MONTH: f"{start.year}-{start.month:02d}",
        Grain.QUARTER: f"{start.year}-Q{(start.month + 2) // 3}",
        Grain.HALF: f"{start.year}-H{1 if start.month < 7 else 2}",
    }.get(period.grain, str(start.year))


def before(period: Period) -> Period:
    """Return the period right before."""
    return period_of(period.start - timedelta(days=1), period.grain)


def a_year_before(period: Period) -> Period:
    """Return the same period of the year before."""
    start = period.start
    return period_of(date(start.year - 1, start.month, min(start.day, 28)), period.grain)


def series_start(period: Period) -> date:
    """Return the first day of the series that leads up to *period* and holds the year before."""
    first = period
    for _number in range(_BACK[period.grain]):
        first = before(first)
    return min(first.start, a_year_before(period).start)


def last_ended(day: date, grain: Grain) -> Period:
    """Return the last period that ended before *day*."""
    return before(period_of(day, grain))


def recent(day: date, grain: Grain, count: int) -> list[Period]:
    """Return so many periods up to that of *day*, the newest first."""
    found = [period_of(day, grain)]
    while len(found) < count:
        found.append(before(found[-1]))
    return found
