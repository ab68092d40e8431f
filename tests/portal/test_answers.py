"""Answering without an account, and following with a receipt code: the pages, and those who misuse them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.answers import make_answer, make_form
from tests.factories.notices import make_publication
from tests.portal.reading import Page
from zhenggai.answers.actions import reply
from zhenggai.answers.forms import Form, give_out, shown_code
from zhenggai.answers.limits import GUESSES, mark_of
from zhenggai.answers.models import Answer, Spent
from zhenggai.audit.models import Entry
from zhenggai.notices.models import Publication
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import save_policy
from zhenggai.policy.profile import shipped_policy, shipped_values
from zhenggai.portal.views import answers

pytestmark = pytest.mark.django_db
FROM_ONE = shipped_policy().answer_hourly


@pytest.fixture
def it(db: None) -> Publication:
    """Return a notice that is answered."""
    return make_publication()


def fill(publication: Publication, **values: Any) -> dict[str, Any]:
    """Return a form as a person fills it in."""
    return {"form": make_form(publication).token, "kind": "opinion", "body": "请增加接待窗口。", "website": ""} | values


def send(reader: Client, publication: Publication, address: str = "203.0.113.7", **values: Any) -> Any:
    """Send a form."""
    return reader.post(f"/public/{publication.slug}/answer/", fill(publication, **values), REMOTE_ADDR=address)


def code_of(answer: Any) -> str:
    """Return the receipt code that a page shows."""
    return Page(answer).words("code.code")[0]


def test_an_answer_is_given_and_followed_without_a_cookie(reader: Client, it: Publication) -> None:
    form = Page(reader.get(f"/public/{it.slug}/answer/"))
    assert form.css("input[name=form]")[0].attributes["value"]
    photo = SimpleUploadedFile("照片.pdf", b"%PDF-1.7 photo")
    sent = send(reader, it, name="王某", phone="0000-12345678", files=photo)
    assert sent.status_code == 200
    assert "no-store" in sent["Cache-Control"]
    assert not sent.cookies
    code = code_of(sent)
    assert re.fullmatch(r"(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", code)
    reply(Answer.objects.get(), "told", "已收到，转窗口办理。", actor=OPERATOR)
    shown = reader.post("/public/answers/", {"code": code.lower()})
    assert "no-store" in shown["Cache-Control"]
    assert {"请增加接待窗口。", "已收到，转窗口办理。"} <= set(Page(shown).words(".words"))
    assert "12345678" not in shown.content.decode()
    more = reader.post("/public/answers/supplement/", {"code": code, "body": "上午更明显。"})
    assert "补充内容已收到" in more.content.decode()
    assert "上午更明显。" in Page(more).words(".words")
    assert "203.0.113.7" not in "".join(f"{entry.origin}{entry.data}" for entry in Entry.objects.all())


def test_who_answers_twice_by_mistake_gets_the_same_code(reader: Client, it: Publication) -> None:
    form = make_form(it).token
    first, again = send(reader, it, form=form), send(reader, it, form=form)
    assert code_of(first) == code_of(again)
    assert Answer.objects.count() == 1
    other = send(reader, it, form=form, body="换一段话再交")
    assert other.status_code == 409
    assert "换一段话再交" in other.content.decode()
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"form": "forged"}, 422, "表单已失效"),
        ({"form": ""}, 422, "表单已失效"),
        ({"website": "http://spam.example"}, 422, "表单已失效"),
        ({"body": " "}, 422, "没有填写"),
        ({"kind": "x"}, 422, "请选择一项"),
        ({"email": "x"}, 422, "应为邮箱地址"),
        ({"files": SimpleUploadedFile("照片.jpg", b"<html><script>alert(1)</script>")}, 422, "不是可以提交的文件"),
    ],
)
def test_a_refused_form_comes_back_as_it_was_typed(
    reader: Client, it: Publication, values: dict[str, Any], status: int, words: str
) -> None:
    answer = send(reader, it, **({"about": "第3项"} | values))
    assert answer.status_code == status
    page = Page(answer)
    assert words in page.words("[role=alert]")[0]
    assert page.css("#about")[0].attributes["value"] == "第3项"
    assert not Answer.objects.exists()
    for wrong in page.css("[aria-invalid]"):
        assert page.css(f"#{(wrong.attributes['aria-describedby'] or '').split()[0]}")


def test_machines_are_too_fast_and_forms_grow_old(
    reader: Client, it: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhenggai.answers.forms.LEAST_SECONDS", 600)
    fresh = give_out(it.slug, ask=False)
    assert "提交过快" in send(reader, it, form=fresh.token).content.decode()
    monkeypatch.undo()
    old = Form(fresh.number, it.slug, fresh.given_at - 2 * 24 * 3600, None)
    assert "表单已失效" in send(reader, it, form=old.token).content.decode()
    elsewhere = make_form(make_publication())
    assert "表单已失效" in send(reader, it, form=elsewhere.token).content.decode()


def test_a_flood_from_one_place_is_asked_then_stopped_and_others_go_on(reader: Client, it: Publication) -> None:
    for number in range(FROM_ONE):
        assert send(reader, it, body=f"第{number}条意见，内容各不相同{number * 997}").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        stopped = send(reader, it)
    assert stopped.status_code == 429
    assert all(query["sql"].startswith("SELECT") for query in queries), queries.captured_queries
    assert len(queries) <= 4
    assert Answer.objects.count() == FROM_ONE
    assert send(reader, it, address="203.0.113.8").status_code == 200
    asked = Page(reader.get(f"/public/{it.slug}/answer/", REMOTE_ADDR="203.0.113.7"))
    assert "等于几" in asked.words("label[for=total]")[0]


def test_the_office_sets_how_much_it_takes(reader: Client, it: Publication) -> None:
    rules = {"answer_hourly": 1, "answer_words": 100, "answer_files": 0, "answer_file_mb": 1}
    save_policy(it.unit, shipped_values() | rules, actor=OPERATOR)
    form = Page(reader.get(f"/public/{it.slug}/answer/"))
    assert form.css("textarea")[0].attributes["maxlength"] == "100"
    assert not form.css("input[type=file]")
    assert send(reader, it, body="长" * 101).status_code == 422
    Spent.objects.all().delete()
    photo = SimpleUploadedFile("照片.pdf", b"%PDF-1.7 photo")
    assert send(reader, it, files=photo).status_code == 422
    Spent.objects.all().delete()
    assert send(reader, it).status_code == 200
    assert send(reader, it, body="再说一件事。").status_code == 429
    assert send(reader, make_publication(), body="对另一单位的通报。").status_code == 200


def test_a_sum_is_taken_in_figures_and_in_words(reader: Client, it: Publication) -> None:
    form = Form(make_form(it).number, it.slug, make_form(it).given_at, (3, 4))
    assert "再算一次" in send(reader, it, form=form.token, total="8").content.decode()
    assert "再算一次" in send(reader, it, form=form.token).content.decode()
    assert send(reader, it, form=form.token, total="７").status_code == 200
    other = Form(make_form(it).number, it.slug, make_form(it).given_at, (3, 4))
    assert send(reader, it, form=other.token, total="七", body="另一条").status_code == 200


def test_the_address_that_proxies_name_counts_only_when_they_are_trusted(
    reader: Client, it: Publication, settings: Any
) -> None:
    for number in range(FROM_ONE):
        form = fill(it, body=f"意见{number * 31}")
        reader.post(f"/public/{it.slug}/answer/", form, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert (
        reader.post(f"/public/{it.slug}/answer/", fill(it), headers={"X-Forwarded-For": "198.51.100.99"}).status_code
        == 429
    )
    settings.ZHENGGAI_TRUSTED_PROXIES = 1
    assert (
        reader.post(f"/public/{it.slug}/answer/", fill(it), headers={"X-Forwarded-For": "198.51.100.99"}).status_code
        == 200
    )


def test_beside_the_staff_one_answer_is_taken_at_a_time(reader: Client, it: Publication, settings: Any) -> None:
    with answers._ONE:
        busy = send(reader, it)
        assert (busy.status_code, busy["Retry-After"]) == (503, "60")
        assert "现在提交的人较多" in busy.content.decode()
        settings.ZHENGGAI_PUBLIC_ONLY = True
        assert send(reader, it).status_code == 200
    settings.ZHENGGAI_PUBLIC_ONLY = False
    assert send(reader, it, body="另一条意见").status_code == 200


def test_guessing_receipts_is_limited(reader: Client, it: Publication) -> None:
    code = code_of(send(reader, it))
    for number in range(GUESSES.most):
        guess = reader.post("/public/answers/", {"code": f"{number:X}".rjust(16, "A")}, REMOTE_ADDR="203.0.113.9")
        assert guess.status_code == 404
    stopped = reader.post("/public/answers/", {"code": code}, REMOTE_ADDR="203.0.113.9")
    assert stopped.status_code == 429
    for path in ("/public/answers/", "/public/answers/supplement/"):
        assert reader.post(path, {"code": "x", "body": "x"}, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert reader.post("/public/answers/", {"code": code}, REMOTE_ADDR="203.0.113.10").status_code == 200
    assert Spent.objects.filter(key=f"guess:{mark_of('203.0.113.9')}").get().count == GUESSES.most


def test_what_is_too_large_or_comes_from_elsewhere_is_not_read(reader: Client, it: Publication) -> None:
    path = f"/public/{it.slug}/answer/"
    large = reader.post(path, fill(it), CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert large.status_code == 413
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert reader.post(path, fill(it), headers=headers).status_code == 400
    assert reader.post(path, fill(it, body="a\0b")).status_code == 400
    assert reader.post(path, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x").status_code in {400, 422}
    assert not Answer.objects.exists()


def test_the_form_of_a_notice_that_takes_no_answers_says_so(reader: Client) -> None:
    withdrawn = make_publication()
    withdrawn.withdrawn_at, withdrawn.withdrawn_why = withdrawn.published_at, "误发"
    withdrawn.save()
    over = make_publication(answers_until="2020-01-01")
    assert reader.get(f"/public/{withdrawn.slug}/answer/").status_code == 410
    closed = reader.get(f"/public/{over.slug}/answer/")
    assert closed.status_code == 409
    assert "不收集在线意见" in closed.content.decode()
    assert "在线收集意见的时间已过" in reader.get(f"/public/{over.slug}/").content.decode()
    assert send(reader, over).status_code == 409


def test_hostile_answers_stay_words_under_their_code(reader: Client, it: Publication) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e'
    sent = send(reader, it, body=evil, about=evil, files=SimpleUploadedFile("<b>.pdf", b"%PDF-1.7"))
    page = reader.post("/public/answers/", {"code": code_of(sent)})
    shown = Page(page)
    assert not shown.css("script, img")
    assert "\u202e" not in page.content.decode()
    for refused in (send(reader, it, form="x", body=evil, about=evil), reader.post("/public/answers/", {"code": evil})):
        assert not Page(refused).css("script, img")


def test_a_set_aside_answer_says_why(reader: Client, it: Publication) -> None:
    from_form = make_form(it)
    answer = make_answer(it, form=from_form)
    Answer.objects.filter(pk=answer.pk).update(
        state="set_aside", set_aside_why="与通报无关", ended_at=answer.received_at
    )
    page = reader.post("/public/answers/", {"code": shown_code(from_form.code)})
    assert "与通报无关" in page.content.decode()
    assert not Page(page).css("textarea")
