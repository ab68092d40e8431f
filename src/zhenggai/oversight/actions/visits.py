"""Acts on supervision visits and what they leave to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.actions import record
from zhenggai.findings.models import InspectionRound
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.oversight import codes
from zhenggai.oversight.errors import BadValue, ChangedMeanwhile
from zhenggai.oversight.models import Visit, VisitTask
from zhenggai.oversight.queries.visits import access_visit, may_finish, may_record, pace_now
from zhenggai.oversight.transitions import MANAGE
from zhenggai.oversight.values import read_past_day, read_text
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

LABELS = {
    "visited_on": _("督导日期"),
    "visitors": _("督导人员"),
    "reported": _("汇报情况"),
    "difficulties": _("困难和问题"),
    "conclusions": _("督导意见"),
}
_TEXTS = {"visitors": (200, True), "reported": (10_000, True), "difficulties": (10_000, False)}
_ALL_TEXTS = _TEXTS | {"conclusions": (10_000, False)}


@dataclass(frozen=True, slots=True)
class TaskWrite:
    """A task as a form sends it."""

    text: str
    """What is to be done."""
    owner: User | None = None
    """Who does it."""
    due_on: date | None = None
    """Until when."""


def record_visit(
    round_: InspectionRound,
    department: Unit,
    values: Mapping[str, object],
    *,
    actor: User,
    tasks: Sequence[TaskWrite] = (),
) -> Visit:
    """Record a visit to a department or unit, with how far it was on that day as known now.

    Args:
        round_: the round whose rectification is supervised.
        department: who was visited.
        values: ``visited_on visitors reported difficulties conclusions``.
        actor: who records it.
        tasks: what it leaves to be done.

    Raises:
        NotAllowed: the actor records no visits of that body.
        NotFound: the department stands outside it.
        TextMissing, BadValue: a value cannot be taken.
    """
    body = round_.unit
    if not may_record(actor, body):
        raise NotAllowed(permission=MANAGE)
    if not department.path.startswith(body.path):
        raise NotFound
    today = timezone.localdate()
    day = read_past_day(values.get("visited_on"), LABELS["visited_on"], today)
    texts = _texts(values, _ALL_TEXTS)
    with transaction.atomic():
        pace = pace_now(department, round_, day)
        visit = Visit.objects.create(
            body=body, department=department, round=round_, visited_on=day, recorded_by=actor,
            findings_total=pace.total, findings_done=pace.done, elapsed_percent=pace.elapsed_percent, **texts,
        )  # fmt: skip
        _add_tasks(visit, tasks, actor)
        _tell(actor, codes.VISIT_RECORDED, visit, total=pace.total, done=pace.done, tasks=[each.text for each in tasks])
    return visit


def update_visit(
    visit: Visit, values: Mapping[str, object], *, actor: User, version: int, tasks: Sequence[TaskWrite] = ()
) -> Visit:
    """Correct the words of a visit, and add tasks; the frozen figures stay.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        ChangedMeanwhile: somebody changed it since.
        TextMissing, BadValue: a value cannot be taken.
    """
    texts = _texts(values, _ALL_TEXTS)
    with transaction.atomic():
        access_visit(actor, visit.pk, change=True)
        found = Visit.objects.select_for_update(of=("self",)).select_related("body", "department").get(pk=visit.pk)
        if found.version != version:
            raise ChangedMeanwhile(title=str(found))
        for name, text in texts.items():
            setattr(found, name, text)
        found.version += 1
        found.save(update_fields=[*texts, "version"])
        _add_tasks(found, tasks, actor)
        _tell(actor, codes.VISIT_CHANGED, found, tasks=[each.text for each in tasks])
    return found


def finish_task(task: VisitTask, *, actor: User, done_on: object, note: str = "") -> VisitTask:
    """Say that a task was done: by its owner, the visited department, or whoever records visits.

    Raises:
        NotFound: the task is none of the actor's.
        TextMissing, BadValue: the day is missing or lies ahead, or the task was done already.
    """
    day = read_past_day(done_on, _now("完成日期"), timezone.localdate())
    words = read_text(note, _now("完成情况"), most=500, required=True)
    with transaction.atomic():
        held = VisitTask.objects.select_for_update(of=("self",)).select_related("visit__body", "visit__department")
        found = held.filter(pk=task.pk).first()
        if found is None or not may_finish(actor, found):
            raise NotFound
        if found.done_on is not None:
            raise BadValue(label=_now("完成日期"), value=day.isoformat(), reason=_now("该任务已登记完成"))
        found.done_on, found.done_note, found.done_by = day, words, actor
        found.save(update_fields=["done_on", "done_note", "done_by"])
        _tell(actor, codes.VISIT_TASK_DONE, found.visit, task=found.text, note=words)
    return found


def _texts(values: Mapping[str, object], wanted: Mapping[str, tuple[int, bool]]) -> dict[str, str]:
    return {
        name: read_text(values.get(name, ""), LABELS[name], most=most, required=required)
        for name, (most, required) in wanted.items()
    }


def _add_tasks(visit: Visit, tasks: Iterable[TaskWrite], actor: User) -> None:
    for each in tasks:
        text = read_text(each.text, _now("整改任务"), most=500, required=True)
        task = VisitTask.objects.create(visit=visit, text=text, owner=each.owner, due_on=each.due_on)
        if each.owner is not None:
            title = _now("督导任务：%(text)s") % {"text": text[:80]}
            path = f"/visits/#task-{task.pk}"
            notify([each.owner], actor=actor, kind=Kind.ASSIGNED, title=title, path=path, key=f"visit-task:{task.pk}")


def _tell(actor: Actor, code: str, visit: Visit, **data: object) -> None:
    record(actor=actor, code=code, object_type="visit", object_id=visit.pk, object_label=str(visit), data=data)
