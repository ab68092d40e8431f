"""Bring a workbook back into the record: sound rows are applied in one transaction, refused ones are listed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from zhenggai.audit.actions import record
from zhenggai.audit.models import Entry
from zhenggai.findings import codes
from zhenggai.findings.actions.records import next_order
from zhenggai.findings.changes import Changes, compare, put, tell_trail
from zhenggai.findings.errors import WorkbookApplied, WorkbookEmpty
from zhenggai.findings.fields import FINDING_FIELDS
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Finding, InspectionRound, Measure
from zhenggai.findings.search import index_findings
from zhenggai.findings.workbook.export import export_findings
from zhenggai.findings.workbook.plan import RowKind, RowPlan, WorkbookPreview, WorkbookRow, plan_workbook, read_workbook
from zhenggai.people.access import Actor, require
from zhenggai.people.models import User


@dataclass(frozen=True, slots=True)
class WorkbookResult:
    """What applying a workbook did."""

    changed: int
    """Findings changed."""
    created: int
    """Findings added."""
    measures_changed: int
    """Measures changed."""
    measures_created: int
    """Measures added."""
    refused: int
    """Rows that were refused."""
    preview: WorkbookPreview
    """Every row, as it was judged at the moment of applying."""

    @property
    def refused_rows(self) -> tuple[WorkbookRow, ...]:
        """The rows that were refused, with cell and reason."""
        return tuple(row for row in self.preview.rows if row.kind == RowKind.REFUSED)


_COUNTED = ("changed", "created", "measures_changed", "measures_created", "refused")


def export_ledger(query: LedgerQuery, *, actor: User) -> bytes:
    """Return the findings that match as a workbook, and tell the trail who took them out.

    Raises:
        NotAllowed: the actor may not export.
    """
    book = export_findings(actor, query)
    record(actor=actor, code=codes.EXPORTED, object_type="ledger", data={"query": query.without_place().to_string()})
    return book


def apply_workbook(file: BinaryIO, *, actor: Actor, nonce: str = "") -> WorkbookResult:
    """Apply the sound rows of a workbook in one transaction.

    Args:
        file: readable binary stream of an .xlsx file as :func:`~zhenggai.findings.workbook.export.export_findings`
            writes it, edited.
        actor: who brings it.
        nonce: name of the preview that was looked at, which may be applied once; default is one of its own.

    Raises:
        NotAllowed: the actor may not edit findings.
        BadWorkbook: the file cannot be read as a ledger.
        WorkbookApplied: the preview was applied before.
        WorkbookEmpty: there is nothing to apply.
    """
    require(actor, "findings.edit")
    sheets = read_workbook(file)  # before the transaction, which lets nobody else write
    nonce = nonce or secrets.token_hex(16)
    with transaction.atomic():
        _check_first_time(nonce, actor)
        plan = plan_workbook(actor, sheets, lock=True)
        applied = [row for row in (*plan.findings, *plan.measures) if row.kind in (RowKind.CHANGED, RowKind.NEW)]
        if not applied:
            raise WorkbookEmpty
        preview = plan.preview()
        _change_findings([row for row in plan.findings if row.kind == RowKind.CHANGED], plan.measures, actor)
        created = _create_findings([row for row in plan.findings if row.kind == RowKind.NEW], actor)
        index_findings({row.finding.pk for row in applied if row.finding is not None})
        kinds = [row.kind for row in plan.measures]
        result = WorkbookResult(
            changed=sum(row.kind == RowKind.CHANGED for row in plan.findings),
            created=created,
            measures_changed=kinds.count(RowKind.CHANGED),
            measures_created=kinds.count(RowKind.NEW),
            refused=preview.count(RowKind.REFUSED),
            preview=preview,
        )
        counts = {name: getattr(result, name) for name in _COUNTED}
        record(actor=actor, code=codes.WORKBOOK_APPLIED, object_type="workbook", object_id=nonce, data=counts)
    return result


def _check_first_time(nonce: str, actor: Actor) -> None:
    """Go on only when the preview called *nonce* was not applied before.

    The actor's row is locked, so that of two requests sent at once the later one sees what the earlier one recorded.
    """
    if isinstance(actor, User):
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    applied = Entry.objects.filter(object_type="workbook", object_id=nonce, code=codes.WORKBOOK_APPLIED)
    if applied.exists():
        raise WorkbookApplied


def _change_findings(rows: Sequence[RowPlan], measures: Sequence[RowPlan], actor: Actor) -> None:
    """Write the changed findings and measures; a finding goes one version up however many of its rows changed."""
    attributes: dict[Finding, list[str]] = {}
    told: list[tuple[str, Finding, Changes, Measure | None]] = []
    for row in rows:
        assert row.finding is not None  # held by the kind of the row
        attributes[row.finding] = put(row.finding, row.reads, row.changes)
        told.append((codes.WORKBOOK_UPDATED, row.finding, row.changes, None))
    for row in measures:
        if row.kind not in (RowKind.CHANGED, RowKind.NEW):
            continue
        assert row.finding is not None and isinstance(row.record, Measure)
        attributes.setdefault(row.finding, [])
        code = _write_measure(row, row.record, row.finding)
        told.append((code, row.finding, row.changes, row.record))
    for finding, names in attributes.items():
        finding.version += 1
        finding.save(update_fields=[*names, "version", "changed_at"])
    for code, finding, changes, measure in told:
        extra = {"measure": str(measure), "measure_id": measure.pk, "workbook": True} if measure else {}
        tell_trail(actor, code, finding, changes=changes, **extra)


def _write_measure(row: RowPlan, measure: Measure, finding: Finding) -> str:
    names = put(measure, row.reads, row.changes)
    if row.kind == RowKind.CHANGED:
        measure.save(update_fields=names)
        return codes.MEASURE_UPDATED
    measure.order = (finding.measures.aggregate(last=Max("order"))["last"] or 0) + 1
    measure.save()
    put(measure, row.reads, row.changes)  # assisting departments need the key
    return codes.MEASURE_ADDED


def _create_findings(rows: Sequence[RowPlan], actor: Actor) -> int:
    for row in rows:
        finding = row.finding
        assert finding is not None  # held by the kind of the row
        InspectionRound.objects.select_for_update(no_key=True).get(pk=finding.round_id)
        finding.order = next_order(finding.round)
        assist = row.reads.pop(FINDING_FIELDS["assist"], [])
        put(finding, row.reads, compare(finding, row.reads))
        finding.save()
        finding.assist_departments.set(assist)
        tell_trail(actor, codes.WORKBOOK_CREATED, finding, changes=row.changes)
    return len(rows)
