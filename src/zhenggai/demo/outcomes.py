"""Meetings, rules, accountability, money and groups of the invented organisation, through the same acts as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.outcomes.actions import add_member, follow_up, note_use
from zhenggai.outcomes.kinds import ACCOUNTABILITY, DECISION, GROUP, MEETING, RECOVERY, RULE
from zhenggai.outcomes.models import Meeting
from zhenggai.people.models import Unit, User
from zhenggai.registers.actions import create_entry

MEETINGS = (
    ("party_group", "第21次", "2024-07-22", "传达巡察反馈意见\n研究整改工作方案起草分工"),
    ("party_group", "第22次", "2024-08-12", "审议巡察整改工作方案和三张清单"),
    ("leading_group", "第1次", "2024-08-26", "启动集中整改，明确周调度、月汇报"),
    ("democratic_life", "2024年度", "2024-09-24", "巡察整改专题民主生活会"),
    ("administration", "第9次", "2024-10-10", "调度信访、救助、听证类问题整改"),
    ("party_group", "第25次", "2024-10-21", "听取基层院检察长述责述职\n审议公务用车管理办法"),
    ("chief_office", "第4次", "2024-11-06", "通报执法督察情况\n研究司法责任追究建议"),
    ("supervision", "第1次", "2024-11-18", "中期督导，逐项核对进度和佐证"),
    ("party_group", "第27次", "2024-11-25", "审议固定资产清查报告"),
    ("administration", "第11次", "2024-12-09", "督办临期事项"),
    ("chief_office", "第5次", "2024-12-23", "审议案件质量评查通报"),
    ("party_group", "第29次", "2025-01-06", "审议集中整改进展情况报告"),
    ("party_group", "第30次", "2025-01-13", "部署持续整改和回头看"),
)
DECISIONS = (
    ("第22次", "每周五下班前由各部门更新台账，整改办周一通报", "办公室", "2024-08-30", "35", True),
    ("第25次", "公务用车管理办法修改后印发执行，派车审批上网留痕", "机关服务中心", "2024-11-15", "28", True),
    ("第4次", "对久拖不决案件逐案列出清结时间表", "案件管理办公室", "2024-12-10", "14", True),
    ("第27次", "未入账资产两个月内补登，无权证房产专人办证", "计财装备处", "2025-01-31", "25", False),
    ("第30次", "把整改中行之有效的做法固定为制度，列出修订计划", "法律政策研究室", None, "", False),
)
RULES = (
    ("党组理论学习中心组学习规则", "revised", "2024-08-30", "机关党委", ("5",)),
    ("巡察整改台账管理和销号办法", "new", "2024-09-03", "办公室", ("1",)),
    ("公务用车管理办法", "revised", "2024-10-28", "机关服务中心", ("28",)),
    ("固定资产登记和清查规程", "new", "2024-11-12", "计财装备处", ("25",)),
    ("涉案财物出入库和处置时限规定", "revised", "2024-11-20", "案件管理办公室", ("26",)),
    ("案件质量常态化检查实施细则", "new", "2024-11-29", "案件管理办公室", ("13", "14")),
    ("检察听证工作指引", "revised", "2024-12-05", "控告申诉检察部", ("18",)),
    ("司法救助金内部参考标准", "new", "2024-12-12", "控告申诉检察部", ("17",)),
    ("招标采购联合评审规定", "new", "2024-12-18", "计财装备处", ("27",)),
    ("检察长办公会议事规则", "revised", "2024-12-27", "办公室", ("31",)),
    ("原接待费用审批暂行规定", "abolished", "2024-12-30", "计财装备处", ("24",)),
)
# Kind and invented people: 3 + 2 + 8.
PERSONS = (
    ("admonition", "韦克明", "业务部门副主任"), ("admonition", "祁立", "检察官"), ("admonition", "邹宁", "检察官"),
    ("criticism", "施磊", "检察官助理"), ("criticism", "柯雨", "检察官助理"),
    ("talk_reminder", "方舟", "检察官"), ("talk_reminder", "尹涛", "检察官"), ("talk_reminder", "冼佳", "书记员"),
    ("talk_reminder", "蓝天宇", "检察官"), ("talk_reminder", "卞峰", "干部"), ("talk_reminder", "姬昌", "干部"),
    ("talk_reminder", "戚安", "检察官助理"), ("talk_reminder", "岑参军", "检察官"),
)  # fmt: skip
MONEY = (
    ("loss_averted", "30000000.00", "2024-12-20", "19", "非法集资类案件检察环节追赃挽损"),
    ("recovered", "126800.00", "2024-11-08", "24", "追缴违规发放补助"),
    ("rebooked", "2384500.00", "2024-11-27", "25", "补登固定资产"),
    ("returned_to_source", "45210.50", "2024-12-02", "26", "无关财物返还"),
)
LEADING = (
    ("chief", "head", "党组书记、检察长"), ("deputy", "executive_deputy", "党组副书记、常务副检察长"),
    ("leader", "deputy", "副检察长"), ("office", "member", "办公室主任"), ("head", "member", "计财装备处处长"),
    ("xiangnan", "member", "政治部副主任"), ("jiangliu", "member", "控告申诉检察部主任"),
)  # fmt: skip
SUPERVISION = (("supervision", "head", "督促工作领导小组组长"), ("discipline", "deputy", "驻院纪检监察组副组长"))


def load_outcomes(body: Unit, say: Callable[[str], None]) -> None:
    """Keep what came about in the demo's round, unless something is kept already."""
    round_ = InspectionRound.objects.filter(unit=body).order_by("-feedback_on").first()
    if round_ is None or Meeting.objects.filter(unit=body).exists():
        return
    clerk = User.objects.get(username="office")
    findings = {finding.no: finding for finding in Finding.objects.filter(round=round_)}
    units = {unit.name: unit for unit in Unit.objects.filter(parent=body)}
    meetings = _meetings(body, clerk, round_, findings, units)
    for place, (title, kind, issued, department, numbers) in enumerate(RULES, start=31):
        rule = create_entry(
            RULE,
            body,
            {
                "title": title, "kind": kind, "issued_on": issued, "effective_on": issued,
                "document_no": f"示检发〔2024〕{place}号", "round": round_,
                "department": units[department], "review_on": f"{int(issued[:4]) + 2}{issued[4:]}",
                "findings": [findings[no] for no in numbers if no in findings],
            },
            actor=clerk,
        )  # fmt: skip
        if department == "案件管理办公室":
            note_use(rule, "据此开展季度检查，发现问题逐案整改", actor=clerk, used_on=date(2025, 1, 8))
    for kind, name, position in PERSONS:
        values = {"subject": "person", "name": name, "position": position, "kind": kind, "decided_on": "2024-11-06"}
        create_entry(
            ACCOUNTABILITY,
            body,
            values | {"meeting": meetings["第4次"], "finding": findings.get("35"), "round": round_},
            actor=clerk,
        )
    unit_held = {"subject": "unit", "name": "普通犯罪检察部", "kind": "written_review", "decided_on": "2024-11-06"}
    create_entry(ACCOUNTABILITY, body, unit_held | {"finding": findings.get("14"), "round": round_}, actor=clerk)
    for kind, amount, day, number, note in MONEY:
        sums = {"kind": kind, "amount": amount, "recovered_on": day, "note": note}
        create_entry(RECOVERY, body, sums | {"finding": findings.get(number), "round": round_}, actor=clerk)
    _groups(body, clerk, round_)
    say(f"成效：会议 {len(MEETINGS)} 次，制度 {len(RULES)} 项，问责 {len(PERSONS)} 人 1 个单位，资金 {len(MONEY)} 笔。")


def _meetings(
    body: Unit, clerk: User, round_: InspectionRound, findings: dict[str, Finding], units: dict[str, Unit]
) -> dict[str, Meeting]:
    meetings: dict[str, Meeting] = {}
    for kind, no, day, topics in MEETINGS:
        values = {"kind": kind, "no": no, "held_on": day, "topics": topics, "round": round_}
        made = create_entry(MEETING, body, values | {"attendance": "应到 9 人，实到 9 人"}, actor=clerk)
        meetings.setdefault(no, made)
    for no, text, department, due, number, done in DECISIONS:
        decision = create_entry(
            DECISION,
            body,
            {
                "meeting": meetings[no], "text": text, "department": units[department], "due_on": due,
                "finding": findings.get(number),
            },
            actor=clerk,
        )  # fmt: skip
        if done:
            follow_up(decision, "已按要求办理并报整改办备查", actor=clerk, done_on=date(2024, 12, 20), done=True)
    return meetings


def _groups(body: Unit, clerk: User, round_: InspectionRound) -> None:
    declared = (
        ("leading", "巡察整改工作领导小组", "示检党组〔2024〕15号", LEADING),
        ("supervision", "巡察整改督促工作领导小组", "示检党组〔2024〕16号", SUPERVISION),
    )
    for kind, name, no, members in declared:
        values = {"kind": kind, "name": name, "document_no": no, "founded_on": "2024-07-25", "round": round_}
        group = create_entry(GROUP, body, values, actor=clerk)
        for username, role, post in members:
            person = User.objects.filter(username=username).first()
            if person is not None:
                add_member(group, person, actor=clerk, role=role, post_text=post, since=date(2024, 7, 25))
