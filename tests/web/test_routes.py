"""Every route answers everybody: the page, or the one refusal in the form that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.conftest import World
from zhenggai.people.access import may
from zhenggai.web.routes import Route
from zhenggai.web.urls import ROUTES

VISITORS = ("office", "chief", "head", "owner", "system_admin", "security_admin", "auditor", "no_post")
SignIn = Callable[..., Client]


def address(route: Route) -> str:
    """Return an address of *route*; keys that exist nowhere stand for its variables."""
    return "/" + re.sub(r"<slug:\w+>", "f99", re.sub(r"<int:\w+>", "999999", route.pattern))


def call(client: Client, route: Route, **headers: str) -> object:
    """Send the first method the route takes."""
    method = route.methods.split()[0].lower()
    return getattr(client, method)(address(route), headers=headers)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nobody_enters_without_signing_in(route: Route, db: None) -> None:
    answer = call(Client(), route)
    if route.open:
        assert answer.status_code in {200, 302}
        return
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    asked_as_json = call(Client(), route, accept="application/json")
    assert asked_as_json.status_code == 401
    assert set(asked_as_json.json()["error"]) >= {"code", "what", "where", "todo"}


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_gets_a_page_or_one_refusal(visitor: str, world: World, sign_in_as: SignIn) -> None:
    person = world.people[visitor]
    client = sign_in_as(person)
    for route in ROUTES:
        if route.name in {"sign-out", "health"}:
            continue
        allowed = not route.permissions or any(may(person, code) for code in route.permissions)
        answer = call(client, route, accept="application/json")
        assert answer.status_code < 500, (route.name, answer.content[:300])
        if not allowed:
            assert answer.status_code == 403, route.name
            assert answer.json()["error"]["code"] == "kit.NotAllowed"
        elif answer.status_code >= 400:
            error = answer.json()["error"]
            assert error["what"], route.name
            assert error["reference"], route.name


def test_the_same_sentence_on_page_fragment_and_json(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    page = client.get("/findings/999999/")
    part = client.get("/findings/999999/", headers={"HX-Request": "true"})
    data = client.get("/findings/999999/", headers={"Accept": "application/json"})
    assert page.status_code == part.status_code == data.status_code == 404
    sentence = data.json()["error"]["what"]
    assert sentence in page.content.decode()
    assert sentence in part.content.decode()
    assert part["HX-Retarget"] == "#toasts"
    assert "<html" not in part.content.decode()


def test_an_address_without_a_route_has_its_own_page(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as(world.people["office"]).get("/nowhere/")
    assert answer.status_code == 404
    assert "web.PageNotFound" in answer.content.decode()


def test_what_broke_unforeseen_gets_a_reference_number_and_no_details(
    world: World, sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("zhenggai.web.views.account.open_sessions", broken)
    client = sign_in_as(world.people["office"], Client(raise_request_exception=False))
    answer = client.get("/me/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "web.Internal" in text
    assert re.search(r"\d{4}-[0-9A-F]{6}", text)
    assert "secret detail" not in text
    assert client.get("/sign-in/").status_code == 302


def test_a_wrong_method_and_a_stale_form_are_refused_in_words(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    assert (
        client.get("/findings/bulk/", headers={"Accept": "application/json"}).json()["error"]["code"]
        == "web.MethodNotAllowed"
    )
    strict = sign_in_as(world.people["office"], Client(enforce_csrf_checks=True))
    stale = strict.post("/findings/bulk/", headers={"Accept": "application/json"})
    assert stale.status_code == 403
    assert stale.json()["error"]["code"] == "web.FormExpired"
