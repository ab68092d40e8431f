"""Fifth station: which nodes of the outline are problems, aspects, groups, and which parts are neither.

The decision is taken for *classes* of nodes (the same chain of styles) with evidence from the whole document: what their
titles sound like, whether fields hang under them, what stands below.  A class wins, single nodes follow it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from zhenggai.docparse.understand.evidence import (
    ClassFacts,
    announced_share,
    has_enough,
    measure_classes,
    refines_class,
    spelt_out_share,
)
from zhenggai.docparse.understand.lexicon import ADVICE_LEAD_RE, ASPECT_RE, PROBLEM_RE
from zhenggai.docparse.understand.nodes import Key, Roles, is_owner, key_of, title_text
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.prose import find_prose
from zhenggai.docparse.understand.repairs import group_cycles, join_lists, lift_followers, lift_labels
from zhenggai.docparse.understand.sections import is_about, is_section, skip_reason


def decide_roles(
    norm: str,
    root: Node,
    *,
    reports: bool = False,
    declared: int | None = None,
    ledgers: frozenset[int] = frozenset(),
    feedback: bool = False,
) -> Roles:
    """Return the roles of the nodes of the outline *root*.

    Args:
        norm: Folded working text.
        root: The outline.
        reports: The paper reports or plans rectification.
        declared: How many problems the paper says it has.
        feedback: The paper is what an inspection tells the inspected body, so a list of what is wrong needs no lead.
        ledgers: Indexes of the tables whose rows are problems; what stands above such a table is none itself.
    """
    join_lists(root)
    lift_labels(root)
    lift_followers(root)
    group_cycles(root)
    roles = Roles()
    live = _collect_live(norm, root, roles)
    classes = measure_classes(norm, live, roles)
    for facts in classes.values():
        count = len(facts.nodes)
        named = facts.about + facts.problem + facts.done
        if reports and count >= 2 and facts.action < 0.3 and named >= 0.2:
            facts.bonus += 0.9 * facts.headed
        if declared and count == declared and count > 2:
            facts.bonus += 0.7
    roles.labelled = any(facts.owners for facts in classes.values())
    chosen = (
        _choose_labelled(classes, roles)
        if roles.labelled
        else _choose_unlabelled(norm, classes, roles, reports, feedback, declared)
    )
    over = {upper for table in roles.tables if table.unit and table.unit.table in ledgers for upper in table.path()}
    chosen = [node for node in chosen if node not in over]
    _cut_details(norm, chosen, roles)
    order = {node: index for index, node in enumerate(live)}
    roles.findings = sorted(chosen, key=lambda node: order[node])
    _place(norm, roles)
    if not roles.findings and not reports:
        for aspect, node, title in find_prose(norm, root, {skipped for skipped, _ in roles.skipped}):
            roles.findings.append(node)
            roles.titles[node] = title
            roles.reasons[key_of(node)] = ("正文以分句逐一列举问题,没有编号",)
            if aspect is not None:
                roles.aspects[node] = aspect
    return roles


_FIGURE_RE = re.compile(r"\d|[一二三四五六七八九十两]+(?:个|名|次|年|人|家|起|成)")


def _cut_details(norm: str, chosen: list[Node], roles: Roles) -> None:
    """Let the titles of a list inside sentences end at the first comma where all members go on with evidence.

    ``一是学习不深,缺席率达21%;二是…``: each member names its problem before the comma, and figures stand behind it.
    """
    lists: dict[Key, list[Node]] = {}
    for node in chosen:
        if node.inline or key_of(node)[-1].split("@")[0].endswith("~"):
            lists.setdefault(key_of(node), []).append(node)
    for nodes in lists.values():
        cuts: dict[Node, int] = {}
        figures = 0
        for node in nodes:
            title = roles.titles[node]
            comma = norm.find(",", title.start + 4, title.end - 4)
            if title.shape in ("about", "quoted") or comma == -1 or not PROBLEM_RE.search(norm, title.start, comma):
                continue
            cuts[node] = comma
            figures += bool(_FIGURE_RE.search(norm, comma, title.end))
        if len(nodes) >= 3 and len(cuts) * 5 >= len(nodes) * 4 and figures * 3 >= len(nodes):
            for node, comma in cuts.items():
                roles.titles[node] = replace(roles.titles[node], end=comma, rest=comma + 1)


def _collect_live(norm: str, root: Node, roles: Roles) -> list[Node]:
    """Return the item nodes that may be problems or headings: outside labels and outside skipped parts."""
    live: list[Node] = []
    stack = [(child, 1) for child in reversed(_before_advice(norm, root, roles))]
    while stack:
        node, depth = stack.pop()
        if node.kind == "table":
            roles.tables.append(node)
        if node.kind != "item":
            continue
        if depth <= 2 and not node.inline:
            reason = skip_reason(norm, node)
            if reason:
                roles.skipped.append((node, reason))
                continue
        live.append(node)
        stack.extend((child, depth + 1) for child in reversed(_before_advice(norm, node, roles)))
    return live


def _before_advice(norm: str, node: Node, roles: Roles) -> list[Node]:
    """Return the children of *node* without the lists that words such as 提出如下建议 open."""
    kept: list[Node] = []
    style = ""
    advising = False
    for child in node.children:
        if child.kind == "text":
            advising = bool(ADVICE_LEAD_RE.search(norm[max(child.content, child.stop - 60) : child.stop].strip()))
            style = ""
        elif child.kind == "item" and advising and (not style or child.style == style):
            style = child.style
            roles.skipped.append((child, "意见建议部分"))
            continue
        elif child.kind == "item" and style:
            advising, style = False, ""
        kept.append(child)
    return kept


def _choose_labelled(classes: dict[Key, ClassFacts], roles: Roles) -> list[Node]:
    """Problems are the innermost nodes that carry measures, and their sisters that lost them."""
    chosen: list[Node] = []
    for facts in classes.values():
        if not facts.owners:
            continue
        strong = facts.owners >= 0.3 or (facts.owners >= 0.1 and facts.about >= 0.5)
        for node in facts.nodes:
            below = [
                item for item in node.walk() if item.kind == "item" and is_owner(item) and not _under_label(item, node)
            ]
            if below:
                continue
            if is_owner(node) or (strong and not _holds_class(node, classes)):
                chosen.append(node)
        roles.reasons[facts.key] = (
            f"本层 {len(facts.nodes)} 个标题中 {facts.owners:.0%} 之下有整改措施或整改情况标签",
            f"“关于…的问题”句式占 {facts.about:.0%},问题性表述占 {facts.problem:.0%}",
        )
    return chosen


def _under_label(item: Node, top: Node) -> bool:
    node = item.parent
    while node is not None and node is not top:
        if node.kind == "label":
            return True
        node = node.parent
    return False


def _holds_class(node: Node, classes: dict[Key, ClassFacts]) -> bool:
    """Tell whether a sister without fields is really a heading over a class that carries them."""
    return any(classes[key].owners > 0 for item in node.items() if (key := key_of(item)) in classes)


def _choose_unlabelled(
    norm: str,
    classes: dict[Key, ClassFacts],
    roles: Roles,
    reports: bool,
    feedback: bool,
    declared: int | None,
) -> list[Node]:
    """Without labels the level of problems is the deepest class whose evidence holds and whose parent's does not outweigh it."""
    for facts in classes.values():
        facts.bonus += 0.6 * announced_share(norm, facts)
        if not reports:
            facts.bonus += 0.5 * spelt_out_share(norm, facts)
    good = {key for key, facts in classes.items() if facts.score >= 0.85 and has_enough(norm, facts, feedback)}
    chosen_keys: set[Key] = set()
    for key in good:
        if declared and len(classes[key].nodes) == declared and not reports:
            chosen_keys.add(key)  # as many as the paper says it found; what they spell out are their manifestations
            continue
        if not any(
            refines_class(norm, classes, deeper, key, reports)
            for deeper in good
            if len(deeper) > len(key) and deeper[: len(key)] == key and _only_group(classes, key, deeper)
        ):
            chosen_keys.add(key)
    chosen: list[Node] = []
    for key in sorted(chosen_keys, key=len):
        above = [other for other in chosen_keys if len(other) < len(key) and key[: len(other)] == other]
        if above and declared and not reports and any(len(classes[other].nodes) == declared for other in above):
            continue
        if above and not any(refines_class(norm, classes, key, other, reports) for other in above):
            continue
        facts = classes[key]
        chosen.extend(facts.nodes)
        roles.reasons[key] = (
            f"本层 {len(facts.nodes)} 个标题中“关于…的问题”句式占 {facts.about:.0%},问题性表述占 {facts.problem:.0%}",
            f"以整改状态开头的占 {facts.done:.0%},措施性表述占 {facts.action:.0%}",
        )
    members = set(chosen)
    return [node for node in chosen if not any(above in members for above in node.path())]


def _only_group(classes: dict[Key, ClassFacts], key: Key, deeper: Key) -> bool:
    """Tell whether the levels between two classes only group what stands below them."""
    between = [classes.get(deeper[:size]) for size in range(len(key) + 1, len(deeper))]
    return all(facts is None or facts.section >= 0.5 or facts.aspect >= 0.5 for facts in between)


_STATUS_SECTION_RE = re.compile(
    r"^(?:\(?[一二三四五六七八九十]\)?)?(?:目前)?(?:已(?:经)?(?:全部)?(?:完成|整改|销号)|完成整改|整改完成(?!情况)"
    r"|基本完成|阶段性完成|正在(?:整改|推进)|持续(?:整改|推进)|长期(?:坚持|整改)|尚未(?:完成|整改)"
    r"|未(?:完成|整改)|需(?:要)?(?:长期|持续))(?!类)[^。,]{0,14}(?:问题|事项|任务|情况)"
)


def _names_status(norm: str, node: Node) -> bool:
    """Tell whether a heading groups problems by status (已完成整改的问题) rather than by aspect."""
    return bool(_STATUS_SECTION_RE.match(title_text(norm, node)))


def _names_a_part(norm: str, node: Node) -> bool:
    """Tell whether a heading that stands alone on its level only names the part of the paper, as 各股室整改情况 does."""
    title = title_text(norm, node)
    return not ASPECT_RE.search(title) and not PROBLEM_RE.search(title) and not is_about(norm, node)


def group_status(norm: str, node: Node) -> Node | None:
    """Return the heading above *node* that states the status of all problems below it, or None."""
    return next((upper for upper in reversed(node.path()) if _names_status(norm, upper)), None)


def _place(norm: str, roles: Roles) -> None:
    """Find the aspect and the parent heading of every problem and table."""
    members = set(roles.findings)
    holders = {upper for node in [*roles.findings, *roles.tables] for upper in node.path()}
    mates = Counter(key_of(upper) for upper in holders)
    tops = len({upper for upper in holders if len(upper.path()) == 0})
    for node in [*roles.findings, *roles.tables]:
        path = [upper for upper in node.path() if upper not in members]
        above = [upper for upper in path if not (is_section(norm, upper) and mates[key_of(upper)] < 2)]
        if len(above) > 1 and mates[key_of(above[0])] < 2 and _names_a_part(norm, above[0]):
            above = above[1:]
        above = [upper for upper in above if not _names_status(norm, upper)]
        if above and above[0].style.startswith("h") and above[0].style[1:].isdigit() and tops < 2 and len(above) > 1:
            above = above[1:]
        above = [upper for upper in above if not upper.inline or len(above) == 1]
        if not above:
            continue
        first = above[0]
        alone = len(above) == 1 and node.kind == "item"
        if (
            alone
            and is_about(norm, first)
            and "方面" not in title_text(norm, first)
            and first.style not in ("cn_dun", "cn_paren")
            and not is_owner(first)
        ):
            roles.parents[node] = first
            continue
        roles.aspects[node] = first
        if len(above) > 1:
            roles.parents[node] = above[-1]
