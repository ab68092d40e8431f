"""The registers of this room as data: their fields, who keeps them, and how entries hold together."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.errors import BadValue
from zhenggai.findings.models import InspectionRound
from zhenggai.kit.workdays import add_months
from zhenggai.policy.profile import Policy, shipped_policy
from zhenggai.policy.queries import policy_of
from zhenggai.referrals import codes
from zhenggai.referrals.access import (
    CLUES,
    MANAGE,
    clue_holders,
    visible_carried_over,
    visible_clues,
    visible_commons,
    visible_fixes,
    visible_petitions,
)
from zhenggai.referrals.models import CarriedOver, Clue, Common, ImmediateFix, Petition
from zhenggai.referrals.telling import fix_given, petition_given
from zhenggai.registers.fields import Slot, departments_of, findings_of, people_of, rounds_of
from zhenggai.registers.kinds import Codes, Kind
from zhenggai.workflow.models import Course

CLUE_MONTHS = 3
"""Months within which the handling of a clue is reported back."""
_ROUND = Slot("round", _("巡察轮次"), "record", choose=rounds_of)
_FINDING = Slot("finding", _("对应问题"), "record", choose=findings_of)


def rules_of(round_: InspectionRound | None) -> Policy:
    """Return the rules a round runs by; the shipped ones without a round."""
    course = Course.objects.select_related("profile").filter(round=round_).first() if round_ is not None else None
    return policy_of(course.profile) if course is not None else shipped_policy()


def _hold_order(label: str, day: date | None, earliest: date, than: str) -> None:
    if day is not None and day < earliest:
        raise BadValue(label=label, value=day, reason=_now("早于%(than)s") % {"than": than})


def _settle_fix(fix: ImmediateFix) -> None:
    if fix.finding is not None and fix.round is None:
        fix.round = fix.finding.round
    if fix.due_on is None:
        fix.due_on = fix.issued_on + timedelta(days=rules_of(fix.round).immediate_fix_days)
    _hold_order(_now("整改时限"), fix.due_on, fix.issued_on, _now("下达日期"))
    _hold_order(_now("完成日期"), fix.done_on, fix.issued_on, _now("下达日期"))


def _settle_petition(petition: Petition) -> None:
    if petition.finding is not None and petition.round is None:
        petition.round = petition.finding.round
    for label, day in (
        (_now("办理时限"), petition.due_on),
        (_now("答复日期"), petition.replied_on),
        (_now("办结日期"), petition.closed_on),
    ):
        _hold_order(label, day, petition.received_on, _now("收件日期"))
    if petition.closed_on is not None and not petition.result:
        raise BadValue(label=_now("核查结论"), value="", reason=_now("办结前应有结论"))


def _settle_clue(clue: Clue) -> None:
    if clue.due_on is None:
        clue.due_on = add_months(clue.received_on, CLUE_MONTHS)
    _hold_order(_now("办理时限"), clue.due_on, clue.received_on, _now("接收日期"))
    _hold_order(_now("反馈日期"), clue.reported_on, clue.received_on, _now("接收日期"))


def _settle_carried_over(entry: CarriedOver) -> None:
    entry.round = entry.finding.round
    if entry.earlier_id == entry.finding_id:
        raise BadValue(label=_now("此前问题"), value=entry.finding, reason=_now("不能是问题本身"))
    if entry.earlier is None and not entry.earlier_text:
        raise BadValue(label=_now("此前的表述"), value="", reason=_now("请选择此前问题或写明当时的表述"))


FIX: Kind[ImmediateFix] = Kind(
    "immediate_fix",
    ImmediateFix,
    _("立行立改"),
    (
        Slot("issue", _("问题"), "lines", longest=2000, required=True),
        Slot("notice_no", _("通知书编号"), longest=80),
        Slot("issued_on", _("下达日期"), "day", required=True),
        Slot("due_on", _("整改时限"), "day", help=_("不填按规则参数推算。")),
        Slot("department", _("责任部门"), "record", choose=departments_of),
        Slot("owner", _("责任人"), "record", choose=people_of),
        _ROUND,
        _FINDING,
        Slot("measure", _("整改情况"), "lines", longest=4000),
        Slot("done_on", _("完成日期"), "day"),
        Slot("reply_no", _("回复编号"), longest=80),
    ),
    MANAGE,
    Codes(codes.FIX_ENTERED, codes.FIX_CHANGED, codes.FIX_WITHDRAWN),
    visible_fixes,
    settle=_settle_fix,
    after=fix_given,
)

PETITION: Kind[Petition] = Kind(
    "petition",
    Petition,
    _("交办信访件"),
    (
        Slot("no", _("编号"), longest=60, required=True),
        Slot("kind", _("来件方式"), "choice", required=True, choices=Petition.Kind),
        Slot("topic", _("反映类别"), longest=120, help=_("列表和提醒中可见，不要写姓名和细节。")),
        Slot("received_on", _("收件日期"), "day", required=True),
        Slot("due_on", _("办理时限"), "day", required=True),
        Slot("department", _("承办部门"), "record", choose=departments_of),
        _ROUND,
        _FINDING,
        Slot("target", _("反映对象"), restricted=True),
        Slot(
            "content", _("反映内容"), "lines", longest=4000, restricted=True, help=_("只有登记人员和承办部门可以看。")
        ),
        Slot("result", _("核查结论"), "choice", choices=Petition.Result),
        Slot("result_text", _("办理情况"), "lines", longest=4000, restricted=True),
        Slot("replied_on", _("答复日期"), "day"),
        Slot("closed_on", _("办结日期"), "day"),
    ),
    MANAGE,
    Codes(codes.PETITION_ENTERED, codes.PETITION_CHANGED, codes.PETITION_WITHDRAWN),
    visible_petitions,
    settle=_settle_petition,
    after=petition_given,
)

CLUE: Kind[Clue] = Kind(
    "clue",
    Clue,
    _("问题线索"),
    (
        Slot("no", _("编号"), longest=60, required=True),
        Slot("received_on", _("接收日期"), "day", required=True),
        Slot("source", _("线索来源"), longest=120, restricted=True),
        Slot("level", _("管理层级"), longest=60, restricted=True),
        Slot("authority", _("承办机关"), longest=120, restricted=True),
        Slot("target", _("反映对象"), restricted=True),
        Slot("content", _("线索内容"), "lines", longest=8000, required=True, restricted=True),
        Slot("handling", _("处置方式"), "choice", choices=Clue.Handling, restricted=True),
        Slot("due_on", _("办理时限"), "day", help=_("不填为接收后 3 个月。")),
        Slot("reported_on", _("反馈日期"), "day"),
        Slot("result", _("办理结果"), "lines", longest=4000, restricted=True),
        Slot("discipline", _("处理处分"), longest=120, restricted=True),
    ),
    CLUES,
    Codes(codes.CLUE_ENTERED, codes.CLUE_CHANGED, codes.CLUE_WITHDRAWN),
    visible_clues,
    settle=_settle_clue,
)
READERS = Slot("readers", _("知悉人"), "records", choose=clue_holders)
"""Named apart from the other fields, by an act of their own."""

COMMON: Kind[Common] = Kind(
    "common",
    Common,
    _("共性问题"),
    (
        Slot("no", _("序号"), longest=20),
        Slot("aspect", _("方面")),
        Slot("title", _("共性问题"), longest=500, required=True),
        Slot("description", _("具体表现"), "lines", longest=8000),
        Slot("measures", _("统一措施"), "lines", longest=8000, help=_("每行一项，分发时各单位的问题都带上。")),
        Slot("due_on", _("整改时限"), "day"),
        Slot("round", _("巡察轮次"), "record", required=True, choose=rounds_of),
    ),
    MANAGE,
    Codes(codes.COMMON_ENTERED, codes.COMMON_CHANGED, codes.COMMON_WITHDRAWN),
    visible_commons,
)

CARRIED_OVER: Kind[CarriedOver] = Kind(
    "carried_over",
    CarriedOver,
    _("遗留问题"),
    (
        Slot("finding", _("本轮问题"), "record", required=True, choose=findings_of),
        Slot("source", _("来自"), "choice", required=True, choices=CarriedOver.Source),
        Slot("earlier", _("此前问题"), "record", choose=findings_of, help=_("此前的问题也在台账中时选择。")),
        Slot("earlier_text", _("此前的表述"), longest=500),
        Slot("claimed", _("当时认定的整改情况"), longest=200),
        Slot("cause", _("反复的原因"), "lines", longest=2000),
    ),
    MANAGE,
    Codes(codes.CARRIED_OVER_ENTERED, codes.CARRIED_OVER_CHANGED, codes.CARRIED_OVER_WITHDRAWN),
    visible_carried_over,
    settle=_settle_carried_over,
)

KINDS = (FIX, PETITION, COMMON, CARRIED_OVER, CLUE)
