"""One sheet per problem 一问题一表, and close-out forms 销号表."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.gongwen import Cell, NewPage, OfficialDocument, Paragraph, TableBlock, chinese_day
from zhenggai.reports import codes
from zhenggai.reports.counting import Ledger, Values, base_values, count_values, finding_values
from zhenggai.reports.errors import NothingToReport
from zhenggai.reports.names import many, text
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.vocabulary import BASE, COUNTS, FINDINGS
from zhenggai.reports.scope import Scope
from zhenggai.workflow.models import CloseOut

_WIDTHS = (9, 13, 7, 13)


def _row(label: str, value: str, other: str = "", more: str = "", *, least_mm: int = 0) -> tuple[Cell | str, ...]:
    if other:
        return (Cell(label, heading=True), value, Cell(other, heading=True), more)
    return (Cell(label, heading=True, least_mm=least_mm), Cell(value, columns=3))


_SHEET = TableBlock(
    (
        _row("问题编号", "{{ f.no }}", "所属方面", "{{ f.aspect }}"),
        _row("问题", "{{ f.title }}"),
        _row("具体表现", "{{ f.description }}"),
        _row("整改目标", "{{ f.criteria }}"),
        _row("责任领导", "{{ f.leader }}", "责任人", "{{ f.owner }}"),
        _row("责任部门", "{{ f.department }}", "配合部门", "{{ f.assist }}"),
        _row("整改时限", "{{ f.due }}", "目前状态", "{{ f.status }}"),
        _row("整改措施", "{{ f.measures_text }}"),
        _row("整改进展", "{{ f.progress_text }}"),
        _row("责任领导意见", "", least_mm=26),
        _row("整改办意见", "", least_mm=26),
    ),
    widths=_WIDTHS,
)


def _sheets_paper() -> OfficialDocument:
    return OfficialDocument(
        title=(),
        blocks=(
            Paragraph("{%p for f in findings %}"),
            NewPage(("{{ unit }}", "巡察整改“一问题一表”")),
            _SHEET,
            Paragraph("填表日期：{{ today }}"),
            Paragraph("{%p endfor %}"),
        ),
    )


def _sheets_values(scope: Scope) -> Values:
    ledger = Ledger(scope)
    if not ledger.findings:
        raise NothingToReport(paper=str(SHEETS.label), reason=_now("所选范围内没有问题"))
    return {
        **base_values(scope), **count_values(ledger), "title": "巡察整改“一问题一表”", "findings": finding_values(ledger),
    }  # fmt: skip


SHEETS = Paper(
    codes.SHEETS,
    _("一问题一表"),
    _("每个问题一页：表现、目标、责任、措施、进展和意见栏，供签批和归档。"),
    _("方案与清单"),
    frozenset({"department", "finding"}),
    (*BASE, *COUNTS, FINDINGS),
    _sheets_paper,
    _sheets_values,
    grows=True,
)

_FORM = TableBlock(
    (
        _row("编号", "{{ c.number }}", "销号日期", "{{ c.closed_on }}"),
        _row("巡察轮次", "{{ c.round }}", "问题序号", "{{ c.no }}"),
        _row("问题", "{{ c.title }}"),
        _row("具体表现", "{{ c.description }}"),
        _row("责任领导", "{{ c.leader }}", "责任人", "{{ c.owner }}"),
        _row("责任部门", "{{ c.department }}", "配合部门", "{{ c.assist }}"),
        _row("整改时限", "{{ c.due }}", "是否按期", "{{ c.within }}"),
        _row("整改措施及完成情况", "{{ c.measures_text }}"),
        _row("整改情况", "{{ c.statement }}"),
        _row("销号标准", "{{ c.criteria_text }}"),
        (Cell("{%tr for o in c.opinions %}", columns=4),),
        _row("{{ o.level }}", "{{ o.text }}"),
        (Cell("{%tr endfor %}", columns=4),),
        _row("佐证材料", "{{ c.evidence_text }}"),
        _row("报备", "{{ c.filed_on }}"),
    ),
    widths=_WIDTHS,
)


def _close_out_paper() -> OfficialDocument:
    return OfficialDocument(
        title=(),
        blocks=(
            Paragraph("{%p for c in close_outs %}"),
            NewPage(("{{ unit }}", "巡察整改对账销号表")),
            _FORM,
            Paragraph("依据规则：{{ c.rules }}"),
            Paragraph("{%p endfor %}"),
        ),
    )


def _close_out_values(scope: Scope) -> Values:
    found = CloseOut.objects.filter(finding__in=scope.findings().order_by().values("pk"), revoked_at=None)
    forms = [_form(each) for each in found.select_related("finding").order_by("finding__order", "pk")]
    if not forms:
        raise NothingToReport(paper=str(CLOSE_OUT.label), reason=_now("所选范围内还没有销号的问题"))
    return {**base_values(scope), "title": "巡察整改对账销号表", "close_outs": forms}


def _form(close_out: CloseOut) -> Values:
    form: dict[str, Any] = close_out.form
    within = {None: "未定时限", True: "按期完成", False: "逾期完成"}[close_out.within_deadline]
    return {
        "number": close_out.no, "closed_on": chinese_day(close_out.closed_on), "round": form["round"], "no": form["no"],
        "title": form["title"], "description": form["description"], "leader": form["leader"], "owner": form["owner"],
        "department": form["department"], "assist": "、".join(form["assist"]), "due": form["due"], "within": within,
        "statement": f"{form['statement']}\n{form['submitted_by']}　{_moment(form['submitted_at'])}",
        "measures_text": _numbered([_done(each) for each in form["measures"]]),
        "criteria_text": _numbered([_met(each) for each in form["criteria"]]),
        "evidence_text": _numbered([_evidence(each) for each in form["evidence"]]) or "无",
        "opinions": [_opinion(each) for each in form["opinions"]],
        "rules": form["rules"], "filed_on": chinese_day(close_out.filed_on) or "未报备",
    }  # fmt: skip


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{index}.{line}" for index, line in enumerate(lines, start=1))


def _done(measure: dict[str, Any]) -> str:
    done = f"（{measure['done_on']}完成，{measure['done_by']}）" if measure["done_on"] else ""
    note = f"\n{measure['note']}" if measure["note"] else ""
    return f"{measure['text']}{done}{note}"


def _met(criterion: dict[str, Any]) -> str:
    seen = f"（{criterion['seen']}）" if criterion.get("seen") else ""
    by = f"（{criterion['met_by']}确认，{_moment(criterion['met_at'])}）" if criterion["met_by"] else ""
    return f"{criterion['text']}{by}{seen}"


def _evidence(each: dict[str, Any]) -> str:
    return f"{each['name']}（校验值 {each['sha256'][:16]}）"


def _opinion(opinion: dict[str, Any]) -> Values:
    words = opinion["text"] or ("退回。" if opinion["verdict"] == "return" else "同意。")
    minutes = f"会议纪要号：{opinion['minutes_no']}\n" if opinion["minutes_no"] else ""
    behalf = f"（代{opinion['behalf']}）" if opinion["behalf"] else ""
    department = f"{opinion['department']}：" if opinion["department"] else ""
    return {
        "level": opinion["level"],
        "text": f"{department}{words}\n{minutes}{opinion['by']}{behalf}　{_moment(opinion['at'])}",
    }


def _moment(text: str) -> str:
    if not text:
        return ""
    return chinese_day(timezone.localtime(datetime.fromisoformat(text)).date())


CLOSE_OUT = Paper(
    codes.CLOSE_OUT,
    _("销号表"),
    _("已销号问题的对账销号表：措施、标准、逐级意见和佐证，按销号时的内容打印。"),
    _("方案与清单"),
    frozenset({"department", "finding"}),
    (
        *BASE,
        many(
            "close_outs", "销号单",
            *(text(name, label) for name, label in (
                ("number", "编号"), ("closed_on", "销号日期"), ("round", "巡察轮次"), ("no", "问题序号"), ("title", "问题"),
                ("description", "具体表现"), ("leader", "责任领导"), ("owner", "责任人"), ("department", "责任部门"),
                ("assist", "配合部门"), ("due", "整改时限"), ("within", "是否按期"), ("statement", "整改情况"),
                ("measures_text", "措施及完成情况"), ("criteria_text", "销号标准"), ("evidence_text", "佐证材料"),
                ("rules", "依据规则"), ("filed_on", "报备日期"),
            )),
            many("opinions", "审核意见", text("level", "层级"), text("text", "意见")),
        ),
    ),
    _close_out_paper,
    _close_out_values,
    grows=True,
)  # fmt: skip
