"""Finding rows and looking at one.

These mask personal data, whatever the query says; :mod:`zhenggai.ledgers.actions.personal` gives it unmasked and tells the trail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import KEEP, PERSONAL, access_ledger, reach_of, reached_unit_ids, visible_rows
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.models import Row
from zhenggai.ledgers.readers.listing import Listing
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.shapes import RowPage, RowView
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit


def find_rows(actor: Actor, ledger: Ledger, query: RowQuery) -> RowPage:
    """Return one page of a ledger, personal data masked.

    Raises:
        NotFound: the actor may not know of the ledger.
        BadQuery: a filter, order or grouping cannot be used.
    """
    return listing(actor, ledger, replace(query, personal=False)).page()


def listing(actor: Actor, ledger: Ledger, query: RowQuery) -> Listing:
    """Return the actor's question to a ledger, ready to be asked.

    Raises:
        NotFound: the actor may not know of the ledger.
    """
    reached = reach_of(actor, ledger)
    if not reached:
        raise NotFound
    seen = reached_unit_ids(reached)
    personal = reach_of(actor, ledger, PERSONAL) if query.personal else None
    unmasked = seen if personal == reached else reached_unit_ids(personal) if personal else ()
    return Listing(Form(ledger), query, seen, unmasked)


def row_view(actor: Actor, code: str, row_id: str, *, as_of: datetime | None = None) -> RowView:
    """Return one row with all its fields, personal data masked.

    Args:
        actor: who asks.
        code: the ledger.
        row_id: the row, as lists and alerts name it.
        as_of: the moment whose state is asked for; now by default.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    return view_row(actor, code, row_id, as_of=as_of, personal=False)


def view_row(actor: Actor, code: str, row_id: str, *, as_of: datetime | None, personal: bool) -> RowView:
    """Return one row; with *personal*, unmasked where the actor may see that."""
    ledger = access_ledger(actor, code)
    asked = listing(actor, ledger, RowQuery(as_of=as_of, personal=personal))
    row = _row(actor, ledger, row_id) if ledger.store == "rows" else None
    line = asked.one(row_id)
    if line is None:
        raise NotFound
    kept, unmaskable = reach_of(actor, ledger, KEEP), reach_of(actor, ledger, PERSONAL)
    units = asked.form.names.units()
    body, unit = units[line.body_id], units.get(line.unit_id)
    both: list[Unit] = [body, unit] if unit else [body]
    return RowView(ledger, line, row, kept.covers(body), any(unmaskable.covers(each) for each in both))


def _row(actor: Actor, ledger: Ledger, row_id: str) -> Row:
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) < 19):
        raise NotFound
    found = visible_rows(actor, ledger).select_related("body", "unit").filter(pk=int(row_id)).first()
    if found is None:
        raise NotFound
    return found
