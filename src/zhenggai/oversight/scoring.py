"""Schemes by which a rectification is scored, as data, and the arithmetic of it: plain values in, plain values out.

Nothing here compares units: a scheme yields the score of one subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from zhenggai.oversight.errors import BadScheme
from zhenggai.packs import read_shipped

DEDUCTION, AWARD = "deduction", "award"
_CENT = Decimal("0.01")
PLACE = "common/evaluation.yaml"


@dataclass(frozen=True, slots=True)
class Item:
    """One line a judge marks."""

    code: str
    """Stored with each mark."""
    text: str
    """What is looked at."""
    most: Decimal
    """The most that can be taken off, or given."""
    part: str
    """Name of its part."""
    is_bonus: bool = False
    """Whether it adds to the score over the base."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the score it begins at."""

    name: str
    """好 较好 一般 差."""
    least: Decimal
    """From which score on it is given."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a rectification is scored."""

    code: str
    """Stored with each evaluation."""
    name: str
    """What people call it."""
    note: str
    """What of it is published practice and what is the office's own choice."""
    mode: str
    """``deduction``: judges take points off; ``award``: they give them."""
    items: tuple[Item, ...]
    """Lines in order."""
    grades: tuple[Grade, ...]
    """From the best; empty when the scheme gives none."""
    veto_at: int | None
    """From how many contradictions between report and facts the score is nothing; None without such a rule."""
    least_judges: int
    """How many judges must have handed in marks."""

    @property
    def base(self) -> Decimal:
        """The full score without any bonus."""
        return sum((item.most for item in self.items if not item.is_bonus), Decimal(0))

    @property
    def parts(self) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """The items under the names of their parts."""
        names = dict.fromkeys(item.part for item in self.items)
        return tuple((name, tuple(item for item in self.items if item.part == name)) for name in names)

    def item(self, code: str) -> Item | None:
        """Return the item with *code*, if there is one."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Score:
    """What the marks of all judges come to."""

    total: Decimal
    """The score, to two places."""
    grade: str
    """Its grade; empty when the scheme gives none."""
    is_vetoed: bool
    """Whether a veto made it nothing."""
    by_item: Mapping[str, Decimal]
    """Item code → points reached on average over the judges."""
    by_judge: tuple[Decimal, ...]
    """The total of each judge, before any veto."""


def shipped_schemes() -> tuple[Scheme, ...]:
    """Return the schemes that ship with the platform."""
    return tuple(parse_scheme(each) for each in read_shipped(PLACE)["schemes"])


def shipped_values(code: str) -> dict[str, Any] | None:
    """Return the plain values of a shipped scheme, to be kept with an evaluation; None when there is none."""
    return next((dict(each) for each in read_shipped(PLACE)["schemes"] if each["code"] == code), None)


def parse_scheme(values: Mapping[str, Any]) -> Scheme:
    """Return the scheme that plain *values* state.

    Raises:
        BadScheme: it cannot be used.
    """
    place = f"{PLACE} {values.get('code', '')}".strip()
    try:
        items = tuple(_items(values["parts"]))
        grades = tuple(Grade(str(each["name"]), _number(each["from"])) for each in values.get("grades", ()))
        scheme = Scheme(
            str(values["code"]), str(values["name"]), str(values.get("note", "")), str(values["mode"]), items, grades,
            values.get("veto_at"), int(values.get("least_judges", 1)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BadScheme(place=place, reason=f"缺少或写错了 {error}") from error
    codes = [item.code for item in items]
    if scheme.mode not in (DEDUCTION, AWARD) or not items or len(set(codes)) != len(codes):
        raise BadScheme(place=place, reason="评分方式不明、没有评分项或评分项代码重复")
    if list(grades) != sorted(grades, key=lambda grade: -grade.least):
        raise BadScheme(place=place, reason="等次应从高到低排列")
    return scheme


def score(scheme: Scheme, sheets: Sequence[Mapping[str, Decimal]], contradictions: int = 0) -> Score:
    """Return what the marks of the judges come to.

    Args:
        scheme: how it is scored.
        sheets: for each judge item code → points taken off or given; what is missing counts as none.
        contradictions: places where the report says other than the facts.
    """
    count = len(sheets)
    reached = {
        item.code: sum((_reached(scheme, item, sheet) for sheet in sheets), Decimal(0)) / count for item in scheme.items
    }
    total = sum(reached.values(), Decimal(0)).quantize(_CENT, ROUND_HALF_UP)
    judges = tuple(
        sum((_reached(scheme, item, sheet) for item in scheme.items), Decimal(0)).quantize(_CENT, ROUND_HALF_UP)
        for sheet in sheets
    )
    vetoed = scheme.veto_at is not None and contradictions >= scheme.veto_at
    final = Decimal("0.00") if vetoed else total
    return Score(final, grade_of(scheme, final), vetoed, reached, judges)


def grade_of(scheme: Scheme, total: Decimal) -> str:
    """Return the grade of a score; empty when the scheme gives none."""
    return next((grade.name for grade in scheme.grades if total >= grade.least), "")


def _reached(scheme: Scheme, item: Item, sheet: Mapping[str, Decimal]) -> Decimal:
    points = sheet.get(item.code, Decimal(0))
    return points if item.is_bonus or scheme.mode == AWARD else item.most - points


def _items(parts: Iterable[Mapping[str, Any]]) -> Iterable[Item]:
    for part in parts:
        for each in part["items"]:
            yield Item(
                str(each["code"]), str(each["text"]), _number(each["most"]), str(part["name"]),
                bool(part.get("bonus", False)),
            )  # fmt: skip


def _number(value: object) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        raise ValueError(value)
    return number
