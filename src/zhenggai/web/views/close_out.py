"""The end of the loop and its new beginning: close-out forms, revoking, reopening, and the criteria that must hold."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.findings.models import Finding
from zhenggai.people.access import may
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt, needed_day, number, read_day
from zhenggai.web.errors import MissingField
from zhenggai.web.pages import actor_of, page
from zhenggai.web.views.work import act_on_finding, to_finding
from zhenggai.workflow import actions, queries
from zhenggai.workflow.models import Criterion

REVOKE: Labels = {"motive": gettext_lazy("撤销理由"), "due_on": gettext_lazy("整改时限")}
REOPEN: Labels = {"why": gettext_lazy("重新整改理由"), "due_on": gettext_lazy("整改时限")}
FILE: Labels = {"filed_on": gettext_lazy("报备日期")}
ADD: Labels = {"text": gettext_lazy("销号标准")}
DROP: Labels = {"why": gettext_lazy("取消理由")}
MEET: Labels = {"evidence": gettext_lazy("佐证材料")}


def close_out(request: HttpRequest, id: int) -> HttpResponse:
    """Show a close-out form, as it was frozen."""
    return _show(request, id)


def _show(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    held = queries.access_close_out(actor, id)
    standing = held.revoked_at is None
    return page(
        request,
        "workflow/close_out.html",
        status=forms.status,
        close_out=held,
        form=held.form,
        later=held.later.order_by("-pk").first(),
        forms=forms,
        moment_of=_moment,
        may_revoke=standing and may(actor, "workflow.reopen", held.finding.unit),
        may_file=standing and held.filed_on is None and may(actor, "workflow.plan", held.finding.unit),
    )


def _moment(text: str) -> datetime | None:
    """Return a moment of the frozen form; None when it says none."""
    return parse_datetime(text) if text else None


def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """Revoke a close-out for a written motive."""
    actor = actor_of(request)
    held = queries.access_close_out(actor, id)

    def do() -> object:
        day = read_day(request, "due_on", REVOKE["due_on"])
        return actions.revoke_close_out(held, actor=actor, motive=request.POST.get("motive", ""), due_on=day)

    forms = attempt(request, "revoke", REVOKE, do)
    if forms is not None:
        return _show(request, id, forms)
    messages.success(request, _("已撤销销号，问题转为重新整改，销号单留存。"))
    return to_finding(held.finding_id)


def file(request: HttpRequest, id: int) -> HttpResponse:
    """Note that a close-out was filed with the inspection office."""
    actor = actor_of(request)
    held = queries.access_close_out(actor, id)

    def do() -> object:
        return actions.file_close_out(held, actor=actor, filed_on=needed_day(request, "filed_on", FILE["filed_on"]))

    forms = attempt(request, "file", FILE, do)
    if forms is not None:
        return _show(request, id, forms)
    messages.success(request, _("已登记报备日期。"))
    return HttpResponseRedirect(reverse("close-out", kwargs={"id": id}))


def reopen(request: HttpRequest, id: int) -> HttpResponse:
    """Put a finding that is phased or long-term back to work."""
    actor = actor_of(request)

    def do(found: Finding) -> object:
        day = read_day(request, "due_on", REOPEN["due_on"], feedback_on=found.round.feedback_on)
        return actions.reopen(found, actor=actor, why=request.POST.get("why", ""), due_on=day)

    return act_on_finding(request, id, "reopen", REOPEN, do, _("已转为重新整改。"), "")


def add_criterion(request: HttpRequest, id: int) -> HttpResponse:
    """Add a criterion that must hold before a finding is closed."""
    actor = actor_of(request)
    kind = request.POST.get("kind", "")
    chosen = kind if kind in (Criterion.Kind.CONFIRMATION, Criterion.Kind.DOCUMENT) else Criterion.Kind.CONFIRMATION

    def do(found: Finding) -> object:
        return actions.add_criterion(found, actor=actor, text=request.POST.get("text", ""), kind=chosen)

    return act_on_finding(request, id, "criterion", ADD, do, _("已增加销号标准。"), "#criteria")


def withdraw_criterion(request: HttpRequest, id: int) -> HttpResponse:
    """Take a criterion away, for a reason."""
    actor = actor_of(request)
    held = queries.access_criterion(actor, id)

    def do(found: Finding) -> object:
        return actions.withdraw_criterion(held, actor=actor, why=request.POST.get("why", ""))

    return act_on_finding(request, held.finding_id, f"drop-{id}", DROP, do, _("已取消该条标准。"), "#criteria")


def meet_criterion(request: HttpRequest, id: int) -> HttpResponse:
    """Lay the document before that a criterion asks for."""
    actor = actor_of(request)
    held = queries.access_criterion(actor, id)

    def do(found: Finding) -> object:
        key = number(request.POST.get("evidence", ""))
        if key is None:
            raise MissingField(label=MEET["evidence"])
        return actions.meet_criterion(held, queries.access_evidence(actor, key), actor=actor)

    return act_on_finding(request, held.finding_id, f"meet-{id}", MEET, do, _("已对应到该条标准。"), "#criteria")
