"""The door through which the loop moves a finding: its stage, with the status and deadline that go with it.

The caller has checked permission and transition and holds the finding's row; nothing here decides.
"""

from __future__ import annotations

from typing import Any

from zhenggai.findings.changes import save_changed
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.findings.search import index_findings

STATUS_OF: dict[Stage, Status] = {
    Stage.WORKING: Status.ONGOING,
    Stage.RETURNED: Status.ONGOING,
    Stage.REOPENED: Status.ONGOING,
    Stage.PHASED: Status.PHASED,
    Stage.LONG_TERM: Status.LONG_TERM,
    Stage.CLOSED: Status.COMPLETED,
}
"""The status a stage brings with it; under review the status stays what it was."""
_WRITABLE = frozenset({"due_on", "due_text", "filed_on", "closed_on", "within_deadline", "extensions"})


def write_stage(finding: Finding, stage: Stage | None = None, **values: Any) -> None:
    """Move a locked finding to *stage* and write what goes with it, as its next version.

    Args:
        finding: locked by the caller.
        stage: the new stage; None keeps it.
        values: any of ``due_on due_text filed_on closed_on within_deadline extensions``.
    """
    unknown = set(values) - _WRITABLE
    if unknown:
        raise TypeError(f"not written with a stage: {sorted(unknown)}")
    attributes = list(values)
    for name, value in values.items():
        setattr(finding, name, value)
    if stage is not None:
        finding.stage = stage
        attributes.append("stage")
        status = STATUS_OF.get(stage)
        if status is not None and finding.status != status:
            finding.status = status
            attributes.append("status")
    save_changed(finding, attributes)
    if "due_text" in values:
        index_findings([finding.pk])


def write_measure_status(measure: Measure, status: Status) -> None:
    """Say how far a measure of a locked finding is."""
    measure.status = status
    measure.save(update_fields=["status"])
