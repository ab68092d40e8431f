"""Immediate fixes, petitions, clues, common problems and what was carried over: who may see, do and be told what."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.factories.referrals import make_clue, make_common, make_fix, make_petition
from zhenggai.audit.models import Entry
from zhenggai.findings.actions import update_finding
from zhenggai.findings.errors import BadValue
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import LedgerQuery, find_findings
from zhenggai.findings.standing import Standing
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.models import Notification
from zhenggai.packs import read_shipped
from zhenggai.people.access import OPERATOR, forget_access
from zhenggai.people.actions import end_post
from zhenggai.people.models import Unit
from zhenggai.people.roles import ROLES
from zhenggai.policy.actions import save_policy
from zhenggai.referrals import kinds
from zhenggai.referrals.actions import (
    answer_petition,
    finish_fix,
    hand_down,
    name_readers,
    read_clue,
    register_clue,
    run_daily,
    say_not_the_same,
    take_over_clue,
)
from zhenggai.referrals.errors import AlreadyDone, HasReaders, NoReaderLeft, NoUnitsChosen, RoundMissing
from zhenggai.referrals.queries import (
    common_progress,
    earlier_of,
    hidden_clues,
    may_read_petition,
    ownerless_clues,
    propose_commons,
    similar_earlier,
    tally,
    units_without,
    visible_clues,
    visible_commons,
    visible_fixes,
    visible_petitions,
)
from zhenggai.registers.actions import change_entry, create_entry
from zhenggai.registers.queries import access_entry, entry_history
from zhenggai.workflow.models import Course

pytestmark = pytest.mark.django_db
KEEPERS = {"rectification_office", "discipline_group"}
CLUE_HANDLERS = {"first_responsible_person", "executive_deputy", "discipline_group"}
VIEWERS = KEEPERS | {
    "first_responsible_person",
    "executive_deputy",
    "leader_in_charge",
    "leading_group_member",
    "supervision_group",
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
def test_each_role_keeps_and_sees_as_the_matrix_says(role: str) -> None:
    body = make_unit()
    petition, other = make_petition(body), make_petition(make_unit())
    person = make_user(role, _place(body, role))
    clue = make_clue(body, [make_user("discipline_group", body)])
    assert (petition in visible_petitions(person)) == (role in VIEWERS)
    assert other not in visible_petitions(person)
    assert may_read_petition(person, petition) == (role in KEEPERS)
    assert clue not in visible_clues(person)
    values = {"issue": "公示栏内容陈旧", "issued_on": "2024-04-01"}
    if role in KEEPERS:
        assert create_entry(kinds.FIX, body, values, actor=person).pk
    else:
        with pytest.raises(NotAllowed):
            create_entry(kinds.FIX, body, values, actor=person)
    secret = {"no": "1号", "received_on": "2024-04-01", "content": "内容"}
    if role in CLUE_HANDLERS:
        assert register_clue(body, secret, actor=person) in visible_clues(person)
        assert name_readers(clue, [person], actor=OPERATOR).readers.get() == person
        assert clue in visible_clues(person)
    else:
        with pytest.raises(NotAllowed):
            register_clue(body, secret, actor=person)
        with pytest.raises(BadValue):
            name_readers(clue, [person], actor=OPERATOR)


def test_an_immediate_fix_is_due_by_the_rules_of_its_round() -> None:
    body = make_unit()
    assert make_fix(body, issued_on="2024-04-01").due_on == date(2024, 4, 16)
    values = dict(read_shipped("common/policy.yaml")) | {"immediate_fix_days": 5}
    round_ = make_round(body)
    Course.objects.create(round=round_, profile=save_policy(body, values, actor=OPERATOR))
    assert make_fix(body, issued_on="2024-04-01", round=round_).due_on == date(2024, 4, 6)
    with pytest.raises(BadValue):
        make_fix(body, issued_on="2024-04-01", due_on="2024-03-01")


def test_an_immediate_fix_is_finished_once_by_those_it_was_given_to() -> None:
    body = make_unit()
    department = make_department(body)
    owner, other = make_user("owner", department), make_user("owner", department)
    fix = make_fix(body, owner=owner)
    assert Notification.objects.get(user=owner).path == f"/referrals/fixes/{fix.pk}/"
    assert fix in visible_fixes(owner)
    assert fix not in visible_fixes(other)
    with pytest.raises(NotFound):
        finish_fix(fix, "已更换", actor=other)
    with pytest.raises(BadValue):
        finish_fix(fix, "已更换", actor=owner, done_on=date(2024, 3, 1))
    with pytest.raises(BadValue):
        finish_fix(fix, "", actor=owner)
    done = finish_fix(fix, "已更换公示内容", actor=owner, done_on=date(2024, 4, 10))
    assert (done.done_on, done.measure) == (date(2024, 4, 10), "已更换公示内容")
    with pytest.raises(AlreadyDone):
        finish_fix(fix, "再换", actor=owner)


def test_what_a_petition_says_is_told_only_to_those_who_handle_it() -> None:
    body = make_unit()
    department = make_department(body)
    head, beside = make_user("department_head", department), make_user("department_head", make_department(body))
    leader = make_user("leader_in_charge", body)
    petition = make_petition(body, department=department)
    assert [may_read_petition(who, petition) for who in (head, beside, leader)] == [True, False, False]
    assert petition in visible_petitions(leader)
    assert petition not in visible_petitions(beside)
    told = [str(row.data) + row.object_label for row in Entry.objects.filter(object_type="petition")]
    told += [note.title + note.body for note in Notification.objects.all()]
    assert told
    assert not any(secret in text for text in told for secret in ("窗口接待推诿", "某部门负责人"))
    with pytest.raises(NotAllowed):
        answer_petition(petition, "true", "已核查", actor=leader)
    with pytest.raises(BadValue):
        answer_petition(petition, "不知道", "已核查", actor=head)
    answered = answer_petition(
        petition, "partly_true", "已批评教育并当面答复", actor=head, replied_on=date(2024, 5, 20)
    )
    assert answered.get_result_display() == "部分属实"
    assert "已批评教育" not in str(Entry.objects.latest("sequence").data)
    clerk = make_user("rectification_office", body)
    closed = change_entry(kinds.PETITION, answered, {"closed_on": "2024-05-25"}, actor=clerk, version=answered.version)
    with pytest.raises(AlreadyDone):
        answer_petition(closed, "true", "再答", actor=head)


def test_a_petition_is_closed_only_with_a_result() -> None:
    petition = make_petition(make_unit())
    with pytest.raises(BadValue):
        change_entry(kinds.PETITION, petition, {"closed_on": "2024-05-25"}, actor=OPERATOR, version=1)


def test_a_clue_is_known_only_to_the_named_and_each_reading_is_in_the_trail() -> None:
    body = make_unit()
    one, two = make_user("discipline_group", body), make_user("discipline_group", body)
    clue = make_clue(body, [one])
    assert clue.due_on == date(2024, 7, 1)
    with pytest.raises(NotFound):
        read_clue(clue, actor=two)
    assert hidden_clues(two) == 1
    assert read_clue(clue, actor=one) == clue
    assert read_clue(clue, actor=one) == clue
    assert Entry.objects.filter(code="referrals.clue_read", actor_id=str(one.pk)).count() == 2
    change_entry(kinds.CLUE, clue, {"result": "查证属实", "handling": "立案"}, actor=one, version=1)
    with pytest.raises(NotFound):
        change_entry(kinds.CLUE, clue, {"result": "无"}, actor=two, version=2)
    secrets = ("涉嫌违规兼职取酬", "被反映人甲", "查证属实", "case_filed")
    told = [f"{row.data}{row.object_label}" for row in Entry.objects.filter(object_type="clue")]
    run_daily(date(2024, 7, 1), actor=OPERATOR)
    told += [note.title + note.body for note in Notification.objects.all()]
    assert Notification.objects.get(user=one, key__contains="due").title == f"问题线索 {clue.no}今天到期"
    assert not any(secret in text for text in told for secret in secrets)
    assert not Notification.objects.filter(user=two).exists()


def test_the_readers_of_a_clue_are_named_among_those_with_the_right_and_never_none() -> None:
    body = make_unit()
    one, two = make_user("discipline_group", body), make_user("discipline_group", body)
    outsider = make_user("discipline_group", make_unit())
    clue = make_clue(body, [one])
    for readers, error in (([], NoReaderLeft), ([outsider], BadValue), ([make_user("owner", body)], BadValue)):
        with pytest.raises(error):
            name_readers(clue, readers, actor=one)
    with pytest.raises(NotFound):
        name_readers(clue, [two], actor=two)
    name_readers(clue, [two], actor=one)
    assert clue in visible_clues(two)
    assert clue not in visible_clues(one)
    told = entry_history(kinds.CLUE, clue)
    assert told[0].what == "指定线索知悉人"


def test_a_clue_whose_readers_have_all_left_may_be_taken_over() -> None:
    body = make_unit()
    one, two = make_user("discipline_group", body), make_user("discipline_group", body)
    clue = make_clue(body, [one])
    assert ownerless_clues(two) == []
    with pytest.raises(HasReaders):
        take_over_clue(clue.pk, actor=two)
    end_post(one.posts.get(), actor=OPERATOR)
    forget_access(one)
    assert ownerless_clues(two) == [clue]
    with pytest.raises(NotAllowed):
        take_over_clue(clue.pk, actor=make_user("rectification_office", body))
    take_over_clue(clue.pk, actor=two)
    assert clue in visible_clues(two)


def test_a_clue_is_never_in_search_nor_among_the_figures() -> None:
    body = make_unit()
    reader = make_user("discipline_group", body)
    make_clue(body, [reader], content="特征词线索内容")
    assert find_findings(reader, LedgerQuery(text="特征词线索")).total == 0
    assert not any("clue" in name for name in tally(reader).__slots__)


def test_a_common_problem_becomes_each_units_own_finding_and_is_looked_at_as_a_whole() -> None:
    body = make_unit()
    units = [make_grassroots(body) for _ in range(3)]
    liaison = make_user("grassroots_liaison", units[0])
    clerk, discipline = make_user("rectification_office", body), make_user("discipline_group", body)
    common = make_common(body, due_on="2024-12-31")
    assert units_without(common) == units
    with pytest.raises(NotAllowed):
        hand_down(common, units, actor=discipline)
    with pytest.raises(NoUnitsChosen):
        hand_down(common, [], actor=clerk)
    with pytest.raises(BadValue):
        hand_down(common, [make_grassroots(make_unit())], actor=clerk)
    shares = hand_down(common, units[:2], actor=clerk)
    again = hand_down(common, units, actor=clerk)
    assert [share.unit for share in again] == [units[2]]
    finding = shares[0].finding
    assert (finding.kind, finding.unit, finding.due_on) == (Finding.Kind.COMMON, units[0], date(2024, 12, 31))
    assert finding.measures.count() == 2
    assert Notification.objects.get(user=liaison).path == f"/findings/{finding.pk}/"
    assert units_without(common) == []
    whole = common_progress(clerk, common, date(2025, 2, 1))
    assert (len(whole.units), whole.measures, whole.done) == (3, 6, 0)
    assert whole.standings == ((Standing.OVERDUE, 3),)
    assert sum(count for _standing, count in whole.standings) == len(whole.units)
    assert common in visible_commons(liaison)
    assert [each.share.unit for each in common_progress(liaison, common).units] == [units[0]]
    assert common not in visible_commons(make_user("grassroots_liaison", make_grassroots(body)))
    assert tally(clerk).shares == 3


def test_a_common_problem_without_a_round_cannot_be_handed_down() -> None:
    body = make_unit()
    common = make_common(body)
    type(common).objects.filter(pk=common.pk).update(round=None)
    with pytest.raises(RoundMissing):
        hand_down(common, [make_grassroots(body)], actor=OPERATOR)


def test_the_same_label_in_enough_units_is_proposed_as_a_common_problem() -> None:
    body = make_unit()
    round_ = make_round(body)
    units = [make_grassroots(body) for _ in range(3)]
    for unit, title in zip(units, ("公务用车管理不严", "公务用车管理不够严", "公务用车管理不严格"), strict=True):
        make_finding(round_, title, unit=unit.pk)
    make_finding(round_, "公务用车管理不严", unit=units[0].pk)
    make_finding(round_, "理论学习不系统", unit=units[1].pk)
    proposals = propose_commons(make_user("rectification_office", body), round_)
    assert [(each.title, each.units, len(each.findings)) for each in proposals] == [("公务用车管理不严", 3, 4)]
    assert propose_commons(make_user("grassroots_liaison", units[0]), round_) == []


TEXT = "党组理论学习中心组学习计划性不强，全年集中学习次数不足，研讨交流以读代讲"


def test_an_earlier_closed_finding_that_looks_the_same_is_proposed_until_refused() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    earlier_round, round_ = make_round(body), make_round(body)
    earlier = make_finding(earlier_round, TEXT, status="completed")
    make_finding(earlier_round, TEXT.replace("不强", "较弱"), status="ongoing")
    make_finding(make_round(), TEXT, status="completed")
    finding = make_finding(round_, TEXT.replace("次数不足", "次数偏少"))
    found = similar_earlier(finding, clerk)
    assert [each.finding for each in found] == [earlier]
    assert found[0].other_round
    assert found[0].score > 0.8
    assert [piece.text for piece in found[0].pieces if piece.differs] == ["不足"]
    assert "".join(piece.text for piece in found[0].pieces) == TEXT
    assert similar_earlier(finding, make_user("owner", make_department(body))) == []
    with pytest.raises(NotAllowed):
        say_not_the_same(finding, earlier, actor=make_user("leading_group_member", body))
    say_not_the_same(finding, earlier, actor=clerk)
    assert similar_earlier(finding, clerk) == []


def test_the_index_follows_changes_to_findings() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    finding = make_finding(make_round(body), TEXT)
    assert similar_earlier(finding, clerk) == []
    other = make_finding(make_round(body), "另外一个完全不同的问题，固定资产账实不符", status="completed")
    assert similar_earlier(finding, clerk) == []
    update_finding(other, {"title": TEXT}, actor=clerk, version=1)
    assert [each.finding for each in similar_earlier(finding, clerk)] == [other]


def test_what_was_found_before_is_linked_to_its_earlier_finding_or_words() -> None:
    body = make_unit()
    clerk = make_user("rectification_office", body)
    earlier, finding = make_finding(make_round(body), TEXT), make_finding(make_round(body), TEXT)
    with pytest.raises(BadValue):
        create_entry(kinds.CARRIED_OVER, body, {"finding": finding, "source": "audit"}, actor=clerk)
    with pytest.raises(BadValue):
        create_entry(kinds.CARRIED_OVER, body, {"finding": finding, "source": "audit", "earlier": finding}, actor=clerk)
    link = create_entry(
        kinds.CARRIED_OVER,
        body,
        {"finding": finding, "source": "上轮巡察", "earlier": earlier, "claimed": "已完成"},
        actor=clerk,
    )
    assert earlier_of(clerk, finding) == [link]
    assert link.round == finding.round
    assert access_entry(kinds.CARRIED_OVER, clerk, link.pk) == link
    with pytest.raises(NotFound):
        access_entry(kinds.CARRIED_OVER, make_user("owner", make_department(body)), link.pk)


def test_the_daily_run_reminds_seven_three_and_no_days_before_and_never_twice() -> None:
    body = make_unit()
    department = make_department(body)
    head, clerk = make_user("department_head", department), make_user("rectification_office", body)
    make_petition(body, department=department, due_on="2024-05-31")
    Notification.objects.all().delete()
    told = {}
    for day in range(20, 32):
        run_daily(date(2024, 5, day), actor=OPERATOR)
        told[day] = run_daily(date(2024, 5, day))["reminders"]
    assert set(told.values()) == {0}
    titles = list(Notification.objects.filter(user=head).order_by("pk").values_list("title", flat=True))
    assert [title.rpartition("号")[2] for title in titles] == ["还剩 7 天到期", "还剩 3 天到期", "今天到期"]
    assert Notification.objects.filter(user=clerk).count() == 1


def test_a_missed_day_is_made_up_for() -> None:
    body = make_unit()
    department = make_department(body)
    head = make_user("department_head", department)
    make_petition(body, department=department, due_on="2024-05-31")
    Notification.objects.all().delete()
    assert run_daily(date(2024, 5, 26), since=date(2024, 5, 20)) == {"reminders": 1}
    assert Notification.objects.get(user=head).title.endswith("还剩 5 天到期")
    assert run_daily(date(2024, 5, 27), since=date(2024, 5, 26)) == {"reminders": 0}


def test_referrals_are_counted() -> None:
    body = make_unit()
    finish_fix(make_fix(body), "已改", actor=OPERATOR)
    make_fix(body)
    petition = make_petition(body)
    answered = answer_petition(petition, "untrue", "查无此事", actor=OPERATOR)
    change_entry(kinds.PETITION, answered, {"closed_on": "2024-05-20"}, actor=OPERATOR, version=answered.version)
    told = tally(make_user("rectification_office", body))
    assert (told.fixes, told.fixes_done, told.petitions, told.petitions_closed) == (2, 1, 1, 1)
    assert told.results == (("不属实", 1),)


def test_measures_of_units_are_counted_as_done() -> None:
    body = make_unit()
    common = make_common(body, measures="")
    share = hand_down(common, [make_grassroots(body)], actor=OPERATOR)[0]
    make_measure(share.finding, status="completed")
    make_measure(share.finding)
    told = common_progress(OPERATOR, common)
    assert (told.measures, told.done) == (2, 1)
