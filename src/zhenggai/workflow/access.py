"""Single records of the loop, given out only to who may see the finding or round they belong to."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from zhenggai.findings.access import VIEW, access_finding, access_round, visible_rounds
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor
from zhenggai.workflow.models import CloseOut, Completion, Criterion, EvidenceLink, Extension, Plan, WorkEntry


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """Return the versions of the plans of the rounds the actor sees as a whole or in part."""
    return Plan.objects.filter(round__in=visible_rounds(actor).order_by().values("pk"))


def access_plan(actor: Actor, key: int, permission: str = VIEW) -> Plan:
    """Return one version of a plan.

    Raises:
        NotFound, NotAllowed: there is none, or its round is out of reach.
    """
    found = (
        Plan.objects.select_related("round__unit", "created_by", "submitted_by", "decided_by").filter(pk=key).first()
    )
    if found is None:
        raise NotFound
    access_round(actor, found.round_id, permission)
    return found


_Row = TypeVar("_Row", bound=Model)


def _of_finding(actor: Actor, rows: QuerySet[_Row], key: int, permission: str, path: str = "finding_id") -> _Row:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    owner: object = found
    for part in path.split("."):
        owner = getattr(owner, part)
    access_finding(actor, int(str(owner)), permission)
    return found


def access_criterion(actor: Actor, key: int, permission: str = VIEW) -> Criterion:
    """Return one criterion that was not withdrawn.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    return _of_finding(actor, Criterion.objects.filter(withdrawn_at=None), key, permission)


def access_work_entry(actor: Actor, key: int, permission: str = VIEW) -> WorkEntry:
    """Return one statement of progress that was not withdrawn.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    return _of_finding(actor, WorkEntry.objects.filter(withdrawn_at=None), key, permission)


def access_evidence_link(actor: Actor, key: int, permission: str = VIEW) -> EvidenceLink:
    """Return one link of evidence that stands.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    return _of_finding(actor, EvidenceLink.objects.filter(withdrawn_at=None), key, permission)


def access_close_out(actor: Actor, key: int, permission: str = VIEW) -> CloseOut:
    """Return one close-out.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    rows = CloseOut.objects.select_related("finding__round__unit", "submission", "by", "revoked_by", "earlier")
    return _of_finding(actor, rows, key, permission)


def access_extension(actor: Actor, key: int, permission: str = VIEW) -> Extension:
    """Return one request for an extension.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    return _of_finding(actor, Extension.objects.select_related("asked_by"), key, permission)


def access_completion(actor: Actor, key: int, permission: str = VIEW) -> Completion:
    """Return one standing completion of a measure.

    Raises:
        NotFound, NotAllowed: there is none, or its finding is out of reach.
    """
    rows = Completion.objects.filter(withdrawn_at=None).select_related("measure")
    return _of_finding(actor, rows, key, permission, "measure.finding_id")
