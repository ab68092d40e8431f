"""Acts on people's accounts and passwords.

Hashing a password takes long by design, so it is done before the transaction, which lets nobody else write.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, Operator, current_posts, forget_access, require
from zhenggai.people.actions.sessions import count_guess, end_all_sessions, forget_failures, require_unlocked
from zhenggai.people.actions.units import clean_name
from zhenggai.people.errors import BadEmail, BadUsername, LastOfficer, NotOneself, OfficerPassword
from zhenggai.people.leaving import check_may_leave
from zhenggai.people.models import Post, User, normal_username
from zhenggai.people.passwords import check_new_password, temporary_password
from zhenggai.people.roles import OFFICERS, ROLES, Permission

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def create_user(
    *,
    actor: Actor,
    username: str,
    name: str,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    must_change_password: bool = True,
    hashed: str = "",
) -> tuple[User, str]:
    """Open an account without any post.

    Args:
        actor: manages people.
        username: name to sign in with; stored in lower case.
        name: the person's name.
        phone: shown to those who may view people.
        email: the same.
        password: first password; default is a random one that keeps the rules.
        must_change_password: ask for another at first sign-in; only an operator at the server may say no.
        hashed: *password* as it is stored, where an operator opens many accounts with the same; hashing is slow by design.

    Returns:
        The account, and its first password, which is kept nowhere else.

    Raises:
        NotAllowed: the actor does not manage people.
        BadUsername: the name to sign in with is malformed or taken.
        BadName: the name is empty or too long.
        WeakPassword: the given password breaks a rule.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    username = normal_username(username)
    if not _USERNAME.fullmatch(username):
        raise BadUsername(value=username, reason=_("只能用字母、数字、点、下划线和短横"))
    if User.objects.filter(username=username).exists():
        raise BadUsername(value=username, reason=_("已有人使用"))
    user = User(username=username, name=clean_name(name, 60), phone=phone.strip()[:30], email=email.strip()[:254])
    user.must_change_password = must_change_password or not isinstance(actor, Operator)
    first = temporary_password() if password is None else password
    check_new_password(user, first)
    _set_hash(user, hashed if hashed and isinstance(actor, Operator) else make_password(first))
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:  # somebody was faster
            raise BadUsername(value=username, reason=_("已有人使用")) from error
        record(
            actor=actor,
            code="people.user_created",
            object_type="user",
            object_id=user.pk,
            object_label=user.name,
            data={"username": username},
        )
    return user, first


@transaction.atomic
def deactivate_user(user: User, *, actor: Actor) -> User:
    """Close the account and end its sessions; its posts stay and sleep.

    Raises:
        NotAllowed: the actor does not manage people.
        NotOneself: it is the actor's own account.
        LastOfficer: nobody else could do an officer's work.
        ZhenggaiError: another room says that the person still answers for something; see ``people.leaving``.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    lock_officers()
    user = locked_user(user)
    if user.pk == actor.pk:
        raise NotOneself(name=user.name)
    for role in OFFICERS:
        check_not_last_officer(user, role)
    check_may_leave(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_all_sessions(user)
    record(actor=actor, code="people.user_deactivated", object_type="user", object_id=user.pk, object_label=user.name)
    return user


@transaction.atomic
def reactivate_user(user: User, *, actor: Actor) -> User:
    """Open a closed account again; its posts that have not ended count again.

    Raises:
        NotAllowed: the actor does not manage people.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    user = locked_user(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(actor=actor, code="people.user_reactivated", object_type="user", object_id=user.pk, object_label=user.name)
    return user


def reset_password(user: User, *, actor: Actor) -> str:
    """Give the account a random password, to be changed at the next sign-in, and end its sessions.

    Returns:
        The password, which is kept nowhere else.

    Raises:
        NotAllowed: the actor does not manage people.
        OfficerPassword: the account is a security administrator's or auditor's; only an operator may reset those.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    fresh = temporary_password()
    hashed = make_password(fresh)
    with transaction.atomic():
        user = locked_user(user)
        # Posts that sleep while the account is closed count too: it could be opened again behind the new password.
        held = set(user.posts.filter(ended_on__isnull=True).values_list("role", flat=True))
        kept_apart = sorted(held & (OFFICERS - {"system_admin"}))
        if kept_apart and not isinstance(actor, Operator):
            raise OfficerPassword(name=user.name, role=ROLES[kept_apart[0]].label)
        _set_hash(user, hashed)
        user.must_change_password = True
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])
        end_all_sessions(user)
        record(actor=actor, code="people.password_reset", object_type="user", object_id=user.pk, object_label=user.name)
    return fresh


def change_password(user: User, *, actor: User, present: str, new: str, session_key: str = "") -> User:
    """Change one's own password, and end one's other sessions.

    Args:
        user: whose; must be the actor.
        actor: the person.
        present: the password so far.
        new: the password from now on.
        session_key: the session that stays open.

    Raises:
        NotOneself: it is someone else's account.
        NameLocked: too many failures for this name; nothing is compared.
        WrongPassword: *present* is wrong; it counts like a failed sign-in.
        TooManyGuesses: *present* is wrong once too often; the session has ended and the name is locked.
        WeakPassword: *new* breaks a rule or equals the present one.
    """
    if user.pk != actor.pk:
        raise NotOneself(name=user.name)
    before = User.objects.filter(pk=user.pk).first()
    if before is None:
        raise NotFound
    require_unlocked(before)
    right, hashed = check_password(present, before.password), ""
    if right:
        check_new_password(before, new)
        hashed = make_password(new)
    with transaction.atomic():
        user = locked_user(user)
        require_unlocked(user)
        # The password may have been reset while it was being compared.
        refusal = None if right and user.password == before.password else count_guess(user, session_key)
        if refusal is None:
            _set_hash(user, hashed)
            user.must_change_password = False
            user.save(update_fields=["password", "password_changed_at", "must_change_password"])
            forget_failures(user.username)
            end_all_sessions(user, keep=session_key)
            record(
                actor=actor,
                code="people.password_changed",
                object_type="user",
                object_id=user.pk,
                object_label=user.name,
            )
    if refusal is not None:  # outside the transaction, so that what was counted is kept
        raise refusal
    actor.must_change_password = False
    return user


@transaction.atomic
def unlock_user(user: User, *, actor: Actor) -> User:
    """Lift the lock that failed sign-ins put on the account's name.

    Raises:
        NotAllowed: the actor does not grant posts (the security administrator does).
    """
    require(actor, Permission.ASSIGN_POSTS)
    user = locked_user(user)
    forget_failures(user.username)
    record(actor=actor, code="people.user_unlocked", object_type="user", object_id=user.pk, object_label=user.name)
    return user


@transaction.atomic
def set_preferences(user: User, *, actor: User, changes: dict[str, Any]) -> User:
    """Keep what a person chose about the pages; ``None`` forgets a choice. Not recorded: nobody's business.

    Raises:
        NotOneself: it is someone else's account.
    """
    if user.pk != actor.pk:
        raise NotOneself(name=user.name)
    fresh = locked_user(user)
    merged = fresh.preferences | changes
    fresh.preferences = {key: value for key, value in merged.items() if value is not None}
    fresh.save(update_fields=["preferences"])
    user.preferences = fresh.preferences
    return fresh


@transaction.atomic
def set_email(user: User, *, actor: Actor, email: str) -> User:
    """Keep the address to which the person's mail goes; empty for none.

    Raises:
        NotAllowed: it is someone else's account, and the actor does not manage people.
        BadEmail: it is no mail address.
    """
    if user.pk != actor.pk:
        require(actor, Permission.MANAGE_PEOPLE)
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise BadEmail(value=email[:80]) from error
    fresh = locked_user(user)
    if fresh.email != email:
        fresh.email = user.email = email
        fresh.save(update_fields=["email"])
        record(actor=actor, code="people.email_set", object_type="user", object_id=fresh.pk, object_label=fresh.name)
    return fresh


def locked_user(user: User) -> User:
    """Return *user* as it stands now, locked.

    Raises:
        NotFound: there is none.
    """
    fresh = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if fresh is None:
        raise NotFound
    forget_access(user)
    return fresh


def lock_officers() -> None:
    """Let one act at a time take an officer away, so that each sees what the other left.

    Called before any other row is locked; the rows are locked in order, so that two acts never wait for each other.
    """
    officers = Post.objects.filter(role__in=OFFICERS).values("user")
    list(User.objects.select_for_update(no_key=True).filter(pk__in=officers).order_by("pk").values_list("pk"))


def check_not_last_officer(user: User, role: str) -> None:
    """Go on unless *user* is the only one who holds the officer's *role*; :func:`lock_officers` was called before.

    Raises:
        LastOfficer: there is no other.
    """
    holders = set(current_posts().filter(role=role).values_list("user_id", flat=True))
    if holders == {user.pk}:
        raise LastOfficer(name=user.name, role=ROLES[role].label)


def _set_hash(user: User, hashed: str) -> None:
    user.password = hashed
    user.password_changed_at = timezone.now()
