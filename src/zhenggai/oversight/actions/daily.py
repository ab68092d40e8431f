"""What the room does by itself each day: drafts, look-backs, and reminders of what waits. Nothing goes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _now

from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.oversight.actions.checks import cancel_overtaken, plan_look_backs
from zhenggai.oversight.actions.ladder import draft_due_letters
from zhenggai.oversight.actions.letters import letter_path
from zhenggai.oversight.models import Check, Letter, LetterRecipient, LetterReply, LetterState
from zhenggai.oversight.posts import holders_of, receivers_of
from zhenggai.oversight.transitions import MANAGE
from zhenggai.people.access import Actor
from zhenggai.people.models import User


def run_daily(today: date, *, actor: Actor, since: date | None = None) -> dict[str, int]:
    """Do what is due on *today*; doing it twice changes nothing. Return counts.

    Args:
        today: the present day.
        actor: on whose account it happens.
        since: the last day on which this was done; what was missed is made up for in any case.

    Raises:
        NotAllowed: the actor may not draft letters of a body.
    """
    letters = draft_due_letters(today, actor=actor)
    cancelled = cancel_overtaken(actor=actor)
    planned = plan_look_backs(actor=actor)
    told = _tell_drafts(letters.drafted, actor) + _tell_late_answers(today, actor) + _tell_due_checks(today, actor)
    return {
        "drafted": len(letters.drafted),
        "changed": letters.changed,
        "planned": planned,
        "cancelled": cancelled,
        "told": told,
    }


def _tell_drafts(drafted: Iterable[Letter], actor: Actor) -> int:
    count = 0
    for letter in drafted:
        title = _now("已起草待核：%(title)s") % {"title": letter.title}
        key = f"letter-draft:{letter.pk}"
        people = holders_of(MANAGE, letter.unit)
        count += len(notify(people, actor=actor, kind=Kind.LETTER, title=title, path=letter_path(letter), key=key))
    return count


def _tell_late_answers(today: date, actor: Actor) -> int:
    waiting = LetterRecipient.objects.filter(letter__state=LetterState.ISSUED, letter__reply_due_on__lt=today)
    answered = LetterReply.objects.filter(recipient=OuterRef("pk"), returned_at__isnull=True)
    waiting = waiting.filter(~Exists(answered))
    count = 0
    for one in waiting.select_related("letter", "unit", "person"):
        people = receivers_of([one.unit]) if one.unit is not None else []
        people += [one.person] if one.person is not None else []
        title = _now("函件逾期未回复：%(title)s") % {"title": one.letter.title}
        key = f"letter-late:{one.pk}"
        path = letter_path(one.letter)
        count += len(notify(people, actor=actor, kind=Kind.LETTER, title=title, path=path, key=key))
    return count


def _tell_due_checks(today: date, actor: Actor) -> int:
    due = Check.objects.filter(state=Check.State.PLANNED, due_on__lte=today).select_related(
        "finding__round__unit", "checker"
    )
    count = 0
    inspectors: dict[int, list[User]] = {}
    for check in due.order_by("due_on", "pk"):
        unit = check.finding.round.unit
        if check.checker is not None:
            people = [check.checker]
        else:
            if unit.pk not in inspectors:
                inspectors[unit.pk] = holders_of("oversight.inspect", unit)
            people = inspectors[unit.pk]
        kind = check.get_kind_display()
        title = _now("%(kind)s到期：%(title)s") % {"kind": kind, "title": check.finding.title[:80]}
        path, key = f"/checks/{check.pk}/", f"check-due:{check.pk}"
        count += len(notify(people, actor=actor, kind=Kind.CHECK, title=title, path=path, key=key))
    return count
