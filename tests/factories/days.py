"""Days that are what a test says they are whatever day it runs on."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone


def past_workday(days: int = 1) -> date:
    """Return the last day of Monday to Friday that lies at least *days* back: as a deadline it is past."""
    day = timezone.localdate() - timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


def days_since(day: date) -> int:
    """Return the days from *day* to today."""
    return (timezone.localdate() - day).days
