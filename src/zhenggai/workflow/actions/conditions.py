"""Conditions on ledgers as criteria: attached by a person, and what was seen there written down by whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _now

from zhenggai.findings.changes import save_changed
from zhenggai.findings.models import Finding
from zhenggai.people.access import Actor, Operator
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import check_takes_work, hold, needed, trail
from zhenggai.workflow.conditions import Condition, check_condition, store_condition
from zhenggai.workflow.models import Criterion

State = Criterion.State
_CODES = {
    State.HOLDS: codes.CONDITION_HOLDS,
    State.LAPSED: codes.CONDITION_LAPSED,
    State.UNKNOWN: codes.CONDITION_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen when a condition was looked at."""

    criterion: int
    """Id of the criterion."""
    state: str
    """``holds``, ``lapsed`` or ``unknown``."""
    as_of: datetime
    """For which moment."""
    text: str
    """The same in a sentence."""
    count: int | None = None
    """How many alerts stand in the way, where a rule must be silent."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A condition that is seen otherwise than before."""

    criterion: Criterion
    """With its finding, and the new state."""
    before: str
    """The state before; empty when it was not looked at yet."""


def add_condition(finding: Finding, condition: Condition, *, actor: Actor, text: str) -> Criterion:
    """Add a condition on a ledger that must hold before the finding is closed, and is watched after that.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is not at work.
        BadCondition, TextMissing: the condition says too little.
    """
    words = needed(text, _now("销号标准"), 500)
    wanted = store_condition(check_condition(condition))
    with transaction.atomic():
        held = hold(finding.pk, actor=actor, permission="workflow.plan")
        check_takes_work(held.finding, _now("增加台账条件"))
        last = held.finding.criteria.aggregate(last=Max("order"))["last"] or 0
        added = Criterion.objects.create(
            finding=held.finding, order=last + 1, kind=Criterion.Kind.CONDITION, text=words, condition=wanted
        )
        save_changed(held.finding)
        trail(actor, codes.CONDITION_ADDED, held.finding, criterion=words, condition=wanted)
    return added


def record_conditions(looks: Iterable[Look], *, actor: Operator) -> list[Turn]:
    """Write down what was seen of many conditions at once; return those that are seen otherwise than before.

    Only the system looks at ledgers for everybody, so only the operator writes this.  A look that is older than the
    one written down changes nothing.  The trail is told of turns alone.
    """
    told = {look.criterion: look for look in looks}
    turned: list[Turn] = []
    with transaction.atomic():
        standing = Criterion.objects.select_for_update(of=("self",)).filter(
            pk__in=told, kind=Criterion.Kind.CONDITION, withdrawn_at=None
        )
        changed = []
        for criterion in standing.select_related("finding__round__unit", "finding__unit").order_by("pk"):
            look = told[criterion.pk]
            if criterion.state_as_of is not None and criterion.state_as_of > look.as_of:
                continue
            before = criterion.state
            if before != look.state:
                criterion.state_since = look.as_of
                turned.append(Turn(criterion, before))
            criterion.state, criterion.state_as_of = look.state, look.as_of
            criterion.state_text, criterion.state_count = look.text[:500], look.count
            changed.append(criterion)
        names = ["state", "state_as_of", "state_since", "state_text", "state_count"]
        Criterion.objects.bulk_update(changed, names)
        for turn in turned:
            seen = turn.criterion
            trail(actor, _CODES[State(seen.state)], seen.finding, criterion=seen.text, seen=seen.state_text)
    return turned
