"""Reading personal data unmasked, which the trail tells of: one entry for what was asked, with the rows shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from zhenggai.audit.actions import record
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import PERSONAL, access_ledger
from zhenggai.ledgers.finding import listing, view_row
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.shapes import Line, RowPage, RowView
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor


def read_personal(code: str, query: RowQuery, *, actor: Actor) -> RowPage:
    """Return one page of a ledger with personal data unmasked where the actor may see it.

    Raises:
        NotFound: the actor may not know of the ledger.
        NotAllowed: the actor may not see personal data.
        BadQuery: a filter, order or grouping cannot be used.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, PERSONAL)
        page = listing(actor, ledger, replace(query, personal=True)).page()
        _tell(actor, ledger, page.lines, query.to_string())
    return page


def open_personal(code: str, row_id: str, *, actor: Actor, as_of: datetime | None = None) -> RowView:
    """Return one row with personal data unmasked.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may not see personal data.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, PERSONAL)
        view = view_row(actor, code, row_id, as_of=as_of, personal=True)
        _tell(actor, ledger, (view.line,), "")
    return view


def _tell(actor: Actor, ledger: Ledger, lines: tuple[Line, ...], asked: str) -> None:
    marked = {field.code for field in ledger.fields if field.personal}
    shown = {
        cell.code
        for line in lines
        for cell in line.cells
        if cell.code in marked and not cell.masked and cell.value is not None
    }
    if not shown:
        return
    data = {"rows": [line.row_id for line in lines], "fields": sorted(shown), "asked": asked[:1000]}
    record(
        actor=actor, code=codes.PERSONAL_READ, object_type="ledger", object_id=ledger.ledger, object_label=ledger.label,
        data=data,
    )  # fmt: skip
