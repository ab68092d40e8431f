"""Deputies: who may appoint whom, what they may do meanwhile, and that it ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.threads import at_once
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.actions import appoint_deputy, end_deputy
from zhenggai.notifications.models import Notification
from zhenggai.people import actions, queries
from zhenggai.people.access import OPERATOR, access_of, forget_access, may
from zhenggai.people.errors import BadEmail, DeputyDoesNotFit, DeputyEnded, NotOneself
from zhenggai.people.models import Deputy, Unit, User
from zhenggai.people.roles import ROLES, Permission

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WEEK = timedelta(days=7)


@pytest.fixture
def body() -> Unit:
    return make_unit("示例市人民检察院")


@pytest.fixture
def head(body: Unit) -> User:
    return make_user("department_head", make_department(body, "宣传处"), name="何静安")


@pytest.fixture
def stand_in(body: Unit) -> User:
    return make_user("owner", body, name="姚望")


def appoint(principal: User, deputy: User, **values: Any) -> Deputy:
    given = {"actor": principal, "started_on": TODAY, "ended_on": TODAY + WEEK, **values}
    return actions.appoint_deputy(principal, deputy, **given)


def test_a_deputy_has_the_principals_posts_from_the_first_to_the_last_day(head: User, stand_in: User) -> None:
    assert not may(stand_in, Permission.REVIEW)
    made = appoint(head, stand_in)
    assert may(stand_in, Permission.REVIEW)
    access = access_of(stand_in)
    assert access.principals == {head.pk}
    assert {post.holder_id for post in access.posts} == {head.pk, stand_in.pk}
    for changes in ({"ended_on": TODAY - timedelta(days=1)}, {"started_on": TODAY + timedelta(days=1)}):
        Deputy.objects.filter(pk=made.pk).update(started_on=TODAY - WEEK, ended_on=TODAY + WEEK)
        Deputy.objects.filter(pk=made.pk).update(**changes)
        forget_access(stand_in)
        assert not may(stand_in, Permission.REVIEW)


def test_it_can_be_ended_before_its_last_day_by_those_it_concerns(body: Unit, head: User, stand_in: User) -> None:
    bystander, officer = make_user("owner", body), make_user("security_admin", body)
    for who in (head, stand_in, officer):
        made = appoint(head, stand_in)
        with pytest.raises(NotFound):
            actions.end_deputy(made, actor=bystander)
        actions.end_deputy(made, actor=who)
        forget_access(stand_in)
        assert access_of(stand_in).principals == frozenset()
        with pytest.raises(DeputyEnded):
            actions.end_deputy(made, actor=who)
    codes = list(Entry.objects.filter(code__startswith="people.deputy").values_list("code", flat=True))
    assert codes == ["people.deputy_appointed", "people.deputy_ended"] * 3
    assert Entry.objects.filter(code="people.deputy_ended").latest("sequence").data["name"] == "姚望"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_the_principal_and_who_grants_posts_appoint(role: str, head: User, stand_in: User, body: Unit) -> None:
    unit = next(
        unit
        for unit in (body, head.posts.get().unit, make_grassroots(body), make_unit(kind=Unit.Kind.EXTERNAL))
        if unit.kind in ROLES[role].unit_kinds
    )
    actor = make_user(role, unit)
    if Permission.ASSIGN_POSTS in ROLES[role].grants:
        assert appoint(head, stand_in, actor=actor).appointed_by == actor
    else:
        with pytest.raises(NotAllowed):
            appoint(head, stand_in, actor=actor)


def test_a_deputys_deputy_gets_nothing_of_the_first_principal(body: Unit, head: User, stand_in: User) -> None:
    third = make_user("leading_group_member", body)
    appoint(head, stand_in)
    appoint(stand_in, third)
    assert access_of(third).principals == {stand_in.pk}
    assert not may(third, Permission.REVIEW)
    assert may(third, Permission.WORK)  # the stand-in's own post


def test_who_does_not_fit_is_refused(body: Unit, head: User, stand_in: User) -> None:
    elsewhere = make_user("owner", make_unit())
    officer, nobody, gone = make_user("auditor", body), make_user(), make_user("owner", body)
    make_user("auditor", body)
    actions.deactivate_user(gone, actor=OPERATOR)
    for deputy in (elsewhere, officer, nobody, gone):
        with pytest.raises(DeputyDoesNotFit):
            appoint(head, deputy)
    for principal in (officer, nobody):
        with pytest.raises(DeputyDoesNotFit):
            appoint(principal, stand_in)
    with pytest.raises(NotOneself):
        appoint(head, head)
    security = make_user("security_admin", body)
    with pytest.raises(NotOneself):
        appoint(head, security, actor=security)
    assert set(queries.possible_deputies(head)) == {stand_in}
    assert queries.possible_deputies(nobody) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [(TODAY, TODAY - timedelta(days=1)), (TODAY - WEEK, TODAY + WEEK), (TODAY, TODAY + timedelta(days=400))],
)
def test_days_that_cannot_be_are_refused(start: date, end: date, head: User, stand_in: User) -> None:
    with pytest.raises(DeputyDoesNotFit):
        appoint(head, stand_in, started_on=start, ended_on=end)


def test_appointments_do_not_overlap(body: Unit, head: User, stand_in: User) -> None:
    third = make_user("owner", body)
    appoint(head, stand_in)
    with pytest.raises(DeputyDoesNotFit):
        appoint(head, third)  # one deputy at a time
    with pytest.raises(DeputyDoesNotFit):
        appoint(third, head)  # who is absent acts for nobody
    later = appoint(head, third, started_on=TODAY + WEEK + timedelta(days=1), ended_on=TODAY + 2 * WEEK)
    assert [row.deputy for row in queries.deputies_of(head)] == [stand_in, third]
    assert queries.deputy_for(third) == [later]
    assert queries.access_deputy(third, later.pk) == later
    with pytest.raises(NotFound):
        queries.access_deputy(stand_in, later.pk)


def test_both_are_told_when_someone_else_appoints_or_ends(body: Unit, head: User, stand_in: User) -> None:
    officer = make_user("security_admin", body)
    days = {"started_on": TODAY, "ended_on": TODAY + WEEK}
    made = appoint_deputy(head, stand_in, actor=officer, reason="出差", **days)
    assert set(Notification.objects.values_list("user__name", flat=True)) == {"何静安", "姚望"}
    end_deputy(made, actor=head)
    assert Notification.objects.filter(user=stand_in, title__contains="已经结束").exists()
    assert not Notification.objects.filter(user=head, title__contains="已经结束").exists()


def test_an_address_for_mail_is_set_by_oneself_or_who_manages_people(body: Unit, head: User, stand_in: User) -> None:
    with pytest.raises(BadEmail):
        actions.set_email(head, actor=head, email="not an address")
    with pytest.raises(NotAllowed):
        actions.set_email(head, actor=stand_in, email="a@example.cn")
    actions.set_email(head, actor=make_user("system_admin", body), email="head@example.cn")
    assert User.objects.get(pk=head.pk).email == "head@example.cn"
    assert actions.set_email(head, actor=head, email="").email == ""
    assert "example.cn" not in str(list(Entry.objects.filter(code="people.email_set").values_list("data", flat=True)))


@pytest.mark.usefixtures("locking_database")
def test_two_appointments_at_once_leave_one_deputy() -> None:
    body = make_unit()
    head = make_user("department_head", make_department(body))
    one, other = make_user("owner", body), make_user("owner", body)
    answers = at_once(lambda: appoint(head, one), lambda: appoint(head, other))
    assert sorted(type(each).__name__ for each in answers) == ["Deputy", "DeputyDoesNotFit"]
    assert Deputy.objects.count() == 1
