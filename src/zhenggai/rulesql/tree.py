"""The typed tree of an expression: what is left of the text once it was understood.

Four kinds of node, each with its type and its place in the author's text.  Everything behind the gate works on
this tree alone: SQL, words and values are made from it, never from the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from zhenggai.rulesql.types import Choice, Column, Type

if TYPE_CHECKING:  # the table of functions is built from types that nodes also use
    from zhenggai.rulesql.functions.base import Form, Function

Value: TypeAlias = bool | int | Decimal | str | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Const:
    """A value written in the text."""

    type: Type | None
    """Its type; None for a bare NULL that nothing has given a type yet."""
    value: Value
    """The value itself."""
    start: int = 0
    """First character in the author's text."""
    end: int = 0
    """Behind the last character."""
    choice: Choice | None = None
    """The value of a choice that it stands for."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the ledger."""

    type: Type
    """The column's type."""
    column: Column
    """Which column."""
    side: str = ""
    """``left`` or ``right`` where two ledgers are held against each other."""
    start: int = 0
    """First character in the author's text."""
    end: int = 0
    """Behind the last character."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that is handed in with each run: a parameter, or the day the run is for."""

    type: Type
    """Its type."""
    name: str
    """Its name; ``as_of`` for the day."""
    start: int = 0
    """First character in the author's text."""
    end: int = 0
    """Behind the last character."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator applied to values."""

    type: Type
    """What it gives."""
    function: Function
    """What is applied."""
    form: Form
    """Which of its signatures."""
    args: tuple[Node, ...]
    """To what; already widened to what the form takes."""
    start: int = 0
    """First character in the author's text."""
    end: int = 0
    """Behind the last character."""
    words: str = ""
    """What to say instead of the function's own phrase, with ``{0}`` for :attr:`shown`."""
    shown: tuple[Node, ...] = ()
    """What :attr:`words` speaks of."""


Node: TypeAlias = Const | Field | Bound | Call


def walk(node: Node) -> Iterator[Node]:
    """Yield *node* and every node below it."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, Call):
            waiting.extend(reversed(each.args))


def fields(node: Node) -> tuple[Field, ...]:
    """Return the columns that *node* looks at, each once, in the order of the text."""
    found: dict[tuple[str, str], Field] = {}
    for each in walk(node):
        if isinstance(each, Field):
            found.setdefault((each.side, each.column.name), each)
    return tuple(found.values())
