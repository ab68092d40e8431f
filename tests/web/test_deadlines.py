"""The pages of statutory time limits: choosing, counting with steps, the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape

from tests.web.conftest import World
from zhenggai.packs.deadlines import shipped
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def text_of(client: Client, address: str, status: int = 200) -> str:
    """Return the page at *address*."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def test_a_matter_is_found_by_code_words_and_article(world: World, sign_in_as: SignIn) -> None:
    anybody = sign_in_as(world.people["no_post"])
    everything = text_of(anybody, "/deadlines/")
    assert all(f"code={code}" in everything for code in shipped().limits) and 'href="/deadlines/"' in everything
    assert "code=CR06" in text_of(anybody, "/deadlines/?q=cr06")
    assert "code=CR01" in text_of(anybody, "/deadlines/?q=审查批捕 91")
    assert "没有最长期限" in text_of(anybody, "/deadlines/?q=中止审查")
    assert "没有符合的期限" in text_of(anybody, "/deadlines/?q=没有这样的词")


def test_a_limit_is_counted_with_its_steps(world: World, sign_in_as: SignIn) -> None:
    seed_calendar(actor=OPERATOR)
    client = sign_in_as(world.people["owner"])
    assert "届满日" in text_of(client, "/deadlines/?code=CR06")  # from today
    asked = (
        "code=CR06&start=2026-01-31&extension=grave&granted_grave=10+日&pause_first=2026-02-03&pause_last=2026-02-05"
    )
    page = text_of(client, f"/deadlines/?{asked}&pause_reason=psychiatric&scheme=seven")
    assert "2026年3月13日" in page and "2 月没有 31 日，取月末" in page
    assert "精神病鉴定" in page and "《刑事诉讼法》第149条" in page and "2026-03-06" in page
    held = text_of(
        client, "/deadlines/?code=CR06&start=2026-02-15&custody=1&restart_on=2026-02-18&restart_reason=returned"
    )
    assert "2026年3月18日" in held and "补充侦查（调查）完毕移送" in held
    assert "2026年9月30日" in text_of(client, "/deadlines/?code=CR13&start=2026-10-08")  # counted back over holidays
    days = text_of(client, "/deadlines/?code=LT01&start=2026-09-28&set_unit=workday")
    assert "2026年10月13日" in days and "本单位参数" in days


def test_what_is_not_known_is_said_and_the_office_may_mend_it(world: World, sign_in_as: SignIn) -> None:
    seed_calendar(actor=OPERATOR)
    address = "/deadlines/?code=CR06&start=2031-01-31"
    assert "没有 2031 年的节假日安排" in text_of(sign_in_as(world.people["owner"]), address)
    assert "/policy/calendar/?year=2031" in text_of(sign_in_as(world.people["office"]), address)
    assert "尚未核对原文" in text_of(sign_in_as(world.people["owner"]), "/deadlines/?code=RV03&start=2026-03-02")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("code=CR06&start=2026-02-30", "不是日期"),
        ("code=CR06&start=2026-01-31&pause_first=2026-02-03", "起止两日"),
        ("code=CR06&start=2026-01-31&restart_on=2025-01-31", "早于开始日"),
        ("code=CR12&start=2026-01-31&extension=art158", "应按顺序逐次批准"),
        ("code=CR06&start=2026-01-31&extension=grave&granted_grave=三天", "期限应写成"),
        ("code=RV03&start=2026-01-31&set_amount=many", "不是整数"),
        ("code=CR06&start=2026-01-31&variant=none", "没有情形"),
        ("code=CR06&start=0001-01-01", "超出范围"),
    ],
)
def test_what_cannot_be_counted_is_said_beside_the_form(
    world: World, sign_in_as: SignIn, asked: str, words: str
) -> None:
    client = sign_in_as(world.people["owner"])
    assert words in text_of(client, f"/deadlines/?{asked}", 422)
    error = client.get(f"/deadlines/?{asked}", headers={"Accept": "application/json"}).json()["error"]
    assert error["code"] == "kit.CannotCount" and words in error["what"]
    assert client.get("/deadlines/?code=CV07").status_code == 422
    assert client.get("/deadlines/?code=nothing").status_code == 422


def test_the_table_lists_everything_with_its_articles(world: World, sign_in_as: SignIn, home: Path) -> None:
    client = sign_in_as(world.people["owner"])
    everything = text_of(client, "/deadlines/list/")
    assert all(escape(limit.matter) in everything for limit in shipped().limits.values())
    assert all(escape(duty.rule) in everything for duty in shipped().undated.values())
    doubtful = text_of(client, "/deadlines/list/?mark=open")
    assert "LT06-1" in doubtful and "CR06" not in doubtful
    own = home / "packs" / "own"
    own.mkdir(parents=True)
    (own / "pack.yaml").write_text("pack: own\nlabel: 本院", encoding="utf-8")
    (own / "deadlines.yaml").write_text("set: {RV03: {amount: 5}, CR99: {amount: 1}}", encoding="utf-8")
    told = text_of(sign_in_as(world.people["office"]), "/deadlines/list/?q=RV03")
    assert "packs/own/deadlines.yaml" in told and "本单位参数" not in told  # the mark of what is unread stays
    assert "packs/own" not in text_of(client, "/deadlines/list/?q=RV03")
    assert "5 日" in text_of(client, "/deadlines/?code=RV03&start=2026-03-02")
