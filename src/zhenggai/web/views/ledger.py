"""The findings ledger: list, bulk acts, columns, saved views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings import actions, queries
from zhenggai.findings.queries import COLUMNS, DEFAULT_COLUMNS, PAGE_SIZES, LedgerQuery
from zhenggai.people.access import may
from zhenggai.people.actions import set_preferences
from zhenggai.people.models import User
from zhenggai.web.errors import is_htmx
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.rounds import asked_query

ALL_ROUNDS = "round="
"""Query string of the whole ledger; without any, the list shows the present round."""
KEEP = "keep"
"""What the bulk bar sends for a field that stays as it is."""


def ledger(request: HttpRequest) -> HttpResponse:
    """List the findings that match; htmx gets the list alone."""
    actor = actor_of(request)
    rounds = list(queries.visible_rounds(actor))
    query = asked_query(actor, dict(request.GET.lists()), rounds)
    columns = query.columns if "columns" in request.GET else preferred_columns(actor)
    may_edit, may_assign = may(actor, "findings.edit"), may(actor, "findings.assign")
    found = queries.find_findings(actor, query)
    narrow = replace(query, columns=DEFAULT_COLUMNS, page_size=50).without_place()
    context: dict[str, Any] = {
        "ledger": found,
        "list_string": narrow.to_string(),
        "rounds": rounds,
        "round": next((each for each in rounds if each.pk == query.round), None),
        "now": timezone.now(),
        "facets": queries.facets(actor, query) if rounds else (),
        "views": list(queries.saved_views(actor)),
        "columns": columns,
        "all_columns": COLUMNS,
        "labels": {column.key: str(column.label) for column in COLUMNS},
        "default_columns": DEFAULT_COLUMNS,
        "page_sizes": PAGE_SIZES,
        "may_edit": may_edit,
        "may_change": may_edit or may_assign,
        "may_export": may(actor, "findings.export"),
        "may_import": may(actor, "intake.import"),
        "choices": queries.assignment_choices(actor) if (may_edit or may_assign) and found.rows else None,
    }
    if is_htmx(request):
        return fragment(request, "findings/_ledger.html", **context)
    return page(request, "findings/ledger.html", **context)


def preferred_columns(actor: User) -> tuple[str, ...]:
    """Return the columns the person chose, or the default ones."""
    chosen = actor.preferences.get("ledger_columns")
    known = tuple(column.key for column in COLUMNS if isinstance(chosen, list) and column.key in chosen)
    return known or DEFAULT_COLUMNS


def choose_columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns the person wants to see."""
    actor = actor_of(request)
    chosen = [
        column.key for column in COLUMNS if column.key == "title" or column.key in request.POST.getlist("columns")
    ]
    kept = None if "reset" in request.POST else chosen
    set_preferences(actor, actor=actor, changes={"ledger_columns": kept})
    return to_ledger(request)


def bulk(request: HttpRequest) -> HttpResponse:
    """Assign the chosen findings, or restore them."""
    actor = actor_of(request)
    ids = chosen_ids(request)
    if request.POST.get("act") == "restore":
        count = actions.restore_findings(ids, actor=actor)
        messages.success(request, ngettext("已恢复 %(n)s 项问题。", "已恢复 %(n)s 项问题。", count) % {"n": count})
        return to_ledger(request)
    values = {
        name: request.POST[name]
        for name in ("leader", "department", "owner", "status")
        if request.POST.get(name, KEEP) != KEEP
    }
    if request.POST.get("due", "").strip():
        values["due"] = request.POST["due"]
    count = actions.assign_findings(ids, values, actor=actor)
    messages.success(request, ngettext("已更新 %(n)s 项问题。", "已更新 %(n)s 项问题。", count) % {"n": count})
    return to_ledger(request)


def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, then take the chosen findings off the ledger."""
    actor = actor_of(request)
    ids = chosen_ids(request)
    if "reason" in request.POST:
        count = actions.withdraw_findings(ids, actor=actor, reason=request.POST["reason"])
        messages.success(request, ngettext("已撤下 %(n)s 项问题。", "已撤下 %(n)s 项问题。", count) % {"n": count})
        return to_ledger(request)
    found = queries.visible_findings(actor, "findings.edit").filter(pk__in=ids).order_by("round", "order")
    return page(
        request,
        "findings/withdraw.html",
        findings=list(found[:50]),
        ids=ids,
        query=request.POST.get("query", ""),
    )


def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters, order and columns under a name."""
    query = LedgerQuery.parse_string(request.POST.get("query", "")).without_place()
    view = actions.save_view(actor=actor_of(request), name=request.POST.get("name", ""), query=query.to_string())
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    return to_ledger(request)


def delete_view(request: HttpRequest, id: int) -> HttpResponse:
    """Forget a saved view."""
    actor = actor_of(request)
    actions.delete_view(queries.access_saved_view(actor, id), actor=actor)
    return redirect("findings")


def chosen_ids(request: HttpRequest) -> list[int]:
    """Return the keys ticked in the list."""
    return [
        int(value) for value in request.POST.getlist("id") if value.isascii() and value.isdecimal() and len(value) < 19
    ]


def to_ledger(request: HttpRequest) -> HttpResponse:
    """Lead back to the list as it was."""
    order = queries.default_sort(actor_of(request))
    string = LedgerQuery.parse_string(request.POST.get("query", ""), default_sort=order).to_string()
    return HttpResponseRedirect(f"{reverse('findings')}?{string or ALL_ROUNDS}")
