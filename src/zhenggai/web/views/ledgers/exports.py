"""Rows taken out as a file: at once when they are few, in the background when they are many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.actions.exports import AT_ONCE
from zhenggai.ledgers.models import Export
from zhenggai.people.models import User
from zhenggai.web.ledger_table import asked_for
from zhenggai.web.pages import actor_of, download, fragment, page
from zhenggai.web.views.finding import send_file
from zhenggai.web.views.ledgers.table import preferred_columns, query_of

_TYPES = {
    Export.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Form.CSV: "text/csv; charset=utf-8",
}
_BUSY = (Export.State.WAITING, Export.State.WORKING)


def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Send the rows that match, or begin to write them."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    if form not in Export.Form.values:
        raise NotFound
    query = query_of(request, ledger)
    query = replace(asked_for(query, query.columns or preferred_columns(actor, ledger)), group="")
    if actions.count_for_export(code, query, actor=actor, form=form) > AT_ONCE:
        return redirect("ledger-export-progress", id=actions.begin_export(code, query, actor=actor, form=form).pk)
    content = actions.export_rows(code, query, actor=actor, form=form)
    return download(content, f"{ledger.label}-{timezone.localdate():%Y%m%d}.{form}", _TYPES[Export.Form(form)])


def progress(request: HttpRequest, id: int) -> HttpResponse:
    """Say how far the writing is."""
    actor = actor_of(request)
    found = _access(actor, id)
    ledger = queries.access_ledger(actor, found.ledger)
    context: dict[str, Any] = {"export": found, "ledger": ledger, "busy": found.state in _BUSY}
    if request.headers.get("HX-Request") == "true":
        return fragment(request, "ledgers/_export.html", **context)
    return page(request, "ledgers/export.html", **context)


def file(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send a file that was written, while its owner may still open the ledger."""
    actor = actor_of(request)
    found = _access(actor, id)
    queries.access_ledger(actor, found.ledger)
    if found.file is None:
        raise NotFound
    return send_file(found.file, found.file.name)


def _access(actor: User, id: int) -> Export:
    found = Export.objects.select_related("file").filter(pk=id, user=actor).first()
    if found is None:
        raise NotFound
    return found
