"""How the registers of this room are listed and exported, as data."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding
from zhenggai.outcomes.access import may_know_names
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Recovery, RuleDocument
from zhenggai.registers.queries import Cell, Column, Filter, Listing, Mark, Viewer, by_field


def finding_words(finding: Finding | None) -> str:
    """Return a finding as a cell names it."""
    if finding is None:
        return ""
    return f"{finding.no}. {finding.title}" if finding.no else finding.title


def decision_mark(decision: Decision, today: date) -> Mark:
    """Return how a decision stands."""
    if decision.state == Decision.State.DONE:
        return Mark("completed", _now("已落实"))
    if decision.state == Decision.State.DROPPED:
        return Mark("discarded", _now("不再执行"))
    if decision.due_on is not None and decision.due_on < today:
        return Mark("overdue", _now("超期未落实"))
    return Mark("ongoing", _now("落实中"))


def rule_mark(rule: RuleDocument, today: date) -> Mark:
    """Return how a rule stands."""
    if rule.kind == RuleDocument.Kind.ABOLISHED:
        return Mark("discarded", _now("已废止"))
    if rule.review_on is not None and rule.review_on < today:
        return Mark("overdue", _now("应复核"))
    if rule.effective_on is not None and rule.effective_on > today:
        return Mark("near", _now("未施行"))
    return Mark("completed", _now("现行"))


def subject_words(entry: Accountability, viewer: Viewer) -> str:
    """Return who was held to account, as far as the viewer may know."""
    if entry.subject == Accountability.Subject.UNIT:
        return entry.name
    if may_know_names(viewer.actor, entry.unit):
        return f"{entry.name}（{entry.position}）" if entry.position else entry.name
    return _now("个人（姓名不公开）")


def _decision_condition(value: str, today: date) -> Q:
    open_ones = Q(state=Decision.State.OPEN)
    match value:
        case "overdue":
            return open_ones & Q(due_on__lt=today)
        case "quiet":
            return open_ones & Q(follow_ups__isnull=True)
    return Q(state=value)


def _rule_condition(value: str, today: date) -> Q:
    if value == "review":
        return Q(review_on__lt=today) & ~Q(kind=RuleDocument.Kind.ABOLISHED)
    return Q(uses__isnull=True) & ~Q(kind=RuleDocument.Kind.ABOLISHED)


MEETINGS: Listing[Meeting] = Listing(
    (
        Column(_("日期"), lambda it, _v: it.held_on, 12.0),
        Column(_("会议"), lambda it, _v: f"{it.get_kind_display()} {it.no}".strip(), 24.0, link=True),
        Column(_("议题"), lambda it, _v: it.topics, 50.0),
        Column(_("议定事项"), lambda it, _v: len([each for each in it.decisions.all() if not each.withdrawn_at]), 10.0),
        Column(_("纪要"), lambda it, _v: _now("有") if it.file_id else "", 8.0),
    ),
    search=("topics", "no", "attendance", "decisions__text"),
    order=("-held_on",),
    day="held_on",
    filters=(by_field("kind", _("类别"), Meeting.Kind.choices),),
    many=("decisions",),
)

DECISIONS: Listing[Decision] = Listing(
    (
        Column(_("议定内容"), lambda it, _v: it.text, 50.0, link=True),
        Column(_("会议"), lambda it, _v: str(it.meeting), 26.0),
        Column(_("责任"), lambda it, _v: _joined(it.department, it.owner), 18.0),
        Column(_("时限"), lambda it, _v: it.due_on, 12.0),
        Column(_("状态"), lambda it, v: decision_mark(it, v.today), 12.0),
        Column(_("填报"), lambda it, _v: len(it.follow_ups.all()), 8.0),
    ),
    search=("text", "follow_ups__text"),
    order=("state", "due_on"),
    day="meeting__held_on",
    filters=(
        Filter(
            "state",
            _("状态"),
            (
                ("open", _("落实中")),
                ("overdue", _("超期未落实")),
                ("quiet", _("没有落实记录")),
                ("done", _("已落实")),
                ("dropped", _("不再执行")),
            ),
            _decision_condition,
        ),
    ),
    related=("meeting", "department", "owner"),
    many=("follow_ups",),
)

RULES: Listing[RuleDocument] = Listing(
    (
        Column(_("制度名称"), lambda it, _v: it.title, 44.0, link=True),
        Column(_("文号"), lambda it, _v: it.document_no, 22.0),
        Column(_("类别"), lambda it, _v: it.get_kind_display(), 8.0),
        Column(_("印发日期"), lambda it, _v: it.issued_on, 12.0),
        Column(_("主责部门"), lambda it, _v: _words(it.department), 16.0),
        Column(_("对应问题"), lambda it, _v: _numbers(it), 16.0),
        Column(_("执行"), lambda it, _v: len(it.uses.all()), 8.0),
        Column(_("状态"), lambda it, v: rule_mark(it, v.today), 10.0),
    ),
    search=("title", "document_no"),
    order=("-issued_on",),
    day="issued_on",
    filters=(
        by_field("kind", _("类别"), RuleDocument.Kind.choices),
        Filter("care", _("需要关注"), (("review", _("应复核")), ("unused", _("没有执行记录"))), _rule_condition),
    ),
    related=("department",),
    many=("findings", "uses"),
)

ACCOUNTABILITIES: Listing[Accountability] = Listing(
    (
        Column(_("决定日期"), lambda it, _v: it.decided_on, 12.0),
        Column(_("对象"), subject_words, 28.0, link=True),
        Column(_("方式"), lambda it, _v: _with_degree(it), 22.0),
        Column(_("对应问题"), lambda it, _v: finding_words(it.finding), 44.0),
        Column(_("决定会议"), lambda it, _v: _words(it.meeting), 26.0),
    ),
    search=("degree", "finding__title"),
    order=("-decided_on",),
    day="decided_on",
    filters=(
        by_field("subject", _("对象"), Accountability.Subject.choices),
        by_field("kind", _("方式"), Accountability.Kind.choices),
    ),
    related=("unit", "finding", "meeting"),
)

RECOVERIES: Listing[Recovery] = Listing(
    (
        Column(_("日期"), lambda it, _v: it.recovered_on, 12.0),
        Column(_("类别"), lambda it, _v: it.get_kind_display(), 14.0, link=True),
        Column(_("金额（万元）"), lambda it, _v: it.amount, 14.0),
        Column(_("对应问题"), lambda it, _v: finding_words(it.finding), 44.0),
        Column(_("说明"), lambda it, _v: it.note, 30.0),
        Column(_("佐证"), lambda it, _v: _now("有") if it.file_id else "", 8.0),
    ),
    search=("note", "finding__title"),
    order=("-recovered_on",),
    day="recovered_on",
    filters=(by_field("kind", _("类别"), Recovery.Kind.choices),),
    related=("finding",),
)

GROUPS: Listing[Group] = Listing(
    (
        Column(_("名称"), lambda it, _v: it.name, 40.0, link=True),
        Column(_("类别"), lambda it, _v: it.get_kind_display(), 26.0),
        Column(_("成立日期"), lambda it, _v: it.founded_on, 12.0),
        Column(_("文号"), lambda it, _v: it.document_no, 22.0),
        Column(_("现有成员"), lambda it, _v: len([each for each in it.members.all() if each.until is None]), 10.0),
        Column(_("状态"), lambda it, v: _group_mark(it, v), 10.0),
    ),
    search=("name", "document_no", "members__user__name"),
    order=("ended_on", "-founded_on"),
    day="founded_on",
    filters=(by_field("kind", _("类别"), Group.Kind.choices),),
    many=("members",),
)


def _group_mark(group: Group, viewer: Viewer) -> Cell:
    if group.ended_on is not None and group.ended_on <= viewer.today:
        return Mark("discarded", _now("已撤销"))
    return Mark("completed", _now("在运行"))


def _with_degree(entry: Accountability) -> str:
    words = entry.get_kind_display()
    return f"{words}（{entry.degree}）" if entry.degree else words


def _numbers(rule: RuleDocument) -> str:
    found = rule.findings.all()
    return "、".join(finding.no or finding.title[:12] for finding in sorted(found, key=lambda each: each.order))


def _words(record: object) -> str:
    return "" if record is None else str(record)


def _joined(*records: object) -> str:
    return " ".join(str(record) for record in records if record is not None)
