"""The timeline 甘特图: bars from the start of the rectification to each deadline, on an axis of whole months.

A ledger query comes in; rows with places on the axis go out.  Few findings give a bar each; many are gathered by
department into one bar with their spread, and a click narrows the ledger until there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _now

from zhenggai.desk.area import SETTLED
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.ledger import matching_findings
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Finding
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.kit.workdays import add_months
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit

MOST = 120
"""Findings that get a bar each; more are gathered."""
_MOST_TICKS = 13
_MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole months, each as wide as the others."""

    first: date
    """First day of the first month."""
    months: int
    """How many months."""

    def place(self, day: date) -> float:
        """Return where *day* lies, from 0 to 1000."""
        months = (day.year - self.first.year) * 12 + day.month - self.first.month
        share = (day.day - 0.5) / ((add_months(day.replace(day=1), 1) - day.replace(day=1)).days)
        return round(max(0.0, min(1000.0, 1000 * (months + share) / self.months)), 1)

    @property
    def step(self) -> int:
        """Months from one label to the next."""
        return next((step for step in (1, 2, 3, 6, 12) if self.months / step <= _MOST_TICKS), 24)

    @property
    def ticks(self) -> tuple[date, ...]:
        """First days of the labelled spans."""
        return tuple(add_months(self.first, number) for number in range(0, self.months, self.step))


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the timeline."""

    label: str
    """Number and title of the finding, or name of the department."""
    finding_id: int | None
    """Key of the finding; None where several are gathered."""
    department_id: int | None
    """Key of the department the row gathers; 0 for what has none; None for one finding."""
    standing: Standing | None
    """How the finding counts; None where several are gathered."""
    starts_on: date | None
    """Where the bar begins."""
    due_on: date
    """Where it ends: the deadline, or the last of them."""
    start: float
    """The same on the axis, from 0 to 1000."""
    end: float
    """The same on the axis."""
    total: int = 1
    """How many findings it stands for."""
    late: int = 0
    """How many of them are late."""
    dots: tuple[tuple[float, int], ...] = ()
    """Where gathered deadlines lie by month, and how many."""
    who: str = ""
    """Department and owner."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All rows."""

    axis: Axis
    """The months."""
    bars: tuple[Bar, ...]
    """Rows by deadline, or departments in their order."""
    today: float | None
    """Where today lies; None when outside."""
    gathered: bool
    """True when rows stand for departments."""
    total: int
    """Findings with a deadline."""
    undated: int
    """Findings without one, which no bar can show."""


def timeline_of(actor: Actor, query: LedgerQuery, most: int = MOST) -> Timeline | None:
    """Return the findings that match *query* on an axis; None when none of them has a deadline."""
    line = line_on()
    today = line.today
    found = matching_findings(actor, query)
    dated = found.filter(due_on__isnull=False)
    sums = found.aggregate(
        all=Count("pk"), dated=Count("due_on"), first=Min("due_on"), last=Max("due_on"), begun=Min("round__feedback_on")
    )
    if not sums["dated"]:
        return None
    begin = min(day for day in (sums["begun"], sums["first"]) if day)
    axis = _axis(begin, max(sums["last"], today if sums["last"] >= add_months(today, -2) else sums["last"]))
    gathered = sums["dated"] > most
    bars = tuple(_gathered(dated, axis, line) if gathered else _single(dated, axis, line))
    inside = axis.first <= today < add_months(axis.first, axis.months)
    return Timeline(
        axis, bars, axis.place(today) if inside else None, gathered, sums["dated"], sums["all"] - sums["dated"]
    )


def _axis(first: date, last: date) -> Axis:
    begin = first.replace(day=1)
    months = (last.year - begin.year) * 12 + last.month - begin.month + 1
    if months > _MOST_MONTHS:
        begin, months = add_months(last.replace(day=1), 1 - _MOST_MONTHS), _MOST_MONTHS
    plain = Axis(begin, max(months, 3))
    return Axis(begin, -(-plain.months // plain.step) * plain.step)  # so that every label spans as many months


def _single(dated: QuerySet[Finding], axis: Axis, line: Line) -> Iterable[Bar]:
    rows = dated.annotate(now=standing_case(line)).order_by("due_on", "order", "pk").values_list(
        "pk", "no", "title", "now", "round__feedback_on", "due_on", "department__short_name", "department__name",
        "department_text", "owner__name", "owner_text",
    )  # fmt: skip
    for key, no, title, code, begun, due, short, name, text, owner, owner_text in rows:
        assert due is not None  # asked for by the caller
        start = begun if begun and begun < due else None
        who = " · ".join(part for part in (short or name or text, owner or owner_text) if part)
        yield Bar(
            f"{no} {title}".strip(), key, None, Standing(code), start, due,
            axis.place(start) if start else max(0.0, axis.place(due) - 6), axis.place(due), who=who,
        )  # fmt: skip


def _gathered(dated: QuerySet[Finding], axis: Axis, line: Line) -> Iterable[Bar]:
    late = Count("pk", filter=line.late() & ~SETTLED)
    rows = list(dated.values_list("department_id", "due_on").annotate(n=Count("pk"), late=late))
    groups: dict[int, list[tuple[date, int, int]]] = {}
    for key, due, count, missed in rows:
        assert due is not None  # asked for by the caller
        groups.setdefault(key or 0, []).append((due, count, missed))
    units = Unit.objects.filter(pk__in=[key for key in groups if key]).order_by("order", "pk")
    names = {key: short or name for key, short, name in units.values_list("pk", "short_name", "name")}
    if 0 in groups:
        names[0] = _now("未落实部门")
    for key, name in names.items():
        days = groups[key]
        first, last = min(day for day, _n, _l in days), max(day for day, _n, _l in days)
        yield Bar(
            name, None, key, None, first, last, axis.place(first), axis.place(last),
            sum(count for _day, count, _late in days), sum(missed for _day, _count, missed in days), _dots(days, axis),
        )  # fmt: skip


def _dots(days: Sequence[tuple[date, int, int]], axis: Axis) -> tuple[tuple[float, int], ...]:
    by_month: dict[date, int] = {}
    for day, count, _late in days:
        month = day.replace(day=15)
        by_month[month] = by_month.get(month, 0) + count
    return tuple((axis.place(month), count) for month, count in sorted(by_month.items()) if month >= axis.first)
