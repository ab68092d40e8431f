"""Acts that end the loop of a finding and begin it anew: close, file, revoke, reopen; and its criteria."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.actions import write_stage
from zhenggai.findings.changes import save_changed
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import (
    Held,
    check_takes_work,
    chosen,
    doing_people,
    hold,
    needed,
    not_later,
    optional,
    person,
    take_serial,
    tell,
    trail,
)
from zhenggai.workflow.actions.extensions import lapse_requests
from zhenggai.workflow.closing import build_form
from zhenggai.workflow.criteria import clear_confirmations
from zhenggai.workflow.doers import doers_of
from zhenggai.workflow.errors import BadDay, EvidenceMissing, MoveNotAllowed, NotYourLevel, OwnWork, TextMissing
from zhenggai.workflow.evidence import access_evidence
from zhenggai.workflow.levels import chairs_of, facts_of, pick_chair
from zhenggai.workflow.models import CloseOut, Criterion, Evidence, Submission
from zhenggai.workflow.rules import due_before_extensions, effective_due
from zhenggai.workflow.settled import settled
from zhenggai.workflow.transitions import check_move

REOPEN, PLAN, REVIEW = "workflow.reopen", "workflow.plan", "workflow.review"


def close_finding(held: Held, submission: Submission, actor: Actor) -> CloseOut:
    """Close a locked finding whose submission passed all levels and whose criteria hold; the caller checked both."""
    finding = held.finding
    check_move("close", finding.stage, finding.title)
    policy = held.rules.policy
    today = timezone.localdate()
    due = due_before_extensions(finding) if policy.extension_counts_as_late else finding.due_on
    last_day = effective_due(due, policy, work_calendar())
    within = None if last_day is None else today <= last_day
    body = finding.round.unit
    serial = take_serial(body, "close_out", today.year)
    earlier = finding.close_outs.order_by("-pk").first()
    close_out = CloseOut.objects.create(
        finding=finding,
        no=f"{body.short_name or body.name}销号〔{today.year}〕{serial}号",
        submission=submission,
        form=build_form(finding, submission, policy, held.rules.version),
        closed_on=today,
        due_on=due,
        within_deadline=within,
        by=person(actor),
        earlier=earlier,
    )
    write_stage(finding, Stage.CLOSED, closed_on=today, within_deadline=within)
    data = {"close_out": close_out.no, "submission": submission.no, "within_deadline": within}
    trail(actor, codes.CLOSED, finding, **data)
    settled(finding)
    return close_out


def file_close_out(close_out: CloseOut, *, actor: Actor, filed_on: date) -> CloseOut:
    """Note that a close-out was filed with the inspection office.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: the close-out was revoked.
        BadDay: the day lies ahead or before the close-out.
    """
    not_later(filed_on, _now("报备日期"))
    with transaction.atomic():
        held = hold(close_out.finding_id, actor=actor, permission=PLAN)
        mine = _lock_close_out(close_out)
        if mine.revoked_at is not None:
            raise MoveNotAllowed(title=held.finding.title, move=_now("报备销号"), stage=_now("已撤销"))
        if filed_on < mine.closed_on:
            raise BadDay(label=_now("报备日期"), value=filed_on.isoformat(), reason=_now("早于销号日期"))
        mine.filed_on = filed_on
        mine.save(update_fields=["filed_on"])
        trail(actor, codes.CLOSE_OUT_FILED, held.finding, close_out=mine.no, filed_on=filed_on)
    return mine


def revoke_close_out(close_out: CloseOut, *, actor: Actor, motive: str, due_on: date | None = None) -> Finding:
    """Revoke a close-out for a written motive: the finding is at work again, and its next form names this one.

    Args:
        close_out: which one.
        actor: who revokes it.
        motive: why.
        due_on: the new deadline; needed when the rules restart the clock, else the old one stands.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is not closed, or by another form.
        TextMissing, BadDay: the motive or the new deadline is missing.
    """
    words = needed(motive, _now("撤销理由"))
    with transaction.atomic():
        held = hold(close_out.finding_id, actor=actor, permission=REOPEN, move="revoke")
        mine = _lock_close_out(close_out)
        if mine.revoked_at is not None:
            raise MoveNotAllowed(title=held.finding.title, move=_now("撤销销号"), stage=_now("已撤销"))
        mine.revoked_at, mine.revoked_by, mine.motive = timezone.now(), person(actor), words
        mine.save(update_fields=["revoked_at", "revoked_by", "motive"])
        _reopen(held, actor, words, due_on)
        trail(actor, codes.REVOKED, held.finding, close_out=mine.no, motive=words[:300])
        _tell_reopened(held, actor, words)
    return held.finding


def reopen(finding: Finding, *, actor: Actor, why: str, due_on: date | None = None) -> Finding:
    """Put a finding that is phased or long-term back to work, for a reason.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is neither.
        TextMissing, BadDay: the reason or the new deadline is missing; what was long-term needs one unless that of the
            plan lies ahead.
    """
    words = needed(why, _now("重新整改理由"))
    with transaction.atomic():
        held = hold(finding.pk, actor=actor, permission=REOPEN, move="reopen")
        _reopen(held, actor, words, due_on)
        trail(actor, codes.REOPENED, held.finding, why=words[:300])
        _tell_reopened(held, actor, words)
    return held.finding


def _reopen(held: Held, actor: Actor, why: str, due_on: date | None) -> None:
    if due_on is not None and due_on <= timezone.localdate():
        raise BadDay(label=_now("整改时限"), value=due_on.isoformat(), reason=_now("应晚于今天"))
    if due_on is None and held.rules.policy.reopening_restarts_clock:
        raise TextMissing(label=_now("整改时限"))
    kept = held.finding.due_on if held.finding.stage == Stage.CLOSED else None
    first = held.item.first_due_on
    long_term = held.finding.stage == Stage.LONG_TERM
    if long_term and due_on is None and (first is None or first <= timezone.localdate()):
        # Its deadline was given up for good; the one before would make it late at once.
        raise TextMissing(label=_now("整改时限"))
    held.item.reopened_at, held.item.reopened_why = timezone.now(), why
    held.item.next_milestone, held.item.next_milestone_on, held.item.next_report_on = "", None, None
    held.item.save(
        update_fields=["reopened_at", "reopened_why", "next_milestone", "next_milestone_on", "next_report_on"]
    )
    clear_confirmations(held.finding)
    lapse_requests(held, actor)
    day = due_on or kept or first
    words = "" if day else held.finding.due_text
    write_stage(held.finding, Stage.REOPENED, closed_on=None, within_deadline=None, due_on=day, due_text=words)


def _tell_reopened(held: Held, actor: Actor, why: str) -> None:
    title = _now("“%(title)s”重新整改") % {"title": held.finding.title[:80]}
    tell(doing_people(held.finding), held, actor=actor, kind=Kind.RETURNED, title=title, body=why[:300], at="#work")


def _lock_close_out(close_out: CloseOut) -> CloseOut:
    mine = CloseOut.objects.select_for_update().filter(pk=close_out.pk).first()
    if mine is None:
        raise NotFound
    return mine


def add_criterion(finding: Finding, *, actor: Actor, text: str, kind: str = Criterion.Kind.CONFIRMATION) -> Criterion:
    """Add a criterion that must hold before the finding is closed.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is not at work.
        TextMissing: it says nothing.
    """
    words = needed(text, _now("销号标准"), 500)
    asked = chosen(Criterion.Kind, kind, _now("标准类别"))
    with transaction.atomic():
        held = _hold_criteria(finding.pk, actor, _now("增加销号标准"))
        last = held.finding.criteria.aggregate(last=Max("order"))["last"] or 0
        added = Criterion.objects.create(finding=held.finding, order=last + 1, kind=asked, text=words)
        save_changed(held.finding)
        trail(actor, codes.CRITERION_ADDED, held.finding, criterion=words)
    return added


def withdraw_criterion(criterion: Criterion, *, actor: Actor, why: str) -> Criterion:
    """Take a criterion away, for a reason; done measures and evidence are always asked for.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is not at work, or the criterion is one that every finding keeps.
        TextMissing: there is no reason.
    """
    words = needed(why, _now("取消理由"))
    with transaction.atomic():
        held = _hold_criteria(criterion.finding_id, actor, _now("取消销号标准"))
        mine = held.finding.criteria.select_for_update().filter(pk=criterion.pk, withdrawn_at=None).first()
        if mine is None:
            raise NotFound
        others = held.finding.criteria.filter(withdrawn_at=None).exclude(pk=mine.pk).exists()
        if mine.kind in (Criterion.Kind.MEASURES_DONE, Criterion.Kind.EVIDENCE) or not others:
            raise MoveNotAllowed(title=held.finding.title, move=_now("取消这条标准"), stage=_now("必须保留"))
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        save_changed(held.finding)
        trail(actor, codes.CRITERION_WITHDRAWN, held.finding, criterion=mine.text, why=words[:300])
    return mine


def meet_criterion(criterion: Criterion, evidence: Evidence, *, actor: Actor) -> Criterion:
    """Lay the document before that a criterion asks for.

    Raises:
        NotFound, NotAllowed: the finding or the evidence is out of reach.
        MoveNotAllowed: the finding is not at work.
        EvidenceMissing: the evidence does not stand for this finding.
    """
    by = person(actor)
    with transaction.atomic():
        held = _hold_criteria(criterion.finding_id, actor, _now("对应销号标准"), permission="workflow.work")
        mine = held.finding.criteria.select_for_update().filter(pk=criterion.pk, withdrawn_at=None).first()
        if mine is None or mine.kind != Criterion.Kind.DOCUMENT:
            raise NotFound
        shown = access_evidence(actor, evidence.pk)
        stands = shown.links.filter(finding=held.finding, withdrawn_at=None).exists()
        if shown.withdrawn_at is not None or not stands:
            raise EvidenceMissing(name=shown.name, reason=_now("没有作为本问题的佐证"))
        mine.evidence, mine.met_by, mine.met_at = shown, by, timezone.now()
        mine.save(update_fields=["evidence", "met_by", "met_at"])
        save_changed(held.finding)
        trail(actor, codes.CRITERION_CONFIRMED, held.finding, criterion=mine.text, evidence=shown.name)
    return mine


def confirm_criterion(criterion: Criterion, *, actor: Actor, note: str = "", met: bool = True) -> Criterion:
    """Confirm that a criterion holds, or take that back; only who did none of the work may.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed: it is not under review.
        NotYourLevel: the person decides at no level on this finding.
        OwnWork: the person did the work, or whom they act for did.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold(criterion.finding_id, actor=actor, permission=REVIEW, move="pass")
        _check_verifier(held, by)
        mine = held.finding.criteria.select_for_update().filter(pk=criterion.pk, withdrawn_at=None).first()
        if mine is None or mine.kind != Criterion.Kind.CONFIRMATION:
            raise NotFound
        mine.met_at, mine.met_by = (timezone.now(), by) if met else (None, None)
        mine.met_note = optional(note, 500)
        mine.save(update_fields=["met_at", "met_by", "met_note"])
        save_changed(held.finding)
        code = codes.CRITERION_CONFIRMED if met else codes.CRITERION_UNCONFIRMED
        trail(actor, code, held.finding, criterion=mine.text, note=mine.met_note)
    return mine


def _check_verifier(held: Held, by: User) -> None:
    """Hold that the person may decide at some level, and neither they nor whom they decide for did the work."""
    facts, levels = facts_of(held.finding), held.rules.policy.levels
    chairs = [chair for level in levels for chair in chairs_of(by, level, facts)]
    if pick_chair(chairs, doers_of(held.finding), frozenset()) is not None:
        return
    if chairs or by.pk in doers_of(held.finding):
        raise OwnWork(title=held.finding.title, who=by.name)
    raise NotYourLevel(title=held.finding.title, level=_now("确认销号标准"))


def _hold_criteria(key: int, actor: Actor, verb: str, permission: str = PLAN) -> Held:
    held = hold(key, actor=actor, permission=permission)
    check_takes_work(held.finding, verb)
    return held
