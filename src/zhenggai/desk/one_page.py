"""The one-page view 一页纸 of a round: what a chief asks before a meeting, for the projector or one sheet of A4.

A round comes in; the overview's own figures, this week's changes and the next days go out, so that no number differs
from the overview's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.area import SETTLED
from zhenggai.desk.workbench import period_end
from zhenggai.findings.access import visible_findings
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import InspectionRound, Stage
from zhenggai.findings.overview import overview
from zhenggai.findings.shapes import Overview
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.access import Actor
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.models import CloseOut, Completion, EvidenceVersion, Extension, Opinion, Submission
from zhenggai.workflow.queries import clock_of, course_of
from zhenggai.workflow.rules import Rules

_WEEK = 7
_AHEAD = 45
_DATES = 6


@dataclass(frozen=True, slots=True)
class Change:
    """How often something happened this week."""

    label: str | Promise
    """What, in words."""
    count: int
    """How often."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """A day that comes."""

    day: date
    """Which day."""
    label: str
    """What falls on it, in words."""
    days_left: int
    """Days until then."""


@dataclass(frozen=True, slots=True)
class OnePage:
    """The page."""

    state: Overview
    """Totals, aspects, late items."""
    ends_on: date | None
    """Last day of the concentrated period."""
    days_left: int | None
    """Days until then, negative when past."""
    elapsed_percent: int | None
    """How much of the period is over."""
    changes: tuple[Change, ...]
    """What happened in the last seven days."""
    dates: tuple[NextDate, ...]
    """What comes next."""


def one_page(actor: Actor, round_: InspectionRound) -> OnePage:
    """Return the one page of *round_* as far as *actor* sees it; a fixed number of queries."""
    today = timezone.localdate()
    rules, calendar = course_of(round_), work_calendar()
    ends = period_end(round_, rules, calendar)
    begun = round_.feedback_on
    elapsed = None
    if ends and begun and ends > begun:
        elapsed = max(0, min(100, (today - begun).days * 100 // (ends - begun).days))
    dates = sorted(_dates(actor, round_, rules, calendar, today), key=lambda each: each.day)
    return OnePage(
        state=overview(actor, round_),
        ends_on=ends,
        days_left=(ends - today).days if ends else None,
        elapsed_percent=elapsed,
        changes=tuple(_changes(actor, round_, today)),
        dates=tuple(dates[:_DATES]),
    )


def _changes(actor: Actor, round_: InspectionRound, today: date) -> Iterable[Change]:
    since = timezone.make_aware(datetime.combine(today - timedelta(days=_WEEK), time.min))
    keys = visible_findings(actor).filter(round=round_).order_by().values("pk")
    returned = Opinion.objects.filter(verdict=Opinion.Verdict.RETURN, at__gte=since, submission__finding__in=keys)
    counts = (
        (_("销号"), CloseOut.objects.filter(at__gte=since, revoked_at=None, finding__in=keys)),
        (_("提交审核"), Submission.objects.filter(at__gte=since, finding__in=keys)),
        (_("退回补正"), returned),
        (_("完成措施"), Completion.objects.filter(at__gte=since, withdrawn_at=None, measure__finding__in=keys)),
        (_("提交佐证"), EvidenceVersion.objects.filter(at__gte=since, evidence__links__finding__in=keys).distinct()),
        (_("批准延期"), Extension.objects.filter(decided_at__gte=since, state="granted", finding__in=keys)),
        (_("重新整改"), CloseOut.objects.filter(revoked_at__gte=since, finding__in=keys)),
    )
    for label, rows in counts:
        count = rows.order_by().count()
        if count:
            yield Change(label, count)


def _dates(
    actor: Actor, round_: InspectionRound, rules: Rules, calendar: WorkCalendar, today: date
) -> Iterable[NextDate]:
    clock, course = clock_of(round_, rules.policy, calendar), rules.course
    fixed = (
        (course.plan_due_on if course and course.plan_due_on else clock.plan_due_on, _now("报送整改方案")),
        (period_end(round_, rules, calendar), _now("集中整改期满")),
        (course.report_due_on if course and course.report_due_on else clock.report_due_on, _now("报送整改情况报告")),
    )
    for day, label in fixed:
        if day is not None and day >= today:
            yield NextDate(day, label, (day - today).days)
    found = visible_findings(actor).filter(round=round_).order_by()
    line = line_on(today, calendar)
    coming = found.filter(line.coming(today + timedelta(days=_AHEAD)), ~SETTLED)
    rows = coming.values_list("due_on", "stage").annotate(n=Count("pk"), title=Min("title"))
    for day, stage, count, title in rows.order_by("due_on")[:_DATES]:
        if day is None:
            continue
        words = _now("%(n)s 项阶段节点") if stage == Stage.PHASED else _now("%(n)s 项问题到期")
        yield NextDate(day, title if count == 1 else words % {"n": count}, line.days_left(day, round_.pk))
