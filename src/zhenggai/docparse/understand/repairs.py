"""Repairs of the outline that need the whole: fields given back to what they belong to, cycles of fields made problems."""

from __future__ import annotations

from dataclasses import replace

from zhenggai.docparse.understand.lexicon import MAJOR
from zhenggai.docparse.understand.nodes import is_owner, own_labels
from zhenggai.docparse.understand.outline import Node


def lift_labels(root: Node) -> None:
    """Give labels that follow a list of manifestations back to the problem above the list.

    Where only the last of several siblings carries the fields, the fields belong to what the siblings describe.
    """
    for node in [root, *root.walk()]:
        items = node.items()
        if node.kind == "root" or len(items) < 2 or node.kind == "label" or len({item.style for item in items}) > 1:
            continue
        owners = [item for item in items if is_owner(item)]
        if owners != [items[-1]] or any(
            is_owner(below) for item in items[:-1] for below in item.walk() if below.kind == "item"
        ):
            continue
        last = items[-1]
        if last.stop - last.content > 0 and is_owner(node):
            continue
        at = next(index for index, child in enumerate(last.children) if child.kind == "label")
        moved = last.children[at:]
        last.children = last.children[:at]
        last.end = max([last.stop] + [child.end for child in last.children])
        place = node.children.index(last)
        node.children[place + 1 : place + 1] = moved
        for child in moved:
            child.parent = node


def lift_followers(root: Node) -> None:
    """Set problems that follow an unnumbered one beside it: a problem with fields of its own holds no other problems."""
    for node in list(root.walk()):
        if node.style != "about" or node.kind != "item" or node.parent is None or not is_owner(node):
            continue
        at = next(
            (index for index, child in enumerate(node.children) if child.kind == "item" and is_owner(child)), None
        )
        if at is None:
            continue
        moved = node.children[at:]
        node.children = node.children[:at]
        node.end = max([node.stop] + [child.end for child in node.children])
        place = node.parent.children.index(node)
        node.parent.children[place + 1 : place + 1] = moved
        for child in moved:
            child.parent = node.parent


def group_cycles(root: Node) -> None:
    """Turn a run of fields that starts again (problem, measures, problem, measures …) into one node per problem."""
    single: list[Node] = []
    styles: set[str] = set()
    for node in [root, *root.walk()]:
        if node.kind == "label":
            continue
        labels = own_labels(node)
        starts = [child for child in labels if child.label in ("title", "description")]
        majors = [child for child in labels if child.label in MAJOR]
        if not starts or not majors:
            continue
        if node.kind == "root" or (len(starts) > 1 and len(majors) > 1):
            styles.add(node.style)
            _regroup(node)
        elif len(starts) == 1 and node.children[0] is starts[0]:
            single.append(node)
    for node in single:
        if node.style in styles:  # a sister of headings that hold several problems holds one
            _regroup(node)


def join_lists(root: Node) -> None:
    """Give each problem of a list (反馈问题:1.…;2.…) what the list behind it (整改情况:1.…;2.…) says under its number."""
    for node in [root, *root.walk()]:
        labels = [child for child in node.children if child.kind == "label"]
        if len(labels) != 2 or labels[0].label not in ("title", "description") or labels[1].label not in MAJOR:
            continue
        problems, answers = labels[0], labels[1]
        asked, told = problems.items(), answers.items()
        values = [item.value for item in asked]
        if (
            not values
            or answers.unit is None
            or answers.label in ("title", "description")
            or values != [item.value for item in told]
            or values != list(range(1, len(values) + 1))
            or {item.style for item in asked} != {item.style for item in told}
            or any(item.inline or item.children for item in [*asked, *told])
            or len(problems.children) != len(asked)
            or len(answers.children) != len(told)
        ):
            continue
        for problem, answer in zip(asked, told, strict=True):
            if answer.unit is None:
                continue
            field = Node(
                replace(answers.unit, start=answer.start, content=answer.content, end=answer.stop), "label", problem
            )
            field.end = answer.end
            problem.parent = node
            problem.children = [field]
        at = node.children.index(problems)
        kept = [child for child in node.children if child is not problems and child is not answers]
        node.children = [*kept[:at], *asked, *kept[at:]]


def _regroup(node: Node) -> None:
    children: list[Node] = []
    current: Node | None = None
    seen_major = False
    for child in node.children:
        begins = child.kind == "label" and child.label in ("title", "description") and (current is None or seen_major)
        if begins and child.unit is not None:
            child.unit.opens_title = True
            current = Node(child.unit, "item", node, children=child.children)
            for below in child.children:
                below.parent = current
            current.end = child.end
            seen_major = False
            children.append(current)
        elif current is not None and (child.kind == "label" or (child.kind == "text" and not seen_major)):
            seen_major = seen_major or child.label in MAJOR
            child.parent = current
            current.children.append(child)
            current.end = max(current.end, child.end)
        else:
            children.append(child)
            if child.kind == "item":
                current = None
    node.children = children
