"""The rectification plan of a round: three lists from one record, its gaps, versions and approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings import queries as findings
from zhenggai.findings.actions import assign_measures
from zhenggai.findings.models import InspectionRound, Measure
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.errors import MissingField
from zhenggai.web.pages import actor_of, page
from zhenggai.web.rounds import present_round
from zhenggai.web.views.ledger import KEEP, chosen_ids
from zhenggai.workflow import actions, queries
from zhenggai.workflow.models import Plan
from zhenggai.workflow.plan import Difference, suggest_nature

LISTS = ("findings", "tasks", "duties")


def plan(request: HttpRequest) -> HttpResponse:
    """Show the plan of the present round, or of another one."""
    actor = actor_of(request)
    rounds = plan_rounds(actor)
    chosen = _chosen_round(request, actor, rounds)
    if chosen is None:
        return page(request, "plan/none.html", may_import=may(actor, "intake.import"))
    shown = queries.plan_page(actor, chosen)
    wanted = request.GET.get("list", "")
    kind = wanted if wanted in LISTS else "findings"
    may_edit = shown.may_make and may(actor, "findings.edit", chosen.unit)
    return page(
        request,
        "plan/plan.html",
        it=shown,
        rounds=rounds,
        kind=kind,
        natures=Measure.Nature.choices,
        nature_words=dict(Measure.Nature.choices),
        changes=describe(shown.moved),
        gap_groups=_gap_groups(shown.gaps),
        may_edit=may_edit,
        choices=findings.assignment_choices(actor, chosen) if may_edit and kind != "findings" else None,
        today=timezone.localdate(),
    )


def plan_rounds(actor: User) -> list[InspectionRound]:
    """Return the rounds whose plan the actor sees as a whole."""
    return [each for each in findings.visible_rounds(actor) if may(actor, "findings.view", each.unit)]


def version(request: HttpRequest, id: int) -> HttpResponse:
    """Show one version of a plan as it was handed in, and what it changed."""
    found = _access(request, id)
    shown = queries.version_page(found)
    return page(
        request,
        "plan/version.html",
        it=shown,
        changes=describe(shown.changes),
        nature_words=dict(Measure.Nature.choices),
    )


def open_version(request: HttpRequest) -> HttpResponse:
    """Begin a version of the plan."""
    actor = actor_of(request)
    found = findings.access_round(actor, _key(request.POST.get("round")), "findings.view")
    actions.open_plan(found, actor=actor, note=request.POST.get("note", ""))
    messages.success(request, _("已开始编制整改方案。补齐清单后提交批准。"))
    return _to_plan(found.pk)


def submit(request: HttpRequest, id: int) -> HttpResponse:
    """Hand the plan in."""
    done = actions.submit_plan(_access(request, id), actor=actor_of(request))
    messages.success(request, _("整改方案第 %(n)s 版已提交，等待批准。") % {"n": done.version})
    return _to_plan(done.round_id)


def decide(request: HttpRequest, id: int) -> HttpResponse:
    """Approve the plan or give it back."""
    found, actor = _access(request, id), actor_of(request)
    opinion = request.POST.get("opinion", "")
    if request.POST.get("act") == "return":
        actions.return_plan(found, actor=actor, opinion=opinion)
        messages.success(request, _("已退回整改方案。"))
    else:
        actions.approve_plan(found, actor=actor, opinion=opinion)
        messages.success(request, _("已批准整改方案，所列问题进入整改。"))
    return _to_plan(found.round_id)


def file(request: HttpRequest, id: int) -> HttpResponse:
    """Note that the plan was filed with the inspection office."""
    found = _access(request, id)
    actions.file_plan(
        found, actor=actor_of(request), filed_on=day_of(request, "filed_on"), note=request.POST.get("note", "")
    )
    messages.success(request, _("已登记报备，巡察办从现在起可以查看所列问题。"))
    return _to_plan(found.round_id)


def bulk_measures(request: HttpRequest) -> HttpResponse:
    """Set the same for the chosen measures."""
    names = ("nature", "leader", "department", "owner")
    values: dict[str, object] = {name: request.POST[name] for name in names if request.POST.get(name, KEEP) != KEEP}
    values |= {name: request.POST[name] for name in ("criterion", "due") if request.POST.get(name, "").strip()}
    count = assign_measures(chosen_ids(request), values, actor=actor_of(request))
    messages.success(request, ngettext("已更新 %(n)s 项措施。", "已更新 %(n)s 项措施。", count) % {"n": count})
    listed = request.POST.get("list", "")
    return _to_plan(_key(request.POST.get("round")), listed if listed in LISTS else "tasks")


def suggest_natures(request: HttpRequest) -> HttpResponse:
    """Fill in the nature of measures that have none, by their words."""
    actor = actor_of(request)
    found = findings.access_round(actor, _key(request.POST.get("round")), "findings.edit")
    open_ones = Measure.objects.filter(
        finding__round=found, finding__withdrawn_at=None, withdrawn_at=None, nature=""
    ).values_list("pk", "text")
    groups: dict[str, list[int]] = {}
    for key, text in open_ones:
        groups.setdefault(suggest_nature(text).value, []).append(key)
    with transaction.atomic():
        count = sum(assign_measures(keys, {"nature": nature}, actor=actor) for nature, keys in groups.items())
    words = ngettext(
        "已按文字为 %(n)s 项措施建议性质，请在任务清单里核对。",
        "已按文字为 %(n)s 项措施建议性质，请在任务清单里核对。",
        count,
    )
    messages.success(request, words % {"n": count})
    return _to_plan(found.pk, "tasks")


def export(request: HttpRequest) -> HttpResponse:
    """Send the three lists as a workbook."""
    actor = actor_of(request)
    found = findings.access_round(actor, _key(request.GET.get("round")), "findings.export")
    if found.pk not in {each.pk for each in plan_rounds(actor)}:
        raise NotFound
    version_key = request.GET.get("version", "")
    snapshot = _access(request, _key(version_key)).snapshot if version_key else queries.take_snapshot(found)
    answer = HttpResponse(
        queries.render_lists(found, snapshot),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = 'attachment; filename="three-lists.xlsx"'
    return answer


def describe(changes: tuple[Difference, ...]) -> list[dict[str, str]]:
    """Return differences with the words of their fields."""
    words = {
        "added": _("新增"), "removed": _("删去"), "no": _("序号"), "aspect": _("方面"), "title": _("问题"),
        "description": _("具体表现"), "unit": _("单位"), "leader": _("责任领导"), "department": _("责任部门"),
        "assist": _("配合部门"), "owner": _("责任人"), "due": _("整改时限"), "criteria": _("整改目标"),
        "text": _("整改措施"), "nature": _("性质"), "criterion": _("完成标准"),
    }  # fmt: skip
    natures = {str(code): str(label) for code, label in Measure.Nature.choices}
    return [
        {
            "finding": str(each.finding_id),
            "label": each.label,
            "field": words.get(each.field, each.field),
            "kind": each.field,
            "before": natures.get(each.before, each.before) if each.field == "nature" else each.before,
            "after": natures.get(each.after, each.after) if each.field == "nature" else each.after,
        }
        for each in changes
    ]


def _gap_groups(gaps: tuple[queries.Gap, ...]) -> list[dict[str, Any]]:
    """Return the gaps by what is lacking, most frequent first, each with the places."""
    groups: dict[str, list[queries.Gap]] = {}
    for gap in gaps:
        groups.setdefault(gap.lacking, []).append(gap)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return [{"lacking": lacking, "gaps": found} for lacking, found in ordered]


def _chosen_round(request: HttpRequest, actor: User, rounds: list[InspectionRound]) -> InspectionRound | None:
    wanted = request.GET.get("round")
    if wanted:
        found = findings.access_round(actor, _key(wanted))
        if found.pk not in {each.pk for each in rounds}:
            raise NotFound
        return found
    return present_round(actor, rounds)


def _access(request: HttpRequest, id: int) -> Plan:
    actor = actor_of(request)
    found = queries.access_plan(actor, id)
    if not may(actor, "findings.view", found.round.unit):
        raise NotFound
    return found


def _to_plan(round_id: int, kind: str = "") -> HttpResponse:
    tail = f"&list={kind}" if kind else ""
    return HttpResponseRedirect(f"{reverse('plan')}?round={round_id}{tail}")


def _key(value: str | None) -> int:
    """Return a key from an address.

    Raises:
        NotFound: it is none.
    """
    if not value or not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise NotFound
    return int(value)


def day_of(request: HttpRequest, name: str) -> date:
    """Return a day a form sent.

    Raises:
        MissingField: it is none.
    """
    try:
        return date.fromisoformat(request.POST.get(name, "").strip())
    except ValueError:
        raise MissingField(label=_("日期")) from None
