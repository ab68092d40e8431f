"""Reminders by the policy's ladder: on which days, to whom, about what; one digest a day and never twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.people import make_grassroots, make_post, make_user
from tests.factories.workflow import Body
from zhenggai.findings.models import Finding, InspectionRound, Stage, Status
from zhenggai.notifications.actions import run_once
from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import DailyRun, Notification
from zhenggai.people import actions as people
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User
from zhenggai.policy.models import CalendarDay
from zhenggai.workflow import actions
from zhenggai.workflow.daily import run_daily
from zhenggai.workflow.models import Course, Evidence, Item
from zhenggai.workflow.reminders import Reminder, reminders_on

pytestmark = pytest.mark.django_db
DUE = date(2030, 6, 28)  # a Friday
DAY = timedelta(days=1)


@pytest.fixture
def body() -> Body:
    return Body()


@pytest.fixture
def finding(body: Body) -> Finding:
    return body.at_work("固定资产账实不符", due=DUE.isoformat())


def told(today: date, *, since: date | None = None, about: str = "due") -> dict[str, list[Reminder]]:
    """Return name → reminders of one kind on *today*."""
    found = reminders_on(today, since or today - DAY)
    names = dict(User.objects.values_list("pk", "name"))
    chosen = {names[key]: [each for each in rows if each.about == about] for key, rows in found.items()}
    return {name: rows for name, rows in chosen.items() if rows}


@pytest.mark.parametrize(
    ("days_left", "who"),
    [
        (31, set()),
        (30, {"姚望", "段红"}),
        (8, set()),
        (7, {"姚望", "段红"}),
        (2, set()),
        (1, {"姚望", "段红"}),
        (0, {"姚望", "段红"}),
        (-1, {"姚望", "段红", "周启明"}),
        (-2, set()),
        (-14, {"姚望", "段红", "周启明"}),
        (-15, set()),
    ],
)
def test_owner_and_head_are_reminded_by_the_ladder_and_the_leader_once_it_is_late(
    days_left: int, who: set[str], finding: Finding
) -> None:
    found = told(DUE - timedelta(days=days_left))
    assert set(found) == who
    for rows in found.values():
        (reminder,) = rows
        assert reminder.days == days_left
        assert reminder.path == f"/findings/{finding.pk}/#evidence"


@pytest.mark.parametrize(
    ("changes", "reminded"),
    [
        ({}, True),
        ({"stage": Stage.RETURNED}, True),
        ({"stage": Stage.PHASED}, True),
        ({"stage": Stage.IN_REVIEW}, False),
        ({"stage": Stage.LONG_TERM}, False),
        ({"stage": Stage.CLOSED}, False),
        ({"stage": Stage.REGISTERED, "status": Status.ONGOING}, True),
        ({"stage": Stage.REGISTERED, "status": Status.COMPLETED}, False),
        ({"withdrawn_at": timezone.now()}, False),
        ({"due_on": None}, False),
    ],
)
def test_only_what_is_to_be_done_is_reminded_of(changes: dict[str, Any], reminded: bool, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(**changes)
    assert bool(told(DUE)) is reminded


def test_a_closed_round_is_left_in_peace(finding: Finding) -> None:
    InspectionRound.objects.update(closed_on=date(2029, 1, 1))
    assert reminders_on(DUE, DUE - DAY) == {}


def test_a_deadline_on_a_day_off_counts_to_the_next_working_day(finding: Finding) -> None:
    CalendarDay.objects.create(day=DUE, is_workday=False, name="放假")
    assert told(DUE + DAY) == {}  # two days before that Monday
    assert [each.days for each in told(DUE + 3 * DAY)["姚望"]] == [0]


def test_days_on_which_the_platform_stood_still_are_made_good_once(finding: Finding) -> None:
    today = DUE - timedelta(days=5)
    assert told(today) == {}
    (reminder,) = told(today, since=today - timedelta(days=6))["姚望"]
    assert reminder.days == 5  # the days as they are, not as they were on the seventh


def test_without_owner_and_department_the_leader_in_charge_or_the_unit_or_the_office_hears(body: Body) -> None:
    grassroots = make_grassroots(body.unit)
    round_ = body.round()
    nobodys = make_finding(round_, "无人负责", due=DUE.isoformat())
    led = make_finding(round_, "有部门", due=DUE.isoformat(), department=body.department)
    below = make_finding(round_, "基层的", due=DUE.isoformat(), unit=grassroots)
    office = {"金鸣", "苗青"}
    found = told(DUE)
    assert {name for name, rows in found.items() if any(each.title == nobodys.title for each in rows)} == office
    assert {name for name, rows in found.items() if any(each.title == led.title for each in rows)} == {"段红"}
    assert {name for name, rows in found.items() if any(each.title == below.title for each in rows)} == office
    make_user("grassroots_liaison", grassroots, name="夏禾")
    assert [each.title for each in told(DUE)["夏禾"]] == [below.title]
    late = told(DUE + DAY)
    assert [each.title for each in late["周启明"]] == [led.title]  # in charge of the department, named nowhere


def test_a_measure_with_its_own_day_reminds_its_own_people(body: Body) -> None:
    finding = body.at_work(due="2030-12-31")
    other = make_user("owner", body.department, name="柳青")
    Finding.objects.filter(pk=finding.pk).update(stage=Stage.REGISTERED)
    measure = make_measure(finding, due=DUE.isoformat(), owner=other)
    same = make_measure(finding, due="2030-12-31")
    Finding.objects.filter(pk=finding.pk).update(stage=Stage.WORKING)
    assert set(told(DUE)) == {"柳青", "段红"}
    assert [each.note for each in told(date(2030, 12, 31))["姚望"]] == ["整改时限今天到期"]
    assert same.due_on == finding.due_on
    actions.complete_measure(measure, actor=body.head, note="已完成")
    assert told(DUE) == {}


def test_a_review_that_waits_too_long_reminds_who_may_decide(body: Body, finding: Finding) -> None:
    body.submitted(finding)
    Item.objects.update(level_since=datetime(2030, 6, 3, 15, 0, tzinfo=timezone.get_current_timezone()))  # a Monday
    assert told(date(2030, 6, 7), about="review") == {}
    for day in (date(2030, 6, 10), date(2030, 6, 11)):  # five working days are over on the tenth
        (reminder,) = told(day, about="review")["段红"]
        assert reminder.path == f"/findings/{finding.pk}/#review"
    assert set(told(date(2030, 6, 11), about="review")) == {"段红"}
    assert told(date(2030, 6, 12), about="review") == {}


def test_phased_and_long_term_items_are_to_be_reported_on(body: Body, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(stage=Stage.LONG_TERM, due_on=None)
    Item.objects.filter(finding=finding).update(next_report_on=DUE)
    (reminder,) = told(DUE, about="report")["姚望"]
    assert (reminder.note, reminder.path) == ("进展报告今天到期", f"/findings/{finding.pk}/#work")
    Finding.objects.filter(pk=finding.pk).update(stage=Stage.PHASED, due_on=DUE)
    Item.objects.filter(finding=finding).update(next_report_on=None, next_milestone_on=DUE + DAY)
    assert told(DUE, about="report") == {}
    assert set(told(DUE, about="milestone")) == {"姚望", "段红"}
    Item.objects.filter(finding=finding).update(next_milestone_on=DUE)
    assert told(DUE, about="milestone") == {}  # it is the deadline, which reminds by itself
    assert set(told(DUE)) == {"姚望", "段红"}


def test_expiring_evidence_reminds_those_who_do_the_work(body: Body, finding: Finding) -> None:
    evidence = body.evidence(finding)
    Evidence.objects.filter(pk=evidence.pk).update(expires_on=DUE)
    (reminder,) = told(DUE - 7 * DAY, about="evidence")["姚望"]
    assert "有效期还剩 7 天" in reminder.note
    Finding.objects.filter(pk=finding.pk).update(stage=Stage.CLOSED)
    assert told(DUE - 7 * DAY, about="evidence") == {}


def test_the_office_is_reminded_of_the_plan_until_one_is_approved_and_then_of_the_report(body: Body) -> None:
    round_ = make_round(body.unit, feedback_on="2030-05-28")
    assert set(told(date(2030, 6, 28), about="plan")) == {"金鸣", "苗青"}
    body.finding(round_)
    body.approved(round_)
    assert told(date(2030, 6, 28), about="plan") == {}
    Course.objects.filter(round=round_).update(report_due_on=date(2030, 12, 9))
    assert set(told(date(2030, 12, 8), about="final_report")) == {"金鸣", "苗青"}
    assert told(date(2030, 12, 10), about="final_report") == {}


def test_everybody_gets_one_digest_however_much_is_due(body: Body) -> None:
    round_ = body.round()
    for _number in range(30):
        body.finding(round_, due=DUE.isoformat())
    body.approved(round_)
    Notification.objects.all().delete()
    counts = run_daily(DUE + DAY, since=DUE)
    assert counts == {"people": 3, "digests": 3, "reminders": 90}
    note = Notification.objects.get(user=body.owner)
    assert (note.kind, note.title) == (Kind.REMINDER, "今日提醒 30 项：超期 30 项")
    assert len(note.items) == 30
    assert note.items[0]["path"].endswith("/#evidence")
    assert note.items[0]["note"] == "整改时限超过 1 天"


def test_a_deputy_gets_the_digest_of_the_absent_one(body: Body, finding: Finding) -> None:
    today = timezone.localdate()
    stand_in = make_user("owner", body.department, name="柳青")
    people.appoint_deputy(body.owner, stand_in, actor=body.owner, started_on=today, ended_on=today)
    run_daily(DUE, since=DUE - DAY)
    assert "您正在代理姚望" in Notification.objects.get(user=stand_in, kind=Kind.REMINDER).body


def test_a_day_is_done_once_and_all_or_nothing(body: Body, finding: Finding) -> None:
    def work(since: date) -> dict[str, int]:
        return run_daily(DUE, since=since)

    with pytest.raises(ZeroDivisionError):
        run_once("workflow", DUE, lambda since: {"broken": 1 // 0})
    assert not DailyRun.objects.exists()
    first = run_once("workflow", DUE, work)
    assert first is not None
    assert first.counts["digests"] == 2
    before = Notification.objects.count()
    assert run_once("workflow", DUE, work) is None
    assert Notification.objects.count() == before


def test_a_run_looks_back_to_the_last_one_but_not_for_ever() -> None:
    seen: list[date] = []

    def work(since: date) -> dict[str, int]:
        seen.append(since)
        return {}

    for day in (DUE, DUE + 3 * DAY, DUE + 365 * DAY):
        run_once("workflow", day, work)
    assert seen == [DUE - DAY, DUE, DUE + 365 * DAY - timedelta(days=31)]


def test_an_absent_department_head_of_another_department_hears_nothing(body: Body, finding: Finding) -> None:
    other = make_user("department_head", body.assisting, name="别的")
    make_post(other, body.office_unit, "department_head")
    assert "别的" not in told(DUE)
    people.end_post(other.posts.first(), actor=OPERATOR)  # type: ignore[arg-type]  # there are two
    assert "别的" not in told(DUE)


def test_whose_countersign_is_waited_for_too_long_is_reminded(body: Body) -> None:
    finding = body.submitted(body.at_work(assist=[body.assisting.pk]))
    Item.objects.update(level_since=datetime(2030, 6, 3, 15, 0, tzinfo=timezone.get_current_timezone()))
    assert told(date(2030, 6, 7), about="cosign") == {}
    (name,) = told(date(2030, 6, 10), about="cosign")
    assert name == body.assisting_head.name
    actions.cosign(finding, actor=User.objects.get(pk=body.assisting_head.pk), level="department")
    assert told(date(2030, 6, 10), about="cosign") == {}
