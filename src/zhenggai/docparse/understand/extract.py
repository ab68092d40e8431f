"""Sixth station: one problem node becomes one :class:`~zhenggai.docparse.draft.DraftFinding`.

Title, description, fields, measures, responsibility, deadline and status, each with the passage it was read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.docparse.draft import DraftFinding, DraftMeasure, Span, Status
from zhenggai.docparse.understand.lexicon import ACTION_RE, DONE_RE, FOLLOW_UP_RE, LABELS, PROBLEM_RE, WHO
from zhenggai.docparse.understand.measures import (
    Convention,
    Piece,
    find_convention,
    find_paragraph_pieces,
    find_pieces,
    trim,
)
from zhenggai.docparse.understand.nodes import Roles, title_text
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.parts import (
    ACTING_RE,
    Parts,
    bodies_act,
    items_describe,
    loose_fields,
    per_measure,
    rests_act,
    sort_parts,
    tells_action,
)
from zhenggai.docparse.understand.roles import group_status
from zhenggai.docparse.understand.status import find_stated, find_status
from zhenggai.docparse.understand.titles import Title, find_title
from zhenggai.docparse.understand.values import (
    build_responsibility,
    duty_sentences,
    field_value,
    minor_of,
    parse_deadline,
    tidy,
)
from zhenggai.docparse.understand.view import View
from zhenggai.kit.text import fold


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


def build_findings(view: View, roles: Roles, aspects: dict[Node, int], *, reports: bool) -> list[DraftFinding]:
    """Return the problems of the outline in order.

    Args:
        view: Working view.
        roles: Roles decided.
        aspects: Index of the aspect of each problem.
        reports: The paper reports or plans rectification, so unlabelled text behind a problem tells what is done.
    """
    norm = view.norm
    parts = {node: sort_parts(norm, node, roles) for node in roles.findings}
    fields = [part for node in roles.findings for part in parts[node].fields]
    acts = bodies_act(norm, list(parts.values()), reports=reports)
    describes = items_describe(norm, list(parts.values()))
    rests = rests_act(norm, parts, roles)
    context = Context(
        view, roles, find_convention(norm, fields or loose_fields(list(parts.values()))), acts, rests, describes
    )
    shared = per_measure(norm, list(parts.values()))
    members = set(roles.findings)
    findings = []
    for index, node in enumerate(roles.findings):
        last = index == len(roles.findings) - 1
        findings.append(_build(context, node, parts[node], aspects, shared, last=last, members=members))
    return findings


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
    fields = parts.fields
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
            minor.extend(minor_of(item))
    pieces, named = duty_sentences(norm, pieces, node)
    for label in minor:
        value = field_value(view, label)
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
        progress=_progress(view, [label for label in parts.progress if label not in fields]),
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
    under = [below for label in [*parts.progress, *parts.measures] for below in label.walk()]
    when = [(label.start, label.end) for label in [*parts.minor, *under] if label.label == "deadline"]
    for start, end in ranges:
        found = find_stated(norm, start, end)
        if found and not any(low <= found[1] and found[2] <= high for low, high in when):
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
    strict = context.roles.labelled and not any(tells_action(norm, start, end) for start, end in bodies)
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
        if rest and not alone and not begun and not tells_action(norm, start, end):
            parts.description.append((start, end))
            continue
        if not begun and not (alone and (not rest or context.rests_act) and len(parts.description) + index == 0):
            cut = _detail_end(norm, start, end)
        if cut > start:
            parts.description.append((start, cut))
        if cut < end:
            pieces.extend(find_paragraph_pieces(norm, cut, end, context.convention))
    return pieces


_SENTENCE_RE = re.compile(r"[^。]*。|[^。]+$")


def _detail_end(norm: str, start: int, end: int) -> int:
    """Return where the detail of a problem ends and what was done begins, in a paragraph that may hold both."""
    at = start
    for match in _SENTENCE_RE.finditer(norm, start, end):
        text = match[0].strip()
        if not text:
            continue
        wrong = bool(PROBLEM_RE.search(text))
        if tells_action(norm, match.start(), match.end()) and not (
            wrong and not ACTING_RE.search(text) and not ACTION_RE.match(text)
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
        for label in minor_of(piece.node):
            value = field_value(view, label)
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


def _progress(view: View, labels: list[Node]) -> tuple[str, ...]:
    convention = Convention(split_clauses=False)
    return tuple(
        tidy(view.text[piece.start : piece.end])
        for label in labels
        for piece in find_pieces(view.norm, label, convention)
    )
