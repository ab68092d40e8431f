"""Many rows at once: choose what changes, look at what it would do, do it, and take it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput, Conflict, UserError
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import NothingChosen
from zhenggai.ledgers.history import differences
from zhenggai.ledgers.models import Batch, RowVersion
from zhenggai.ledgers.queries import FieldChange, Form, RowQuery
from zhenggai.ledgers.versions import data_of
from zhenggai.packs.declarations import Ledger
from zhenggai.people.models import User
from zhenggai.people.roles import Permission
from zhenggai.web.acts import number
from zhenggai.web.ledger_fields import entered, form_fields
from zhenggai.web.pages import actor_of, page
from zhenggai.web.views.ledgers.rows import keepable, kept
from zhenggai.web.views.ledgers.table import MOST_BULK, table_address

SHOWN = 20
"""Rows of a preview that are shown one by one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A row of a batch, told by what changed."""

    row_id: int
    """Its key."""
    title: str
    """What stands for it."""
    changes: tuple[FieldChange, ...]
    """Fields before and after."""
    added: bool = False
    """Whether the batch made it."""
    withdrawn: bool = False
    """Whether the batch took it off the ledger."""


def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """Take the chosen rows through the stages of a bulk change, or restore them."""
    actor = actor_of(request)
    ledger = keepable(actor, code)
    ids = _chosen(request, actor, ledger)
    if request.POST.get("act") == "restore":
        return _restore(request, actor, ledger, ids)
    form = Form(ledger)
    fields = {each: form.kept[each] for each in request.POST.getlist("field") if each in form.kept}
    sent = entered(request.POST, form)
    values = {each: sent.get(each, "") for each in fields}
    stage, error = request.POST.get("stage", ""), None
    preview = None
    try:
        if not ids:
            raise NothingChosen
        if stage == "apply":
            reason = request.POST.get("reason", "")
            batch = actions.bulk_change(code, ids, values, actor=actor, reason=reason)
            if batch is None:
                messages.info(request, _("所选记录已经是这些内容，没有需要修改的。"))
                return HttpResponseRedirect(_list(request, ledger))
            said = ngettext(
                "已修改 %(n)s 条记录，可以在本页整批撤销。", "已修改 %(n)s 条记录，可以在本页整批撤销。", batch.rows
            )
            messages.success(request, said % {"n": batch.rows})
            return HttpResponseRedirect(reverse("ledger-batch", kwargs={"code": code, "id": batch.pk}))
        if stage == "preview":
            preview = actions.preview_bulk(code, ids, values, actor=actor)
    except (BadInput, Conflict) as refused:
        error = kept(request, refused)
    return _bulk_page(request, form, ids, values, preview, error)


def _bulk_page(
    request: HttpRequest, form: Form, ids: list[int], values: dict[str, Any], preview: Any, error: UserError | None
) -> HttpResponse:
    actor = actor_of(request)
    rows = list(
        queries.visible_rows(actor, form.ledger, Permission.KEEP_LEDGERS)
        .filter(pk__in=ids[: SHOWN + MOST_BULK], withdrawn_at=None)
        .select_related("body")
        .order_by("-pk")[:SHOWN]
    )
    before = data_of(rows)
    shown = []
    if preview is not None:
        for row in rows:
            after, _problems = form.try_read(values, before[row.pk])
            shown.append(Changed(row.pk, row.title, tuple(differences(form, before[row.pk], after))))
    body = rows[0].body if rows else queries.keeping_bodies(actor, form.ledger).first()
    assert body is not None  # who may keep the ledger keeps it for a body
    offered = [
        each
        for each in form_fields(form, values, {}, body=body)
        if each.field.code not in form.ledger.key and not each.field.unique
    ]
    return page(
        request,
        "ledgers/bulk.html",
        status=error.status if error else 200,
        ledger=form.ledger,
        ids=ids,
        rows=rows,
        fields=offered,
        chosen=set(values),
        preview=preview,
        problems=[(key, words) for key, words in preview.problems.items()][:50] if preview else [],
        titles={row.pk: row.title for row in rows},
        shown=shown,
        error=error.describe(gettext) if error else None,
        reason=request.POST.get("reason", ""),
        query=request.POST.get("query", ""),
        back=_list(request, form.ledger),
    )


def _restore(request: HttpRequest, actor: User, ledger: Ledger, ids: list[int]) -> HttpResponse:
    if not ids:
        raise NothingChosen
    with transaction.atomic():
        for key in ids:
            actions.restore_row(queries.access_row(actor, ledger.ledger, key, Permission.KEEP_LEDGERS), actor=actor)
    said = ngettext("已恢复 %(n)s 条记录。", "已恢复 %(n)s 条记录。", len(ids)) % {"n": len(ids)}
    messages.success(request, said)
    return HttpResponseRedirect(_list(request, ledger))


def _chosen(request: HttpRequest, actor: User, ledger: Ledger) -> list[int]:
    if "all" in request.POST:
        asked = RowQuery.parse_string(request.POST.get("query", ""), ledger)
        columns = (ledger.fields[0].code,)
        asked = replace(asked, page=1, page_size=MOST_BULK, columns=columns, group="", personal=False)
        return [line.pk for line in queries.find_rows(actor, ledger, asked).lines if line.pk is not None]
    given = [number(part) for text in request.POST.getlist("id") for part in text.split(",")]
    return list(dict.fromkeys(each for each in given if each is not None))[:MOST_BULK]


def _list(request: HttpRequest, ledger: Ledger) -> str:
    return table_address(ledger, RowQuery.parse_string(request.POST.get("query", ""), ledger))


def batches(request: HttpRequest, code: str) -> HttpResponse:
    """List what was written to a ledger many rows at a time."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    shown = Paginator(queries.visible_batches(actor, ledger), 30).get_page(request.GET.get("page"))
    return page(request, "ledgers/batches.html", ledger=ledger, batches=shown)


def batch(request: HttpRequest, code: str, id: int, error: UserError | None = None) -> HttpResponse:
    """Show one batch: what it changed, row by row, and how to take it back."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    found = queries.access_batch(actor, code, id)
    shown = Paginator(found.versions.select_related("row").order_by("pk"), 50).get_page(request.GET.get("page"))
    return page(
        request,
        "ledgers/batch.html",
        status=error.status if error else 200,
        ledger=ledger,
        batch=found,
        versions=shown,
        rows=_changed_rows(Form(ledger), list(shown)),
        may_undo=found.undone_at is None and found.kind in (Batch.Kind.BULK, Batch.Kind.IMPORT, Batch.Kind.DRAW),
        error=error.describe(gettext) if error else None,
    )


def _changed_rows(form: Form, versions: list[RowVersion]) -> list[Changed]:
    earlier = RowVersion.objects.filter(row__in=[each.row_id for each in versions])
    before = {(row, no): data for row, no, data in earlier.values_list("row_id", "revision", "data")}
    return [
        Changed(
            each.row_id,
            each.row.title,
            tuple(differences(form, before.get((each.row_id, each.revision - 1), {}), each.data))
            if each.revision > 1
            else (),
            each.revision == 1,
            each.withdrawn,
        )
        for each in versions
    ]


def undo(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Take a whole batch back."""
    actor = actor_of(request)
    found = queries.access_batch(actor, code, id)
    try:
        done = actions.undo_batch(found, actor=actor)
    except (BadInput, Conflict) as refused:
        return batch(request, code, id, kept(request, refused))
    messages.success(request, _("已撤销“%(label)s”，共恢复 %(n)s 条记录。") % {"label": found.label, "n": done.rows})
    return HttpResponseRedirect(reverse("ledger-batch", kwargs={"code": code, "id": id}))
