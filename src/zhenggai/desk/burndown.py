"""The burn-down 燃尽 of a round: how many findings were open at the end of each day, against an even pace.

A round comes in, days with counts go out.  What the loop closed is told by its close-outs and their revocations; what a
paper or a person stated as completed, by the trail; what neither tells, by the day its finding came onto the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from zhenggai.audit.models import Entry
from zhenggai.desk.workbench import period_end
from zhenggai.findings.access import visible_findings
from zhenggai.findings.history import FINDING
from zhenggai.findings.models import InspectionRound, Stage, Status
from zhenggai.people.access import Actor
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.models import CloseOut
from zhenggai.workflow.queries import course_of

_ROWS = 70
"""Most rows of the table; a longer time is told week by week."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day."""

    day: date
    """Which day."""
    left: int | None
    """Findings open at its end; None for days to come."""
    ideal: float | None
    """How many there would be at an even pace; None where the period is not known."""


@dataclass(frozen=True, slots=True)
class BurnDown:
    """The whole round."""

    points: tuple[Point, ...]
    """Days in order: each, or one a week when there are many."""
    total: int
    """Findings of the round in sight."""
    left: int
    """Those open today."""
    starts_on: date
    """First day."""
    ends_on: date | None
    """Last day of the concentrated period."""
    ahead: float | None
    """How many fewer are open than at an even pace (negative: more); None without a period."""


def burn_down(actor: Actor, round_: InspectionRound) -> BurnDown | None:
    """Return the burn-down of *round_* as far as *actor* sees it; None when there is nothing to burn."""
    today = timezone.localdate()
    found = visible_findings(actor).filter(round=round_).order_by()
    rows = list(found.values_list("pk", "stage", "status", "created_at"))
    if not rows:
        return None
    ends = period_end(round_, course_of(round_), work_calendar())
    changes = Counter[date]()
    for day, step in _steps(rows):
        changes[day] += step
    starts = min([round_.feedback_on or today, today, *changes])
    last = max(today, ends) if ends and (ends - today).days < 800 else today
    total = len(rows)
    points: list[Point] = []
    left = total
    day = starts
    while day <= last:
        left += changes[day]
        points.append(Point(day, left if day <= today else None, _ideal(day, starts, ends, total)))
        day += timedelta(days=1)
    open_now = next((point.left for point in reversed(points) if point.left is not None), total)
    ideal_now = _ideal(today, starts, ends, total)
    return BurnDown(
        tuple(_thinned(points)), total, open_now, starts, ends,
        round(ideal_now - open_now, 1) if ideal_now is not None else None,
    )  # fmt: skip


def _ideal(day: date, starts: date, ends: date | None, total: int) -> float | None:
    if ends is None or ends <= starts:
        return None
    share = (day - starts).days / (ends - starts).days
    return round(max(0.0, total * (1 - share)), 1)


def _thinned(points: list[Point]) -> Iterable[Point]:
    """Leave one day a week when there are many, and always the last one known and the last of all."""
    if len(points) <= _ROWS:
        return points
    known = max(number for number, point in enumerate(points) if point.left is not None)
    step = 7 if len(points) <= 7 * _ROWS else 30
    return [point for number, point in enumerate(points) if number % step == 0 or number in (known, len(points) - 1)]


def _steps(rows: list[tuple[int, str, str, datetime]]) -> Iterable[tuple[date, int]]:
    """Yield each day on which a finding was done (−1) or open again (+1)."""
    keys = [row[0] for row in rows]
    closed = CloseOut.objects.filter(finding__in=keys).order_by()
    for done_on, revoked in closed.values_list("closed_on", "revoked_at"):
        yield done_on, -1
        if revoked is not None:
            yield timezone.localtime(revoked).date(), 1
    stated = {
        key: timezone.localtime(created).date()
        for key, stage, status, created in rows
        if stage == Stage.REGISTERED and status == Status.COMPLETED
    }
    for day in _stated_on(stated).values():
        yield day, -1


def _stated_on(stated: dict[int, date]) -> dict[int, date]:
    """Return the day each finding was last stated as completed, by the trail; else the day it came onto the record."""
    if not stated:
        return {}
    found = dict(stated)
    entries = Entry.objects.filter(object_type=FINDING, object_id__in=[str(key) for key in stated]).order_by("sequence")
    for key, at, data in entries.values_list("object_id", "at", "data"):
        changes = data.get("changes") if isinstance(data, dict) else None
        pair = changes.get("status") if isinstance(changes, dict) else None
        if isinstance(pair, list) and len(pair) == 2 and pair[1] == Status.COMPLETED:
            found[int(key)] = timezone.localtime(at).date()
    return found
