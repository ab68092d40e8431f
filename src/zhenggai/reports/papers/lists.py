"""The three lists 问题清单、任务清单、责任清单, and the rectification plan 整改方案 that holds them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhenggai.gongwen import (
    Annex,
    Block,
    Heading,
    NewPage,
    OfficialDocument,
    Orientation,
    Paragraph,
    break_title,
    chinese_day,
)
from zhenggai.outcomes.access import visible_groups
from zhenggai.outcomes.models import Group, Member
from zhenggai.policy.queries import work_calendar
from zhenggai.reports import codes
from zhenggai.reports.counting import (
    Ledger,
    Values,
    aspect_values,
    base_values,
    count_values,
    finding_values,
    task_values,
)
from zhenggai.reports.names import many, text
from zhenggai.reports.papers.marks import loop, table_of, when
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.vocabulary import ASPECTS, BASE, COUNTS, FINDINGS, TASKS
from zhenggai.reports.scope import Scope
from zhenggai.workflow.rules import clock_of, course_of

_PROBLEMS = table_of(
    "f in findings",
    ("序号", "方面", "问题", "具体表现", "整改目标"),
    ("{{ f.no }}", "{{ f.aspect }}", "{{ f.title }}", "{{ f.description }}", "{{ f.criteria }}"),
    (6, 16, 30, 46, 26), small=True,
)  # fmt: skip
_TASKS = table_of(
    "m in tasks",
    ("序号", "问题", "整改措施", "性质", "完成标准", "整改时限"),
    ("{{ m.index }}", "{{ m.title }}", "{{ m.text }}", "{{ m.nature }}", "{{ m.criterion }}", "{{ m.due }}"),
    (6, 28, 48, 10, 28, 14), small=True,
)  # fmt: skip
_DUTIES = table_of(
    "m in tasks",
    ("序号", "问题", "整改措施", "责任领导", "责任部门", "配合部门", "责任人", "整改时限"),
    ("{{ m.index }}", "{{ m.title }}", "{{ m.text }}", "{{ m.leader }}", "{{ m.department }}", "{{ m.assist }}", "{{ m.owner }}", "{{ m.due }}"),
    (6, 26, 38, 11, 15, 15, 11, 14), small=True,
)  # fmt: skip


def _lists_paper() -> OfficialDocument:
    return OfficialDocument(
        title=("{{ unit }}", "巡察整改问题清单"),
        under_title="（{{ today }}）",
        blocks=(
            _PROBLEMS,
            NewPage(("{{ unit }}", "巡察整改任务清单")), _TASKS,
            NewPage(("{{ unit }}", "巡察整改责任清单")), _DUTIES,
        ),
        orientation=Orientation.LANDSCAPE,
    )  # fmt: skip


def _lists_values(scope: Scope) -> Values:
    ledger = Ledger(scope)
    findings = finding_values(ledger)
    return {
        **base_values(scope), **count_values(ledger), "title": "巡察整改三张清单", "findings": findings,
        "tasks": task_values(findings),
    }  # fmt: skip


LISTS = Paper(
    codes.LISTS,
    _("问题清单、任务清单、责任清单"),
    _("从同一份台账生成的三张清单，可打印上会，也可导出 Excel 修改后导回。"),
    _("方案与清单"),
    frozenset({"department"}),
    (*BASE, *COUNTS, FINDINGS, TASKS),
    _lists_paper,
    _lists_values,
    has_workbook=True,
    grows=True,
)


def _plan_paper() -> OfficialDocument:
    aspects: tuple[Block, ...] = loop(
        "a in aspects",
        Heading(2, "{{ a.title }}", "{{ a.number2 }}"),
        *loop(
            "f in a.findings",
            Heading(3, "{{ f.title }}", "{{ f.index }}."),
            *when("f.criteria", Paragraph("整改目标：{{ f.criteria }}")),
            *loop("m in f.measures", Paragraph("（{{ m.no }}）{{ m.text }}")),
            Paragraph("责任领导：{{ f.leader or '待定' }}；责任部门：{{ f.department or '待定' }}{% if f.assist %}；配合部门：{{ f.assist }}{% endif %}；责任人：{{ f.owner or '待定' }}；整改时限：{{ f.due_prose or '待定' }}。"),
        ),
    )  # fmt: skip
    return OfficialDocument(
        title=("{{ title }}",),
        addressee="{{ inspecting_body }}",
        blocks=(
            Paragraph("{{ feedback_on }}，{{ inspecting_body }}向{{ unit }}反馈了巡察意见。为落实整改主体责任，逐项整改反馈的问题，制定本方案。"),
            Heading(1, "总体要求", "一、"),
            Paragraph("反馈意见指出{{ aspects|length }}个方面{{ total }}个问题，制定整改措施{{ measures_total }}条。坚持当下改与长久立相结合，问题不解决不放过、标准不达到不销号，切实把整改成果转化为治理效能。"),
            *when("period_ends_on", Paragraph("集中整改期至{{ period_ends_on }}。集中整改期满后，{{ report_due_on }}前报送整改进展情况报告和主要负责人组织落实情况报告。")),
            Heading(1, "组织领导", "二、"),
            *when("groups", *loop("g in groups", Paragraph("{{ g.name }}：{{ g.members_text }}。"))),
            Paragraph("党组书记是整改第一责任人，班子成员对分管部门、分管条线的整改负责，各责任部门具体落实；督促工作与整改工作分开，办理人不核验自己办理的事项。"),
            Heading(1, "整改任务", "三、"),
            *aspects,
            Heading(1, "工作要求", "四、"),
            Paragraph("各责任部门逐条落实措施，按时填报进展，每条措施至少附一份佐证材料；领导小组办公室定期调度，临期提醒、逾期督办；完成整改的按规定逐级审核后销号，销号后适时开展回头看，防止反弹回潮。"),
        ),
        attachments=("问题清单", "任务清单", "责任清单"),
        signature=("{{ unit }}党组",),
        signed_on="{{ today }}",
        annexes=(
            Annex(("问题清单",), (_PROBLEMS,), "附件1", Orientation.LANDSCAPE),
            Annex(("任务清单",), (_TASKS,), "附件2", Orientation.LANDSCAPE),
            Annex(("责任清单",), (_DUTIES,), "附件3", Orientation.LANDSCAPE),
        ),
    )  # fmt: skip


def _plan_values(scope: Scope) -> Values:
    ledger = Ledger(scope)
    findings, aspects = finding_values(ledger), aspect_values(ledger)
    for aspect in aspects:
        aspect["number2"] = f"（{aspect['number'].rstrip('、')}）"
    rules = course_of(scope.round)
    clock = clock_of(scope.round, rules.policy, work_calendar())
    title = f"{scope.unit.name}党组关于{scope.round.inspecting_body or '巡察组'}反馈意见的整改方案"
    return {
        **base_values(scope), **count_values(ledger), "title": "\n".join(break_title(title)), "findings": findings,
        "tasks": task_values(findings), "aspects": aspects, "groups": group_values(scope),
        "period_ends_on": chinese_day(clock.period_ends_on), "report_due_on": chinese_day(clock.report_due_on),
    }  # fmt: skip


def group_values(scope: Scope) -> list[Values]:
    """Return the groups of the body that still work, with their members by role."""
    groups = visible_groups(scope.actor).filter(unit=scope.unit, ended_on=None).prefetch_related("members__user")
    return [_group(group) for group in groups.order_by("kind", "pk")]


def _group(group: Group) -> Values:
    parts = []
    for role in Member.Role:
        names = [member.user.name for member in group.members.all() if member.role == role and member.until is None]
        if names:
            parts.append(f"{role.label}{'、'.join(names)}")
    return {"name": group.name, "members_text": "，".join(parts) or "成员待定"}


_ASPECTS2 = many("aspects", "方面", *ASPECTS.parts, text("number2", "第二层序号", "（一）"))
PLAN = Paper(
    codes.PLAN,
    _("整改方案"),
    _("报巡察机构的整改方案：总体要求、组织领导、逐项任务和工作要求，附三张清单。"),
    _("方案与清单"),
    frozenset(),
    (
        *BASE, *COUNTS, FINDINGS, TASKS, _ASPECTS2, many("groups", "工作小组", text("name", "名称"), text("members_text", "成员")),
        text("period_ends_on", "集中整改期最后一天", "2025年1月18日"), text("report_due_on", "报告报送期限", "2025年1月28日"),
    ),
    _plan_paper,
    _plan_values,
    has_workbook=True,
    grows=True,
)  # fmt: skip
