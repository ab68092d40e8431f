"""``zhenggai rules run``: run the rules of ledgers now, or look at what they would have said at a moment in the past."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from zhenggai.commands import migrate
from zhenggai.commands.errors import BadDate, NoSuchLedger, NoSuchRule
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.declared import current
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.watch.access import watched_bodies
from zhenggai.watch.explaining import explain_rule
from zhenggai.watch.facts import Judgement
from zhenggai.watch.models import RuleRun
from zhenggai.watch.reconciling import Reconciled
from zhenggai.watch.running import look_back, rules_of, run_ledger


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="run")
    run_ = acts.add_parser("run", help="运行台账规则，更新预警和台账条件")
    run_.add_argument("--ledger", default="", metavar="台账", help="只运行一个台账（代码）；默认全部")
    run_.add_argument("--as-of", default="", metavar="时刻", help="只看当时的台账会报什么，不写入（如 2026-06-30）")
    run_.add_argument(
        "--explain", default="", metavar="规则", help="说明一条规则问什么、参数从哪里来，不运行；同名时写“台账.规则”"
    )
    run_.add_argument("--json", action="store_true", help="输出 JSON")


def run(arguments: argparse.Namespace) -> int:
    """Run rules, or say what one asks."""
    migrate.require_current()
    ledgers = [_ledger(arguments.ledger)] if arguments.ledger else list(current().ledgers.values())
    if arguments.explain:
        return _explain(ledgers, arguments.explain, arguments.json)
    moment = moment_of(arguments.as_of)
    told, failed = [], False
    for ledger in ledgers:
        for body in watched_bodies():
            if ledger.rules:
                one = _one(ledger, body, moment)
                failed = failed or bool(one.get("error")) or any(each.get("error") for each in one["rules"].values())
                told.append(one)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        for one in told:
            print("\n".join(_lines(one)))
    return 1 if failed else 0


def _ledger(code: str) -> Ledger:
    declared = current().ledgers
    if code not in declared:
        near = difflib.get_close_matches(code, declared, 3, 0.3) or sorted(declared)[:3]
        raise NoSuchLedger(ledger=code, near="、".join(near))
    return declared[code]


def _one(ledger: Ledger, body: Unit, moment: datetime | None) -> dict[str, Any]:
    about: dict[str, Any] = {"ledger": ledger.ledger, "label": ledger.label, "body": body.name, "rules": {}}
    try:
        if moment is not None:
            return about | _said(ledger, look_back(ledger, body, moment), Reconciled(), "past")
        done = run_ledger(ledger, body, actor=OPERATOR, cause=RuleRun.Cause.ASKED)
    except ZhenggaiError as error:
        return about | {"error": error.describe().what}
    return about | _said(ledger, done.judgement, done.reconciled, done.run.state)


def _said(ledger: Ledger, judgement: Judgement, done: Reconciled, state: str) -> dict[str, Any]:
    labels = {rule.rule: rule.label for rule in ledger.rules}
    rules = rules_of(judgement, done)
    return {
        "as_of": judgement.as_of,
        "state": state,
        "rows": judgement.rows,
        "rules": {code: {"label": labels[code], **told} for code, told in rules.items()},
    }


def _lines(one: dict[str, Any]) -> Iterable[str]:
    yield f"{one['label']}（{one['ledger']}，{one['body']}）：" + (one.get("error") or f"{one['rows']} 行")
    for code, told in one["rules"].items():
        if told.get("error"):
            yield f"  {told['label']}（{code}）：未运行，{told['error']}"
            continue
        parts = [f"命中 {told['hits']}", f"未知 {told['unknown']}"]
        parts += [f"{word} {told[key]}" for key, word in _CHANGES if told.get(key)]
        yield f"  {told['label']}（{code}）：" + "，".join(parts)


_CHANGES = (("opened", "新出现"), ("reopened", "再次出现"), ("resolved", "消除"))


def _explain(ledgers: Iterable[Ledger], code: str, as_json: bool) -> int:
    found = [
        (ledger, rule)
        for ledger in ledgers
        for rule in ledger.rules
        if code in (rule.rule, f"{ledger.ledger}.{rule.rule}")
    ]
    if not found:
        raise NoSuchRule(rule=code)
    for ledger, rule in found:
        for body in watched_bodies():
            told = explain_rule(ledger, rule, body)
            if as_json:
                print(json.dumps(told.as_dict(), ensure_ascii=False, indent=1))
            else:
                print("\n".join(told.lines()))
    return 0


def moment_of(text: str) -> datetime | None:
    """Return the moment that *text* writes, a day standing for its end; None when it is empty."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadDate(value=text, argument="--as-of") from error
    if len(text) <= 10:  # a day stands for its end
        found = datetime.combine(found.date(), time.max)
    return found if found.tzinfo else timezone.make_aware(found)
