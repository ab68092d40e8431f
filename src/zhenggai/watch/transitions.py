"""What people may do with an alert, as data: from which states, to which, and the permission each act needs.

Alerts come, go and change by facts alone (:mod:`zhenggai.watch.reconciling`); people take them in hand or set them aside.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.people.roles import Permission
from zhenggai.watch.errors import AlertNotOpen
from zhenggai.watch.models import Alert, AlertEvent

State, Happened = Alert.State, AlertEvent.Kind


@dataclass(frozen=True, slots=True)
class Move:
    """One act on an alert."""

    code: str
    """Name of the act."""
    label: Promise
    """The verb on the button."""
    sources: frozenset[Alert.State]
    """States it may start from."""
    target: Alert.State | None
    """State it leads to; None leaves it."""
    permission: str
    """What it needs."""
    event: str
    """What the history says."""


_OPEN = frozenset({State.OPEN})
_LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED})
MOVES: dict[str, Move] = {
    move.code: move
    for move in (
        Move("acknowledge", _("受理"), _OPEN, State.ACKNOWLEDGED, Permission.HANDLE_ALERTS, Happened.ACKNOWLEDGED),
        Move("note", _("补充说明"), _LIVE, None, Permission.HANDLE_ALERTS, Happened.NOTED),
        Move("letter", _("起草函件"), _LIVE, None, Permission.HANDLE_ALERTS, Happened.LETTER),
        Move("dismiss", _("排除"), _LIVE, State.DISMISSED, Permission.DISMISS_ALERTS, Happened.DISMISSED),
        Move(
            "restore", _("恢复"), frozenset({State.DISMISSED}), State.OPEN, Permission.DISMISS_ALERTS, Happened.RESTORED
        ),
    )
}


def check_move(code: str, alert: Alert) -> Move:
    """Return the act *code* when it may be done with *alert* as it stands.

    Raises:
        AlertNotOpen: it may not.
    """
    move = MOVES[code]
    state = State(alert.state)
    if state not in move.sources:
        raise AlertNotOpen(title=alert.title, state=state.label, move=move.label)
    return move
