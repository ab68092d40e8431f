"""Fourth station: units become an outline.

One pass with a stack.  A numbered unit continues the innermost open sequence of its style that expects its value; a style
not yet open goes one level deeper, after levels that custom places further in have been closed.  Skips, duplicates and
restarts are tolerated and remembered.  Depth is bounded, nothing recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import (
    ADVICE_LEAD_RE,
    ADVICE_RE,
    ATTACHMENT_RE,
    CHROME_RE,
    CLOSING_RE,
    CONTACT_RE,
    FINDING_SECTION_RE,
    FOLLOW_UP_RE,
    MINOR,
    ONWARD_RE,
    WHOLE_RE,
    LabelKind,
)
from zhenggai.docparse.understand.marks import LINE_RE, RANKS, RELATED
from zhenggai.docparse.understand.units import Unit
from zhenggai.docparse.understand.view import View
from zhenggai.kit.dates import find_dates

MAX_DEPTH = 14
HEADING_STYLES = frozenset({"fangmian", "about", "bold", "plain"})
_HEADING_RANKS = {"fangmian": 1.5, "about": 2.6, "bold": 2.7, "plain": 2.8}


@dataclass(slots=True, eq=False)
class Node:
    """One unit in the outline, with what stands under it."""

    unit: Unit | None
    """The unit; None for the root."""
    kind: str
    """``root``, ``item`` (numbered or heading), ``label``, ``text``, ``table``."""
    parent: Node | None
    """The node above."""
    end: int = 0
    """Offset behind the last character of everything under it."""
    children: list[Node] = field(default_factory=list)
    """What stands under it, in order."""
    numbering: str = ""
    """``skip``, ``duplicate``, ``restart`` where its number does not follow from the one before."""
    expected: int = 0
    """The value that would have followed, when ``numbering`` is set."""

    @property
    def style(self) -> str:
        """Enumerator or heading style."""
        return self.unit.style if self.unit else ""

    @property
    def value(self) -> int:
        """Value of the enumerator."""
        return self.unit.value if self.unit else 0

    @property
    def label(self) -> LabelKind | None:
        """Kind of field, for labels."""
        return self.unit.label if self.unit and self.kind == "label" else None

    @property
    def start(self) -> int:
        """Offset of its mark."""
        return self.unit.start if self.unit else 0

    @property
    def content(self) -> int:
        """Offset of its own words."""
        return self.unit.content if self.unit else 0

    @property
    def stop(self) -> int:
        """Offset behind its own words."""
        return self.unit.end if self.unit else 0

    @property
    def inline(self) -> bool:
        """Begins inside a paragraph."""
        return bool(self.unit and self.unit.inline)

    def items(self) -> list[Node]:
        """Return the numbered or heading children."""
        return [child for child in self.children if child.kind == "item"]

    def walk(self) -> Iterator[Node]:
        """Yield every node below, in reading order."""
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def path(self) -> list[Node]:
        """Return the item nodes above, outermost first."""
        nodes: list[Node] = []
        node = self.parent
        while node is not None and node.kind != "root":
            if node.kind == "item":
                nodes.append(node)
            node = node.parent
        return nodes[::-1]


def build_outline(view: View, units: list[Unit]) -> Node:
    """Return the root of the outline of *units*."""
    return _Outliner(view, units).run()


class _Outliner:
    """Holds the stack of open nodes while the units pass by."""

    def __init__(self, view: View, units: list[Unit]) -> None:
        self.norm = view.norm
        self.units = units
        self.root = Node(None, "root", None)
        self.stack: list[Node] = [self.root]
        self.closed: dict[str, int] = {}
        self.closing = find_closing(view)
        self.related = find_related(view)
        self.order: set[tuple[str, str]] = set()

    def run(self) -> Node:
        for index, unit in enumerate(self.units):
            if unit.start >= self.related:
                self._pop_to(1)
                self._attach(Node(unit, "text", self.root))
                continue
            following = self.units[index + 1] if index + 1 < len(self.units) else None
            if unit.table >= 0:
                self._close_labels()
                self._attach(Node(unit, "table", self.stack[-1]))
            elif unit.label and not unit.opens_title:
                self._add_label(unit)
            elif unit.style:
                self._add_item(unit, following)
            else:
                self._add_text(unit)
        self._set_ends()
        return self.root

    def _attach(self, node: Node) -> None:
        self.stack[-1].children.append(node)

    def _push(self, node: Node) -> None:
        while len(self.stack) >= MAX_DEPTH:
            self.stack.pop()
        node.parent = self.stack[-1]
        self._attach(node)
        if node.kind == "item" and self.stack[-1].kind == "item":
            self.order.add((self.stack[-1].style, node.style))
        self.stack.append(node)

    def _pop_to(self, depth: int) -> None:
        """Close every node at *depth* and deeper."""
        while len(self.stack) > max(depth, 1):
            node = self.stack.pop()
            if node.kind == "item" and node.value:
                self.closed[node.style] = node.value

    def _label_depth(self) -> int:
        """Return the depth of the innermost open label, 0 when none is open."""
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].kind == "label":
                return depth
        return 0

    def _close_labels(self) -> None:
        while depth := self._label_depth():
            self._pop_to(depth)

    # ── labels ──
    def _add_label(self, unit: Unit) -> None:
        if unit.label in MINOR:
            self._add_minor(unit)
            return
        self._close_labels()
        self._close_inline(unit)
        self._push(Node(unit, "label", None))

    def _add_minor(self, unit: Unit) -> None:
        """Who and when stand beside what they belong to: an item under a label, or the problem itself."""
        self._close_inline(unit)
        top = self.stack[-1]
        if (top.kind == "label" and top.label in MINOR) or (top.kind == "label" and not unit.inline and unit.style):
            self._pop_to(len(self.stack) - 1)
        node = Node(unit, "label", self.stack[-1])
        self._attach(node)
        if unit.label in ("target", "status", "remark") or not self._has_words(node):
            self.stack.append(node)

    def _close_inline(self, unit: Unit) -> None:
        """A label on a new line belongs to the block, not to a list inside the paragraph before."""
        if unit.inline:
            return
        while len(self.stack) > 1 and self.stack[-1].inline:
            self._pop_to(len(self.stack) - 1)

    # ── items ──
    def _add_item(self, unit: Unit, following: Unit | None) -> None:
        if unit.paragraph.heading_level and not unit.inline:
            self._pop_below_heading(unit)
        if unit.style in HEADING_STYLES or (unit.style[0] == "h" and unit.style[1:].isdigit()):
            self._add_heading(unit)
            return
        node = Node(unit, "item", None)
        while self.stack[-1].kind == "label" and self.stack[-1].label in MINOR and self._has_words(self.stack[-1]):
            self._pop_to(len(self.stack) - 1)
        heading = self._is_heading(unit, following)
        depth = self._find_sequence(unit, node, heading, weak=self._opens_field(unit, following))
        if depth:
            self._pop_to(depth)
        else:
            self._open_level(unit, heading)
        self._push(node)

    def _is_heading(self, unit: Unit, following: Unit | None) -> bool:
        """Tell whether a numbered unit reads as the heading of a problem or an aspect rather than as a measure."""
        text = self.norm[unit.content : min(unit.end, unit.content + 200)].strip()
        if unit.inline:
            return text.startswith(("关于“", "针对“"))
        if unit.opens_title or unit.paragraph.heading_level or unit.style == "item":
            return True
        short = len(text) <= 80 and (unit.end - unit.content) <= 100
        if short and text.endswith(("方面", "方面。", "方面:", "方面的问题", "方面存在的问题", "方面问题")):
            return True
        if text.startswith(("关于", "针对")) and ("问题" in text[:80] or "方面" in text[:60]):
            return short or text.startswith(("关于“", "针对“"))
        return False

    def _opens_field(self, unit: Unit, following: Unit | None) -> bool:
        """Tell whether a short numbered unit is followed by a field, as the heading of a problem would be."""
        opens = (
            following is not None
            and following.label is not None
            and following.label not in MINOR
            and not following.opens_title
        )
        return opens and unit.end - unit.content <= 120

    def _names_part(self, node: Node) -> bool:
        """Tell whether a heading only names a list, as 整改任务清单 does."""
        title = self.norm[node.content : node.stop].strip(" :。")
        return len(title) <= 24 and (
            bool(FINDING_SECTION_RE.search(title)) or title.endswith(("清单", "任务", "措施", "问题"))
        )

    def _opens_part(self, unit: Unit) -> bool:
        text = self.norm[unit.content : min(unit.end, unit.content + 24)].strip(" :。")
        return len(text) <= 16 and bool(FOLLOW_UP_RE.search(text) or ADVICE_RE.search(text))

    def _has_words(self, node: Node) -> bool:
        return bool(self.norm[node.content : node.stop].strip(" :"))

    def _find_sequence(self, unit: Unit, node: Node, heading: bool, *, weak: bool) -> int:
        """Return the depth of the sequence that *unit* continues, 0 when it opens a level."""
        near: list[int] = []
        for depth in range(len(self.stack) - 1, 0, -1):
            open_node = self.stack[depth]
            if open_node.kind != "item":
                continue
            same = open_node.style == unit.style
            related = unit.style in RELATED.get(open_node.style, ())
            if not (same or (related and unit.value == open_node.value + 1)):
                continue
            near.append(depth)
        if not near:
            return 0
        if unit.style in ("sign", "bullet"):
            return near[0]
        exact = [depth for depth in near if self.stack[depth].value + 1 == unit.value]
        if len(exact) > 1 and (heading or weak or self._opens_part(unit)):
            return exact[-1]
        if exact:
            if heading and exact[0] != near[-1] and self._under_label(exact[0]):
                # A problem's heading never continues the list of measures of the problem before.
                node.numbering, node.expected = "skip", self.stack[near[-1]].value + 1
                return near[-1]
            return exact[0]
        if heading:
            usable = [depth for depth in near if not self._under_label(depth)]
            if not usable:
                return 0
            return self._broken(unit, node, usable[0])
        top = self.stack[-1]
        if unit.value == 1 and top is self.stack[near[0]] and not top.children and self._names_part(top):
            return len(self.stack)
        outer = [depth for depth in near if not self._under_label(depth)]
        if weak and outer and top.kind == "label" and (self._has_words(top) or top.items()):
            return self._broken(unit, node, outer[0])
        if (
            unit.value == 1
            and near[0] < len(self.stack) - 1
            and not top.items()
            and top.kind == "item"
            and not top.inline
        ):
            return len(self.stack)
        if unit.value == 1 and (top.kind == "label" or (top.kind == "item" and depth_of_label(self.stack) > near[0])):
            return 0
        return self._broken(unit, node, near[0])

    def _broken(self, unit: Unit, node: Node, depth: int) -> int:
        before = self.stack[depth]
        node.expected = before.value + 1
        if unit.value == before.value:
            node.numbering = "duplicate"
        elif unit.value > before.value:
            node.numbering = "skip"
        else:
            node.numbering = "restart"
        return depth

    def _under_label(self, depth: int) -> bool:
        return any(node.kind == "label" for node in self.stack[1:depth])

    def _open_level(self, unit: Unit, heading: bool) -> None:
        """Close what custom places further in than *unit* before it opens a level of its own."""
        rank = RANKS.get(unit.style, 5)
        if heading:
            self._close_labels()
            if unit.style == "item" and self._nests(unit):
                return
        elif self._nests(unit):
            return
        if unit.inline:
            while len(self.stack) > 1 and self._deeper(self.stack[-1], rank) and self.stack[-1].inline:
                self._pop_to(len(self.stack) - 1)
            return
        while len(self.stack) > 1:
            top = self.stack[-1]
            if top.kind == "label":
                has_items = any(child.kind == "item" for child in top.children)
                if unit.value <= 1 and not has_items:
                    return
                if not has_items and rank > 3.5:
                    return
                if has_items and rank >= 4 and unit.value <= 1 and RANKS.get(top.items()[0].style, 5) < rank:
                    return
            elif (not self._deeper(top, rank) and not (top.inline and rank <= 4)) or (
                not top.children and not top.inline and self.norm[top.content : top.stop].strip(" 。:").endswith("方面")
            ):
                return
            self._pop_to(len(self.stack) - 1)

    def _nests(self, unit: Unit) -> bool:
        """Tell whether a list that begins right behind a heading belongs to it, whatever custom says of the styles."""
        top = self.stack[-1]
        if top.kind != "item" or top.inline or top.items():
            return False
        if top.style == "sign" and unit.style == "item":
            return top.stop - top.content <= 60  # 问题三 under a sign: its count runs through the paper
        if unit.value != 1:
            return False
        if (unit.style, top.style) in self.order:
            return False
        if RANKS.get(top.style, 5) >= 6 and RANKS.get(unit.style, 5) <= 3:
            return False
        return top.stop - top.content <= 160 and len(top.children) <= 2

    def _deeper(self, node: Node, rank: float) -> bool:
        if node.kind != "item" or node.unit is None:
            return False
        if node.style in _HEADING_RANKS:
            return _HEADING_RANKS[node.style] > rank
        if node.style[0] == "h" and node.style[1:].isdigit():
            return False
        return RANKS.get(node.style, 5) > rank and not (node.unit.paragraph.heading_level and not node.inline)

    # ── headings without numbers ──
    def _pop_below_heading(self, unit: Unit) -> None:
        """A declared heading closes what stands below its level."""
        level = unit.paragraph.heading_level
        rank = RANKS.get(unit.style, 2.5)
        while len(self.stack) > 1:
            top = self.stack[-1]
            own = top.unit.paragraph.heading_level if top.unit and not top.inline else 0
            if own and own < level:
                return
            if own == level and top.style == unit.style and unit.value:
                return  # the sequence decides
            if not own and top.kind == "item" and not top.inline and RANKS.get(top.style, 5) < rank:
                return
            self._pop_to(len(self.stack) - 1)

    def _add_heading(self, unit: Unit) -> None:
        if unit.style[0] == "h" and unit.style[1:].isdigit():
            self._push(Node(unit, "item", None))
            return
        for depth in range(1, len(self.stack)):
            node = self.stack[depth]
            if node.kind == "item" and node.style == unit.style:
                self._pop_to(depth)
                self._push(Node(unit, "item", None))
                return
        self._close_labels()
        rank = _HEADING_RANKS[unit.style]
        while len(self.stack) > 1 and (self.stack[-1].inline or self._deeper(self.stack[-1], rank)):
            self._pop_to(len(self.stack) - 1)
        self._push(Node(unit, "item", None))

    # ── plain paragraphs ──
    def _add_text(self, unit: Unit) -> None:
        text = self.norm[unit.content : min(unit.end, unit.content + 160)]
        if self._stands_apart(unit, text):
            self._pop_to(1)
        while len(self.stack) > 1 and self.stack[-1].kind == "label" and self.stack[-1].label in MINOR:
            if not self._has_words(self.stack[-1]) and not self.stack[-1].children:
                break
            self._pop_to(len(self.stack) - 1)
        if unit.content == unit.paragraph.start:
            while len(self.stack) > 1 and self.stack[-1].inline and self.stack[-1].kind == "item":
                self._pop_to(len(self.stack) - 1)
        self._attach(Node(unit, "text", self.stack[-1]))

    def _stands_apart(self, unit: Unit, text: str) -> bool:
        """Tell whether a paragraph belongs to no problem: closing words, contact, advice, the site's own words."""
        if WHOLE_RE.match(text) and self._at_tail(unit):
            return True
        if unit.start >= self.closing or CLOSING_RE.match(text) or CHROME_RE.match(text) or ATTACHMENT_RE.match(text):
            return True
        if ADVICE_LEAD_RE.search(text.strip()):
            return True
        if not self._at_tail(unit):
            return False
        return bool(CONTACT_RE.search(text)) or bool(ONWARD_RE.match(text))

    def _at_tail(self, unit: Unit) -> bool:
        last = self.units[-1].paragraph.end
        return last - unit.start < 1200

    def _set_ends(self) -> None:
        for node in reversed(list(self.root.walk())):
            node.end = max([node.stop] + [child.end for child in node.children])
        self.root.end = max([0] + [child.end for child in self.root.children])


def find_closing(view: View) -> int:
    """Return the offset where the signature begins, or the end of the text when there is none."""
    plain = [paragraph for paragraph in view.paragraphs if paragraph.table < 0]
    for index in range(len(plain) - 1, max(len(plain) - 14, 0), -1):
        paragraph = plain[index]
        text = view.norm[paragraph.start : paragraph.end].strip(" ()")
        if len(text) > 60 or not text:
            continue
        dates = find_dates(text)
        if not dates or dates[-1].end < len(text) - 1 or dates[-1].start > 45 or any(mark in text for mark in "。;,:"):
            continue
        at = index
        while at > 0 and index - at < 3:
            before = view.norm[plain[at - 1].start : plain[at - 1].end].strip()
            if len(before) > 40 or any(mark in before for mark in "。;:,!?") or LINE_RE.match(before):
                break
            if _VALUE_RE.search(before):
                break
            at -= 1
        return plain[at].start
    for paragraph in plain[-2:]:
        if _SIGNER_RE.fullmatch(view.norm, paragraph.start, paragraph.end):
            return paragraph.start
    return len(view.text) + 1


_VALUE_RE = re.compile(r"^(?:长期|持续|立行立改|即知即改|已|正在|尚未|未|\d|全年|每年|无$)")
"""What stands in a field; a signature never begins so."""
_SIGNER_RE = re.compile(
    r"\s*(?:中共)?[一-龥()]{4,30}(?:党组|党委|委员会|党总支|党支部|支部|党工委|工作委员会|领导小组|办公室)\s*"
)
"""A line that only names who signs, where no date stands below it."""


def find_related(view: View) -> int:
    """Return the offset where a page's links to other papers begin, or the end of the text when there are none."""
    for paragraph in view.paragraphs:
        short = paragraph.table < 0 and paragraph.end - paragraph.start <= 12
        if short and _RELATED_RE.fullmatch(view.norm, paragraph.start, paragraph.end):
            return paragraph.start
    return len(view.text) + 1


_RELATED_RE = re.compile(
    r"[【\[]?(?:相关(?:新闻|链接|阅读|文章|报道|信息|文件)|推荐(?:阅读|文章)|延伸阅读|热点(?:新闻|推荐)|上一篇|下一篇|友情链接)[】\]]?\s?[::]?.{0,4}"
)


def depth_of_label(stack: list[Node]) -> int:
    """Return the depth of the innermost label in *stack*, 0 when there is none."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].kind == "label":
            return depth
    return 0
