"""What waits for whom: reviews to decide, countersigns, extensions, plans, and what one waits for oneself.

Findings come by the same predicate as the acts use, asked once for all (:func:`~zhenggai.workflow.levels.level_condition`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage
from zhenggai.people.access import access_of, reach
from zhenggai.people.models import User
from zhenggai.policy.profile import Level
from zhenggai.policy.queries import policy_of
from zhenggai.workflow.cosign import Waiting, missing_cosigns_of_many
from zhenggai.workflow.doers import doers_of_many
from zhenggai.workflow.levels import Facts, chairs_of, deciders_of_many, facts_of, level_condition, pick_chair
from zhenggai.workflow.models import Course, Extension, Opinion, Plan, Submission
from zhenggai.workflow.rules import Rules
from zhenggai.workflow.transitions import AT_WORK


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """A finding that waits for the reader's decision."""

    finding: Finding
    """The finding, with round, department, leader and owner at hand."""
    level: Level
    """The level it waits at."""
    since: datetime | None
    """Since when it waits there."""
    submission: Submission
    """What is decided on, with who submitted."""
    cosign: bool
    """True when a countersign is asked for, not the decision."""


def to_review(actor: User) -> tuple[WaitingReview, ...]:
    """Return what waits for *actor*'s decision or countersign, longest first; a bounded number of queries."""
    posts = access_of(actor).posts
    if not reach(actor, "workflow.review"):
        return ()
    reached = visible_findings(actor, "workflow.review").filter(stage=Stage.IN_REVIEW)
    rules = rules_by_round(sorted(reached.order_by().values_list("round_id", flat=True).distinct()))
    heads = [post.unit_id for post in posts if post.role == "department_head"]
    decide, cosign = Q(pk__in=()), Q(pk__in=())
    for levels, keys in _by_levels(rules).items():
        for level in levels:
            here = Q(round_id__in=keys, item__level=level.code)
            if any(post.role in level.roles for post in posts):
                decide |= here & level_condition(level, posts)
            if heads and level.cosign:
                cosign |= here
    to_decide = _with_levels(reached.filter(decide), rules)
    to_cosign = _with_levels(reached.filter(cosign, _assisted_by(heads)), rules) if heads else []
    return tuple(_kept(actor, to_decide, to_cosign))


def _by_levels(rules: Mapping[int, Rules]) -> dict[tuple[Level, ...], list[int]]:
    """Return the rounds that share their levels, so that all of them are asked at once."""
    found: dict[tuple[Level, ...], list[int]] = {}
    for key, each in rules.items():
        found.setdefault(each.policy.levels, []).append(key)
    return found


def _assisted_by(heads: list[int]) -> Q:
    """Return the condition that one of these departments assists with a finding or with one of its measures."""
    findings = Finding.assist_departments.through.objects.filter(unit_id__in=heads).values("finding_id")
    measures = Measure.assist_departments.through.objects.filter(unit_id__in=heads, measure__withdrawn_at=None)
    return Q(pk__in=findings.union(measures.values("measure__finding_id"), all=True))


def _with_levels(found: QuerySet[Finding], rules: Mapping[int, Rules]) -> list[tuple[Finding, Level]]:
    """Return the findings with the level each waits at; the long texts are left out."""
    close = found.select_related("round__unit", "item", "unit").prefetch_related("department", "leader", "owner")
    rows = close.defer("description", "completion_criteria").order_by("pk")
    levels = ((finding, rules[finding.round_id].policy.level(finding.item.level)) for finding in rows)
    return [(finding, level) for finding, level in levels if level is not None]


def _kept(
    actor: User, to_decide: list[tuple[Finding, Level]], to_cosign: list[tuple[Finding, Level]]
) -> list[WaitingReview]:
    """Leave out what the actor, or whom they act for, did or has decided on, and what is countersigned."""
    keys = {finding.pk for finding, _level in (*to_decide, *to_cosign)}
    if not keys:
        return []
    doers = doers_of_many(keys)
    open_ones = Submission.objects.filter(finding__in=keys, state=Submission.State.OPEN).select_related("by")
    submissions = {submission.finding_id: submission for submission in open_ones}
    given = Opinion.objects.filter(submission__in=submissions.values(), superseded_at=None)
    decided: dict[int, set[int]] = {}
    people = given.exclude(verdict=Opinion.Verdict.RETURN).values_list("submission__finding", "by", "on_behalf_of")
    for key, *both in people:
        decided.setdefault(key, set()).update(person for person in both if person is not None)
    waiting = [Waiting(finding, level, submissions[finding.pk]) for finding, level in to_cosign]
    asked = missing_cosigns_of_many(waiting, doers)
    found: list[tuple[Finding, Level, bool]] = []
    for finding, level in to_decide:
        chairs = chairs_of(actor, level, facts_of(finding))
        if pick_chair(chairs, doers[finding.pk], frozenset(decided.get(finding.pk, ()))) is not None:
            found.append((finding, level, False))
    for finding, level in to_cosign:
        if any(chair.user_id == actor.pk for _unit, chairs in asked[finding.pk] for chair in chairs):
            found.append((finding, level, True))
    rows = [
        WaitingReview(finding, level, finding.item.level_since, submissions[finding.pk], is_cosign)
        for finding, level, is_cosign in found
    ]
    return sorted(rows, key=lambda row: (row.since is None, row.since, row.finding.pk, row.cosign))


def extensions_to_decide(actor: User) -> QuerySet[Extension]:
    """Return the open requests that *actor* may decide on, oldest first."""
    barred = {actor.pk, *access_of(actor).principals}
    open_ones = Extension.objects.filter(state=Extension.State.OPEN)
    # The few that are open are looked up first; the whole reach would be read otherwise.
    keys = list(open_ones.order_by().values_list("finding_id", flat=True))
    reached = (
        visible_findings(actor, "workflow.extend").filter(pk__in=keys).order_by() if keys else Finding.objects.none()
    )
    open_ones = open_ones.filter(finding__in=reached.values("pk"))
    mine = open_ones.exclude(asked_by__in=barred).exclude(finding__owner__in=barred)
    return mine.select_related("finding__round", "asked_by").order_by("asked_at", "pk")


def plans_to_decide(actor: User) -> list[Plan]:
    """Return the plans that wait for *actor*'s approval."""
    from_rounds = _rounds_within(actor, "workflow.approve_plan")
    waiting = Plan.objects.filter(state=Plan.State.SUBMITTED, round__in=from_rounds).select_related("round")
    barred = {actor.pk, *access_of(actor).principals}
    return list(waiting.exclude(submitted_by__in=barred).exclude(created_by__in=barred).order_by("submitted_at"))


def _rounds_within(actor: User, permission: str) -> QuerySet[InspectionRound]:
    return InspectionRound.objects.filter(reach(actor, permission).units("unit__path"))


def rules_by_round(rounds: list[int]) -> dict[int, Rules]:
    """Return the rules of many rounds; one query for those that have a course."""
    courses = {course.round_id: course for course in Course.objects.select_related("profile").filter(round__in=rounds)}
    return {key: Rules(policy_of(courses[key].profile if key in courses else None), courses.get(key)) for key in rounds}


def my_work(actor: User) -> QuerySet[Finding]:
    """Return the findings at work that *actor*, or someone they act for, owns or has a measure of."""
    people = sorted({actor.pk, *access_of(actor).principals})
    departments = [post.unit_id for post in access_of(actor).posts if post.role == "department_head"]
    # Each part is found by an index of its own; one condition with a join would read all findings.
    findings, measures = Finding.objects.order_by(), Measure.objects.filter(withdrawn_at=None).order_by()
    mine = findings.filter(owner_id__in=people).values("pk")
    others: list[QuerySet[Any, Any]] = [measures.filter(owner_id__in=people).values("finding_id")]
    if departments:
        others.append(findings.filter(department_id__in=departments).values("pk"))
    found = Finding.objects.filter(pk__in=mine.union(*others, all=True), stage__in=AT_WORK, withdrawn_at=None)
    return found.select_related("round", "item").prefetch_related("department", "owner", "leader")


def my_submissions(actor: User) -> QuerySet[Submission]:
    """Return the open submissions of *actor*: what they wait for, oldest first."""
    mine = Submission.objects.filter(Q(by=actor) | Q(on_behalf_of=actor), state=Submission.State.OPEN)
    return mine.select_related("finding__item", "finding__round").order_by("at")


def who_decides(levels: Mapping[int, Level]) -> dict[int, list[str]]:
    """Return the names of those who may decide on each finding at the level it waits at; empty where nobody can.

    Args:
        levels: key of a finding → the level; a fixed number of queries however many there are.
    """
    if not levels:
        return {}
    rows = Finding.objects.filter(pk__in=list(levels)).order_by().values_list(
        "pk", "department_id", "department__path", "unit_id", "unit__path", "leader_id", "round__unit__path"
    )  # fmt: skip
    asked = {
        key: (levels[key], Facts(department, path or "", unit, unit_path, leader, round_path))
        for key, department, path, unit, unit_path, leader, round_path in rows
    }
    barred = {key: set(people) for key, people in doers_of_many(asked).items()}
    open_ones = Submission.objects.filter(finding__in=list(asked), state=Submission.State.OPEN).order_by()
    given = Opinion.objects.filter(submission__in=open_ones.values("pk"), superseded_at=None)
    given = given.exclude(verdict=Opinion.Verdict.RETURN).order_by()
    for key, by, behalf in given.values_list("submission__finding_id", "by_id", "on_behalf_of_id"):
        barred[key] |= {by, behalf} - {None}
    free = {
        key: [chair.user_id for chair in chairs if not {chair.user_id, chair.holder_id} & barred[key]]
        for key, chairs in deciders_of_many(asked).items()
    }
    names = dict(
        User.objects.filter(pk__in={user for users in free.values() for user in users}, is_active=True)
        .order_by()
        .values_list("pk", "name")
    )
    return {key: [names[user] for user in dict.fromkeys(users) if user in names] for key, users in free.items()}
