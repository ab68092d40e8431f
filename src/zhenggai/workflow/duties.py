"""What somebody still answers for: open findings and measures they own or lead, so that nothing is left ownerless.

A person comes in, their holdings go out.  Reviews follow posts and need no handing over; what is closed stays in the
name of those who did it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.access import reached_findings
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.people.access import Actor, current_posts, reach
from zhenggai.people.models import Post, Unit, User
from zhenggai.people.roles import OFFICERS
from zhenggai.workflow.errors import HasDuties

HAND_OVER = "workflow.hand_over"

GROUPS: Mapping[str, Promise] = MappingProxyType(
    {
        "led_findings": _("牵头的问题"),
        "owned_findings": _("负责的问题"),
        "led_measures": _("牵头的措施"),
        "owned_measures": _("负责的措施"),
    }
)
"""Group of what one person may hold → words; each group is handed over as a whole."""

_FIELD = {"led_findings": "leader", "owned_findings": "owner", "led_measures": "leader", "owned_measures": "owner"}


@dataclass(frozen=True, slots=True)
class Holding:
    """What a person holds in one group."""

    group: str
    """Which group."""
    label: str
    """What people call it."""
    findings: tuple[Finding, ...] = ()
    """The findings."""
    measures: tuple[Measure, ...] = ()
    """The measures, with their findings."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.findings) + len(self.measures)

    @property
    def field(self) -> str:
        """Which field names the person: ``leader`` or ``owner``."""
        return _FIELD[self.group]


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that a person holds."""

    groups: tuple[Holding, ...]
    """Groups that are not empty, within the reader's reach."""
    elsewhere: int
    """How many more there are that the reader does not reach."""

    @property
    def count(self) -> int:
        """How many are within reach."""
        return sum(group.count for group in self.groups)


def holdings_of(person: User, actor: Actor) -> Holdings:
    """Return what *person* holds of what *actor* may hand over; a fixed number of queries.

    Args:
        person: who holds it.
        actor: who would hand it over.
    """
    mine = Finding.objects.filter(reached_findings(reach(actor, HAND_OVER))).order_by().values("pk")
    groups = []
    for group, label in GROUPS.items():
        field = _FIELD[group]
        if group.endswith("findings"):
            findings = _open_findings(person, field).filter(pk__in=mine).select_related("round", "department")
            groups.append(Holding(group, str(label), findings=tuple(findings.order_by("round", "order"))))
        else:
            measures = _open_measures(person, field).filter(finding__in=mine).select_related("finding__round")
            rows = measures.order_by("finding__round", "finding__order", "order")
            groups.append(Holding(group, str(label), measures=tuple(rows)))
    held = tuple(group for group in groups if group.count)
    return Holdings(held, open_duties(person) - sum(group.count for group in held))


def open_duties(person: User) -> int:
    """Return how many open things the person answers for, wherever they are."""
    findings = sum(_open_findings(person, field).count() for field in ("leader", "owner"))
    return findings + sum(_open_measures(person, field).count() for field in ("leader", "owner"))


def refuse_with_duties(person: User) -> None:
    """Go on only when the person answers for nothing that is open.

    Raises:
        HasDuties: they do.
    """
    count = open_duties(person)
    if count:
        raise HasDuties(name=person.name, count=count)


def possible_successors(person: User, actor: Actor) -> list[User]:
    """Return the active people to whom *actor* may hand over: in the bodies they answer for, no officers; by name."""
    units = Unit.objects.filter(reach(actor, HAND_OVER).units()).order_by().values("pk")
    posts = current_posts().filter(unit__in=units).exclude(role__in=OFFICERS).order_by()
    officers = Post.objects.filter(role__in=OFFICERS, ended_on__isnull=True).order_by().values("user")
    people = User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(pk__in=officers)
    return list(people.exclude(pk=person.pk).order_by("name", "id"))


_OPEN = Q(withdrawn_at=None) & ~Q(stage=Stage.CLOSED) & ~Q(stage=Stage.REGISTERED, status=Status.COMPLETED)


def _open_findings(person: User, field: str) -> QuerySet[Finding]:
    return Finding.objects.filter(_OPEN, **{field: person})


def _open_measures(person: User, field: str) -> QuerySet[Measure]:
    rows = Measure.objects.filter(withdrawn_at=None, finding__in=Finding.objects.filter(_OPEN).order_by().values("pk"))
    return rows.filter(**{field: person}).exclude(status=Status.COMPLETED)
