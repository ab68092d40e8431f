"""What the rules and the work calendar say now."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from zhenggai.kit.errors import NotFound
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit
from zhenggai.policy.models import CalendarChange, CalendarDay, CalendarYear, PolicyProfile
from zhenggai.policy.profile import Policy, parse_policy, shipped_policy

MANAGE = "policy.manage"


_BACK = timedelta(days=400)


def work_calendar(since: date | None = None) -> WorkCalendar:
    """Return the office's work calendar; two queries.

    Args:
        since: days long before it are not asked about, nor which years are decreed; one query then.
    """
    if since is not None:
        lately = CalendarDay.objects.filter(day__gte=since - _BACK).order_by()
        return WorkCalendar(dict(lately.values_list("day", "is_workday")))
    different = dict(CalendarDay.objects.values_list("day", "is_workday"))
    return WorkCalendar(different, frozenset(CalendarYear.objects.values_list("year", flat=True)))


def latest_profile(unit: Unit) -> PolicyProfile | None:
    """Return the newest version of the rules of *unit*'s body; None when it has none of its own."""
    return PolicyProfile.objects.filter(unit=unit).order_by("-version").first()


def policy_of(profile: PolicyProfile | None) -> Policy:
    """Return what a stored version says; the shipped rules for None."""
    return shipped_policy() if profile is None else parse_policy(profile.values)


def visible_profiles(actor: Actor) -> QuerySet[PolicyProfile]:
    """Return the versions of the bodies whose rules the actor keeps."""
    units = Unit.objects.filter(reach(actor, MANAGE).units()).order_by().values("pk")
    return PolicyProfile.objects.filter(unit__in=units)


def access_profile(actor: Actor, key: int) -> PolicyProfile:
    """Return one version.

    Raises:
        NotFound: there is none, or the actor does not keep those rules.
    """
    found = visible_profiles(actor).select_related("unit", "created_by").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def access_change(actor: Actor, key: int) -> CalendarChange:
    """Return one change of the work calendar.

    Raises:
        NotFound: there is none, or the actor keeps no rules.
    """
    found = CalendarChange.objects.filter(pk=key).first() if may(actor, MANAGE) else None
    if found is None:
        raise NotFound
    return found
