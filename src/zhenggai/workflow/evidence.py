"""Evidence as people may see it: through a finding it stands for, or because they handed it in."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor
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
