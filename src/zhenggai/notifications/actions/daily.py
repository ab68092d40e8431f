"""The work of a day, done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from zhenggai.notifications.models import DailyRun

LONGEST_GAP = timedelta(days=31)
"""How far back a run looks for days on which the platform stood still."""


def run_once(room: str, day: date, work: Callable[[date], Mapping[str, int]]) -> DailyRun | None:
    """Do a room's work of *day* unless it was done; all of it or nothing.

    Args:
        room: whose work.
        day: of which day.
        work: takes the last day that was done (the day before for the first time, and not long ago in any case) and
            returns counts.

    Returns:
        The run; None when the work of that day was done before.
    """
    with transaction.atomic():
        run, fresh = DailyRun.objects.get_or_create(room=room, day=day)
        if not fresh:
            return None
        before = DailyRun.objects.filter(room=room, day__lt=day).values_list("day", flat=True).first()
        since = day - timedelta(days=1) if before is None else max(before, day - LONGEST_GAP)
        run.counts = dict(work(since))
        run.finished_at = timezone.now()
        run.save(update_fields=["counts", "finished_at"])
    return run
