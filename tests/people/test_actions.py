"""Acts on units, accounts and posts: what they change, whom they refuse, and that the trail tells."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.people import (
    PASSWORD,
    make_department,
    make_grassroots,
    make_post,
    make_unit,
    make_user,
)
from zhenggai.audit.models import Entry
from zhenggai.audit.queries import audit_codes, verify_chain
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people import actions, queries
from zhenggai.people.access import OPERATOR, may
from zhenggai.people.errors import (
    AlreadyHeld,
    BadName,
    BadUsername,
    LastOfficer,
    NoCharges,
    NotOneself,
    OfficerPassword,
    OfficersKeptApart,
    PostEnded,
    RoleDoesNotFit,
    RoleUnknown,
    UnitDoesNotFit,
    UnitInUse,
    WeakPassword,
    WrongPassword,
)
from zhenggai.people.models import Unit, User
from zhenggai.people.passwords import check_new_password, temporary_password
from zhenggai.people.roles import ROLES, Permission

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Unit:
    return make_unit("示例市人民检察院")


@pytest.fixture
def system_admin(court: Unit) -> User:
    return make_user("system_admin", court)


@pytest.fixture
def security_admin(court: Unit) -> User:
    return make_user("security_admin", court)


def test_the_system_administrator_manages_units_and_accounts_but_grants_nothing(
    court: Unit, system_admin: User
) -> None:
    department = actions.create_unit(actor=system_admin, kind=Unit.Kind.DEPARTMENT, name=" 办公室 ", parent=court)
    user, first = actions.create_user(actor=system_admin, username="Li.Ming", name="李明")
    assert (department.name, department.parent, user.username, user.must_change_password) == (
        "办公室",
        court,
        "li.ming",
        True,
    )
    assert user.check_password(first)
    with pytest.raises(NotAllowed):
        actions.grant_post(user, actor=system_admin, unit=court, role="owner")
    for permission in ("audit.read", "findings.view", "people.assign_posts"):
        assert not may(system_admin, permission)


def test_the_security_administrator_grants_but_manages_no_accounts(court: Unit, security_admin: User) -> None:
    user = make_user()
    post = actions.grant_post(user, actor=security_admin, unit=court, role="rectification_office", title="整改办主任")
    assert may(user, "findings.edit", court)
    actions.end_post(post, actor=security_admin)
    assert not may(User.objects.get(pk=user.pk), "findings.edit")
    with pytest.raises(PostEnded):
        actions.end_post(post, actor=security_admin)
    for refused in (
        lambda: actions.create_user(actor=security_admin, username="abc", name="某"),
        lambda: actions.create_unit(actor=security_admin, kind=Unit.Kind.ORGANISATION, name="某院"),
        lambda: actions.reset_password(user, actor=security_admin),
        lambda: actions.deactivate_user(user, actor=security_admin),
    ):
        with pytest.raises(NotAllowed):
            refused()


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("system_admin", "security_admin"),
        ("security_admin", "auditor"),
        ("auditor", "system_admin"),
        ("auditor", "owner"),
        ("rectification_office", "auditor"),
        ("owner", "system_admin"),
    ],
)
def test_the_three_officers_hold_no_other_role(court: Unit, held: str, wanted: str) -> None:
    user = make_user(held, court)
    with pytest.raises(OfficersKeptApart) as refusal:
        make_post(user, court, wanted)
    assert str(ROLES[held].label) in str(refusal.value)
    assert user.posts.count() == 1


def test_the_last_officer_of_a_kind_stays(court: Unit, system_admin: User, security_admin: User) -> None:
    with pytest.raises(LastOfficer):
        actions.end_post(system_admin.posts.get(), actor=security_admin)
    with pytest.raises(LastOfficer):
        actions.deactivate_user(security_admin, actor=system_admin)
    with pytest.raises(NotOneself):
        actions.deactivate_user(system_admin, actor=system_admin)
    make_user("security_admin", court)
    assert not actions.deactivate_user(security_admin, actor=system_admin).is_active


def test_posts_fit_their_unit_and_are_held_once(court: Unit, security_admin: User) -> None:
    department, grassroots, user = make_department(court), make_grassroots(court), make_user()
    for unit, role in ((court, "department_head"), (department, "grassroots_chief"), (court, "inspection_office")):
        with pytest.raises(RoleDoesNotFit):
            actions.grant_post(user, actor=security_admin, unit=unit, role=role)
    with pytest.raises(RoleUnknown):
        actions.grant_post(user, actor=security_admin, unit=court, role="king")
    actions.grant_post(user, actor=security_admin, unit=grassroots, role="grassroots_liaison")
    with pytest.raises(AlreadyHeld):
        actions.grant_post(user, actor=security_admin, unit=grassroots, role="grassroots_liaison")
    with pytest.raises(NotOneself):
        actions.grant_post(security_admin, actor=security_admin, unit=court, role="owner")
    with pytest.raises(NoCharges):
        actions.set_charges(user.posts.get(), actor=security_admin, units=[department])


def test_units_stand_only_where_they_fit(court: Unit) -> None:
    department, grassroots = make_department(court, "办公室"), make_grassroots(court)
    with pytest.raises(UnitDoesNotFit):
        make_unit(kind=Unit.Kind.GRASSROOTS)
    with pytest.raises(UnitDoesNotFit):
        make_grassroots(grassroots)
    with pytest.raises(UnitDoesNotFit):
        actions.move_unit(court, actor=OPERATOR, parent=department)
    with pytest.raises(UnitDoesNotFit):
        actions.move_unit(department, actor=OPERATOR, parent=department)
    for name in ("办公室", "", " \u200b ", "长" * 121):
        with pytest.raises(BadName):
            make_unit(name or "\u200b", kind=Unit.Kind.DEPARTMENT, parent=court)
    with pytest.raises(BadName):
        make_unit("示例市人民检察院")


def test_a_renamed_unit_is_found_under_its_old_name(court: Unit) -> None:
    department = make_department(court, "监所处")
    renamed = actions.rename_unit(department, actor=OPERATOR, name="第三检察部", short_name="三部")
    assert (renamed.name, renamed.short_name, renamed.aliases) == ("第三检察部", "三部", ["监所处"])
    back = actions.rename_unit(renamed, actor=OPERATOR, name="监所处")
    assert back.aliases == ["第三检察部"]


def test_a_unit_in_use_is_not_closed(court: Unit) -> None:
    department = make_department(court)
    head = make_user("department_head", department)
    for unit in (court, department):
        with pytest.raises(UnitInUse):
            actions.close_unit(unit, actor=OPERATOR)
    actions.end_post(head.posts.get(), actor=OPERATOR)
    assert actions.close_unit(department, actor=OPERATOR).closed_on == timezone.localdate()
    with pytest.raises(PostEnded):
        actions.rename_unit(department, actor=OPERATOR, name="某部")


@pytest.mark.parametrize("username", ["", "a", "李明", "a b", "-ab", "a" * 61, "taken", "ＴＡＫＥＮ"])
def test_names_to_sign_in_with_are_plain_and_unique(username: str) -> None:
    make_user(username="taken")
    with pytest.raises(BadUsername):
        make_user(username=username or " ")


@pytest.mark.parametrize(
    "password",
    ["Short-7", "alllowercase", "ALLUPPER12345", "Xx-li.ming-99", "Aa1-Aa1-Aa1-", PASSWORD, "P" * 201 + "a1-"],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_new_password(make_user(username="li.ming"), password)


def test_temporary_passwords_keep_the_rules() -> None:
    user = make_user()
    for _ in range(50):
        check_new_password(user, temporary_password())


def test_changing_a_password_asks_for_the_present_one_and_ends_first_sign_in(court: Unit) -> None:
    user, first = actions.create_user(actor=OPERATOR, username="zhao", name="赵某")
    with pytest.raises(WrongPassword):
        actions.change_password(user, actor=user, present="wrong", new="Fresh-Start-88")
    with pytest.raises(WeakPassword):
        actions.change_password(user, actor=user, present=first, new=first)
    with pytest.raises(NotOneself):
        actions.change_password(user, actor=make_user(), present=first, new="Fresh-Start-88")
    changed = actions.change_password(user, actor=user, present=first, new="Fresh-Start-88")
    assert changed.check_password("Fresh-Start-88")
    assert not changed.must_change_password


def test_officers_passwords_are_reset_only_at_the_server(court: Unit, system_admin: User, security_admin: User) -> None:
    ordinary = make_user("owner", court)
    assert User.objects.get(pk=ordinary.pk).check_password(PASSWORD)
    fresh = actions.reset_password(ordinary, actor=system_admin)
    ordinary.refresh_from_db()
    assert ordinary.check_password(fresh)
    assert ordinary.must_change_password
    with pytest.raises(OfficerPassword):
        actions.reset_password(security_admin, actor=system_admin)
    assert actions.reset_password(security_admin, actor=OPERATOR)


def test_preferences_are_merged_and_forgotten() -> None:
    user = make_user()
    actions.set_preferences(user, actor=user, changes={"folded": True, "columns": ["no"]})
    actions.set_preferences(user, actor=user, changes={"folded": None})
    assert User.objects.get(pk=user.pk).preferences == {"columns": ["no"]}


def test_every_act_is_in_the_trail_under_a_declared_code(court: Unit, security_admin: User) -> None:
    user = make_user()
    actions.grant_post(user, actor=security_admin, unit=court, role="owner")
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.code, entry.actor_id, entry.object_label) == (
        "people.post_granted",
        str(security_admin.pk),
        user.name,
    )
    assert set(Entry.objects.values_list("code", flat=True)) <= set(audit_codes())
    assert verify_chain().holds


def test_the_tree_shows_what_the_reader_may_see(
    court: Unit, system_admin: User, django_assert_num_queries: object
) -> None:
    department, grassroots = make_department(court, "办公室"), make_grassroots(court, "青禾区人民检察院")
    other = make_unit("邻市人民检察院")
    chief, clerk, owner = (
        make_user("grassroots_chief", grassroots),
        make_user("rectification_office", department),
        make_user("owner", department),
    )
    may(chief, Permission.VIEW_PEOPLE)
    with django_assert_num_queries(2):  # type: ignore[operator]
        tree = queries.units_tree(chief)
    assert [node.unit for node in queries.flat(tree)] == [grassroots]
    assert [node.unit for node in queries.flat(queries.units_tree(clerk))] == [court, department, grassroots]
    assert [node.depth for node in queries.flat(queries.units_tree(system_admin))] == [0, 1, 1, 0]
    assert queries.units_tree(clerk)[0].children[0].people_count == 2
    with pytest.raises(NotAllowed):
        queries.units_tree(owner)
    with pytest.raises(NotFound):
        queries.access_unit(chief, court.pk)
    with pytest.raises(NotFound):
        queries.people_in(chief, other)
    assert [post.user for post in queries.people_in(clerk, department)] == [clerk, owner]
    with pytest.raises(NotFound):
        queries.access_user(chief, clerk.pk)
    assert queries.access_user(clerk, chief.pk) == chief
    assert queries.access_user(owner, owner.pk) == owner
    assert set(queries.visible_people(clerk)) == {clerk, owner, chief, system_admin}
    assert set(queries.visible_people(system_admin)) == set(User.objects.all())
    assert queries.own_body(clerk) == court
    assert queries.bodies_for(clerk, Permission.IMPORT) == [court, grassroots]


def test_the_displayed_matrix_has_a_row_per_role_and_a_column_per_permission() -> None:
    matrix = queries.matrix_for_display()
    assert len(matrix.rows) == len(ROLES)
    assert [code for code, _label in matrix.permissions] == [str(permission) for permission in Permission]
    assert all(len(row.cells) == len(matrix.permissions) for row in matrix.rows)
