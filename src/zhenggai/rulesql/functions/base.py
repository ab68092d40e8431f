"""What a function is: its words for authors, its signatures, how each engine writes it, and what it means in Python.

The tables beside this file are the whole language.  A function without an entry cannot be written in an expression.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from zhenggai.rulesql.types import Type


class Same(Enum):
    """Stands in a signature for one type that all its arguments share."""

    SAME = "same"


SAME = Same.SAME
Taken: TypeAlias = Type | Same
Template: TypeAlias = str | Callable[..., str]
"""A format with ``{0}`` for each argument, or what makes the text from the arguments."""

ORDERED = frozenset({Type.INTEGER, Type.DECIMAL, Type.TEXT, Type.DATE, Type.DATETIME})
PLAIN = ORDERED | {Type.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Form:
    """One signature of a function, with how each engine writes it."""

    takes: tuple[Taken, ...]
    """Types of the arguments."""
    gives: Taken
    """Type of the result."""
    duckdb: Template
    """How DuckDB writes it."""
    spark: Template | None = None
    """How Spark writes it, where that differs."""
    rest: bool = False
    """Whether the last argument may be repeated."""
    same: frozenset[Type] = PLAIN
    """What :data:`SAME` may be."""

    def template(self, dialect: str) -> Template:
        """Return how *dialect* writes it."""
        return self.spark if dialect == "spark" and self.spark is not None else self.duckdb

    def fits(self, count: int) -> bool:
        """Tell whether it takes *count* arguments."""
        return count == len(self.takes) or (self.rest and count > len(self.takes))

    def taken(self, count: int) -> tuple[Taken, ...]:
        """Return the type of each of *count* arguments."""
        return self.takes + self.takes[-1:] * (count - len(self.takes))


@dataclass(frozen=True, slots=True)
class Function:
    """One function, or one operator, of the language."""

    name: str
    """How it is written."""
    group: str
    """Where the function table lists it."""
    parameters: tuple[str, ...]
    """Names of the arguments, in Chinese; the longest signature."""
    says: str
    """What it does, a whole Chinese sentence."""
    example: str
    """How it is used."""
    phrase: Template
    """How it reads in Chinese."""
    forms: tuple[Form, ...]
    """Its signatures, the narrowest first."""
    meaning: Callable[..., Any]
    """What it means in Python; arguments and result are plain values, None for unknown."""
    strict: bool = True
    """Whether any unknown argument makes the result unknown; else :attr:`meaning` sees to it."""
    calendar: bool = False
    """Whether :attr:`meaning` takes the work calendar first."""
    literal: frozenset[int] = field(default_factory=frozenset)
    """Arguments that must be written out."""
    operator: bool = False
    """Whether it is written between or before its arguments."""

    @property
    def signature(self) -> str:
        """How it is written, with the names of its arguments."""
        if self.operator:
            return self.name
        least = min(len(form.takes) for form in self.forms)
        shown = [name if at < least else f"[{name}]" for at, name in enumerate(self.parameters)]
        dots = ", …" if any(form.rest for form in self.forms) else ""
        return f"{self.name}({', '.join(shown)}{dots})"


def function(
    name: str,
    group: str,
    parameters: str,
    says: str,
    example: str,
    phrase: Template,
    forms: tuple[Form, ...],
    meaning: Callable[..., Any],
    **more: Any,
) -> Function:
    """Return a function whose parameters are written in one text, for the tables."""
    names = tuple(each.strip() for each in parameters.split(",") if each.strip())
    return Function(name, group, names, says, example, phrase, forms, meaning, **more)


def listed(between: str, opening: str = "", closing: str = "") -> Callable[..., str]:
    """Return a template that joins any number of arguments."""

    def join(*args: str) -> str:
        return f"{opening}{between.join(args)}{closing}"

    return join
