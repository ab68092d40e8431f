"""The table of a business ledger as its page draws it: heads, filters, chips and groups, each with the address it leads to.

The question itself and its answer are the room's (:class:`~zhenggai.ledgers.queries.RowQuery`); here every link of the
page is that question with one part changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.ledgers.queries import EMPTY, Filter, Form, Line, Operator, RowPage, RowQuery
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField

NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
DAYS = frozenset({FieldType.DATE, FieldType.DATETIME})
LISTED = frozenset(
    {FieldType.CHOICE, FieldType.CHOICES, FieldType.BOOLEAN, FieldType.UNIT, FieldType.DEPARTMENT, FieldType.PERSON}
)
"""Types whose values are few enough to be ticked."""
SYSTEM_LABELS: dict[str, str | Promise] = {
    "body": gettext_lazy("登记单位"),
    "unit": gettext_lazy("所涉单位"),
    "changed": gettext_lazy("最近修改"),
}
FIRST_COLUMNS = 9
"""Columns shown to somebody who chose none."""
FIRST_FACETS = 5
"""Filters that stand beside the search box; the others are in a menu."""


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a column."""

    code: str
    """Code of the field."""
    label: str
    """Its name, with the unit of a number."""
    direction: str
    """``ascending``, ``descending``, or empty when rows are not sorted by it."""
    string: str
    """Question sorted by it; empty where it cannot be."""
    kind: str
    """``number``, ``day``, ``short`` or ``words``, for the width."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that holds, to be taken away with one press."""

    label: str
    """Name of the field."""
    words: str
    """What it asks for."""
    string: str
    """Question without it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that share a value of the field grouped by; one without a head when nothing is grouped."""

    shown: str
    """The value; empty for none."""
    count: int | None
    """How many rows of the question have it."""
    string: str
    """Question for these alone."""
    lines: tuple[Line, ...]
    """The rows of this page."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A usual range of days."""

    words: str
    """本月, 本季, 今年."""
    string: str
    """Question for it."""
    chosen: bool
    """Whether it is asked for now."""


def default_columns(ledger: Ledger) -> tuple[str, ...]:
    """Return the columns of somebody who chose none: what stands for a row first, long texts not at all."""
    short = [each.code for each in ledger.fields if each.type != FieldType.LONG_TEXT]
    first = [code for code in (ledger.title or ledger.key) if code in short]
    return tuple(dict.fromkeys([*first, *short]))[: max(FIRST_COLUMNS, len(first))]


def first_facets(ledger: Ledger) -> list[LedgerField]:
    """Return the fields whose filters stand beside the search box: the values that are ticked, and the day of the row."""
    found = [each for each in ledger.fields if each.type in LISTED and each.personal is None]
    dated = [each for each in ledger.fields if each.code == ledger.date]
    return (found[: FIRST_FACETS - len(dated)] + dated) if dated else found[:FIRST_FACETS]


def is_open(field: LedgerField, query: RowQuery) -> bool:
    """Return whether rows may be found by a field: what is masked must not decide it."""
    return field.personal is None or query.personal


def groupable(ledger: Ledger, query: RowQuery) -> list[LedgerField]:
    """Return the fields by which rows can be grouped."""
    return [each for each in ledger.fields if each.type in LISTED and is_open(each, query)]


def heads(ledger: Ledger, query: RowQuery, columns: Sequence[LedgerField]) -> list[Head]:
    """Return the heads of the columns shown."""
    found = []
    for field in columns:
        string, direction = "", ""
        if is_open(field, query) and field.type not in (FieldType.LONG_TEXT, FieldType.CHOICES):
            direction, string = _sorted(query, field.code)
        label = f"{field.label}（{field.unit}）" if field.unit and field.type in NUMBERS else field.label
        found.append(Head(field.code, label, direction, string, kind_of(field)))
    return found


def _sorted(query: RowQuery, code: str) -> tuple[str, str]:
    """Return how rows are sorted by a column, and the question that a press on its head asks: up, down, not at all."""
    if code in query.sort[:1]:
        return "ascending", replace(query, sort=(f"-{code}",), page=1).to_string()
    if f"-{code}" in query.sort[:1]:
        return "descending", replace(query, sort=(), page=1).to_string()
    return "", replace(query, sort=(code,), page=1).to_string()


def kind_of(field: LedgerField) -> str:
    """Return how wide a column is to be."""
    if field.type in NUMBERS:
        return "number"
    if field.type in DAYS:
        return "day"
    return "short" if field.type == FieldType.BOOLEAN else "words"


def with_filter(query: RowQuery, code: str, operator: Operator, values: Iterable[str]) -> RowQuery:
    """Return the question with this condition in place of any other of its kind on the field; none for no values."""
    kept = tuple(each for each in query.filters if (each.field, each.operator) != (code, operator))
    given = tuple(value for value in values if value)
    added = (Filter(code, operator, given),) if given else ()
    return replace(query, filters=(*kept, *added), page=1)


def without_field(query: RowQuery, code: str) -> RowQuery:
    """Return the question without any condition on a field."""
    return replace(query, filters=tuple(each for each in query.filters if each.field != code), page=1)


def chosen_values(query: RowQuery, code: str, operator: Operator = Operator.IN) -> tuple[str, ...]:
    """Return what a condition asks for."""
    return next((each.values for each in query.filters if (each.field, each.operator) == (code, operator)), ())


def toggled(query: RowQuery, code: str, value: str) -> RowQuery:
    """Return the question with a value ticked, or no longer ticked."""
    now = chosen_values(query, code)
    after = tuple(each for each in now if each != value) if value in now else (*now, value)
    return with_filter(query, code, Operator.IN, after)


def chips(form: Form, query: RowQuery) -> list[Chip]:
    """Return the conditions that hold, in the order of the address; a range of one field is one of them."""
    found: list[Chip] = []
    ranged: set[str] = set()
    for each in query.filters:
        field = form.fields.get(each.field)
        label = field.label if field else str(SYSTEM_LABELS.get(each.field, each.field))
        if each.operator == Operator.IN:
            found += [
                Chip(label, value_words(form, each.field, value), toggled(query, each.field, value).to_string())
                for value in each.values
            ]
        elif each.operator in (Operator.FROM, Operator.TO):
            if each.field not in ranged:
                ranged.add(each.field)
                found.append(Chip(label, _range_words(query, each.field), _without_range(query, each.field)))
        else:
            words = _("含“%(text)s”") % {"text": each.values[-1]}
            if each.operator == Operator.EMPTY:
                words = _("未填") if each.values[-1] == "1" else _("已填")
            found.append(Chip(label, words, with_filter(query, each.field, each.operator, ()).to_string()))
    return found


def value_words(form: Form, code: str, value: str) -> str:
    """Return a value of a filter as people read it."""
    if value == EMPTY:
        return _("未填")
    field = form.fields.get(code)
    if field is None:
        return form.names.unit_name(value)
    kept = value == "true" if field.type == FieldType.BOOLEAN else [value] if field.type == FieldType.CHOICES else value
    return form.show(code, {code: kept}, masked=False) or value


def _range_words(query: RowQuery, code: str) -> str:
    since, until = (chosen_values(query, code, operator) for operator in (Operator.FROM, Operator.TO))
    if since and until:
        return since[-1] if since[-1] == until[-1] else f"{since[-1]} — {until[-1]}"
    if since:
        return _("%(value)s 起") % {"value": since[-1]}
    return _("至 %(value)s") % {"value": until[-1] if until else ""}


def _without_range(query: RowQuery, code: str) -> str:
    return with_filter(with_filter(query, code, Operator.FROM, ()), code, Operator.TO, ()).to_string()


def picks(query: RowQuery, code: str, today: date) -> list[Pick]:
    """Return the usual ranges of days for a field."""
    now = tuple(chosen_values(query, code, operator)[-1:] for operator in (Operator.FROM, Operator.TO))
    found = []
    for words, since, until in _ranges(today):
        asked = with_filter(query, code, Operator.FROM, [since.isoformat()])
        string = with_filter(asked, code, Operator.TO, [until.isoformat()]).to_string()
        found.append(Pick(words, string, now == ((since.isoformat(),), (until.isoformat(),))))
    return found


def _ranges(today: date) -> list[tuple[str, date, date]]:
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    return [
        (_("本月"), month, _before_next(month, 1)),
        (_("上月"), last_month, month - timedelta(days=1)),
        (_("本季"), quarter, _before_next(quarter, 3)),
        (_("今年"), date(today.year, 1, 1), date(today.year, 12, 31)),
        (_("去年"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


def _before_next(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def sections(form: Form, found: RowPage) -> list[Section]:
    """Return the rows of a page under the values they are grouped by."""
    query, field = found.query, form.fields.get(found.query.group)
    if field is None or field.type == FieldType.CHOICES:
        return [Section("", None, "", found.lines)]
    counts = {each.value: each for each in found.groups}
    result: list[Section] = []
    held: list[Line] = []
    for index, line in enumerate(found.lines):
        held.append(line)
        value = group_value(line, field.code)
        following = found.lines[index + 1] if index + 1 < len(found.lines) else None
        if following is None or group_value(following, field.code) != value:
            group = counts.get(value)
            string = with_filter(replace(query, group=""), field.code, Operator.IN, [value]).to_string()
            result.append(Section(group.shown if group else "", group.count if group else None, string, tuple(held)))
            held = []
    return result


def group_value(line: Line, code: str) -> str:
    """Return the value of a row in a field, as filters take it."""
    value = next((cell.value for cell in line.cells if cell.code == code), None)
    if value is None:
        return EMPTY
    return str(value).lower() if isinstance(value, bool) else str(value)


def asked_for(query: RowQuery, columns: Sequence[str]) -> RowQuery:
    """Return the question as the room is asked it: with the columns chosen, and sorted by the group first."""
    group = query.group
    sort = query.sort
    if group and group.lstrip("-") not in {each.lstrip("-") for each in sort[:1]}:
        sort = (group, *sort)[:5]
    wanted = tuple(columns)
    if group and group not in wanted:
        wanted = (*wanted, group)
    return replace(query, columns=wanted, sort=sort)
