"""Measures out of a field: numbered items, paragraphs, or clauses joined by semicolons.

Which of the three an unnumbered paragraph is, the document decides as a whole (:class:`Convention`), not the paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.docparse.understand.lexicon import MINOR
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.status import BARE_RE, SENTENCE_RE

_CLAUSE_RE = re.compile(r"[^;。\n]+[;。]?")
_LEADING = " \t\n、.。;:,,"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the working text that is one measure, with the node it came from."""

    start: int
    """First offset."""
    end: int
    """Offset behind the last character."""
    node: Node | None = None
    """The numbered node, when there is one."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a document writes measures without numbers."""

    split_clauses: bool
    """Semicolon-joined clauses are separate measures."""


def trim(norm: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without blanks and stray separators at its ends; closing stops stay."""
    while start < end and norm[start] in _LEADING:
        start += 1
    while end > start and norm[end - 1] in " \t\n;(【[,、":
        end -= 1
    return start, end


def find_convention(norm: str, fields: list[Node]) -> Convention:
    """Return how unnumbered fields are to be read, from all measure fields of the document.

    Where some fields are numbered, an unnumbered paragraph is one measure.  Where none is, clauses joined by semicolons
    are separate measures if the fields are lists of measures, or if nearly all of them are built that way.
    """
    numbered = sum(1 for field in fields if field.items())
    if numbered * 5 > len(fields) or not fields:
        return Convention(split_clauses=False)
    joined = lists = plain = 0
    for field in fields:
        if field.items():
            continue
        plain += 1
        text = norm[field.content : field.stop].strip()
        below = [child for child in field.children if child.kind == "text"]
        if not text and below:
            text = norm[below[0].content : below[0].stop].strip()
        if _is_clause_list(text):
            joined += 1
            lists += field.label == "measures"
    if not plain:
        return Convention(split_clauses=False)
    return Convention(split_clauses=lists * 2 >= plain or joined * 5 >= plain * 4)


def _is_clause_list(text: str) -> bool:
    """Tell whether *text* is clauses joined by semicolons with no full stop before the end."""
    if ";" not in text.rstrip("。;"):
        return False
    inner = text.rstrip("。;\n ")
    return "。" not in inner or inner.count(";") >= 2 * inner.count("。")


def split_clauses(norm: str, start: int, end: int) -> list[Piece]:
    """Return the clauses of ``norm[start:end]`` that semicolons or full stops part."""
    pieces = []
    for match in _CLAUSE_RE.finditer(norm, start, end):
        left, right = trim(norm, *match.span())
        if right - left > 3:
            pieces.append(Piece(left, right))
    return pieces


def find_pieces(norm: str, field: Node, convention: Convention) -> list[Piece]:
    """Return the measures of one field."""
    items = field.items()
    if items:
        return _numbered(norm, field, items)
    pieces: list[Piece] = []
    ranges = [(field.content, _own_stop(field))]
    ranges += [(child.content, child.stop) for child in field.children if child.kind == "text"]
    for start, end in ranges:
        pieces.extend(find_paragraph_pieces(norm, start, end, convention))
    return pieces


def find_paragraph_pieces(norm: str, start: int, end: int, convention: Convention) -> list[Piece]:
    """Return the measures of one unnumbered paragraph."""
    start, end = trim(norm, start, end)
    if end - start < 2 or states_only_status(norm, start, end):
        return []
    start, _ = trim(norm, behind_status(norm, start, end), end)
    if convention.split_clauses and ";" in norm[start : end - 1]:
        return split_clauses(norm, start, end)
    return [Piece(start, end)]


def behind_status(norm: str, start: int, end: int) -> int:
    """Return the offset behind a status sentence that opens ``norm[start:end]``, or *start*."""
    match = BARE_RE.match(norm, start, end) or SENTENCE_RE.match(norm, start, end)
    if match and match.end() < end and match.end() - start <= 40:
        stop = match.end()
        return stop + 1 if norm[stop : stop + 1] in "。;" else stop
    return start


def states_only_status(norm: str, start: int, end: int) -> bool:
    """Tell whether a paragraph is one short status sentence and nothing else."""
    if end - start > 45:
        return False
    bare = BARE_RE.match(norm, start, end)
    if bare and bare.end() >= end - 1:
        return True
    match = SENTENCE_RE.match(norm, start, end)
    return bool(match and match.end() >= end - 1)


def _own_stop(field: Node) -> int:
    return field.stop


def _numbered(norm: str, field: Node, items: list[Node]) -> list[Piece]:
    pieces: list[Piece] = []
    for child in field.children:
        if child.kind == "item":
            start, end = trim(norm, child.content, content_end(child))
            if end > start:
                pieces.append(Piece(start, end, child))
        elif child.kind == "text" and pieces and not pieces[-1].node:
            pieces.append(Piece(*trim(norm, child.content, child.stop)))
    return pieces


def content_end(node: Node) -> int:
    """Return where the words of a numbered measure end: before the who and when that hang under it."""
    for child in node.children:
        if child.kind == "label" and child.label in MINOR:
            return min(child.start, node.end) if child.start > node.content else node.end
    return node.end
