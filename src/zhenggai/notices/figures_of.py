"""Every figure of a notice with what it rests on: bound, stale, unbound, or no figure by somebody's word.

Text with anchors and bindings come in, states go out; the numbers are those that :mod:`zhenggai.figures` reads, so that
nothing it would check goes without a state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.figures import Quantity, Report
from zhenggai.figures.units import MEASURES, RATIO_UNITS, TIME_UNITS
from zhenggai.notices.blocks import Anchor, BlockKind
from zhenggai.notices.composing import shown
from zhenggai.notices.layout import Layout
from zhenggai.notices.models import Binding
from zhenggai.notices.sources import Given

_UPWARD = ("余", "多", "以上", "超过", "逾", "超", "突破", "不少于", "至少")
_DOWNWARD = ("近", "不足", "以下", "不到", "不超过", "接近")
_FALLS = re.compile(r"(?:下降|减少|降低|下滑|压减|回落|缩短|减幅|降幅)[了约近为达]{0,2}$")
_ABOUT = ("约", "左右", "大约", "上下")
NOT_COUNTED = frozenset({BlockKind.CONTACT, BlockKind.SIGNATURE, BlockKind.DATE})
"""Kinds of blocks whose numbers count nothing."""


class FigureState(StrEnum):
    """How a figure stands."""

    BOUND = "bound"
    STALE = "stale"
    UNBOUND = "unbound"
    NOT_A_FIGURE = "not_a_figure"


STATE_LABELS: dict[FigureState, str | Promise] = {
    FigureState.BOUND: _("已绑定"),
    FigureState.STALE: _("已变化"),
    FigureState.UNBOUND: _("未绑定"),
    FigureState.NOT_A_FIGURE: _("不是统计数字"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a notice."""

    state: FigureState
    """How it stands."""
    block: str
    """Id of its block."""
    start: int
    """First character in the block's text."""
    end: int
    """Behind the last one."""
    span: tuple[int, int]
    """The same in the text of the notice."""
    quote: str
    """The characters."""
    subject: str = ""
    """What it counts, as far as the text says."""
    value: Decimal | None = None
    """Its value."""
    unit: str = ""
    """Its measure word."""
    binding: Binding | None = None
    """What it is bound to."""
    given: Given | None = None
    """What that gives."""
    wanted: str = ""
    """Of a stale one: what should stand there."""
    why: str = ""
    """Of a stale one: why, where it is not the value."""


def read_states(
    layout: Layout,
    report: Report,
    anchors: Iterable[Anchor],
    bindings: Mapping[int, Binding],
    given: Mapping[int, Given],
    kinds: Mapping[str, BlockKind],
) -> list[Figure]:
    """Return the figures of a notice in its order.

    Args:
        layout: the notice.
        report: what was read of its text.
        anchors: where bound figures stand.
        bindings: key → binding.
        given: key of a binding → what it gives now.
        kinds: id of a block → its kind.
    """
    left: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        left.setdefault(anchor.block, []).append(anchor)
    found: list[Figure] = []
    for quantity in report.quantities:
        place = layout.block_at(*quantity.span)
        if place is None or kinds.get(place[0]) in NOT_COUNTED or _is_time(quantity):
            continue
        block, start, end = place
        held = [each for each in left.get(block, ()) if each.start < end and start < each.end]
        for anchor in held:
            left[block].remove(anchor)
        before = layout.text[max(0, quantity.span[0] - 8) : quantity.span[0]]
        found.append(_figure(quantity, block, start, end, held[:1], bindings, given, falls=bool(_FALLS.search(before))))
    for block, rest in left.items():
        found += [_other(anchor, layout, bindings, given) for anchor in rest if _is_shown(layout, block, anchor)]
    return sorted(found, key=lambda each: each.span)


def _figure(
    quantity: Quantity,
    block: str,
    start: int,
    end: int,
    held: Sequence[Anchor],
    bindings: Mapping[int, Binding],
    given: Mapping[int, Given],
    *,
    falls: bool,
) -> Figure:
    binding = bindings.get(held[0].binding) if held else None
    gives = given.get(binding.pk) if binding is not None else None
    if (
        falls
        and gives is not None
        and gives.value is not None
        and binding is not None
        and binding.source.get("against")
    ):
        gives = replace(gives, value=-gives.value)  # a fall is written without its sign
    state, wanted, why = _judge(quantity, binding, gives)
    return Figure(
        state, block, start, end, quantity.span, quantity.text, quantity.subject, quantity.value, quantity.unit, binding,
        gives, wanted, why,
    )  # fmt: skip


def _other(anchor: Anchor, layout: Layout, bindings: Mapping[int, Binding], given: Mapping[int, Given]) -> Figure:
    """Return a bound place at which no number is read: what is said not to be a figure, or a number edited away."""
    binding = bindings.get(anchor.binding)
    span = layout.place(anchor.block, anchor.start, anchor.end) or (0, 0)
    state = FigureState.NOT_A_FIGURE
    gives = given.get(anchor.binding)
    wanted = ""
    if binding is not None and binding.kind in (Binding.Kind.COUNT, Binding.Kind.INDICATOR):
        number = _plain_number(anchor.quote)
        value = gives.value if gives is not None else None
        holds = number is not None and value is not None and number == _rounded(value, number)
        state = FigureState.BOUND if holds else FigureState.STALE
        wanted = "" if holds or value is None else shown(value)
    elif binding is not None and binding.kind == Binding.Kind.STATEMENT:
        state = FigureState.BOUND
    return Figure(
        state, anchor.block, anchor.start, anchor.end, span, anchor.quote, binding=binding, given=gives, wanted=wanted
    )


def _is_shown(layout: Layout, block: str, anchor: Anchor) -> bool:
    return layout.place(block, anchor.start, anchor.end) is not None


def _judge(quantity: Quantity, binding: Binding | None, given: Given | None) -> tuple[FigureState, str, str]:
    if binding is None:
        return FigureState.UNBOUND, "", ""
    if binding.kind == Binding.Kind.NOT_A_FIGURE:
        return FigureState.NOT_A_FIGURE, "", ""
    if given is not None and given.why:
        return FigureState.STALE, "", given.why
    if binding.kind == Binding.Kind.STATEMENT:
        return FigureState.BOUND, "", ""
    if given is None or given.value is None:
        return FigureState.STALE, "", ""
    if agrees(quantity, given.value, given.unit):
        return FigureState.BOUND, "", ""
    return FigureState.STALE, _as_written(quantity, given), ""


def agrees(quantity: Quantity, value: Decimal, unit: str) -> bool:
    """Tell whether a figure states *value*: rounded as it is shown, within its bound where it is approximate."""
    value = _converted(value, unit, quantity.unit)
    if quantity.upper is not None:
        return quantity.value <= value <= quantity.upper
    if any(word in quantity.qualifier for word in _UPWARD):
        return quantity.value <= value < 2 * max(quantity.value, Decimal(1))
    if any(word in quantity.qualifier for word in _DOWNWARD):
        return quantity.value * Decimal("0.8") <= value <= quantity.value
    if any(word in quantity.qualifier for word in _ABOUT):
        return abs(value - quantity.value) <= max(abs(quantity.value) * Decimal("0.05"), quantity.step)
    return _stepped(value, quantity.step) == quantity.value


def _converted(value: Decimal, unit: str, to: str) -> Decimal:
    if unit in MEASURES and to in MEASURES and MEASURES[unit][0] == MEASURES[to][0]:
        return value * MEASURES[unit][1] / MEASURES[to][1]
    return value


def _stepped(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step if step else value


def _as_written(quantity: Quantity, given: Given) -> str:
    """Return what should stand in the place of a figure, as precisely as it was written."""
    value = _stepped(_converted(given.value or Decimal(0), given.unit, quantity.unit), quantity.step)
    return f"{shown(value)}{quantity.unit}"


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    exponent = like.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(min(0, int(exponent))), ROUND_HALF_UP)


def _plain_number(quote: str) -> Decimal | None:
    digits = "".join(sign for sign in quote if sign.isdecimal() or sign == ".")
    return Decimal(digits) if digits.strip(".") and digits.count(".") < 2 else None


def _is_time(quantity: Quantity) -> bool:
    """Tell whether it only dates something: a number of years or days is counted, a calendar year is not."""
    return quantity.unit in TIME_UNITS - {"天", "日", "个月", "小时", "个小时", "个工作日", "工作日"} or (
        quantity.unit in RATIO_UNITS and quantity.unit == "半"
    )
