"""Problems told in running prose: feedback that lists them clause by clause, without numbers.

Two forms are known: a paragraph per aspect (``在…方面:…;…。``), and one sentence after an announcement (``主要问题是:…;…。``).
Used only where the outline holds no problems.
"""

from __future__ import annotations

import re

from zhenggai.docparse.understand.lexicon import ACTION_RE, ADVICE_LEAD_RE, PROBLEM_RE
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.titles import Title, find_title
from zhenggai.docparse.understand.units import Unit

_ASPECT_LEAD_RE = re.compile(
    r"\s*(?:[一二三四五六七八九十]是|[—\-•●]*)?(?P<lead>(?:在)?[^,。;:]{3,42}方面)(?:的|存在的?|还?存在)?(?:主要"
    r"|突出)?(?:问题)?(?:有|是|为|主要是|主要有|主要表现为|表现为|主要表现在)?\s?[:,。]\s?"
)
_ANNOUNCED_RE = re.compile(
    r"(?:问题|不足|短板|薄弱环节)(?:和不足|及不足)?(?:如下|主要有|主要是|主要表现为|主要表现在|表现为"
    r"|表现在|有|是|为|包括)?[:,]?(?:主要(?:是|有|表现为)?)?[::]\s?"
)
_CLAUSE_RE = re.compile(r"[^;。]+")
_SENTENCE_RE = re.compile(r"[^。]{4,}(?=。)")
_FOUND_RE = re.compile(
    r"(?:(?:巡察|巡视|督察|审计|反馈)(?:组)?(?:认为|发现|指出)|(?:指出|反馈)[,:](?:巡察|巡视|督察)?发现)[,:](?=[^。]{8,}(?:;[^。;]{6,}){2,})"
)
_ANNOUNCING = ("title", "description")
_COLLECTIVE_RE = re.compile(r"^(?:有的|一些|部分单位|个别单位|有些|少数单位|同时|此外|另外|巡察组|巡视组|督察组|还)")


def find_prose(norm: str, root: Node, skipped: set[Node]) -> list[tuple[Node | None, Node, Title]]:
    """Return (aspect, problem, title) for problems told in prose, in order.

    Args:
        norm: Folded working text.
        root: The outline; it gains nodes for what is found.
        skipped: Nodes whose parts hold no problems.
    """
    found: list[tuple[Node | None, Node, Title]] = []
    aspects: list[tuple[Node, list[tuple[int, int]]]] = []
    lists: list[tuple[Node, list[tuple[int, int]]]] = []
    sure = False
    for node in _paragraphs(root, skipped):
        text_end = node.stop
        if ADVICE_LEAD_RE.search(norm[node.content : min(text_end, node.content + 60)]):
            continue
        lead = _ASPECT_LEAD_RE.match(norm, node.content, text_end)
        if lead:
            clauses, share = _problem_clauses(norm, lead.end(), text_end, whole=True)
            if clauses and share >= 0.3:
                sure = sure or share >= 0.6
                aspects.append((_child(node, lead.start("lead"), lead.end("lead"), "方面"), clauses))
                continue
        announced = _ANNOUNCED_RE.search(norm, node.content, text_end) or _FOUND_RE.search(norm, node.content, text_end)
        if announced:
            stop = norm.find("。", announced.end(), text_end)
            clauses, share = _problem_clauses(norm, announced.end(), stop if stop != -1 else text_end, whole=False)
            if len(clauses) < 2:
                clauses, share = _problem_sentences(norm, announced.end(), text_end)
            if len(clauses) > 1 and share >= 0.6:
                lists.append((node, clauses))
    if sure and (len(aspects) > 1 or not lists):
        for aspect, clauses in aspects:
            found.extend((aspect, *_finding(norm, aspect, start, end)) for start, end in clauses)
    elif lists:
        for node, clauses in lists[:1]:
            found.extend(_listed(norm, node, clauses))
    return found


def _listed(norm: str, node: Node, clauses: list[tuple[int, int]]) -> list[tuple[Node | None, Node, Title]]:
    """Return the clauses of one sentence as problems; where each opens with its aspect (在…方面,…), under that."""
    leads = [_ASPECT_LEAD_RE.match(norm, start, end) for start, end in clauses]
    if len(clauses) < 2 or not all(lead and lead["lead"].startswith("在") for lead in leads):
        return [(None, *_finding(norm, node, start, end)) for start, end in clauses]
    found: list[tuple[Node | None, Node, Title]] = []
    for lead, (_, end) in zip(leads, clauses, strict=True):
        if lead is not None:
            aspect = _child(node, lead.start("lead"), lead.end("lead"), "方面")
            found.append((aspect, *_finding(norm, aspect, lead.end(), end)))
    return found


def _paragraphs(root: Node, skipped: set[Node]) -> list[Node]:
    """Return text nodes and numbered paragraphs outside skipped parts."""
    nodes: list[Node] = []
    stack = list(reversed(root.children))
    while stack:
        node = stack.pop()
        if node in skipped or node.kind == "table" or (node.kind == "label" and node.label not in _ANNOUNCING):
            continue
        if node.kind != "label":
            nodes.append(node)
        stack.extend(reversed(node.children))
    return nodes


def _problem_clauses(norm: str, start: int, end: int, *, whole: bool) -> tuple[list[tuple[int, int]], float]:
    """Return the clauses of a range and the share of them that names problems."""
    clauses: list[tuple[int, int]] = []
    wrong = total = 0
    for match in _CLAUSE_RE.finditer(norm, start, end):
        left, right = match.span()
        while left < right and norm[left] in " \t,、":
            left += 1
        text = norm[left:right].strip()
        if len(text) < 4:
            continue
        if _COLLECTIVE_RE.match(text):
            if whole and clauses:
                break
            return [], 0.0
        total += 1
        wrong += _names_problem(text)
        clauses.append((left, left + len(norm[left:right].rstrip())))
    return clauses, wrong / total if total else 0.0


_BEARS_PROBLEM_RE = re.compile(
    r"^(?:落实|执行|履行|贯彻|推进|推动|学习|整改|压实|发挥|服务|监督|检查|深入|联系|防范|统筹|研究|配合|组织|规范|深化|培养|考核|调研|宣传|整合|聚焦|围绕|对|在|以|把|将|按)"
)
_REMEDY_RE = re.compile(r"确保|防止|杜绝|避免|堵塞|补齐|整治|解决|克服|纠正|切实|进一步|坚决|着力|不断")


def _names_problem(text: str) -> bool:
    """Tell whether a clause tells what is wrong, also where it opens with a word of action (落实…不到位)."""
    if not PROBLEM_RE.search(text):
        return False
    return not ACTION_RE.match(text[:6]) or (bool(_BEARS_PROBLEM_RE.match(text)) and not _REMEDY_RE.search(text))


def _problem_sentences(norm: str, start: int, end: int) -> tuple[list[tuple[int, int]], float]:
    """Return the sentences behind an announcement that each name a problem, up to the first that does not."""
    sentences: list[tuple[int, int]] = []
    wrong = 0
    for match in _SENTENCE_RE.finditer(norm, start, end):
        left, right = match.span()
        while left < right and norm[left] in " \t,、":
            left += 1
        text = norm[left:right]
        bad = _names_problem(text)
        if _COLLECTIVE_RE.match(text) or len(text) > 60 or (not bad and ACTION_RE.match(text[:6])):
            break
        wrong += bad
        sentences.append((left, right))
    return sentences, wrong / len(sentences) if len(sentences) > 2 else 0.0


def _child(node: Node, start: int, end: int, style: str) -> Node:
    if node.unit is None:
        raise ValueError("prose stands in units only")
    unit = Unit(start, start, end, node.unit.paragraph, style=style, inline=True)
    return Node(unit, "item", node.parent, end=node.end)


def _finding(norm: str, above: Node, start: int, end: int) -> tuple[Node, Title]:
    node = _child(above, start, end, "clause")
    node.parent = above if above.style == "方面" else above.parent
    node.end = end
    return node, find_title(norm, start, end, clause=True)
