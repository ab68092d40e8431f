"""Acts of review: submit, take back, countersign, pass, return; and claim beside evidence for whoever decides."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.findings.models import Finding, Stage
from zhenggai.findings.queries import access_finding, finding_history
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt, number, numbers, read_day, version_of
from zhenggai.web.loop_page import EvidenceRow, measure_words, view_loop
from zhenggai.web.pages import actor_of, page
from zhenggai.web.previews import look_at
from zhenggai.web.views.finding import show_finding
from zhenggai.web.views.work import act_on_finding, to_finding
from zhenggai.workflow import actions
from zhenggai.workflow.models import Outcome
from zhenggai.workflow.queries import loop_of

SUBMIT: Labels = {
    "statement": gettext_lazy("整改情况"),
    "milestone": gettext_lazy("下一步工作"),
    "milestone_on": gettext_lazy("下一节点日期"),
}
PASS: Labels = {"minutes_no": gettext_lazy("会议纪要号")}
RETURN: Labels = {"text": gettext_lazy("退回理由"), "due_on": gettext_lazy("整改时限")}


def submit(request: HttpRequest, id: int) -> HttpResponse:
    """Hand a finding in for review."""
    actor = actor_of(request)
    asked = request.POST.get("outcome", "")

    def hand_in(found: Finding) -> object:
        return actions.submit(
            found,
            actor=actor,
            outcome=asked if asked in Outcome.values else Outcome.COMPLETED,
            statement=request.POST.get("statement", ""),
            milestone=request.POST.get("milestone", ""),
            milestone_on=read_day(request, "milestone_on", SUBMIT["milestone_on"]),
            version=version_of(request),
        )

    return act_on_finding(request, id, "submit", SUBMIT, hand_in, _("已提交审核。"), "#review")


def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Take one's own submission back."""
    actor = actor_of(request)

    def take_back(found: Finding) -> object:
        return actions.withdraw_submission(found, actor=actor)

    return act_on_finding(request, id, "withdraw", {}, take_back, _("已撤回提交，可继续办理。"), "#review")


def pass_level(request: HttpRequest, id: int) -> HttpResponse:
    """Pass the level a finding waits at."""
    actor = actor_of(request)

    def decide(found: Finding) -> object:
        return actions.pass_level(
            found,
            actor=actor,
            level=request.POST.get("level", ""),
            text=request.POST.get("text", ""),
            minutes_no=request.POST.get("minutes_no", ""),
            confirm=numbers(request, "confirm"),
        )

    return _decided(request, id, "pass", PASS, decide)


def return_work(request: HttpRequest, id: int) -> HttpResponse:
    """Return a finding to the doers, or to a lower level."""
    actor = actor_of(request)

    def decide(found: Finding) -> object:
        level, text = request.POST.get("level", ""), request.POST.get("text", "")
        due_on = read_day(request, "due_on", RETURN["due_on"], feedback_on=found.round.feedback_on)
        to = request.POST.get("to", "")
        return actions.return_work(found, actor=actor, level=level, text=text, to=to, due_on=None if to else due_on)

    return _decided(request, id, "return", RETURN, decide)


def cosign(request: HttpRequest, id: int) -> HttpResponse:
    """Countersign for an assisting department."""
    actor = actor_of(request)

    def decide(found: Finding) -> object:
        level, text = request.POST.get("level", ""), request.POST.get("text", "")
        return actions.cosign(found, actor=actor, level=level, text=text)

    return _decided(request, id, "cosign", {}, decide)


def _decided(
    request: HttpRequest, id: int, form: str, labels: Labels, decide: Callable[[Finding], object]
) -> HttpResponse:
    found = access_finding(actor_of(request), id)
    forms = attempt(request, form, labels, lambda: decide(found))
    if forms is not None:
        beside = request.POST.get("page") == "review"
        return show_review(request, id, forms) if beside else show_finding(request, id, forms)
    messages.success(request, _said(Finding.objects.get(pk=id), form))
    return to_finding(id, "#review")


def _said(finding: Finding, form: str) -> str:
    if form == "return":
        return _("已退回，理由已通知有关人员。")
    if form == "cosign":
        return _("已会签。")
    match Stage(finding.stage):
        case Stage.CLOSED:
            return _("已同意销号，销号单已生成。")
        case Stage.PHASED:
            return _("已确认阶段性完成。")
        case Stage.LONG_TERM:
            return _("已转入长期坚持。")
    return _("已同意，送下一级。")


def review(request: HttpRequest, id: int) -> HttpResponse:
    """Show what is claimed beside the evidence for it."""
    return show_review(request, id)


def show_review(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    """Show claim beside evidence, once more with what was refused when the decision was."""
    actor = actor_of(request)
    found = access_finding(actor, id)
    view = view_loop(loop_of(actor, found), finding_history(found))
    if not view.governed:
        return HttpResponseRedirect(reverse("finding", kwargs={"id": id}))
    rows = view.evidence
    shown = _chosen(rows, number(request.GET.get("evidence", "")))
    place = rows.index(shown) if shown is not None else 0
    return page(
        request,
        "workflow/review.html",
        status=forms.status,
        finding=found,
        view=view,
        loop_page=view.loop,
        forms=forms,
        shown=shown,
        look=look_at(shown.newest) if shown is not None else None,
        previous=rows[place - 1] if shown is not None and place else None,
        following=rows[place + 1] if shown is not None and place + 1 < len(rows) else None,
        place=place + 1,
        measure_words=measure_words,
    )


def _chosen(rows: tuple[EvidenceRow, ...], key: int | None) -> EvidenceRow | None:
    return next((row for row in rows if row.evidence.pk == key), rows[0] if rows else None)
