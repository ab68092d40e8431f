"""Progress reports 进展报告 of a week, a month or the whole stage: one paper, three spans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding
from zhenggai.gongwen import Align, Block, Cell, Heading, OfficialDocument, Paragraph, break_title, chinese_day
from zhenggai.outcomes.access import visible_accountability, visible_meetings, visible_recoveries, visible_rules
from zhenggai.outcomes.models import Accountability
from zhenggai.reports import codes
from zhenggai.reports.counting import (
    Ledger,
    Values,
    aspect_values,
    base_values,
    count_values,
    department_values,
    finding_values,
)
from zhenggai.reports.names import many, number, text
from zhenggai.reports.papers.marks import loop, table_of, when
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.vocabulary import ASPECTS, BASE, COUNTS, DEPARTMENTS, FINDING, FINDINGS
from zhenggai.reports.scope import Scope
from zhenggai.workflow.models import Completion, WorkEntry

SOON_DAYS = {"week": 7, "month": 30, "stage": 30}
_COUNTED = ("方面", "问题数", "已完成", "阶段性完成", "长期坚持", "尚未完成")


def _counted(head: str, label: str, name: str, caption: str) -> Block:
    counts = ("total", "completed", "phased", "long_term", "open")
    cells: tuple[str | Cell, ...] = (name, *(Cell(f"{{{{ x.{key} }}}}", align=Align.CENTER) for key in counts))
    return table_of(head, (label, *_COUNTED[1:]), cells, (10, 4, 4, 5, 4, 4), caption=caption)


def _paper() -> OfficialDocument:
    return OfficialDocument(
        title=("{{ title }}",),
        under_title="（{{ period }}）",
        addressee="{{ inspecting_body }}",
        blocks=(
            Heading(1, "总体进展", "一、"),
            Paragraph("截至{{ today }}，{{ round }}{% if department %}由{{ department }}牵头的{% endif %}{{ status_line }}，完成率{{ completed_rate }}。整改措施{{ measures_total }}条{% if measures_completed %}，已完成{{ measures_completed }}条，占{{ measures_rate }}{% endif %}。"),
            *when("aspects", _counted("x in aspects", "方面", "{{ x.title }}", "表1　各方面整改情况")),
            *when("departments", _counted("x in departments", "责任部门", "{{ x.name }}", "表2　各责任部门整改情况")),
            Heading(1, "本期工作", "二、"),
            Paragraph("{{ period }}，销号问题{{ closed_count }}个，完成整改措施{{ measures_done }}条，填报进展{{ entries_count }}次。"),
            *when("closed", Paragraph("本期销号的问题："), *loop("f in closed", Paragraph("（{{ f.index }}）{{ f.title }}（{{ f.department }}，{{ f.closed_prose }}）。"))),
            *when("entries", Paragraph("主要进展："), *loop("e in entries", Paragraph("（{{ e.index }}）{{ e.title }}：{{ e.text }}"))),
            *when("has_outcomes or meetings_count", Paragraph("整改成效：召开专题会议{{ meetings_count }}次{% if has_outcomes %}，制定修订制度{{ rules_count }}项，问责{{ accountability_persons }}人、{{ accountability_units }}个单位，涉及资金{{ money }}万元{% endif %}。")),
            Heading(1, "存在的问题", "三、"),
            *when("late_findings", Paragraph("超过时限尚未完成的问题{{ late }}个："), *loop("f in late_findings", Paragraph("（{{ f.index }}）{{ f.title }}（{{ f.department }}，时限{{ f.due_prose or '未定' }}）。"))),
            *when("not late_findings", Paragraph("没有超过时限的问题。")),
            Heading(1, "下一步工作", "四、"),
            *when("soon", Paragraph("{{ soon_words }}到期的问题{{ soon_count }}个："), *loop("f in soon", Paragraph("（{{ f.index }}）{{ f.title }}（{{ f.department }}，时限{{ f.due_prose or '未定' }}）。"))),
            Paragraph("继续对照清单逐项推进，紧盯尚未完成的{{ open }}个问题，严格审核把关，适时开展回头看，巩固整改成果。"),
        ),
        signature=("{{ signature }}",),
        signed_on="{{ today }}",
    )  # fmt: skip


def _values(span: str, label: str) -> Callable[[Scope], Values]:
    def values(scope: Scope) -> Values:
        ledger = Ledger(scope)
        soon_days = SOON_DAYS[span]
        limit = scope.today + timedelta(days=soon_days)
        late = [finding for finding in ledger.findings if ledger.is_late(finding)]
        soon = [finding for finding in ledger.findings if _is_soon(ledger, finding, limit)]
        closed = [finding for finding in ledger.findings if _within(scope, finding)]
        departments = [] if scope.department else department_values(ledger)
        return {
            **base_values(scope), **count_values(ledger), **_work(scope), **outcome_values(scope),
            "title": "\n".join(break_title(f"{scope.unit.name}巡察整改工作{label}")),
            "aspects": aspect_values(ledger), "departments": departments, "findings": finding_values(ledger),
            "closed": finding_values(ledger, closed), "closed_count": len(closed),
            "late_findings": finding_values(ledger, late), "soon": finding_values(ledger, soon),
            "soon_count": len(soon), "soon_words": f"今后{soon_days}日内",
        }  # fmt: skip

    return values


def _is_soon(ledger: Ledger, finding: Finding, limit: date) -> bool:
    if finding.due_on is None or ledger.is_late(finding) or ledger.standing(finding) in ("completed", "long_term"):
        return False
    return finding.due_on <= limit


def _within(scope: Scope, finding: Finding) -> bool:
    day = finding.closed_on
    return day is not None and (scope.since is None or scope.until is None or scope.since <= day <= scope.until)


def _work(scope: Scope) -> Values:
    keys = scope.findings().order_by().values("pk")
    done = Completion.objects.filter(scope.period("done_on"), measure__finding__in=keys, withdrawn_at=None)
    told = WorkEntry.objects.filter(scope.period("done_on"), finding__in=keys, withdrawn_at=None)
    entries = [
        {
            "index": index,
            "title": entry.finding.title,
            "text": entry.text,
            "done_on": chinese_day(entry.done_on),
            "by": entry.by.name,
        }
        for index, entry in enumerate(
            told.select_related("finding", "by").order_by("finding__order", "done_on", "pk")[:200], start=1
        )
    ]
    return {"measures_done": done.count(), "entries_count": told.count(), "entries": entries}


def outcome_values(scope: Scope) -> Values:
    """Return what came out in the period, of the body; a report of one department leaves it to the whole."""
    actor, unit = scope.actor, scope.unit
    held_meetings = visible_meetings(actor).filter(scope.period("held_on"), unit=unit)
    meetings = held_meetings.count() if scope.department is None else 0
    rules = list(visible_rules(actor).filter(scope.period("issued_on"), unit=unit).order_by("issued_on", "pk"))
    held = visible_accountability(actor).filter(scope.period("decided_on"), unit=unit)
    persons = held.filter(subject=Accountability.Subject.PERSON).count()
    units = held.filter(subject=Accountability.Subject.UNIT).count()
    money = (
        visible_recoveries(actor).filter(scope.period("recovered_on"), unit=unit).aggregate(sum=Sum("amount"))["sum"]
    )
    amount = (money or Decimal(0)) / 10_000
    shown = scope.department is None and bool(rules or persons or units or money)
    return {
        "has_outcomes": shown, "meetings_count": meetings, "rules_count": len(rules),
        "rules": [{"title": rule.title, "document_no": rule.document_no, "kind": str(rule.get_kind_display())} for rule in rules],
        "accountability_persons": persons, "accountability_units": units, "money": f"{amount:.2f}",
    }  # fmt: skip


OUTCOMES = (
    number("meetings_count", "本期会议次数"), number("rules_count", "本期制定修订废止的制度数"),
    many("rules", "制度", text("title", "名称"), text("document_no", "文号"), text("kind", "类别")),
    number("accountability_persons", "本期问责人数"), number("accountability_units", "本期问责单位数"), text("money", "本期涉及资金（万元）", "202.60"),
)  # fmt: skip
_NAMES = (
    *BASE, *COUNTS, ASPECTS, DEPARTMENTS, FINDINGS, *OUTCOMES,
    many("closed", "本期销号的问题", *FINDING), number("closed_count", "本期销号数"), number("measures_done", "本期完成的措施数"),
    number("entries_count", "本期填报进展次数"),
    many("entries", "本期填报的进展", number("index", "序号", 1), text("title", "问题"), text("text", "进展"), text("done_on", "日期"), text("by", "填报人")),
    many("late_findings", "超过时限的问题", *FINDING), many("soon", "临近时限的问题", *FINDING), number("soon_count", "临近时限的问题数"),
    text("soon_words", "临近时限的天数", "今后7日内"), number("has_outcomes", "本期是否有成效", 1),
)  # fmt: skip


def _of(code: str, label: str | Promise, about: str | Promise, span: str, title: str) -> Paper:
    return Paper(
        code, label, about, _("进展报告"), frozenset({"department", "period"}), _NAMES, _paper, _values(span, title), span,
    )  # fmt: skip


WEEKLY = _of(
    codes.WEEKLY, _("周报告"), _("一周的销号、措施、进展、超期和下周到期，数字由台账计算。"), "week", "周进展报告"
)
MONTHLY = _of(codes.MONTHLY, _("月报告"), _("一个月的整改进展，按方面和责任部门列表。"), "month", "月进展报告")
STAGE = _of(
    codes.STAGE,
    _("阶段报告"),
    _("自反馈之日或所选期间以来的整改进展情况报告，期满报送用。"),
    "stage",
    "阶段进展情况的报告",
)
