"""What each person wants to be told where: the defaults, and what they chose instead.

A person's :class:`~zhenggai.notifications.models.Preference` comes in (or none), the mode of each kind by mail and by
chat goes out.  Muting hides a message and never a task: the row is written all the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Mode, Preference

WAYS = ("email", "chat")
"""The columns of a person's choices: mail, and all their chat robots together."""
DIGEST_HOUR = 8
"""At which hour a unit's group, and whoever chose no hour, gets what was gathered."""

_DAILY = frozenset({Kind.DECIDED, Kind.REMINDER, Kind.CHECK, Kind.REFERRAL})


def default_mode(kind: str) -> Mode:
    """Return when *kind* goes out where the person chose nothing: at once what waits for them, the rest once a day."""
    return Mode.DAILY if kind in _DAILY else Mode.NOW


def mode_of(choice: Preference | None, way: str, kind: str) -> Mode:
    """Return when *kind* goes out by *way* (``email`` or ``chat``) for the person of *choice*."""
    if kind == Kind.TEST:
        return Mode.NEVER  # it has a delivery of its own
    chosen = choice.modes.get(way, {}).get(kind) if choice else None
    return Mode(chosen) if chosen in Mode.values else default_mode(kind)


def is_muted(choice: Preference | None, kind: str) -> bool:
    """Tell whether the person of *choice* hides messages of *kind*."""
    return choice is not None and kind in choice.muted


def next_digest_at(now: datetime, hour: int) -> datetime:
    """Return the next moment after *now* at which it is *hour* o'clock here."""
    here = timezone.localtime(now)
    found = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found > here else found + timedelta(days=1)
