"""What the charts of the overview say: their titles as findings, and the segments of the share bar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from zhenggai.findings.models import Status
from zhenggai.findings.shapes import HistoryItem, Overview, Tally
from zhenggai.findings.standing import Standing

ORDER = (
    Standing.COMPLETED,
    Standing.PHASED,
    Standing.LONG_TERM,
    Standing.IN_REVIEW,
    Standing.ONGOING,
    Standing.EXTENDED,
    Standing.REOPENED,
    Standing.RETURNED,
    Standing.OVERDUE,
    Standing.NOT_COMPLETED,
    Standing.UNKNOWN,
)
"""From done to unsaid, the order in which bars are stacked; statuses are standings too."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar of 1000 units."""

    status: str
    """Code of the status."""
    label: str
    """Its words."""
    count: int
    """How many findings."""
    start: float
    """Where the piece begins."""
    width: float
    """How wide it is."""


@dataclass(frozen=True, slots=True)
class Headlines:
    """Titles that say what the charts show."""

    aspects: str
    """For aspects by status."""
    departments: str
    """For departments by status."""
    deadlines: str
    """For deadlines by month."""


def share_segments(tally: Tally) -> list[Segment]:
    """Return the pieces of the share bar, statuses without findings left out."""
    pieces: list[Segment] = []
    start = 0.0
    for status in ORDER:
        count = tally.by_status.get(status, 0)
        if not count:
            continue
        width = 1000 * count / tally.total
        pieces.append(Segment(status.value, str(status.label), count, round(start, 2), round(width, 2)))
        start += width
    return pieces


def headlines(state: Overview) -> Headlines:
    """Return the titles for the charts of *state*."""
    return Headlines(
        aspects=_slowest(state.by_aspect, _("各方面进度"), _("各方面均已完成")),
        departments=_slowest(state.by_department, _("各部门进度"), _("各部门均已完成")),
        deadlines=_deadlines(state),
    )


def _slowest(tallies: tuple[Tally, ...], plain: str, done: str) -> str:
    named = [tally for tally in tallies if tally.key not in ("", "0") and tally.total]
    if len(named) < 2:
        return plain
    if all(tally.by_status[Status.UNKNOWN] == tally.total for tally in named):
        most = max(named, key=lambda tally: tally.total)
        return _("“%(name)s”问题最多，%(total)s 项") % {"name": most.label, "total": most.total}
    if all(tally.completed_percent == 100 for tally in named):
        return done
    last = min(named, key=lambda tally: (tally.by_status[Status.COMPLETED] / tally.total, -tally.total))
    return _("“%(name)s”进度最慢，%(total)s 项中完成 %(done)s 项") % {
        "name": last.label,
        "total": last.total,
        "done": last.by_status[Status.COMPLETED],
    }


@dataclass(frozen=True, slots=True)
class News:
    """Acts of the same kind, one after the other, told once."""

    at: datetime
    """When the latest of them was done."""
    sentence: str
    """What was done."""
    things: tuple[tuple[str, str], ...]
    """Keys and titles of the findings concerned, latest first."""


def gather(items: Iterable[HistoryItem]) -> list[News]:
    """Return the acts with neighbours that say the same joined."""
    found: list[News] = []
    for item in items:
        thing = (item.object_id, item.object_label)
        if found and found[-1].sentence == item.sentence and found[-1].at - item.at < timedelta(minutes=10):
            if thing not in found[-1].things:
                found[-1] = News(found[-1].at, item.sentence, (*found[-1].things, thing))
        else:
            found.append(News(item.at, item.sentence, (thing,)))
    return found


def _deadlines(state: Overview) -> str:
    missed = sum(month.missed for month in state.deadlines)
    ahead = sum(month.ahead for month in state.deadlines)
    if missed:
        return _("%(missed)s 项已超期，%(ahead)s 项尚未到期") % {"missed": missed, "ahead": ahead}
    if ahead:
        return _("没有超期，%(ahead)s 项尚未到期") % {"ahead": ahead}
    return _("时限分布")
