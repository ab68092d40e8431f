"""Alerts of a ledger that nobody need declare, made through a run whose verdict is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zhenggai.people.models import Unit
from zhenggai.watch.facts import Fact, Judgement, Verdict
from zhenggai.watch.models import Alert, RuleRun
from zhenggai.watch.reconciling import Reconciled, reconcile


def make_fact(number: int, severity: str = "yellow", **values: object) -> Fact:
    """Return what a rule says of one row."""
    given: dict[str, object] = {
        "subject": f"row:{number}",
        "severity": severity,
        "title": f"示例案〔2026〕{number}号",
        "message": f"办案期限将满，{severity}",
        "rows": (str(number),),
    }
    return Fact(**{**given, **values})  # type: ignore[arg-type]  # named by the test


def make_run(
    body: Unit,
    rules: Mapping[str, Mapping[int, str]],
    *,
    at: datetime | None = None,
    days: float = 0,
    ledger: str = "cases",
    failed: tuple[str, ...] = (),
) -> tuple[RuleRun, Reconciled]:
    """Let the rules of a ledger say what is given: rule → number of the row → severity."""
    as_of = (at or timezone.now()) + timedelta(days=days)
    run = RuleRun.objects.create(ledger=ledger, body=body, cause=RuleRun.Cause.ASKED, as_of=as_of)
    verdicts = [
        Verdict(
            rule,
            () if rule in failed else tuple(make_fact(n, s) for n, s in said.items()),
            error="坏了" * (rule in failed),
        )
        for rule, said in rules.items()
    ]
    with transaction.atomic():
        done = reconcile(run, Judgement(as_of, len(verdicts), verdicts))
    run.state, run.finished_at = RuleRun.State.OUTDATED if done.outdated else RuleRun.State.DONE, timezone.now()
    run.save()
    return run, done


def make_alert(body: Unit, severity: str = "orange", rule: str = "overdue", **values: object) -> Alert:
    """Return an open alert."""
    number = Alert.objects.count() + 1
    fact = make_fact(number, severity, **values)
    as_of = timezone.now()
    run = RuleRun.objects.create(ledger="cases", body=body, cause=RuleRun.Cause.ASKED, as_of=as_of)
    with transaction.atomic():
        reconcile(run, Judgement(as_of, 1, [Verdict(rule, (fact,))]), gone=())
    return Alert.objects.get(rule=rule, subject=fact.subject, watch_body=body)
