"""Rows of a ledger in, what its rules say out: facts, counts of what could not be told, and why a rule did not run.

Nothing is written.  Rules over single rows run together in one scan; a rule that is wrong or fails is reported by itself
and the others run.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    CompletenessRule,
    DueRule,
    GroupRule,
    IndicatorRule,
    Ledger,
    RepeatRule,
    RowRule,
)
from zhenggai.people.models import Unit
from zhenggai.rulesql.plans import RowRule as RowQuestion
from zhenggai.watch.basis import mark_of
from zhenggai.watch.compiling import RowPlan, row_plan
from zhenggai.watch.facts import Fact, Judgement, Verdict
from zhenggai.watch.judges import absences, comparisons, groups, indicators, repeats, rows
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective

logger = logging.getLogger("zhenggai.watch")

Said = tuple[list[Fact], int]
"""Facts, and the rows of which a rule could not tell."""


def judge(ledger: Ledger, body: Unit, rules: Iterable[Effective], as_of: datetime, *, only: str = "") -> Judgement:
    """Return what the rules of a ledger say of the rows of a body and all below, as of a moment.

    Args:
        ledger: the ledger.
        body: the body.
        rules: its rules as they run for the body; those that are switched off say nothing.
        as_of: the moment.
        only: code of the one rule that is asked; all when empty.

    Raises:
        ZhenggaiError: the rows cannot be read at all.
    """
    asked = [each for each in rules if each.enabled and (not only or each.rule.rule == only)]
    with Scene(ledger, body, as_of, whole=False) as scene:
        mark = mark_of(scene, asked)
        scene.engine.take(ledger)
        total = scene.count()
        single = [each for each in asked if isinstance(each.rule, RowRule | DueRule | CompletenessRule)]
        verdicts = ask_rows(scene, single)
        for each in asked:
            if each not in single:
                verdicts[each.rule.rule] = ask_apart(scene, each)
    return Judgement(as_of, total, [verdicts[each.rule.rule] for each in asked], str(mark or ""))


def _say(scene: Scene, each: Effective) -> Said:
    match each.rule:
        case GroupRule():
            return groups.say(scene, each, each.rule)
        case AbsenceRule():
            return absences.say(scene, each, each.rule)
        case ComparisonRule():
            return comparisons.say(scene, each, each.rule)
        case RepeatRule():
            return repeats.say(scene, each, each.rule)
        case IndicatorRule():
            return indicators.say(scene, each, each.rule)
    return [], 0


def plans_of(scene: Scene, asked: Sequence[Effective]) -> tuple[dict[str, tuple[Effective, RowPlan]], list[Verdict]]:
    """Return rules over single rows as the engine asks them, and what is said of those that are wrong."""
    plans: dict[str, tuple[Effective, RowPlan]] = {}
    wrong = []
    for each in asked:
        try:
            plans[each.rule.rule] = (each, row_plan(each.rule, scene.context(each)))  # type: ignore[arg-type]  # of those kinds
        except ZhenggaiError as error:
            wrong.append(_failed(each, error))
    return plans, wrong


def questions(plans: Mapping[str, tuple[Effective, RowPlan]]) -> list[RowQuestion]:
    """Return what the engine is asked of each row."""
    return [RowQuestion(code, plan.when) for code, (_each, plan) in plans.items()]


def ask_rows(scene: Scene, asked: Sequence[Effective]) -> dict[str, Verdict]:
    """Return what rules over single rows say: all of them in one scan."""
    plans, wrong = plans_of(scene, asked)
    return {verdict.rule: verdict for verdict in wrong} | (ask_plans(scene, plans) if plans else {})


def ask_plans(scene: Scene, asked: Mapping[str, tuple[Effective, RowPlan]]) -> dict[str, Verdict]:
    """Return what rules over single rows say that are read already."""
    plans, verdicts = dict(asked), {}
    began = time.monotonic()
    found = scene.engine.row_rules(scene.table, questions(plans), scene.run())
    for code, reason in found.failed.items():
        verdicts[code] = _failed(plans.pop(code)[0], reason)
    hits = {code: found.rows_of(code) for code in plans} if len(plans) < 8 else rows.by_rule(found.hits, plans)
    said = rows.facts_of(scene, plans, hits)
    spent = (time.monotonic() - began) * 1000
    for code in plans:
        verdicts[code] = Verdict(code, tuple(said[code]), found.unknown.get(code, 0), spent)
    return verdicts


def ask_apart(scene: Scene, each: Effective) -> Verdict:
    """Return what a rule over many rows says."""
    began = time.monotonic()
    try:
        facts, unknown = _say(scene, each)
    except ZhenggaiError as error:
        return _failed(each, error)
    return Verdict(each.rule.rule, tuple(facts), unknown, (time.monotonic() - began) * 1000)


def _failed(each: Effective, error: ZhenggaiError) -> Verdict:
    words = error.describe()
    logger.warning("rule %s did not run: %s", each.rule.rule, words.what)
    return Verdict(each.rule.rule, error=words.what)
