"""A person's area at a glance: red, amber, green by department, and what is late or nearly so by name.

Visible findings of open rounds come in, counts and a few rows go out; the deadlines are compared with today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.access import visible_findings
from zhenggai.findings.lateness import Line
from zhenggai.findings.models import Finding, Stage, Status
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit


class Light(StrEnum):
    """How a finding stands at a glance."""

    RED = "red"
    """Late."""
    AMBER = "amber"
    """Near its deadline, returned, or reopened."""
    GREEN = "green"
    """On its way."""
    DONE = "done"
    """Completed, or kept up for good."""


LIGHT_LABELS: dict[Light, str | Promise] = {
    Light.RED: _("已超期"),
    Light.AMBER: _("需关注"),
    Light.GREEN: _("按期推进"),
    Light.DONE: _("已完成"),
}
SETTLED = Q(stage=Stage.CLOSED) | Q(stage=Stage.LONG_TERM) | Q(stage=Stage.REGISTERED, status=Status.COMPLETED)
"""The deadline presses no more."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The lights of one department."""

    department_id: int
    """Its key; 0 for findings without one."""
    name: str
    """Its short name."""
    red: int
    """Late."""
    amber: int
    """Near, returned, reopened."""
    green: int
    """On their way."""
    done: int
    """Completed."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.red + self.amber + self.green + self.done


@dataclass(frozen=True, slots=True)
class Pressing:
    """A finding that is late or nearly so."""

    finding_id: int
    """Its key."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    standing: Standing
    """How it counts."""
    due_on: date
    """Its deadline."""
    days_left: int
    """Days until then, negative when past."""
    department: str
    """Short name of the leading department, or what the document says."""
    owner: str
    """The owner's name, or what the document says."""


def open_findings(actor: Actor) -> QuerySet[Finding]:
    """Return the visible findings of the rounds that are not closed."""
    return visible_findings(actor).filter(round__closed_on__isnull=True).order_by()


@dataclass(frozen=True, slots=True)
class Area:
    """What lies in a person's sight, counted once."""

    rows: tuple[AreaRow, ...]
    """Lights of each department, the reddest first."""
    rounds: tuple[int, ...]
    """Keys of the open rounds with findings in sight."""
    late: int
    """Findings that are late."""
    near: int
    """Findings whose deadline is near, whatever their light."""

    @property
    def total(self) -> int:
        """All findings of open rounds in sight."""
        return sum(row.total for row in self.rows)


def area_of(actor: Actor, line: Line, near_days: int) -> Area:
    """Return the counts of all findings of open rounds in the actor's sight; two queries."""
    near_to = line.today + timedelta(days=near_days)
    light = Case(
        When(SETTLED, then=Value(Light.DONE.value)),
        When(line.late(), then=Value(Light.RED.value)),
        When(stage__in=(Stage.RETURNED, Stage.REOPENED), then=Value(Light.AMBER.value)),
        When(line.until(near_to), then=Value(Light.AMBER.value)),
        default=Value(Light.GREEN.value),
        output_field=CharField(),
    )
    coming = Count("pk", filter=~SETTLED & line.coming(near_to))
    groups = open_findings(actor).annotate(light=light).values_list("round_id", "department_id", "light")
    counts: dict[int, dict[str, int]] = {}
    rounds: set[int] = set()
    near = 0
    for round_, key, code, count, coming_soon in groups.annotate(n=Count("pk"), near=coming):
        mine = counts.setdefault(key or 0, {})
        mine[code] = mine.get(code, 0) + count
        rounds.add(round_)
        near += coming_soon
    units = Unit.objects.filter(pk__in=[key for key in counts if key]).order_by("order", "pk")
    names = {key: short or name for key, short, name in units.values_list("pk", "short_name", "name")}
    if 0 in counts:
        names[0] = _now("未落实部门")
    rows = [AreaRow(key, name, *(counts[key].get(light, 0) for light in Light)) for key, name in names.items()]
    rows.sort(key=lambda row: (-row.red, -row.amber))
    return Area(tuple(rows), tuple(sorted(rounds)), sum(row.red for row in rows), near)


def lights_of(rows: Iterable[AreaRow]) -> dict[Light, int]:
    """Return the sums over *rows*."""
    shown = list(rows)
    return {light: sum(getattr(row, light) for row in shown) for light in Light}


def pressing(actor: Actor, line: Line, near_days: int, limit: int) -> tuple[Pressing, ...]:
    """Return what is late or near, the longest overdue first; two queries, the first of them without names."""
    near_to = line.today + timedelta(days=near_days)
    found = open_findings(actor).filter(line.until(near_to), ~SETTLED).order_by("due_on", "pk")
    keys = list(found.values_list("pk", flat=True)[:limit])
    if not keys:
        return ()
    rows = Finding.objects.filter(pk__in=keys).annotate(standing=standing_case(line)).order_by("due_on", "pk")
    return tuple(
        Pressing(key, no, title, Standing(code), due, line.days_left(due, round_), short or name or text, owner or owner_text)
        for key, no, title, code, due, short, name, text, owner, owner_text, round_ in rows.values_list(
            "pk", "no", "title", "standing", "due_on", "department__short_name", "department__name",
            "department_text", "owner__name", "owner_text", "round_id",
        )
        if due is not None
    )  # fmt: skip
