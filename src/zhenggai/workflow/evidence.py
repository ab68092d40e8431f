"""Evidence as people may see it: through a finding it stands for, or because they handed it in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, access_of, current_posts, reach
from zhenggai.people.models import User
from zhenggai.workflow.models import Evidence, EvidenceLink, EvidenceVersion


def visible_evidence(actor: Actor, *, withdrawn: bool = False) -> QuerySet[Evidence]:
    """Return the evidence that the actor may see, each once."""
    seen = visible_findings(actor, withdrawn=None).order_by().values("pk")
    links = EvidenceLink.objects.filter(evidence=OuterRef("pk"), finding__in=seen)
    seen_or_own = Q(Exists(links))
    if actor.pk is not None:
        seen_or_own |= Q(created_by=actor.pk)
    found = Evidence.objects.filter(seen_or_own)
    return found if withdrawn else found.filter(withdrawn_at=None)


def access_evidence(actor: Actor, key: int) -> Evidence:
    """Return one piece of evidence, also a withdrawn one.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = visible_evidence(actor, withdrawn=True).select_related("unit", "created_by").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def may_take_away(actor: Actor, people: Iterable[int]) -> bool:
    """Tell whether the actor may take away what one of *people* handed in.

    That is one of them or who acts for them, and above them whoever works for a department or body they belong to;
    what was handed in by somebody without any post is left to who works for more than themselves.
    """
    if not isinstance(actor, User):
        return True
    handed_in = set(people)
    if handed_in & {actor.pk, *access_of(actor).principals}:
        return True
    reached = reach(actor, "workflow.work")
    if not (reached.department_ids or reached.unit_paths or reached.everything):
        return False
    units = list(current_posts().filter(user__in=handed_in).values_list("unit_id", "unit__path"))
    if not units or reached.everything:
        return True
    within = any(path.startswith(wide) for _key, path in units for wide in reached.unit_paths)
    return within or any(key in reached.department_ids for key, _path in units)


def handed_in_by(evidence: Evidence) -> set[int]:
    """Return the ids of those who handed in a version of *evidence*."""
    return {evidence.created_by_id, *evidence.versions.values_list("by_id", flat=True)}


def access_evidence_version(actor: Actor, key: int) -> EvidenceVersion:
    """Return one version of a piece of evidence, with its file at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = EvidenceVersion.objects.select_related("evidence", "file", "by").filter(pk=key).first()
    if found is None:
        raise NotFound
    access_evidence(actor, found.evidence_id)
    return found
