"""Papers written from the record: the list, one with its choices and preview, its files, those made in the background."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhenggai.findings.actions import export_ledger
from zhenggai.findings.queries import LedgerQuery
from zhenggai.gongwen import font_substitutes
from zhenggai.kit.errors import Explanation, NotFound, ZhenggaiError
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.reports import actions
from zhenggai.reports.making import make_docx, make_html, make_pdf, tell_made
from zhenggai.reports.models import Making
from zhenggai.reports.papers import PAPERS, Paper, access_paper
from zhenggai.reports.queries import access_making, my_makings, template_in_use
from zhenggai.reports.scope import Scope, departments_of, meetings_of, read_scope, reporting_rounds
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, download, fragment, page
from zhenggai.web.rounds import present_round
from zhenggai.web.views.finding import send_file

AT_ONCE = 150
"""Findings up to which a paper is made while the person waits."""
PDF_AT_ONCE = 20
"""The same for PDF, which takes longer to set."""
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BUSY = (Making.State.WAITING, Making.State.WORKING)


def index(request: HttpRequest) -> HttpResponse:
    """List the papers by what they are for, and those that were made in the background."""
    actor = actor_of(request)
    groups = [(label, list(found)) for label, found in groupby(PAPERS.values(), key=lambda paper: paper.group)]
    return page(
        request,
        "reports/index.html",
        groups=groups,
        has_rounds=bool(reporting_rounds(actor)),
        makings=my_makings(actor)[:10],
        papers=PAPERS,
        busy=_BUSY,
        may_keep=may(actor, "reports.templates"),
    )


def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Let round, department, days be chosen, and show the paper as it would be printed."""
    actor, found = actor_of(request), access_paper(code)
    if not found.standalone:
        return redirect("letters")
    rounds = reporting_rounds(actor)
    asked = _asked(request.GET, actor, rounds)
    if not asked.get("round") and not asked.get("finding"):
        return page(request, "reports/none.html", paper=found)
    scope, preview, error = None, "", None
    try:
        scope = read_scope(actor, asked, asks=found.asks, span=found.span)
        count = scope.findings().count()
        if not _is_long(found, "docx", count):
            preview = make_html(found, scope)
    except NotFound:
        raise
    except ZhenggaiError as caught:
        if wants_json(request):
            raise
        error = caught
    return page(
        request,
        "reports/paper.html",
        status=error.status if error else 200,
        **_context(found, scope, preview, error, rounds, asked, actor),
    )


def _context(
    found: Paper,
    scope: Scope | None,
    preview: str,
    error: ZhenggaiError | None,
    rounds: list[Any],
    asked: dict[str, str],
    actor: User,
) -> dict[str, Any]:
    chosen = scope.round if scope else next((each for each in rounds if str(each.pk) == asked.get("round")), None)
    words: Explanation | None = error.describe(_) if error else None
    count = scope.findings().count() if scope else 0
    return {
        "paper": found,
        "fonts": font_substitutes(),
        "scope": scope,
        "preview": preview,
        "error": words,
        "rounds": rounds,
        "asked": asked,
        "chosen": chosen,
        "departments": list(departments_of(actor, chosen)) if chosen and "department" in found.asks else [],
        "meetings": list(meetings_of(actor, chosen)[:100]) if chosen and "meeting" in found.asks else [],
        "query": scope.as_query() if scope else "",
        "count": count,
        "is_large": _is_long(found, "docx", count),
        "waits_for_pdf": _is_long(found, "pdf", count),
        "own_template": template_in_use(chosen.unit, found.code) if chosen else None,
        "may_keep": bool(chosen) and may(actor, "reports.templates", chosen.unit if chosen else None),
        "may_export": bool(scope) and found.has_workbook and may(actor, "findings.export"),
    }


def _is_long(paper: Paper, form: str, count: int) -> bool:
    """Tell whether making a paper about so many findings takes longer than a person waits."""
    return count > AT_ONCE or (form == "pdf" and paper.grows and count > PDF_AT_ONCE)


def file(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Send the paper as Word, PDF or workbook."""
    actor, found = actor_of(request), access_paper(code)
    if form not in _TYPES or not found.standalone or (form == "xlsx" and not found.has_workbook):
        raise NotFound
    asked = _asked(request.GET, actor, reporting_rounds(actor))
    scope = read_scope(actor, asked, asks=found.asks, span=found.span)
    if form != "xlsx" and _is_long(found, form, scope.findings().count()):  # an address typed, or kept from before
        return redirect("report-making", id=actions.ask_paper(found, scope, form, actor=actor).pk)
    if form == "xlsx":
        content = export_ledger(_ledger_query(scope), actor=actor)
    elif form == "pdf":
        content = make_pdf(found, scope)
    else:
        content = make_docx(found, scope)
    tell_made(found, scope, form, actor=actor)
    return download(content, f"{found.label}-{scope.round.name}-{scope.today:%Y%m%d}.{form}", _TYPES[form])


def _ledger_query(scope: Scope) -> LedgerQuery:
    told = {"round": [str(scope.round.pk)]}
    if scope.department is not None:
        told["department"] = [str(scope.department.pk)]
    return LedgerQuery.parse(told)


def make(request: HttpRequest, code: str) -> HttpResponse:
    """Have a long paper made in the background."""
    actor, found = actor_of(request), access_paper(code)
    form = request.POST.get("form", "")
    if form not in Making.Form.values or not found.standalone:
        raise NotFound
    asked = _asked(QueryDict(request.POST.get("query", "")), actor, reporting_rounds(actor))
    scope = read_scope(actor, asked, asks=found.asks, span=found.span)
    return redirect("report-making", id=actions.ask_paper(found, scope, form, actor=actor).pk)


def progress(request: HttpRequest, id: int) -> HttpResponse:
    """Say how far a paper in the background is."""
    found = access_making(actor_of(request), id)
    context: dict[str, Any] = {"making": found, "paper": access_paper(found.paper), "busy": found.state in _BUSY}
    if request.headers.get("HX-Request") == "true":
        return fragment(request, "reports/_making.html", **context)
    return page(request, "reports/making.html", **context)


def making_file(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send a paper that was made in the background."""
    found = access_making(actor_of(request), id)
    if found.file is None:
        raise NotFound
    return send_file(found.file, found.name)


def _asked(given: QueryDict, actor: User, rounds: list[Any]) -> dict[str, str]:
    asked = {
        name: str(given.get(name, ""))[:40] for name in ("round", "department", "since", "until", "finding", "meeting")
    }
    if not asked["round"] and not asked["finding"] and (present := present_round(actor, rounds)):
        asked["round"] = str(present.pk)
    return asked
