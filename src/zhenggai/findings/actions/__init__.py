"""Everything that writes the record. Each act takes a keyword-only actor, checks, locks, writes and tells the trail."""

from zhenggai.findings.actions.assign import assign_findings, assign_measures
from zhenggai.findings.actions.attachments import attach_file, delete_view, save_view, withdraw_attachment
from zhenggai.findings.actions.imported import (
    DraftWrite,
    DraftWritten,
    FindingWrite,
    MeasureWrite,
    ProgressWrite,
    lock_round_findings,
    write_aspect,
    write_draft,
)
from zhenggai.findings.actions.records import (
    add_measure,
    create_finding,
    restore_findings,
    restore_measure,
    update_finding,
    update_measure,
    withdraw_findings,
    withdraw_measure,
)
from zhenggai.findings.actions.rounds import create_round, update_round
from zhenggai.findings.actions.stages import STATUS_OF, write_measure_status, write_stage
from zhenggai.findings.actions.workbook import WorkbookResult, apply_workbook, export_ledger

__all__ = [
    "STATUS_OF",
    "DraftWrite",
    "DraftWritten",
    "FindingWrite",
    "MeasureWrite",
    "ProgressWrite",
    "WorkbookResult",
    "add_measure",
    "apply_workbook",
    "assign_findings",
    "assign_measures",
    "attach_file",
    "create_finding",
    "create_round",
    "delete_view",
    "export_ledger",
    "lock_round_findings",
    "restore_findings",
    "restore_measure",
    "save_view",
    "update_finding",
    "update_measure",
    "update_round",
    "withdraw_attachment",
    "withdraw_findings",
    "withdraw_measure",
    "write_aspect",
    "write_draft",
    "write_measure_status",
    "write_stage",
]
