"""The registers of this room as data: their fields, who keeps them, and how entries hold together."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.access import visible_findings
from zhenggai.findings.errors import BadValue
from zhenggai.findings.models import Measure
from zhenggai.outcomes import codes
from zhenggai.outcomes.access import (
    MANAGE,
    visible_accountability,
    visible_decisions,
    visible_groups,
    visible_meetings,
    visible_recoveries,
    visible_rules,
)
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Recovery, RuleDocument
from zhenggai.outcomes.telling import decision_given
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.registers.fields import Slot, departments_of, findings_of, people_of, rounds_of
from zhenggai.registers.kinds import Codes, Kind

_ROUND = Slot("round", _("巡察轮次"), "record", choose=rounds_of)
_FINDING = Slot("finding", _("对应问题"), "record", choose=findings_of)


def meetings_of(actor: Actor, unit: Unit) -> QuerySet[Meeting]:
    """Return the meetings of *unit* that the actor sees."""
    return visible_meetings(actor).filter(unit=unit)


def measures_of(actor: Actor, unit: Unit) -> QuerySet[Measure]:
    """Return the measures of the findings of *unit* that the actor sees."""
    seen = visible_findings(actor).filter(unit__path__startswith=unit.path).order_by().values("pk")
    return Measure.objects.filter(finding__in=seen, withdrawn_at__isnull=True).order_by("finding__order", "order")


def _in_order(label: str, value: date | None, earliest: date | None, than: str) -> None:
    if value is not None and earliest is not None and value < earliest:
        raise BadValue(label=label, value=value, reason=_now("早于%(than)s") % {"than": than})


def _settle_decision(decision: Decision) -> None:
    decision.round = decision.round or decision.meeting.round
    if decision.meeting.unit_id != decision.unit_id:
        raise BadValue(label=_now("会议"), value=decision.meeting, reason=_now("不属于本单位"))
    if decision.measure is not None:
        if decision.finding is None:
            decision.finding = decision.measure.finding
        if decision.measure.finding_id != decision.finding.pk:
            raise BadValue(label=_now("对应措施"), value=decision.measure, reason=_now("不属于所选问题"))
    if decision.finding is not None and decision.round is None:
        decision.round = decision.finding.round
    _in_order(_now("完成时限"), decision.due_on, decision.meeting.held_on, _now("会议日期"))


def _settle_rule(rule: RuleDocument) -> None:
    _in_order(_now("施行日期"), rule.effective_on, rule.issued_on, _now("印发日期"))
    _in_order(_now("复核日期"), rule.review_on, rule.issued_on, _now("印发日期"))


def _settle_round(entry: Accountability | Recovery) -> None:
    if entry.finding is not None and entry.round is None:
        entry.round = entry.finding.round


def _settle_accountability(entry: Accountability) -> None:
    _settle_round(entry)
    if entry.subject == Accountability.Subject.UNIT:
        entry.position = ""


def _settle_group(group: Group) -> None:
    _in_order(_now("撤销日期"), group.ended_on, group.founded_on, _now("成立日期"))


MEETING: Kind[Meeting] = Kind(
    "meeting",
    Meeting,
    _("会议"),
    (
        Slot("kind", _("会议类别"), "choice", required=True, choices=Meeting.Kind),
        Slot("held_on", _("会议日期"), "day", required=True),
        Slot("no", _("会议编号"), longest=60, help=_("如“第25次”，或会议纪要号。")),
        _ROUND,
        Slot("topics", _("议题"), "lines", longest=4000, required=True, help=_("每行一个议题。")),
        Slot("attendance", _("出席情况"), "lines", longest=2000, help=_("主持、出席、列席、请假人员。")),
    ),
    MANAGE,
    Codes(codes.MEETING_ENTERED, codes.MEETING_CHANGED, codes.MEETING_WITHDRAWN),
    visible_meetings,
)

DECISION: Kind[Decision] = Kind(
    "decision",
    Decision,
    _("议定事项"),
    (
        Slot("meeting", _("会议"), "record", required=True, choose=meetings_of),
        Slot("text", _("议定内容"), "lines", longest=2000, required=True),
        Slot("department", _("责任部门"), "record", choose=departments_of),
        Slot("owner", _("责任人"), "record", choose=people_of),
        Slot("due_on", _("完成时限"), "day"),
        _FINDING,
        Slot("measure", _("对应措施"), "record", choose=measures_of),
        Slot("state", _("落实状态"), "choice", choices=Decision.State, required=True),
    ),
    MANAGE,
    Codes(codes.DECISION_ENTERED, codes.DECISION_CHANGED, codes.DECISION_WITHDRAWN),
    visible_decisions,
    settle=_settle_decision,
    after=decision_given,
)

RULE: Kind[RuleDocument] = Kind(
    "rule",
    RuleDocument,
    _("制度成果"),
    (
        Slot("title", _("制度名称"), required=True),
        Slot("document_no", _("文号"), longest=80, help=_("如“示检发〔2025〕12号”。")),
        Slot("kind", _("类别"), "choice", required=True, choices=RuleDocument.Kind),
        Slot("issued_on", _("印发日期"), "day", required=True),
        Slot("effective_on", _("施行日期"), "day"),
        Slot("review_on", _("复核日期"), "day", help=_("到期提醒主责部门复核是否需要修订。")),
        Slot("department", _("主责部门"), "record", choose=departments_of),
        _ROUND,
        Slot("findings", _("对应问题"), "records", choose=findings_of),
    ),
    MANAGE,
    Codes(codes.RULE_ENTERED, codes.RULE_CHANGED, codes.RULE_WITHDRAWN),
    visible_rules,
    settle=_settle_rule,
)

ACCOUNTABILITY: Kind[Accountability] = Kind(
    "accountability",
    Accountability,
    _("问责"),
    (
        Slot("subject", _("对象"), "choice", required=True, choices=Accountability.Subject),
        Slot("name", _("姓名或单位名称"), longest=120, required=True, restricted=True),
        Slot("position", _("职务"), longest=120, restricted=True),
        Slot("kind", _("方式"), "choice", required=True, choices=Accountability.Kind),
        Slot("degree", _("处分种类"), longest=60, help=_("政务处分、党纪处分时填写，如“警告”“严重警告”。")),
        Slot("decided_on", _("决定日期"), "day", required=True),
        Slot("meeting", _("决定会议"), "record", choose=meetings_of),
        _ROUND,
        _FINDING,
        Slot("basis", _("事实与依据"), "lines", longest=2000, restricted=True),
    ),
    MANAGE,
    Codes(codes.ACCOUNTABILITY_ENTERED, codes.ACCOUNTABILITY_CHANGED, codes.ACCOUNTABILITY_WITHDRAWN),
    visible_accountability,
    settle=_settle_accountability,
)

RECOVERY: Kind[Recovery] = Kind(
    "recovery",
    Recovery,
    _("资金"),
    (
        Slot("kind", _("类别"), "choice", required=True, choices=Recovery.Kind),
        Slot("amount", _("金额（元）"), "money", required=True, help=_("以元为单位，如 125000.50；列表按万元显示。")),
        Slot("recovered_on", _("日期"), "day", required=True),
        _ROUND,
        _FINDING,
        Slot("note", _("说明"), longest=300),
    ),
    MANAGE,
    Codes(codes.RECOVERY_ENTERED, codes.RECOVERY_CHANGED, codes.RECOVERY_WITHDRAWN),
    visible_recoveries,
    settle=_settle_round,
)

GROUP: Kind[Group] = Kind(
    "group",
    Group,
    _("工作小组"),
    (
        Slot("kind", _("类别"), "choice", required=True, choices=Group.Kind),
        Slot("name", _("名称"), longest=120, required=True),
        Slot("document_no", _("成立文号"), longest=80),
        Slot("founded_on", _("成立日期"), "day", required=True),
        Slot("ended_on", _("撤销日期"), "day"),
        _ROUND,
    ),
    MANAGE,
    Codes(codes.GROUP_ENTERED, codes.GROUP_CHANGED, codes.GROUP_WITHDRAWN),
    visible_groups,
    settle=_settle_group,
)

KINDS = (MEETING, DECISION, RULE, ACCOUNTABILITY, RECOVERY, GROUP)
