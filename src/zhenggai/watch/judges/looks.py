"""What of a ledger's rows a rule over many rows looks at: as long as that stays, so does what the rule says."""

from __future__ import annotations

from collections.abc import Iterable

from zhenggai.packs.declarations import AbsenceRule, GroupRule, IndicatorRule, RepeatRule
from zhenggai.rulesql.expression import Expression
from zhenggai.watch.compiling import group_rule
from zhenggai.watch.indicators import Plans
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective


def columns_of(scene: Scene, each: Effective) -> set[str] | None:
    """Return the fields that a rule over many rows looks at or tells of, beside whose row it is; None when all may be.

    Raises:
        ZhenggaiError: the rule is wrong.
    """
    rule = each.rule
    match rule:
        case GroupRule():
            asked = group_rule(rule, scene.context(each), each.values)
            parts = _named([*asked.by, asked.of, asked.where, asked.on])
            return {*scene.columns_for(rule), *rule.by, *parts}
        case AbsenceRule():
            where = scene.context(each).read(rule.where) if rule.where else None
            return {rule.field, rule.date, *_named([where])}
        case RepeatRule():
            where = scene.context(each).read(rule.where) if rule.where else None
            date = [rule.date] if rule.date else []
            return {*scene.columns_for(rule), *rule.text, *rule.same, *rule.differs, *date, *_named([where])}
        case IndicatorRule():
            found = next((one for one in scene.ledger.indicators if one.indicator == rule.indicator), None)
            return Plans(scene, found).columns(scene.ledger, rule.by or "") if found is not None else None
    return None


def _named(expressions: Iterable[Expression | None]) -> set[str]:
    return {name for each in expressions if each is not None for name in each.column_names}
