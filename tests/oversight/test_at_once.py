"""Two people at once: one signature, one number, one draft, one reopening; the other is told."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.findings import make_round
from tests.factories.oversight import make_closed, make_late, make_letter
from tests.factories.people import make_department, make_unit, make_user
from tests.threads import at_once
from zhenggai.audit.queries import verify_chain
from zhenggai.findings.models import Finding, Stage
from zhenggai.oversight import actions, errors
from zhenggai.oversight.actions import LineWrite
from zhenggai.oversight.models import Check, Letter, LetterItem, LetterState
from zhenggai.oversight.sheets import sheet_lines
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def body() -> tuple[Unit, Unit, User, User, User]:
    unit = make_unit("示例市人民检察院")
    return (
        unit,
        make_department(unit),
        make_user("rectification_office", unit),
        make_user("first_responsible_person", unit),
        make_user("executive_deputy", unit),
    )


def test_of_two_signatures_one_stands_and_numbers_have_no_gaps() -> None:
    unit, department, clerk, chief, deputy = body()
    late = [make_late(make_round(unit), 4) for _number in range(3)]
    letters = [actions.submit_letter(make_letter(clerk, [each], [department]), actor=clerk) for each in late]
    one, two, three = letters
    answers = at_once(
        lambda: actions.sign_letter(one, actor=fresh(chief)),
        lambda: actions.sign_letter(one, actor=fresh(deputy)),
        lambda: actions.sign_letter(two, actor=fresh(chief)),
        lambda: actions.sign_letter(three, actor=fresh(deputy)),
    )
    assert sum(isinstance(answer, errors.LetterNotOpen) for answer in answers) == 1
    numbers = Letter.objects.filter(state=LetterState.ISSUED).values_list("number", flat=True)
    assert sorted(number.split("〕")[1] for number in numbers) == ["1号", "2号", "3号"]
    assert verify_chain().holds


def test_the_ladder_run_twice_at_once_drafts_once() -> None:
    unit, department, _clerk, _chief, _deputy = body()
    round_ = make_round(unit)
    for _number in range(3):
        make_late(round_, 6, department=department)
    today = timezone.localdate()
    at_once(*(lambda: actions.draft_due_letters(today, actor=OPERATOR) for _run in range(3)))
    assert Letter.objects.count() == 1
    assert LetterItem.objects.count() == 3


def test_of_two_conclusions_one_stands_and_a_finding_is_reopened_once() -> None:
    unit, _department, clerk, _chief, _deputy = body()
    one, two = make_user("supervision_group", unit), make_user("discipline_group", unit)
    make_closed(make_round(unit), by=clerk)
    actions.plan_look_backs(actor=OPERATOR)
    check = Check.objects.order_by("due_on")[0]
    texts = sheet_lines("look_back")
    lines = [LineWrite(text, "not_ok") for text in texts]

    def conclude(person: User) -> Check:
        today = timezone.localdate()
        return actions.record_check(
            check, actor=fresh(person), outcome="rebound", summary="再次发生", done_on=today, lines=lines
        )

    answers = at_once(lambda: conclude(one), lambda: conclude(two))
    assert sum(isinstance(answer, errors.CheckNotOpen) for answer in answers) == 1
    assert check.items.count() == len(texts)
    answers = at_once(
        *(lambda who=who: actions.reopen_checked(check, actor=fresh(who), motive="反弹") for who in (one, two))
    )
    assert sum(isinstance(answer, errors.CannotReopen) for answer in answers) == 1
    assert Finding.objects.get().stage == Stage.REOPENED
    assert verify_chain().holds
