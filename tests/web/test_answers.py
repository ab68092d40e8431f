"""What the public answered, as the people of an office deal with it."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from tests.factories.answers import make_answer, make_sent
from tests.factories.notices import make_publication
from tests.factories.people import make_unit, make_user
from tests.web.conftest import World
from zhenggai.answers.models import Answer
from zhenggai.audit.models import Entry
from zhenggai.notices.models import Publication
from zhenggai.referrals.models import Petition

SignIn = Callable[..., Client]


@pytest.fixture
def published(world: World) -> Publication:
    """Return a notice of the small organisation's round."""
    return make_publication(world.round)


def version(answer: Answer) -> dict[str, str]:
    answer.refresh_from_db()
    return {"version": str(answer.version)}


def test_the_office_lists_assigns_and_answers(world: World, published: Publication, sign_in_as: SignIn) -> None:
    answer = make_answer(published, "等候过久，请增加接待窗口", files=[make_sent()])
    office = sign_in_as(world.people["office"])
    assert "等候过久" in office.get("/answers/").content.decode()
    page = office.get(f"/answers/{answer.pk}/")
    assert page["Cache-Control"] == "no-store, private"
    file = office.get(f"/answers/{answer.pk}/files/{answer.files.get().pk}/")
    assert b"".join(file) == b"%PDF-1.7 evidence"
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    given = {"department": str(world.department.pk), "handler": ""}
    assert office.post(f"/answers/{answer.pk}/assign/", given | version(answer)).status_code == 302
    head = sign_in_as(world.people["head"])
    assert "等候过久" in head.get("/answers/").content.decode()
    assert Petition.objects.get().department == world.department
    told = {"kind": "told", "text": "已收到，由第一检察部办理。"}
    assert head.post(f"/answers/{answer.pk}/reply/", told | version(answer)).status_code == 302
    unfinished = head.post(f"/answers/{answer.pk}/reply/", {"kind": "answer", "text": "已整改。"} | version(answer))
    assert unfinished.status_code == 422
    assert "已整改。" in unfinished.content.decode()
    done = {"kind": "answer", "text": "已整改。", "result": "true"}
    assert head.post(f"/answers/{answer.pk}/reply/", done | version(answer)).status_code == 302
    petition = Petition.objects.get()
    assert (petition.result, bool(petition.closed_on), petition.result_text) == ("true", True, "已整改。")
    late = office.post(f"/answers/{answer.pk}/reply/", told | version(answer))
    assert late.status_code == 409


def test_others_neither_see_nor_act(world: World, published: Publication, sign_in_as: SignIn) -> None:
    answer = make_answer(published)
    elsewhere = make_user("rectification_office", make_unit())
    for person in (elsewhere, world.people["other_head"], world.people["owner"]):
        client = sign_in_as(person)
        assert answer.body not in client.get("/answers/").content.decode()
        assert client.get(f"/answers/{answer.pk}/").status_code == 404
        for move in ("assign", "reply", "set-aside", "separate", "contact"):
            assert client.post(f"/answers/{answer.pk}/{move}/", {"kind": "told", "text": "x"}).status_code == 404
    for name in ("chief", "system_admin", "auditor", "no_post"):
        assert sign_in_as(world.people[name]).get(f"/answers/{answer.pk}/").status_code in {403, 404}, name
    assert not Entry.objects.filter(code__in=("answers.contact_read", "answers.replied")).exists()


def test_the_department_deals_but_does_not_assign(world: World, published: Publication, sign_in_as: SignIn) -> None:
    answer = make_answer(published)
    office = sign_in_as(world.people["office"])
    office.post(f"/answers/{answer.pk}/assign/", {"department": str(world.department.pk)} | version(answer))
    head = sign_in_as(world.people["head"])
    for move in ("assign", "set-aside", "separate"):
        assert head.post(f"/answers/{answer.pk}/{move}/", {"reason": "x"} | version(answer)).status_code == 403
    assert head.get("/answers/export/").status_code == 403


def test_each_look_at_contact_data_is_in_the_trail(world: World, published: Publication, sign_in_as: SignIn) -> None:
    answer = make_answer(published)
    office = sign_in_as(world.people["office"])
    assert "12345678" not in office.get(f"/answers/{answer.pk}/").content.decode()
    assert not Entry.objects.filter(code="answers.contact_read").exists()
    assert office.get(f"/answers/{answer.pk}/contact/").status_code == 405
    shown = office.post(f"/answers/{answer.pk}/contact/")
    assert "0000-12345678" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store, private"
    entry = Entry.objects.get(code="answers.contact_read")
    assert (entry.actor_id, entry.object_id) == (str(world.people["office"].pk), str(answer.pk))
    assert "12345678" not in str(entry.data)


def test_two_people_at_one_answer_do_not_overwrite_each_other(
    world: World, published: Publication, sign_in_as: SignIn
) -> None:
    answer = make_answer(published)
    office = sign_in_as(world.people["office"])
    seen = version(answer)
    assert office.post(f"/answers/{answer.pk}/assign/", {"department": ""} | seen).status_code == 302
    second = office.post(f"/answers/{answer.pk}/reply/", {"kind": "told", "text": "已收到"} | seen)
    assert second.status_code == 409
    assert "已收到" in second.content.decode()


def test_what_is_set_aside_takes_its_petition_along(world: World, published: Publication, sign_in_as: SignIn) -> None:
    answer = make_answer(published)
    office = sign_in_as(world.people["office"])
    assert office.post(f"/answers/{answer.pk}/set-aside/", {"reason": " "} | version(answer)).status_code == 422
    assert office.post(f"/answers/{answer.pk}/set-aside/", {"reason": "广告"} | version(answer)).status_code == 302
    assert Petition.objects.get().withdrawn_why == "广告"
    assert "广告" in office.get(f"/answers/{answer.pk}/").content.decode()


def test_a_grouped_answer_can_be_dealt_with_by_itself(world: World, published: Publication, sign_in_as: SignIn) -> None:
    first = make_answer(published, "停车场夜间没有照明，请加装路灯")
    copy = make_answer(published, "停车场夜间没有照明，请加装路灯。")
    office = sign_in_as(world.people["office"])
    listed = office.get("/answers/").content.decode()
    assert "并案 1 件" in listed
    assert f'href="/answers/{copy.pk}/"' not in listed
    assert office.post(f"/answers/{copy.pk}/separate/").status_code == 302
    assert office.post(f"/answers/{copy.pk}/separate/").status_code == 409
    assert Petition.objects.count() == 2
    assert office.get(f"/answers/{first.pk}/").status_code == 200


def test_hostile_answers_act_nowhere(world: World, published: Publication, sign_in_as: SignIn) -> None:
    evil = '=HYPERLINK("http://evil.example","点") <script>alert(1)</script>'
    answer = make_answer(published, evil, about="=1+1")
    office = sign_in_as(world.people["office"])
    for address in ("/answers/", f"/answers/{answer.pk}/", f"/referrals/petitions/{answer.petition_id}/"):
        assert "<script>alert" not in office.get(address).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(office.get("/answers/export/?state=all").content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "12345678" not in str([cell.value for cell in cells])
    assert Entry.objects.filter(code="answers.exported").count() == 1


def test_the_list_is_found_by_state_and_words(world: World, published: Publication, sign_in_as: SignIn) -> None:
    first, second = make_answer(published, "窗口太少"), make_answer(published, "电话占线", kind="question")
    Answer.objects.filter(pk=second.pk).update(tell_by="2020-01-01")
    office = sign_in_as(world.people["office"])
    assert "窗口太少" not in office.get("/answers/?state=late").content.decode()
    assert "电话占线" in office.get("/answers/?state=late").content.decode()
    assert "电话占线" not in office.get("/answers/?state=all&q=窗口").content.decode()
    for odd in ("state=x", "page=99999999999", "page=-1", "q=" + "a" * 500):
        assert office.get(f"/answers/?{odd}").status_code == 200
    assert first.petition
    assert office.get(f"/answers/?state=all&q={first.petition.no}").content.decode().count("窗口太少") == 1
