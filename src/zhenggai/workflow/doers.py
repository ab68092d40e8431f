"""Who did the work on a finding: by them nothing is verified.

A finding comes in, ids of people go out.  A doer is whoever wrote progress, completed a measure, handed in or linked
evidence, laid a document before, or submitted (or was acted for), at any time, also before it was reopened, since what
they brought then still counts; and whoever owns the finding or one of its measures now.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhenggai.findings.models import Finding, Measure
from zhenggai.workflow.models import Completion, Criterion, EvidenceLink, EvidenceVersion, Submission, WorkEntry


def doers_of(finding: Finding) -> frozenset[int]:
    """Return the ids of the doers of *finding*; a fixed number of queries."""
    return doers_of_many([finding.pk])[finding.pk]


def doers_of_many(keys: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the ids of the doers of each finding; one query however many there are."""
    asked = list(keys)
    found: dict[int, set[int]] = {key: set() for key in asked}
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
    for key, person in first.union(*others, all=True) if asked else ():
        if key in found and person is not None:
            found[key].add(person)
    return {key: frozenset(people) for key, people in found.items()}
