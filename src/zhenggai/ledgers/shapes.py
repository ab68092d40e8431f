"""What the room hands out: lines and cells of a list, a row's page, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhenggai.ledgers.models import Row
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.packs.declarations import Ledger, LedgerField


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row, as its reader may see it."""

    code: str
    """Code of the field."""
    shown: str
    """As people read it; empty for nothing."""
    masked: bool = False
    """Whether it is personal data that the reader sees only in part."""
    value: Any = None
    """As kept; ``None`` when masked."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row in a list."""

    row_id: str
    """Of the row, as rules and alerts name it too; the primary key of :class:`~zhenggai.ledgers.models.Row` where kept by hand."""
    title: str
    """What stands for it in links; personal data masked."""
    body_id: int
    """The body that keeps it."""
    unit_id: int
    """The unit it is about."""
    body: str
    """Name of the body."""
    unit: str
    """Name of the unit."""
    revision: int
    """Of the version shown; 0 for a row of a snapshot that nobody corrected."""
    changed_at: datetime | None
    """From when on it says this."""
    withdrawn: bool
    """Whether it is off the ledger."""
    cells: tuple[Cell, ...]
    """One for each column asked for."""

    @property
    def pk(self) -> int | None:
        """Primary key of the row; ``None`` in a ledger imported whole."""
        return int(self.row_id) if self.row_id.isascii() and self.row_id.isdigit() else None


@dataclass(frozen=True, slots=True)
class Group:
    """One value of the field a list is grouped by."""

    value: str
    """As a filter takes it; ``-`` for empty."""
    shown: str
    """As people read it; empty for nothing."""
    count: int
    """How many rows of the question have it."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of a ledger."""

    ledger: Ledger
    """Which."""
    query: RowQuery
    """What was asked."""
    columns: tuple[LedgerField, ...]
    """Fields of the cells, in order."""
    lines: tuple[Line, ...]
    """The rows."""
    total: int
    """How many rows the whole question has."""
    groups: tuple[Group, ...]
    """Counts by the field asked for, the most frequent first."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.query.page_size))

    @property
    def first(self) -> int:
        """Place of the first line in the whole list, from 1; 0 when there is none."""
        return (self.query.page - 1) * self.query.page_size + 1 if self.lines else 0


@dataclass(frozen=True, slots=True)
class RowView:
    """One row with all its fields."""

    ledger: Ledger
    """Which ledger."""
    line: Line
    """Its cells, computed ones too."""
    row: Row | None
    """The record, where the ledger is kept by hand."""
    may_keep: bool
    """Whether the reader may change it."""
    may_unmask: bool
    """Whether the reader may see its personal data."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a version changed in one field."""

    code: str
    """Code of the field."""
    label: str
    """Its name; the code where it is no longer declared."""
    before: str
    """As people read it."""
    after: str
    """As people read it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a row, told by what it changed."""

    revision: int
    """Number, from 1."""
    at: datetime
    """From when on it held."""
    until: datetime | None
    """Until when; ``None`` for the one that holds."""
    who: str
    """Name of whoever wrote it; empty for the system."""
    origin: str
    """By what way, in words."""
    reason: str
    """Why, where given."""
    withdrawn: bool
    """Whether the row was off the ledger."""
    changes: tuple[FieldChange, ...]
    """What differs from the version before."""
    batch_id: int | None
    """What it was written with."""
    data: Mapping[str, Any]
    """All that it said, personal data too: for acts, never for pages."""
