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
    r"\s*(?:[一二三四五六七八九十]是|[—\-•●]*)?(?P<lead>(?:在)?[^,。;:]{3,42}方面)(?:的|存在的?)?(?:主要"
    r"|突出)?(?:问题)?(?:有|是|主要是)?\s?[:,。]\s?"
)
_ANNOUNCED_RE = re.compile(
    r"(?:问题|不足|短板|薄弱环节)(?:和不足|及不足)?(?:如下|主要有|主要是|主要表现为|主要表现在|表现为"
    r"|表现在|有|是|为|包括)?[:,]?(?:主要(?:是|有|表现为)?)?[::]\s?"
)
_CLAUSE_RE = re.compile(r"[^;。]+")
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
        announced = _ANNOUNCED_RE.search(norm, node.content, text_end)
        if announced:
            stop = norm.find("。", announced.end(), text_end)
            clauses, share = _problem_clauses(norm, announced.end(), stop if stop != -1 else text_end, whole=False)
            if len(clauses) > 1 and share >= 0.6:
                lists.append((node, clauses))
    if sure and (len(aspects) > 1 or not lists):
        for aspect, clauses in aspects:
            found.extend((aspect, *_finding(norm, aspect, start, end)) for start, end in clauses)
    elif lists:
        for node, clauses in lists[:1]:
            found.extend((None, *_finding(norm, node, start, end)) for start, end in clauses)
    return found


def _paragraphs(root: Node, skipped: set[Node]) -> list[Node]:
    """Return text nodes and numbered paragraphs outside skipped parts."""
    nodes: list[Node] = []
    stack = list(reversed(root.children))
    while stack:
        node = stack.pop()
        if node in skipped or node.kind in ("label", "table"):
            continue
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
        bad = bool(PROBLEM_RE.search(text)) and not ACTION_RE.match(text[:6])
        wrong += bad
        clauses.append((left, left + len(norm[left:right].rstrip())))
    return clauses, wrong / total if total else 0.0


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
