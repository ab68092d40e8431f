"""Which earlier findings one looks like: closed ones of other rounds, or of other units, that the actor sees.

The texts of all findings lie in an index in memory, one per process and database, brought up to date before each
question by asking only for what changed since.  It only proposes: what is shown was read from the database under the
actor's own rights and compared anew.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.db.models import Count, Max, Q

from zhenggai.findings.access import visible_findings
from zhenggai.findings.models import Finding, Stage, Status
from zhenggai.likeness import Index, Span, compare, measure
from zhenggai.people.access import Actor
from zhenggai.referrals.models import NotTheSame

THRESHOLD = 0.5
"""Least score at which a finding is proposed."""
_PROPOSED = 60
_OVERLAP = timedelta(minutes=10)
"""A transaction may commit this long after it stamped its rows."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text."""

    text: str
    """The words."""
    differs: bool
    """True where the other text does not have them."""


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier finding that looks like the one asked about."""

    finding: Finding
    """The earlier one, with round and unit at hand."""
    score: float
    """From 0 to 1."""
    other_round: bool
    """True when it is of another round; else it is of another unit."""
    pieces: tuple[Piece, ...]
    """Its text, with what differs marked."""

    @property
    def percent(self) -> int:
        """Return the score in whole per cent."""
        return round(self.score * 100)


@dataclass(slots=True)
class _Held:
    """The index of one database, and up to where it knows."""

    index: Index[int] = field(default_factory=Index)
    count: int = 0
    newest: datetime | None = None


_held: dict[str, _Held] = {}
_lock = threading.Lock()


def text_of(finding: Finding) -> str:
    """Return the words of a finding that are compared."""
    return f"{finding.title}\n{finding.description}" if finding.description else finding.title


def similar_earlier(finding: Finding, actor: Actor) -> list[Similar]:
    """Return the closed findings of other rounds or units that *finding* looks like, the most alike first.

    Args:
        finding: one that the actor sees.
        actor: who asks; only findings they see are told.
    """
    text = text_of(finding)
    keys = proposed(text, skip={finding.pk})
    if not keys:
        return []
    elsewhere = ~Q(round=finding.round_id) | ~Q(unit=finding.unit_id)
    done = Q(stage=Stage.CLOSED) | Q(stage=Stage.REGISTERED, status=Status.COMPLETED)
    seen = visible_findings(actor).filter(elsewhere, done, pk__in=keys)
    refused = NotTheSame.objects.filter(finding=finding).values("earlier_id")
    scored = [
        (measure(text, text_of(other)).score, other)
        for other in seen.exclude(pk__in=refused).select_related("round", "unit")
    ]
    best = sorted((each for each in scored if each[0] >= THRESHOLD), key=lambda each: (-each[0], each[1].pk))
    return [
        Similar(
            other,
            score,
            other.round_id != finding.round_id,
            _pieces(text_of(other), compare(text, text_of(other)).right),
        )
        for score, other in best[:_SHOWN]
    ]


def proposed(text: str, *, skip: set[int]) -> list[int]:
    """Return the keys of findings, of whomever, that may be like *text*."""
    with _lock:
        held = _held.setdefault(str(connection.settings_dict["NAME"]), _Held())
        _refresh(held)
        return [match.key for match in held.index.find(text, threshold=THRESHOLD * 0.9, limit=_PROPOSED, skip=skip)]


def _refresh(held: _Held) -> None:
    now = Finding.objects.aggregate(count=Count("pk"), newest=Max("changed_at"))
    if held.count == now["count"] and held.newest == now["newest"]:
        return
    changed = Finding.objects.order_by().only("pk", "title", "description")
    if held.newest is not None:
        changed = changed.filter(changed_at__gte=held.newest - _OVERLAP)
    for finding in changed.iterator(chunk_size=2000):
        held.index.add(finding.pk, text_of(finding))
    held.count, held.newest = now["count"], now["newest"]


def _pieces(text: str, spans: tuple[Span, ...]) -> tuple[Piece, ...]:
    cuts = sorted({0, len(text), *(edge for span in spans for edge in (span.start, span.end))})
    marked = {span.start for span in spans}
    return tuple(Piece(text[start:end], start in marked) for start, end in pairwise(cuts))
