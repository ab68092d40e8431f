"""One row of a ledger: its page with history and neighbours, its forms with checks as one types, withdrawing and restoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput, Conflict, NotAllowed, NotFound, UserError
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import BadRow, ChangedMeanwhile, KeyTaken, ValueTaken
from zhenggai.ledgers.models import Row
from zhenggai.ledgers.queries import Form, Line, RowQuery, RowView
from zhenggai.packs.declarations import FieldType, Ledger
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import own_body, visible_people
from zhenggai.people.roles import Permission
from zhenggai.web.acts import EMPTY_FORMS, Forms, attempt, number
from zhenggai.web.errors import wants_json
from zhenggai.web.ledger_alerts import alerts_of_row
from zhenggai.web.ledger_fields import PREFIX, FormField, as_entered, entered, form_field, form_fields, starting_values
from zhenggai.web.ledger_links import links_from, links_to, row_address
from zhenggai.web.ledger_table import asked_for
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.views.ledgers.table import find, table_address

WITHDRAW: dict[str, str | Promise] = {"reason": gettext_lazy("原因")}


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows before and after one, in the list it was opened from."""

    previous: str
    """Address of the one before; empty when it is the first."""
    next: str
    """Address of the one after; empty when it is the last."""
    place: int
    """Place in the list, from 1; 0 when it is not on it."""
    total: int
    """How many the list has."""


def row(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Show one row."""
    return show_row(request, code, str(id))


def imported_row(request: HttpRequest, code: str) -> HttpResponse:
    """Show one row of a ledger that is imported whole; its name may hold any character, so it travels in the query."""
    return show_row(request, code, request.GET.get("row", ""))


def show_row(request: HttpRequest, code: str, row_id: str, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    """Show one row, once more with what was refused when an act of its page was."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    query = RowQuery.parse(dict(request.GET.lists()), ledger)
    shown = view_of(actor, ledger, row_id, query)
    it, form = shown.row, Form(ledger)
    personal = query.personal and shown.may_unmask
    string = query.to_string()
    return page(
        request,
        "ledgers/row.html",
        status=forms.status,
        ledger=ledger,
        shown=shown,
        line=shown.line,
        it=it,
        facts=[(form.fields[cell.code], cell) for cell in shown.line.cells],
        masked=any(cell.masked for cell in shown.line.cells),
        personal=personal,
        query=query,
        string=string,
        back=table_address(ledger, query),
        beside=beside(actor, ledger, query, shown.line) if it is None or it.withdrawn_at is None else None,
        attachments=list(it.attachments.filter(withdrawn_at=None).select_related("attached_by", "file")) if it else [],
        history=queries.row_history(it, masked=not personal) if it else [],
        alerts=alerts_of_row(actor, code, row_id),
        to=links_to(actor, form, shown),
        back_links=links_from(actor, ledger, it),
        may_keep=shown.may_keep and query.as_of is None,
        forms=forms,
        unmask=address_with(request, replace(query, personal=True)),
        remask=address_with(request, replace(query, personal=False)),
        now=timezone.now(),
    )


def view_of(actor: User, ledger: Ledger, row_id: str, query: RowQuery) -> RowView:
    """Return a row as asked for: at a moment, and unmasked, told to the trail, where the person may see that."""
    if query.personal:
        return actions.open_personal(ledger.ledger, row_id, actor=actor, as_of=query.as_of)
    return queries.row_view(actor, ledger.ledger, row_id, as_of=query.as_of)


def address_with(request: HttpRequest, query: RowQuery) -> str:
    """Return the address of this page with another question."""
    row_id = request.GET.get("row", "")
    string = query.to_string()
    parts = [f"row={row_id}"] if row_id else []
    return request.path + "?" + "&".join([*parts, *([string] if string else [])])


def beside(actor: User, ledger: Ledger, query: RowQuery, line: Line) -> Beside:
    """Return the neighbours of a row on its page of the list, or across its edges; what is masked stays so."""
    asked = replace(asked_for(query, (ledger.fields[0].code,)), personal=False)
    try:
        found = find(actor, ledger, asked)
    except BadInput:  # a filter over personal data, which this question must not lift
        return Beside("", "", 0, 0)
    at = next((index for index, each in enumerate(found.lines) if each.row_id == line.row_id), None)
    if at is None:
        return Beside("", "", 0, found.total)
    page_no = found.query.page

    def address(lines: tuple[Line, ...], index: int, number: int) -> str:
        if not 0 <= index < len(lines):
            return ""
        return row_address(ledger, lines[index], query.on_page(number).to_string())

    before, after = address(found.lines, at - 1, page_no), address(found.lines, at + 1, page_no)
    if at == 0 and page_no > 1:
        earlier = find(actor, ledger, asked.on_page(page_no - 1)).lines
        before = address(earlier, len(earlier) - 1, page_no - 1)
    if at == len(found.lines) - 1 and page_no < found.pages:
        after = address(find(actor, ledger, asked.on_page(page_no + 1)).lines, 0, page_no + 1)
    return Beside(before, after, found.first + at, found.total)


def new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a new row, or make it."""
    actor = actor_of(request)
    ledger = keepable(actor, code)
    bodies = list(queries.keeping_bodies(actor, ledger))
    body = _body(request, actor, bodies)
    form = Form(ledger)
    values: dict[str, object] = starting_values(ledger) | _given_in_address(request, ledger)
    error: UserError | None = None
    if request.method == "POST":
        values = entered(request.POST, form)
        try:
            made = actions.create_row(code, values, actor=actor, body=body)
        except (BadInput, Conflict) as refused:
            error = kept(request, refused)
        else:
            messages.success(request, _("已登记“%(title)s”。") % {"title": made})
            if "another" in request.POST:
                return HttpResponseRedirect(reverse("ledger-new", kwargs={"code": code}) + f"?body={body.pk}")
            return HttpResponseRedirect(reverse("ledger-row", kwargs={"code": code, "id": made.pk}))
    return _form_page(request, form, values, error, body=body, bodies=bodies)


def edit(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Show the form of a row, or change it; where somebody else changed it meanwhile, let the person choose field by field."""
    actor = actor_of(request)
    ledger = keepable(actor, code)
    it = queries.access_row(actor, code, id, Permission.KEEP_LEDGERS)
    form = Form(ledger)
    held, hidden = held_values(actor, form, it, tell=request.method == "GET")
    error: UserError | None = None
    values: Mapping[str, Any] = held
    if request.method == "POST":
        values = {**held, **entered(request.POST, form)}
        changed = _changed(request, form, held, hidden, values)
        revision = number(request.POST.get("revision", "")) or 0
        try:
            actions.change_row(it, changed, actor=actor, revision=revision, reason=request.POST.get("reason", ""))
        except ChangedMeanwhile as refused:
            if wants_json(request):
                raise
            return _conflict_page(request, form, it, revision, values, refused)
        except (BadInput, Conflict) as refused:
            error = kept(request, refused)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(_row_url(request, code, id))
    return _form_page(request, form, values, error, body=it.body, it=it, hidden=hidden)


def held_values(actor: User, form: Form, it: Row, *, tell: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the form of a row shows, and what of it stays hidden from a person who may not read personal data."""
    data = it.versions.get(valid_to=None).data
    marked = [field for field in form.kept.values() if field.personal]
    reached = queries.reach_of(actor, form.ledger, Permission.READ_PERSONAL)
    may_read = not marked or reached.covers(it.body)
    if marked and may_read and tell:
        actions.open_personal(form.ledger.ledger, str(it.pk), actor=actor)
    hidden = {} if may_read else {each.code: form.show(each.code, data) for each in marked if each.code in data}
    values = {code: as_entered(field, data.get(code)) for code, field in form.kept.items() if code not in hidden}
    return values, hidden


def _changed(
    request: HttpRequest, form: Form, held: Mapping[str, Any], hidden: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, object]:
    """Return what the person changed against what the form showed; on the page of a conflict, what they chose to keep."""
    found: dict[str, object] = {}
    for code in form.kept:
        if code not in values or request.POST.get(f"pick.{code}") == "theirs":
            continue
        value = values[code]
        if code in hidden and not value:
            continue
        if value != held.get(code):
            found[code] = value
    return found


def _conflict_page(
    request: HttpRequest, form: Form, it: Row, revision: int, values: Mapping[str, Any], error: ChangedMeanwhile
) -> HttpResponse:
    """Show what others changed since the form was opened, beside what was typed, to be chosen field by field."""
    actor = actor_of(request)
    versions = {each.revision: each for each in it.versions.select_related("actor")}
    now = versions[max(versions)]
    base = versions.get(revision)
    old: Mapping[str, Any] = base.data if base else {}
    _held, hidden = held_values(actor, form, it, tell=False)
    mine, problems = form.try_read({code: value for code, value in values.items() if value or code not in hidden}, old)
    rows, only_mine, only_theirs = [], [], []
    for code, field in form.kept.items():
        i_changed = mine.get(code) != old.get(code) or code in problems
        they_changed = now.data.get(code) != old.get(code)
        entry = {
            "field": field,
            "old": form.show(code, old, masked=code in hidden),
            "theirs": form.show(code, now.data, masked=code in hidden),
            "mine": form.show(code, mine, masked=code in hidden) if code not in problems else str(values.get(code, "")),
            "value": values.get(code, ""),
        }
        if i_changed and they_changed and mine.get(code) != now.data.get(code):
            rows.append(entry)
        elif i_changed:
            only_mine.append(entry)
        elif they_changed:
            only_theirs.append(entry)
    return page(
        request,
        "ledgers/conflict.html",
        status=409,
        ledger=form.ledger,
        it=it,
        conflicts=rows,
        only_mine=only_mine,
        only_theirs=only_theirs,
        who=[each.actor.name for each in versions.values() if each.revision > revision and each.actor],
        now_version=now,
        error=error.describe(gettext),
        prefix=PREFIX,
        string=request.GET.urlencode(),
    )


def check_field(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """Say what is wrong with one field as it was typed, or what its value amounts to; the same code as saving uses."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    form = Form(ledger)
    declared = form.kept.get(field)
    if declared is None:
        raise NotFound
    values = entered(request.POST, form)
    key = number(request.POST.get("row", ""))
    it = queries.access_row(actor, code, key, Permission.KEEP_LEDGERS) if key else None
    asked = {name: value for name, value in values.items() if name in (field, ledger.date)}
    asked.setdefault(field, "")
    if it is not None and not asked[field] and declared.personal and "keeps" in request.POST:
        asked.pop(field)
    data, problems = form.try_read(asked, {})
    error = problems.get(field, "")
    if not error and field in data:
        error = _taken(actor, form, values, field, it, number(request.POST.get("body", "")))
    shown = form_field(form, declared, values, error, body=it.body if it else _any_body(actor, ledger))
    return fragment(request, "ledgers/_said.html", each=shown, title=_named_row(actor, form, shown))


def _taken(actor: User, form: Form, values: Mapping[str, object], code: str, it: Row | None, body: int | None) -> str:
    """Return the sentence that another row has this key or value, as far as the person may see that row."""
    ledger = form.ledger
    if code not in ledger.key and not form.kept[code].unique:
        return ""
    data, _problems = form.try_read(values, {})
    others = queries.visible_rows(actor, ledger).filter(withdrawn_at=None, body_id=it.body_id if it else body)
    if it is not None:
        others = others.exclude(pk=it.pk)
    if (
        code in ledger.key
        and all(each in data for each in ledger.key)
        and others.filter(key=form.key_of(data)).exists()
    ):
        error: UserError = KeyTaken(ledger=ledger.label, key=form.key_of(data), label=form.kept[code].label)
        return error.describe(gettext).what
    if (
        form.kept[code].unique
        and others.filter(
            unique_values__field=code, unique_values__value=form.unique_values(data).get(code, "")
        ).exists()
    ):
        error = ValueTaken(label=form.kept[code].label, value=form.show(code, data))
        return error.describe(gettext).what
    return ""


def _named_row(actor: User, form: Form, shown: FormField) -> str:
    """Return the title of the row that a reference names."""
    if shown.error or shown.field.type != FieldType.REFERENCE or not shown.value:
        return ""
    target = queries.current().ledgers.get(shown.field.ledger or "")
    if target is None or not queries.reach_of(actor, target):
        return ""
    found = queries.visible_rows(actor, target).filter(key=shown.value, withdrawn_at=None).first()
    return found.title if found and found.title != shown.value else ""


def lookup(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """Offer rows or people whose words hold what is being typed into a field that names one."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    declared = ledger.field(field)
    if declared is None:
        raise NotFound
    typed = request.GET.get(PREFIX + field, request.GET.get("q", "")).strip()[:100]
    offered: list[tuple[str, str]] = []
    if declared.type == FieldType.REFERENCE:
        target = queries.current().ledgers.get(declared.ledger or "")
        if target is not None and queries.reach_of(actor, target):
            if target.store == "rows":
                rows = queries.visible_rows(actor, target).filter(withdrawn_at=None).exclude(key="")
                for word in typed.lower().split():
                    rows = rows.filter(search__contains=word)
                offered = [(each.key, each.title) for each in rows.order_by("-id")[:12]]
            else:
                found = queries.find_rows(actor, target, RowQuery(text=typed, page_size=12))
                offered = [(each.row_id.partition(":")[2], each.title) for each in found.lines]
    elif declared.type == FieldType.PERSON:
        meant = Q(name__contains=typed) | Q(username__contains=typed.lower())
        people = visible_people(actor, Permission.KEEP_LEDGERS).prefetch_related(None).filter(meant)
        offered = list(people.order_by("name", "pk").values_list("username", "name")[:12]) if typed else []
    return fragment(request, "ledgers/_offered.html", offered=offered, typed=typed)


def withdraw(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Take a row off the ledger for a reason."""
    actor = actor_of(request)
    it = queries.access_row(actor, code, id, Permission.KEEP_LEDGERS)
    reason = request.POST.get("reason", "")
    forms = attempt(request, "withdraw", WITHDRAW, lambda: actions.withdraw_row(it, actor=actor, reason=reason))
    if forms is not None:
        return show_row(request, code, str(id), forms)
    messages.success(request, _("已撤下“%(title)s”，可以从“已撤下的记录”中恢复。") % {"title": it.title})
    return HttpResponseRedirect(_row_url(request, code, id))


def restore(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Put a row back on the ledger."""
    actor = actor_of(request)
    it = queries.access_row(actor, code, id, Permission.KEEP_LEDGERS)
    actions.restore_row(it, actor=actor)
    messages.success(request, _("已恢复“%(title)s”。") % {"title": it.title})
    return HttpResponseRedirect(_row_url(request, code, id))


def keepable(actor: User, code: str) -> Ledger:
    """Return a ledger whose rows the person enters by hand.

    Raises:
        NotFound, NotAllowed: it is out of reach, or imported whole.
    """
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    if ledger.store != "rows":
        raise NotAllowed(permission=Permission.KEEP_LEDGERS)
    return ledger


def kept(request: HttpRequest, refused: UserError) -> UserError:
    """Return what was refused, to be shown on the form; raise it where JSON is wanted."""
    if wants_json(request):
        raise refused
    return refused


def _row_url(request: HttpRequest, code: str, id: int) -> str:
    string = request.GET.urlencode()
    return reverse("ledger-row", kwargs={"code": code, "id": id}) + (f"?{string}" if string else "")


def _body(request: HttpRequest, actor: User, bodies: list[Unit]) -> Unit:
    if not bodies:
        raise NotAllowed(permission=Permission.KEEP_LEDGERS)
    wanted = request.POST.get("body") or request.GET.get("body", "")
    own = own_body(actor)
    chosen = next((each for each in bodies if str(each.pk) == wanted), None)
    return chosen or next((each for each in bodies if own is not None and each.pk == own.pk), bodies[0])


def _any_body(actor: User, ledger: Ledger) -> Unit:
    found = queries.keeping_bodies(actor, ledger).first()
    if found is None:
        raise NotAllowed(permission=Permission.KEEP_LEDGERS)
    return found


def _given_in_address(request: HttpRequest, ledger: Ledger) -> dict[str, object]:
    """Return values that a link to the form of a new row brings, e.g. the case it is about."""
    return {each.code: request.GET[PREFIX + each.code] for each in ledger.fields if PREFIX + each.code in request.GET}


def _form_page(
    request: HttpRequest,
    form: Form,
    values: Mapping[str, Any],
    error: UserError | None,
    *,
    body: Unit,
    bodies: list[Unit] | None = None,
    it: Row | None = None,
    hidden: Mapping[str, str] | None = None,
) -> HttpResponse:
    problems = _problems(form, error)
    return page(
        request,
        "ledgers/form.html",
        status=error.status if error else 200,
        ledger=form.ledger,
        it=it,
        body=body,
        bodies=bodies or [],
        fields=form_fields(form, values, problems, body=body, hidden=hidden),
        revision=request.POST.get("revision", str(it.revision if it else 0)),
        marked=len(problems),
        error=error.describe(gettext) if error and not problems else None,
        string=request.GET.urlencode() if it else "",
        prefix=PREFIX,
    )


def _problems(form: Form, error: UserError | None) -> Mapping[str, str]:
    """Return what is wrong with each field, from what was refused."""
    if isinstance(error, BadRow):
        return error.problems
    if error is None:
        return {}
    label = str(error.slots.get("label", ""))
    words = error.describe(gettext)
    beside_ = [
        code for code, field in form.kept.items() if label and label in (field.label, "、".join(_key_labels(form)))
    ]
    beside_ = beside_ or ([form.ledger.key[0]] if isinstance(error, KeyTaken) and form.ledger.key else [])
    return dict.fromkeys(beside_[:1], f"{words.what}{words.todo}")


def _key_labels(form: Form) -> list[str]:
    return [form.fields[code].label for code in form.ledger.key]
