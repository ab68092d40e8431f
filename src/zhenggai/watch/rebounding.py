"""What follows from conditions that were looked at: rebounds raised after close-outs, and ended when they hold again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.changes import tell_trail
from zhenggai.findings.models import Finding, Stage
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import OPERATOR, Actor, current_posts, may
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES, Permission
from zhenggai.watch import codes
from zhenggai.watch.models import Rebound
from zhenggai.workflow.actions.conditions import Turn
from zhenggai.workflow.models import CloseOut, Criterion

State = Rebound.State


def follow_conditions(criteria: Iterable[int], turns: Sequence[Turn] = ()) -> list[Rebound]:
    """Raise a rebound for each condition that lapsed after its finding was closed; end those that hold again.

    Args:
        criteria: ids of the criteria that were looked at.
        turns: those that are seen otherwise than before.

    Returns:
        The new ones.
    """
    raised: list[Rebound] = []
    with transaction.atomic():
        looked = Criterion.objects.filter(pk__in=list(criteria), kind=Criterion.Kind.CONDITION)
        _end_those_that_hold(looked)
        lapsed = looked.filter(state=Criterion.State.LAPSED, finding__stage=Stage.CLOSED)
        found = list(lapsed.select_related("finding__round__unit", "finding__unit").order_by("pk"))
        if not found:
            return []
        standing = {
            each.finding_id: each
            for each in CloseOut.objects.select_for_update(of=("self",)).filter(
                finding__in=[criterion.finding_id for criterion in found], revoked_at=None
            )
        }
        known = list(
            Rebound.objects.filter(criterion__in=found).values_list("criterion_id", "close_out_id", "opened_at")
        )
        for criterion in found:
            close_out = standing.get(criterion.finding_id)
            since = criterion.state_since or criterion.state_as_of or timezone.now()
            told = any(
                key == criterion.pk and of == getattr(close_out, "pk", 0) and at >= since for key, of, at in known
            )
            if close_out is not None and not told:
                raised.append(_raise(criterion, close_out, since))
    return raised


def _raise(criterion: Criterion, close_out: CloseOut, since: Any) -> Rebound:
    rebound = Rebound.objects.create(
        criterion=criterion,
        close_out=close_out,
        opened_at=since,
        text=criterion.state_text,
        count=criterion.state_count,
    )
    finding = criterion.finding
    tell_trail(
        OPERATOR, codes.REBOUND_RAISED, finding,
        criterion=criterion.text, seen=criterion.state_text, close_out=close_out.no,
    )  # fmt: skip
    notify(
        _concerned(finding),
        actor=OPERATOR,
        kind=Kind.ALERT,
        title=_now("疑似反弹：%(title)s") % {"title": finding.title[:120]},
        body=criterion.state_text[:300],
        path=f"/rebounds/{rebound.pk}/",
        key=f"rebound:{rebound.pk}",
    )
    return rebound


def _end_those_that_hold(looked: Any) -> None:
    held = looked.filter(state=Criterion.State.HOLDS)
    for rebound in (
        Rebound.objects.select_for_update(of=("self",))
        .select_related("criterion__finding")
        .filter(criterion__in=held, state=State.OPEN)
    ):
        end_rebound(rebound, State.RESOLVED, None, rebound.criterion.state_text)
        tell_trail(OPERATOR, codes.REBOUND_RESOLVED, rebound.criterion.finding, criterion=rebound.criterion.text)


def end_rebound(rebound: Rebound, state: str, actor: Actor | None, why: str) -> None:
    """End a locked rebound."""
    rebound.state, rebound.ended_at, rebound.why = state, timezone.now(), why[:500]
    rebound.ended_by = actor if isinstance(actor, User) else None
    rebound.save(update_fields=["state", "ended_at", "why", "ended_by"])


def _concerned(finding: Finding) -> list[User]:
    """Return who hears of a rebound: those who may reopen, the office, the leader, the owner and the heads."""
    unit = finding.round.unit
    roles = [code for code, role in ROLES.items() if {Permission.REOPEN, Permission.PLAN} & set(role.grants)]
    posts = current_posts().filter(role__in=roles, unit__path__startswith=_root(unit))
    people = User.objects.filter(pk__in=posts.order_by().values("user_id"), is_active=True).order_by("pk")
    found = {each.pk: each for each in people if may(each, "workflow.reopen", unit) or may(each, "workflow.plan", unit)}
    keys = {finding.owner_id, finding.leader_id}
    if finding.department_id:
        heads = current_posts().filter(role="department_head", unit_id=finding.department_id)
        keys |= set(heads.values_list("user_id", flat=True))
    more = User.objects.filter(pk__in=[key for key in keys if key is not None], is_active=True)
    return list({**found, **{each.pk: each for each in more}}.values())


def _root(unit: Unit) -> str:
    return unit.path.split(".", 1)[0] + "."
