"""Indicators over the demo's rows, without a record: what each figure of the notice comes out as.

The rows go straight from the generators into the engine of expressions, so that this shows whether declarations and
rows agree; the record gives the same through its own indicators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhenggai.demo.ledgers import rows_of
from zhenggai.demo.ledgers.figures import FIGURES, Figure, rounded_as
from zhenggai.packs import deadlines
from zhenggai.packs.declarations import Indicator, Measure
from zhenggai.packs.expressions import table_of
from zhenggai.packs.loading import Declared, shipped
from zhenggai.rulesql.engines import duckdb
from zhenggai.rulesql.engines.base import Engine
from zhenggai.rulesql.plans import Kind, MeasurePlan, Reading, Run
from zhenggai.rulesql.plans import Measure as Made

KINDS = {"minimum": Kind.MIN, "maximum": Kind.MAX}
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Found:
    """A figure, and what came out."""

    figure: Figure
    """What the notice states."""
    value: Decimal | None
    """What the indicator gives, unrounded."""

    @property
    def shown(self) -> str:
        """The value with as many decimals as the notice has."""
        return "—" if self.value is None else str(rounded_as(self.figure.right or self.figure.stated, self.value))

    @property
    def agrees(self) -> bool:
        """Whether the notice states what comes out."""
        return self.figure.agrees(self.value)

    @property
    def expected(self) -> bool:
        """Whether it comes out as it should: as stated, or as it should have been stated."""
        return self.shown == self.figure.right if self.figure.right else self.agrees


class Rows:
    """The rows of the demo in the engine; use ``with``."""

    def __init__(self, today: date, declared: Declared | None = None, engine: Engine | None = None) -> None:
        """Take no ledger yet; each is taken when it is first asked for.

        Args:
            today: the day of what runs today.
            declared: what the ledgers declare; the shipped packs by default.
            engine: what runs rules and figures; DuckDB by default.
        """
        self.today = today
        self.declared = declared or shipped()
        self.engine = engine or duckdb.Engine(memory="512MB", threads=1)
        self._taken: set[str] = set()

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_args: object) -> None:
        self.engine.close()

    def take(self, *ledgers: str) -> None:
        """Load the rows of *ledgers* that were not asked for yet."""
        for code in ledgers:
            if code in self._taken:
                continue
            ledger = self.declared.ledgers[code]
            rows = rows_of(ledger, self.today)
            numbered = ({"row_id": "|".join(str(row[key]) for key in ledger.key), **row} for row in rows)
            self.engine.register(table_of(ledger, self.declared), rows=numbered)
            self._taken.add(code)

    def value(
        self, ledger: str, indicator: str, period: Days | None, as_of: date, where: Mapping[str, str | bool]
    ) -> Decimal | None:
        """Return an indicator of *ledger* over a period; ``None`` where it is undefined."""
        declared = next(each for each in self.declared.ledgers[ledger].indicators if each.indicator == indicator)
        day = declared.date or self.declared.ledgers[ledger].date
        limits = [f"{day} between '{period[0]}' and '{period[1]}'"] if period else []
        limits += [
            f"{code} = '{value}'" if isinstance(value, str) else f"{code} = {value}" for code, value in where.items()
        ]
        numerator = self._measure(ledger, declared.numerator, limits, as_of)
        if declared.denominator is not None:
            denominator = self._measure(ledger, declared.denominator, limits, as_of)
            numerator = numerator / denominator if numerator is not None and denominator else None
        return None if numerator is None else numerator * _factor(declared)

    def _measure(self, ledger: str, measure: Measure, limits: Sequence[str], as_of: date) -> Decimal | None:
        code = measure.ledger or ledger
        self.take(code)
        table = table_of(self.declared.ledgers[code], self.declared)
        where = " and ".join(f"({text})" for text in [measure.where, *limits] if text) or None
        kind = KINDS.get(measure.of) or Kind(measure.of)
        reading = Reading(limits=deadlines.shipped().limits)
        made = Made.read("value", table, kind, of=measure.value, where=where, reading=reading)
        found = self.engine.measure(MeasurePlan(table, (made,)), Run(as_of)).value("value")
        return None if found is None else Decimal(str(found))


def _factor(indicator: Indicator) -> Decimal:
    return Decimal(str(indicator.factor))


def measured(today: date) -> Iterator[Found]:
    """Yield every figure of the notice with what comes out of the demo's rows."""
    with Rows(today) as rows:
        for figure in FIGURES:
            value = rows.value(figure.ledger, figure.indicator, figure.period, figure.as_of, figure.where)
            if figure.against is not None:
                before = rows.value(figure.ledger, figure.indicator, figure.against, figure.as_of, figure.where)
                value = (value - before) / before * 100 if value is not None and before else None
            yield Found(figure, value)
