"""What kind of paper it is, from its title, its words and what was found in it."""

from __future__ import annotations

import re

from zhenggai.docparse.draft import DraftFinding
from zhenggai.docparse.understand.lexicon import REGULATION_RE
from zhenggai.docparse.understand.nodes import Roles
from zhenggai.docparse.understand.view import View

_TRADE_RE = re.compile(
    r"整改|巡察|巡视|审计|督察|反馈|自查|检查|台账|销号|督查|评估|查摆|检视|排查|查找|(?:民主|组织)生活会|问题清单"
)
_TITLES: tuple[tuple[str, str], ...] = (
    ("audit_report", r"审计(?:查出|发现|指出|整改)|审计(?!局|厅|署|处|科|办|部|系统)[^。\n]{0,20}整改"),
    ("environment_plan", r"(?:环境|环保)[^。\n]{0,10}督察"),
    (
        "progress_notice",
        r"整改(?!方案|台账|清单)[^。\n]{0,14}(?:情况|进展)[^。\n]{0,6}(?:通报|公示|公告|公开|函|报告|说明)",
    ),
    ("plan", r"(?:整改|工作|实施|落实)[^。]{0,8}方案|整改任务分解|责任清单"),
    ("self_examination", r"自查|自检|自评|对照检查|检视|查摆"),
    ("ledger", r"台账|台帐|清单|一览表|汇总表|登记表|销号"),
    ("progress_notice", r"整改[^。]{0,14}(?:情况|进展)|进展情况的通报|整改.{0,6}(?:通报|报告|公示)"),
    ("feedback", r"反馈"),
)


_LEDGER_TITLE_RE = re.compile(
    r"台账|台帐|(?:问题|整改|销号|任务)[^。\n]{0,4}清单|一览表|汇总表|登记表|分解表|任务表|进度表"
)


def head_of(view: View) -> str:
    """Return the folded first lines of the paper, titles and table names included."""
    lines = []
    for paragraph in view.paragraphs[:12]:
        if paragraph.table >= 0:
            table = view.tables[paragraph.table]
            lines.append(table.name)
            lines.extend(view.norm[cell.start : cell.end][:60] for cell in table.cells if cell.row == 0)
        elif paragraph.end - paragraph.start <= 90:
            lines.append(view.norm[paragraph.start : paragraph.end].strip())
    return "\n".join(lines)


def title_of(view: View) -> str:
    """Return the folded lines before the first sentence: the paper's title, and the names of its tables."""
    lines = []
    for paragraph in view.paragraphs[:7]:
        if paragraph.table >= 0:
            table = view.tables[paragraph.table]
            lines.append(table.name)
            top = [cell for cell in table.cells if cell.row == 0]
            lines.extend(view.norm[cell.start : cell.end][:60] for cell in top if len(top) <= 2 or cell.column_span > 2)
            break
        text = view.norm[paragraph.start : paragraph.end].strip()
        if len(text) > 70 or "。" in text or ("," in text and text.endswith(":")):
            break
        lines.append(text)
    return "\n".join(lines)


def is_regulation(view: View) -> bool:
    """Tell whether the paper is a rule text in articles."""
    articles = sum(
        1 for paragraph in view.paragraphs if REGULATION_RE.match(view.norm, paragraph.start, paragraph.start + 12)
    )
    return articles >= 3


def speaks_of_findings(view: View) -> bool:
    """Tell whether the paper's opening speaks the language of inspection and rectification at all."""
    head = head_of(view) + view.norm[:2000]
    return len(_TRADE_RE.findall(head)) >= 2


_REPORTS_RE = re.compile(
    r"整改(?!意见|建议|要求)[^。\n]{0,14}(?:情况|进展|报告|通报|公示|方案|措施|台账|清单|公告|汇报|总结)"
)
_DONE_RE = re.compile(r"完成整改|整改完成|已整改|整改到位|已销号|整改落实情况|整改进展情况")


def reports_rectification(view: View) -> bool:
    """Tell whether the paper reports or plans rectification, so that what follows a problem is what is done about it."""
    title = title_of(view)
    if _REPORTS_RE.search(title):
        return True
    if re.search(r"反馈|自查|检视|检查", title):
        return False
    return bool(_DONE_RE.search(view.norm[:800]))


def is_feedback(view: View) -> bool:
    """Tell from the title whether the paper is the feedback of one inspection."""
    title = title_of(view)
    return (
        bool(re.search(r"反馈意见|反馈(?:巡察|巡视|督察)|(?:巡察|巡视|督察)(?:情况|意见)?的?反馈", title))
        and "整改" not in title
    )


def find_family(view: View, roles: Roles, findings: list[DraftFinding], from_tables: bool) -> str:
    """Return the family of the paper."""
    title = title_of(view)
    if not findings:
        rounds = re.search(
            r"\d+(?:个|家)[^。]{0,16}(?:单位|党组织)|轮巡察|轮巡视|第[一二三四五六七八九十]+轮", view.norm[:3000]
        )
        done = re.search(r"完成整改|整改完成|整改进展|已整改", view.norm)
        if rounds and done and not is_regulation(view):
            return "round_report"
        return "other"
    kept = any(item.status or item.progress for item in findings) or all(item.table >= 0 for item in view.paragraphs)
    if (
        from_tables
        and kept
        and _LEDGER_TITLE_RE.search(title)
        and not re.search(r"方案|督察|自查|检视|查摆|通报|公示|公告", title)
    ):
        return "ledger"
    for family, pattern in _TITLES:
        if re.search(pattern, title):
            return family
    if from_tables:
        return "ledger"
    return "progress_notice" if any(item.measures for item in findings) else "feedback"
