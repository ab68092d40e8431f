"""Whom the acts and the daily run of this room tell what. What petitions and clues say is never told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _now

from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.policy.profile import shipped_policy
from zhenggai.referrals.access import MANAGE, standing_readers
from zhenggai.referrals.models import Clue, ImmediateFix, Petition
from zhenggai.registers.days import falls_due
from zhenggai.registers.keepers import heads, holders

_STEPS = (7, 3, 0, -1, -7, -14, -30)
"""Days before the deadline of a petition or clue, and after it, on which people are reminded."""


def fix_doers(fix: ImmediateFix) -> list[User]:
    """Return the owner of an immediate fix, else the heads of its department."""
    return [fix.owner] if fix.owner is not None else heads(fix.department)


def fix_given(fix: ImmediateFix, changes: Mapping[str, object], actor: Actor) -> None:
    """Tell the doers of an immediate fix that it was given to them."""
    if {"owner", "department"} & set(changes) and fix.done_on is None:
        notify(
            fix_doers(fix),
            actor=actor,
            kind=Told.REFERRAL,
            title=_now("立行立改事项交您办理，%(day)s前完成：%(issue)s") % {"day": fix.due_on, "issue": fix.issue[:60]},
            path=f"/referrals/fixes/{fix.pk}/",
            key=f"fix-{fix.pk}-given",
        )


def petition_given(petition: Petition, changes: Mapping[str, object], actor: Actor) -> None:
    """Tell the heads of a department that a petition was assigned to it."""
    if "department" in changes and petition.closed_on is None:
        notify(
            heads(petition.department),
            actor=actor,
            kind=Told.REFERRAL,
            title=_now("交办信访件 %(no)s 由您部门承办，%(day)s前办结") % {"no": petition.no, "day": petition.due_on},
            path=f"/referrals/petitions/{petition.pk}/",
            key=f"petition-{petition.pk}-given",
        )


def remind(today: date, *, since: date | None, actor: Actor) -> int:
    """Tell people what fell due after *since* up to *today*; return how many were told."""
    return _of_fixes(today, since, actor) + _of_petitions(today, since, actor) + _of_clues(today, since, actor)


def _of_fixes(today: date, since: date | None, actor: Actor) -> int:
    ladder, told = shipped_policy().reminders, 0
    open_ones = ImmediateFix.objects.filter(done_on__isnull=True, withdrawn_at__isnull=True)
    for fix in open_ones.select_related("owner", "department", "unit"):
        if not falls_due(fix.due_on, today, since, ladder.due):
            continue
        left = (fix.due_on - today).days
        people = fix_doers(fix)
        if left < 0 or not people:
            people = [*people, *holders(MANAGE, fix.unit)]
        words = {"issue": fix.issue[:60], "days": abs(left)}
        title = _now("立行立改事项还剩 %(days)s 天到期：%(issue)s") % words
        if left < 0:
            title = _now("立行立改事项已超期 %(days)s 天：%(issue)s") % words
        path, key = f"/referrals/fixes/{fix.pk}/", f"fix-{fix.pk}-due-{left}"
        told += len(notify(people, actor=actor, kind=Told.REMINDER, title=title, path=path, key=key))
    return told


def _of_petitions(today: date, since: date | None, actor: Actor) -> int:
    told = 0
    open_ones = Petition.objects.filter(closed_on__isnull=True, withdrawn_at__isnull=True)
    for petition in open_ones.select_related("department", "unit"):
        if not falls_due(petition.due_on, today, since, _STEPS.__contains__):
            continue
        left = (petition.due_on - today).days
        people = heads(petition.department)
        if left <= 0 or not people:
            people = [*people, *holders(MANAGE, petition.unit)]
        title = _due_title(left, _now("交办信访件 %(no)s") % {"no": petition.no})
        path, key = f"/referrals/petitions/{petition.pk}/", f"petition-{petition.pk}-due-{left}"
        told += len(notify(people, actor=actor, kind=Told.REMINDER, title=title, path=path, key=key))
    return told


def _of_clues(today: date, since: date | None, actor: Actor) -> int:
    told = 0
    open_ones = Clue.objects.filter(reported_on__isnull=True, withdrawn_at__isnull=True)
    for clue in open_ones.select_related("unit"):
        if not falls_due(clue.due_on, today, since, _STEPS.__contains__):
            continue
        left = (clue.due_on - today).days
        title = _due_title(left, _now("问题线索 %(no)s") % {"no": clue.no})
        path, key = f"/referrals/clues/{clue.pk}/", f"clue-{clue.pk}-due-{left}"
        told += len(notify(standing_readers(clue), actor=actor, kind=Told.REMINDER, title=title, path=path, key=key))
    return told


def _due_title(left: int, what: str) -> str:
    if left == 0:
        return _now("%(what)s今天到期") % {"what": what}
    words = {"what": what, "days": abs(left)}
    return _now("%(what)s还剩 %(days)s 天到期") % words if left > 0 else _now("%(what)s已超期 %(days)s 天") % words
