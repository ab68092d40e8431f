"""What keeps an account from being closed: other rooms say here what a person still answers for.

Rooms above this one know duties, and this one does not know them; each registers a check when Django is ready, and
:func:`zhenggai.people.actions.deactivate_user` asks all of them, in the transaction that closes the account.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

from zhenggai.people.models import User

_checks: list[str] = []


def register_check(check: str) -> None:
    """Add the check of this dotted name; once, however often it is registered.

    It takes a person, locked, and raises an error with words when they may not go yet.  It is imported when somebody is
    to leave, since a command need not load every room.
    """
    if check not in _checks:
        _checks.append(check)


def check_may_leave(user: User) -> None:
    """Go on only when nobody minds that *user* leaves."""
    for check in _checks:
        import_string(check)(user)
