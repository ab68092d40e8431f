"""Letters that packs declare: the same ways as all letters, a series of numbers and a writer of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.people import make_department, make_unit, make_user
from zhenggai.kit.errors import NotAllowed
from zhenggai.oversight import actions
from zhenggai.oversight.documents import letter_docx, letter_values
from zhenggai.oversight.errors import BadValue, NoRecipient, NotRecipient
from zhenggai.oversight.models import Letter, LetterState
from zhenggai.oversight.queries.letters import letter_page, visible_letters
from zhenggai.oversight.wording import Words
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db
WORDS = Words("关于办案期限的提示", "有 1 件案件期限将满。\n请于 5 个工作日内书面回复。", "示例市人民检察院")


def draft(body: Unit, clerk: User, department: Unit, serial: str = "期限提示") -> Letter:
    day = timezone.localdate() + timedelta(days=7)
    return actions.draft_declared_letter(
        body,
        WORDS,
        actor=clerk,
        paper="办案期限提示函",
        serial=serial,
        template="cases.limit",
        reply_due_on=day,
        units=[department],
    )


def test_the_way_of_a_declared_letter() -> None:
    body = make_unit("示例市人民检察院")
    management, department = make_department(body, "案件管理部"), make_department(body, "第一检察部")
    clerk = make_user("case_management_clerk", management)
    chief = make_user("first_responsible_person", body)
    head = make_user("department_head", department)
    with pytest.raises(NotAllowed):
        draft(body, make_user("owner", department), department)
    with pytest.raises(NoRecipient):
        actions.draft_declared_letter(body, WORDS, actor=clerk, paper="函", serial="函", template="", reply_due_on=None)
    first, second = draft(body, clerk, department), draft(body, clerk, department, serial="流程提示")
    for wrong in ({"kind": "reminder"},):
        with pytest.raises(BadValue):
            actions.update_letter(first, wrong, actor=clerk, version=first.version)
    with pytest.raises(BadValue):
        actions.reword_letter(first, actor=clerk, version=first.version)
    changed = actions.update_letter(first, {"body": "改过的正文"}, actor=clerk, version=first.version)
    for letter in (changed, second):
        actions.submit_letter(letter, actor=clerk)
        actions.sign_letter(letter, actor=chief)
    year = timezone.localdate().year
    numbers = sorted(Letter.objects.values_list("number", flat=True))
    assert numbers == [f"示例期限提示〔{year}〕1号", f"示例流程提示〔{year}〕1号"]
    again = Letter.objects.get(pk=first.pk)
    assert again.body == "改过的正文" and letter_values(again)["kind"] == "办案期限提示函"
    assert letter_docx(again).startswith(b"PK")
    assert visible_letters(head).filter(pk=again.pk).exists()
    recipient = again.recipients.get()
    assert "record_reply" in letter_page(clerk, again).moves
    with pytest.raises(NotAllowed):
        actions.record_reply(again, recipient, actor=head, text="已补录")
    reply = actions.record_reply(again, recipient, actor=clerk, text="来函回复：已补录法律文书")
    assert reply.is_recorded and reply.by == clerk
    with pytest.raises(NotRecipient):
        actions.reply_letter(again, recipient, actor=head, text="又一次")
    assert actions.close_letter(again, actor=clerk).state == LetterState.CLOSED


def test_who_manages_supervision_does_not_write_them() -> None:
    body = make_unit()
    department = make_department(body)
    letter = draft(body, make_user("case_management_clerk", department), department)
    outsider = make_user("case_management_clerk", make_department(make_unit()))
    assert not visible_letters(outsider).exists()
    actions.withdraw_letter(letter, actor=make_user("rectification_office", body), why="重复")
    assert Letter.objects.get().state == LetterState.WITHDRAWN
