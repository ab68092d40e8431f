"""Formulas of surveys of satisfaction, as data, with their arithmetic shown: plain values in, plain values out.

What has no valid sheet has no rate: undefined stays undefined, and is not shown as nothing per cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhenggai.oversight.errors import BadScheme
from zhenggai.packs import read_shipped

SHARE, WEIGHTED = "share", "weighted"
PLACE = "common/evaluation.yaml"
_TENTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on the sheet."""

    code: str
    """Stored with the counts."""
    label: str
    """满意 基本满意 …."""
    weight: int
    """Points of the answer; of a share, 1 when it counts as satisfied and 0 when not."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a rate of satisfaction is computed."""

    code: str
    """Stored with each survey."""
    name: str
    """What people call it."""
    kind: str
    """``share`` or ``weighted``."""
    words: str
    """The formula as people write it."""
    options: tuple[Option, ...]
    """Answers in order."""
    least_returned_percent: int
    """Share of the sheets handed out that must come back for the survey to be valid."""
    least_valid: int
    """Valid sheets there must be."""

    @property
    def full(self) -> int:
        """Points of the best answer: what the weighted sum is divided by, for each sheet."""
        return max(option.weight for option in self.options)


@dataclass(frozen=True, slots=True)
class Result:
    """What a survey comes to."""

    percent: Decimal | None
    """The rate, to two places; None where there is no valid sheet."""
    valid: int
    """Valid sheets."""
    arithmetic: str
    """The sum written out."""
    returned_percent: Decimal | None
    """Share of the sheets that came back; None where none was handed out."""
    too_few_returned: bool
    """Whether fewer came back than the rule asks."""
    too_few_valid: bool
    """Whether fewer were valid than the rule asks."""

    @property
    def is_valid(self) -> bool:
        """Whether the survey counts."""
        return self.percent is not None and not self.too_few_returned and not self.too_few_valid


def shipped_formulas() -> tuple[Formula, ...]:
    """Return the formulas that ship with the platform."""
    return tuple(parse_formula(each) for each in read_shipped(PLACE)["surveys"])


def shipped_formula_values(code: str) -> dict[str, Any] | None:
    """Return the plain values of a shipped formula, to be kept with a survey; None when there is none."""
    return next((dict(each) for each in read_shipped(PLACE)["surveys"] if each["code"] == code), None)


def parse_formula(values: Mapping[str, Any]) -> Formula:
    """Return the formula that plain *values* state.

    Raises:
        BadScheme: it cannot be used.
    """
    place = f"{PLACE} {values.get('code', '')}".strip()
    try:
        options = tuple(Option(str(e["code"]), str(e["label"]), int(e["weight"])) for e in values["options"])
        formula = Formula(
            str(values["code"]), str(values["name"]), str(values["kind"]), str(values["words"]), options,
            int(values.get("least_returned_percent", 0)), int(values.get("least_valid", 1)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise BadScheme(place=place, reason=f"缺少或写错了 {error}") from error
    if formula.kind not in (SHARE, WEIGHTED) or not options or formula.full <= 0:
        raise BadScheme(place=place, reason="公式类别不明，或没有计为满意的选项")
    return formula


def compute(formula: Formula, counts: Mapping[str, int], *, issued: int, returned: int) -> Result:
    """Return what *counts* come to.

    Args:
        formula: how it is computed.
        counts: option code → valid sheets.
        issued: sheets handed out.
        returned: sheets that came back.
    """
    given = [(option, counts.get(option.code, 0)) for option in formula.options]
    valid = sum(count for _option, count in given)
    points = sum(option.weight * count for option, count in given)
    full = formula.full * valid
    percent = (Decimal(100) * points / full).quantize(_TENTH, ROUND_HALF_UP) if full else None
    back = (Decimal(100) * returned / issued).quantize(_TENTH, ROUND_HALF_UP) if issued else None
    return Result(
        percent=percent,
        valid=valid,
        arithmetic=_written_out(formula, given, valid, percent),
        returned_percent=back,
        too_few_returned=back is None or back < formula.least_returned_percent,
        too_few_valid=valid < formula.least_valid,
    )


def _written_out(formula: Formula, given: list[tuple[Option, int]], valid: int, percent: Decimal | None) -> str:
    if formula.kind == SHARE:
        top = " + ".join(str(count) for option, count in given if option.weight)
        sum_ = f"({top}) ÷ {valid}"
    else:
        top = " + ".join(f"{count}×{option.weight}" for option, count in given)
        sum_ = f"({top}) ÷ ({valid}×{formula.full})"
    return sum_ if percent is None else f"{sum_} = {percent}%"
