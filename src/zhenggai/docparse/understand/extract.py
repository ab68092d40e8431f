"""Sixth station: one problem node becomes one :class:`~zhenggai.docparse.draft.DraftFinding`.

Title, description, fields, measures, responsibility, deadline and status, each with the passage it was read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.draft import DraftFinding, DraftMeasure, DraftResponsibility, Span, Status
from zhenggai.docparse.understand.lexicon import (
    ACTION_RE,
    DONE_RE,
    FOLLOW_UP_RE,
    LABELS,
    MAJOR,
    MINOR,
    PROBLEM_RE,
    STRONG_ACTION_RE,
    WHO,
)
from zhenggai.docparse.understand.measures import (
    Convention,
    Piece,
    find_convention,
    find_paragraph_pieces,
    find_pieces,
    trim,
)
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.roles import Roles, group_status, title_text
from zhenggai.docparse.understand.status import find_stated, find_status
from zhenggai.docparse.understand.titles import Title, find_title
from zhenggai.docparse.understand.units import Unit
from zhenggai.docparse.understand.view import Paragraph, View
from zhenggai.kit.dates import find_dates
from zhenggai.kit.text import fold

_VALUE_TRIM = " \t\n。;,、:()【】[]"


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


@dataclass(frozen=True, slots=True)
class Context:
    """What all problems of a document share."""

    view: View
    """The working view."""
    roles: Roles
    """Roles decided."""
    convention: Convention
    """How unnumbered measures are written."""
    acts: bool
    """Paragraphs without label tell what was done, not what was wrong."""
    rests_act: bool
    """The words behind a title in its own paragraph tell what was done."""
    describes: bool
    """Numbered items without label tell what was wrong."""


def tidy(text: str) -> str:
    """Return *text* as one line."""
    return re.sub(r"\s*\n\s*", "", text).strip(" \t\u3000\u00a0")


def build_responsibility(who: dict[str, str]) -> DraftResponsibility | None:
    """Return who answers for a problem; a 责任单位 alone is also the department, as papers use the two words alike."""
    if not who:
        return None
    if "unit" in who and "department" not in who:
        who = who | {"department": who["unit"]}
    return DraftResponsibility(**who)


def parse_deadline(norm: str, words: str) -> str | None:
    """Return a deadline as ISO date, ISO month, or the document's own words.

    Args:
        norm: The same words folded.
        words: The words as they stand.
    """
    dates = [iso for date in find_dates(norm) if (iso := date.iso())]
    if dates:
        return dates[-1]
    return words.strip(_VALUE_TRIM + "。；，、：（）") or None


def build_findings(view: View, roles: Roles, aspects: dict[Node, int], *, reports: bool) -> list[DraftFinding]:
    """Return the problems of the outline in order.

    Args:
        view: Working view.
        roles: Roles decided.
        aspects: Index of the aspect of each problem.
        reports: The paper reports or plans rectification, so unlabelled text behind a problem tells what is done.
    """
    norm = view.norm
    parts = {node: _sort_parts(norm, node, roles) for node in roles.findings}
    fields = [part for node in roles.findings for part in (parts[node].measures or parts[node].progress)]
    acts = _bodies_act(norm, list(parts.values()), reports=reports)
    describes = _items_describe(norm, list(parts.values()))
    rests = _rests_act(norm, parts, roles)
    context = Context(
        view, roles, find_convention(norm, fields or _loose_fields(list(parts.values()))), acts, rests, describes
    )
    shared = _per_measure(norm, list(parts.values()))
    members = set(roles.findings)
    findings = []
    for index, node in enumerate(roles.findings):
        last = index == len(roles.findings) - 1
        findings.append(_build(context, node, parts[node], aspects, shared, last=last, members=members))
    return findings


def _sort_parts(norm: str, node: Node, roles: Roles) -> Parts:
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


def _bodies_act(norm: str, parts: list[Parts], *, reports: bool) -> bool:
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
            acts = _acts(norm, start, end)
            acting += acts
            wrong += not acts and bool(PROBLEM_RE.search(norm, start, end))
    if reports:
        return acting > 0 or wrong * 4 < total * 3
    return acting * 2 > total


def _rests_act(norm: str, parts: dict[Node, Parts], roles: Roles) -> bool:
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
        acting += _acts(norm, start, first if first != -1 else end)
    return acting * 2 > total


def _loose_fields(parts: list[Parts]) -> list[Node]:
    """Return stand-ins for fields where measures have no label, to see how they are written."""
    loose = []
    for part in parts:
        for start, end in part.bodies[-1:]:
            unit = Unit(start, start, end, Paragraph(start, end))
            loose.append(Node(unit, "label", None, end=end, children=list(part.items)))
    return loose


_ACTING_RE = re.compile(
    r"(?:对|将|把|就|与|会同|由)[^,。;]{1,24}(?:进行|开展|实施|予以|作出|组织|逐一|纳入|列入)|已(?:完成"
    r"|制定|印发|组织|召开|建立|开展|整改|修订|于|全部|全额|收回|清退|上缴|补)|(?:制定|印发|修订"
    r"|出台)(?:了)?《|整改到位|立行立改"
    r"|(?:清退|收回|追回|退回|补缴|约谈|问责|批评教育|通报批评|谈话提醒|诫勉|立案|停发|撤销|新增|更正"
    r"|补发)[^。;]{0,18}\d|\d+(?:人次|余人次|场次|期|场)"
)


def _acts(norm: str, start: int, end: int) -> bool:
    start, end = trim(norm, start, end)
    text = norm[start : min(end, start + 60)]
    if DONE_RE.match(text) or STRONG_ACTION_RE.match(text):
        return True
    first = re.split(r"[。;]", text, maxsplit=1)[0]
    if ACTION_RE.match(text) and not PROBLEM_RE.search(first[:24]):
        return True
    return bool(_ACTING_RE.search(norm, start, end))


def _per_measure(norm: str, parts: list[Parts]) -> bool:
    """Tell whether who and when are stated per measure, from problems with several measures."""
    each = once = 0
    for part in parts:
        lists = [label.items() for label in part.measures or part.progress] or [part.items]
        for items in lists:
            if len(items) < 2:
                continue
            having = sum(1 for item in items if _minor_of(item))
            if having == len(items) or having > 1:
                each += 1
            elif having == 1 and _minor_of(items[-1]):
                once += 1
    return each > once


_DUTY_RE = re.compile(
    r"(?:此项工作|该项工作|本项)?[,,]?由(?P<leader>[一-龥]{2,4}?)(?:同志|[副]?(?:书记|局长|主任|院长|检察长))?(?:牵头|负责|包抓)[,,]?(?:(?P<department>[一-龥]{2,14}?)(?:具体)?(?:负责|落实|承办))?"
    r"(?:[,,]?(?:于|在)?(?P<deadline>[^,。;]{2,16}?)(?:之?前)?(?:完成|办结|落实到位))?[。;]?$"
)


Ranges = dict[str, tuple[int, int]]


def _duty_sentences(norm: str, pieces: list[Piece], node: Node) -> tuple[list[Piece], list[Ranges]]:
    """Take sentences that only say who is to act by when (由某某牵头,某科负责,某日前完成) out of the measures."""
    named: list[Ranges] = []
    taken: set[int] = set()
    ranges = [(piece.start, piece.end) for piece in pieces]
    ranges += [(below.content, below.stop) for below in node.walk() if below.kind == "text"]
    for start, end in ranges:
        if end - start >= 60 or start in taken:
            continue
        match = _DUTY_RE.match(norm[start:end].strip())
        if match and (match["department"] or match["deadline"]):
            taken.add(start)
            low = start + len(norm[start:end]) - len(norm[start:end].lstrip())
            named.append(
                {
                    kind: (low + match.start(kind), low + match.end(kind)) if match[kind] else (0, 0)
                    for kind in ("leader", "department", "deadline")
                }
            )
    return [piece for piece in pieces if piece.start not in taken], named


def _minor_of(item: Node) -> list[Node]:
    return [node for node in item.walk() if node.kind == "label" and node.label in MINOR]


def _value(view: View, label: Node) -> str:
    """Return the words of a who or when field."""
    end = label.end if label.label in ("target", "status", "remark") else label.stop
    start, stop = label.content, end
    if not view.norm[start:stop].strip(_VALUE_TRIM) and label.children and label.children[0].kind == "text":
        start, stop = label.children[0].content, label.children[0].stop
    norm = view.norm
    if label.label in WHO or label.label == "deadline":
        full = norm.find("。", start, stop)
        stop = full if full != -1 else stop
    while start < stop and norm[start] in _VALUE_TRIM:
        start += 1
    while stop > start and norm[stop - 1] in _VALUE_TRIM:
        if norm[stop - 1] == ")" and norm.count("(", start, stop - 1) > norm.count(")", start, stop - 1):
            break
        stop -= 1
    return tidy(view.text[start:stop])


def _build(
    context: Context,
    node: Node,
    parts: Parts,
    aspects: dict[Node, int],
    shared: bool,
    *,
    last: bool,
    members: set[Node],
) -> DraftFinding:
    view, norm = context.view, context.view.norm
    title = context.roles.titles[node]
    note = title.note
    who: dict[str, str] = {}
    deadline = target = None
    status: Status | None = None
    status_text: str | None = None
    fields = parts.measures or parts.progress
    pieces: list[Piece] = [piece for label in fields for piece in find_pieces(norm, label, context.convention)]
    if not fields:
        pieces = _unlabelled(context, title, parts, members, last=last)
    elif last:
        pieces = _without_closing(norm, pieces)
    if fields and not parts.description and parts.bodies:
        parts.description.extend(parts.bodies[:1])
    minor = list(parts.minor)
    if not shared:
        for item in [*parts.items, *(item for label in (*parts.measures, *parts.progress) for item in label.items())]:
            minor.extend(_minor_of(item))
    pieces, named = _duty_sentences(norm, pieces, node)
    for label in minor:
        value = _value(view, label)
        if not value:
            continue
        if label.label in WHO:
            who.setdefault(str(label.label), value)
        elif label.label == "deadline":
            deadline = deadline or parse_deadline(fold(value), value)
        elif label.label == "target":
            target = target or value
        elif label.label == "status" and status is None:
            status, status_text = find_status(fold(value)), value
    for words in named:
        for kind in ("leader", "department", "deadline"):
            if words[kind] != (0, 0):
                value = tidy(view.text[slice(*words[kind])])
                if kind == "deadline":
                    deadline = deadline or parse_deadline(fold(value), value)
                else:
                    who.setdefault(kind, value)
    if status is None:
        status, status_text = _stated_status(view, parts, fields, note)
    group = group_status(norm, node) if status is None else None
    if group is not None:
        status, status_text = find_status(title_text(norm, group)), title_text(norm, group)
    measures = tuple(_build_measure(view, piece, per_measure=shared) for piece in pieces)
    description, span = _description(view, parts)
    parent = context.roles.parents.get(node)
    return DraftFinding(
        no=node.unit.number if node.unit else "",
        title=tidy(view.text[title.start : title.end]),
        span=view.span(node.start, max(node.end, title.end)),
        title_span=view.span(title.start, title.end),
        aspect_index=aspects.get(node),
        description=description,
        description_span=span,
        measures=measures,
        progress=_progress(view, parts) if parts.measures else (),
        status=status,
        status_text=status_text if status else None,
        responsibility=build_responsibility(who),
        deadline=deadline,
        target=target,
        parent_no=parent.unit.number if parent and parent.unit else None,
        parent_title=heading_words(view, parent) if parent else None,
    )


def heading_words(view: View, node: Node) -> str:
    """Return the title of a heading above problems."""
    title = find_title(view.norm, node.content, node.stop)
    return tidy(view.text[title.start : title.end])


def _stated_status(view: View, parts: Parts, fields: list[Node], note: str) -> tuple[Status | None, str | None]:
    norm = view.norm
    for words in [note, *(label.unit.note for label in [*parts.progress, *parts.measures] if label.unit)]:
        status = find_status(words) if words and words not in LABELS else None
        if status:
            return status, words
    ranges = [(label.content, label.end) for label in [*parts.progress, *parts.measures]] or list(parts.bodies)
    ranges += [(item.content, item.stop) for item in parts.items[-1:]]
    for start, end in ranges:
        found = find_stated(norm, start, end)
        if found:
            return found[0], tidy(view.text[found[1] : found[2]])
    return None, None


def _unlabelled(context: Context, title: Title, parts: Parts, members: set[Node], *, last: bool) -> list[Piece]:
    """Return the measures of a problem whose measures have no label; the rest becomes its description."""
    norm = context.view.norm
    items = [item for item in parts.items if item not in members]
    bodies = _without_tail(norm, parts.bodies) if last else parts.bodies
    if items:
        if context.acts and not context.describes:
            parts.description.extend(bodies)
            return [Piece(*trim(norm, item.content, item.end), item) for item in items]
        parts.description.extend([*bodies, *((item.start, item.end) for item in items)])
        return []
    strict = context.roles.labelled and not any(_acts(norm, start, end) for start, end in bodies)
    if not context.acts or strict:
        parts.description.extend(bodies)
        return []
    pieces: list[Piece] = []
    begun = False
    for index, (start, end) in enumerate(bodies):
        cut = start
        alone = index == len(bodies) - 1
        rest = start == title.rest
        begun = begun or bool(pieces) or bool(DONE_RE.match(norm[start : start + 40].lstrip()))
        if rest and not alone and not begun and not _acts(norm, start, end):
            parts.description.append((start, end))
            continue
        if not begun and not (alone and (not rest or context.rests_act) and len(parts.description) + index == 0):
            cut = _detail_end(norm, start, end)
        if cut > start:
            parts.description.append((start, cut))
        if cut < end:
            pieces.extend(find_paragraph_pieces(norm, cut, end, context.convention))
    return pieces


def _items_describe(norm: str, parts: list[Parts]) -> bool:
    """Tell whether numbered items below problems are their manifestations, by majority over the document."""
    wrong = total = 0
    for part in parts:
        for item in part.items:
            total += 1
            wrong += not _acts(norm, item.content, item.stop) and bool(PROBLEM_RE.search(norm, item.content, item.stop))
    return wrong * 3 > total * 2


_SENTENCE_RE = re.compile(r"[^。]*。|[^。]+$")


def _detail_end(norm: str, start: int, end: int) -> int:
    """Return where the detail of a problem ends and what was done begins, in a paragraph that may hold both."""
    at = start
    for match in _SENTENCE_RE.finditer(norm, start, end):
        text = match[0].strip()
        if not text:
            continue
        wrong = bool(PROBLEM_RE.search(text))
        if _acts(norm, match.start(), match.end()) and not (
            wrong and not _ACTING_RE.search(text) and not ACTION_RE.match(text)
        ):
            return at
        if not wrong:
            return at
        at = match.end()
    return at


def _without_closing(norm: str, pieces: list[Piece]) -> list[Piece]:
    """Drop unnumbered pieces behind the last problem's measures that speak of the whole paper."""
    for index, piece in enumerate(pieces):
        if index and piece.node is None and FOLLOW_UP_RE.match(norm[piece.start : piece.start + 12]):
            return pieces[:index]
    return pieces


def _without_tail(norm: str, bodies: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop closing paragraphs behind the last problem that speak of the whole."""
    for index, (start, _) in enumerate(bodies):
        text = norm[start : start + 30].lstrip()
        if index and (
            FOLLOW_UP_RE.match(text)
            or re.match(r"[一-龥]{0,8}(?:党组|党委|我[局院校委]|本单位)将", text)
            or "特此" in text
        ):
            return bodies[:index]
    return bodies


def _build_measure(view: View, piece: Piece, *, per_measure: bool) -> DraftMeasure:
    who: dict[str, str | None] = {}
    if per_measure and piece.node:
        for label in _minor_of(piece.node):
            value = _value(view, label)
            if label.label in ("leader", "department", "person"):
                who.setdefault(label.label, value)
            elif label.label == "unit":
                who.setdefault("department", value)
            elif label.label == "deadline":
                who.setdefault("deadline", parse_deadline(fold(value), value))
    return DraftMeasure(
        text=tidy(view.text[piece.start : piece.end]),
        span=view.span(piece.start, piece.end),
        leader=who.get("leader"),
        department=who.get("department"),
        person=who.get("person"),
        deadline=who.get("deadline"),
    )


def _description(view: View, parts: Parts) -> tuple[str, Span | None]:
    texts = []
    first = last = -1
    for start, end in parts.description:
        start, end = trim(view.norm, start, end)
        if end > start:
            texts.append(tidy(view.text[start:end]))
            first = start if first < 0 else first
            last = end
    return "\n".join(texts), (view.span(first, last) if texts else None)


def _progress(view: View, parts: Parts) -> tuple[str, ...]:
    convention = Convention(split_clauses=False)
    return tuple(
        tidy(view.text[piece.start : piece.end])
        for label in parts.progress
        for piece in find_pieces(view.norm, label, convention)
    )
