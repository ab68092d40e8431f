"""What stands under a problem, sorted by role, and whether it tells what was done or what was wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import (
    ACTION_RE,
    DONE_RE,
    EFFECT_RE,
    MAJOR,
    MINOR,
    PROBLEM_RE,
    STRONG_ACTION_RE,
)
from zhenggai.docparse.understand.measures import trim
from zhenggai.docparse.understand.nodes import Roles
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.titles import Title, find_title
from zhenggai.docparse.understand.units import Unit
from zhenggai.docparse.understand.values import minor_of
from zhenggai.docparse.understand.view import Paragraph


@dataclass(slots=True)
class Parts:
    """What stands under one problem, sorted by role, before it is read."""

    description: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of the detail."""
    measures: list[Node] = field(default_factory=list)
    """Fields that hold measures."""
    progress: list[Node] = field(default_factory=list)
    """Fields that hold progress."""
    minor: list[Node] = field(default_factory=list)
    """Who, when, target, status."""
    bodies: list[tuple[int, int]] = field(default_factory=list)
    """Paragraphs without label."""
    items: list[Node] = field(default_factory=list)
    """Numbered items without label."""

    @property
    def fields(self) -> list[Node]:
        """The labels under which the measures stand: what is to be done, else what was done, else what came of it."""
        if self.measures:
            return self.measures
        done = [label for label in self.progress if label.unit and not EFFECT_RE.search(label.unit.label_text)]
        return done or self.progress


def sort_parts(norm: str, node: Node, roles: Roles) -> Parts:
    parts = Parts()
    title = roles.titles.get(node)
    if title is None or (node.kind == "item" and node.unit and node.unit.opens_title and node not in roles.titles):
        title = find_title(norm, node.content, node.stop)
        roles.titles[node] = title
    if title.end <= title.start:
        title = _title_below(norm, node) or title
        roles.titles[node] = title
    labelled = any(child.kind == "label" and child.label in MAJOR for child in node.children)
    if not labelled:
        _open_descriptions(node)
    if node.content <= title.start and title.rest < node.stop:
        parts.bodies.append((title.rest, node.stop))
    before_label = True
    for child in node.children:
        if child.kind == "label":
            if child.label not in MINOR:
                before_label = False
            _sort_label(norm, child, parts, title)
        elif child.kind == "text":
            if not (child.content <= title.start < child.stop):
                parts.bodies.append((child.content, child.stop))
            elif title.rest < child.stop:
                parts.bodies.append((title.rest, child.stop))
            if labelled and before_label and parts.bodies:
                parts.description.append(parts.bodies.pop())
        elif child.kind == "item":
            if labelled and before_label:
                parts.description.append((child.start, child.end))
            else:
                parts.items.append(child)
    if labelled:
        parts.description = [
            *([parts.bodies.pop(0)] if parts.bodies and parts.bodies[0][0] == title.rest else []),
            *parts.description,
        ]
    return parts


def _open_descriptions(node: Node) -> None:
    """Let what follows a described problem stand beside the description where no label opens the measures."""
    children: list[Node] = []
    for child in node.children:
        children.append(child)
        if child.kind == "label" and child.label in ("description", "title") and child.stop > child.content + 2:
            children.extend(child.children)
            child.children = []
            child.end = child.stop
    node.children = children


def _title_below(norm: str, node: Node) -> Title | None:
    """Return the title from the first field or paragraph, when the heading itself is only a number."""
    for child in node.children:
        if (child.kind == "label" and child.label in ("title", "description")) or child.kind == "text":
            title = find_title(norm, child.content, child.stop)
            if title.end > title.start:
                return title
        elif child.kind == "item":
            return None
    return None


def _sort_label(norm: str, label: Node, parts: Parts, title: Title) -> None:
    kind = label.label
    if kind in ("description", "title"):
        inside = label.content <= title.start < label.stop
        start = title.rest if inside else label.content
        if label.end > start:
            parts.description.append((start, label.end))
    elif kind == "measures":
        parts.measures.append(label)
    elif kind == "progress":
        parts.progress.append(label)
    elif kind in MINOR:
        parts.minor.append(label)
    if kind not in MINOR:
        parts.minor.extend(child for child in label.children if child.kind == "label" and child.label in MINOR)


def bodies_act(norm: str, parts: list[Parts], *, reports: bool) -> bool:
    """Tell whether unlabelled paragraphs and items report actions.

    In a paper about rectification they do unless they plainly describe problems; elsewhere the majority decides.
    """
    acting = wrong = total = 0
    for part in parts:
        if part.measures or part.progress:
            continue
        ranges = [*part.bodies[-1:], *((item.content, item.stop) for item in part.items[:2])]
        for start, end in ranges:
            total += 1
            acts = tells_action(norm, start, end)
            acting += acts
            wrong += not acts and bool(PROBLEM_RE.search(norm, start, end))
    if reports:
        return acting > 0 or wrong * 4 < total * 3
    return acting * 2 > total


def rests_act(norm: str, parts: dict[Node, Parts], roles: Roles) -> bool:
    """Tell whether what follows a title in its paragraph, with nothing below, tells what was done, by majority."""
    acting = total = 0
    for node, part in parts.items():
        if (
            part.measures
            or part.progress
            or part.items
            or len(part.bodies) != 1
            or part.bodies[0][0] != roles.titles[node].rest
        ):
            continue
        total += 1
        start, end = part.bodies[0]
        first = norm.find("。", start, end)
        acting += tells_action(norm, start, first if first != -1 else end)
    return acting * 2 > total


def loose_fields(parts: list[Parts]) -> list[Node]:
    """Return stand-ins for fields where measures have no label, to see how they are written."""
    loose = []
    for part in parts:
        for start, end in part.bodies[-1:]:
            unit = Unit(start, start, end, Paragraph(start, end))
            loose.append(Node(unit, "label", None, end=end, children=list(part.items)))
    return loose


ACTING_RE = re.compile(
    r"(?:对|将|把|就|与|会同|由)[^,。;]{1,24}(?:进行|开展|实施|予以|作出|组织|逐一|纳入|列入)|已(?:完成"
    r"|制定|印发|组织|召开|建立|开展|整改|修订|于|全部|全额|收回|清退|上缴|补|按程序|陆续|调整|支付|拨付|归还|核减|追回|退还|清理|落实|纳入|办理)|(?:制定|印发|修订"
    r"|出台)(?:了)?《|已将|整改到位|立行立改"
    r"|(?:清退|收回|追回|退回|补缴|约谈|问责|批评教育|通报批评|谈话提醒|诫勉|立案|停发|撤销|新增|更正"
    r"|补发)[^。;]{0,18}\d|\d+(?:人次|余人次|场次|期|场)"
)


def tells_action(norm: str, start: int, end: int) -> bool:
    start, end = trim(norm, start, end)
    text = norm[start : min(end, start + 60)]
    if DONE_RE.match(text) or STRONG_ACTION_RE.match(text):
        return True
    first = re.split(r"[。;]", text, maxsplit=1)[0]
    if ACTION_RE.match(text) and not PROBLEM_RE.search(first[:24]):
        return True
    return bool(ACTING_RE.search(norm, start, end))


def per_measure(norm: str, parts: list[Parts]) -> bool:
    """Tell whether who and when are stated per measure, from problems with several measures."""
    each = once = 0
    for part in parts:
        lists = [label.items() for label in part.fields] or [part.items]
        for items in lists:
            if len(items) < 2:
                continue
            having = sum(1 for item in items if minor_of(item))
            if having == len(items) or having > 1:
                each += 1
            elif having == 1 and minor_of(items[-1]):
                once += 1
    return each > once


def items_describe(norm: str, parts: list[Parts]) -> bool:
    """Tell whether numbered items below problems are their manifestations, by majority over the document."""
    wrong = total = 0
    for part in parts:
        for item in part.items:
            total += 1
            wrong += not tells_action(norm, item.content, item.stop) and bool(
                PROBLEM_RE.search(norm, item.content, item.stop)
            )
    return wrong * 3 > total * 2
