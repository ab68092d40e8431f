"""Figures over a ledger: counts, sums, means, medians, shares; by period and by any columns.

The engine adds up and counts, which is exact; shares and means are made here from what it found.  What has no
denominator is undefined (None) and stays so, it is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import TypeAlias

from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.functions.numbers import SCALE
from zhenggai.rulesql.plans.base import PREFIX, Reading, Writer
from zhenggai.rulesql.plans.periods import Grain, Period, period_of, periods, start_sql
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import MOMENTS, NUMBERS, Table, Type

Figure: TypeAlias = int | Decimal | date | None
MOST_FILLED = 100_000


class Kind(StrEnum):
    """How a figure is made."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure."""

    id: str
    """Its code."""
    kind: Kind
    """How it is made."""
    of: Expression | None = None
    """From what; nothing for a count."""
    where: Expression | None = None
    """Which rows count; all without it."""

    @classmethod
    def read(
        cls, id: str, table: Table, kind: Kind, *, of: str | None = None, where: str | None = None,
        reading: Reading | None = None,
    ) -> Measure:  # fmt: skip
        """Return the figure whose parts are written as texts."""
        read = reading or Reading()
        return cls(id, kind, read.maybe(of, table, None), read.maybe(where, table))

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other."""
        kind = self.of.type if self.of else None
        reason = ""
        if (self.kind is Kind.COUNT) != (self.of is None):
            reason = "计数不写计算对象，其他指标都要写"
        elif self.kind in (Kind.SUM, Kind.MEAN, Kind.MEDIAN) and kind not in NUMBERS:
            reason = "求和、平均、中位数只能用于数字"
        elif self.kind in (Kind.MIN, Kind.MAX) and kind not in NUMBERS | MOMENTS:
            reason = "最大、最小只能用于数字和日期"
        elif kind is Type.TEXTS:
            reason = "不能对多项文字计算"
        if reason:
            raise BadRule(rule=self.id, reason=reason)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share or an average: one figure held against another."""

    id: str
    """Its code."""
    numerator: Measure
    """What is divided."""
    denominator: Measure
    """By what; where it is 0 or unknown the ratio is undefined."""
    scale: int = 1
    """What 1 is shown as: 100 for per cent."""


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """Figures of one ledger that are made in one scan."""

    table: Table
    """The ledger."""
    measures: tuple[Measure | Ratio, ...]
    """The figures."""
    where: Expression | None = None
    """Which rows count for all of them."""
    on: Expression | None = None
    """The date that puts a row into a period; None for figures over everything."""
    grain: Grain | None = None
    """How long a period is."""
    by: tuple[Expression, ...] = ()
    """Columns to tell apart by; several texts put a row under each of them."""
    between: tuple[date, date] | None = None
    """Days between which every period is answered, also one without rows; rows outside do not count."""

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other."""
        reason = ""
        ids = [each.id for each in self.measures]
        if not ids or len(set(ids)) != len(ids):
            reason = "指标编号缺少或重复"
        elif (self.on is None) != (self.grain is None):
            reason = "按周期统计要同时写明日期字段和周期"
        elif self.between is not None and self.on is None:
            reason = "起止日期要有日期字段"
        if reason:
            raise BadRule(rule="、".join(ids) or "（无）", reason=reason)

    def measure(self, id: str) -> Measure | Ratio:
        """Return the figure with that code."""
        return next(each for each in self.measures if each.id == id)

    @property
    def atoms(self) -> tuple[Measure, ...]:
        """What the engine makes, each once."""
        found: list[Measure] = []
        for each in self.measures:
            found += [each.numerator, each.denominator] if isinstance(each, Ratio) else [each]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Share:
    """What a ratio was made from."""

    numerator: Figure
    """What was divided."""
    denominator: Figure
    """By what."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period and one set of keys."""

    period: Period | None
    """The period; None for figures over everything."""
    keys: tuple[Value, ...]
    """Values of the columns told apart by; None for rows that lack one."""
    values: Mapping[str, Figure]
    """Figure by code; None where it is undefined."""
    shares: Mapping[str, Share]
    """For ratios, what they were made from."""
    rows: int
    """How many rows were looked at."""


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What a plan of figures found."""

    figures: tuple[Figures, ...]
    """By keys and period."""
    undated: int = field(default=0)
    """Rows that belong to no period because they lack the date."""

    def value(self, id: str, *keys: Value, period: Period | None = None) -> Figure:
        """Return one figure; None when it is undefined or there were no such rows."""
        found = (each for each in self.figures if each.keys == keys and each.period == period)
        return next((each.values[id] for each in found), None)


def _base(writer: Writer, plan: MeasurePlan, extra: str = "") -> tuple[str, list[str]]:
    """Return the rows with their period and keys, and the names of the keys."""
    parts = [f"{writer.sql(each)} AS {PREFIX}k{at}" for at, each in enumerate(plan.by)]
    if plan.on is not None:
        parts.append(f"{writer.sql(plan.on)} AS {PREFIX}on")
    parts += [extra] if extra else []
    source = f"SELECT {', '.join(parts) or '1'} FROM {writer.relation(plan.table)} WHERE {writer.where(plan.where)}"
    if plan.on is not None:
        bounds = ""
        if plan.between is not None:
            low, high = (writer.dialect.literal(each, Type.DATE) for each in plan.between)
            bounds = f" AND {PREFIX}on BETWEEN {low} AND {high}"
        start = start_sql(f"{PREFIX}on", plan.grain or Grain.MONTH, writer.dialect.name)
        source = (
            f"SELECT *, {start} AS {PREFIX}period FROM ({source}) AS {PREFIX}d WHERE {PREFIX}on IS NOT NULL{bounds}"
        )
    keys = [f"{PREFIX}k{at}" for at in range(len(plan.by))]
    for at, key in enumerate(plan.by):
        if key.type is Type.TEXTS:
            item = f"{PREFIX}i{at}"
            source = f"SELECT *, {writer.each(keys[at])} AS {item} FROM ({source}) AS {PREFIX}s{at}"
            keys[at] = item
    return source, keys


def _flags(writer: Writer, atoms: Sequence[Measure]) -> str:
    parts = []
    for at, each in enumerate(atoms):
        condition = writer.where(each.where)
        parts.append(f"CASE WHEN {condition} THEN 1 END AS {PREFIX}w{at}")
        if each.of is not None:
            parts.append(f"CASE WHEN {condition} THEN {writer.sql(each.of)} END AS {PREFIX}v{at}")
    return ", ".join(parts)


def _aggregates(at: int, each: Measure) -> tuple[str, str]:
    value = f"{PREFIX}v{at}"
    wide = f"sum(CAST({value} AS DECIMAL(38,6)))"
    disc = "percentile_disc(0.5) WITHIN GROUP (ORDER BY {0}{1})"
    return {
        Kind.COUNT: (f"count({PREFIX}w{at})", "NULL"),
        Kind.SUM: (wide, f"count({PREFIX}w{at})"),
        Kind.MEAN: (wide, f"count({value})"),
        Kind.MEDIAN: (disc.format(value, ""), disc.format(value, " DESC")),
        Kind.MIN: (f"min({value})", "NULL"),
        Kind.MAX: (f"max({value})", "NULL"),
        Kind.DISTINCT: (f"count(DISTINCT {value})", "NULL"),
    }[each.kind]


def measures_sql(writer: Writer, plan: MeasurePlan) -> str:
    """Return the query for keys, period, number of rows, then two aggregates for each figure."""
    atoms = plan.atoms
    source, keys = _base(writer, plan, _flags(writer, atoms))
    groups = keys + ([f"{PREFIX}period"] if plan.on is not None else [])
    period = f"{PREFIX}period" if plan.on is not None else "NULL"
    aggregates = [text for at, each in enumerate(atoms) for text in _aggregates(at, each)]
    selected = ", ".join([*keys, period, "count(*)", *aggregates])
    text = f"SELECT {selected} FROM ({source}) AS {PREFIX}a"
    return f"{text} GROUP BY {', '.join(groups)} ORDER BY {', '.join(groups)}" if groups else text


def undated_sql(writer: Writer, plan: MeasurePlan) -> str:
    """Return the query for how many rows lack the date."""
    day = writer.sql(plan.on) if plan.on is not None else "NULL"
    return f"SELECT count(*) FROM {writer.relation(plan.table)} WHERE ({writer.where(plan.where)}) AND {day} IS NULL"


def _exact(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _divide(a: Figure, b: Figure, scale: int = 1) -> Decimal | None:
    if not isinstance(a, int | Decimal) or not isinstance(b, int | Decimal) or b == 0:
        return None
    with localcontext() as context:
        context.prec = 100
        return (Decimal(a) * scale / Decimal(b)).quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_UP)


def _figure(each: Measure, one: object, two: object) -> Figure:
    whole = each.of is not None and each.of.type is Type.INTEGER
    if each.kind in (Kind.COUNT, Kind.DISTINCT):
        return int(one)  # type: ignore[call-overload, no-any-return]  # a count
    if each.kind is Kind.SUM:
        total = Decimal(0) if one is None and not two else _exact(one)
        return int(total) if whole and total is not None else total
    if each.kind is Kind.MEAN:
        return _divide(_exact(one), int(two))  # type: ignore[call-overload]  # a count
    if each.kind is Kind.MEDIAN:
        low, high = _exact(one), _exact(two)
        return None if low is None or high is None else _divide(low + high, 2)
    if one is None or isinstance(one, date):
        return one
    return int(one) if whole else _exact(one)  # type: ignore[call-overload]  # a number


def figures_of(plan: MeasurePlan, rows: Sequence[Sequence[object]], undated: int) -> MeasureResult:
    """Return the answer of :func:`measures_sql` as figures."""
    found: dict[tuple[tuple[Value, ...], Period | None], Figures] = {}
    width = len(plan.by)
    for row in rows:
        keys: tuple[Value, ...] = tuple(row[:width])  # type: ignore[arg-type]  # as the query selects them
        start = row[width]
        period = period_of(start, plan.grain) if isinstance(start, date) and plan.grain else None
        pairs = row[width + 2 :]
        atoms = [_figure(each, pairs[2 * at], pairs[2 * at + 1]) for at, each in enumerate(plan.atoms)]
        found[keys, period] = _figures(plan, period, keys, atoms, int(row[width + 1]))  # type: ignore[call-overload]  # a count  # fmt: skip
    if plan.between is not None and plan.grain is not None:
        _fill(plan, plan.grain, plan.between, found)
    ordered = sorted(
        found.values(), key=lambda each: (_order(each.keys), each.period.start if each.period else date.min)
    )
    return MeasureResult(tuple(ordered), undated)


def _order(keys: tuple[Value, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((each is None, str(each)) for each in keys)


def _figures(
    plan: MeasurePlan, period: Period | None, keys: tuple[Value, ...], atoms: Sequence[Figure], rows: int
) -> Figures:
    values: dict[str, Figure] = {}
    shares: dict[str, Share] = {}
    at = 0
    for each in plan.measures:
        if isinstance(each, Ratio):
            shares[each.id] = Share(atoms[at], atoms[at + 1])
            values[each.id] = _divide(atoms[at], atoms[at + 1], each.scale)
            at += 2
        else:
            values[each.id] = atoms[at]
            at += 1
    return Figures(period, keys, values, shares, rows)


def _fill(
    plan: MeasurePlan,
    grain: Grain,
    between: tuple[date, date],
    found: dict[tuple[tuple[Value, ...], Period | None], Figures],
) -> None:
    """Add the periods without rows, in which nothing was counted and everything else is undefined."""
    every = list(periods(*between, grain))
    keys = list(dict.fromkeys(keys for keys, _period in found)) or ([()] if not plan.by else [])
    if len(every) * len(keys) > MOST_FILLED:
        raise BadRule(rule="、".join(each.id for each in plan.measures), reason="周期与分组的组合过多")
    nothing = [0 if each.kind in (Kind.COUNT, Kind.SUM, Kind.DISTINCT) else None for each in plan.atoms]
    for key in keys:
        for period in every:
            found.setdefault((key, period), _figures(plan, period, key, nothing, 0))


def behind_sql(
    writer: Writer, plan: MeasurePlan, measure: Measure, keys: Sequence[Value], period: Period | None
) -> str:
    """Return the query for the rows behind one figure."""
    flag = f"row_id, CASE WHEN {writer.where(measure.where)} THEN 1 END AS {PREFIX}w"
    if measure.of is not None:
        flag += f", {writer.sql(measure.of)} AS {PREFIX}v"
    source, names = _base(writer, plan, flag)
    conditions = [f"{PREFIX}w = 1"] + ([f"{PREFIX}v IS NOT NULL"] if measure.of is not None else [])
    for name, value, key in zip(names, keys, plan.by, strict=True):
        kind = Type.TEXT if key.type is Type.TEXTS else key.type
        conditions.append(f"{name} IS NOT DISTINCT FROM {writer.dialect.literal(value, kind)}")
    if period is not None:
        conditions.append(f"{PREFIX}period = {writer.dialect.literal(period.start, Type.DATE)}")
    return f"SELECT DISTINCT row_id FROM ({source}) AS {PREFIX}b WHERE {' AND '.join(conditions)} ORDER BY row_id"
