"""On which days around a deadline something is said, also when a day was missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_MOST_DAYS = 60
"""Missed days that are made up for."""


def falls_due(due_on: date, today: date, since: date | None, says: Callable[[int], bool]) -> bool:
    """Tell whether a step of a ladder was reached after *since* up to and with *today*.

    Args:
        due_on: the deadline.
        today: the present day.
        since: the last day that was looked at; None when only today counts.
        says: days left (negative when past) → whether something is said then.
    """
    first = today if since is None else max(since + timedelta(days=1), today - timedelta(days=_MOST_DAYS))
    days = [today] if first >= today else [first + timedelta(days=step) for step in range((today - first).days + 1)]
    return any(says((due_on - day).days) for day in days)
