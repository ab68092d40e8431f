"""The workbench 工作台 of one person: what they must do, what waits for their word.

A person comes in, a :class:`Workbench` goes out: each section in order of urgency, cut to what a glance takes, with
how many there are in all.  A fixed number of queries, however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When, Window
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext as _count

from zhenggai.desk.area import Area, area_of, open_findings
from zhenggai.findings.access import visible_rounds
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import InspectionRound, Measure, Stage, Status
from zhenggai.findings.standing import Standing, standing_at
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.notices.queries import notices_to_decide
from zhenggai.people.access import access_of, reach
from zhenggai.people.models import User
from zhenggai.policy.profile import shipped_policy
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.models import Opinion, Outcome, Submission
from zhenggai.workflow.queries import (
    Queued,
    extensions_to_decide,
    my_work,
    plans_to_decide,
    review_queue,
    rules_of,
)
from zhenggai.workflow.rules import Rules, clock_of

SHOWN = 6
"""Rows of a section before “all of them” is asked for."""
MOST = 200
"""Rows of a section when all of it is asked for."""
SECTIONS = ("work", "reviews", "approvals", "submissions")
"""What may be asked for whole."""
_LEADING = frozenset(("first_responsible_person", "executive_deputy", "leader_in_charge", "grassroots_chief"))


@dataclass(frozen=True, slots=True)
class Task:
    """Something the person has to work on."""

    finding_id: int
    """Key of the finding."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    round_name: str
    """Name of its round."""
    standing: Standing
    """How it counts today."""
    due_on: date | None
    """The nearest deadline of the finding or of the person's own measures."""
    days_left: int | None
    """Days until then, negative when past; None without a day."""
    todo: str
    """What comes next, in words."""
    verb: str
    """The same as the words on the button."""
    reason: str
    """Why it was returned or put back to work; empty otherwise."""
    owner: str
    """The owner's name, where it is somebody else."""


@dataclass(frozen=True, slots=True)
class Review:
    """Something that waits for the person's decision or countersign."""

    finding_id: int
    """Key of the finding."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    level: str
    """What the level is called."""
    asked: str
    """What the submission asks for, in words."""
    by: str
    """Who submitted."""
    department: str
    """Short name of the leading department."""
    waited: int
    """Working days it has waited there."""
    allowed: int
    """Working days the rules give the level."""
    cosign: bool
    """True when a countersign is asked for."""

    @property
    def late(self) -> bool:
        """True when it has waited longer than the rules allow."""
        return self.waited > self.allowed


@dataclass(frozen=True, slots=True)
class Approval:
    """A plan, a notice or an extension that waits for the person's approval."""

    kind: str
    """``plan``, ``notice`` or ``extension``."""
    key: int
    """Key of the plan or notice, or of the finding whose deadline is to be moved."""
    title: str
    """What is asked for, in words."""
    detail: str
    """Why, or what of it should be known."""
    by: str
    """Who asked."""
    since: datetime | None
    """Since when it waits."""


@dataclass(frozen=True, slots=True)
class RoundClock:
    """An open round and how much of its concentrated period is left."""

    round: InspectionRound
    """The round."""
    ends_on: date | None
    """Last day of the concentrated period; None where the feedback day is not known."""
    days_left: int | None
    """Days until then, negative when past."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything the workbench shows."""

    today: date
    """The day everything is compared with."""
    leads: bool
    """True for who leads: their area comes first."""
    works: bool
    """True for who does work: their tasks are shown even when there are none."""
    reviews_things: bool
    """True for who reviews."""
    tasks: tuple[Task, ...]
    """What to work on, the most urgent first."""
    task_total: int
    """All of it."""
    reviews: tuple[Review, ...]
    """What to decide, the longest waiting first."""
    review_total: int
    """All of it."""
    approvals: tuple[Approval, ...]
    """Plans and extensions to approve, the longest waiting first."""
    approval_total: int
    """All of them."""
    clocks: tuple[RoundClock, ...]
    """Open rounds, newest first."""
    area: Area | None
    """The lights of all they answer for, for who leads; others are shown them beside."""
    empty: bool
    """True when the person sees no finding of an open round at all."""

    @property
    def nothing_waits(self) -> bool:
        """True when neither work nor a decision waits for the person."""
        return not (self.task_total or self.review_total or self.approval_total)


def workbench(actor: User, show: str = "") -> Workbench:
    """Return what waits for *actor*; what stands beside it is asked for apart (:mod:`zhenggai.desk.beside`).

    Args:
        actor: whose it is.
        show: the one of :data:`SECTIONS` that is wanted whole.
    """
    today = timezone.localdate()
    calendar = work_calendar()
    line = line_on(today, calendar)
    access = access_of(actor)
    works, decides = bool(reach(actor, "workflow.work")), bool(reach(actor, "workflow.review"))

    def most(section: str) -> int:
        return MOST if show == section else SHOWN

    rounds = list(visible_rounds(actor).select_related("course__profile"))
    rules = rules_of(rounds)
    tasks, task_total = _tasks(actor, line, most("work")) if works else ([], 0)
    queue = review_queue(actor, rules) if decides else []
    approvals = list(_approvals(actor))
    leads = bool(access.roles & _LEADING)
    area = area_of(actor, line, shipped_policy().near_days) if leads else None
    seen = bool(task_total or queue or approvals or (area and area.total))
    empty = not seen and not open_findings(actor).exists()
    return Workbench(
        today=today,
        leads=leads,
        works=works,
        reviews_things=decides,
        tasks=tuple(tasks),
        task_total=task_total,
        reviews=tuple(_reviews(queue[: most("reviews")], rules, today, calendar)),
        review_total=len(queue),
        approvals=tuple(approvals[: most("approvals")]),
        approval_total=len(approvals),
        clocks=() if empty else tuple(_clocks(rounds, rules, today, calendar)),
        area=area,
        empty=empty,
    )


def _clocks(
    rounds: Iterable[InspectionRound], rules: Mapping[int, Rules], today: date, calendar: WorkCalendar
) -> Iterable[RoundClock]:
    """Return the clock of the newest open round."""
    still_open = [each for each in rounds if each.closed_on is None]
    for each in sorted(still_open, key=lambda row: (row.feedback_on or date.min, row.pk), reverse=True)[:1]:
        ends = period_end(each, rules[each.pk], calendar)
        yield RoundClock(each, ends, (ends - today).days if ends else None)


def period_end(round_: InspectionRound, rules: Rules, calendar: WorkCalendar) -> date | None:
    """Return the last day of the concentrated period: the round's own, or the one its rules give."""
    if rules.course is not None and rules.course.period_ends_on is not None:
        return rules.course.period_ends_on
    return clock_of(round_, rules.policy, calendar).period_ends_on


def _tasks(actor: User, line: Line, limit: int) -> tuple[list[Task], int]:
    """Return the most urgent work of *actor*, and how much there is in all."""
    me = sorted({actor.pk, *access_of(actor).principals})
    bands = Case(
        When(stage=Stage.RETURNED, then=Value(0)),
        When(line.late(), then=Value(1)),
        When(stage=Stage.REOPENED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    last = Case(When(due_on__isnull=True, then=Value(1)), default=Value(0), output_field=IntegerField())
    ordered = my_work(actor).order_by(bands, last, "due_on", "pk").annotate(all=Window(Count("pk")))
    rows = list(
        ordered.values_list(
            "pk", "no", "title", "round__name", "stage", "status", "due_on", "extensions", "owner_id", "owner__name",
            "item__next_milestone", "item__next_report_on", "item__reopened_why", "round_id", "all",
        )[:limit]
    )  # fmt: skip
    keys = [row[0] for row in rows]
    reasons = _reasons([row[0] for row in rows if row[4] == Stage.RETURNED])
    pending = ~Q(status=Status.COMPLETED)
    mine = pending & (Q(owner__in=me) | Q(owner=None, finding__owner__in=me))
    measures = Measure.objects.filter(finding__in=keys, withdrawn_at=None).order_by().values_list("finding_id")
    counted = measures.annotate(n=Count("pk"), left=Count("pk", filter=pending), due=Min("due_on", filter=mine))
    counts = {key: told for key, *told in counted} if keys else {}
    tasks = []
    for (
        key,
        no,
        title,
        round_,
        stage,
        status,
        due_on,
        extensions,
        owner,
        name,
        milestone,
        report_on,
        why,
        round_id,
        _all,
    ) in rows:
        all_, open_, own_due = counts.get(key, (0, 0, None))
        due = min((day for day in (due_on, own_due) if day), default=None)
        todo, verb = _next_step(Stage(stage), milestone or "", report_on, all_, open_)
        task = Task(
            key,
            no,
            title,
            round_,
            standing_at(stage, status, extensions, late=line.is_late(due_on, round_id)),
            due,
            line.days_left(due, round_id) if due else None,
            todo,
            verb,
            reasons.get(key, "") or (why or "" if stage == Stage.REOPENED else ""),
            name or "" if owner not in me else "",
        )
        tasks.append(task)
    return tasks, rows[0][-1] if rows else 0


def _reasons(keys: Sequence[int]) -> dict[int, str]:
    """Return what was said when each of these findings was returned to the doers."""
    if not keys:
        return {}
    returned = Opinion.objects.filter(verdict=Opinion.Verdict.RETURN, returned_to="", submission__finding__in=keys)
    rows = returned.order_by("pk").values_list("submission__finding_id", "text", "by__name", "level_label")
    return {key: f"{label} {who}：{text}" if text else f"{label} {who}" for key, text, who, label in rows}


def _next_step(stage: Stage, milestone: str, report_on: date | None, measures: int, left: int) -> tuple[str, str]:
    match stage:
        case Stage.RETURNED:
            return _now("按退回意见补正，再提交审核"), _now("去补正")
        case Stage.PHASED:
            return _now("推进到下一节点：%(what)s") % {"what": milestone or _now("未填写")}, _now("填报进展")
        case Stage.LONG_TERM:
            words = _now("定期报告坚持情况")
            if report_on is not None:
                words = _now("下次报告 %(day)s") % {"day": report_on.isoformat()}
            return words, _now("填报进展")
    if left:
        words = _count("还有 %(n)s 项措施未完成", "还有 %(n)s 项措施未完成", left) % {"n": left}
        return words, _now("填报进展")
    if measures:
        return _now("措施均已完成，可以提交审核"), _now("提交审核")
    return _now("填报进展并提交佐证"), _now("填报进展")


def _reviews(
    queue: Sequence[Queued], rules: Mapping[int, Rules], today: date, calendar: WorkCalendar
) -> Iterable[Review]:
    """Return the rows of a part of a queue; one narrow question instead of whole records."""
    keys = [row.finding_id for row in queue]
    if not keys:
        return
    open_ones = Submission.objects.filter(finding__in=keys, state=Submission.State.OPEN).order_by().values_list(
        "finding_id", "finding__no", "finding__title", "finding__round_id", "finding__department__short_name",
        "finding__department__name", "finding__department_text", "outcome", "by__name",
    )  # fmt: skip
    told = {values[0]: values[1:] for values in open_ones}
    for row in queue:
        if row.finding_id not in told:
            continue
        no, title, round_, short, name, text, outcome, by = told[row.finding_id]
        yield Review(
            row.finding_id,
            no,
            title,
            row.level.label,
            str(Outcome(outcome).label),
            by,
            short or name or text,
            workdays_since(row.since, today, calendar),
            rules[round_].policy.review_days,
            row.cosign,
        )


def workdays_since(since: datetime | None, today: date, calendar: WorkCalendar) -> int:
    """Return the working days that something has waited since a moment; 0 without one."""
    return calendar.workdays_between(timezone.localtime(since).date(), today) if since else 0


def _approvals(actor: User) -> Iterable[Approval]:
    if reach(actor, "workflow.approve_plan"):
        for plan in plans_to_decide(actor):
            title = _now("《%(round)s》整改方案第 %(version)s 版") % {
                "round": plan.round.name, "version": plan.version,
            }  # fmt: skip
            by = plan.submitted_by.name if plan.submitted_by else ""
            yield Approval("plan", plan.pk, title, plan.note, by, plan.submitted_at)
    for notice in notices_to_decide(actor):
        handed = notice.handed_in[-1:]  # type: ignore[attr-defined]  # prefetched under that name
        by = handed[0].by.name if handed and handed[0].by else ""
        yield Approval("notice", notice.pk, notice.title, notice.round.name, by, handed[0].at if handed else None)
    if reach(actor, "workflow.extend"):
        for request in extensions_to_decide(actor)[:MOST]:
            finding = request.finding
            title = _now("%(title)s：由 %(old)s 延至 %(new)s") % {
                "title": f"{finding.no} {finding.title}".strip(),
                "old": request.from_due_on.isoformat() if request.from_due_on else _now("未定"),
                "new": request.to_due_on.isoformat(),
            }
            yield Approval("extension", finding.pk, title, request.reason, request.asked_by.name, request.asked_at)
