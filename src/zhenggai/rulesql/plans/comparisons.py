"""Rules over two ledgers: rows of one that go with rows of the other, or that have nothing in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.plans.base import PREFIX, Reading, Writer
from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.tree import Call, Field, Node
from zhenggai.rulesql.types import Pair

MOST_PAIRS = 200_000
"""Pairs of one rule that are answered; more are a rule that says nothing."""


class Find(StrEnum):
    """What is looked for."""

    MATCHED = "matched"
    """Rows of the left ledger with those of the right that go with them."""
    MISSING = "missing"
    """Rows of the left ledger that have none in the right."""


@dataclass(frozen=True, slots=True)
class ComparisonRule:
    """Two ledgers held against each other."""

    id: str
    """Its code."""
    pair: Pair
    """Both ledgers."""
    on: Expression
    """When a row of one goes with a row of the other."""
    find: Find = Find.MATCHED
    """What is looked for."""
    left_where: Expression | None = None
    """Which rows of the left ledger; all without it."""
    right_where: Expression | None = None
    """Which rows of the right ledger; all without it."""

    @classmethod
    def read(
        cls,
        id: str,
        pair: Pair,
        *,
        on: str,
        find: Find = Find.MATCHED,
        left_where: str | None = None,
        right_where: str | None = None,
        reading: Reading | None = None,
    ) -> ComparisonRule:
        """Return the rule whose parts are written as texts."""
        read = reading or Reading()
        return cls(
            id, pair, read.read(on, pair), find, read.maybe(left_where, pair.left), read.maybe(right_where, pair.right)
        )

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What its author should know: notes of the condition, and that rows must be held one by one."""
        own = () if _has_equality(self.on.tree) else (Problem("note_no_equality", 0, len(self.on.text)),)
        return (*self.on.notes, *own)


def _has_equality(node: Node) -> bool:
    if not isinstance(node, Call):
        return False
    if node.function.name == "and":
        return any(_has_equality(each) for each in node.args)
    if node.function.name != "=":
        return False
    sides = [{each.side for each in _fields(arg)} for arg in node.args]
    return sides in ([{"left"}, {"right"}], [{"right"}, {"left"}])


def _fields(node: Node) -> list[Field]:
    if isinstance(node, Field):
        return [node]
    return [each for arg in node.args for each in _fields(arg)] if isinstance(node, Call) else []


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """What a comparison found."""

    pairs: tuple[tuple[str, str], ...] = ()
    """Left and right row, when looking for what goes together."""
    missing: tuple[str, ...] = ()
    """Left rows, when looking for what is missing."""
    cut: bool = False
    """Whether there were more pairs than are answered."""


def comparison_sql(writer: Writer, rule: ComparisonRule) -> str:
    """Return the query for pairs of rows, or for left rows."""
    left, right = f"{PREFIX}l", f"{PREFIX}r"
    on = writer.sql(rule.on, {"left": left, "right": right})
    left_rows = f"(SELECT * FROM {writer.relation(rule.pair.left)} WHERE {writer.where(rule.left_where)}) AS {left}"
    right_rows = f"(SELECT * FROM {writer.relation(rule.pair.right)} WHERE {writer.where(rule.right_where)}) AS {right}"
    matched = (
        f"SELECT {left}.row_id AS {PREFIX}a, {right}.row_id AS {PREFIX}b FROM {left_rows}, {right_rows} WHERE {on}"
    )
    if rule.find is Find.MATCHED:
        return f"SELECT {PREFIX}a, {PREFIX}b FROM ({matched}) AS {PREFIX}m ORDER BY {PREFIX}a, {PREFIX}b LIMIT {MOST_PAIRS + 1}"
    return (
        f"SELECT {left}.row_id FROM {left_rows} LEFT JOIN (SELECT DISTINCT {PREFIX}a FROM ({matched}) AS {PREFIX}m) AS {PREFIX}d "
        f"ON {PREFIX}d.{PREFIX}a = {left}.row_id WHERE {PREFIX}d.{PREFIX}a IS NULL ORDER BY {left}.row_id"
    )


def comparison_of(rule: ComparisonRule, rows: Sequence[Sequence[object]]) -> ComparisonResult:
    """Return the answer of :func:`comparison_sql`."""
    if rule.find is Find.MATCHED:
        pairs = tuple((str(row[0]), str(row[1])) for row in rows[:MOST_PAIRS])
        return ComparisonResult(pairs=pairs, cut=len(rows) > MOST_PAIRS)
    return ComparisonResult(missing=tuple(str(row[0]) for row in rows))
