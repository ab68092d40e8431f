"""Titles: the quoted or heading phrase out of the first words of a problem, and where its detail begins.

Input is folded text with offsets; the result gives offsets, so that the title keeps the document's own characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zhenggai.docparse.understand.lexicon import ACTION_RE, LABELS, PROBLEM_RE

OPENING = '“‘"「『'
CLOSING = '”’"」』'
_LEAD_RE = re.compile(
    r"\s*(?:(?:巡察|巡视|审计|督察|反馈)?(?:反馈|指出|提出)(?:的)?)?(?:存在)?(?P<about>关于|针对|对于|对照"
    r"|围绕)?\s?(?:反馈|巡察|巡视|指出)?(?:指出|反馈|提出)?(?:的)?(?=[“\"‘]|(?<=关于|针对|对于|对照"
    r"|围绕))\s?"
)
_ABOUT_RE = re.compile(
    r"\s*(?:在|就)?(?P<about>关于|针对|对于|(?:对|对照|对标|围绕|聚焦|就)(?=[“\"][^。]{2,80}[”\"](?:等|这一)?的?问题)|存在(?=“[^”。]{2,80}”的?问题))(?:(?:巡察|巡视|审计|督察)?(?:组)?(?:反馈|指出"
    r"|提出)的?(?=[“\"‘]))?\s?"
)
_TAIL_RE = re.compile(
    r"[”’\"']{0,2}\s?(?:这一|这个|等|等方面)?(?:方面(?:存在)?)?(?:的(?:突出|具体|主要)?)?问题(?:的?(?:整改|落实"
    r"|改进|解决)(?:落实|进展|完成|工作|措施)?(?:的)?(?:情况|进展|成效|措施|方面)?)?"
)
_QUOTE_TAIL_RE = re.compile(
    r"[”’\"']{1,2}\s?(?:(?:这一|这个|等)?(?:方面(?:存在)?)?(?:的(?:突出|具体|主要)?)?(?:问题|方面|情况|现象)"
    r"|(?=[。:;,!?\s]|$|整改|的整改|\())"
)
_STOP_RE = re.compile(r"[。;!?\n]|:(?!\d)|(?<!\d):")
_NOTE_RE = re.compile(
    r"\s?[(【\[](?P<note>[^()【】\[\]]{0,10}(?:完成|销号|整改|坚持|推进|办结|解决|落实|进行中|阶段"
    r"|达到序时)[^()【】\[\]]{0,10})[)】\]]\s?[。:]?$"
)
_BADGE_RE = re.compile(
    r"\s(?P<note>(?:已|基本|阶段性|全部|部分|正在|持续|尚未|未)(?:完成|整改|推进|销号|办结)(?:完成|整改|到位)?"
    r"|(?:整改)?完成|整改中|推进中|长期坚持)$"
)
_NOTE_AHEAD_RE = re.compile(
    r"[(【\[](?P<note>[^()【】\[\]]{0,6}(?:完成|销号|整改|坚持|推进|办结|解决|落实|进行中)[^()【】\[\]]{0,4})[)】\]]\s?[::]?\s?"
)
_SUFFIX_RE = re.compile(
    r"(?:(?:方面(?:存在)?)?的问题|(?<=[“”‘’\"])问题|(?<=[一-龥”])问题(?=的?整改))?(?:的)?(?:整改(?:落实|进展|完成)?(?:情况|进展)?)?$"
)
_TITLE_LIMIT = 130


@dataclass(frozen=True, slots=True)
class Title:
    """Where a title stands and what follows it."""

    start: int
    """Offset of its first character."""
    end: int
    """Offset behind its last character."""
    rest: int
    """Offset where the detail begins."""
    shape: str
    """``about`` for 关于/针对, ``quoted``, ``sentence`` (closed by a stop), ``phrase`` (the whole piece)."""
    note: str = ""
    """Status words in brackets behind the title."""


def find_title(norm: str, start: int, end: int, *, clause: bool = False) -> Title:
    """Return the title of the problem whose words are ``norm[start:end]``.

    Args:
        norm: Folded working text.
        start: First offset behind the enumerator.
        end: Offset behind the piece.
        clause: The piece is an item of a list inside a sentence, so its first complete clause is the title.
    """
    while start < end and norm[start] in " \t、.:,*#":
        start += 1
    ahead = _NOTE_AHEAD_RE.match(norm, start, min(end, start + 24))
    if ahead and ahead.end() < end:
        behind = find_title(norm, ahead.end(), end, clause=clause)
        return behind if behind.note else replace(behind, note=ahead["note"])
    stop = min(end, start + 400)
    about = _ABOUT_RE.match(norm, start, stop)
    if about:
        found = _about_title(norm, about.end(), stop, end)
        if found:
            return found
    if start < end and norm[start] in OPENING:
        found = _quoted_title(norm, start, stop, end)
        if found:
            return found
    return _plain_title(norm, about.end() if about else start, end, clause=clause)


def _balance(text: str) -> int:
    """Return how many double quotes of *text* stay open."""
    straight = text.count('"') % 2
    return text.count("“") - text.count("”") + straight


def _about_title(norm: str, start: int, stop: int, end: int) -> Title | None:
    """Title after 关于 or 针对: up to 的问题 where the quotes are closed, else up to the first 的问题."""
    sentence = _STOP_RE.search(norm, start, stop)
    limit = sentence.start() if sentence else stop
    # A stop inside an open quote does not end the title unless no closing quote follows soon.
    while sentence and _balance(norm[start:limit]) > 0 and limit - start < _TITLE_LIMIT:
        close = norm.find("”", limit, min(stop, start + 200))
        if close == -1 or not _QUOTE_TAIL_RE.match(norm, close, stop):
            break
        sentence = _STOP_RE.search(norm, close, stop)
        limit = sentence.start() if sentence else stop
    wrapped = norm[start : start + 1] in OPENING
    best: re.Match[str] | None = None
    fallback: re.Match[str] | None = None
    for match in _TAIL_RE.finditer(norm, start, limit):
        if match.end() == match.start() or match.start() == start:
            continue
        own = match[0].lstrip("”’\"'")
        opens = own.startswith(("的", "这", "等", "方面", "存在")) or match[0][0] in "”’\"'"
        if opens and (fallback is None or (own.startswith("的") and fallback[0].startswith("等"))):
            fallback = match
        inner = norm[start : match.start()]
        closed = _balance(inner + match[0][: len(match[0]) - len(match[0].lstrip("”’\"'"))])
        if closed != 0:
            continue
        following = norm[match.end() : match.end() + 1]
        bare = match[0].lstrip("”’\"'")
        closes = match.end() >= limit or following in ",。;:、( 【"
        quoted = wrapped and len(bare) < len(match[0])
        if best is None and (closes or bare[:1] in "的方存" or quoted):
            best = match
            if closes or quoted:
                break
        elif best is not None:
            # 关于对反馈的问题整改不力的问题: a later 问题 of the same clause that closes it wins.
            between = norm[best.end() : match.start()]
            if closes and len(between) <= 16 and not re.search(r"[,。;:、\s]", between):
                best = match
            break
    found = best or fallback
    if found is None:
        alone = _quoted_title(norm, start, stop, end) if norm[start : start + 1] in OPENING and start < stop else None
        if alone:
            return Title(alone.start, alone.end, alone.rest, "about", alone.note)
        plain = re.compile(r"(?:的)?(?:问题|方面|事项)(?=[。:;,]|$|\()").search(norm, start, limit)
        if plain and plain.start() > start:
            return _finish(norm, start, plain.start(), plain.end(), end, "about")
        comma = norm.find(",", start, limit)
        if comma != -1 and PROBLEM_RE.search(norm[start:comma]) and ACTION_RE.match(norm[comma + 1 : limit]):
            return _finish(norm, start, comma, comma, end, "about")
        if sentence is None and limit == stop < end:
            return None
        return _finish(norm, start, limit, limit, end, "about")
    quote_width = len(found[0]) - len(found[0].lstrip("”’\"'"))
    return _finish(norm, start, found.start() + quote_width, found.end(), end, "about")


def _quoted_title(norm: str, start: int, stop: int, end: int) -> Title | None:
    """Title that begins with a quotation mark and ends where the quotes are balanced again."""
    depth = 0
    for index in range(start, min(stop, start + 200)):
        char = norm[index]
        if char == "“" or (char == '"' and depth == 0):
            depth += 1
        elif char == "”" or char == '"':
            depth -= 1
            if depth <= 0:
                tail = _QUOTE_TAIL_RE.match(norm, index, stop)
                if tail:
                    return _finish(norm, start, index + 1, tail.end(), end, "quoted")
                return None
    if norm[start] == "‘":
        close = norm.find("’", start + 1, min(stop, start + 120))
        tail = _QUOTE_TAIL_RE.match(norm, close, stop) if close != -1 else None
        if tail:
            return _finish(norm, start, close + 1, tail.end(), end, "quoted")
    return None


def _plain_title(norm: str, start: int, end: int, *, clause: bool) -> Title:
    """Title that ends at the first stop; inside a list, at the first clause that already names the problem."""
    match = _STOP_RE.search(norm, start, end)
    while (
        match
        and norm[match.start()] != "\n"
        and _balance(norm[start : match.start()]) > 0
        and match.start() - start < 80
    ):
        match = _STOP_RE.search(norm, match.end(), end)
    limit = match.start() if match else end
    asks = limit < end and norm[limit] == "?"
    if clause:
        limit = _first_problem_clause(norm, start, limit)
    shape = "sentence" if limit < end and norm[limit] in "。;!?" else "phrase"
    found = _finish(norm, start, limit, limit, end, shape)
    return replace(found, end=found.end + 1) if asks and found.end == limit else found


def _first_problem_clause(norm: str, start: int, limit: int) -> int:
    """Return where the first clause that names a problem ends; a short item is its own title as a whole."""
    if limit - start <= 48:
        return limit
    at = norm.find(",", start, limit)
    while at != -1:
        if at - start >= 4 and PROBLEM_RE.search(norm, max(start, at - 14), at) and _balance(norm[start:at]) == 0:
            return at
        at = norm.find(",", at + 1, limit)
    return limit


def _finish(norm: str, start: int, stop: int, rest: int, end: int, shape: str) -> Title:
    """Trim the phrase, take off a status note, the closing 的问题 and outer quotes."""
    note = ""
    bracket = re.compile(r"\s?[(【\[]([^()【】\[\]]{1,20})[)】\]]").match(norm, rest, min(end, rest + 30))
    if bracket and _NOTE_RE.match(bracket[0]):
        note = bracket[1]
        rest = bracket.end()
    while start < stop and norm[start] in " \t*#、,":
        start += 1
    while stop > start and norm[stop - 1] in " \t。;:,、*!?":
        stop -= 1
    own = _NOTE_RE.search(norm[start:stop]) or _BADGE_RE.search(norm[start:stop])
    if own and not note:
        note = own["note"]
        stop = start + own.start()
    if shape != "about":
        suffix = _SUFFIX_RE.search(norm[start:stop])
        if (
            suffix
            and suffix[0]
            and suffix.start() >= 3
            and (suffix[0].startswith(("的问题", "方面", "存在", "问题", "的整改")))
        ):
            stop = start + suffix.start()
    start, stop = strip_outer_quotes(norm, start, stop)
    while rest < end and norm[rest] in " \t。;:,、)*!?\n”":
        rest += 1
    return Title(start, stop, rest, shape, note)


def strip_outer_quotes(norm: str, start: int, stop: int) -> tuple[int, int]:
    """Return the range without one pair of quotes that wraps all of it, or without one that is left alone at an end."""
    text = norm[start:stop]
    if len(text) < 2:
        return start, stop
    first, last = text[0], text[-1]
    if first in '“"' and last in '”"' and _wraps(text):
        return start + 1, stop - 1
    if first == "‘" and last == "’" and text.count("‘") == 1:
        return start + 1, stop - 1
    if first in "“" and _balance(text) > 0:
        return start + 1, stop
    if last == "”" and _balance(text) < 0:
        return start, stop - 1
    return start, stop


def _wraps(text: str) -> bool:
    if text[0] == '"':
        return text.count('"') == 2
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "“") - (char in '”"')
        if depth <= 0 and index < len(text) - 1:
            return False
    return True


def is_label(text: str) -> bool:
    """Tell whether *text* is nothing but a field label."""
    return text.strip(" :。【】") in LABELS
