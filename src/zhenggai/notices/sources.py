"""What a figure may be bound to, as stored, and what each gives now: counts over the record, ledger indicators, statements.

A source is plain values (``Binding.source``); asking it gives a :class:`Given`.  Counts are of the present record;
an indicator is read as of its moment, and gives the same for ever unless its declaration changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.models import Aspect
from zhenggai.ledgers.declared import current
from zhenggai.notices.counts import COUNTS, Counted, RecordCounts, RowRef
from zhenggai.notices.errors import NoSuchSource
from zhenggai.notices.models import Binding
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField
from zhenggai.people.models import Unit
from zhenggai.watch.between import Days, Question, check_question


@dataclass(frozen=True, slots=True)
class Given:
    """What a source gives."""

    value: Decimal | None
    """The value; None when it gives none."""
    unit: str
    """Its measure word."""
    rows: tuple[RowRef, ...] = ()
    """What it was counted from, for counts."""
    why: str = ""
    """Why it gives none, in words."""
    at: datetime | None = None
    """When it was asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands, as the person saw it."""

    block: str
    """Id of the block."""
    start: int
    """First character in its text."""
    end: int
    """Behind the last one."""
    quote: str
    """The characters."""


@dataclass(frozen=True, slots=True)
class CountSource:
    """A count over the record."""

    code: str
    """Which: see :data:`zhenggai.notices.counts.COUNTS`."""
    aspect: int | None = None
    """Of one aspect alone."""

    def stored(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {"count": self.code} | ({"aspect": self.aspect} if self.aspect else {})

    def limits(self) -> dict[str, object]:
        """Return what the count is limited to."""
        return {"aspect": self.aspect} if self.aspect else {}

    def ask(self, record: RecordCounts) -> Counted:
        """Return what it gives.

        Raises:
            NoSuchSource: there is no such count.
        """
        if self.code not in COUNTS:
            raise NoSuchSource(source=self.code)
        return record.count(self.code, self.limits())

    def label(self) -> str:
        """Return it in words."""
        words = str(COUNTS[self.code].label)
        if self.aspect is None:
            return words
        title = Aspect.objects.filter(pk=self.aspect).values_list("title", flat=True).first()
        return _("%(what)s（%(aspect)s）") % {"what": words, "aspect": title or self.aspect}


def count_source(stored: Mapping[str, object]) -> CountSource:
    """Return a stored count.

    Raises:
        NoSuchSource: it names none.
    """
    code, aspect = stored.get("count"), stored.get("aspect")
    if not isinstance(code, str) or code not in COUNTS:
        raise NoSuchSource(source=str(code)[:60])
    return CountSource(code, aspect if isinstance(aspect, int) else None)


def stored_question(question: Question) -> dict[str, object]:
    """Return a question to an indicator as it is kept."""
    told = {
        "ledger": question.ledger,
        "indicator": question.indicator,
        "body": question.body,
        "days": _written(question.days),
        "day": question.day.isoformat() if question.day else None,
        "moment": question.moment.isoformat() if question.moment else None,
        "where": dict(question.where),
        "against": _written(question.against),
    }
    return {name: value for name, value in told.items() if value}


def question_of(stored: Mapping[str, object], moment: datetime | None = None) -> Question:
    """Return a stored question.

    Args:
        stored: as it is kept.
        moment: as of which moment, where it keeps none.

    Raises:
        NoSuchSource: it is none.
    """
    try:
        kept = stored.get("moment")
        return Question(
            str(stored["ledger"]),
            str(stored["indicator"]),
            int(str(stored["body"])),
            _days(stored.get("days")),
            date.fromisoformat(str(stored["day"])) if stored.get("day") else None,
            datetime.fromisoformat(str(kept)) if kept else moment,
            dict(stored.get("where") or {}),  # type: ignore[call-overload]  # JSON of our own
            _days(stored.get("against")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoSuchSource(source=str(stored)[:60]) from error


def question_label(question: Question) -> str:
    """Return a question to an indicator in words.

    Raises:
        UnknownIndicator, BadValue: it asks for something that does not exist.
    """
    ledger, indicator = check_question(question)
    parts = [_span(question.days)] if question.days else []
    parts += [f"{field.label}={_value(field, value)}" for field, value in _limits(ledger, question)]
    if question.against:
        parts.append(_("与%(days)s相比") % {"days": _span(question.against)})
    if question.day:
        parts.append(_("截至%(day)s") % {"day": question.day.isoformat()})
    told = f"{ledger.label}·{indicator.label}"
    return f"{told}（{'，'.join(parts)}）" if parts else told


def _limits(ledger: Ledger, question: Question) -> Iterable[tuple[LedgerField, str | bool]]:
    for code, value in question.where.items():
        field = ledger.field(code)
        if field is not None:
            yield field, value


def _value(field: LedgerField, value: str | bool) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.type == FieldType.UNIT and value.isdecimal():
        return Unit.objects.filter(pk=int(value)).values_list("name", flat=True).first() or value
    known = current().enumerations.get(field.enumeration or "")
    values = known.versions[-1].values if known is not None else ()
    return next((str(each.label) for each in values if each.code == value), value)


def _span(days: Days) -> str:
    first, last = days
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}年" if first.year == last.year else f"{first.year}年至{last.year}年"
    return f"{first.isoformat()} 至 {last.isoformat()}"


def _written(days: Days | None) -> list[str] | None:
    return [day.isoformat() for day in days] if days else None


def _days(stored: object) -> Days | None:
    if not isinstance(stored, list | tuple) or len(stored) != 2:
        return None
    return date.fromisoformat(str(stored[0])), date.fromisoformat(str(stored[1]))


def ask_count(binding: Binding, record: RecordCounts) -> Given:
    """Return what the count of a binding gives now."""
    counted = count_source(binding.source).ask(record)
    return Given(counted.value, counted.unit, counted.rows, at=timezone.now())
