"""Acts on letters: draft, edit, send for signing, sign, receive, answer, close, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.findings.queries import visible_findings
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.oversight import codes
from zhenggai.oversight.actions.drafting import (
    WORDS,
    add_items,
    lock_body,
    save_letter,
    standing_items,
    take_out,
    tell,
    write_words,
)
from zhenggai.oversight.errors import (
    BadValue,
    ChangedMeanwhile,
    LetterStale,
    NoRecipient,
    NotRecipient,
    OwnDraft,
    ReplyMissing,
)
from zhenggai.oversight.models import (
    LADDER_LETTERS,
    Letter,
    LetterKind,
    LetterRecipient,
    LetterReply,
    LetterState,
)
from zhenggai.oversight.numbers import take_number
from zhenggai.oversight.posts import holders_of, receivers_of, seat_of
from zhenggai.oversight.queries.letters import access_letter, is_mine, is_settled
from zhenggai.oversight.transitions import HANDLE, MANAGE, RECIPIENT, SIGN, check_move, permission_of
from zhenggai.oversight.values import read_day, read_text
from zhenggai.oversight.wording import Words
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User

LABELS = {
    "title": _("标题"),
    "body": _("正文"),
    "signature": _("署名"),
    "cc": _("抄送"),
    "reply_due_on": _("回复期限"),
    "held_on": _("约谈日期"),
    "place": _("约谈地点"),
    "kind": _("函件种类"),
}
_LONGEST = {"title": 200, "body": 20_000, "signature": 120, "cc": 300, "place": 120}
_REQUIRED = ("title", "body", "signature")


def draft_letter(
    unit: Unit,
    *,
    actor: Actor,
    kind: str,
    findings: Iterable[Finding],
    units: Iterable[Unit] = (),
    people: Iterable[User] = (),
    round_: InspectionRound | None = None,
) -> Letter:
    """Draft a letter of a body about *findings*, worded from the template; nothing goes out.

    Raises:
        NotAllowed: the actor writes no letters of that body.
        NotFound: a finding is out of reach, or a recipient stands outside the body.
        NoRecipient: it goes to nobody.
    """
    kind = _kind(kind)
    with transaction.atomic():
        require(actor, MANAGE, unit)
        body = lock_body(unit)
        chosen = list({finding.pk: finding for finding in findings}.values())
        _check_findings(actor, body, chosen)
        letter = Letter.objects.create(
            unit=body,
            round=round_ or (chosen[0].round if chosen else None),
            kind=kind,
            title=str(LetterKind(kind).label),
            drafted_by=actor if isinstance(actor, User) else None,
        )
        add_items(letter, chosen)
        _set_recipients(letter, units, people)
        write_words(letter, timezone.localdate())
        letter.save(update_fields=WORDS)
        tell(actor, codes.LETTER_DRAFTED, letter, findings=[finding.title for finding in chosen])
    return letter


def draft_declared_letter(
    unit: Unit,
    words: Words,
    *,
    actor: Actor,
    paper: str,
    serial: str,
    template: str,
    reply_due_on: date | None,
    units: Iterable[Unit] = (),
    people: Iterable[User] = (),
) -> Letter:
    """Draft a letter that a pack declares, worded by the caller from what a ledger shows; nothing goes out.

    Args:
        unit: the body that sends it.
        words: title, body and signature.
        actor: who drafts it.
        paper: what such a letter is called.
        serial: the word in its number.
        template: which declaration it was worded from.
        reply_due_on: the day of the answer.
        units, people: to whom it goes.

    Raises:
        NotAllowed: the actor handles no alerts of that body.
        NotFound: a recipient stands outside the body.
        NoRecipient: it goes to nobody.
    """
    with transaction.atomic():
        require(actor, HANDLE, unit)
        letter = Letter.objects.create(
            unit=lock_body(unit),
            kind=LetterKind.DECLARED,
            paper=paper[:60],
            serial=serial[:60],
            title=words.title[:200],
            body=words.body,
            signature=words.signature[:120],
            template=template[:40],
            reply_due_on=reply_due_on,
            is_edited=True,  # nobody but its author words it anew
            drafted_by=actor if isinstance(actor, User) else None,
        )
        _set_recipients(letter, units, people)
        tell(actor, codes.LETTER_DRAFTED, letter, paper=letter.paper)
    return letter


def update_letter(
    letter: Letter,
    values: Mapping[str, object],
    *,
    actor: Actor,
    version: int,
    units: Iterable[Unit] | None = None,
    people: Iterable[User] | None = None,
    leave_out: Iterable[int] = (),
) -> Letter:
    """Change a draft: its words, recipients and findings.

    Args:
        letter: which one.
        values: any of ``title body signature cc reply_due_on held_on place kind``.
        actor: who acts.
        version: the version the person saw.
        units, people: the new recipients; None leaves them.
        leave_out: ids of items taken out of it.

    Raises:
        NotFound, NotAllowed, LetterNotOpen, ChangedMeanwhile: it may not be changed, or not any more.
        TextMissing, BadValue, NoRecipient: a value cannot be taken.
    """
    with transaction.atomic():
        found = _lock(letter, "edit", actor, version)
        before = {name: getattr(found, name) for name in ("title", "body", "signature")}
        reworded = _change_kind(found, values.get("kind"))
        for name in ("title", "body", "signature", "cc", "place"):
            if name in values and not (reworded and name in before):
                text = read_text(values[name], LABELS[name], most=_LONGEST[name], required=name in _REQUIRED)
                setattr(found, name, text)
        for name in ("reply_due_on", "held_on"):
            if name in values and not (reworded and name == "reply_due_on"):
                setattr(found, name, read_day(values[name], LABELS[name]))
        if not reworded and any(getattr(found, name) != told for name, told in before.items()):
            found.is_edited, found.is_stale = True, False
        if units is not None or people is not None:
            _set_recipients(found, units or (), people or ())
        _own(found, actor)
        save_letter(found, "kind", "cc", "place", "held_on", "drafted_by", *WORDS)
        gone = [item for item in standing_items(found) if item.pk in set(leave_out)]
        if gone:
            take_out(found, gone, _now("起草人移出"), timezone.localdate(), actor=actor)
        tell(actor, codes.LETTER_CHANGED, found, changed=sorted(values))
    return found


def reword_letter(letter: Letter, *, actor: Actor, version: int) -> Letter:
    """Write the words of a draft anew from the template and its findings as they stand today.

    Raises:
        NotFound, NotAllowed, LetterNotOpen, ChangedMeanwhile: it may not be changed, or not any more.
    """
    with transaction.atomic():
        found = _lock(letter, "edit", actor, version)
        if found.kind == LetterKind.DECLARED:
            raise BadValue(label=LABELS["body"], value="", reason=_now("业务函件由预警起草，请直接修改正文或重新起草"))
        write_words(found, timezone.localdate())
        _own(found, actor)
        save_letter(found, "drafted_by", *WORDS)
        tell(actor, codes.LETTER_CHANGED, found, reworded=True)
    return found


def submit_letter(letter: Letter, *, actor: Actor) -> Letter:
    """Send a draft for signing; the words of one that nobody edited are brought up to today first.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be sent.
        NoRecipient, LetterStale: it goes to nobody, or speaks of what was settled.
    """
    with transaction.atomic():
        found = _lock(letter, "submit", actor)
        if not found.recipients.exists():
            raise NoRecipient(title=found.title)
        _check_fresh(found)
        today = timezone.localdate()
        if not found.is_edited:
            write_words(found, today)
        _check_days(found)
        found.state, found.returned_why = LetterState.TO_SIGN, ""
        found.submitted_by, found.submitted_at = (actor if isinstance(actor, User) else None), timezone.now()
        _own(found, actor)
        save_letter(found, "state", "returned_why", "submitted_by", "submitted_at", "drafted_by", *WORDS)
        tell(actor, codes.LETTER_SUBMITTED, found)
        _notify(holders_of(SIGN, found.unit), actor, found, _now("待签发：%(title)s") % {"title": found.title})
    return found


def send_back_letter(letter: Letter, *, actor: Actor, why: str) -> Letter:
    """Return a letter unsigned, with a reason.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be returned.
        TextMissing: no reason is given.
    """
    reason = read_text(why, _now("退回意见"), most=500, required=True)
    with transaction.atomic():
        found = _lock(letter, "send_back", actor)
        found.state, found.returned_why = LetterState.DRAFT, reason
        save_letter(found, "state", "returned_why")
        tell(actor, codes.LETTER_SENT_BACK, found, why=reason)
        writers = [person for person in (found.drafted_by, found.submitted_by) if person is not None]
        _notify(writers, actor, found, _now("函件退回修改：%(title)s") % {"title": found.title}, body=reason)
    return found


def recall_letter(letter: Letter, *, actor: Actor) -> Letter:
    """Take a letter back that waits for a signature, to change it.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be taken back.
    """
    with transaction.atomic():
        found = _lock(letter, "recall", actor)
        found.state = LetterState.DRAFT
        save_letter(found, "state")
        tell(actor, codes.LETTER_CHANGED, found, recalled=True)
    return found


def sign_letter(letter: Letter, *, actor: Actor) -> Letter:
    """Sign a letter: it gets its number and goes out.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be signed.
        OwnDraft: the signer, or whom they act for, drafted it or sent it for signing.
        LetterStale: findings in it were settled meanwhile.
        BadValue: the day of the answer is past.
    """
    with transaction.atomic():
        found = _lock(letter, "sign", actor)
        seat = None
        if isinstance(actor, User):
            seat = seat_of(actor, SIGN, found.unit, (found.drafted_by_id, found.submitted_by_id))
            if seat is None:
                raise OwnDraft(title=found.title)
        _check_fresh(found)
        _check_days(found)
        today = timezone.localdate()
        found.state, found.issued_on = LetterState.ISSUED, today
        found.signed_by, found.signed_at = (actor if isinstance(actor, User) else None), timezone.now()
        found.signed_for_id = seat if seat is not None and seat != actor.pk else None
        found.number = take_number(found, today)
        save_letter(found, "state", "issued_on", "signed_by", "signed_for", "signed_at", "number")
        tell(actor, codes.LETTER_ISSUED, found, number=found.number, signed_for=found.signed_for_id)
        recipients = list(found.recipients.select_related("unit", "person"))
        people = receivers_of([one.unit for one in recipients if one.unit is not None])
        people += [one.person for one in recipients if one.person is not None]
        title = _now("收到%(kind)s：%(title)s") % {"kind": found.kind_label, "title": found.title}
        _notify(people, actor, found, title, body=found.number)
    return found


def receive_letter(letter: Letter, recipient: LetterRecipient, *, actor: User) -> LetterRecipient:
    """Say that a recipient received the letter.

    Raises:
        NotFound, LetterNotOpen: there is no such letter out.
        NotRecipient: the actor does not receive for it, or it was received already.
    """
    with transaction.atomic():
        found, mine = _lock_recipient(letter, recipient, "receive", actor)
        if mine.received_at is not None:
            raise NotRecipient(title=found.title, move=_now("签收"), reason=_now("已经签收"))
        _receive(mine, actor)
        tell(actor, codes.LETTER_RECEIVED, found, recipient=str(mine))
    return mine


def reply_letter(letter: Letter, recipient: LetterRecipient, *, actor: User, text: str) -> LetterReply:
    """Answer a letter for a recipient; what was not received before is received by that.

    Raises:
        NotFound, LetterNotOpen: there is no such letter out.
        NotRecipient: the actor does not answer for it, or it was answered already.
        TextMissing: the answer is empty.
    """
    answer = read_text(text, _now("回复内容"), most=10_000, required=True)
    with transaction.atomic():
        found, mine = _lock_recipient(letter, recipient, "reply", actor)
        if mine.replies.filter(returned_at__isnull=True).exists():
            raise NotRecipient(title=found.title, move=_now("回复"), reason=_now("已经回复"))
        if mine.received_at is None:
            _receive(mine, actor)
            tell(actor, codes.LETTER_RECEIVED, found, recipient=str(mine))
        reply = LetterReply.objects.create(recipient=mine, text=answer, by=actor)
        tell(actor, codes.LETTER_REPLIED, found, recipient=str(mine), text=answer[:500])
        title = _now("%(who)s已回复：%(title)s") % {"who": str(mine), "title": found.title}
        _notify(holders_of(_writers_of(found), found.unit), actor, found, title)
    return reply


def record_reply(letter: Letter, recipient: LetterRecipient, *, actor: User, text: str) -> LetterReply:
    """Enter an answer that came on paper or otherwise than through the platform.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: there is no such letter out, or the actor does not keep it.
        NotRecipient: it was answered already.
        TextMissing: the answer is empty.
    """
    answer = read_text(text, _now("回复内容"), most=10_000, required=True)
    with transaction.atomic():
        found = _lock(letter, "record_reply", actor)
        mine = (
            found.recipients.select_for_update(of=("self",))
            .select_related("unit", "person")
            .filter(pk=recipient.pk)
            .first()
        )
        if mine is None:
            raise NotFound
        if mine.replies.filter(returned_at__isnull=True).exists():
            raise NotRecipient(title=found.title, move=_now("登记回复"), reason=_now("已经回复"))
        if mine.received_at is None:
            _receive(mine, actor)
            tell(actor, codes.LETTER_RECEIVED, found, recipient=str(mine))
        reply = LetterReply.objects.create(recipient=mine, text=answer, by=actor, is_recorded=True)
        tell(actor, codes.LETTER_REPLIED, found, recipient=str(mine), text=answer[:500], recorded=True)
    return reply


def _writers_of(letter: Letter) -> str:
    """Return the permission of those who write such a letter."""
    return HANDLE if letter.kind == LetterKind.DECLARED else MANAGE


def return_reply(letter: Letter, recipient: LetterRecipient, *, actor: Actor, why: str) -> LetterReply:
    """Send an answer back that does not suffice; another is due.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: there is no answer to send back.
        TextMissing: no reason is given.
    """
    reason = read_text(why, _now("退回意见"), most=500, required=True)
    with transaction.atomic():
        found = _lock(letter, "return_reply", actor)
        reply = (
            LetterReply.objects.select_for_update()
            .filter(recipient=recipient, recipient__letter=found, returned_at__isnull=True)
            .first()
        )
        if reply is None:
            raise NotFound
        reply.returned_at, reply.returned_why = timezone.now(), reason
        reply.returned_by = actor if isinstance(actor, User) else None
        reply.save(update_fields=["returned_at", "returned_why", "returned_by"])
        tell(actor, codes.REPLY_RETURNED, found, recipient=str(recipient), why=reason)
        title = _now("回复被退回：%(title)s") % {"title": found.title}
        _notify([reply.by], actor, found, title, body=reason)
    return reply


def close_letter(letter: Letter, *, actor: Actor, note: str = "") -> Letter:
    """Close a letter that was answered; what nobody answered needs a note that says why it is closed.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be closed.
        ReplyMissing: answers are missing, and no note says why.
    """
    words = read_text(note, _now("办结说明"), most=500)
    with transaction.atomic():
        found = _lock(letter, "close", actor)
        answered = found.recipients.filter(replies__returned_at__isnull=True, replies__isnull=False)
        missing = found.recipients.exclude(pk__in=answered.values("pk")).count()
        if missing and not words:
            raise ReplyMissing(title=found.title, count=missing)
        found.state, found.closing_note, found.closed_at = LetterState.CLOSED, words, timezone.now()
        found.closed_by = actor if isinstance(actor, User) else None
        save_letter(found, "state", "closing_note", "closed_at", "closed_by")
        tell(actor, codes.LETTER_CLOSED, found, note=words, unanswered=missing)
    return found


def withdraw_letter(letter: Letter, *, actor: Actor, why: str) -> Letter:
    """Withdraw a letter that is not out, with a reason; the ladder will not draft it again.

    Raises:
        NotFound, NotAllowed, LetterNotOpen: it may not be withdrawn.
        TextMissing: no reason is given.
    """
    reason = read_text(why, _now("撤回原因"), most=300, required=True)
    with transaction.atomic():
        found = _lock(letter, "withdraw", actor)
        found.state, found.withdrawn_why, found.withdrawn_at = LetterState.WITHDRAWN, reason, timezone.now()
        save_letter(found, "state", "withdrawn_why", "withdrawn_at")
        tell(actor, codes.LETTER_WITHDRAWN, found, why=reason)
    return found


def letter_path(letter: Letter) -> str:
    """Return the address of the page of *letter*."""
    return f"/letters/{letter.pk}/"


def _lock(letter: Letter, move: str, actor: Actor, version: int | None = None) -> Letter:
    shown = access_letter(actor, letter.pk)
    found = Letter.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=shown.pk)
    needed = permission_of(check_move(move, found), found)
    if needed != RECIPIENT:
        require(actor, needed, found.unit)
    if version is not None and found.version != version:
        raise ChangedMeanwhile(title=found.title)
    return found


def _lock_recipient(
    letter: Letter, recipient: LetterRecipient, move: str, actor: User
) -> tuple[Letter, LetterRecipient]:
    found = _lock(letter, move, actor)
    mine = found.recipients.select_for_update(of=("self",)).select_related("unit", "person").filter(pk=recipient.pk)
    one = mine.first()
    if one is None:
        raise NotFound
    if not is_mine(actor, one):
        label = _now("签收") if move == "receive" else _now("回复")
        raise NotRecipient(title=found.title, move=label, reason=_now("不是主送给您或您的部门"))
    return found, one


def _receive(recipient: LetterRecipient, actor: User) -> None:
    recipient.received_by, recipient.received_at = actor, timezone.now()
    recipient.save(update_fields=["received_by", "received_at"])


def _check_findings(actor: Actor, body: Unit, chosen: list[Finding]) -> None:
    keys = [finding.pk for finding in chosen]
    if not keys:
        raise BadValue(label=_now("所列问题"), value="", reason=_now("至少选择一项"))
    if visible_findings(actor).filter(pk__in=keys, round__unit=body).count() != len(keys):
        raise NotFound


def _check_fresh(letter: Letter) -> None:
    settled = [item.finding.title for item in standing_items(letter) if is_settled(item)]
    if settled:
        raise LetterStale(title=letter.title, changed="；".join(settled[:3]))


def _check_days(letter: Letter) -> None:
    today = timezone.localdate()
    if letter.reply_due_on is not None and letter.reply_due_on <= today:
        reason = _now("应晚于今天")
        raise BadValue(label=LABELS["reply_due_on"], value=letter.reply_due_on.isoformat(), reason=reason)


def _kind(value: object) -> str:
    if value not in LADDER_LETTERS:
        raise BadValue(label=LABELS["kind"], value=str(value)[:20], reason=_now("没有这一种"))
    return str(value)


def _change_kind(letter: Letter, value: object) -> bool:
    """Give a draft another kind; return whether its words were written anew for it."""
    if value is None or value == letter.kind:
        return False
    if letter.kind == LetterKind.DECLARED:
        raise BadValue(label=LABELS["kind"], value=str(value)[:20], reason=_now("这件函件的种类由台账声明"))
    letter.kind = _kind(value)
    if letter.is_edited:
        return False
    write_words(letter, timezone.localdate())
    return True


def _own(letter: Letter, actor: Actor) -> None:
    """Name the first person who took a hand in a letter that the ladder drafted."""
    if letter.drafted_by_id is None and isinstance(actor, User):
        letter.drafted_by = actor


def _set_recipients(letter: Letter, units: Iterable[Unit], people: Iterable[User]) -> None:
    wanted_units = {unit.pk: unit for unit in units}
    wanted_people = {person.pk: person for person in people}
    if not wanted_units and not wanted_people:
        raise NoRecipient(title=letter.title)
    if any(not unit.path.startswith(letter.unit.path) for unit in wanted_units.values()):
        raise NotFound
    inside = User.objects.filter(pk__in=wanted_people, posts__unit__path__startswith=letter.unit.path).distinct()
    if inside.count() != len(wanted_people):
        raise NotFound
    kept = Q(unit__in=wanted_units) | Q(person__in=wanted_people)
    letter.recipients.exclude(kept).delete()
    have_units = set(letter.recipients.values_list("unit_id", flat=True))
    have_people = set(letter.recipients.values_list("person_id", flat=True))
    new = [LetterRecipient(letter=letter, unit=unit) for key, unit in wanted_units.items() if key not in have_units]
    new += [LetterRecipient(letter=letter, person=one) for key, one in wanted_people.items() if key not in have_people]
    LetterRecipient.objects.bulk_create(new)


def _notify(people: Iterable[User], actor: Actor, letter: Letter, title: str, *, body: str = "") -> None:
    key = f"letter:{letter.pk}:{letter.state}:{letter.version}"
    notify(people, actor=actor, kind=Kind.LETTER, title=title, path=letter_path(letter), body=body, key=key)
