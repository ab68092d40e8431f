"""Who sees what was handed over, and of the restricted parts who may read them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.people.access import Actor, Operator, may, reach
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import Permission
from zhenggai.referrals.models import CarriedOver, Clue, Common, ImmediateFix, Petition
from zhenggai.registers.keepers import holders
from zhenggai.registers.queries import in_bodies

MANAGE = str(Permission.MANAGE_REFERRALS)
CLUES = str(Permission.HANDLE_CLUES)
SEE = str(Permission.VIEW_OVERSIGHT)
WORK = str(Permission.WORK)
FINDINGS = str(Permission.VIEW_FINDINGS)
VIEW = (SEE, MANAGE)
"""Permissions of which one shows everything but clues."""


def visible_fixes(actor: Actor) -> QuerySet[ImmediateFix]:
    """Return the immediate fixes the actor sees, among them those that they or their department carry out."""
    return ImmediateFix.objects.filter(_or_mine(actor, owner=True), withdrawn_at__isnull=True)


def visible_petitions(actor: Actor) -> QuerySet[Petition]:
    """Return the petitions the actor sees; what they say is another matter."""
    return Petition.objects.filter(_or_mine(actor), withdrawn_at__isnull=True)


def visible_clues(actor: Actor) -> QuerySet[Clue]:
    """Return the clues the actor may read: those within reach of the right to handle clues that name the person."""
    clues = Clue.objects.filter(in_bodies(actor, CLUES), withdrawn_at__isnull=True)
    return clues if isinstance(actor, Operator) else clues.filter(readers=actor)


def visible_commons(actor: Actor) -> QuerySet[Common]:
    """Return the common problems the actor sees: those of the body, and those handed down to their unit."""
    condition = in_bodies(actor, *VIEW)
    mine = reach(actor, FINDINGS)
    if condition and mine.unit_paths:
        units = Unit.objects.filter(mine.units()).order_by().values("pk")
        shared = Common.objects.filter(shares__unit__in=units).order_by().values("pk")
        condition |= Q(pk__in=shared)
    return Common.objects.filter(condition, withdrawn_at__isnull=True)


def visible_carried_over(actor: Actor) -> QuerySet[CarriedOver]:
    """Return the carried-over problems of which the actor sees the finding."""
    seen = visible_findings(actor).order_by().values("pk")
    return CarriedOver.objects.filter(finding__in=seen, withdrawn_at__isnull=True)


def may_read_petition(actor: Actor, petition: Petition) -> bool:
    """Tell whether the actor handles the petition and so may read what it says."""
    if may(actor, MANAGE, petition.unit):
        return True
    return petition.department is not None and reach(actor, WORK).covers(petition.department)


def may_do_fix(actor: Actor, fix: ImmediateFix) -> bool:
    """Tell whether the actor may say that an immediate fix is done."""
    if may(actor, MANAGE, fix.unit):
        return True
    mine = reach(actor, WORK)
    return fix.owner_id in mine.user_ids or (fix.department is not None and mine.covers(fix.department))


def standing_readers(clue: Clue) -> list[User]:
    """Return the named readers who still hold the right to handle the clue."""
    return [person for person in clue.readers.filter(is_active=True) if may(person, CLUES, clue.unit)]


def clue_holders(actor: Actor, unit: Unit) -> QuerySet[User]:
    """Return the people who may be named as readers of a clue of *unit*."""
    return User.objects.filter(pk__in=[person.pk for person in holders(CLUES, unit)]).order_by("name", "id")


def _or_mine(actor: Actor, *, owner: bool = False) -> Q:
    condition = in_bodies(actor, *VIEW)
    if not condition:  # an empty condition reaches everything already
        return condition
    mine = reach(actor, WORK)
    if mine.department_ids:
        condition |= Q(department__in=mine.department_ids)
    if mine.unit_paths:
        condition |= Q(department__in=Unit.objects.filter(mine.units()).order_by().values("pk"))
    if owner and mine.user_ids:
        condition |= Q(owner__in=mine.user_ids)
    return condition
