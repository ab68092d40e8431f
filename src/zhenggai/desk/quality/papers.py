"""Checks of the record against its papers: the plan, the documents, and the sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.area import SETTLED
from zhenggai.desk.quality.base import Check, FindingCheck, Hit, MeasureCheck, Scope, Severity
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.findings.overview import COUNT_LABELS
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.workflow.models import Criterion, Plan
from zhenggai.workflow.queries import clock_of, snapshot_of
from zhenggai.workflow.queries import differences as plan_differences

_FILING_DAYS = 15
_MOST_COMPARED = 400
"""Findings of one round compared with its plan; a record that moved further away needs a new version, not a list."""


def _approved(scope: Scope) -> list[Plan]:
    keys = [each.pk for each in scope.rounds]
    return list(Plan.objects.filter(round__in=keys, state=Plan.State.APPROVED).order_by())


class PlanDiffers(Check):
    """The record says something else than the approved plan."""

    code = "plan.differs"
    severity = Severity.MEDIUM
    sentence = _("台账与已批准的整改方案不一致")
    remedy = _("编制新一版方案报批，或改回方案内容")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings changed since their plan was approved so that it no longer says the same."""
        for plan in _approved(scope):
            if plan.decided_at is None:
                continue
            changed = scope.findings.filter(round=plan.round_id, changed_at__gt=plan.decided_at)
            keys = list(changed.order_by("pk").values_list("pk", flat=True)[:_MOST_COMPARED])
            before = {row["id"]: row for row in plan.snapshot.get("findings", [])}
            known = [key for key in keys if key in before]
            if not known:
                continue
            now = snapshot_of(known)
            departments = dict(scope.findings.filter(pk__in=known).values_list("pk", "department_id"))
            told: dict[int, dict[str, None]] = {}
            for each in plan_differences({"findings": [before[key] for key in known]}, now):
                if each.field not in _MOVED_BY_THE_LOOP:
                    told.setdefault(each.finding_id, {})[str(_FIELDS.get(each.field, each.field))] = None
            for key, names in told.items():
                yield Hit(key, departments.get(key), "、".join(names))


_FIELDS = {
    "no": _("序号"), "aspect": _("方面"), "title": _("问题"), "description": _("具体表现"), "unit": _("单位"),
    "leader": _("责任领导"), "department": _("责任部门"), "assist": _("配合部门"), "owner": _("责任人"),
    "due": _("整改时限"), "criteria": _("完成标准"), "criterion": _("完成标准"), "text": _("整改措施"),
    "nature": _("当下改、长久立"), "added": _("新增措施"), "removed": _("删去措施"),
}  # fmt: skip


_MOVED_BY_THE_LOOP = frozenset(("due",))
"""What extensions and milestones move without a new version of the plan."""


class AddedAfterPlan(FindingCheck):
    """A finding that no approved plan holds, though its round has one."""

    code = "plan.added"
    severity = Severity.HIGH
    sentence = _("问题在方案批准之后加入，没有方案管它，也进不了办理环节")
    remedy = _("编制新一版方案，把它纳入")

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return registered findings of rounds with an approved plan."""
        approved = Plan.objects.filter(round=OuterRef("round_id"), state=Plan.State.APPROVED)
        return scope.findings.filter(Exists(approved), stage=Stage.REGISTERED)


class OnlyDefaultCriteria(Check):
    """A finding whose close-out asks for nothing of its own."""

    code = "plan.default_criteria"
    severity = Severity.LOW
    sentence = _("销号标准只有通用条款，没有针对本问题的标准")
    remedy = _("增加能检验本问题是否解决的标准")
    place = "#criteria"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings in the loop all of whose criteria are those every finding starts with; one query a round."""
        for round_ in scope.rounds:
            usual = [rule.text for rule in scope.rules[round_.pk].policy.criteria]
            any_ = Criterion.objects.filter(finding=OuterRef("pk"), withdrawn_at=None)
            own = any_.exclude(text__in=usual)
            found = scope.findings.filter(~Exists(own), Exists(any_), round=round_)
            for row in found.exclude(stage__in=(Stage.REGISTERED, Stage.CLOSED)).values_list("pk", "department_id"):
                yield Hit(*row)


class MeasureAfterFinding(MeasureCheck):
    """A measure that ends after its finding."""

    code = "plan.measure_late"
    severity = Severity.MEDIUM
    sentence = _("措施的时限晚于问题的整改时限")
    remedy = _("调整措施或问题的时限")

    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return open measures due after their finding."""
        return scope.measures.filter(due_on__gt=F("finding__due_on")).exclude(status=Status.COMPLETED)


class DueBeyondPeriod(Check):
    """A deadline behind the end of the concentrated period, for something that is not phased or long-term."""

    code = "plan.beyond_period"
    severity = Severity.LOW
    sentence = _("整改时限晚于集中整改期，又不是阶段性完成或长期坚持")
    remedy = _("调整时限，或按阶段性完成、长期坚持管理")
    place = "edit/"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield pending findings due after the period; one query a round."""
        for round_ in scope.rounds:
            ends = period_end_of(scope, round_.pk)
            if ends is None:
                continue
            late = scope.findings.filter(round=round_, due_on__gt=ends, extensions=0).exclude(SETTLED)
            late = late.exclude(stage=Stage.PHASED).exclude(stage=Stage.REGISTERED, status__in=_LASTING)
            for row in late.values_list("pk", "department_id", "due_on"):
                yield Hit(*row)


_LASTING = (Status.PHASED, Status.LONG_TERM)


def period_end_of(scope: Scope, key: int) -> date | None:
    """Return the last day of the concentrated period of a round in *scope*."""
    rules = scope.rules[key]
    if rules.course is not None and rules.course.period_ends_on is not None:
        return rules.course.period_ends_on
    round_ = next(each for each in scope.rounds if each.pk == key)
    return clock_of(round_, rules.policy, scope.calendar).period_ends_on


class _RoundCheck(Check):
    """A check of whole rounds; only those that the reader sees as a whole."""

    def path(self, hit: Hit) -> str:
        """Return the ledger or overview of the round."""
        return f"/overview/?round={hit.round_id}"


class PlanOverdue(_RoundCheck):
    """A round whose plan is due and was not approved."""

    code = "plan.overdue"
    severity = Severity.HIGH
    sentence = _("整改方案已过报送期限，仍未批准")
    remedy = _("编制方案并报批")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield rounds without an approved plan whose day is past; one query."""
        having = {plan.round_id for plan in _approved(scope)}
        for round_ in scope.whole_rounds:
            rules = scope.rules[round_.pk]
            due = rules.course.plan_due_on if rules.course else None
            due = due or clock_of(round_, rules.policy, scope.calendar).plan_due_on
            if due is not None and due < scope.today and round_.pk not in having:
                yield Hit(None, None, due, round_.pk)

    def words(self, extra: Any) -> str:
        """Return the day it was due."""
        return _now("应于 %(day)s 前报送") % {"day": extra}


class PlanNotFiled(_RoundCheck):
    """An approved plan not filed."""

    code = "plan.not_filed"
    severity = Severity.MEDIUM
    sentence = _("整改方案批准 15 天后仍未向巡察办报备")
    remedy = _("报备并登记日期")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield rounds whose plan was approved a while ago and not filed; one query."""
        whole = {each.pk for each in scope.whole_rounds}
        for plan in _approved(scope):
            if plan.round_id not in whole or plan.filed_on is not None or plan.decided_at is None:
                continue
            day = timezone.localtime(plan.decided_at).date()
            if scope.rules[plan.round_id].policy.filing and day + timedelta(days=_FILING_DAYS) < scope.today:
                yield Hit(None, None, day, plan.round_id)

    def words(self, extra: Any) -> str:
        """Return the day it was approved."""
        return _now("%(day)s 批准") % {"day": extra}


class DeclaredDiffers(_RoundCheck):
    """Counts that the newest document declares, and that the record does not bear out."""

    code = "sums.declared"
    severity = Severity.HIGH
    sentence = _("最近一次导入的文件所称数目与台账不一致")
    remedy = _("核对文件与台账")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield rounds with differing counts, with both; two queries."""
        told = [each for each in scope.whole_rounds if each.declared_counts]
        if not told:
            return
        keys = [each.pk for each in told]
        rows = Finding.objects.filter(round__in=keys, withdrawn_at=None).order_by()
        tallies = {code: Count("pk", filter=Q(status=code)) for code in map(str, Status.values)}
        counted = {
            row["round_id"]: dict(row)
            for row in rows.values("round_id").annotate(
                findings=Count("pk"), aspects=Count("aspect_id", distinct=True), **tallies
            )
        }
        within = Measure.objects.filter(withdrawn_at=None, finding__withdrawn_at=None, finding__round__in=keys)
        measures = dict(within.order_by().values_list("finding__round_id").annotate(Count("pk")))
        for round_ in told:
            found = counted.get(round_.pk, {}) | {"measures": measures.get(round_.pk, 0)}
            parts = tuple(
                (str(label), round_.declared_counts[key], found.get(key, 0))
                for key, label in COUNT_LABELS.items()
                if isinstance(round_.declared_counts.get(key), int | float)
                and round_.declared_counts[key] != found.get(key, 0)
            )
            if parts:
                yield Hit(None, None, parts, round_.pk)

    def words(self, extra: Any) -> str:
        """Return each count as declared and as recorded."""
        told = [
            _now("%(what)s：文件 %(declared)s，台账 %(counted)s")
            % {"what": label, "declared": declared, "counted": counted}
            for label, declared, counted in extra
        ]
        return "；".join(told)


class SumsUp(_RoundCheck):
    """The standings do not sum up to the findings: this cannot be, and is looked at every time."""

    code = "sums.standings"
    severity = Severity.HIGH
    sentence = _("各办理环节之和不等于问题总数")
    remedy = _("请联系系统管理员")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield rounds whose standings do not sum up; two queries."""
        keys = [each.pk for each in scope.rounds]
        findings = scope.findings.filter(round__in=keys)
        totals = dict(findings.values_list("round_id").annotate(Count("pk")))
        sums: dict[int, int] = {}
        by_standing = findings.annotate(now=standing_case(scope.line)).values_list("round_id", "now")
        for key, code, count in by_standing.annotate(Count("pk")):
            if code in Standing.values:
                sums[key] = sums.get(key, 0) + count
        for key, total in totals.items():
            if sums.get(key, 0) != total:
                yield Hit(None, None, (sums.get(key, 0), total), key)

    def words(self, extra: Any) -> str:
        """Return both figures."""
        return _now("各环节之和 %(sum)s，总数 %(total)s") % {"sum": extra[0], "total": extra[1]}


class CompletedNotClosed(FindingCheck):
    """A document says that it is done; the loop has not closed it."""

    code = "papers.not_closed"
    severity = Severity.MEDIUM
    sentence = _("文件称已完成，但在平台上没有销号")
    remedy = _("补办审核销号，或更正对外的说法")
    extra: ClassVar[str] = "status_text"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return findings in the loop whose paper said that they were completed."""
        says = Q(status_text__contains="完成") | Q(status_text__contains="整改到位") | Q(status_text__contains="销号")
        partly = Q(pk__in=())
        for word in ("未", "阶段", "基本", "尚", "持续", "长期"):
            partly |= Q(status_text__contains=word)
        return scope.findings.filter(says).exclude(partly).exclude(stage__in=(Stage.REGISTERED, Stage.CLOSED))


class ClosedNotCompleted(FindingCheck):
    """The loop has closed it; the paper says that it goes on."""

    code = "papers.closed"
    severity = Severity.MEDIUM
    sentence = _("平台上已销号，文件却称尚未完成")
    remedy = _("核对后更正文件，或撤销销号")
    extra: ClassVar[str] = "status_text"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return closed findings whose paper says that they go on."""
        says = Q(pk__in=())
        for word in ("未完成", "正在整改", "阶段性完成", "持续推进", "尚未"):
            says |= Q(status_text__contains=word)
        return scope.findings.filter(says, stage=Stage.CLOSED)


class SameNumber(Check):
    """Two findings of a round with one number."""

    code = "papers.same_number"
    severity = Severity.MEDIUM
    sentence = _("同一轮次有两个问题序号相同")
    remedy = _("更正序号")
    place = "edit/"

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings whose number another one bears, with the number; one query."""
        twins = Finding.objects.filter(round=OuterRef("round_id"), no=OuterRef("no"), withdrawn_at=None)
        found = scope.findings.exclude(no="").filter(Exists(twins.exclude(pk=OuterRef("pk"))))
        for row in found.values_list("pk", "department_id", "no"):
            yield Hit(*row)


class SameTitle(Check):
    """Two findings of a round with one title."""

    code = "papers.same_title"
    severity = Severity.LOW
    sentence = _("同一轮次有两个问题标题完全相同")
    remedy = _("核实是否重复入账，重复的撤下")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings whose title another one bears; one query, tallied here since titles have no index."""
        rows = list(scope.findings.values_list("pk", "department_id", "round_id", "title"))
        seen: dict[tuple[int, str], int] = {}
        for _key, _department, round_, title in rows:
            seen[(round_, title)] = seen.get((round_, title), 0) + 1
        for key, department, round_, title in rows:
            if seen[(round_, title)] > 1:
                yield Hit(key, department)


class NeverStated(FindingCheck):
    """Nobody has ever said how it stands."""

    code = "papers.unknown"
    severity = Severity.LOW
    sentence = _("问题的状态一直没有说明")
    remedy = _("填写状态，或编制方案启动办理")
    place = "edit/"

    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return registered findings without a status."""
        return scope.findings.filter(stage=Stage.REGISTERED, status=Status.UNKNOWN)


CHECKS: tuple[Check, ...] = (
    SumsUp(),
    DeclaredDiffers(),
    PlanOverdue(),
    AddedAfterPlan(),
    PlanDiffers(),
    PlanNotFiled(),
    MeasureAfterFinding(),
    CompletedNotClosed(),
    ClosedNotCompleted(),
    SameNumber(),
    OnlyDefaultCriteria(),
    DueBeyondPeriod(),
    SameTitle(),
    NeverStated(),
)
