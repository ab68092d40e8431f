"""What waits for whom: reviews to decide, countersigns, extensions, plans, and what one waits for oneself.

Findings come by the same predicate as the acts use, asked once for all (:func:`~zhenggai.workflow.levels.level_condition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage
from zhenggai.people.access import access_of, reach
from zhenggai.people.models import User
from zhenggai.policy.profile import Level, Policy
from zhenggai.policy.queries import policy_of
from zhenggai.workflow.cosign import Missing, Waiting, missing_cosigns_of_many
from zhenggai.workflow.doers import doers_of_many, listed_or_among
from zhenggai.workflow.levels import Facts, chairs_of, deciders_of_many, level_condition, pick_chair
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


@dataclass(frozen=True, slots=True)
class Queued:
    """A finding that waits for the reader's decision, by its key."""

    finding_id: int
    """Which finding."""
    level: Level
    """The level it waits at."""
    since: datetime | None
    """Since when it waits there."""
    cosign: bool
    """True when a countersign is asked for, not the decision."""


def to_review(actor: User) -> tuple[WaitingReview, ...]:
    """Return what waits for *actor*'s decision or countersign, longest first; a bounded number of queries."""
    return load_reviews(review_queue(actor))


def load_reviews(queued: Sequence[Queued]) -> tuple[WaitingReview, ...]:
    """Return the findings of a part of a queue, with what their rows show; the long texts are left out."""
    keys = [row.finding_id for row in queued]
    close = Finding.objects.filter(pk__in=keys).select_related("round__unit", "item", "unit")
    close = close.prefetch_related("department", "leader", "owner").defer("description", "completion_criteria")
    findings = close.in_bulk() if keys else {}
    open_ones = Submission.objects.filter(finding__in=keys, state=Submission.State.OPEN).select_related("by")
    submissions = {each.finding_id: each for each in open_ones} if keys else {}
    return tuple(
        WaitingReview(findings[row.finding_id], row.level, row.since, submissions[row.finding_id], row.cosign)
        for row in queued
        if row.finding_id in findings and row.finding_id in submissions
    )


def review_queue(actor: User, rules: Mapping[int, Rules] | None = None) -> list[Queued]:
    """Return what waits for *actor*'s decision or countersign, longest first, without loading the findings.

    Args:
        actor: whose decision.
        rules: the rules of all rounds, where they are at hand.
    """
    posts = access_of(actor).posts
    if not reach(actor, "workflow.review"):
        return []
    # The conditions below hold only within the reach of the posts (see ``levels``), so the reach is not asked again.
    waiting = Finding.objects.filter(stage=Stage.IN_REVIEW, withdrawn_at=None).order_by()
    if rules is None:
        rules = rules_by_round(sorted(waiting.values_list("round_id", flat=True).distinct()))
    heads = [post.unit_id for post in posts if post.role == "department_head"]
    decide, cosign = Q(pk__in=()), Q(pk__in=())
    for levels, keys in _by_levels(rules).items():
        for level in levels:
            here = Q(round_id__in=keys, item__level=level.code)
            if any(post.role in level.roles for post in posts):
                decide |= here & level_condition(level, posts)
            if heads and level.cosign:
                cosign |= here
    to_decide = list(_candidates(waiting.filter(decide), rules))
    assisted = waiting.filter(cosign, _assisted_by(heads)) if heads else Finding.objects.none()
    to_cosign = [(key, level, since) for key, level, since, _facts in _candidates(assisted, rules)] if heads else []
    found = _kept(actor, to_decide, to_cosign)
    return sorted(found, key=lambda row: (row.since is None, row.since, row.finding_id, row.cosign))


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


def _candidates(
    found: QuerySet[Finding], rules: Mapping[int, Rules]
) -> Iterable[tuple[int, Level, datetime | None, Facts]]:
    rows = found.order_by("pk").values_list(
        "pk", "round_id", "item__level", "item__level_since", "department_id", "department__path", "unit_id",
        "unit__path", "leader_id", "round__unit__path",
    )  # fmt: skip
    for key, round_, code, since, department, department_path, unit, unit_path, leader, round_path in rows:
        level = rules[round_].policy.level(code)
        if level is not None:
            yield key, level, since, Facts(department, department_path or "", unit, unit_path, leader, round_path)


def _kept(
    actor: User,
    to_decide: Sequence[tuple[int, Level, datetime | None, Facts]],
    to_cosign: Sequence[tuple[int, Level, datetime | None]],
) -> Iterable[Queued]:
    """Leave out what the actor, or whom they act for, did or has decided on, and what is countersigned."""
    keys = {row[0] for row in to_decide} | {row[0] for row in to_cosign}
    if not keys:
        return
    doers = doers_of_many(keys, _in_review())
    given = Opinion.objects.filter(
        submission__finding__in=keys, submission__state=Submission.State.OPEN, superseded_at=None
    ).exclude(verdict=Opinion.Verdict.RETURN)
    decided: dict[int, set[int]] = {}
    for key, *both in given.order_by().values_list("submission__finding_id", "by_id", "on_behalf_of_id"):
        decided.setdefault(key, set()).update(person for person in both if person is not None)
    for key, level, since, facts in to_decide:
        chairs = chairs_of(actor, level, facts)
        if pick_chair(chairs, doers[key], frozenset(decided.get(key, ()))) is not None:
            yield Queued(key, level, since, False)
    asked = _cosigns_of([key for key, _level, _since in to_cosign], dict(row[:2] for row in to_cosign), doers)
    for key, level, since in to_cosign:
        if any(chair.user_id == actor.pk for _unit, chairs in asked.get(key, ()) for chair in chairs):
            yield Queued(key, level, since, True)


def _cosigns_of(
    keys: Sequence[int], levels: Mapping[int, Level], doers: Mapping[int, frozenset[int]]
) -> Mapping[int, Missing]:
    if not keys:
        return {}
    open_ones = Submission.objects.filter(finding__in=keys, state=Submission.State.OPEN).select_related("finding")
    waiting = [Waiting(each.finding, levels[each.finding_id], each) for each in open_ones]
    return missing_cosigns_of_many(waiting, doers)


def _in_review() -> QuerySet[Finding]:
    """Return all that waits for a decision: what keys of such findings have in common."""
    return Finding.objects.filter(stage=Stage.IN_REVIEW, withdrawn_at=None).order_by()


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


def rules_of(rounds: Iterable[InspectionRound]) -> dict[int, Rules]:
    """Return the rules of rounds that were read with ``course__profile``; no query, and each version is read once."""
    read: dict[int | None, Policy] = {}
    found: dict[int, Rules] = {}
    for each in rounds:
        course: Course | None = getattr(each, "course", None)
        profile = course.profile if course else None
        key = profile.pk if profile else None
        policy = read[key] = read.get(key) or policy_of(profile)
        found[each.pk] = Rules(policy, course)
    return found


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
        levels: key of a standing finding under review → the level; a fixed number of queries however many there are.
    """
    if not levels:
        return {}
    waiting = listed_or_among(levels, _in_review())
    rows = Finding.objects.filter(pk__in=waiting).order_by().values_list(
        "pk", "department_id", "department__path", "unit_id", "unit__path", "leader_id", "round__unit__path"
    )  # fmt: skip
    asked = {
        key: (levels[key], Facts(department, path or "", unit, unit_path, leader, round_path))
        for key, department, path, unit, unit_path, leader, round_path in rows
        if key in levels
    }
    barred = {key: set(people) for key, people in doers_of_many(asked, _in_review()).items()}
    open_ones = Submission.objects.filter(finding__in=waiting, state=Submission.State.OPEN).order_by()
    given = Opinion.objects.filter(submission__in=open_ones.values("pk"), superseded_at=None)
    given = given.exclude(verdict=Opinion.Verdict.RETURN).order_by()
    for key, by, behalf in given.values_list("submission__finding_id", "by_id", "on_behalf_of_id"):
        if key in barred:
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
