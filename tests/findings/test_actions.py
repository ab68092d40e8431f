"""Each act on the record: what it does, what it refuses, and what the trail says of it."""

from __future__ import annotations

import io
from datetime import date

import pytest

from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.audit.queries import verify_chain
from zhenggai.findings import actions, codes
from zhenggai.findings.errors import (
    BadValue,
    ChangedMeanwhile,
    IsWithdrawn,
    NothingChosen,
    NotWithdrawn,
    ReasonMissing,
    RoundNameTaken,
    SomeOutOfReach,
    UnknownField,
)
from zhenggai.findings.models import Attachment, Finding, InspectionRound, Measure
from zhenggai.findings.queries import access_attachment, access_finding, finding_history, finding_page, saved_views
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db


class World:
    """A court, an office that edits, a chief who assigns, a head who only attaches, and one finding."""

    def __init__(self) -> None:
        self.court: Unit = make_unit("示例市人民检察院")
        self.office, self.first = make_department(self.court, "办公室"), make_department(self.court, "第一检察部")
        self.clerk: User = make_user("rectification_office", self.office, name="段红")
        self.chief: User = make_user("first_responsible_person", self.court, name="周启明")
        self.head: User = make_user("department_head", self.first, name="何穗")
        self.round: InspectionRound = make_round(self.court)
        self.finding: Finding = make_finding(self.round, "公务用车管理不严", department=self.first.pk)

    def fresh(self) -> Finding:
        return Finding.objects.get(pk=self.finding.pk)


@pytest.fixture
def world() -> World:
    return World()


def last_entry() -> Entry:
    return Entry.objects.order_by("-sequence")[0]


def test_update_writes_only_what_differs_and_says_so(world: World) -> None:
    before = world.fresh()
    values = {"title": "公务用车管理不严", "status": "ongoing", "leader": str(world.chief.pk), "due": "反馈后6个月"}
    after = actions.update_finding(world.finding, values, actor=world.clerk, version=before.version)
    assert (after.status, after.leader, after.due_on, after.due_text) == (
        "ongoing", world.chief, date(2025, 1, 18), "反馈后6个月"
    )  # fmt: skip
    assert after.version == before.version + 1 and world.fresh().changed_at > before.changed_at
    entry = last_entry()
    assert (entry.code, entry.object_id, entry.data["version"]) == (codes.UPDATED, str(after.pk), after.version)
    assert set(entry.data["changes"]) == {"status", "leader", "due"}
    item = finding_history(after)[0]
    assert item.sentence == "段红 修改了状态、责任领导、整改时限"
    assert [(c.label, c.before, c.after) for c in item.changes] == [
        ("状态", "未说明", "正在整改"),
        ("责任领导", "", "周启明"),
        ("整改时限", "", "2025-01-18(反馈后6个月)"),
    ]
    count = Entry.objects.count()
    same = actions.update_finding(
        after, {"status": "正在整改", "due": "2025-01-18"}, actor=world.clerk, version=after.version
    )
    assert same.version == after.version and same.due_text == "反馈后6个月"
    assert Entry.objects.count() == count


def test_a_second_person_cannot_overwrite_unnoticed(world: World) -> None:
    seen = world.fresh().version
    actions.update_finding(world.finding, {"status": "phased"}, actor=world.clerk, version=seen)
    with pytest.raises(ChangedMeanwhile) as caught:
        actions.update_finding(world.finding, {"title": "别的"}, actor=world.clerk, version=seen)
    assert "段红 修改了状态" in caught.value.describe().what
    assert world.fresh().title == "公务用车管理不严"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": " "}, BadValue),
        ({"title": "长" * 501}, BadValue),
        ({"status": "销号"}, BadValue),
        ({"leader": "0"}, BadValue),
        ({"leader": "abc"}, BadValue),
        ({"department": 10**30}, BadValue),
        ({"aspect": 10**9}, BadValue),
        ({"due": "长" * 121}, BadValue),
        ({"version": "9"}, UnknownField),
    ],
)
def test_bad_values_change_nothing(world: World, values: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.update_finding(
            world.finding, {"status": "ongoing", **values}, actor=world.clerk, version=world.fresh().version
        )
    assert world.fresh().status == "unknown"


def test_values_of_another_round_or_body_are_refused(world: World) -> None:
    other = make_unit("邻市人民检察院")
    stranger = make_aspect(make_round(other))
    for values in ({"aspect": stranger.pk}, {"department": make_department(other).pk}, {"unit": other.pk}):
        with pytest.raises(BadValue):
            actions.update_finding(world.finding, values, actor=world.clerk, version=world.fresh().version)
    gone = make_user("owner", world.first)
    gone.is_active = False
    gone.save()
    with pytest.raises(BadValue):
        actions.update_finding(world.finding, {"owner": gone.pk}, actor=world.clerk, version=world.fresh().version)


def test_permissions_follow_the_field(world: World) -> None:
    version = world.fresh().version
    assigned = actions.update_finding(world.finding, {"owner": world.head.pk}, actor=world.chief, version=version)
    assert assigned.owner == world.head and last_entry().code == codes.ASSIGNED
    with pytest.raises(NotAllowed):
        actions.update_finding(world.finding, {"title": "x"}, actor=world.chief, version=assigned.version)
    with pytest.raises(NotAllowed):
        actions.update_finding(world.finding, {"owner": None}, actor=world.head, version=assigned.version)
    stranger = make_user("rectification_office", make_unit())
    with pytest.raises(NotFound):
        actions.update_finding(world.finding, {"title": "x"}, actor=stranger, version=assigned.version)


def test_create_takes_the_next_place_and_needs_a_title(world: World) -> None:
    north = make_grassroots(world.court)
    values = {"title": " 案卡\n填录错误 ", "assist": [world.office.pk, str(world.first.pk)], "unit": north.pk}
    finding = actions.create_finding(world.round, values, actor=world.clerk)
    assert (finding.title, finding.order, finding.unit) == ("案卡 填录错误", world.finding.order + 1, north)
    assert set(finding.assist_departments.all()) == {world.office, world.first}
    with pytest.raises(BadValue):
        actions.create_finding(world.round, {"status": "ongoing"}, actor=world.clerk)
    with pytest.raises(NotAllowed):
        actions.create_finding(world.round, {"title": "x"}, actor=world.head)


def test_bulk_assignment_changes_all_or_none(world: World) -> None:
    second = make_finding(world.round, "固定资产账实不符", assist=[world.office.pk])
    later = make_finding(make_round(world.court, feedback_on="2025-01-31"), "学习不系统")
    keys = [world.finding.pk, second.pk, later.pk]
    values = {"leader": world.chief.pk, "department": world.first.pk, "assist": [world.office.pk], "due": "反馈后1个月"}
    assert actions.assign_findings(keys, values, actor=world.chief) == 3
    dues = {f.pk: f.due_on for f in Finding.objects.filter(pk__in=keys)}
    assert dues == {keys[0]: date(2024, 8, 18), keys[1]: date(2024, 8, 18), keys[2]: date(2025, 2, 28)}
    for key in keys:
        finding = access_finding(world.clerk, key)
        assert (finding.leader, finding.department) == (world.chief, world.first)
        assert list(finding.assist_departments.all()) == [world.office]
    told = Entry.objects.filter(code=codes.ASSIGNED).order_by("-sequence")[:3]
    assert {entry.object_id for entry in told} == set(map(str, keys))
    changed = {entry.object_id: set(entry.data["changes"]) for entry in told}
    assert changed[str(second.pk)] == {"leader", "department", "due"}, "assist was the same already"
    assert changed[str(world.finding.pk)] == {"leader", "assist", "due"}
    assert actions.assign_findings(keys, values, actor=world.chief) == 0, "nothing differs any more"
    assert actions.assign_findings(keys, {"leader": "", "assist": []}, actor=world.chief) == 3
    assert not access_finding(world.clerk, keys[0]).assist_departments.exists()


def test_bulk_assignment_refuses_what_is_out_of_reach(world: World) -> None:
    foreign = make_finding(make_round(make_unit()))
    before = world.fresh().version
    with pytest.raises(SomeOutOfReach) as caught:
        actions.assign_findings([world.finding.pk, foreign.pk], {"leader": world.chief.pk}, actor=world.chief)
    assert caught.value.slots == {"asked": 2, "missing": 1}
    with pytest.raises(SomeOutOfReach):
        actions.assign_findings([world.finding.pk], {"status": "completed"}, actor=world.chief)
    with pytest.raises(NothingChosen):
        actions.assign_findings([], {"leader": world.chief.pk}, actor=world.chief)
    with pytest.raises(NothingChosen):
        actions.assign_findings([world.finding.pk], {}, actor=world.chief)
    with pytest.raises(UnknownField):
        actions.assign_findings([world.finding.pk], {"title": "x"}, actor=world.clerk)
    assert world.fresh().version == before


def test_bulk_assignment_takes_few_queries_besides_the_trail(
    world: World, django_assert_max_num_queries: object
) -> None:
    keys = [make_finding(world.round, f"问题{number}").pk for number in range(20)]
    per_entry = 6  # savepoint, head, entry, head, release …
    with django_assert_max_num_queries(per_entry * len(keys) + 40):  # type: ignore[operator]
        actions.assign_findings(keys, {"leader": world.chief.pk, "assist": [world.office.pk]}, actor=world.chief)


def test_withdraw_needs_a_reason_and_restore_puts_back(world: World) -> None:
    with pytest.raises(ReasonMissing):
        actions.withdraw_findings([world.finding.pk], actor=world.clerk, reason=" \n")
    assert actions.withdraw_findings([world.finding.pk], actor=world.clerk, reason="重复导入") == 1
    gone = world.fresh()
    assert gone.withdrawn_at is not None
    assert finding_history(gone)[0].sentence == "段红 撤下了该问题，原因：重复导入"
    with pytest.raises(IsWithdrawn):
        actions.update_finding(gone, {"status": "ongoing"}, actor=world.clerk, version=gone.version)
    with pytest.raises(SomeOutOfReach):
        actions.withdraw_findings([gone.pk], actor=world.clerk, reason="再撤")
    with pytest.raises(SomeOutOfReach):
        actions.restore_findings([gone.pk], actor=world.chief)
    assert actions.restore_findings([gone.pk], actor=world.clerk) == 1
    assert world.fresh().withdrawn_at is None


def test_measures_count_up_the_finding_they_belong_to(world: World) -> None:
    version = world.fresh().version
    values = {"text": "修订办法", "owner": world.head.pk, "due": "2025-03"}
    measure = actions.add_measure(world.finding, values, actor=world.clerk, version=version)
    assert (measure.order, measure.due_on, world.fresh().version) == (1, date(2025, 3, 31), version + 1)
    with pytest.raises(ChangedMeanwhile):
        actions.update_measure(measure, {"status": "completed"}, actor=world.clerk, version=version)
    actions.update_measure(
        measure, {"status": "completed", "progress": "已印发"}, actor=world.clerk, version=version + 1
    )
    assert finding_history(world.finding)[0].sentence == "段红 修改了措施“修订办法”的整改进展、状态"
    with pytest.raises(BadValue):
        actions.add_measure(world.finding, {"progress": "x"}, actor=world.clerk, version=version + 2)
    with pytest.raises(NotAllowed):
        actions.add_measure(world.finding, {"text": "x"}, actor=world.head, version=version + 2)
    with pytest.raises(NotWithdrawn):
        actions.restore_measure(measure, actor=world.clerk, version=version + 2)
    actions.withdraw_measure(measure, actor=world.clerk, version=version + 2)
    with pytest.raises(IsWithdrawn):
        actions.update_measure(measure, {"status": "ongoing"}, actor=world.clerk, version=version + 3)
    assert finding_page(world.clerk, access_finding(world.clerk, world.finding.pk)).measures == ()
    actions.restore_measure(measure, actor=world.clerk, version=version + 3)
    assert Measure.objects.get(pk=measure.pk).withdrawn_at is None


def test_attached_files_are_seen_with_their_finding(world: World) -> None:
    attachment = actions.attach_file(
        world.finding, actor=world.head, source=io.BytesIO("会议纪要".encode()), name="../目录/纪要.txt", note="第一次"
    )
    assert (attachment.name, attachment.note) == ("纪要.txt", "第一次")
    assert access_attachment(world.clerk, attachment.pk).file.size == 12
    assert finding_history(world.finding)[0].sentence == "何穗 添加了附件“纪要.txt”"
    with pytest.raises(NotAllowed):
        actions.attach_file(world.finding, actor=world.chief, source=io.BytesIO(b"x"), name="x.txt")
    stranger = make_user("rectification_office", make_unit())
    with pytest.raises(NotFound):
        access_attachment(stranger, attachment.pk)
    actions.withdraw_attachment(attachment, actor=world.head)
    with pytest.raises(NotFound):
        access_attachment(world.clerk, attachment.pk)
    with pytest.raises(NotFound):
        actions.withdraw_attachment(attachment, actor=world.head)
    assert Attachment.objects.count() == 1


def test_saved_views_are_ones_own(world: World) -> None:
    view = actions.save_view(actor=world.clerk, name=" 超期 ", query="?due=overdue&after=abc&nonsense=1")
    assert (view.name, view.query) == ("超期", "due=overdue")
    again = actions.save_view(actor=world.clerk, name="超期", query="due=week")
    assert again.pk == view.pk and saved_views(world.clerk).get().query == "due=week"
    with pytest.raises(NotFound):
        actions.delete_view(view, actor=world.chief)
    with pytest.raises(BadValue):
        actions.save_view(actor=world.clerk, name="", query="")
    actions.delete_view(view, actor=world.clerk)
    assert not saved_views(world.clerk)


def test_rounds_keep_their_names_apart_and_their_dates_in_order(world: World) -> None:
    with pytest.raises(RoundNameTaken):
        actions.create_round(actor=world.clerk, unit=world.court, name=world.round.name)
    with pytest.raises(BadValue):
        actions.create_round(
            actor=world.clerk, unit=world.court, name="新", started_on="2024-05-02", ended_on="2024-05-01"
        )
    with pytest.raises(NotAllowed):
        actions.create_round(actor=world.chief, unit=world.court, name="新")
    changed = actions.update_round(
        world.round, {"feedback_on": "2024-07-20", "inspecting_body": "市委第三巡察组"}, actor=world.clerk
    )
    assert changed.feedback_on == date(2024, 7, 20)
    assert last_entry().data["changes"]["feedback_on"] == ["2024-07-18", "2024-07-20"]
    for values in ({"feedback_on": "昨天"}, {"name": ""}):
        with pytest.raises(BadValue):
            actions.update_round(world.round, values, actor=world.clerk)
    with pytest.raises(UnknownField):
        actions.update_round(world.round, {"unit": 3}, actor=world.clerk)


def test_the_page_of_a_finding_says_what_is_missing_and_what_one_may_do(world: World) -> None:
    make_measure(world.finding)
    page = finding_page(world.head, access_finding(world.head, world.finding.pk))
    assert page.missing == ("责任领导", "责任人", "整改时限", "整改状态")
    assert (page.may_edit, page.may_assign, page.may_attach) == (False, False, True)
    page = finding_page(world.clerk, access_finding(world.clerk, world.finding.pk))
    assert (page.may_edit, page.may_assign, page.may_attach) == (True, True, True)
    assert page.passage is None and len(page.measures) == 1


def test_the_chain_of_the_trail_holds_after_all_of_it(world: World) -> None:
    actions.assign_findings([world.finding.pk], {"leader": world.chief.pk}, actor=world.chief)
    actions.withdraw_findings([world.finding.pk], actor=world.clerk, reason="=cmd|' /C calc'!A0")
    assert verify_chain().holds
