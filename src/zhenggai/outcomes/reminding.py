"""The daily look at what falls due in this room, and whom it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _now

from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.outcomes.access import MANAGE
from zhenggai.outcomes.models import Decision, RuleDocument
from zhenggai.outcomes.queries import members_to_replace
from zhenggai.outcomes.telling import doers_of
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.policy.profile import Reminders
from zhenggai.policy.queries import latest_profile, policy_of
from zhenggai.registers.days import falls_due
from zhenggai.registers.keepers import heads, holders
from zhenggai.workflow.queries import rules_by_round

REVIEW_DAYS_BEFORE = (30, 7, 0)
"""Days before its review on which the keepers of a rule are reminded."""


def remind(today: date, *, since: date | None, actor: Actor) -> int:
    """Tell people what fell due after *since* up to *today*; return how many were told."""
    return _of_decisions(today, since, actor) + _of_rules(today, since, actor) + _of_members(actor)


def _of_decisions(today: date, since: date | None, actor: Actor) -> int:
    told = 0
    open_ones = Decision.objects.filter(
        state=Decision.State.OPEN, due_on__isnull=False, withdrawn_at__isnull=True, meeting__withdrawn_at__isnull=True
    )
    rows = list(open_ones.select_related("owner", "department", "unit", "meeting"))
    ladders = _ladders(rows)
    for decision in rows:
        if decision.due_on is None or not falls_due(decision.due_on, today, since, ladders[decision.pk].due):
            continue
        left = (decision.due_on - today).days
        people = doers_of(decision)
        if left < 0 or not people:
            people = [*people, *holders(MANAGE, decision.unit)]
        words = {"text": decision.text[:80], "days": abs(left)}
        title = _now("议定事项还剩 %(days)s 天到期：%(text)s") % words
        if left < 0:
            title = _now("议定事项已超期 %(days)s 天：%(text)s") % words
        told += len(
            notify(
                people,
                actor=actor,
                kind=Told.REMINDER,
                title=title,
                path=f"/outcomes/decisions/{decision.pk}/",
                key=f"decision-{decision.pk}-due-{left}",
            )
        )
    return told


def _ladders(rows: Sequence[Decision]) -> dict[int, Reminders]:
    """Return the ladder of each decision: that of its round, else of the newest rules of its body."""
    rounds = {row.pk: row.round_id or row.meeting.round_id for row in rows}
    rules = rules_by_round(sorted({key for key in rounds.values() if key is not None}))
    bodies = {row.unit_id: row.unit for row in rows if rounds[row.pk] is None}
    own = {key: policy_of(latest_profile(unit)) for key, unit in bodies.items()}
    found = {}
    for row in rows:
        key = rounds[row.pk]
        found[row.pk] = (own[row.unit_id] if key is None else rules[key].policy).reminders
    return found


def _of_rules(today: date, since: date | None, actor: Actor) -> int:
    told = 0
    rules = RuleDocument.objects.filter(review_on__isnull=False, withdrawn_at__isnull=True)
    for rule in rules.exclude(kind=RuleDocument.Kind.ABOLISHED).select_related("department", "unit"):
        if rule.review_on is None or not falls_due(rule.review_on, today, since, REVIEW_DAYS_BEFORE.__contains__):
            continue
        left = (rule.review_on - today).days
        told += len(
            notify(
                [*heads(rule.department), *holders(MANAGE, rule.unit)],
                actor=actor,
                kind=Told.REMINDER,
                title=_now("制度“%(title)s”应于 %(day)s 复核") % {"title": rule.title, "day": rule.review_on},
                path=f"/outcomes/rules/{rule.pk}/",
                key=f"rule-{rule.pk}-review-{left}",
            )
        )
    return told


def _of_members(actor: Actor) -> int:
    told = 0
    for task in members_to_replace(OPERATOR):
        group = task.member.group
        told += len(
            notify(
                holders(MANAGE, group.unit),
                actor=actor,
                kind=Told.REMINDER,
                title=_now("“%(group)s”成员%(name)s%(why)s，请更换或确认保留")
                % {"group": group.name, "name": task.member.user.name, "why": task.why},
                path=f"/outcomes/groups/{group.pk}/",
                key=f"member-{task.member.pk}-left",
            )
        )
    return told
