"""The plan as data: what it lacks, its snapshot as three lists, and how two versions or the record differ.

The three lists 问题清单, 任务清单, 责任清单 are drawn from the same records each time, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now

from zhenggai.findings.deadlines import is_understood
from zhenggai.findings.models import Finding, InspectionRound, Measure

Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the completeness gate misses."""

    finding_id: int
    """Of which finding."""
    measure_id: int | None
    """Of which of its measures; None for the finding itself."""
    label: str
    """Which finding or measure, in words."""
    lacking: str
    """What it lacks, in words."""

    def __str__(self) -> str:
        return f"{self.label} {self.lacking}"


def planned_findings(round_: InspectionRound) -> list[Finding]:
    """Return the findings of a round with all that its plan says; three queries."""
    return list(_with_people(Finding.objects.filter(round=round_, withdrawn_at=None)))


def _with_people(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    rows = rows.select_related("aspect", "unit", "leader", "department", "owner")
    return rows.prefetch_related("assist_departments").order_by("order", "pk")


def planned_measures(findings: Iterable[Finding]) -> dict[int, list[Measure]]:
    """Return the measures of *findings* by finding; two queries."""
    keys = [finding.pk for finding in findings]
    rows = Measure.objects.filter(finding__in=keys, withdrawn_at=None).select_related("leader", "department", "owner")
    found: dict[int, list[Measure]] = {key: [] for key in keys}
    for measure in rows.prefetch_related("assist_departments").order_by("order", "pk"):
        found[measure.finding_id].append(measure)
    return found


def plan_gaps(round_: InspectionRound) -> tuple[Gap, ...]:
    """Return all that the completeness gate misses in a round."""
    findings = planned_findings(round_)
    measures = planned_measures(findings)
    return tuple(gap for finding in findings for gap in _gaps(finding, measures[finding.pk]))


def _gaps(finding: Finding, measures: list[Measure]) -> Iterable[Gap]:
    label = _now("第 %(no)s 项") % {"no": finding.no or finding.order}
    for value, words in (
        (finding.leader_id, _now("缺责任领导")),
        (finding.department_id, _now("缺责任部门")),
        (finding.owner_id, _now("缺责任人")),
    ):
        if value is None:
            yield Gap(finding.pk, None, label, words)
    if finding.due_on is None and not (finding.due_text and is_understood(finding.due_on, finding.due_text)):
        yield Gap(finding.pk, None, label, _now("缺整改时限"))
    if not measures:
        yield Gap(finding.pk, None, label, _now("缺整改措施"))
    for number, measure in enumerate(measures, start=1):
        named = _now("%(finding)s措施 %(n)s") % {"finding": label, "n": number}
        if measure.owner_id is None and finding.owner_id is None:
            yield Gap(finding.pk, measure.pk, named, _now("缺责任人"))
        if measure.department_id is None and finding.department_id is None:
            yield Gap(finding.pk, measure.pk, named, _now("缺责任部门"))
        if not measure.criterion.strip() and not finding.completion_criteria.strip():
            yield Gap(finding.pk, measure.pk, named, _now("缺完成标准"))
        if not measure.nature:
            yield Gap(finding.pk, measure.pk, named, _now("未分当下改、长久立"))
        if measure.due_on and finding.due_on and measure.due_on > finding.due_on:
            yield Gap(finding.pk, measure.pk, named, _now("时限晚于问题的时限"))


def take_snapshot(round_: InspectionRound) -> Snapshot:
    """Return the three lists as they stand now, as plain JSON values.

    ``findings``: rows ``id no aspect title description unit leader department assist owner due criteria``, each with
    ``measures``: rows ``id text nature criterion leader department assist owner due``.  What a measure does not say is
    taken from its finding.
    """
    return _snapshot(planned_findings(round_))


def snapshot_of(keys: Iterable[int]) -> Snapshot:
    """Return the lists of only some findings as they stand now, in the form of :func:`take_snapshot`."""
    return _snapshot(list(_with_people(Finding.objects.filter(pk__in=list(keys), withdrawn_at=None))))


def _snapshot(findings: list[Finding]) -> Snapshot:
    measures = planned_measures(findings)
    return {"findings": [_row(finding, measures[finding.pk]) for finding in findings]}


def _row(finding: Finding, measures: list[Measure]) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "no": finding.no or str(finding.order),
        "aspect": finding.aspect.title if finding.aspect else "",
        "title": finding.title,
        "description": finding.description,
        "unit": finding.unit.name,
        "leader": _named(finding.leader),
        "department": _named(finding.department),
        "assist": [unit.name for unit in finding.assist_departments.all()],
        "owner": _named(finding.owner),
        "due": finding.due_on.isoformat() if finding.due_on else finding.due_text,
        "criteria": finding.completion_criteria,
        "measures": [
            {
                "id": measure.pk,
                "text": measure.text,
                "nature": measure.nature,
                "criterion": measure.criterion or finding.completion_criteria,
                "leader": _named(measure.leader or finding.leader),
                "department": _named(measure.department or finding.department),
                "assist": [unit.name for unit in measure.assist_departments.all()],
                "owner": _named(measure.owner or finding.owner),
                "due": _due_of(measure, finding),
            }
            for measure in measures
        ],
    }


def _named(record: Any) -> str:
    return record.name if record is not None else ""


def _due_of(measure: Measure, finding: Finding) -> str:
    if measure.due_on is not None:
        return measure.due_on.isoformat()
    return measure.due_text or (finding.due_on.isoformat() if finding.due_on else finding.due_text)


_LASTING = (
    "制定",
    "修订",
    "建立",
    "健全",
    "完善",
    "出台",
    "印发",
    "机制",
    "制度",
    "办法",
    "规定",
    "细则",
    "规程",
    "规范",
)
"""Words by which a measure lays down something for good."""


def suggest_nature(text: str) -> Measure.Nature:
    """Return the nature that the words of a measure speak for; a person decides."""
    lasting = any(word in text for word in _LASTING)
    return Measure.Nature.LASTING_RULE if lasting else Measure.Nature.FIX_NOW


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two versions of the lists."""

    finding_id: int
    """Which finding."""
    label: str
    """The finding or measure, in words."""
    field: str
    """Name in the snapshot; ``added`` or ``removed`` for a whole row."""
    before: str
    """What the earlier one says."""
    after: str
    """What the later one says."""


def differences(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """Return how two snapshots differ, findings and measures matched by their keys."""
    return tuple(_differences(before.get("findings", []), after.get("findings", [])))


def _differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterable[Difference]:
    old, new = {row["id"]: row for row in before}, {row["id"]: row for row in after}
    for key in [*new, *(key for key in old if key not in new)]:
        row = new.get(key) or old[key]
        label = _now("第 %(no)s 项 %(title)s") % {"no": row["no"], "title": row["title"]}
        if key not in old:
            yield Difference(key, label, "added", "", row["title"])
        elif key not in new:
            yield Difference(key, label, "removed", row["title"], "")
        else:
            yield from _fields(key, label, old[key], new[key])
            yield from _measures(key, label, old[key]["measures"], new[key]["measures"])


def _measures(key: int, label: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterable[Difference]:
    old, new = {row["id"]: row for row in before}, {row["id"]: row for row in after}
    for number, row in enumerate(after, start=1):
        named = _now("%(finding)s 措施 %(n)s") % {"finding": label, "n": number}
        if row["id"] not in old:
            yield Difference(key, named, "added", "", row["text"])
        else:
            yield from _fields(key, named, old[row["id"]], row)
    for row in before:
        if row["id"] not in new:
            yield Difference(key, label, "removed", row["text"], "")


def _fields(key: int, label: str, old: dict[str, Any], new: dict[str, Any]) -> Iterable[Difference]:
    for name, value in new.items():
        if name in ("id", "measures"):
            continue
        before = old.get(name, "")
        if before != value:
            yield Difference(key, label, name, _words(before), _words(value))


def _words(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
