"""What figures rest on: counts, indicators, statements; brought up to date with one act; and what may not be public."""

from __future__ import annotations

import io

import pytest

from tests.factories.notice_rounds import Reported
from tests.factories.outcomes import make_accountability, make_meeting
from tests.factories.referrals import make_petition
from tests.notices.test_notices import block, block_id
from tests.watch.conftest import Office, office
from zhenggai.findings.actions import assign_findings
from zhenggai.kit.errors import NotFound
from zhenggai.notices import actions
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.errors import BadValue, EvidenceMissing, FigureMoved, NoSuchSource, NotReady, SettingsChanged
from zhenggai.notices.figures_of import Figure, FigureState
from zhenggai.notices.gate import examine
from zhenggai.notices.models import Binding, Masking, Notice
from zhenggai.notices.queries import body_of, settings_of
from zhenggai.notices.sources import CountSource, Place
from zhenggai.people.access import OPERATOR
from zhenggai.watch.between import Question
from zhenggai.workflow.actions import withdraw_evidence

__all__ = ["office"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(module_database: None) -> Reported:
    return Reported(completed=1, phased=1, measures=1)


@pytest.fixture
def body(built: Reported, db: None) -> Reported:
    return built


def fresh(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def figure(notice: Notice, quote: str, state: FigureState | None = None) -> Figure:
    """Return the first figure of those characters."""
    found = examine(fresh(notice), approval=False).looked.figures
    return next(each for each in found if each.quote == quote and state in (None, each.state))


def place(each: Figure) -> Place:
    return Place(each.block, each.start, each.end, each.quote)


def test_a_figure_is_bound_to_a_count_and_renewed_with_one_act(body: Reported) -> None:
    notice = body.notice()
    where = block_id(notice, BlockKind.PREAMBLE)
    body.type_over(notice, where, "本轮巡察后召开党组会1次、领导小组会议1次。")
    loose = figure(notice, "1次", FigureState.UNBOUND)
    with pytest.raises(FigureMoved):
        actions.bind_count(notice, Place(where, 0, 2, "2次"), CountSource("meetings.total"), actor=body.office)
    with pytest.raises(NoSuchSource):
        actions.bind_count(notice, place(loose), CountSource("meetings.moon"), actor=body.office)
    actions.bind_count(notice, place(loose), CountSource("meetings.party_group"), actor=body.office)
    assert figure(notice, "1次").state is FigureState.BOUND
    make_meeting(body.unit, round=body.reported)
    stale = [each for each in examine(fresh(notice)).looked.figures if each.state is FigureState.STALE]
    assert {(each.quote, each.wanted) for each in stale} == {("1次", "2次")} and len(stale) == 2
    assign_findings([body.findings()[0].pk], {"status": "phased"}, actor=OPERATOR)
    version = fresh(notice).version
    actions.renew_figures(notice, actor=body.office, version=version)
    assert block(fresh(notice), BlockKind.PREAMBLE) == "本轮巡察后召开党组会2次、领导小组会议1次。"
    assert "已完成整改0个，阶段性完成整改2个" in block(fresh(notice), BlockKind.STATUS)
    seen = examine(fresh(notice), approval=False)
    assert [each for each in seen.looked.figures if each.state is FigureState.STALE] == []
    assert seen.open == ()


def test_a_figure_is_bound_to_an_indicator_that_its_reader_sees(body: Reported, office: Office) -> None:
    for days in (400, 10, 5):
        office.case(days, body=body.unit, amount="1250000")
    notice = body.notice()
    body.type_over(notice, block_id(notice, BlockKind.PREAMBLE), "全年受理案件2件，涉案金额250万元，另有案件4件。")
    today = notice.created_at.date()
    question = Question("tw_cases", "accepted", body.unit.pk, days=(today.replace(month=1, day=1), today), day=today)
    bound = actions.bind_indicator(notice, place(figure(notice, "2件")), question, actor=body.office)
    assert (bound.given, bound.unit) == (2, "件")
    assert figure(notice, "2件").state is FigureState.BOUND
    other = actions.bind_indicator(notice, place(figure(notice, "4件")), question, actor=body.office)
    assert (figure(notice, "4件").state, figure(notice, "4件").wanted) == (FigureState.STALE, "2件")
    with pytest.raises(NotFound):
        actions.bind_indicator(
            notice, place(figure(notice, "4件")), Question("tw_cases", "accepted", office.body.pk), actor=body.office
        )
    office.case(3, body=body.unit)
    assert figure(notice, "2件").state is FigureState.BOUND  # a ledger is asked again when somebody asks
    actions.reread_figures(notice, actor=body.office)
    assert (figure(notice, "2件").state, figure(notice, "2件").wanted) == (FigureState.STALE, "3件")
    actions.unbind(notice, other, actor=body.office)
    assert figure(notice, "4件").state is FigureState.UNBOUND
    assert Binding.objects.filter(pk=other.pk).exists()


def test_a_figure_rests_on_a_statement_with_evidence_until_that_is_taken_away(body: Reported) -> None:
    done = body.finding(body.round())
    notice = body.notice()
    loose = figure(notice, "3处")
    with pytest.raises(EvidenceMissing):
        actions.bind_statement(notice, place(loose), "漏登3处", actor=body.office, voucher=body.head)
    with pytest.raises(NotFound):
        actions.bind_statement(notice, place(loose), "漏登3处", actor=body.office, voucher=body.head, evidence=[10**9])
    with pytest.raises(NotFound):
        actions.bind_statement(notice, place(loose), "漏登3处", actor=body.office, voucher=body.outsider, evidence=[1])
    body.approved(done.round)
    proof = body.evidence(done, list(done.measures.all()))
    actions.bind_statement(notice, place(loose), "漏登3处", actor=body.office, voucher=body.head, evidence=[proof.pk])
    assert figure(notice, "3处").state is FigureState.BOUND
    withdraw_evidence(proof, actor=body.owner, why="传错了")
    assert (figure(notice, "3处").state, figure(notice, "3处").why) == (FigureState.STALE, "佐证材料已撤回")
    paper = actions.Paper(io.BytesIO("清查表".encode()), "清查表.txt")
    actions.bind_statement(notice, place(loose), "漏登3处", actor=body.office, voucher=body.head, paper=paper)
    assert figure(notice, "3处").state is FigureState.BOUND
    actions.say_not_a_figure(notice, place(figure(notice, "4处")), actor=body.office, why="引自反馈意见")
    assert figure(notice, "4处").state is FigureState.NOT_A_FIGURE


def test_figures_of_a_measure_rest_on_its_evidence_from_the_first_draft_on(body: Reported) -> None:
    finding = body.submitted(body.at_work("清查不彻底", description="有5处没有登记。"))
    measure = finding.measures.get()
    type(measure).objects.filter(pk=measure.pk).update(text="补登资产38件，价值238.45万元")
    body.pass_to(finding)
    notice = actions.start_notice(finding.round, actor=body.office)
    bound = figure(notice, "38件")
    assert bound.binding is not None and (bound.state, bound.binding.kind) == (FigureState.BOUND, "statement")
    assert bound.binding.vouched_by == body.owner and bound.binding.evidence.count() == 1
    assert figure(notice, "5处").state is FigureState.UNBOUND


def test_the_body_may_ask_that_every_figure_be_bound(body: Reported) -> None:
    notice = body.notice()
    settings = settings_of(body.unit)
    actions.save_settings(
        body.unit, {"bind_all": True, "answer_days": "30"}, actor=body.office, version=settings.version
    )
    with pytest.raises(SettingsChanged):
        actions.save_settings(body.unit, {"bind_all": False}, actor=body.office, version=settings.version)
    with pytest.raises(BadValue):
        actions.save_settings(body.unit, {"answer_days": "零"}, actor=body.office, version=settings.version + 1)
    actions.submit_notice(notice, actor=body.office)
    with pytest.raises(NotReady):
        actions.approve_notice(notice, actor=body.chief)
    open_ones = examine(fresh(notice), approval=False).open
    assert {issue.code for issue in open_ones} == {"unbound"}
    actions.override_issues(
        notice, [issue.key for issue in open_ones], actor=body.chief, reason="反馈意见原文中的数字，已核对"
    )
    actions.approve_notice(notice, actor=body.chief)
    published = actions.publish_notice(notice, actor=body.office)
    assert published.answers_until is not None
    assert fresh(notice).steps.get(act="overridden").data["issues"]


def test_what_may_not_be_public_never_enters_and_is_masked_when_typed(body: Reported) -> None:
    make_accountability(body.unit, name="韦克明", round=body.reported)
    petition = make_petition(body.unit, content="来信反映采购负责人收受礼品卡三张", target="采购负责人某某")
    finding = body.findings()[0]
    type(finding).objects.filter(pk=finding.pk).update(description="韦克明对此负有责任，电话13812345678。")
    notice = body.notice()
    assert "韦某某对此负有责任，电话（电话略）。" in [each.text for each in body_of(notice).blocks]
    assert set(Masking.objects.filter(notice=notice).values_list("kind", "quote", "by")) == {
        ("person", "韦克明", None),
        ("phone", "13812345678", None),
    }
    where = block_id(notice, BlockKind.PREAMBLE)
    body.type_over(notice, where, "来信反映采购负责人收受礼品卡三张。证人李四，身份证号430102199003072519。")
    with pytest.raises(NotReady):
        actions.submit_notice(notice, actor=body.office)
    masks = examine(fresh(notice)).masks
    assert [each.hit.kind.value for each in masks] == ["restricted", "person", "identity_no"]
    with pytest.raises(BadValue):
        actions.keep_found(notice, "restricted", petition.content, actor=body.office, reason="已公开过")
    actions.keep_found(notice, "person", "李四", actor=body.office, reason="本人同意公开的先进典型")
    actions.mask_found(notice, actor=body.office, version=fresh(notice).version)
    assert block(fresh(notice), BlockKind.PREAMBLE) == "（内容略）。证人李四，身份证号（身份证号略）。"
    assert actions.submit_notice(notice, actor=body.office).state == "reviewing"


def test_hostile_text_is_cleaned_and_escaped_everywhere(body: Reported) -> None:
    notice = body.notice()
    with pytest.raises(BadValue):
        actions.save_notice(notice, [actions.Typed("", "moon", "x")], actor=body.office, version=1)
    with pytest.raises(BadValue):
        actions.save_notice(notice, [actions.Typed("", "paragraph", "长" * 30_000)], actor=body.office, version=1)
    bad = "<script>alert(1)</script>\u202e倒序\u200b{{7*7}}{% for %}\x07=cmd|' /C calc'!A0"
    body.type_over(notice, block_id(notice, BlockKind.PREAMBLE), bad)
    saved = block(fresh(notice), BlockKind.PREAMBLE)
    assert not set(saved) & set("\u202e\u200b\x07")
    actions.submit_notice(notice, actor=body.office)
    actions.approve_notice(notice, actor=body.chief)
    published = actions.publish_notice(notice, actor=body.office)
    assert "<script" not in published.html and "&lt;script&gt;" in published.html
    assert "{{7*7}}" in published.text
