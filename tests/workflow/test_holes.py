"""Ways around the rules of the loop that somebody could try, each of them closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.people import make_department, make_post, make_unit, make_user
from tests.factories.workflow import Body
from zhenggai.findings.actions import assign_findings, update_finding, update_measure
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions import appoint_deputy, end_post
from zhenggai.people.models import Post, User
from zhenggai.policy.actions import save_policy
from zhenggai.policy.profile import shipped_values
from zhenggai.workflow import actions
from zhenggai.workflow.errors import (
    CosignMissing,
    EvidenceOfOthers,
    ExtensionNotOpen,
    LevelInUse,
    MovedMeanwhile,
    MoveNotAllowed,
    NobodyToDecide,
    NotYourLevel,
    OwnWork,
    PlanOutdated,
    TextMissing,
)
from zhenggai.workflow.models import CloseOut, Criterion, Evidence, Extension, Opinion, Submission
from zhenggai.workflow.queries import loop_of, missing_to_close, plans_to_decide, rules_by_round, to_review

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def again(finding: Finding) -> Finding:
    return Finding.objects.get(pk=finding.pk)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def acts_for(deputy: User, principal: User) -> User:
    """Let *deputy* act for *principal* from today on."""
    appoint_deputy(
        principal, deputy, actor=OPERATOR, started_on=TODAY(), ended_on=TODAY() + timedelta(days=30), reason="学习"
    )
    return fresh(deputy)


def rules_of(body: Body, finding: Finding, **changes: Any) -> None:
    """Let the round of *finding* run by rules with *changes*."""
    profile = save_policy(body.unit, {**shipped_values(), **changes}, actor=OPERATOR)
    actions.set_course(finding.round, actor=OPERATOR, profile=profile)


def test_who_decided_and_is_made_owner_afterwards_stands_in_the_way_of_closing() -> None:
    body = Body()
    finding = body.pass_to(body.submitted(body.at_work()), "supervision")
    assign_findings([finding.pk], {"owner": body.head.pk}, actor=body.office)
    with pytest.raises(OwnWork) as raised:
        actions.pass_level(finding, actor=body.supervisor, level="supervision")
    assert "段红" in str(raised.value) and again(finding).stage == Stage.IN_REVIEW
    assign_findings([finding.pk], {"owner": body.owner.pk}, actor=body.office)
    actions.pass_level(finding, actor=body.supervisor, level="supervision")
    assert again(finding).stage == Stage.CLOSED


def test_a_deputy_of_a_doer_is_not_shown_what_they_may_not_decide() -> None:
    body = Body()
    finding = body.at_work()
    actions.write_progress(finding, actor=body.head, text="部门负责人自己动手")
    stand_in = acts_for(make_user("leading_group_member", body.unit), body.head)
    make_user("department_head", body.department)  # so that the level is not passed over
    finding = body.submitted(finding)
    assert not loop_of(stand_in, finding).may.decide
    assert to_review(stand_in) == ()
    with pytest.raises(OwnWork):
        actions.pass_level(finding, actor=stand_in, level="department")


def test_a_criterion_is_confirmed_only_by_who_may_decide_and_did_no_work_even_through_a_deputy() -> None:
    body = Body()
    finding = body.at_work()
    actions.write_progress(finding, actor=body.head, text="部门负责人自己动手")
    make_user("department_head", body.department)
    stand_in = acts_for(make_user("leading_group_member", body.unit), body.head)
    finding = body.submitted(finding)
    criterion = finding.criteria.get(kind="confirmation")
    with pytest.raises(OwnWork):
        actions.confirm_criterion(criterion, actor=stand_in)
    with pytest.raises(NotYourLevel):
        actions.confirm_criterion(criterion, actor=_head_of_an_assistant(body, finding))
    assert actions.confirm_criterion(criterion, actor=body.office).met_by == body.office


def _head_of_an_assistant(body: Body, finding: Finding) -> User:
    assign_findings([finding.pk], {"assist": [body.assisting.pk]}, actor=body.office)
    return fresh(body.assisting_head)


def test_who_assists_with_a_measure_only_sees_the_finding_and_can_countersign() -> None:
    body = Body()
    finding = body.at_work()
    measure = finding.measures.get()
    update_measure(measure, {"assist": [body.assisting.pk]}, actor=body.office, version=again(finding).version)
    finding = body.submitted(finding)
    with pytest.raises(CosignMissing):
        actions.pass_level(finding, actor=body.head, level="department")
    assert [row.cosign for row in to_review(fresh(body.assisting_head))] == [True]
    actions.cosign(finding, actor=fresh(body.assisting_head), level="department")
    actions.pass_level(finding, actor=body.head, level="department")


def test_who_heads_two_assisting_departments_is_asked_for_both() -> None:
    body = Body()
    second = make_department(body.unit, "技术处")
    make_post(body.assisting_head, second, "department_head")
    both = fresh(body.assisting_head)
    finding = body.submitted(body.at_work(assist=[body.assisting.pk, second.pk]))
    actions.cosign(finding, actor=both, level="department")
    assert [row.cosign for row in to_review(both)] == [True]
    actions.cosign(finding, actor=both, level="department")
    assert to_review(both) == ()
    actions.pass_level(finding, actor=body.head, level="department")


def test_a_closed_account_of_a_deputy_is_not_waited_for() -> None:
    body = Body()
    stand_in = make_user("owner", body.assisting)
    acts_for(stand_in, body.assisting_head)
    User.objects.filter(pk=stand_in.pk).update(is_active=False)
    finding = body.at_work(assist=[body.assisting.pk])
    actions.write_progress(finding, actor=body.assisting_head, text="已协助清查")
    finding = body.submitted(finding)
    actions.pass_level(finding, actor=body.head, level="department")


def test_rules_without_the_level_at_which_something_waits_are_refused() -> None:
    body = Body()
    finding = body.pass_to(body.submitted(body.at_work()), "leader")
    levels = [level for level in shipped_values()["levels"] if level["code"] != "leader"]
    with pytest.raises(LevelInUse) as raised:
        rules_of(body, finding, levels=levels)
    assert "分管领导审核" in str(raised.value)
    actions.return_work(finding, actor=body.leader, level="leader", text="补充材料")
    rules_of(body, finding, levels=levels)
    actions.submit(finding, actor=body.owner, outcome="completed", statement="已补充")
    actions.pass_level(finding, actor=body.head, level="department")
    assert again(finding).item.level == "office"


def test_a_round_does_not_run_by_the_rules_of_another_body() -> None:
    body = Body()
    other = save_policy(make_unit(), shipped_values(), actor=OPERATOR)
    with pytest.raises(NotFound):
        actions.set_course(body.round(), actor=OPERATOR, profile=other)


def test_what_was_changed_after_the_plan_was_handed_in_is_not_approved_with_it() -> None:
    body = Body()
    round_ = body.round()
    finding = body.finding(round_)
    plan = actions.open_plan(round_, actor=body.office)
    actions.submit_plan(plan, actor=body.office)
    update_finding(finding, {"due": "2035-01-01"}, actor=body.office, version=finding.version)
    with pytest.raises(PlanOutdated) as raised:
        actions.approve_plan(plan, actor=body.chief)
    assert finding.title in str(raised.value)
    actions.return_plan(plan, actor=body.chief, opinion="时限又改了")
    actions.submit_plan(plan, actor=body.office)
    assert actions.approve_plan(plan, actor=body.chief).state == "approved"


def test_a_plan_is_not_approved_by_the_deputy_of_who_handed_it_in() -> None:
    body = Body()
    both = make_user("rectification_office", body.unit)
    make_post(both, body.unit, "executive_deputy")
    both = fresh(both)
    stand_in = acts_for(make_user("leading_group_member", body.unit), both)
    body.finding(round_ := body.round())
    plan = actions.submit_plan(actions.open_plan(round_, actor=both), actor=both)
    assert plans_to_decide(stand_in) == [] and plans_to_decide(body.chief) == [plan]
    with pytest.raises(OwnWork):
        actions.approve_plan(plan, actor=stand_in)
    actions.approve_plan(plan, actor=body.chief)


def test_an_extension_lapses_when_the_finding_moves_on_and_never_moves_what_is_closed() -> None:
    body = Body()
    finding = body.at_work()
    asked = actions.ask_extension(finding, actor=body.owner, to_due_on=date(2031, 1, 1), reason="系统未到")
    finding = body.pass_to(body.submitted(finding))
    with pytest.raises(ExtensionNotOpen):
        actions.decide_extension(asked, actor=body.leader, grant=True)
    finding = again(finding)
    assert (finding.due_on, finding.extensions) == (date(2030, 6, 30), 0)
    assert Extension.objects.get().state == Extension.State.WITHDRAWN


def test_a_document_that_no_longer_stands_does_not_meet_its_criterion() -> None:
    body = Body()
    finding = body.at_work()
    criterion = actions.add_criterion(finding, actor=body.office, text="印发制度", kind=Criterion.Kind.DOCUMENT)
    evidence = body.evidence(finding)
    actions.meet_criterion(criterion, evidence, actor=body.owner)
    policy = rules_by_round([finding.round_id])[finding.round_id].policy
    assert not any("印发制度" in each for each in missing_to_close(finding, policy))
    actions.unlink_evidence(evidence.links.get(), actor=body.owner)
    assert any("印发制度" in each for each in missing_to_close(finding, policy))


def test_who_lays_a_document_before_did_part_of_the_work() -> None:
    body = Body()
    finding = body.at_work()
    criterion = actions.add_criterion(finding, actor=body.office, text="印发制度", kind=Criterion.Kind.DOCUMENT)
    actions.meet_criterion(criterion, body.evidence(finding), actor=body.head)
    finding = body.submitted(finding)
    assert finding.item.level == "leader"  # the head's level was passed over


def test_a_step_back_needs_somebody_who_can_decide_there() -> None:
    body = Body()
    finding = body.pass_to(body.submitted(body.at_work()), "office")
    assign_findings([finding.pk], {"owner": body.head.pk}, actor=body.office)
    with pytest.raises(NobodyToDecide):
        actions.return_work(finding, actor=body.office, level="office", text="请复核", to="department")
    assert not Opinion.objects.filter(superseded_at__isnull=False).exists()
    actions.return_work(finding, actor=body.office, level="office", text="请复核", to="leader")
    assert again(finding).item.level == "leader"


def test_a_level_passed_over_once_is_not_kept_as_skipped_when_it_is_gone_back_behind() -> None:
    body = Body()
    finding = body.at_work()
    actions.write_progress(finding, actor=body.head, text="自己动手")
    finding = body.pass_to_from(body.submitted(finding), "leader", "group")
    assert Submission.objects.get().skipped == ["department"]
    actions.return_work(finding, actor=body.chief, level="group", text="请复核", to="leader")
    body.pass_to_from(again(finding), "leader", "")
    assert CloseOut.objects.get().form["skipped"] == ["部门负责人审核"]


def test_two_bodies_of_the_same_name_both_close() -> None:
    for _time in range(2):
        body = Body()
        type(body.unit).objects.filter(pk=body.unit.pk).update(short_name="区院", name="长" * 110 + str(body.unit.pk))
        assert body.closed().stage == Stage.CLOSED
    assert set(CloseOut.objects.values_list("no", flat=True)) == {f"区院销号〔{TODAY().year}〕1号"}


def test_a_revoked_close_out_is_not_filed() -> None:
    body = Body()
    body.closed()
    close_out = CloseOut.objects.get()
    actions.revoke_close_out(close_out, actor=body.supervisor, motive="反弹")
    with pytest.raises(MoveNotAllowed):
        actions.file_close_out(close_out, actor=body.office, filed_on=TODAY())


def test_who_comes_too_late_is_told_who_did_what() -> None:
    body = Body()
    finding = body.closed("固定资产账实不符")
    with pytest.raises(MoveNotAllowed) as raised:
        actions.pass_level(finding, actor=body.discipline, level="supervision")
    assert "霍正平，销号" in raised.value.describe().todo
    round_ = body.round()
    body.finding(round_)
    plan = body.approved(round_)
    with pytest.raises(Exception, match="已批准（程立民）"):
        actions.return_plan(plan, actor=body.deputy, opinion="再改")
    second = body.at_work()
    measure = second.measures.get()
    actions.complete_measure(measure, actor=body.owner)
    assert actions.complete_measure(measure, actor=body.owner)  # a double click
    with pytest.raises(MovedMeanwhile, match="姚望"):
        actions.complete_measure(measure, actor=body.head)
    asked = actions.ask_extension(second, actor=body.owner, to_due_on=date(2031, 1, 1), reason="系统未到")
    with pytest.raises(ExtensionNotOpen, match="姚望"):
        actions.ask_extension(second, actor=body.head, to_due_on=date(2031, 1, 1), reason="系统未到")
    actions.decide_extension(asked, actor=body.chief, grant=True)
    with pytest.raises(ExtensionNotOpen, match=r"程立民.*已批准"):
        actions.decide_extension(asked, actor=body.leader, grant=False, opinion="不必")


def test_codes_that_nobody_declared_and_characters_no_database_keeps_are_taken_well() -> None:
    body = Body()
    finding = body.at_work()
    with pytest.raises(TextMissing):
        actions.submit(finding, actor=body.owner, outcome="vanished", statement="已完成")
    with pytest.raises(TextMissing):
        actions.add_criterion(finding, actor=body.office, text="标准", kind="other")
    actions.complete_measure(finding.measures.get(), actor=body.owner, note="一\x00二")
    body.evidence(finding, list(finding.measures.all()))
    actions.submit(again(finding), actor=body.owner, outcome="completed", statement="已\x00完成")
    actions.pass_level(again(finding), actor=body.head, level="department", text="同\x00意")
    assert Opinion.objects.get().text == "同意"


def test_a_post_that_ended_no_longer_decides() -> None:
    body = Body()
    finding = body.submitted(body.at_work())
    other = make_user("department_head", body.department)
    post = body.head.posts.get()
    post.started_on = TODAY() - timedelta(days=9)
    post.save(update_fields=["started_on"])
    end_post(post, actor=OPERATOR)
    with pytest.raises(NotFound):
        actions.pass_level(finding, actor=fresh(body.head), level="department")
    actions.pass_level(finding, actor=other, level="department")


def test_evidence_is_taken_away_by_who_handed_it_in_and_by_those_above_them() -> None:
    body = Body()

    def by(evidence: Evidence, person: User) -> None:
        Evidence.objects.filter(pk=evidence.pk).update(created_by=person)
        evidence.versions.update(by=person)
        evidence.links.update(by=person)

    finding = body.at_work()
    theirs = body.evidence(finding)
    by(theirs, body.head)
    with pytest.raises(EvidenceOfOthers):
        actions.withdraw_evidence(theirs, actor=body.owner, why="有误")
    with pytest.raises(EvidenceOfOthers):
        actions.unlink_evidence(theirs.links.get(), actor=body.owner)
    own = body.evidence(finding)
    actions.withdraw_evidence(own, actor=body.head, why="不是原件")
    by(theirs, body.office)
    with pytest.raises(EvidenceOfOthers):
        actions.withdraw_evidence(theirs, actor=body.head, why="有误")
    Post.objects.filter(user=body.office).update(ended_on=timezone.localdate())
    actions.withdraw_evidence(theirs, actor=body.head, why="提交人已调离")
