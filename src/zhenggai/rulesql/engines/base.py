"""What every engine does: takes ledgers, runs plans, answers with the same values.

An engine only has to take a ledger and to answer a query; what is asked is written by the plans.
"""

from __future__ import annotations

import abc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.dialects import Dialect
from zhenggai.rulesql.engines.sources import PATTERNS
from zhenggai.rulesql.errors import BadRule, BadSource, EngineFailed
from zhenggai.rulesql.expression import Expression
from zhenggai.rulesql.functions.dates import FIRST_DAY, LAST_DAY
from zhenggai.rulesql.plans import absences, comparisons, groups, measures, rows
from zhenggai.rulesql.plans.base import Run, Writer
from zhenggai.rulesql.plans.measures import Measure, MeasurePlan, MeasureResult, Ratio
from zhenggai.rulesql.plans.periods import Period
from zhenggai.rulesql.plans.rows import RowResult, RowRule
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import RESERVED_PREFIX, Column, Table, Type


@dataclass(frozen=True, slots=True)
class Registered:
    """A ledger as an engine took it."""

    rows: int
    """How many rows it has."""
    misfits: Mapping[str, int] = field(default_factory=dict)
    """Column → how many values were not of its type and count as missing."""


class Engine(abc.ABC):
    """Runs plans over the ledgers that were registered.  Used by one thread at a time; close it, or use ``with``."""

    dialect: ClassVar[Dialect]
    """How it writes SQL."""

    def __init__(self) -> None:
        """Know no ledger yet."""
        self._relations: dict[str, str] = {}
        self._made = 0
        self._calendar: WorkCalendar | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what an engine must do

    @abc.abstractmethod
    def close(self) -> None:
        """Give back everything that was taken."""

    @abc.abstractmethod
    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows that *sql*, written by a plan, selects.

        Raises:
            TooSlow, TooLarge: a limit was reached.
            EngineFailed: the engine refused it.
        """

    @abc.abstractmethod
    def _take_rows(
        self, table: Table, relation: str, rows: Iterable[Mapping[str, object]], misfits: dict[str, int]
    ) -> None:
        """Make *relation* of *rows*, and count in *misfits* the values that are not of their column's type."""

    @abc.abstractmethod
    def _files_part(self, table: Table, relation: str, files: Sequence[Path | str], misfits: dict[str, int]) -> str:
        """Return the query over *files*, with the ledger's columns in their types; count misfits."""

    @abc.abstractmethod
    def _overlaid(self, part: str, relation: str, rows: bool, without: Iterable[str]) -> str:
        """Return *part* without the rows of *without* and, with *rows*, without those that the taken rows replace."""

    @abc.abstractmethod
    def _make_view(self, relation: str, sql: str) -> None:
        """Let *relation* stand for what *sql* selects."""

    @abc.abstractmethod
    def _drop(self, relation: str) -> None:
        """Forget *relation* and what was made for it, as far as it was made."""

    @abc.abstractmethod
    def _take_calendar(self, calendar: WorkCalendar) -> None:
        """Make the tables of working days."""

    # -- what every engine does alike

    def register(
        self,
        table: Table,
        *,
        files: Sequence[Path | str] = (),
        rows: Iterable[Mapping[str, object]] | None = None,
        without: Iterable[str] = (),
    ) -> Registered:
        """Take a ledger, in place of one of the same name.

        Args:
            table: What it declares.
            files: Parquet files with ``row_id`` and columns by code; a column that a file lacks counts as missing.
            rows: Rows with ``row_id`` and values by code; each takes the place of the row of that id in the files.
            without: Rows of the files that do not count.

        Raises:
            BadSource: it cannot be read.
            TooSlow, TooLarge: a limit was reached.
        """
        refuse_names(table)
        self._made += 1
        relation = f"ledger_{self._made}"
        misfits: dict[str, int] = {}
        parts: list[str] = []
        try:
            if rows is not None or not files:
                self._take_rows(table, f"{relation}_rows", rows or (), misfits)
                parts.append(f"SELECT * FROM {relation}_rows")
            if files:
                part = self._files_part(table, relation, files, misfits)
                parts.append(self._overlaid(part, relation, rows is not None, without))
            self._make_view(relation, " UNION ALL ".join(parts))
            count = _whole(self.query(f"SELECT count(*) FROM {relation}")[0][0])
        except EngineFailed as error:
            self._drop(relation)
            raise BadSource(table=table.label or table.name, reason=str(error.slots["reason"])) from error
        except ZhenggaiError:
            self._drop(relation)
            raise
        old = self._relations.get(table.name)
        self._relations[table.name] = relation
        if old is not None:
            self._drop(old)
        return Registered(count, misfits)

    def _typed_from_text(self, table: Table, relation: str, misfits: dict[str, int]) -> str:
        """Return the query that gives the texts ``c0``, ``c1`` … of *relation* their types; count misfits."""
        texts = [(each, from_text(self.dialect, f"c{at}", each.type)) for at, each in enumerate(table.columns)]
        lost = [(each, f"c{at} IS NOT NULL AND {typed} IS NULL") for at, (each, typed) in enumerate(texts)]
        self._count_misfits(lost, relation, misfits)
        typed = [f"{value} AS {self.dialect.identifier(each.name)}" for each, value in texts]
        return f"SELECT {', '.join(['row_id', *typed])} FROM {relation}"

    def _typed_from_files(self, table: Table, source: str, kinds: Mapping[str, str], misfits: dict[str, int]) -> str:
        """Return the query that gives *source*, whose columns are of *kinds*, the ledger's columns; count misfits.

        Raises:
            BadSource: it has no ``row_id``.
        """
        there = {name.casefold(): kind.upper() for name, kind in kinds.items()}
        if "row_id" not in there:
            raise BadSource(table=table.label or table.name, reason="数据文件没有 row_id 列")
        typed = [f"CAST(row_id AS {self.dialect.types[Type.TEXT]}) AS row_id"]
        lost: list[tuple[Column, str]] = []
        for each in table.columns:
            goal, name = self.dialect.types[each.type], self.dialect.identifier(each.name)
            kind = there.get(each.name.casefold())
            if kind is None:
                typed.append(f"CAST(NULL AS {goal}) AS {name}")
            elif kind == goal:
                typed.append(name)
            else:
                typed.append(f"TRY_CAST({name} AS {goal}) AS {name}")
                lost.append((each, f"{name} IS NOT NULL AND TRY_CAST({name} AS {goal}) IS NULL"))
        self._count_misfits(lost, source, misfits)
        return f"SELECT {', '.join(typed)} FROM {source}"

    def _count_misfits(self, lost: Sequence[tuple[Column, str]], source: str, misfits: dict[str, int]) -> None:
        if not lost:
            return
        counted = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for _column, condition in lost)
        found = self.query(f"SELECT {counted} FROM {source}")[0]
        for (each, _condition), count in zip(lost, found, strict=True):
            if count:
                misfits[each.name] = misfits.get(each.name, 0) + _whole(count)

    def row_rules(self, table: Table, rules: Sequence[RowRule], run: Run, *, unknown: bool = True) -> RowResult:
        """Return which rows meet which of *rules*.

        Args:
            table: The ledger.
            rules: The rules; they run together, and one by one when that fails.
            run: What the run is for.
            unknown: Whether to count the rows on which each rule is unknown, which takes a second look at all rows.
        """
        writer = self._writer(run, any(each.when.asks_calendar for each in rules))
        if len({each.id for each in rules}) != len(rules):
            raise BadRule(rule="、".join(each.id for each in rules)[:200], reason="规则编号重复")
        hits: list[tuple[str, str]] = []
        counts: dict[str, int] = {}
        failed: dict[str, ZhenggaiError] = {}
        for chunk in rows.chunks(rules):
            try:
                found, unknown_here = self._fused(writer, table, chunk, unknown)
                hits += found
                counts.update(unknown_here)
            except EngineFailed:
                for each in chunk:
                    try:
                        found, unknown_here = self._fused(writer, table, [each], unknown)
                        hits += found
                        counts.update(unknown_here)
                    except EngineFailed as error:
                        failed[each.id] = error
        order = {each.id: at for at, each in enumerate(rules)}
        hits.sort(key=lambda hit: (hit[0], order[hit[1]]))
        total = _whole(self.query(rows.count_sql(writer, table))[0][0])
        return RowResult(total, tuple(hits), {each.id: counts[each.id] for each in rules if each.id in counts}, failed)

    def _fused(
        self, writer: Writer, table: Table, rules: Sequence[RowRule], unknown: bool
    ) -> tuple[list[tuple[str, str]], dict[str, int]]:
        found = self.query(rows.hits_sql(writer, table, rules))
        hits = [(str(row), rules[_whole(at)].id) for row, at in found]
        counts: dict[str, int] = {}
        for steady in (True, False):
            those = [each for each in rules if rows.is_steady(each) is steady] if unknown else []
            if those:
                answer = self.query(rows.unknown_sql(writer, table, those, steady=steady))[0]
                counts |= {rule.id: _whole(count) for rule, count in zip(those, answer, strict=True)}
        return hits, counts

    def values(
        self, table: Table, expressions: Sequence[Expression], run: Run, *, where: Expression | None = None
    ) -> dict[str, tuple[Value, ...]]:
        """Return what each of *expressions* gives for each row, by row; for computed fields and for rows of letters.

        Args:
            table: The ledger.
            expressions: What to evaluate.
            run: What the run is for.
            where: Which rows; all without it.
        """
        parts = [*expressions, where]
        writer = self._writer(run, any(each.asks_calendar for each in parts if each))
        listed = "".join(f", {writer.sql(each)} AS rulesql_c{at}" for at, each in enumerate(expressions))
        found = self.query(f"SELECT row_id{listed} FROM {writer.relation(table)} WHERE {writer.where(where)}")
        return {str(row[0]): tuple(map(_value, row[1:])) for row in found}

    def groups(self, rule: groups.GroupRule, run: Run) -> groups.GroupResult:
        """Return the groups that reach the threshold of *rule*."""
        parts = [*rule.by, rule.of, rule.where, rule.on]
        writer = self._writer(run, any(each.asks_calendar for each in parts if each))
        found = self.query(groups.groups_sql(writer, rule))
        lacking = _whole(self.query(groups.unknown_sql(writer, rule))[0][0])
        return groups.groups_of(rule, found, lacking)

    def absences(self, rule: absences.AbsenceRule, run: Run) -> tuple[absences.Absence, ...]:
        """Return who lacks something in which period."""
        who = rule.expected if isinstance(rule.expected, absences.Expected) else None
        parts = [*rule.keys, rule.on, rule.where]
        parts += [*who.keys, who.where, who.since, who.until] if who else []
        writer = self._writer(run, any(each.asks_calendar for each in parts if each))
        sql = absences.absence_sql(writer, rule)
        return absences.absences_of(rule, run, self.query(sql)) if sql else ()

    def compare(self, rule: comparisons.ComparisonRule, run: Run) -> comparisons.ComparisonResult:
        """Return what holding two ledgers against each other found."""
        parts = [rule.on, rule.left_where, rule.right_where]
        writer = self._writer(run, any(each.asks_calendar for each in parts if each))
        return comparisons.comparison_of(rule, self.query(comparisons.comparison_sql(writer, rule)))

    def measure(self, plan: MeasurePlan, run: Run) -> MeasureResult:
        """Return the figures of *plan*."""
        writer = self._measure_writer(plan, run)
        found = self.query(measures.measures_sql(writer, plan))
        undated = _whole(self.query(measures.undated_sql(writer, plan))[0][0]) if plan.on is not None else 0
        return measures.figures_of(plan, found, undated)

    def rows_behind(
        self,
        plan: MeasurePlan,
        id: str,
        run: Run,
        *,
        keys: Sequence[Value] = (),
        period: Period | None = None,
        part: str = "numerator",
    ) -> tuple[str, ...]:
        """Return the rows behind one figure.

        Args:
            plan: The plan that made it.
            id: Its code.
            run: The run that it is of.
            keys: Its keys.
            period: Its period.
            part: Of a ratio, ``numerator`` or ``denominator``.
        """
        chosen = plan.measure(id)
        atom: Measure = (
            (chosen.denominator if part == "denominator" else chosen.numerator) if isinstance(chosen, Ratio) else chosen
        )
        writer = self._measure_writer(plan, run)
        return tuple(str(row[0]) for row in self.query(measures.behind_sql(writer, plan, atom, keys, period)))

    def _measure_writer(self, plan: MeasurePlan, run: Run) -> Writer:
        parts = [plan.where, plan.on, *plan.by]
        parts += [each for atom in plan.atoms for each in (atom.of, atom.where)]
        return self._writer(run, any(each.asks_calendar for each in parts if each))

    def _writer(self, run: Run, calendar: bool) -> Writer:
        if calendar and run.calendar != self._calendar:
            self._take_calendar(run.calendar)
            self._calendar = run.calendar
        return Writer(self.dialect, run, self._relations)


def _value(value: object) -> Value:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]  # a value of ours, by the expression  # fmt: skip


def _whole(value: object) -> int:
    return int(value)  # type: ignore[call-overload, no-any-return]  # a count, by the query


def refuse_names(table: Table) -> None:
    """Refuse columns that no engine can keep apart.

    Raises:
        BadRule: two have the same code but for the case of letters, or one begins as ours do.
    """
    seen: set[str] = {"row_id"}
    for each in table.columns:
        name = each.name.casefold()
        if name in seen or name.startswith(RESERVED_PREFIX) or not name.strip() or "\0" in name:
            raise BadRule(rule=table.name, reason=f"字段编号“{each.name}”重复或不能使用")
        seen.add(name)


def from_text(dialect: Dialect, value: str, kind: Type) -> str:
    """Return the value of *kind* that the text *value* means, as SQL; NULL when it means none."""
    if kind in (Type.TEXT, Type.TEXTS):
        return value
    fits = dialect.full_match.format(value, PATTERNS[kind])
    if kind is Type.INTEGER:
        return f"CASE WHEN {fits} THEN TRY_CAST(TRY_CAST({value} AS DECIMAL(38,0)) AS BIGINT) END"
    if kind in (Type.DATE, Type.DATETIME):
        fits += f" AND {value} >= '0001'"
    return f"CASE WHEN {fits} THEN TRY_CAST({value} AS {dialect.types[kind]}) END"


def numbered_days(calendar: WorkCalendar) -> Iterable[tuple[date, bool]]:
    """Yield every day of the work calendar's years, with whether it is worked on."""
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day, calendar.is_workday(day)
        day += timedelta(days=1)
