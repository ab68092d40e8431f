"""The ladder: one draft per finding, step and time of being late, one letter for each department, nothing goes out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories.oversight import at_stage, make_late
from tests.factories.people import make_user
from tests.oversight.conftest import Body
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed
from zhenggai.oversight import actions
from zhenggai.oversight.models import Letter, LetterItem, LetterKind, LetterState
from zhenggai.people.access import OPERATOR
from zhenggai.workflow.models import Item
from zhenggai.workflow.settled import settled

TODAY = date(2026, 3, 20)  # a Friday, four days after a Monday


def late(body: Body, days: int, **values: object) -> Finding:
    return make_late(body.round, days, today=TODAY, **{"department": body.finance, **values})  # type: ignore[arg-type]


def run(days: int = 0) -> list[Letter]:
    actions.draft_due_letters(TODAY + timedelta(days=days), actor=OPERATOR)
    return list(Letter.objects.order_by("pk"))


def test_ten_late_findings_of_a_department_make_one_letter(body: Body) -> None:
    for _number in range(10):
        late(body, 4)
    late(body, 4, department=body.office)
    assert len(run()) == 2
    assert sorted(letter.items.count() for letter in run()) == [1, 10]
    assert {letter.state for letter in run()} == {LetterState.DRAFT}
    assert {letter.number for letter in run()} == {""}


def test_a_run_again_drafts_nothing_again(body: Body) -> None:
    late(body, 4)
    run()
    run()
    run(1)
    assert Letter.objects.count() == LetterItem.objects.count() == 1


def test_what_becomes_late_later_joins_the_open_draft(body: Body) -> None:
    late(body, 4)
    (letter,) = run()
    late(body, 3)
    (letter,) = run(1)
    assert letter.items.count() == 2
    assert "下列2项" in letter.body
    letter = actions.update_letter(letter, {"body": "本人改过"}, actor=body.clerk, version=letter.version)
    late(body, 2)
    assert len(run(2)) == 2
    letter.refresh_from_db()
    assert letter.body == "本人改过"


def test_the_ladder_climbs_and_the_milder_draft_gives_way(body: Body) -> None:
    late(body, 4)
    (letter,) = run()
    assert letter.kind == LetterKind.REMINDER
    milder, order = run(6)
    assert milder.state == LetterState.WITHDRAWN
    assert "督办单" in milder.withdrawn_why
    assert (order.kind, order.state) == (LetterKind.SUPERVISION_ORDER, LetterState.DRAFT)
    assert [each.kind for each in run(16)] == ["reminder", "supervision_order", "circular"]
    assert [each.kind for each in run(26)][-1] == LetterKind.TALK_RECORD
    assert len(run(200)) == 4


def test_a_letter_that_waits_to_be_signed_stays_when_the_ladder_climbs(body: Body) -> None:
    late(body, 4)
    (letter,) = run()
    actions.submit_letter(letter, actor=body.clerk)
    assert [each.state for each in run(6)] == [LetterState.TO_SIGN, LetterState.DRAFT]


def test_a_long_missed_deadline_starts_at_its_step_only(body: Body) -> None:
    late(body, 25)
    (letter,) = run()
    assert letter.kind == LetterKind.CIRCULAR


def test_drafts_let_go_of_what_was_extended_or_closed(body: Body) -> None:
    one, two = late(body, 4), late(body, 4)
    (letter,) = run()
    Finding.objects.filter(pk=one.pk).update(due_on=TODAY + timedelta(days=30), extensions=1)
    (letter,) = run()
    assert one.title not in letter.body
    assert two.title in letter.body
    at_stage(two, Stage.CLOSED)
    (letter,) = run()
    assert letter.state == LetterState.WITHDRAWN
    assert letter.number == ""


def test_words_a_person_wrote_are_marked_and_a_letter_to_be_signed_goes_back(body: Body) -> None:
    one, _two = late(body, 4), late(body, 4)
    (letter,) = run()
    own = {"body": "本人写的正文", "reply_due_on": timezone.localdate() + timedelta(days=9)}
    letter = actions.update_letter(letter, own, actor=body.clerk, version=letter.version)
    actions.submit_letter(letter, actor=body.clerk)
    at_stage(one, Stage.CLOSED)
    (letter,) = run()
    assert letter.is_stale
    assert letter.body == "本人写的正文"
    assert letter.state == LetterState.DRAFT


def test_after_an_extension_that_is_missed_too_the_ladder_begins_anew(body: Body) -> None:
    finding = late(body, 4)
    run()
    Finding.objects.filter(pk=finding.pk).update(due_on=TODAY + timedelta(days=10))
    assert [each.state for each in run(5)] == [LetterState.WITHDRAWN]
    assert [each.kind for each in run(14)] == ["reminder", "reminder"]


def test_what_was_reopened_counts_from_that_day(body: Body) -> None:
    finding = late(body, 100)
    reopened = timezone.make_aware(datetime(2026, 3, 16, 9))
    Item.objects.filter(finding=finding).update(reopened_at=reopened)
    at_stage(finding, Stage.REOPENED)
    (letter,) = run()
    assert letter.kind == LetterKind.REMINDER
    assert "已超期4天" in letter.body


def test_a_draft_a_person_withdrew_is_not_drafted_again(body: Body) -> None:
    late(body, 4)
    (letter,) = run()
    actions.withdraw_letter(letter, actor=body.clerk, why="已口头提醒")
    assert len(run(1)) == 1


def test_the_kind_a_person_chose_does_not_bring_the_step_again(body: Body) -> None:
    late(body, 25)
    (letter,) = run()
    letter = actions.update_letter(letter, {"kind": "reminder"}, actor=body.clerk, version=letter.version)
    assert "提醒函" in letter.title
    assert len(run(1)) == 1


def test_only_what_is_at_work_and_has_a_missed_deadline_is_pressed_for(body: Body) -> None:
    for stage in Stage:
        at_stage(late(body, 4), stage)
    late(body, 1)
    withdrawn = late(body, 4)
    Finding.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    (letter,) = run()
    assert letter.items.count() == 4  # working, returned, reopened, phased


def test_a_deadline_on_a_day_off_ends_on_the_next_working_day(body: Body) -> None:
    due = date(2026, 3, 14)  # a Saturday
    finding = late(body, 4)
    Finding.objects.filter(pk=finding.pk).update(due_on=due)
    actions.draft_due_letters(due + timedelta(days=4), actor=OPERATOR)
    assert not Letter.objects.exists()
    actions.draft_due_letters(due + timedelta(days=5), actor=OPERATOR)
    assert Letter.objects.count() == 1


def test_findings_of_a_grassroots_unit_and_without_department_find_their_recipient(body: Body) -> None:
    leader = make_user("leader_in_charge", body.unit, name="周启明")
    late(body, 4, department=None, unit=body.grassroots.pk)
    late(body, 4, department=None, leader=leader.pk)
    recipients = {str(one) for letter in run() for one in letter.recipients.all()}
    assert recipients == {body.grassroots.name, "周启明"}


def test_who_may_not_write_letters_may_not_run_the_ladder(body: Body) -> None:
    late(body, 4)
    with pytest.raises(NotAllowed):
        actions.draft_due_letters(TODAY, actor=body.head)
    assert not Letter.objects.exists()
    assert actions.draft_due_letters(TODAY, actor=body.clerk).drafted


def test_a_draft_lets_go_at_once_when_what_it_presses_for_is_settled(
    body: Body, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    first, second = late(body, 4), late(body, 4)
    (letter,) = run()
    Finding.objects.filter(pk=first.pk).update(stage=Stage.CLOSED)
    with django_capture_on_commit_callbacks(execute=True):
        settled(first)
    letter.refresh_from_db()
    assert [item.finding_id for item in letter.items.filter(withdrawn_at=None)] == [second.pk]
    Finding.objects.filter(pk=second.pk).update(due_on=TODAY + timedelta(days=30))
    with django_capture_on_commit_callbacks(execute=True):
        settled(second)
    letter.refresh_from_db()
    assert letter.state == LetterState.WITHDRAWN
