"""The pages speak Chinese until somebody chooses otherwise, whatever the browser was installed as."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asked", ["en-US,en;q=0.9", "en", "fr", "*", ""])
def test_the_browsers_own_language_changes_nothing(asked: str) -> None:
    make_user()
    answer = Client(headers={"Accept-Language": asked}).get("/sign-in/")
    assert '<html lang="zh' in answer.content.decode()
    assert "用户名" in answer.content.decode()
    assert answer["Content-Language"] == "zh-hans"
    error = Client(headers={"Accept-Language": asked, "Accept": "application/json"}).get("/findings/").json()
    assert error["error"]["what"] == "您尚未登录，或登录已过期。"


def test_the_switch_changes_it_and_changes_it_back() -> None:
    client = Client(headers={"Accept-Language": "en-US"})
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh' in client.get("/sign-in/").content.decode()


def test_a_cookie_of_another_kind_is_ignored() -> None:
    client = Client()
    client.cookies["django_language"] = "tlh"
    assert '<html lang="zh' in client.get("/sign-in/").content.decode()
