"""Acts on the plan of a round: begin a version, submit it, approve or return it, file it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.access import access_round
from zhenggai.findings.actions import write_stage
from zhenggai.findings.changes import locked
from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage, Status
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor, access_of, current_posts
from zhenggai.people.models import User
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import needed, not_later, optional, person, trail, trail_round
from zhenggai.workflow.actions.courses import ensure_course
from zhenggai.workflow.criteria import lay_default_criteria
from zhenggai.workflow.errors import OwnWork, PlanIncomplete, PlanNotOpen, PlanOutdated
from zhenggai.workflow.models import Item, Plan
from zhenggai.workflow.plan import differences, plan_gaps, take_snapshot
from zhenggai.workflow.rules import Rules

MAKE, APPROVE = "workflow.plan", "workflow.approve_plan"
State = Plan.State
_NAMED = 5


def open_plan(round_: InspectionRound, *, actor: Actor, note: str = "") -> Plan:
    """Begin the next version of the plan of a round, or return the one that is open.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
    """
    by = person(actor)
    with transaction.atomic():
        shown = _lock_round(round_.pk, actor, MAKE)
        there = Plan.objects.filter(round=shown, state__in=(State.DRAFT, State.RETURNED, State.SUBMITTED)).first()
        if there is not None:
            return there
        ensure_course(shown)
        last = Plan.objects.filter(round=shown).aggregate(last=Max("version"))["last"] or 0
        plan = Plan.objects.create(round=shown, version=last + 1, note=optional(note, 300), created_by=by)
        trail_round(actor, codes.PLAN_OPENED, shown.pk, shown.name, version=plan.version, note=plan.note)
    return plan


def submit_plan(plan: Plan, *, actor: Actor) -> Plan:
    """Hand the plan in for approval, with its three lists as they stand now.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        PlanNotOpen: it was handed in or decided already.
        PlanIncomplete: the completeness gate misses something.
    """
    by = person(actor)
    with transaction.atomic():
        mine = _lock_plan(plan, actor, MAKE, (State.DRAFT, State.RETURNED), _now("提交"))
        gaps = plan_gaps(mine.round)
        if gaps or not mine.round.findings.filter(withdrawn_at=None).exists():
            told = "；".join(str(gap) for gap in gaps[:_NAMED]) or _now("还没有问题")
            raise PlanIncomplete(count=len(gaps) or 1, missing=told + ("……" if len(gaps) > _NAMED else ""))
        mine.snapshot = take_snapshot(mine.round)
        mine.state, mine.submitted_by, mine.submitted_at = State.SUBMITTED, by, timezone.now()
        mine.save(update_fields=["snapshot", "state", "submitted_by", "submitted_at"])
        trail_round(actor, codes.PLAN_SUBMITTED, mine.round_id, mine.round.name, version=mine.version)
        title = _now("《%(round)s》整改方案第 %(version)s 版待批准") % {
            "round": mine.round.name,
            "version": mine.version,
        }
        _tell(mine, _approvers(mine.round), actor, title)
    return mine


def return_plan(plan: Plan, *, actor: Actor, opinion: str) -> Plan:
    """Give the plan back with a reason.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        PlanNotOpen: it does not wait for approval.
        TextMissing: there is no reason.
    """
    by = person(actor)
    words = needed(opinion, _now("退回理由"))
    with transaction.atomic():
        mine = _lock_plan(plan, actor, APPROVE, (State.SUBMITTED,), _now("退回"))
        _decide(mine, State.RETURNED, by, words)
        trail_round(actor, codes.PLAN_RETURNED, mine.round_id, mine.round.name, version=mine.version, opinion=words)
        title = _now("《%(round)s》整改方案被退回：%(words)s") % {"round": mine.round.name, "words": words[:60]}
        _tell(mine, [mine.submitted_by, mine.created_by], actor, title)
    return mine


def approve_plan(plan: Plan, *, actor: Actor, opinion: str = "") -> Plan:
    """Approve the plan: every registered finding of the round is at work from now on.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        PlanNotOpen: it does not wait for approval.
        PlanOutdated: what would start is no longer what was handed in.
        OwnWork: the person made it or handed it in, or someone whom they act for did.
    """
    by = person(actor)
    with transaction.atomic():
        mine = _lock_plan(plan, actor, APPROVE, (State.SUBMITTED,), _now("批准"))
        if {by.pk, *access_of(by).principals} & {mine.submitted_by_id, mine.created_by_id}:
            raise OwnWork(title=_now("整改方案"), who=by.name)
        rules = ensure_course(mine.round)
        Plan.objects.filter(round=mine.round, state=State.APPROVED).update(state=State.SUPERSEDED)
        _decide(mine, State.APPROVED, by, optional(opinion))
        started = _start(mine, rules, actor)
        data = {"version": mine.version, "started": started, "opinion": mine.opinion}
        trail_round(actor, codes.PLAN_APPROVED, mine.round_id, mine.round.name, **data)
        title = _now("《%(round)s》整改方案已批准，开始整改") % {"round": mine.round.name}
        _tell(mine, [mine.submitted_by, mine.created_by, *_answerable(mine.round)], actor, title)
    return mine


def file_plan(plan: Plan, *, actor: Actor, filed_on: date, note: str = "") -> Plan:
    """Note that the approved plan was filed with the inspection office, which sees its findings from now on.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        PlanNotOpen: it is not the approved one.
        BadDay: the day lies ahead.
    """
    not_later(filed_on, _now("报备日期"))
    with transaction.atomic():
        mine = _lock_plan(plan, actor, MAKE, (State.APPROVED,), _now("报备"))
        mine.filed_on, mine.filed_note = filed_on, optional(note, 200)
        mine.save(update_fields=["filed_on", "filed_note"])
        planned = [row["id"] for row in mine.snapshot.get("findings", [])]
        Finding.objects.filter(round=mine.round, pk__in=planned, filed_on=None).update(filed_on=filed_on)
        data = {"version": mine.version, "filed_on": filed_on, "note": mine.filed_note}
        trail_round(actor, codes.PLAN_FILED, mine.round_id, mine.round.name, **data)
    return mine


def _start(plan: Plan, rules: Rules, actor: Actor) -> int:
    planned = [row["id"] for row in plan.snapshot.get("findings", [])]
    waiting = Finding.objects.filter(pk__in=planned, stage=Stage.REGISTERED, withdrawn_at=None).order_by("pk")
    findings = list(locked(waiting))
    _check_unchanged(plan, {finding.pk for finding in findings})
    done = Measure.objects.filter(finding__in=planned, withdrawn_at=None, status=Status.UNKNOWN)
    done.update(status=Status.ONGOING)
    for finding in findings:
        Item.objects.get_or_create(finding=finding, defaults={"first_due_on": finding.due_on})
        lay_default_criteria(finding, rules.policy)
        write_stage(finding, Stage.WORKING)
        trail(actor, codes.STARTED, finding, plan=plan.version)
    return len(findings)


def _check_unchanged(plan: Plan, starting: set[int]) -> None:
    """Hold that the locked findings that start now still are what the plan says of them."""
    before, after = (
        {"findings": [row for row in snapshot.get("findings", []) if row["id"] in starting]}
        for snapshot in (plan.snapshot, take_snapshot(plan.round))
    )
    changed = differences(before, after)
    if changed:
        told = "；".join(dict.fromkeys(each.label for each in changed[:_NAMED]))
        raise PlanOutdated(count=len(changed), changed=told + ("……" if len(changed) > _NAMED else ""))


def _lock_round(key: int, actor: Actor, permission: str) -> InspectionRound:
    shown = access_round(actor, key, permission)
    InspectionRound.objects.select_for_update(no_key=True).get(pk=shown.pk)
    return shown


def _lock_plan(plan: Plan, actor: Actor, permission: str, states: tuple[State, ...], move: str) -> Plan:
    shown = _lock_round(plan.round_id, actor, permission)
    mine = Plan.objects.select_for_update().filter(pk=plan.pk, round=shown).first()
    if mine is None:
        raise NotFound
    if mine.state not in states:
        decided = mine.state in (State.RETURNED, State.APPROVED, State.SUPERSEDED)
        who = (mine.decided_by if decided else mine.submitted_by) or mine.created_by
        state = _now("%(state)s（%(who)s）") % {"state": State(mine.state).label, "who": who.name}
        raise PlanNotOpen(state=state, move=move)
    mine.round = shown
    return mine


def _decide(plan: Plan, state: State, by: User, opinion: str) -> None:
    plan.state, plan.decided_by, plan.decided_at, plan.opinion = state, by, timezone.now(), opinion
    plan.save(update_fields=["state", "decided_by", "decided_at", "opinion"])


def _tell(plan: Plan, people: list[User | None], actor: Actor, title: str) -> None:
    notify(
        [each for each in people if each is not None],
        actor=actor,
        kind=Kind.PLAN,
        title=title,
        path=f"/plan/?round={plan.round_id}",
        key=f"plan:{plan.pk}:{plan.state}",
    )


def _approvers(round_: InspectionRound) -> list[User | None]:
    roles = ("first_responsible_person", "executive_deputy")
    posts = current_posts().filter(role__in=roles, unit=round_.unit).select_related("user")
    return [post.user for post in posts]


def _answerable(round_: InspectionRound) -> list[User]:
    """Return those who answer for something in the round: owners and leaders."""
    rows = Finding.objects.filter(round=round_, withdrawn_at=None).values_list("owner_id", "leader_id")
    keys = {key for row in rows for key in row if key is not None}
    return list(User.objects.filter(pk__in=keys))
