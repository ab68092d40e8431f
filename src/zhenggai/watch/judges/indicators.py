"""Rules over figures: an indicator off its target, base line or trend in the last period that ended."""

from __future__ import annotations

from decimal import Decimal

from zhenggai.packs.declarations import Indicator, IndicatorRule
from zhenggai.packs.expressions import OF_INDICATORS
from zhenggai.rulesql.errors import BadRule
from zhenggai.rulesql.expression import check
from zhenggai.rulesql.plans import Grain
from zhenggai.watch.compiling import bound_parameters
from zhenggai.watch.facts import MOST_ROWS, Fact
from zhenggai.watch.indicators import Figure, Plans, period_looked_at
from zhenggai.watch.judges.groups import key_of
from zhenggai.watch.periods import a_year_before, before, series_start
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective

Kept = dict[tuple[object, str], Figure]


def say(scene: Scene, each: Effective, rule: IndicatorRule) -> tuple[list[Fact], int]:
    """Return for which values of its field an indicator is off; undefined figures count as not told.

    A ledger without any row is not kept yet, so nothing is said of it.
    """
    indicator = next((one for one in scene.ledger.indicators if one.indicator == rule.indicator), None)
    if indicator is None:
        raise BadRule(rule=rule.label, reason=f"没有指标“{rule.indicator}”")
    if not scene.count():
        return [], 0
    when = check(rule.when, OF_INDICATORS, parameters=bound_parameters(each.values))
    period = period_looked_at(indicator, scene.day, Grain(rule.per))
    plans = Plans(scene, indicator)
    found = plans.figures(period, series_start(period), rule.by or "")
    keys = sorted({key for _start, key in found} or {""})
    facts, unknown = [], 0
    for key in keys:
        figure = found.get((period.start, key), plans.nothing(period))
        row = {
            "value": figure.value,
            "target": _exact(indicator.target),
            "base": _exact(indicator.base),
            "previous": _value(found.get((before(period).start, key))),
            "last_year": _value(found.get((a_year_before(period).start, key))),
        }
        off = when.evaluate(row, as_of=scene.day)
        if off is None:
            unknown += 1
        elif off:
            facts.append(_fact(scene, each, rule, indicator, figure, row, plans))
    return facts, unknown


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _value(figure: Figure | None) -> Decimal | None:
    return figure.value if figure is not None else None


def _fact(
    scene: Scene,
    each: Effective,
    rule: IndicatorRule,
    indicator: Indicator,
    figure: Figure,
    row: dict[str, Decimal | None],
    plans: Plans,
) -> Fact:
    told = {name: str(value) for name, value in each.values.items() if value is not None}
    shown = {name: format(value, "f") for name, value in row.items() if value is not None}
    told |= {**shown, "period": figure.period_label, "who": figure.label}
    values: dict[str, str] = {"period": figure.period_label, **shown}
    place: dict[str, object] = {}
    if rule.by:
        told[rule.by] = values[rule.by] = figure.label
        place = {rule.by: figure.key}
    _ledger, ids = plans.behind("numerator", figure.period, rule.by or "", figure.key)
    title = " · ".join(part for part in (indicator.label, figure.label, figure.period_label) if part)
    message = scene.words.sentence(rule, place, told) if rule.message else f"{title}：{figure.shown}"
    return Fact(
        f"value:{key_of([figure.key]) if rule.by else ''}", rule.severity.value, title, message, values,
        ids[:MOST_ROWS], len(ids), place=scene.place(rule, place),
    )  # fmt: skip
