"""The workbench 工作台 of one person: what they must do, what waits for their word, what they wait for.

A person comes in, a :class:`Workbench` goes out: each section in order of urgency, cut to what a glance takes, with
how many there are in all.  A fixed number of queries, however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext as _count

from zhenggai.desk.area import AreaRow, Pressing, area_of, open_findings, pressing
from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage, Status
from zhenggai.findings.overview import latest_acts
from zhenggai.findings.shapes import HistoryItem
from zhenggai.findings.standing import Standing, standing_of
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.access import access_of, reach
from zhenggai.people.models import User
from zhenggai.policy.profile import Level, shipped_policy
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.models import Opinion, Submission
from zhenggai.workflow.queries import (
    WaitingReview,
    extensions_to_decide,
    load_reviews,
    my_submissions,
    my_work,
    plans_to_decide,
    review_queue,
    rules_by_round,
    who_decides,
)
from zhenggai.workflow.rules import Rules, clock_of

SHOWN = 6
"""Rows of a section before “all of them” is asked for."""
MOST = 200
"""Rows of a section when all of it is asked for."""
SECTIONS = ("work", "reviews", "approvals", "submissions")
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
    """A plan or an extension that waits for the person's approval."""

    kind: str
    """``plan`` or ``extension``."""
    key: int
    """Key of the plan, or of the finding whose deadline is to be moved."""
    title: str
    """What is asked for, in words."""
    detail: str
    """Why, or what of it should be known."""
    by: str
    """Who asked."""
    since: datetime | None
    """Since when it waits."""


@dataclass(frozen=True, slots=True)
class Waited:
    """What the person handed in and now waits for."""

    finding_id: int
    """Key of the finding."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    level: str
    """What the level is called at which it waits."""
    place: int
    """Place of the level among all, from 1."""
    levels: int
    """How many levels there are."""
    people: tuple[str, ...]
    """Names of those who may decide."""
    since: datetime | None
    """Since when it waits there."""
    waited: int
    """Working days since then."""
    allowed: int
    """Working days the rules give the level."""

    @property
    def late(self) -> bool:
        """True when it has waited longer than the rules allow."""
        return self.waited > self.allowed


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
    waiting: tuple[Waited, ...]
    """What was handed in, the longest waiting first."""
    waiting_total: int
    """All of it."""
    area: tuple[AreaRow, ...]
    """Red, amber and green by department, the reddest first."""
    pressing: tuple[Pressing, ...]
    """What is late or near, the longest overdue first."""
    late_total: int
    """How many are late."""
    near_total: int
    """How many are near."""
    near_days: int
    """From how many days before a deadline counts as near."""
    clocks: tuple[RoundClock, ...]
    """Open rounds, newest first."""
    latest: tuple[HistoryItem, ...]
    """The latest acts on what the person may see."""
    finding_total: int
    """Findings of open rounds the person may see."""

    @property
    def nothing_waits(self) -> bool:
        """True when neither work nor a decision waits for the person."""
        return not (self.task_total or self.review_total or self.approval_total)


def workbench(actor: User, show: str = "") -> Workbench:
    """Return the workbench of *actor*.

    Args:
        actor: whose it is.
        show: the one of :data:`SECTIONS` that is wanted whole.
    """
    today = timezone.localdate()
    calendar = work_calendar()
    near = shipped_policy().near_days
    access = access_of(actor)
    works, decides = bool(reach(actor, "workflow.work")), bool(reach(actor, "workflow.review"))

    def most(section: str) -> int:
        return MOST if show == section else SHOWN

    work = my_work(actor) if works else Finding.objects.none()
    task_total = work.count() if works else 0
    queue = review_queue(actor) if decides else []
    approvals = list(_approvals(actor))
    handed_in = my_submissions(actor) if works else Submission.objects.none()
    waiting_total = handed_in.count() if works else 0
    area = area_of(actor, today, near)
    rules = rules_by_round(list(area.rounds))
    pressed = pressing(actor, today, near, SHOWN) if area.late or area.near else ()
    return Workbench(
        today=today,
        leads=bool(access.roles & _LEADING),
        works=works,
        reviews_things=decides,
        tasks=tuple(_tasks(actor, work, today, most("work"))) if task_total else (),
        task_total=task_total,
        reviews=tuple(_reviews(load_reviews(queue[: most("reviews")]), rules, today, calendar)),
        review_total=len(queue),
        approvals=tuple(approvals[: most("approvals")]),
        approval_total=len(approvals),
        waiting=tuple(_waiting(handed_in[: most("submissions")], rules, today, calendar)) if waiting_total else (),
        waiting_total=waiting_total,
        area=area.rows,
        pressing=pressed,
        late_total=area.late,
        near_total=area.near,
        near_days=near,
        clocks=tuple(_clocks(rules, today, calendar)),
        latest=latest_acts(actor, None, open_findings(actor), SHOWN),
        finding_total=sum(row.total for row in area.rows),
    )


def _clocks(rules: Mapping[int, Rules], today: date, calendar: WorkCalendar) -> Iterable[RoundClock]:
    rounds = list(InspectionRound.objects.filter(pk__in=list(rules)).order_by("-feedback_on", "-pk")[:3])
    for each in rounds:
        ends = period_end(each, rules[each.pk], calendar)
        yield RoundClock(each, ends, (ends - today).days if ends else None)


def period_end(round_: InspectionRound, rules: Rules, calendar: WorkCalendar) -> date | None:
    """Return the last day of the concentrated period: the round's own, or the one its rules give."""
    if rules.course is not None and rules.course.period_ends_on is not None:
        return rules.course.period_ends_on
    return clock_of(round_, rules.policy, calendar).period_ends_on


def _tasks(actor: User, work: QuerySet[Finding], today: date, limit: int) -> Iterable[Task]:
    me = sorted({actor.pk, *access_of(actor).principals})
    bands = Case(
        When(stage=Stage.RETURNED, then=Value(0)),
        When(due_on__lt=today, then=Value(1)),
        When(stage=Stage.REOPENED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    last = Case(When(due_on__isnull=True, then=Value(1)), default=Value(0), output_field=IntegerField())
    narrow = work.prefetch_related(None).select_related("round", "item", "owner")
    narrow = narrow.defer("description", "completion_criteria")
    rows = list(narrow.order_by(bands, last, "due_on", "pk")[:limit])
    keys = [finding.pk for finding in rows]
    reasons = _reasons(keys)
    measures = Measure.objects.filter(finding__in=keys, withdrawn_at=None).order_by().values_list("finding_id")
    pending = ~Q(status=Status.COMPLETED)
    counts = {
        key: (all_, open_) for key, all_, open_ in measures.annotate(n=Count("pk"), left=Count("pk", filter=pending))
    }
    mine = Q(owner__in=me) | Q(owner=None, finding__owner__in=me)
    own = Measure.objects.filter(mine, pending, finding__in=keys, withdrawn_at=None, due_on__isnull=False)
    dues: dict[int, date] = {}
    for key, due in own.order_by("-due_on").values_list("finding_id", "due_on"):
        dues[key] = due  # type: ignore[assignment]  # asked for above
    for finding in rows:
        all_, open_ = counts.get(finding.pk, (0, 0))
        due = min((day for day in (finding.due_on, dues.get(finding.pk)) if day), default=None)
        todo, verb = _next_step(finding, all_, open_)
        yield Task(
            finding.pk,
            finding.no,
            finding.title,
            finding.round.name,
            standing_of(finding, today),
            due,
            (due - today).days if due else None,
            todo,
            verb,
            reasons.get(finding.pk, ""),
            finding.owner.name if finding.owner and finding.owner_id not in me else "",
        )


def _reasons(keys: Sequence[int]) -> dict[int, str]:
    """Return why each finding came back: what was said when it was returned, or why it was reopened."""
    returned = Opinion.objects.filter(
        verdict=Opinion.Verdict.RETURN, returned_to="", submission__finding__in=keys,
        submission__finding__stage=Stage.RETURNED,
    )  # fmt: skip
    rows = returned.order_by("pk").values_list("submission__finding_id", "text", "by__name", "level_label")
    found = {key: f"{label} {who}：{text}" if text else f"{label} {who}" for key, text, who, label in rows}
    again = Finding.objects.filter(pk__in=keys, stage=Stage.REOPENED).values_list("pk", "item__reopened_why")
    return {key: why for key, why in again if why} | found


def _next_step(finding: Finding, measures: int, left: int) -> tuple[str, str]:
    match finding.stage:
        case Stage.RETURNED:
            return _now("按退回意见补正，再提交审核"), _now("去补正")
        case Stage.PHASED:
            return _now("推进到下一节点：%(what)s") % {"what": finding.item.next_milestone or _now("未填写")}, _now(
                "填报进展"
            )
        case Stage.LONG_TERM:
            day = finding.item.next_report_on
            words = _now("下次报告 %(day)s") % {"day": day.isoformat()} if day else _now("定期报告坚持情况")
            return words, _now("填报进展")
    if left:
        words = _count("还有 %(n)s 项措施未完成", "还有 %(n)s 项措施未完成", left) % {"n": left}
        return words, _now("填报进展")
    if measures:
        return _now("措施均已完成，可以提交审核"), _now("提交审核")
    return _now("填报进展并提交佐证"), _now("填报进展")


def _reviews(
    rows: Sequence[WaitingReview], rules: Mapping[int, Rules], today: date, calendar: WorkCalendar
) -> Iterable[Review]:
    rules = _with_rest(rules, (row.finding.round_id for row in rows))
    for row in rows:
        finding = row.finding
        yield Review(
            finding.pk,
            finding.no,
            finding.title,
            row.level.label,
            row.submission.get_outcome_display(),
            row.submission.by.name,
            str(finding.department) if finding.department else finding.department_text,
            _workdays(row.since, today, calendar),
            rules[finding.round_id].policy.review_days,
            row.cosign,
        )


def _workdays(since: datetime | None, today: date, calendar: WorkCalendar) -> int:
    return calendar.workdays_between(timezone.localtime(since).date(), today) if since else 0


def _approvals(actor: User) -> Iterable[Approval]:
    if reach(actor, "workflow.approve_plan"):
        for plan in plans_to_decide(actor):
            title = _now("《%(round)s》整改方案第 %(version)s 版") % {
                "round": plan.round.name, "version": plan.version,
            }  # fmt: skip
            by = plan.submitted_by.name if plan.submitted_by else ""
            yield Approval("plan", plan.pk, title, plan.note, by, plan.submitted_at)
    if reach(actor, "workflow.extend"):
        for request in extensions_to_decide(actor)[:MOST]:
            finding = request.finding
            title = _now("%(title)s：由 %(old)s 延至 %(new)s") % {
                "title": f"{finding.no} {finding.title}".strip(),
                "old": request.from_due_on.isoformat() if request.from_due_on else _now("未定"),
                "new": request.to_due_on.isoformat(),
            }
            yield Approval("extension", finding.pk, title, request.reason, request.asked_by.name, request.asked_at)


def _with_rest(rules: Mapping[int, Rules], rounds: Iterable[int]) -> Mapping[int, Rules]:
    """Return *rules* with those of rounds that are closed already; no query where there are none."""
    missing = sorted(set(rounds) - rules.keys())
    return {**rules, **rules_by_round(missing)} if missing else rules


def _waiting(
    rows: QuerySet[Submission], rules: Mapping[int, Rules], today: date, calendar: WorkCalendar
) -> Iterable[Waited]:
    submissions = list(rows.defer("finding__description", "finding__completion_criteria"))
    rules = _with_rest(rules, (row.finding.round_id for row in submissions))
    at: dict[int, Level] = {}
    for row in submissions:
        level = rules[row.finding.round_id].policy.level(row.finding.item.level)
        if level is not None:
            at[row.finding_id] = level
    people = who_decides(at)
    for row in submissions:
        finding, policy = row.finding, rules[row.finding.round_id].policy
        found = at.get(finding.pk)
        yield Waited(
            finding.pk,
            finding.no,
            finding.title,
            found.label if found else finding.item.level,
            policy.levels.index(found) + 1 if found else 0,
            len(policy.levels),
            tuple(people.get(finding.pk, ())),
            finding.item.level_since,
            _workdays(finding.item.level_since, today, calendar),
            policy.review_days,
        )
