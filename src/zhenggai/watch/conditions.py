"""Criteria of findings that ask for something on a ledger, looked at after each run; lapses after a close-out.

A rule is silent when it ran without error, could tell of every row, and none of its alerts is open.  What it could not
tell is no silence: a date left empty must not open a gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.watch.indicators import last_figure
from zhenggai.watch.models import OPEN_ALERTS, Alert, RuleRun
from zhenggai.watch.rebounding import follow_conditions
from zhenggai.workflow.actions import Look, record_conditions
from zhenggai.workflow.conditions import COMPARISONS, Condition, condition_of
from zhenggai.workflow.models import Criterion

State = Criterion.State


@dataclass(frozen=True, slots=True)
class _Tally:
    rule: str
    state: str
    body_path: str
    unit_path: str
    count: int


def standing_conditions(ledger: str, body: Unit) -> list[Criterion]:
    """Return the criteria of findings of a body and all below that ask for something on a ledger."""
    asked = Criterion.objects.filter(
        kind=Criterion.Kind.CONDITION, withdrawn_at=None, condition__ledger=ledger,
        finding__round__unit__path__startswith=body.path, finding__withdrawn_at=None,
    )  # fmt: skip
    return list(asked.select_related("finding__round__unit").order_by("pk"))


def look_at_conditions(ledger: Ledger, body: Unit, run: RuleRun) -> int:
    """Look at the criteria that a run touches, write down what is seen, and let rebounds follow; return how many."""
    asked = standing_conditions(ledger.ledger, body)
    if not asked:
        return 0
    looks = looks_of(ledger, body, run, asked)
    turns = record_conditions(looks, actor=OPERATOR)
    follow_conditions([criterion.pk for criterion in asked], turns)
    return len(looks)


def looks_of(ledger: Ledger, body: Unit, run: RuleRun, asked: Sequence[Criterion]) -> list[Look]:
    """Return what is seen of criteria as of a run; two queries, and those of the indicators asked for."""
    paths: dict[int, str] = dict(Unit.objects.filter(path__startswith=body.path).values_list("pk", "path"))
    wanted = [(criterion, condition_of(criterion)) for criterion in asked]
    rules = {condition.rule for _criterion, condition in wanted if condition.rule}
    tallies = _tallies(ledger.ledger, body, rules)
    return [
        _look_at_rule(ledger, run, criterion, condition, tallies, paths)
        if condition.rule
        else _look_at_indicator(ledger, body, run.as_of, criterion, condition)
        for criterion, condition in wanted
    ]


def _tallies(ledger: str, body: Unit, rules: Iterable[str]) -> list[_Tally]:
    states = (*OPEN_ALERTS, Alert.State.DISMISSED)
    live = Alert.objects.filter(ledger=ledger, watch_body=body, rule__in=list(rules), state__in=states).order_by()
    groups = live.values_list("rule", "state", "body__path", "unit__path").annotate(count=Count("pk"))
    return [_Tally(*group) for group in groups]


def _look_at_rule(
    ledger: Ledger,
    run: RuleRun,
    criterion: Criterion,
    condition: Condition,
    tallies: Sequence[_Tally],
    paths: Mapping[int, str],
) -> Look:
    rule = next((each for each in ledger.rules if each.rule == condition.rule), None)
    label = rule.label if rule is not None else condition.rule
    told = run.rules.get(condition.rule)
    if told is None:
        return Look(criterion.pk, State.UNKNOWN, run.as_of, _("规则“%(rule)s”没有启用或已不存在") % {"rule": label})
    if told.get("error"):
        words = _("规则“%(rule)s”没有运行成功：%(error)s") % {"rule": label, "error": str(told["error"])[:200]}
        return Look(criterion.pk, State.UNKNOWN, run.as_of, words)
    mine = [each for each in tallies if each.rule == condition.rule and _covers(condition, each, paths)]
    open_ = sum(each.count for each in mine if each.state != Alert.State.DISMISSED)
    dismissed = sum(each.count for each in mine if each.state == Alert.State.DISMISSED)
    slots: dict[str, object] = {"rule": label, "open": open_, "dismissed": dismissed, "unknown": told.get("unknown", 0)}
    if open_:
        return Look(criterion.pk, State.LAPSED, run.as_of, _("规则“%(rule)s”有未消除预警 %(open)s 条") % slots, open_)
    if slots["unknown"]:
        words = _("规则“%(rule)s”对 %(unknown)s 条记录无法判断（缺少所需的值）") % slots
        return Look(criterion.pk, State.UNKNOWN, run.as_of, words, 0)
    words = _("规则“%(rule)s”没有未消除的预警") % slots
    if dismissed:
        words = _("规则“%(rule)s”没有未消除的预警，另有 %(dismissed)s 条已排除") % slots
    return Look(criterion.pk, State.HOLDS, run.as_of, words, 0)


def _covers(condition: Condition, tally: _Tally, paths: Mapping[int, str]) -> bool:
    for key, path in ((condition.body, tally.body_path), (condition.unit, tally.unit_path)):
        if key is not None and not path.startswith(paths.get(key, "?")):
            return False
    return True


def _look_at_indicator(ledger: Ledger, body: Unit, as_of: datetime, criterion: Criterion, condition: Condition) -> Look:
    found = next((each for each in ledger.indicators if each.indicator == condition.indicator), None)
    if found is None:
        words = _("指标“%(indicator)s”已不存在") % {"indicator": condition.indicator}
        return Look(criterion.pk, State.UNKNOWN, as_of, words)
    unit = condition.unit or (condition.body if condition.body != body.pk else None)
    figure = last_figure(ledger, found, body, period=condition.period, unit=unit, as_of=as_of)
    slots = {
        "indicator": found.label,
        "period": figure.period_label,
        "value": figure.shown,
        "sign": COMPARISONS[condition.comparison],
        "wanted": f"{condition.value:g}" if condition.value is not None else "",
    }
    if figure.value is None:
        words = _("指标“%(indicator)s”%(period)s没有数值（分母为零或没有记录）") % slots
        return Look(criterion.pk, State.UNKNOWN, as_of, words)
    words = _("指标“%(indicator)s”%(period)s为 %(value)s，要求 %(sign)s %(wanted)s") % slots
    return Look(criterion.pk, State.HOLDS if _meets(condition, float(figure.value)) else State.LAPSED, as_of, words)


def _meets(condition: Condition, value: float) -> bool:
    wanted = condition.value if condition.value is not None else value
    return {
        "ge": value >= wanted, "gt": value > wanted, "le": value <= wanted, "lt": value < wanted, "eq": value == wanted,
    }[condition.comparison]  # fmt: skip
