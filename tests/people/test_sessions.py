"""Signing in: lock-out, equal answers, session limits, idle ends, first passwords, headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from tests.factories.people import PASSWORD, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotFound
from zhenggai.people import actions, passwords, queries
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions import sessions
from zhenggai.people.errors import AddressBlocked, NameLocked, WrongCredentials
from zhenggai.people.models import SignedInSession, SignInFailures, User
from zhenggai.people.policy import POLICY
from zhenggai.people.requests import address_of, sign_in_request, sign_out_request, signed_in_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _enter(request: HttpRequest) -> HttpResponse:
    user = sign_in_request(request, username=request.POST["username"], password=request.POST["password"])
    return HttpResponse(user.name)


def _leave(request: HttpRequest) -> HttpResponse:
    sign_out_request(request)
    return HttpResponse("bye")


def _who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(signed_in_user(request).name)


urlpatterns = [
    path("sign-in/", _enter),
    path("sign-out/", _leave),
    path("password/", _who),
    path("who/", _who),
]


def enter(
    username: str, password: str = PASSWORD, address: str = "10.0.0.1", session: SessionStore | None = None
) -> User:
    return actions.sign_in(
        username=username, password=password, session=session or SessionStore(), address=address, agent="test"
    )


def test_the_right_password_opens_a_fresh_session_and_says_so_in_the_trail() -> None:
    user = make_user(username="li.ming")
    session = SessionStore()
    session["left_over"] = True
    session.save()
    old_key = session.session_key
    assert enter(" LI.Ming ", session=session) == user
    assert session.session_key != old_key
    assert "left_over" not in session
    entry = Entry.objects.get(code="people.signed_in")
    assert (entry.actor_id, entry.origin) == (str(user.pk), "10.0.0.1")


def test_unknown_closed_and_wrong_get_the_same_answer_after_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(username="known")
    closed = make_user(username="closed")
    actions.deactivate_user(closed, actor=OPERATOR)
    checks: list[str] = []
    real = sessions.check_password
    monkeypatch.setattr(sessions, "check_password", lambda given, kept: checks.append(kept) or real(given, kept))
    answers = set()
    for username, password in (("known", "wrong"), ("closed", PASSWORD), ("nobody", PASSWORD)):
        with pytest.raises(WrongCredentials) as refusal:
            enter(username, password)
        answers.add(str(refusal.value))
    assert len(answers) == 1
    assert len(checks) == 3
    assert checks[2] == passwords.decoy_hash()
    # What was typed as a name that nobody has may be a password; the trail must not keep it.
    assert "nobody" not in json.dumps(list(Entry.objects.values("object_label", "data")))


@pytest.mark.parametrize("username", ["known", "nobody"])
def test_a_name_locks_after_failures_whether_or_not_it_exists(username: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user(username="known")
    for _ in range(POLICY.failures_per_name):
        with pytest.raises(WrongCredentials):
            enter(username, "wrong")
    with pytest.raises(NameLocked):
        enter(username)
    assert Entry.objects.filter(code="people.name_locked").count() == 1
    assert queries.locked_user_ids([user]) == (frozenset({user.pk}) if username == "known" else frozenset())
    later = timezone.now() + POLICY.name_lock + timedelta(seconds=1)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)
    if username == "known":
        assert enter(username) == user
        assert not SignInFailures.objects.filter(key__startswith="name:").exists()


def test_the_security_administrator_lifts_a_lock() -> None:
    court = make_unit()
    user, officer = make_user(username="known"), make_user("security_admin", court)
    for _ in range(POLICY.failures_per_name):
        with pytest.raises(WrongCredentials):
            enter("known", "wrong")
    actions.unlock_user(user, actor=officer)
    assert enter("known") == user


def test_a_success_forgets_earlier_failures() -> None:
    make_user(username="known")
    for _ in range(3):
        for _ in range(POLICY.failures_per_name - 1):
            with pytest.raises(WrongCredentials):
                enter("known", "wrong")
        enter("known")


def test_an_address_that_fails_with_many_names_is_blocked_alone() -> None:
    make_user(username="known")
    for number in range(POLICY.failures_per_address):
        with pytest.raises(WrongCredentials):
            enter(f"guess{number}", "wrong", "10.9.9.9")
    with pytest.raises(AddressBlocked):
        enter("known", address="10.9.9.9")
    enter("known", address="10.0.0.2")
    assert Entry.objects.filter(code="people.address_blocked").count() == 1


def test_one_session_too_many_ends_the_one_seen_longest_ago() -> None:
    user = make_user(username="known")
    opened = [SessionStore() for _ in range(POLICY.sessions_per_person + 1)]
    for session in opened:
        enter("known", session=session)
    keys = set(SignedInSession.objects.filter(user=user).values_list("session_key", flat=True))
    assert keys == {session.session_key for session in opened[1:]}
    assert not SessionStore().exists(str(opened[0].session_key))


def test_people_end_their_own_sessions_and_administrators_anyones() -> None:
    court = make_unit()
    user, other, admin = make_user(username="known"), make_user(), make_user("system_admin", court)
    for _ in range(2):
        enter("known")
    first, second = queries.open_sessions(user)
    with pytest.raises(NotFound):
        actions.end_session(first, actor=other)
    actions.end_session(first, actor=user)
    actions.end_session(second, actor=admin)
    assert queries.open_sessions(user) == []


def test_changing_the_password_ends_all_other_sessions() -> None:
    user = make_user(username="known")
    here = SessionStore()
    enter("known")
    enter("known", session=here)
    actions.change_password(user, actor=user, present=PASSWORD, new="Fresh-Start-88", session_key=str(here.session_key))
    assert [row.session_key for row in queries.open_sessions(user)] == [here.session_key]


def test_pages_are_closed_by_default_and_say_where_to_go(sign_in_as: Callable[..., Client]) -> None:
    client = Client()
    answer = client.get("/who/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fwho%2F%3Fa%3D1")
    answer = client.get("/who/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/findings/?page=2"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/sign-in/?next=%2Ffindings%2F%3Fpage%3D2")
    answer = client.get("/who/", headers={"HX-Request": "true", "HX-Current-URL": "http://evil.example/"})
    assert answer["HX-Redirect"] == "/sign-in/?next=%2F"
    answer = client.get("/who/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "people.NotSignedIn")
    user = make_user()
    assert sign_in_as(user, client).get("/who/").content.decode() == user.name


def test_signing_in_and_out_over_http(django_assert_num_queries: Any) -> None:
    user = make_user(username="known")
    client = Client()
    client.post("/sign-in/", {"username": "known", "password": PASSWORD})
    with django_assert_num_queries(1):
        assert client.get("/who/").content.decode() == user.name
    key = client.cookies["sessionid"].value
    client.post("/sign-out/")
    assert client.get("/who/").status_code == 302
    client.cookies["sessionid"] = key
    assert client.get("/who/").status_code == 302
    assert Entry.objects.filter(code="people.signed_out").count() == 1


def test_a_first_password_must_be_changed_before_anything_else(sign_in_as: Callable[..., Client]) -> None:
    user, _first = actions.create_user(actor=OPERATOR, username="fresh", name="新人")
    client = sign_in_as(user)
    assert client.get("/who/")["Location"] == "/password/"
    assert client.get("/password/").status_code == 200
    assert client.get("/who/", headers={"HX-Request": "true"})["HX-Redirect"] == "/password/"


@pytest.mark.parametrize(
    ("field", "ago"),
    [("last_seen_at", POLICY.idle + timedelta(seconds=1)), ("started_at", POLICY.longest + timedelta(seconds=1))],
)
def test_sessions_end_when_idle_or_old(sign_in_as: Callable[..., Client], field: str, ago: timedelta) -> None:
    client = sign_in_as(make_user())
    SignedInSession.objects.update(**{field: timezone.now() - ago})
    key = client.cookies["sessionid"].value
    answer = client.get("/who/")
    assert answer.status_code == 302
    assert answer.cookies["sessionid"].value == ""
    assert not SignedInSession.objects.exists()
    assert not SessionStore().exists(key)


def test_last_use_is_noted_at_most_once_a_minute(
    sign_in_as: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    client = sign_in_as(make_user())
    earlier = timezone.now() - POLICY.touch - timedelta(seconds=5)
    SignedInSession.objects.update(last_seen_at=earlier)
    with django_assert_num_queries(2):
        client.get("/who/")
    with django_assert_num_queries(1):
        client.get("/who/")


def test_closed_accounts_are_out_at_once(sign_in_as: Callable[..., Client]) -> None:
    user = make_user()
    client = sign_in_as(user)
    actions.deactivate_user(user, actor=OPERATOR)
    assert client.get("/who/").status_code == 302


def test_answers_carry_the_headers_that_keep_pages_to_themselves(sign_in_as: Callable[..., Client]) -> None:
    answer = sign_in_as(make_user()).get("/who/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "127.0.0.1"),
        (1, "nonsense", None),
    ],
)
def test_only_trusted_proxies_name_the_address(
    settings: Any, proxies: int, forwarded: str, expected: str | None
) -> None:
    settings.ZHENGGAI_TRUSTED_PROXIES = proxies
    request = HttpRequest()
    request.META.update({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded})
    assert address_of(request) == expected
