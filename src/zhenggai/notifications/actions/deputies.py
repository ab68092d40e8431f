"""Appointing and ending deputies, told to those whom it concerns."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from zhenggai.notifications.actions.telling import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people import actions as people
from zhenggai.people.access import Actor
from zhenggai.people.models import Deputy, User


@transaction.atomic
def appoint_deputy(
    principal: User, deputy: User, *, actor: Actor, started_on: date, ended_on: date, reason: str = ""
) -> Deputy:
    """Let *deputy* act for *principal*, as :func:`zhenggai.people.actions.appoint_deputy`, and tell both."""
    made = people.appoint_deputy(
        principal, deputy, actor=actor, started_on=started_on, ended_on=ended_on, reason=reason
    )
    slots = {"principal": principal.name, "deputy": deputy.name, "start": started_on, "end": ended_on}
    notify(
        [deputy],
        actor=actor,
        kind=Kind.HAND_OVER,
        title=_("%(start)s 至 %(end)s 由您代理%(principal)s") % slots,
        body=made.reason,
        path="/me/",
    )
    notify(
        [principal],
        actor=actor,
        kind=Kind.HAND_OVER,
        title=_("%(start)s 至 %(end)s 由%(deputy)s代理您") % slots,
        body=made.reason,
        path="/me/",
    )
    return made


@transaction.atomic
def end_deputy(row: Deputy, *, actor: Actor) -> Deputy:
    """End an appointment before its last day, and tell both."""
    ended = people.end_deputy(row, actor=actor)
    title = _("%(deputy)s代理%(principal)s已经结束") % {
        "deputy": ended.deputy.name,
        "principal": ended.principal.name,
    }
    notify([ended.deputy, ended.principal], actor=actor, kind=Kind.HAND_OVER, title=title, path="/me/")
    return ended
