"""What the public side reads: publications, and of them only what was published. No actor: everybody may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from zhenggai.kit.words import query_words
from zhenggai.notices.models import Publication
from zhenggai.people.models import Unit
from zhenggai.portal.errors import NoSuchPage
from zhenggai.portal.kept import Remembered
from zhenggai.portal.search import condition_of

PAGE_SIZE = 20
FEED_SIZE = 50
MOST_ADDRESSES = 50_000
"""What one sitemap may hold."""
_HEAVY = ("html", "text", "data")
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """Which publications there are, in so few words that a page can be told from an older one."""

    count: int
    """How many were ever published."""
    newest: datetime | None
    """When the last one was."""
    withdrawn: int
    """How many were withdrawn."""
    changed: datetime | None
    """When something was published or withdrawn last."""
    first_year: int
    """Year of the first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notice stands: the little that every reader of its page asks for."""

    slug: str
    """Its address."""
    pk: int
    """Its key."""
    digest: str
    """Of its text."""
    body: str
    """Name of the body that published it."""
    published_at: datetime
    """When."""
    withdrawn_at: datetime | None
    """When it was withdrawn."""
    answers_until: date | None
    """Until when answers are taken."""
    replaced: int | None
    """Key of one that took its place."""


_STANDING = ("pk", "digest", "unit__name", "published_at", "withdrawn_at", "answers_until", "replaced_by")


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader looks for in the archive."""

    text: str = ""
    """Words that all occur."""
    year: int = 0
    """Year of publication; 0 for all."""
    body: int = 0
    """Key of the body; 0 for all."""
    before: str = ""
    """Cursor: older than this one."""
    after: str = ""
    """Cursor: newer than this one."""

    @property
    def narrows(self) -> bool:
        """Tell whether it asks for less than everything."""
        return bool(self.text or self.year or self.body)

    @property
    def carried(self) -> dict[str, object]:
        """What an address says of it."""
        asked = {"q": self.text, "year": self.year or "", "body": self.body or ""}
        return {**asked, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the archive."""

    rows: tuple[Publication, ...]
    """Publications, newest first, without their texts."""
    total: int
    """How many the query finds."""
    older: str
    """Cursor of the next page; empty on the last one."""
    newer: str
    """Cursor of the page before; empty on the first one."""


def published() -> QuerySet[Publication]:
    """Return everything that was ever published, newest first, without the texts."""
    return Publication.objects.select_related("unit").defer(*_HEAVY).order_by("-published_at", "-id")


def _state() -> State:
    # Two questions: the index answers the first alone, whatever the length of the texts beside it.
    all_ = Publication.objects.order_by().aggregate(
        count=Count("pk"), newest=Max("published_at"), first=Min("published_at")
    )
    gone = Publication.objects.filter(withdrawn_at__isnull=False).order_by()
    told = gone.aggregate(count=Count("pk"), last=Max("withdrawn_at"))
    moments = [moment for moment in (all_["newest"], told["last"]) if moment is not None]
    first = timezone.localtime(all_["first"]).year if all_["first"] else timezone.localdate().year
    return State(all_["count"], all_["newest"], told["count"], max(moments, default=None), first)


state: Final = Remembered(_state)
"""Which publications there are, as of a moment ago."""


def find_publications(query: Query) -> Found:
    """Return a page of what stands, newest first; what is published meanwhile moves no page."""
    standing = published().filter(withdrawn_at=None)
    words = condition_of(query.text)
    if words is not None:
        standing = standing.filter(words)
    elif query.text.strip():
        standing = standing.none()  # signs alone are no words
    if query.year:
        begin = timezone.make_aware(datetime(query.year, 1, 1))
        standing = standing.filter(
            published_at__gte=begin, published_at__lt=timezone.make_aware(datetime(query.year + 1, 1, 1))
        )
    if query.body:
        standing = standing.filter(unit=query.body)
    total = standing.count()
    at = _read_cursor(query.before)
    since = _read_cursor(query.after)
    if since is not None:
        moment, key = since
        newer = standing.filter(Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=key))
        rows = list(newer.order_by("published_at", "pk")[: PAGE_SIZE + 1])
        more_newer, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
        more_older = True
    else:
        if at is not None:
            moment, key = at
            standing = standing.filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=key))
        rows = list(standing[: PAGE_SIZE + 1])
        more_older, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        more_newer = at is not None
    return Found(
        tuple(rows),
        total,
        _cursor(rows[-1]) if rows and more_older else "",
        _cursor(rows[0]) if rows and more_newer else "",
    )


def passages(rows: Iterable[Publication], text: str, width: int = 80) -> dict[int, str]:
    """Return where *rows* hold a word of *text*, with what stands around it: key → passage; one query."""
    words = query_words(text)
    found: dict[int, str] = {}
    for key, whole in Publication.objects.filter(pk__in=[row.pk for row in rows]).order_by().values_list("pk", "text"):
        at = min((place for word in words if (place := whole.find(word)) >= 0), default=-1)
        if at >= 0:
            start = max(0, at - width // 3)
            piece = whole[start : start + width].replace("\n", " ").strip()
            found[key] = f"{'…' if start else ''}{piece}{'…' if start + width < len(whole) else ''}"
    return found


def bodies() -> list[Unit]:
    """Return the bodies that published something."""
    return list(Unit.objects.filter(pk__in=Publication.objects.order_by().values("unit")).order_by("path"))


def find_standing(slug: str) -> Standing:
    """Return how the notice at *slug* stands; one small query.

    Raises:
        NoSuchPage: nothing has this address.
    """
    found = Publication.objects.filter(slug=slug).values_list(*_STANDING).order_by().first()
    if found is None:
        raise NoSuchPage
    return Standing(slug, *found)


def find_notice(slug: str) -> Publication:
    """Return a publication without its texts, withdrawn or not.

    Raises:
        NoSuchPage: nothing has this address.
    """
    found = published().select_related("replaces").filter(slug=slug).first()
    if found is None:
        raise NoSuchPage
    return found


def texts_of(publication: Publication | Standing) -> Publication:
    """Return *publication* with its texts."""
    return Publication.objects.select_related("unit", "replaces", "docx", "pdf").get(pk=publication.pk)


def successor_of(publication: Publication | Standing) -> Publication | None:
    """Return what took the place of *publication* last; None when nothing did, or that was withdrawn itself."""
    seen, found = {publication.pk}, None
    following = publication.pk
    while True:
        step = published().filter(replaces=following).exclude(pk__in=seen).first()
        if step is None:
            return found
        seen.add(step.pk)
        found = step if step.withdrawn_at is None else found
        following = step.pk


def takes_answers(publication: Publication | Standing, today: date | None = None) -> bool:
    """Tell whether answers to *publication* are taken today."""
    until = publication.answers_until
    return publication.withdrawn_at is None and (until is None or until >= (today or timezone.localdate()))


def _cursor(publication: Publication) -> str:
    return f"{(publication.published_at - _FIRST) // timedelta(microseconds=1):x}-{publication.pk:x}"


@lru_cache(maxsize=256)
def _read_cursor(text: str) -> tuple[datetime, int] | None:
    moment, _dash, key = text.partition("-")
    try:
        return _FIRST + timedelta(microseconds=int(moment, 16)), min(int(key, 16), 2**62)
    except (ValueError, OverflowError):
        return None
