"""Supervision visits, and how far each department is against the time that has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.findings.queries import visible_findings
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight.models import Visit, VisitTask
from zhenggai.oversight.posts import acted_for, received_units
from zhenggai.oversight.queries.letters import VIEW, bodies_of
from zhenggai.oversight.transitions import MANAGE
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.queries import clock_of, course_of

INSPECT = "oversight.inspect"
BEHIND_POINTS = 20
"""From how many points behind the elapsed share a department counts as behind."""


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """Return the visits of the bodies the actor oversees."""
    return Visit.objects.filter(bodies_of(reach(actor, VIEW), "body"))


def may_record(actor: Actor, body: Unit) -> bool:
    """Tell whether *actor* may record visits of *body*: whoever manages supervision, or inspects."""
    return may(actor, MANAGE, body) or may(actor, INSPECT, body)


def access_visit(actor: Actor, key: int, *, change: bool = False) -> Visit:
    """Return one visit with its people at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not change it.
    """
    related = ("body", "department", "round", "recorded_by")
    found = visible_visits(actor).select_related(*related).prefetch_related("tasks__owner").filter(pk=key).first()
    if found is None:
        raise NotFound
    if change and not may_record(actor, found.body):
        raise NotAllowed(permission=MANAGE)
    return found


def my_tasks(actor: Actor) -> QuerySet[VisitTask]:
    """Return the open tasks that visits left to the actor, soonest first."""
    found = VisitTask.objects.filter(owner__in=sorted(acted_for(actor)), done_on__isnull=True)
    return found.select_related("visit__department").order_by("due_on", "pk")


def may_finish(actor: Actor, task: VisitTask) -> bool:
    """Tell whether *actor* may say that *task* was done."""
    mine = task.owner_id in acted_for(actor) or task.visit.department_id in received_units(actor)
    return mine or may_record(actor, task.visit.body)


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a department is, against the time that has passed."""

    department: Unit | None
    """The department; None for what has none."""
    total: int
    """Findings it leads."""
    done: int
    """Those completed."""
    elapsed_percent: int | None
    """Share of the concentrated period that has passed, at most 100; None where the round has no such period."""
    last_visit_on: date | None = None
    """The day of the last visit."""

    @property
    def done_percent(self) -> int | None:
        """Share that is completed, rounded down; None without findings."""
        return 100 * self.done // self.total if self.total else None

    @property
    def gap(self) -> int | None:
        """Points by which the completed share lies behind the elapsed share; negative when it is ahead."""
        if self.done_percent is None or self.elapsed_percent is None:
            return None
        return self.elapsed_percent - self.done_percent

    @property
    def is_behind(self) -> bool:
        """Whether it lies too far behind."""
        return self.gap is not None and self.gap > BEHIND_POINTS


def elapsed_percent(start: date | None, end: date | None, today: date) -> int | None:
    """Return the share of the time from *start* to *end* that has passed, 0 to 100; None when it is not known."""
    if start is None or end is None or end <= start:
        return None
    return max(0, min(100, 100 * (today - start).days // (end - start).days))


def elapsed_of(round_: InspectionRound, today: date) -> int | None:
    """Return the share of the concentrated period of a round that has passed; None where it has none."""
    rules = course_of(round_)
    ends = rules.course.period_ends_on if rules.course is not None else None
    ends = ends or clock_of(round_, rules.policy, work_calendar()).period_ends_on
    return elapsed_percent(round_.feedback_on, ends, today)


def paces(actor: Actor, round_: InspectionRound, today: date) -> list[Pace]:
    """Return how far each department of a round is, the furthest behind first; a fixed number of queries."""
    elapsed = elapsed_of(round_, today)
    found = visible_findings(actor).filter(round=round_)
    rows = _tallies(found, today)
    units = Unit.objects.in_bulk([key for key, _total, _done in rows if key is not None])
    last: dict[int, date] = {}
    for department, day in (
        visible_visits(actor).filter(round=round_).order_by("visited_on").values_list("department_id", "visited_on")
    ):
        last[department] = day
    told = [
        Pace(units.get(key) if key is not None else None, total, done, elapsed, last.get(key or 0))
        for key, total, done in rows
    ]
    return sorted(told, key=lambda pace: (pace.department is None, -(pace.gap or -1000), -pace.total))


def pace_now(department: Unit, round_: InspectionRound, today: date) -> Pace:
    """Return how far one department or unit is in a round, whoever asks; to be frozen with a visit."""
    below = Q(department=department) | Q(department__isnull=True, unit=department)
    if department.kind != Unit.Kind.DEPARTMENT:
        below = Q(unit=department)
    found = Finding.objects.filter(below, round=round_, withdrawn_at__isnull=True)
    rows = list(_tallies(found, today))
    total, done = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return Pace(department, total, done, elapsed_of(round_, today))


def _tallies(found: QuerySet[Finding], today: date) -> list[tuple[int | None, int, int]]:
    rows: Iterable[tuple[int | None, str, int]] = (
        found.order_by()
        .annotate(standing=standing_case(line_on(today)))
        .values_list("department_id", "standing")
        .annotate(n=Count("pk"))
    )
    totals: dict[int | None, list[int]] = {}
    for key, standing, count in rows:
        tally = totals.setdefault(key, [0, 0])
        tally[0] += count
        tally[1] += count if standing == Standing.COMPLETED else 0
    return [(key, total, done) for key, (total, done) in totals.items()]
