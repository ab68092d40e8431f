"""The page of the plan: what it shows, the way from gaps to approval, and who may not."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.factories.findings import make_finding, make_measure
from tests.factories.workflow import Body
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.workflow import actions
from zhenggai.workflow.models import Plan

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def test_from_gaps_to_an_approved_and_filed_plan(sign_in_as: SignIn) -> None:
    body = Body()
    round_ = body.round()
    finding = make_finding(
        round_, "固定资产账实不符", leader=body.leader, department=body.department, owner=body.owner, due="2030-06-30"
    )
    first, second = make_measure(finding, "制定固定资产管理办法"), make_measure(finding, "开展资产清查")
    office, chief = sign_in_as(body.office), sign_in_as(body.chief)
    address = f"/plan/?round={round_.pk}"

    page = office.get(address).content.decode()
    assert "提交前还差 4 处" in page and "缺完成标准" in page and "提交批准" not in page
    assert office.post("/plan/open/", {"round": round_.pk}).status_code == 302
    plan = Plan.objects.get()
    answer = office.post(f"/plan/versions/{plan.pk}/submit/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "workflow.PlanIncomplete")

    office.post("/plan/natures/", {"round": round_.pk})
    natures = dict(Measure.objects.values_list("pk", "nature"))
    assert natures == {first.pk: "lasting_rule", second.pk: "fix_now"}
    chosen = {"id": [first.pk, second.pk], "round": round_.pk, "nature": "keep", "criterion": "办法印发、账实相符"}
    office.post("/plan/measures/", chosen)
    assert set(Measure.objects.values_list("criterion", flat=True)) == {"办法印发、账实相符"}

    assert "提交批准" in office.get(address).content.decode()
    office.post(f"/plan/versions/{plan.pk}/submit/")
    assert "请批准或退回" in chief.get(address).content.decode()
    assert "不能自行批准" in office.get(address).content.decode()
    chief.post(f"/plan/versions/{plan.pk}/decide/", {"act": "approve", "opinion": "同意"})
    assert Finding.objects.get(pk=finding.pk).stage == Stage.WORKING

    office.post(f"/plan/versions/{plan.pk}/file/", {"filed_on": "2024-08-16", "note": "巡察办收"})
    assert str(Finding.objects.get(pk=finding.pk).filed_on) == "2024-08-16"

    actions.open_plan(round_, actor=body.office)
    make_measure(Finding.objects.get(pk=finding.pk), "按季核对")
    assert "处不同" in office.get(address).content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"/plan/export/?round={round_.pk}").content))
    assert book.sheet_names == ["问题清单", "任务清单", "责任清单"]
    assert len(book.get_sheet_by_name("任务清单").to_python()) == 4


def test_the_submitter_never_approves_and_others_see_nothing(sign_in_as: SignIn) -> None:
    body = Body()
    round_ = body.round()
    body.finding(round_)
    plan = actions.open_plan(round_, actor=body.office)
    actions.submit_plan(plan, actor=body.office)
    stranger, owner = sign_in_as(body.outsider), sign_in_as(body.owner)
    for client in (stranger, owner):
        assert client.get(f"/plan/?round={round_.pk}").status_code == 404
        assert client.get(f"/plan/versions/{plan.pk}/").status_code == 404
    assert stranger.get(f"/plan/export/?round={round_.pk}").status_code == 404
    assert stranger.post("/plan/open/", {"round": round_.pk}).status_code == 404
    refused = sign_in_as(body.office).post(f"/plan/versions/{plan.pk}/decide/", {"act": "approve"})
    assert refused.status_code == 403
    assert Plan.objects.get().state == Plan.State.SUBMITTED


def test_a_returned_plan_says_why(sign_in_as: SignIn) -> None:
    body = Body()
    round_ = body.round()
    body.finding(round_)
    plan = actions.open_plan(round_, actor=body.office)
    actions.submit_plan(plan, actor=body.office)
    chief = sign_in_as(body.chief)
    address = f"/plan/versions/{plan.pk}/decide/"
    assert chief.post(address, {"act": "return"}, headers={"Accept": "application/json"}).json()["error"]["code"] == (
        "workflow.TextMissing"
    )
    chief.post(address, {"act": "return", "opinion": "第三项责任人不实"})
    assert "第三项责任人不实" in sign_in_as(body.office).get(f"/plan/?round={round_.pk}").content.decode()
