"""What people do with alerts: take them in hand, explain, set aside for a reason, bring back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.fields import clean_text
from zhenggai.kit.errors import NotAllowed
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.watch import codes
from zhenggai.watch.access import access_alert, may_on
from zhenggai.watch.errors import BadValue, TextMissing
from zhenggai.watch.models import Alert, AlertEvent
from zhenggai.watch.transitions import Move, check_move

ALERT = "alert"
"""``object_type`` of entries about an alert."""


def acknowledge_alert(alert: Alert, *, actor: Actor, note: str = "") -> Alert:
    """Take an alert in hand.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: it may not be.
    """
    return _move(alert, "acknowledge", codes.ALERT_ACKNOWLEDGED, actor, _words(note))


def note_alert(alert: Alert, *, actor: Actor, text: str) -> Alert:
    """Say something about an alert that stays open.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: it may not be.
        TextMissing: nothing is said.
    """
    return _move(alert, "note", codes.ALERT_NOTED, actor, _needed(text, _now("说明")))


def dismiss_alert(alert: Alert, *, actor: Actor, why: str, until: date | None = None) -> Alert:
    """Set an alert aside for a reason: until a day, or for as long as its facts stay.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: it may not be.
        TextMissing, BadValue: there is no reason, or the day is past.
    """
    reason = _needed(why, _now("排除理由"))
    if until is not None and until < timezone.localdate():
        raise BadValue(label=_now("排除至"), value=until.isoformat(), reason=_now("不能早于今天"))
    return _move(alert, "dismiss", codes.ALERT_DISMISSED, actor, reason, until=until)


def restore_alert(alert: Alert, *, actor: Actor, why: str = "") -> Alert:
    """Bring an alert back that was set aside.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: it may not be.
    """
    return _move(alert, "restore", codes.ALERT_RESTORED, actor, _words(why))


def lock_alerts(alerts: Iterable[Alert], code: str, actor: Actor) -> tuple[Move, list[Alert]]:
    """Lock alerts that the actor sees and may do something with; inside a transaction.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: one may not be.
    """
    keys = [access_alert(actor, alert.pk).pk for alert in alerts]
    related = ("body", "unit", "person", "watch_body")
    locked = Alert.objects.select_for_update(of=("self",)).select_related(*related).filter(pk__in=keys).order_by("pk")
    found = list(locked)
    move = None
    for alert in found:
        move = check_move(code, alert)
        if not may_on(actor, move.permission, alert):
            raise NotAllowed(permission=move.permission)
    if move is None:
        raise TextMissing(label=_now("预警"))
    return move, found


def tell(actor: Actor, code: str, alert: Alert, **data: Any) -> None:
    """Append an entry about *alert* to the trail."""
    record(
        actor=actor, code=code, object_type=ALERT, object_id=alert.pk, object_label=alert.title,
        data={"ledger": alert.ledger, "rule": alert.rule, **data},
    )  # fmt: skip


def write_event(alert: Alert, move: Move, actor: Actor, text: str) -> None:
    """Write into the history of *alert* what a person did."""
    AlertEvent.objects.create(
        alert=alert, kind=move.event, at=timezone.now(), by=actor if isinstance(actor, User) else None,
        severity=alert.severity, text=text,
    )  # fmt: skip


def _move(alert: Alert, code: str, audit: str, actor: Actor, text: str, until: date | None = None) -> Alert:
    with transaction.atomic():
        move, (found,) = lock_alerts([alert], code, actor)
        if move.target is not None:
            found.state, found.until, found.note = move.target, until, text
            found.handled_by, found.handled_at = (actor if isinstance(actor, User) else None), timezone.now()
            found.save(update_fields=["state", "until", "note", "handled_by", "handled_at"])
        write_event(found, move, actor, text)
        tell(actor, audit, found, text=text[:300], until=until)
    return found


def _words(text: str) -> str:
    return clean_text(text, lines=True)[:500]


def _needed(text: str, label: str) -> str:
    words = _words(text)
    if not words:
        raise TextMissing(label=label)
    return words
