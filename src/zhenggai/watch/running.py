"""Running the rules of a ledger: rows are judged, alerts follow, criteria are looked at, people are told.

Judging reads only; what it found is written in one transaction, so a run that is killed leaves nothing but its row in
``RuleRun``, still marked as running.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers.access import access_ledger, visible_ledgers
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import OPERATOR, Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.watch import codes
from zhenggai.watch.access import RUN, reached_bodies
from zhenggai.watch.conditions import look_at_conditions
from zhenggai.watch.facts import Judgement
from zhenggai.watch.following import judge_changes
from zhenggai.watch.judging import judge
from zhenggai.watch.models import RuleRun
from zhenggai.watch.reconciling import Reconciled, reconcile
from zhenggai.watch.settings import effective_rules
from zhenggai.watch.telling import tell_alerts

logger = logging.getLogger("zhenggai.watch")

_CHANGE = RuleRun.Cause.CHANGE
LONGEST = timedelta(hours=1)
"""After which a run that says it is running was killed."""


@dataclass(slots=True)
class Outcome:
    """A run and what it changed."""

    run: RuleRun
    """The run."""
    judgement: Judgement
    """What the rules said."""
    reconciled: Reconciled = field(default_factory=Reconciled)
    """What changed; nothing for a look at the past."""


def run_rules(
    ledger: str = "",
    body: Unit | None = None,
    *,
    actor: Actor,
    cause: RuleRun.Cause = RuleRun.Cause.ASKED,
) -> list[Outcome]:
    """Run the rules of one ledger or of all that the actor sees, for one body or all that they reach.

    Raises:
        NotFound, NotAllowed: the actor may not know of the ledger, or not run its rules.
        ZhenggaiError: the one ledger asked for could not be judged; among several, those that can are.
    """
    ledgers = [access_ledger(actor, ledger)] if ledger else visible_ledgers(actor)
    require(actor, RUN)
    done = []
    for declared in ledgers:
        for each in reached_bodies(actor, declared):
            if body is not None and each.pk != body.pk:
                continue
            try:
                done.append(run_ledger(declared, each, actor=actor, cause=cause))
            except ZhenggaiError as error:
                if ledger:
                    raise
                logger.warning("rules of %s were not run: %s", declared.ledger, error)
    return done


def run_ledger(ledger: Ledger, body: Unit, *, actor: Actor, cause: RuleRun.Cause) -> Outcome:
    """Run the rules of a ledger over the rows of a body and all below, and let everything follow.

    Raises:
        ZhenggaiError: the rows could not be judged; alerts stay as they were.
    """
    by = actor if isinstance(actor, User) else None
    now = timezone.now()
    run = RuleRun.objects.create(ledger=ledger.ledger, body=body, cause=cause, as_of=now, by=by)
    try:
        changed = judge_changes(ledger, body, effective_rules(ledger, body), now) if cause == _CHANGE else None
        judgement = changed or judge(ledger, body, effective_rules(ledger, body), now)
        reconciled = _write(ledger, run, judgement, actor)
        if reconciled.overtaken:
            judgement = judge(ledger, body, effective_rules(ledger, body), now)
            reconciled = _write(ledger, run, judgement, actor)
    except ZhenggaiError as error:
        _fail(run, error.describe().as_dict())
        raise
    except Exception as error:
        _fail(run, {"what": type(error).__name__})  # the traceback is the caller's
        raise
    return Outcome(run, judgement, reconciled)


def _write(ledger: Ledger, run: RuleRun, judgement: Judgement, actor: Actor) -> Reconciled:
    """Let everything follow from what rules said, in one transaction; nothing does when the run was overtaken."""
    with transaction.atomic():
        reconciled = reconcile(run, judgement)
        if reconciled.overtaken:
            return reconciled
        _finish(run, judgement, reconciled)
        if not reconciled.outdated:
            tell_alerts(ledger, run, reconciled)
            look_at_conditions(ledger, run.body, run)
        if reconciled.changed:
            _tell(actor, ledger, run, reconciled)
    return reconciled


def look_back(ledger: Ledger, body: Unit, as_of: datetime) -> Judgement:
    """Return what the rules say of the rows as they were at a moment; nothing is written."""
    return judge(ledger, body, effective_rules(ledger, body), as_of)


def forget_killed(ledgers: Iterable[str] | None = None) -> int:
    """Mark runs that were killed as failed; return how many."""
    dead = RuleRun.objects.filter(state=RuleRun.State.RUNNING, started_at__lt=timezone.now() - LONGEST)
    if ledgers is not None:
        dead = dead.filter(ledger__in=list(ledgers))
    return dead.update(state=RuleRun.State.FAILED, finished_at=timezone.now())


def rules_of(judgement: Judgement, reconciled: Reconciled) -> dict[str, dict[str, Any]]:
    """Return what a run keeps of each rule."""
    return {
        verdict.rule: {
            "hits": len(verdict.facts)
            if verdict.subjects is None
            else reconciled.hits.get(verdict.rule, verdict.stood),
            "unknown": verdict.unknown,
            "milliseconds": round(verdict.milliseconds, 1),
            **({"error": verdict.error} if verdict.error else {}),
            **reconciled.counts.get(verdict.rule, {}),
        }
        for verdict in judgement.verdicts
    }


def _finish(run: RuleRun, judgement: Judgement, reconciled: Reconciled) -> None:
    run.state = RuleRun.State.OUTDATED if reconciled.outdated else RuleRun.State.DONE
    run.finished_at, run.rows = timezone.now(), judgement.rows
    run.rules = rules_of(judgement, reconciled)
    run.save(update_fields=["state", "finished_at", "rows", "rules"])


def _fail(run: RuleRun, words: dict[str, str]) -> None:
    run.state, run.finished_at, run.error = RuleRun.State.FAILED, timezone.now(), words
    run.save(update_fields=["state", "finished_at", "error"])


def _tell(actor: Actor, ledger: Ledger, run: RuleRun, done: Reconciled) -> None:
    counts = {"opened": len(done.opened), "reopened": len(done.reopened), "resolved": len(done.resolved)}
    record(
        actor=actor if run.cause == RuleRun.Cause.ASKED else OPERATOR, code=codes.RULES_RUN, object_type="ledger",
        object_id=ledger.ledger, object_label=ledger.label, data={"run": run.pk, "cause": run.cause, **counts},
    )  # fmt: skip
