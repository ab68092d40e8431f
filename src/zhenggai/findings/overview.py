"""The state of a round in figures: totals, aspects, departments, deadlines by month, declared against counted.

A fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.models import Entry
from zhenggai.findings.access import visible_findings
from zhenggai.findings.history import FINDING, tell
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure, Stage, Status
from zhenggai.findings.shapes import (
    DUE_SOON_DAYS,
    LATE_SHOWN,
    DeclaredCount,
    HistoryItem,
    LateItem,
    MonthTally,
    Overview,
    Tally,
)
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit

COUNT_LABELS: dict[str, str | Promise] = {
    "aspects": _("方面"),
    "findings": _("问题"),
    "measures": _("措施"),
    "completed": _("已完成"),
    "phased": _("阶段性完成"),
    "long_term": _("长期坚持"),
    "ongoing": _("正在整改"),
    "not_completed": _("未完成"),
}
_LATEST = 12
_MOST_MONTHS = 60


def overview(actor: Actor, round: InspectionRound | None = None) -> Overview:
    """Return the state of *round*, or of everything the actor may see."""
    today = timezone.localdate()
    found = visible_findings(actor).order_by()
    if round is not None:
        found = found.filter(round=round)
    line = line_on(today)
    counted = _Counted(found, line)
    in_loop = counted.in_loop
    by_aspect = tuple(_by_aspect(counted.by(_ASPECT), in_loop=in_loop))
    departments = counted.by(_DEPARTMENT)
    groups = [row for rows in departments.values() for row in rows]
    totals = _tally("", _now("全部"), groups, in_loop=in_loop)
    whole = _whole_round(actor, round)
    measures = _measures_by_status(found, everything=round is None and reach(actor, "findings.view").everything)
    return Overview(
        round=round,
        as_of=today,
        by_standing=in_loop,
        totals=totals,
        due_soon=sum(count for _status, late, count in groups if late == _SOON),
        undated=sum(count for _status, late, count in groups if late == _UNDATED),
        unassigned=sum(count for _status, _late, count in departments.get(None, ())),
        measure_total=sum(measures.values()),
        measures_by_status=measures,
        by_aspect=by_aspect,
        by_department=tuple(_by_department(departments, in_loop=in_loop)),
        deadlines=tuple(_months(found, line)),
        declared=tuple(_declared(round, whole or _seen(counted, totals, by_aspect, measures))),
        whole_total=whole["findings"] if whole else totals.total,
        late=tuple(_late(found, line)) if totals.overdue else (),
        latest=latest_acts(actor, round, found),
    )


_DONE, _LATE, _SOON, _AHEAD, _UNDATED = range(5)


_Row = tuple[str, int, int]
"""Status or standing, how it stands to the deadline, and how many."""
_Groups = dict[int | None, list[_Row]]


_ASPECT, _DEPARTMENT = 0, 1


class _Counted:
    """The findings counted once by all that is told of them; every tally is summed from this."""

    def __init__(self, found: QuerySet[Finding], line: Line) -> None:
        late = Case(
            When(status=Status.COMPLETED, then=Value(_DONE)),
            When(due_on__isnull=True, then=Value(_UNDATED)),
            When(line.late(), then=Value(_LATE)),
            When(line.until(line.today + timedelta(days=DUE_SOON_DAYS)), then=Value(_SOON)),
            default=Value(_AHEAD),
            output_field=IntegerField(),
        )
        rows = found.annotate(late=late, standing=standing_case(line)).values_list(
            "aspect_id", "department_id", "status", "standing", "late"
        )
        moved = Count("pk", filter=~Q(stage=Stage.REGISTERED))
        self.rows = list(rows.annotate(n=Count("pk"), moved=moved))
        # Where the loop runs people count by standing; before, by what documents and the office state.
        self.in_loop = any(row[-1] for row in self.rows)

    def by(self, place: int) -> _Groups:
        """Return status or standing, lateness and count by aspect or department."""
        groups: _Groups = {}
        state = 3 if self.in_loop else 2
        for row in self.rows:
            groups.setdefault(row[place], []).append((row[state], row[4], row[5]))
        return groups

    def statuses(self) -> dict[str, int]:
        """Return how many findings are stated to be in each status."""
        counts = {str(code): 0 for code in Status.values}
        for row in self.rows:
            counts[row[2]] += row[5]
        return counts


def _tally(key: object, label: str, rows: Iterable[_Row], *, in_loop: bool) -> Tally:
    by_status = dict.fromkeys((str(code) for code in (Standing if in_loop else Status).values), 0)
    total = overdue = 0
    for status, late, count in rows:
        by_status[status] += count
        total += count
        overdue += count if late == _LATE else 0
    return Tally(str(key), label, total, by_status, overdue)


def _by_aspect(groups: _Groups, *, in_loop: bool) -> Iterable[Tally]:
    aspects = Aspect.objects.filter(pk__in=[key for key in groups if key]).order_by("-round_id", "order")
    for key, no, title in aspects.values_list("pk", "no", "title"):
        yield _tally(key, f"{no}、{title}" if no else title, groups[key], in_loop=in_loop)
    if None in groups:
        yield _tally("", _now("未分方面"), groups[None], in_loop=in_loop)


def _by_department(groups: _Groups, *, in_loop: bool) -> Iterable[Tally]:
    units = Unit.objects.filter(pk__in=[key for key in groups if key]).order_by("order", "pk")
    for key, short, name in units.values_list("pk", "short_name", "name"):
        yield _tally(key, short or name, groups[key], in_loop=in_loop)
    if None in groups:
        yield _tally("", _now("未落实部门"), groups[None], in_loop=in_loop)


def _measures_by_status(found: QuerySet[Finding], *, everything: bool) -> dict[str, int]:
    measures = Measure.objects.filter(withdrawn_at__isnull=True).order_by()
    within = Q(finding__withdrawn_at__isnull=True) if everything else Q(finding__in=found.values("pk"))
    measures = measures.filter(within)
    counts = dict(measures.values_list("status").annotate(n=Count("*")))
    return {str(code): counts.get(code, 0) for code in Status.values}


def _months(found: QuerySet[Finding], line: Line) -> Iterable[MonthTally]:
    pending = ~Q(status=Status.COMPLETED)
    rows = (
        found.filter(due_on__isnull=False)
        # The month as text: extracting it as a number calls back into Python for every row on SQLite.
        .annotate(month=Substr(Cast("due_on", CharField()), 1, 7))
        .values_list("month")
        .annotate(
            done=Count("pk", filter=~pending),
            missed=Count("pk", filter=pending & line.late()),
            ahead=Count("pk", filter=pending & ~line.late()),
        )
    )
    counts = {int(month[:4]) * 12 + int(month[5:7]) - 1: tallies for month, *tallies in rows}
    if not counts:
        return
    first, last = min(counts), max(counts)
    for number in range(first, last + 1) if last - first < _MOST_MONTHS else sorted(counts):
        done, missed, ahead = counts.get(number, (0, 0, 0))
        yield MonthTally(date(number // 12, number % 12 + 1, 1), done, missed, ahead)


def _seen(counted: _Counted, totals: Tally, by_aspect: Iterable[Tally], measures: dict[str, int]) -> dict[str, int]:
    aspects = sum(1 for tally in by_aspect if tally.key)
    # What a document declares is about statuses, whether or not the loop runs.
    return {"aspects": aspects, "findings": totals.total, "measures": sum(measures.values()), **counted.statuses()}


def _whole_round(actor: Actor, round: InspectionRound | None) -> dict[str, int] | None:
    """Return the counts of the whole round for someone whose reach may be a part of it; None for all others.

    What a document declares is about the whole round: held against a part of it, it would always seem wrong.
    """
    if round is None or reach(actor, "findings.view").covers(round.unit):
        return None
    tallies = {str(code): Count("pk", filter=Q(status=code)) for code in Status.values}
    findings = Finding.objects.filter(round=round, withdrawn_at__isnull=True).order_by()
    counts: dict[str, int] = findings.aggregate(
        findings=Count("pk"), aspects=Count("aspect_id", distinct=True), **tallies
    )
    within = Q(finding__round=round, finding__withdrawn_at__isnull=True, withdrawn_at__isnull=True)
    return counts | {"measures": Measure.objects.filter(within).count()}


def _late(found: QuerySet[Finding], line: Line) -> Iterable[LateItem]:
    rows = found.filter(line.late(), ~Q(status=Status.COMPLETED)).order_by("due_on", "pk").values_list(
        "pk", "no", "title", "status", "leader__name", "leader_text", "department__short_name", "department__name",
        "department_text", "owner__name", "owner_text", "due_on", "round_id",
    )  # fmt: skip
    for (
        key,
        no,
        title,
        status,
        leader,
        leader_text,
        short,
        name,
        department_text,
        owner,
        owner_text,
        due,
        round_id,
    ) in rows[:LATE_SHOWN]:
        assert due is not None  # asked for above
        yield LateItem(
            id=key,
            no=no,
            title=title,
            status=status,
            leader_name=leader or leader_text,
            department_name=short or name or department_text,
            owner_name=owner or owner_text,
            due_on=due,
            days_late=-line.days_left(due, round_id),
        )


def _declared(round: InspectionRound | None, counted: dict[str, int]) -> Iterable[DeclaredCount]:
    if round is None:
        return
    for key, label in COUNT_LABELS.items():
        declared = round.declared_counts.get(key)
        if isinstance(declared, int | float):
            yield DeclaredCount(key, str(label), declared, counted[key])


def latest_acts(
    actor: Actor, round: InspectionRound | None, found: QuerySet[Finding], most: int = _LATEST
) -> tuple[HistoryItem, ...]:
    """Return the latest acts on findings among *found*, at most so many.

    Newest entries first, checked against it in one query per step.
    """
    told: list[HistoryItem] = []
    seen_to: int | None = None
    narrow = round is not None or not reach(actor, "findings.view").everything
    # Walk the trail backwards by its key: the index by object would sort all that was ever done to any finding.
    kind = Coalesce("object_type", Value(""))
    for _step in range(4):  # an act on something out of sight must not open an endless search
        entries = Entry.objects.alias(kind=kind).filter(kind=FINDING).order_by("-sequence")
        if seen_to is not None:
            entries = entries.filter(sequence__lt=seen_to)
        batch = list(entries[: 4 * most if narrow else most])
        if not batch:
            break
        seen_to = batch[-1].sequence
        if narrow:
            keys = {int(entry.object_id) for entry in batch if entry.object_id.isdecimal()}
            shown = {str(key) for key in found.filter(pk__in=keys).values_list("pk", flat=True)}
            batch = [entry for entry in batch if entry.object_id in shown]
        told += [tell(entry) for entry in batch]
        if len(told) >= most or not narrow:
            break
    return tuple(told[:most])
