"""Writing the words of letters from their findings; what the acts on letters and the ladder share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding
from zhenggai.oversight import codes
from zhenggai.oversight.models import Letter, LetterItem, LetterRecipient, LetterState
from zhenggai.oversight.queries.letters import is_settled
from zhenggai.oversight.wording import ToldFinding, Words, compose, shipped_wordings
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.policy.queries import work_calendar

LETTER = "letter"
"""``object_type`` of entries about a letter."""


def tell(actor: Actor, code: str, letter: Letter, **data: Any) -> None:
    """Append an entry about *letter* to the trail."""
    record(
        actor=actor,
        code=code,
        object_type=LETTER,
        object_id=letter.pk,
        object_label=str(letter),
        data={"kind": letter.kind, "state": letter.state, **data},
    )


def save_letter(letter: Letter, *fields: str) -> None:
    """Save a locked letter as its next version."""
    letter.version += 1
    letter.save(update_fields=[*fields, "version"])


def write_words(letter: Letter, today: date) -> None:
    """Write title, body, signature and the day of the answer from the letter's findings; not saved."""
    wording = shipped_wordings()[letter.kind]
    letter.reply_due_on = work_calendar().add_workdays(today, wording.reply_workdays)
    words = _words(letter, today)
    letter.title, letter.body, letter.signature = words.title[:200], words.body, words.signature[:120]
    letter.template = wording.name
    letter.is_edited = letter.is_stale = False


WORDS = ("title", "body", "signature", "reply_due_on", "template", "is_edited", "is_stale")
"""What :func:`write_words` writes."""


def _words(letter: Letter, today: date) -> Words:
    recipients = list(letter.recipients.select_related("unit", "person"))
    return compose(
        shipped_wordings()[letter.kind],
        [_told(item, today) for item in standing_items(letter)],
        body=letter.unit.name,
        recipient="、".join(str(one) for one in recipients) or letter.unit.name,
        you=_address(recipients),
        round_name=letter.round.name if letter.round else "",
        reply_due_on=letter.reply_due_on,
        as_of=today,
    )


def standing_items(letter: Letter) -> list[LetterItem]:
    """Return the findings of a letter that were not taken out, in the order of the ledger."""
    related = ("finding__leader", "finding__owner")
    found = letter.items.filter(withdrawn_at__isnull=True).select_related("finding", *related)
    return list(found.order_by("finding__round_id", "finding__order"))


def _told(item: LetterItem, today: date) -> ToldFinding:
    finding = item.finding
    late_since = item.period_on or item.due_on
    days = max(0, (today - late_since).days) if late_since else 0
    return ToldFinding(
        finding.title,
        item.due_on,
        days,
        finding.leader.name if finding.leader else finding.leader_text,
        finding.owner.name if finding.owner else finding.owner_text,
    )


def _address(recipients: list[LetterRecipient]) -> str:
    if len(recipients) == 1:
        unit = recipients[0].unit
        if unit is None:
            return "你同志"
        return "你部门" if unit.kind == Unit.Kind.DEPARTMENT else "你单位"
    return "你们"


def add_items(letter: Letter, findings: Iterable[Finding]) -> None:
    """Put findings into a letter that a person drafts."""
    line = line_on()
    for finding in findings:
        late = line.is_late(finding.due_on, finding.round_id)
        LetterItem.objects.create(
            letter=letter,
            finding=finding,
            due_on=finding.due_on,
            period_on=finding.due_on if late else None,
            days_over=-line.days_left(finding.due_on, finding.round_id) if late and finding.due_on else 0,
        )


def refresh(letter: Letter, today: date, *, actor: Actor) -> bool:
    """Take out of a locked letter that is not out what was settled since; return whether anything was.

    A letter left with nothing withdraws itself; the words of one that nobody edited are written anew; one that
    somebody edited is marked, and one that waited for a signature goes back to its drafter.
    """
    settled = [item for item in standing_items(letter) if is_settled(item)]
    if not settled:
        return False
    take_out(letter, settled, _now("所列问题已办结、已延期或转入长期坚持"), today, actor=actor)
    return True


def take_out(letter: Letter, items: Iterable[LetterItem], why: str, today: date, *, actor: Actor) -> None:
    """Take *items* out of a locked letter that is not out, with what follows from it."""
    now = timezone.now()
    gone = list(items)
    for item in gone:
        item.withdrawn_at = now
        item.save(update_fields=["withdrawn_at"])
    titles = [item.finding.title for item in gone]
    if not standing_items(letter):
        letter.state, letter.withdrawn_at, letter.withdrawn_why = LetterState.WITHDRAWN, now, why[:300]
        save_letter(letter, "state", "withdrawn_at", "withdrawn_why")
        tell(actor, codes.LETTER_WITHDRAWN, letter, why=why, findings=titles)
        return
    if letter.is_edited:
        letter.is_stale = True
    else:
        write_words(letter, today)
    if letter.state == LetterState.TO_SIGN:
        letter.state, letter.returned_why = LetterState.DRAFT, why[:500]
    save_letter(letter, "state", "returned_why", *WORDS)
    tell(actor, codes.LETTER_CHANGED, letter, why=why, taken_out=titles)


def lock_body(unit: Unit) -> Unit:
    """Lock the row of a body, behind which its drafts are made one after the other."""
    return Unit.objects.select_for_update(no_key=True).order_by(F("pk")).get(pk=unit.pk)
