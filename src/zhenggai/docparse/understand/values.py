"""The small fields of a problem: who answers, until when, as words or as sentences of their own."""

from __future__ import annotations

import datetime
import re

from zhenggai.docparse.draft import DraftResponsibility
from zhenggai.docparse.understand.lexicon import MINOR, WHO
from zhenggai.docparse.understand.measures import Piece
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.view import View
from zhenggai.kit.dates import find_dates

_VALUE_TRIM = " \t\n。;,、:()【】[]"


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
    if re.fullmatch(r"\s*[34]\d{4}\s*", norm):
        # What a spreadsheet makes of a day in a cell that is not formatted as one.
        return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(norm))).isoformat()
    return words.strip(_VALUE_TRIM + "。；，、：（）") or None


_DUTY_RE = re.compile(
    r"(?:此项工作|该项工作|本项)?[,,]?由(?P<leader>[一-龥]{2,4}?)(?:同志|[副]?(?:书记|局长|主任|院长|检察长))?(?:牵头|负责|包抓)[,,]?(?:(?P<department>[一-龥]{2,14}?)(?:具体)?(?:负责|落实|承办))?"
    r"(?:[,,]?(?:于|在)?(?P<deadline>[^,。;]{2,16}?)(?:之?前)?(?:完成|办结|落实到位))?[。;]?$"
)


Ranges = dict[str, tuple[int, int]]


def duty_sentences(norm: str, pieces: list[Piece], node: Node) -> tuple[list[Piece], list[Ranges]]:
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


def minor_of(item: Node) -> list[Node]:
    return [node for node in item.walk() if node.kind == "label" and node.label in MINOR]


def field_value(view: View, label: Node) -> str:
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
