"""How signing in is guarded: the numbers, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """Limits on signing in, sessions and passwords."""

    failures_per_name: int = 5
    """Failures in a row after which a name is locked, known or not."""
    name_lock: timedelta = timedelta(minutes=15)
    """How long a name stays locked."""
    failures_per_address: int = 60
    """Failures from one network address within the window; an office often shares one address."""
    address_window: timedelta = timedelta(minutes=15)
    """Window in which failures from an address are counted, and how long it is then blocked."""
    sessions_per_person: int = 3
    """Sessions a person may have open; a further sign-in ends the one seen longest ago."""
    idle: timedelta = timedelta(minutes=30)
    """A session that is not used for so long ends."""
    longest: timedelta = timedelta(hours=8)
    """A session ends after so long, used or not."""
    touch: timedelta = timedelta(seconds=60)
    """How exactly the last use of a session is known; a write at most this often."""
    password_length: int = 10
    """Fewest characters of a password."""
    password_kinds: int = 3
    """Of upper case, lower case, digits and others, how many kinds a password needs."""


POLICY = SignInPolicy()
