"""The trail as the auditor's page lists it: what was asked for, and one page of entries, newest first.

Pages are cut by sequence number, so that entries appended meanwhile move nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from zhenggai.audit.models import Entry
from zhenggai.audit.queries import audit_codes, label_of

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """What to list of the trail."""

    text: str = ""
    """Part of the actor's name or of the object's label."""
    code: str = ""
    """Audit code, or the name of a room followed by a stop for all of its codes."""
    day_from: date | None = None
    """First day."""
    day_to: date | None = None
    """Last day."""
    before: int = 0
    """Sequence number that everything listed stands before; 0 from the newest."""

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> TrailQuery:
        """Return the query of a list page; what cannot be understood is left out."""
        before = values.get("before", "")
        code = values.get("code", "")
        return cls(
            text=values.get("q", "").strip()[:60],
            code=code if code in audit_codes() else "",
            day_from=_day(values.get("from", "")),
            day_to=_day(values.get("to", "")),
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else 0,
        )

    def to_string(self, before: int = 0) -> str:
        """Return the query string, continued before a sequence number."""
        pairs = {"q": self.text, "code": self.code, "from": self.day_from, "to": self.day_to, "before": before or ""}
        return urlencode({key: str(value) for key, value in pairs.items() if value})

    @property
    def is_filtered(self) -> bool:
        """True when anything narrows the list."""
        return bool(self.text or self.code or self.day_from or self.day_to)


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry with its words."""

    entry: Entry
    """The entry."""
    words: str
    """What was done, in words."""
    details: tuple[tuple[str, str], ...]
    """The entry's data as pairs of name and text."""


@dataclass(frozen=True, slots=True)
class TrailPage:
    """One page of the trail."""

    lines: tuple[TrailLine, ...]
    """Entries, newest first."""
    next_before: int
    """Where the next page begins; 0 on the last."""


def find_entries(query: TrailQuery) -> TrailPage:
    """Return one page of what *query* asks for."""
    entries = Entry.objects.order_by("-sequence")
    if query.text:
        entries = entries.filter(Q(actor_name__icontains=query.text) | Q(object_label__icontains=query.text))
    if query.code:
        entries = entries.filter(code=query.code)
    if query.day_from:
        entries = entries.filter(at__gte=_midnight(query.day_from))
    if query.day_to:
        entries = entries.filter(at__lt=_midnight(query.day_to + timedelta(days=1)))
    if query.before:
        entries = entries.filter(sequence__lt=query.before)
    found = list(entries[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    lines = tuple(TrailLine(entry, label_of(entry.code), tuple(_details(entry))) for entry in shown)
    return TrailPage(lines, shown[-1].sequence if len(found) > PAGE_SIZE else 0)


def _details(entry: Entry) -> list[tuple[str, str]]:
    return [(str(name), _text(value)) for name, value in entry.data.items() if value not in (None, "", [], {})]


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    if isinstance(value, dict):
        return ";".join(f"{key}: {_text(item)}" for key, item in value.items())
    return str(value)


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None  # midnight of the very first and last days is no moment in UTC


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
