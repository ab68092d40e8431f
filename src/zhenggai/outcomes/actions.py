"""Acts that the registers of this room have beyond making, changing and withdrawing entries, and the daily run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.errors import BadValue
from zhenggai.findings.fields import clean_text
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.outcomes import codes
from zhenggai.outcomes.access import MANAGE, may_follow_up
from zhenggai.outcomes.errors import AlreadyMember, DecisionClosed, NotMember
from zhenggai.outcomes.kinds import DECISION, GROUP, RULE
from zhenggai.outcomes.models import Decision, FollowUp, Group, Member, RuleDocument, RuleUse
from zhenggai.outcomes.reminding import remind
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.people.models import User
from zhenggai.registers.actions import lock_entry
from zhenggai.registers.fields import people_of
from zhenggai.registers.queries import access_entry


def follow_up(
    decision: Decision, text: str, *, actor: Actor, done_on: date | None = None, done: bool = False
) -> FollowUp:
    """Say what was done about a decision.

    Args:
        decision: which one.
        text: what was done.
        actor: who says it: the owner, their department, or those who keep the register.
        done_on: the day it speaks of; today by default.
        done: True when the decision is carried out with this.

    Raises:
        NotFound, NotAllowed: the decision is not the actor's.
        DecisionClosed: it is not being followed up any more.
        BadValue: the text is missing, or the day lies ahead.
    """
    with transaction.atomic():
        if not may_follow_up(actor, access_entry(DECISION, actor, decision.pk)):
            raise NotAllowed(permission=MANAGE)
        found = lock_entry(DECISION, decision.pk, actor=actor)
        if found.state != Decision.State.OPEN:
            raise DecisionClosed(title=str(found), state=found.get_state_display())
        made = FollowUp.objects.create(
            decision=found,
            text=_words(_now("落实情况"), text, 2000),
            done_on=_past_day(_now("日期"), done_on),
            by=actor if isinstance(actor, User) else None,
        )
        if done:
            found.state = Decision.State.DONE
        found.version += 1
        found.save(update_fields=["state", "version", "changed_at"])
        _tell(actor, codes.DECISION_FOLLOWED_UP, DECISION.code, found, done=done, text=made.text[:200])
    return made


def note_use(rule: RuleDocument, note: str, *, actor: Actor, used_on: date | None = None) -> RuleUse:
    """Say where a rule was applied or referred to.

    Raises:
        NotFound, NotAllowed: the register is not the actor's to keep.
        BadValue: the note is missing, or the day lies ahead.
    """
    with transaction.atomic():
        access_entry(RULE, actor, rule.pk, manage=True)
        found = lock_entry(RULE, rule.pk, actor=actor)
        made = RuleUse.objects.create(
            document=found,
            used_on=_past_day(_now("日期"), used_on),
            note=_words(_now("执行情况"), note, 300),
            by=actor if isinstance(actor, User) else None,
        )
        _tell(actor, codes.RULE_USED, RULE.code, found, note=made.note)
    return made


def add_member(
    group: Group, user: User, *, actor: Actor, role: str, post_text: str = "", since: date | None = None
) -> Member:
    """Put someone into a group.

    Raises:
        NotFound, NotAllowed: the group is out of reach.
        AlreadyMember: they belong to it already.
        BadValue: the role is none, the person holds no post here, or the day cannot be.
    """
    with transaction.atomic():
        found = _lock_group(group, actor)
        member = _join(found, user, actor=actor, role=role, post_text=post_text, since=since)
        _tell(actor, codes.MEMBER_ADDED, GROUP.code, found, member=user.name, role=member.role)
    return member


def replace_member(
    member: Member,
    user: User,
    *,
    actor: Actor,
    post_text: str = "",
    since: date | None = None,
) -> Member:
    """Put someone into a group in the place of a member, with the same role.

    Raises:
        NotFound, NotAllowed: the group is out of reach.
        NotMember: the one to be replaced has left already.
        AlreadyMember: the other one belongs to it already.
        BadValue: the person holds no post here, or the day cannot be.
    """
    with transaction.atomic():
        found = _lock_group(member.group, actor)
        old = _lock_member(member, found)
        day = since or timezone.localdate()
        if day < old.since:
            raise BadValue(label=_now("加入日期"), value=day, reason=_now("早于原成员的加入日期"))
        old.until = max(old.since, day - timedelta(days=1))
        old.save(update_fields=["until"])
        new = _join(found, user, actor=actor, role=old.role, post_text=post_text, since=day, replaces=old)
        _tell(actor, codes.MEMBER_REPLACED, GROUP.code, found, member=old.user.name, by=user.name, role=old.role)
    return new


def end_member(member: Member, *, actor: Actor, until: date | None = None) -> Member:
    """Let a member leave a group without a successor.

    Raises:
        NotFound, NotAllowed: the group is out of reach.
        NotMember: they have left already.
        BadValue: the day lies before they joined.
    """
    with transaction.atomic():
        found = _lock_group(member.group, actor)
        old = _lock_member(member, found)
        day = until or timezone.localdate()
        if day < old.since:
            raise BadValue(label=_now("退出日期"), value=day, reason=_now("早于加入日期"))
        old.until = day
        old.save(update_fields=["until"])
        _tell(actor, codes.MEMBER_ENDED, GROUP.code, found, member=old.user.name, role=old.role)
    return old


def keep_member(member: Member, *, actor: Actor, why: str) -> Member:
    """Decide that a member stays although their post has ended; the task of replacing them goes.

    Raises:
        NotFound, NotAllowed: the group is out of reach.
        NotMember: they have left already.
        BadValue: no reason was given.
    """
    with transaction.atomic():
        found = _lock_group(member.group, actor)
        old = _lock_member(member, found)
        old.kept_at, old.kept_why = timezone.now(), _words(_now("保留原因"), why, 300)
        old.save(update_fields=["kept_at", "kept_why"])
        _tell(actor, codes.MEMBER_KEPT, GROUP.code, found, member=old.user.name, reason=old.kept_why)
    return old


def run_daily(today: date, *, since: date | None = None, actor: Actor = OPERATOR) -> dict[str, int]:
    """Remind of decisions and rules that fall due and of members whose post has ended; return how many were told.

    It may run any number of times: who has not read an earlier reminder of the same matter is not told again.

    Args:
        today: the present day.
        since: the last day on which this was done; what fell between is made up for.
        actor: on whose account it happens.
    """
    with transaction.atomic():
        return {"reminders": remind(today, since=since, actor=actor)}


def _join(
    group: Group,
    user: User,
    *,
    actor: Actor,
    role: str,
    post_text: str,
    since: date | None,
    replaces: Member | None = None,
) -> Member:
    if role not in Member.Role.values:
        raise BadValue(label=_now("组内职务"), value=role, reason=_now("不在可选范围内"))
    root = group.unit
    while root.parent is not None:
        root = root.parent
    if not people_of(actor, root).filter(pk=user.pk).exists():
        raise BadValue(label=_now("成员"), value=user.name, reason=_now("在本单位没有任职"))
    if group.members.filter(user=user, until__isnull=True).exists():
        raise AlreadyMember(name=user.name, group=group.name)
    return Member.objects.create(
        group=group,
        user=user,
        role=role,
        post_text=clean_text(post_text)[:120],
        since=since or timezone.localdate(),
        replaces=replaces,
    )


def _lock_group(group: Group, actor: Actor) -> Group:
    access_entry(GROUP, actor, group.pk, manage=True)
    return lock_entry(GROUP, group.pk, actor=actor)


def _lock_member(member: Member, group: Group) -> Member:
    found = group.members.select_for_update(of=("self",)).select_related("user").filter(pk=member.pk).first()
    if found is None:
        raise NotFound
    if found.until is not None:
        raise NotMember(name=found.user.name, group=group.name)
    return found


def _words(label: str, text: str, longest: int) -> str:
    words = clean_text(text, lines=True)
    if not words:
        raise BadValue(label=label, value="", reason=_now("不能为空"))
    if len(words) > longest:
        reason = _now("最多 %(longest)s 个字") % {"longest": longest}
        raise BadValue(label=label, value=words[:20] + "…", reason=reason)
    return words


def _past_day(label: str, day: date | None) -> date:
    today = timezone.localdate()
    if day is not None and day > today:
        raise BadValue(label=label, value=day, reason=_now("晚于今天"))
    return day or today


def _tell(actor: Actor, code: str, object_type: str, entry: Decision | RuleDocument | Group, **data: Any) -> None:
    record(
        actor=actor,
        code=code,
        object_type=object_type,
        object_id=entry.pk,
        object_label=str(entry),
        data=data,
    )
