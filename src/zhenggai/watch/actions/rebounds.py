"""What people do about rebounds 反弹: reopen the finding, or leave it closed for a reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.findings.changes import tell_trail
from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, require
from zhenggai.people.roles import Permission
from zhenggai.watch import codes
from zhenggai.watch.access import access_rebound
from zhenggai.watch.errors import ReboundEnded, TextMissing
from zhenggai.watch.models import Rebound
from zhenggai.watch.rebounding import end_rebound
from zhenggai.workflow.actions import revoke_close_out

State = Rebound.State


def reopen_rebound(rebound: Rebound, *, actor: Actor, motive: str, due_on: date | None = None) -> Finding:
    """Reopen the finding of a rebound: its close-out is revoked with a motive.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        ReboundEnded: it was dealt with, or the condition holds again.
        TextMissing, BadDay: the motive or the new deadline is missing.
    """
    with transaction.atomic():
        found = _lock(rebound, actor)
        finding = revoke_close_out(found.close_out, actor=actor, motive=motive, due_on=due_on)
        for each in Rebound.objects.select_for_update().filter(close_out=found.close_out, state=State.OPEN):
            end_rebound(each, State.REOPENED, actor, motive)
        tell_trail(actor, codes.REBOUND_REOPENED, finding, criterion=found.criterion.text, motive=motive[:300])
    return finding


def explain_rebound(rebound: Rebound, *, actor: Actor, why: str) -> Rebound:
    """Leave a finding closed although a condition lapsed, for a reason; the next lapse is told again.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        ReboundEnded: it was dealt with, or the condition holds again.
        TextMissing: there is no reason.
    """
    reason = clean_text(why, lines=True)[:500]
    if not reason:
        raise TextMissing(label=_now("说明"))
    with transaction.atomic():
        found = _lock(rebound, actor)
        require(actor, Permission.REOPEN, found.criterion.finding.round.unit)
        end_rebound(found, State.EXPLAINED, actor, reason)
        finding = found.criterion.finding
        tell_trail(actor, codes.REBOUND_EXPLAINED, finding, criterion=found.criterion.text, why=reason[:300])
    return found


def _lock(rebound: Rebound, actor: Actor) -> Rebound:
    shown = access_rebound(actor, rebound.pk)
    related = ("criterion__finding__round__unit", "close_out")
    found = Rebound.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=shown.pk).first()
    if found is None:
        raise NotFound
    if found.state != State.OPEN:
        title = found.criterion.finding.title
        raise ReboundEnded(title=title, state=State(found.state).label)
    return found
