"""Acts on ledgers that are imported whole: take a snapshot in, correct one of its rows."""

from __future__ import annotations

import datetime
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.files.store import hash_of
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import IMPORT, KEEP, access_ledger, reach_of, require_body
from zhenggai.ledgers.declared import fingerprint_of, kept_fields, shape_of
from zhenggai.ledgers.duck import cursor, text
from zhenggai.ledgers.errors import BadSnapshot, ChangedMeanwhile, NotASnapshot, ReasonMissing
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.models import Batch, Overlay, Snapshot
from zhenggai.ledgers.readers.snapshots import columns_in, holding_snapshots
from zhenggai.ledgers.values import clean
from zhenggai.ledgers.versions import lock_ledger
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

FOLDER = "snapshots"
_MOST_CARRIED = 10_000
"""Corrections that are looked at again when the next snapshot comes."""


def add_snapshot(
    code: str, *, actor: Actor, body: Unit, made: Path, taken_on: datetime.date, batch: Batch | None = None
) -> Snapshot:
    """Take a Parquet file in as all that a body's ledger says from now on.

    A correction of the snapshot before goes over to this one while the file still says what was corrected.

    Args:
        code: the ledger.
        actor: who imports.
        body: the body that keeps it.
        made: the file, with ``row_id`` (text, each once) and columns named by field codes; it is moved away.
        taken_on: the day whose state it shows.
        batch: what the import is taken back with.

    Raises:
        NotFound, NotAllowed: the ledger or the body is out of reach.
        NotASnapshot: the ledger is kept by hand.
        BadSnapshot: the file does not fit.
    """
    ledger = _whole(access_ledger(actor, code, IMPORT))
    require_body(actor, ledger, body, IMPORT)
    rows = _checked(ledger, made)
    folder = Path(settings.ZHENGGAI_HOME) / FOLDER / code
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{body.pk}-{taken_on:%Y%m%d}-{uuid.uuid4().hex}.parquet"
    size, sha256 = made.stat().st_size, hash_of(made)
    with transaction.atomic():
        lock_ledger(ledger)
        before = next((each for each in holding_snapshots(code) if each.body_id == body.pk), None)
        os.replace(made, target)
        snapshot = Snapshot.objects.create(
            ledger=code, body=body, path=f"{FOLDER}/{code}/{target.name}", rows=rows, size=size, sha256=sha256,
            taken_on=taken_on, created_at=timezone.now(), actor=actor if isinstance(actor, User) else None, batch=batch,
            fingerprint=fingerprint_of(shape_of(ledger)),
        )  # fmt: skip
        carried = _carry_over(ledger, before, snapshot) if before else 0
        data = {"rows": rows, "sha256": sha256, "taken_on": taken_on.isoformat(), "body": body.name, "carried": carried}
        _tell(actor, codes.SNAPSHOT_ADDED, ledger, data)
    return snapshot


def _whole(ledger: Ledger) -> Ledger:
    if ledger.store != "snapshots":
        raise NotASnapshot(ledger=ledger.label)
    return ledger


def _checked(ledger: Ledger, made: Path) -> int:
    there = columns_in(str(made))
    known = {"row_id", *(each.code for each in kept_fields(ledger))}
    strange = [column for column in there if column not in known]
    if there.get("row_id") != "VARCHAR" or strange:
        reason = _now("缺少 row_id 列，或有未声明的列（%(listed)s）") % {"listed": "、".join(strange[:5])}
        raise BadSnapshot(ledger=ledger.label, reason=reason)
    statement = f"SELECT count(*), count(DISTINCT row_id) FROM read_parquet({text(str(made))})"
    total, different = cursor().execute(statement).fetchall()[0]
    if total != different:
        raise BadSnapshot(
            ledger=ledger.label, reason=_now("有 %(count)s 行的主键重复或为空") % {"count": total - different}
        )
    return int(total)


def _carry_over(ledger: Ledger, before: Snapshot, after: Snapshot) -> int:
    """Give corrections to the new snapshot where it says in those fields what the old one said."""
    held = list(Overlay.objects.filter(snapshot=before, valid_to__isnull=True).order_by("id")[:_MOST_CARRIED])
    if not held:
        return 0
    keys = [each.row_id for each in held]
    old, new = (_plain_rows(ledger, each, keys) for each in (before, after))
    carried = [
        Overlay(
            snapshot=after, row_id=each.row_id, revision=1, changes=each.changes, withdrawn=each.withdrawn,
            valid_from=after.created_at, actor=each.actor, reason=each.reason,
        )
        for each in held
        if each.row_id in new and all(old[each.row_id][code] == new[each.row_id][code] for code in each.changes)
    ]  # fmt: skip
    Overlay.objects.bulk_create(carried, batch_size=500)
    return len(carried)


def _plain_rows(ledger: Ledger, snapshot: Snapshot, keys: list[str]) -> dict[str, dict[str, str | None]]:
    path = str(Path(settings.ZHENGGAI_HOME) / snapshot.path)
    there = columns_in(path)
    codes_ = [each.code for each in kept_fields(ledger)]
    columns = ", ".join(f'CAST("{code}" AS VARCHAR)' if code in there else "NULL" for code in codes_)
    statement = f"SELECT row_id, {columns} FROM read_parquet({text(path)}) WHERE list_contains($keys, row_id)"
    rows = cursor().execute(statement, {"keys": keys}).fetchall()
    return {row[0]: dict(zip(codes_, row[1:], strict=True)) for row in rows}


def correct_row(
    code: str,
    row_id: str,
    values: Mapping[str, object],
    *,
    actor: Actor,
    revision: int,
    reason: str,
    withdrawn: bool = False,
) -> Overlay:
    """Correct a row of a snapshot; the file stays as it came.

    Args:
        code: the ledger.
        row_id: the row, as lists name it: the body's id, a colon, the key.
        values: field code → what was typed; an empty one empties the field.
        actor: who acts.
        revision: the revision the person saw, 0 where nobody corrected the row before.
        reason: why.
        withdrawn: whether the row does not count at all.

    Raises:
        NotFound, NotAllowed: the row is out of reach.
        NotASnapshot: the ledger is kept by hand.
        ReasonMissing: no reason was given.
        ChangedMeanwhile: somebody else corrected it meanwhile.
        UnknownField, BadRow: a value cannot be taken.
    """
    if not (reason := clean(reason)):
        raise ReasonMissing
    with transaction.atomic():
        ledger = _whole(access_ledger(actor, code, KEEP))
        lock_ledger(ledger)
        snapshot, key = _snapshot_of(ledger, row_id)
        if not reach_of(actor, ledger, KEEP).covers(snapshot.body):
            raise NotFound
        if not _plain_rows(ledger, snapshot, [key]):
            raise NotFound
        before = (
            Overlay.objects.select_related("actor").filter(snapshot=snapshot, row_id=key, valid_to__isnull=True).first()
        )
        if (before.revision if before else 0) != revision:
            who = before.actor.name if before and before.actor else _now("系统")
            raise ChangedMeanwhile(title=key, who=who, changes=_now("已有更正"))
        read = Form(ledger).read(values, {})
        changes = {**(before.changes if before else {}), **{field: read.get(field) for field in values}}
        now = timezone.now()
        if before:
            before.valid_to = now
            before.save(update_fields=["valid_to"])
        overlay = Overlay.objects.create(
            snapshot=snapshot, row_id=key, revision=revision + 1, changes=changes, withdrawn=withdrawn, valid_from=now,
            actor=actor if isinstance(actor, User) else None, reason=reason[:300],
        )  # fmt: skip
        data = {"row": row_id, "fields": sorted(values), "withdrawn": withdrawn, "reason": reason}
        _tell(actor, codes.SNAPSHOT_ROW_CORRECTED, ledger, data)
    return overlay


def _snapshot_of(ledger: Ledger, row_id: str) -> tuple[Snapshot, str]:
    body, _, key = row_id.partition(":")
    for snapshot in holding_snapshots(ledger.ledger):
        if str(snapshot.body_id) == body:
            return snapshot, key
    raise NotFound


def _tell(actor: Actor, code: str, ledger: Ledger, data: Mapping[str, object]) -> None:
    record(actor=actor, code=code, object_type="ledger", object_id=ledger.ledger, object_label=ledger.label, data=data)
