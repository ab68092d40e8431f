"""The form of a time limit: what its address asks ↔ what is counted.  Everything stands in the address, so that it can be sent on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.time_counting import count
from zhenggai.kit.time_limits import PARAMETERS, Custody, Limit, Span, Unit
from zhenggai.kit.time_steps import TRANSIT, Counted, Pause, Restart
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.packs.deadline_declarations import parse_span

_MOST_ROWS = 12
_SPARE_ROWS = 1


@dataclass(slots=True)
class Row:
    """A line of the form: a pause, or a restart."""

    first: str = ""
    """The day, or the first one."""
    last: str = ""
    """The last day of a pause."""
    reason: str = ""
    """Code of the ground, or words."""


@dataclass(slots=True)
class Asked:
    """What the address asks, as typed."""

    start: str = ""
    """The day or moment of the event."""
    variant: str = ""
    """Kind of case."""
    custody: bool = False
    """Whether somebody is held."""
    extensions: dict[str, str] = field(default_factory=dict)
    """Code → how long was granted; empty for the most it gives."""
    pauses: list[Row] = field(default_factory=list)
    """Days that do not count."""
    restarts: list[Row] = field(default_factory=list)
    """Days on which the clock began anew."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Parameters that differ from what holds."""

    @property
    def pause_rows(self) -> list[Row]:
        """The pauses with a spare line."""
        return [*self.pauses, *(Row() for _number in range(_SPARE_ROWS))]

    @property
    def restart_rows(self) -> list[Row]:
        """The restarts with a spare line."""
        return [*self.restarts, *(Row() for _number in range(_SPARE_ROWS))]


def read_asked(query: QueryDict) -> Asked:
    """Return what *query* asks; nothing is checked yet."""
    text = {name: query.get(name, "").strip()[:40] for name in ("start", "variant")}
    lists = {
        name: [each.strip()[:60] for each in query.getlist(name)[:_MOST_ROWS]]
        for name in ("pause_first", "pause_last", "pause_reason", "restart_on", "restart_reason")
    }
    pauses = zip_longest(lists["pause_first"], lists["pause_last"], lists["pause_reason"], fillvalue="")
    restarts = zip_longest(lists["restart_on"], lists["restart_reason"], fillvalue="")
    return Asked(
        start=text["start"],
        variant=text["variant"],
        custody=query.get("custody") == "1",
        extensions={
            code: query.get(f"granted_{code}", "").strip()[:20] for code in query.getlist("extension")[:_MOST_ROWS]
        },
        pauses=[Row(first, last, reason) for first, last, reason in pauses if first or last],
        restarts=[Row(first, "", reason) for first, reason in restarts if first],
        parameters={name: told[:20] for name in PARAMETERS if (told := query.get(f"set_{name}", "").strip())},
    )


def count_asked(limit: Limit, asked: Asked, calendar: WorkCalendar) -> Counted:
    """Return the answer to what was *asked*.

    Raises:
        CannotCount: a field cannot be read, or the limit does not have it.
    """
    return count(
        limit,
        _start(limit, asked.start),
        calendar=calendar,
        variant=asked.variant or None,
        custody=asked.custody and limit.custody is Custody.ASKED,
        extensions=[_granted(limit, code, told) for code, told in asked.extensions.items()],
        pauses=[_pause(limit, row) for row in asked.pauses],
        restarts=[Restart(_day(limit, row.first), row.reason) for row in asked.restarts],
        parameters=_parameters(limit, asked.parameters),
    )


def grounds_of(limit: Limit) -> list[tuple[str, str]]:
    """Return the reasons for a pause that the form offers: those of the limit, and transit."""
    return [*((each.code, each.label) for each in limit.pauses), (TRANSIT, _("在途时间"))]


def _start(limit: Limit, told: str) -> date:
    if limit.span.unit is not Unit.HOUR:
        return _day(limit, told)
    try:
        return datetime.fromisoformat(told)
    except ValueError as error:
        raise CannotCount(code=limit.code, reason=_("开始的时间应写成 2026-01-31 10:20")) from error


def _day(limit: Limit, told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise CannotCount(code=limit.code, reason=_("“%(value)s”不是日期") % {"value": told}) from error


def _pause(limit: Limit, row: Row) -> Pause:
    if not row.first or not row.last:
        raise CannotCount(code=limit.code, reason=_("停计的期间要写起止两日"))
    return Pause(_day(limit, row.first), _day(limit, row.last), row.reason)


def _granted(limit: Limit, code: str, told: str) -> str | tuple[str, Span]:
    if not told:
        return code
    try:
        return code, parse_span(told)
    except ValueError as error:
        raise CannotCount(code=limit.code, reason=str(error)) from error


def _parameters(limit: Limit, told: dict[str, str]) -> dict[str, int | str | bool]:
    """Return the parameters that differ from what holds."""
    found: dict[str, int | str | bool] = {}
    for name, text in told.items():
        parameter = limit.parameter(name)
        if parameter is None:
            continue
        kind = PARAMETERS[name]
        if kind is int and not (text.isascii() and text.isdecimal()):
            raise CannotCount(code=limit.code, reason=_("“%(value)s”不是整数") % {"value": text})
        value: int | str | bool = int(text) if kind is int else text == "true" if kind is bool else text
        if value != value_now(limit, name):
            found[name] = value
    return found


def value_now(limit: Limit, name: str) -> int | str | bool:
    """Return what a parameter of *limit* is set to now."""
    return {
        "amount": limit.span.amount,
        "unit": limit.span.unit.value,
        "rolls": limit.rolls,
        "month_end_to_month_end": limit.counting.month_end_to_month_end,
    }[name]
