"""Supervision visits: how far each department is, what visits found, and the tasks they left."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.kit.errors import NotFound
from zhenggai.oversight import actions
from zhenggai.oversight.actions import TaskWrite
from zhenggai.oversight.models import Visit, VisitTask
from zhenggai.oversight.queries.letters import recipient_choices
from zhenggai.oversight.queries.visits import (
    Pace,
    access_visit,
    elapsed_of,
    may_finish,
    may_record,
    my_tasks,
    paces,
    visible_visits,
)
from zhenggai.oversight.values import read_day
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import attempt, chosen_round, key_of, optional_key, typed

PAGE_SIZE = 30
TASK_ROWS = 3
FIELDS = ("visited_on", "visitors", "reported", "difficulties", "conclusions")


def visits(request: HttpRequest) -> HttpResponse:
    """Show how far the departments of a round are, and the visits."""
    actor = actor_of(request)
    oversees = may(actor, "oversight.view")
    round_, rounds = chosen_round(request, actor)
    found = visible_visits(actor).filter(round=round_) if round_ else visible_visits(actor)
    shown = Paginator(found.select_related("department", "body"), PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    return page(
        request,
        "oversight/visits.html",
        round=round_,
        rounds=rounds,
        paces=paces(actor, round_, today) if round_ and oversees else [],
        elapsed=elapsed_of(round_, today) if round_ else None,
        visits=shown,
        may_record=round_ is not None and may_record(actor, round_.unit),
        tasks=list(my_tasks(actor)),
        oversees=oversees,
        today=today,
    )


def visit(request: HttpRequest, id: int) -> HttpResponse:
    """Show one visit with its tasks."""
    actor = actor_of(request)
    found = access_visit(actor, id)
    then = Pace(found.department, found.findings_total, found.findings_done, found.elapsed_percent)
    tasks = list(found.tasks.select_related("owner", "done_by", "visit__body", "visit__department"))
    return page(
        request,
        "oversight/visit.html",
        visit=found,
        pace=then,
        tasks=[(task, task.done_on is None and may_finish(actor, task)) for task in tasks],
        may_change=may_record(actor, found.body),
        today=timezone.localdate(),
    )


def record(request: HttpRequest, id: int | None = None) -> HttpResponse:
    """Show the form of a visit, new or present, or save it."""
    actor = actor_of(request)
    held = access_visit(actor, id, change=True) if id is not None else None
    round_, rounds = chosen_round(request, actor)
    round_ = held.round if held is not None else round_
    if round_ is None or not may_record(actor, round_.unit):
        return page(request, "oversight/visit_edit.html", round=None, rounds=rounds, held=None)
    units, people = recipient_choices(round_.unit)
    first: dict[str, object] = {name: getattr(held, name) if held else "" for name in FIELDS}
    if held is None:
        first["visited_on"], first["visitors"] = timezone.localdate().isoformat(), actor.name
    values = typed(request, first)
    error, status = None, 200
    department = optional_key(request.POST.get("department") or request.GET.get("department"))
    if request.method == "POST":

        def save() -> Visit:
            tasks = _tasks(request, people)
            if held is not None:
                version = optional_key(request.POST.get("version")) or 0
                return actions.update_visit(held, values, actor=actor, version=version, tasks=tasks)
            unit = next((unit for unit in units if unit.pk == department), None)
            if unit is None:
                raise NotFound
            return actions.record_visit(round_, unit, values, actor=actor, tasks=tasks)

        saved, error, status = attempt(request, save)
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect("visit", id=saved.pk)
    return page(
        request,
        "oversight/visit_edit.html",
        status=status,
        round=round_,
        rounds=rounds,
        held=held,
        values=values,
        version=request.POST.get("version", str(held.version) if held else "1"),
        units=[(unit.pk, unit.name) for unit in units],
        department=department,
        people=[(one.pk, one.name) for one in people],
        task_rows=_task_rows(request),
        error=error,
    )


def finish_task(request: HttpRequest, id: int) -> HttpResponse:
    """Say that a task was done."""
    actor = actor_of(request)
    task = VisitTask.objects.filter(pk=id).first()
    if task is None:
        raise NotFound
    done = actions.finish_task(
        task, actor=actor, done_on=request.POST.get("done_on"), note=request.POST.get("note", "")
    )
    messages.success(request, _("已登记完成。"))
    if visible_visits(actor).filter(pk=done.visit_id).exists():
        return redirect("visit", id=done.visit_id)
    return redirect("visits")


def _task_rows(request: HttpRequest) -> list[tuple[str, str, str]]:
    names = ("task", "task_owner", "task_due")
    given = list(zip(*(request.POST.getlist(name) for name in names), strict=False))
    return (given + [("", "", "")] * TASK_ROWS)[: max(TASK_ROWS, len(given))]


def _tasks(request: HttpRequest, people: list[User]) -> list[TaskWrite]:
    by_key = {one.pk: one for one in people}
    found: list[TaskWrite] = []
    for text, owner, due in _task_rows(request):
        if text.strip():
            person = by_key.get(key_of(owner)) if owner else None
            found.append(TaskWrite(text, person, read_day(due, _("任务期限"))))
    return found
