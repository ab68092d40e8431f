"""Who did the work on a finding: by them nothing is verified.

A finding comes in, ids of people go out.  A doer is whoever wrote progress, completed a measure, handed in or linked
evidence, laid a document before, or submitted (or was acted for), at any time, also before it was reopened, since what
they brought then still counts; and whoever owns the finding or one of its measures now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from zhenggai.findings.models import Finding, Measure
from zhenggai.workflow.models import Completion, Criterion, EvidenceLink, EvidenceVersion, Submission, WorkEntry

_LISTED = 500
"""Keys that are listed one by one; more than so many are cheaper asked for by what they have in common."""


def doers_of(finding: Finding) -> frozenset[int]:
    """Return the ids of the doers of *finding*; a fixed number of queries."""
    return doers_of_many([finding.pk])[finding.pk]


def listed_or_among(keys: Collection[int], among: QuerySet[Finding] | None) -> Any:
    """Return what a question about *keys* names: the keys, or when they are many all of *among*, which holds them."""
    return list(keys) if among is None or len(keys) <= _LISTED else among.order_by().values("pk")


def doers_of_many(keys: Iterable[int], among: QuerySet[Finding] | None = None) -> dict[int, frozenset[int]]:
    """Return the ids of the doers of each finding; one query however many there are.

    Args:
        keys: the findings.
        among: findings among which they are, told in a few conditions.
    """
    found: dict[int, set[int]] = {key: set() for key in keys}
    asked = listed_or_among(found, among)
    sources = (
        Finding.objects.filter(pk__in=asked, owner__isnull=False).values_list("pk", "owner_id"),
        Measure.objects.filter(finding__in=asked, owner__isnull=False, withdrawn_at=None).values_list(
            "finding_id", "owner_id"
        ),
        WorkEntry.objects.filter(finding__in=asked).values_list("finding_id", "by_id"),
        Completion.objects.filter(measure__finding__in=asked).values_list("measure__finding_id", "by_id"),
        EvidenceLink.objects.filter(finding__in=asked).values_list("finding_id", "by_id"),
        EvidenceVersion.objects.filter(evidence__links__finding__in=asked).values_list(
            "evidence__links__finding_id", "by_id"
        ),
        Criterion.objects.filter(finding__in=asked, kind=Criterion.Kind.DOCUMENT).values_list(
            "finding_id", "met_by_id"
        ),
        Submission.objects.filter(finding__in=asked).values_list("finding_id", "by_id"),
        Submission.objects.filter(finding__in=asked, on_behalf_of__isnull=False).values_list(
            "finding_id", "on_behalf_of_id"
        ),
    )
    first, *others = (source.order_by() for source in sources)
    for key, person in first.union(*others, all=True) if found else ():
        if key in found and person is not None:
            found[key].add(person)
    return {key: frozenset(people) for key, people in found.items()}
