"""The board 看板: findings as cards in columns by standing, the most urgent of each first.

A ledger query comes in; columns with their sums and the first cards go out, in three queries however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.ledger import FAR, matching_findings
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Finding, Measure, Status
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.people.access import Actor, reach

CARDS = 8
"""Cards shown in each column."""
FLOW = (
    Standing.UNKNOWN,
    Standing.NOT_COMPLETED,
    Standing.OVERDUE,
    Standing.RETURNED,
    Standing.REOPENED,
    Standing.ONGOING,
    Standing.EXTENDED,
    Standing.IN_REVIEW,
    Standing.PHASED,
    Standing.LONG_TERM,
    Standing.COMPLETED,
)
"""Columns from not begun to done."""


@dataclass(frozen=True, slots=True)
class Card:
    """One finding."""

    finding_id: int
    """Its key."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    standing: Standing
    """How it counts."""
    due_on: date | None
    """Its deadline."""
    due_text: str
    """The deadline as written."""
    days_left: int | None
    """Days until its last day, negative when past."""
    department: str
    """Short name of the leading department, or what the document says."""
    owner: str
    """The owner's name, or what the document says."""
    measures: int
    """Its measures."""
    done: int
    """Those of them that are completed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    standing: Standing
    """Which one."""
    total: int
    """Findings in it."""
    cards: tuple[Card, ...]
    """The most urgent of them."""


@dataclass(frozen=True, slots=True)
class Board:
    """All columns."""

    columns: tuple[Column, ...]
    """Those with findings, from not begun to done."""
    total: int
    """Findings on the board."""
    may_work: bool
    """True for who does work."""


def board_of(actor: Actor, query: LedgerQuery, cards: int = CARDS) -> Board:
    """Return the findings that match *query* as a board."""
    line = line_on()
    found = matching_findings(actor, query).annotate(now=standing_case(line))
    totals = dict(found.values_list("now").annotate(Count("pk")))
    place = Window(
        RowNumber(), partition_by=[F("now")], order_by=[Coalesce("due_on", Value(FAR)).asc(), F("round_id").desc(), F("order").asc()]
    )  # fmt: skip
    first = [key for key, _n in found.annotate(n=place).filter(n__lte=cards).values_list("pk", "n")] if totals else []
    shown: dict[Standing, list[Card]] = {}
    for card in cards_of(first, line):
        shown.setdefault(card.standing, []).append(card)
    return Board(
        tuple(
            Column(standing, totals[standing.value], tuple(shown.get(standing, ())))
            for standing in FLOW
            if standing.value in totals
        ),
        sum(totals.values()),
        bool(reach(actor, "workflow.work")),
    )


def cards_of(keys: list[int], line: Line) -> list[Card]:
    """Return the cards of findings, by deadline; two queries."""
    from_measures = dict.fromkeys(keys, (0, 0))
    rows = Finding.objects.filter(pk__in=keys).annotate(now=standing_case(line)).order_by(
        Coalesce("due_on", Value(FAR)), "-round_id", "order"
    )  # fmt: skip
    from_measures |= _measures(keys)
    return [
        Card(
            key, no, title, Standing(code), due, due_text, line.days_left(due, round_) if due else None,
            short or name or text, owner or owner_text, *from_measures[key],
        )
        for key, no, title, code, due, due_text, short, name, text, owner, owner_text, round_ in rows.values_list(
            "pk", "no", "title", "now", "due_on", "due_text", "department__short_name", "department__name",
            "department_text", "owner__name", "owner_text", "round_id",
        )
    ]  # fmt: skip


def _measures(keys: list[int]) -> dict[int, tuple[int, int]]:
    rows = Measure.objects.filter(finding__in=keys, withdrawn_at=None).order_by().values_list("finding_id")
    done = Count("pk", filter=Q(status=Status.COMPLETED))
    return {key: (count, completed) for key, count, completed in rows.annotate(n=Count("pk"), done=done)}
