"""Rules over groups: rows that belong together and are too many, too much, or too many different ones.

With a window, the rows of a group count only while they lie within so many days or months of one another.  A window of
N months from a day ends the day before that day N months later; rows of windows that overlap make one finding, so that
a fact that grows stays one fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhenggai.rulesql.dialects import Dialect
from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.plans.base import PREFIX, Reading, Writer
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import NUMBERS, Table, Type


class Counted(StrEnum):
    """What a group is measured by."""

    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Rows with the same keys that reach a threshold."""

    id: str
    """Its code."""
    table: Table
    """The ledger."""
    by: tuple[Expression, ...]
    """The keys; a key of several texts puts the row into a group for each of them."""
    at_least: int | Decimal
    """The threshold."""
    counted: Counted = Counted.COUNT
    """What is held against the threshold."""
    of: Expression | None = None
    """What is summed, or what must differ."""
    where: Expression | None = None
    """Which rows count; all without it."""
    on: Expression | None = None
    """The date by which rows lie in a window."""
    days: int | None = None
    """Length of the window in days."""
    months: int | None = None
    """Length of the window in months."""

    @classmethod
    def read(
        cls,
        id: str,
        table: Table,
        *,
        by: Sequence[str],
        at_least: int | Decimal,
        distinct: str | None = None,
        sum: str | None = None,
        where: str | None = None,
        on: str | None = None,
        days: int | None = None,
        months: int | None = None,
        reading: Reading | None = None,
    ) -> GroupRule:
        """Return the rule whose parts are written as texts.

        Raises:
            ExpressionError: a text is wrong.
            BadRule: the parts do not fit each other.
        """
        read = reading or Reading()
        counted = Counted.DISTINCT if distinct else Counted.SUM if sum else Counted.COUNT
        return cls(
            id, table, tuple(read.read(each, table, None) for each in by), at_least, counted,
            read.maybe(distinct or sum, table, None), read.maybe(where, table), read.maybe(on, table, Type.DATE), days, months,
        )  # fmt: skip

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other."""
        windows = sum(each is not None for each in (self.days, self.months))
        reason = ""
        if not self.by:
            reason = "没有写明按什么分组"
        elif windows > 1:
            reason = "时间窗口只能按天或按月之一"
        elif windows != (self.on is not None):
            reason = "时间窗口要同时写明日期字段和长度"
        elif any(each is not None and not 1 <= each <= 36600 for each in (self.days, self.months)):
            reason = "时间窗口的长度应为正数"
        elif self.at_least <= 0:
            reason = "阈值应大于 0"
        elif self.counted is not Counted.COUNT and self.of is None:
            reason = "没有写明对什么计算"
        elif self.counted is Counted.SUM and self.of is not None and self.of.type not in NUMBERS:
            reason = "只能对数字求和"
        elif self.of is not None and self.of.type is Type.TEXTS:
            reason = "不能对多项文字计算"
        if reason:
            raise BadRule(rule=self.id, reason=reason)


@dataclass(frozen=True, slots=True)
class Group:
    """One group that reached the threshold."""

    keys: tuple[Value, ...]
    """What its rows have in common."""
    value: int | Decimal
    """What was measured; with a window, the most that any window reached."""
    row_ids: tuple[str, ...]
    """Its rows; with a window, those that lie in a window that reached the threshold."""
    first: date | None = None
    """The first day of its rows, with a window."""
    last: date | None = None
    """The last day."""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a rule over groups found."""

    groups: tuple[Group, ...]
    """The groups, by their keys and first day."""
    unknown: int = field(default=0)
    """Rows that count but lack a key, the date or the value, and so belong nowhere."""


def _columns(writer: Writer, rule: GroupRule) -> str:
    parts = ["row_id"]
    parts += [f"{writer.sql(each)} AS {PREFIX}k{at}" for at, each in enumerate(rule.by)]
    if rule.on is not None:
        parts.append(f"{writer.sql(rule.on)} AS {PREFIX}on")
    if rule.of is not None:
        parts.append(f"{writer.sql(rule.of)} AS {PREFIX}of")
    return ", ".join(parts)


def _needed(rule: GroupRule) -> list[str]:
    needed = [f"{PREFIX}k{at}" for at in range(len(rule.by))]
    needed += [f"{PREFIX}on"] if rule.on is not None else []
    return needed + ([f"{PREFIX}of"] if rule.of is not None else [])


def _measure(rule: GroupRule, writer: Writer, over: str = "") -> str:
    if rule.counted is Counted.SUM:
        return f"sum(CAST({PREFIX}of AS DECIMAL(38,6))){over}"
    if rule.counted is Counted.DISTINCT:
        if over and writer.spark:
            return f"CAST(size(collect_set({PREFIX}of){over}) AS BIGINT)"
        return f"count(DISTINCT {PREFIX}of){over}"
    return f"count(*){over}"


def _threshold(rule: GroupRule, dialect: Dialect) -> str:
    if rule.counted is Counted.SUM:
        return f"CAST({dialect.literal(Decimal(rule.at_least), Type.DECIMAL)} AS DECIMAL(38,6))"
    whole = int(rule.at_least)
    return dialect.literal(whole + (whole != rule.at_least), Type.INTEGER)


def groups_sql(writer: Writer, rule: GroupRule) -> str:
    """Return the query for the groups: keys, value, rows, first and last day."""
    source = f"SELECT {_columns(writer, rule)} FROM {writer.relation(rule.table)} WHERE {writer.where(rule.where)}"
    keys = [f"{PREFIX}k{at}" for at in range(len(rule.by))]
    for number, key in enumerate(rule.by):
        if key.type is Type.TEXTS:
            item = f"{PREFIX}i{number}"
            source = f"SELECT *, {writer.each(keys[number])} AS {item} FROM ({source}) AS {PREFIX}s{number}"
            keys[number] = item
    others = [name for name in _needed(rule) if not name.startswith(f"{PREFIX}k")]
    known = " AND ".join(f"{name} IS NOT NULL" for name in [*keys, *others])
    source = f"SELECT * FROM ({source}) AS {PREFIX}s WHERE {known}"
    listed = ", ".join(keys)
    threshold = _threshold(rule, writer.dialect)
    rows = writer.collect("row_id")
    if rule.on is None:
        measure = _measure(rule, writer)
        return (
            f"SELECT {listed}, {measure}, {rows}, NULL, NULL FROM ({source}) AS {PREFIX}g "
            f"GROUP BY {listed} HAVING {measure} >= {threshold} ORDER BY {listed}"
        )
    day = f"{PREFIX}on"
    if rule.days is not None:
        at = (
            f"CAST(datediff({day}, DATE '1970-01-01') AS BIGINT)"
            if writer.spark
            else f"date_diff('day', DATE '1970-01-01', {day})"
        )
        reach = rule.days - 1
    else:
        # Days of a calendar whose months all have 31: the same day N months later is N times 31 further.
        at = f"CAST((year({day}) * 12 + month({day})) * 31 + day({day}) AS BIGINT)"
        reach = (rule.months or 1) * 31 - 1
    part = f"PARTITION BY {listed}"
    ahead = f"({part} ORDER BY {PREFIX}at RANGE BETWEEN CURRENT ROW AND {reach} FOLLOWING)"
    so_far = f"({part} ORDER BY {PREFIX}at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    in_order = f"({part} ORDER BY {PREFIX}at, row_id)"
    placed = f"SELECT *, {at} AS {PREFIX}at FROM ({source}) AS {PREFIX}p0"
    measured = f"SELECT *, {_measure(rule, writer, f' OVER {ahead}')} AS {PREFIX}n FROM ({placed}) AS {PREFIX}p1"
    anchored = (
        f"SELECT *, max(CASE WHEN {PREFIX}n >= {threshold} THEN {PREFIX}at END) OVER {so_far} AS {PREFIX}anchor "
        f"FROM ({measured}) AS {PREFIX}p2"
    )
    kept = f"SELECT * FROM ({anchored}) AS {PREFIX}p3 WHERE {PREFIX}anchor + {reach} >= {PREFIX}at"
    fresh = (
        f"SELECT *, CASE WHEN lag({PREFIX}anchor) OVER {in_order} + {reach} >= {PREFIX}at THEN 0 ELSE 1 END AS {PREFIX}fresh "
        f"FROM ({kept}) AS {PREFIX}p4"
    )
    running = f"({part} ORDER BY {PREFIX}at, row_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    numbered = f"SELECT *, sum({PREFIX}fresh) OVER {running} AS {PREFIX}no FROM ({fresh}) AS {PREFIX}p5"
    return (
        f"SELECT {listed}, max({PREFIX}n), {rows}, min({day}), max({day}) FROM ({numbered}) AS {PREFIX}p6 "
        f"GROUP BY {listed}, {PREFIX}no ORDER BY {listed}, min({day})"
    )


def unknown_sql(writer: Writer, rule: GroupRule) -> str:
    """Return the query for how many rows count but belong nowhere."""
    source = f"SELECT {_columns(writer, rule)} FROM {writer.relation(rule.table)} WHERE {writer.where(rule.where)}"
    lacking = " OR ".join(f"{name} IS NULL" for name in _needed(rule))
    return f"SELECT count(*) FROM ({source}) AS {PREFIX}s WHERE {lacking}"


def groups_of(rule: GroupRule, rows: Sequence[Sequence[object]], unknown: int) -> GroupResult:
    """Return the answer of :func:`groups_sql` as groups."""
    width = len(rule.by)
    found = []
    for row in rows:
        value = row[width]
        number = int(value) if rule.counted is not Counted.SUM else value  # type: ignore[call-overload]  # a number
        keys, row_ids, first, last = tuple(row[:width]), row[width + 1], row[width + 2], row[width + 3]
        found.append(Group(keys, number, tuple(row_ids), first, last))  # type: ignore[arg-type]  # as the query selects them
    return GroupResult(tuple(found), unknown)
