"""Acts on the rules and the clock of a round."""

from __future__ import annotations

from django.db import transaction

from zhenggai.findings.access import access_round
from zhenggai.findings.actions.rounds import write_rolls_over
from zhenggai.findings.changes import locked
from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, require
from zhenggai.policy.models import PolicyProfile
from zhenggai.policy.profile import Policy
from zhenggai.policy.queries import access_profile, latest_profile, policy_of, work_calendar
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import trail_round
from zhenggai.workflow.errors import LevelInUse
from zhenggai.workflow.models import Course, Item
from zhenggai.workflow.rules import Rules, clock_of, course_of


def set_course(round_: InspectionRound, *, actor: Actor, profile: PolicyProfile | None) -> Rules:
    """Let a round run by a version of the rules (None: the shipped ones) and set its clock by it.

    Raises:
        NotFound, NotAllowed: the round or the rules are out of reach, or the rules are another body's.
        LevelInUse: a finding waits at a level that the new rules do not have.
    """
    with transaction.atomic():
        require(actor, "policy.manage", round_.unit)
        shown = access_round(actor, round_.pk)
        InspectionRound.objects.select_for_update(no_key=True).get(pk=shown.pk)
        if profile is not None and not shown.unit.path.startswith(access_profile(actor, profile.pk).unit.path):
            raise NotFound
        _check_levels(shown, policy_of(profile))
        course = _write_course(shown, profile)
        days = (course.plan_due_on, course.period_ends_on, course.report_due_on)
        data = {"rules": str(profile or ""), "days": [day.isoformat() if day else "" for day in days]}
        trail_round(actor, codes.COURSE_SET, shown.pk, shown.name, **data)
    return course_of(shown)


def _check_levels(round_: InspectionRound, policy: Policy) -> None:
    """Hold that whatever waits at a level still finds it under *policy*; what is under review is locked meanwhile."""
    waiting = locked(Finding.objects.filter(round=round_, stage=Stage.IN_REVIEW)).order_by("pk")
    keys = [finding.pk for finding in waiting]
    kept = [level.code for level in policy.levels]
    lost = Item.objects.filter(finding__in=keys).exclude(level__in=kept)
    if lost:
        before = course_of(round_).policy
        labels = dict.fromkeys(level.label if (level := before.level(i.level)) else i.level for i in lost)
        raise LevelInUse(count=len(lost), levels="、".join(labels), round=round_.name)


def ensure_course(round_: InspectionRound) -> Rules:
    """Return the rules of a round, and keep them from now on: the newest of its body where none were set."""
    if not Course.objects.filter(round=round_).exists():
        _write_course(round_, latest_profile(round_.unit))
    return course_of(round_)


def _write_course(round_: InspectionRound, profile: PolicyProfile | None) -> Course:
    policy = policy_of(profile)
    clock = clock_of(round_, policy, work_calendar())
    write_rolls_over(round_, policy.roll_over_holidays)
    course, _new = Course.objects.update_or_create(
        round=round_,
        defaults={
            "profile": profile,
            "plan_due_on": clock.plan_due_on,
            "period_ends_on": clock.period_ends_on,
            "report_due_on": clock.report_due_on,
        },
    )
    return course
