"""The matrix: departments (or leaders, aspects, rounds) by standing, each number the same as the filtered ledger's.

A ledger query comes in, rows and sums go out; the sums of rows, of columns and the total are one count, so they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.lateness import line_on
from zhenggai.findings.ledger import matching_findings
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Aspect, InspectionRound
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

SIDES: dict[str, str | Promise] = {
    "department": _("责任部门"),
    "leader": _("责任领导"),
    "aspect": _("方面"),
    "unit": _("单位"),
}
"""What the rows can be: names of the ledger's filters."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row."""

    key: int
    """Value for the ledger's filter; 0 for what has none."""
    label: str
    """What people read."""
    counts: dict[Standing, int]
    """By standing, only those that occur."""

    @property
    def total(self) -> int:
        """The sum of the row."""
        return sum(self.counts.values())

    @property
    def completed_percent(self) -> int:
        """Share of completed ones in whole percent, rounded down so that 100 means all."""
        return self.counts.get(Standing.COMPLETED, 0) * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole of it."""

    side: str
    """One of :data:`SIDES`."""
    standings: tuple[Standing, ...]
    """Columns: the standings that occur, in their order."""
    rows: tuple[MatrixRow, ...]
    """Rows in the order people list them; what has none last."""
    totals: dict[Standing, int]
    """The sums of the columns."""

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.totals.values())


def matrix_of(actor: Actor, query: LedgerQuery, side: str = "department") -> Matrix:
    """Return the findings that match *query*, counted by *side* and standing; two queries."""
    if side not in SIDES:
        side = "department"
    now = standing_case(line_on())
    rows = matching_findings(actor, query).annotate(now=now).values_list(f"{side}_id", "now").annotate(Count("pk"))
    counts: dict[int, dict[Standing, int]] = {}
    totals: dict[Standing, int] = {}
    for key, code, count in rows:
        standing = Standing(code)
        mine = counts.setdefault(key or 0, {})
        mine[standing] = mine.get(standing, 0) + count
        totals[standing] = totals.get(standing, 0) + count
    ordered = tuple(standing for standing in Standing if standing in totals)
    found = tuple(MatrixRow(key, label, counts[key]) for key, label in _labels(side, counts))
    return Matrix(side, ordered, found, totals)


def _labels(side: str, keys: Iterable[int]) -> Iterable[tuple[int, str]]:
    known = [key for key in keys if key]
    if side == "leader":
        yield from User.objects.filter(pk__in=known).order_by("name", "pk").values_list("pk", "name")
    elif side == "aspect":
        aspects = Aspect.objects.filter(pk__in=known).order_by("-round_id", "order")
        several = InspectionRound.objects.filter(aspects__in=known).distinct().count() > 1
        for key, no, title, name in aspects.values_list("pk", "no", "title", "round__name"):
            label = f"{no}、{title}" if no else title
            yield key, f"{label}（{name}）" if several else label
    else:
        units = Unit.objects.filter(pk__in=known).order_by("order", "pk")
        for key, short, name in units.values_list("pk", "short_name", "name"):
            yield key, short or name
    if 0 in keys:
        yield 0, _now("未指定")
