"""The workbench of each person holds what waits for them, the most urgent first, and nothing of others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.days import past_workday
from tests.factories.workflow import Body
from zhenggai.desk.queries import SECTIONS, beside_of, lights_of, waiting_of, workbench
from zhenggai.desk.workbench import SHOWN
from zhenggai.findings.models import Finding, Measure
from zhenggai.findings.standing import Standing
from zhenggai.people.models import User
from zhenggai.workflow import actions
from zhenggai.workflow.models import Item

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def fresh(user: User) -> User:
    """Return the person as the next request sees them."""
    return User.objects.get(pk=user.pk)


def test_work_is_told_by_urgency_with_what_comes_next() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    calm, late, back, ready = (body.finding(round_, title) for title in ("不急的", "超期的", "退回的", "做完的"))
    body.approved(round_)
    Finding.objects.filter(pk=late.pk).update(due_on=past_workday(3))
    Measure.objects.filter(finding=calm).update(due_on=TODAY + timedelta(days=2))
    body.submitted(back)
    actions.return_work(back, actor=body.head, level="department", text="缺会议纪要")
    body.do_all(ready)
    bench = workbench(fresh(body.owner))
    assert [task.title for task in bench.tasks][:3] == ["退回的", "超期的", "不急的"]
    assert bench.task_total == 4
    first, second, third, last = bench.tasks
    assert (first.standing, first.reason) == (Standing.RETURNED, "部门负责人审核 段红：缺会议纪要")
    assert (second.standing, second.days_left) == (Standing.OVERDUE, (past_workday(3) - TODAY).days)
    assert third.days_left == 2
    assert last.verb == "提交审核"
    assert workbench(fresh(body.outsider)).nothing_waits


def test_reviews_approvals_and_what_one_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    finding = body.finding(round_, "固定资产账实不符")
    plan = actions.open_plan(round_, actor=body.office)
    actions.submit_plan(plan, actor=body.office)
    bench = workbench(fresh(body.chief))
    assert [(row.kind, row.key) for row in bench.approvals] == [("plan", plan.pk)]
    actions.approve_plan(plan, actor=body.chief)
    actions.ask_extension(
        Finding.objects.get(pk=finding.pk), actor=body.owner, to_due_on=TODAY + timedelta(days=9999), reason="等设备"
    )
    bench = workbench(fresh(body.leader))
    assert [(row.kind, row.key, row.by) for row in bench.approvals] == [("extension", finding.pk, "姚望")]

    body.submitted(finding)
    Item.objects.filter(pk=finding.pk).update(level_since=timezone.now() - timedelta(days=30))
    review = workbench(fresh(body.head)).reviews[0]
    assert (review.level, review.by, review.late) == ("部门负责人审核", "姚望", True)
    assert workbench(fresh(body.leader)).reviews == ()
    waits = waiting_of(fresh(body.owner)).rows[0]
    assert (waits.level, waits.place, waits.people, waits.late) == ("部门负责人审核", 1, ("段红",), True)
    assert workbench(fresh(body.owner)).task_total == 0
    # Where many wait they are asked for together, with the same answers.
    monkeypatch.setattr("zhenggai.workflow.doers._LISTED", 0)
    assert workbench(fresh(body.head)).reviews[0] == review
    assert waiting_of(fresh(body.owner)).rows[0] == waits


def test_the_area_of_a_leader_is_red_amber_and_green_by_department() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    soon = past_workday(-5)
    rows = [
        ("超期", body.department, past_workday()),
        ("临期", body.department, soon),
        ("从容", body.assisting, TODAY + timedelta(days=90)),
        ("别人的", body.office_unit, past_workday()),
    ]
    for title, department, due in rows:
        finding = body.finding(round_, title, leader=body.leader if title != "别人的" else body.deputy)
        Finding.objects.filter(pk=finding.pk).update(department=department, due_on=due)
    bench = workbench(fresh(body.leader))
    beside = beside_of(fresh(body.leader))
    assert bench.leads and bench.area is not None and bench.area.total == 3
    assert [(row.name, row.red, row.amber, row.green) for row in bench.area.rows] == [
        ("计财处", 1, 1, 0),
        ("机关党委", 0, 0, 1),
    ]
    assert lights_of(bench.area.rows) == {"red": 1, "amber": 1, "green": 1, "done": 0}
    assert [(row.title, row.days_left) for row in beside.pressing] == [
        ("超期", (past_workday() - TODAY).days),
        ("临期", (soon - TODAY).days),
    ]
    assert (beside.area.late, beside.area.near) == (1, 1)
    assert beside_of(fresh(body.chief)).area.total == 4
    assert workbench(fresh(body.chief)).empty is False and workbench(fresh(body.outsider)).empty


def test_a_section_is_cut_until_all_of_it_is_asked_for() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    for _number in range(SHOWN + 2):
        body.finding(round_)
    body.approved(round_)
    assert len(workbench(fresh(body.owner)).tasks) == SHOWN
    assert len(workbench(fresh(body.owner), SECTIONS[0]).tasks) == SHOWN + 2
