"""Bringing rows into the form of a changed declaration, as new versions that can be taken back."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.ledgers import codes
from zhenggai.ledgers.access import DECLARE
from zhenggai.ledgers.actions.bulk import open_batch
from zhenggai.ledgers.declared import current, fingerprint_of, shape_of
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.migrating import Conformed, Misfit, Steps, convert, misfit, outdated_ledgers, steps_of
from zhenggai.ledgers.models import Batch, LedgerState, Origin, Row, RowVersion
from zhenggai.ledgers.readers.rows import forget_bases
from zhenggai.ledgers.trail import tell_batch
from zhenggai.ledgers.versions import Next, begin, lock_ledger
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor, require

_AT_ONCE = 1_000
MOST_LISTED = 5_000
"""Values listed that could not be converted."""


def conform_ledgers(*, actor: Actor, dry_run: bool = False) -> list[Conformed]:
    """Bring the rows of every ledger whose declaration changed into the new form; a ledger at a time.

    Args:
        actor: who acts: somebody who makes declarations, or the operator.
        dry_run: only tell what would be done.

    Raises:
        NotAllowed: the actor does not make declarations.
        KeyTaken, ValueTaken: converted values would no longer be unique.
    """
    require(actor, DECLARE)
    return [_conform(ledger, actor=actor, dry_run=dry_run) for ledger, _steps in outdated_ledgers()]


def reindex_ledgers(*, actor: Actor) -> int:
    """Make title and words of all rows anew, after units, people or choices were renamed; return how many changed.

    Raises:
        NotAllowed: the actor does not make declarations.
    """
    require(actor, DECLARE)
    count = 0
    for state in LedgerState.objects.exclude(fingerprint="").order_by("ledger"):
        ledger = current().ledgers.get(state.ledger)
        if ledger is not None and ledger.store == "rows":
            with transaction.atomic():
                lock_ledger(ledger)
                count += refresh_known(Form(ledger))
    return count


def _conform(ledger: Ledger, *, actor: Actor, dry_run: bool) -> Conformed:
    if dry_run:
        steps = steps_of(ledger, LedgerState.objects.get(ledger=ledger.ledger).fields)
        nexts, misfits = _converted(Form(ledger), steps)
        return Conformed(ledger.ledger, ledger.label, steps, len(nexts), tuple(misfits))
    with transaction.atomic():
        state = lock_ledger(ledger)
        steps = steps_of(ledger, state.fields)
        done = Conformed(ledger.ledger, ledger.label, steps, 0, ())
        if steps and ledger.store == "rows":
            done = _write(ledger, steps, actor)
        if ledger.store == "rows":
            refresh_known(Form(ledger))
        state.fields = shape_of(ledger)
        state.fingerprint, state.conformed_at = fingerprint_of(state.fields), timezone.now()
        state.problems = [each.as_dict() for each in done.misfits[:MOST_LISTED]]
        state.save(update_fields=["fields", "fingerprint", "conformed_at", "problems"])
    return done


def _write(ledger: Ledger, steps: Steps, actor: Actor) -> Conformed:
    writing = begin(ledger, actor=actor, origin=Origin.MIGRATION, reason=_now("台账格式有变"))
    nexts, misfits = _converted(writing.form, steps)
    done = Conformed(ledger.ledger, ledger.label, steps, len(nexts), tuple(misfits))
    if not nexts:
        return done
    label = _now("按新的台账格式转换 %(count)s 条") % {"count": len(nexts)}
    batch = open_batch(writing, Batch.Kind.MIGRATION, label, [each.row for each in nexts])
    writing.put(nexts)
    tell_batch(
        actor,
        codes.ROWS_MIGRATED,
        batch,
        renamed=dict(steps.renamed),
        retyped=sorted(steps.retyped),
        misfits=len(misfits),
    )
    return replace(done, batch_id=batch.pk)


def _converted(form: Form, steps: Steps) -> tuple[list[Next], list[Misfit]]:
    nexts: list[Next] = []
    misfits: list[Misfit] = []
    holding = RowVersion.objects.filter(ledger=form.ledger.ledger, valid_to__isnull=True).select_related("row")
    for version in holding.order_by("row_id").iterator(chunk_size=_AT_ONCE):
        after, wrong = convert(form, steps, version.data)
        misfits += [misfit(form, version.row_id, after, code, reason) for code, reason in wrong.items()]
        if after != version.data:
            nexts.append(Next(version.row, after, version.withdrawn))
    return nexts, misfits


def refresh_known(form: Form) -> int:
    """Bring title, unit and words of rows in step with what the declaration says of them; return how many changed.

    Keys stay: two rows may have become the same by the new key fields, and only a person can tell which is right.
    """
    count = 0
    holding = RowVersion.objects.filter(ledger=form.ledger.ledger, valid_to__isnull=True).select_related("row")
    changed: list[Row] = []
    for version in holding.order_by("row_id").iterator(chunk_size=_AT_ONCE):
        row, known = version.row, form.known(version.data)
        fresh = (known.title, known.unit_id or row.body_id, known.search, known.search_personal)
        if fresh != (row.title, row.unit_id, row.search, row.search_personal):
            row.title, row.unit_id, row.search, row.search_personal = fresh
            changed.append(row)
    for start in range(0, len(changed), 100):
        part = changed[start : start + 100]
        count += Row.objects.bulk_update(part, ["title", "unit", "search", "search_personal"])
    if changed:
        forget_bases(form.ledger.ledger)
    return count
