"""Who sees what: a permission's reach turned into querysets once, and single records given out only through them.

A finding lies within a reach when it belongs to a reached unit, when a reached department leads it or assists with it
or with one of its measures, or when the person leads or owns it or one of its measures.  What only was filed is reached
when its plan was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from zhenggai.findings.models import (
    Attachment,
    Finding,
    InspectionRound,
    Measure,
    SavedView,
    Source,
)
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor, Operator, Reach, reach
from zhenggai.people.models import Unit

VIEW = "findings.view"


def visible_findings(actor: Actor, permission: str = VIEW, *, withdrawn: bool | None = False) -> QuerySet[Finding]:
    """Return the findings that *permission* reaches for *actor*, each once.

    Args:
        actor: who asks.
        permission: what they want to do.
        withdrawn: False leaves out what was taken off the ledger, True gives only that, None both.
    """
    findings = Finding.objects.filter(reached_findings(reach(actor, permission)))
    return findings if withdrawn is None else findings.filter(withdrawn_at__isnull=not withdrawn)


def reached_findings(reached: Reach, key: int | None = None) -> Q:
    """Return the condition that a finding lies within *reached*.

    It joins nothing, so it never doubles a row; and where a reach has several parts, each is found by an index of
    its own.

    Args:
        reached: what a permission reaches.
        key: the one finding that is asked about, when there is only one; it spares looking up all the others.
    """
    if reached.everything:
        return Q()
    units = Q(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk")) if reached.unit_paths else None
    one = Q() if key is None else Q(pk=key)
    parts = list(_reached_keys(reached, key))
    if not parts:
        return Q(pk__in=()) if units is None else units & one
    if units is not None:
        parts.insert(0, Finding.objects.filter(units, one).order_by().values("pk"))
    return Q(pk__in=parts[0].union(*parts[1:], all=True))


def _reached_keys(reached: Reach, key: int | None) -> Iterable[QuerySet[Any, Any]]:
    findings, assisted = Finding.objects.order_by(), Finding.assist_departments.through.objects.order_by()
    measures = Measure.objects.filter(withdrawn_at__isnull=True).order_by()
    if key is not None:
        findings, assisted = findings.filter(pk=key), assisted.filter(finding_id=key)
        measures = measures.filter(finding_id=key)
    if reached.department_ids:
        departments = sorted(reached.department_ids)
        yield findings.filter(department_id__in=departments).values("pk")
        yield assisted.filter(unit_id__in=departments).values("finding_id")
        yield measures.filter(department_id__in=departments).values("finding_id")
        yield measures.filter(assist_departments__in=departments).values("finding_id")
    if reached.user_ids:
        people = sorted(reached.user_ids)
        for role in ("leader_id__in", "owner_id__in"):
            yield findings.filter(**{role: people}).values("pk")
            yield measures.filter(**{role: people}).values("finding_id")
    if reached.filed_paths:
        filed = Unit.objects.filter(Reach(unit_paths=reached.filed_paths).units()).order_by().values("pk")
        yield findings.filter(unit__in=filed, filed_on__isnull=False).values("pk")


def plainly_within(finding: Finding, reached: Reach) -> bool:
    """Return whether the finding's own fields show that it lies within *reached*; False leaves it open.

    Spares asking for assisting departments and for measures, which :func:`reached_findings` looks up as well.
    """
    path = finding.unit.path
    return (
        reached.everything
        or path.startswith(reached.unit_paths)
        or finding.department_id in reached.department_ids
        or finding.leader_id in reached.user_ids
        or finding.owner_id in reached.user_ids
        or (finding.filed_on is not None and path.startswith(reached.filed_paths))
    )


def visible_rounds(actor: Actor, permission: str = VIEW) -> QuerySet[InspectionRound]:
    """Return the rounds of reached units, and those that hold a reached finding, each once."""
    reached = reach(actor, permission)
    if reached.everything:
        return InspectionRound.objects.all()
    if not reached:
        return InspectionRound.objects.none()
    units = Unit.objects.filter(reached.units()).order_by().values("pk")
    findings = visible_findings(actor, permission).order_by().values("round_id")
    return InspectionRound.objects.filter(Q(unit__in=units) | Q(pk__in=findings))


def access_round(actor: Actor, key: int, permission: str = VIEW) -> InspectionRound:
    """Return one round.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = visible_rounds(actor, permission).select_related("unit").filter(pk=key).first()
    if found is None:
        if permission != VIEW and visible_rounds(actor).filter(pk=key).exists():
            raise NotAllowed(permission=permission)
        raise NotFound
    return found


def access_finding(actor: Actor, key: int, permission: str = VIEW) -> Finding:
    """Return one finding, also a withdrawn one, with round, aspect, unit, leader, department, owner and source at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    mine = Finding.objects.filter(reached_findings(reach(actor, permission), key), pk=key)
    # Planning a join of nine tables costs PostgreSQL more than these few look-ups by key; a source's text may be long.
    found = mine.select_related("aspect", "unit", "source").defer("source__text").first()
    if found is None:
        if permission != VIEW and _reaches(actor, key, VIEW):
            raise NotAllowed(permission=permission)
        raise NotFound
    prefetch_related_objects([found], "round__unit", "leader", "department", "owner")
    return found


def check_reach(actor: Actor, key: int, permission: str = VIEW) -> None:
    """Go on only when *permission* reaches a finding; a single query, for acts that lock it next.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    if _reaches(actor, key, permission):
        return
    if permission != VIEW and _reaches(actor, key, VIEW):
        raise NotAllowed(permission=permission)
    raise NotFound


def _reaches(actor: Actor, key: int, permission: str) -> bool:
    return Finding.objects.filter(reached_findings(reach(actor, permission), key), pk=key).exists()


def access_measure(actor: Actor, key: int, permission: str = VIEW) -> Measure:
    """Return one measure of a finding that *permission* reaches.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    related = ("finding__round", "finding__unit", "leader", "department", "owner")
    found = Measure.objects.select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    access_finding(actor, found.finding_id, permission)
    return found


def access_attachment(actor: Actor, key: int, permission: str = VIEW) -> Attachment:
    """Return one attachment that was not withdrawn, with its file at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    shown = Attachment.objects.select_related("file", "finding", "attached_by")
    found = shown.filter(pk=key, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound
    access_finding(actor, found.finding_id, permission)
    return found


def access_source(actor: Actor, key: int) -> Source:
    """Return one source document. Those who see the whole inspected unit see it.

    Others see only the passages of their findings.

    Raises:
        NotFound: there is none, or the actor may not read it.
    """
    found = Source.objects.select_related("file", "round__unit").filter(pk=key).first()
    if found is None or not reach(actor, VIEW).covers(found.round.unit):
        raise NotFound
    return found


def saved_views(actor: Actor) -> QuerySet[SavedView]:
    """Return the actor's own saved views."""
    return SavedView.objects.none() if isinstance(actor, Operator) else SavedView.objects.filter(user=actor)


def access_saved_view(actor: Actor, key: int) -> SavedView:
    """Return one of the actor's own saved views.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    found = saved_views(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
