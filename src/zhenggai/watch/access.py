"""Who sees and handles which alerts, and single things given out only through it.

An alert is seen by those who reach its ledger and the body, unit or department it is about, or whom it is for; of a
ledger that is closed to all but named people, or held against one by its rule, only by those.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhenggai.findings.queries import visible_findings
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers.access import VIEW, is_named, reach_of
from zhenggai.ledgers.counts import reaches_of
from zhenggai.ledgers.declared import current
from zhenggai.packs.declarations import ComparisonRule, Ledger
from zhenggai.people.access import Actor, Operator, Reach, reach
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission
from zhenggai.watch.models import Alert, Rebound, RuleRun

RUN, HANDLE = Permission.RUN_RULES, Permission.HANDLE_ALERTS
DISMISS, SET = Permission.DISMISS_ALERTS, Permission.SET_RULES
_NOTHING = Q(pk__in=())


def watched_bodies() -> QuerySet[Unit]:
    """Return the bodies whose ledgers are judged together with all below: those that stand below no other body."""
    kinds = (Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS)
    bodies = Unit.objects.filter(kind__in=kinds, closed_on__isnull=True)
    return bodies.exclude(parent__kind__in=kinds).order_by("path")


def watched_body_of(unit: Unit) -> Unit:
    """Return the body with which the ledgers of *unit* are judged.

    Raises:
        NotFound: it belongs to none.
    """
    found = next((body for body in watched_bodies() if unit.path.startswith(body.path)), None)
    if found is None:
        raise NotFound
    return found


def visible_alerts(actor: Actor) -> QuerySet[Alert]:
    """Return the alerts the actor may see, in no order."""
    ledgers = current().ledgers.values()
    if isinstance(actor, Operator):
        return Alert.objects.order_by()
    open_ones = [each.ledger for each in ledgers if not is_named(each)]
    condition = Q(ledger__in=open_ones) & (within(reach(actor, VIEW)) | Q(person=actor))
    closed = reaches_of(actor, [each for each in ledgers if is_named(each)])
    for code, reached in closed.items():
        if reached:
            condition |= Q(ledger=code) & within(reached)
    for each in ledgers:
        for rule, other in closed_readings(each).items():
            reached = closed[other]
            condition &= ~Q(ledger=each.ledger, rule=rule) | (within(reached) if reached else _NOTHING)
    return Alert.objects.filter(condition).order_by()


def closed_readings(ledger: Ledger) -> dict[str, str]:
    """Return rule → ledger, of the rules that hold a ledger against one that is closed to all but named people.

    What such a rule says, the closed ledger says: only those named for it see its alerts and hear of them.
    """
    declared = current().ledgers
    others = {each.rule: declared.get(each.with_ledger) for each in ledger.rules if isinstance(each, ComparisonRule)}
    return {rule: other.ledger for rule, other in others.items() if other is not None and is_named(other)}


def within(reached: Reach) -> Q:
    """Return the condition that an alert lies within *reached*."""
    if reached.everything:
        return Q(pk__isnull=False)
    condition = Q(unit_id__in=sorted(reached.department_ids)) | Q(person_id__in=sorted(reached.user_ids))
    if reached.unit_paths:
        condition |= reached.units("body__path") | reached.units("unit__path")
    return condition


def may_on(actor: Actor, permission: str, alert: Alert) -> bool:
    """Return whether the actor may do something with an alert they see."""
    reached = reach(actor, permission)
    return reached.covers(alert.unit) or reached.covers(alert.body) or alert.person_id in reached.user_ids


def access_alert(actor: Actor, key: int, permission: str = VIEW) -> Alert:
    """Return one alert with its units at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    related = ("body", "unit", "person", "watch_body", "handled_by")
    found = visible_alerts(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission != VIEW and not may_on(actor, permission, found):
        raise NotAllowed(permission=permission)
    return found


def reached_bodies(actor: Actor, ledger: Ledger) -> list[Unit]:
    """Return the bodies with which the rows of a ledger that the actor sees are judged; two queries."""
    reached = reach_of(actor, ledger)
    bodies = list(watched_bodies())
    if reached.everything:
        return bodies
    units = Unit.objects.filter(pk__in=sorted(reached.department_ids)).order_by().values_list("path", flat=True)
    paths = [*reached.unit_paths, *(units if reached.department_ids else ())]
    return [body for body in bodies if any(path.startswith(body.path) or body.path.startswith(path) for path in paths)]


def seen_bodies(actor: Actor, ledger: Ledger) -> list[Unit]:
    """Return the bodies all of whose rows of a ledger the actor sees: figures are shown of these alone; one query."""
    reached = reach_of(actor, ledger)
    if reached.everything:
        return list(watched_bodies())
    bodies = Unit.objects.filter(path__in=reached.unit_paths, closed_on__isnull=True)
    return list(bodies.exclude(kind=Unit.Kind.DEPARTMENT).order_by("path"))


def visible_runs(actor: Actor, ledger: Ledger) -> QuerySet[RuleRun]:
    """Return the runs of a ledger's rules over rows that the actor sees, newest first."""
    return RuleRun.objects.filter(ledger=ledger.ledger, body__in=reached_bodies(actor, ledger)).select_related(
        "by", "body"
    )


def visible_rebounds(actor: Actor) -> QuerySet[Rebound]:
    """Return the rebounds of findings the actor may see, newest first."""
    return Rebound.objects.filter(criterion__finding__in=visible_findings(actor)).select_related(
        "criterion__finding__round", "close_out", "ended_by"
    )


def access_rebound(actor: Actor, key: int) -> Rebound:
    """Return one rebound with its finding at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = visible_rebounds(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
