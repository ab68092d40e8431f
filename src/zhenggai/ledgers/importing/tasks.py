"""Working on an import in the background: staging, trying, writing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django_tasks import task

from zhenggai.audit.actions import record
from zhenggai.docparse.staging import stage_tables
from zhenggai.files.queries import path_of
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import IMPORT, access_ledger, require_body
from zhenggai.ledgers.actions.snapshots import add_snapshot
from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.importing.errors import HasProblems, ImportBroke, NothingToWrite, WrongStep
from zhenggai.ledgers.importing.layout import lay_out
from zhenggai.ledgers.importing.queries import staged_path
from zhenggai.ledgers.importing.rows import Choices, RowImport, write
from zhenggai.ledgers.importing.shapes import CellProblem, ProblemFile, Tally
from zhenggai.ledgers.importing.staged import count_rows
from zhenggai.ledgers.importing.store import drop_staged, folder_of, problems_path
from zhenggai.ledgers.importing.whole import WholeImport
from zhenggai.ledgers.models import Batch, LedgerImport, Origin
from zhenggai.ledgers.versions import begin
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import OPERATOR, Actor

State = LedgerImport.State


@task()
def work_on_import(import_id: int, attempt: int) -> str:
    """Do the next step of an import; return the state it is left in.

    Args:
        import_id: key of the import.
        attempt: which attempt is meant; the person may have chosen otherwise meanwhile.
    """
    import_ = LedgerImport.objects.select_related("file", "body", "actor").get(pk=import_id)
    if import_.attempt != attempt:
        return "superseded"
    steps: dict[str, Callable[[LedgerImport], None]] = {
        State.WAITING: _stage, State.CHECKING: _try, State.WRITING: _write,
    }  # fmt: skip
    step = steps.get(import_.state)
    if step is None:
        return "superseded"
    try:
        step(import_)
    except ZhenggaiError as error:
        _fail(import_, error)
    except Exception as error:
        # Whatever else happens must not leave the page waiting for ever; the task framework logs the traceback.
        _fail(import_, ImportBroke(name=import_.name, reason=type(error).__name__))
        raise
    import_.refresh_from_db(fields=["state"])
    return import_.state


def _fail(import_: LedgerImport, error: ZhenggaiError) -> None:
    """Say why; an import that was tried before stays so, that the person may choose otherwise."""
    back = {State.WAITING: State.FAILED, State.CHECKING: State.STAGED, State.WRITING: State.CHECKED}
    _mine(import_).update(
        state=back.get(State(import_.state), State.FAILED),
        step="",
        error=error.describe().as_dict(),
        step_at=timezone.now(),
    )


def _mine(import_: LedgerImport) -> QuerySet[LedgerImport]:
    return LedgerImport.objects.filter(pk=import_.pk, attempt=import_.attempt, state=import_.state)


def _progress(import_: LedgerImport, words: str, percent: int) -> None:
    _mine(import_).update(step=words, percent=percent, step_at=timezone.now())


def _stage(import_: LedgerImport) -> None:
    _progress(import_, _now("正在读取文件"), 10)
    drop_staged(import_.pk)
    folder = folder_of(import_.pk)
    folder.mkdir(parents=True, mode=0o700)
    tables = stage_tables(path_of(import_.file), folder, name=import_.name)
    import_.tables = [
        {"name": each.name, "file": Path(each.path).name, "rows": each.rows, "columns": each.columns, "heads": list(each.heads),
         "note": each.note}
        for each in tables
    ]  # fmt: skip
    import_.table = max(range(len(tables)), key=lambda index: (tables[index].rows > 1, -index))
    lay_out(import_)
    _mine(import_).update(
        tables=import_.tables, table=import_.table, head_rows=import_.head_rows, after=import_.after, labels=import_.labels,
        mapping=import_.mapping, state=State.STAGED, step="", percent=100, error={}, step_at=timezone.now(),
    )  # fmt: skip


def _try(import_: LedgerImport) -> None:
    ledger = access_declared(import_.ledger)
    problems = ProblemFile(problems_path(import_.pk))
    try:
        tally = (
            _try_whole(import_, ledger, problems)
            if ledger.store == "snapshots"
            else _try_rows(import_, ledger, problems)
        )
    finally:
        problems.close()
    _mine(import_).update(
        state=State.CHECKED, step="", percent=100, tally=tally.as_dict(), error={}, step_at=timezone.now()
    )


def _try_rows(import_: LedgerImport, ledger: Ledger, problems: ProblemFile) -> Tally:
    walk = _row_import(import_, Form(ledger), problems.add)
    path = staged_path(import_)
    total = max(count_rows(path, import_.after), 1)
    for _piece in walk.walk(path):
        _progress(
            import_,
            _now("正在核对 %(done)s / %(total)s 行") % {"done": walk.tally.rows, "total": total},
            100 * walk.tally.rows // total,
        )
    return walk.tally


def _try_whole(import_: LedgerImport, ledger: Ledger, problems: ProblemFile) -> Tally:
    _progress(import_, _now("正在核对全部数据"), 30)
    with _whole_import(import_, Form(ledger), problems.add) as whole:
        return whole.type_rows()


def _row_import(import_: LedgerImport, form: Form, problem: Callable[[CellProblem], None]) -> RowImport:
    mapping = {int(column): field for column, field in import_.mapping.items()}
    return RowImport(form, import_.body, Choices(mapping, import_.after, import_.known, import_.blanks), problem)


def _whole_import(import_: LedgerImport, form: Form, problem: Callable[[CellProblem], None]) -> WholeImport:
    mapping = {int(column): field for column, field in import_.mapping.items()}
    return WholeImport(form, staged_path(import_), mapping, import_.after, folder_of(import_.pk), problem)


def _write(import_: LedgerImport) -> None:
    ledger = access_declared(import_.ledger)
    actor: Actor = import_.actor or OPERATOR
    require_body(actor, access_ledger(actor, import_.ledger, IMPORT), import_.body, IMPORT)
    problems = ProblemFile(problems_path(import_.pk))
    try:
        if ledger.store == "snapshots":
            _write_whole(import_, ledger, actor, problems)
        else:
            _write_rows(import_, ledger, actor, problems)
    finally:
        problems.close()
    drop_staged_tables(import_)


def _write_rows(import_: LedgerImport, ledger: Ledger, actor: Actor, problems: ProblemFile) -> Tally:
    path = staged_path(import_)
    _progress(import_, _now("正在写入"), 50)
    with transaction.atomic():
        label = _now("导入：%(name)s") % {"name": import_.name}
        writing = begin(ledger, actor=actor, origin=Origin.IMPORT, reason=label)
        batch = Batch.objects.create(
            ledger=ledger.ledger,
            body=import_.body,
            kind=Batch.Kind.IMPORT,
            label=label[:200],
            actor=import_.actor,
            made_at=writing.at,
        )
        writing.batch = batch
        walk = _row_import(import_, writing.form, problems.add)
        written = 0
        for piece in walk.walk(path):
            written += write(writing, import_.body, piece)
            if walk.tally.bad and import_.on_problem == LedgerImport.OnProblem.STOP:
                raise HasProblems(name=import_.name, bad=walk.tally.bad)
        if not written:
            raise NothingToWrite(name=import_.name)
        batch.rows = written
        batch.save(update_fields=["rows"])
        _finish(import_, actor, walk.tally, batch=batch)
    return walk.tally


def _write_whole(import_: LedgerImport, ledger: Ledger, actor: Actor, problems: ProblemFile) -> Tally:
    target = folder_of(import_.pk) / "snapshot.parquet"
    with _whole_import(import_, Form(ledger), problems.add) as whole:
        tally = whole.type_rows()
        if tally.bad and import_.on_problem == LedgerImport.OnProblem.STOP:
            raise HasProblems(name=import_.name, bad=tally.bad)
        if not whole.write(target):
            raise NothingToWrite(name=import_.name)
    with transaction.atomic():
        label = _now("导入：%(name)s") % {"name": import_.name}
        batch = Batch.objects.create(
            ledger=ledger.ledger, body=import_.body, kind=Batch.Kind.IMPORT, label=label[:200], actor=import_.actor,
            made_at=timezone.now(), rows=tally.added,
        )  # fmt: skip
        snapshot = add_snapshot(
            ledger.ledger, actor=actor, body=import_.body, made=target, taken_on=import_.taken_on, batch=batch
        )
        _finish(import_, actor, tally, batch=batch, snapshot_id=snapshot.pk)
    return tally


def _finish(import_: LedgerImport, actor: Actor, tally: Tally, *, batch: Batch, snapshot_id: int | None = None) -> None:
    """Say that it is written, within the transaction that writes; nothing happens twice."""
    import_.tally = tally.as_dict()
    done = _mine(import_).update(
        state=State.DONE, step="", percent=100, tally=import_.tally, batch=batch, snapshot_id=snapshot_id, error={},
        step_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    if not done:  # given up meanwhile
        raise WrongStep(name=import_.name, state=State.DISCARDED.label, act=_now("写入"))
    data = {"ledger": import_.ledger, "body": import_.body.name, "sha256": import_.file.sha256, **import_.tally}
    record(
        actor=actor,
        code=codes.ROWS_IMPORTED,
        object_type="ledger_import",
        object_id=import_.pk,
        object_label=import_.name,
        data=data,
    )


def drop_staged_tables(import_: LedgerImport) -> None:
    """Remove staged tables that are no longer needed; when rows were left out they stay, for the marked workbook."""
    if not import_.tally.get("bad"):
        drop_staged(import_.pk)
