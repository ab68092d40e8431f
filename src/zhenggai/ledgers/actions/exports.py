"""Taking rows of a ledger out as a file, told to the trail; many of them in the background."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from zhenggai.ledgers.access import PERSONAL, access_ledger
from zhenggai.ledgers.errors import TooManyForWorkbook
from zhenggai.ledgers.exporting import MOST_IN_WORKBOOK, csv_bytes, write_workbook
from zhenggai.ledgers.finding import find_rows
from zhenggai.ledgers.models import Export
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.tasks import write_export
from zhenggai.ledgers.trail import tell_export
from zhenggai.people.access import Actor
from zhenggai.people.models import User

AT_ONCE = 20_000
"""Rows up to which a file is made while the person waits."""


def count_for_export(code: str, query: RowQuery, *, actor: Actor, form: str) -> int:
    """Return how many rows an export would hold.

    Raises:
        NotFound, NotAllowed: the ledger, or its personal data, is out of reach.
        TooManyForWorkbook: they are more than a workbook is good for.
    """
    ledger = access_ledger(actor, code, PERSONAL) if query.personal else access_ledger(actor, code)
    total = find_rows(actor, ledger, replace(_asked(query), page_size=1, columns=(ledger.fields[0].code,))).total
    if form == Export.Form.XLSX and total > MOST_IN_WORKBOOK:
        raise TooManyForWorkbook(rows=total, most=MOST_IN_WORKBOOK, ledger=ledger.label)
    return total


def export_rows(code: str, query: RowQuery, *, actor: Actor, form: str) -> bytes:
    """Return the rows that match as a file, and tell the trail who took them out.

    Raises:
        NotFound, NotAllowed: the ledger, or its personal data, is out of reach.
        TooManyForWorkbook: they are more than a workbook is good for.
    """
    with transaction.atomic():
        count_for_export(code, query, actor=actor, form=form)
        ledger = access_ledger(actor, code)
        make = write_workbook if form == Export.Form.XLSX else csv_bytes
        content, written = make(actor, ledger, query.on_page(1), lambda done, total: None)
        tell_export(actor, ledger, query, form, written)
    return content


def begin_export(code: str, query: RowQuery, *, actor: User, form: str) -> Export:
    """Ask for a file that is made in the background.

    Raises:
        NotFound, NotAllowed: the ledger, or its personal data, is out of reach.
        TooManyForWorkbook: they are more than a workbook is good for.
    """
    total = count_for_export(code, query, actor=actor, form=form)
    with transaction.atomic():
        export = Export.objects.create(
            user=actor, ledger=code, query=query.on_page(1).to_string()[:4000], form=form, rows=total
        )
        transaction.on_commit(lambda: write_export.enqueue(export.pk))
    return export


def _asked(query: RowQuery) -> RowQuery:
    # How many rows match does not depend on their order, and a masked order is refused.
    return replace(query, page=1, sort=(), group="")
