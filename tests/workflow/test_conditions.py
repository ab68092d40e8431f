"""A criterion on a ledger: the gate opens only while what was last seen there holds and is fresh."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.workflow import Body
from zhenggai.audit.models import Entry
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed
from zhenggai.people.access import OPERATOR
from zhenggai.workflow import actions
from zhenggai.workflow.actions import Look
from zhenggai.workflow.conditions import Condition, condition_of
from zhenggai.workflow.errors import BadCondition, CannotClose
from zhenggai.workflow.models import Criterion
from zhenggai.workflow.queries import course_of, missing_to_close

pytestmark = pytest.mark.django_db
NOW = timezone.now


def silent(body: Body) -> Condition:
    return Condition("cases", rule="stalled", body=body.unit.pk)


def look(criterion: Criterion, state: str, days_ago: float = 0, count: int = 0) -> None:
    seen = Look(criterion.pk, state, NOW() - timedelta(days=days_ago), f"未解决预警 {count} 条", count)
    actions.record_conditions([seen], actor=OPERATOR)


def missing(finding: Finding) -> str:
    return "；".join(missing_to_close(finding, course_of(finding.round).policy))


def test_a_finding_closes_only_while_its_condition_holds() -> None:
    body = Body()
    finding = body.at_work()
    criterion = actions.add_condition(finding, silent(body), actor=body.office, text="停滞案件规则无预警")
    assert condition_of(criterion) == silent(body)
    assert "还没有核验" in missing(finding)
    with pytest.raises(CannotClose):
        body.submitted(finding)
    look(criterion, "holds")
    waits = body.pass_to(body.submitted(finding), "supervision")
    look(criterion, "lapsed", count=2)
    with pytest.raises(CannotClose) as raised:
        actions.pass_level(waits, actor=body.supervisor, level="supervision")
    assert "未解决预警 2 条" in str(raised.value)
    look(criterion, "unknown")
    assert "无法判断" in missing(finding)
    look(criterion, "holds")
    actions.pass_level(waits, actor=body.supervisor, level="supervision")
    closed = Finding.objects.get(pk=finding.pk)
    assert closed.stage == Stage.CLOSED
    form = closed.close_outs.get().form["criteria"][-1]
    assert form["seen"] == "未解决预警 0 条" and form["condition"]["rule"] == "stalled"
    told = Entry.objects.filter(object_id=str(finding.pk), code__startswith="workflow.condition_")
    codes = list(told.order_by("sequence").values_list("code", flat=True))
    assert [code.rsplit("_")[-1] for code in codes] == ["added", "holds", "lapsed", "unknown", "holds"]


def test_an_old_look_does_not_count_and_an_older_one_changes_nothing() -> None:
    body = Body()
    finding = body.at_work()
    criterion = actions.add_condition(finding, silent(body), actor=body.office, text="停滞案件规则无预警")
    look(criterion, "holds", days_ago=4)
    assert "已超过 3 天" in missing(finding)
    look(criterion, "holds", days_ago=1)
    assert "停滞" not in missing(finding)
    look(criterion, "lapsed", days_ago=2, count=1)
    assert "停滞" not in missing(finding)


def test_who_attaches_a_condition_and_what_it_must_say() -> None:
    body = Body()
    finding = body.at_work()
    with pytest.raises(NotAllowed):
        actions.add_condition(finding, silent(body), actor=body.owner, text="无预警")
    figure = Condition("cases", indicator="rate", body=body.unit.pk)
    for wrong in (
        Condition("cases", body=body.unit.pk),
        Condition("cases", rule="a", indicator="b", body=body.unit.pk),
        Condition("cases", rule="a"),
        figure,
        Condition("cases", indicator="rate", comparison="ge", body=body.unit.pk, period="year"),
        Condition("cases", indicator="rate", comparison="ge", value=90, body=body.unit.pk),
    ):
        with pytest.raises(BadCondition):
            actions.add_condition(finding, wrong, actor=body.office, text="无预警")
    good = Condition("cases", indicator="rate", comparison="ge", value=0, period="year", body=body.unit.pk)
    added = actions.add_condition(finding, good, actor=body.office, text="率不低于零")
    assert condition_of(added) == good
    actions.withdraw_criterion(added, actor=body.office, why="改用规则")
    assert actions.record_conditions([Look(added.pk, "holds", NOW(), "")], actor=OPERATOR) == []
