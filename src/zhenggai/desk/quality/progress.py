"""Checks of the way through the loop: late without an act, phased without a next step, waiting too long, standing still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.quality.base import Check, FindingCheck, Hit, Scope, Severity
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.oversight.models import OPEN_LETTERS, SENT_LETTERS, LetterItem
from zhenggai.policy.profile import Level
from zhenggai.workflow.models import Completion, EvidenceLink, Extension, Submission, WorkEntry
from zhenggai.workflow.queries import who_decides

_STILL_DAYS = 30
"""A finding at work on which nothing was written for so long stands still."""


class LateWithoutAct(FindingCheck):
    """Late, and neither more time asked for nor handed in."""

    code = "progress.late"
    severity = Severity.HIGH
    sentence = _("已超过整改时限，没有申请延期、提交审核，也没有函件督办")
    remedy = _("督促完成、申请延期，或发函督办")
    extra: ClassVar[str] = "due_on"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return late findings at work without an open request for more time, in no letter."""
        asked = Extension.objects.filter(state=Extension.State.OPEN, finding=OuterRef("pk"))
        at_work = Q(stage__in=(Stage.WORKING, Stage.RETURNED, Stage.REOPENED))
        letters = LetterItem.objects.filter(withdrawn_at=None, finding=OuterRef("pk"))
        pressed = letters.filter(letter__state__in=(*OPEN_LETTERS, *SENT_LETTERS), period_on__gte=OuterRef("due_on"))
        return scope.findings.filter(at_work, scope.line.late(), ~Exists(asked), ~Exists(pressed))

    def words(self, extra: Any) -> str:
        """Return the deadline."""
        return _now("时限 %(day)s") % {"day": extra}


class PhasedWithoutMilestone(FindingCheck):
    """Phased without saying what comes next."""

    code = "progress.milestone"
    severity = Severity.HIGH
    sentence = _("阶段性完成，但没有下一节点或节点日期")
    remedy = _("重新提交，写明下一步工作和日期")

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return phased findings that lack the words or the day."""
        lacking = Q(item__next_milestone_on=None) | Q(item__next_milestone="")
        return scope.findings.filter(lacking, stage=Stage.PHASED)


class MilestonePast(FindingCheck):
    """Phased, and the next step is overdue."""

    code = "progress.milestone_past"
    severity = Severity.HIGH
    sentence = _("阶段性完成，下一节点已过")
    remedy = _("提交完成情况，或确认新的节点")
    extra: ClassVar[str] = "item__next_milestone_on"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return phased findings whose milestone is past."""
        return scope.findings.filter(stage=Stage.PHASED, item__next_milestone_on__lt=scope.today)

    def words(self, extra: Any) -> str:
        """Return the milestone's day."""
        return _now("节点 %(day)s") % {"day": extra}


class ReportPast(FindingCheck):
    """Phased or long-term without its report in time."""

    code = "progress.report_past"
    severity = Severity.MEDIUM
    sentence = _("阶段性完成或长期坚持的事项，未按周期报告")
    remedy = _("填报进展")
    extra: ClassVar[str] = "item__next_report_on"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings whose next report was due."""
        stages = (Stage.PHASED, Stage.LONG_TERM)
        return scope.findings.filter(stage__in=stages, item__next_report_on__lt=scope.today)

    def words(self, extra: Any) -> str:
        """Return the day the report was due."""
        return _now("应于 %(day)s 报告") % {"day": extra}


class ReviewTooLong(Check):
    """A level that takes longer than it may."""

    code = "review.too_long"
    severity = Severity.MEDIUM
    sentence = _("审核超过规定的工作日仍未办理")
    remedy = _("提醒审核人，或由其代理人办理")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings that have waited too long at a level, with level and days; one query."""
        rows = scope.findings.filter(stage=Stage.IN_REVIEW, item__level_since__isnull=False).values_list(
            "pk", "department_id", "round_id", "item__level", "item__level_since"
        )
        for key, department, round_, code, since in rows:
            policy = scope.rules[round_].policy
            waited = scope.calendar.workdays_between(timezone.localtime(since).date(), scope.today)
            if waited > policy.review_days:
                level = policy.level(code)
                yield Hit(key, department, (level.label if level else code, waited))

    def words(self, extra: Any) -> str:
        """Return the level and how long it has waited."""
        return _now("%(level)s，已等 %(days)s 个工作日") % {"level": extra[0], "days": extra[1]}


class NobodyDecides(Check):
    """A level at which nobody may decide."""

    code = "review.nobody"
    severity = Severity.HIGH
    sentence = _("审核停在没有人能办理的层级")
    remedy = _("补授岗位或指定代理人，参与整改的人不能审核")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings under review that nobody may decide on, with the level; a fixed number of queries."""
        rows = scope.findings.filter(stage=Stage.IN_REVIEW).values_list(
            "pk", "department_id", "round_id", "item__level"
        )
        places: dict[int, tuple[int | None, Level | None, str]] = {}
        for key, department, round_, code in rows:
            places[key] = (department, scope.rules[round_].policy.level(code), code or "")
        people = who_decides({key: level for key, (_unit, level, _code) in places.items() if level is not None})
        for key, (unit, level, code) in places.items():
            if level is None or not people.get(key):
                yield Hit(key, unit, level.label if level else code)


class StandingStill(FindingCheck):
    """At work, and nothing written for a month."""

    code = "progress.still"
    severity = Severity.MEDIUM
    sentence = _("正在整改，但连续 30 天没有填报进展、完成措施或提交佐证")
    remedy = _("督促填报进展")

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings at work on which nobody wrote lately."""
        since = _start_of(scope, _STILL_DAYS)
        wrote = WorkEntry.objects.filter(finding=OuterRef("pk"), at__gte=since)
        proved = EvidenceLink.objects.filter(finding=OuterRef("pk"), at__gte=since)
        did = Completion.objects.filter(measure__finding=OuterRef("pk"), at__gte=since)
        handed_in = Submission.objects.filter(finding=OuterRef("pk"), ended_at__gte=since)
        started = Q(round__plans__state="approved", round__plans__decided_at__lt=since)
        idle = ~Exists(wrote) & ~Exists(proved) & ~Exists(did) & ~Exists(handed_in)
        return scope.findings.filter(started, idle, stage__in=(Stage.WORKING, Stage.REOPENED))


class ReturnedAndLeft(FindingCheck):
    """Returned, and nobody took it up."""

    code = "progress.returned"
    severity = Severity.MEDIUM
    sentence = _("退回补正超过 10 天，没有补充任何材料")
    remedy = _("督促补正后重新提交")

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings returned a while ago on which nothing was written since."""
        since = _start_of(scope, 10)
        lately = Submission.objects.filter(finding=OuterRef("pk"), ended_at__gte=since)
        wrote = WorkEntry.objects.filter(finding=OuterRef("pk"), at__gte=since)
        proved = EvidenceLink.objects.filter(finding=OuterRef("pk"), at__gte=since)
        return scope.findings.filter(~Exists(lately), ~Exists(wrote), ~Exists(proved), stage=Stage.RETURNED)


class DoneNotSubmitted(FindingCheck):
    """All measures are done, and it was not handed in."""

    code = "progress.not_submitted"
    severity = Severity.LOW
    sentence = _("全部措施已完成，但没有提交审核")
    remedy = _("提交审核，申请销号")

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings at work all of whose measures are completed."""
        measures = Measure.objects.filter(finding=OuterRef("pk"), withdrawn_at=None)
        undone = measures.exclude(status=Status.COMPLETED)
        return scope.findings.filter(Exists(measures), ~Exists(undone), stage__in=(Stage.WORKING, Stage.REOPENED))


class ExtensionWaits(Check):
    """A request for more time that nobody decides."""

    code = "extension.waits"
    severity = Severity.MEDIUM
    sentence = _("延期申请超过规定的工作日没有审批")
    remedy = _("审批延期申请")
    place = "#extensions"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings with an old open request, with its day; one query."""
        rows = Extension.objects.filter(state=Extension.State.OPEN, finding__in=scope.findings.values("pk"))
        for key, department, round_, asked in rows.order_by().values_list(
            "finding_id", "finding__department_id", "finding__round_id", "asked_at"
        ):
            day = timezone.localtime(asked).date()
            if scope.calendar.workdays_between(day, scope.today) > scope.rules[round_].policy.review_days:
                yield Hit(key, department, day)

    def words(self, extra: Any) -> str:
        """Return the day it was asked for."""
        return _now("%(day)s 申请") % {"day": extra}


def _start_of(scope: Scope, days: int) -> datetime:
    """Return midnight so many days ago."""
    return timezone.make_aware(datetime.combine(scope.today - timedelta(days=days), time.min))


CHECKS: tuple[Check, ...] = (
    LateWithoutAct(),
    PhasedWithoutMilestone(),
    MilestonePast(),
    NobodyDecides(),
    ReviewTooLong(),
    ReportPast(),
    StandingStill(),
    ReturnedAndLeft(),
    ExtensionWaits(),
    DoneNotSubmitted(),
)
