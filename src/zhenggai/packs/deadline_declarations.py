"""What ``deadlines.yaml`` of a pack may say: statutes, ways of counting, limits in groups, warning schemes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from zhenggai.kit.time_limits import Custody, Span, Unit
from zhenggai.packs.declarations import Code, Declaration, Prose, Severity, Text

UNITS = {
    "小时": Unit.HOUR, "日": Unit.DAY, "天": Unit.DAY, "个工作日": Unit.WORKDAY, "工作日": Unit.WORKDAY, "个月": Unit.MONTH,
    "年": Unit.YEAR,
}  # fmt: skip
"""Word behind a number → unit."""
_SPAN = re.compile(rf"(\d{{1,4}}) ?({'|'.join(sorted(UNITS, key=len, reverse=True))})")


def parse_span(text: str) -> Span:
    """Return the span that *text* names, e.g. ``10 日``.

    Raises:
        ValueError: it names none.
    """
    found = _SPAN.fullmatch(text)
    if found is None or int(found[1]) < 1:
        raise ValueError("期限应写成“10 日”“7 个工作日”“1 个月”“1 年”或“24 小时”")
    return Span(int(found[1]), UNITS[found[2]])


def _checked_span(text: str) -> str:
    parse_span(text)
    return text


SpanText = Annotated[str, AfterValidator(_checked_span)]
"""A length of time as people write it."""
LimitCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}[0-9]{2,3}(-[0-9]{1,2})?$")]
"""Code of a limit: ``CR06``, ``CR18-1``."""
StatuteCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,23}$")]
"""Short name of a statute within the packs."""
Cited = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,23}( [0-9]{1,4}([-–][0-9]{1,4})?)?$")]
"""A statute and an article: ``CPL 105``."""
Setting = Mapping[Literal["amount", "unit", "rolls", "month_end_to_month_end"], int | bool | str]
"""Parameters of a limit and what they are set to."""


class CountingEntry(Declaration):
    """How a family of law counts."""

    label: Text
    """What people call it."""
    start: Cited
    """Where it is written that the day of the start does not count."""
    days_off: Cited
    """Where it is written that days off move the end."""
    months: Cited | None = None
    """Where it is written what a month is."""
    mail: Cited | None = None
    """Where it is written that transit does not count."""
    month_end_to_month_end: bool = False
    """Whether the last day of a month leads to the last day of a month."""
    workday_amounts: tuple[int, ...] = ()
    """Numbers of days that mean working days."""
    verified: bool = True
    """Whether the texts were read, and are meant for these limits."""


class VariantEntry(Declaration):
    """The limit for a named kind of case."""

    name: Text
    """What people call the case."""
    span: SpanText
    """The limit then."""


class ExtensionEntry(Declaration):
    """A step by which a limit may be extended."""

    code: Code
    """Stable name within the limit."""
    label: Text
    """When it may be granted."""
    span: SpanText | None = None
    """The most it gives; absent where the text names no number."""
    approver: Text | None = None
    """Who grants it."""
    basis: tuple[Cited, ...] = ()
    """Where it is written; the limit's own when empty."""


class GroundEntry(Declaration):
    """Why days do not count, or why the clock begins anew."""

    code: Code
    """Stable name within the limit."""
    label: Text
    """The ground."""
    basis: tuple[Cited, ...] = ()
    """Where it is written; the limit's own when empty."""
    max_times: int | None = Field(None, ge=1, le=99)
    """How often it may happen."""


class ParameterEntry(Declaration):
    """Something that may be set otherwise."""

    name: Literal["amount", "unit", "rolls", "month_end_to_month_end"]
    """What it sets."""
    label: Text
    """The question."""
    note: Prose = ""
    """Why it is open."""


class LimitEntry(Declaration):
    """One time limit."""

    code: LimitCode
    """Stable name."""
    matter: Text
    """What must be done."""
    span: SpanText
    """How long."""
    event: Text
    """From what."""
    basis: tuple[Cited, ...] = ()
    """Where it is written."""
    counting: Code | None = None
    """How it is counted; that of the group when absent."""
    custody: Custody | None = None
    """What custody means; that of the group when absent."""
    verified: bool = True
    """Whether its text was read."""
    variants: tuple[VariantEntry, ...] = ()
    """Named kinds of case."""
    extensions: tuple[ExtensionEntry, ...] = ()
    """In the order they are granted."""
    max_times: int | None = Field(None, ge=1, le=99)
    """How often the act itself may happen."""
    rolls: bool = True
    """Whether days off move the end."""
    backward: bool = False
    """Whether it is counted back from the event."""
    pauses: tuple[GroundEntry, ...] = ()
    """Why days do not count."""
    restarts: tuple[GroundEntry, ...] = ()
    """Why the clock begins anew."""
    parameters: tuple[ParameterEntry, ...] = ()
    """What may be set."""
    note: Prose = ""
    """A remark."""
    words: tuple[Text, ...] = ()
    """Further words to search by."""

    @model_validator(mode="after")
    def _sound(self) -> LimitEntry:
        if not self.basis and self.verified:
            raise ValueError("没有写依据（basis）的期限要标 verified: false")
        if self.backward and (self.extensions or self.pauses or self.restarts):
            raise ValueError("倒数的期限（backward）没有延长、停计和重新起算")
        for kind in (self.extensions, self.pauses, self.restarts):
            codes = [each.code for each in kind]
            if len(set(codes)) != len(codes):
                raise ValueError("延长、停计或重新起算的 code 重复")
        return self


class UndatedEntry(Declaration):
    """A duty without a number of days."""

    code: LimitCode
    """Stable name."""
    matter: Text
    """What must be done."""
    rule: Prose
    """What the text asks for instead of a number."""
    basis: tuple[Cited, ...] = ()
    """Where it is written."""
    verified: bool = True
    """Whether its text was read."""


class GroupEntry(Declaration):
    """Limits of one part of the work."""

    group: Text
    """What people call it."""
    counting: Code
    """How its limits are counted, where they do not say otherwise."""
    custody: Custody = Custody.NEVER
    """What custody means for them, where they do not say otherwise."""
    limits: tuple[LimitEntry, ...] = ()
    """The limits."""
    undated: tuple[UndatedEntry, ...] = ()
    """Duties without a number."""


class WarningStepEntry(Declaration):
    """One rung of a scheme."""

    severity: Severity
    """How urgent."""
    what: Text
    """Who is told, or what is sent."""
    days: int | None = Field(None, ge=-3650, le=3650)
    """Days before the last day."""
    percent: int | None = Field(None, ge=1, le=99)
    """Share of the limit that is left."""
    month_ends: bool = False
    """Every end of a month."""
    only: tuple[str, ...] = ()
    """Codes that it is for."""

    @model_validator(mode="after")
    def _one_of_three(self) -> WarningStepEntry:
        if sum((self.days is not None, self.percent is not None, self.month_ends)) != 1:
            raise ValueError("days、percent、month_ends 三者写一个")
        return self


class SchemeEntry(Declaration):
    """A warning scheme."""

    scheme: Code
    """Stable name."""
    label: Text
    """What people call it."""
    source: Prose = ""
    """Where it comes from."""
    verified: bool = True
    """Whether a published text states it."""
    steps: tuple[WarningStepEntry, ...] = Field(min_length=1)
    """Its rungs."""


class DeadlineFile(Declaration):
    """All that ``deadlines.yaml`` may hold."""

    statutes: dict[StatuteCode, Text] = Field(default_factory=dict)
    """Short name → title."""
    counting: dict[Code, CountingEntry] = Field(default_factory=dict)
    """Ways of counting."""
    groups: tuple[GroupEntry, ...] = ()
    """Limits by part of the work."""
    schemes: tuple[SchemeEntry, ...] = ()
    """Warning schemes."""
    set: dict[LimitCode, Setting] = Field(default_factory=dict)
    """Parameters of limits of earlier packs, as this office has them."""
