"""What a node of the outline says of itself, the class it belongs to, and what is decided about all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import MAJOR
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.titles import Title

Key = tuple[str, ...]


LIST_STYLES = frozenset({"yishi", "yiyao", "qiyi", "first", "ord", "circled", "pnum", "bullet", "alpha"})


@dataclass(slots=True)
class Roles:
    """What was decided."""

    findings: list[Node] = field(default_factory=list)
    """Problems in order."""
    aspects: dict[Node, Node] = field(default_factory=dict)
    """Problem (or table) to its aspect."""
    parents: dict[Node, Node] = field(default_factory=dict)
    """Problem to the heading between aspect and problem."""
    skipped: list[tuple[Node, str]] = field(default_factory=list)
    """Parts that hold no problems, with the reason."""
    tables: list[Node] = field(default_factory=list)
    """Table nodes outside skipped parts."""
    titles: dict[Node, Title] = field(default_factory=dict)
    """Titles already read."""
    labelled: bool = False
    """The document states measures under labels."""
    reasons: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    """Why a class was taken for the level of problems."""


_SENTENCE_END_RE = re.compile(r"[。;\n]")


def title_text(norm: str, node: Node) -> str:
    """Return the first sentence of a node's own words, folded."""
    text = norm[node.content : min(node.stop, node.content + 160)].strip()
    stop = _SENTENCE_END_RE.search(text)
    return text[: stop.start()] if stop else text


def own_labels(node: Node) -> list[Node]:
    """Return the label children."""
    return [child for child in node.children if child.kind == "label"]


def is_owner(node: Node) -> bool:
    """Tell whether measures or progress hang under *node* by a label."""
    return any(child.label in MAJOR for child in node.children if child.kind == "label")


def key_of(node: Node) -> Key:
    """Return the chain of styles that leads to *node*."""
    above = node.path()
    own = node.style + ("~" if node.inline or _runs_on_inline(node) else "")
    if not above and node.unit is not None and (node.inline or node.style in LIST_STYLES):
        own += f"@{_list_start(node)}"
    return (*(upper.style for upper in above), own)


def _runs_on_inline(node: Node) -> bool:
    """Tell whether a list that opens a paragraph goes on inside it, so that its first member is like the others."""
    if node.style not in LIST_STYLES or node.parent is None or node.unit is None or node.value != 1:
        return False
    siblings = node.parent.children
    at = next((index for index, sibling in enumerate(siblings) if sibling is node), len(siblings))
    following = siblings[at + 1] if at + 1 < len(siblings) else None
    return (
        following is not None
        and following.inline
        and following.style == node.style
        and following.unit is not None
        and following.unit.paragraph is node.unit.paragraph
    )


def _list_start(node: Node) -> int:
    """Return an offset shared by the members of one list that stands under no heading."""
    if node.inline and node.unit is not None:
        return node.unit.paragraph.start
    siblings = node.parent.items() if node.parent else [node]
    first = node
    for sibling in siblings:
        if sibling.style == node.style and sibling.value == 1:
            first = sibling
        if sibling is node:
            break
    return first.start
