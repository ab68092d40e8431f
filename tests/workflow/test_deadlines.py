"""Within the deadline or not, and how a finding counts around its day: tables of cases."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.workflow import Body
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import Finding, Stage, Status
from zhenggai.findings.standing import Standing, standing_case, standing_of
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import save_policy, seed_calendar
from zhenggai.policy.models import CalendarDay, CalendarYear
from zhenggai.policy.profile import shipped_values
from zhenggai.workflow import actions
from zhenggai.workflow.errors import BadDay, TextMissing
from zhenggai.workflow.models import CloseOut

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2025, 6, 13 + n) for n in range(4))
HOLIDAY = date(2025, 10, 1)
"""国庆节 2025, worked again from 9 October; Sunday 28 September and Saturday 11 October are worked for it."""


FIRST_DAY = date(2025, 6, 2)


class Clock:
    """The day it is, moved by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.today = FIRST_DAY
        monkeypatch.setattr(timezone, "localdate", lambda *_given: self.today)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture(scope="module")
def built_body(module_database: None) -> Body:
    """Build a body in whose calendar the holidays stand, once for this module."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        Clock(monkeypatch)
        seed_calendar(actor=OPERATOR)
        return Body()


@pytest.fixture
def body(built_body: Body, db: None) -> Body:
    """Return the body as it was built."""
    return copy.deepcopy(built_body)


def close(body: Body, finding: Finding) -> CloseOut:
    pass_all(body, body.submitted(finding))
    return CloseOut.objects.filter(finding=finding).latest("pk")


def pass_all(body: Body, finding: Finding) -> None:
    """Pass all levels that :func:`at_work` leaves."""
    body.pass_to_from(finding, "office", "group")


def at_work(body: Body, due: date | str, **rules: Any) -> Finding:
    """Return a finding at work by rules with one level of review, which is enough for what is counted here."""
    values = shipped_values()
    levels = [{**level, "skippable": False} for level in values["levels"] if level["code"] == "office"]
    given = {**values, "levels": levels, **rules}
    round_ = body.round()
    actions.set_course(round_, actor=OPERATOR, profile=save_policy(body.unit, given, actor=OPERATOR))
    finding = body.finding(round_, due=str(due))
    body.approved(round_)
    return Finding.objects.get(pk=finding.pk)


@pytest.mark.parametrize(
    ("due", "closed", "rolls", "within"),
    [
        (FRIDAY, FRIDAY, True, True),
        (FRIDAY, SATURDAY, True, False),
        (SATURDAY, SUNDAY, True, True),
        (SATURDAY, MONDAY, True, True),
        (SATURDAY, MONDAY + timedelta(days=1), True, False),
        (SATURDAY, SATURDAY, False, True),
        (SATURDAY, SUNDAY, False, False),
        (HOLIDAY, date(2025, 10, 9), True, True),
        (HOLIDAY, date(2025, 10, 10), True, False),
        (date(2025, 9, 28), date(2025, 9, 29), True, False),  # a Sunday that is worked does not roll over
    ],
)
def test_the_last_day_that_counts(clock: Clock, body: Body, due: date, closed: date, rolls: bool, within: bool) -> None:
    finding = at_work(body, due, **({} if rolls else {"roll_over_holidays": False}))
    clock.today = closed
    close_out = close(body, finding)
    assert (close_out.within_deadline, close_out.due_on) == (within, due)
    assert Finding.objects.get(pk=finding.pk).within_deadline is within


@pytest.mark.parametrize(("counts_as_late", "within"), [(False, True), (True, False)])
def test_an_extension_counts_as_the_rules_say(clock: Clock, body: Body, counts_as_late: bool, within: bool) -> None:
    finding = at_work(body, FRIDAY, extension_counts_as_late=counts_as_late)
    asked = actions.ask_extension(finding, actor=body.owner, to_due_on=date(2025, 7, 15), reason="系统未到")
    actions.decide_extension(asked, actor=body.leader, grant=True)
    clock.today = date(2025, 7, 10)
    close_out = close(body, Finding.objects.get(pk=finding.pk))
    assert close_out.within_deadline is within
    assert close_out.due_on == (FRIDAY if counts_as_late else date(2025, 7, 15))


def test_a_milestone_and_a_clock_started_again_are_deadlines_of_their_own(clock: Clock, body: Body) -> None:
    finding = at_work(body, FRIDAY, extension_counts_as_late=True, reopening_restarts_clock=True)
    asked = actions.ask_extension(finding, actor=body.owner, to_due_on=date(2025, 7, 15), reason="系统未到")
    actions.decide_extension(asked, actor=body.leader, grant=True)
    body.do_all(finding)
    actions.submit(
        finding,
        actor=body.owner,
        outcome="phased",
        statement="先做一半",
        milestone="系统上线",
        milestone_on=date(2025, 8, 29),
    )
    pass_all(body, Finding.objects.get(pk=finding.pk))
    clock.today = date(2025, 8, 20)
    actions.submit(finding, actor=body.owner, outcome="completed", statement="已上线")
    pass_all(body, Finding.objects.get(pk=finding.pk))
    first = CloseOut.objects.get()
    assert (first.within_deadline, first.due_on) == (True, date(2025, 8, 29))

    clock.today = date(2025, 9, 1)
    actions.revoke_close_out(first, actor=body.supervisor, motive="反弹", due_on=date(2025, 9, 30))
    actions.submit(finding, actor=body.owner, outcome="completed", statement="已补正")
    pass_all(body, Finding.objects.get(pk=finding.pk))
    second = CloseOut.objects.latest("pk")
    assert (second.within_deadline, second.due_on) == (True, date(2025, 9, 30))


def test_what_has_no_deadline_is_neither_in_time_nor_late(clock: Clock, body: Body) -> None:
    close_out = close(body, at_work(body, "长期坚持"))
    assert (close_out.within_deadline, close_out.due_on) == (None, None)
    reopened = actions.revoke_close_out(close_out, actor=body.supervisor, motive="反弹")
    assert (reopened.due_on, reopened.due_text) == (None, "长期坚持")


DUE = date(2025, 6, 13)
BEFORE, ON, AFTER = DUE - timedelta(days=1), DUE, DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("stage", "extensions", "on_time", "late"),
    [
        (Stage.REGISTERED, 0, Standing.UNKNOWN, Standing.OVERDUE),
        (Stage.WORKING, 0, Standing.ONGOING, Standing.OVERDUE),
        (Stage.WORKING, 1, Standing.EXTENDED, Standing.OVERDUE),
        (Stage.IN_REVIEW, 0, Standing.IN_REVIEW, Standing.IN_REVIEW),
        (Stage.IN_REVIEW, 1, Standing.IN_REVIEW, Standing.IN_REVIEW),
        (Stage.RETURNED, 0, Standing.RETURNED, Standing.RETURNED),
        (Stage.REOPENED, 0, Standing.REOPENED, Standing.OVERDUE),
        (Stage.REOPENED, 2, Standing.REOPENED, Standing.OVERDUE),
        (Stage.PHASED, 0, Standing.PHASED, Standing.PHASED),
        (Stage.PHASED, 1, Standing.PHASED, Standing.PHASED),
        (Stage.LONG_TERM, 0, Standing.LONG_TERM, Standing.LONG_TERM),
        (Stage.CLOSED, 0, Standing.COMPLETED, Standing.COMPLETED),
        (Stage.CLOSED, 1, Standing.COMPLETED, Standing.COMPLETED),
    ],
)
def test_how_each_stage_counts_around_its_day(
    body: Body, stage: Stage, extensions: int, on_time: Standing, late: Standing
) -> None:
    finding = body.finding(body.round())
    Finding.objects.filter(pk=finding.pk).update(
        stage=stage,
        extensions=extensions,
        due_on=DUE,
        status=Status.UNKNOWN if stage == Stage.REGISTERED else Status.ONGOING,
    )
    finding.refresh_from_db()
    for today, expected in ((BEFORE, on_time), (ON, on_time), (AFTER, late)):
        assert standing_of(finding, line_on(today)) == expected, today
        assert Finding.objects.annotate(told=standing_case(line_on(today))).get(pk=finding.pk).told == expected.value
    Finding.objects.filter(pk=finding.pk).update(due_on=None)
    finding.refresh_from_db()
    assert standing_of(finding, line_on(AFTER)) == on_time


@pytest.mark.parametrize(
    ("first", "then", "stage", "due"),
    [
        ("phased", "phased", Stage.PHASED, date(2025, 10, 31)),
        ("phased", "long_term", Stage.LONG_TERM, None),
        ("phased", "completed", Stage.CLOSED, date(2025, 8, 29)),
        ("phased", "return", Stage.RETURNED, date(2025, 8, 29)),
        ("phased", "withdraw", Stage.PHASED, date(2025, 8, 29)),
        ("phased", "reopen", Stage.REOPENED, FRIDAY),
        ("long_term", "phased", Stage.PHASED, date(2025, 10, 31)),
        ("long_term", "long_term", Stage.LONG_TERM, None),
        ("long_term", "completed", Stage.CLOSED, None),
        ("long_term", "return", Stage.RETURNED, date(2025, 7, 31)),
        ("long_term", "withdraw", Stage.LONG_TERM, None),
        ("long_term", "reopen", Stage.REOPENED, FRIDAY),
    ],
)
def test_from_phased_and_long_term_on(
    clock: Clock, body: Body, first: str, then: str, stage: Stage, due: date | None
) -> None:
    finding = at_work(body, FRIDAY)
    body.do_all(finding)

    def submit(outcome: str, milestone_on: date) -> None:
        actions.submit(
            finding,
            actor=body.owner,
            outcome=outcome,
            statement="做了",
            milestone="系统上线",
            milestone_on=milestone_on,
        )

    submit(first, date(2025, 8, 29))
    pass_all(body, Finding.objects.get(pk=finding.pk))
    if then == "reopen":
        if first == "long_term":  # the deadline of the plan is past by then
            clock.today = MONDAY
            with pytest.raises(TextMissing):
                actions.reopen(finding, actor=body.supervisor, why="反弹")
            clock.today = date(2025, 6, 2)
        actions.reopen(finding, actor=body.supervisor, why="反弹")
    else:
        submit(then if then in ("phased", "long_term", "completed") else "completed", date(2025, 10, 31))
        if then == "return":
            asked: dict[str, Any] = {"actor": body.office, "level": "office", "text": "补充"}
            if first == "long_term":  # it has no deadline, so one is asked for
                for day, error in ((None, TextMissing), (clock.today, BadDay)):
                    with pytest.raises(error):
                        actions.return_work(finding, due_on=day, **asked)
                asked["due_on"] = due
            else:
                with pytest.raises(BadDay):
                    actions.return_work(finding, due_on=date(2025, 7, 31), **asked)
            actions.return_work(finding, **asked)
        elif then == "withdraw":
            actions.withdraw_submission(finding, actor=body.owner)
        else:
            pass_all(body, Finding.objects.get(pk=finding.pk))
    found = Finding.objects.select_related("item").get(pk=finding.pk)
    assert (found.stage, found.due_on) == (stage, due)
    assert found.item.first_due_on == FRIDAY
    in_a_cycle = stage in (Stage.PHASED, Stage.LONG_TERM)
    reports = found.item.next_report_on == clock.today + timedelta(days=30)
    assert reports == in_a_cycle or then == "return"  # what is returned still owes its next report
    assert CloseOut.objects.exists() == (stage == Stage.CLOSED)


@pytest.mark.parametrize("rolls", [True, False])
def test_what_is_late_and_what_is_closed_within_its_deadline_are_one_rule(
    clock: Clock, body: Body, rolls: bool
) -> None:
    finding = at_work(body, HOLIDAY, roll_over_holidays=rolls)
    assert finding.round.rolls_over is rolls
    last = date(2025, 10, 9) if rolls else HOLIDAY
    for day in (last - timedelta(days=1), last, last + timedelta(days=1)):
        line, late = line_on(day), day > last
        assert line.is_late(finding.due_on, finding.round_id) is late
        assert Finding.objects.filter(line.late()).exists() is late
        assert standing_of(finding, line) == (Standing.OVERDUE if late else Standing.ONGOING)
        assert line.days_left(HOLIDAY, finding.round_id) == (last - day).days
        assert Finding.objects.filter(line.coming(last)).exists() is not late
    clock.today = last
    assert close(body, finding).within_deadline


def test_a_holiday_decreed_later_counts_at_once(body: Body) -> None:
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    finding = at_work(body, HOLIDAY)
    assert line_on(date(2025, 10, 2)).is_late(finding.due_on, finding.round_id)
    seed_calendar(actor=OPERATOR)
    assert not line_on(date(2025, 10, 2)).is_late(finding.due_on, finding.round_id)
    assert not Finding.objects.filter(line_on(date(2025, 10, 8)).late()).exists()


@given(off=st.sets(st.integers(0, 40)), due=st.integers(0, 40), today=st.integers(0, 40), strict=st.booleans())
def test_one_comparison_with_one_day_answers_for_every_deadline(
    off: set[int], due: int, today: int, strict: bool
) -> None:
    first = date(2025, 9, 15)
    calendar = WorkCalendar({first + timedelta(days=n): n not in off for n in range(41)})
    line = Line(first + timedelta(days=today), calendar, frozenset({1} if strict else ()))
    day = first + timedelta(days=due)
    limit = line.today - timedelta(days=1) if strict else calendar.on_or_before(line.today - timedelta(days=1))
    assert line.is_late(day, 1) == (day <= limit)
