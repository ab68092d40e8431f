"""What the page of one register shows that no other does."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zhenggai.outcomes import queries as outcomes
from zhenggai.outcomes.kinds import DECISION, GROUP
from zhenggai.outcomes.listings import decision_mark, rule_mark
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Member, RuleDocument
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.referrals import queries as referrals
from zhenggai.referrals.access import CLUES, MANAGE
from zhenggai.referrals.kinds import READERS
from zhenggai.referrals.listings import due_mark
from zhenggai.referrals.models import Clue, Common, ImmediateFix, Petition
from zhenggai.registers.fields import people_of

PERSONAL = frozenset({"name", "position", "basis"})
CONFIDENTIAL = frozenset({"content", "target", "result_text"})


def of_meeting(actor: User, meeting: Meeting) -> dict[str, Any]:
    """Return the decisions of a meeting."""
    today = timezone.localdate()
    seen = outcomes.visible_decisions(actor).filter(meeting=meeting).select_related("department", "owner", "finding")
    decisions = list(seen.prefetch_related("follow_ups"))
    return {
        "decisions": [(decision, decision_mark(decision, today)) for decision in decisions],
        "may_decide": may(actor, DECISION.manage, meeting.unit),
    }


def of_decision(actor: User, decision: Decision) -> dict[str, Any]:
    """Return what was done about a decision."""
    return {
        "mark": decision_mark(decision, timezone.localdate()),
        "follow_ups": list(decision.follow_ups.select_related("by")),
        "may_follow_up": decision.state == Decision.State.OPEN and outcomes.may_follow_up(actor, decision),
        "sees_meeting": outcomes.visible_meetings(actor).filter(pk=decision.meeting_id).exists(),
    }


def of_rule(actor: User, rule: RuleDocument) -> dict[str, Any]:
    """Return where a rule was applied."""
    return {"mark": rule_mark(rule, timezone.localdate()), "uses": list(rule.uses.select_related("by"))}


def of_group(actor: User, group: Group) -> dict[str, Any]:
    """Return the members of a group, those to be replaced, and those who do what they supervise."""
    root = group.unit
    while root.parent is not None:
        root = root.parent
    members = list(group.members.select_related("user", "replaces__user").order_by("pk"))
    ranks = {role: rank for rank, role in enumerate(Member.Role.values)}
    members.sort(key=lambda member: (member.until is not None, ranks[member.role], member.pk))
    manages = may(actor, GROUP.manage, group.unit)
    return {
        "members": members,
        "to_replace": {task.member.pk: task.why for task in outcomes.members_to_replace(actor, group)},
        "doubles": outcomes.double_roles(actor, group),
        "roles": Member.Role.choices,
        "people": list(people_of(actor, root)) if manages else [],
    }


def hidden_of_accountability(actor: User, entry: Accountability) -> frozenset[str]:
    """Return the fields that would tell a person's name to somebody who need not know it."""
    if entry.subject == Accountability.Subject.UNIT or outcomes.may_know_names(actor, entry.unit):
        return frozenset()
    return PERSONAL


def of_fix(actor: User, fix: ImmediateFix) -> dict[str, Any]:
    """Return how an immediate fix stands."""
    return {
        "mark": due_mark(fix.due_on, fix.done_on, timezone.localdate()),
        "may_finish": fix.done_on is None and referrals.may_do_fix(actor, fix),
    }


def of_petition(actor: User, petition: Petition) -> dict[str, Any]:
    """Return how a petition stands."""
    return {
        "mark": due_mark(petition.due_on, petition.closed_on, timezone.localdate()),
        "may_answer": petition.closed_on is None and referrals.may_read_petition(actor, petition),
        "results": Petition.Result.choices,
    }


def hidden_of_petition(actor: User, petition: Petition) -> frozenset[str]:
    """Return the fields that only those who handle the petition may read."""
    return frozenset() if referrals.may_read_petition(actor, petition) else CONFIDENTIAL


def of_common(actor: User, common: Common) -> dict[str, Any]:
    """Return how the units are getting on with a common problem."""
    manages = may(actor, MANAGE, common.unit) and may(actor, "findings.edit", common.unit)
    return {
        "progress": referrals.common_progress(actor, common),
        "without": referrals.units_without(common) if manages else [],
    }


def of_clue(actor: User, clue: Clue) -> dict[str, Any]:
    """Return who may read a clue, and who might be named."""
    choose = READERS.choose
    assert choose is not None  # held by the declaration
    return {
        "mark": due_mark(clue.due_on, clue.reported_on, timezone.localdate()),
        "readers": list(clue.readers.order_by("name", "id")),
        "candidates": list(choose(actor, clue.unit)) if may(actor, CLUES, clue.unit) else [],
    }
