"""What a pack declares, in plain words: kinds of fields, what each rule looks for, how an indicator is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    CompletenessRule,
    DueRule,
    FieldType,
    GroupRule,
    Indicator,
    IndicatorRule,
    Ledger,
    LedgerField,
    Measure,
    Parameter,
    Period,
    RepeatRule,
    RowRule,
    Severity,
)

TYPES: Mapping[FieldType, str | Promise] = {
    FieldType.TEXT: gettext_lazy("一行文字"),
    FieldType.LONG_TEXT: gettext_lazy("多行文字"),
    FieldType.INTEGER: gettext_lazy("整数"),
    FieldType.DECIMAL: gettext_lazy("小数"),
    FieldType.MONEY: gettext_lazy("金额"),
    FieldType.PERCENT: gettext_lazy("百分比"),
    FieldType.DATE: gettext_lazy("日期"),
    FieldType.DATETIME: gettext_lazy("日期和时间"),
    FieldType.BOOLEAN: gettext_lazy("是或否"),
    FieldType.CHOICE: gettext_lazy("单选"),
    FieldType.CHOICES: gettext_lazy("多选"),
    FieldType.REFERENCE: gettext_lazy("引用台账"),
    FieldType.UNIT: gettext_lazy("单位"),
    FieldType.DEPARTMENT: gettext_lazy("内设机构"),
    FieldType.PERSON: gettext_lazy("人员"),
}
PERSONAL: Mapping[str, str | Promise] = {
    "name": gettext_lazy("姓名"),
    "identity": gettext_lazy("证件号码"),
    "phone": gettext_lazy("电话"),
    "address": gettext_lazy("住址"),
    "account": gettext_lazy("账号"),
    "other": gettext_lazy("其他个人信息"),
}
SEVERITIES: Mapping[Severity, str | Promise] = {
    Severity.YELLOW: gettext_lazy("黄色"),
    Severity.ORANGE: gettext_lazy("橙色"),
    Severity.RED: gettext_lazy("红色"),
}
_UNITS: Mapping[str, str | Promise] = {
    "day": gettext_lazy("天"),
    "month": gettext_lazy("个月"),
    "year": gettext_lazy("年"),
}
_PERIODS: Mapping[str, str | Promise] = {
    "week": gettext_lazy("每周"),
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季度"),
    "half": gettext_lazy("每半年"),
    "year": gettext_lazy("每年"),
}
_MEASURES: Mapping[str, str | Promise] = {
    "count": gettext_lazy("条数"),
    "sum": gettext_lazy("合计"),
    "mean": gettext_lazy("平均"),
    "median": gettext_lazy("中位数"),
    "minimum": gettext_lazy("最小值"),
    "maximum": gettext_lazy("最大值"),
    "distinct": gettext_lazy("不重复的个数"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A rule or indicator in words."""

    code: str
    """Its code."""
    label: str
    """Its name."""
    kind: str
    """What kind it is."""
    about: str
    """Why it matters."""
    lines: tuple[tuple[str, str], ...]
    """What it looks at: words and the expression or names."""
    source: str
    """Statute and article."""
    parameters: tuple[tuple[str, Parameter], ...] = ()
    """Values an office may set otherwise."""
    enabled: bool = True
    """Whether it runs."""


def needs_of(field: LedgerField, ledger: Ledger) -> list[str]:
    """Return what a field asks for, as short words."""
    found = []
    if field.code in ledger.key:
        found.append(_("主键"))
    if field.required or field.code in ledger.key:
        found.append(_("必填"))
    if field.unique:
        found.append(_("不重复"))
    if field.computed:
        found.append(_("计算得出"))
    if field.minimum is not None:
        found.append(_("不小于 %(value)s") % {"value": f"{field.minimum:g}"})
    if field.maximum is not None:
        found.append(_("不大于 %(value)s") % {"value": f"{field.maximum:g}"})
    return found


def say_rule(ledger: Ledger, rule: object) -> Said:
    """Return a rule in words; conditions stay as they are written, which is how their author reads them."""
    labels = {each.code: each.label for each in ledger.fields}

    def names(codes: tuple[str, ...]) -> str:
        return "、".join(labels.get(code, code) for code in codes)

    kind, lines = _("逐条检查"), []
    match rule:
        case RowRule():
            lines = [(_("条件"), rule.when)]
        case DueRule():
            kind = _("办理期限")
            lines = [(_("最后一日"), rule.due), (_("已办结的"), rule.unless), (_("适用于"), rule.when or _("全部记录"))]
            lines += [
                (_("预警"), "；".join(_step_words(step.days, step.severity) for step in rule.ladder))
                for _one in rule.ladder[:1]
            ]
        case GroupRule():
            kind = _("次数过多")
            lines = [(_("按"), names(rule.by)), (_("不少于"), str(rule.at_least))]
            lines += [(_("期间"), _period_words(rule.within))] if rule.within else []
            lines += [(_("只看"), rule.where)] if rule.where else []
        case AbsenceRule():
            kind = _("没有登记")
            lines = [(_("对象"), labels.get(rule.field, rule.field)), (_("期间"), str(_PERIODS[rule.per]))]
        case ComparisonRule():
            kind = _("与其他台账比对")
            lines = [(_("台账"), rule.with_ledger), (_("对应关系"), rule.on)]
        case RepeatRule():
            kind = _("文字雷同")
            lines = [(_("比较"), names(rule.text)), (_("相似度"), str(rule.likeness))]
        case IndicatorRule():
            kind = _("指标异常")
            lines = [(_("指标"), rule.indicator), (_("条件"), rule.when)]
        case CompletenessRule():
            kind = _("内容不全")
            lines = [(_("应填"), names(rule.fields))] if rule.fields else []
            lines += [(_("附件不少于"), str(rule.attachments))] if rule.attachments else []
            lines += [(_("条件"), rule.when)] if rule.when else []
    code, label = str(getattr(rule, "rule", "")), str(getattr(rule, "label", ""))
    parameters = tuple(getattr(rule, "parameters", {}).items())
    about, source = str(getattr(rule, "about", "")), str(getattr(rule, "source", ""))
    return Said(code, label, kind, about, tuple(lines), source, parameters, bool(getattr(rule, "enabled", True)))


def _step_words(days: int, severity: Severity) -> str:
    colour = str(SEVERITIES[severity])
    if days > 0:
        return _("到期前 %(days)s 天%(colour)s") % {"days": days, "colour": colour}
    if days == 0:
        return _("到期当日%(colour)s") % {"colour": colour}
    return _("超期 %(days)s 天%(colour)s") % {"days": -days, "colour": colour}


def _period_words(period: Period) -> str:
    return f"{period.amount}{_UNITS[period.unit]}"


def say_indicator(ledger: Ledger, indicator: Indicator) -> Said:
    """Return an indicator in words."""
    lines = [(_("分子") if indicator.denominator else _("计算"), _measure_words(ledger, indicator.numerator))]
    if indicator.denominator is not None:
        lines.append((_("分母"), _measure_words(ledger, indicator.denominator)))
    if indicator.target is not None:
        lines.append((_("目标"), f"{indicator.target:g}{indicator.unit}"))
    if indicator.base is not None:
        lines.append((_("基准"), f"{indicator.base:g}{indicator.unit}"))
    return Said(indicator.indicator, indicator.label, indicator.unit, indicator.about, tuple(lines), indicator.source)


def _measure_words(ledger: Ledger, measure: Measure) -> str:
    labels = {each.code: each.label for each in ledger.fields}
    words = str(_MEASURES[measure.of])
    if measure.value:
        words = f"{labels.get(measure.value, measure.value)} {words}"
    return f"{words}（{measure.where}）" if measure.where else words
