"""Bringing a file of rows into a ledger: upload, match its columns, look at what it would do, write it, take it back."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadFile, BadInput, Conflict, NotAllowed, NotFound, UserError
from zhenggai.ledgers import queries
from zhenggai.ledgers.declared import kept_fields
from zhenggai.ledgers.importing import actions
from zhenggai.ledgers.importing.queries import access_import, marked_workbook, preview, problems_of, visible_imports
from zhenggai.ledgers.models import LedgerImport
from zhenggai.packs.declarations import Ledger
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import own_body
from zhenggai.people.roles import Permission
from zhenggai.web.acts import number
from zhenggai.web.errors import MissingField, is_htmx, wants_json
from zhenggai.web.pages import actor_of, download, fragment, page
from zhenggai.web.views.finding import refuse_programs
from zhenggai.web.views.workbook import XLSX

State = LedgerImport.State
BUSY = (State.WAITING, State.CHECKING, State.WRITING)
MATCHING = (State.STAGED, State.CHECKED)
SHOWN_ROWS = 12
"""Rows of the file that the page of matching shows."""
SHOWN_PROBLEMS = 60


def imports(request: HttpRequest, code: str, error: UserError | None = None) -> HttpResponse:
    """Show where a file is brought, and what was brought before; take one."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.IMPORT_LEDGERS)
    bodies = list(queries.keeping_bodies(actor, ledger, Permission.IMPORT_LEDGERS))
    if not bodies:
        raise NotAllowed(permission=Permission.IMPORT_LEDGERS)
    if request.method == "POST" and error is None:
        try:
            made = _take(request, actor, ledger, bodies)
        except (BadFile, BadInput, Conflict) as refused:
            if wants_json(request):
                raise
            return imports(request, code, refused)
        return HttpResponseRedirect(_address(made.pk))
    own = own_body(actor)
    return page(
        request,
        "ledgers/imports.html",
        status=error.status if error else 200,
        ledger=ledger,
        fields=kept_fields(ledger),
        bodies=bodies,
        own=own.pk if own else None,
        imports=Paginator(visible_imports(actor, ledger), 20).get_page(request.GET.get("page")),
        error=error.describe(gettext) if error else None,
    )


def _take(request: HttpRequest, actor: User, ledger: Ledger, bodies: list[Unit]) -> LedgerImport:
    upload = request.FILES.get("file")
    if upload is None:
        raise MissingField(label=_("文件"))
    refuse_programs(upload.name or "")
    wanted = number(request.POST.get("body", ""))
    body = next((each for each in bodies if each.pk == wanted), bodies[0])
    source = cast(BinaryIO, upload)
    return actions.start_import(ledger.ledger, actor=actor, body=body, source=source, name=upload.name or "")


def one(request: HttpRequest, id: int) -> HttpResponse:
    """Show an import at the step it is at."""
    return show(request, access_import(actor_of(request), id))


def progress(request: HttpRequest, id: int) -> HttpResponse:
    """Say how far the present step is; when it is over, have the page opened anew."""
    found = access_import(actor_of(request), id)
    if found.state not in BUSY:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return fragment(request, "ledgers/_import_progress.html", it=found)


def show(request: HttpRequest, found: LedgerImport, error: UserError | None = None) -> HttpResponse:
    """Show an import, once more with what was refused when an act was."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, found.ledger)
    looked = preview(found, SHOWN_ROWS + found.after) if found.state in MATCHING else None
    labels = {each.code: each.label for each in ledger.fields}
    context: dict[str, Any] = {
        "ledger": ledger,
        "it": found,
        "busy": found.state in BUSY,
        "matching": found.state in MATCHING,
        "looked": looked,
        "fields": kept_fields(ledger),
        "labels": labels,
        "problems": problems_of(found, SHOWN_PROBLEMS) if found.state == State.CHECKED else [],
        "may_write": found.state == State.CHECKED and _writes(found),
        "known": LedgerImport.Known.choices,
        "blanks": LedgerImport.Blanks.choices,
        "on_problem": LedgerImport.OnProblem.choices,
        "whole": ledger.store == "snapshots",
        "error": error.describe(gettext) if error else None,
        "today": timezone.localdate(),
    }
    if is_htmx(request) and error is None:
        return fragment(request, "ledgers/_import.html", **context)
    return page(request, "ledgers/import.html", status=error.status if error else 200, **context)


def _writes(found: LedgerImport) -> bool:
    tally = found.tally
    if tally.get("bad") and found.on_problem == LedgerImport.OnProblem.STOP:
        return False
    return bool(tally.get("added") or tally.get("changed"))


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Take an import one step on: another table, the columns matched, written, taken back, given up."""
    actor = actor_of(request)
    found = access_import(actor, id)
    if move not in ("table", "match", "write", "undo", "discard"):
        raise NotFound
    try:
        _MOVES[move](request, found, actor)
    except (BadInput, Conflict) as refused:
        if wants_json(request):
            raise
        return show(request, access_import(actor, id), refused)
    return HttpResponseRedirect(_address(id))


def _table(request: HttpRequest, found: LedgerImport, actor: User) -> None:
    head = number(request.POST.get("head", ""))
    actions.choose_table(
        found, actor=actor, table=number(request.POST.get("table", "")) or 0, heads=[head] if head else None
    )


def _match(request: HttpRequest, found: LedgerImport, actor: User) -> None:
    mapping = {
        int(name[2:]): value
        for name, value in request.POST.items()
        if name.startswith("c.") and name[2:].isascii() and name[2:].isdecimal() and len(name) < 8 and value
    }
    actions.match(
        found,
        actor=actor,
        mapping={column: str(field) for column, field in mapping.items()},
        known=request.POST.get("known", found.known),
        blanks=request.POST.get("blanks", found.blanks),
        problems=request.POST.get("problems", found.on_problem),
        taken_on=_day(request.POST.get("taken_on", "")),
    )


def _day(text: str) -> Any:
    try:
        return parse_date(text.strip())
    except ValueError:  # well formed, and no day
        return None


def _write(request: HttpRequest, found: LedgerImport, actor: User) -> None:
    actions.write_import(found, actor=actor)


def _undo(request: HttpRequest, found: LedgerImport, actor: User) -> None:
    actions.undo_import(found, actor=actor)
    messages.success(request, _("已撤销导入“%(name)s”，台账恢复到导入之前。") % {"name": found.name})


def _discard(request: HttpRequest, found: LedgerImport, actor: User) -> None:
    actions.discard_import(found, actor=actor)
    messages.success(request, _("已放弃导入“%(name)s”，台账没有变动。") % {"name": found.name})


_MOVES = {"table": _table, "match": _match, "write": _write, "undo": _undo, "discard": _discard}


def problems(request: HttpRequest, id: int) -> HttpResponse:
    """Send the rows that cannot be taken as a workbook, each with what is wrong with it."""
    found = access_import(actor_of(request), id)
    name = found.name.rsplit(".", 1)[0]
    return download(marked_workbook(found), _("%(name)s-需要改正的行.xlsx") % {"name": name}, XLSX)


def _address(id: int) -> str:
    return reverse("ledger-import-one", kwargs={"id": id})
