"""Letters: the register, one letter, writing it, and its moves."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings.lateness import days_left, line_on
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import access_finding, visible_findings
from zhenggai.kit.errors import NotFound
from zhenggai.oversight import actions
from zhenggai.oversight.documents import head_lines, letter_name
from zhenggai.oversight.models import LADDER_LETTERS, Letter, LetterKind, LetterState
from zhenggai.oversight.queries.letters import (
    LetterQuery,
    access_letter,
    access_recipient,
    find_letters,
    letter_page,
    pressable_findings,
    recipient_choices,
)
from zhenggai.oversight.transitions import MANAGE, MOVES
from zhenggai.people.access import may
from zhenggai.people.models import Unit, User
from zhenggai.people.queries import bodies_for
from zhenggai.people.roles import Permission
from zhenggai.reports.making import make_letter, make_letter_pdf
from zhenggai.watch.listing import alerts_of_letter
from zhenggai.web.pages import actor_of, download, page
from zhenggai.web.reading import attempt, chosen_round, optional_key, typed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORM = ("title", "body", "signature", "cc", "reply_due_on", "held_on", "place", "kind")


def register(request: HttpRequest) -> HttpResponse:
    """List the letters the person sees, newest first, with filters."""
    actor = actor_of(request)
    query = _query(request)
    found = find_letters(actor, query)
    years = range(timezone.localdate().year, timezone.localdate().year - 5, -1)
    return page(
        request,
        "oversight/letters.html",
        query=query,
        found=found,
        kinds=LetterKind.choices,
        states=LetterState.choices,
        years=[(year, year) for year in years],
        may_write=may(actor, MANAGE),
        sees_register=may(actor, "oversight.view"),
        string=urlencode({name: value for name, value in request.GET.items() if name != "page" and value}),
        today=timezone.localdate(),
    )


def export(request: HttpRequest) -> HttpResponse:
    """Hand out the register as a workbook."""
    content = actions.export_register(_query(request), actor=actor_of(request))
    name = _("督办函件收发登记 %(day)s") % {"day": timezone.localdate().isoformat()}
    return download(content, f"{name}.xlsx", XLSX)


def draft_due(request: HttpRequest) -> HttpResponse:
    """Draft what the ladder asks for today."""
    actor = actor_of(request)
    drafted, changed = 0, 0
    for body in bodies_for(actor, Permission.MANAGE_OVERSIGHT):
        done = actions.draft_due_letters(timezone.localdate(), actor=actor, body=body)
        drafted, changed = drafted + len(done.drafted), changed + done.changed
    if drafted:
        words = ngettext(
            "已按超期阶梯起草 %(count)s 件函件，核对后送签。",
            "已按超期阶梯起草 %(count)s 件函件，核对后送签。",
            drafted,
        )
        messages.success(request, words % {"count": drafted})
    else:
        messages.success(request, _("没有需要新起草的函件：超期问题都已有相应函件。"))
    return redirect(f"{reverse('letters')}?state=draft")


def new(request: HttpRequest) -> HttpResponse:
    """Choose findings and recipients, and draft a letter."""
    actor = actor_of(request)
    round_, rounds = chosen_round(request, actor)
    keys = [
        key for key in map(optional_key, [*request.GET.getlist("finding"), *request.POST.getlist("finding")]) if key
    ]
    if keys and not (request.GET.get("round") or request.POST.get("round")):
        round_ = access_finding(actor, keys[0]).round
    if round_ is None or not may(actor, MANAGE, round_.unit):
        return page(request, "oversight/letter_new.html", round=None, rounds=rounds)
    units, people = recipient_choices(round_.unit)
    error, status = None, 200
    if request.method == "POST":
        made, error, status = attempt(request, lambda: _draft(request, actor, round_.unit, keys, units, people))
        if made is not None:
            messages.success(request, _("已起草。请核对正文和主送，再送签。"))
            return redirect("letter", id=made.pk)
    line = line_on()
    shown = list(pressable_findings(actor, round_.unit, round_))
    late = {each.pk: days_left(each, line) for each in shown if line.is_late(each.due_on, each.round_id)}
    shown.sort(key=lambda each: (each.pk not in keys, each.pk not in late))
    return page(
        request,
        "oversight/letter_new.html",
        status=status,
        round=round_,
        rounds=rounds,
        findings=shown,
        chosen=set(keys),
        units=units,
        people=people,
        kinds=[(kind.value, kind.label) for kind in LADDER_LETTERS],
        kind=request.POST.get("kind", LetterKind.REMINDER),
        chosen_units={optional_key(value) for value in request.POST.getlist("unit")},
        chosen_people={optional_key(value) for value in request.POST.getlist("person")},
        error=error,
        late=late,
    )


def _draft(
    request: HttpRequest, actor: User, body: Unit, keys: list[int], units: list[Unit], people: list[User]
) -> Letter:
    findings = list(visible_findings(actor).filter(pk__in=keys).select_related("round", "department", "unit"))
    to_units, to_people = _recipients(request, units, people)
    if not to_units and not to_people:
        to_units = _answerable(findings, body)
    return actions.draft_letter(
        body,
        actor=actor,
        kind=request.POST.get("kind", ""),
        findings=findings,
        units=to_units,
        people=to_people,
        round_=findings[0].round if findings else None,
    )


def _answerable(findings: list[Finding], body: Unit) -> list[Unit]:
    """Return the departments and units that answer for *findings*."""
    found = {unit.pk: unit for finding in findings if (unit := finding.department or finding.unit) != body}
    return list(found.values())


def _recipients(request: HttpRequest, units: list[Unit], people: list[User]) -> tuple[list[Unit], list[User]]:
    unit_keys = {optional_key(value) for value in request.POST.getlist("unit")}
    person_keys = {optional_key(value) for value in request.POST.getlist("person")}
    return [unit for unit in units if unit.pk in unit_keys], [one for one in people if one.pk in person_keys]


def letter(request: HttpRequest, id: int) -> HttpResponse:
    """Show a letter as it looks on paper, and what can be done with it."""
    actor = actor_of(request)
    found = access_letter(actor, id)
    return page(
        request,
        "oversight/letter.html",
        it=letter_page(actor, found),
        letter=found,
        head=head_lines(found.unit.name, found.signature),
        paragraphs=[line.strip() for line in found.body.split("\n") if line.strip()],
        labels={code: move.label for code, move in MOVES.items()},
        alerts=list(alerts_of_letter(actor, found)) if found.kind == LetterKind.DECLARED else [],
        own_draft=actor.pk in (found.drafted_by_id, found.submitted_by_id) and may(actor, "oversight.sign", found.unit),
        today=timezone.localdate(),
    )


def edit(request: HttpRequest, id: int) -> HttpResponse:
    """Show the form of a draft, or save it."""
    actor = actor_of(request)
    found = access_letter(actor, id, MANAGE)
    units, people = recipient_choices(found.unit)
    values = typed(request, {name: getattr(found, name) for name in FORM})
    held = list(found.recipients.all())
    unit_keys = {one.unit_id for one in held if one.unit_id}
    person_keys = {one.person_id for one in held if one.person_id}
    error, status = None, 200
    if request.method == "POST":
        unit_keys = {key for key in map(optional_key, request.POST.getlist("unit")) if key}
        person_keys = {key for key in map(optional_key, request.POST.getlist("person")) if key}
        kept = {optional_key(value) for value in request.POST.getlist("item")}

        def save() -> Letter:
            to_units, to_people = _recipients(request, units, people)
            standing = found.items.filter(withdrawn_at__isnull=True).values_list("pk", flat=True)
            return actions.update_letter(
                found,
                values,
                actor=actor,
                version=optional_key(request.POST.get("version")) or 0,
                units=to_units,
                people=to_people,
                leave_out=[key for key in standing if key not in kept],
            )

        saved, error, status = attempt(request, save)
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect("letter", id=id)
    return page(
        request,
        "oversight/letter_edit.html",
        status=status,
        letter=found,
        values=values,
        version=request.POST.get("version", str(found.version)),
        items=list(found.items.filter(withdrawn_at__isnull=True).select_related("finding")),
        units=units,
        people=people,
        chosen_units=unit_keys,
        chosen_people=person_keys,
        kinds=[] if found.kind == LetterKind.DECLARED else [(kind.value, kind.label) for kind in LADDER_LETTERS],
        error=error,
    )


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Make one of the letter's moves."""
    actor = actor_of(request)
    found = access_letter(actor, id)
    words = request.POST.get("why", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "submit": (lambda: actions.submit_letter(found, actor=actor), _("已送签。")),
        "recall": (lambda: actions.recall_letter(found, actor=actor), _("已撤回送签，可以继续修改。")),
        "sign": (lambda: actions.sign_letter(found, actor=actor), _("已签发，函件已编号并送达主送单位。")),
        "send_back": (lambda: actions.send_back_letter(found, actor=actor, why=words), _("已退回起草人修改。")),
        "withdraw": (lambda: actions.withdraw_letter(found, actor=actor, why=words), _("已撤回函件。")),
        "close": (lambda: actions.close_letter(found, actor=actor, note=words), _("已办结。")),
        "reword": (
            lambda: actions.reword_letter(
                found, actor=actor, version=optional_key(request.POST.get("version")) or found.version
            ),
            _("已按模板和台账现状重写正文。"),
        ),
    }
    if move not in acts:
        raise NotFound
    do, told = acts[move]
    do()
    messages.success(request, told)
    return redirect("letter", id=id)


def recipient(request: HttpRequest, id: int, recipient_id: int, move: str) -> HttpResponse:
    """Receive, answer, or send an answer back."""
    actor = actor_of(request)
    found = access_letter(actor, id)
    one = access_recipient(actor, found, recipient_id)
    match move:
        case "receive":
            actions.receive_letter(found, one, actor=actor)
            messages.success(request, _("已签收。请在回复期限前回复。"))
        case "reply":
            actions.reply_letter(found, one, actor=actor, text=request.POST.get("text", ""))
            messages.success(request, _("已回复。"))
        case "record":
            actions.record_reply(found, one, actor=actor, text=request.POST.get("why", ""))
            messages.success(request, _("已登记回复。"))
        case "return":
            actions.return_reply(found, one, actor=actor, why=request.POST.get("why", ""))
            messages.success(request, _("已退回回复，对方将收到通知。"))
        case _:
            raise NotFound
    return redirect("letter", id=id)


def docx(request: HttpRequest, id: int) -> HttpResponse:
    """Hand out a letter as a Word file."""
    found = access_letter(actor_of(request), id)
    return download(make_letter(found), letter_name(found), DOCX)


def pdf(request: HttpRequest, id: int) -> HttpResponse:
    """Send a letter as PDF, made from its Word file."""
    found = access_letter(actor_of(request), id)
    return download(make_letter_pdf(found), letter_name(found, "pdf"), "application/pdf")


def _query(request: HttpRequest) -> LetterQuery:
    given = request.GET
    return LetterQuery(
        kind=given.get("kind", ""),
        state=given.get("state", ""),
        unit=optional_key(given.get("unit")),
        year=optional_key(given.get("year")),
        round=optional_key(given.get("round")),
        text=given.get("q", "").strip()[:60],
        page=optional_key(given.get("page")) or 1,
    )
