"""The figures of the overview, held against plain Python over the same findings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.days import days_since, past_workday
from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.findings import actions
from zhenggai.findings.models import InspectionRound
from zhenggai.findings.queries import overview

pytestmark = pytest.mark.django_db


def test_totals_groups_months_declared_counts_and_latest_acts() -> None:
    court = make_unit("示例市人民检察院")
    office, first = make_department(court, "办公室"), make_department(court, "第一检察部")
    clerk, head = make_user("rectification_office", court, name="段红"), make_user("department_head", office)
    round_, other = make_round(court), make_round(court)
    aspect = make_aspect(round_, "党的建设", no="一")
    today = timezone.localdate()

    def add(status: str, days: int | None, **values: object) -> None:
        due = (today + timedelta(days=days)).isoformat() if days is not None else None
        make_measure(make_finding(round_, status=status, due=due, **values), status=status)

    add("completed", -100, aspect=aspect.pk, department=office.pk)
    add("ongoing", -100, aspect=aspect.pk, department=office.pk)
    add("ongoing", 5, department=first.pk)
    add("phased", 400, department=first.pk)
    add("not_completed", None)
    make_finding(other, "另一轮", status="completed")
    gone = make_finding(round_, "撤下的")
    actions.withdraw_findings([gone.pk], actor=clerk, reason="重复")
    InspectionRound.objects.filter(pk=round_.pk).update(
        declared_counts={"findings": 6, "completed": 1, "rate_percent": 50.0}
    )
    round_.refresh_from_db()

    seen = overview(clerk, round_)
    assert seen.totals.total == 5
    assert seen.totals.by_status == {
        "unknown": 0,
        "ongoing": 2,
        "phased": 1,
        "long_term": 0,
        "completed": 1,
        "not_completed": 1,
    }
    assert (seen.totals.overdue, seen.due_soon, seen.undated, seen.unassigned) == (1, 1, 1, 1)
    assert (seen.totals.completed_percent, seen.measure_total, seen.measures_by_status["ongoing"]) == (20, 5, 2)
    assert [(tally.label, tally.total, tally.overdue) for tally in seen.by_aspect] == [
        ("一、党的建设", 2, 1),
        ("未分方面", 3, 0),
    ]
    departments = [(tally.label, tally.total, tally.completed_percent) for tally in seen.by_department]
    assert departments == [("办公室", 2, 50), ("第一检察部", 2, 0), ("未落实部门", 1, 0)]
    months = {month.month: (month.completed, month.missed, month.ahead) for month in seen.deadlines}
    past = (today - timedelta(days=100)).replace(day=1)
    assert months[past] == (1, 1, 0)
    assert sum(month.ahead for month in seen.deadlines) == 2
    firsts = [month.month for month in seen.deadlines]
    assert firsts == sorted(firsts) and len(firsts) >= 16, "months without deadlines are filled in"
    declared = {count.key: (count.declared, count.counted, count.agrees) for count in seen.declared}
    assert declared == {"findings": (6, 5, False), "completed": (1, 1, True)}
    assert seen.latest[0].object_label != "撤下的" and len(seen.latest) == 10

    everything = overview(clerk)
    assert everything.totals.total == 6 and everything.declared == ()
    mine = overview(head, round_)
    assert mine.totals.total == 2 and mine.measure_total == 2
    assert {item.object_id for item in mine.latest} <= {str(f.pk) for f in round_.findings.filter(department=office)}


def test_who_sees_a_part_is_told_so_and_the_declared_counts_are_held_against_the_whole_round() -> None:
    court = make_unit("示例市人民检察院")
    office = make_department(court, "办公室")
    round_ = make_round(court)
    aspect = make_aspect(round_, "党的建设")
    for number in range(4):
        finding = make_finding(
            round_, status="completed", aspect=aspect.pk, department=office.pk if number == 0 else None
        )
        make_measure(finding)
    InspectionRound.objects.filter(pk=round_.pk).update(
        declared_counts={"aspects": 1, "findings": 4, "completed": 4, "ongoing": 0, "measures": 4}
    )
    round_.refresh_from_db()
    seen = overview(make_user("department_head", office), round_)
    assert (seen.totals.total, seen.whole_total, seen.is_partial) == (1, 4, True)
    assert len(seen.declared) == 5 and all(count.agrees for count in seen.declared)
    everything = overview(make_user("rectification_office", court), round_)
    assert (everything.whole_total, everything.is_partial) == (4, False)


def test_late_findings_are_named_with_who_answers_and_by_how_many_days() -> None:
    court = make_unit("示例市人民检察院")
    office = make_department(court, "办公室")
    clerk, owner = make_user("rectification_office", court), make_user("department_head", office, name="段红")
    round_ = make_round(court)
    today = timezone.localdate()

    def due(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    make_finding(round_, "按期完成", due=due(-9), status="completed")
    make_finding(round_, "今天到期", due=due(0))
    make_finding(round_, "逾期三天", due=past_workday(3).isoformat(), owner=owner.pk, department=office.pk)
    make_finding(round_, "逾期一月", due=past_workday(30).isoformat(), leader_text="周启明", owner_text="综合科负责人")
    seen = overview(clerk, round_)
    assert [(item.title, item.days_late, item.owner_name, item.leader_name) for item in seen.late] == [
        ("逾期一月", days_since(past_workday(30)), "综合科负责人", "周启明"),
        ("逾期三天", days_since(past_workday(3)), "段红", ""),
    ]
    assert seen.late[1].department_name == "办公室"
    for number in range(25):
        make_finding(round_, f"早已逾期{number}", due=due(-60))
    assert len(overview(clerk, round_).late) == 20 and overview(clerk, round_).totals.overdue == 27


def test_an_empty_overview_shows_zeros() -> None:
    seen = overview(make_user("rectification_office", make_unit()))
    assert (seen.totals.total, seen.totals.completed_percent, seen.deadlines, seen.latest) == (0, 0, (), ())
