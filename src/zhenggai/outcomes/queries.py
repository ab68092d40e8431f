"""What pages, reports and other rooms may ask about outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.access import visible_findings
from zhenggai.findings.models import Finding, Measure
from zhenggai.kit.errors import NotFound
from zhenggai.outcomes.access import (
    may_follow_up,
    may_know_names,
    visible_accountability,
    visible_decisions,
    visible_groups,
    visible_meetings,
    visible_recoveries,
    visible_rules,
)
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Member, Recovery, RuleDocument
from zhenggai.people.access import Actor, current_posts

__all__ = [
    "access_member",
    "decisions_without_follow_up",
    "double_roles",
    "may_follow_up",
    "may_know_names",
    "members_to_replace",
    "outcomes_of_finding",
    "totals",
    "unused_rules",
    "visible_accountability",
    "visible_decisions",
    "visible_groups",
    "visible_meetings",
    "visible_recoveries",
    "visible_rules",
]

QUIET_DAYS = 30
"""Days after which a decision that nobody followed up is an inconsistency."""
UNUSED_DAYS = 365
"""Days after which a rule nobody referred to is one."""


@dataclass(frozen=True, slots=True)
class ToReplace:
    """A member of a group whose place is to be filled."""

    member: Member
    """The member, with group and person at hand."""
    why: str
    """What happened, in words that follow the name."""


@dataclass(frozen=True, slots=True)
class DoubleRole:
    """A member of a supervision group who also does what it supervises."""

    member: Member
    """The member."""
    findings: tuple[Finding, ...]
    """What they own, or of which they own a measure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One count of a report."""

    code: str
    """Code of the kind."""
    words: str
    """What is counted."""
    count: int
    """How many."""
    amount: Decimal | None
    """Yuan, where money is counted."""
    keys: tuple[int, ...]
    """The entries behind it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The outcomes of a round or a period in figures, each with the entries behind it."""

    meetings: tuple[Line, ...]
    """By kind."""
    decisions: tuple[Line, ...]
    """By state."""
    rules: tuple[Line, ...]
    """By kind."""
    persons: tuple[Line, ...]
    """Persons held to account, by kind."""
    units: tuple[Line, ...]
    """Units held to account, by kind."""
    money: tuple[Line, ...]
    """By kind."""

    @staticmethod
    def count(lines: Iterable[Line]) -> int:
        """Return the sum of counts."""
        return sum(line.count for line in lines)

    @property
    def amount(self) -> Decimal:
        """Return the sum of all money, in yuan."""
        return sum((line.amount or Decimal(0) for line in self.money), Decimal(0))


def totals(actor: Actor, *, round_id: int = 0, since: date | None = None, until: date | None = None) -> Totals:
    """Return what came about in a round, or between two days, of what the actor sees; six queries."""

    def wanted(found: QuerySet[Any], day: str) -> QuerySet[Any]:
        condition = Q(round_id=round_id) if round_id else Q()
        condition &= Q(**{f"{day}__gte": since}) if since else Q()
        condition &= Q(**{f"{day}__lte": until}) if until else Q()
        return found.filter(condition).order_by("pk")

    held = wanted(visible_accountability(actor), "decided_on")
    kinds = Accountability.Kind.choices
    return Totals(
        _lines(wanted(visible_meetings(actor), "held_on"), "kind", Meeting.Kind.choices),
        _lines(wanted(visible_decisions(actor), "meeting__held_on"), "state", Decision.State.choices),
        _lines(wanted(visible_rules(actor), "issued_on"), "kind", RuleDocument.Kind.choices),
        _lines(held.filter(subject=Accountability.Subject.PERSON), "kind", kinds),
        _lines(held.filter(subject=Accountability.Subject.UNIT), "kind", kinds),
        _lines(wanted(visible_recoveries(actor), "recovered_on"), "kind", Recovery.Kind.choices, amount="amount"),
    )


def _lines(
    found: QuerySet[Any], name: str, choices: Iterable[tuple[str, Any]], *, amount: str = ""
) -> tuple[Line, ...]:
    keys: defaultdict[str, list[int]] = defaultdict(list)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for key, code, *money in found.values_list("pk", name, *([amount] if amount else [])):
        keys[code].append(key)
        if money:
            sums[code] += money[0]
    return tuple(
        Line(code, str(words), len(keys[code]), sums[code] if amount else None, tuple(keys[code]))
        for code, words in choices
        if keys[code]
    )


def access_member(actor: Actor, key: int) -> Member:
    """Return a member of a group that the actor sees.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    groups = visible_groups(actor).order_by().values("pk")
    found = Member.objects.select_related("group__unit", "user").filter(pk=key, group__in=groups).first()
    if found is None:
        raise NotFound
    return found


def decisions_without_follow_up(actor: Actor, today: date | None = None) -> QuerySet[Decision]:
    """Return the open decisions of meetings some time ago that nobody followed up, and that have no finding to."""
    before = (today or timezone.localdate()) - timedelta(days=QUIET_DAYS)
    seen = visible_decisions(actor).filter(state=Decision.State.OPEN, finding__isnull=True)
    quiet = seen.annotate(told=Count("follow_ups")).filter(told=0)
    return quiet.filter(Q(meeting__held_on__lte=before) | Q(due_on__lt=today or timezone.localdate()))


def unused_rules(actor: Actor, today: date | None = None) -> QuerySet[RuleDocument]:
    """Return the rules in force for a year that nobody referred to."""
    before = (today or timezone.localdate()) - timedelta(days=UNUSED_DAYS)
    seen = visible_rules(actor).exclude(kind=RuleDocument.Kind.ABOLISHED)
    return seen.annotate(used=Count("uses")).filter(used=0, issued_on__lte=before)


def members_to_replace(actor: Actor, group: Group | None = None) -> list[ToReplace]:
    """Return the members whose account is closed or who hold no post in their group's tree any more; two queries."""
    groups = visible_groups(actor).filter(ended_on__isnull=True).order_by().values("pk")
    members = Member.objects.filter(group__in=groups, until__isnull=True, kept_at__isnull=True)
    if group is not None:
        members = members.filter(group=group)
    found = list(members.select_related("group__unit", "user").order_by("group", "pk"))
    posts = current_posts().filter(user__in={member.user_id for member in found})
    roots: defaultdict[int, set[str]] = defaultdict(set)
    for user_id, path in posts.values_list("user_id", "unit__path"):
        roots[user_id].add(path.split(".", 1)[0])
    tasks = []
    for member in found:
        if not member.user.is_active:
            tasks.append(ToReplace(member, _now("账号已停用")))
        elif member.group.unit.path.split(".", 1)[0] not in roots[member.user_id]:
            tasks.append(ToReplace(member, _now("已无现任岗位")))
    return tasks


def double_roles(actor: Actor, group: Group) -> list[DoubleRole]:
    """Return the members of a supervision group who own a finding it supervises, or a measure of one; two queries.

    Whoever supervises may not do: the page warns, and review refuses a doer anyway.
    """
    if group.kind != Group.Kind.SUPERVISION:
        return []
    members = list(group.members.filter(until__isnull=True).select_related("user", "group"))
    people = [member.user_id for member in members]
    mine = Measure.objects.filter(withdrawn_at__isnull=True, owner__in=people).order_by().values("finding_id")
    seen = visible_findings(actor).filter(unit__path__startswith=group.unit.path)
    done = seen.filter(Q(owner__in=people) | Q(pk__in=mine)).order_by("order")
    owners: defaultdict[int, dict[int, Finding]] = defaultdict(dict)
    findings = {finding.pk: finding for finding in done}
    for finding in findings.values():
        if finding.owner_id in people:
            owners[finding.owner_id or 0][finding.pk] = finding
    ties = Measure.objects.filter(withdrawn_at__isnull=True, owner__in=people, finding__in=list(findings))
    for owner_id, finding_id in ties.values_list("owner_id", "finding_id"):
        owners[owner_id or 0][finding_id] = findings[finding_id]
    return [
        DoubleRole(member, tuple(owners[member.user_id].values())) for member in members if owners.get(member.user_id)
    ]


@dataclass(frozen=True, slots=True)
class OfFinding:
    """What came about for one finding."""

    rules: tuple[RuleDocument, ...]
    """Rules issued."""
    decisions: tuple[Decision, ...]
    """Decisions about it."""
    recoveries: tuple[Recovery, ...]
    """Money moved."""
    persons: int
    """Persons held to account."""
    units: int
    """Units held to account."""

    def __bool__(self) -> bool:
        return bool(self.rules or self.decisions or self.recoveries or self.persons or self.units)


def outcomes_of_finding(actor: Actor, finding: Finding) -> OfFinding:
    """Return what the actor may know about what came about for *finding*; four queries."""
    held = visible_accountability(actor).filter(finding=finding).order_by()
    subjects = dict(held.values_list("subject").annotate(told=Count("pk")))
    return OfFinding(
        tuple(visible_rules(actor).filter(findings=finding)),
        tuple(visible_decisions(actor).filter(finding=finding).select_related("meeting")),
        tuple(visible_recoveries(actor).filter(finding=finding)),
        subjects.get(Accountability.Subject.PERSON, 0),
        subjects.get(Accountability.Subject.UNIT, 0),
    )
