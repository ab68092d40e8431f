"""Until when a deadline holds: the one rule by which everything tells what is late.

A deadline that falls on a day off runs to the next working day, unless the rules of its round say otherwise
(``InspectionRound.rolls_over``).  A day and the work calendar come in; conditions for the database and answers for
single deadlines go out.  Nothing is stored: a holiday that is decreed later counts at once.

A deadline *d* runs to the first working day on or after it.  That day lies on or before *n* exactly when *d* lies on or
before the last working day up to *n*; so one comparison of ``due_on`` with one day answers for all rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.policy.queries import work_calendar

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """The line between what is late and what is not, on one day."""

    today: date
    """The day deadlines are compared with."""
    calendar: WorkCalendar
    """Which days are worked on."""
    strict: frozenset[int] = frozenset()
    """Keys of the rounds whose deadlines end on their day, whatever day it is."""

    def last_day(self, due_on: date, round_id: int) -> date:
        """Return the last day that still counts as within the deadline."""
        return due_on if round_id in self.strict else self.calendar.on_or_after(due_on)

    def days_left(self, due_on: date, round_id: int) -> int:
        """Return the days until the last day, negative when it is past."""
        return (self.last_day(due_on, round_id) - self.today).days

    def is_late(self, due_on: date | None, round_id: int) -> bool:
        """Tell whether the last day is past."""
        return due_on is not None and self.last_day(due_on, round_id) < self.today

    def late(self) -> Q:
        """Return the condition that the last day of a finding is past."""
        return self.until(self.today - _ONE)

    def until(self, day: date) -> Q:
        """Return the condition that the last day of a finding is *day* or lies before it."""
        limit = self.calendar.on_or_before(day)
        if limit == day or not self.strict:
            return Q(due_on__lte=limit)
        return Q(due_on__lte=limit) | Q(due_on__lte=day, round__in=sorted(self.strict))

    def coming(self, day: date) -> Q:
        """Return the condition that the last day of a finding lies between today and *day*."""
        return self.until(day) & ~self.late()


def line_on(today: date | None = None, calendar: WorkCalendar | None = None) -> Line:
    """Return the line as of *today*; the calendar is asked for unless it is at hand, and the strict rounds.

    Args:
        today: the day; today by default.
        calendar: the work calendar, where the caller has it.
    """
    strict = InspectionRound.objects.filter(rolls_over=False).order_by().values_list("pk", flat=True)
    day = today or timezone.localdate()
    return Line(day, work_calendar(since=day) if calendar is None else calendar, frozenset(strict))


def days_left(finding: Finding, line: Line) -> int | None:
    """Return the days until the last day of *finding*; None without a deadline."""
    return None if finding.due_on is None else line.days_left(finding.due_on, finding.round_id)
