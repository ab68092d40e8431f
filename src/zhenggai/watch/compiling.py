"""Declared rules → plans of the engine: each kind of rule as what is asked of the rows, with its parameters bound.

What is wrong with one rule is raised here for that rule alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhenggai.kit.time_warnings import WarningScheme
from zhenggai.packs.declarations import (
    ComparisonRule as DeclaredComparison,
)
from zhenggai.packs.declarations import (
    CompletenessRule,
    DueRule,
    Ledger,
    Period,
    Step,
)
from zhenggai.packs.declarations import (
    GroupRule as DeclaredGroup,
)
from zhenggai.packs.declarations import (
    RowRule as DeclaredRow,
)
from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.plans import ComparisonRule, Find, GroupRule, Reading
from zhenggai.rulesql.types import Pair, Table, Type
from zhenggai.watch.settings import Value

FURTHEST = 36_500
"""Days; a rung that is further away than that speaks always."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A rule that looks at one row at a time."""

    when: Expression
    """The rows that it speaks of."""
    due: Expression | None = None
    """The last day, where it has one."""
    steps: tuple[Step, ...] = ()
    """From which day how urgent."""
    attachments: int = 0
    """How many files the rows must have; those with as many are left out afterwards."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the texts of one rule are read with."""

    ledger: Ledger
    """The ledger."""
    table: Table
    """The same for the engine."""
    reading: Reading
    """Parameters and time limits."""
    schemes: Mapping[str, WarningScheme]
    """Shared ladders."""

    def read(self, text: str, want: Type | None = Type.BOOLEAN) -> Expression:
        """Return a text of the rule checked."""
        return self.reading.read(text, self.table, want)


def bound_parameters(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return parameters as the engine takes them: numbers with decimals exact, a text that reads as a day as that day."""
    return {name: _bound(value) for name, value in values.items()}


def _bound(value: Value) -> object:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, str) and len(value) == 10:
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def number_of(told: int | float | str, values: Mapping[str, Value], rule: str) -> Decimal:
    """Return a number of a rule: itself, or that of the parameter named ``:name``.

    Raises:
        BadRule: the parameter is no number.
    """
    value = values.get(told.removeprefix(":")) if isinstance(told, str) else told
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRule(rule=rule, reason=f"{told} 应是数字")
    return Decimal(str(value))


def row_plan(rule: DeclaredRow | DueRule | CompletenessRule, context: Context) -> RowPlan:
    """Return what a rule asks of each row."""
    match rule:
        case DueRule():
            steps = steps_of(rule, context.schemes)
            furthest = max(step.days for step in steps)
            # Days after the due day count from the day after it, so -1 is the first day that is late.
            near = f"days_between(as_of, ({rule.due})) <= {furthest}"
            parts = [f"({rule.when})"] if rule.when else []
            when = context.read(" and ".join([*parts, f"not ({rule.unless})", near]))
            return RowPlan(when, context.read(rule.due, Type.DATE), steps)
        case CompletenessRule():
            return _completeness(rule, context)
        case _:
            return RowPlan(context.read(rule.when))


def _completeness(rule: CompletenessRule, context: Context) -> RowPlan:
    lacking = " or ".join(f"{code} is null" for code in rule.fields)
    # Rows are asked for their files afterwards, so all that must have some are taken.
    asked = lacking if lacking and not rule.attachments else ""
    parts = [f"({text})" for text in (rule.when, asked) if text]
    return RowPlan(context.read(" and ".join(parts) or "row_id is not null"), attachments=rule.attachments)


def steps_of(rule: DueRule, schemes: Mapping[str, WarningScheme]) -> tuple[Step, ...]:
    """Return the ladder of a rule, the furthest rung first: its own, that of its scheme, or red once it is late.

    Raises:
        BadRule: the scheme is not declared, or has no rung that counts days.
    """
    if rule.ladder:
        return tuple(sorted(rule.ladder, key=lambda step: -step.days))
    if not rule.ladder_scheme:
        return (Step(days=-1, severity=rule.severity),)
    scheme = schemes.get(rule.ladder_scheme)
    days = [step for step in scheme.steps if step.days is not None] if scheme is not None else []
    if not days:
        raise BadRule(rule=rule.label, reason=f"没有按天计的预警方案“{rule.ladder_scheme}”")
    found = [Step(days=step.days or 0, severity=step.severity) for step in days]  # type: ignore[arg-type]  # the same codes
    return tuple(sorted(found, key=lambda step: -step.days))


def severity_at(steps: tuple[Step, ...], days_left: int) -> str:
    """Return how urgent it is with so many days left; the last rung reached counts."""
    reached = [step for step in steps if days_left <= step.days]
    return (reached[-1] if reached else steps[0]).severity.value


def group_rule(rule: DeclaredGroup, context: Context, values: Mapping[str, Value]) -> GroupRule:
    """Return what a rule over groups asks."""
    days, months = window_of(rule.within)
    return GroupRule.read(
        rule.rule, context.table, by=rule.by, at_least=number_of(rule.at_least, values, rule.label),
        distinct=rule.distinct, where=rule.where, on=rule.date if rule.within else None, days=days, months=months,
        reading=context.reading,
    )  # fmt: skip


def comparison_rule(rule: DeclaredComparison, context: Context, other: Table) -> ComparisonRule:
    """Return what holding two ledgers against each other asks."""
    find = Find.MATCHED if rule.find == "pairs" else Find.MISSING
    return ComparisonRule.read(
        rule.rule, Pair(context.table, other), on=rule.on, find=find, left_where=rule.where, reading=context.reading
    )


def window_of(within: Period | None) -> tuple[int | None, int | None]:
    """Return a length of time as days or as months."""
    if within is None:
        return None, None
    if within.unit == "day":
        return within.amount, None
    return None, within.amount * (12 if within.unit == "year" else 1)
