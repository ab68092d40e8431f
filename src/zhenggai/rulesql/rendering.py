"""Typed tree → SQL.  Nothing of the author's text comes through but values, as quoted literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhenggai.rulesql.dialects import Dialect
from zhenggai.rulesql.literals import given_value
from zhenggai.rulesql.tree import Bound, Call, Const, Field, Node, Value

LONGEST_SQL = 400_000
"""Characters of one expression; templates repeat their arguments, so nesting multiplies."""


class TooMuchSql(Exception):
    """The SQL of an expression grows beyond all use."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a run binds."""

    as_of: date
    """The day the run is for."""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """Values by name."""
    relations: Mapping[str, str] = field(default_factory=dict)
    """Side → the name of its relation, as it is to be written before a column; empty for none."""


def render(node: Node, dialect: Dialect, context: Context) -> str:
    """Return *node* as the text of one SQL expression.

    Raises:
        TooMuchSql: it would be longer than :data:`LONGEST_SQL`.
    """
    if isinstance(node, Const):
        return dialect.literal(node.value, node.type)
    if isinstance(node, Field):
        name = dialect.identifier(node.column.name)
        relation = context.relations.get(node.side, "")
        return f"{relation}.{name}" if relation else name
    if isinstance(node, Bound):
        return dialect.literal(bound_value(node, context), node.type)
    args = [render(each, dialect, context) for each in node.args]
    text = _filled(node, dialect, args)
    if len(text) > LONGEST_SQL:
        raise TooMuchSql
    return text


def bound_value(node: Bound, context: Context) -> Value:
    """Return what *node* is in a run."""
    if node.name == "as_of":
        return context.as_of
    value: Value = given_value(context.parameters[node.name], node.type)  # type: ignore[assignment]  # a value of that type  # fmt: skip
    return value


def _filled(node: Call, dialect: Dialect, args: list[str]) -> str:
    template = node.form.template(dialect.name)
    if not isinstance(template, str):
        return template(*args)
    return template.format(*args)
