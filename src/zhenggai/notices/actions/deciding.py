"""Acts by which a notice passes from those who write it to those who answer for it: submit, return, approve, override."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.notices import codes
from zhenggai.notices.actions.core import check_permission, clean, inform, lock, move_to, needed, step, tell
from zhenggai.notices.errors import NothingToOverride, NotReady, OwnNotice
from zhenggai.notices.gate import LABELS, Examined, examine
from zhenggai.notices.models import Notice, NoticeVersion, Step
from zhenggai.notices.renewing import ask_ledgers, reread
from zhenggai.notices.transitions import APPROVE, MOVES, OVERRIDE
from zhenggai.oversight.posts import acted_for, holders_of, seat_of
from zhenggai.people.access import Actor

_NAMED = 5
State = Notice.State


def submit_notice(notice: Notice, *, actor: Actor, note: str = "") -> Notice:
    """Hand a notice in for approval.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        NotReady: something stands in the way that nobody may let pass.
    """
    answers = ask_ledgers(check_permission(notice, actor, "submit"))
    with transaction.atomic():
        found = lock(notice, actor, "submit")
        reread(found, answers)
        check_ready(examine(found, approval=False), "submit", hard_only=True)
        found.returned_why = ""
        move_to(found, State.REVIEWING, "returned_why")
        step(found, Step.Act.SUBMITTED, actor, words=clean(note))
        tell(actor, codes.SUBMITTED, found)
        title = _now("通报待审批：%(title)s") % {"title": found.title[:60]}
        inform(found, holders_of(APPROVE, found.unit), actor, codes.SUBMITTED, title)
    return found


def recall_notice(notice: Notice, *, actor: Actor) -> Notice:
    """Take a notice back for editing; an approval given for it is gone.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
    """
    with transaction.atomic():
        found = lock(notice, actor, "recall")
        found.publish_at = None
        move_to(found, State.DRAFTING, "publish_at")
        step(found, Step.Act.RECALLED, actor)
        tell(actor, codes.RECALLED, found)
    return found


def return_notice(notice: Notice, *, actor: Actor, opinion: str) -> Notice:
    """Give a notice back to those who wrote it, with a reason.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        TextMissing: there is no reason.
    """
    words = needed(opinion, _now("退回意见"))
    with transaction.atomic():
        found = lock(notice, actor, "return")
        found.returned_why, found.publish_at = words, None
        move_to(found, State.DRAFTING, "returned_why", "publish_at")
        step(found, Step.Act.RETURNED, actor, words=words, seat=seat_of(actor, APPROVE, found.unit))
        tell(actor, codes.RETURNED, found, opinion=words)
        writers = [version.by for version in found.versions.select_related("by")]
        title = _now("通报被退回：%(words)s") % {"words": words[:60]}
        inform(found, writers, actor, codes.RETURNED, title)
    return found


def approve_notice(notice: Notice, *, actor: Actor, opinion: str = "") -> Notice:
    """Approve a notice as it stands: its newest version may be published.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        OwnNotice: the actor wrote on it or handed it in, or acts for somebody who did and for nobody else.
        NotReady: an issue stands open.
    """
    answers = ask_ledgers(check_permission(notice, actor, "approve"))
    with transaction.atomic():
        found = lock(notice, actor, "approve")
        writers = writers_of(found)
        # Who acts for a writer stands in the writer's place, whatever post of their own they hold.
        if acted_for(actor) & writers:
            raise OwnNotice(title=found.title, who=actor.name)
        reread(found, answers)
        check_ready(examine(found, approval=False), "approve")
        move_to(found, State.APPROVED)
        step(found, Step.Act.APPROVED, actor, words=clean(opinion), seat=seat_of(actor, APPROVE, found.unit, writers))
        tell(actor, codes.APPROVED, found, opinion=clean(opinion))
        people = [version.by for version in found.versions.select_related("by")]
        inform(found, people, actor, codes.APPROVED, _now("通报已批准：%(title)s") % {"title": found.title[:60]})
    return found


def override_issues(notice: Notice, keys: list[str], *, actor: Actor, reason: str) -> Step:
    """Let issues of a notice pass, for a reason that stays with it; a later version is looked at anew.

    Args:
        notice: the notice.
        keys: keys of the issues, as the page showed them.
        actor: who answers for it.
        reason: why.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        OwnNotice: the actor wrote on it.
        TextMissing: there is no reason.
        NothingToOverride: none of them stands open, or none may be let pass.
    """
    words = needed(reason, _now("放行理由"))
    with transaction.atomic():
        found = lock(notice, actor, "override")
        if acted_for(actor) & writers_of(found):
            raise OwnNotice(title=found.title, who=actor.name)
        seen = examine(found, approval=False)
        issues = [issue for issue in seen.open if issue.may_pass and issue.key in keys]
        if not issues:
            raise NothingToOverride(title=found.title)
        data = {
            "digest": seen.body.version.digest,
            "keys": [issue.key for issue in issues],
            "issues": [{"code": issue.code, "words": issue.words} for issue in issues],
        }
        made = step(
            found, Step.Act.OVERRIDDEN, actor, words=words, data=data, seat=seat_of(actor, OVERRIDE, found.unit)
        )
        tell(actor, codes.OVERRIDDEN, found, reason=words, issues=[issue.words for issue in issues])
        people = [version.by for version in found.versions.select_related("by")]
        inform(found, people, actor, codes.OVERRIDDEN, _now("通报中 %(n)s 处问题已说明理由放行") % {"n": len(issues)})
    return made


def writers_of(notice: Notice) -> frozenset[int]:
    """Return the ids of those who wrote on a notice or handed it in."""
    wrote = NoticeVersion.objects.filter(notice=notice, by__isnull=False).values_list("by_id", flat=True)
    bound = notice.bindings.filter(by__isnull=False).values_list("by_id", flat=True)
    handed = notice.steps.filter(act=Step.Act.SUBMITTED, by__isnull=False).values_list("by_id", flat=True)
    first = [notice.created_by_id] if notice.created_by_id else []
    return frozenset(key for key in (*wrote, *bound, *handed, *first) if key is not None)


def check_ready(seen: Examined, move: str, *, hard_only: bool = False) -> None:
    """Go on only when nothing stands open.

    Args:
        seen: the notice as the gate sees it.
        move: what is about to be done.
        hard_only: look at what nobody may let pass alone.

    Raises:
        NotReady: something does.
    """
    issues = [issue for issue in seen.open if not (hard_only and issue.may_pass)]
    if issues:
        told = "；".join(f"{LABELS[issue.code]}（{issue.words}）" for issue in issues[:_NAMED])
        more = "……" if len(issues) > _NAMED else ""
        raise NotReady(title=seen.notice.title, move=MOVES[move].label, issues=told + more)
