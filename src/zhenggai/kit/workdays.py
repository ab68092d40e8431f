"""Arithmetic with days, months and working days by a calendar that is handed in.

A calendar comes in as the days that differ from the plain week (Monday to Friday) and the years for which they are
known; dates go out.  Nothing here knows where the calendar is kept.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked on."""

    different: Mapping[date, bool] = field(default_factory=dict)
    """Day → whether it is a working day, where it differs from the plain week."""
    known_years: frozenset[int] = frozenset()
    """Years whose holidays are decreed; others count as plain weeks."""

    def is_workday(self, day: date) -> bool:
        """Tell whether *day* is worked on."""
        told = self.different.get(day)
        return day.weekday() < 5 if told is None else told

    def knows(self, day: date) -> bool:
        """Tell whether the holidays of that year are known."""
        return day.year in self.known_years

    def on_or_after(self, day: date) -> date:
        """Return *day*, or the first working day after it."""
        while not self.is_workday(day):
            day += _ONE
        return day

    def on_or_before(self, day: date) -> date:
        """Return *day*, or the last working day before it."""
        while not self.is_workday(day):
            day -= _ONE
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """Return the *count*-th working day after *day* (before it when negative); *day* itself does not count."""
        step = _ONE if count >= 0 else -_ONE
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Return the working days after *start* up to and with *end*; negative when *end* lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        count = 0
        while start < end:
            start += _ONE
            count += self.is_workday(start)
        return count


def add_months(day: date, months: int) -> date:
    """Return the same day *months* later; the last day of the month where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, _months.monthrange(year, month + 1)[1]))


def is_month_end(day: date) -> bool:
    """Tell whether *day* is the last of its month."""
    return (day + _ONE).day == 1
