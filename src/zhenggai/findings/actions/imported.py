"""Write what an imported document says: called by the room ``intake`` inside the transaction of its confirmation.

What becomes of each piece was decided before; here it is written in bulk, with one entry in the trail for each finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.files.models import StoredFile
from zhenggai.findings import codes
from zhenggai.findings.actions.records import next_order
from zhenggai.findings.actions.rounds import ROUND
from zhenggai.findings.changes import Changes, compare, locked, put, tell_trail
from zhenggai.findings.fields import FINDING_FIELDS, Field
from zhenggai.findings.models import (
    Aspect,
    Finding,
    InspectionRound,
    Measure,
    Mention,
    ProgressEntry,
    Source,
)
from zhenggai.findings.search import index_findings
from zhenggai.people.access import require
from zhenggai.people.models import Unit, User

Span = tuple[int, int]
_BATCH = 500
_NONE = (None, None)


@dataclass(frozen=True, slots=True)
class MeasureWrite:
    """One measure to write."""

    reads: dict[Field, Any]
    """Field → stored value."""
    span: Span | None = None
    """Where it was read from."""
    measure: Measure | None = None
    """The measure it changes; None adds one."""


@dataclass(frozen=True, slots=True)
class ProgressWrite:
    """One statement of progress to write."""

    text: str
    """The statement."""
    span: Span | None = None
    """Where it was read from."""


@dataclass(slots=True)
class FindingWrite:
    """One finding to write, with what belongs to it."""

    reads: dict[Field, Any]
    """Field → stored value."""
    finding: Finding | None = None
    """The finding it changes; None adds one."""
    span: Span | None = None
    """Where it was read from."""
    measures: list[MeasureWrite] = field(default_factory=list)
    """Measures to add or change, in order."""
    retired: list[Measure] = field(default_factory=list)
    """Measures of an earlier progress notice that become statements of progress, now that a plan names the measures."""
    progress: list[ProgressWrite] = field(default_factory=list)
    """Statements of progress to add."""


@dataclass(frozen=True, slots=True)
class DraftWrite:
    """A whole document to write."""

    round: InspectionRound
    """The round, locked and up to date."""
    file: StoredFile
    """The original file."""
    name: str
    """Name of the document."""
    family: str
    """Kind of paper."""
    document_on: Any
    """Date of signature."""
    text: str
    """Text that spans refer to."""
    findings: Sequence[FindingWrite]
    """Findings in order of place."""


@dataclass(frozen=True, slots=True)
class DraftWritten:
    """What was written."""

    source: Source
    """The kept source."""
    created: int
    """Findings added."""
    updated: int
    """Findings changed."""
    unchanged: int
    """Findings that said the same already."""
    measures: int
    """Measures added or changed."""


def write_aspect(round_: InspectionRound, no: str, title: str) -> Aspect:
    """Add an aspect at the end of a round, whose row the caller has locked."""
    last = Aspect.objects.filter(round=round_).aggregate(last=Max("order"))["last"] or 0
    return Aspect.objects.create(round=round_, no=no[:20], title=title[:300], order=last + 1)


def lock_round_findings(round_: InspectionRound) -> list[Finding]:
    """Return the findings of a round that stand on the ledger, locked in the order of their keys."""
    return list(locked(Finding.objects.filter(round=round_, withdrawn_at__isnull=True)).order_by("pk"))


def write_draft(draft: DraftWrite, *, actor: User) -> DraftWritten:
    """Write a document's findings into its round, in the caller's transaction.

    Raises:
        NotAllowed: the actor may not edit findings of the round's unit.
    """
    require(actor, "findings.edit", draft.round.unit)
    source = Source.objects.create(
        round=draft.round,
        file=draft.file,
        name=draft.name,
        family=draft.family[:40],
        document_on=draft.document_on,
        text=draft.text,
        imported_by=actor,
    )
    fresh = [each for each in draft.findings if each.finding is None]
    created = _create(fresh, draft.round, source)
    for finding, each in zip(created, fresh, strict=True):
        tell_trail(actor, codes.IMPORTED, finding, source=draft.name, source_id=source.pk, measures=len(each.measures))
    touched = list(created)
    updated = written = 0
    for each in draft.findings:
        if each.finding is not None and _update(each, each.finding, source, actor):
            updated += 1
            touched.append(each.finding)
    written = sum(len(each.measures) for each in draft.findings)
    spoken_of = [*zip(created, fresh, strict=True), *((each.finding, each) for each in draft.findings if each.finding)]
    _mention(spoken_of, source)
    index_findings(finding.pk for finding in touched)
    record(
        actor=actor,
        code=codes.ROUND_WRITTEN,
        object_type=ROUND,
        object_id=draft.round.pk,
        object_label=draft.round.name,
        data={"source": draft.name, "sha256": draft.file.sha256, "created": len(created), "updated": updated},
    )
    return DraftWritten(source, len(created), updated, len(draft.findings) - len(created) - updated, written)


def _mention(spoken_of: Iterable[tuple[Finding, FindingWrite]], source: Source) -> None:
    """Keep where the document speaks of each finding, also of those it changes nothing about."""
    mentions = [
        Mention(finding=finding, source=source, span_start=each.span[0], span_end=each.span[1])
        for finding, each in spoken_of
        if each.span is not None
    ]
    Mention.objects.bulk_create(mentions, batch_size=_BATCH)


def _create(fresh: Sequence[FindingWrite], round_: InspectionRound, source: Source) -> list[Finding]:
    order = next_order(round_)
    findings: list[Finding] = []
    assist: list[tuple[Finding, list[Unit]]] = []
    for number, each in enumerate(fresh, start=order):
        finding = Finding(round=round_, unit=round_.unit, order=number, source=source)
        reads = {item: value for item, value in each.reads.items() if item.kind != "units"}
        put(finding, reads, compare(finding, reads))
        finding.span_start, finding.span_end = each.span or (None, None)
        findings.append(finding)
        assist.append((finding, each.reads.get(FINDING_FIELDS["assist"], [])))
    findings = Finding.objects.bulk_create(findings, batch_size=_BATCH)
    through = Finding.assist_departments.through
    through.objects.bulk_create(
        [through(finding_id=finding.pk, unit_id=unit.pk) for finding, units in assist for unit in units],
        batch_size=_BATCH,
    )
    measures: list[Measure] = []
    entries: list[ProgressEntry] = []
    for finding, each in zip(findings, fresh, strict=True):
        measures += [_fresh_measure(finding, i, write, source) for i, write in enumerate(each.measures, start=1)]
        entries += _fresh_entries(finding, 1, each.progress, source)
    Measure.objects.bulk_create(measures, batch_size=_BATCH)
    ProgressEntry.objects.bulk_create(entries, batch_size=_BATCH)
    return findings


def _fresh_measure(finding: Finding, order: int, write: MeasureWrite, source: Source) -> Measure:
    measure = Measure(finding=finding, order=order, source=source)
    put(measure, write.reads, compare(measure, write.reads))
    measure.span_start, measure.span_end = write.span or (None, None)
    return measure


def _fresh_entries(finding: Finding, order: int, told: Sequence[ProgressWrite], source: Source) -> list[ProgressEntry]:
    entries: list[ProgressEntry] = []
    for number, each in enumerate(told, start=order):
        start, end = each.span or (None, None)
        entries.append(
            ProgressEntry(finding=finding, order=number, text=each.text, source=source, span_start=start, span_end=end)
        )
    return entries


def _update(each: FindingWrite, finding: Finding, source: Source, actor: User) -> bool:
    """Write one matched finding; return whether anything changed."""
    changes: Changes = compare(finding, each.reads)
    attributes = put(finding, each.reads, changes)
    _retire(each, finding)
    before, told = _write_measures(each, finding, source)
    if told:
        changes["measures"] = [before, told]
    if each.progress or each.retired:
        last = finding.progress_entries.aggregate(last=Max("order"))["last"] or 0
        ProgressEntry.objects.bulk_create(_fresh_entries(finding, last + 1, each.progress, source))
        words = "\n".join([*(measure.text for measure in each.retired), *(entry.text for entry in each.progress)])
        changes["progress_entries"] = ["", words]
    if not changes:
        return False
    if finding.source_id is None:
        finding.source, (finding.span_start, finding.span_end) = source, each.span or (None, None)
        attributes += ["source", "span_start", "span_end"]
    finding.version += 1
    finding.save(update_fields=[*attributes, "version", "changed_at"])
    tell_trail(actor, codes.MERGED, finding, changes=changes, source=source.name, source_id=source.pk)
    return True


def _retire(each: FindingWrite, finding: Finding) -> None:
    """Turn measures of an earlier notice into statements of progress with their own source."""
    if not each.retired:
        return
    last = finding.progress_entries.aggregate(last=Max("order"))["last"] or 0
    ProgressEntry.objects.bulk_create(
        ProgressEntry(
            finding=finding,
            order=order,
            text=measure.text,
            source_id=measure.source_id,
            span_start=measure.span_start,
            span_end=measure.span_end,
        )
        for order, measure in enumerate(each.retired, start=last + 1)
    )
    Measure.objects.filter(pk__in=[measure.pk for measure in each.retired]).update(withdrawn_at=timezone.now())


def _write_measures(each: FindingWrite, finding: Finding, source: Source) -> tuple[str, str]:
    """Add and change measures; return the words that stood there and the words that were written."""
    last = finding.measures.aggregate(last=Max("order"))["last"] or 0
    fresh: list[Measure] = []
    stood: list[str] = []
    told: list[str] = []
    for write in each.measures:
        if write.measure is None:
            fresh.append(_fresh_measure(finding, last + len(fresh) + 1, write, source))
            told.append(fresh[-1].text)
            continue
        changes = compare(write.measure, write.reads)
        if changes:
            before = write.measure.text
            attributes = put(write.measure, write.reads, changes)
            if write.measure.text != before:  # its words stand in another document now
                stood.append(before)
                write.measure.source, (write.measure.span_start, write.measure.span_end) = source, write.span or _NONE
                attributes += ["source", "span_start", "span_end"]
            write.measure.save(update_fields=attributes)
            told.append(write.measure.text)
    Measure.objects.bulk_create(fresh)
    return "\n".join(stood), "\n".join(told)
