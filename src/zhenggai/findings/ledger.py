"""The ledger.

A question becomes one page of rows, its facets, and the neighbours of a row, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce

from zhenggai.findings.access import visible_findings
from zhenggai.findings.deadlines import AT_ONCE_WORDS, LASTING_WORDS
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.ledger_query import URGENCY, Cursor, LedgerQuery
from zhenggai.findings.models import Finding, Status
from zhenggai.findings.rows import ROW_FIELDS, build_rows
from zhenggai.findings.search import matching_ids
from zhenggai.findings.shapes import DUE_SOON_DAYS, LedgerPage, Neighbours
from zhenggai.findings.standing import standing_case
from zhenggai.kit.words import query_words
from zhenggai.people.access import Actor, access_of, reach
from zhenggai.people.models import User

FAR = date(9999, 12, 31)
"""Stands for “no date” in the order, so that undated findings come last."""
STATUS_ORDER = (Status.NOT_COMPLETED, Status.ONGOING, Status.PHASED, Status.LONG_TERM, Status.UNKNOWN, Status.COMPLETED)

Key = BaseExpression | F


def matching_findings(
    actor: Actor, query: LedgerQuery, *, leave_out: str = "", permission: str = ""
) -> QuerySet[Finding]:
    """Return the visible findings that match the filters of *query*, in no order.

    Args:
        actor: who asks.
        query: the filters.
        leave_out: name of a filter to disregard (for its facet).
        permission: permission whose reach counts; viewing when empty.
    """
    found = visible_findings(actor, permission or "findings.view", withdrawn=query.withdrawn)
    if query.round is not None:
        found = found.filter(round_id=query.round)
    for name in ("aspect", "department", "leader", "owner", "unit"):
        chosen: tuple[int, ...] = getattr(query, name)
        if chosen and name != leave_out:
            condition = Q(**{f"{name}_id__in": [key for key in chosen if key]})
            found = found.filter(condition | Q(**{f"{name}__isnull": True}) if 0 in chosen else condition)
    if query.status and leave_out != "status":
        found = found.filter(status__in=query.status)
    if query.standing and leave_out != "standing":
        found = found.alias(now_standing=standing_case(line_on())).filter(now_standing__in=query.standing)
    if query.kind and leave_out != "kind":
        found = found.filter(kind__in=query.kind)
    if query.due and leave_out != "due":
        found = found.filter(due_condition(query, line_on()))
    if query.text:
        ids = matching_ids(query.text)
        found = found.none() if ids is None else found.filter(pk__in=ids)
    return found.order_by()


def due_condition(query: LedgerQuery, line: Line) -> Q:
    """Return the condition that the filter ``due`` stands for."""
    pending = ~Q(status=Status.COMPLETED)
    match query.due:
        case "overdue":
            return pending & line.late()
        case "week":
            return pending & line.coming(line.today + timedelta(days=7))
        case "month":
            return pending & line.coming(line.today + timedelta(days=30))
        case "at_once":
            return Q(due_on__isnull=True) & _says(AT_ONCE_WORDS) & ~_says(LASTING_WORDS)
        case "lasting":
            return Q(due_on__isnull=True) & _says(LASTING_WORDS)
        case "none":
            return Q(due_on__isnull=True) & ~_says((*AT_ONCE_WORDS, *LASTING_WORDS))
    condition = Q(due_on__isnull=False)
    if query.due_from:
        condition &= Q(due_on__gte=query.due_from)
    if query.due_to:
        condition &= Q(due_on__lte=query.due_to)
    return condition


def _says(words: Iterable[str]) -> Q:
    """Return the condition that the deadline's words hold one of *words*."""
    condition = Q(pk__in=())
    for word in words:
        condition |= Q(due_text__contains=word)
    return condition


_LEADING_ROLES = frozenset(("first_responsible_person", "executive_deputy", "leader_in_charge", "grassroots_chief"))


def default_sort(actor: Actor) -> str:
    """Return the order that a list asking for none has: what is urgent first for who leads or sees only their part."""
    reached = reach(actor, "findings.view")
    leads = isinstance(actor, User) and bool(access_of(actor).roles & _LEADING_ROLES)
    return URGENCY if leads or not (reached.everything or reached.unit_paths) else "order"


def _name_order(path: str) -> Case:
    """Order by a name, those without one last."""
    return Case(When(**{f"{path}__isnull": True}, then=Value("\U0010ffff")), default=F(path))


def _sort_key(sort: str) -> list[tuple[str, Key, bool]]:
    """Return the parts of the order: alias, expression and whether it runs downwards in the plain direction."""
    place: list[tuple[str, Key, bool]] = [("k_round", F("round_id"), True), ("k_order", F("order"), False)]
    by_name = {"leader": "leader__name", "department": "department__name", "owner": "owner__name", "unit": "unit__name"}
    if sort in by_name:
        return [("k_name", _name_order(by_name[sort]), False), *place]
    match sort:
        case "title":
            return [("k_title", F("title"), False), *place]
        case "aspect":
            return [place[0], ("k_aspect", Coalesce("aspect__order", Value(2**31 - 1)), False), place[1]]
        case "status":
            whens = [When(status=status, then=Value(index)) for index, status in enumerate(STATUS_ORDER)]
            return [("k_status", Case(*whens, default=Value(9), output_field=IntegerField()), False), *place]
        case "kind":
            return [("k_kind", F("kind"), False), *place]
        case "urgency":
            line = line_on()
            bands = [
                When(status=Status.COMPLETED, then=Value(3)),
                When(line.late(), then=Value(0)),
                When(line.until(line.today + timedelta(days=DUE_SOON_DAYS)), then=Value(1)),
            ]
            urgency = Case(*bands, default=Value(2), output_field=IntegerField())
            return [("k_urgency", urgency, False), ("k_due", Coalesce("due_on", Value(FAR)), False), *place]
        case "due":
            return [("k_due", Coalesce("due_on", Value(FAR)), False), *place]
        case "changed":
            return [("k_changed", F("changed_at"), True)]
    return place


Ordering = list[tuple[str, Key, bool]]


def ordering_of(query: LedgerQuery) -> Ordering:
    """Return the whole order of a query, made unambiguous by the key of the finding."""
    parts = [*_sort_key(query.sort), ("k_id", F("pk"), False)]
    return [(alias, expression, down != query.descending) for alias, expression, down in parts]


def ordered(found: QuerySet[Finding], ordering: Ordering, *, backwards: bool = False) -> QuerySet[Finding]:
    """Return *found* in that order, or from its end."""
    found = found.annotate(**{alias: expression for alias, expression, _ in ordering})
    return found.order_by(*(("-" if down != backwards else "") + alias for alias, _, down in ordering))


def _beyond(ordering: Ordering, values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition of standing behind (or before) the row with these sort values."""
    condition = Q(pk__in=())
    same = Q()
    for (alias, _, down), value in zip(ordering, values, strict=True):
        lookup = "lt" if down != backwards else "gt"
        condition |= same & Q(**{f"{alias}__{lookup}": value})
        same &= Q(**{alias: value})
    return condition


def _from_cursor(ordering: Ordering, text: str) -> tuple[list[Any], int] | None:
    cursor = Cursor.decode(text, len(ordering))
    if cursor is None:
        return None
    values: list[Any] = []
    for (alias, _, _), value in zip(ordering, cursor.values, strict=True):
        if value is None or isinstance(value, str) != (alias in _TEXT_KEYS):
            return None
        try:
            values.append(_TEXT_KEYS[alias](str(value)) if alias in _TEXT_KEYS else value)
        except (ValueError, OverflowError):
            return None
    return values, cursor.index


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_TEXT_KEYS: dict[str, Any] = {
    "k_name": str, "k_title": str, "k_kind": str, "k_due": date.fromisoformat, "k_changed": _moment,
}  # fmt: skip


def _to_cursor(values: Iterable[Any], index: int) -> str:
    plain = tuple(value.isoformat() if isinstance(value, date) else value for value in values)
    return Cursor(plain, index).encode()


def find_findings(actor: Actor, query: LedgerQuery) -> LedgerPage:
    """Return one page of the ledger.

    Pages follow each other by sort values, not by offset: what is added or changed meanwhile neither repeats nor
    hides a row.
    """
    found = matching_findings(actor, query)
    total = found.count()
    ordering = ordering_of(query)
    backwards = bool(query.before)
    place = _from_cursor(ordering, query.before or query.after)
    if place is None:
        backwards = False
    rows = ordered(found, ordering, backwards=backwards)
    if place is not None:
        rows = rows.filter(_beyond(ordering, place[0], backwards=backwards))
    aliases = [alias for alias, _, _ in ordering]
    taken = list(rows.values_list(*ROW_FIELDS, *aliases)[: query.page_size + 1]) if total else []
    more = len(taken) > query.page_size
    taken = taken[: query.page_size]
    if backwards:
        taken.reverse()
    first = 1
    if place is not None:
        first = max(1, place[1] - len(taken) + 1) if backwards else place[1] + 1
        if backwards and not more:
            first = 1
    has_next = more if not backwards else True
    has_previous = more if backwards else place is not None
    cut = len(ROW_FIELDS)
    return LedgerPage(
        query=query,
        rows=tuple(build_rows([row[:cut] for row in taken], query_words(query.text))),
        total=total,
        first=first if taken else 0,
        next_cursor=_to_cursor(taken[-1][cut:], first + len(taken) - 1) if taken and has_next else "",
        previous_cursor=_to_cursor(taken[0][cut:], first - 1) if taken and has_previous else "",
    )


def plain_rows(found: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query whose columns need no conversion, past the ORM: it would take longer than the database."""
    try:
        statement, params = found.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def neighbours(actor: Actor, query: LedgerQuery, finding: Finding) -> Neighbours:
    """Return the findings before and behind *finding* in the whole filtered list, and its place there.

    All ids come in order at once: what a person reaches is worked out once, not for each of count, place and neighbours.
    """
    found = ordered(matching_findings(actor, query), ordering_of(query))
    keys = [row[0] for row in plain_rows(found.values_list("pk"))]
    try:
        place = keys.index(finding.pk) + 1
    except ValueError:
        return Neighbours(None, None, 0, len(keys))
    return Neighbours(
        keys[place - 2] if place > 1 else None, keys[place] if place < len(keys) else None, place, len(keys)
    )
