"""Acts on many rows at once, each a batch that can be taken back as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.ledgers import codes
from zhenggai.ledgers.access import IMPORT, KEEP, access_batch, access_ledger, require_body, visible_rows
from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.errors import CannotUndo, NothingChosen, SomeOutOfReach
from zhenggai.ledgers.forms import Data, Form
from zhenggai.ledgers.models import Batch, Origin, Row, RowVersion
from zhenggai.ledgers.trail import tell_batch
from zhenggai.ledgers.versions import Next, Writing, begin, data_of
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk change would do."""

    chosen: int
    """Rows chosen."""
    changed: int
    """Rows that would say something else."""
    problems: Mapping[int, str]
    """Rows that cannot be changed so, id → why; nothing is written while there are any."""


def preview_bulk(code: str, keys: Iterable[int], values: Mapping[str, object], *, actor: Actor) -> BulkPreview:
    """Tell what :func:`bulk_change` would do, and write nothing.

    Raises:
        NotFound, NotAllowed: the ledger is out of reach.
        NothingChosen, SomeOutOfReach: not all of the rows can be changed.
        UnknownField: a field is not declared.
    """
    ledger = access_ledger(actor, code, KEEP)
    rows = _chosen(actor, code, keys, values)
    form, before = Form(ledger), data_of(rows)
    changed, problems = 0, {}
    for row in rows:
        after, wrong = form.try_read(values, before[row.pk])
        changed += after != before[row.pk]
        if wrong:
            problems[row.pk] = "；".join(wrong.values())
    return BulkPreview(len(rows), changed, problems)


def bulk_change(
    code: str, keys: Iterable[int], values: Mapping[str, object], *, actor: Actor, reason: str = ""
) -> Batch | None:
    """Change the same fields of many rows, all or none; return what takes it back, or ``None`` when all of it already held.

    Raises:
        NotFound, NotAllowed: the ledger is out of reach.
        NothingChosen, SomeOutOfReach: not all of the rows can be changed.
        UnknownField, BadRow, KeyTaken, ValueTaken: a value cannot be taken.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, KEEP)
        writing = begin(ledger, actor=actor, origin=Origin.BULK, reason=reason)
        rows = _chosen(actor, code, keys, values)
        before = data_of(rows)
        nexts = [
            Next(row, after) for row in rows if (after := writing.form.read(values, before[row.pk])) != before[row.pk]
        ]
        if not nexts:
            return None
        labels = "、".join(writing.form.fields[each].label for each in values)
        label = _now("批量修改 %(count)s 条：%(fields)s") % {"count": len(nexts), "fields": labels}
        batch = open_batch(writing, Batch.Kind.BULK, label, [each.row for each in nexts])
        writing.put(nexts)
        shown = {each: writing.form.show(each, nexts[0].data) for each in values}
        tell_batch(actor, codes.ROWS_CHANGED, batch, ids=[each.row.pk for each in nexts], values=shown, reason=reason)
    return batch


def create_rows(
    code: str, rows: Sequence[Mapping[str, object]], *, actor: Actor, body: Unit, label: str
) -> Batch | None:
    """Add many rows that *body* keeps, all or none; return what takes them back, or ``None`` when there are none.

    Args:
        code: the ledger.
        rows: of each, field code → plain value or text, as for :func:`zhenggai.ledgers.actions.create_row`.
        actor: who acts.
        body: who keeps the rows.
        label: where they come from, in words.

    Raises:
        NotFound, NotAllowed: the ledger or the body is out of reach.
        NotKeptByHand: the ledger is imported whole.
        UnknownField, BadRow, KeyTaken, ValueTaken: a value cannot be taken.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, IMPORT)
        require_body(actor, ledger, body, IMPORT)
        writing = begin(ledger, actor=actor, origin=Origin.IMPORT, reason=label)
        for field in writing.form.kept.values():
            if field.ledger is not None:
                writing.form.names.learn_rows(
                    field.ledger, {str(row[field.code]) for row in rows if row.get(field.code)}
                )
        datas = [writing.form.read(row) for row in rows]
        if not datas:
            return None
        batch = open_batch(writing, Batch.Kind.IMPORT, label, [], body=body, count=len(datas))
        writing.create(body, datas)
        tell_batch(actor, codes.ROWS_IMPORTED, batch)
    return batch


def open_batch(
    writing: Writing, kind: Batch.Kind, label: str, rows: Sequence[Row], *, body: Unit | None = None, count: int = 0
) -> Batch:
    """Begin a batch that the versions *writing* makes from now on belong to; of rows to come, *body* and *count* are told."""
    bodies = {row.body_id for row in rows} | ({body.pk} if body else set())
    batch = Batch.objects.create(
        ledger=writing.ledger, body_id=bodies.pop() if len(bodies) == 1 else None, kind=kind, label=label[:200],
        actor=writing.actor if isinstance(writing.actor, User) else None, made_at=writing.at, rows=len(rows) or count,
    )  # fmt: skip
    writing.batch = batch
    return batch


def _chosen(actor: Actor, code: str, keys: Iterable[int], values: Mapping[str, object]) -> list[Row]:
    wanted = sorted(set(keys))
    if not wanted or not values:
        raise NothingChosen
    reached = visible_rows(actor, access_declared(code), KEEP).filter(withdrawn_at__isnull=True)
    rows: list[Row] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows += reached.filter(pk__in=wanted[start : start + _AT_ONCE]).order_by("pk")
    if len(rows) < len(wanted):
        raise SomeOutOfReach(asked=len(wanted), missing=len(wanted) - len(rows))
    return rows


def undo_batch(batch: Batch, *, actor: Actor) -> Batch:
    """Take back all that a batch wrote, by new versions that say what the rows said before; rows it added are withdrawn.

    Raises:
        NotFound, NotAllowed: the batch or one of its rows is out of reach.
        CannotUndo: it was taken back already, or rows were changed after it.
        KeyTaken, ValueTaken: another row has taken a row's place.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, batch.ledger, KEEP)
        access_batch(actor, batch.ledger, batch.pk)
        writing = begin(
            ledger, actor=actor, origin=Origin.UNDO, reason=_now("撤销：%(label)s") % {"label": batch.label}
        )
        found = Batch.objects.select_for_update().get(pk=batch.pk)
        if found.undone_at is not None:
            raise CannotUndo(label=found.label, reason=_now("已经撤销过"))
        nexts = _states_before(actor, found)
        undo = open_batch(writing, Batch.Kind.UNDO, writing.reason, [each.row for each in nexts])
        writing.put(nexts)
        found.undone_at, found.undone_by = timezone.now(), undo.actor
        found.save(update_fields=["undone_at", "undone_by"])
        tell_batch(actor, codes.BATCH_UNDONE, found, undo=undo.pk)
    return undo


def _states_before(actor: Actor, batch: Batch) -> list[Next]:
    """Return what the rows of a batch said before it; they must still say what the batch made of them."""
    written = dict(RowVersion.objects.filter(batch=batch).values_list("row_id", "revision"))
    rows: list[Row] = []
    reached = visible_rows(actor, access_declared(batch.ledger), KEEP)
    keys = sorted(written)
    for start in range(0, len(keys), _AT_ONCE):
        rows += reached.filter(pk__in=keys[start : start + _AT_ONCE]).order_by("pk")
    if len(rows) < len(written):
        raise SomeOutOfReach(asked=len(written), missing=len(written) - len(rows))
    later = [row for row in rows if row.revision != written[row.pk]]
    if later:
        titles = "、".join(row.title for row in later[:5])
        reason = _now("其中 %(count)s 条之后又有修改（%(titles)s）") % {"count": len(later), "titles": titles}
        raise CannotUndo(label=batch.label, reason=reason)
    before: dict[int, tuple[Data, bool]] = {}
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        states = RowVersion.objects.filter(row__in=part).values_list("row_id", "revision", "data", "withdrawn")
        for key, revision, data, withdrawn in states:
            if revision == written[key] - 1:
                before[key] = (data, withdrawn)
            elif revision == written[key]:
                before.setdefault(key, (data, True))  # a row that the batch added
    return [Next(row, *before[row.pk]) for row in rows]
