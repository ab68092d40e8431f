"""A letter on its way: drafted, signed by somebody else, numbered, received, answered, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.oversight import at_stage, issue, make_late, make_letter
from tests.factories.people import make_department, make_post, make_unit, make_user
from tests.oversight.conftest import Body
from zhenggai.audit.models import Entry
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.models import Notification
from zhenggai.oversight import actions, errors
from zhenggai.oversight.models import Letter, LetterState
from zhenggai.oversight.queries.letters import LetterQuery, access_letter, find_letters, letter_page, visible_letters
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Deputy
from zhenggai.people.roles import ROLES, Permission, Scope


def draft(body: Body, count: int = 1) -> Letter:
    found = [make_late(body.round, 4, department=body.finance, title=f"账实不符之{n}") for n in range(count)]
    return make_letter(body.clerk, found, [body.finance])


def test_a_letter_goes_its_whole_way(body: Body) -> None:
    letter = draft(body, 2)
    assert letter.number == ""
    assert "账实不符之0" in letter.body
    assert "已超期4天" in letter.body
    assert letter.reply_due_on is not None
    actions.submit_letter(letter, actor=body.clerk)
    assert Notification.objects.filter(user=body.chief, kind="letter").count() == 1
    letter = actions.sign_letter(letter, actor=body.chief)
    year = timezone.localdate().year
    assert letter.number == f"示例整改提醒〔{year}〕1号"
    assert Notification.objects.get(user=body.head).path == f"/letters/{letter.pk}/"
    (recipient,) = letter.recipients.all()
    actions.receive_letter(letter, recipient, actor=body.head)
    with pytest.raises(errors.NotRecipient):
        actions.receive_letter(letter, recipient, actor=body.head)
    with pytest.raises(errors.ReplyMissing):
        actions.close_letter(letter, actor=body.clerk)
    actions.reply_letter(letter, recipient, actor=body.head, text="正在清查。")
    with pytest.raises(errors.NotRecipient):
        actions.reply_letter(letter, recipient, actor=body.head, text="再答一次。")
    actions.return_reply(letter, recipient, actor=body.clerk, why="没有写明时限")
    actions.reply_letter(letter, recipient, actor=body.head, text="月底前完成。")
    assert actions.close_letter(letter, actor=body.clerk).state == LetterState.CLOSED
    told = set(Entry.objects.filter(object_type="letter").values_list("code", flat=True))
    assert {"oversight.letter_issued", "oversight.reply_returned", "oversight.letter_closed"} <= told


def test_drafter_and_signer_are_two_people(body: Body) -> None:
    make_post(body.clerk, body.unit, "first_responsible_person")
    letter = actions.submit_letter(draft(body), actor=body.clerk)
    assert "sign" not in letter_page(body.clerk, letter).moves
    with pytest.raises(errors.OwnDraft):
        actions.sign_letter(letter, actor=body.clerk)
    assert Letter.objects.get().number == ""
    other = draft(body)
    actions.submit_letter(other, actor=make_user("rectification_office", body.office))
    with pytest.raises(errors.OwnDraft):
        actions.sign_letter(other, actor=body.clerk)


def test_a_deputy_signs_for_the_absent_one_but_not_for_the_drafter(body: Body) -> None:
    member = make_user("leading_group_member", body.unit)
    today = timezone.localdate()
    Deputy.objects.create(principal=body.chief, deputy=member, started_on=today, ended_on=today)
    letter = actions.sign_letter(actions.submit_letter(draft(body), actor=body.clerk), actor=member)
    assert letter.signed_by == member
    assert letter.signed_for == body.chief
    make_post(body.chief, body.office, "rectification_office")
    own = make_letter(body.chief, [make_late(body.round, 4)], [body.finance])
    actions.submit_letter(own, actor=body.clerk)
    with pytest.raises(errors.OwnDraft):
        actions.sign_letter(own, actor=member)


def test_numbers_count_per_body_kind_and_year_and_only_what_goes_out(body: Body) -> None:
    actions.withdraw_letter(draft(body), actor=body.clerk, why="已完成")
    first = issue(draft(body), clerk=body.clerk, chief=body.chief)
    second = issue(draft(body), clerk=body.clerk, chief=body.chief)
    order = make_letter(body.clerk, [make_late(body.round)], [body.finance], kind="supervision_order")
    third = issue(order, clerk=body.clerk, chief=body.chief)
    assert [letter.number.split("〕")[1] for letter in (first, second, third)] == ["1号", "2号", "1号"]
    assert "整改督办" in third.number


def test_a_letter_comes_back_unsigned_with_a_reason(body: Body) -> None:
    letter = actions.submit_letter(draft(body), actor=body.clerk)
    with pytest.raises(errors.TextMissing):
        actions.send_back_letter(letter, actor=body.chief, why=" ")
    letter = actions.send_back_letter(letter, actor=body.chief, why="补写责任人")
    assert (letter.state, letter.returned_why) == (LetterState.DRAFT, "补写责任人")
    letter = actions.update_letter(letter, {"title": "提醒函"}, actor=body.clerk, version=letter.version)
    assert letter.is_edited
    with pytest.raises(errors.ChangedMeanwhile):
        actions.update_letter(letter, {"title": "别的"}, actor=body.clerk, version=letter.version - 1)
    assert not actions.reword_letter(letter, actor=body.clerk, version=letter.version).is_edited


def test_what_was_settled_is_not_signed(body: Body) -> None:
    letter = actions.submit_letter(draft(body), actor=body.clerk)
    letter.items.update(step="reminder")
    at_stage(letter.items.get().finding, Stage.CLOSED)
    with pytest.raises(errors.LetterStale):
        actions.sign_letter(letter, actor=body.chief)


def test_the_day_of_the_answer_lies_ahead_when_it_is_signed(body: Body) -> None:
    letter = actions.submit_letter(draft(body), actor=body.clerk)
    Letter.objects.filter(pk=letter.pk).update(reply_due_on=timezone.localdate())
    with pytest.raises(errors.BadValue):
        actions.sign_letter(letter, actor=body.chief)


def test_moves_that_are_not_listed_are_refused(body: Body) -> None:
    letter = draft(body)
    with pytest.raises(errors.LetterNotOpen):
        actions.sign_letter(letter, actor=body.chief)
    with pytest.raises(errors.LetterNotOpen):
        actions.close_letter(letter, actor=body.clerk)
    issued = issue(letter, clerk=body.clerk, chief=body.chief)
    with pytest.raises(errors.LetterNotOpen):
        actions.withdraw_letter(issued, actor=body.clerk, why="收回")
    with pytest.raises(errors.LetterNotOpen):
        actions.update_letter(issued, {"title": "改"}, actor=body.clerk, version=issued.version)


def test_recipients_stand_below_the_body_and_are_never_none(body: Body) -> None:
    late = [make_late(body.round)]
    with pytest.raises(errors.NoRecipient):
        make_letter(body.clerk, late, [])
    with pytest.raises(NotFound):
        make_letter(body.clerk, late, [make_department(make_unit())])
    with pytest.raises(NotFound):
        make_letter(body.clerk, late, [], people=[make_user("owner", make_unit())])
    with pytest.raises(errors.BadValue):
        actions.draft_letter(body.unit, actor=body.clerk, kind="reminder", findings=[], units=[body.finance])
    other = make_late(body.round)
    Finding.objects.filter(pk=other.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(NotFound):
        make_letter(body.clerk, [other], [body.finance])


def test_who_sees_a_letter(body: Body) -> None:
    letter = draft(body)
    stranger = make_user("rectification_office", make_unit())
    other_head = make_user("department_head", body.office)
    assert access_letter(body.clerk, letter.pk)
    assert access_letter(body.chief, letter.pk)
    for person in (body.head, body.supervisor, stranger, other_head):
        with pytest.raises(NotFound):
            access_letter(person, letter.pk)
    issue(letter, clerk=body.clerk, chief=body.chief)
    for person in (body.clerk, body.chief, body.head, body.supervisor):
        assert access_letter(person, letter.pk)
    for person in (stranger, other_head):
        with pytest.raises(NotFound):
            access_letter(person, letter.pk)
    (recipient,) = letter.recipients.all()
    with pytest.raises(errors.NotRecipient):
        actions.receive_letter(letter, recipient, actor=body.supervisor)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_drafts_and_signs_as_the_matrix_says(body: Body, role: str) -> None:
    grants = ROLES[role].grants
    kinds = ROLES[role].unit_kinds
    unit = body.unit if body.unit.kind in kinds else body.finance if body.finance.kind in kinds else None
    unit = unit or (body.grassroots if body.grassroots.kind in kinds else make_unit(kind="external"))
    charges = [body.unit] if ROLES[role].has_charges else []
    person = make_user(role, unit, charges=charges)
    late = make_late(body.round, department=body.finance)
    if Permission.MANAGE_OVERSIGHT in grants:
        assert actions.draft_letter(body.unit, actor=person, kind="reminder", findings=[late], units=[body.finance])
    else:
        with pytest.raises(NotAllowed):
            actions.draft_letter(body.unit, actor=person, kind="reminder", findings=[late], units=[body.finance])
    letter = actions.submit_letter(make_letter(body.clerk, [late], [body.finance]), actor=body.clerk)
    if grants.get(Permission.SIGN_LETTERS) == Scope.UNIT:
        assert actions.sign_letter(letter, actor=person).number
    else:
        with pytest.raises((NotAllowed, NotFound)):
            actions.sign_letter(letter, actor=person)
        assert Letter.objects.get(pk=letter.pk).state == LetterState.TO_SIGN
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.ISSUED)
    answers = role == "department_head"
    assert visible_letters(person).filter(pk=letter.pk).exists() == (Permission.VIEW_OVERSIGHT in grants or answers)


def test_the_register_filters(body: Body) -> None:
    issued = issue(draft(body), clerk=body.clerk, chief=body.chief)
    draft(body)
    everything = find_letters(body.clerk, LetterQuery())
    assert everything.total == 2
    assert everything.counts["draft"] == 1
    assert everything.counts["unanswered"] == 1
    for query in (
        LetterQuery(state="issued"),
        LetterQuery(state="unanswered"),
        LetterQuery(text=issued.number),
        LetterQuery(year=timezone.localdate().year),
    ):
        assert [row.letter.pk for row in find_letters(body.clerk, query).rows] == [issued.pk]
    Letter.objects.filter(pk=issued.pk).update(reply_due_on=timezone.localdate() - timedelta(days=1))
    (row,) = find_letters(body.clerk, LetterQuery(state="reply_late")).rows
    assert row.reply_late
    assert find_letters(OPERATOR, LetterQuery(unit=body.office.pk)).total == 0
