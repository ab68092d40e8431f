"""Look-backs and spot checks: lists, the sheet of one check, reopening on what was found; draws and drawing again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.findings.models import Stage
from zhenggai.findings.queries import access_finding
from zhenggai.kit.errors import NotFound
from zhenggai.oversight import actions
from zhenggai.oversight.actions import ContactWrite, LineWrite, SeenWrite
from zhenggai.oversight.models import Check, CheckContact, CheckItem, CheckOutcome, Draw, Strata
from zhenggai.oversight.posts import holders_of
from zhenggai.oversight.queries.checks import (
    CHECKED_AGAIN,
    INSPECT,
    access_check,
    access_draw,
    check_page,
    last_claim,
    list_checks,
    newest_evidence,
    population_of,
    population_rows,
    rates,
    redraw,
    visible_draws,
)
from zhenggai.oversight.values import read_count, read_day
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.pages import actor_of, download, fragment, page
from zhenggai.web.previews import look_at
from zhenggai.web.reading import attempt, chosen_round, optional_key, typed

PAGE_SIZE = 50
CONTACT_ROWS = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def look_backs(request: HttpRequest) -> HttpResponse:
    """List the look-backs of a round: those to be done by their day, those done newest first."""
    return _list(request, Check.Kind.LOOK_BACK, "oversight/look_backs.html")


def _list(request: HttpRequest, kind: str, template: str, draws: list[Draw] | None = None) -> HttpResponse:
    actor = actor_of(request)
    round_, rounds = chosen_round(request, actor)
    state = request.GET.get("state", Check.State.PLANNED)
    state = state if state in Check.State.values else Check.State.PLANNED
    today = timezone.localdate()
    found = list_checks(actor, kind, state=state, round_=round_)
    everything = list_checks(actor, kind, round_=round_).order_by().values_list("state", flat=True)
    counts = dict.fromkeys(Check.State.values, 0)
    for each in everything:
        counts[each] += 1
    return page(
        request,
        template,
        round=round_,
        rounds=rounds,
        state=state,
        states=Check.State.choices,
        counts=counts,
        checks=Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        rates=rates(actor, today, round_),
        may_inspect=round_ is not None and may(actor, INSPECT, round_.unit),
        today=today,
        draws=draws,
    )


def plan_due(request: HttpRequest) -> HttpResponse:
    """Plan the look-backs that the rules ask for, now."""
    actor = actor_of(request)
    round_, _rounds = chosen_round(request, actor)
    if round_ is None or not may(actor, INSPECT, round_.unit):
        raise NotFound
    count = actions.plan_look_backs(actor=actor, round_=round_)
    told = _("新安排 %(count)s 项回头看。") % {"count": count} if count else _("已销号的问题都已安排回头看。")
    messages.success(request, told)
    return redirect("look-backs")


def plan_one(request: HttpRequest, id: int) -> HttpResponse:
    """Plan a look-back of one finding."""
    actor = actor_of(request)
    finding = access_finding(actor, id)
    due = read_day(request.POST.get("due_on"), _("核查期限"), required=True)
    made = actions.plan_check(finding, actor=actor, due_on=cast(date, due))
    messages.success(request, _("已安排回头看。"))
    return redirect("check-sheet", id=made.pk)


def check(request: HttpRequest, id: int) -> HttpResponse:
    """Show a check: the claim, its evidence beside it, the sheet to fill in or as it was filled in."""
    actor = actor_of(request)
    found = access_check(actor, id)
    it = check_page(actor, found)
    error, status = None, 200
    if request.method == "POST":
        done, error, status = attempt(request, lambda: _write(request, found, actor))
        if done is not None:
            messages.success(request, _("已登记核查结论。"))
            return redirect("check-sheet", id=id)
    unit = found.finding.round.unit
    inspects = may(actor, INSPECT, unit)
    return page(
        request,
        "oversight/check.html",
        status=status,
        it=it,
        check=found,
        finding=found.finding,
        claim=last_claim(found.finding),
        may_hold_to_account=found.outcome == CheckOutcome.FAKE and may(actor, "outcomes.manage", unit),
        form=_form(request, it.lines, [version.pk for version in it.evidence]),
        verdicts=CheckItem.Verdict.choices,
        outcomes=CheckOutcome.choices,
        answers=CheckContact.Answer.choices,
        inspectors=holders_of(INSPECT, unit) if inspects and found.state == Check.State.PLANNED else [],
        error=error,
        today=timezone.localdate(),
    )


def evidence(request: HttpRequest, id: int, version_id: int) -> HttpResponse:
    """Show a piece of evidence of the finding that is checked, beside the sheet."""
    found = access_check(actor_of(request), id)
    seen = [one.version for one in found.evidence_seen.select_related("version__evidence", "version__file")]
    shown = [*newest_evidence(found.finding), *seen]
    version = next((each for each in shown if each.pk == version_id), None)
    if version is None:
        raise NotFound
    return fragment(request, "oversight/_evidence.html", look=look_at(version))


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Assign, cancel, or reopen the finding on what was found."""
    actor = actor_of(request)
    found = access_check(actor, id)
    why = request.POST.get("why", "")

    def assign() -> Check:
        key = optional_key(request.POST.get("checker"))
        people = holders_of(INSPECT, found.finding.round.unit)
        checker = next((person for person in people if person.pk == key), None)
        if key is not None and checker is None:
            raise NotFound
        return actions.assign_check(found, checker, actor=actor)

    def reopen() -> Check:
        due = read_day(request.POST.get("due_on"), _("新的整改时限"))
        return actions.reopen_checked(found, actor=actor, motive=why, due_on=due)

    acts: dict[str, tuple[Callable[[], Check], str]] = {
        "assign": (assign, _("已指定核查人。")),
        "cancel": (lambda: actions.cancel_check(found, actor=actor, why=why), _("已取消本次核查。")),
        "reopen": (reopen, _("已重新整改，责任部门已收到通知。")),
    }
    if move not in acts:
        raise NotFound
    do, told = acts[move]
    do()
    messages.success(request, told)
    return redirect("check-sheet", id=id)


def spot_checks(request: HttpRequest) -> HttpResponse:
    """List the draws and the checks they led to."""
    actor = actor_of(request)
    round_, _rounds = chosen_round(request, actor)
    draws = visible_draws(actor).filter(round=round_) if round_ else visible_draws(actor)
    shown = list(draws.select_related("drawn_by").defer("population")[:20])
    return _list(request, Check.Kind.SPOT_CHECK, "oversight/spot_checks.html", draws=shown)


def new_draw(request: HttpRequest) -> HttpResponse:
    """Choose population, strata and size, and draw."""
    actor = actor_of(request)
    round_, rounds = chosen_round(request, actor)
    if round_ is None or not may(actor, INSPECT, round_.unit):
        return page(request, "oversight/draw_new.html", round=None, rounds=rounds)
    today = timezone.localdate()
    first = {
        "strata": Strata.DEPARTMENT.value, "size": "5", "rate_percent": "", "seed": "", "note": "",
        "due_on": (today + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    values = typed(request, first)
    stages = request.POST.getlist("stage") if request.method == "POST" else [Stage.CLOSED.value]
    error, status = None, 200
    if request.method == "POST":

        def do() -> Draw:
            size = read_count(values["size"], _("数量")) if values["size"].strip() else None
            rate = read_count(values["rate_percent"], _("比例")) if values["rate_percent"].strip() else None
            due = read_day(values["due_on"], _("核查期限"), required=True)
            return actions.draw_checks(
                round_, actor=actor, stages=stages, strata=values["strata"], size=size, rate_percent=rate,
                due_on=cast(date, due), seed=values["seed"], note=values["note"],
            )  # fmt: skip

        made, error, status = attempt(request, do)
        if made is not None:
            messages.success(request, _("已抽取 %(count)s 项，并安排核查。") % {"count": len(made.drawn)})
            return redirect("draw", id=made.pk)
    sizes = {stage.value: len(population_of(round_, [stage], Strata.NONE)) for stage in CHECKED_AGAIN}
    return page(
        request,
        "oversight/draw_new.html",
        status=status,
        round=round_,
        rounds=rounds,
        values=values,
        stages=[(stage.value, stage.label, sizes[stage.value]) for stage in CHECKED_AGAIN],
        chosen_stages=set(stages),
        strata=Strata.choices,
        error=error,
    )


def draw(request: HttpRequest, id: int) -> HttpResponse:
    """Show a draw: its population, seed, what was drawn, and, when asked, the draw done again."""
    actor = actor_of(request)
    found = access_draw(actor, id)
    checks = {
        str(each.finding.stable_id): each
        for each in list_checks(actor, Check.Kind.SPOT_CHECK).filter(draw=found).select_related("finding")
    }
    labels = dict(Stage.choices)
    rows = population_rows(found)
    return page(
        request,
        "oversight/draw.html",
        draw=found,
        rows=rows,
        drawn=sorted((row for row in rows if row.is_drawn), key=lambda row: row.key),
        checks=checks,
        stages="、".join(str(labels[stage]) for stage in found.stages),
        redrawn=redraw(found) if request.GET.get("again") else None,
    )


def population(request: HttpRequest, id: int) -> HttpResponse:
    """Hand out the population of a draw."""
    found = access_draw(actor_of(request), id)
    as_csv = request.GET.get("as") == "csv"
    content = actions.export_population(found, actor=actor_of(request), as_csv=as_csv)
    name = _("抽样总体 %(id)s") % {"id": found.pk}
    return download(content, f"{name}.{'csv' if as_csv else 'xlsx'}", "text/csv; charset=utf-8" if as_csv else XLSX)


def _form(request: HttpRequest, lines: tuple[str, ...], versions: list[int]) -> dict[str, object]:
    """Return what the form of the sheet shows: what was typed, or the beginning."""
    given = request.POST
    return {
        "outcome": given.get("outcome", ""),
        "summary": given.get("summary", ""),
        "done_on": given.get("done_on", timezone.localdate().isoformat()),
        "verdicts": [given.get(f"verdict-{number}", "") for number in range(1, len(lines) + 1)],
        "notes": [given.get(f"note-{number}", "") for number in range(1, len(lines) + 1)],
        "seen": {key: given.get(f"seen-{key}", "") for key in versions},
        "seen_notes": {key: given.get(f"seen-note-{key}", "") for key in versions},
        "contacts": _contact_rows(request),
    }


def _contact_rows(request: HttpRequest) -> list[tuple[str, ...]]:
    names = ("contact_name", "contact_relation", "contact_how", "contact_answer", "contact_note")
    given = list(zip(*(request.POST.getlist(name) for name in names), strict=False))
    return (given + [("",) * len(names)] * CONTACT_ROWS)[: max(CONTACT_ROWS, len(given))]


def _write(request: HttpRequest, found: Check, actor: User) -> Check:
    it = check_page(actor, found)
    given = request.POST
    lines = [
        LineWrite(text, given.get(f"verdict-{number}", ""), given.get(f"note-{number}", ""))
        for number, text in enumerate(it.lines, start=1)
    ]
    seen = [
        SeenWrite(version.pk, told == "yes", given.get(f"seen-note-{version.pk}", ""))
        for version in it.evidence
        if (told := given.get(f"seen-{version.pk}", "")) in ("yes", "no")
    ]
    contacts = [
        ContactWrite(name, answer, how, relation, note)
        for name, relation, how, answer, note in _contact_rows(request)
        if name.strip()
    ]
    return actions.record_check(
        found,
        actor=actor,
        outcome=given.get("outcome", ""),
        summary=given.get("summary", ""),
        done_on=given.get("done_on"),
        lines=lines,
        seen=seen,
        contacts=contacts,
    )
