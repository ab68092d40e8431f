"""Acts on imports: bring a file, say what its columns mean, try it, write it, take it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.files.actions import store_file
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import IMPORT, access_ledger, require_body
from zhenggai.ledgers.actions.bulk import undo_batch
from zhenggai.ledgers.declared import access_declared, kept_fields
from zhenggai.ledgers.errors import CannotUndo
from zhenggai.ledgers.importing.errors import BadMapping, NoSuchTable, WrongStep
from zhenggai.ledgers.importing.layout import lay_out
from zhenggai.ledgers.importing.queries import access_import
from zhenggai.ledgers.importing.store import drop_staged
from zhenggai.ledgers.importing.tasks import work_on_import
from zhenggai.ledgers.models import Batch, LedgerImport, Snapshot
from zhenggai.ledgers.versions import lock_ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

State = LedgerImport.State
_AT_REST = (State.STAGED, State.CHECKED)


def start_import(code: str, *, actor: Actor, body: Unit, source: BinaryIO, name: str) -> LedgerImport:
    """Bring a file of rows for a ledger; it is staged in the background.

    Args:
        code: the ledger.
        actor: who imports.
        body: the body that keeps the rows.
        source: the bytes.
        name: the file's name.

    Raises:
        NotFound, NotAllowed: the ledger or the body is out of reach.
        NoBytes, TooLarge, ForbiddenType, CannotStore: the file cannot be kept.
    """
    ledger = access_ledger(actor, code, IMPORT)
    require_body(actor, ledger, body, IMPORT)
    with transaction.atomic():
        file = store_file(actor=actor, source=source, name=name)
        made = LedgerImport.objects.create(
            ledger=code, body=body, file=file, name=name[:200], actor=actor if isinstance(actor, User) else None,
            known="update" if ledger.key else "refuse", taken_on=timezone.localdate(), step=_now("等待读取"),
        )  # fmt: skip
        _tell(actor, codes.IMPORT_STARTED, made)
        _enqueue(made)
    return made


def choose_table(
    import_: LedgerImport, *, actor: Actor, table: int, heads: Sequence[int] | None = None
) -> LedgerImport:
    """Choose which table of the file is meant, and which rows hold its heads; columns are matched anew.

    Raises:
        NotFound: the import is out of reach.
        WrongStep: it is being worked on, or over.
        NoSuchTable: the file has no such table.
        BadMapping: there are no such rows.
    """
    with transaction.atomic():
        found = _lock(import_, actor, _AT_REST, _now("更换工作表"))
        if not 0 <= table < len(found.tables):
            raise NoSuchTable(name=found.name)
        found.table = table
        lay_out(found, heads)
        found.state = State.STAGED
        found.save()
    return found


def match(
    import_: LedgerImport,
    *,
    actor: Actor,
    mapping: Mapping[int, str],
    known: str,
    blanks: str = "leave",
    problems: str = "stop",
    taken_on: datetime.date | None = None,
) -> LedgerImport:
    """Say what the columns mean and how to go on, then try the import in the background: nothing is written.

    Args:
        import_: which one.
        actor: who acts.
        mapping: column → field code; columns not named are left out.
        known: rows whose key the ledger knows: ``update``, ``skip`` or ``refuse``.
        blanks: an empty cell of a known row: ``leave`` or ``clear``.
        problems: rows that cannot be taken: ``stop`` the import, or ``skip`` them.
        taken_on: for a ledger that is imported whole, the day whose state it shows.

    Raises:
        NotFound: the import is out of reach.
        WrongStep: it is being worked on, or over.
        BadMapping: columns, fields or ways do not fit.
    """
    with transaction.atomic():
        found = _lock(import_, actor, _AT_REST, _now("核对"))
        _check_mapping(found, mapping)
        if known not in LedgerImport.Known.values or blanks not in LedgerImport.Blanks.values:
            raise BadMapping(name=found.name, reason=_now("没有这样的处理方式"))
        if problems not in LedgerImport.OnProblem.values:
            raise BadMapping(name=found.name, reason=_now("没有这样的处理方式"))
        found.mapping = {str(column): field for column, field in sorted(mapping.items())}
        found.known, found.blanks, found.on_problem = known, blanks, problems
        found.taken_on = taken_on or found.taken_on
        found.state, found.step, found.percent = State.CHECKING, _now("等待核对"), 0
        found.attempt += 1
        found.save()
        _enqueue(found)
    return found


def _check_mapping(import_: LedgerImport, mapping: Mapping[int, str]) -> None:
    ledger = access_declared(import_.ledger)
    known = {each.code: each for each in kept_fields(ledger)}
    width = import_.tables[import_.table]["columns"]
    seen: set[str] = set()
    for column, field in mapping.items():
        if not 0 <= column < width or field not in known:
            raise BadMapping(name=import_.name, reason=_now("没有这样的列或字段"))
        if field in seen:
            raise BadMapping(name=import_.name, reason=_now("“%(label)s”对应了两列") % {"label": known[field].label})
        seen.add(field)
    lacking = [known[code].label for code in ledger.key if code not in seen]
    if lacking:
        reason = _now("主键“%(labels)s”没有对应的列") % {"labels": "、".join(lacking)}
        raise BadMapping(name=import_.name, reason=reason)
    if not mapping:
        raise BadMapping(name=import_.name, reason=_now("没有任何一列对应到字段"))


def write_import(import_: LedgerImport, *, actor: Actor) -> LedgerImport:
    """Write what was tried, in the background and all or nothing.

    Raises:
        NotFound: the import is out of reach.
        WrongStep: it was not tried, or is over.
    """
    with transaction.atomic():
        found = _lock(import_, actor, (State.CHECKED,), _now("写入"))
        found.state, found.step, found.percent = State.WRITING, _now("等待写入"), 0
        found.attempt += 1
        found.save()
        _enqueue(found)
    return found


def undo_import(import_: LedgerImport, *, actor: Actor) -> LedgerImport:
    """Take back all that an import wrote: rows by new versions, a snapshot by letting the one before it hold again.

    Raises:
        NotFound, NotAllowed: the import or one of its rows is out of reach.
        WrongStep: it wrote nothing, or was taken back already.
        CannotUndo: rows were changed after it, or another snapshot came.
    """
    with transaction.atomic():
        found = _lock(import_, actor, (State.DONE,), _now("撤销"))
        if found.snapshot_id is not None:
            _undo_snapshot(found, found.snapshot_id)
        else:
            assert found.batch is not None  # held by the state
            undo_batch(found.batch, actor=actor)
        found.state, found.finished_at = State.UNDONE, timezone.now()
        found.save()
        _tell(actor, codes.IMPORT_UNDONE, found)
    return found


def _undo_snapshot(import_: LedgerImport, key: int) -> None:
    lock_ledger(access_declared(import_.ledger))
    snapshot = Snapshot.objects.select_for_update().get(pk=key)
    later = Snapshot.objects.filter(
        ledger=snapshot.ledger, body=snapshot.body, pk__gt=snapshot.pk, undone_at__isnull=True
    )
    if later.exists():
        raise CannotUndo(label=import_.name, reason=_now("之后又导入了新的快照"))
    if snapshot.overlays.exclude(actor=None, reason="").filter(valid_from__gt=snapshot.created_at).exists():
        raise CannotUndo(label=import_.name, reason=_now("导入后有人更正过其中的记录"))
    snapshot.undone_at = timezone.now()
    snapshot.save(update_fields=["undone_at"])
    if snapshot.batch_id is not None:
        Batch.objects.filter(pk=snapshot.batch_id).update(undone_at=snapshot.undone_at)


def discard_import(import_: LedgerImport, *, actor: Actor) -> LedgerImport:
    """Give an import up before it wrote anything.

    Raises:
        NotFound: the import is out of reach.
        WrongStep: it is writing, or over.
    """
    with transaction.atomic():
        found = _lock(import_, actor, (*_AT_REST, State.WAITING, State.CHECKING, State.FAILED), _now("放弃"))
        found.state, found.finished_at = State.DISCARDED, timezone.now()
        found.attempt += 1  # whoever is working on it finds that it is no longer meant
        found.save()
        _tell(actor, codes.IMPORT_DISCARDED, found)
        key = found.pk
        transaction.on_commit(lambda: drop_staged(key))
    return found


def _lock(import_: LedgerImport, actor: Actor, states: Sequence[str], act: str) -> LedgerImport:
    seen = access_import(actor, import_.pk)
    found = LedgerImport.objects.select_for_update().get(pk=seen.pk)
    if found.state not in states:
        raise WrongStep(name=found.name, state=found.get_state_display(), act=act)
    require_body(actor, access_ledger(actor, found.ledger, IMPORT), found.body, IMPORT)
    return found


def _enqueue(import_: LedgerImport) -> None:
    key, attempt = import_.pk, import_.attempt
    transaction.on_commit(lambda: work_on_import.enqueue(key, attempt))


def _tell(actor: Actor, code: str, import_: LedgerImport) -> None:
    data = {"ledger": import_.ledger, "body": import_.body.name, "sha256": import_.file.sha256, **import_.tally}
    record(
        actor=actor, code=code, object_type="ledger_import", object_id=import_.pk, object_label=import_.name, data=data
    )
