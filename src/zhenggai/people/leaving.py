"""What keeps an account from being closed: other rooms say here what a person still answers for.

Rooms above this one know duties, and this one does not know them; each registers a check when Django is ready, and
:func:`zhenggai.people.actions.deactivate_user` asks all of them, in the transaction that closes the account.
"""

from __future__ import annotations

from collections.abc import Callable

from zhenggai.people.models import User

Check = Callable[[User], None]
"""Takes a person, locked; raises an error with words when they may not go yet."""

_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Add a check; once, however often it is registered."""
    if check not in _checks:
        _checks.append(check)


def check_may_leave(user: User) -> None:
    """Go on only when nobody minds that *user* leaves."""
    for check in _checks:
        check(user)
