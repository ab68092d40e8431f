"""The question a person asks of the ledger: filters, order, columns and place, parsed from plain values.

Every part that cannot be understood is left out, so that an old bookmark or a mistyped address still opens a list.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, Status
from zhenggai.findings.standing import Standing

PAGE_SIZES = (20, 50, 100, 200)
DUE_CHOICES: dict[str, str | Promise] = {
    "overdue": _("已超期"),
    "week": _("7 天内到期"),
    "month": _("30 天内到期"),
    "at_once": _("立行立改"),
    "lasting": _("长期坚持"),
    "none": _("未定时限"),
    "range": _("指定日期"),
}
_MAX_TEXT = 200
_MAX_VALUES = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column the ledger can show."""

    key: str
    """Stable name, also in addresses."""
    label: str | Promise
    """What people read."""
    sort: str = ""
    """Sort key it is ordered by; empty when it cannot be."""
    default: bool = False
    """Shown unless the person chooses otherwise."""


COLUMNS: tuple[Column, ...] = (
    Column("no", _("序号"), "order", True),
    Column("title", _("问题"), "title", True),
    Column("aspect", _("方面"), "aspect", True),
    Column("status", _("状态"), "status", True),
    Column("leader", _("责任领导"), "leader", True),
    Column("department", _("责任部门"), "department", True),
    Column("owner", _("责任人"), "owner", True),
    Column("due", _("整改时限"), "due", True),
    Column("measures", _("措施"), default=True),
    Column("assist", _("配合部门")),
    Column("unit", _("单位"), "unit"),
    Column("kind", _("类别"), "kind"),
    Column("round", _("巡察轮次"), "order"),
    Column("parent", _("上级标题")),
    Column("attachments", _("附件")),
    Column("changed", _("最近变更"), "changed", True),
)
COLUMN_KEYS = frozenset(column.key for column in COLUMNS)
DEFAULT_COLUMNS = tuple(column.key for column in COLUMNS if column.default)
URGENCY = "urgency"
"""Sort key: overdue, then due soon, then the rest, then completed; each by deadline."""
SORT_KEYS = frozenset(column.sort for column in COLUMNS if column.sort) | {URGENCY}

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Filters, order, columns and place of one page of the ledger. Empty means “any”; id ``0`` means “not given”."""

    round: int | None = None
    """Key of the round; None for all rounds."""
    text: str = ""
    """Words that must all occur."""
    aspect: tuple[int, ...] = ()
    """Keys of aspects."""
    status: tuple[str, ...] = ()
    """Codes of :class:`Status`."""
    standing: tuple[str, ...] = ()
    """Codes of :class:`~zhenggai.findings.standing.Standing`, as of today."""
    department: tuple[int, ...] = ()
    """Keys of leading departments."""
    leader: tuple[int, ...] = ()
    """Keys of leaders."""
    owner: tuple[int, ...] = ()
    """Keys of owners."""
    unit: tuple[int, ...] = ()
    """Keys of units that have the problem."""
    kind: tuple[str, ...] = ()
    """Codes of :class:`Finding.Kind`."""
    due: str = ""
    """One of :data:`DUE_CHOICES`."""
    due_from: date | None = None
    """First day, for ``due == "range"``."""
    due_to: date | None = None
    """Last day, for ``due == "range"``."""
    withdrawn: bool = False
    """True lists what was taken off the ledger instead."""
    sort: str = "order"
    """One of :data:`SORT_KEYS`."""
    descending: bool = False
    """True turns the order round."""
    default_sort: str = "order"
    """Order of a list that asks for none; see :func:`~zhenggai.findings.ledger.default_sort`. Addresses leave it out."""
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    """Columns to show, in the order of :data:`COLUMNS`."""
    page_size: int = 50
    """One of :data:`PAGE_SIZES`."""
    after: str = ""
    """Cursor: rows behind it."""
    before: str = ""
    """Cursor: rows before it."""

    @classmethod
    def parse(cls, values: Values, *, default_sort: str = "order") -> LedgerQuery:
        """Return the query that the parameters of a list page stand for.

        Args:
            default_sort: order of a list that asks for none.
            values: Parameter name → values, as ``dict(request.GET.lists())`` gives. Names are those of the fields;
                ``sort`` takes a leading ``-`` for descending order; ``columns`` may be repeated or comma-separated.
        """
        sort = _first(values, "sort")
        key = sort.removeprefix("-")
        due = _first(values, "due")
        due_from, due_to = _date(values, "due_from"), _date(values, "due_to")
        if due not in DUE_CHOICES:
            due = "range" if due_from or due_to else ""
        columns = {key for value in values.get("columns", ()) for key in value.split(",")} & COLUMN_KEYS
        size = _first(values, "page_size")
        return cls(
            round=next(iter(_ids(values, "round")), None),
            text=" ".join(_first(values, "text").replace("\0", " ").split())[:_MAX_TEXT],
            aspect=_ids(values, "aspect"),
            status=_codes(values, "status", Status.values),
            standing=_codes(values, "standing", Standing.values),
            department=_ids(values, "department"),
            leader=_ids(values, "leader"),
            owner=_ids(values, "owner"),
            unit=_ids(values, "unit"),
            kind=_codes(values, "kind", Finding.Kind.values),
            due=due,
            due_from=due_from if due == "range" else None,
            due_to=due_to if due == "range" else None,
            withdrawn=_first(values, "withdrawn") == "1",
            sort=key if key in SORT_KEYS else default_sort,
            default_sort=default_sort,
            descending=sort.startswith("-") and key in SORT_KEYS,
            columns=tuple(column.key for column in COLUMNS if column.key in columns) or DEFAULT_COLUMNS,
            page_size=int(size)
            if size.isascii() and size.isdecimal() and len(size) < 5 and int(size) in PAGE_SIZES
            else 50,
            after=_first(values, "after"),
            before="" if _first(values, "after") else _first(values, "before"),
        )

    @classmethod
    def parse_string(cls, query: str, *, default_sort: str = "order") -> LedgerQuery:
        """Return the query of a stored query string (saved views)."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(query.lstrip("?")):
            values.setdefault(name, []).append(value)
        return cls.parse(values, default_sort=default_sort)

    def to_string(self, **changes: object) -> str:
        """Return the query string of this query, with *changes* made to its fields first.

        A change of anything but the cursor starts at the first page again.
        """
        if changes and not changes.keys() & {"after", "before"}:
            changes |= {"after": "", "before": ""}
        query = replace(self, **changes)  # type: ignore[arg-type]  # names and types are the fields' own
        return urlencode(list(query._params()))

    def toggled(self, name: str, value: str) -> str:
        """Return the query string with *value* added to, or taken from, the filter *name*."""
        if name == "due":
            return self.to_string(due="" if self.due == value else value, due_from=None, due_to=None)
        chosen = [str(item) for item in getattr(self, name)]
        left = [item for item in chosen if item != value] if value in chosen else [*chosen, value]
        kind = str if name in {"status", "standing", "kind"} else int
        return self.to_string(**{name: tuple(kind(item) for item in left)})

    def sorted_by(self, key: str) -> str:
        """Return the query string ordered by *key*, turned round when it already is."""
        return self.to_string(sort=key, descending=self.sort == key and not self.descending)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, as pairs of name and value, for the chips above the table."""
        skip = {"round", "sort", "columns", "page_size", "after", "before", "due_from", "due_to"}
        return tuple((name, value) for name, value in self._params() if name not in skip)

    @property
    def is_filtered(self) -> bool:
        """True when anything but the round narrows the list."""
        return bool(self.filters)

    def without_place(self) -> LedgerQuery:
        """Return the same query at its first page."""
        return replace(self, after="", before="")

    def _params(self) -> list[tuple[str, str]]:
        default = LedgerQuery()
        pairs: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in {"sort", "descending", "default_sort"} or value == getattr(default, field.name):
                continue
            if field.name == "columns":
                pairs.append(("columns", ",".join(value)))
            elif isinstance(value, tuple):
                pairs.extend((field.name, str(item)) for item in value)
            else:
                pairs.append((field.name, "1" if value is True else str(value)))
        if (self.sort, self.descending) != (self.default_sort, False):
            pairs.append(("sort", ("-" if self.descending else "") + self.sort))
        return pairs


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows of an ordered list."""

    values: tuple[str | int | None, ...]
    """Sort values of the row it stands beside."""
    index: int
    """How many rows stood before that row when the cursor was made."""

    def encode(self) -> str:
        """Return the cursor as it stands in addresses."""
        packed = json.dumps([self.index, *self.values], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, length: int) -> Cursor | None:
        """Return the cursor *text* stands for, or None when it is none with *length* values."""
        if not text or len(text) > 4000:
            return None
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            json.dumps(parts, ensure_ascii=False).encode()  # half characters are text to JSON, to no database
        except (binascii.Error, ValueError, RecursionError):
            return None
        sound = isinstance(parts, list) and len(parts) == length + 1
        if not sound or not all(item is None or type(item) in {str, int} for item in parts):
            return None
        index, *values = parts
        if type(index) is not int or any(type(item) is int and abs(item) > 2**62 for item in parts):
            return None
        return cls(tuple(values), max(0, index))


def _first(values: Values, name: str) -> str:
    given = values.get(name, ())
    return str(given[0]).strip() if given else ""


def _ids(values: Values, name: str) -> tuple[int, ...]:
    given = dict.fromkeys(value.strip() for value in values.get(name, ()))
    return tuple(int(v) for v in given if v.isascii() and v.isdecimal() and len(v) <= 18)[:_MAX_VALUES]


def _codes(values: Values, name: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in dict.fromkeys(values.get(name, ())) if value in known)


def _date(values: Values, name: str) -> date | None:
    try:
        return date.fromisoformat(_first(values, name))
    except ValueError:
        return None
