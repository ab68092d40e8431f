"""Letters: who sees which, the register, and one letter with all that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.findings.queries import visible_findings
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight.models import (
    OPEN_LETTERS,
    SENT_LETTERS,
    Letter,
    LetterItem,
    LetterKind,
    LetterRecipient,
    LetterReply,
    LetterState,
)
from zhenggai.oversight.posts import acted_for, received_units
from zhenggai.oversight.transitions import HANDLE, MANAGE, MOVES, RECIPIENT, SIGN, Move, permission_of
from zhenggai.people.access import Actor, Operator, Reach, may, reach
from zhenggai.people.models import Unit, User

VIEW = "oversight.view"
PAGE_SIZE = 50


def visible_letters(actor: Actor) -> QuerySet[Letter]:
    """Return the letters the actor may see: those of bodies they oversee, and those sent to them.

    What is not out yet is seen only by those who write or sign.
    """
    writers = bodies_of(reach(actor, MANAGE)) | bodies_of(reach(actor, SIGN))
    writers |= bodies_of(reach(actor, HANDLE)) & Q(kind=LetterKind.DECLARED)
    condition = bodies_of(reach(actor, VIEW)) & Q(state__in=SENT_LETTERS) | writers
    units, people = received_units(actor), acted_for(actor)
    if units or people:
        mine = LetterRecipient.objects.filter(
            Q(unit__in=sorted(units)) | Q(person__in=sorted(people)), letter=OuterRef("pk")
        )
        condition |= Q(Exists(mine), state__in=SENT_LETTERS)
    return Letter.objects.filter(condition)


def bodies_of(reached: Reach, field: str = "unit") -> Q:
    """Return the condition that a body, found at *field*, lies within *reached*."""
    if reached.everything:
        return Q(**{f"{field}__isnull": False})
    if not reached.unit_paths:
        return Q(pk__in=())
    return Q(**{f"{field}__in": Unit.objects.filter(reached.units()).order_by().values("pk")})


def access_letter(actor: Actor, key: int, permission: str = VIEW) -> Letter:
    """Return one letter with body and people at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    related = ("unit", "round", "drafted_by", "submitted_by", "signed_by", "closed_by")
    found = visible_letters(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission == MANAGE and found.kind == LetterKind.DECLARED:
        permission = HANDLE
    if permission not in (VIEW, RECIPIENT) and not may(actor, permission, found.unit):
        raise NotAllowed(permission=permission)
    return found


def access_recipient(actor: Actor, letter: Letter, key: int) -> LetterRecipient:
    """Return one recipient of a letter the actor may see.

    Raises:
        NotFound: the letter has no such recipient.
    """
    found = letter.recipients.select_related("unit", "person").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def is_mine(actor: Actor, recipient: LetterRecipient) -> bool:
    """Tell whether *actor* receives and answers for *recipient*."""
    if recipient.unit_id is not None:
        return recipient.unit_id in received_units(actor)
    return recipient.person_id in acted_for(actor)


@dataclass(frozen=True, slots=True)
class Received:
    """A recipient, with what it answered."""

    recipient: LetterRecipient
    """The unit or person."""
    replies: tuple[LetterReply, ...]
    """Its answers, the standing one last."""
    is_mine: bool
    """Whether the reader answers for it."""

    @property
    def reply(self) -> LetterReply | None:
        """The answer that stands."""
        return next((reply for reply in self.replies if reply.returned_at is None), None)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """All that the page of a letter shows."""

    letter: Letter
    """The letter."""
    items: tuple[LetterItem, ...]
    """Its findings; those taken out again are left away."""
    recipients: tuple[Received, ...]
    """To whom it goes."""
    moves: frozenset[str]
    """Codes of the moves the reader may make."""
    settled: tuple[str, ...]
    """Titles of findings that were settled since it was drafted, while it is not out."""
    reachable: frozenset[int]
    """Ids of the findings the reader may open."""

    @property
    def missing_replies(self) -> int:
        """How many recipients have not answered."""
        return sum(received.reply is None for received in self.recipients)


def letter_page(actor: Actor, letter: Letter) -> LetterPage:
    """Return all that the page of a letter shows; a fixed number of queries."""
    items = tuple(
        letter.items.filter(withdrawn_at__isnull=True)
        .select_related("finding", "finding__department", "finding__leader", "finding__owner")
        .order_by("finding__round_id", "finding__order")
    )
    recipients = letter.recipients.select_related("unit", "person", "received_by").prefetch_related("replies__by")
    received = tuple(
        Received(one, tuple(one.replies.all()), letter.state in SENT_LETTERS and is_mine(actor, one))
        for one in recipients
    )
    keys = [item.finding_id for item in items]
    return LetterPage(
        letter,
        items,
        received,
        frozenset(move.code for move in _open_moves(actor, letter, received)),
        tuple(item.finding.title for item in items if is_settled(item)) if letter.state in OPEN_LETTERS else (),
        frozenset(visible_findings(actor).filter(pk__in=keys).values_list("pk", flat=True)),
    )


def _open_moves(actor: Actor, letter: Letter, received: Sequence[Received]) -> Iterable[Move]:
    for move in MOVES.values():
        if LetterState(letter.state) not in move.sources:
            continue
        if move.permission == RECIPIENT:
            mine = [one for one in received if one.is_mine and one.reply is None]
            if any(one.recipient.received_at is None for one in mine) or (mine and move.code == "reply"):
                yield move
        elif may(actor, permission_of(move, letter), letter.unit) and (move.code != "sign" or _may_sign(actor, letter)):
            yield move


def _may_sign(actor: Actor, letter: Letter) -> bool:
    return isinstance(actor, Operator) or actor.pk not in (letter.drafted_by_id, letter.submitted_by_id)


def is_settled(item: LetterItem) -> bool:
    """Tell whether the lateness a ladder's item speaks of is over: closed, withdrawn, extended, or kept for good."""
    if not item.step:
        return False
    finding = item.finding
    over = finding.stage in (Stage.CLOSED, Stage.LONG_TERM) or finding.withdrawn_at is not None
    return over or finding.due_on != item.due_on


@dataclass(frozen=True, slots=True)
class LetterQuery:
    """Filters of the register."""

    kind: str = ""
    """Kind of letter."""
    state: str = ""
    """State; ``unanswered`` for those out without all answers, ``reply_late`` for those past their day."""
    unit: int | None = None
    """Recipient unit."""
    year: int | None = None
    """Year in which it was issued."""
    round: int | None = None
    """Round."""
    text: str = ""
    """Words in title, number or body."""
    page: int = 1
    """Page, from 1."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One letter in the register."""

    letter: Letter
    """The letter."""
    recipients: tuple[str, ...]
    """Names of those it goes to."""
    items: int
    """How many findings it presses for."""
    received: int
    """How many recipients received it."""
    replied: int
    """How many answered."""
    reply_late: bool
    """Whether the day of the answer is past and not all answered."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One page of the register 收发登记."""

    rows: tuple[RegisterRow, ...]
    """Letters, newest first."""
    total: int
    """How many match."""
    pages: int
    """How many pages there are."""
    counts: dict[str, int]
    """State → letters, of everything the reader sees."""


def find_letters(actor: Actor, query: LetterQuery, *, everything: bool = False) -> RegisterEntry:
    """Return the letters that match; a fixed number of queries, and one page of rows unless *everything* is wanted."""
    today = timezone.localdate()
    seen = visible_letters(actor)
    counts: dict[str, int] = dict.fromkeys(LetterState.values, 0)
    for state in seen.order_by().values_list("state", flat=True):
        counts[state] += 1
    found = _matching(seen, query, today)
    counts["unanswered"] = _matching(seen, LetterQuery(state="unanswered"), today).count()
    total = found.count()
    shown = found.select_related("unit", "drafted_by", "signed_by").defer("body").order_by("-id")
    if not everything:
        start = (max(1, query.page) - 1) * PAGE_SIZE
        shown = shown[start : start + PAGE_SIZE]
    rows = tuple(_rows(list(shown), today))
    return RegisterEntry(rows, total, max(1, -(-total // PAGE_SIZE)), counts)


def _matching(seen: QuerySet[Letter], query: LetterQuery, today: date) -> QuerySet[Letter]:
    found = seen
    if query.kind in LetterKind.values:
        found = found.filter(kind=query.kind)
    if query.state in LetterState.values:
        found = found.filter(state=query.state)
    elif query.state in ("unanswered", "reply_late"):
        answered = LetterReply.objects.filter(recipient=OuterRef("pk"), returned_at__isnull=True)
        waiting = LetterRecipient.objects.filter(~Exists(answered), letter=OuterRef("pk"))
        found = found.filter(Exists(waiting), state=LetterState.ISSUED)
        if query.state == "reply_late":
            found = found.filter(reply_due_on__lt=today)
    if query.unit is not None:
        found = found.filter(Exists(LetterRecipient.objects.filter(letter=OuterRef("pk"), unit=query.unit)))
    if query.year is not None:
        found = found.filter(issued_on__year=query.year)
    if query.round is not None:
        found = found.filter(round=query.round)
    if query.text:
        words = query.text
        found = found.filter(Q(title__icontains=words) | Q(number__icontains=words) | Q(body__icontains=words))
    return found


def _rows(letters: Sequence[Letter], today: date) -> Iterable[RegisterRow]:
    keys = [letter.pk for letter in letters]
    items: dict[int, int] = {}
    for key in LetterItem.objects.filter(letter__in=keys, withdrawn_at__isnull=True).values_list(
        "letter_id", flat=True
    ):
        items[key] = items.get(key, 0) + 1
    answered = LetterReply.objects.filter(recipient=OuterRef("pk"), returned_at__isnull=True)
    recipients: dict[int, list[LetterRecipient]] = {}
    replied: dict[int, int] = {}
    rows = LetterRecipient.objects.filter(letter__in=keys).select_related("unit", "person")
    for one in rows.annotate(has_reply=Exists(answered)):
        recipients.setdefault(one.letter_id, []).append(one)
        replied[one.letter_id] = replied.get(one.letter_id, 0) + bool(one.has_reply)
    for letter in letters:
        mine = recipients.get(letter.pk, [])
        done = replied.get(letter.pk, 0)
        late = letter.reply_due_on is not None and letter.reply_due_on < today
        yield RegisterRow(
            letter,
            tuple(str(one) for one in mine),
            items.get(letter.pk, 0),
            sum(one.received_at is not None for one in mine),
            done,
            letter.state == LetterState.ISSUED and late and done < len(mine),
        )


def recipient_choices(unit: Unit) -> tuple[list[Unit], list[User]]:
    """Return the departments and units below *unit*'s body, and the people with a post there, for choosing."""
    units = Unit.objects.filter(path__startswith=unit.path, closed_on__isnull=True).exclude(pk=unit.pk)
    people = User.objects.filter(is_active=True, posts__unit__path__startswith=unit.path, posts__ended_on__isnull=True)
    return list(units.order_by("order", "id")), list(people.distinct().order_by("name", "pk"))


def pressable_findings(actor: Actor, unit: Unit, round_: InspectionRound | None = None) -> QuerySet[Finding]:
    """Return the findings of a body that a letter may press for: those not closed, in the order of the ledger."""
    found = visible_findings(actor).filter(round__unit=unit).exclude(stage=Stage.CLOSED)
    if round_ is not None:
        found = found.filter(round=round_)
    return found.select_related("department", "unit", "leader", "owner").order_by("round_id", "order")
