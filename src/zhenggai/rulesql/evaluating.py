"""Typed tree and one row → a value: what an expression means, without any engine.

It answers "would this rule hit that row" at once, and is what the engines are held to by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.functions.numbers import fit_decimal
from zhenggai.rulesql.literals import parse_date, parse_datetime
from zhenggai.rulesql.rendering import Context, bound_value
from zhenggai.rulesql.tree import Bound, Const, Field, Node, Value
from zhenggai.rulesql.types import Type

_PLAIN_WEEK = WorkCalendar()


def evaluate(
    node: Node, rows: Mapping[str, Mapping[str, object]], context: Context, calendar: WorkCalendar = _PLAIN_WEEK
) -> Any:
    """Return the value of *node*; None for unknown.

    Args:
        node: What to evaluate.
        rows: Side → row by column; the side is empty where there is one ledger.
        context: What the run binds.
        calendar: Which days are worked on.
    """
    if isinstance(node, Const):
        return node.value
    if isinstance(node, Field):
        return typed(rows.get(node.side, {}).get(node.column.name), node.type)
    if isinstance(node, Bound):
        return bound_value(node, context)
    args = [evaluate(each, rows, context, calendar) for each in node.args]
    if node.function.strict and any(each is None for each in args):
        return None
    if node.function.calendar:
        return node.function.meaning(calendar, *args)
    return node.function.meaning(*args)


def typed(value: object, kind: Type) -> Value:
    """Return a row's value as one of *kind*; None when it is none, as the engines' own reading has it."""
    if value is None:
        return None
    if kind is Type.BOOLEAN:
        return value if isinstance(value, bool) else None
    if kind is Type.INTEGER:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if kind is Type.DECIMAL:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        return fit_decimal(Decimal(str(value)))
    if kind is Type.TEXT:
        return value if isinstance(value, str) else None
    if kind is Type.TEXTS:
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else None
    if kind is Type.DATE:
        if isinstance(value, datetime):
            return None
        return value if isinstance(value, date) else parse_date(value) if isinstance(value, str) else None
    if isinstance(value, datetime):
        return value
    return parse_datetime(value) if isinstance(value, str) else None
