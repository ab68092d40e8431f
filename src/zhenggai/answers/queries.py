"""What is read of answers: by the public under a receipt code, and by those who deal with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from zhenggai.answers.access import visible_answers
from zhenggai.answers.errors import NoSuchReceipt
from zhenggai.answers.forms import kept_code
from zhenggai.answers.models import Answer, Word
from zhenggai.people.access import Actor

PAGE_SIZE = 30
STATES = ("open", "untold", "late", "answered", "set_aside")
_BACK = (Word.Kind.TOLD, Word.Kind.PROGRESS, Word.Kind.ANSWER)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an answer, as its writer reads it."""

    kind: str
    """One of ``Word.Kind``; the name of who spoke is not told."""
    label: str
    """The kind in words."""
    text: str
    """What was said."""
    at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class Query:
    """What of the answers is listed."""

    state: str = "open"
    """One of :data:`STATES`; empty for all."""
    text: str = ""
    """Words in the answer, or the number of its petition."""
    page: int = 1
    """Which page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of answers."""

    rows: tuple[Answer, ...]
    """Answers, those that press most first."""
    counts: dict[str, int]
    """State → how many."""
    total: int
    """How many the query finds."""
    page: int
    """This page."""
    pages: int
    """How many pages there are."""


def find_by_receipt(code: str) -> Answer:
    """Return the answer of a receipt code.

    Raises:
        NoSuchReceipt: there is none.
    """
    kept = kept_code(code)
    rows = Answer.objects.select_related("publication", "unit", "same_as").prefetch_related("files__file")
    found = rows.filter(receipt=kept).first() if kept else None
    if found is None:
        raise NoSuchReceipt
    return found


def steps_of(answer: Answer) -> list[Step]:
    """Return what was said about an answer: one's own supplements, and what was said back to whoever said it first."""
    condition = Q(answer=answer)
    if answer.same_as_id is not None:
        condition |= Q(answer=answer.same_as_id, kind__in=_BACK)
    said = Word.objects.filter(condition).order_by("at", "id")
    return [Step(word.kind, word.get_kind_display(), word.text, word.at) for word in said]


def find_answers(actor: Actor, query: Query, today: date | None = None) -> Listed:
    """Return a page of the answers the actor deals with; what says the same is listed under the first."""
    today = today or timezone.localdate()
    seen = visible_answers(actor).filter(same_as=None)
    conditions = {
        "open": Q(ended_at=None),
        "untold": Q(ended_at=None, told_at=None),
        "late": _late(today),
        "answered": Q(state=Answer.State.ANSWERED),
        "set_aside": Q(state=Answer.State.SET_ASIDE),
    }
    counts = seen.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    wanted = matching(actor, query, today)
    total = wanted.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, query.page), pages)
    rows = wanted.annotate(copies_count=Count("copies", distinct=True))[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Listed(tuple(rows), counts, total, page, pages)


def matching(actor: Actor, query: Query, today: date) -> QuerySet[Answer]:
    """Return all answers that the actor sees and the query wants, those that press most first."""
    wanted = visible_answers(actor).filter(same_as=None)
    match query.state:
        case "open":
            wanted = wanted.filter(ended_at=None)
        case "untold":
            wanted = wanted.filter(ended_at=None, told_at=None)
        case "late":
            wanted = wanted.filter(_late(today))
        case "answered" | "set_aside":
            wanted = wanted.filter(state=query.state)
    for word in query.text.split()[:5]:
        wanted = wanted.filter(Q(body__icontains=word) | Q(about__icontains=word) | Q(petition__no__icontains=word))
    if query.state in ("open", "untold", "late"):
        return wanted.order_by("answer_by", "pk")
    return wanted.order_by("-received_at", "-pk")


def from_the_same_place(answer: Answer) -> int:
    """Return how many other answers to the same notice came from the same network address in that week."""
    if not answer.origin:
        return 0
    return Answer.objects.filter(publication=answer.publication_id, origin=answer.origin).exclude(pk=answer.pk).count()


def _late(today: date) -> Q:
    return Q(ended_at=None) & (Q(told_at=None, tell_by__lt=today) | Q(answer_by__lt=today))
