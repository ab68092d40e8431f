"""Acts on extensions: ask for more time, take the request back, grant or refuse it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.actions import write_stage
from zhenggai.findings.changes import save_changed
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor, access_of, current_posts
from zhenggai.people.models import User
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import Held, hold, needed, optional, person, tell, trail
from zhenggai.workflow.actions.work import WORK, hold_at_work
from zhenggai.workflow.errors import BadDay, ExtensionNotOpen, OwnWork
from zhenggai.workflow.models import Extension
from zhenggai.workflow.settled import settled

EXTEND = "workflow.extend"
State = Extension.State


def ask_extension(finding: Finding, *, actor: Actor, to_due_on: date, reason: str) -> Extension:
    """Ask for a later deadline.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
        TextMissing: there is no reason.
        BadDay: the new day is not later.
        ExtensionNotOpen: a request is open, or the most allowed were granted.
    """
    by = person(actor)
    words = needed(reason, _now("延期理由"))
    with transaction.atomic():
        held = hold_at_work(finding.pk, actor=actor, verb=_now("申请延期"))
        mine = held.finding
        if mine.due_on is None or mine.stage == Stage.LONG_TERM:
            raise ExtensionNotOpen(title=mine.title, reason=_now("没有可以延长的时限"))
        if to_due_on <= max(mine.due_on, timezone.localdate()):
            raise BadDay(label=_now("延期至"), value=to_due_on.isoformat(), reason=_now("应晚于现有时限和今天"))
        there = mine.extension_requests.filter(state=State.OPEN).select_related("asked_by").first()
        if there is not None:
            reason = _now("%(who)s已提交一份申请，正待审批") % {"who": there.asked_by.name}
            raise ExtensionNotOpen(title=mine.title, reason=reason)
        most = held.rules.policy.max_extensions
        if mine.extensions >= most:
            raise ExtensionNotOpen(title=mine.title, reason=_now("已延期 %(most)s 次，不能再延") % {"most": most})
        request = Extension.objects.create(
            finding=mine, from_due_on=mine.due_on, to_due_on=to_due_on, reason=words, asked_by=by
        )
        save_changed(mine)
        trail(actor, codes.EXTENSION_ASKED, mine, to=to_due_on, reason=words[:300])
        title = _now("“%(title)s”申请延期至 %(day)s") % {"title": mine.title[:80], "day": to_due_on.isoformat()}
        tell(_deciders(held), held, actor=actor, kind=Kind.EXTENSION, title=title, body=words[:300], at="#extensions")
    return request


def withdraw_extension(request: Extension, *, actor: Actor) -> Extension:
    """Take one's own request back.

    Raises:
        NotFound, NotAllowed: it is out of reach, or somebody else's.
        ExtensionNotOpen: it was decided.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold(request.finding_id, actor=actor, permission=WORK)
        mine = _lock(request, held)
        if mine.asked_by_id != by.pk and mine.asked_by_id not in access_of(by).principals:
            raise NotAllowed(permission=WORK)
        mine.state = State.WITHDRAWN
        mine.save(update_fields=["state"])
        save_changed(held.finding)
        trail(actor, codes.EXTENSION_WITHDRAWN, held.finding, to=mine.to_due_on)
    return mine


def decide_extension(request: Extension, *, actor: Actor, grant: bool, opinion: str = "") -> Extension:
    """Grant or refuse a request; a refusal needs a reason.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        ExtensionNotOpen: it was decided, or the finding moved on.
        OwnWork: the person asked for it, or owns the finding.
        TextMissing: the refusal has no reason.
    """
    by = person(actor)
    words = optional(opinion) if grant else needed(opinion, _now("不批准的理由"))
    with transaction.atomic():
        held = hold(request.finding_id, actor=actor, permission=EXTEND)
        mine = _lock(request, held)
        barred = {mine.asked_by_id, held.finding.owner_id}
        if barred & {by.pk, *access_of(by).principals}:
            raise OwnWork(title=held.finding.title, who=by.name)
        if grant and (held.finding.stage == Stage.CLOSED or held.finding.due_on != mine.from_due_on):
            raise ExtensionNotOpen(title=held.finding.title, reason=_now("问题的时限或环节在申请后已有变化"))
        mine.state = State.GRANTED if grant else State.REFUSED
        mine.decided_by, mine.decided_at, mine.opinion = by, timezone.now(), words
        mine.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
        data = {"from": mine.from_due_on, "to": mine.to_due_on, "opinion": words[:300]}
        if grant:
            count = held.finding.extensions + 1
            if held.finding.stage == Stage.PHASED:
                held.item.next_milestone_on = mine.to_due_on
                held.item.save(update_fields=["next_milestone_on"])
            write_stage(held.finding, due_on=mine.to_due_on, due_text="", extensions=count)
            trail(actor, codes.EXTENSION_GRANTED, held.finding, **data)
            settled(held.finding)
            title = _now("“%(title)s”已批准延期至 %(day)s")
        else:
            save_changed(held.finding)
            trail(actor, codes.EXTENSION_REFUSED, held.finding, **data)
            title = _now("“%(title)s”延期至 %(day)s 的申请未获批准")
        told = title % {"title": held.finding.title[:80], "day": mine.to_due_on.isoformat()}
        tell([mine.asked_by], held, actor=actor, kind=Kind.EXTENSION, title=told, body=words[:300], at="#extensions")
    return mine


def _lock(request: Extension, held: Held) -> Extension:
    mine = Extension.objects.select_for_update().filter(pk=request.pk, finding=held.finding).first()
    if mine is None or mine.state != State.OPEN:
        who = mine.decided_by.name if mine and mine.decided_by else (mine.asked_by.name if mine else "")
        slots = {"who": who, "state": State(mine.state).label if mine else ""}
        raise ExtensionNotOpen(title=held.finding.title, reason=_now("%(who)s已办理该申请（%(state)s）") % slots)
    return mine


def lapse_requests(held: Held, actor: Actor) -> None:
    """Let the open request of a locked finding lapse, since the deadline it speaks of does no longer hold."""
    for request in held.finding.extension_requests.select_for_update().filter(state=State.OPEN):
        request.state = State.WITHDRAWN
        request.save(update_fields=["state"])
        trail(actor, codes.EXTENSION_WITHDRAWN, held.finding, to=request.to_due_on, lapsed=True)


def _deciders(held: Held) -> list[User]:
    """Return the leader who answers, or else those who answer for the body."""
    if held.finding.leader is not None:
        return [held.finding.leader]
    roles = ("executive_deputy", "first_responsible_person")
    posts = current_posts().filter(role__in=roles, unit=held.finding.round.unit).select_related("user")
    return [post.user for post in posts]
