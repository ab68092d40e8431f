"""What a statutory time limit is: how long, from what, who may extend it, what stops it, and where that is written.

Limits are data: packs declare them, :func:`zhenggai.kit.time_counting.count` applies them to a day.  A number whose
text nobody has read is marked ``verified=False`` and is a parameter that an office may set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.messages import Sentence, gettext_noop


class Unit(StrEnum):
    """What a limit is counted in."""

    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    YEAR = "year"


class Custody(StrEnum):
    """What it means for a limit that somebody is held."""

    NEVER = "never"
    """Nothing: the matter holds nobody."""
    ASKED = "asked"
    """Depends on the case; whoever counts says it."""
    ALWAYS = "always"
    """The limit is itself one of somebody held, so it never moves for a holiday."""


_SPANS = {
    Unit.HOUR: gettext_noop("%(n)s 小时"),
    Unit.DAY: gettext_noop("%(n)s 日"),
    Unit.WORKDAY: gettext_noop("%(n)s 个工作日"),
    Unit.MONTH: gettext_noop("%(n)s 个月"),
    Unit.YEAR: gettext_noop("%(n)s 年"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time."""

    amount: int
    """How many, from 1."""
    unit: Unit
    """Of what."""

    @property
    def sentence(self) -> Sentence:
        """The span in words."""
        return Sentence(_SPANS[self.unit], {"n": self.amount})

    @property
    def words(self) -> str:
        """The span in Chinese words: ``10 日``, ``7 个工作日``."""
        return self.sentence.describe()

    @property
    def months(self) -> int:
        """How many months it has; 0 for hours and days."""
        return self.amount * {Unit.MONTH: 1, Unit.YEAR: 12}.get(self.unit, 0)


@dataclass(frozen=True, slots=True)
class Basis:
    """Where something is written."""

    statute: str
    """Short title, e.g. 刑事诉讼法."""
    article: str = ""
    """Number of the article, e.g. ``105``; empty for the whole paper."""

    @property
    def words(self) -> str:
        """The place as people write it: 《刑事诉讼法》第105条."""
        return cite((self,))


def cite(places: Iterable[Basis]) -> str:
    """Return *places* as people write them, each statute named once: 《刑事诉讼法》第172条、第175条."""
    articles: dict[str, list[str]] = {}
    for place in places:
        known = articles.setdefault(place.statute, [])
        if place.article and place.article not in known:
            known.append(place.article)
    return "、".join(f"《{statute}》" + "、".join(f"第{each}条" for each in told) for statute, told in articles.items())


@dataclass(frozen=True, slots=True)
class Counting:
    """How a family of law counts."""

    code: str
    """Stable name: ``criminal civil general``."""
    label: str
    """What people call it."""
    start: Basis
    """Where it is written that the day of the start does not count."""
    days_off: Basis
    """Where it is written that a last day on a holiday moves to the next working day."""
    months: Basis | None = None
    """Where it is written what a month is; None where the law does not say."""
    mail: Basis | None = None
    """Where it is written that days in transit do not count and the day of posting is what counts."""
    month_end_to_month_end: bool = False
    """Whether a span of months that starts on the last day of a month ends on the last day of a month."""
    workday_amounts: frozenset[int] = frozenset()
    """Numbers of days that mean working days in this law."""
    verified: bool = True
    """Whether the texts named were read."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The limit for a named kind of case."""

    name: str
    """What people call the case: 重大复杂."""
    span: Span
    """The limit then."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One step by which a limit may be extended; steps are granted in order."""

    code: str
    """Stable name within the limit."""
    label: str
    """When it may be granted, in words."""
    span: Span | None
    """The most it gives; None where the text names no number and the decision says it."""
    approver: str = ""
    """Who grants it."""
    basis: tuple[Basis, ...] = ()
    """Where it is written."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why days do not count, or why the clock begins anew."""

    code: str
    """Stable name within the limit."""
    label: str
    """The ground in words."""
    basis: tuple[Basis, ...] = ()
    """Where it is written."""
    max_times: int | None = None
    """How often it may happen; None without a bound."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something about a limit that differs by place or is not verified, and so may be set."""

    name: str
    """What it sets: one of :data:`PARAMETERS`."""
    label: str
    """The question in words."""
    value: int | str | bool
    """What holds as shipped."""
    choices: tuple[tuple[str, str], ...] = ()
    """Value as text → words, for those with few values."""
    note: str = ""
    """Why it is open."""


PARAMETERS: Mapping[str, type] = {"amount": int, "unit": str, "rolls": bool, "month_end_to_month_end": bool}
"""Name of a parameter → type of its value."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit."""

    code: str
    """Stable name: ``CR06``, ``CR18-1``."""
    matter: str
    """What must be done, in words."""
    span: Span
    """How long."""
    event: str
    """From what: the event whose day is the day of the start (for a backward limit, the day counted back from)."""
    counting: Counting
    """How its family of law counts."""
    basis: tuple[Basis, ...]
    """Where it is written."""
    verified: bool = True
    """Whether its text was read; otherwise its numbers are parameters."""
    group: str = ""
    """The part of the work it belongs to: 刑事检察."""
    variants: tuple[Variant, ...] = ()
    """Named kinds of case with a limit of their own."""
    extensions: tuple[Extension, ...] = ()
    """What it may be extended by, in order."""
    max_times: int | None = None
    """How often the act itself may happen (退回补充侦查以二次为限); None without a bound."""
    rolls: bool = True
    """Whether a last day on a day off moves to the next working day (the one before, for a backward limit)."""
    custody: Custody = Custody.NEVER
    """What custody means for it."""
    backward: bool = False
    """Whether it is counted back from the event: 届满7日前."""
    pauses: tuple[Ground, ...] = ()
    """Why days do not count."""
    restarts: tuple[Ground, ...] = ()
    """Why the clock begins anew."""
    parameters: tuple[Parameter, ...] = ()
    """What may be set."""
    note: str = ""
    """A remark for whoever applies it."""
    words: tuple[str, ...] = ()
    """Further words it is searched by."""
    adjusted: Mapping[str, int | str | bool] = field(default_factory=dict)
    """Parameters that were set and so differ from what shipped."""

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter called *name*, if it is one of this limit's."""
        return next((each for each in self.parameters if each.name == name), None)

    def variant(self, name: str) -> Variant:
        """Return the variant called *name*.

        Raises:
            CannotCount: there is none.
        """
        for each in self.variants:
            if each.name == name:
                return each
        known = "、".join(each.name for each in self.variants) or "无"
        raise CannotCount(code=self.code, reason=f"没有情形“{name}”，可选：{known}")

    def adjust(self, values: Mapping[str, int | str | bool]) -> Limit:
        """Return the limit with its parameters set to *values*.

        Raises:
            CannotCount: a name or a value cannot be.
        """
        limit = self
        for name, value in values.items():
            kind = PARAMETERS.get(name)
            if kind is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                raise CannotCount(code=self.code, reason=f"参数 {name} 不能设为 {value}")
            if name == "rolls":
                limit = replace(limit, rolls=bool(value))
            elif name == "month_end_to_month_end":
                limit = replace(limit, counting=replace(limit.counting, month_end_to_month_end=bool(value)))
            else:
                limit = replace(limit, span=self._span_with(limit.span, name, value))
        return replace(limit, adjusted={**self.adjusted, **values})

    def _span_with(self, span: Span, name: str, value: int | str | bool) -> Span:
        if name == "amount":
            amount = int(value)
            if not 1 <= amount <= 3660:
                raise CannotCount(code=self.code, reason="期限长度应在 1 至 3660 之间")
            return replace(span, amount=amount)
        if value not in set(Unit):
            raise CannotCount(code=self.code, reason=f"没有单位 {value}，可选：" + "、".join(Unit))
        return replace(span, unit=Unit(str(value)))


@dataclass(frozen=True, slots=True)
class Undated:
    """A duty that the texts name without a number of days: shown, never counted."""

    code: str
    """Stable name; an office's own pack may declare a limit under it."""
    matter: str
    """What must be done, in words."""
    rule: str
    """What the text asks for instead of a number."""
    basis: tuple[Basis, ...]
    """Where it is written."""
    verified: bool = True
    """Whether its text was read."""
    group: str = ""
    """The part of the work it belongs to."""
