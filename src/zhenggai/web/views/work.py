"""Acts of those who do the work: progress, measures carried out and taken back, extensions asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.findings.models import Finding
from zhenggai.findings.queries import access_finding, access_measure
from zhenggai.kit.errors import NotFound
from zhenggai.web.acts import Labels, attempt, needed_day, number, read_day
from zhenggai.web.pages import actor_of
from zhenggai.web.views.finding import show_finding
from zhenggai.workflow import actions, queries

PROGRESS: Labels = {"text": gettext_lazy("进展"), "done_on": gettext_lazy("完成日期")}
COMPLETE: Labels = {"done_on": gettext_lazy("完成日期")}
UNDO: Labels = {"why": gettext_lazy("撤销理由")}
ASK: Labels = {"to_due_on": gettext_lazy("延期至"), "reason": gettext_lazy("延期理由")}
DECIDE: Labels = {"opinion": gettext_lazy("不批准的理由")}


def to_finding(id: int, at: str = "") -> HttpResponse:
    """Lead back to a place on the page of a finding."""
    return HttpResponseRedirect(reverse("finding", kwargs={"id": id}) + at)


def act_on_finding(
    request: HttpRequest, id: int, form: str, labels: Labels, act: Callable[[Finding], object], done: str, at: str
) -> HttpResponse:
    """Run *act* on a finding and lead back to its page; show the page with the form again when it was refused.

    Args:
        request: what came.
        id: key of the finding.
        form: name of the form on the page.
        labels: its fields.
        act: what is done.
        done: what is said when it took place.
        at: anchor to lead back to.
    """
    found = access_finding(actor_of(request), id)
    forms = attempt(request, form, labels, lambda: act(found))
    if forms is not None:
        return show_finding(request, id, forms)
    messages.success(request, done)
    return to_finding(id, at)


def write_progress(request: HttpRequest, id: int) -> HttpResponse:
    """Say what was done on a finding, or on one of its measures."""
    actor = actor_of(request)
    key = number(request.POST.get("measure", ""))

    def write(found: Finding) -> object:
        return actions.write_progress(
            found,
            actor=actor,
            text=request.POST.get("text", ""),
            done_on=read_day(request, "done_on", PROGRESS["done_on"]),
            measure=access_measure(actor, key) if key else None,
        )

    return act_on_finding(request, id, "progress", PROGRESS, write, _("已记录进展。"), "#measures")


def withdraw_progress(request: HttpRequest, id: int, entry_id: int) -> HttpResponse:
    """Take back one's own entry."""
    actor = actor_of(request)

    def withdraw(found: Finding) -> object:
        entry = queries.access_work_entry(actor, entry_id)
        if entry.finding_id != found.pk:
            raise NotFound
        return actions.withdraw_progress(entry, actor=actor)

    return act_on_finding(request, id, "progress", PROGRESS, withdraw, _("已撤回这条进展。"), "#measures")


def complete_measure(request: HttpRequest, id: int, measure_id: int) -> HttpResponse:
    """Say that a measure was carried out."""
    actor = actor_of(request)
    measure = access_measure(actor, measure_id)

    def complete(found: Finding) -> object:
        if measure.finding_id != found.pk:
            raise NotFound
        day = read_day(request, "done_on", COMPLETE["done_on"])
        return actions.complete_measure(measure, actor=actor, done_on=day, note=request.POST.get("note", ""))

    done, at = _("该措施已标记完成。"), f"#measure-{measure_id}"
    return act_on_finding(request, id, f"complete-{measure_id}", COMPLETE, complete, done, at)


def reopen_measure(request: HttpRequest, id: int, measure_id: int) -> HttpResponse:
    """Take back that a measure was carried out."""
    actor = actor_of(request)
    measure = access_measure(actor, measure_id)

    def undo(found: Finding) -> object:
        if measure.finding_id != found.pk:
            raise NotFound
        return actions.reopen_measure(measure, actor=actor, why=request.POST.get("why", ""))

    done, at = _("已撤销该措施的完成标记。"), f"#measure-{measure_id}"
    return act_on_finding(request, id, f"undo-{measure_id}", UNDO, undo, done, at)


def ask_extension(request: HttpRequest, id: int) -> HttpResponse:
    """Ask for a later deadline."""
    actor = actor_of(request)

    def ask(found: Finding) -> object:
        day = needed_day(request, "to_due_on", ASK["to_due_on"], feedback_on=found.round.feedback_on)
        return actions.ask_extension(found, actor=actor, to_due_on=day, reason=request.POST.get("reason", ""))

    done = _("延期申请已提交，批准前原时限不变。")
    return act_on_finding(request, id, "extension", ASK, ask, done, "#extensions")


def withdraw_extension(request: HttpRequest, id: int) -> HttpResponse:
    """Take one's own request back."""
    actor = actor_of(request)
    asked = queries.access_extension(actor, id)

    def withdraw(found: Finding) -> object:
        return actions.withdraw_extension(asked, actor=actor)

    done = _("已撤回延期申请。")
    return act_on_finding(request, asked.finding_id, "extension-withdraw", {}, withdraw, done, "#extensions")


def decide_extension(request: HttpRequest, id: int) -> HttpResponse:
    """Grant or refuse a request."""
    actor = actor_of(request)
    asked = queries.access_extension(actor, id)
    grant = request.POST.get("verdict") == "grant"

    def decide(found: Finding) -> object:
        opinion = request.POST.get("opinion", "")
        return actions.decide_extension(asked, actor=actor, grant=grant, opinion=opinion)

    done = _("已批准延期，新时限生效。") if grant else _("已答复不批准，原时限不变。")
    return act_on_finding(request, asked.finding_id, "extension-decide", DECIDE, decide, done, "#extensions")
