"""A draft as an outline that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from zhenggai.commands.places import Places
from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Draft, DraftFinding

_FAMILIES = {
    "progress_notice": "整改进展通报",
    "feedback": "巡察反馈意见",
    "plan": "整改方案",
    "ledger": "整改台账",
    "audit_report": "审计整改报告",
    "environment_plan": "生态环境保护督察整改方案",
    "self_examination": "对照检查清单",
    "round_report": "轮次整改情况",
    "other": "其他",
}
_FACTS = (
    ("unit", "被巡察单位"),
    ("inspecting_body", "巡察机构"),
    ("inspection_start", "巡察开始"),
    ("inspection_end", "巡察结束"),
    ("feedback_date", "反馈日期"),
    ("document_date", "落款日期"),
    ("as_of", "数据截至"),
)
_COUNTS = {
    "aspects": "方面",
    "findings": "问题",
    "completed": "已完成",
    "phased": "阶段性完成",
    "ongoing": "正在整改",
    "not_completed": "未完成",
    "measures": "措施",
    "rate_percent": "完成率%",
}
_STATUS = {"completed": "已完成", "phased": "阶段性完成", "ongoing": "正在整改", "not_completed": "未完成"}


def outline(document: Document, draft: Draft, *, explain: bool = False) -> str:
    """Return *draft* as an outline: facts, counts, aspects with their findings, anomalies, remarks of the reader."""
    return "\n".join(_lines(document, draft, explain))


def _lines(document: Document, draft: Draft, explain: bool) -> Iterator[str]:
    places = Places(document)
    yield f"文种：{_FAMILIES.get(draft.family, draft.family)}（{document.format}，{len(document.text)} 字）"
    for key, words in _FACTS:
        value = getattr(draft, key)
        if value:
            yield f"{words}：{value}"
    measures = sum(len(finding.measures) for finding in draft.findings)
    found = (
        f"{len(draft.aspects)} 个方面，{len(draft.findings)} 个问题，{measures} 条措施，{len(draft.anomalies)} 处异常"
    )
    yield f"读出：{found}"
    if draft.counts:
        yield "文中自述：" + "，".join(f"{_COUNTS.get(key, key)} {value:g}" for key, value in draft.counts.items())
    yield ""
    yield from _tree(draft)
    if draft.anomalies:
        yield ""
        yield "异常（请逐条核对原文）："
        for item in draft.anomalies:
            yield f"  {places.of(item.span)} {item.kind}「{_short(item.text, 40)}」{item.hint}"
    if document.notes:
        yield ""
        yield "读取说明："
        for note in document.notes:
            yield f"  {note.text}{note.hint}"
    if explain and draft.decisions:
        yield ""
        yield "判断理由："
        for decision in draft.decisions:
            words = _short(document.text[decision.span[0] : decision.span[1]], 24)
            yield f"  {places.of(decision.span)} {decision.role}「{words}」：{'；'.join(decision.reasons)}"


def _tree(draft: Draft) -> Iterator[str]:
    aspect: int | None = -1
    parent: str | None = None
    for finding in draft.findings:
        if finding.aspect_index != aspect:
            aspect, parent = finding.aspect_index, None
            if aspect is not None and 0 <= aspect < len(draft.aspects):
                head = draft.aspects[aspect]
                count = sum(1 for other in draft.findings if other.aspect_index == aspect)
                yield f"■ {head.no + ' ' if head.no else ''}{head.title}（{count} 个问题）"
        if finding.parent_title and finding.parent_title != parent:
            yield f"  ▸ {finding.parent_no + ' ' if finding.parent_no else ''}{finding.parent_title}"
        parent = finding.parent_title
        yield "  " + ("  " if parent else "") + _finding(finding)


def _finding(finding: DraftFinding) -> str:
    parts = [f"{finding.no + '. ' if finding.no else '· '}{finding.title}"]
    parts.append(f"[{len(finding.measures)} 条措施]")
    if finding.status:
        parts.append(f"[{_STATUS.get(finding.status, finding.status)}]")
    who = finding.responsibility
    if who:
        names = [name for name in (who.leader, who.department or who.unit, who.person) if name]
        parts.extend([f"[{'/'.join(names)}]"] if names else [])
    if finding.deadline:
        parts.append(f"[时限 {finding.deadline}]")
    return " ".join(parts)


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
