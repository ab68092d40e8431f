"""Fields computed from others: worked out where they are read, so that they never lag behind what they come from."""

from __future__ import annotations

from datetime import datetime

from zhenggai.ledgers.duck import name
from zhenggai.ledgers.expressions import as_sql, expression_of, type_of_values
from zhenggai.ledgers.readers.columns import type_of
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.packs.declarations import Ledger, LedgerField


def with_computed(ledger: Ledger, kept: Relation, as_of: datetime | None) -> Relation:
    """Return *kept* with a column for each computed field: in rounds, since one may come from another.

    A field whose expression means nothing, or that comes from itself, is empty.
    """
    waiting = [each for each in ledger.fields if each.computed is not None]
    if not waiting:
        return kept
    there = {each.code for each in ledger.fields if each.computed is None}
    sql = kept.sql
    while waiting:
        ready = {each.code: made for each in waiting if (made := _made(ledger, each, there, as_of)) is not None}
        if not ready:
            ready = {each.code: f"CAST(NULL AS {type_of(each)})" for each in waiting}
        columns = ", ".join(f"{made} AS {name(code)}" for code, made in ready.items())
        sql = f"SELECT *, {columns} FROM ({sql})"
        there |= set(ready)
        waiting = [each for each in waiting if each.code not in ready]
    return Relation(sql, kept.parameters)


def _made(ledger: Ledger, field: LedgerField, there: set[str], as_of: datetime | None) -> str | None:
    """Return the value of a computed field as SQL, or ``None`` while a field that it comes from is not there."""
    expression = expression_of(ledger, field.computed or "", type_of_values(field), without=field.code)
    if expression is None:
        return f"CAST(NULL AS {type_of(field)})"
    if not set(expression.column_names) <= there:
        return None
    return f"CAST({as_sql(expression, as_of)} AS {type_of(field)})"
