"""Rules over what is missing: who should have something in every period and has nothing.

A period is judged once it is over, and after that once so many further days have passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.literals import type_of
from zhenggai.rulesql.plans.base import PREFIX, Reading, Run, Writer
from zhenggai.rulesql.plans.periods import Grain, Period, periods, start_sql
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import Table, Type

MOST_PERIODS = 1_200


@dataclass(frozen=True, slots=True)
class Expected:
    """Who is expected: the rows of a ledger."""

    table: Table
    """The ledger that names them."""
    keys: tuple[Expression, ...]
    """What they are known by."""
    where: Expression | None = None
    """Which of them; all without it."""
    since: Expression | None = None
    """From which day; unknown means always."""
    until: Expression | None = None
    """To which day; unknown means still."""

    @classmethod
    def read(
        cls,
        table: Table,
        keys: Sequence[str],
        *,
        where: str | None = None,
        since: str | None = None,
        until: str | None = None,
        reading: Reading | None = None,
    ) -> Expected:
        """Return who is expected, from texts."""
        read = reading or Reading()
        return cls(
            table, tuple(read.read(each, table, None) for each in keys), read.maybe(where, table),
            read.maybe(since, table, Type.DATE), read.maybe(until, table, Type.DATE),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """Someone who should have a row in every period."""

    id: str
    """Its code."""
    table: Table
    """The ledger in which rows should be."""
    keys: tuple[Expression, ...]
    """What a row is known by, in the order of those expected."""
    on: Expression
    """The date that puts a row into a period."""
    grain: Grain
    """How long a period is."""
    since: date
    """A day of the first period that is judged."""
    expected: Expected | tuple[tuple[Value, ...], ...]
    """Who is expected: rows of a ledger, or the keys themselves."""
    where: Expression | None = None
    """Which rows count; all without it."""
    grace_days: int = 0
    """Days after the end of a period before it is judged."""

    @classmethod
    def read(
        cls,
        id: str,
        table: Table,
        *,
        keys: Sequence[str],
        on: str,
        grain: Grain,
        since: date,
        expected: Expected | Sequence[Sequence[Value]],
        where: str | None = None,
        grace_days: int = 0,
        reading: Reading | None = None,
    ) -> AbsenceRule:
        """Return the rule whose parts are written as texts."""
        read = reading or Reading()
        who = expected if isinstance(expected, Expected) else tuple(tuple(each) for each in expected)
        return cls(
            id, table, tuple(read.read(each, table, None) for each in keys), read.read(on, table, Type.DATE), grain, since,
            who, read.maybe(where, table), grace_days,
        )  # fmt: skip

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other."""
        reason = ""
        types = tuple(each.type for each in self.keys)
        if not self.keys:
            reason = "没有写明按什么对照"
        elif Type.TEXTS in types:
            reason = "多项文字不能作为对照的依据"
        elif isinstance(self.expected, Expected):
            if tuple(each.type for each in self.expected.keys) != types:
                reason = "应有名单与台账的对照字段类型不一致"
        elif any(len(each) != len(types) for each in self.expected):
            reason = "应有名单的列数与对照字段不一致"
        elif any(v is None or type_of(v) is not t for each in self.expected for v, t in zip(each, types, strict=True)):
            reason = "应有名单的值与对照字段类型不一致"
        if reason:
            raise BadRule(rule=self.id, reason=reason)

    def judged(self, run: Run) -> list[Period]:
        """Return the periods that are over."""
        last = run.as_of - timedelta(days=1 + self.grace_days)
        if last < self.since:
            return []
        found = [each for each in periods(self.since, last, self.grain) if each.end <= last]
        if len(found) > MOST_PERIODS:
            raise BadRule(rule=self.id, reason=f"周期超过 {MOST_PERIODS} 个，请把起始日期改晚")
        return found


@dataclass(frozen=True, slots=True)
class Absence:
    """One thing that is missing."""

    keys: tuple[Value, ...]
    """Who lacks it."""
    period: Period
    """In which period."""


def absence_sql(writer: Writer, rule: AbsenceRule) -> str | None:
    """Return the query for keys and first day of the period; None when nothing can be missing."""
    judged = rule.judged(writer.run)
    if not judged or rule.expected == ():
        return None
    names = [f"{PREFIX}e{at}" for at in range(len(rule.keys))]
    if isinstance(rule.expected, Expected):
        who = rule.expected
        parts = [f"{writer.sql(each)} AS {name}" for each, name in zip(who.keys, names, strict=True)]
        parts.append(f"{writer.sql(who.since) if who.since else 'CAST(NULL AS DATE)'} AS {PREFIX}from")
        parts.append(f"{writer.sql(who.until) if who.until else 'CAST(NULL AS DATE)'} AS {PREFIX}to")
        people = f"(SELECT {', '.join(parts)} FROM {writer.relation(who.table)} WHERE {writer.where(who.where)})"
        active = (
            f" AND coalesce({PREFIX}from, DATE '0001-01-01') <= {PREFIX}end"
            f" AND coalesce({PREFIX}to, DATE '9999-12-31') >= {PREFIX}start"
        )
    else:
        types = [each.type for each in rule.keys]
        people = writer.values([list(zip(each, types, strict=True)) for each in rule.expected], names)
        active = ""
    spans = writer.values(
        [[(each.start, Type.DATE), (each.end, Type.DATE)] for each in judged], [f"{PREFIX}start", f"{PREFIX}end"]
    )
    day = f"{PREFIX}on"
    inner = ", ".join(f"{writer.sql(each)} AS {PREFIX}k{at}" for at, each in enumerate(rule.keys))
    there = (
        f"SELECT {', '.join(f'{PREFIX}k{at}' for at in range(len(names)))}, "
        f"{start_sql(day, rule.grain, writer.dialect.name)} AS {PREFIX}period FROM "
        f"(SELECT {inner}, {writer.sql(rule.on)} AS {day} FROM {writer.relation(rule.table)} WHERE {writer.where(rule.where)})"
        f" AS {PREFIX}t WHERE {day} IS NOT NULL"
    )
    same = " AND ".join(f"{PREFIX}p.{PREFIX}k{at} = {PREFIX}x.{name}" for at, name in enumerate(names))
    known = " AND ".join(f"{name} IS NOT NULL" for name in names)
    listed = ", ".join(names)
    expected = (
        f"SELECT DISTINCT {listed}, {PREFIX}start FROM {people} AS {PREFIX}w CROSS JOIN {spans} AS {PREFIX}c "
        f"WHERE {known}{active}"
    )
    return (
        f"SELECT {listed}, {PREFIX}start FROM ({expected}) AS {PREFIX}x WHERE NOT EXISTS "
        f"(SELECT 1 FROM ({there}) AS {PREFIX}p WHERE {same} AND {PREFIX}p.{PREFIX}period = {PREFIX}x.{PREFIX}start) "
        f"ORDER BY {listed}, {PREFIX}start"
    )


def absences_of(rule: AbsenceRule, run: Run, rows: Sequence[Sequence[object]]) -> tuple[Absence, ...]:
    """Return the answer of :func:`absence_sql` as what is missing."""
    known = {each.start: each for each in rule.judged(run)}
    return tuple(Absence(tuple(row[:-1]), known[row[-1]]) for row in rows)  # type: ignore[arg-type, index]  # as the query selects them  # fmt: skip
