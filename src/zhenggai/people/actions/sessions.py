"""Acts of signing in and out.

A session is open while its :class:`~zhenggai.people.models.SignedInSession` stands; the middleware looks nowhere
else, so ending one is deleting a row.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound, ZhenggaiError
from zhenggai.people.access import Actor, may
from zhenggai.people.errors import AddressBlocked, NameLocked, TooManyGuesses, WrongCredentials, WrongPassword
from zhenggai.people.models import SignedInSession, SignInFailures, User, normal_username
from zhenggai.people.passwords import decoy_hash
from zhenggai.people.policy import POLICY
from zhenggai.people.roles import Permission


def sign_in(*, username: str, password: str, session: SessionBase, address: str | None = None, agent: str = "") -> User:
    """Check a name and password and open a session for the person.

    Unknown names get the same answer after the same work as known ones, are counted alike, and lock alike.

    Args:
        username: as typed.
        password: as typed.
        session: the browser's session; it gets a fresh key and loses what it held.
        address: network address of the browser, if known.
        agent: what the browser calls itself.

    Raises:
        AddressBlocked: too many failures from this address.
        NameLocked: too many failures for this name.
        WrongCredentials: name and password do not belong together, or the account is closed.
    """
    name = normal_username(username)
    _raise(_refusal(name, address))
    user = User.objects.filter(username=name).first()
    # Made in any case, since the first one in a process takes as long as a check.
    decoy = decoy_hash()
    # Outside the transaction, since it takes long by design; the same work whether or not there is such an account.
    right = check_password(password, user.password if user else decoy)
    with transaction.atomic():
        outcome = _refusal(name, address) or _settle(user if right else None, name, session, address, agent)
    # Outside the transaction, so that what was counted is kept.
    _raise(outcome if isinstance(outcome, ZhenggaiError) else None)
    assert isinstance(outcome, User)  # the only other thing it can be
    return outcome


@transaction.atomic
def sign_out(user: User, *, session: SessionBase) -> None:
    """End the session one is in."""
    SignedInSession.objects.filter(user=user, session_key=session.session_key or "").delete()
    session.flush()
    record(actor=user, code="people.signed_out", object_type="user", object_id=user.pk, object_label=user.name)


@transaction.atomic
def end_session(opened: SignedInSession, *, actor: Actor) -> None:
    """End a session: one's own, or anyone's if one manages people.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    row = SignedInSession.objects.select_for_update(of=("self",)).select_related("user").filter(pk=opened.pk).first()
    if row is None or (row.user_id != actor.pk and not may(actor, Permission.MANAGE_PEOPLE)):
        raise NotFound
    _end(row)
    record(
        actor=actor,
        code="people.session_ended",
        object_type="user",
        object_id=row.user_id,
        object_label=row.user.name,
        data={"address": row.address, "started_at": row.started_at},
    )


def end_all_sessions(user: User, *, keep: str = "") -> None:
    """End the sessions of *user* except the one with key *keep*; part of other acts, which record themselves."""
    for row in SignedInSession.objects.filter(user=user).exclude(session_key=keep):
        _end(row)


@transaction.atomic
def end_expired(row: SignedInSession, *, session: SessionBase) -> None:
    """End the session one is in, idle or open for too long; not recorded, since nobody acted."""
    row.delete()
    session.flush()


def forget_failures(username: str) -> None:
    """Lift the lock on a name; part of other acts."""
    SignInFailures.objects.filter(key=_name_key(username)).delete()


def require_unlocked(user: User) -> None:
    """Go on only when *user*'s name is not locked.

    Raises:
        NameLocked: too many failures for it.
    """
    _raise(_refusal(user.username, None))


def count_guess(user: User, session_key: str) -> ZhenggaiError:
    """Count a wrong present password of *user* like a failed sign-in; part of other acts, which raise what is returned.

    At the limit the session in which it was typed ends: whoever sits there may not be the person.
    """
    about: dict[str, Any] = {"object_type": "user", "object_id": user.pk, "object_label": user.name}
    record(actor=user, code="people.password_change_failed", **about)
    if not _count(
        _name_key(user.username), timezone.now(), POLICY.failures_per_name, POLICY.name_lock, POLICY.name_lock
    ):
        return WrongPassword(limit=POLICY.failures_per_name)
    record(actor=user, code="people.name_locked", **about)
    for row in SignedInSession.objects.filter(user=user, session_key=session_key):
        _end(row)
        data = {"address": row.address, "started_at": row.started_at}
        record(actor=None, code="people.session_ended", data=data, **about)
    return TooManyGuesses(minutes=_minutes(POLICY.name_lock))


def name_key_of(user: User) -> str:
    """Return the key under which failures of *user*'s name are counted."""
    return _name_key(user.username)


def _raise(error: ZhenggaiError | None) -> None:
    if error is not None:
        raise error


def _refusal(name: str, address: str | None) -> ZhenggaiError | None:
    now = timezone.now()
    if address and (blocked := _blocked_until(f"address:{address}", now)):
        return AddressBlocked(minutes=_minutes(blocked - now))
    if blocked := _blocked_until(_name_key(name), now):
        return NameLocked(minutes=_minutes(blocked - now))
    return None


def _settle(
    proven: User | None, name: str, session: SessionBase, address: str | None, agent: str
) -> User | ZhenggaiError:
    """Open the session of the person whose password was right, or count the failure."""
    user = User.objects.select_for_update(no_key=True).filter(username=name).first()
    # The account may have been closed, or its password changed, while the password was being checked.
    if user is not None and proven is not None and user.is_active and user.password == proven.password:
        forget_failures(name)
        _open_session(user, session, address, agent)
        return user
    return _count_failure(name, user, address, timezone.now())


def _count_failure(name: str, user: User | None, address: str | None, now: datetime) -> ZhenggaiError:
    record(
        actor=None,
        code="people.sign_in_failed",
        object_type="user",
        object_id=user.pk if user else "",
        object_label=user.name if user else "",
        # A name that nobody has may be a password typed in the wrong field.
        data={"username": user.username if user else None},
        origin=address or "",
    )
    if _count(_name_key(name), now, POLICY.failures_per_name, POLICY.name_lock, POLICY.name_lock):
        record(
            actor=None,
            code="people.name_locked",
            object_type="user",
            object_id=user.pk if user else "",
            object_label=user.name if user else "",
            origin=address or "",
        )
    if address and _count(
        f"address:{address}", now, POLICY.failures_per_address, POLICY.address_window, POLICY.address_window
    ):
        record(actor=None, code="people.address_blocked", object_type="address", object_id=address, origin=address)
    SignInFailures.objects.filter(first_at__lt=now - timedelta(days=1)).delete()
    return WrongCredentials(limit=POLICY.failures_per_name, minutes=_minutes(POLICY.name_lock))


def _count(key: str, now: datetime, limit: int, window: timedelta, block: timedelta) -> bool:
    """Count one more failure under *key*; return whether this one reached the limit."""
    row, _created = SignInFailures.objects.select_for_update().get_or_create(key=key, defaults={"first_at": now})
    if row.first_at < now - window or (row.blocked_until and row.blocked_until <= now):
        row.count, row.first_at, row.blocked_until = 0, now, None
    row.count += 1
    reached = row.count >= limit and row.blocked_until is None
    if reached:
        row.blocked_until = now + block
    row.save(update_fields=["count", "first_at", "blocked_until"])
    return reached


def _blocked_until(key: str, now: datetime) -> datetime | None:
    return SignInFailures.objects.filter(key=key, blocked_until__gt=now).values_list("blocked_until", flat=True).first()


def _open_session(user: User, session: SessionBase, address: str | None, agent: str) -> None:
    now = timezone.now()
    if session.session_key:
        SignedInSession.objects.filter(session_key=session.session_key).delete()
    session.flush()
    session.create()
    assert session.session_key is not None  # create() has just made one
    SignedInSession.objects.create(
        user=user, session_key=session.session_key, started_at=now, last_seen_at=now, address=address, agent=agent[:200]
    )
    surplus = SignedInSession.objects.filter(user=user).order_by("-last_seen_at", "-id")[POLICY.sessions_per_person :]
    ended = 0
    for row in surplus:
        _end(row)
        ended += 1
    User.objects.filter(pk=user.pk).update(last_login=now)
    record(
        actor=user,
        code="people.signed_in",
        object_type="user",
        object_id=user.pk,
        object_label=user.name,
        data={"agent": agent[:200], "older_sessions_ended": ended},
        origin=address or "",
    )


def _end(row: SignedInSession) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore().delete(row.session_key)
    row.delete()


def _name_key(name: str) -> str:
    # People type passwords into the field for the name; what was typed must not be readable here.
    return "name:" + hashlib.sha256(normal_username(name).encode()).hexdigest()


def _minutes(span: timedelta) -> int:
    return max(1, -(-int(span.total_seconds()) // 60))
