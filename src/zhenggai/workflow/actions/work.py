"""Acts of those who do the work: progress, measures carried out and taken back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.access import access_finding
from zhenggai.findings.actions import write_measure_status
from zhenggai.findings.changes import save_changed
from zhenggai.findings.errors import IsWithdrawn
from zhenggai.findings.models import Finding, Measure, Status
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import Held, check_takes_work, hold, needed, not_later, optional, person, trail
from zhenggai.workflow.errors import MovedMeanwhile
from zhenggai.workflow.models import Completion, WorkEntry

WORK = "workflow.work"


def check_at_work(key: int, *, actor: Actor, verb: str) -> None:
    """Hold that work on a finding is taken from the actor now, without locking it.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        MoveNotAllowed: it is not at work.
    """
    check_takes_work(access_finding(actor, key, WORK), verb)


def hold_at_work(key: int, *, actor: Actor, verb: str, permission: str = WORK) -> Held:
    """Lock a finding on which work is taken now.

    Raises:
        NotFound, NotAllowed, IsWithdrawn: it is out of reach.
        MoveNotAllowed: it is not at work.
    """
    held = hold(key, actor=actor, permission=permission)
    check_takes_work(held.finding, verb)
    return held


def write_progress(
    finding: Finding, *, actor: Actor, text: str, done_on: date | None = None, measure: Measure | None = None
) -> WorkEntry:
    """Say what was done on a finding, or on one of its measures.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
        TextMissing: nothing is said.
        BadDay: the day lies ahead.
    """
    by = person(actor)
    words = needed(text, _now("进展"))
    day = not_later(done_on or timezone.localdate(), _now("完成日期"))
    with transaction.atomic():
        held = hold_at_work(finding.pk, actor=actor, verb=_now("填报进展"))
        mine = lock_measure(measure, held.finding) if measure else None
        entry = WorkEntry.objects.create(finding=held.finding, measure=mine, text=words, done_on=day, by=by)
        save_changed(held.finding)
        trail(actor, codes.PROGRESS_WRITTEN, held.finding, text=words[:300], measure_id=mine.pk if mine else None)
    return entry


def withdraw_progress(entry: WorkEntry, *, actor: Actor) -> WorkEntry:
    """Take back one's own entry; it stays in the trail.

    Raises:
        NotFound, NotAllowed, MoveNotAllowed: it is not the actor's, or no work is taken now.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold_at_work(entry.finding_id, actor=actor, verb=_now("撤回进展"))
        mine = WorkEntry.objects.select_for_update().filter(pk=entry.pk, withdrawn_at=None).first()
        if mine is None:
            raise NotFound
        if mine.by_id != by.pk:
            raise NotAllowed(permission=WORK)
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        save_changed(held.finding)
        trail(actor, codes.PROGRESS_WITHDRAWN, held.finding, text=mine.text[:300])
    return mine


def complete_measure(measure: Measure, *, actor: Actor, done_on: date | None = None, note: str = "") -> Completion:
    """Say that a measure was carried out.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
        BadDay: the day lies ahead.
        MovedMeanwhile: somebody else said so already.
    """
    by = person(actor)
    day = not_later(done_on or timezone.localdate(), _now("完成日期"))
    with transaction.atomic():
        held = hold_at_work(measure.finding_id, actor=actor, verb=_now("完成措施"))
        mine = lock_measure(measure, held.finding)
        standing = mine.completions.filter(withdrawn_at=None).first()
        if standing is not None and standing.by_id == by.pk:
            return standing
        if standing is not None:
            done = _now("措施完成（%(day)s）") % {"day": standing.done_on.isoformat()}
            raise MovedMeanwhile(title=held.finding.title, who=standing.by.name, what=done)
        completion = Completion.objects.create(measure=mine, done_on=day, note=optional(note), by=by)
        write_measure_status(mine, Status.COMPLETED)
        save_changed(held.finding)
        trail(actor, codes.MEASURE_DONE, held.finding, measure=str(mine), measure_id=mine.pk, done_on=day)
    return completion


def reopen_measure(measure: Measure, *, actor: Actor, why: str) -> Measure:
    """Take back that a measure was carried out.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
        TextMissing: there is no reason.
    """
    words = needed(why, _now("撤销理由"))
    with transaction.atomic():
        held = hold_at_work(measure.finding_id, actor=actor, verb=_now("撤销措施完成"))
        mine = lock_measure(measure, held.finding)
        if not mine.completions.filter(withdrawn_at=None).update(withdrawn_at=timezone.now()):
            return mine
        write_measure_status(mine, Status.ONGOING)
        save_changed(held.finding)
        trail(actor, codes.MEASURE_UNDONE, held.finding, measure=str(mine), measure_id=mine.pk, why=words[:300])
    return mine


def lock_measure(measure: Measure, finding: Finding) -> Measure:
    """Return a measure of a locked finding.

    Raises:
        NotFound: it is not one of its measures.
        IsWithdrawn: it was taken off.
    """
    mine = Measure.objects.select_for_update().filter(pk=measure.pk, finding=finding).first()
    if mine is None:
        raise NotFound
    if mine.withdrawn_at is not None:
        raise IsWithdrawn(title=str(mine))
    return mine
