"""The close-out form 销号单, frozen as plain values when a finding is closed."""

from __future__ import annotations

from typing import Any

from zhenggai.findings.models import Finding
from zhenggai.policy.profile import Policy
from zhenggai.workflow.criteria import criteria_states
from zhenggai.workflow.models import Criterion, EvidenceLink, Submission


def build_form(finding: Finding, submission: Submission, policy: Policy, rules: str) -> dict[str, Any]:
    """Return what the form says now, as JSON values.

    ``round unit no title description leader department assist owner first_due due rules statement submitted_by
    submitted_at``, ``measures`` (``text nature criterion done_on done_by note``), ``criteria`` (``text kind met_by
    met_at``, and of a condition on a ledger ``seen as_of condition``), ``evidence`` (``name kind file sha256 version measure``), ``opinions`` (``level verdict text minutes_no
    by behalf department at``), ``skipped`` (labels of levels passed over).
    """
    labels = {level.code: level.label for level in policy.levels}
    return {
        "round": finding.round.name,
        "unit": finding.unit.name,
        "no": finding.no or str(finding.order),
        "title": finding.title,
        "description": finding.description,
        "leader": _name(finding.leader, finding.leader_text),
        "department": _name(finding.department, finding.department_text),
        "assist": [unit.name for unit in finding.assist_departments.all()],
        "owner": _name(finding.owner, finding.owner_text),
        "due": finding.due_on.isoformat() if finding.due_on else finding.due_text,
        "extensions": finding.extensions,
        "rules": rules,
        "statement": submission.statement,
        "submitted_by": submission.by.name,
        "submitted_at": submission.at.isoformat(),
        "measures": _measures(finding),
        "criteria": [
            {
                "kind": state.criterion.kind,
                "text": state.criterion.text,
                "met_by": state.criterion.met_by.name if state.criterion.met_by else "",
                "met_at": state.criterion.met_at.isoformat() if state.criterion.met_at else "",
                **_seen(state.criterion),
            }
            for state in criteria_states(finding, policy)
        ],
        "evidence": _evidence(finding),
        "opinions": [
            {
                "level": opinion.level_label,
                "verdict": opinion.verdict,
                "text": opinion.text,
                "minutes_no": opinion.minutes_no,
                "by": opinion.by.name,
                "behalf": opinion.on_behalf_of.name if opinion.on_behalf_of else "",
                "department": opinion.department.name if opinion.department else "",
                "at": opinion.at.isoformat(),
            }
            for opinion in submission.opinions.select_related("by", "on_behalf_of", "department").order_by("pk")
        ],
        "skipped": [labels.get(code, code) for code in submission.skipped],
    }


def _seen(criterion: Criterion) -> dict[str, Any]:
    """Return what a ledger showed, where the criterion is a condition on one."""
    if criterion.kind != Criterion.Kind.CONDITION:
        return {}
    as_of = criterion.state_as_of
    return {"seen": criterion.state_text, "as_of": as_of.isoformat() if as_of else "", "condition": criterion.condition}


def _name(record: Any, text: str) -> str:
    return record.name if record is not None else text


def _measures(finding: Finding) -> list[dict[str, Any]]:
    found = []
    measures = finding.measures.filter(withdrawn_at=None).prefetch_related("completions__by").order_by("order", "pk")
    for measure in measures:
        done = next((each for each in measure.completions.all() if each.withdrawn_at is None), None)
        found.append(
            {
                "text": measure.text,
                "nature": measure.nature,
                "criterion": measure.criterion,
                "done_on": done.done_on.isoformat() if done else "",
                "done_by": done.by.name if done else "",
                "note": done.note if done else "",
            }
        )
    return found


def _evidence(finding: Finding) -> list[dict[str, Any]]:
    links = EvidenceLink.objects.filter(finding=finding, withdrawn_at=None, evidence__withdrawn_at=None)
    found = []
    for link in links.select_related("evidence", "measure").prefetch_related("evidence__versions__file").order_by("pk"):
        newest = next(iter(link.evidence.versions.all()), None)
        if newest is not None:
            found.append(
                {
                    "name": link.evidence.name,
                    "kind": link.evidence.kind,
                    "file": newest.name,
                    "sha256": newest.file.sha256,
                    "version": newest.no,
                    "measure": link.measure.text[:60] if link.measure else "",
                }
            )
    return found
