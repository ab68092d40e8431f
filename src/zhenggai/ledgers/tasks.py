"""Writing large exports in a worker process."""

from __future__ import annotations

import io
import time

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from zhenggai.files.actions import store_file
from zhenggai.kit.errors import Explanation, ZhenggaiError
from zhenggai.ledgers.access import access_ledger
from zhenggai.ledgers.actions.conforming import conform_ledgers
from zhenggai.ledgers.errors import ExportBroke
from zhenggai.ledgers.exporting import csv_bytes, write_workbook
from zhenggai.ledgers.models import Export
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.trail import tell_export
from zhenggai.people.access import OPERATOR

_SAY_EVERY_SECONDS = 0.5


@task()
def write_export(export_id: int) -> str:
    """Write one export; return the state it is left in. Access is asked again: it may have ended since."""
    export = Export.objects.select_related("user").get(pk=export_id)
    if export.state != Export.State.WAITING:
        return "superseded"
    Export.objects.filter(pk=export_id).update(state=Export.State.WORKING)
    said = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > _SAY_EVERY_SECONDS:
            said = time.monotonic()
            Export.objects.filter(pk=export_id).update(percent=min(99, done * 95 // max(total, 1)))

    try:
        ledger = access_ledger(export.user, export.ledger)
        query = RowQuery.parse_string(export.query, ledger)
        make = write_workbook if export.form == Export.Form.XLSX else csv_bytes
        content, rows = make(export.user, ledger, query, progress)
        name = f"{ledger.label}-{timezone.localdate():%Y%m%d}.{export.form}"
        stored = store_file(actor=export.user, source=io.BytesIO(content), name=name)
        with transaction.atomic():
            tell_export(export.user, ledger, query, export.form, rows)
            Export.objects.filter(pk=export_id).update(
                state=Export.State.DONE, percent=100, rows=rows, file=stored, finished_at=timezone.now()
            )
    except ZhenggaiError as error:
        _fail(export_id, error.describe())
        return "failed"
    except Exception:
        # Whatever else happens must not leave the page waiting for ever; the task framework logs the traceback.
        _fail(export_id, ExportBroke(ledger=export.ledger).describe())
        raise
    return "done"


def _fail(export_id: int, words: Explanation) -> None:
    Export.objects.filter(pk=export_id).update(
        state=Export.State.FAILED, error=words.as_dict(), finished_at=timezone.now()
    )


@task()
def conform_rows() -> int:
    """Bring rows into the form of what the packs declare now; return how many were written."""
    return sum(each.rows for each in conform_ledgers(actor=OPERATOR))
