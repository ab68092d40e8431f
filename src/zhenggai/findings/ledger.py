"""The ledger.

A question becomes one page of rows, its facets, and the neighbours of a row, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhenggai.findings.access import visible_findings
from zhenggai.findings.ledger_query import Cursor, LedgerQuery
from zhenggai.findings.models import Attachment, Finding, Measure, Status
from zhenggai.findings.search import matching_ids
from zhenggai.findings.shapes import LedgerPage, LedgerRow, Neighbours, TextPart
from zhenggai.findings.words import find_marks, occurs, query_words
from zhenggai.people.access import Actor

FAR = date(9999, 12, 31)
"""Stands for “no date” in the order, so that undated findings come last."""
STATUS_ORDER = (Status.NOT_COMPLETED, Status.ONGOING, Status.PHASED, Status.UNKNOWN, Status.COMPLETED)
SNIPPET_BEFORE, SNIPPET_LENGTH = 18, 70

Key = BaseExpression | F

_ROW_FIELDS = (
    "pk", "stable_id", "version", "no", "title", "kind", "status", "round_id", "round__name",
    "unit_id", "unit__name", "unit__short_name", "aspect_id", "aspect__no", "aspect__title", "parent_title",
    "leader_id", "leader__name", "leader_text", "department_id", "department__name", "department__short_name",
    "department_text", "assist_text", "owner_id", "owner__name", "owner_text", "due_on", "due_text", "changed_at",
    "withdrawn_at",
)  # fmt: skip


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
    if query.kind and leave_out != "kind":
        found = found.filter(kind__in=query.kind)
    if query.due and leave_out != "due":
        found = found.filter(due_condition(query, timezone.localdate()))
    if query.text:
        ids = matching_ids(query.text)
        found = found.none() if ids is None else found.filter(pk__in=ids)
    return found.order_by()


def due_condition(query: LedgerQuery, today: date) -> Q:
    """Return the condition that the filter ``due`` stands for."""
    pending = ~Q(status=Status.COMPLETED)
    match query.due:
        case "overdue":
            return pending & Q(due_on__lt=today)
        case "week":
            return pending & Q(due_on__gte=today, due_on__lte=today + timedelta(days=7))
        case "month":
            return pending & Q(due_on__gte=today, due_on__lte=today + timedelta(days=30))
        case "none":
            return Q(due_on__isnull=True)
    condition = Q(due_on__isnull=False)
    if query.due_from:
        condition &= Q(due_on__gte=query.due_from)
    if query.due_to:
        condition &= Q(due_on__lte=query.due_to)
    return condition


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
    taken = list(rows.values_list(*_ROW_FIELDS, *aliases)[: query.page_size + 1]) if total else []
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
    cut = len(_ROW_FIELDS)
    return LedgerPage(
        query=query,
        rows=tuple(_build_rows([row[:cut] for row in taken], query_words(query.text))),
        total=total,
        first=first if taken else 0,
        next_cursor=_to_cursor(taken[-1][cut:], first + len(taken) - 1) if taken and has_next else "",
        previous_cursor=_to_cursor(taken[0][cut:], first - 1) if taken and has_previous else "",
    )


def _build_rows(rows: Sequence[tuple[Any, ...]], words: tuple[str, ...]) -> Iterable[LedgerRow]:
    ids = [row[0] for row in rows]
    if not ids:
        return
    today = timezone.localdate()
    measures = {
        key: (count, done)
        for key, count, done in Measure.objects.filter(finding_id__in=ids, withdrawn_at__isnull=True)
        .order_by()
        .values_list("finding_id")
        .annotate(counted=Count("pk"), done=Count("pk", filter=Q(status=Status.COMPLETED)))
    }
    attachments = dict(
        Attachment.objects.filter(finding_id__in=ids, withdrawn_at__isnull=True)
        .order_by()
        .values_list("finding_id")
        .annotate(Count("pk"))
    )
    assist: dict[int, list[str]] = {}
    for key, short, name in (
        Finding.assist_departments.through.objects.filter(finding_id__in=ids)
        .order_by("unit__order", "unit_id")
        .values_list("finding_id", "unit__short_name", "unit__name")
    ):
        assist.setdefault(key, []).append(short or name)
    snippets = _snippets([(row[0], row[4]) for row in rows], words) if words else {}
    for row in rows:
        (key, stable_id, version, no, title, kind, status, round_id, round_name, unit_id, unit_name, unit_short, aspect_id,
         aspect_no, aspect_title, parent_title, leader_id, leader_name, leader_text, department_id, department_name,
         department_short, department_text, assist_text, owner_id, owner_name, owner_text, due_on, due_text, changed_at,
         withdrawn_at) = row  # fmt: skip
        yield LedgerRow(
            id=key,
            stable_id=stable_id,
            version=version,
            no=no,
            title=title,
            title_parts=marked_parts(title, words),
            snippet=snippets.get(key, ()),
            kind=kind,
            status=status,
            round_id=round_id,
            round_name=round_name,
            unit_id=unit_id,
            unit_name=unit_short or unit_name,
            aspect_id=aspect_id,
            aspect_no=aspect_no or "",
            aspect_title=aspect_title or "",
            parent_title=parent_title,
            leader_id=leader_id,
            leader_name=leader_name or leader_text,
            department_id=department_id,
            department_name=department_short or department_name or department_text,
            assist_names="、".join(assist[key]) if key in assist else assist_text,
            owner_id=owner_id,
            owner_name=owner_name or owner_text,
            due_on=due_on,
            due_text=due_text,
            days_left=days_left(due_on, status, today),
            measure_count=measures.get(key, (0, 0))[0],
            measures_completed=measures.get(key, (0, 0))[1],
            attachment_count=attachments.get(key, 0),
            changed_at=changed_at,
            withdrawn_at=withdrawn_at,
        )


def days_left(due_on: date | None, status: str, today: date) -> int | None:
    """Return the days until *due_on*, negative when past; None without a date or when completed."""
    return None if due_on is None or status == Status.COMPLETED else (due_on - today).days


def marked_parts(text: str, words: tuple[str, ...]) -> tuple[TextPart, ...]:
    """Return *text* in pieces, those that hold one of *words* marked."""
    parts: list[TextPart] = []
    at = 0
    for start, end in find_marks(text, words) if words else ():
        parts += [TextPart(text[at:start], False), TextPart(text[start:end], True)]
        at = end
    parts.append(TextPart(text[at:], False))
    return tuple(part for part in parts if part.text)


def _snippets(rows: Sequence[tuple[int, str]], words: tuple[str, ...]) -> dict[int, tuple[TextPart, ...]]:
    """Return a marked passage for each finding whose title does not hold all the words: one query for all of them."""
    wanted = [key for key, title in rows if not occurs(words, title)]
    if not wanted:
        return {}
    texts: dict[int, list[str]] = {key: [] for key in wanted}
    details = Finding.objects.filter(pk__in=wanted).order_by().values_list("pk", "description", "completion_criteria")
    for key, *pieces in details:
        texts[key] += pieces
    measures = Measure.objects.filter(finding_id__in=wanted, withdrawn_at__isnull=True).order_by("finding_id", "order")
    for key, *pieces in measures.values_list("finding_id", "text", "progress"):
        texts[key] += pieces
    found = {key: _best_passage(pieces, words) for key, pieces in texts.items()}
    return {key: passage for key, passage in found.items() if passage}


def _best_passage(pieces: Iterable[str], words: tuple[str, ...]) -> tuple[TextPart, ...]:
    for piece in pieces:
        marks = find_marks(piece, words) if piece else []
        if not marks:
            continue
        start = max(0, marks[0][0] - SNIPPET_BEFORE)
        end = min(len(piece), max(start + SNIPPET_LENGTH, marks[0][1]))
        shown = ("…" if start else "") + piece[start:end].replace("\n", " ") + ("…" if end < len(piece) else "")
        return marked_parts(shown, words)
    return ()


def neighbours(actor: Actor, query: LedgerQuery, finding: Finding) -> Neighbours:
    """Return the findings before and behind *finding* in the whole filtered list, and its place there."""
    found = matching_findings(actor, query)
    ordering = ordering_of(query)
    aliases = [alias for alias, _, _ in ordering]
    here = ordered(found, ordering).filter(pk=finding.pk).values_list(*aliases).first()
    total = found.count()
    if here is None:
        return Neighbours(None, None, 0, total)
    before = ordered(found, ordering, backwards=True).filter(_beyond(ordering, here, backwards=True))
    behind = ordered(found, ordering).filter(_beyond(ordering, here, backwards=False))
    place = before.order_by().count() + 1
    return Neighbours(
        before.values_list("pk", flat=True).first() if place > 1 else None,
        behind.values_list("pk", flat=True).first() if place < total else None,
        place,
        total,
    )
