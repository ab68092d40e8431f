"""Evaluations by published schemes, and surveys of satisfaction with their arithmetic."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotFound
from zhenggai.oversight import actions
from zhenggai.oversight.actions import MarkWrite
from zhenggai.oversight.models import Evaluation, ScoreSheet, Survey
from zhenggai.oversight.queries.evaluations import (
    EVALUATE,
    access_evaluation,
    access_survey,
    evaluation_page,
    findings_of,
    survey_row,
    visible_evaluations,
    visible_surveys,
)
from zhenggai.oversight.queries.letters import recipient_choices
from zhenggai.oversight.satisfaction import shipped_formulas
from zhenggai.oversight.scoring import shipped_schemes
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import attempt, chosen_round, optional_key, typed

SURVEY = ("formula", "title", "held_on", "issued", "returned", "invalid", "note")


def evaluations(request: HttpRequest) -> HttpResponse:
    """List evaluations and surveys, newest first."""
    actor = actor_of(request)
    round_, rounds = chosen_round(request, actor)
    found = visible_evaluations(actor)
    surveys = visible_surveys(actor)
    if round_ is not None:
        found, surveys = found.filter(round=round_), surveys.filter(round=round_)
    may_evaluate = round_ is not None and may(actor, EVALUATE, round_.unit)
    units = [round_.unit, *recipient_choices(round_.unit)[0]] if round_ is not None and may_evaluate else []
    return page(
        request,
        "oversight/evaluations.html",
        round=round_,
        rounds=rounds,
        evaluations=list(found[:100]),
        surveys=[survey_row(survey) for survey in surveys[:100]],
        schemes=shipped_schemes(),
        units=[(unit.pk, unit.name) for unit in units],
        may_evaluate=may_evaluate,
    )


def open_one(request: HttpRequest) -> HttpResponse:
    """Open an evaluation."""
    actor = actor_of(request)
    round_, _rounds = chosen_round(request, actor)
    if round_ is None or not may(actor, EVALUATE, round_.unit):
        raise NotFound
    units = [round_.unit, *recipient_choices(round_.unit)[0]]
    subject = next((unit for unit in units if unit.pk == optional_key(request.POST.get("subject"))), None)
    if subject is None:
        raise NotFound
    made = actions.open_evaluation(
        round_, subject, actor=actor, scheme=request.POST.get("scheme", ""), title=request.POST.get("title", "")
    )
    messages.success(request, _("已发起评估，有评估权限的人员收到评分通知。"))
    return redirect("evaluation", id=made.pk)


def evaluation(request: HttpRequest, id: int) -> HttpResponse:
    """Show an evaluation, and take a judge's marks."""
    actor = actor_of(request)
    found = access_evaluation(actor, id)
    it = evaluation_page(actor, found)
    error, status = None, 200
    marks = {code: (mark.get("points", ""), mark.get("comment", "")) for code, mark in it.mine.items()}
    comment = it.my_comment
    if request.method == "POST":
        given = request.POST
        marks = {
            item.code: (given.get(f"points-{item.code}", ""), given.get(f"comment-{item.code}", ""))
            for item in it.scheme.items
        }
        comment = given.get("comment", "")

        def submit() -> ScoreSheet:
            writes = {code: MarkWrite(*mark) for code, mark in marks.items()}
            return actions.submit_marks(found, writes, actor=actor, comment=comment)

        done, error, status = attempt(request, submit)
        if done is not None:
            messages.success(request, _("已提交评分；定评以前可以修改。"))
            return redirect("evaluation", id=id)
    return page(
        request,
        "oversight/evaluation.html",
        status=status,
        it=it,
        evaluation=found,
        marks=marks,
        comment=comment,
        findings=[(each.pk, f"{each.no} {each.title}".strip()) for each in _findings(found)] if it.may_close else [],
        error=error,
    )


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Close or withdraw an evaluation, or note where the report says other than the facts."""
    actor = actor_of(request)
    found = access_evaluation(actor, id)
    why = request.POST.get("why", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "close": (lambda: actions.close_evaluation(found, actor=actor, comment=why), _("已定评。")),
        "withdraw": (lambda: actions.withdraw_evaluation(found, actor=actor, why=why), _("已撤销评估。")),
        "discrepancy": (lambda: _note(request, found, actor), _("已登记报告与事实不符之处。")),
        "take-back": (lambda: _take_back(request, found, actor), _("已撤销该条。")),
    }
    if move not in acts:
        raise NotFound
    do, told = acts[move]
    do()
    messages.success(request, told)
    return redirect("evaluation", id=id)


def new_survey(request: HttpRequest) -> HttpResponse:
    """Show the form of a survey, or record it."""
    actor = actor_of(request)
    round_, rounds = chosen_round(request, actor)
    if round_ is None or not may(actor, EVALUATE, round_.unit):
        return page(request, "oversight/survey_new.html", round=None, rounds=rounds)
    formulas = shipped_formulas()
    wanted = request.POST.get("formula") or request.GET.get("formula")
    formula = next((each for each in formulas if each.code == wanted), formulas[0])
    values = typed(request, dict.fromkeys(SURVEY, "") | {"held_on": timezone.localdate().isoformat()})
    counts = {option.code: request.POST.get(f"count-{option.code}", "") for option in formula.options}
    error, status = None, 200
    if request.method == "POST":

        def save() -> Survey:
            return actions.record_survey(
                round_, actor=actor, formula=values["formula"], title=values["title"], held_on=values["held_on"],
                issued=values["issued"], returned=values["returned"], invalid=values["invalid"], counts=counts,
                note=values["note"],
            )  # fmt: skip

        made, error, status = attempt(request, save)
        if made is not None:
            messages.success(request, _("已登记满意度测评。"))
            return redirect("survey", id=made.pk)
    return page(
        request,
        "oversight/survey_new.html",
        status=status,
        round=round_,
        rounds=rounds,
        formulas=formulas,
        formula=formula,
        values=values,
        counts=counts,
        error=error,
    )


def survey(request: HttpRequest, id: int) -> HttpResponse:
    """Show a survey with its arithmetic; withdraw it when asked to."""
    actor = actor_of(request)
    found = access_survey(actor, id)
    if request.method == "POST":
        actions.withdraw_survey(found, actor=actor, why=request.POST.get("why", ""))
        messages.success(request, _("已撤销该次测评。"))
        return redirect("survey", id=id)
    may_withdraw = found.withdrawn_at is None and may(actor, EVALUATE, found.body)
    return page(request, "oversight/survey.html", row=survey_row(found), survey=found, may_withdraw=may_withdraw)


def _findings(found: Evaluation) -> list[Finding]:
    return list(findings_of(found).order_by("order").only("pk", "no", "title"))


def _note(request: HttpRequest, found: Evaluation, actor: User) -> object:
    key = optional_key(request.POST.get("finding"))
    finding = findings_of(found).filter(pk=key).first() if key is not None else None
    return actions.add_discrepancy(found, actor=actor, text=request.POST.get("why", ""), finding=finding)


def _take_back(request: HttpRequest, found: Evaluation, actor: User) -> object:
    one = found.discrepancies.filter(pk=optional_key(request.POST.get("discrepancy")) or 0).first()
    if one is None:
        raise NotFound
    return actions.withdraw_discrepancy(one, actor=actor)
