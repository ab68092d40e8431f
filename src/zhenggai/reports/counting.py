"""The record of a scope → plain values for a paper: findings with their measures, and every figure counted from them.

Nothing is counted anywhere else, so that the figures of one paper cannot disagree; statuses sum to the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import Finding, Measure, Status
from zhenggai.findings.standing import Standing, standing_of
from zhenggai.gongwen import chinese_day, numbered
from zhenggai.reports.scope import Scope
from zhenggai.workflow.plan import planned_measures

Values = dict[str, Any]
_OPEN = (Standing.IN_REVIEW, Standing.ONGOING, Standing.EXTENDED, Standing.OVERDUE, Standing.RETURNED, Standing.REOPENED,
         Standing.NOT_COMPLETED, Standing.UNKNOWN)  # fmt: skip


def base_values(scope: Scope) -> Values:
    """Return what stands in every paper."""
    unit = scope.unit.name
    return {
        "unit": unit,
        "round": scope.round.name,
        "inspecting_body": scope.round.inspecting_body or _now("巡察组"),
        "feedback_on": chinese_day(scope.round.feedback_on),
        "today": chinese_day(scope.today),
        "department": scope.department.name if scope.department else "",
        "signature": f"{unit}巡察整改工作领导小组办公室",
        "period": period_words(scope.since, scope.until),
    }


def period_words(since: date | None, until: date | None) -> str:
    """Return a period in words, the year said once where it is the same."""
    if since is None or until is None:
        return ""
    if since == until:
        return chinese_day(since)
    last = f"{until.month}月{until.day}日" if since.year == until.year else chinese_day(until)
    return f"{chinese_day(since)}至{last}"


class Ledger:
    """The findings of a scope with measures and standing, read once; a bounded number of queries."""

    def __init__(self, scope: Scope) -> None:
        """Read the findings of *scope*."""
        rows = scope.findings().select_related("aspect", "unit", "leader", "department", "owner", "round")
        self.findings: list[Finding] = list(rows.prefetch_related("assist_departments"))
        self.measures = planned_measures(self.findings)
        self.line: Line = line_on(scope.today)
        self.standings = {finding.pk: standing_of(finding, self.line) for finding in self.findings}

    def standing(self, finding: Finding) -> Standing:
        """Return how *finding* stands."""
        return self.standings[finding.pk]

    def is_late(self, finding: Finding) -> bool:
        """Tell whether *finding* is over its deadline."""
        return self.line.is_late(finding.due_on, finding.round_id) and self.standing(finding) not in (
            Standing.COMPLETED, Standing.LONG_TERM,
        )  # fmt: skip

    def is_past_milestone(self, finding: Finding) -> bool:
        """Tell whether *finding* is phased and its next milestone is past: it counts as phased, with a mark."""
        return self.standing(finding) is Standing.PHASED and self.is_late(finding)


def count_values(ledger: Ledger) -> Values:
    """Return the figures of the whole scope."""
    tally = Counter(ledger.standings.values())
    total = len(ledger.findings)
    measures = [measure for each in ledger.measures.values() for measure in each]
    done = sum(measure.status == Status.COMPLETED for measure in measures)
    return {
        "total": total,
        **{standing.value: tally[standing] for standing in Standing},
        "open": sum(tally[standing] for standing in _OPEN),
        "late": sum(ledger.is_late(finding) for finding in ledger.findings),
        "status_line": status_line(total, tally, sum(map(ledger.is_past_milestone, ledger.findings))),
        "completed_rate": rate(tally[Standing.COMPLETED], total),
        "measures_total": len(measures),
        "measures_completed": done,
        "measures_rate": rate(done, len(measures)),
    }


def status_line(total: int, tally: Counter[Standing], past_milestone: int = 0) -> str:
    """Return a sentence that tells how many findings stand how; its parts sum to the total.

    Args:
        total: how many there are.
        tally: standing → how many.
        past_milestone: how many of the phased ones are past their milestone; told in a bracket, counted once.
    """
    marks = {Standing.PHASED: f"（里程碑逾期{past_milestone}个）" if past_milestone else ""}
    parts = [
        f"{standing.label}{tally[standing]}个{marks.get(standing, '')}" for standing in Standing if tally[standing]
    ]
    return f"共{total}个问题" + (f"，其中{'、'.join(parts)}" if parts else "")


def rate(part: int, whole: int) -> str:
    """Return a share in per cent with two digits; a dash where there is no whole."""
    if not whole:
        return "—"
    return f"{(Decimal(part * 100) / whole).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def finding_values(ledger: Ledger, findings: Iterable[Finding] | None = None) -> list[Values]:
    """Return *findings*, all by default, as records for a template."""
    found = ledger.findings if findings is None else list(findings)
    return [_finding(ledger, finding, index) for index, finding in enumerate(found, start=1)]


def _finding(ledger: Ledger, finding: Finding, index: int) -> Values:
    measures = [_measure(finding, measure, n) for n, measure in enumerate(ledger.measures[finding.pk], start=1)]
    return {
        "index": index,
        "no": finding.no or str(finding.order),
        "number": numbered(2, index),
        "aspect": finding.aspect.title if finding.aspect else "",
        "title": finding.title,
        "description": finding.description,
        "unit": finding.unit.name,
        "leader": _name(finding.leader, finding.leader_text),
        "department": _name(finding.department, finding.department_text),
        "assist": "、".join(unit.name for unit in finding.assist_departments.all()) or finding.assist_text,
        "owner": _name(finding.owner, finding.owner_text),
        "due": due_words(finding.due_on, finding.due_text),
        "due_prose": chinese_day(finding.due_on) or finding.due_text,
        "closed_prose": chinese_day(finding.closed_on),
        "criteria": finding.completion_criteria,
        "status": f"{ledger.standing(finding).label}{'（里程碑逾期）' if ledger.is_past_milestone(finding) else ''}",
        "closed_on": finding.closed_on.isoformat() if finding.closed_on else "",
        "is_late": ledger.is_late(finding),
        "measures": measures,
        "measures_text": "\n".join(f"{measure['no']}.{measure['text']}" for measure in measures),
        "progress_text": "\n".join(
            f"{measure['no']}.{measure['progress']}" for measure in measures if measure["progress"]
        ),
    }


def _measure(finding: Finding, measure: Measure, number: int) -> Values:
    return {
        "no": number,
        "text": measure.text,
        "nature": str(Measure.Nature(measure.nature).label) if measure.nature else "",
        "criterion": measure.criterion or finding.completion_criteria,
        "leader": _name(measure.leader or finding.leader, measure.leader_text or finding.leader_text),
        "department": _name(
            measure.department or finding.department, measure.department_text or finding.department_text
        ),
        "assist": "、".join(unit.name for unit in measure.assist_departments.all()) or measure.assist_text,
        "owner": _name(measure.owner or finding.owner, measure.owner_text or finding.owner_text),
        "due": due_words(measure.due_on or finding.due_on, measure.due_text or finding.due_text),
        "status": str(Status(measure.status).label),
        "progress": measure.progress.strip(),
    }


def task_values(findings: Sequence[Values]) -> list[Values]:
    """Return the measures of *findings* one by one, each with number and title of its finding."""
    return [
        {**measure, "no": finding["no"], "title": finding["title"], "index": index}
        for index, (finding, measure) in enumerate(
            ((finding, measure) for finding in findings for measure in finding["measures"]), start=1
        )
    ]


def aspect_values(ledger: Ledger) -> list[Values]:
    """Return the aspects with their figures and findings, numbered anew; findings without one come last."""
    groups: dict[str, list[Finding]] = {}
    for finding in ledger.findings:
        groups.setdefault(finding.aspect.title if finding.aspect else "", []).append(finding)
    ordered = [(title, found) for title, found in groups.items() if title] + [
        (t, f) for t, f in groups.items() if not t
    ]
    values = []
    for index, (title, found) in enumerate(ordered, start=1):
        records = finding_values(ledger, found)
        values.append(
            {
                "number": numbered(1, index),
                "title": title or _now("其他问题"),
                **group_counts(ledger, found),
                "findings": records,
            }
        )
    return values


def department_values(ledger: Ledger) -> list[Values]:
    """Return the leading departments with their figures, in the order they first appear; without ranking."""
    groups: dict[str, list[Finding]] = {}
    for finding in ledger.findings:
        groups.setdefault(_name(finding.department, finding.department_text) or _now("未落实部门"), []).append(finding)
    return [{"name": name, **group_counts(ledger, found)} for name, found in groups.items()]


def group_counts(ledger: Ledger, findings: Sequence[Finding]) -> Values:
    """Return the figures of some findings; completed, phased, long-term and open sum to the total."""
    tally = Counter(ledger.standing(finding) for finding in findings)
    return {
        "total": len(findings),
        "completed": tally[Standing.COMPLETED],
        "phased": tally[Standing.PHASED],
        "long_term": tally[Standing.LONG_TERM],
        "open": sum(tally[standing] for standing in _OPEN),
        "late": sum(ledger.is_late(finding) for finding in findings),
    }


def due_words(due_on: date | None, text: str) -> str:
    """Return a deadline as a table writes it."""
    return due_on.isoformat() if due_on else text


def _name(record: Any, text: str) -> str:
    return record.name if record is not None else text
