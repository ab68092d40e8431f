"""What a rule says at one run, before it becomes an alert: plain values, no database.

Judging (:mod:`zhenggai.watch.judging`) makes facts, reconciling (:mod:`zhenggai.watch.reconciling`) turns them into alerts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MOST_ROWS = 200
"""How many rows of one fact are kept by their ids; the count tells how many there are."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a fact concerns."""

    body_id: int | None = None
    """The body that keeps the rows; None for the one that was judged."""
    unit_id: int | None = None
    """The unit or department it is about; None for the body."""
    person_id: int | None = None
    """Whom it is for."""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a rule says of one subject."""

    subject: str
    """What it is about, the same at every run: ``row:17``, ``group:…``."""
    severity: str
    """How urgent."""
    title: str
    """What it is about, in a few words."""
    message: str
    """What the rule says, in a sentence."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Values on which it rests, personal data masked."""
    rows: tuple[str, ...] = ()
    """Ids of the rows on which it rests, no more than :data:`MOST_ROWS`."""
    row_count: int = 1
    """How many rows there are."""
    place: Place = NOWHERE
    """Whom it concerns."""
    due_on: date | None = None
    """The last day, where there is one."""

    @property
    def digest(self) -> str:
        """A short text that is the same while nothing changed that people would see."""
        told = (
            self.severity, self.title, self.message, self.values, self.rows, self.row_count, self.place.body_id,
            self.place.unit_id, self.place.person_id, self.due_on,
        )  # fmt: skip
        text = json.dumps(told, ensure_ascii=False, default=str, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said at one run."""

    rule: str
    """Code of the rule."""
    facts: tuple[Fact, ...] = ()
    """What it says; nothing when it failed."""
    unknown: int = 0
    """Rows of which it could not tell, for want of a value."""
    milliseconds: float = 0.0
    """How long it took; rules that ran together share their time."""
    error: str = ""
    """Why it did not run, in words; what it said before stays as it was."""
    subjects: frozenset[str] | None = None
    """Of which subjects alone it speaks, where only some rows were looked at; what stands of others stays. None: of all."""
    stood: int = 0
    """How many facts of all subjects stood before, where it speaks of some alone."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules of a ledger said at one run."""

    as_of: datetime
    """Of which moment."""
    rows: int
    """How many rows were looked at."""
    verdicts: Sequence[Verdict]
    """Each rule that is switched on."""
    mark: str = ""
    """How far the rows had come, and what else everything said rests on; see :mod:`zhenggai.watch.basis`."""
    since: str = ""
    """The mark that it goes on from, where only what changed since was looked at; empty when everything was."""
