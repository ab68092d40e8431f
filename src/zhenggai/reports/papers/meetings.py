"""Minutes of a meeting 会议纪要, and the papers laid before one 议题材料."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.gongwen import Heading, OfficialDocument, Paragraph, break_title, chinese_day, numbered
from zhenggai.outcomes.access import visible_decisions
from zhenggai.outcomes.models import Meeting
from zhenggai.reports import codes
from zhenggai.reports.counting import Ledger, Values, base_values, count_values, due_words, finding_values
from zhenggai.reports.errors import NothingToReport
from zhenggai.reports.names import many, number, text
from zhenggai.reports.papers.marks import loop, table_of, when
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.vocabulary import BASE, COUNTS, FINDING
from zhenggai.reports.scope import Scope
from zhenggai.workflow.models import Extension, Submission


def _minutes_paper() -> OfficialDocument:
    return OfficialDocument(
        title=("{{ title }}",),
        under_title="（{{ no }}）",
        blocks=(
            Paragraph("{{ held_on }}，{{ unit }}召开{{ kind }}，研究巡察整改工作。现纪要如下。"),
            Heading(1, "会议议题", "一、"),
            *loop("t in topics", Heading(2, "{{ t.text }}", "{{ t.number }}")),
            Heading(1, "议定事项", "二、"),
            *when("decisions", *loop("d in decisions", Heading(2, "{{ d.text }}{% if d.department %}责任部门：{{ d.department }}。{% endif %}{% if d.owner %}责任人：{{ d.owner }}。{% endif %}{% if d.due %}时限：{{ d.due }}。{% endif %}", "{{ d.number }}"))),
            *when("not decisions", Paragraph("本次会议没有登记议定事项。")),
            *when("attendance", Heading(1, "出席人员", "三、"), Paragraph("{{ attendance }}")),
        ),
        signature=("{{ signature }}",),
        signed_on="{{ held_on }}",
    )  # fmt: skip


def _minutes_values(scope: Scope) -> Values:
    meeting = scope.meeting
    if meeting is None:
        raise NothingToReport(paper=str(MINUTES.label), reason=_now("没有登记过会议"))
    decisions = (
        visible_decisions(scope.actor).filter(meeting=meeting).select_related("department", "owner").order_by("pk")
    )
    return {
        **base_values(scope),
        "title": "\n".join(break_title(f"{scope.unit.name}{_of_kind(meeting)}会议纪要")),
        "kind": str(meeting.get_kind_display()), "no": meeting.no or chinese_day(meeting.held_on),
        "held_on": chinese_day(meeting.held_on),
        "topics": [{"index": n, "number": numbered(2, n), "text": _stop(line)} for n, line in enumerate(_lines(meeting.topics), start=1)],
        "attendance": _stop("、".join(_lines(meeting.attendance))) if meeting.attendance.strip() else "",
        "decisions": [
            {
                "index": n, "number": numbered(2, n), "text": _stop(each.text), "department": each.department.name if each.department else "",
                "owner": each.owner.name if each.owner else "", "due": chinese_day(each.due_on), "state": str(each.get_state_display()),
            }
            for n, each in enumerate(decisions, start=1)
        ],
    }  # fmt: skip


def _of_kind(meeting: Meeting) -> str:
    """Return the kind of a meeting as it stands before 会议纪要."""
    label = str(meeting.get_kind_display())
    return label.removesuffix("会议") if label.endswith("会议") else label.removesuffix("会")


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.split("\n") if line.strip()]


def _stop(words: str) -> str:
    """Return *words* as a sentence that ends."""
    flat = " ".join(_lines(words))
    return flat if not flat or flat.endswith(("。", "！", "？")) else flat.rstrip("；;，,、.") + "。"


MINUTES = Paper(
    codes.MINUTES,
    _("会议纪要"),
    _("登记过的整改会议的纪要：议题、议定事项及其责任部门、责任人和时限。"),
    _("会议与函件"),
    frozenset({"meeting"}),
    (
        *BASE, text("kind", "会议类型", "党组会"), text("no", "次数或编号，没有时为日期", "第3次"), text("held_on", "召开日期", "2025年1月6日"),
        many("topics", "议题", number("index", "序号", 1), text("number", "层次序号", "（一）"), text("text", "议题")), text("attendance", "出席人员", "周明远、林知远。"),
        many("decisions", "议定事项", number("index", "序号", 1), text("number", "层次序号", "（一）"), text("text", "内容"), text("department", "责任部门"), text("owner", "责任人"),
             text("due", "时限", "2025年2月28日"), text("state", "落实情况")),
    ),
    _minutes_paper,
    _minutes_values,
)  # fmt: skip


def _agenda_paper() -> OfficialDocument:
    return OfficialDocument(
        title=("{{ title }}",),
        under_title="（{{ today }}）",
        blocks=(
            Heading(1, "整改总体情况", "一、"),
            Paragraph("截至{{ today }}，{{ status_line }}，完成率{{ completed_rate }}。整改措施{{ measures_total }}条{% if measures_completed %}，已完成{{ measures_completed }}条{% endif %}。"),
            Heading(1, "提请审议事项", "二、"),
            *when("submissions", Paragraph("以下{{ submissions|length }}个问题已提交审核，提请审议："),
                table_of("s in submissions", ("序号", "问题", "责任部门", "申请事项", "整改情况"),
                         ("{{ s.index }}", "{{ s.title }}", "{{ s.department }}", "{{ s.outcome }}", "{{ s.statement }}"), (5, 20, 11, 11, 36), small=True)),
            *when("not submissions", Paragraph("没有等待审核的问题。")),
            *when("extensions", Paragraph("以下{{ extensions|length }}个问题申请延期，提请审议："),
                table_of("e in extensions", ("序号", "问题", "原时限", "申请延至", "理由"),
                         ("{{ e.index }}", "{{ e.title }}", "{{ e.since }}", "{{ e.until }}", "{{ e.reason }}"), (5, 24, 11, 11, 32), small=True)),
            Heading(1, "需要会议推动的问题", "三、"),
            *when("late_findings", Paragraph("超过时限尚未完成的问题{{ late }}个："),
                *loop("f in late_findings", Paragraph("（{{ f.index }}）{{ f.title }}（{{ f.department }}，时限{{ f.due_prose or '未定' }}）。"))),
            *when("not late_findings", Paragraph("没有超过时限的问题。")),
        ),
        signature=("{{ signature }}",),
        signed_on="{{ today }}",
    )  # fmt: skip


def _agenda_values(scope: Scope) -> Values:
    ledger = Ledger(scope)
    keys = [finding.pk for finding in ledger.findings]
    waiting = Submission.objects.filter(finding__in=keys, state=Submission.State.OPEN).select_related(
        "finding__department"
    )
    asked = Extension.objects.filter(finding__in=keys, state=Extension.State.OPEN).select_related("finding")
    late = [finding for finding in ledger.findings if ledger.is_late(finding)]
    return {
        **base_values(scope), **count_values(ledger), "title": "\n".join(break_title("关于提请审议巡察整改有关事项的材料")),
        "submissions": [
            {
                "index": n, "title": each.finding.title, "outcome": str(each.get_outcome_display()), "statement": each.statement,
                "department": each.finding.department.name if each.finding.department else "",
            }
            for n, each in enumerate(waiting.order_by("finding__order", "pk"), start=1)
        ],
        "extensions": [
            {
                "index": n, "title": each.finding.title, "since": due_words(each.from_due_on, ""), "until": each.to_due_on.isoformat(),
                "reason": each.reason,
            }
            for n, each in enumerate(asked.order_by("finding__order", "pk"), start=1)
        ],
        "late_findings": finding_values(ledger, late),
    }  # fmt: skip


AGENDA = Paper(
    codes.AGENDA,
    _("议题材料"),
    _("提交领导小组会的材料：总体情况、待审议的销号和延期、需要会议推动的超期问题。"),
    _("会议与函件"),
    frozenset({"department"}),
    (
        *BASE, *COUNTS,
        many("submissions", "等待审核的问题", number("index", "序号", 1), text("title", "问题"), text("outcome", "申请事项"), text("statement", "整改情况"), text("department", "责任部门")),
        many("extensions", "待审批的延期", number("index", "序号", 1), text("title", "问题"), text("since", "原时限"), text("until", "申请延至"), text("reason", "理由")),
        many("late_findings", "超过时限的问题", *FINDING),
    ),
    _agenda_paper,
    _agenda_values,
)  # fmt: skip
