"""Who decides at a level of review: one predicate, used by acts, pages, notices and the workbench alike.

A level, a finding and people's posts come in; who may decide goes out.  The role must be one the level names, the
person must stand to the finding as the level says, and the post by which they do must itself reach the finding.  Doers
never decide (:mod:`zhenggai.workflow.doers`); a deputy decides for the absent one, and neither may be a doer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from zhenggai.findings.models import Finding
from zhenggai.people.access import HeldPost, access_of, ancestor_paths, current_deputies, current_posts
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES, Permission, Scope
from zhenggai.policy.profile import Level, Policy
from zhenggai.workflow.models import Opinion, Submission


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a finding decides who may decide."""

    department_id: int | None
    """The leading department."""
    department_path: str
    """Its path; empty without one."""
    unit_id: int
    """The unit that has the problem."""
    unit_path: str
    """Its path."""
    leader_id: int | None
    """The leader who answers for it."""
    round_path: str
    """Path of the inspected unit."""


def facts_of(finding: Finding) -> Facts:
    """Return the facts of *finding*."""
    return Facts(
        finding.department_id,
        finding.department.path if finding.department else "",
        finding.unit_id,
        finding.unit.path,
        finding.leader_id,
        finding.round.unit.path,
    )


def fits(level: Level, post: HeldPost, facts: Facts) -> bool:
    """Tell whether the holder of *post* may decide at *level* on a finding of these facts."""
    return post.role in level.roles and _stands(level, post, facts) and _reaches(post, facts)


def _scope(post: HeldPost) -> Scope | None:
    role = ROLES.get(post.role)
    return role.grants.get(Permission.REVIEW) if role else None


def _reaches(post: HeldPost, facts: Facts) -> bool:
    match _scope(post):
        case Scope.ALL:
            return True
        case Scope.UNIT:
            return facts.unit_path.startswith(post.body_path)
        case Scope.CHARGE:
            in_charge = facts.department_id in post.charge_departments or facts.leader_id == post.holder_id
            return in_charge or any(facts.unit_path.startswith(path) for path in post.charge_paths)
        case Scope.DEPARTMENT:
            return facts.department_id == post.unit_id or facts.leader_id == post.holder_id
    return False


def _stands(level: Level, post: HeldPost, facts: Facts) -> bool:
    match level.relation:
        case "department":
            if post.role == "grassroots_chief":
                own = not facts.department_path or facts.department_path.startswith(post.body_path)
                return facts.unit_id == post.unit_id and own
            return facts.department_id == post.unit_id
        case "leader":
            if facts.leader_id is not None:
                return facts.leader_id == post.holder_id
            if post.role == "grassroots_chief":
                return facts.unit_id == post.unit_id
            in_charge = facts.department_id in post.charge_departments
            return in_charge or any(facts.unit_path.startswith(path) for path in post.charge_paths)
    return facts.round_path.startswith(post.body_path)


def level_condition(level: Level, posts: Iterable[HeldPost]) -> Q:
    """Return the condition that a finding is one on which a holder of *posts* may decide at *level*.

    It agrees with :func:`fits` row by row.
    """
    condition = _NONE
    for post in posts:
        if post.role in level.roles:
            condition |= _standing(level, post) & _reached(post)
    return condition


_NONE = Q(pk__in=())


def _area(post: HeldPost) -> Q:
    """Return the condition that a finding lies in what *post* is in charge of."""
    area = Q(department_id__in=sorted(post.charge_departments))
    for path in post.charge_paths:
        area |= Q(unit__path__startswith=path)
    return area


def _reached(post: HeldPost) -> Q:
    match _scope(post):
        case Scope.ALL:
            return Q()
        case Scope.UNIT:
            return Q(unit__path__startswith=post.body_path)
        case Scope.CHARGE:
            return _area(post) | Q(leader_id=post.holder_id)
        case Scope.DEPARTMENT:
            return Q(department_id=post.unit_id) | Q(leader_id=post.holder_id)
    return _NONE


def _standing(level: Level, post: HeldPost) -> Q:
    match level.relation:
        case "department":
            if post.role == "grassroots_chief":
                own = Q(department__isnull=True) | Q(department__path__startswith=post.body_path)
                return Q(unit_id=post.unit_id) & own
            return Q(department_id=post.unit_id)
        case "leader":
            if post.role == "grassroots_chief":
                return Q(leader_id=post.holder_id) | Q(leader__isnull=True, unit_id=post.unit_id)
            return Q(leader_id=post.holder_id) | (Q(leader__isnull=True) & _area(post))
    return Q(round__unit__path__startswith=post.body_path)


@dataclass(frozen=True, slots=True)
class Chair:
    """The right of one person to decide: by a post of their own, or for somebody they act for."""

    user_id: int
    """Who decides."""
    holder_id: int
    """Whose post it is; the same person, or whom they act for."""


def chairs_of(user: User, level: Level, facts: Facts) -> tuple[Chair, ...]:
    """Return by which posts *user* may decide at *level*, their own before those of whom they act for."""
    return tuple(Chair(user.pk, post.holder_id) for post in access_of(user).posts if fits(level, post, facts))


def pick_chair(chairs: Iterable[Chair], doers: frozenset[int], decided: frozenset[int]) -> Chair | None:
    """Return the first chair that neither a doer nor someone who has decided already would sit on."""
    for chair in chairs:
        if not {chair.user_id, chair.holder_id} & (doers | decided):
            return chair
    return None


def deciders(level: Level, facts: Facts) -> list[Chair]:
    """Return all who may decide at *level*, deputies after those they act for; a few queries."""
    return deciders_of_many({0: (level, facts)})[0]


def deciders_of_many(asked: Mapping[int, tuple[Level, Facts]]) -> dict[int, list[Chair]]:
    """Return all who may decide on each finding at the level it is asked for; a few queries however many there are."""
    roots = {facts.round_path.split(".", 1)[0] + "." for _level, facts in asked.values()}
    leaders = {facts.leader_id for _level, facts in asked.values() if facts.leader_id is not None}
    posts = _held_posts({role for level, _facts in asked.values() for role in level.roles}, roots, leaders)
    sitting = {
        roles: [post for post in posts if post.role in roles] for roles in {one.roles for one, _f in asked.values()}
    }
    holders = {
        key: list(dict.fromkeys(post.holder_id for post in sitting[level.roles] if fits(level, post, facts)))
        for key, (level, facts) in asked.items()
    }
    everyone = {holder for keys in holders.values() for holder in keys}
    acting = current_deputies().filter(principal__in=everyone, deputy__is_active=True, principal__is_active=True)
    deputies: dict[int, list[int]] = {}
    for deputy, principal in acting.values_list("deputy_id", "principal_id") if everyone else ():
        deputies.setdefault(principal, []).append(deputy)
    return {
        key: [Chair(holder, holder) for holder in keys]
        + [Chair(deputy, holder) for holder in keys for deputy in deputies.get(holder, ())]
        for key, keys in holders.items()
    }


def _held_posts(roles: Iterable[str], roots: Iterable[str], people: Iterable[int]) -> list[HeldPost]:
    """Return the current posts with these roles in the trees of these roots, or of these people, by unit."""
    inside = Q(user__in=sorted(people))
    for root in roots:
        inside |= Q(unit__path__startswith=root)
    rows = current_posts().filter(inside, role__in=sorted(roles)).select_related("unit").prefetch_related("charges")
    posts = list(rows.order_by("unit__order", "pk"))
    bodies = _bodies([post.unit for post in posts])
    found = []
    for post in posts:
        charges = [unit for unit in post.charges.all() if unit.closed_on is None]
        held = HeldPost(
            post.pk,
            post.role,
            post.title,
            post.unit_id,
            post.unit.name,
            bodies[post.unit.path],
            tuple(unit.path for unit in charges if unit.kind != Unit.Kind.DEPARTMENT),
            frozenset(unit.pk for unit in charges if unit.kind == Unit.Kind.DEPARTMENT),
            post.user_id,
        )
        found.append(held)
    return found


def _bodies(units: Sequence[Unit]) -> Mapping[str, str]:
    """Map the path of each unit to that of the body around it; one query when there are departments."""
    departments = [unit.path for unit in units if unit.kind == Unit.Kind.DEPARTMENT]
    above = {path for department in departments for path in ancestor_paths(department)}
    kinds = dict(Unit.objects.filter(path__in=above).values_list("path", "kind")) if above else {}
    found = {unit.path: unit.path for unit in units}
    for path in departments:
        bodies = [one for one in ancestor_paths(path) if kinds.get(one, "") not in ("", Unit.Kind.DEPARTMENT)]
        found[path] = bodies[-1] if bodies else path
    return found


def decided_on(submission: Submission | None) -> frozenset[int]:
    """Return the ids of those who passed or countersigned in *submission*, themselves or through a deputy."""
    if submission is None:
        return frozenset()
    given = submission.opinions.filter(superseded_at=None).exclude(verdict=Opinion.Verdict.RETURN)
    pairs = given.values_list("by_id", "on_behalf_of_id")
    return frozenset(key for pair in pairs for key in pair if key is not None)


def free_chairs(
    level: Level, facts: Facts, doers: frozenset[int], decided: frozenset[int] = frozenset()
) -> list[Chair]:
    """Return who may decide at *level* without having done the work or decided already."""
    barred = doers | decided
    return [chair for chair in deciders(level, facts) if not {chair.user_id, chair.holder_id} & barred]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a submission goes next."""

    level: Level | None
    """The level it waits at; None when all are passed."""
    skipped: tuple[str, ...]
    """Codes of the levels passed over on the way."""
    chairs: tuple[Chair, ...] = ()
    """Who may decide there."""


def next_step(
    policy: Policy, after: str, facts: Facts, doers: frozenset[int], decided: frozenset[int] = frozenset()
) -> Step:
    """Return the first level behind *after* (the first of all for "") at which somebody can decide.

    A skippable level without anybody is passed over; another one without anybody is returned with no chairs.
    """
    codes = [level.code for level in policy.levels]
    start = codes.index(after) + 1 if after in codes else 0
    skipped: list[str] = []
    for level in policy.levels[start:]:
        chairs = free_chairs(level, facts, doers, decided)
        if chairs or not level.skippable:
            return Step(level, tuple(skipped), tuple(chairs))
        skipped.append(level.code)
    return Step(None, tuple(skipped))


def people_of(chairs: Iterable[Chair]) -> list[User]:
    """Return the people on *chairs*, and whom they act for, each once."""
    keys = {key for chair in chairs for key in (chair.user_id, chair.holder_id)}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))
