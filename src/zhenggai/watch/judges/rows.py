"""Rules over single rows: conditions, days by which something must be done, what a row must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Count

from zhenggai.ledgers.models import Attachment
from zhenggai.oversight.wording import chinese_day
from zhenggai.rulesql.expression import Expression
from zhenggai.watch.compiling import RowPlan, severity_at
from zhenggai.watch.facts import Fact
from zhenggai.watch.scene import Row, Scene
from zhenggai.watch.settings import Effective

Plans = Mapping[str, tuple[Effective, RowPlan]]


def by_rule(hits: Iterable[tuple[str, str]], codes: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return the rows that each rule speaks of."""
    found: dict[str, list[str]] = {code: [] for code in codes}
    for row, code in hits:
        if code in found:
            found[code].append(row)
    return {code: tuple(rows) for code, rows in found.items()}


def facts_of(scene: Scene, plans: Plans, hits: Mapping[str, Sequence[str]]) -> dict[str, list[Fact]]:
    """Return what each rule says of the rows it hit; the values of all rows are read at once."""
    kept = {code: _without_files(plans[code][1], ids) for code, ids in hits.items()}
    columns: list[str] = []
    dues: dict[str, Expression] = {}
    for code, ids in kept.items():
        each, plan = plans[code]
        if ids:
            columns += scene.columns_for(each.rule, [plan.when])
            if plan.due is not None:
                dues[f"due_{code}"] = plan.due
    found = scene.rows((row for ids in kept.values() for row in ids), columns, dues)
    facts: dict[str, list[Fact]] = {}
    for code, ids in kept.items():
        each, plan = plans[code]
        shown = scene.columns_for(each.rule, [plan.when])
        facts[code] = [_fact(scene, code, each, plan, found[row], shown) for row in ids if row in found]
    return facts


def _without_files(plan: RowPlan, ids: Sequence[str]) -> Sequence[str]:
    """Leave out rows that have as many files as they must, where a rule asks for files."""
    if not plan.attachments or not ids:
        return ids
    keys = [int(row) for row in ids if row.isascii() and row.isdigit()]
    counts: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        held = Attachment.objects.filter(row_id__in=keys[start : start + 500], withdrawn_at__isnull=True).order_by()
        counts |= {str(key): count for key, count in held.values_list("row_id").annotate(count=Count("pk"))}
    return [row for row in ids if counts.get(row, 0) < plan.attachments]


def _fact(scene: Scene, code: str, each: Effective, plan: RowPlan, row: Row, columns: Sequence[str]) -> Fact:
    due = row.get(f"due_{code}")
    severity = each.rule.severity.value
    told = {name: str(value) for name, value in each.values.items() if value is not None}
    if isinstance(due, date):
        left = (due - scene.day).days
        severity = severity_at(plan.steps, left)
        told |= {"due": chinese_day(due), "days": str(abs(left))}
    shown = scene.shown(row, columns)
    if isinstance(due, date):
        shown |= {"due": due.isoformat()}
    return Fact(
        f"row:{row['row_id']}", severity, scene.words.title(row), scene.words.sentence(each.rule, row, told), shown,
        (str(row["row_id"]),), place=scene.place(each.rule, row), due_on=due if isinstance(due, date) else None,
    )  # fmt: skip
