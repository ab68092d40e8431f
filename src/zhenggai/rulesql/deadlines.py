"""``deadline('CR06', 受理日期, 在押)`` → the same written out in functions of dates.

What a limit is comes from :mod:`zhenggai.kit.time_limits`; the days are counted as
:func:`zhenggai.kit.time_counting.count` counts them, without extensions and pauses, which are data of the case.
"""

from __future__ import annotations

from zhenggai.kit.time_limits import Custody, Limit, Span, Unit
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS, Form, Function
from zhenggai.rulesql.tree import Call, Const, Node
from zhenggai.rulesql.types import Type


def _call(function: Function, *args: Node, form: Form | None = None) -> Call:
    form = form or function.forms[0]
    gives = form.gives if isinstance(form.gives, Type) else next(each.type for each in args[-2:] if each.type)
    return Call(gives, function, form, args)


def _whole(value: int) -> Const:
    return Const(Type.INTEGER, value)


def counted_span(limit: Limit, variant: str | None) -> Span:
    """Return the length of *limit*, in working days where its law means them."""
    span = limit.variant(variant).span if variant else limit.span
    if span.unit is Unit.DAY and span.amount in limit.counting.workday_amounts:
        return Span(span.amount, Unit.WORKDAY)
    return span


def deadline(limit: Limit, span: Span, start: Node, held: Node | None, place: tuple[int, int]) -> Call:
    """Return the last day of *limit* as a tree.

    Args:
        limit: Which limit.
        span: Its length, see :func:`counted_span`; not in hours.
        start: The day of its event.
        held: Whether somebody is held; None when that was not said.
        place: Where the call stands in the author's text.
    """
    end = _end(limit, span, start)
    # What is counted in working days ends on one.
    if limit.rolls and span.unit is not Unit.WORKDAY:
        rolled = _call(FUNCTIONS["previous_workday" if limit.backward else "next_workday"], end)
        if limit.backward or limit.custody is Custody.NEVER or (limit.custody is Custody.ASKED and held is None):
            end = rolled
        elif limit.custody is Custody.ASKED and held is not None:
            end = _call(FUNCTIONS["if"], held, end, rolled)
    words = f"{{0}} 起“{limit.matter}”（{limit.code}，{span.words}）的届满日".replace("{", "{{").replace("}", "}}")
    words = words.replace("{{0}}", "{0}", 1)
    identity = FUNCTIONS["deadline"]
    return Call(Type.DATE, identity, identity.forms[0], (end,), *place, words=words, shown=(start,))


def _end(limit: Limit, span: Span, start: Node) -> Node:
    sign = -1 if limit.backward else 1
    if span.months:
        months = span.months * sign
        end = _call(FUNCTIONS["add_months"], start, _whole(months))
        if not limit.counting.month_end_to_month_end:
            return end
        to_end = _call(FUNCTIONS["month_end"], end)
        at_end = _call(OPERATORS["="], start, _call(FUNCTIONS["month_end"], start))
        return _call(FUNCTIONS["if"], at_end, to_end, end)
    name = "add_workdays" if span.unit is Unit.WORKDAY else "add_days"
    return _call(FUNCTIONS[name], start, _whole(span.amount * sign))
