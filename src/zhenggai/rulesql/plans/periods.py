"""Periods of the calendar: which there are between two days, what they are called, and how SQL finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhenggai.kit.messages import gettext_noop
from zhenggai.kit.workdays import add_months


class Grain(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def label(self) -> str:
        """What people call it; a Chinese source string."""
        return _LABELS[self]


_LABELS = {
    Grain.WEEK: gettext_noop("周"),
    Grain.MONTH: gettext_noop("月"),
    Grain.QUARTER: gettext_noop("季度"),
    Grain.HALF: gettext_noop("半年"),
    Grain.YEAR: gettext_noop("年"),
}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period."""

    start: date
    """Its first day."""
    end: date
    """Its last day."""
    grain: Grain
    """How long it is."""

    @property
    def label(self) -> str:
        """What it is called: 2026年1月, 2026年第一季度, 2026年上半年, 2026年."""
        year = self.start.year
        if self.grain is Grain.WEEK:
            week_year, week, _day = self.start.isocalendar()
            return f"{week_year}年第{week}周"
        if self.grain is Grain.MONTH:
            return f"{year}年{self.start.month}月"
        if self.grain is Grain.QUARTER:
            return f"{year}年第{'一二三四'[self.start.month // 3]}季度"
        if self.grain is Grain.HALF:
            return f"{year}年{'上' if self.start.month == 1 else '下'}半年"
        return f"{year}年"


def period_of(day: date, grain: Grain) -> Period:
    """Return the period in which *day* lies."""
    if grain is Grain.WEEK:
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=6), grain)
    months = _MONTHS[grain]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    # A year that ends the calendar has no day after it.
    end = date(start.year, start.month + months - 1, 1)
    last = date(9999, 12, 31) if (end.year, end.month) == (9999, 12) else add_months(end, 1) - timedelta(days=1)
    return Period(start, last, grain)


def periods(first: date, last: date, grain: Grain) -> Iterator[Period]:
    """Yield the periods from that of *first* to that of *last*."""
    period = period_of(first, grain)
    while period.start <= last:
        yield period
        if period.end >= date(9999, 12, 31):
            return
        period = period_of(period.end + timedelta(days=1), grain)


def start_sql(day: str, grain: Grain, dialect: str) -> str:
    """Return the SQL for the first day of the period in which the date *day* lies."""
    if grain is Grain.HALF:
        return f"make_date(year({day}), CASE WHEN month({day}) < 7 THEN 1 ELSE 7 END, 1)"
    if dialect == "spark":
        return f"trunc({day}, '{grain.value.upper()}')"
    return f"CAST(date_trunc('{grain.value}', {day}) AS DATE)"
