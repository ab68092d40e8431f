"""Under which rules a round runs: its course, the policy it names, and the days that follow from its feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.kit.workdays import WorkCalendar, add_months
from zhenggai.policy.profile import Policy
from zhenggai.policy.queries import policy_of
from zhenggai.workflow.models import Course, Extension


@dataclass(frozen=True, slots=True)
class Rules:
    """What one round runs by."""

    policy: Policy
    """The rules."""
    course: Course | None
    """The round's own clock; None until the loop was begun for it."""

    @property
    def version(self) -> str:
        """Name and version of the rules, for forms."""
        if self.course is None or self.course.profile is None:
            return self.policy.name
        return str(self.course.profile)


def course_of(round_: InspectionRound) -> Rules:
    """Return the rules of a round; the shipped ones until it is given others.  One query."""
    course = Course.objects.select_related("profile").filter(round=round_).first()
    return Rules(policy_of(course.profile if course else None), course)


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of a round that follow from its feedback; None where the feedback day is not known."""

    plan_due_on: date | None
    """Until when the plan is handed in."""
    period_ends_on: date | None
    """Last day of the concentrated period."""
    report_due_on: date | None
    """Until when the report is handed in."""


def clock_of(round_: InspectionRound, policy: Policy, calendar: WorkCalendar) -> Clock:
    """Return the days of *round_* under *policy*, rolled over days off when the policy says so."""
    if round_.feedback_on is None:
        return Clock(None, None, None)

    def rolled(day: date) -> date:
        return calendar.on_or_after(day) if policy.roll_over_holidays else day

    ends = add_months(round_.feedback_on, policy.period_months)
    return Clock(
        rolled(add_months(round_.feedback_on, policy.plan_due_months)),
        rolled(ends),
        rolled(ends + timedelta(days=policy.final_report_days)),
    )


def due_before_extensions(finding: Finding) -> date | None:
    """Return the deadline that held before the extensions that led to the present one, one after the other.

    A milestone or a clock that was started again is a deadline of its own: extensions before it do not count.
    """
    due = finding.due_on
    granted = finding.extension_requests.filter(state=Extension.State.GRANTED).order_by("-decided_at", "-pk")
    for request in granted:
        if request.to_due_on != due:
            break
        due = request.from_due_on
    return due


def effective_due(due_on: date | None, policy: Policy, calendar: WorkCalendar) -> date | None:
    """Return the last day that still counts as within the deadline; the rule of :mod:`zhenggai.findings.lateness`."""
    if due_on is None or not policy.roll_over_holidays:
        return due_on
    return calendar.on_or_after(due_on)
