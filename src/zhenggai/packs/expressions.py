"""The expressions of a declaration → what they are checked against, and every mistake in them with its place in the file.

A ledger becomes a table of :mod:`zhenggai.rulesql`: each field a column of its type, a choice with the values of all
versions of its set.  What an expression must give depends on where it stands; :func:`asked` says so for every one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from zhenggai.kit.time_limits import Limit
from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    CompletenessRule,
    Draw,
    DueRule,
    FieldType,
    GroupRule,
    IndicatorRule,
    Ledger,
    LedgerField,
    Measure,
    Parameter,
    RepeatRule,
    RowRule,
    Rule,
)
from zhenggai.packs.loading import Declared
from zhenggai.packs.reading import Path
from zhenggai.rulesql import Column, Expression, Pair, Table, Type, look
from zhenggai.rulesql import Problem as Mistake

TYPES: Mapping[FieldType, Type] = {
    FieldType.TEXT: Type.TEXT,
    FieldType.LONG_TEXT: Type.TEXT,
    FieldType.INTEGER: Type.INTEGER,
    FieldType.DECIMAL: Type.DECIMAL,
    FieldType.MONEY: Type.DECIMAL,
    FieldType.PERCENT: Type.DECIMAL,
    FieldType.DATE: Type.DATE,
    FieldType.DATETIME: Type.DATETIME,
    FieldType.BOOLEAN: Type.BOOLEAN,
    FieldType.CHOICE: Type.TEXT,
    FieldType.CHOICES: Type.TEXTS,
    FieldType.REFERENCE: Type.TEXT,
    FieldType.UNIT: Type.TEXT,
    FieldType.DEPARTMENT: Type.TEXT,
    FieldType.PERSON: Type.TEXT,
}
"""Type of a field → type of its values in expressions."""
OF_INDICATORS = Table(
    "indicator",
    tuple(
        Column(name, Type.DECIMAL, label)
        for name, label in (
            ("value", "本期"),
            ("target", "目标"),
            ("base", "基准"),
            ("previous", "上期"),
            ("last_year", "上年同期"),
        )
    ),
    "指标",
)
"""What a rule about an indicator may speak of."""
Value = str | int | bool | Decimal | datetime.date


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression of a declaration, and what it is held against."""

    path: Path
    """Where it stands in the file."""
    text: str
    """The expression."""
    table: Table | Pair
    """What it speaks of."""
    want: Type | None = Type.BOOLEAN
    """What it must give; ``None`` for anything."""
    parameters: Mapping[str, Value | Type] = field(default_factory=dict)
    """Values it may use."""


def table_of(ledger: Ledger, declared: Declared) -> Table:
    """Return *ledger* as expressions see it."""
    return Table(ledger.ledger, tuple(_column(each, declared) for each in ledger.fields), ledger.label)


def _column(declaration: LedgerField, declared: Declared) -> Column:
    enumeration = declared.enumerations.get(declaration.enumeration or "")
    values: dict[tuple[str, str], None] = {}
    for version in enumeration.versions if enumeration else ():
        values.update(dict.fromkeys((value.code, value.label) for value in version.values))
    return Column(declaration.code, TYPES[declaration.type], declaration.label, tuple(values))


def value_of(parameter: Parameter) -> Value | Type:
    """Return the value of a parameter as expressions take it: a day where it reads as one, an exact number; its type when unset."""
    value = parameter.value
    if value is None:
        return Type.TEXT
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


def parameters_of(rule: Rule | Draw) -> dict[str, Value | Type]:
    """Return the parameters of *rule* as expressions take them."""
    return {name: value_of(parameter) for name, parameter in rule.parameters.items()}


def asked(ledger: Ledger, declared: Declared) -> Iterator[Asked]:
    """Yield every expression of *ledger*, in the order of its parts."""
    table = table_of(ledger, declared)
    for index, each in enumerate(ledger.fields):
        if each.computed is not None:
            others = Table(
                table.name, tuple(column for column in table.columns if column.name != each.code), table.label
            )
            yield Asked(("fields", index, "computed"), each.computed, others, TYPES[each.type])
    for index, view in enumerate(ledger.views):
        if view.where is not None:
            yield Asked(("views", index, "where"), view.where, table)
    for index, rule in enumerate(ledger.rules):
        yield from _of_rule(rule, ("rules", index), table, declared)
    for index, indicator in enumerate(ledger.indicators):
        for name in ("numerator", "denominator"):
            measure = getattr(indicator, name)
            if measure is not None:
                yield from _of_measure(measure, ("indicators", index, name), table, declared)
    for index, draw in enumerate(ledger.draws):
        if draw.where is not None:
            yield Asked(("draws", index, "where"), draw.where, table, Type.BOOLEAN, parameters_of(draw))
        pool = declared.ledgers.get(draw.reviewers or "")
        if draw.present is not None and pool is not None:
            against = table_of(pool, declared)
            yield Asked(("draws", index, "present"), draw.present, against, Type.BOOLEAN, parameters_of(draw))


def _of_rule(rule: Rule, here: Path, table: Table, declared: Declared) -> Iterator[Asked]:
    parameters = parameters_of(rule)

    def one(name: str, against: Table | Pair = table, want: Type = Type.BOOLEAN) -> Iterator[Asked]:
        text = getattr(rule, name)
        if text is not None:
            yield Asked((*here, name), text, against, want, parameters)

    match rule:
        case RowRule() | CompletenessRule():
            yield from one("when")
        case DueRule():
            yield from one("when")
            yield from one("due", want=Type.DATE)
            yield from one("unless")
        case GroupRule() | RepeatRule():
            yield from one("where")
        case AbsenceRule():
            yield from one("where")
            among = declared.ledgers.get(rule.among or "")
            if among is not None:
                yield from one("among_where", table_of(among, declared))
        case ComparisonRule():
            yield from one("where")
            other = declared.ledgers.get(rule.with_ledger)
            if other is not None:
                yield from one("on", Pair(table, table_of(other, declared)))
        case IndicatorRule():
            yield from one("when", OF_INDICATORS)


def _of_measure(measure: Measure, here: Path, table: Table, declared: Declared) -> Iterator[Asked]:
    if measure.ledger is not None:
        other = declared.ledgers.get(measure.ledger)
        if other is None:
            return
        table = table_of(other, declared)
    if measure.where is not None:
        yield Asked((*here, "where"), measure.where, table)
    if measure.value is not None:
        want = None if measure.of in ("distinct", "minimum", "maximum") else Type.DECIMAL
        yield Asked((*here, "value"), measure.value, table, want)


def understand(each: Asked, limits: Mapping[str, Limit]) -> tuple[Expression | None, tuple[Mistake, ...]]:
    """Return the expression, or ``None``, and what is wrong with it or worth knowing."""
    return _understand(each.text, each.table, each.want, tuple(each.parameters.items()), _Limits(limits))


class _Limits(dict[str, Limit]):
    """Limits that a cache can tell apart: by what they are, not by which object."""

    def __hash__(self) -> int:  # type: ignore[override]  # never changed after it was made
        return hash(tuple(sorted(self)))


@lru_cache(maxsize=4096)
def _understand(
    text: str, table: Table | Pair, want: Type | None, parameters: tuple[tuple[str, Value | Type], ...], limits: _Limits
) -> tuple[Expression | None, tuple[Mistake, ...]]:
    return look(text, table, want=want, parameters=dict(parameters), limits=limits)
