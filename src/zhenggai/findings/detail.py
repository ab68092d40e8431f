"""Everything the page of one finding shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.access import reached_findings
from zhenggai.findings.history import finding_history
from zhenggai.findings.models import Finding, Measure, Source, Status
from zhenggai.findings.rows import days_left
from zhenggai.findings.shapes import FindingPage, Passage, PassagePart
from zhenggai.people.access import Actor, reach

CONTEXT = 120
"""Characters shown before and behind a source passage."""
_LONGEST_PASSAGE = 20_000


def finding_page(actor: Actor, finding: Finding) -> FindingPage:
    """Return what the page of *finding* shows.

    Args:
        actor: who looks.
        finding: as :func:`~zhenggai.findings.access.access_finding` gives it.
    """
    measures = tuple(
        finding.measures.filter(withdrawn_at__isnull=True)
        .select_related("leader", "department", "owner")
        .order_by("order", "pk")
    )
    attachments = finding.attachments.filter(withdrawn_at__isnull=True).select_related("file", "attached_by")
    may = {code: _may(actor, finding, f"findings.{code}") for code in ("edit", "assign", "attach")}
    return FindingPage(
        finding=finding,
        days_left=days_left(finding.due_on, finding.status, timezone.localdate()),
        assist_departments=tuple(finding.assist_departments.all()),
        measures=measures,
        progress_entries=tuple(finding.progress_entries.select_related("source").defer("source__text").order_by("order", "pk")),
        attachments=tuple(attachments.order_by("pk")),
        passage=source_passage(finding, measures=measures),
        history=finding_history(finding),
        missing=tuple(_missing(finding, measures)),
        may_edit=may["edit"],
        may_assign=may["assign"],
        may_attach=may["attach"],
    )


def _may(actor: Actor, finding: Finding, permission: str) -> bool:
    """Tell whether the permission reaches the finding; asks the database only for what keys cannot tell."""
    reached = reach(actor, permission)
    if not reached:
        return False
    if reached.covers(finding.unit) or finding.department_id in reached.department_ids:
        return True
    if reached.user_id is not None and reached.user_id in (finding.leader_id, finding.owner_id):
        return True
    if not reached.department_ids and reached.user_id is None:
        return False
    return Finding.objects.filter(reached_findings(reached, finding.pk), pk=finding.pk).exists()


def _missing(finding: Finding, measures: Sequence[Measure]) -> Iterable[str]:
    if finding.leader_id is None:
        yield _now("责任领导")
    if finding.department_id is None:
        yield _now("责任部门")
    if finding.owner_id is None:
        yield _now("责任人")
    if finding.due_on is None and not finding.due_text:
        yield _now("整改时限")
    if not measures:
        yield _now("整改措施")
    if finding.status == Status.UNKNOWN:
        yield _now("整改状态")


def source_passage(finding: Finding, *, measures: Sequence[Measure] = (), context: int = CONTEXT) -> Passage | None:
    """Return the passage that *finding* was read from, cut where its measures begin and end; one query.

    Args:
        finding: the finding.
        measures: its measures, when they are at hand.
        context: characters to show around the passage.
    """
    start, end = finding.span_start, finding.span_end
    if finding.source_id is None or start is None or end is None or end <= start:
        return None
    end = min(end, start + _LONGEST_PASSAGE)
    around = max(0, start - context)
    source = (
        Source.objects.filter(pk=finding.source_id)
        .annotate(cut=Substr("text", around + 1, end + context - around), length=Length(F("text")))
        .values_list("name", "file_id", "cut", "length")
        .first()
    )
    if source is None or source[3] < start:
        return None
    name, file_id, cut, _length = source
    passage = cut[start - around : end - around]
    return Passage(
        source_id=finding.source_id,
        source_name=name,
        file_id=file_id,
        start=start,
        end=start + len(passage),
        before=cut[: start - around],
        parts=tuple(_parts(passage, start, finding.source_id, measures)),
        after=cut[end - around :],
    )


def _parts(passage: str, start: int, source_id: int, measures: Sequence[Measure]) -> Iterable[PassagePart]:
    at = start
    end = start + len(passage)
    spans = sorted(
        (measure.span_start, measure.span_end, measure.pk)
        for measure in measures
        if measure.source_id == source_id and measure.span_start is not None and measure.span_end is not None
    )
    for first, last, key in spans:
        if first < at or last > end or last <= first:
            continue
        if first > at:
            yield PassagePart(passage[at - start : first - start], None, at)
        yield PassagePart(passage[first - start : last - start], key, first)
        at = last
    if at < end:
        yield PassagePart(passage[at - start :], None, at)
