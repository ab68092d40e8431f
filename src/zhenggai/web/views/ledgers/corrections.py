"""Correcting a row of a ledger that is imported whole: the file stays as it came, the correction lies over it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput, Conflict, NotAllowed
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import BadRow, ReasonMissing
from zhenggai.ledgers.queries import Form
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission
from zhenggai.web.acts import number
from zhenggai.web.ledger_fields import as_entered, entered, form_fields
from zhenggai.web.ledger_links import row_address
from zhenggai.web.pages import actor_of, page
from zhenggai.web.views.ledgers.rows import kept


def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of a correction, or make it; what is masked is left out of it."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code, Permission.KEEP_LEDGERS)
    row_id = request.GET.get("row", "")
    shown = queries.row_view(actor, code, row_id)
    if not shown.may_keep or ledger.store != "snapshots":
        raise NotAllowed(permission=Permission.KEEP_LEDGERS)
    form = Form(ledger)
    cells = {cell.code: cell for cell in shown.line.cells}
    hidden = {each: cell.shown for each, cell in cells.items() if cell.masked and each in form.kept}
    held = {each: as_entered(field, cells[each].value) for each, field in form.kept.items() if each not in hidden}
    values: dict[str, Any] = dict(held)
    problems: dict[str, str] = {}
    error = None
    if request.method == "POST":
        values = {**held, **entered(request.POST, form)}
        changed = {
            each: value for each, value in values.items() if value != held.get(each) and (value or each not in hidden)
        }
        try:
            actions.correct_row(
                code,
                row_id,
                changed,
                actor=actor,
                revision=number(request.POST.get("revision", "")) or 0,
                reason=request.POST.get("reason", ""),
            )
        except (BadInput, Conflict) as refused:
            error = kept(request, refused)
            problems = dict(refused.problems) if isinstance(refused, BadRow) else {}
            if isinstance(refused, ReasonMissing):
                problems = {"reason": refused.describe(gettext).what}
        else:
            messages.success(request, _("已更正，导入的文件没有改动。"))
            return HttpResponseRedirect(row_address(ledger, shown.line))
    body = Unit.objects.get(pk=shown.line.body_id)
    return page(
        request,
        "ledgers/form.html",
        status=error.status if error else 200,
        ledger=ledger,
        it=None,
        line=shown.line,
        correcting=True,
        body=body,
        bodies=[],
        fields=form_fields(form, values, problems, body=body, hidden=hidden),
        revision=request.POST.get("revision", str(shown.line.revision)),
        marked=len(problems),
        error=error.describe(gettext) if error and not problems else None,
        reason_error=problems.get("reason", ""),
        string="",
        back=row_address(ledger, shown.line),
    )
