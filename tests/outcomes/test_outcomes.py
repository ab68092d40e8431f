"""Meetings and decisions, rules, accountability, money and groups: kept by those who may, counted, told about."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.outcomes import (
    make_accountability,
    make_decision,
    make_group,
    make_meeting,
    make_recovery,
    make_rule,
)
from tests.factories.people import make_department, make_grassroots, make_post, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.findings.errors import BadValue
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.models import Notification
from zhenggai.outcomes import kinds, listings
from zhenggai.outcomes.actions import (
    add_member,
    end_member,
    follow_up,
    keep_member,
    note_use,
    replace_member,
    run_daily,
)
from zhenggai.outcomes.errors import AlreadyMember, DecisionClosed, NotMember
from zhenggai.outcomes.models import Decision
from zhenggai.outcomes.queries import (
    Totals,
    access_member,
    decisions_without_follow_up,
    double_roles,
    members_to_replace,
    outcomes_of_finding,
    totals,
    unused_rules,
    visible_decisions,
)
from zhenggai.people.access import OPERATOR, forget_access, may
from zhenggai.people.actions import deactivate_user, end_post
from zhenggai.people.models import Unit
from zhenggai.people.roles import ROLES
from zhenggai.policy.actions import save_policy
from zhenggai.policy.profile import shipped_values
from zhenggai.registers.actions import change_entry, create_entry, withdraw_entry
from zhenggai.registers.errors import EntryChanged, EntryWithdrawn, ReasonMissing
from zhenggai.registers.queries import ListQuery, access_entry, entry_history, export_entries, find_entries
from zhenggai.workflow.actions import set_course

pytestmark = pytest.mark.django_db
KEEPERS = {"rectification_office"}
VIEWERS = {
    "first_responsible_person",
    "executive_deputy",
    "leader_in_charge",
    "leading_group_member",
    "rectification_office",
    "supervision_group",
    "discipline_group",
}
KNOW_NAMES = {
    "first_responsible_person",
    "executive_deputy",
    "rectification_office",
    "supervision_group",
    "discipline_group",
}


def _place(body: Unit, role: str) -> Unit:
    """Return a unit of *body* in which *role* may be held."""
    allowed = ROLES[role].unit_kinds
    if body.kind in allowed:
        return body
    if Unit.Kind.DEPARTMENT in allowed:
        return make_department(body)
    return make_grassroots(body) if Unit.Kind.GRASSROOTS in allowed else make_unit(kind=Unit.Kind.EXTERNAL)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_keeps_sees_and_knows_names_as_the_matrix_says(role: str) -> None:
    body = make_unit()
    entry = make_accountability(body, name="王某某", position="副主任")
    other = make_accountability(make_unit())
    person = make_user(role, _place(body, role))
    if role in VIEWERS:
        assert access_entry(kinds.ACCOUNTABILITY, person, entry.pk) == entry
    else:
        with pytest.raises(NotFound):
            access_entry(kinds.ACCOUNTABILITY, person, entry.pk)
    with pytest.raises(NotFound):
        access_entry(kinds.ACCOUNTABILITY, person, other.pk)
    values = {"kind": "recovered", "amount": "1", "recovered_on": "2024-10-08"}
    if role in KEEPERS:
        assert create_entry(kinds.RECOVERY, body, values, actor=person).pk
        assert change_entry(kinds.ACCOUNTABILITY, entry, {"degree": "警告"}, actor=person, version=1).version == 2
    else:
        with pytest.raises(NotAllowed):
            create_entry(kinds.RECOVERY, body, values, actor=person)
        with pytest.raises((NotAllowed, NotFound)):
            change_entry(kinds.ACCOUNTABILITY, entry, {"degree": "警告"}, actor=person, version=1)
    rows = find_entries(kinds.ACCOUNTABILITY, listings.ACCOUNTABILITIES, person, ListQuery()).rows
    shown = "".join(str(cell) for row in rows for cell in row)
    assert ("王某某" in shown) == (role in KNOW_NAMES)
    book = export_entries(kinds.ACCOUNTABILITY, listings.ACCOUNTABILITIES, person, ListQuery(), title="问责")
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    exported = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert ("王某某" in exported) == (role in KNOW_NAMES)


def test_names_of_those_held_to_account_never_reach_the_trail() -> None:
    entry = make_accountability(make_unit(), name="王某某", position="副主任", basis="王某某未履行职责")
    change_entry(kinds.ACCOUNTABILITY, entry, {"name": "赵某某"}, actor=OPERATOR, version=1)
    told = [str(row.data) + row.object_label for row in Entry.objects.filter(object_type="accountability")]
    assert len(told) == 2
    assert not any(secret in text for text in told for secret in ("王某某", "赵某某", "副主任"))
    assert "name" in told[1]


def test_a_change_needs_the_version_that_was_seen_and_tells_the_trail() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    meeting = make_meeting(body)
    changed = change_entry(kinds.MEETING, meeting, {"no": "第25次", "topics": "一\n二"}, actor=clerk, version=1)
    assert (changed.no, changed.version) == ("第25次", 2)
    with pytest.raises(EntryChanged):
        change_entry(kinds.MEETING, meeting, {"no": "第26次"}, actor=clerk, version=1)
    same = change_entry(kinds.MEETING, meeting, {"no": "第25次"}, actor=clerk, version=2)
    assert same.version == 2
    told = entry_history(kinds.MEETING, changed)
    assert [(each.who, each.what) for each in told] == [(clerk.name, "修改会议登记"), (OPERATOR.name, "登记会议")]
    assert ("会议编号", meeting.no, "第25次") in told[0].changes


def test_withdrawing_needs_a_reason_and_takes_the_entry_out_of_sight() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    meeting = make_meeting(body)
    decision = make_decision(meeting)
    with pytest.raises(ReasonMissing):
        withdraw_entry(kinds.MEETING, meeting, actor=clerk, reason="  ")
    withdraw_entry(kinds.MEETING, meeting, actor=clerk, reason="重复登记")
    with pytest.raises(NotFound):
        access_entry(kinds.MEETING, clerk, meeting.pk)
    assert decision not in visible_decisions(clerk)
    with pytest.raises((EntryWithdrawn, NotFound)):
        withdraw_entry(kinds.MEETING, meeting, actor=clerk, reason="再来一次")


@pytest.mark.parametrize(
    ("kind", "values", "label"),
    [
        (kinds.MEETING, {"kind": "party_group", "held_on": "2024-08-01"}, "议题"),
        (kinds.MEETING, {"kind": "茶话会", "held_on": "2024-08-01", "topics": "一"}, "会议类别"),
        (kinds.MEETING, {"kind": "党组会", "held_on": "八月一日", "topics": "一"}, "会议日期"),
        (kinds.RECOVERY, {"kind": "recovered", "amount": "-1", "recovered_on": "2024-08-01"}, "金额（元）"),
        (kinds.RECOVERY, {"kind": "recovered", "amount": "1.005", "recovered_on": "2024-08-01"}, "金额（元）"),
        (kinds.RECOVERY, {"kind": "recovered", "amount": "一万", "recovered_on": "2024-08-01"}, "金额（元）"),
        (
            kinds.RULE,
            {"title": "办法", "kind": "new", "issued_on": "2024-08-02", "effective_on": "2024-08-01"},
            "施行日期",
        ),
        (kinds.RULE, {"title": "办" * 201, "kind": "new", "issued_on": "2024-08-02"}, "制度名称"),
        (kinds.RULE, {"title": "办法", "kind": "new", "issued_on": "2024-08-02", "department": "99999"}, "主责部门"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_field(kind: object, values: dict[str, str], label: str) -> None:
    body = make_unit()
    with pytest.raises(BadValue) as refused:
        create_entry(kind, body, values, actor=OPERATOR)  # type: ignore[arg-type]  # one test for all registers
    assert str(refused.value.slots["label"]) == label


def test_only_what_is_offered_may_be_chosen() -> None:
    body, other = make_unit(), make_unit()
    clerk = make_user("rectification_office", body)
    foreign = make_finding(make_round(other))
    with pytest.raises(BadValue):
        create_entry(
            kinds.RECOVERY,
            body,
            {"kind": "recovered", "amount": "1", "recovered_on": "2024-08-01", "finding": str(foreign.pk)},
            actor=clerk,
        )
    finding = make_finding(make_round(body))
    kept = create_entry(
        kinds.RECOVERY,
        body,
        {"kind": "recovered", "amount": "12,500.5", "recovered_on": "2024-08-01", "finding": str(finding.pk)},
        actor=clerk,
    )
    assert (kept.amount, kept.round) == (Decimal("12500.50"), finding.round)


def test_a_decision_is_followed_up_by_its_doers_until_it_is_carried_out() -> None:
    body = make_unit()
    department = make_department(body)
    head, stranger = make_user("department_head", department), make_user("department_head", make_department(body))
    decision = make_decision(make_meeting(body), department=department)
    assert Notification.objects.filter(user=head, path=f"/outcomes/decisions/{decision.pk}/").exists()
    assert decision in visible_decisions(head)
    with pytest.raises(NotFound):
        follow_up(decision, "已办", actor=stranger)
    leader = make_user("leading_group_member", body)
    with pytest.raises(NotAllowed):
        follow_up(decision, "已办", actor=leader)
    with pytest.raises(BadValue):
        follow_up(decision, " ", actor=head)
    with pytest.raises(BadValue):
        follow_up(decision, "已办", actor=head, done_on=date.today() + timedelta(days=2))
    follow_up(decision, "已起草修订稿", actor=head)
    follow_up(decision, "已印发", actor=head, done=True)
    decision.refresh_from_db()
    assert (decision.state, decision.follow_ups.count()) == (Decision.State.DONE, 2)
    with pytest.raises(DecisionClosed):
        follow_up(decision, "再办", actor=head)


def test_decisions_that_nobody_followed_up_and_rules_nobody_used_are_found() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    meeting = make_meeting(body, held_on="2024-01-10")
    quiet, told = make_decision(meeting), make_decision(meeting)
    fresh = make_decision(make_meeting(body, held_on="2024-02-20"))
    follow_up(told, "已办理", actor=clerk)
    assert list(decisions_without_follow_up(clerk, date(2024, 3, 1))) == [quiet]
    assert fresh not in decisions_without_follow_up(clerk, date(2024, 3, 1))
    old, used = make_rule(body, issued_on="2023-01-01"), make_rule(body, issued_on="2023-01-01")
    note_use(used, "据此检查用车台账", actor=clerk)
    assert list(unused_rules(clerk, date(2024, 3, 1))) == [old]


def test_totals_count_by_kind_with_the_entries_behind_and_units_apart_from_persons() -> None:
    body = make_unit()
    round_ = make_round(body)
    for kind in ["admonition"] * 3 + ["criticism"] * 2 + ["talk_reminder"] * 8:
        make_accountability(body, kind=kind, round=round_)
    make_accountability(body, subject="unit", name="第一检察部", kind="written_review", round=round_)
    make_accountability(body, kind="criticism")
    make_recovery(body, amount="30000000", kind="loss_averted", round=round_)
    make_recovery(body, amount="12500.50", round=round_)
    rule = make_rule(body, kind="revised", round=round_)
    told = totals(OPERATOR, round_id=round_.pk)
    assert (Totals.count(told.persons), Totals.count(told.units)) == (13, 1)
    assert [(line.words, line.count) for line in told.persons] == [("批评教育", 2), ("谈话提醒", 8), ("诫勉", 3)]
    assert told.amount == Decimal("30012500.50")
    assert told.rules[0].keys == (rule.pk,)
    assert Totals.count(totals(OPERATOR, since=date(2030, 1, 1)).persons) == 0
    assert Totals.count(totals(make_user("rectification_office", make_unit())).persons) == 0


def test_what_came_about_for_a_finding_is_told_without_names() -> None:
    body = make_unit()
    finding = make_finding(make_round(body))
    rule = make_rule(body, findings=[finding])
    make_accountability(body, finding=finding)
    money = make_recovery(body, finding=finding)
    told = outcomes_of_finding(make_user("leading_group_member", body), finding)
    assert (told.rules, told.recoveries, told.persons, told.units) == ((rule,), (money,), 1, 0)
    assert not outcomes_of_finding(make_user("owner", make_department(body)), finding)


def test_a_member_whose_post_ends_is_to_be_replaced_until_replaced_ended_or_kept() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    group = make_group(body)
    people = [make_user("department_head", make_department(body)) for _ in range(4)]
    members = [add_member(group, person, actor=clerk, role="member") for person in people]
    assert members_to_replace(clerk) == []
    with pytest.raises(AlreadyMember):
        add_member(group, people[0], actor=clerk, role="deputy")
    with pytest.raises(BadValue):
        add_member(group, make_user(), actor=clerk, role="member")
    for person in people[:3]:
        end_post(person.posts.get(), actor=OPERATOR)
    deactivate_user(people[3], actor=OPERATOR)
    assert {task.member for task in members_to_replace(clerk)} == set(members)
    assert run_daily(date(2024, 8, 1), actor=OPERATOR) == {"reminders": 4}
    assert run_daily(date(2024, 8, 1)) == {"reminders": 0}
    successor = make_user("department_head", make_department(body))
    new = replace_member(members[0], successor, actor=clerk, post_text="主任")
    assert (new.role, new.replaces_id) == (members[0].role, members[0].pk)
    end_member(members[1], actor=clerk)
    with pytest.raises(NotMember):
        end_member(members[1], actor=clerk)
    with pytest.raises(BadValue):
        keep_member(members[2], actor=clerk, why="")
    keep_member(members[2], actor=clerk, why="退休返聘，继续负责")
    assert [task.member for task in members_to_replace(clerk)] == [members[3]]
    assert members_to_replace(make_user("rectification_office", make_unit())) == []


def test_a_group_is_changed_only_by_those_who_keep_it() -> None:
    body = make_unit()
    group = make_group(body)
    leader, other = make_user("leading_group_member", body), make_user("rectification_office", make_unit())
    person = make_user("department_head", make_department(body))
    member = add_member(group, person, actor=OPERATOR, role="head")
    with pytest.raises(NotAllowed):
        end_member(member, actor=leader)
    with pytest.raises(NotFound):
        end_member(member, actor=other)
    assert access_member(leader, member.pk) == member
    with pytest.raises(NotFound):
        access_member(other, member.pk)


def test_a_supervisor_who_does_what_is_supervised_is_named() -> None:
    body = make_unit()
    round_ = make_round(body)
    doer, clean = (make_user("owner", make_department(body)) for _ in range(2))
    owned, measured = make_finding(round_, owner=doer.pk), make_finding(round_)
    make_measure(measured, owner=doer.pk)
    group = make_group(body, kind="supervision")
    for person in (doer, clean):
        add_member(group, person, actor=OPERATOR, role="member")
    told = double_roles(OPERATOR, group)
    assert [(each.member.user, each.findings) for each in told] == [(doer, (owned, measured))]
    assert double_roles(OPERATOR, make_group(body)) == []


def test_the_daily_run_reminds_doers_and_when_late_the_keepers_too() -> None:
    body = make_unit()
    department = make_department(body)
    clerk, head = make_user("rectification_office", body), make_user("department_head", department)
    decision = make_decision(make_meeting(body), department=department, due_on="2024-09-30")
    rule = make_rule(body, department=department, issued_on="2024-01-01", review_on="2024-10-30")
    Notification.objects.all().delete()
    assert run_daily(date(2024, 9, 30), actor=OPERATOR) == {
        "reminders": 3
    }  # the decision's day, and the rule a month ahead
    assert set(Notification.objects.filter(key__startswith="rule-").values_list("user", flat=True)) == {
        clerk.pk,
        head.pk,
    }
    assert list(Notification.objects.filter(key__startswith="decision-").values_list("user", flat=True)) == [head.pk]
    run_daily(date(2024, 10, 1), actor=OPERATOR)
    late = Notification.objects.filter(key=f"decision-{decision.pk}-due--1")
    assert {told.user for told in late} == {clerk, head}
    assert rule.review_on == date(2024, 10, 30)


def test_a_list_is_filtered_counted_and_paged() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    for number in range(55):
        make_meeting(body, kind="party_group" if number % 5 else "administration", topics=f"议题{number}")
    page = find_entries(kinds.MEETING, listings.MEETINGS, clerk, ListQuery(page=2))
    assert (page.total, page.pages, len(page.rows)) == (55, 2, 5)
    counts = {option.value: option.count for option in page.options[0][1]}
    assert (counts["party_group"], counts["administration"], counts["other"]) == (44, 11, 0)
    asked = ListQuery.parse({"text": "议题10", "kind": "administration", "page": "x"}, listings.MEETINGS)
    assert find_entries(kinds.MEETING, listings.MEETINGS, clerk, asked).total == 1
    assert ListQuery.parse({"kind": "nonsense"}, listings.MEETINGS).chosen == ()


def test_money_is_exported_in_ten_thousands_with_two_decimals() -> None:
    body = make_unit()
    make_recovery(body, amount="2026000")
    book = export_entries(kinds.RECOVERY, listings.RECOVERIES, OPERATOR, ListQuery(), title="资金")
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4] == [1, sheet.cell(2, 2).value, "追缴资金", 202.6]


def test_a_deputy_of_the_office_keeps_the_registers_too() -> None:
    body = make_unit()
    person = make_user("owner", make_department(body))
    assert not may(person, "outcomes.manage", body)
    make_post(person, body, "rectification_office")
    forget_access(person)
    assert create_entry(
        kinds.MEETING, body, {"kind": "other", "held_on": "2024-08-01", "topics": "一"}, actor=person
    ).pk


def test_decisions_are_reminded_of_by_the_ladder_of_their_round_or_of_their_body() -> None:
    body = make_unit()
    department = make_department(body)
    make_user("department_head", department)
    own = {**shipped_values(), "reminders": {**shipped_values()["reminders"], "before": [13]}}
    profile = save_policy(body, own, actor=OPERATOR)
    round_ = make_round(body)
    set_course(round_, actor=OPERATOR, profile=None)
    of_round = make_decision(make_meeting(body, round=round_.pk), department=department, due_on="2024-09-30")
    of_body = make_decision(make_meeting(body), department=department, due_on="2024-09-30")
    for day, told in ((date(2024, 9, 17), [of_body]), (date(2024, 9, 23), [of_round])):
        Notification.objects.all().delete()
        run_daily(day, actor=OPERATOR)
        keys = Notification.objects.filter(key__startswith="decision-").values_list("key", flat=True)
        assert {key.split("-")[1] for key in keys} == {str(each.pk) for each in told}
    set_course(round_, actor=OPERATOR, profile=profile)
    Notification.objects.all().delete()
    run_daily(date(2024, 9, 17), actor=OPERATOR)
    assert Notification.objects.filter(key__startswith="decision-").count() == 2
