"""The calendar 日历: what falls on each day of a month, in the weeks as people hang them on the wall.

A ledger query and a month come in; weeks of days go out, each day with its first entries and how many there are.  Other
rooms' days (look-backs, meetings) join by :data:`SOURCES`.
"""

from __future__ import annotations

import calendar as _months
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.area import SETTLED
from zhenggai.desk.workbench import period_end
from zhenggai.findings.access import visible_rounds
from zhenggai.findings.lateness import line_on
from zhenggai.findings.ledger import matching_findings
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Stage
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.kit.workdays import add_months
from zhenggai.outcomes.access import visible_meetings
from zhenggai.oversight.models import Check
from zhenggai.oversight.queries.checks import visible_checks
from zhenggai.people.access import Actor
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.queries import clock_of, rules_by_round

PER_DAY = 3
"""Entries of a kind shown on a day."""
KINDS: dict[str, str | Promise] = {
    "due": _("整改时限"),
    "milestone": _("阶段节点"),
    "report": _("定期报告"),
    "round": _("轮次节点"),
    "check": _("回头看与抽查"),
    "meeting": _("整改会议"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day."""

    day: date
    """Which day."""
    kind: str
    """One of :data:`KINDS`."""
    label: str
    """What it is, in words."""
    path: str
    """Its page."""
    standing: Standing | None = None
    """How the finding counts."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day."""

    day: date
    """Which day."""
    inside: bool
    """True when it belongs to the month."""
    today: bool
    """True today."""
    free: bool
    """True on a day off."""
    entries: tuple[Entry, ...]
    """What falls on it, cut to what fits."""
    due_total: int
    """Deadlines on it, also those not shown."""
    late: int
    """Those of them that are missed."""
    due_shown: int
    """Those of them among the entries."""

    @property
    def more(self) -> int:
        """Deadlines that are not shown."""
        return self.due_total - self.due_shown


@dataclass(frozen=True, slots=True)
class Month:
    """One month."""

    first: date
    """Its first day."""
    weeks: tuple[tuple[Day, ...], ...]
    """Weeks from Monday to Sunday."""
    previous: date
    """First day of the month before."""
    next: date
    """First day of the month after."""
    due_total: int
    """Deadlines in it."""
    late_total: int
    """Those of them that are missed."""

    @property
    def busy(self) -> tuple[Day, ...]:
        """The days of the month on which something falls."""
        return tuple(day for week in self.weeks for day in week if day.inside and (day.entries or day.due_total))


Source = Callable[[Actor, LedgerQuery, date, date], Iterable[Entry]]


def month_of(actor: Actor, query: LedgerQuery, first: date) -> Month:
    """Return the month that begins on *first*, with what matches *query*; a fixed number of queries."""
    line = line_on()
    today = line.today
    weeks = _months.Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1]
    found = matching_findings(actor, query).filter(due_on__gte=start, due_on__lte=end)
    missed = Count("pk", filter=line.late() & ~SETTLED)
    counts = {
        day: (count, late) for day, count, late in found.values_list("due_on").annotate(n=Count("pk"), missed=missed)
    }
    entries: dict[date, list[Entry]] = {}
    for source in SOURCES:
        for entry in source(actor, query, start, end):
            entries.setdefault(entry.day, []).append(entry)
    working = work_calendar()
    days = tuple(
        tuple(
            Day(
                day,
                day.month == first.month,
                day == today,
                not working.is_workday(day),
                tuple(entries.get(day, ())),
                *counts.get(day, (0, 0)),
                sum(entry.kind == "due" for entry in entries.get(day, ())),
            )
            for day in week
        )
        for week in weeks
    )
    inside = [counts[day] for week in weeks for day in week if day in counts and day.month == first.month]
    return Month(
        first,
        days,
        add_months(first, -1),
        add_months(first, 1),
        sum(count for count, _late in inside),
        sum(late for _count, late in inside),
    )


def _rounds(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    """Yield the days of the rounds: plan due, end of the concentrated period, report due."""
    rounds = visible_rounds(actor).filter(closed_on=None)
    if query.round is not None:
        rounds = rounds.filter(pk=query.round)
    shown = list(rounds)
    rules, working = rules_by_round([each.pk for each in shown]), work_calendar()
    for each in shown:
        clock, course = clock_of(each, rules[each.pk].policy, working), rules[each.pk].course
        days = (
            (course.plan_due_on if course and course.plan_due_on else clock.plan_due_on, _now("报送整改方案")),
            (period_end(each, rules[each.pk], working), _now("集中整改期满")),
            (course.report_due_on if course and course.report_due_on else clock.report_due_on, _now("报送整改报告")),
        )
        for day, label in days:
            if day is not None and start <= day <= end:
                yield Entry(day, "round", f"{label}：{each.name}", f"/overview/?round={each.pk}")


def _deadlines(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    place = Window(RowNumber(), partition_by=[F("due_on")], order_by=[F("round_id").desc(), F("order").asc()])
    found = matching_findings(actor, query).filter(due_on__gte=start, due_on__lte=end).exclude(stage=Stage.PHASED)
    rows = found.annotate(now=standing_case(line_on()), n=place).filter(n__lte=PER_DAY).order_by("n")
    for key, no, title, code, day, _n in rows.values_list("pk", "no", "title", "now", "due_on", "n"):
        if day is not None:
            yield Entry(day, "due", f"{no} {title}".strip(), f"/findings/{key}/", Standing(code))


def _milestones(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    found = matching_findings(actor, query).filter(stage=Stage.PHASED, due_on__gte=start, due_on__lte=end)
    for key, no, title, what, day in found.order_by("due_on", "order").values_list(
        "pk", "no", "title", "item__next_milestone", "due_on"
    )[:200]:
        if day is not None:
            yield Entry(day, "milestone", f"{no} {what or title}".strip(), f"/findings/{key}/", Standing.PHASED)


def _reports(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    stages = (Stage.PHASED, Stage.LONG_TERM)
    found = matching_findings(actor, query).filter(
        stage__in=stages, item__next_report_on__gte=start, item__next_report_on__lte=end
    )
    for key, no, title, day in found.order_by("item__next_report_on", "order").values_list(
        "pk", "no", "title", "item__next_report_on"
    )[:200]:
        if day is not None:
            yield Entry(day, "report", f"{no} {title}".strip(), f"/findings/{key}/")


def _checks(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    """Yield the look-backs and spot checks that are planned."""
    keys = matching_findings(actor, query).values("pk")
    planned = visible_checks(actor).filter(
        state=Check.State.PLANNED, due_on__gte=start, due_on__lte=end, finding__in=keys
    )
    for key, no, title, kind, day in planned.order_by("due_on", "pk").values_list(
        "pk", "finding__no", "finding__title", "kind", "due_on"
    )[:200]:
        words = f"{Check.Kind(kind).label} {no} {title}"
        yield Entry(day, "check", words, f"/checks/{key}/")


def _meetings(actor: Actor, query: LedgerQuery, start: date, end: date) -> Iterable[Entry]:
    """Yield the meetings on the rectification."""
    held = visible_meetings(actor).filter(held_on__gte=start, held_on__lte=end)
    if query.round is not None:
        held = held.filter(round=query.round)
    for meeting in held.order_by("held_on", "pk")[:100]:
        words = f"{meeting.get_kind_display()} {meeting.topics.splitlines()[0] if meeting.topics else meeting.no}"
        path = f"/overview/?round={meeting.round_id}" if meeting.round_id else "/overview/"
        yield Entry(meeting.held_on, "meeting", words.strip(), path)


SOURCES: tuple[Source, ...] = (_rounds, _meetings, _deadlines, _milestones, _reports, _checks)
"""Where the entries come from, in the order in which they stand on a day."""
