"""What a document says, as structure: the draft that a person checks before it becomes the record.

Every piece keeps the ``span`` ``(start, end)`` of ``Document.text`` it was read from.  ``None`` or an empty tuple means that
the document does not say; nothing is inferred that is not written.  :func:`draft_to_json` gives the published JSON form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from zhenggai.docparse.document import Note

Span = tuple[int, int]
Status = Literal["completed", "phased", "ongoing", "not_completed"]


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """One measure 整改措施 as the document states it, without its enumerator."""

    text: str
    """The measure in full."""
    span: Span
    """Where it stands."""
    leader: str | None = None
    """责任领导 named for this measure."""
    department: str | None = None
    """责任部门 named for this measure."""
    person: str | None = None
    """责任人 named for this measure."""
    deadline: str | None = None
    """Deadline as ``YYYY-MM-DD``, ``YYYY-MM``, or the document's own words (``长期坚持``, ``立行立改``)."""


@dataclass(frozen=True, slots=True)
class DraftResponsibility:
    """Who answers for a finding, as written."""

    leader: str | None = None
    """责任领导, 牵头领导, 分管领导."""
    department: str | None = None
    """责任部门, 牵头部门."""
    person: str | None = None
    """责任人."""
    unit: str | None = None
    """责任单位."""
    support: str | None = None
    """配合部门, 协办部门."""
    supervisor: str | None = None
    """督办, 督导, 监督 leader or department."""


@dataclass(frozen=True, slots=True)
class DraftAspect:
    """One aspect 方面, the heading that groups findings."""

    no: str
    """The number a reader sees, e.g. ``一``; empty when there is none."""
    title: str
    """The heading without its number."""
    span: Span
    """Where the heading stands."""


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """One finding 问题: the innermost level that carries measures."""

    no: str
    """The number a reader sees (``3``, ``(一)`` gives ``一``); empty when there is none."""
    title: str
    """The quoted or heading phrase without 关于/针对…的问题 and outer quotes."""
    span: Span
    """The whole passage, heading through last measure."""
    title_span: Span
    """Where the title stands."""
    aspect_index: int | None = None
    """Index into ``Draft.aspects``; None when the document has no aspects."""
    description: str = ""
    """The detail of the problem between heading and measures."""
    description_span: Span | None = None
    """Where the description stands."""
    measures: tuple[DraftMeasure, ...] = ()
    """Measures in order."""
    progress: tuple[str, ...] = ()
    """Progress or result statements where the document states them apart from the measures."""
    status: Status | None = None
    """Status stated for this finding; never inferred from a mere label such as 整改完成情况."""
    status_text: str | None = None
    """The words the status was read from."""
    responsibility: DraftResponsibility | None = None
    """Who answers for it."""
    deadline: str | None = None
    """As for measures."""
    target: str | None = None
    """整改目标 or 完成标准."""
    parent_no: str | None = None
    """Number of the heading between aspect and finding."""
    parent_title: str | None = None
    """That heading's title."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Damage or contradiction in the source: reported, never silently mended."""

    kind: str
    """Stable identifier, listed in ``docs/reading.md``."""
    text: str
    """The words concerned, as they stand."""
    span: Span
    """Where."""
    hint: str
    """What is likely meant or what to check, in Chinese."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the reader, for ``--explain``."""

    span: Span
    """The piece decided about."""
    role: str
    """What it was taken for: ``aspect``, ``finding``, ``measure``, ``preamble`` …"""
    reasons: tuple[str, ...]
    """The evidence, weighed, in Chinese."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document understood."""

    family: str
    """What kind of paper it is: ``progress_notice feedback plan ledger audit_report environment_plan self_examination round_report other``."""
    unit: str | None = None
    """Inspected unit."""
    inspecting_body: str | None = None
    """Who inspected, e.g. 市委第三巡察组."""
    inspection_start: str | None = None
    """``YYYY-MM-DD`` or ``YYYY-MM``."""
    inspection_end: str | None = None
    """``YYYY-MM-DD`` or ``YYYY-MM``."""
    feedback_date: str | None = None
    """``YYYY-MM-DD`` or ``YYYY-MM``."""
    document_date: str | None = None
    """Date of signature."""
    as_of: str | None = None
    """Moment the stated status refers to (截至…)."""
    counts: dict[str, int | float] = field(default_factory=dict)
    """Declared: ``aspects findings completed phased ongoing not_completed measures rate_percent``; absent when not said."""
    aspects: tuple[DraftAspect, ...] = ()
    """Aspects in order."""
    findings: tuple[DraftFinding, ...] = ()
    """Findings in order."""
    anomalies: tuple[Anomaly, ...] = ()
    """Damage and contradictions, in order of place."""
    decisions: tuple[Decision, ...] = ()
    """Why each piece was taken for what; empty unless asked for."""
    fact_spans: dict[str, Span] = field(default_factory=dict)
    """Where each fact and count was read (``unit``, ``counts.findings`` …)."""


def _given(pairs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value is not None and value != ""}


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Return the published JSON form of *draft*; keys whose value the document does not state are absent."""
    return _given(
        {
            "family": draft.family,
            "unit": draft.unit,
            "inspecting_body": draft.inspecting_body,
            "inspection_start": draft.inspection_start,
            "inspection_end": draft.inspection_end,
            "feedback_date": draft.feedback_date,
            "document_date": draft.document_date,
            "as_of": draft.as_of,
        }
    ) | {
        "counts": dict(draft.counts),
        "aspects": [{"no": aspect.no, "title": aspect.title, "span": list(aspect.span)} for aspect in draft.aspects],
        "findings": [_finding_to_json(finding) for finding in draft.findings],
        "anomalies": [
            {"kind": item.kind, "text": item.text, "span": list(item.span), "hint": item.hint}
            for item in draft.anomalies
        ],
    }


def notes_to_json(notes: Iterable[Note]) -> list[dict[str, str]]:
    """Return what a reader noticed about the file itself, for the published JSON form."""
    return [{"kind": note.kind, "text": note.text, "hint": note.hint} for note in notes]


def _finding_to_json(finding: DraftFinding) -> dict[str, Any]:
    who = finding.responsibility
    responsibility = (
        _given(
            {
                "leader": who.leader,
                "department": who.department,
                "person": who.person,
                "unit": who.unit,
                "support": who.support,
                "supervisor": who.supervisor,
            }
        )
        if who
        else {}
    )
    return {"title": finding.title} | _given(
        {
            "no": finding.no,
            "aspect_index": finding.aspect_index,
            "description": finding.description,
            "measures": [
                _given(
                    {
                        "text": measure.text,
                        "leader": measure.leader,
                        "department": measure.department,
                        "person": measure.person,
                        "deadline": measure.deadline,
                        "span": list(measure.span),
                    }
                )
                for measure in finding.measures
            ],
            "progress": list(finding.progress),
            "status": finding.status,
            "status_text": finding.status_text,
            "responsibility": responsibility or None,
            "deadline": finding.deadline,
            "target": finding.target,
            "parent_no": finding.parent_no,
            "parent_title": finding.parent_title,
            "span": list(finding.span),
        }
    )
