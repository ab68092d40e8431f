"""How the fields of a ledger stand in a relation: one column each, typed, beside those that every ledger has."""

from __future__ import annotations

from collections.abc import Iterable

from zhenggai.ledgers.duck import name, text
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField

SYSTEM: dict[str, str] = {
    "row_id": "VARCHAR",
    "number": "BIGINT",
    "body_id": "BIGINT",
    "unit_id": "BIGINT",
    "revision": "BIGINT",
    "changed_at": "TIMESTAMPTZ",
    "withdrawn": "BOOLEAN",
    "search": "VARCHAR",
    "search_personal": "VARCHAR",
}
"""Columns every relation has beside the fields."""

TYPES: dict[FieldType, str] = {
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "DECIMAL(18,6)",
    FieldType.MONEY: "DECIMAL(18,6)",
    FieldType.PERCENT: "DECIMAL(18,6)",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.CHOICES: "VARCHAR[]",
}
"""Field type → DuckDB type; text where not named."""


def type_of(field: LedgerField) -> str:
    """Return the type of a field's column."""
    return TYPES.get(field.type, "VARCHAR")


def cast(field: LedgerField, expression: str) -> str:
    """Return *expression* as the type of the field; empty where it cannot be."""
    kind = type_of(field)
    return expression if kind in ("VARCHAR", "VARCHAR[]") else f"TRY_CAST({expression} AS {kind})"


def json_structure(fields: Iterable[LedgerField]) -> str:
    """Return the structure of a row's data as DuckDB's JSON functions take it: everything text, cast afterwards."""
    parts = ",".join(
        f'"{field.code}":' + ('["VARCHAR"]' if field.type == FieldType.CHOICES else '"VARCHAR"') for field in fields
    )
    return "{" + parts + "}"


def struct_type(fields: Iterable[LedgerField]) -> str:
    """Return the same structure as a type."""
    parts = (f"{name(each.code)} {'VARCHAR[]' if each.type == FieldType.CHOICES else 'VARCHAR'}" for each in fields)
    return f"STRUCT({', '.join(parts)})"


def unit_column(unit: str | None, body: str = "body_id") -> str:
    """Return the expression of the unit a row is about, from that of its field and its body."""
    return f"coalesce(TRY_CAST({unit} AS BIGINT), {body})" if unit else body


def words_of(ledger: Ledger, *, personal: bool) -> str:
    """Return an expression for the words of a row, where no normal form was kept."""
    codes = [
        name(field.code)
        for field in ledger.fields
        if field.computed is None and bool(field.personal) == personal and type_of(field) == "VARCHAR"
    ]
    return f"lower(concat_ws({text(chr(10))}, {', '.join(codes)}))" if codes else "''"
