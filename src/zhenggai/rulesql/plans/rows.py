"""Rules over single rows: all rules of a ledger in one scan.

Each rule is one bit of a mask; rows that no rule hits are left out before masks are made; a mask is then written out as
pairs of row and rule.  Rows on which a rule is unknown are counted beside it, since "not hit" would be a wrong answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.plans.base import PREFIX, Writer
from zhenggai.rulesql.tree import Call, Const, walk
from zhenggai.rulesql.types import Table

MOST_FUSED = 60
"""Rules in one mask: a whole number has 64 bits, one of them its sign."""


@dataclass(frozen=True, slots=True)
class RowRule:
    """A condition that rows may meet."""

    id: str
    """Its code."""
    when: Expression
    """What it asks."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What the rules found."""

    rows: int
    """How many rows there were."""
    hits: tuple[tuple[str, str], ...]
    """Row and rule, for each rule that a row meets; in the order of rows, then of rules."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Rule → rows for which it could not be told, because a value is missing."""
    failed: Mapping[str, ZhenggaiError] = field(default_factory=dict)
    """Rule → why the engine could not run it; the others ran."""

    def rows_of(self, rule: str) -> tuple[str, ...]:
        """Return the rows that meet *rule*."""
        return tuple(row for row, hit in self.hits if hit == rule)


def chunks(rules: Sequence[RowRule]) -> list[Sequence[RowRule]]:
    """Return the rules in as many scans as they need."""
    return [rules[at : at + MOST_FUSED] for at in range(0, len(rules), MOST_FUSED)]


def hits_sql(writer: Writer, table: Table, rules: Sequence[RowRule]) -> str:
    """Return the query for pairs of row and number of the rule within *rules*."""
    conditions = [writer.sql(each.when) for each in rules]
    bits = " | ".join(
        f"CASE WHEN {condition} THEN CAST({1 << at} AS BIGINT) ELSE CAST(0 AS BIGINT) END"
        for at, condition in enumerate(conditions)
    )
    any_of = " OR ".join(conditions)
    if len(conditions) == 1:
        return f"SELECT row_id, 0 AS {PREFIX}rule FROM {writer.relation(table)} WHERE {any_of}"
    masks = f"SELECT row_id, {bits} AS {PREFIX}mask FROM {writer.relation(table)} WHERE {any_of}"
    numbers = ", ".join(f"({at})" for at in range(len(rules)))
    shifted = f"shiftright({PREFIX}mask, {PREFIX}rule)" if writer.spark else f"({PREFIX}mask >> {PREFIX}rule)"
    return (
        f"SELECT row_id, {PREFIX}rule FROM ({masks}) AS {PREFIX}m "
        f"CROSS JOIN (VALUES {numbers}) AS {PREFIX}b({PREFIX}rule) WHERE {shifted} & 1 = 1"
    )


STEADY = frozenset(
    [
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "and",
        "or",
        "not",
        "in",
        "between",
        "coalesce",
        "if",
        "case",
        "least",
        "greatest",
        "has",
        "count_of",
        "||",
        "like",
        "contains",
        "starts_with",
        "ends_with",
        "length",
        "trim",
        "is_blank",
        "lower",
        "upper",
        "to_text",
        "days_between",
        "months_between",
        "years_between",
        "hours_between",
        "year",
        "quarter",
        "month",
        "day",
        "weekday",
        "date",
        "month_start",
        "month_end",
        "quarter_start",
        "year_start",
        "floor",
        "ceil",
    ]
) | {"not in", "is null", "is not null", "is true", "is false", "to datetime"}
"""Functions that know their result whenever they know their arguments; sums may overflow, quotients lack a divisor."""


def is_steady(rule: RowRule) -> bool:
    """Tell whether *rule* can be unknown only on rows that lack a value of a column it looks at."""
    return all(
        each.value is not None
        if isinstance(each, Const)
        else not isinstance(each, Call) or each.function.name in STEADY
        for each in walk(rule.when.tree)
    )


def unknown_sql(writer: Writer, table: Table, rules: Sequence[RowRule], *, steady: bool = False) -> str:
    """Return the query for the number of rows on which each rule is unknown.

    Args:
        writer: Writes the run.
        table: The ledger.
        rules: The rules, at least one.
        steady: Whether all of them are steady, so that rows which lack nothing need no second look.
    """
    flags = ", ".join(
        f"CASE WHEN {writer.sql(each.when)} IS NULL THEN 1 END AS {PREFIX}u{at}" for at, each in enumerate(rules)
    )
    counts = ", ".join(f"count({PREFIX}u{at})" for at in range(len(rules)))
    names = dict.fromkeys(name for each in rules for name in each.when.column_names)
    lacking = " OR ".join(f"{writer.name(name)} IS NULL" for name in names) or "FALSE"
    where = f" WHERE {lacking}" if steady else ""
    return f"SELECT {counts} FROM (SELECT {flags} FROM {writer.relation(table)}{where}) AS {PREFIX}f"


def count_sql(writer: Writer, table: Table) -> str:
    """Return the query for the number of rows."""
    return f"SELECT count(*) FROM {writer.relation(table)}"
