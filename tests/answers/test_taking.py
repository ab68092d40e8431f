"""An answer comes in: what is kept of it, what becomes of it, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.answers import make_answer, make_form, make_sent, say
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_unit, make_user
from tests.threads import at_once
from zhenggai.answers.actions import add_supplement, clocks, make_petition, reply, submit_answer, take_in_waiting
from zhenggai.answers.errors import BadAnswer, Ended, FileNotTaken, FormUsed, NoSuchReceipt, NotOpen
from zhenggai.answers.forms import shown_code
from zhenggai.answers.models import Answer, PublicFile
from zhenggai.answers.queries import find_by_receipt, steps_of
from zhenggai.answers.sealing import Contact, unseal
from zhenggai.audit.models import Entry
from zhenggai.files.models import StoredFile
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.notifications.models import Notification
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import save_policy
from zhenggai.policy.profile import shipped_values
from zhenggai.referrals.models import Petition
from zhenggai.registers.models import RegisterEntry

HOSTILE = "=cmd|' /C calc'!A1 \u202e倒\u2066 <script>alert(1)</script>\x07 现场无人"


@pytest.mark.django_db
def test_an_answer_becomes_a_petition_with_its_clock() -> None:
    body = make_unit()
    office = make_user("rectification_office", body)
    answer = make_answer(make_publication(make_round(body)), "等候过久，请增加窗口", about="第3项")
    petition = answer.petition
    assert petition is not None
    assert (petition.unit, petition.kind, petition.due_on) == (body, Petition.Kind.ONLINE, answer.answer_by)
    assert petition.content == "涉及的问题：第3项\n\n等候过久，请增加窗口"
    assert petition.round is None, "notices and reports count what the inspectors handed over"
    assert "窗口" not in petition.topic
    assert Notification.objects.filter(user=office, path="/answers/").count() == 1
    told = "".join(str(entry.data) + entry.object_label + entry.origin for entry in Entry.objects.all())
    assert "窗口" not in told
    assert "12345678" not in told


@pytest.mark.django_db
def test_clocks_run_from_the_day_on_which_it_came() -> None:
    publication = make_publication()
    came = timezone.now() - timedelta(days=6)
    answer = submit_answer(publication, say(), form=make_form(publication), received_at=came)
    assert (answer.received_at, answer.tell_by) == (came, clocks(publication.unit, timezone.localdate(came))[0])
    later = timezone.now() + timedelta(days=6)
    assert submit_answer(publication, say(), form=make_form(publication), received_at=later).received_at < later


@pytest.mark.django_db
def test_clocks_follow_the_rules_of_the_body() -> None:
    body = make_unit()
    assert clocks(body, date(2026, 3, 2)) == (date(2026, 3, 9), date(2026, 6, 2))
    save_policy(body, shipped_values() | {"answer_tell_workdays": True, "answer_months": 2}, actor=OPERATOR)
    assert clocks(body, date(2026, 3, 2)) == (
        date(2026, 3, 11),
        date(2026, 5, 4),
    )  # the second day of May 2026 is a Saturday


@pytest.mark.django_db
def test_the_receipt_code_is_kept_nowhere_and_opens_the_answer() -> None:
    publication = make_publication()
    form = make_form(publication)
    answer = make_answer(publication, form=form)
    code = form.code
    for typed in (
        code,
        shown_code(code),
        code.lower(),
        f" {shown_code(code)} ",
        "".join(chr(ord(c) + 0xFEE0) for c in code),
    ):
        assert find_by_receipt(typed) == answer
    for wrong in ("", code[:-1], code + "A", "A" * 16, form.number, answer.receipt, "％" * 16):
        with pytest.raises(NoSuchReceipt):
            find_by_receipt(wrong)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM answers_answer")
        row = str(cursor.fetchall())
    assert code not in row
    assert form.number not in row
    assert "12345678" not in row


@pytest.mark.django_db
def test_a_form_sent_twice_is_taken_once_and_with_other_words_refused() -> None:
    publication = make_publication()
    form = make_form(publication)
    first = make_answer(publication, "同样的话说两遍", form=form)
    assert submit_answer(publication, say("同样的话 说两遍。"), form=form) == first
    with pytest.raises(FormUsed):
        submit_answer(publication, say("另外的话"), form=form)
    assert Answer.objects.count() == 1


@pytest.mark.django_db
def test_contact_data_is_sealed_for_one_answer() -> None:
    publication = make_publication()
    one, other = make_answer(publication), make_answer(publication, contact=Contact())
    assert unseal(one.contact, form=one.form) == Contact("王某", "0000-12345678", "wang@example.cn")
    assert other.contact == ""
    with pytest.raises(ZhenggaiError):
        unseal(one.contact, form=other.form)


@pytest.mark.django_db
def test_hostile_words_are_kept_as_words() -> None:
    answer = make_answer(None, HOSTILE, about=HOSTILE, contact=Contact(HOSTILE[:30]))
    for text in (answer.body, answer.about, unseal(answer.contact, form=answer.form).name):
        assert not set("\u202e\u2066\x07") & set(text)
    assert "<script>" in answer.body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"body": "，。！"},
        {"body": "\u200b\u202e"},
        {"body": "长" * 3001},
        {"kind": "petition"},
        {"about": "长" * 201},
        {"contact": Contact(phone="javascript:alert(1)")},
        {"contact": Contact(email="a@b\r\nBcc: all@example.cn")},
        {"contact": Contact(name="长" * 41)},
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(values: dict[str, object]) -> None:
    publication = make_publication()
    with pytest.raises(BadAnswer) as refused:
        submit_answer(publication, say(**({"body": "好"} | values)), form=make_form(publication))
    assert str(refused.value)
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_files_are_typed_by_their_bytes_and_limited() -> None:
    publication = make_publication()
    taken = make_answer(publication, files=[make_sent(), make_sent("现场记录".encode(), "../../记录.exe\u202e")])
    assert [file.name for file in PublicFile.objects.filter(answer=taken)] == ["照片.pdf", "记录.exe"]
    stored = StoredFile.objects.count()
    for content, name in (
        (b"<html><script>alert(1)</script>", "照片.jpg"),
        (b"<svg onload=alert(1)>", "照片.png"),
        (b"MZ\x00\x00program", "照片.pdf"),
        (b"#!/bin/sh\nrm -rf /", "说明.txt"),
        (b"PK\x03\x04archive", "说明.docx"),
        (b"", "空.pdf"),
        (b"%PDF" + b"0" * (10 * 1024 * 1024), "大.pdf"),
    ):
        with pytest.raises(FileNotTaken):
            submit_answer(publication, say(files=[make_sent(content, name)]), form=make_form(publication))
    with pytest.raises(FileNotTaken):
        submit_answer(publication, say(files=[make_sent()] * 4), form=make_form(publication))
    assert StoredFile.objects.count() == stored


@pytest.mark.django_db
def test_only_a_standing_notice_within_its_time_is_answered() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for publication in (make_publication(withdrawn_at=timezone.now()), make_publication(answers_until=yesterday)):
        with pytest.raises(NotOpen):
            submit_answer(publication, say(), form=make_form(publication))
    assert make_answer(make_publication(answers_until=timezone.localdate())).pk


@pytest.mark.django_db
def test_what_says_the_same_is_one_petition_and_everybody_hears_the_reply() -> None:
    publication = make_publication()
    first = make_answer(publication, "停车场夜间没有照明，行人容易摔倒，请尽快加装路灯")
    equal = make_answer(publication, "停车场夜间没有照明,行人容易摔倒 请尽快加装路灯。")
    alike = make_answer(publication, "停车场夜间没有照明，行人容易摔倒，请尽快加装路灯吧")
    other = make_answer(publication, "食堂价格偏高，菜品单一，请改进")
    elsewhere = make_answer(None, "停车场夜间没有照明，行人容易摔倒，请尽快加装路灯")
    assert [answer.same_as for answer in (equal, alike)] == [first, first]
    assert Petition.objects.count() == 3
    assert other.petition
    assert elsewhere.petition
    reply(first, "answer", "已加装。", actor=OPERATOR, result="true")
    for answer in (equal, alike):
        answer.refresh_from_db()
        assert answer.state == "answered"
        assert [step.text for step in steps_of(answer)] == ["已加装。"]


@pytest.mark.django_db
def test_supplements_stand_under_the_answer_until_it_ends() -> None:
    answer = make_answer()
    add_supplement(answer, "补充一点", [make_sent()])
    reply(answer, "told", "已收到，转第一检察部。", actor=OPERATOR)
    assert [(step.kind, step.text) for step in steps_of(answer)] == [
        ("supplement", "补充一点"),
        ("told", "已收到，转第一检察部。"),
    ]
    reply(answer, "answer", "已整改。", actor=OPERATOR, result="true")
    with pytest.raises(Ended):
        add_supplement(answer, "再补充")


@pytest.mark.django_db
def test_a_lost_task_is_made_up_for() -> None:
    answer = make_answer(taken_in=False)
    Answer.objects.update(petition=None, received_at=timezone.now() - timedelta(minutes=5))
    Petition.objects.all().delete()
    assert take_in_waiting() == 1
    assert take_in_waiting() == 0
    answer.refresh_from_db()
    assert answer.petition


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locking_database")
def test_workers_at_once_make_exactly_one_petition(settings: object) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    answer = make_answer(taken_in=False)
    twin = make_answer(answer.publication, answer.body, taken_in=False)
    assert not Petition.objects.exists()
    keys = [answer.pk, twin.pk] * 2
    told = at_once(*[lambda key=key: make_petition(key, actor=OPERATOR) for key in keys])
    assert sorted(told) == ["grouped", "made", "settled", "settled"]
    assert Petition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locking_database")
def test_a_form_sent_by_two_processes_at_once_is_taken_once() -> None:
    publication = make_publication()
    form = make_form(publication)
    said = say("同一份表单同时提交两次")
    told = at_once(*[lambda: submit_answer(publication, said, form=form)] * 3)
    assert len({answer.pk for answer in told}) == 1, told
    assert isinstance(told[0], Answer)
    assert issubclass(Petition, RegisterEntry)
    assert Petition.objects.count() == 1
