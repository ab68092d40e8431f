"""Evidence about the classes of nodes: what their titles sound like, how their lists are announced, what stands below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import ACTION_RE, ASPECT_RE, DONE_RE, PROBLEM_RE
from zhenggai.docparse.understand.nodes import LIST_STYLES, Key, Roles, is_owner, key_of, title_text
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.sections import is_section
from zhenggai.docparse.understand.titles import Title, find_title

_QUESTION_RE = re.compile(r"(?:什么|如何|怎么|怎样|吗|多少|哪些|哪里|要不要|是不是|能否|可否|是否需要)")
_RULE_RE = re.compile(r"(?:^|[,;、])(?:不得|严禁|禁止|不准|杜绝|是否|有无)|(?:是否|能否)[^。]{2,}$|[^目]的$")
"""A title that forbids, asks or names a case (未按要求整改的) says nothing about what was found."""

_GOAL_RE = re.compile(r"([^,;]{4,24})[,;](?:着力|切实|有效|重点|坚决)?(?:解决|破解|防止|避免|克服|消除|根治|杜绝)")
"""Begins a sentence that names a problem only as what is to be done away with: 压实责任,解决不敢改的问题."""


def _names_goal(words: str) -> bool:
    goal = _GOAL_RE.match(words)
    return goal is not None and not PROBLEM_RE.search(goal[1])


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
    rule: float = 0.0
    """Share that forbids something or names a case that may arise."""
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
            - 2.0 * self.rule
            + self.bonus
        )


def measure_classes(norm: str, live: list[Node], roles: Roles) -> dict[Key, ClassFacts]:
    classes: dict[Key, ClassFacts] = {}
    for node in live:
        key = key_of(node)
        facts = classes.setdefault(key, ClassFacts(key))
        facts.nodes.append(node)
        title = find_title(norm, node.content, node.stop, clause=node.inline)
        roles.titles[node] = title
        words = norm[title.start : title.end]
        question = bool(_QUESTION_RE.search(words)) or norm[title.end : title.end + 1] == "?"
        goal = _names_goal(words)
        about = (title.shape in ("about", "quoted") or node.style in ("item", "about")) and not question and not goal
        section = is_section(norm, node)
        problem = not section and not goal and (bool(PROBLEM_RE.search(words)) or words.endswith("问题"))
        facts.owners += is_owner(node)
        facts.about += about
        facts.problem += problem
        facts.action += bool(ACTION_RE.match(words)) and not problem and not about
        facts.aspect += bool(ASPECT_RE.search(title_text(norm, node))) or node.style in ("方面", "fangmian")
        facts.section += section
        facts.done += _opens_done(norm, node, title)
        facts.inline += node.inline
        facts.body += bool(node.children) or title.rest < node.stop
        facts.question += question
        facts.rule += goal or (not about and bool(_RULE_RE.search(words)))
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
            "rule",
        ):
            setattr(facts, name, getattr(facts, name) / count)
    return classes


def _opens_done(norm: str, node: Node, title: Title) -> bool:
    if title.rest < node.stop and DONE_RE.match(norm[title.rest : min(node.stop, title.rest + 40)]):
        return True
    first = node.children[0] if node.children else None
    return bool(first and first.kind == "text" and DONE_RE.match(norm[first.content : first.content + 40]))


def has_enough(norm: str, facts: ClassFacts, feedback: bool) -> bool:
    """Ask lists inside sentences for a context that announces problems, and lone titles for a clear shape."""
    count = len(facts.nodes)
    if facts.about >= 0.5 or facts.done >= 0.5:
        return True
    if facts.inline > 0.5 or facts.nodes[0].style in LIST_STYLES:
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


def announced_share(norm: str, facts: ClassFacts) -> float:
    """Return the share of a list's members whose list is opened by words that announce problems."""
    if facts.inline <= 0.5 and facts.nodes[0].style not in LIST_STYLES:
        return 0.0
    hits = 0
    opened = False
    for node in facts.nodes:
        if node.value <= 1 and node.unit is not None:
            low = node.unit.paragraph.start if node.inline else max(0, node.start - 40)
            opened = bool(_ANNOUNCED_LIST_RE.search(norm[low : node.start].rstrip()))
        hits += opened
    return hits / len(facts.nodes)


def spelt_out_share(norm: str, facts: ClassFacts) -> float:
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


def refines_class(norm: str, classes: dict[Key, ClassFacts], deeper: Key, key: Key, reports: bool) -> bool:
    """Tell whether the deeper class is the level of problems, the upper only grouping it."""
    if deeper not in classes or key not in classes or deeper[: len(key)] != key or len(deeper) <= len(key):
        return False
    low, high = classes[deeper], classes[key]
    if low.score < 0.85:
        return False
    if high.aspect >= 0.5 or high.section >= 0.5:
        return True
    listed = deeper[-1].split("@")[0].rstrip("~") in LIST_STYLES
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
