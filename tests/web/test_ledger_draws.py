"""The pages of draws: offered where a ledger takes them, planned, looked at, carried out, drawn again, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories.draws import CASES, KIN, POOL, REVIEWS, make_drawable
from tests.factories.ledgers import declare
from tests.factories.people import make_unit, make_user
from zhenggai.ledgers import actions
from zhenggai.ledgers.models import Draw, Row
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
FORM = {"draw": "drawn_cases.routine", "since": "2026-03-01", "until": "2026-03-31", "percent": "20", "at_least": "2"}


@pytest.fixture
def body() -> Unit:
    made = make_unit("示例市人民检察院")
    make_drawable(made)
    return made


def browser(body: Unit, sign_in_as: SignIn, *, may_keep: bool = True, **more: Any) -> Client:
    user = make_user("rectification_office", body, **more)
    actions.name_reader("drawn_reviews", actor=OPERATOR, user=user, body=body, reason="评查工作需要", may_keep=may_keep)
    return sign_in_as(user)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_draw_is_planned_looked_at_carried_out_and_drawn_again(body: Unit, sign_in_as: SignIn) -> None:
    clerk = browser(body, sign_in_as, name="林案管")
    assert "/ledgers/drawn_reviews/draws/new/" in text_of(clerk.get("/ledgers/drawn_reviews/"))
    assert "/draws/" not in text_of(clerk.get("/ledgers/drawn_cases/"))
    assert clerk.get("/ledgers/drawn_cases/draws/new/").status_code == 404
    form = text_of(clerk.get("/ledgers/drawn_reviews/draws/new/"))
    assert 'value="20"' in form and "层级" in form
    for wrong in ({"percent": "很多"}, {"until": "2026-02-01"}, {"v.level": ""}):
        refused = clerk.post("/ledgers/drawn_reviews/draws/new/", FORM | {"v.level": "市院", "seed": "三月"} | wrong)
        assert refused.status_code in (400, 422) and "三月" in text_of(refused)
    planned = clerk.post("/ledgers/drawn_reviews/draws/new/", FORM | {"v.level": "市院", "seed": "三月"})
    address = planned["Location"]
    preview = text_of(clerk.get(address))
    assert "将从 12 件中抽取 4 件" in preview and "亲属承办" in preview and "复核抽取" not in preview
    assert not Row.objects.filter(ledger="drawn_reviews").exists()
    done = clerk.post(address + "carry-out/", follow=True)
    assert "从 12 件中抽取 4 件" in text_of(done) and "查看或撤销这一批" in text_of(done)
    assert clerk.post(address + "carry-out/").status_code == 409
    assert "复核一致" in text_of(clerk.get(address + "?again=1"))
    assert "三月" in text_of(clerk.get("/ledgers/drawn_reviews/draws/"))
    batch = Draw.objects.get().batch
    assert batch is not None
    clerk.post(f"/ledgers/drawn_reviews/batches/{batch.pk}/undo/")
    assert "已撤销" in text_of(clerk.get(address))
    Draw.objects.update(seed="四月")
    assert "抽取或分派的结果不同" in text_of(clerk.get(address + "?again=1"))


def test_a_closed_ledger_shows_its_draws_only_to_the_named(body: Unit, sign_in_as: SignIn) -> None:
    clerk = browser(body, sign_in_as)
    address = clerk.post("/ledgers/drawn_reviews/draws/new/", FORM | {"v.level": "市院"})["Location"]
    others = sign_in_as(make_user("rectification_office", body))
    for path in ("draws/", "draws/new/"):
        assert others.get(f"/ledgers/drawn_reviews/{path}").status_code == 404
    assert others.get(address).status_code == 404 and others.post(address + "carry-out/").status_code == 404
    reader = browser(body, sign_in_as, may_keep=False)
    assert "抽取并登记" not in text_of(reader.get(address))
    assert reader.get("/ledgers/drawn_reviews/draws/new/").status_code == 403
    assert reader.post(address + "carry-out/").status_code == 403
    closed = KIN.replace("key:", "secrecy: named\nkey:", 1)
    declare(CASES, POOL, closed, REVIEWS, enumerations=())
    hidden = text_of(reader.get(address))
    assert "专人查阅的台账" in hidden and "孙六" not in hidden, "the preview needs all that the draw reads"
    far = sign_in_as(make_user(name="外单位"))
    assert far.get(address).status_code == 404


def test_a_pool_that_is_too_small_is_said_before_and_at_the_act(body: Unit, sign_in_as: SignIn) -> None:
    clerk = browser(body, sign_in_as)
    person = Row.objects.filter(ledger="drawn_pool").order_by("pk")[2]
    actions.withdraw_row(person, actor=OPERATOR, reason="离库")
    address = clerk.post("/ledgers/drawn_reviews/draws/new/", FORM | {"v.level": "市院"})["Location"]
    page = text_of(clerk.get(address))
    assert "无人可派" in page and "carry-out" not in page
    refused = clerk.post(address + "carry-out/")
    assert refused.status_code == 409 and "没有抽取" in text_of(refused)
