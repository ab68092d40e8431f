"""Changing one's password gives nobody endless guesses, and hashing keeps nobody else from writing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories.people import PASSWORD, make_user
from zhenggai.audit.models import Entry
from zhenggai.people import actions, queries
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions import accounts, sessions
from zhenggai.people.errors import BadUsername, NameLocked, TooManyGuesses, WrongCredentials, WrongPassword
from zhenggai.people.models import User
from zhenggai.people.policy import POLICY

FRESH = "Fresh-Start-88"
GUESSES = POLICY.failures_per_name


def guess(user: User, session_key: str = "") -> None:
    actions.change_password(user, actor=user, present="wrong", new=FRESH, session_key=session_key)


@pytest.mark.django_db
def test_guessing_the_present_password_ends_the_session_and_locks_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user(username="known")
    here, elsewhere = SessionStore(), SessionStore()
    for session in (here, elsewhere):
        actions.sign_in(username="known", password=PASSWORD, session=session)
    for _ in range(GUESSES - 1):
        with pytest.raises(WrongPassword):
            guess(user, str(here.session_key))
    with pytest.raises(TooManyGuesses):
        guess(user, str(here.session_key))
    assert [row.session_key for row in queries.open_sessions(user)] == [elsewhere.session_key]
    assert not SessionStore().exists(str(here.session_key))
    with pytest.raises(NameLocked):
        actions.sign_in(username="known", password=PASSWORD, session=SessionStore())
    with pytest.raises(NameLocked):
        actions.change_password(user, actor=user, present=PASSWORD, new=FRESH, session_key=str(elsewhere.session_key))
    codes = list(Entry.objects.order_by("sequence").values_list("code", flat=True))
    assert codes[-GUESSES - 2 :] == [
        *["people.password_change_failed"] * GUESSES,
        "people.name_locked",
        "people.session_ended",
    ]
    later = timezone.now() + POLICY.name_lock + timedelta(seconds=1)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)
    assert actions.change_password(user, actor=user, present=PASSWORD, new=FRESH).check_password(FRESH)


@pytest.mark.django_db
def test_guesses_here_and_at_sign_in_are_counted_together_and_forgotten_after_success() -> None:
    user = make_user(username="known")
    for _ in range(GUESSES - 1):
        with pytest.raises(WrongCredentials):
            actions.sign_in(username="known", password="wrong", session=SessionStore())
    actions.change_password(user, actor=user, present=PASSWORD, new=FRESH)
    for _ in range(GUESSES - 1):
        with pytest.raises(WrongPassword):
            guess(user)
    with pytest.raises(WrongCredentials):
        actions.sign_in(username="known", password="wrong", session=SessionStore())
    with pytest.raises(NameLocked):
        guess(user)


@pytest.mark.django_db
def test_the_page_says_so_and_leads_to_signing_in(sign_in_as: Callable[..., Client]) -> None:
    client = sign_in_as(make_user())
    form = {"current": "wrong", "new": FRESH, "again": FRESH}
    answers = [client.post("/password/", form) for _ in range(GUESSES)]
    assert [answer.status_code for answer in answers] == [422] * (GUESSES - 1) + [423]
    assert "本次会话已结束" in answers[-1].content.decode()
    assert client.get("/password/")["Location"].startswith("/sign-in/")


@pytest.mark.django_db
def test_a_password_reset_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    user, given = make_user(), []
    compare = accounts.check_new_password

    def reset_meanwhile(someone: User, password: str) -> None:
        compare(someone, password)
        given.append(actions.reset_password(someone, actor=OPERATOR))

    monkeypatch.setattr(accounts, "check_new_password", reset_meanwhile)
    with pytest.raises(WrongPassword):
        actions.change_password(user, actor=user, present=PASSWORD, new=FRESH)
    assert User.objects.get(pk=user.pk).check_password(given[0])


@pytest.mark.django_db(transaction=True)
def test_hashing_holds_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    encode = MD5PasswordHasher.encode

    def noticed(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        inside.append(connection.in_atomic_block)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noticed)
    user = make_user()
    actions.change_password(user, actor=user, present=PASSWORD, new=FRESH)
    actions.reset_password(user, actor=OPERATOR)
    assert len(inside) >= 5
    assert not any(inside)


@pytest.mark.django_db
def test_of_two_accounts_of_one_name_opened_at_once_the_later_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_was_faster(someone: User, password: str) -> None:
        User.objects.create(username=someone.username, name="别人")

    monkeypatch.setattr(accounts, "check_new_password", somebody_was_faster)
    with pytest.raises(BadUsername):
        actions.create_user(actor=OPERATOR, username="known", name="李明")
    assert User.objects.get(username="known").name == "别人"
