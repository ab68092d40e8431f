"""A declared ledger as the engine of expressions knows it: its columns with their types and values."""

from __future__ import annotations

from collections.abc import Mapping

from zhenggai.packs.declarations import Enumeration, FieldType, Ledger, LedgerField
from zhenggai.rulesql.types import Choice, Column, Table, Type

TYPES: Mapping[FieldType, Type] = {
    FieldType.INTEGER: Type.INTEGER,
    FieldType.DECIMAL: Type.DECIMAL,
    FieldType.MONEY: Type.DECIMAL,
    FieldType.PERCENT: Type.DECIMAL,
    FieldType.DATE: Type.DATE,
    FieldType.DATETIME: Type.DATETIME,
    FieldType.BOOLEAN: Type.BOOLEAN,
    FieldType.CHOICES: Type.TEXTS,
}
"""Type of a field → type in expressions; text where not named."""

FIGURE = Table(
    "figure", tuple(Column(name, Type.DECIMAL) for name in ("value", "target", "base", "previous", "last_year"))
)
"""What the condition of an indicator rule speaks of."""


def table_of(ledger: Ledger, enumerations: Mapping[str, Enumeration]) -> Table:
    """Return *ledger* as expressions may name it."""
    return Table(ledger.ledger, tuple(_column(each, enumerations) for each in ledger.fields), ledger.label)


def _column(field: LedgerField, enumerations: Mapping[str, Enumeration]) -> Column:
    kind = TYPES.get(field.type, Type.TEXT)
    known = enumerations.get(field.enumeration or "")
    values = {value.code: value.label for version in known.versions for value in version.values} if known else {}
    return Column(field.code, kind, field.label, tuple(Choice(code, label) for code, label in values.items()))
