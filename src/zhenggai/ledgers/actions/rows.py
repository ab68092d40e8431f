"""Acts on single rows: enter, change, take off the ledger and put back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.ledgers import codes
from zhenggai.ledgers.access import KEEP, access_ledger, access_row, require_body
from zhenggai.ledgers.errors import ChangedMeanwhile, IsWithdrawn, NotWithdrawn, ReasonMissing
from zhenggai.ledgers.forms import Data, Form
from zhenggai.ledgers.history import differences
from zhenggai.ledgers.models import Origin, Row, RowVersion
from zhenggai.ledgers.trail import tell_row
from zhenggai.ledgers.values import clean
from zhenggai.ledgers.versions import Next, Writing, begin, data_of
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit


def create_row(
    code: str, values: Mapping[str, object], *, actor: Actor, body: Unit, origin: Origin = Origin.FORM, reason: str = ""
) -> Row:
    """Add a row to a ledger.

    Args:
        code: the ledger.
        values: field code → what was typed, or a plain value; see :mod:`zhenggai.ledgers.values`.
        actor: who acts.
        body: the body that keeps the row.
        origin: by what way it comes.
        reason: why, where there is something to say.

    Raises:
        NotFound, NotAllowed: the ledger or the body is out of reach.
        NotKeptByHand: the ledger is imported whole.
        UnknownField, BadRow, KeyTaken, ValueTaken: a value cannot be taken.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, KEEP)
        require_body(actor, ledger, body)
        writing = begin(ledger, actor=actor, origin=origin, reason=reason)
        data = writing.form.read(values)
        (row,) = writing.create(body, [data])
        tell_row(actor, codes.ROW_CREATED, row, writing.form, after=data)
    return row


def change_row(row: Row, values: Mapping[str, object], *, actor: Actor, revision: int, reason: str = "") -> Row:
    """Change fields of a row; nothing is written when all of them already hold.

    Args:
        row: which one.
        values: field code → what was typed; fields not named stay.
        actor: who acts.
        revision: the revision the person saw.
        reason: why, where there is something to say.

    Raises:
        NotFound, NotAllowed: the row is out of reach.
        IsWithdrawn, ChangedMeanwhile: its state does not permit it.
        UnknownField, BadRow, KeyTaken, ValueTaken: a value cannot be taken.
    """
    with transaction.atomic():
        writing, found, before = _begin(row, actor=actor, origin=Origin.FORM, reason=reason)
        if found.withdrawn_at is not None:
            raise IsWithdrawn(title=found.title)
        _check_seen(found, writing.form, before, revision)
        after = writing.form.read(values, before)
        if after != before:
            writing.put([Next(found, after)])
            tell_row(actor, codes.ROW_CHANGED, found, writing.form, before=before, after=after, reason=reason)
    return found


def withdraw_row(row: Row, *, actor: Actor, reason: str) -> Row:
    """Take a row off the ledger, for a reason; it can be restored and is never deleted.

    Raises:
        ReasonMissing: no reason was given.
        NotFound, NotAllowed: the row is out of reach.
        IsWithdrawn: it is off already.
    """
    reason = clean(reason)
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        writing, found, data = _begin(row, actor=actor, origin=Origin.FORM, reason=reason)
        if found.withdrawn_at is not None:
            raise IsWithdrawn(title=found.title)
        writing.put([Next(found, data, withdrawn=True)])
        tell_row(actor, codes.ROW_WITHDRAWN, found, writing.form, reason=reason)
    return found


def restore_row(row: Row, *, actor: Actor) -> Row:
    """Put a row back on the ledger.

    Raises:
        NotFound, NotAllowed: the row is out of reach.
        NotWithdrawn: it stands on the ledger.
        KeyTaken, ValueTaken: another row has taken its place.
    """
    with transaction.atomic():
        writing, found, data = _begin(row, actor=actor, origin=Origin.FORM, reason="")
        if found.withdrawn_at is None:
            raise NotWithdrawn(title=found.title)
        writing.put([Next(found, data)])
        tell_row(actor, codes.ROW_RESTORED, found, writing.form)
    return found


def _begin(row: Row, *, actor: Actor, origin: Origin, reason: str) -> tuple[Writing, Row, Data]:
    """Lock the ledger, then look at the row."""
    ledger = access_ledger(actor, row.ledger)
    access_row(actor, row.ledger, row.pk, KEEP)
    writing = begin(ledger, actor=actor, origin=origin, reason=reason)
    found = Row.objects.select_related("body").get(pk=row.pk)
    return writing, found, data_of([found])[found.pk]


def _check_seen(row: Row, form: Form, now: Data, revision: int) -> None:
    if revision == row.revision:
        return
    seen = RowVersion.objects.filter(row=row, revision=revision).values_list("data", flat=True).first()
    last = RowVersion.objects.select_related("actor").get(row=row, valid_to__isnull=True)
    changes = differences(form, seen or {}, now)
    told = "；".join(
        _now("%(label)s：%(before)s → %(after)s")
        % {"label": each.label, "before": each.before or "—", "after": each.after or "—"}
        for each in changes[:5]
    )
    raise ChangedMeanwhile(
        title=row.title,
        who=last.actor.name if last.actor else _now("系统"),
        changes=told or _now("内容未变，但经过修改"),
    )
