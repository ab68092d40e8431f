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


def area_of(actor: Actor, today: date, near_days: int) -> tuple[AreaRow, ...]:
    """Return the lights of each department in the actor's sight, the reddest first; two queries."""
    light = Case(
        When(SETTLED, then=Value(Light.DONE.value)),
        When(due_on__lt=today, then=Value(Light.RED.value)),
        When(stage__in=(Stage.RETURNED, Stage.REOPENED), then=Value(Light.AMBER.value)),
        When(due_on__lte=today + timedelta(days=near_days), then=Value(Light.AMBER.value)),
        default=Value(Light.GREEN.value),
        output_field=CharField(),
    )
    counts: dict[int, dict[str, int]] = {}
    rows = open_findings(actor).annotate(light=light).values_list("department_id", "light").annotate(Count("pk"))
    for key, code, count in rows:
        counts.setdefault(key or 0, {})[code] = count
    units = Unit.objects.filter(pk__in=[key for key in counts if key]).order_by("order", "pk")
    names = {key: short or name for key, short, name in units.values_list("pk", "short_name", "name")}
    if 0 in counts:
        names[0] = _now("未落实部门")
    found = [AreaRow(key, name, *(counts[key].get(light, 0) for light in Light)) for key, name in names.items()]
    return tuple(sorted(found, key=lambda row: (-row.red, -row.amber)))


def lights_of(rows: Iterable[AreaRow]) -> dict[Light, int]:
    """Return the sums over *rows*."""
    shown = list(rows)
    return {light: sum(getattr(row, light) for row in shown) for light in Light}


def pressing(actor: Actor, today: date, near_days: int, limit: int) -> tuple[tuple[Pressing, ...], int, int]:
    """Return what is late or near, the longest overdue first, and how many are late and near; two queries."""
    near_to = today + timedelta(days=near_days)
    found = open_findings(actor).filter(~SETTLED, due_on__lte=near_to)
    counts = found.aggregate(late=Count("pk", filter=Q(due_on__lt=today)), all=Count("pk"))
    if not counts["all"]:
        return (), 0, 0
    rows = found.annotate(standing=standing_case(today)).order_by("due_on", "pk").values_list(
        "pk", "no", "title", "standing", "due_on", "department__short_name", "department__name", "department_text",
        "owner__name", "owner_text",
    )[:limit]  # fmt: skip
    told = tuple(
        Pressing(key, no, title, Standing(code), due, (due - today).days, short or name or text, owner or owner_text)
        for key, no, title, code, due, short, name, text, owner, owner_text in rows
        if due is not None
    )
    return told, counts["late"], counts["all"] - counts["late"]
