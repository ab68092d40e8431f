"""Handing over: nothing is left ownerless, and nobody leaves who still answers for something."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.factories.findings import make_measure
from tests.factories.people import make_grassroots, make_unit, make_user
from tests.factories.workflow import Body
from tests.threads import at_once
from zhenggai.audit.models import Entry
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.kit.errors import NotAllowed
from zhenggai.notifications.models import Notification
from zhenggai.people import actions as people
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES
from zhenggai.workflow.actions import HandedOver, hand_over
from zhenggai.workflow.duties import GROUPS, holdings_of, possible_successors
from zhenggai.workflow.errors import HasDuties, NoSuccessor, NothingToHandOver

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("locking_database")
def test_of_two_who_hand_over_at_once_one_finds_nothing_left() -> None:
    body = Body()
    finding = body.at_work()
    heirs = [make_user("owner", body.department) for _number in range(2)]
    answers = at_once(
        lambda: hand_over(body.owner, {"owned_findings": heirs[0]}, actor=body.office),
        lambda: hand_over(body.owner, {"owned_findings": heirs[1]}, actor=body.clerk),
    )
    assert [type(each) for each in sorted(answers, key=lambda each: isinstance(each, NothingToHandOver))] == [
        HandedOver,
        NothingToHandOver,
    ]
    winner = next(heir for heir, answer in zip(heirs, answers, strict=True) if isinstance(answer, HandedOver))
    assert Finding.objects.get(pk=finding.pk).owner == winner


@pytest.fixture
def body() -> Body:
    return Body("示例市人民检察院")


@pytest.fixture
def heir(body: Body) -> User:
    return make_user("owner", body.department, name="柳青")


def test_all_that_somebody_owns_goes_to_the_successor_and_then_they_may_leave(body: Body, heir: User) -> None:
    finding = body.at_work()
    measure = finding.measures.get()
    Measure.objects.filter(pk=measure.pk).update(owner=body.owner)
    with pytest.raises(HasDuties):
        people.deactivate_user(body.owner, actor=OPERATOR)
    assert {held.group: held.count for held in holdings_of(body.owner, body.office).groups} == {
        "owned_findings": 1,
        "owned_measures": 1,
    }
    done = hand_over(body.owner, dict.fromkeys(GROUPS, heir), actor=body.office, reason="调离")
    assert (done.counts, done.left) == ({"owned_findings": 1, "owned_measures": 1}, 0)
    finding.refresh_from_db()
    measure.refresh_from_db()
    assert (finding.owner, measure.owner, finding.leader) == (heir, heir, body.leader)
    assert not people.deactivate_user(body.owner, actor=OPERATOR).is_active
    entry = Entry.objects.get(code="workflow.handed_over")
    assert entry.data["to"] == {"owned_findings": "柳青", "owned_measures": "柳青"}
    assert entry.data["reason"] == "调离"
    note = Notification.objects.filter(user=heir).latest("pk")
    assert (note.title, len(note.items)) == ("姚望向您移交 2 项", 2)
    assert Notification.objects.filter(user=body.owner, title="您名下的 2 项已移交").exists()


def test_each_group_may_go_to_somebody_else_and_the_rest_stays(body: Body, heir: User) -> None:
    first, second = body.at_work(), body.at_work(owner=body.leader)
    done = hand_over(body.leader, {"led_findings": body.deputy}, actor=body.office)
    assert (done.counts, done.left) == ({"led_findings": 2}, 1)
    assert set(Finding.objects.values_list("leader", flat=True)) == {body.deputy.pk}
    second.refresh_from_db()
    assert second.owner == body.leader
    hand_over(body.leader, {"owned_findings": heir}, actor=body.office)
    first.refresh_from_db()
    assert first.owner == body.owner
    with pytest.raises(NothingToHandOver):
        hand_over(body.leader, dict.fromkeys(GROUPS, heir), actor=body.office)


def test_whoever_leaves_is_closed_by_who_may_or_their_administrator_is_asked(body: Body, heir: User) -> None:
    admin = make_user("system_admin", body.unit)
    body.at_work()
    body.at_work(owner=body.leader)
    hand_over(body.leader, {"owned_findings": heir}, actor=body.office, leaving=True)
    assert not Notification.objects.filter(user=admin).exists()  # the leader still leads
    hand_over(body.owner, {"owned_findings": heir}, actor=body.office, leaving=True)
    (asked,) = Notification.objects.filter(user=admin)
    assert asked.path == f"/system/people/{body.owner.pk}/"
    assert User.objects.get(pk=body.owner.pk).is_active
    Measure.objects.update(owner=heir)
    with pytest.raises(HasDuties), transaction.atomic():
        hand_over(heir, {"owned_findings": body.head}, actor=OPERATOR, leaving=True)
    assert not Finding.objects.filter(owner=body.head).exists()
    hand_over(heir, dict.fromkeys(GROUPS, body.head), actor=OPERATOR, leaving=True)
    assert not User.objects.get(pk=heir.pk).is_active


def test_what_is_done_or_withdrawn_stays_in_the_name_of_who_did_it(body: Body, heir: User) -> None:
    finding = body.at_work()
    other = make_measure(body.finding(body.round(), owner=heir), owner=body.owner)
    Measure.objects.filter(pk=other.pk).update(status=Status.COMPLETED)
    for changes in (
        {"stage": Stage.CLOSED},
        {"stage": Stage.REGISTERED, "status": Status.COMPLETED},
        {"withdrawn_at": finding.created_at},
    ):
        Finding.objects.filter(pk=finding.pk).update(
            **{"stage": Stage.WORKING, "status": Status.ONGOING, "withdrawn_at": None, **changes}
        )
        assert holdings_of(body.owner, body.office).count == 0
    assert not people.deactivate_user(body.owner, actor=OPERATOR).is_active


def test_a_review_under_way_follows_the_post(body: Body) -> None:
    finding = body.submitted(body.at_work())
    assert finding.stage == Stage.IN_REVIEW
    assert holdings_of(body.head, body.office).count == 0
    people.deactivate_user(body.head, actor=OPERATOR)
    assert Finding.objects.get(pk=finding.pk).stage == Stage.IN_REVIEW


def test_what_lies_beyond_the_actors_reach_is_counted_and_left(body: Body) -> None:
    below = make_grassroots(body.unit)
    office, heir = make_user("rectification_office", below), make_user("grassroots_liaison", below)
    mine, theirs = body.round(), body.finding(body.round(), owner=body.owner)
    body.finding(mine, owner=body.owner, unit=below)
    holdings = holdings_of(body.owner, office)
    assert (holdings.count, holdings.elsewhere) == (1, 1)
    done = hand_over(body.owner, dict.fromkeys(GROUPS, heir), actor=office)
    assert (done.counts, done.left) == ({"owned_findings": 1}, 1)
    theirs.refresh_from_db()
    assert theirs.owner == body.owner


def test_who_cannot_take_over_is_refused_and_nothing_moves(body: Body, heir: User) -> None:
    body.at_work()
    officer, elsewhere, gone = make_user("auditor", body.unit), body.outsider, make_user("owner", body.department)
    people.deactivate_user(gone, actor=OPERATOR)
    for successor in (officer, elsewhere, gone, body.owner):
        with pytest.raises(NoSuccessor):
            hand_over(body.owner, {"owned_findings": successor}, actor=body.office)
    with pytest.raises(NoSuccessor):
        hand_over(body.owner, {"everything": heir}, actor=body.office)
    assert heir in possible_successors(body.owner, body.office)
    assert not {officer, elsewhere, gone, body.owner} & set(possible_successors(body.owner, body.office))
    assert Finding.objects.get().owner == body.owner


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_who_may_hand_over_does(role: str, body: Body, heir: User) -> None:
    body.at_work()
    units = (body.unit, body.department, make_grassroots(body.unit), make_unit(kind=Unit.Kind.EXTERNAL))
    actor = make_user(role, next(unit for unit in units if unit.kind in ROLES[role].unit_kinds))
    if "workflow.hand_over" in ROLES[role].grants:
        assert hand_over(body.owner, {"owned_findings": heir}, actor=actor).left == 0
        return
    with pytest.raises(NotAllowed):
        hand_over(body.owner, {"owned_findings": heir}, actor=actor)
