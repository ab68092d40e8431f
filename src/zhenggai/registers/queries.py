"""Reading registers: single entries, lists with filters and counts, and what the trail tells about an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from zhenggai.audit.models import Entry
from zhenggai.audit.queries import label_of
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit
from zhenggai.registers.fields import in_words
from zhenggai.registers.kinds import Kind, R
from zhenggai.render.xlsx import Column as SheetColumn
from zhenggai.render.xlsx import Sheet, Value, render_workbook

PAGE_SIZE = 50
TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as a cell shows it: a word with a shape and a colour."""

    code: str
    """Name of the shape: ``completed overdue near ongoing phased unknown returned``."""
    words: str
    """The word."""

    def __str__(self) -> str:
        return self.words


Cell = str | int | date | datetime | Decimal | Mark | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a list, and when."""

    actor: Actor
    """The person."""
    today: date
    """The day that deadlines are told against."""

    @classmethod
    def of(cls, actor: Actor) -> Viewer:
        """Return the viewer for *actor* today."""
        return cls(actor, timezone.localdate())


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column of a register's list and of its workbook."""

    label: str | Promise
    """Header."""
    value: Callable[[R, Viewer], Cell]
    """What stands in the cell; money is in yuan and is shown in 万元."""
    width: float = 14.0
    """Width in the workbook."""
    link: bool = False
    """True for the one that opens the entry."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a register's list by one field."""

    name: str
    """Name in the address."""
    label: str | Promise
    """What people call it."""
    choices: tuple[tuple[str, str | Promise], ...]
    """Values and words."""
    condition: Callable[[str, date], Q]
    """Value, today → what the entries must fulfil."""


def by_field(name: str, label: str | Promise, choices: Any) -> Filter:
    """Return the filter by a field with choices."""
    return Filter(name, label, tuple(choices), lambda value, _today: Q(**{name: value}))


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """How a register is listed."""

    columns: tuple[Column[R], ...]
    """Columns in order."""
    search: tuple[str, ...]
    """Model fields in which words are looked for."""
    order: tuple[str, ...]
    """Model fields by which it is ordered."""
    day: str
    """Model field of the day by which a period is chosen."""
    filters: tuple[Filter, ...] = ()
    """Filters beside the words, the round and the period."""
    related: tuple[str, ...] = ()
    """Relations that the columns need."""
    many: tuple[str, ...] = ()
    """Relations to many that the columns need."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What of a list is wanted."""

    text: str = ""
    """Words."""
    round: int = 0
    """Key of the round; 0 for all."""
    since: date | None = None
    """First day."""
    until: date | None = None
    """Last day."""
    chosen: tuple[tuple[str, str], ...] = ()
    """Filter name → value."""
    page: int = 1
    """From 1."""

    @classmethod
    def parse(cls, given: Mapping[str, str], listing: Listing[Any]) -> ListQuery:
        """Return the query that an address states; what cannot be is left out."""
        chosen = []
        for each in listing.filters:
            value = given.get(each.name, "")
            if value in {code for code, _words in each.choices}:
                chosen.append((each.name, value))
        return cls(
            text=given.get("text", "").strip()[:100],
            round=_number(given.get("round", "")),
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            chosen=tuple(chosen),
            page=max(1, _number(given.get("page", ""))),
        )

    def to_pairs(self) -> list[tuple[str, str]]:
        """Return the query as an address states it, without the page."""
        pairs = [("text", self.text), ("round", str(self.round or ""))]
        pairs += [("since", str(self.since or "")), ("until", str(self.until or "")), *self.chosen]
        return [(name, value) for name, value in pairs if value]

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.to_pairs())


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter, with how many entries it would give."""

    value: str
    """Code."""
    words: str
    """Words."""
    count: int
    """Entries under the other filters."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[R]):
    """One page of a list."""

    entries: list[R]
    """The entries of this page."""
    rows: list[list[Cell]]
    """Their cells."""
    total: int
    """Entries on all pages."""
    pages: int
    """Number of pages."""
    query: ListQuery
    """What was asked; its page lies within the pages."""
    options: tuple[tuple[Filter, tuple[Option, ...]], ...]
    """Filters with the counts of their values."""


def access_entry(kind: Kind[R], actor: Actor, key: int, *, manage: bool = False) -> R:
    """Return one entry of a register that was not withdrawn.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but does not keep the register.
    """
    found = kind.visible(actor).select_related("unit", "round", "file", "created_by").filter(pk=key).first()
    if found is None:
        raise NotFound
    if manage and not may(actor, kind.manage, found.unit):
        raise NotAllowed(permission=kind.manage)
    return found


def in_bodies(actor: Actor, *permissions: str) -> Q:
    """Return the condition that an entry's body is wholly reached by one of *permissions*."""
    condition = Q(pk__in=())
    for permission in permissions:
        reached = reach(actor, permission)
        if reached.everything:
            return Q()
        if reached.unit_paths:
            condition |= Q(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk"))
    return condition


def find_entries(kind: Kind[R], listing: Listing[R], actor: Actor, query: ListQuery) -> ListPage[R]:
    """Return a page of the entries that the actor sees and the query wants."""
    viewer = Viewer.of(actor)
    wanted = _ordered(_matching(kind, listing, actor, query, viewer.today), listing)
    total = wanted.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(query.page, pages)
    entries = list(wanted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    rows = [[column.value(entry, viewer) for column in listing.columns] for entry in entries]
    options = tuple((each, _options(kind, listing, actor, query, viewer.today, each)) for each in listing.filters)
    asked = ListQuery(query.text, query.round, query.since, query.until, query.chosen, page)
    return ListPage(entries, rows, total, pages, asked, options)


def export_entries(kind: Kind[R], listing: Listing[R], actor: Actor, query: ListQuery, *, title: str) -> bytes:
    """Return all entries that the query wants as a workbook; money stands there in 万元."""
    viewer = Viewer.of(actor)
    wanted = _ordered(_matching(kind, listing, actor, query, viewer.today), listing)
    columns = [SheetColumn(str(column.label), column.width, wrap=True) for column in listing.columns]
    rows = [[plain(column.value(entry, viewer)) for column in listing.columns] for entry in wanted]
    numbered: list[list[Value]] = [[number, *row] for number, row in enumerate(rows, start=1)]
    sheet = Sheet(title, [SheetColumn("序号", 6.0), *columns], numbered, frozen_columns=2)
    return render_workbook([sheet], title=title, created=timezone.localtime())


def plain(cell: Cell) -> Value:
    """Return a cell as the workbook writer takes it; money in 万元."""
    if isinstance(cell, Decimal):
        return float(in_ten_thousands(cell))
    return cell.words if isinstance(cell, Mark) else cell


def in_ten_thousands(amount: Decimal) -> Decimal:
    """Return an amount in yuan as 万元 with two decimals."""
    return (amount / TEN_THOUSAND).quantize(Decimal("0.01"))


def _matching(
    kind: Kind[R], listing: Listing[R], actor: Actor, query: ListQuery, today: date, but: str = ""
) -> QuerySet[R]:
    condition = Q()
    if query.round:
        condition &= Q(round_id=query.round)
    if query.since:
        condition &= Q(**{f"{listing.day}__gte": query.since})
    if query.until:
        condition &= Q(**{f"{listing.day}__lte": query.until})
    for word in query.text.split()[:8]:
        found = Q()
        for name in listing.search:
            found |= Q(**{f"{name}__icontains": word})
        condition &= found
    chosen = dict(query.chosen)
    for each in listing.filters:
        if each.name in chosen and each.name != but:
            condition &= each.condition(chosen[each.name], today)
    return kind.visible(actor).filter(condition)


def _ordered(found: QuerySet[R], listing: Listing[R]) -> QuerySet[R]:
    return found.select_related(*listing.related).prefetch_related(*listing.many).order_by(*listing.order, "-pk")


def _options(
    kind: Kind[R], listing: Listing[R], actor: Actor, query: ListQuery, today: date, each: Filter
) -> tuple[Option, ...]:
    found = _matching(kind, listing, actor, query, today, but=each.name).order_by()
    counts = {
        f"option_{number}": Count("pk", filter=each.condition(value, today), distinct=True)
        for number, (value, _words) in enumerate(each.choices)
    }
    counted = found.aggregate(**counts)
    return tuple(
        Option(value, str(words), counted[f"option_{number}"]) for number, (value, words) in enumerate(each.choices)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the trail about an entry of a register, in words."""

    at: datetime
    """When."""
    who: str
    """Who acted."""
    what: str
    """What they did."""
    changes: tuple[tuple[str, str, str], ...]
    """Field, words before, words after."""
    reason: str
    """Why, where a reason was given."""


def entry_history(kind: Kind[R], entry: R) -> list[Told]:
    """Return what the trail tells about an entry, newest first; one query."""
    rows = Entry.objects.filter(object_type=kind.code, object_id=str(entry.pk)).order_by("-sequence")[:100]
    return [_told(kind, row) for row in rows]


def _told(kind: Kind[Any], row: Entry) -> Told:
    held = row.data.get("changes", {})
    changes = []
    for name, pair in held.items() if isinstance(held, dict) else ():
        slot = kind.table.get(name)
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        label = str(slot.label) if slot else name
        changes.append((label, in_words(slot, pair[0]), in_words(slot, pair[1])))
    reason = str(row.data.get("reason", ""))
    return Told(row.at, row.actor_name, str(label_of(row.code)), tuple(changes), reason)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
