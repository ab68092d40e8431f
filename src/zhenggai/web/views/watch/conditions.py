"""Attaching a condition on a ledger to a finding: choose the ledger, then the rule or the indicator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.findings.models import Finding
from zhenggai.findings.queries import access_finding
from zhenggai.ledgers.access import visible_ledgers
from zhenggai.people.models import Unit
from zhenggai.watch import actions
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt
from zhenggai.web.errors import BadValue
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import optional_key
from zhenggai.workflow.conditions import COMPARISONS, PERIODS, Condition

LABELS: Labels = {
    "rule": gettext_lazy("规则"),
    "indicator": gettext_lazy("指标"),
    "value": gettext_lazy("目标值"),
    "text": gettext_lazy("销号标准"),
}
PERIOD_LABELS = {
    "month": gettext_lazy("上一个月"), "quarter": gettext_lazy("上一季度"), "half": gettext_lazy("上一个半年"),
    "year": gettext_lazy("上一年度"), "all": gettext_lazy("全部"),
}  # fmt: skip


def attach(request: HttpRequest, id: int) -> HttpResponse:
    """Show the form, or attach the condition."""
    actor = actor_of(request)
    finding = access_finding(actor, id, "workflow.plan")
    if request.method != "POST":
        return _show(request, finding)
    forms = attempt(
        request,
        "condition",
        LABELS,
        lambda: actions.attach_condition(finding, _condition(request), actor=actor, text=request.POST.get("text", "")),
    )
    if forms is not None:
        return _show(request, finding, forms)
    messages.success(request, _("已增加台账条件，规则运行后更新是否达到。"))
    return HttpResponse(status=302, headers={"Location": reverse("finding", kwargs={"id": id}) + "#criteria"})


def _condition(request: HttpRequest) -> Condition:
    sent = request.POST
    aim, _dot, code = sent.get("aim", "").partition(":")
    value: float | None = None
    if aim == "indicator" and sent.get("value", "").strip():
        try:
            value = float(sent["value"].strip().removesuffix("%"))
        except ValueError:
            raise BadValue(label=LABELS["value"], value=sent["value"][:40], hint=_("请填数字。")) from None
    return Condition(
        sent.get("ledger", ""),
        rule=code if aim == "rule" else "",
        indicator=code if aim == "indicator" else "",
        comparison=sent.get("comparison", "") if aim == "indicator" else "",
        value=value,
        period=sent.get("period", "") if aim == "indicator" else "",
        unit=optional_key(sent.get("unit")),
    )


def _show(request: HttpRequest, finding: Finding, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    ledgers = [each for each in visible_ledgers(actor_of(request)) if each.rules or each.indicators]
    wanted = request.POST.get("ledger") or request.GET.get("ledger", "")
    ledger = next((each for each in ledgers if each.ledger == wanted), None)
    body = finding.round.unit
    units = Unit.objects.filter(path__startswith=body.path, closed_on__isnull=True).exclude(pk=body.pk).order_by("path")
    return page(
        request,
        "watch/condition.html",
        status=forms.status,
        finding=finding,
        ledgers=ledgers,
        ledger=ledger,
        comparisons=list(COMPARISONS.items()),
        periods=[(code, PERIOD_LABELS[code]) for code in PERIODS],
        units=[(unit.pk, unit.name) for unit in units],
        forms=forms,
    )
