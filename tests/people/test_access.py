"""What a role reaches, and that it costs little to know."""

from __future__ import annotations

import pytest

from tests.factories.people import make_department, make_grassroots, make_post, make_unit, make_user
from zhenggai.kit.errors import NotAllowed
from zhenggai.people.access import OPERATOR, Reach, access_of, forget_access, may, reach, require
from zhenggai.people.actions import close_unit, deactivate_user, end_post, grant_post, move_unit
from zhenggai.people.models import Unit
from zhenggai.people.roles import OFFICERS, ROLES, Permission, Scope

pytestmark = pytest.mark.django_db


def test_unit_scope_of_a_department_post_reaches_the_whole_body_but_no_other() -> None:
    court, other = make_unit("示例市人民检察院"), make_unit("邻市人民检察院")
    office, grassroots = make_department(court, "办公室"), make_grassroots(court, "青禾区人民检察院")
    clerk = make_user("rectification_office", office)
    for unit in (court, office, grassroots):
        assert may(clerk, "findings.edit", unit)
    assert not may(clerk, "findings.edit", other)
    assert reach(clerk, "findings.edit") == Reach(unit_paths=(court.path,))


def test_grassroots_people_do_not_see_the_organisation_above_or_beside() -> None:
    court = make_unit()
    here, beside = make_grassroots(court), make_grassroots(court)
    chief = make_user("grassroots_chief", here)
    assert may(chief, "findings.view", here)
    assert not may(chief, "findings.view", court)
    assert not may(chief, "findings.view", beside)


def test_charge_scope_joins_departments_units_and_own_work() -> None:
    court = make_unit()
    first, second, far = make_department(court), make_department(court), make_grassroots(court)
    leader = make_user("leader_in_charge", court, charges=[first, far])
    assert reach(leader, "findings.view") == Reach(
        unit_paths=(far.path,), department_ids=frozenset({first.pk}), user_ids=frozenset({leader.pk})
    )
    assert may(leader, "findings.view", first)
    assert not may(leader, "findings.view", second)


def test_department_and_own_scopes_never_reach_a_body() -> None:
    court = make_unit()
    department = make_department(court)
    head, owner = make_user("department_head", department), make_user("owner", department)
    assert reach(head, "findings.view") == Reach(
        department_ids=frozenset({department.pk}), user_ids=frozenset({head.pk})
    )
    assert reach(owner, "findings.view") == Reach(user_ids=frozenset({owner.pk}))
    assert not may(head, "findings.view", court)
    assert not may(owner, "findings.view", court)
    with pytest.raises(NotAllowed):
        require(owner, "findings.edit")


def test_reaches_of_several_posts_are_joined_and_inner_paths_dropped() -> None:
    court = make_unit()
    grassroots = make_grassroots(court)
    person = make_user("leading_group_member", court)
    make_post(person, grassroots, "grassroots_chief")
    assert reach(person, "findings.view") == Reach(unit_paths=(court.path,))
    assert reach(person, "findings.assign") == Reach(unit_paths=(grassroots.path,))


def test_only_current_posts_of_active_people_in_open_units_count() -> None:
    court = make_unit()
    department = make_department(court)
    head = make_user("department_head", department)
    post = head.posts.get()
    end_post(post, actor=OPERATOR)
    forget_access(head)
    assert not access_of(head).posts
    close_unit(department, actor=OPERATOR)
    clerk = make_user("rectification_office", court)
    deactivate_user(clerk, actor=OPERATOR)
    clerk.refresh_from_db()
    assert not may(clerk, "findings.view")


def test_moving_a_unit_moves_what_is_reached() -> None:
    one, two = make_unit(), make_unit()
    grassroots = make_grassroots(one)
    inner = make_department(grassroots)
    clerk = make_user("rectification_office", two)
    assert not may(clerk, "findings.view", inner)
    move_unit(grassroots, actor=OPERATOR, parent=two)
    inner.refresh_from_db()
    assert inner.path.startswith(two.path)
    assert may(clerk, "findings.view", inner)


@pytest.mark.parametrize(("in_department", "queries"), [(False, 1), (True, 2)])
def test_access_costs_at_most_two_queries_once(
    in_department: bool, queries: int, django_assert_num_queries: object
) -> None:
    court = make_unit()
    unit = make_department(court) if in_department else court
    person = make_user("rectification_office", unit)
    leader = make_user("leader_in_charge", court, charges=[make_department(court) for _ in range(5)])
    make_post(person, court, "leading_group_member")
    for someone, expected in ((person, queries), (leader, 1)):
        forget_access(someone)
        with django_assert_num_queries(expected):  # type: ignore[operator]
            for permission in Permission:
                may(someone, permission, court)


def test_officers_hold_no_business_permission_and_none_of_each_others() -> None:
    business = {p for p in Permission if p.value.startswith(("findings.", "intake."))}
    assert {"system_admin", "security_admin", "auditor"} == OFFICERS
    for code in OFFICERS:
        assert not business & set(ROLES[code].grants)
    assert Permission.ASSIGN_POSTS not in ROLES["system_admin"].grants
    assert Permission.MANAGE_PEOPLE not in ROLES["security_admin"].grants
    for code, role in ROLES.items():
        assert (Permission.READ_TRAIL in role.grants) == (code == "auditor")
        if code not in OFFICERS:
            assert not {Permission.MANAGE_PEOPLE, Permission.ASSIGN_POSTS, Permission.OPERATE} & set(role.grants)


def test_supervisors_never_edit() -> None:
    changing = {Permission.EDIT_FINDINGS, Permission.ASSIGN_FINDINGS, Permission.ATTACH_TO_FINDINGS, Permission.IMPORT}
    for code in ("supervision_group", "discipline_group", "inspection_office", "leading_group_member"):
        assert not changing & set(ROLES[code].grants)


def test_every_role_reaches_something_from_a_unit_it_fits() -> None:
    court = make_unit()
    places = {
        Unit.Kind.ORGANISATION: court,
        Unit.Kind.GRASSROOTS: make_grassroots(court),
        Unit.Kind.DEPARTMENT: make_department(court),
        Unit.Kind.EXTERNAL: make_unit("示例市委巡察办", kind=Unit.Kind.EXTERNAL),
    }
    for role in ROLES.values():
        charges = [court] if role.has_charges else []
        person = make_user(role.code, places[Unit.Kind(role.unit_kinds[0])], charges=charges)
        for permission, scope in role.grants.items():
            assert reach(person, permission)
            assert reach(person, permission).everything == (scope == Scope.ALL)


def test_a_person_without_posts_may_nothing() -> None:
    person = make_user()
    assert access_of(person).permissions == frozenset()
    with pytest.raises(NotAllowed):
        grant_post(make_user(), actor=person, unit=make_unit(), role="owner")
