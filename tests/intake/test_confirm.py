"""From draft to record: everything or nothing, merged with what is there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.intake import NOTICE, PLAN, make_import
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.audit.queries import verify_chain
from zhenggai.findings import actions as finding_actions
from zhenggai.findings.errors import RoundNameTaken
from zhenggai.findings.models import Finding, InspectionRound, Measure, ProgressEntry, Source
from zhenggai.findings.queries import LedgerQuery, access_finding, find_findings, finding_history, finding_page
from zhenggai.intake import actions
from zhenggai.intake.errors import AlreadyConfirmed, DraftChanged, DraftIncomplete, MatchGone, NotReady
from zhenggai.intake.models import Import
from zhenggai.intake.queries import propose_matches
from zhenggai.intake.rounds import find_round
from zhenggai.intake.shapes import ConfirmResult, MatchKind
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db


class Desk:
    """A court whose office imports a notice and a plan of the same round."""

    def __init__(self) -> None:
        self.court = make_unit("示例市人民检察院", aliases=["市检察院"])
        self.office = make_department(self.court, "办公室")
        self.politics = make_department(self.court, "政治部")
        self.clerk: User = make_user("rectification_office", self.court, name="段红")
        self.leader: User = make_user("leader_in_charge", self.court, name="周启明")

    def read(self, text: str = NOTICE, round_: InspectionRound | None = None) -> Import:
        return make_import(text, unit=self.court, user=self.clerk, round_=round_)

    def confirm(self, document: Import, **values: str) -> ConfirmResult:
        version = Import.objects.get(pk=document.pk).draft_version
        return actions.confirm_import(document, actor=self.clerk, version=version, **values)

    def first(self, text: str = NOTICE) -> InspectionRound:
        return InspectionRound.objects.get(pk=self.confirm(self.read(text)).round_id)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def kinds(document: Import, round_: InspectionRound) -> dict[str, MatchKind]:
    return {match.title or match.finding_title: match.kind for match in propose_matches(document, round_)}


def test_a_notice_becomes_round_aspects_findings_measures_and_source(desk: Desk) -> None:
    document = desk.read()
    result = desk.confirm(document)
    assert (result.created, result.updated, result.measures, result.unmatched) == (4, 0, 6, ())
    round_ = InspectionRound.objects.get(pk=result.round_id)
    assert (round_.name, round_.unit, round_.inspecting_body) == (
        "2024年市委第三巡察组巡察",
        desk.court,
        "市委第三巡察组",
    )
    assert (round_.started_on, round_.ended_on, round_.feedback_on, round_.status_as_of) == (
        date(2024, 3, 7), date(2024, 5, 10), date(2024, 7, 18), date(2025, 1, 16)
    )  # fmt: skip
    assert round_.declared_counts == {"findings": 4, "completed": 2, "phased": 2}
    assert [aspect.title for aspect in round_.aspects.all()] == ["理论学习方面", "内部管理方面"]
    assert [finding.title for finding in round_.findings.all()] == [
        "理论学习不系统", "联系实际不紧密", "公务用车管理不严", "固定资产账实不符"
    ]  # fmt: skip
    source = Source.objects.get()
    assert (source.text, source.file, source.imported_by) == (document.text, document.file, desk.clerk)
    finding = access_finding(desk.clerk, round_.findings.get(order=3).pk)
    passage = finding_page(desk.clerk, finding).passage
    assert passage is not None and [part.text for part in passage.parts if part.measure_id] == [
        "修订公务用车管理办法,严格派车审批。"
    ]
    assert passage.before.endswith("二、内部管理方面\n")
    assert find_findings(desk.clerk, LedgerQuery(text="资产清查 42件")).total == 1
    assert finding_history(finding)[0].sentence == f"段红 由文件“{document.name}”入账"
    kept = Import.objects.get(pk=document.pk)
    assert (kept.state, kept.source, kept.round) == (Import.State.CONFIRMED, source, round_)
    assert verify_chain().holds


def test_aspects_that_read_alike_stay_apart(desk: Desk) -> None:
    text = NOTICE.replace("一、理论学习方面", "一、2023年度预算执行方面").replace(
        "二、内部管理方面", "二、2024年度预算执行方面"
    )
    round_ = desk.first(text)
    there = [(aspect.title, aspect.findings.count()) for aspect in round_.aspects.all()]
    assert there == [("2023年度预算执行方面", 2), ("2024年度预算执行方面", 2)]
    desk.confirm(desk.read(text, round_))
    assert round_.aspects.count() == 2


def test_confirming_twice_is_refused_and_writes_nothing_more(desk: Desk) -> None:
    document = desk.read()
    desk.confirm(document)
    with pytest.raises(AlreadyConfirmed):
        desk.confirm(document)
    with pytest.raises(AlreadyConfirmed):
        actions.discard_import(document, actor=desk.clerk)
    with pytest.raises(AlreadyConfirmed):
        actions.retitle_finding(document, "f1", "x", actor=desk.clerk, version=1)
    assert Finding.objects.count() == 4


def test_an_incomplete_draft_is_refused_with_what_is_missing(desk: Desk) -> None:
    document = desk.read()
    draft = document.draft
    draft["findings"][0]["title"] = draft["findings"][2]["title"] = ""
    Import.objects.filter(pk=document.pk).update(draft=draft)
    with pytest.raises(DraftIncomplete) as caught:
        desk.confirm(document)
    assert caught.value.slots["problems"] == "第 一 个问题没有标题;第 一 个问题没有标题"
    assert not InspectionRound.objects.exists() and not Source.objects.exists()


def test_state_version_and_permission_are_checked(desk: Desk) -> None:
    document = desk.read()
    actions.set_status(document, "f1", "completed", actor=desk.clerk, version=1)
    with pytest.raises(DraftChanged):
        actions.confirm_import(document, actor=desk.clerk, version=1)
    Import.objects.filter(pk=document.pk).update(state=Import.State.READING)
    with pytest.raises(NotReady):
        actions.confirm_import(document, actor=desk.clerk, version=2)
    Import.objects.filter(pk=document.pk).update(state=Import.State.READ, unit=make_grassroots(desk.court))
    stranger = make_user("rectification_office", make_unit())
    with pytest.raises(NotFound):
        actions.confirm_import(document, actor=stranger, version=2)
    round_ = desk.first()
    with pytest.raises(RoundNameTaken):
        actions.confirm_import(desk.read(), actor=desk.clerk, version=1, round_name=round_.name)
    assert desk.confirm(desk.read()).created == 4, "without a chosen round a name of its own is composed"
    assert InspectionRound.objects.filter(name=f"{round_.name}(2)").exists()


def test_the_same_notice_again_is_unchanged(desk: Desk) -> None:
    round_ = desk.first()
    again = desk.read(round_=round_)
    assert set(kinds(again, round_).values()) == {MatchKind.UNCHANGED}
    result = desk.confirm(again)
    assert (result.created, result.updated, result.unchanged) == (0, 0, 4)
    assert Finding.objects.count() == 4 and Measure.objects.count() == 6 and ProgressEntry.objects.count() == 0


def test_a_plan_after_a_notice_says_who_and_when_and_which_measures(desk: Desk) -> None:
    round_ = desk.first()
    plan = desk.read(PLAN, round_)
    assert kinds(plan, round_) == {
        "理论学习不系统": MatchKind.UPDATE,
        "公务用车管理不严": MatchKind.UPDATE,
        "联系实际不紧密": MatchKind.MISSING,
        "固定资产账实不符": MatchKind.MISSING,
    }
    result = desk.confirm(plan)
    assert (result.created, result.updated) == (0, 2)
    cars = Finding.objects.get(title="公务用车管理不严")
    assert (cars.leader, cars.department, cars.owner) == (desk.leader, desk.office, desk.clerk)
    assert (cars.leader_text, cars.due_on, cars.due_text) == ("周启明", date(2024, 12, 31), "2024-12")
    texts = [m.text for m in cars.measures.filter(withdrawn_at=None).order_by("order")]
    assert texts == ["修订公务用车管理办法,严格派车审批。", "安装定位系统并按月核对里程。"], (
        "named by both: it stays a measure"
    )
    learning = Finding.objects.get(title="理论学习不系统")
    texts = [m.text for m in learning.measures.filter(withdrawn_at=None).order_by("order")]
    assert texts == ["完善党组理论学习中心组学习制度。", "每季度检查一次学习情况。"]
    told = [entry.text for entry in learning.progress_entries.order_by("order")]
    assert told == ["制定年度学习计划,每月开展集中学习。", "建立学习台账并按季通报。"]
    assert learning.progress_entries.first().source.family == "progress_notice"  # type: ignore[union-attr]
    assert desk.confirm(desk.read(PLAN, round_)).unchanged == 2


def test_a_notice_after_a_plan_brings_progress_and_leaves_the_plan(desk: Desk) -> None:
    round_ = desk.first(PLAN)
    cars = Finding.objects.get(title="公务用车管理不严")
    notice = desk.read(
        NOTICE.replace("(一)关于“公务用车管理不严”的问题", "(一)关于“公务用车管理不严”的问题。已完成整改。"), round_
    )
    document = actions.set_status(notice, "f3", "completed", actor=desk.clerk, version=1)
    (match,) = [match for match in propose_matches(document, round_) if match.finding_id == cars.pk]
    assert {difference.field for difference in match.differences} >= {"status"}
    result = desk.confirm(notice)
    assert (result.created, result.updated) == (2, 2)
    cars.refresh_from_db()
    assert cars.status == "completed" and cars.due_on == date(2024, 12, 31)
    assert cars.measures.count() == 2 and cars.progress_entries.count() == 0, "its measure is one of the plan's"
    learning = Finding.objects.get(title="理论学习不系统")
    assert [entry.text for entry in learning.progress_entries.all()] == [
        "制定年度学习计划,每月开展集中学习。",
        "建立学习台账并按季通报。",
    ]
    assert Finding.objects.get(title="联系实际不紧密").measures.count() == 1, "new findings keep their measures"
    round_.refresh_from_db()
    assert round_.status_as_of == date(2025, 1, 16) and round_.aspects.count() == 2


def test_a_changed_version_of_a_notice_updates_what_the_first_one_said(desk: Desk) -> None:
    round_ = desk.first()
    assets = Finding.objects.get(title="固定资产账实不符")
    first = assets.measures.get(order=1)
    text = (
        NOTICE.replace("补登资产42件", "补登资产57件")
        .replace("固定资产账实不符", "固定资产账实长期不符")
        .replace("按月核对。", "按月核对。\n3.把资产管理情况列入年度审计计划。")
    )
    second = desk.read(text, round_)
    (match,) = [match for match in propose_matches(second, round_) if match.finding_id == assets.pk]
    assert match.kind == MatchKind.UPDATE
    assert {(each.field, each.before, each.after) for each in match.differences} == {
        ("title", "固定资产账实不符", "固定资产账实长期不符"),
        ("measures_changed", "开展资产清查,补登资产42件。", "开展资产清查,补登资产57件。"),
        ("measures", "", "把资产管理情况列入年度审计计划。"),
    }
    others = [match.kind for match in propose_matches(second, round_) if match.finding_id != assets.pk]
    assert set(others) == {MatchKind.UNCHANGED}
    desk.confirm(second)
    assets = access_finding(desk.clerk, assets.pk)
    assert assets.title == "固定资产账实长期不符" and assets.progress_entries.count() == 0
    assert [measure.text for measure in assets.measures.order_by("order")] == [
        "开展资产清查,补登资产57件。",
        "明确专人管理,按月核对。",
        "把资产管理情况列入年度审计计划。",
    ]
    first.refresh_from_db()
    assert first.source == Source.objects.latest("pk")
    told = {change.field: change.before for change in finding_history(assets)[0].changes}
    assert told["title"] == "固定资产账实不符" and "42件" in told["measures"], "the old words stay in the history"


def test_a_match_row_shows_the_statements_that_would_be_added_and_the_title_that_is_kept(desk: Desk) -> None:
    round_ = desk.first(PLAN)
    learning = Finding.objects.get(title="理论学习不系统")
    notice = desk.read(NOTICE.replace("理论学习不系统", "理论学习不够系统"), round_)
    (match,) = [match for match in propose_matches(notice, round_) if match.finding_id == learning.pk]
    told = [each.after for each in match.differences if each.field == "progress_entries"]
    assert told == ["制定年度学习计划,每月开展集中学习。", "建立学习台账并按季通报。"]
    (kept,) = [each for each in match.differences if not each.written]
    assert (kept.field, kept.before, kept.after) == ("title", "理论学习不系统", "理论学习不够系统")


def test_every_document_that_speaks_of_a_finding_shows_its_passage(desk: Desk) -> None:
    round_ = desk.first(PLAN)
    desk.confirm(desk.read(NOTICE, round_))
    finding = access_finding(desk.clerk, Finding.objects.get(title="理论学习不系统").pk)
    page = finding_page(desk.clerk, finding)
    assert [passage.source_name for passage in page.passages] == [
        source.name for source in Source.objects.order_by("pk")
    ]
    first, second = page.passages
    assert page.passage == first and first.before.endswith("一、理论学习方面\n")
    assert [part.text for part in first.parts if part.measure_id] == [
        "完善党组理论学习中心组学习制度。",
        "每季度检查一次学习情况。",
    ]
    linked = {part.progress_id: part.text for part in second.parts if part.progress_id}
    assert linked == {entry.pk: entry.text for entry in page.progress_entries} and len(linked) == 2
    for passage in page.passages:
        kept = Source.objects.get(pk=passage.source_id).text
        assert "".join(part.text for part in passage.parts) == kept[passage.start : passage.end]


def test_an_older_notice_does_not_turn_statuses_back(desk: Desk) -> None:
    round_ = desk.first()
    finding = Finding.objects.get(title="公务用车管理不严")
    finding_actions.update_finding(finding, {"status": "completed"}, actor=desk.clerk, version=finding.version)
    older = desk.read(NOTICE.replace("2025年1月16日", "2024年10月16日"), round_)
    older = actions.set_status(older, "f3", "ongoing", actor=desk.clerk, version=1)
    desk.confirm(older)
    finding.refresh_from_db()
    round_.refresh_from_db()
    assert finding.status == "completed" and round_.status_as_of == date(2025, 1, 16)


def test_what_a_person_decides_about_a_match_holds(desk: Desk) -> None:
    round_ = desk.first()
    other = Finding.objects.get(title="固定资产账实不符")
    document = desk.read(PLAN, round_)
    document = actions.choose_match(document, "f1", "new", actor=desk.clerk, version=1)
    document = actions.choose_match(document, "f2", str(other.pk), actor=desk.clerk, version=2)
    by_key = {match.key: match for match in propose_matches(document, round_) if match.key}
    assert (by_key["f1"].kind, by_key["f2"].finding_id, by_key["f2"].chosen) == (MatchKind.NEW, other.pk, True)
    result = desk.confirm(document)
    assert (result.created, result.updated) == (1, 1)
    other.refresh_from_db()
    assert other.department == desk.office and other.title == "固定资产账实不符", "a match never renames"

    document = desk.read(PLAN, round_)
    document = actions.choose_match(document, "f1", "skip", actor=desk.clerk, version=1)
    document = actions.choose_match(document, "f2", str(other.pk), actor=desk.clerk, version=2)
    finding_actions.withdraw_findings([other.pk], actor=desk.clerk, reason="重复")
    with pytest.raises(MatchGone):
        desk.confirm(document)
    document = actions.choose_match(document, "f2", "skip", actor=desk.clerk, version=3)
    assert desk.confirm(document).skipped == 2


def test_the_round_is_found_by_its_feedback_date_or_its_findings(desk: Desk) -> None:
    round_ = desk.first()
    assert find_round(desk.court, desk.read(PLAN).draft) == round_
    undated = desk.read(NOTICE.replace("2024年7月18日,市委第三巡察组反馈了巡察意见。", ""))
    assert "feedback_date" not in undated.draft
    assert find_round(desk.court, undated.draft) == round_
    other = desk.read(NOTICE.replace("2024年7月18日", "2021年7月18日"))
    assert find_round(desk.court, other.draft) is None
    assert find_round(make_unit(), undated.draft) is None


def test_names_nobody_answers_to_are_reported_and_their_words_kept(desk: Desk) -> None:
    text = PLAN.replace("责任领导:周启明", "责任领导:党组成员、副检察长 冯致远").replace(
        "责任部门:办公室", "责任部门:后勤中心、政治部"
    )
    result = desk.confirm(desk.read(text))
    assert "后勤中心" in result.unmatched
    finding = Finding.objects.get(title="公务用车管理不严")
    assert finding.leader is None and "冯致远" in finding.leader_text
    assert finding.department == desk.politics and "后勤中心" in finding.department_text
    someone = make_user("leader_in_charge", desk.court, name="冯致远")
    round_ = finding.round
    desk.confirm(desk.read(text, round_))
    finding.refresh_from_db()
    assert finding.leader == someone, "titles before a name do not hide it"


def test_the_inspected_unit_below_gets_its_own_round(desk: Desk) -> None:
    north = make_grassroots(desk.court, "北区人民检察院")
    text = NOTICE.replace("示例市人民检察院", "北区人民检察院")
    result = desk.confirm(desk.read(text), round_name="北区巡察")
    round_ = InspectionRound.objects.get(pk=result.round_id)
    assert (round_.unit, round_.findings.first().unit) == (north, north)  # type: ignore[union-attr]


def test_importing_needs_the_right_to_edit_the_record(desk: Desk) -> None:
    document = desk.read()
    chief = make_user("first_responsible_person", desk.court)
    with pytest.raises(NotFound):
        actions.confirm_import(document, actor=chief, version=1)
    with pytest.raises(NotAllowed):
        finding_actions.create_round(actor=chief, unit=desk.court, name="x")
