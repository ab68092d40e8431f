"""Drafting letters for what is late, by the ladder of the rules: drafts only, nothing goes out without a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.oversight import codes
from zhenggai.oversight.actions.drafting import WORDS, lock_body, refresh, save_letter, take_out, tell, write_words
from zhenggai.oversight.models import (
    OPEN_LETTERS,
    Letter,
    LetterItem,
    LetterKind,
    LetterRecipient,
    LetterState,
)
from zhenggai.oversight.transitions import MANAGE
from zhenggai.people.access import OPERATOR, Actor, require
from zhenggai.people.models import Unit
from zhenggai.policy.profile import EscalationStep, Policy
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.models import Item
from zhenggai.workflow.queries import AT_WORK, course_of

PRESSED = frozenset(AT_WORK) - {Stage.LONG_TERM}
"""Stages in which a missed deadline is pressed for: work is taken and there is a deadline."""


@dataclass(frozen=True, slots=True)
class Late:
    """A finding that is past its deadline, with the step of the ladder it has reached."""

    finding: Finding
    """The finding."""
    period_on: date
    """The day from which it counts as late."""
    days_over: int
    """Days since then."""
    step: EscalationStep
    """The highest step reached."""


@dataclass(slots=True)
class Drafted:
    """What a run of the ladder did."""

    drafted: list[Letter] = field(default_factory=list)
    """New drafts, and drafts that took more findings in."""
    changed: int = 0
    """Letters not yet out from which something settled was taken, or which withdrew themselves."""


def draft_due_letters(today: date, *, actor: Actor, body: Unit | None = None) -> Drafted:
    """Draft the letters that are due, and let go of what was settled.

    Each finding gets at most one letter for each step of the ladder and each time it is late; the late findings of
    one department share a letter.  A draft of a milder step that nobody sent gives way to the harsher one.

    Args:
        today: the day that counts.
        actor: who runs it.
        body: only letters of this body.

    Raises:
        NotAllowed: the actor writes no letters of a body.
    """
    done = Drafted()
    calendar = work_calendar()
    for unit in _bodies(today, body):
        require(actor, MANAGE, unit)
        with transaction.atomic():
            locked = lock_body(unit)
            done.changed += _let_go(locked, today, actor)
            for round_ in locked.rounds.filter(closed_on__isnull=True).order_by("pk"):
                done.drafted += _of_round(locked, round_, today, calendar, actor)
    return done


def late_findings(round_: InspectionRound, today: date, calendar: WorkCalendar) -> list[Late]:
    """Return what of a round is past its deadline and at work, with the step each has reached; few queries."""
    policy = course_of(round_).policy
    related = ("department", "unit", "leader", "owner")
    findings = (
        Finding.objects.filter(round=round_, stage__in=PRESSED, due_on__lt=today, withdrawn_at__isnull=True)
        .select_related(*related)
        .order_by("order")
    )
    reopened = {
        key: timezone.localtime(at).date()
        for key, at in Item.objects.filter(finding__round=round_, reopened_at__isnull=False).values_list(
            "finding_id", "reopened_at"
        )
        if at is not None
    }
    found: list[Late] = []
    for finding in findings:
        assert finding.due_on is not None  # asked for above
        since = _late_since(finding.due_on, reopened.get(finding.pk), policy, calendar)
        days = (today - since).days
        step = _reached(policy, days)
        if step is not None:
            found.append(Late(finding, since, days, step))
    return found


def _late_since(due_on: date, reopened_on: date | None, policy: Policy, calendar: WorkCalendar) -> date:
    last = calendar.on_or_after(due_on) if policy.roll_over_holidays else due_on
    # What was closed and came back starts the ladder from below again, or a long past deadline would go to its top.
    return max(last, reopened_on) if reopened_on else last


def _reached(policy: Policy, days: int) -> EscalationStep | None:
    return next((step for step in reversed(policy.escalation) if step.days <= days), None)


def _bodies(today: date, body: Unit | None) -> list[Unit]:
    """Return the bodies that have something late, or a letter that is not out."""
    late = Finding.objects.filter(stage__in=PRESSED, due_on__lt=today, withdrawn_at__isnull=True)
    keys = set(late.order_by().values_list("round__unit_id", flat=True).distinct())
    keys |= set(Letter.objects.filter(state__in=OPEN_LETTERS).order_by().values_list("unit_id", flat=True).distinct())
    found = Unit.objects.filter(pk__in=keys).order_by("pk")
    return list(found if body is None else found.filter(pk=body.pk))


def _let_go(unit: Unit, today: date, actor: Actor) -> int:
    open_ = Letter.objects.select_for_update(of=("self",)).select_related("unit", "round")
    letters = list(open_.filter(unit=unit, state__in=OPEN_LETTERS, is_due=True).order_by("pk"))
    return sum(refresh(letter, today, actor=actor) for letter in letters)


def let_go_of(finding_id: int) -> int:
    """Take a finding that was just settled out of the drafts that press for it; return in how many it stood."""
    items = LetterItem.objects.filter(finding_id=finding_id, withdrawn_at=None).exclude(step="").order_by()
    drafts = Letter.objects.filter(state__in=OPEN_LETTERS, is_due=True, pk__in=items.values("letter_id"))
    today, changed = timezone.localdate(), 0
    for body in Unit.objects.filter(pk__in=drafts.order_by().values("unit_id")).order_by("pk"):
        with transaction.atomic():
            changed += _let_go(lock_body(body), today, OPERATOR)
    return changed


def _of_round(
    unit: Unit, round_: InspectionRound, today: date, calendar: WorkCalendar, actor: Actor
) -> Iterable[Letter]:
    late = late_findings(round_, today, calendar)
    have = set(
        LetterItem.objects.filter(finding__in=[each.finding.pk for each in late], period_on__isnull=False)
        .exclude(step="")
        .values_list("finding_id", "period_on", "step")
    )
    groups: dict[tuple[str, _Recipient], list[Late]] = {}
    for each in late:
        if (each.finding.pk, each.period_on, each.step.letter) not in have:
            groups.setdefault((each.step.letter, _answerable(each.finding)), []).append(each)
    for (kind, recipient), members in groups.items():
        _give_way(members, kind, today, actor)
        yield _draft(unit, round_, kind, recipient, members, today, actor)


_Recipient = tuple[str, int]
"""``unit`` or ``person``, and its id."""


def _answerable(finding: Finding) -> _Recipient:
    """Return to whom a letter about *finding* goes: its department, its own unit, or whoever leads or owns it."""
    if finding.department_id is not None:
        return ("unit", finding.department_id)
    person = finding.leader_id or finding.owner_id
    if finding.unit.kind == Unit.Kind.ORGANISATION and person is not None:
        return ("person", person)
    return ("unit", finding.unit_id)


def _draft(
    unit: Unit,
    round_: InspectionRound,
    kind: str,
    recipient: _Recipient,
    members: list[Late],
    today: date,
    actor: Actor,
) -> Letter:
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("unit", "round")
        .filter(
            unit=unit, round=round_, kind=kind, state=LetterState.DRAFT, is_due=True, is_edited=False,
            **{f"recipients__{recipient[0]}": recipient[1]},
        )
        .first()
    )  # fmt: skip
    fresh = letter is None
    if letter is None:
        letter = Letter.objects.create(
            unit=unit, round=round_, kind=kind, title=str(LetterKind(kind).label), is_due=True
        )
        LetterRecipient.objects.create(letter=letter, **{f"{recipient[0]}_id": recipient[1]})
    LetterItem.objects.bulk_create(
        LetterItem(
            letter=letter, finding=each.finding, due_on=each.finding.due_on, period_on=each.period_on,
            days_over=each.days_over, step=kind,
        )
        for each in members
    )  # fmt: skip
    write_words(letter, today)
    save_letter(letter, *WORDS)
    titles = [each.finding.title for each in members]
    tell(actor, codes.LETTER_DRAFTED if fresh else codes.LETTER_CHANGED, letter, findings=titles, by_ladder=True)
    return letter


def _give_way(members: list[Late], kind: str, today: date, actor: Actor) -> None:
    """Take the findings out of milder drafts of the ladder that nobody sent for signing."""
    milder = LetterKind.values[: LetterKind.values.index(kind)]
    items = LetterItem.objects.filter(
        finding__in=[each.finding.pk for each in members], withdrawn_at__isnull=True, letter__is_due=True,
        letter__state=LetterState.DRAFT, letter__kind__in=milder,
    )  # fmt: skip
    by_letter: dict[int, list[LetterItem]] = {}
    for item in items.select_related("finding"):
        by_letter.setdefault(item.letter_id, []).append(item)
    for key in sorted(by_letter):
        letter = Letter.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=key)
        why = _now("超期已达下一级，改发%(kind)s") % {"kind": LetterKind(kind).label}
        take_out(letter, by_letter[key], why, today, actor=actor)
