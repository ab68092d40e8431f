"""A notice from the record to the public: written, bound, checked, approved, published, withdrawn, corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.findings import make_finding, make_round
from tests.factories.notice_rounds import AS_OF, Reported
from tests.factories.notices import make_publication
from tests.factories.outcomes import make_meeting
from zhenggai.desk.workbench import workbench
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand
from zhenggai.findings.actions import assign_findings
from zhenggai.findings.models import Finding
from zhenggai.gongwen import to_html
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notices import actions
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.composing import compose
from zhenggai.notices.errors import (
    BadMove,
    ChangedMeanwhile,
    NothingToReport,
    NoticeOpen,
    NotPublished,
    NotReady,
    OwnNotice,
)
from zhenggai.notices.figures_of import FigureState
from zhenggai.notices.gate import examine
from zhenggai.notices.layout import lay_out
from zhenggai.notices.models import Notice, Publication
from zhenggai.notices.outputs import to_document
from zhenggai.notices.queries import body_of, rounds_to_report, settings_of
from zhenggai.notices.wording import style_of, styles
from zhenggai.notifications.models import Notification
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(module_database: None) -> Reported:
    return Reported()


@pytest.fixture
def body(built: Reported, db: None) -> Reported:
    return built


def block(notice: Notice, kind: BlockKind) -> str:
    """Return the text of the first block of a kind."""
    return next(each.text for each in body_of(notice).blocks if each.kind is kind)


def block_id(notice: Notice, kind: BlockKind) -> str:
    return next(each.id for each in body_of(notice).blocks if each.kind is kind)


def test_the_first_draft_is_written_from_the_record_with_its_counts_bound(body: Reported) -> None:
    notice = body.notice()
    assert block(notice, BlockKind.TITLE) == "示例县人民检察院党组关于巡察整改进展情况的通报"
    assert block(notice, BlockKind.STATUS) == "截至2025年1月16日，巡察反馈的3个问题，已完成整改2个，阶段性完成整改1个。"
    seen = examine(notice, approval=False)
    states = {(each.quote, each.binding.source["count"]) for each in seen.looked.figures if each.binding}
    assert {("3个", "findings.total"), ("2个", "findings.completed"), ("1个", "findings.phased")} <= states
    assert {each.state for each in seen.looked.figures if each.binding} == {FigureState.BOUND}
    assert seen.open == ()
    with pytest.raises(NoticeOpen):
        body.notice()
    with pytest.raises(NothingToReport):
        actions.start_notice(body.round(), actor=body.office)
    with pytest.raises(NotAllowed):
        actions.start_notice(body.reported, actor=body.chief)
    with pytest.raises(NotFound):
        actions.start_notice(body.reported, actor=body.outsider)


def test_the_newest_inspection_that_told_nobody_yet_is_offered_first(body: Reported) -> None:
    later, common, earlier = (
        make_round(body.unit, feedback_on=day) for day in ("2025-09-01", "2025-06-01", "2020-05-20")
    )
    for round_ in (later, earlier):
        make_finding(round_)
    Finding.objects.filter(pk=make_finding(common).pk).update(kind=Finding.Kind.COMMON)
    assert rounds_to_report(body.office) == [later, body.reported, earlier]
    make_publication(later)
    assert rounds_to_report(body.office) == [body.reported, earlier, later]
    body.notice()
    assert rounds_to_report(body.office) == [earlier, later]
    assert rounds_to_report(body.chief) == []


def test_it_goes_out_only_when_somebody_else_approved_it(body: Reported) -> None:
    notice = body.notice()
    with pytest.raises(BadMove):
        actions.publish_notice(notice, actor=body.office)
    notice = actions.submit_notice(notice, actor=body.office)
    assert Notification.objects.filter(user=body.chief, kind="notice").exists()
    assert [each.key for each in workbench(body.chief).approvals if each.kind == "notice"] == [notice.pk]
    assert [each for each in workbench(body.office).approvals if each.kind == "notice"] == []
    with pytest.raises(NotAllowed):
        actions.approve_notice(notice, actor=body.office)
    notice = actions.return_notice(notice, actor=body.chief, opinion="请补充整改成效")
    assert (notice.state, notice.returned_why) == ("drafting", "请补充整改成效")
    actions.submit_notice(notice, actor=body.office)
    actions.approve_notice(notice, actor=body.chief, opinion="同意公开")
    with pytest.raises(NotAllowed):
        actions.publish_notice(notice, actor=body.chief)
    publication = actions.publish_notice(notice, actor=body.office)
    assert (publication.slug, publication.signed_on) == (f"2025-{notice.pk}", AS_OF)
    assert publication.signed_by == "中共示例县人民检察院党组"
    assert publication.data["counts"] == {"aspects": 2, "findings": 3, "measures": 6, "completed": 2, "phased": 1}
    assert publication.docx is not None and publication.pdf is not None
    assert (publication.docx.media_type, publication.pdf.media_type) == (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/pdf",
    )
    for figure in publication.figures.all():
        assert publication.text[figure.start : figure.end] == figure.quote
    completed = publication.figures.get(binding__source__count="findings.completed")
    assert [row[0] for row in completed.rows] == ["finding", "finding"]
    with pytest.raises(BadMove):
        actions.publish_notice(notice, actor=body.office)


def test_who_wrote_on_it_cannot_approve_it(body: Reported) -> None:
    notice = body.notice()
    Notice.objects.filter(pk=notice.pk).update(created_by=body.chief)
    notice = actions.submit_notice(notice, actor=body.office)
    with pytest.raises(OwnNotice):
        actions.approve_notice(notice, actor=body.chief)
    assert actions.approve_notice(notice, actor=body.deputy).state == "approved"


def test_a_change_of_the_record_makes_figures_stale_and_holds_the_notice_back(body: Reported) -> None:
    notice = body.approved_notice()
    assign_findings([body.findings()[0].pk], {"status": "phased"}, actor=OPERATOR)
    make_meeting(body.unit, round=body.reported)
    with pytest.raises(NotReady) as refused:
        actions.publish_notice(notice, actor=body.office)
    told = str(refused.value.slots["issues"])
    assert "已完成整改的问题现为 1个" in told and "党组会现为 2次" in told
    codes = {issue.code for issue in examine(notice).open}
    assert codes == {"stale", "status_changed"}
    assert not Publication.objects.filter(notice=notice).exists()


def test_a_number_edited_by_hand_is_told_against_its_source_and_against_the_sum(body: Reported) -> None:
    notice = body.notice()
    text = block(notice, BlockKind.STATUS)
    body.type_over(notice, block_id(notice, BlockKind.STATUS), text.replace("已完成整改2个", "目前已完成整改3个"))
    seen = examine(Notice.objects.get(pk=notice.pk), approval=False)
    stale = [each for each in seen.looked.figures if each.state is FigureState.STALE]
    assert [(each.quote, each.wanted) for each in stale] == [("3个", "2个")]
    assert {"stale", "statuses"} <= {issue.code for issue in seen.open}


def test_of_two_editors_one_wins_and_the_other_is_told(body: Reported) -> None:
    notice = body.notice()
    where = block_id(notice, BlockKind.PREAMBLE)
    body.type_over(notice, where, "甲的导语。", version=1)
    with pytest.raises(ChangedMeanwhile) as told:
        body.type_over(notice, where, "乙的导语。", version=1)
    assert (told.value.slots["who"], told.value.slots["version"]) == ("金鸣", 2)
    assert block(Notice.objects.get(pk=notice.pk), BlockKind.PREAMBLE) == "甲的导语。"


def test_it_is_published_at_a_set_time_or_held_back_with_the_reasons(body: Reported) -> None:
    notice = body.approved_notice()
    at = timezone.now() + timedelta(hours=2)
    actions.schedule_notice(notice, at, actor=body.office)
    assert actions.publish_due(at - timedelta(minutes=1)) == {"published": 0, "held": 0}
    make_meeting(body.unit, round=body.reported)
    assert actions.publish_due(at) == {"published": 0, "held": 1}
    notice.refresh_from_db()
    assert notice.state == "approved" and "党组会现为 2次" in notice.held_why
    assert Notification.objects.filter(user=body.office, title__startswith="通报到时未能发布").exists()
    recalled = actions.recall_notice(notice, actor=body.office)
    actions.recompose_notice(recalled, actor=body.office, version=recalled.version, as_of=AS_OF)
    actions.submit_notice(notice, actor=body.office)
    actions.approve_notice(notice, actor=body.chief)
    actions.schedule_notice(notice, at, actor=body.office)
    assert actions.publish_due(at) == {"published": 1, "held": 0}
    assert Publication.objects.get(notice=notice).published_by is None


def test_withdrawal_keeps_the_address_and_a_correction_replaces_what_was_published(body: Reported) -> None:
    first = actions.publish_notice(body.approved_notice(), actor=body.office)
    assert first.notice is not None
    correction = actions.correct_notice(first.notice, actor=body.office)
    assert body_of(correction).blocks == body_of(first.notice).blocks
    actions.submit_notice(correction, actor=body.office)
    actions.approve_notice(correction, actor=body.chief)
    second = actions.publish_notice(correction, actor=body.office)
    assert (second.replaces, second.slug != first.slug) == (first, True)
    withdrawn = actions.withdraw_notice(second, actor=body.office, reason="统计口径有误，更正后重新公布")
    assert (withdrawn.slug, withdrawn.withdrawn_why) == (second.slug, "统计口径有误，更正后重新公布")
    with pytest.raises(BadMove):
        actions.withdraw_notice(second, actor=body.office, reason="再撤一次")
    Notice.objects.filter(pk=correction.pk).update(state="published")
    with pytest.raises(NotPublished):
        actions.withdraw_notice(second, actor=body.office, reason="再撤一次")


@pytest.mark.parametrize("style", styles())
def test_what_was_composed_reads_back_as_the_record_in_every_style(body: Reported, style: str) -> None:
    composed = compose(body.reported, AS_OF, settings_of(body.unit))
    layout = lay_out(composed.blocks, style_of(style))
    html = f"<html><body>{to_html(to_document(layout))}</body></html>"
    draft = understand(read_document(html.encode(), name="notice.html"))
    findings = {finding.title: finding for finding in body.findings()}
    assert [aspect.title for aspect in draft.aspects] == [aspect.title for aspect in body.aspects]
    assert {each.title for each in draft.findings} == set(findings)
    for each in draft.findings:
        finding = findings[each.title]
        assert draft.aspects[each.aspect_index or 0].title == (finding.aspect.title if finding.aspect else "")
        assert each.description == finding.description
        assert [m.text.rstrip("。") for m in each.measures] == [m.text for m in finding.measures.order_by("order")]
        assert each.status == (finding.status if style_of(style).says_status else None)
    assert draft.counts == {"aspects": 2, "findings": 3, "measures": 6, "completed": 2, "phased": 1}
    assert (draft.unit, draft.feedback_date, draft.as_of) == ("示例县人民检察院", "2024-07-18", "2025-01-16")
    assert draft.anomalies == ()
