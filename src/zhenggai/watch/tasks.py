"""Running rules in a worker process: asked for by changes of a ledger, by settings, by people and by the day."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.declared import current
from zhenggai.packs.declarations import AbsenceRule, ComparisonRule, Ledger
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.watch.access import watched_bodies
from zhenggai.watch.models import RuleRun, Watched
from zhenggai.watch.reconciling import lock_watched
from zhenggai.watch.running import run_ledger
from zhenggai.workflow.models import Criterion

logger = logging.getLogger("zhenggai.watch")

WAITS = timedelta(minutes=10)
"""After which a run that was asked for and never began is asked for again."""


@task()
def run_asked(ledger: str, body_id: int, cause: str) -> str:
    """Run the rules of a ledger of a body; return the state of the run."""
    declared = current().ledgers.get(ledger)
    body = Unit.objects.filter(pk=body_id).first()
    # Taken off before the rows are read: what changes from now on asks anew.
    Watched.objects.filter(ledger=ledger, body=body_id).update(asked_at=None)
    if declared is None or body is None:
        return "gone"
    try:
        return run_ledger(declared, body, actor=OPERATOR, cause=RuleRun.Cause(cause)).run.state
    except ZhenggaiError as error:
        logger.warning("rules of %s were not run: %s", ledger, error)
        return RuleRun.State.FAILED


def ask_run(ledger: str, body: Unit, cause: str = RuleRun.Cause.CHANGE) -> bool:
    """Ask for a run once the present transaction is committed; many changes in a row ask for one run.

    Returns:
        False when one is waiting already.
    """
    with transaction.atomic():
        watched = lock_watched(ledger, body)
        now = timezone.now()
        if watched.asked_at is not None and now - watched.asked_at < WAITS:
            return False
        watched.asked_at = now
        watched.save(update_fields=["asked_at"])
        transaction.on_commit(lambda: _enqueue(ledger, body.pk, cause), robust=True)
    return True


def _enqueue(ledger: str, body_id: int, cause: str) -> None:
    try:
        run_asked.enqueue(ledger, body_id, cause)
    except DatabaseError:
        logger.exception("the rules of %s wait for the next day", ledger)


def ask_runs(ledger: str) -> int:
    """Ask for runs after a change of a ledger: of its own rules, and of those of ledgers that look at it; return how many."""
    touched = [each for each in current().ledgers.values() if each.ledger == ledger or looks_at(each, ledger)]
    ledgers = [each for each in touched if each.rules or _is_asked_of(each.ledger)]
    return sum(ask_run(each.ledger, body) for each in ledgers for body in watched_bodies())


def _is_asked_of(ledger: str) -> bool:
    """Tell whether a finding's criterion asks for something on a ledger."""
    asked = Criterion.objects.filter(kind=Criterion.Kind.CONDITION, withdrawn_at=None, condition__ledger=ledger)
    return asked.exists()


def looks_at(ledger: Ledger, other: str) -> bool:
    """Tell whether the rules of a ledger read rows of another."""
    for rule in ledger.rules:
        if isinstance(rule, ComparisonRule) and rule.with_ledger == other:
            return True
        if isinstance(rule, AbsenceRule) and rule.among == other:
            return True
    parts = (part for each in ledger.indicators for part in (each.numerator, each.denominator) if part is not None)
    return any(part.ledger == other for part in parts)
