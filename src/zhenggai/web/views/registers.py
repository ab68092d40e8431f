"""The pages every register has: list, form, entry, file, export; what differs is declared in ``web/registers.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.findings.access import visible_rounds
from zhenggai.kit.errors import BadInput, Conflict, NotAllowed, NotFound, UserError
from zhenggai.people.access import may
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import bodies_for, own_body
from zhenggai.people.roles import Permission
from zhenggai.registers.actions import Upload, change_entry, create_entry, has_default, withdraw_entry
from zhenggai.registers.fields import Slot
from zhenggai.registers.queries import ListQuery, access_entry, entry_history, export_entries, find_entries
from zhenggai.web.errors import wants_json
from zhenggai.web.pages import actor_of, page
from zhenggai.web.registers import SECTION_OF, Tab
from zhenggai.web.rounds import present_round
from zhenggai.web.views.finding import refuse_programs, send_file

MOST_OPTIONS = 500


@dataclass(frozen=True, slots=True)
class FormField:
    """A field as the form shows it."""

    slot: Slot
    """What it is."""
    value: Any
    """What stands in it: text, or a list of keys."""
    options: tuple[tuple[str, str], ...]
    """Values and words, where it is chosen."""
    error: str
    """What is wrong with it."""
    needed: bool
    """True when it cannot be left empty."""


def entries(request: HttpRequest, tab: Tab) -> HttpResponse:
    """Show a register's list."""
    actor = actor_of(request)
    assert tab.listing is not None  # a register without a listing has a list of its own
    query = ListQuery.parse(request.GET.dict(), tab.listing)
    found = find_entries(tab.kind, tab.listing, actor, query)
    string = urlencode(found.query.to_pairs())
    return page(
        request,
        "registers/list.html",
        tab=tab,
        section=SECTION_OF[tab.name],
        tabs=SECTION_OF[tab.name].shown(actor),
        figures=any(may(actor, permission) for permission in SECTION_OF[tab.name].totals),
        found=found,
        columns=tab.listing.columns,
        chosen=dict(found.query.chosen),
        string=string,
        rounds=list(visible_rounds(actor)),
        may_add=may(actor, tab.kind.manage),
    )


def export(request: HttpRequest, tab: Tab) -> HttpResponse:
    """Send a register's list as a workbook."""
    actor = actor_of(request)
    assert tab.listing is not None  # a register without a listing is never exported
    query = ListQuery.parse(request.GET.dict(), tab.listing)
    title = _("制度成果目录") if tab.slug == "rules" else str(tab.label)
    book = export_entries(tab.kind, tab.listing, actor, query, title=title)
    answer = HttpResponse(book, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = urlencode({"": f"{title}_{timezone.localdate()}.xlsx"})[1:]
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def entry(request: HttpRequest, id: int, tab: Tab) -> HttpResponse:
    """Show one entry."""
    actor = actor_of(request)
    return entry_page(request, tab, tab.open(actor, id))


def entry_page(request: HttpRequest, tab: Tab, found: Any, error: UserError | None = None) -> HttpResponse:
    """Return the page of an entry, with what an act on it was refused for."""
    actor = actor_of(request)
    hidden = tab.hidden(actor, found)
    return page(
        request,
        "registers/entry.html",
        status=error.status if error else 200,
        tab=tab,
        section=SECTION_OF[tab.name],
        it=found,
        title=str(found),
        facts=[(slot, _shown(slot, found), slot.name in hidden) for slot in tab.kind.slots],
        may_see_file=not hidden,
        history=entry_history(tab.kind, found),
        may_manage=may(actor, tab.kind.manage, found.unit),
        error=error.describe(gettext) if error else None,
        today=timezone.localdate(),
        **tab.extra(actor, found),
    )


def new(request: HttpRequest, tab: Tab) -> HttpResponse:
    """Show the form of a new entry, or make it."""
    actor = actor_of(request)
    unit, bodies = body_for_entry(request, actor, tab)
    values = _given(request, tab) if request.method == "POST" else _proposed(request, actor, tab)
    error: UserError | None = None
    if request.method == "POST":
        try:
            made = create_entry(tab.kind, unit, values, actor=actor, upload=upload_of(request))
        except (BadInput, Conflict) as refused:
            error = _kept(request, refused)
        else:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(address(tab, made))
    return form_page(request, tab, unit, values, error, bodies=bodies)


def edit(request: HttpRequest, id: int, tab: Tab) -> HttpResponse:
    """Show the form of an entry, or change it."""
    actor = actor_of(request)
    access_entry(tab.kind, actor, id, manage=True)
    found = tab.open(actor, id)
    values = {slot.name: _held(slot, found) for slot in tab.kind.slots}
    error: UserError | None = None
    if request.method == "POST":
        given = _given(request, tab)
        changed = {name: value for name, value in given.items() if value != values[name]}
        try:
            change_entry(tab.kind, found, changed, actor=actor, version=_version(request), upload=upload_of(request))
        except (BadInput, Conflict) as refused:
            values, error = given, _kept(request, refused)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(address(tab, found))
    return form_page(request, tab, found.unit, values, error, entry=found)


def withdraw(request: HttpRequest, id: int, tab: Tab) -> HttpResponse:
    """Take an entry off its register."""
    actor = actor_of(request)
    found = access_entry(tab.kind, actor, id, manage=True)
    withdraw_entry(tab.kind, found, actor=actor, reason=request.POST.get("reason", ""))
    messages.success(request, _("已撤下该条登记。"))
    return HttpResponseRedirect(reverse(f"{tab.name}-list"))


def file(request: HttpRequest, id: int, tab: Tab) -> HttpResponseBase:
    """Send the file of an entry to those who may read all of it."""
    actor = actor_of(request)
    found = tab.open(actor, id)
    if found.file is None:
        raise NotFound
    if tab.hidden(actor, found):
        raise NotAllowed
    return send_file(found.file, found.file_name)


def form_page(
    request: HttpRequest,
    tab: Tab,
    unit: Unit,
    values: dict[str, Any],
    error: UserError | None,
    *,
    bodies: list[Unit] | None = None,
    entry: Any = None,
    **more: Any,
) -> HttpResponse:
    """Return the form of an entry with what it holds and what is wrong with it."""
    actor = actor_of(request)
    words = error.describe(gettext) if error else None
    label = str(error.slots.get("label", "")) if error else ""
    beside = next((slot.name for slot in tab.kind.slots if label and str(slot.label) == label), "")
    fields = [
        FormField(
            slot,
            values.get(slot.name, [] if slot.kind == "records" else ""),
            _options(slot, actor, unit, values.get(slot.name)),
            f"{words.what}{words.todo}" if words and slot.name == beside else "",
            slot.required and not has_default(tab.kind, slot),
        )
        for slot in tab.kind.slots
    ]
    return page(
        request,
        "registers/form.html",
        status=error.status if error else 200,
        tab=tab,
        section=SECTION_OF[tab.name],
        it=entry,
        unit=unit,
        bodies=bodies or [],
        fields=fields,
        version=request.POST.get("version", str(entry.version if entry is not None else 0)),
        error=None if beside else words,
        marked=bool(beside),
        **more,
    )


def body_for_entry(request: HttpRequest, actor: User, tab: Tab) -> tuple[Unit, list[Unit]]:
    """Return the body a new entry is for, and those it might be for.

    Raises:
        NotAllowed: there is none.
    """
    bodies = bodies_for(actor, Permission(tab.kind.manage))
    if not bodies:
        raise NotAllowed(permission=tab.kind.manage)
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    own = own_body(actor)
    chosen = next((unit for unit in bodies if str(unit.pk) == wanted), None)
    return chosen or next((unit for unit in bodies if own is not None and unit.pk == own.pk), bodies[0]), bodies


def upload_of(request: HttpRequest) -> Upload | None:
    """Return the file that came with a form."""
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        return None
    refuse_programs(sent.name)
    return Upload(cast(BinaryIO, sent), sent.name)


def address(tab: Tab, found: Any) -> str:
    """Return the address of an entry."""
    return reverse(tab.name, kwargs={"id": found.pk})


def _kept(request: HttpRequest, refused: UserError) -> UserError:
    if wants_json(request):
        raise refused
    return refused


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _given(request: HttpRequest, tab: Tab) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for slot in tab.kind.slots:
        if slot.kind == "records":
            found[slot.name] = sorted(request.POST.getlist(slot.name))
        elif slot.name in request.POST:
            found[slot.name] = request.POST[slot.name].replace("\r\n", "\n")
    return found


def _proposed(request: HttpRequest, actor: User, tab: Tab) -> dict[str, Any]:
    """Return what a new form starts with: what the address says, and the present round."""
    values: dict[str, Any] = {}
    for slot in tab.kind.slots:
        if slot.name in request.GET:
            values[slot.name] = request.GET.getlist(slot.name) if slot.kind == "records" else request.GET[slot.name]
        elif slot.name == "round":
            present = present_round(actor, list(visible_rounds(actor)))
            values[slot.name] = str(present.pk) if present is not None else ""
        elif slot.choices is not None and has_default(tab.kind, slot):
            values[slot.name] = str(tab.kind.model._meta.get_field(slot.name).get_default())
    return values


def _held(slot: Slot, found: Any) -> Any:
    """Return what the form shows for a field of an entry, in the shape the form sends it back."""
    if slot.kind == "records":
        return sorted(str(record.pk) for record in getattr(found, slot.name).all())
    if slot.kind == "record":
        return str(getattr(found, f"{slot.name}_id") or "")
    value = getattr(found, slot.name)
    return "" if value is None else str(value)


def _shown(slot: Slot, found: Any) -> Any:
    """Return what the page shows for a field of an entry."""
    if slot.kind == "records":
        return list(getattr(found, slot.name).all())
    if slot.kind == "choice":
        return getattr(found, f"get_{slot.name}_display")() if getattr(found, slot.name) else ""
    return getattr(found, slot.name)


def _options(slot: Slot, actor: User, unit: Unit, value: Any) -> tuple[tuple[str, str], ...]:
    if slot.choices is not None:
        return tuple((code, str(label)) for code, label in slot.choices.choices)
    if slot.choose is None:
        return ()
    offered = slot.choose(actor, unit)
    found = list(offered[:MOST_OPTIONS])
    held = {str(record.pk) for record in found}
    missing = [key for key in (value if isinstance(value, list) else [value]) if key and key not in held]
    if missing:
        keys = [int(key) for key in missing if str(key).isascii() and str(key).isdecimal() and len(str(key)) < 19]
        found += list(offered.filter(pk__in=keys))
    return tuple((str(record.pk), _option_words(record)) for record in found)


def _option_words(record: models.Model) -> str:
    no = getattr(record, "no", "")
    words = f"{no}. {record}" if no and type(record).__name__ == "Finding" else str(record)
    return words if len(words) <= 60 else words[:59] + "…"
