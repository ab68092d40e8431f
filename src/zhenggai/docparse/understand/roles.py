"""Fifth station: which nodes of the outline are problems, aspects, groups, and which parts are neither.

The decision is taken for *classes* of nodes (the same chain of styles) with evidence from the whole document: what their
titles sound like, whether fields hang under them, what stands below.  A class wins, single nodes follow it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import (
    ACTION_RE,
    ADVICE_LEAD_RE,
    ADVICE_RE,
    ASPECT_RE,
    ATTACHMENT_RE,
    CAUSE_SECTION_RE,
    DONE_RE,
    FINDING_SECTION_RE,
    FOLLOW_UP_RE,
    MAJOR,
    ORGANISING_RE,
    PROBLEM_RE,
)
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.prose import find_prose
from zhenggai.docparse.understand.titles import Title, find_title

Key = tuple[str, ...]
_COUNTED_SECTION_RE = re.compile(r"[\d一二三四五六七八九十]+个?(?:方面|类|大类)")
_QUESTION_RE = re.compile(r"(?:什么|如何|怎么|怎样|吗|多少|哪些|哪里|要不要|是不是|能否|可否|是否需要)")
_LIST_STYLES = frozenset({"yishi", "yiyao", "qiyi", "first", "ord", "circled", "pnum", "bullet", "alpha"})


@dataclass(slots=True)
class ClassFacts:
    """Evidence about one class of nodes."""

    key: Key
    """Chain of styles from the outermost level."""
    nodes: list[Node] = field(default_factory=list)
    """Its members."""
    owners: float = 0.0
    """Share that carries measures or progress under a label."""
    about: float = 0.0
    """Share whose title is 关于/针对…问题 or quoted."""
    problem: float = 0.0
    """Share whose title sounds like a problem."""
    action: float = 0.0
    """Share whose title sounds like an action."""
    aspect: float = 0.0
    """Share whose title ends in 方面."""
    section: float = 0.0
    """Share whose title names a section."""
    done: float = 0.0
    """Share whose body opens with a status sentence."""
    inline: float = 0.0
    """Share that begins inside a paragraph."""
    body: float = 0.0
    """Share that has anything below or behind its title."""
    headed: float = 0.0
    """Share that is a short heading line over something."""
    question: float = 0.0
    """Share that asks something."""
    bonus: float = 0.0
    """Weight of evidence from outside: the declared count, the kind of paper."""

    @property
    def score(self) -> float:
        """Weight of the evidence that the class is the level of problems, without fields."""
        return (
            2.0 * self.about
            + 1.5 * self.problem
            + 1.5 * self.done
            - 2.0 * self.action
            - 1.3 * self.aspect * (1 - self.done)
            - 2.0 * self.section
            - 0.4 * self.inline
            - 2.0 * self.question
            + self.bonus
        )


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


def title_text(norm: str, node: Node) -> str:
    """Return the first sentence of a node's own words, folded."""
    text = norm[node.content : min(node.stop, node.content + 160)].strip()
    return re.split(r"[。;\n]", text, maxsplit=1)[0]


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
    if not above and node.unit is not None and (node.inline or node.style in _LIST_STYLES):
        own += f"@{_list_start(node)}"
    return (*(upper.style for upper in above), own)


def _runs_on_inline(node: Node) -> bool:
    """Tell whether a list that opens a paragraph goes on inside it, so that its first member is like the others."""
    if node.style not in _LIST_STYLES or node.parent is None or node.unit is None or node.value != 1:
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


# ── repairs of the outline that need the whole ────────────────────────────────────────────────────────────────────
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
    for node in [root, *root.walk()]:
        if node.kind == "label":
            continue
        labels = own_labels(node)
        starts = [child for child in labels if child.label in ("title", "description")]
        majors = [child for child in labels if child.label in MAJOR]
        if not starts or not majors or not (node.kind == "root" or (len(starts) > 1 and len(majors) > 1)):
            continue
        if node.kind == "item" and len(majors) < 2:
            continue
        _regroup(node)


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


# ── sections ──────────────────────────────────────────────────────────────────────────────────────────────────────
def skip_reason(norm: str, node: Node) -> str:
    """Return why *node* and all below it hold no problems, or an empty string."""
    title = title_text(norm, node)
    if len(title) > 70 and not FOLLOW_UP_RE.match(title):
        title = title[:40]
    owners = sum(1 for below in node.walk() if below.kind == "item" and is_owner(below))
    if is_owner(node) or node.style in ("item", "about", "方面", "fangmian") or title.startswith(("关于", "针对", "“")):
        return ""
    problem = bool(PROBLEM_RE.search(title))
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
    abouts = sum(1 for below in node.items() for it in [below, *below.items()] if _is_about(norm, it))
    if ORGANISING_RE.search(title) and not problem and not names_findings and not ASPECT_RE.search(title):
        return "" if owners or abouts > 1 else "组织整改部分"
    return ""


def _is_about(norm: str, node: Node) -> bool:
    text = norm[node.content : min(node.stop, node.content + 90)].strip()
    if text.startswith(("关于", "针对")):
        return "问题" in text or "方面" in text[:40]
    return bool(text[:1] in ("“", '"') and re.search(r"[”\"](?:的?问题|方面)", text))


def is_section(norm: str, node: Node) -> bool:
    """Tell whether *node* is the heading of the whole part that lists problems, rather than an aspect or a problem."""
    title = title_text(norm, node).strip(" :。")
    if _is_about(norm, node) and not is_owner(node) and "“" in title:
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


# ── classes ───────────────────────────────────────────────────────────────────────────────────────────────────────
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
    lift_labels(root)
    lift_followers(root)
    group_cycles(root)
    roles = Roles()
    live = _collect_live(norm, root, roles)
    classes = _measure_classes(norm, live, roles)
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
        else _choose_unlabelled(norm, classes, roles, reports, feedback)
    )
    over = {upper for table in roles.tables if table.unit and table.unit.table in ledgers for upper in table.path()}
    chosen = [node for node in chosen if node not in over]
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


def _measure_classes(norm: str, live: list[Node], roles: Roles) -> dict[Key, ClassFacts]:
    classes: dict[Key, ClassFacts] = {}
    for node in live:
        key = key_of(node)
        facts = classes.setdefault(key, ClassFacts(key))
        facts.nodes.append(node)
        title = find_title(norm, node.content, node.stop, clause=node.inline)
        roles.titles[node] = title
        words = norm[title.start : title.end]
        question = bool(_QUESTION_RE.search(words)) or norm[title.end : title.end + 1] == "?"
        about = (title.shape in ("about", "quoted") or node.style in ("item", "about")) and not question
        problem = bool(PROBLEM_RE.search(words)) or words.endswith("问题")
        facts.owners += is_owner(node)
        facts.about += about
        facts.problem += problem
        facts.action += bool(ACTION_RE.match(words)) and not problem and not about
        facts.aspect += bool(ASPECT_RE.search(title_text(norm, node))) or node.style in ("方面", "fangmian")
        facts.section += is_section(norm, node)
        facts.done += _opens_done(norm, node, title)
        facts.inline += node.inline
        facts.body += bool(node.children) or title.rest < node.stop
        facts.question += question
        facts.headed += not node.inline and len(words) <= 40 and title.rest >= node.stop and bool(node.children)
    for facts in classes.values():
        count = len(facts.nodes)
        for name in (
            "owners",
            "about",
            "problem",
            "action",
            "aspect",
            "section",
            "done",
            "inline",
            "body",
            "headed",
            "question",
        ):
            setattr(facts, name, getattr(facts, name) / count)
    return classes


def _opens_done(norm: str, node: Node, title: Title) -> bool:
    if title.rest < node.stop and DONE_RE.match(norm[title.rest : min(node.stop, title.rest + 40)]):
        return True
    first = node.children[0] if node.children else None
    return bool(first and first.kind == "text" and DONE_RE.match(norm[first.content : first.content + 40]))


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
    norm: str, classes: dict[Key, ClassFacts], roles: Roles, reports: bool, feedback: bool
) -> list[Node]:
    """Without labels the level of problems is the deepest class whose evidence holds and whose parent's does not outweigh it."""
    for facts in classes.values():
        facts.bonus += 0.6 * _announced_share(norm, facts)
        if not reports:
            facts.bonus += 0.5 * _spelt_out_share(norm, facts)
    good = {key for key, facts in classes.items() if facts.score >= 0.85 and _enough(norm, facts, feedback)}
    chosen_keys: set[Key] = set()
    for key in good:
        if not any(
            _refines(norm, classes, deeper, key, reports)
            for deeper in good
            if len(deeper) == len(key) + 1 and deeper[: len(key)] == key
        ):
            chosen_keys.add(key)
    chosen: list[Node] = []
    for key in sorted(chosen_keys, key=len):
        above = [other for other in chosen_keys if len(other) < len(key) and key[: len(other)] == other]
        if above and not any(_refines(norm, classes, key, other, reports) for other in above):
            continue
        facts = classes[key]
        chosen.extend(facts.nodes)
        roles.reasons[key] = (
            f"本层 {len(facts.nodes)} 个标题中“关于…的问题”句式占 {facts.about:.0%},问题性表述占 {facts.problem:.0%}",
            f"以整改状态开头的占 {facts.done:.0%},措施性表述占 {facts.action:.0%}",
        )
    members = set(chosen)
    return [
        node for node in chosen if not any(above in members and not _is_split(node, members) for above in node.path())
    ]


def _is_split(node: Node, members: set[Node]) -> bool:
    return False


def _enough(norm: str, facts: ClassFacts, feedback: bool) -> bool:
    """Ask lists inside sentences for a context that announces problems, and lone titles for a clear shape."""
    count = len(facts.nodes)
    if facts.about >= 0.5 or facts.done >= 0.5:
        return True
    if facts.inline > 0.5 or facts.nodes[0].style in _LIST_STYLES:
        if feedback and count >= 3 and facts.problem >= 0.75:
            return True
        announced = sum(1 for node in facts.nodes if _announced(norm, node))
        return announced * 2 >= count and count >= 2
    return count >= 2 or facts.problem == 1.0


_ANNOUNCE_RE = re.compile(
    r"(?:问题|不足|短板|薄弱环节|表现|差距)(?:如下|是|有|为|包括|表现在|主要是|主要有"
    r"|清单)?[:,。]?[^。]{0,12}$|(?:问题|不足|短板|差距|薄弱环节)"
)


_OPEN_HEADING_RE = re.compile(r"(?:存在|表现为|表现在|主要表现|发现)\s?[:,]?$")
_MEETING_RE = re.compile(
    r"(?<!反馈)(?:会议|大会|推进会|座谈会|会上)[^。;]{0,8}(?:指出|认为|强调|通报)[^。;]{0,6}(?:当前|目前|全市|全县|全区|全省|我[市县区省])"
)
_CAUSE_LEAD_RE = re.compile(
    r"(?:究其|分析|剖析|产生|问题的?|主要|深层次|主观|客观)(?:根源|原因)|原因(?:在于|有|是|主要)"
)
_ANNOUNCED_LIST_RE = re.compile(
    r"(?<!针对)(?<!整改)(?<!解决)(?:问题|不足|短板|薄弱环节)(?:和不足)?(?:如下|主要(?:有|是|为|表现为|包括)|有|是|为|包括|表现在)?[:,]?(?:主要(?:有|是))?[::]?\s?$"
)


def _announced_share(norm: str, facts: ClassFacts) -> float:
    """Return the share of a list's members whose list is opened by words that announce problems."""
    if facts.inline <= 0.5 and facts.nodes[0].style not in _LIST_STYLES:
        return 0.0
    hits = 0
    opened = False
    for node in facts.nodes:
        if node.value <= 1 and node.unit is not None:
            low = node.unit.paragraph.start if node.inline else max(0, node.start - 40)
            opened = bool(_ANNOUNCED_LIST_RE.search(norm[low : node.start].rstrip()))
        hits += opened
    return hits / len(facts.nodes)


def _spelt_out_share(norm: str, facts: ClassFacts) -> float:
    """Return the share of a list's members that spell out a heading which names a problem and says nothing else."""
    if facts.inline <= 0.5:
        return 0.0
    hits = sum(
        1
        for node in facts.nodes
        if (above := node.parent) is not None
        and above.kind == "item"
        and not _has_detail(norm, above)
        and PROBLEM_RE.search(title_text(norm, above))
        and not ASPECT_RE.search(title_text(norm, above))
    )
    return hits / len(facts.nodes)


def _announced(norm: str, node: Node) -> bool:
    """Tell whether the words before a list, or the heading over it, speak of problems."""
    above = node.parent
    if above is not None and above.kind == "item":
        heading = title_text(norm, above)
        if above.style in ("方面", "fangmian") or _OPEN_HEADING_RE.search(heading):
            return True
        if ASPECT_RE.search(heading) or "问题" in heading or "不足" in heading or PROBLEM_RE.search(heading):
            return True
    if node.unit is None:
        return False
    lead = norm[node.unit.paragraph.start : node.start] if node.inline else norm[max(0, node.start - 120) : node.start]
    first = lead.split("一是")[0][-90:]
    if _CAUSE_LEAD_RE.search(first) or _MEETING_RE.search(first):
        return False
    return bool(_ANNOUNCE_RE.search(first))


def _has_detail(norm: str, node: Node) -> bool:
    """Tell whether a heading carries words of its own behind its title, or paragraphs below."""
    title = find_title(norm, node.content, node.stop)
    return title.rest < node.stop or any(child.kind == "text" for child in node.children) or not node.items()


def _refines(norm: str, classes: dict[Key, ClassFacts], deeper: Key, key: Key, reports: bool) -> bool:
    """Tell whether the deeper class is the level of problems, the upper only grouping it."""
    if deeper not in classes or key not in classes or deeper[: len(key)] != key or len(deeper) <= len(key):
        return False
    low, high = classes[deeper], classes[key]
    if low.score < 0.85:
        return False
    if high.aspect >= 0.5 or high.section >= 0.5:
        return True
    listed = deeper[-1].split("@")[0].rstrip("~") in _LIST_STYLES
    if low.inline > 0.5 or listed:
        # A list behind a heading that says nothing else holds the problems of a paper that reports no measures.
        told = high.nodes[:-1] or high.nodes
        bare = sum(1 for node in told if not _has_detail(norm, node))
        return not reports and bare * 5 >= len(told) * 4
    if low.about >= 0.5:
        return True
    if high.about >= 0.5 and low.body < 0.5:
        return False
    shared = sum(1 for node in high.nodes if node.items())
    return shared * 2 >= len(high.nodes)


_STATUS_SECTION_RE = re.compile(
    r"^(?:\(?[一二三四五六七八九十]\)?)?(?:目前)?(?:已(?:经)?(?:全部)?(?:完成|整改|销号)|完成整改|整改完成"
    r"|基本完成|阶段性完成|正在(?:整改|推进)|持续(?:整改|推进)|长期(?:坚持|整改)|尚未(?:完成|整改)"
    r"|未(?:完成|整改)|需(?:要)?(?:长期|持续))[^。,]{0,14}(?:问题|事项|任务|情况)"
)


def _names_status(norm: str, node: Node) -> bool:
    """Tell whether a heading groups problems by status (已完成整改的问题) rather than by aspect."""
    return bool(_STATUS_SECTION_RE.match(title_text(norm, node)))


def _names_a_part(norm: str, node: Node) -> bool:
    """Tell whether a heading that stands alone on its level only names the part of the paper, as 各股室整改情况 does."""
    title = title_text(norm, node)
    return not ASPECT_RE.search(title) and not PROBLEM_RE.search(title) and not _is_about(norm, node)


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
            and _is_about(norm, first)
            and "方面" not in title_text(norm, first)
            and first.style not in ("cn_dun", "cn_paren")
            and not is_owner(first)
        ):
            roles.parents[node] = first
            continue
        roles.aspects[node] = first
        if len(above) > 1:
            roles.parents[node] = above[-1]
