"""When people are warned before and after a day: schemes as data, days out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from zhenggai.kit.time_steps import Counted
from zhenggai.kit.workdays import add_months


@dataclass(frozen=True, slots=True)
class WarningStep:
    """One rung of a scheme; it says either days, or a share of the limit, or every end of a month."""

    severity: str
    """``yellow orange red``."""
    what: str
    """Who is told, or what is sent, in words."""
    days: int | None = None
    """Days before the last day; 0 the day itself, negative after it."""
    percent: int | None = None
    """Share of the limit that is still left, at least one day."""
    month_ends: bool = False
    """Whether it speaks at every end of a month while the limit runs."""
    only: tuple[str, ...] = ()
    """Codes of limits, or their beginnings, that it is for; all when empty."""

    def is_for(self, code: str) -> bool:
        """Tell whether it speaks of the limit *code*."""
        return not self.only or any(code == each or code.startswith(f"{each}-") for each in self.only)


@dataclass(frozen=True, slots=True)
class WarningScheme:
    """A set of rungs that an office may choose."""

    code: str
    """Stable name."""
    label: str
    """What people call it."""
    steps: tuple[WarningStep, ...]
    """Its rungs."""
    source: str = ""
    """Where it comes from."""
    verified: bool = True
    """Whether a published text states it; false for what this platform proposes or assumes."""


@dataclass(frozen=True, slots=True)
class WarningDay:
    """A day on which somebody is warned."""

    day: date
    """The day."""
    days: int
    """Days before the last day; negative after it."""
    severity: str
    """``yellow orange red``."""
    what: str
    """Who is told, or what is sent."""


def warning_days(scheme: WarningScheme, counted: Counted) -> tuple[WarningDay, ...]:
    """Return the days on which *scheme* warns of *counted*, in order; rungs before the clock began are left out."""
    begun = counted.due_on - timedelta(days=counted.length)
    found: dict[tuple[date, str], WarningDay] = {}
    for step in scheme.steps:
        if not step.is_for(counted.limit.code):
            continue
        for day in _days(step, counted, begun):
            if day > begun or counted.limit.backward:
                warning = WarningDay(day, (counted.due_on - day).days, step.severity, step.what)
                found.setdefault((day, step.what), warning)
    return tuple(sorted(found.values(), key=lambda each: each.day))


def _days(step: WarningStep, counted: Counted, begun: date) -> Iterator[date]:
    if step.days is not None:
        yield counted.due_on - timedelta(days=step.days)
    if step.percent is not None:
        yield counted.due_on - timedelta(days=max(1, counted.length * step.percent // 100))
    if step.month_ends:
        first = begun.replace(day=1)
        while (end := add_months(first, 1) - timedelta(days=1)) < counted.due_on:
            yield end
            first = add_months(first, 1)
