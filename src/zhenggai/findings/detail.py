"""Everything the page of one finding shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _now

from zhenggai.findings.access import reached_findings
from zhenggai.findings.deadlines import is_understood
from zhenggai.findings.history import finding_history
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import Finding, Measure, ProgressEntry, Status
from zhenggai.findings.shapes import FindingPage, Passage, PassagePart
from zhenggai.people.access import Actor, reach

CONTEXT = 120
"""Characters shown before and behind a source passage."""
_LONGEST_PASSAGE = 20_000


def finding_page(actor: Actor, finding: Finding, line: Line | None = None) -> FindingPage:
    """Return what the page of *finding* shows.

    Args:
        actor: who looks.
        finding: as :func:`~zhenggai.findings.access.access_finding` gives it.
        line: what is late, where it is at hand.
    """
    measures = tuple(
        finding.measures.filter(withdrawn_at__isnull=True)
        .select_related("leader", "department", "owner")
        .order_by("order", "pk")
    )
    entries = finding.progress_entries.select_related("source").defer("source__text").order_by("order", "pk")
    progress = tuple(entries)
    attachments = finding.attachments.filter(withdrawn_at__isnull=True).select_related("file", "attached_by")
    may = {code: _may(actor, finding, f"findings.{code}") for code in ("edit", "assign", "attach")}
    line = line or line_on()
    last_day = line.last_day(finding.due_on, finding.round_id) if finding.due_on else None
    return FindingPage(
        finding=finding,
        last_day=last_day,
        days_left=(last_day - line.today).days if last_day and finding.status != Status.COMPLETED else None,
        assist_departments=tuple(finding.assist_departments.all()),
        measures=measures,
        progress_entries=progress,
        attachments=tuple(attachments.order_by("pk")),
        passages=source_passages(finding, measures=measures, progress=progress),
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
    if reached.user_ids & {finding.leader_id, finding.owner_id}:
        return True
    if not (reached.department_ids or reached.user_ids or reached.filed_paths):
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
    elif not is_understood(finding.due_on, finding.due_text):
        yield _now("整改时限“%(text)s”未识别为日期") % {"text": finding.due_text}
    if not measures:
        yield _now("整改措施")
    if finding.status == Status.UNKNOWN:
        yield _now("整改状态")


def source_passages(
    finding: Finding,
    *,
    measures: Sequence[Measure] = (),
    progress: Sequence[ProgressEntry] = (),
    context: int = CONTEXT,
) -> tuple[Passage, ...]:
    """Return the passages that speak of *finding*, one for each document and the first document first; one query.

    Args:
        finding: the finding.
        measures: its measures, to cut the passages where they begin and end.
        progress: its statements of progress, likewise.
        context: characters to show around a passage.
    """
    start, end = F("span_start"), F("span_end")
    # Not GREATEST(…, 0): a cut that begins before the text gives fewer characters, differently on each database.
    around = Case(When(span_start__gt=context, then=start - context), default=Value(0), output_field=IntegerField())
    stop = Case(
        When(span_end__gt=start + _LONGEST_PASSAGE, then=start + _LONGEST_PASSAGE),
        default=end,
        output_field=IntegerField(),
    )
    mentions = (
        finding.mentions.filter(span_end__gt=start)
        .annotate(around=around, stop=stop)
        .annotate(cut=Substr("source__text", F("around") + 1, F("stop") + context - F("around")))
        .order_by("pk")
        .values_list("source_id", "source__name", "source__file_id", "span_start", "around", "stop", "cut")
    )
    found: dict[int, Passage] = {}
    for source_id, name, file_id, first, shown_from, last, cut in mentions:
        passage = cut[first - shown_from : last - shown_from]
        if not passage or source_id in found:
            continue
        pieces: list[_Piece] = [
            (each.span_start, each.span_end, each.pk, None) for each in measures if each.source_id == source_id
        ]
        pieces += [(each.span_start, each.span_end, None, each.pk) for each in progress if each.source_id == source_id]
        found[source_id] = Passage(
            source_id=source_id,
            source_name=name,
            file_id=file_id,
            start=first,
            end=first + len(passage),
            before=cut[: first - shown_from],
            parts=tuple(_parts(passage, first, pieces)),
            after=cut[last - shown_from :],
        )
    return tuple(found.values())


_Piece = tuple[int | None, int | None, int | None, int | None]
"""Begin and end in the source text, key of the measure, key of the statement of progress."""


def _parts(passage: str, start: int, pieces: Iterable[_Piece]) -> Iterable[PassagePart]:
    at = start
    end = start + len(passage)
    spans = [
        (first, last, measure, entry)
        for first, last, measure, entry in pieces
        if first is not None and last is not None
    ]
    for first, last, measure, entry in sorted(spans, key=lambda span: span[:2]):
        if first < at or last > end or last <= first:
            continue
        if first > at:
            yield PassagePart(passage[at - start : first - start], None, at)
        yield PassagePart(passage[first - start : last - start], measure, first, entry)
        at = last
    if at < end:
        yield PassagePart(passage[at - start :], None, at)
