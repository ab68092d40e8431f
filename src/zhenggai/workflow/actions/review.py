"""Acts of review: submit, take back, countersign, pass a level, return; the last pass decides the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.actions import write_stage
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.policy.profile import Level
from zhenggai.workflow import codes
from zhenggai.workflow.actions.closing import close_finding
from zhenggai.workflow.actions.core import (
    Held,
    chosen,
    doing_people,
    hold,
    needed,
    optional,
    person,
    principal_among,
    tell,
    trail,
)
from zhenggai.workflow.actions.extensions import lapse_requests
from zhenggai.workflow.cosign import missing_cosigns
from zhenggai.workflow.criteria import clear_confirmations, missing_to_close
from zhenggai.workflow.doers import doers_of
from zhenggai.workflow.errors import (
    AlreadyDecided,
    BadDay,
    CannotClose,
    CosignMissing,
    MovedMeanwhile,
    MoveNotAllowed,
    NobodyToDecide,
    NotYourLevel,
    OwnWork,
    TextMissing,
)
from zhenggai.workflow.levels import (
    Chair,
    Step,
    chairs_of,
    decided_on,
    facts_of,
    free_chairs,
    next_step,
    people_of,
    pick_chair,
)
from zhenggai.workflow.models import Opinion, Outcome, Submission
from zhenggai.workflow.settled import settled
from zhenggai.workflow.transitions import check_move

WORK, REVIEW = "workflow.work", "workflow.review"
Verdict = Opinion.Verdict


def submit(
    finding: Finding,
    *,
    actor: Actor,
    outcome: str,
    statement: str,
    milestone: str = "",
    milestone_on: date | None = None,
    version: int | None = None,
) -> Submission:
    """Hand a finding in for review, asking for an outcome.

    Args:
        finding: which one.
        actor: who submits; the self-check is theirs.
        outcome: code of :class:`~zhenggai.workflow.models.Outcome`.
        statement: what was done and by what one sees it.
        milestone: what comes next, where the outcome is phased.
        milestone_on: until when.
        version: the version of the finding that the person saw; None when it does not matter.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: the finding is out of reach or changed.
        MoveNotAllowed: it is not at work.
        TextMissing, BadDay: the statement or the milestone is missing.
        CannotClose: completion is asked for, and something is missing that reviewers do not give.
        NobodyToDecide: a level has nobody.
    """
    by = person(actor)
    asked = chosen(Outcome, outcome, _now("申请结果"))
    words = needed(statement, _now("整改情况"))
    with transaction.atomic():
        held = hold(finding.pk, actor=actor, permission=WORK, move="submit", version=version)
        mine = held.finding
        if asked == Outcome.COMPLETED:
            _check_criteria(held, before_review=True)
        elif asked == Outcome.PHASED:
            milestone = needed(milestone, _now("下一步工作"), 300)
            if milestone_on is None:
                raise TextMissing(label=_now("下一节点日期"))
            if milestone_on <= timezone.localdate():
                raise BadDay(label=_now("下一节点日期"), value=milestone_on.isoformat(), reason=_now("应晚于今天"))
        last = mine.submissions.aggregate(last=Max("no"))["last"] or 0
        owners = [mine.owner_id, *mine.measures.filter(withdrawn_at=None).values_list("owner_id", flat=True)]
        submission = Submission.objects.create(
            finding=mine,
            no=last + 1,
            outcome=asked,
            statement=words,
            milestone=milestone if asked == Outcome.PHASED else "",
            milestone_on=milestone_on if asked == Outcome.PHASED else None,
            from_stage=mine.stage,
            by=by,
            on_behalf_of=principal_among(by, owners),
        )
        clear_confirmations(mine)
        doers = doers_of(mine)
        step = next_step(held.rules.policy, "", facts_of(mine), doers)
        trail(actor, codes.SUBMITTED, mine, submission=submission.no, outcome=asked.value, statement=words[:300])
        _go_to(held, submission, step, actor, doers)
    return submission


def withdraw_submission(finding: Finding, *, actor: Actor) -> Submission:
    """Take one's own submission back before anybody decided on it.

    Raises:
        NotFound, NotAllowed: the finding is out of reach, or the submission is somebody else's.
        MoveNotAllowed: it is not under review.
        MovedMeanwhile: somebody has decided already.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold(finding.pk, actor=actor, permission=WORK, move="withdraw")
        submission = _open(held)
        if by.pk not in (submission.by_id, submission.on_behalf_of_id):
            raise NotAllowed(permission=WORK)
        last = submission.opinions.order_by("-pk").select_related("by").first()
        if last is not None:
            raise MovedMeanwhile(title=held.finding.title, who=last.by.name, what=_told(last))
        _end(submission, Submission.State.WITHDRAWN)
        _leave_review(held)
        write_stage(held.finding, Stage(submission.from_stage))
        trail(actor, codes.SUBMISSION_WITHDRAWN, held.finding, submission=submission.no)
    return submission


@dataclass(slots=True)
class _Sitting:
    """A finding under review, locked, with the right by which the actor decides."""

    held: Held
    """The finding."""
    submission: Submission
    """What is decided on."""
    level: Level
    """The level it waits at."""
    by: User
    """Who decides."""
    for_whom: User | None
    """Whom they act for."""
    doers: frozenset[int]
    """Who did the work; it stays so while the finding is locked."""


def pass_level(
    finding: Finding, *, actor: Actor, level: str, text: str = "", minutes_no: str = "", confirm: Iterable[int] = ()
) -> Submission:
    """Pass the level a finding waits at; after the last one the outcome takes effect.

    Args:
        finding: which one.
        actor: who decides.
        level: code of the level that the person saw it wait at.
        text: the opinion.
        minutes_no: number of the minutes, where the level asks for it.
        confirm: keys of criteria that the person confirms with this.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed, MovedMeanwhile: it does not wait at that level any more.
        NotYourLevel, OwnWork, AlreadyDecided: the person does not decide here.
        CosignMissing: assisting departments have not countersigned.
        TextMissing: the number of the minutes is missing.
        CannotClose: it was the last level, and a criterion does not hold.
        NobodyToDecide: the next level has nobody.
    """
    with transaction.atomic():
        sitting = _sit(finding, actor, level, "pass")
        held, submission = sitting.held, sitting.submission
        left = missing_cosigns(held.finding, sitting.level, submission, sitting.doers)
        if left:
            raise CosignMissing(title=held.finding.title, departments="、".join(unit.name for unit, _chairs in left))
        minutes = needed(minutes_no, _now("会议纪要号"), 80) if sitting.level.minutes else ""
        opinion = _say(sitting, Verdict.PASS, text, minutes_no=minutes)
        _confirm(sitting, confirm, actor)
        facts, decided = facts_of(held.finding), decided_on(submission)
        step = next_step(held.rules.policy, sitting.level.code, facts, sitting.doers, decided)
        trail(
            actor,
            codes.LEVEL_PASSED,
            held.finding,
            submission=submission.no,
            level=sitting.level.code,
            opinion=opinion.text[:300],
            behalf=sitting.for_whom.name if sitting.for_whom else "",
        )
        _go_to(held, submission, step, actor, sitting.doers)
    return submission


def cosign(finding: Finding, *, actor: Actor, level: str, text: str = "") -> Opinion:
    """Countersign for an assisting department that one heads, at a level that asks for it.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed, MovedMeanwhile: it does not wait at that level any more.
        NotYourLevel, OwnWork: no department of the person's is asked, or the person did the work.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold(finding.pk, actor=actor, permission=REVIEW, move="pass")
        submission, now = _open_at(held, level)
        doers = doers_of(held.finding)
        asked = missing_cosigns(held.finding, now, submission, doers)
        mine = next(((unit, chair) for unit, chairs in asked for chair in chairs if chair.user_id == by.pk), None)
        if mine is None:
            if by.pk in doers:
                raise OwnWork(title=held.finding.title, who=by.name)
            raise NotYourLevel(title=held.finding.title, level=_now("%(level)s（会签）") % {"level": now.label})
        unit, chair = mine
        for_whom = User.objects.get(pk=chair.holder_id) if chair.holder_id != by.pk else None
        sitting = _Sitting(held, submission, now, by, for_whom, doers)
        opinion = _say(sitting, Verdict.COSIGN, text, department_id=unit.pk)
        write_stage(held.finding)
        trail(actor, codes.COSIGNED, held.finding, submission=submission.no, level=now.code, department=unit.name)
    return opinion


def return_work(
    finding: Finding, *, actor: Actor, level: str, text: str, to: str = "", due_on: date | None = None
) -> Submission:
    """Return a finding, with a reason: to the people who do the work, or to a lower level.

    Args:
        finding: which one.
        actor: who returns it.
        level: code of the level that the person saw it wait at.
        text: why, and what is asked.
        to: code of a lower level of this submission; empty for the doers.
        due_on: the new deadline of a finding that has none; needed when what is returned was long-term.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        MoveNotAllowed, MovedMeanwhile: it does not wait at that level any more.
        NotYourLevel, OwnWork, AlreadyDecided: the person does not decide here.
        TextMissing, BadDay: there is no reason, or the new deadline is missing, past, or not to be given here.
        NobodyToDecide: at the lower level nobody could decide any more.
    """
    words = needed(text, _now("退回理由"))
    with transaction.atomic():
        sitting = _sit(finding, actor, level, "step_back" if to else "return")
        if to:
            _step_back(sitting, actor, words, to)
        else:
            _give_back(sitting, actor, words, due_on)
    return sitting.submission


def _give_back(sitting: _Sitting, actor: Actor, words: str, due_on: date | None) -> None:
    held, submission = sitting.held, sitting.submission
    due = _due_again(held, submission, due_on)
    _say(sitting, Verdict.RETURN, words)
    _end(submission, Submission.State.RETURNED)
    _leave_review(held)
    clear_confirmations(held.finding)
    write_stage(held.finding, Stage.RETURNED, **due)
    data = {"submission": submission.no, "level": sitting.level.code, "opinion": words[:300]}
    data |= {"due_on": due_on} if due else {}
    trail(actor, codes.RETURNED, held.finding, **data)
    title = _now("“%(title)s”被退回补正") % {"title": held.finding.title[:80]}
    people = doing_people(held.finding, [submission.by_id])
    tell(people, held, actor=actor, kind=Kind.RETURNED, title=title, body=words[:300], at="#work")


def _due_again(held: Held, submission: Submission, due_on: date | None) -> dict[str, Any]:
    """Return the deadline to write when a finding that has none is given back; what was long-term needs one."""
    label = _now("整改时限")
    if due_on is None:
        if held.finding.due_on is None and submission.from_stage == Stage.LONG_TERM:
            raise TextMissing(label=label)
        return {}
    if held.finding.due_on is not None:
        raise BadDay(label=label, value=due_on.isoformat(), reason=_now("已有时限，改期应申请延期"))
    if due_on <= timezone.localdate():
        raise BadDay(label=label, value=due_on.isoformat(), reason=_now("应晚于今天"))
    return {"due_on": due_on, "due_text": ""}


def _step_back(sitting: _Sitting, actor: Actor, words: str, to: str) -> None:
    held, submission = sitting.held, sitting.submission
    codes_ = [each.code for each in held.rules.policy.levels]
    target = held.rules.policy.level(to)
    passed = submission.opinions.filter(level=to, verdict=Verdict.PASS, superseded_at=None).exists()
    if target is None or codes_.index(to) >= codes_.index(sitting.level.code) or not passed:
        raise MoveNotAllowed(title=held.finding.title, move=_now("退回该级"), stage=sitting.level.label)
    _say(sitting, Verdict.RETURN, words, returned_to=to)
    # What was decided from there on no longer counts; the opinions stay and are read as of before the return.
    again = submission.opinions.filter(level__in=codes_[codes_.index(to) :]).exclude(verdict=Verdict.RETURN)
    people = [Chair(each.by_id, each.on_behalf_of_id or each.by_id) for each in again.filter(level=to)]
    again.update(superseded_at=timezone.now())
    if not free_chairs(target, facts_of(held.finding), sitting.doers, decided_on(submission)):
        raise NobodyToDecide(title=held.finding.title, level=target.label)
    submission.skipped = [code for code in submission.skipped if code in codes_[: codes_.index(to)]]
    submission.save(update_fields=["skipped"])
    _enter(held, target)
    write_stage(held.finding, Stage.IN_REVIEW)
    trail(actor, codes.STEPPED_BACK, held.finding, submission=submission.no, level=to, opinion=words[:300])
    title = _now("“%(title)s”退回%(level)s复核") % {"title": held.finding.title[:80], "level": target.label}
    tell(people_of(people), held, actor=actor, kind=Kind.TO_REVIEW, title=title, body=words[:300], at="#review")


def _sit(finding: Finding, actor: Actor, level: str, move: str) -> _Sitting:
    """Lock the finding and find the right by which the actor decides at *level*."""
    by = person(actor)
    held = hold(finding.pk, actor=actor, permission=REVIEW, move=move)
    submission, now = _open_at(held, level)
    chairs = chairs_of(by, now, facts_of(held.finding))
    if not chairs:
        raise NotYourLevel(title=held.finding.title, level=now.label)
    doers, decided = doers_of(held.finding), decided_on(submission)
    chair = pick_chair(chairs, doers, decided)
    if chair is None:
        if pick_chair(chairs, doers, frozenset()) is None:
            raise OwnWork(title=held.finding.title, who=by.name)
        said = submission.opinions.filter(by=by).exclude(verdict=Verdict.RETURN).last()
        raise AlreadyDecided(title=held.finding.title, level=said.level_label if said else now.label)
    for_whom = User.objects.get(pk=chair.holder_id) if chair.holder_id != by.pk else None
    return _Sitting(held, submission, now, by, for_whom, doers)


def _open(held: Held) -> Submission:
    return Submission.objects.select_for_update().get(finding=held.finding, state=Submission.State.OPEN)


def _open_at(held: Held, level: str) -> tuple[Submission, Level]:
    submission = _open(held)
    now = held.rules.policy.level(held.item.level)
    if now is None or now.code != level:
        last = submission.opinions.order_by("-pk").select_related("by").first()
        who = last.by.name if last else submission.by.name
        raise MovedMeanwhile(title=held.finding.title, who=who, what=_told(last))
    return submission, now


def _told(opinion: Opinion | None) -> str:
    return f"{opinion.level_label} {Verdict(opinion.verdict).label}" if opinion else str(_now("重新提交"))


def _say(
    sitting: _Sitting,
    verdict: Opinion.Verdict,
    text: str,
    *,
    minutes_no: str = "",
    returned_to: str = "",
    department_id: int | None = None,
) -> Opinion:
    return Opinion.objects.create(
        submission=sitting.submission,
        level=sitting.level.code,
        level_label=sitting.level.label,
        verdict=verdict,
        text=optional(text),
        minutes_no=minutes_no,
        returned_to=returned_to,
        department_id=department_id,
        by=sitting.by,
        on_behalf_of=sitting.for_whom,
    )


def _confirm(sitting: _Sitting, keys: Iterable[int], actor: Actor) -> None:
    chosen = sitting.held.finding.criteria.select_for_update().filter(
        pk__in=list(keys), kind="confirmation", withdrawn_at=None, met_at=None
    )
    for criterion in chosen:
        criterion.met_at, criterion.met_by = timezone.now(), sitting.by
        criterion.save(update_fields=["met_at", "met_by"])
        trail(actor, codes.CRITERION_CONFIRMED, sitting.held.finding, criterion=criterion.text)


def _go_to(held: Held, submission: Submission, step: Step, actor: Actor, doers: frozenset[int]) -> None:
    """Let the submission wait at the next level, or let its outcome take effect after the last one."""
    if step.skipped:
        submission.skipped = list(dict.fromkeys([*submission.skipped, *step.skipped]))
        submission.save(update_fields=["skipped"])
    if step.level is None:
        _take_effect(held, submission, actor)
        return
    if not step.chairs:
        raise NobodyToDecide(title=held.finding.title, level=step.level.label)
    _enter(held, step.level)
    write_stage(held.finding, Stage.IN_REVIEW)
    title = _now("“%(title)s”待%(level)s") % {"title": held.finding.title[:80], "level": step.level.label}
    tell(people_of(step.chairs), held, actor=actor, kind=Kind.TO_REVIEW, title=title, at="#review")
    for _unit, chairs in missing_cosigns(held.finding, step.level, submission, doers):
        asked = _now("“%(title)s”待会签") % {"title": held.finding.title[:80]}
        tell(people_of(chairs), held, actor=actor, kind=Kind.TO_REVIEW, title=asked, at="#review")


def _take_effect(held: Held, submission: Submission, actor: Actor) -> None:
    finding, item = held.finding, held.item
    outcome = Outcome(submission.outcome)
    _check_four_eyes(held, submission)
    if outcome == Outcome.COMPLETED:
        _check_criteria(held)
    lapse_requests(held, actor)
    _end(submission, Submission.State.PASSED)
    _leave_review(held)
    if outcome == Outcome.COMPLETED:
        item.next_milestone, item.next_milestone_on, item.next_report_on = "", None, None
        item.save(update_fields=["next_report_on", "next_milestone", "next_milestone_on"])
        close_finding(held, submission, actor)
        words = _now("“%(title)s”已同意销号") % {"title": finding.title[:80]}
    else:
        item.next_report_on = timezone.localdate() + timedelta(days=held.rules.policy.report_every_days)
        item.next_milestone, item.next_milestone_on = submission.milestone, submission.milestone_on
        item.save(update_fields=["next_report_on", "next_milestone", "next_milestone_on"])
        if outcome == Outcome.PHASED:
            check_move("phase", finding.stage, finding.title)
            write_stage(finding, Stage.PHASED, due_on=submission.milestone_on, due_text="")
            trail(actor, codes.PHASED, finding, submission=submission.no, milestone=submission.milestone)
            words = _now("“%(title)s”已确认阶段性完成") % {"title": finding.title[:80]}
        else:
            check_move("stand", finding.stage, finding.title)
            write_stage(finding, Stage.LONG_TERM, due_on=None, due_text=_now("长期坚持"))
            trail(actor, codes.LONG_TERM, finding, submission=submission.no)
            words = _now("“%(title)s”已转入长期坚持") % {"title": finding.title[:80]}
        settled(finding)
    people = doing_people(finding, [submission.by_id])
    tell(people, held, actor=actor, kind=Kind.DECIDED, title=words)


def _check_four_eyes(held: Held, submission: Submission) -> None:
    """Hold that nobody who decided has become a doer since, by being made owner."""
    both = decided_on(submission) & doers_of(held.finding)
    if both:
        names = User.objects.filter(pk__in=both).order_by("pk").values_list("name", flat=True)
        raise OwnWork(title=held.finding.title, who="、".join(names))


def _check_criteria(held: Held, *, before_review: bool = False) -> None:
    missing = missing_to_close(held.finding, held.rules.policy, before_review=before_review)
    if missing:
        raise CannotClose(title=held.finding.title, missing="；".join(missing))


def _enter(held: Held, level: Level) -> None:
    held.item.level, held.item.level_since = level.code, timezone.now()
    held.item.save(update_fields=["level", "level_since"])


def _leave_review(held: Held) -> None:
    held.item.level, held.item.level_since = "", None
    held.item.save(update_fields=["level", "level_since"])


def _end(submission: Submission, state: Submission.State) -> None:
    submission.state, submission.ended_at = state, timezone.now()
    submission.save(update_fields=["state", "ended_at"])
