"""Acts on deputies: who acts for whom while they are absent."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor, current_posts, forget_access, may
from zhenggai.people.errors import DeputyDoesNotFit, DeputyEnded, NotOneself
from zhenggai.people.models import Deputy, Post, User
from zhenggai.people.roles import OFFICERS, Permission

LONGEST = timedelta(days=366)
"""How long somebody may be stood in for by one appointment."""


@transaction.atomic
def appoint_deputy(
    principal: User, deputy: User, *, actor: Actor, started_on: date, ended_on: date, reason: str = ""
) -> Deputy:
    """Let *deputy* act for *principal* with all their posts, from a day to a day.

    Only the principal's own posts go over: what somebody has as a deputy does not go on to their deputy.

    Args:
        principal: who will be absent.
        deputy: who acts for them.
        actor: the principal, or who grants posts.
        started_on: the first day, today at the earliest.
        ended_on: the last day.
        reason: why, in a few words.

    Raises:
        NotAllowed: the actor is neither the principal nor does grant posts.
        NotOneself: both are the same person, or who grants posts names themselves.
        DeputyDoesNotFit: an officer, someone without posts, of another organisation, or absent themselves; or days that
            cannot be.
    """
    if principal.pk != actor.pk and not may(actor, Permission.ASSIGN_POSTS):
        raise NotAllowed(permission=str(Permission.ASSIGN_POSTS))
    if deputy.pk == principal.pk or (deputy.pk == actor.pk and principal.pk != actor.pk):
        raise NotOneself(name=deputy.name)
    _check_days(deputy, started_on, ended_on)
    forget_access(deputy)
    principal, deputy = _locked_pair(principal, deputy)
    _check_people(principal, deputy)
    standing = Deputy.objects.filter(ended_at__isnull=True, started_on__lte=ended_on, ended_on__gte=started_on)
    if standing.filter(principal=principal).exists():
        raise DeputyDoesNotFit(name=deputy.name, reason=_("%(name)s这段时间已有代理人") % {"name": principal.name})
    if standing.filter(principal=deputy).exists():
        raise DeputyDoesNotFit(name=deputy.name, reason=_("其本人这段时间也由他人代理"))
    made = Deputy.objects.create(
        principal=principal,
        deputy=deputy,
        started_on=started_on,
        ended_on=ended_on,
        reason=" ".join(reason.split())[:200],
        appointed_by=actor if isinstance(actor, User) else None,
    )
    _record(actor, "people.deputy_appointed", made)
    return made


@transaction.atomic
def end_deputy(row: Deputy, *, actor: Actor) -> Deputy:
    """End an appointment before its last day; from now on the deputy does no longer act for the principal.

    Raises:
        NotFound: it is neither the actor's own matter nor do they grant posts.
        DeputyEnded: it has ended already.
    """
    fresh = Deputy.objects.select_for_update(of=("self",)).select_related("principal", "deputy").filter(pk=row.pk)
    found = fresh.first()
    if found is None or not (actor.pk in (found.principal_id, found.deputy_id) or may(actor, Permission.ASSIGN_POSTS)):
        raise NotFound
    if found.ended_at is not None or found.ended_on < timezone.localdate():
        raise DeputyEnded(name=found.deputy.name, principal=found.principal.name)
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    forget_access(row.deputy)
    _record(actor, "people.deputy_ended", found)
    return found


def _check_days(deputy: User, started_on: date, ended_on: date) -> None:
    if ended_on < started_on:
        raise DeputyDoesNotFit(name=deputy.name, reason=_("结束日期早于开始日期"))
    if started_on < timezone.localdate():
        raise DeputyDoesNotFit(name=deputy.name, reason=_("开始日期已经过去"))
    if ended_on - started_on > LONGEST:
        raise DeputyDoesNotFit(name=deputy.name, reason=_("代理时间超过一年"))


def _locked_pair(principal: User, deputy: User) -> tuple[User, User]:
    """Return both as they stand now, locked in the order of their keys."""
    keys = [principal.pk, deputy.pk]
    found = {user.pk: user for user in User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    if len(found) != 2:
        raise NotFound
    return found[principal.pk], found[deputy.pk]


def _check_people(principal: User, deputy: User) -> None:
    for person in (principal, deputy):
        if not person.is_active:
            raise DeputyDoesNotFit(name=person.name, reason=_("账号已停用"))
        if Post.objects.filter(user=person, ended_on__isnull=True, role__in=OFFICERS).exists():
            raise DeputyDoesNotFit(name=person.name, reason=_("三员的岗位不能代理，三员也不代理业务岗位"))
    roots = [_roots_of(person) for person in (principal, deputy)]
    if not roots[0]:
        raise DeputyDoesNotFit(name=principal.name, reason=_("没有在任岗位"))
    if not roots[0] <= roots[1]:
        raise DeputyDoesNotFit(name=deputy.name, reason=_("不在同一单位系统"))


def _roots_of(person: User) -> set[str]:
    paths = current_posts().filter(user=person).order_by().values_list("unit__path", flat=True)
    return {path.partition(".")[0] for path in paths}


def _record(actor: Actor, code: str, row: Deputy) -> None:
    record(
        actor=actor,
        code=code,
        object_type="user",
        object_id=row.principal_id,
        object_label=row.principal.name,
        data={
            "deputy": row.deputy.username,
            "name": row.deputy.name,
            "started_on": row.started_on,
            "ended_on": row.ended_on,
            "reason": row.reason,
        },
    )
