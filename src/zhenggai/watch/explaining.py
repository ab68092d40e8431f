"""A rule in words: what it asks, with which parameters and where they come from, and on which article it rests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.declared import current
from zhenggai.packs.deadlines import in_force
from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    CompletenessRule,
    DueRule,
    GroupRule,
    IndicatorRule,
    Ledger,
    Period,
    RepeatRule,
    Rule,
)
from zhenggai.packs.expressions import OF_INDICATORS, table_of
from zhenggai.people.models import Unit
from zhenggai.rulesql.expression import check
from zhenggai.rulesql.plans import Reading
from zhenggai.rulesql.types import Pair, Table, Type
from zhenggai.watch.compiling import bound_parameters, number_of, steps_of
from zhenggai.watch.models import Severity
from zhenggai.watch.settings import Effective, effective_rules


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule in words."""

    ledger: Ledger
    """The ledger."""
    effective: Effective
    """The rule as it runs for the body."""
    asks: tuple[str, ...]
    """What it asks, one sentence each."""
    error: str = ""
    """Why it cannot run, in words."""

    @property
    def rule(self) -> Rule:
        """The rule as declared."""
        return self.effective.rule

    def lines(self) -> Iterable[str]:
        """Yield the whole, line by line."""
        yield f"{self.ledger.label}（{self.ledger.ledger}）{self.rule.label}（{self.rule.rule}）"
        if not self.effective.enabled:
            yield "  " + _("没有启用")
        for each in self.asks:
            yield "  " + each
        if self.error:
            yield "  " + _("不能运行：%(error)s") % {"error": self.error}
        for chosen in self.effective.parameters:
            mark = "" if chosen.verified else _("，未核实")
            where = _("本院设定") if chosen.setting is not None else chosen.declared.source
            yield f"  {chosen.declared.label} = {chosen.value}" + (f"（{where}{mark}）" if where or mark else "")
        if self.rule.source:
            yield "  " + _("依据：%(source)s") % {"source": self.rule.source}

    def as_dict(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {
            "ledger": self.ledger.ledger,
            "rule": self.rule.rule,
            "label": self.rule.label,
            "enabled": self.effective.enabled,
            "asks": list(self.asks),
            "error": self.error,
            "source": self.rule.source,
            "parameters": {
                each.name: {"value": each.value, "label": each.declared.label, "verified": each.verified}
                for each in self.effective.parameters
            },
        }


def explain_rule(ledger: Ledger, rule: Rule, body: Unit) -> Explained:
    """Return a rule of a ledger in words, as it runs for a body."""
    found = next(each for each in effective_rules(ledger, body) if each.rule.rule == rule.rule)
    return explain_effective(ledger, found)


def explain_effective(ledger: Ledger, each: Effective) -> Explained:
    """Return a rule in words; a wrong expression is said instead of raised."""
    try:
        return Explained(ledger, each, tuple(_Teller(ledger, each).sentences()))
    except ZhenggaiError as error:
        return Explained(ledger, each, (), error.describe().what)


class _Teller:
    def __init__(self, ledger: Ledger, each: Effective) -> None:
        self.ledger, self.each = ledger, each
        self.declared = current()
        self.table = table_of(ledger, self.declared)
        self.deadlines = in_force(settings.ZHENGGAI_HOME)
        self.reading = Reading(bound_parameters(each.values), self.deadlines.limits)
        self.labels = {field.code: field.label for field in ledger.fields}

    def sentences(self) -> Iterable[str]:
        rule = self.each.rule
        match rule:
            case DueRule():
                yield from self._due(rule)
            case CompletenessRule():
                yield from self._complete(rule)
            case GroupRule():
                yield from self._group(rule)
            case AbsenceRule():
                yield _("每%(period)s检查：%(who)s是否有记录") % {
                    "period": _PERIODS[rule.per],
                    "who": self._name(rule.field),
                }
                yield from self._where(rule.where)
            case ComparisonRule():
                yield from self._comparison(rule)
            case RepeatRule():
                yield from self._repeat(rule)
            case IndicatorRule():
                yield from self._indicator(rule)
            case _:
                yield self._words(rule.when)

    def _words(self, text: str, table: Table | Pair | None = None, want: Type | None = Type.BOOLEAN) -> str:
        found = check(
            text, table or self.table, want=want, parameters=self.reading.parameters, limits=self.reading.limits
        )
        return found.explain()

    def _where(self, text: str | None) -> Iterable[str]:
        if text:
            yield _("只看：%(words)s") % {"words": self._words(text)}

    def _name(self, code: str) -> str:
        return self.labels.get(code, code)

    def _due(self, rule: DueRule) -> Iterable[str]:
        yield _("最后一日：%(words)s") % {"words": self._words(rule.due, want=Type.DATE)}
        yield _("办结的标志：%(words)s") % {"words": self._words(rule.unless)}
        yield from self._where(rule.when)
        rungs = [
            _("%(severity)s：%(day)s起") % {"severity": Severity(step.severity.value).label, "day": _day(step.days)}
            for step in steps_of(rule, self.deadlines.schemes)
        ]
        yield "；".join(rungs)

    def _complete(self, rule: CompletenessRule) -> Iterable[str]:
        yield from self._where(rule.when)
        if rule.fields:
            yield _("必须填写：%(fields)s") % {"fields": "、".join(self._name(code) for code in rule.fields)}
        if rule.attachments:
            yield _("至少有 %(count)s 份附件") % {"count": rule.attachments}

    def _group(self, rule: GroupRule) -> Iterable[str]:
        slots = {
            "by": "、".join(self._name(code) for code in rule.by),
            "count": number_of(rule.at_least, self.each.values, rule.label),
            "within": _length(rule.within) if rule.within else "",
            "of": self._name(rule.distinct) if rule.distinct else "",
        }
        if rule.distinct:
            yield _("%(by)s相同的记录，%(within)s内不同的%(of)s达到 %(count)s 个") % slots
        elif rule.within:
            yield _("%(by)s相同的记录，%(within)s内达到 %(count)s 条") % slots
        else:
            yield _("%(by)s相同的记录达到 %(count)s 条") % slots
        yield from self._where(rule.where)

    def _comparison(self, rule: ComparisonRule) -> Iterable[str]:
        other = self.declared.ledgers.get(rule.with_ledger)
        if other is None:
            yield _("对照的台账“%(ledger)s”没有声明") % {"ledger": rule.with_ledger}
            return
        pair = Pair(self.table, table_of(other, self.declared))
        slots = {"ledger": other.label, "words": self._words(rule.on, pair)}
        if rule.find == "pairs":
            yield _("与“%(ledger)s”对照，有符合的：%(words)s") % slots
        else:
            yield _("与“%(ledger)s”对照，没有符合的：%(words)s") % slots
        yield from self._where(rule.where)

    def _repeat(self, rule: RepeatRule) -> Iterable[str]:
        slots = {
            "text": "、".join(self._name(code) for code in rule.text),
            "least": f"{float(number_of(rule.likeness, self.each.values, rule.label)) * 100:.0f}%",
            "same": "、".join(self._name(code) for code in rule.same),
            "within": _length(rule.within) if rule.within else "",
        }
        if rule.same and rule.within:
            yield _("%(same)s相同、%(within)s内，%(text)s的相似程度达到 %(least)s") % slots
        elif rule.same:
            yield _("%(same)s相同，%(text)s的相似程度达到 %(least)s") % slots
        else:
            yield _("%(text)s的相似程度达到 %(least)s") % slots
        yield from self._where(rule.where)

    def _indicator(self, rule: IndicatorRule) -> Iterable[str]:
        found = next((each for each in self.ledger.indicators if each.indicator == rule.indicator), None)
        slots = {"indicator": found.label if found else rule.indicator, "period": _PERIODS[rule.per]}
        yield _("每%(period)s看指标“%(indicator)s”") % slots
        yield self._words(rule.when, OF_INDICATORS)


_PERIODS = {
    "week": gettext_lazy("周"),
    "month": gettext_lazy("月"),
    "quarter": gettext_lazy("季度"),
    "half": gettext_lazy("半年"),
    "year": gettext_lazy("年"),
}


def _day(days: int) -> str:
    if days > 0:
        return _("到期前 %(days)s 天") % {"days": days}
    return _("到期当天") if days == 0 else _("逾期第 %(days)s 天") % {"days": -days}


def _length(within: Period) -> str:
    units = {"day": _("%(amount)s 天"), "month": _("%(amount)s 个月"), "year": _("%(amount)s 年")}
    return units[within.unit] % {"amount": within.amount}
