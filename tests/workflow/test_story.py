"""The whole loop through acts alone: plan, work, review, close-out, rebound, close-out again."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.workflow import Body
from zhenggai.audit.queries import verify_chain
from zhenggai.findings.models import Finding, Stage, Status
from zhenggai.notifications.models import Notification
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut
from zhenggai.workflow.queries import loop_of, to_review

pytestmark = pytest.mark.django_db


def test_from_the_plan_to_a_close_out_that_rebounds_and_is_closed_again() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    finding = body.finding(round_, "固定资产账实不符", measures=2, assist=[body.assisting.pk])
    plan = body.approved(round_)
    finding.refresh_from_db()
    assert (finding.stage, finding.status, plan.state) == (Stage.WORKING, Status.ONGOING, "approved")
    assert [each.title for each in Notification.objects.filter(user=body.owner)] == [
        f"《{round_.name}》整改方案已批准，开始整改"
    ]

    finding = body.submitted(finding)
    assert finding.stage == Stage.IN_REVIEW
    assert [row.finding.pk for row in to_review(body.head)] == [finding.pk]
    assert [row.cosign for row in to_review(body.assisting_head)] == [True]
    assert to_review(body.owner) == () and to_review(body.leader) == ()

    actions.cosign(finding, actor=body.assisting_head, level="department", text="无意见")
    finding = body.pass_to(finding)
    assert (finding.stage, finding.status, finding.within_deadline) == (Stage.CLOSED, Status.COMPLETED, True)
    first = CloseOut.objects.get()
    assert first.form["opinions"][0]["department"] == "机关党委"
    assert [row["level"] for row in first.form["opinions"]][1:] == [
        "部门负责人审核", "分管领导审核", "整改办审核", "领导小组审定", "督促组复核",
    ]  # fmt: skip
    assert len(first.form["evidence"]) == 2 and first.no.endswith("号")

    actions.revoke_close_out(first, actor=body.supervisor, motive="抽查发现新购资产又未入账")
    finding.refresh_from_db()
    assert (finding.stage, finding.status, finding.closed_on) == (Stage.REOPENED, Status.ONGOING, None)
    page = loop_of(body.owner, finding)
    assert page.may.work and page.missing == ("确认“达到完成标准：账实相符”",)

    actions.write_progress(finding, actor=body.owner, text="补登新购资产 6 件，按月核对")
    actions.submit(finding, actor=body.owner, outcome="completed", statement="已补登并建立按月核对制度")
    actions.cosign(finding, actor=body.assisting_head, level="department")
    finding = body.pass_to(finding)
    second = CloseOut.objects.exclude(pk=first.pk).get()
    assert finding.stage == Stage.CLOSED and second.earlier == first
    assert CloseOut.objects.get(pk=first.pk).motive == "抽查发现新购资产又未入账"
    assert verify_chain().holds


def test_a_phased_finding_goes_on_to_its_milestone_and_is_never_closed_by_itself() -> None:
    body = Body()
    finding = body.at_work()
    actions.submit(
        finding,
        actor=body.owner,
        outcome="phased",
        statement="已完成清查",
        milestone="系统上线",
        milestone_on=date(2030, 9, 1),
    )
    finding = body.pass_to(finding)
    assert (finding.stage, finding.status, finding.due_on) == (Stage.PHASED, Status.PHASED, date(2030, 9, 1))
    assert not CloseOut.objects.exists()
    assert Finding.objects.get(pk=finding.pk).item.next_report_on is not None
    finding = body.pass_to(body.submitted(finding))
    assert finding.stage == Stage.CLOSED
