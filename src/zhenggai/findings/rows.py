"""The rows of one page of the ledger, put together from a few small queries.

Names are looked up apart instead of joined: planning a join of seven tables costs PostgreSQL more than running all of
these, and a page needs only the few dozen names that stand on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q

from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Aspect, Attachment, Finding, InspectionRound, Measure, Status
from zhenggai.findings.shapes import LedgerRow, TextPart
from zhenggai.findings.standing import standing_at
from zhenggai.kit.text import fold
from zhenggai.kit.words import find_marks, occurs
from zhenggai.people.models import Unit, User

SNIPPET_BEFORE, SNIPPET_LENGTH = 18, 70

ROW_FIELDS = (
    "pk", "stable_id", "version", "no", "title", "kind", "status", "round_id", "unit_id", "aspect_id", "parent_title",
    "leader_id", "leader_text", "department_id", "department_text", "assist_text", "owner_id", "owner_text", "due_on",
    "due_text", "changed_at", "withdrawn_at", "stage", "extensions",
)  # fmt: skip
"""What :func:`build_rows` expects of each finding, in this order."""


def build_rows(rows: Sequence[tuple[Any, ...]], words: tuple[str, ...]) -> Iterable[LedgerRow]:
    """Yield the findings as rows of the ledger.

    Args:
        rows: values of :data:`ROW_FIELDS`.
        words: words that were searched for, to mark.
    """
    ids = [row[0] for row in rows]
    if not ids:
        return
    line = line_on()
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
    links = list(
        Finding.assist_departments.through.objects.filter(finding_id__in=ids)
        .order_by()
        .values_list("finding_id", "unit_id")
    )
    place = {name: number for number, name in enumerate(ROW_FIELDS)}

    def column(name: str) -> set[int]:
        return {row[place[name]] for row in rows if row[place[name]] is not None}

    users = dict(
        User.objects.filter(pk__in=column("leader_id") | column("owner_id")).order_by().values_list("pk", "name")
    )
    unit_ids = column("unit_id") | column("department_id") | {unit_id for _key, unit_id in links}
    units = {
        key: (order, short or name)
        for key, order, short, name in Unit.objects.filter(pk__in=unit_ids)
        .order_by()
        .values_list("pk", "order", "short_name", "name")
    }
    aspects = {
        key: (no, title)
        for key, no, title in Aspect.objects.filter(pk__in=column("aspect_id"))
        .order_by()
        .values_list("pk", "no", "title")
    }
    rounds = dict(InspectionRound.objects.filter(pk__in=column("round_id")).order_by().values_list("pk", "name"))
    assist: dict[int, list[tuple[int, int]]] = {}
    for key, unit_id in links:
        assist.setdefault(key, []).append((units[unit_id][0], unit_id))
    snippets = _snippets([(row[0], row[4]) for row in rows], words) if words else {}
    for row in rows:
        (key, stable_id, version, no, title, kind, status, round_id, unit_id, aspect_id, parent_title, leader_id,
         leader_text, department_id, department_text, assist_text, owner_id, owner_text, due_on, due_text, changed_at,
         withdrawn_at, stage, extensions) = row  # fmt: skip
        assisting = "、".join(units[assisting_id][1] for _order, assisting_id in sorted(assist.get(key, ())))
        aspect_no, aspect_title = aspects.get(aspect_id, ("", ""))
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
            round_name=rounds[round_id],
            unit_id=unit_id,
            unit_name=units[unit_id][1],
            aspect_id=aspect_id,
            aspect_no=aspect_no,
            aspect_title=aspect_title,
            parent_title=parent_title,
            leader_id=leader_id,
            leader_name=users.get(leader_id, leader_text),
            department_id=department_id,
            department_name=units[department_id][1] if department_id else department_text,
            assist_names=assisting or assist_text,
            owner_id=owner_id,
            owner_name=users.get(owner_id, owner_text),
            due_on=due_on,
            due_text=due_text,
            days_left=None if due_on is None or status == Status.COMPLETED else line.days_left(due_on, round_id),
            measure_count=measures.get(key, (0, 0))[0],
            measures_completed=measures.get(key, (0, 0))[1],
            attachment_count=attachments.get(key, 0),
            changed_at=changed_at,
            withdrawn_at=withdrawn_at,
            stage=stage,
            standing=standing_at(stage, status, extensions, late=line.is_late(due_on, round_id)),
        )


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
    """Return a marked passage for each finding whose title does not hold all the words: two queries for all of them."""
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
        at = _first_mark(piece, words)
        if at is None:
            continue
        start = max(0, at[0] - SNIPPET_BEFORE)
        end = min(len(piece), max(start + SNIPPET_LENGTH, at[1]))
        shown = ("…" if start else "") + piece[start:end].replace("\n", " ") + ("…" if end < len(piece) else "")
        return marked_parts(shown, words)
    return ()


def _first_mark(piece: str, words: tuple[str, ...]) -> tuple[int, int] | None:
    """Return where one of *words* stands in *piece*; a plain find first, since cutting a long text takes much longer."""
    if not piece:
        return None
    folded = fold(piece).lower()
    if len(folded) == len(piece):
        for word in words:
            at = folded.find(word)
            if at >= 0:
                return at, at + len(word)
    there = set(folded)
    likely = tuple(word for word in words if there.issuperset(word))
    marks = find_marks(piece, likely) if likely else []
    return marks[0] if marks else None
