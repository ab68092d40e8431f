"""What a figure may be bound to, as stored, and what each gives now: counts over the record, ledger indicators, statements.

A source is plain values (``Binding.source``); asking it gives a :class:`Given`.  Counts are of the present record;
an indicator is read as of its moment, and gives the same for ever unless its declaration changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.models import Aspect
from zhenggai.notices.counts import COUNTS, Counted, RecordCounts, RowRef
from zhenggai.notices.errors import NoSuchSource
from zhenggai.notices.models import Binding


@dataclass(frozen=True, slots=True)
class Given:
    """What a source gives."""

    value: Decimal | None
    """The value; None when it gives none."""
    unit: str
    """Its measure word."""
    rows: tuple[RowRef, ...] = ()
    """What it was counted from, for counts."""
    why: str = ""
    """Why it gives none, in words."""
    at: datetime | None = None
    """When it was asked."""


@dataclass(frozen=True, slots=True)
class CountSource:
    """A count over the record."""

    code: str
    """Which: see :data:`zhenggai.notices.counts.COUNTS`."""
    aspect: int | None = None
    """Of one aspect alone."""

    def stored(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {"count": self.code} | ({"aspect": self.aspect} if self.aspect else {})

    def limits(self) -> dict[str, object]:
        """Return what the count is limited to."""
        return {"aspect": self.aspect} if self.aspect else {}

    def ask(self, record: RecordCounts) -> Counted:
        """Return what it gives.

        Raises:
            NoSuchSource: there is no such count.
        """
        if self.code not in COUNTS:
            raise NoSuchSource(source=self.code)
        return record.count(self.code, self.limits())

    def label(self) -> str:
        """Return it in words."""
        words = str(COUNTS[self.code].label)
        if self.aspect is None:
            return words
        title = Aspect.objects.filter(pk=self.aspect).values_list("title", flat=True).first()
        return _("%(what)s（%(aspect)s）") % {"what": words, "aspect": title or self.aspect}


def count_source(stored: Mapping[str, object]) -> CountSource:
    """Return a stored count.

    Raises:
        NoSuchSource: it names none.
    """
    code, aspect = stored.get("count"), stored.get("aspect")
    if not isinstance(code, str) or code not in COUNTS:
        raise NoSuchSource(source=str(code)[:60])
    return CountSource(code, aspect if isinstance(aspect, int) else None)


def ask_count(binding: Binding, record: RecordCounts) -> Given:
    """Return what the count of a binding gives now."""
    counted = count_source(binding.source).ask(record)
    return Given(counted.value, counted.unit, counted.rows, at=timezone.now())
