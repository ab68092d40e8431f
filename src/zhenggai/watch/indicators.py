"""Figures over ledgers: value with numerator and denominator, of a period, of a unit, by a field, as of a moment.

What has no denominator is undefined and stays so; it is never 0.  Units are not set beside each other unless the
indicator says that they may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.declared import current
from zhenggai.packs.declarations import FieldType, Indicator, Ledger
from zhenggai.packs.declarations import Measure as DeclaredMeasure
from zhenggai.packs.expressions import table_of
from zhenggai.people.models import Unit
from zhenggai.rulesql.plans import Grain, Kind, Measure, MeasurePlan, MeasureResult, Period, Reading, Run, period_of
from zhenggai.rulesql.plans.periods import periods as periods_between
from zhenggai.rulesql.types import Type
from zhenggai.watch.errors import BadValue, UnknownIndicator
from zhenggai.watch.periods import a_year_before, before, last_ended, series_start, write_period
from zhenggai.watch.scene import Scene

PARTS = ("numerator", "denominator")
_KINDS = {
    "count": Kind.COUNT, "sum": Kind.SUM, "mean": Kind.MEAN, "median": Kind.MEDIAN, "minimum": Kind.MIN,
    "maximum": Kind.MAX, "distinct": Kind.DISTINCT,
}  # fmt: skip
UNIT_FIELDS = frozenset({FieldType.UNIT, FieldType.DEPARTMENT})
BY_FIELDS = frozenset(
    {FieldType.CHOICE, FieldType.CHOICES, FieldType.BOOLEAN, FieldType.TEXT, *UNIT_FIELDS, FieldType.PERSON}
)
"""Types of fields that figures may be told apart by."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure."""

    period: Period | None
    """Of which period; None for everything."""
    key: str = ""
    """Of which value of the field told apart by, as kept."""
    label: str = ""
    """The same in words."""
    numerator: Decimal | None = None
    """What is counted."""
    denominator: Decimal | None = None
    """What it is divided by; None where it is not divided, or where there is nothing."""
    value: Decimal | None = None
    """The figure, rounded as declared; None when it is undefined."""
    unit: str = ""
    """Measure word or %."""
    decimals: int = 0
    """Decimals shown."""

    @property
    def period_label(self) -> str:
        """What the period is called."""
        return self.period.label if self.period is not None else _("全部")

    @property
    def period_code(self) -> str:
        """The period as addresses and commands write it."""
        return write_period(self.period)

    @property
    def shown(self) -> str:
        """The value with its measure word; a dash when it is undefined."""
        if self.value is None:
            return "—"
        return f"{self.value:,.{self.decimals}f}{'' if self.unit == '%' else ' '}{self.unit}"


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of an indicator for a period."""

    ledger: Ledger
    """The ledger."""
    indicator: Indicator
    """The indicator."""
    body: Unit
    """Whose rows."""
    about: Unit | None
    """Of which unit alone; None for all."""
    as_of: datetime
    """As of which moment."""
    figure: Figure
    """The figure of the period."""
    previous: Figure | None = None
    """That of the period before."""
    last_year: Figure | None = None
    """That of the same period of the year before."""
    series: tuple[Figure, ...] = ()
    """Period by period up to this one, oldest first."""
    by: tuple[Figure, ...] = ()
    """Told apart by the field asked for, in the order of its values; never by size."""
    by_field: str = ""
    """Code of that field."""
    undated: int = 0
    """Rows that belong to no period, for want of the date."""

    @property
    def change(self) -> Decimal | None:
        """The change against the year before: points for a rate, per cent for a number; None where there is none."""
        return _change(self.figure, self.last_year, self.indicator)


def find_indicator(name: str) -> tuple[Ledger, Indicator]:
    """Return the indicator called *name*: its code, or ``ledger.code``.

    Raises:
        UnknownIndicator: none is called so, or several are.
    """
    wanted_ledger, _dot, code = name.rpartition(".")
    found = [
        (ledger, each)
        for ledger in current().ledgers.values()
        for each in ledger.indicators
        if each.indicator == code and wanted_ledger in ("", ledger.ledger)
    ]
    if len(found) != 1:
        places = "、".join(f"{ledger.ledger}.{code}" for ledger, _each in found)
        reason = _("有多个同名：%(places)s") % {"places": places} if found else _("没有台账声明它")
        raise UnknownIndicator(name=name, reason=reason)
    return found[0]


def by_fields(ledger: Ledger, indicator: Indicator) -> list[str]:
    """Return the fields by which an indicator is offered; units only where they may stand beside each other."""
    declared = indicator.by or tuple(each.code for each in ledger.fields if each.type == FieldType.CHOICE)
    fields = (ledger.field(code) for code in declared)
    return [
        each.code
        for each in fields
        if each is not None and each.type in BY_FIELDS and (indicator.compare_units or each.type not in UNIT_FIELDS)
    ]


def read_indicator(
    ledger: Ledger,
    indicator: Indicator,
    body: Unit,
    *,
    period: Period | None,
    about: Unit | None = None,
    by: str = "",
    as_of: datetime | None = None,
    series: bool = True,
) -> Shown:
    """Return an indicator of a period, with what it is compared with.

    Args:
        ledger: the ledger that declares it.
        indicator: which one.
        body: whose rows, and those of all below.
        period: of which period; None for everything.
        about: of which unit or department alone.
        by: field to tell apart by.
        as_of: as of which moment; None for now.
        series: whether the periods before are asked for too.

    Raises:
        BadValue: the field may not be asked by, or a period is asked of a ledger without date.
    """
    _check_by(ledger, indicator, by)
    with Scene(ledger, body, as_of or timezone.now(), about) as scene:
        return _read(scene, indicator, period, about, by, series)


def read_all(ledger: Ledger, body: Unit, *, period: Period | None) -> list[Shown | ZhenggaiError]:
    """Return all indicators of a ledger of a period with one look at its rows; what cannot be read says why."""
    found: list[Shown | ZhenggaiError] = []
    with Scene(ledger, body, timezone.now()) as scene:
        for each in ledger.indicators:
            try:
                found.append(
                    _read(
                        scene,
                        each,
                        period if each.standing or each.date or ledger.date else None,
                        None,
                        "",
                        series=True,
                    )
                )
            except ZhenggaiError as error:
                found.append(error)
    return found


def _check_by(ledger: Ledger, indicator: Indicator, by: str) -> None:
    if by and by not in by_fields(ledger, indicator):
        raise BadValue(label=_("分类字段"), value=by, reason=_("这个指标不按该字段分开"))


def _read(
    scene: Scene, indicator: Indicator, period: Period | None, about: Unit | None, by: str, series: bool
) -> Shown:
    plans = Plans(scene, indicator)
    first = series_start(period) if period is not None and series else None
    whole = plans.figures(period, first)
    figure = whole.get((period.start if period else None, ""), plans.nothing(period))
    ordered = sorted((each for each in whole.values() if each.period), key=lambda each: each.period.start)  # type: ignore[union-attr]  # filtered
    apart: tuple[Figure, ...] = ()
    if by:
        told = plans.figures(period, None, by)
        apart = tuple(sorted(told.values(), key=lambda each: plans.place(by, each.key)))
    return Shown(
        scene.ledger, indicator, scene.body, about, scene.as_of, figure,
        whole.get((before(period).start, "")) if period else None,
        whole.get((a_year_before(period).start, "")) if period else None,
        tuple(ordered), apart, by, plans.undated,
    )  # fmt: skip


def last_figure(
    ledger: Ledger, indicator: Indicator, body: Unit, *, period: str, unit: int | None, as_of: datetime
) -> Figure:
    """Return an indicator of the last period of a grain that ended before a moment, or of everything."""
    day = timezone.localdate(as_of)
    asked = None if period == "all" else period_looked_at(indicator, day, Grain(period))
    about = Unit.objects.filter(pk=unit).first() if unit is not None else None
    return read_indicator(ledger, indicator, body, period=asked, about=about, as_of=as_of, series=False).figure


def period_looked_at(indicator: Indicator, day: date, grain: Grain) -> Period:
    """Return the period that is judged on a day: the last that ended or, of what stands, the one that runs."""
    return period_of(day, grain) if indicator.standing else last_ended(day, grain)


def rows_behind(
    ledger: Ledger,
    indicator: Indicator,
    body: Unit,
    *,
    period: Period | None,
    about: Unit | None = None,
    by: str = "",
    key: str = "",
    part: str = "numerator",
    as_of: datetime | None = None,
) -> tuple[Ledger, tuple[str, ...]]:
    """Return the ids of the rows behind a figure, as of a moment, and the ledger they lie in."""
    with Scene(ledger, body, as_of or timezone.now(), about) as scene:
        plans = Plans(scene, indicator)
        return plans.behind(part, period, by, key)


class Plans:
    """An indicator as plans of the engine: one for each ledger that its parts lie in."""

    def __init__(self, scene: Scene, indicator: Indicator) -> None:
        """Take the ledger and its rows."""
        self.scene, self.indicator = scene, indicator
        self.undated = 0
        self._reading = Reading({}, scene.time_limits.limits)

    def nothing(self, period: Period | None) -> Figure:
        """Return the figure of a period without any row."""
        return self._figure(period, "", {part: self._empty(part) for part in PARTS})

    def figures(self, period: Period | None, first: date | None, by: str = "") -> dict[tuple[date | None, str], Figure]:
        """Return first day of the period and key → figure, of one period or of all from *first* up to it."""
        found: dict[tuple[date | None, str], dict[str, Decimal | None]] = {}
        periods: dict[date, Period] = {}
        for part in PARTS:
            for at in self._moments(period, first):
                plan = self._plan(part, None if at is not None else period, first, by)
                if plan is None:
                    continue
                result = self.scene.engine.measure(plan, self._run(at))
                if part == "numerator":
                    self.undated = result.undated
                for (start, key), value in _values(result, periods):
                    if at is not None:
                        start = at.start
                        periods[start] = at
                    found.setdefault((start, key), {})[part] = value
        return {
            (start, key): self._figure(
                periods.get(start) if start else None,
                key,
                {part: parts.get(part, self._empty(part)) for part in PARTS},
                by,
            )
            for (start, key), parts in found.items()
        }

    def behind(self, part: str, period: Period | None, by: str, key: str) -> tuple[Ledger, tuple[str, ...]]:
        """Return the ledger and the rows behind one part of a figure."""
        at = period if self.indicator.standing else None
        asked = None if at is not None else period
        plan = self._plan(part, asked, None, by)
        if plan is None:
            return self.scene.ledger, ()
        keys: list[Any] = [_typed(key, plan.by[0].type)] if by else []
        ids = self.scene.engine.rows_behind(plan, part, self._run(at), keys=keys, period=asked)
        return self._ledger(self._declared(part)), ids

    def columns(self, ledger: Ledger, by: str = "") -> set[str]:
        """Return the fields of a ledger that figures, told apart by a field or not, are made from."""
        dated = self.indicator.date or ledger.date
        found = {each for each in (by, dated) if each}
        for part in PARTS:
            declared = self._declared(part)
            if declared is not None and self._ledger(declared).ledger == ledger.ledger:
                plan = self._plan(part, None, None, by)
                parts = (
                    [plan.where, *plan.by, *(each for atom in plan.atoms for each in (atom.of, atom.where))]
                    if plan
                    else []
                )
                found |= {name for each in parts if each is not None for name in each.column_names}
        return found

    def _moments(self, period: Period | None, first: date | None) -> Sequence[Period | None]:
        """Return the periods at whose ends what stands is looked at, one by one; None alone where rows fall into periods."""
        if period is None or not self.indicator.standing:
            return (None,)
        return tuple(periods_between(first or period.start, period.end, period.grain))

    def _run(self, at: Period | None) -> Run:
        """Return what a look is for: as of the end of a period that is over, else as of the scene's day."""
        run = self.scene.run()
        return run if at is None else replace(run, as_of=min(at.end, run.as_of))

    def place(self, by: str, key: str) -> tuple[int, str]:
        """Return where a value stands in the order of its field."""
        declared = self.scene.ledger.field(by)
        known = self.scene.declared.enumerations.get((declared.enumeration if declared else None) or "")
        order = {value.code: at for at, value in enumerate(known.versions[-1].values)} if known else {}
        return (order.get(key, 10_000 if key else 10_001), self.scene.words.shown(by, key))

    def _declared(self, part: str) -> DeclaredMeasure | None:
        return self.indicator.numerator if part == "numerator" else self.indicator.denominator

    def _ledger(self, declared: DeclaredMeasure | None) -> Ledger:
        code = declared.ledger if declared is not None else None
        return self.scene.other(code) if code and code != self.scene.ledger.ledger else self.scene.ledger

    def _plan(self, part: str, period: Period | None, first: date | None, by: str) -> MeasurePlan | None:
        declared = self._declared(part)
        if declared is None:
            return None
        ledger = self._ledger(declared)
        own = ledger.ledger == self.scene.ledger.ledger
        table = self.scene.table if own else table_of(ledger, self.scene.declared)
        measure = Measure.read(
            part, table, _KINDS[declared.of], of=declared.value, where=declared.where, reading=self._reading
        )
        dated = (self.indicator.date if own else None) or ledger.date
        if period is not None and dated is None:
            raise BadValue(label=_("期间"), value=period.label, reason=_("这个台账没有记期间的日期字段"))
        split = (self._reading.read(by, table, None),) if by and ledger.field(by) is not None else ()
        if period is None:
            return MeasurePlan(table, (measure,), by=split)
        on = self._reading.read(dated or "", table, Type.DATE)
        between = (first or period.start, period.end)
        return MeasurePlan(table, (measure,), on=on, grain=period.grain, by=split, between=between)

    def _empty(self, part: str) -> Decimal | None:
        declared = self._declared(part)
        return Decimal(0) if declared is not None and declared.of in ("count", "sum", "distinct") else None

    def _figure(self, period: Period | None, key: str, parts: Mapping[str, Decimal | None], by: str = "") -> Figure:
        numerator, denominator = parts["numerator"], parts["denominator"]
        told = self.indicator
        factor = Decimal(str(told.factor))
        value: Decimal | None = None
        if told.denominator is None:
            value = None if numerator is None else numerator * factor
        elif numerator is not None and denominator:
            value = numerator * factor / denominator
        if value is not None:
            value = value.quantize(Decimal(1).scaleb(-told.decimals), ROUND_HALF_UP)
        label = (self.scene.words.shown(by, _typed_key(key)) or _("（空）")) if by else ""
        return Figure(period, key, label, numerator, denominator, value, told.unit, told.decimals)


def _values(
    result: MeasureResult, periods: dict[date, Period]
) -> Sequence[tuple[tuple[date | None, str], Decimal | None]]:
    found = []
    for each in result.figures:
        start = each.period.start if each.period is not None else None
        if each.period is not None:
            periods[each.period.start] = each.period
        key = "" if not each.keys or each.keys[0] is None else _written(each.keys[0])
        (value,) = each.values.values()
        number = Decimal(str(value)) if isinstance(value, int | Decimal) else None
        found.append(((start, key), number))
    return found


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _typed_key(key: str) -> Any:
    return {"true": True, "false": False}.get(key, key)


def _typed(key: str, kind: Type) -> Any:
    if key == "":
        return None
    return {"true": True, "false": False}.get(key) if kind is Type.BOOLEAN else key


def _change(now: Figure, then: Figure | None, indicator: Indicator) -> Decimal | None:
    if then is None or now.value is None or then.value is None:
        return None
    if indicator.denominator is not None and indicator.unit == "%":
        return now.value - then.value
    if then.value == 0:
        return None
    return ((now.value - then.value) * 100 / then.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
