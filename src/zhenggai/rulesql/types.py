"""The types of expressions, and the tables whose columns expressions speak of.

A ledger's declaration comes in as :class:`Table`; what can be asked of it here is which column a name means, and
which name was probably meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from zhenggai.kit.messages import gettext_noop


class Type(StrEnum):
    """What a value is."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"

    @property
    def label(self) -> str:
        """What people call it; a Chinese source string."""
        return TYPE_LABELS[self]


TYPE_LABELS = {
    Type.BOOLEAN: gettext_noop("是否"),
    Type.INTEGER: gettext_noop("整数"),
    Type.DECIMAL: gettext_noop("小数"),
    Type.TEXT: gettext_noop("文字"),
    Type.DATE: gettext_noop("日期"),
    Type.DATETIME: gettext_noop("日期时间"),
    Type.TEXTS: gettext_noop("多项文字"),
}

NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL})
MOMENTS = frozenset({Type.DATE, Type.DATETIME})
WIDER = {Type.INTEGER: Type.DECIMAL, Type.DATE: Type.DATETIME}
"""Type → the type it becomes where the wider one is needed."""

RESERVED_PREFIX = "rulesql_"
"""Names that the engines keep for themselves."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a column may hold."""

    code: str
    """What is stored."""
    label: str = ""
    """What people call it; empty when that is the code."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger."""

    name: str
    """What it is stored under: the field's code."""
    type: Type
    """What it holds."""
    label: str = ""
    """What people call it; expressions may use either."""
    values: tuple[str | tuple[str, str] | Choice, ...] = ()
    """What a choice may hold: codes, or pairs of code and label; empty for a column that is no choice."""

    @property
    def title(self) -> str:
        """What people call it, or else its code."""
        return self.label or self.name

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The values, each with code and label."""
        return tuple(_choice(each) for each in self.values)

    def choice(self, text: str) -> Choice | None:
        """Return the value whose code or, failing that, label is *text*."""
        known = self.choices
        return next(
            (each for each in known if each.code == text), next((each for each in known if each.label == text), None)
        )


def _choice(value: str | tuple[str, str] | Choice) -> Choice:
    if isinstance(value, Choice):
        return value
    return Choice(value) if isinstance(value, str) else Choice(*value)


@dataclass(frozen=True, slots=True)
class Table:
    """One ledger: the columns that an expression may name."""

    name: str
    """Its code."""
    columns: tuple[Column, ...]
    """Its columns; ``row_id`` is there by itself and is not declared."""
    label: str = ""
    """What people call it."""

    def __post_init__(self) -> None:
        """Take any iterable of columns."""
        object.__setattr__(self, "columns", tuple(self.columns))

    def column(self, name: str) -> Column | None:
        """Return the column with that code or label; codes first, width and case of letters make no difference."""
        for key in (_same, _folded):
            wanted = key(name)
            for of in ("name", "label"):
                found = next((each for each in self.columns if key(getattr(each, of)) == wanted and wanted), None)
                if found:
                    return found
        return None

    def names(self) -> list[str]:
        """Return every name that can be used, labels first."""
        return [each.label for each in self.columns if each.label] + [each.name for each in self.columns]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ledgers held against each other; an expression names their columns as ``左.字段`` and ``右.字段``."""

    left: Table
    """The ledger whose rows are judged."""
    right: Table
    """The ledger they are held against."""
    left_names: tuple[str, ...] = ("左", "left")
    """Words before the dot that mean the left one; its own code and label do too, where they differ."""
    right_names: tuple[str, ...] = ("右", "right")
    """The same for the right one."""

    def side(self, word: str) -> str:
        """Return ``left``, ``right`` or, when the word means neither, an empty text."""
        left = {_folded(each) for each in (*self.left_names, self.left.name, self.left.label) if each}
        right = {_folded(each) for each in (*self.right_names, self.right.name, self.right.label) if each}
        wanted = _folded(word)
        if wanted in left - right:
            return "left"
        return "right" if wanted in right - left else ""


def _same(name: str) -> str:
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def likely(name: str, known: Iterable[str]) -> str:
    """Return which of the *known* names was probably meant by *name*; empty when none is near."""
    wanted = _folded(name)
    names = {_folded(each): each for each in reversed(list(known)) if each}
    if wanted in names:
        return names[wanted]
    best = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=60 if len(wanted) > 2 else 50)
    if best is not None:
        return names[best[0]]
    # 受理 for 受理日期: a part of exactly one name.
    holding = [each for each in names if len(wanted) >= 2 and wanted in each]
    return names[holding[0]] if len(holding) == 1 else ""
