"""Whom the acts and the daily run of this room tell what."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _now

from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.outcomes.models import Decision
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.registers.keepers import heads


def doers_of(decision: Decision) -> list[User]:
    """Return the owner of a decision, else the heads of its department."""
    return [decision.owner] if decision.owner is not None else heads(decision.department)


def decision_given(decision: Decision, changes: Mapping[str, object], actor: Actor) -> None:
    """Tell the doers of a decision that it was given to them."""
    if {"owner", "department"} & set(changes) and decision.state == Decision.State.OPEN:
        notify(
            doers_of(decision),
            actor=actor,
            kind=Told.ASSIGNED,
            title=_now("会议议定事项交您落实：%(text)s") % {"text": decision.text[:80]},
            path=f"/outcomes/decisions/{decision.pk}/",
            key=f"decision-{decision.pk}-given",
        )
