"""Figures of indicators between any two days, of chosen values of fields, as papers state them: many at one look.

A page shows an indicator by month or year; a notice says “2021年至2023年”, “自贸区案件”.  Questions come in, values and
the rows behind go out; questions about the same body and moment share one engine, and those about one ledger one scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.models import Overlay, Row, RowVersion, Snapshot
from zhenggai.packs import deadlines
from zhenggai.packs.declarations import FieldType, Indicator, Ledger
from zhenggai.packs.declarations import Measure as DeclaredMeasure
from zhenggai.packs.expressions import table_of
from zhenggai.people.models import Unit
from zhenggai.policy.queries import work_calendar
from zhenggai.rulesql.plans import Kind, Measure, MeasurePlan, Reading, Run
from zhenggai.watch.engine import LedgerEngine
from zhenggai.watch.errors import BadValue
from zhenggai.watch.indicators import find_indicator

Days = tuple[date, date]
_KINDS = {"minimum": Kind.MIN, "maximum": Kind.MAX}
_LIMITABLE = frozenset(
    {FieldType.CHOICE, FieldType.TEXT, FieldType.BOOLEAN, FieldType.UNIT, FieldType.DEPARTMENT, FieldType.PERSON}
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an indicator."""

    ledger: str
    """Code of the ledger."""
    indicator: str
    """Code of the indicator."""
    body: int
    """Key of the body whose rows, and those of all below, are looked at."""
    days: Days | None = None
    """First and last day, by the indicator's date; all rows without."""
    day: date | None = None
    """The day to which it speaks, for what runs by the calendar; that of the moment without."""
    moment: datetime | None = None
    """As of which moment the rows are read; now without."""
    where: Mapping[str, str | bool] = field(default_factory=dict)
    """Field → the value looked at, as kept."""
    against: Days | None = None
    """Days against which it is a rise or fall, in per cent."""

    def __hash__(self) -> int:
        limits = tuple(sorted(self.where.items(), key=str))
        return hash((self.ledger, self.indicator, self.body, self.days, self.day, self.moment, limits, self.against))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out."""

    value: Decimal | None
    """The value, unrounded; None where it is undefined."""
    unit: str
    """Its measure word."""
    decimals: int
    """Decimals as declared."""
    error: str = ""
    """Why there is none, in words."""


def ask(questions: Iterable[Question]) -> dict[Question, Answer]:
    """Return what each question gives; one that cannot be answered says why and keeps no other from its answer."""
    groups: dict[tuple[int, datetime | None], list[Question]] = {}
    for each in dict.fromkeys(questions):
        groups.setdefault((each.body, each.moment), []).append(each)
    found: dict[Question, Answer] = {}
    for (body, moment), some in groups.items():
        with _Asked(body, moment) as asked:
            found |= asked.answers(some)
    return found


def rows_between(question: Question, part: str = "numerator") -> tuple[Ledger, tuple[str, ...]]:
    """Return the ids of the rows behind one part of a figure, and the ledger they lie in.

    Raises:
        UnknownIndicator, BadValue: it asks for something that does not exist.
    """
    with _Asked(question.body, question.moment) as asked:
        return asked.behind(question, part)


def ledgers_of(question: Question) -> frozenset[str]:
    """Return the codes of the ledgers a question looks at.

    Raises:
        UnknownIndicator, BadValue: it asks for something that does not exist.
    """
    ledger, indicator = check_question(question)
    parts = (indicator.numerator, indicator.denominator)
    return frozenset({ledger.ledger, *(part.ledger for part in parts if part is not None and part.ledger)})


def changed_since(ledgers: Iterable[str], moment: datetime) -> set[str]:
    """Return those of the ledgers whose rows changed after a moment; four queries."""
    asked = sorted(set(ledgers))
    moved = Q(valid_from__gt=moment) | Q(valid_to__gt=moment)
    later = (
        RowVersion.objects.filter(moved, ledger__in=asked).values_list("ledger", flat=True),
        Row.objects.filter(withdrawn_at__gt=moment, ledger__in=asked).values_list("ledger", flat=True),
        Snapshot.objects.filter(Q(created_at__gt=moment) | Q(undone_at__gt=moment), ledger__in=asked).values_list(
            "ledger", flat=True
        ),
        Overlay.objects.filter(moved, snapshot__ledger__in=asked).values_list("snapshot__ledger", flat=True),
    )
    return {code for rows in later for code in rows.order_by().distinct()}


def check_question(question: Question) -> tuple[Ledger, Indicator]:
    """Return ledger and indicator of a question that can be asked.

    Raises:
        UnknownIndicator, BadValue: it asks for something that does not exist.
    """
    ledger, indicator = find_indicator(f"{question.ledger}.{question.indicator}")
    if (question.days or question.against) and not (indicator.date or ledger.date):
        raise BadValue(label=_("期间"), value=indicator.label, reason=_("这个台账没有记期间的日期字段"))
    for code in question.where:
        limited = ledger.field(code)
        if limited is None or limited.type not in _LIMITABLE:
            raise BadValue(label=_("分类字段"), value=code[:40], reason=_("这个指标不按该字段分开"))
    return ledger, indicator


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a figure: a measure over one ledger."""

    ledger: Ledger
    measure: Measure


class _Asked:
    """Questions about one body and moment, and the engine that answers them."""

    def __init__(self, body: int, moment: datetime | None) -> None:
        self.moment = moment or timezone.now()
        self.home = deadlines.in_force(settings.ZHENGGAI_HOME)
        path = Unit.objects.values_list("path", flat=True).get(pk=body)
        below = Unit.objects.filter(path__startswith=path).exclude(kind=Unit.Kind.DEPARTMENT)
        self.engine = LedgerEngine(list(below.values_list("pk", flat=True)), self.moment)
        self.calendar = work_calendar()
        self.declared = current()

    def __enter__(self) -> _Asked:
        return self

    def __exit__(self, *_about: object) -> None:
        self.engine.close()

    def answers(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        """Return what each question gives, fused by ledger and day."""
        found: dict[Question, Answer] = {}
        parts: dict[tuple[Question, str], _Part] = {}
        for question in questions:
            try:
                ledger, indicator = check_question(question)
                for name, days in _periods(question):
                    for part in ("numerator", "denominator"):
                        made = self._part(ledger, indicator, part, question, days, f"m{len(parts)}")
                        if made is not None:
                            parts[question, f"{name}.{part}"] = made
            except ZhenggaiError as error:
                found[question] = Answer(None, "", 0, error.describe().what)
        values = self._values(parts)
        for question in questions:
            if question not in found:
                found[question] = _answer(question, values, parts)
        return found

    def behind(self, question: Question, part: str) -> tuple[Ledger, tuple[str, ...]]:
        """Return the rows behind one part of a figure."""
        ledger, indicator = check_question(question)
        made = self._part(ledger, indicator, part, question, question.days, "m0")
        if made is None:
            return ledger, ()
        plan = MeasurePlan(table_of(made.ledger, self.declared), (made.measure,))
        self.engine.take(made.ledger)
        return made.ledger, self.engine.rows_behind(plan, "m0", self._run(question))

    def _values(self, parts: Mapping[tuple[Question, str], _Part]) -> dict[str, Decimal | None]:
        together: dict[tuple[str, date | None], list[tuple[Question, _Part]]] = {}
        for (question, _name), part in parts.items():
            together.setdefault((part.ledger.ledger, question.day), []).append((question, part))
        values: dict[str, Decimal | None] = {}
        for some in together.values():
            question, first = some[0]
            self.engine.take(first.ledger)
            plan = MeasurePlan(table_of(first.ledger, self.declared), tuple(part.measure for _question, part in some))
            result = self.engine.measure(plan, self._run(question))
            for _question, part in some:
                value = result.value(part.measure.id)
                values[part.measure.id] = Decimal(str(value)) if isinstance(value, int | Decimal) else None
        return values

    def _run(self, question: Question) -> Run:
        return Run(question.day or timezone.localdate(self.moment), calendar=self.calendar)

    def _part(
        self, ledger: Ledger, indicator: Indicator, part: str, question: Question, days: Days | None, name: str
    ) -> _Part | None:
        declared = indicator.numerator if part == "numerator" else indicator.denominator
        if declared is None:
            return None
        own = not declared.ledger or declared.ledger == ledger.ledger
        where = ledger if own else self.declared.ledgers[declared.ledger or ""]
        dated = (indicator.date if own else None) or where.date
        texts = [f"({declared.where})"] if declared.where else []
        if days is not None and dated:
            texts.append(f"({dated} between '{days[0].isoformat()}' and '{days[1].isoformat()}')")
        if own:
            texts += [f"({code} = {_literal(value)})" for code, value in question.where.items()]
        return _Part(where, self._measure(name, where, declared, " and ".join(texts)))

    def _measure(self, name: str, ledger: Ledger, declared: DeclaredMeasure, where: str) -> Measure:
        kind = _KINDS.get(declared.of) or Kind(declared.of)
        reading = Reading({}, self.home.limits)
        table = table_of(ledger, self.declared)
        return Measure.read(name, table, kind, of=declared.value, where=where or None, reading=reading)


def _periods(question: Question) -> list[tuple[str, Days | None]]:
    return [("now", question.days)] + ([("then", question.against)] if question.against else [])


def _literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'"


def _answer(
    question: Question, values: Mapping[str, Decimal | None], parts: Mapping[tuple[Question, str], _Part]
) -> Answer:
    _ledger, indicator = find_indicator(f"{question.ledger}.{question.indicator}")

    def read(name: str) -> Decimal | None:
        made = parts.get((question, f"{name}.numerator"))
        value = values.get(made.measure.id) if made is not None else None
        if value is None and indicator.numerator.of in ("count", "sum", "distinct"):
            value = Decimal(0)
        beneath = parts.get((question, f"{name}.denominator"))
        if beneath is not None:
            below = values.get(beneath.measure.id)
            value = value / below if value is not None and below else None
        return None if value is None else value * Decimal(str(indicator.factor))

    value, unit, decimals = read("now"), indicator.unit, indicator.decimals
    if question.against is not None:
        then = read("then")
        value = (value - then) / then * 100 if value is not None and then else None
        unit, decimals = "%", 2
    return Answer(value, unit, decimals)
