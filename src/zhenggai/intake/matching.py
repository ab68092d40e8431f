"""Which finding of the record a finding of the draft speaks of: by title, number and aspect, one to one.

People overrule it. Aspects are paired by their titles alone, and only where these say the same: a heading too many on
the ledger is seen and mended, two headings folded into one are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from zhenggai.findings.models import Finding
from zhenggai.intake.drafts import Json
from zhenggai.kit.chinese_numerals import parse_chinese_number
from zhenggai.kit.text import comparison_key

SURE = 80
"""Likeness from which two findings are taken for the same."""
BY_PLACE = 55
"""Likeness of titles that is enough when number and aspect agree."""
_NUMBER_BONUS, _ASPECT_BONUS = 6, 3
_ASPECT_NOISE = re.compile(r"^(?:在|关于)|(?:方面)?(?:存在)?的?(?:主要|突出)?(?:问题|情况)?$")
_EXACT, _BELOW_EXACT = 100, 99
"""The same title always goes before a likely one."""
_SHORTEST_PART = 6
_SAME_STATEMENT = 70
"""Likeness from which two statements of what was done are taken for the same one, brought up to date."""
_MANY = 250_000
"""Pairs from which on only the twenty likeliest counterparts of each title are weighed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A finding of the draft and its counterpart."""

    piece: Json
    """The finding in the draft."""
    finding: Finding | None
    """The one on the record; None when there is none."""
    score: int
    """Likeness from 0 to 100."""
    chosen: bool
    """True when a person decided."""
    skip: bool = False
    """True when it shall not be written."""


def pair_findings(draft: Json, findings: Sequence[Finding]) -> list[Pair]:
    """Return each finding of the draft with its counterpart, in the order of the draft.

    A link to a finding that is not among *findings*, or that another piece claims too, counts as none;
    :func:`lost_links` names them.
    """
    by_key = {finding.pk: finding for finding in findings}
    decided: dict[str, Pair] = {}
    taken: set[int] = set()
    open_pieces: list[Json] = []
    for piece in draft["findings"]:
        decision = piece.get("match")
        if decision in ("new", "skip"):
            decided[piece["key"]] = Pair(piece, None, 0, True, decision == "skip")
        elif isinstance(decision, int) and decision in by_key and decision not in taken:
            taken.add(decision)
            decided[piece["key"]] = Pair(piece, by_key[decision], 100, True)
        else:
            open_pieces.append(piece)
    free = [finding for finding in findings if finding.pk not in taken]
    decided |= {pair.piece["key"]: pair for pair in _pair_by_likeness(draft, open_pieces, free)}
    return [decided[piece["key"]] for piece in draft["findings"]]


def lost_links(draft: Json, findings: Sequence[Finding]) -> list[Json]:
    """Return the pieces that a person linked to a finding that is gone, or that two pieces claim."""
    there = {finding.pk for finding in findings}
    seen: set[int] = set()
    lost: list[Json] = []
    for piece in draft["findings"]:
        decision = piece.get("match")
        if isinstance(decision, int):
            if decision not in there or decision in seen:
                lost.append(piece)
            seen.add(decision)
    return lost


@dataclass(frozen=True, slots=True)
class _Side:
    """What is compared about a finding of either side."""

    title: str
    number: str
    aspect: str
    """As :func:`aspect_key` gives it."""


def _pair_by_likeness(draft: Json, pieces: Sequence[Json], findings: Sequence[Finding]) -> Iterable[Pair]:
    aspects = {aspect["key"]: aspect_key(aspect["title"]) for aspect in draft["aspects"]}
    ours = [_side_of_piece(piece, aspects) for piece in pieces]
    known = {finding.aspect_id: finding.aspect.title for finding in findings if finding.aspect is not None}
    keys = {aspect: aspect_key(title) for aspect, title in known.items()}
    theirs = [
        _Side(comparison_key(finding.title), _number(finding.no), keys.get(finding.aspect_id, ""))
        for finding in findings
    ]
    titles = [side.title for side in theirs]
    many = len(ours) * len(theirs) > _MANY

    def near(title: str) -> Iterable[int]:
        if not many:
            return range(len(theirs))
        return (found[2] for found in process.extract(title, titles, scorer=fuzz.ratio, score_cutoff=45, limit=20))

    scored: list[tuple[int, int, int]] = []
    exact: dict[str, list[int]] = {}
    for j, side in enumerate(theirs):
        exact.setdefault(side.title, []).append(j)
    for i, one in enumerate(ours):
        # Where a title stands on the record word for word, nothing else needs to be looked at.
        candidates = exact.get(one.title) or near(one.title)
        scored += [(score, i, j) for j in candidates if (score := _likeness(one, theirs[j])) >= SURE]
    scored.sort(key=lambda item: (-item[0], item[1], item[2]))
    mine: dict[int, tuple[int, int]] = {}
    used: set[int] = set()
    for score, i, j in scored:
        if i not in mine and j not in used:
            mine[i] = (j, score)
            used.add(j)
    for i, piece in enumerate(pieces):
        if i in mine:
            j, score = mine[i]
            yield Pair(piece, findings[j], min(score, 100), False)
        else:
            yield Pair(piece, None, 0, False)


def _likeness(one: _Side, other: _Side) -> int:
    if not one.title or not other.title:
        return 0
    title = fuzz.ratio(one.title, other.title)
    if min(len(one.title), len(other.title)) >= _SHORTEST_PART:
        # A plan often shortens the title a notice spells out.
        title = max(title, 0.95 * fuzz.partial_ratio(one.title, other.title))
    same_number = bool(one.number) and one.number == other.number
    in_same_aspect = bool(one.aspect) and one.aspect == other.aspect
    bonus = _NUMBER_BONUS * same_number + _ASPECT_BONUS * in_same_aspect
    if one.title == other.title:
        return _EXACT + bonus
    if same_number and in_same_aspect and title >= BY_PLACE:
        return max(SURE, min(_BELOW_EXACT, round(title)))
    return min(_BELOW_EXACT, round(title) + bonus)


def aspect_key(title: str) -> str:
    """Return what two titles of one aspect share: neither punctuation nor 方面 or 存在的问题 around it counts."""
    key = comparison_key(title)
    return _ASPECT_NOISE.sub("", key) or key


def pair_aspects(titles: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """Return for each title of a draft the place of its aspect among *known* ones of the ledger, one to one.

    Two aspects of a draft never come to the same one: of two with the same title, the second takes the second of
    the ledger, or none.
    """
    waiting: dict[str, list[int]] = {}
    for place, title in enumerate(known):
        waiting.setdefault(aspect_key(title), []).append(place)
    found: list[int | None] = []
    for title in titles:
        places = waiting.get(aspect_key(title)) if title else None
        found.append(places.pop(0) if places else None)
    return found


def _side_of_piece(piece: Json, aspects: dict[str, str]) -> _Side:
    return _Side(
        comparison_key(piece["title"]),
        _number(piece.get("no", "")),
        aspects.get(piece["aspect"], ""),
    )


def pair_texts(texts: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """Return for each text the place of the one among *known* that it says anew, one to one, the likeliest first.

    Of texts that are equally like, those in the same order belong together.
    """
    ours, theirs = ([comparison_key(text) for text in each] for each in (texts, known))
    scored = [
        (-score, abs(i - j), i, j)
        for i, one in enumerate(ours)
        for j, other in enumerate(theirs)
        if (score := round(fuzz.ratio(one, other))) >= _SAME_STATEMENT
    ]
    found: list[int | None] = [None] * len(texts)
    used: set[int] = set()
    for _score, _far, i, j in sorted(scored):
        if found[i] is None and j not in used:
            found[i] = j
            used.add(j)
    return found


def _number(text: str) -> str:
    value = parse_chinese_number(text)
    return str(value) if value is not None else comparison_key(text)
