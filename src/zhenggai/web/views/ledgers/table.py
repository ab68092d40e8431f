"""The table of one ledger: search, filters, order, groups, views, columns, as it was on a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.queries import PAGE_SIZES, Form, Group, Operator, RowPage, RowQuery
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import may
from zhenggai.people.actions import set_preferences
from zhenggai.people.models import User
from zhenggai.people.roles import Permission
from zhenggai.web import ledger_table as parts
from zhenggai.web.errors import is_htmx
from zhenggai.web.ledger_links import row_address
from zhenggai.web.pages import actor_of, fragment, page

MOST_BULK = 2000
"""Rows up to which all that match can be changed at once."""
COLUMNS = "row_columns"
"""Preference: ledger → columns the person chose."""


def table(request: HttpRequest, code: str) -> HttpResponse:
    """List the rows that match; htmx gets the list alone."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    query = query_of(request, ledger)
    columns = query.columns or preferred_columns(actor, ledger)
    found = find(actor, ledger, parts.asked_for(query, columns))
    form = Form(ledger)
    query = replace(query, page=found.query.page)
    may_keep = bool(queries.reach_of(actor, ledger, Permission.KEEP_LEDGERS))
    shown = [each for each in found.columns if each.code in columns]
    context: dict[str, Any] = {
        "ledger": ledger,
        "query": query,
        "found": found,
        "string": query.to_string(),
        "heads": parts.heads(ledger, query, shown),
        "sections": parts.sections(form, found),
        "chips": parts.chips(form, query),
        "facets": parts.first_facets(ledger),
        "others": [each for each in ledger.fields if each not in parts.first_facets(ledger)],
        "groupable": parts.groupable(ledger, query),
        "chosen_values": lambda field: sum(len(each.values) for each in query.filters if each.field == field),
        "with_group": lambda field: replace(query, group=field, page=1).to_string(),
        "with_page": lambda number: query.on_page(number).to_string(),
        "changed": lambda **changes: replace(query, **({"page": 1} | changes)).to_string(),
        "view": next((each for each in ledger.views if each.view == query.view), None),
        "saved": list(queries.saved_views(actor, code)),
        "columns": columns,
        "page_sizes": PAGE_SIZES,
        "now": timezone.now(),
        "today": timezone.localdate(),
        "is_named": queries.is_named(ledger),
        "by_hand": ledger.store == "rows",
        "watches": bool(ledger.rules) and may(actor, Permission.VIEW_LEDGERS),
        "may_keep": may_keep,
        "may_change": may_keep and ledger.store == "rows" and query.as_of is None,
        "most_bulk": MOST_BULK,
        "row_address": lambda line: row_address(ledger, line),
        "takes_draws": bool(queries.draws_into(code)),
        "may_import": bool(queries.reach_of(actor, ledger, Permission.IMPORT_LEDGERS)),
        "may_unmask": any(each.personal for each in ledger.fields)
        and bool(queries.reach_of(actor, ledger, Permission.READ_PERSONAL)),
        "is_filtered": bool(query.text or query.filters or query.withdrawn),
        "bare": RowQuery(personal=query.personal, as_of=query.as_of).to_string(),
    }
    if is_htmx(request):
        return fragment(request, "ledgers/_table.html", **context)
    return page(request, "ledgers/table.html", **context)


def find(actor: User, ledger: Ledger, query: RowQuery) -> RowPage:
    """Return one page of a ledger, the last one when it has fewer; unmasked, and told to the trail, when that is asked for."""
    found = _find(actor, ledger, query)
    if found.total and not found.lines:
        found = _find(actor, ledger, query.on_page(found.pages))
    return found


def _find(actor: User, ledger: Ledger, query: RowQuery) -> RowPage:
    if query.personal:
        return actions.read_personal(ledger.ledger, query, actor=actor)
    return queries.find_rows(actor, ledger, query)


def query_of(request: HttpRequest, ledger: Ledger) -> RowQuery:
    """Return the question of an address; a form of the page sends a range as two fields that may be empty."""
    return RowQuery.parse(dict(request.GET.lists()), ledger)


def preferred_columns(actor: User, ledger: Ledger) -> tuple[str, ...]:
    """Return the columns the person chose, or the usual ones."""
    chosen = actor.preferences.get(COLUMNS)
    mine = chosen.get(ledger.ledger) if isinstance(chosen, dict) else None
    known = tuple(each.code for each in ledger.fields if isinstance(mine, list) and each.code in mine)
    return known or parts.default_columns(ledger)


def choose_columns(request: HttpRequest, code: str) -> HttpResponse:
    """Keep which columns of a ledger the person wants to see."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    chosen = dict(actor.preferences.get(COLUMNS) or {})
    if "reset" in request.POST:
        chosen.pop(code, None)
    else:
        wanted = request.POST.getlist("columns")
        chosen[code] = [each.code for each in ledger.fields if each.code in wanted]
    set_preferences(actor, actor=actor, changes={COLUMNS: chosen or None})
    return to_table(request, ledger, keep_columns=False)


def filter_menu(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """Show how rows can be filtered by one field: its values with counts, or a range; into its menu, or as a page."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    query = query_of(request, ledger)
    declared = ledger.field(field)
    if declared is None:
        raise NotFound
    open_ = parts.is_open(declared, query)
    groups: tuple[Group, ...] = ()
    if declared.type in parts.LISTED and open_:
        asked = replace(parts.without_field(query, field), group=field, page=1, page_size=1, columns=(field,), sort=())
        groups = _find(actor, ledger, asked).groups
    form = Form(ledger)
    counted = {each.value: each.count for each in groups}
    chosen = parts.chosen_values(query, field)
    words = {each.value: each.shown for each in groups}
    options = [
        (value, parts.value_words(form, field, value), counted.get(value, 0), value in chosen)
        for value in dict.fromkeys([*chosen, *counted])
    ]
    context: dict[str, Any] = {
        "ledger": ledger,
        "field": declared,
        "query": query,
        "open": open_,
        "listed": declared.type in parts.LISTED,
        "ranged": declared.type in parts.DAYS | parts.NUMBERS,
        "days": declared.type in parts.DAYS,
        "options": sorted(options, key=lambda each: (-each[2], words.get(each[0], ""))),
        "toggled": lambda value: parts.toggled(query, field, value).to_string(),
        "picks": parts.picks(query, field, timezone.localdate()) if declared.type in parts.DAYS else [],
        "since": "".join(parts.chosen_values(query, field, Operator.FROM)[-1:]),
        "until": "".join(parts.chosen_values(query, field, Operator.TO)[-1:]),
        "has": "".join(parts.chosen_values(query, field, Operator.HAS)[-1:]),
        "empty": "".join(parts.chosen_values(query, field, Operator.EMPTY)[-1:]),
        "with_empty": lambda value: parts.with_filter(query, field, Operator.EMPTY, [value]).to_string(),
        "rest": parse_qsl(parts.without_field(query, field).to_string()),
    }
    if is_htmx(request):
        return fragment(request, "ledgers/_filter.html", **context)
    return page(request, "ledgers/filter.html", **context)


def save_view(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the present filters, order and columns under a name."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    view = actions.save_view(
        code, actor=actor, name=request.POST.get("name", ""), query=request.POST.get("query", "")[:4000]
    )
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    return to_table(request, ledger)


def delete_view(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Forget a saved view."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    actions.delete_view(queries.access_saved_view(actor, id), actor=actor)
    return to_table(request, ledger)


def to_table(request: HttpRequest, ledger: Ledger, *, keep_columns: bool = True) -> HttpResponse:
    """Lead back to the list as it was."""
    query = RowQuery.parse_string(request.POST.get("query", ""), ledger)
    if not keep_columns:
        query = replace(query, columns=())
    return HttpResponseRedirect(table_address(ledger, query))


def table_address(ledger: Ledger, query: RowQuery | None = None) -> str:
    """Return the address of a ledger's table."""
    string = query.to_string() if query else ""
    return reverse("ledger", kwargs={"code": ledger.ledger}) + (f"?{string}" if string else "")
