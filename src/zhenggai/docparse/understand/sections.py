"""Which headings name a whole part of the paper, and which parts hold no problems."""

from __future__ import annotations

import re

from zhenggai.docparse.understand.lexicon import (
    ADVICE_RE,
    ASPECT_RE,
    ATTACHMENT_RE,
    CAUSE_SECTION_RE,
    FINDING_SECTION_RE,
    FOLLOW_UP_RE,
    ORGANISING_RE,
    PROBLEM_RE,
)
from zhenggai.docparse.understand.nodes import is_owner, title_text
from zhenggai.docparse.understand.outline import Node

_OPEN_STATUS_RE = re.compile(r"(?:尚|暂|仍|还)?未(?:能)?(?:按期|按时)?(?:完成|整改|销号)(?:整改|到位|完成)*")
"""How far the work has come is no problem of the inspected body."""
_COUNTED_SECTION_RE = re.compile(r"[\d一二三四五六七八九十]+个?(?:方面|类|大类)")


def skip_reason(norm: str, node: Node) -> str:
    """Return why *node* and all below it hold no problems, or an empty string."""
    title = title_text(norm, node)
    if len(title) > 70 and not FOLLOW_UP_RE.match(title):
        title = title[:40]
    owners = sum(1 for below in node.walk() if below.kind == "item" and is_owner(below))
    if is_owner(node) or node.style in ("item", "about", "方面", "fangmian") or title.startswith(("关于", "针对", "“")):
        return ""
    problem = bool(PROBLEM_RE.search(_OPEN_STATUS_RE.sub("", title)))
    names_findings = bool(FINDING_SECTION_RE.search(title))
    if ATTACHMENT_RE.match(title):
        return "" if owners else "附件"
    if (
        FOLLOW_UP_RE.search(title)
        and not problem
        and owners < 2
        and not (names_findings and "问题" in title and "整改" in title[:14])
    ):
        return "后续工作部分"
    if ADVICE_RE.search(title) and not problem and owners < 2 and "问题" not in title and "反馈意见" not in title:
        return "意见建议部分"
    if CAUSE_SECTION_RE.search(title) and owners < 1:
        return "原因分析部分"
    abouts = sum(1 for below in node.items() for it in [below, *below.items()] if is_about(norm, it))
    if _REMEDIES_RE.fullmatch(title.strip(" :。")) and not owners and abouts < 1 and _behind_problems(norm, node):
        return "整改措施部分"
    if ORGANISING_RE.search(title) and not problem and not names_findings and not ASPECT_RE.search(title):
        return "" if owners or abouts > 1 else "组织整改部分"
    return ""


_REMEDIES_RE = re.compile(
    r"(?:下一?步|今后|具体|主要|拟)?(?:的)?(?:整改|改进|努力|工作)?(?:方向|思路|打算|目标)?(?:和|及|与)?(?:整改|改进|工作|具体)?(?:措施|举措)"
)


def _behind_problems(norm: str, node: Node) -> bool:
    """Tell whether a part before *node* on the same level lists what is wrong."""
    if node.parent is None:
        return False
    for sister in node.parent.items():
        if sister is node:
            return False
        if re.search(r"问题|不足|差距|短板", title_text(norm, sister)):
            return True
    return False


def is_about(norm: str, node: Node) -> bool:
    text = norm[node.content : min(node.stop, node.content + 90)].strip()
    if text.startswith(("关于", "针对")):
        return "问题" in text or "方面" in text[:40]
    return bool(text[:1] in ("“", '"') and re.search(r"[”\"](?:的?问题|方面)", text))


def is_section(norm: str, node: Node) -> bool:
    """Tell whether *node* is the heading of the whole part that lists problems, rather than an aspect or a problem."""
    title = title_text(norm, node).strip(" :。")
    if is_about(norm, node) and not is_owner(node) and "“" in title:
        return False
    if _COUNTED_SECTION_RE.search(title) and "问题" in title:
        return True
    if ASPECT_RE.search(title) or "方面" in title:
        return False
    if len(title) > 40:
        return False
    if node.style == "part" and not PROBLEM_RE.search(title):
        return True
    if _PLAIN_SECTION_RE.match(title):
        return True
    rest = _SECTION_PHRASE_RE.sub("", title)
    return bool(FINDING_SECTION_RE.search(title)) and not PROBLEM_RE.search(rest)


_PLAIN_SECTION_RE = re.compile(
    r"(?:具体|主要|重点)?(?:整改)?(?:任务|事项|内容|工作|安排|落实|情况|进展|重点|措施|任务分解)$|(?:整改"
    r"|具体)(?:任务|事项)(?:和|及|与)(?:措施|分工|责任)[一-龥]{0,4}$"
)


_SECTION_PHRASE_RE = re.compile(
    r"未完成|(?:存在|发现|查摆|反馈|指出)(?:出)?的?(?:主要|突出|具体|共性|个性|一些)?问题(?:和不足|及不足)?"
)
