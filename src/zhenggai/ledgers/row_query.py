"""The question a person asks of a ledger: words, filters, order, grouping, columns and page, parsed from plain values.

    q=盗窃                     words that must all occur
    f.status=open&f.status=…   one of these values; ``-`` for an empty field
    f.title.has=贿赂           text contained
    f.accepted_on.from=…       from this value on; ``.to`` up to and with it
    f.closed_on.empty=1        empty; ``0`` not empty
    sort=-accepted_on,no       order; group=status, columns=a,b, page=2, size=50, as_of=2026-06-30, withdrawn=1, view=…

Every part that cannot be understood is left out, so that an old bookmark or a mistyped address still opens a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from zhenggai.packs.declarations import FieldType, Ledger, LedgerField

PAGE_SIZES = (20, 50, 100, 200)
EMPTY = "-"
"""Stands for an empty field among the values of a filter."""
MOST_FILTERS = 20
MOST_VALUES = 200
SYSTEM_COLUMNS = ("body", "unit", "changed")
"""Columns every ledger has beside its fields: the body that keeps the row, the unit it is about, when it last changed."""

Values = Mapping[str, Sequence[str]]


class Operator(StrEnum):
    """How a filter compares."""

    IN = "in"
    """Equal to one of the values."""
    HAS = "has"
    """Contains the text."""
    FROM = "from"
    """Equal or greater, later."""
    TO = "to"
    """Equal or smaller, earlier."""
    EMPTY = "empty"
    """Empty (1) or not (0)."""


_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE})
_ORDERED = frozenset(
    {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT, FieldType.DATE, FieldType.DATETIME}
)


def operators_of(field: LedgerField) -> tuple[Operator, ...]:
    """Return by what a field can be filtered, the most usual first."""
    if field.type in _TEXTS:
        return (Operator.HAS, Operator.IN, Operator.EMPTY)
    if field.type in _ORDERED:
        return (Operator.FROM, Operator.TO, Operator.IN, Operator.EMPTY)
    return (Operator.IN, Operator.EMPTY)


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one field."""

    field: str
    """Code of the field, or ``body`` or ``unit`` (ids)."""
    operator: Operator
    """How it compares."""
    values: tuple[str, ...]
    """With what, as typed."""


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Words, filters, order, grouping, columns and page. Empty means “any”."""

    text: str = ""
    """Words that must all occur."""
    filters: tuple[Filter, ...] = ()
    """Conditions, all of which must hold."""
    sort: tuple[str, ...] = ()
    """Codes of columns; a leading minus sorts downwards. What is equal stays in the order of entry."""
    group: str = ""
    """Field whose values are counted."""
    columns: tuple[str, ...] = ()
    """Columns shown, in order; those of the view, or all, when empty."""
    page: int = 1
    """Which page, from 1."""
    page_size: int = 50
    """Rows of a page."""
    as_of: datetime | None = None
    """The moment whose state is asked for; now when empty."""
    withdrawn: bool = False
    """The rows taken off the ledger instead of those on it."""
    view: str = ""
    """A declared view whose condition holds besides."""
    personal: bool = False
    """Whether the reader asks for personal data unmasked; it takes the permission, and the trail tells of it."""

    @classmethod
    def parse(cls, values: Values, ledger: Ledger) -> RowQuery:
        """Return the query that *values* (name → list of texts, as of an address) ask of *ledger*."""
        one = {name: texts[-1].strip()[:200] for name, texts in values.items() if texts}
        view = one.get("view", "")
        declared = next((each for each in ledger.views if each.view == view), None)
        known = {each.code for each in ledger.fields} | set(SYSTEM_COLUMNS)
        sort = tuple(each for each in one.get("sort", "").split(",") if each.lstrip("-") in known)[:5]
        columns = tuple(dict.fromkeys(each for each in one.get("columns", "").split(",") if each in known))
        group = one.get("group", "")
        if declared is not None:
            sort, columns, group = sort or declared.sort, columns or declared.columns, group or declared.group or ""
        size = one.get("size", "")
        page = one.get("page", "")
        return cls(
            text=one.get("q", ""),
            filters=_filters(values, ledger),
            sort=sort,
            group=group if group in known else "",
            columns=columns,
            page=min(int(page), 1_000_000) if page.isascii() and page.isdigit() and int(page) else 1,
            page_size=int(size) if size in {str(each) for each in PAGE_SIZES} else 50,
            as_of=parse_moment(one.get("as_of", "")),
            withdrawn=one.get("withdrawn") == "1",
            view=view if declared else "",
            personal=one.get("personal") == "1",
        )

    @classmethod
    def parse_string(cls, text: str, ledger: Ledger) -> RowQuery:
        """Return the query of a query string."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(text)[:500]:
            values.setdefault(name, []).append(value)
        return cls.parse(values, ledger)

    def to_string(self) -> str:
        """Return the query string that parses to this query."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for each in self.filters:
            name = f"f.{each.field}" if each.operator == Operator.IN else f"f.{each.field}.{each.operator}"
            pairs += [(name, value) for value in each.values]
        lists = (("sort", self.sort), ("columns", self.columns))
        pairs += [(name, ",".join(parts)) for name, parts in lists if parts]
        plain = (("group", self.group), ("view", self.view), ("as_of", self.as_of.isoformat() if self.as_of else ""))
        pairs += [(name, value) for name, value in plain if value]
        if self.page_size != 50:
            pairs.append(("size", str(self.page_size)))
        pairs += [(name, "1") for name in ("withdrawn", "personal") if getattr(self, name)]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    def without_place(self) -> RowQuery:
        """Return the same question without its page, and without asking for what is masked: to be kept under a name."""
        return replace(self, page=1, personal=False)

    def on_page(self, page: int) -> RowQuery:
        """Return the same question on another page."""
        return replace(self, page=page)


def parse_moment(text: str) -> datetime | None:
    """Return the moment a text names; a day stands for its end."""
    try:
        if (day := parse_date(text)) is not None:
            end = datetime.combine(day, time.min) + timedelta(days=1)
            return timezone.make_aware(end) - timedelta(microseconds=1)
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _filters(values: Values, ledger: Ledger) -> tuple[Filter, ...]:
    found = []
    for name, texts in values.items():
        if not name.startswith("f."):
            continue
        code, _, word = name[2:].partition(".")
        operator = Operator(word) if word in set(Operator) else Operator.IN
        field = ledger.field(code)
        allowed = operators_of(field) if field else (Operator.IN,) if code in ("body", "unit") else ()
        kept = tuple(text.strip()[:200] for text in texts if text.strip())[:MOST_VALUES]
        if kept and operator in allowed and (not word or word in set(Operator)):
            found.append(Filter(code, operator, kept))
    return tuple(found[:MOST_FILTERS])
