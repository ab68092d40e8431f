"""Rebounds: conditions that lapsed after a close-out, and what is done about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.kit.errors import NotFound
from zhenggai.people.access import may
from zhenggai.watch import actions
from zhenggai.watch.models import Rebound
from zhenggai.watch.queries import access_rebound, visible_rebounds
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt, read_day
from zhenggai.web.pages import actor_of, page
from zhenggai.workflow.conditions import condition_of

LABELS: dict[str, Labels] = {
    "reopen": {"motive": gettext_lazy("撤销理由"), "due_on": gettext_lazy("整改时限")},
    "explain": {"why": gettext_lazy("说明")},
}


def rebounds(request: HttpRequest) -> HttpResponse:
    """List the rebounds of findings the person sees: open ones first."""
    found = list(visible_rebounds(actor_of(request))[:200])
    found.sort(key=lambda each: each.state != Rebound.State.OPEN)
    return page(request, "watch/rebounds.html", rebounds=found)


def rebound(request: HttpRequest, id: int) -> HttpResponse:
    """Show a rebound."""
    return _show(request, id)


def _show(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    found = access_rebound(actor, id)
    finding = found.criterion.finding
    decides = found.state == Rebound.State.OPEN and may(actor, "workflow.reopen", finding.round.unit)
    return page(
        request,
        "watch/rebound.html",
        status=forms.status,
        it=found,
        finding=finding,
        condition=condition_of(found.criterion),
        decides=decides,
        forms=forms,
    )


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Reopen the finding, or say why it stays closed."""
    actor = actor_of(request)
    found = access_rebound(actor, id)
    if move not in LABELS:
        raise NotFound

    def do() -> object:
        if move == "explain":
            return actions.explain_rebound(found, actor=actor, why=request.POST.get("why", ""))
        day = read_day(request, "due_on", LABELS["reopen"]["due_on"])
        return actions.reopen_rebound(found, actor=actor, motive=request.POST.get("motive", ""), due_on=day)

    forms = attempt(request, move, LABELS[move], do)
    if forms is not None:
        return _show(request, id, forms)
    if move == "explain":
        messages.success(request, _("已说明，问题保持销号；再次反弹时另行提示。"))
        return redirect("watch-rebound", id=id)
    messages.success(request, _("已撤销销号，问题转为重新整改，销号单留存。"))
    return redirect("finding", id=found.criterion.finding_id)
