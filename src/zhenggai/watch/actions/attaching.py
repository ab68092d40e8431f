"""Attaching a condition on a ledger to a finding, and looking at it at once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.findings.models import Finding
from zhenggai.ledgers.access import access_ledger
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor
from zhenggai.watch.access import watched_body_of
from zhenggai.watch.conditions import look_at_conditions
from zhenggai.watch.models import RuleRun
from zhenggai.watch.tasks import ask_run
from zhenggai.workflow.actions import add_condition
from zhenggai.workflow.conditions import COMPARISONS, Condition
from zhenggai.workflow.errors import BadCondition
from zhenggai.workflow.models import Criterion


def attach_condition(finding: Finding, condition: Condition, *, actor: Actor, text: str = "") -> Criterion:
    """Let a finding close only while a ledger shows what *condition* says; what is known of it now is written down.

    Args:
        finding: which one.
        condition: what the ledger must show; without a body, that of the finding's round.
        actor: who attaches it.
        text: the criterion in words; worded from the condition when empty.

    Raises:
        NotFound, NotAllowed: the finding or the ledger is out of reach.
        MoveNotAllowed: the finding is not at work.
        BadCondition: the ledger has no such rule or indicator, or the condition says too little.
    """
    ledger = access_ledger(actor, condition.ledger)
    body = watched_body_of(finding.round.unit)
    whole = condition if condition.body is not None else _with_body(condition, finding.round.unit_id)
    words = text.strip() or words_of(ledger, whole)
    with transaction.atomic():
        added = add_condition(finding, whole, actor=actor, text=words)
        last = RuleRun.objects.filter(ledger=ledger.ledger, body=body, state=RuleRun.State.DONE).order_by("-pk").first()
        if last is not None:
            look_at_conditions(ledger, body, last)
        ask_run(ledger.ledger, body)
    return Criterion.objects.get(pk=added.pk)


def words_of(ledger: Ledger, condition: Condition) -> str:
    """Return a condition as the text of a criterion.

    Raises:
        BadCondition: the ledger has no such rule or indicator.
    """
    rule = next((each for each in ledger.rules if each.rule == condition.rule), None)
    if rule is not None:
        return _now("台账“%(ledger)s”的规则“%(rule)s”没有未消除的预警") % {"ledger": ledger.label, "rule": rule.label}
    found = next((each for each in ledger.indicators if each.indicator == condition.indicator), None)
    if found is None or condition.value is None or condition.comparison not in COMPARISONS:
        raise BadCondition(label=ledger.label, reason=_now("请选择规则，或者指标、比较方式和目标值"))
    return _now("台账“%(ledger)s”的指标“%(indicator)s” %(sign)s %(value)s%(unit)s") % {
        "ledger": ledger.label,
        "indicator": found.label,
        "sign": COMPARISONS[condition.comparison],
        "value": f"{condition.value:g}",
        "unit": found.unit,
    }


def _with_body(condition: Condition, body: int) -> Condition:
    return Condition(
        condition.ledger, condition.rule, condition.indicator, condition.comparison, condition.value, condition.period,
        body, condition.unit,
    )  # fmt: skip
