"""Who sees which outcomes: those who see the supervision of the body or keep its registers; doers their own tasks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Recovery, RuleDocument
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission
from zhenggai.registers.queries import in_bodies

MANAGE = str(Permission.MANAGE_OUTCOMES)
SEE = str(Permission.VIEW_OVERSIGHT)
WORK = str(Permission.WORK)
VIEW = (SEE, MANAGE)
"""Permissions of which one opens the pages of this room."""
NAMES = (MANAGE, str(Permission.SIGN_LETTERS), str(Permission.INSPECT))
"""Permissions of which one tells who was held to account."""


def visible_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings the actor sees."""
    return Meeting.objects.filter(in_bodies(actor, *VIEW), withdrawn_at__isnull=True)


def visible_decisions(actor: Actor) -> QuerySet[Decision]:
    """Return the decisions the actor sees, among them those that they or their department carry out."""
    condition = in_bodies(actor, *VIEW)
    mine = reach(actor, WORK)
    if condition:  # an empty condition reaches everything already
        if mine.department_ids:
            condition |= Q(department__in=mine.department_ids)
        if mine.user_ids:
            condition |= Q(owner__in=mine.user_ids)
        if mine.unit_paths:
            condition |= Q(department__in=Unit.objects.filter(mine.units()).order_by().values("pk"))
    return Decision.objects.filter(condition, withdrawn_at__isnull=True, meeting__withdrawn_at__isnull=True)


def visible_rules(actor: Actor) -> QuerySet[RuleDocument]:
    """Return the rules issued that the actor sees."""
    return RuleDocument.objects.filter(in_bodies(actor, *VIEW), withdrawn_at__isnull=True)


def visible_accountability(actor: Actor) -> QuerySet[Accountability]:
    """Return the records of accountability the actor sees; the names in them are another matter."""
    return Accountability.objects.filter(in_bodies(actor, *VIEW), withdrawn_at__isnull=True)


def visible_recoveries(actor: Actor) -> QuerySet[Recovery]:
    """Return the records of money the actor sees."""
    return Recovery.objects.filter(in_bodies(actor, *VIEW), withdrawn_at__isnull=True)


def visible_groups(actor: Actor) -> QuerySet[Group]:
    """Return the groups the actor sees."""
    return Group.objects.filter(in_bodies(actor, *VIEW), withdrawn_at__isnull=True)


def may_know_names(actor: Actor, unit: Unit) -> bool:
    """Tell whether the actor may know who in *unit* was held to account."""
    return any(may(actor, permission, unit) for permission in NAMES)


def may_follow_up(actor: Actor, decision: Decision) -> bool:
    """Tell whether the actor may say what was done about a decision."""
    if may(actor, MANAGE, decision.unit):
        return True
    mine = reach(actor, WORK)
    return decision.owner_id in mine.user_ids or (decision.department is not None and mine.covers(decision.department))
