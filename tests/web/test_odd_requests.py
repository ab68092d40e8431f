"""Requests no page sends: odd addresses never break the server, and what leaves it is on the trail."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.intake import make_import
from tests.web.conftest import World
from zhenggai.audit.models import Entry

SignIn = Callable[..., Client]


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("auditor", "/system/trail/?to=9999-12-31"),
        ("auditor", "/system/trail/?from=0001-01-01"),
        ("office", "/findings/?page_size=" + "1" * 5000),
        ("office", "/findings/?after=" + cursor("[" * 2900)),
        ("office", "/findings/?sort=title&after=" + cursor('[1,"\\ud800",1,1,1]')),
        ("office", "/findings/?sort=changed&after=" + cursor('[1,"0001-01-01T00:00:00+14:00",1]')),
        ("office", "/findings/?sort=changed&after=" + cursor('[1,"2024-01-01",1]')),
    ],
)
def test_an_odd_address_opens_a_list(world: World, sign_in_as: SignIn, person: str, address: str) -> None:
    assert sign_in_as(world.people[person]).get(address).status_code == 200


def test_a_number_too_long_for_python_is_a_unit_that_is_not_there(world: World, sign_in_as: SignIn) -> None:
    form = {"kind": "department", "name": "办公室", "parent": "9" * 5000}
    assert sign_in_as(world.people["system_admin"]).post("/system/units/add/", form).status_code == 404


def test_who_takes_the_trail_or_the_ledger_out_stands_on_the_trail(world: World, sign_in_as: SignIn) -> None:
    auditor, office = world.people["auditor"], world.people["office"]
    client = sign_in_as(auditor)
    client.post("/system/trail/verify/")
    lines = list(client.get("/system/trail/export/"))
    sign_in_as(office).get("/findings/export/?status=ongoing")
    told = list(Entry.objects.order_by("-sequence").values_list("code", "actor_id")[:3])
    assert told == [
        ("findings.exported", str(office.pk)),
        ("audit.exported", str(auditor.pk)),
        ("audit.verified", str(auditor.pk)),
    ]
    assert b"audit.exported" in lines[-1]


def test_the_check_page_offers_nothing_that_is_always_refused(world: World, sign_in_as: SignIn) -> None:
    office = world.people["office"]
    document = make_import(unit=world.organisation, user=office)
    page = sign_in_as(office).get(f"/intake/{document.pk}/").content.decode()
    assert f"/intake/{document.pk}/discard/" in page and f"/intake/{document.pk}/retry/" not in page


@pytest.mark.parametrize("address", ["/system/people/?q=%00", "/findings/?text=%00"])
def test_what_no_database_can_look_for_is_refused(world: World, sign_in_as: SignIn, address: str) -> None:
    assert sign_in_as(world.people["office"]).get(address).status_code == 400


def test_a_sign_in_name_that_no_database_can_hold_is_refused(world: World) -> None:
    assert Client().post("/sign-in/", {"username": "a\0", "password": "x"}).status_code == 400


def test_the_log_holds_nothing_that_people_typed(
    world: World, sign_in_as: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sign_in_as(world.people["system_admin"]).post("/system/people/add/", {"username": "李四 Secret-99", "name": "李四"})
    assert "people.BadUsername" in caplog.text and "secret-99" not in caplog.text.lower()


def test_a_draft_is_not_linked_to_a_number_too_long_for_python(world: World, sign_in_as: SignIn) -> None:
    document = make_import(unit=world.organisation, user=world.people["office"])
    form = {"act": "match", "key": "f1", "value": "9" * 5000, "version": "1"}
    assert sign_in_as(world.people["office"]).post(f"/intake/{document.pk}/edit/", form).status_code == 422
