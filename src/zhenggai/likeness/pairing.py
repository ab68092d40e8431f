"""Many texts against each other, without comparing each with each.

Each text is known by the smallest hashes of its pairs of characters; a hash that stands in too many texts is
boilerplate and is dropped; texts that share enough of the rest are candidates, and each candidate is verified by the
true score.  Identical texts are paired each with the first of them, so that a thousand copies give a thousand pairs.
"""

from __future__ import annotations

import heapq
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic

from zhenggai.kit.text import comparison_key
from zhenggai.likeness.comparing import ratios, score_of
from zhenggai.likeness.finding import COMMON, K

SKETCH = 40
"""Hashes by which a text is known."""


@dataclass(frozen=True, slots=True)
class Pair(Generic[K]):
    """Two texts that are like each other."""

    left: K
    """The one that came first."""
    right: K
    """The other."""
    score: float
    """How alike, see :class:`~zhenggai.likeness.comparing.Likeness`."""


def pairs(texts: Mapping[K, str], threshold: float = 0.5, *, common: int = COMMON) -> list[Pair[K]]:
    """Return the pairs among *texts* that are at least *threshold* alike, the most alike first.

    Args:
        texts: by key; the order of the mapping decides which of a pair is the left one.
        threshold: least score.
        common: a pair of characters in more (different) texts than this is boilerplate and finds no candidates.
    """
    first: dict[str, K] = {}
    found: list[Pair[K]] = []
    for key, text in texts.items():
        normal = comparison_key(text)
        if not normal:
            continue
        kept = first.setdefault(normal, key)
        if kept != key:
            found.append(Pair(kept, key, 1.0))
    keys = list(first.values())
    grams = [frozenset(normal[at : at + 2] for at in range(max(1, len(normal) - 1))) for normal in first]
    for one, other in _candidates(grams, common):
        jaccard, containment = ratios(len(grams[one] & grams[other]), len(grams[one]), len(grams[other]))
        score = score_of(jaccard, containment, min(len(grams[one]), len(grams[other])))
        if score >= threshold:
            found.append(Pair(keys[one], keys[other], score))
    found.sort(key=lambda pair: -pair.score)
    return found


def _candidates(grams: list[frozenset[str]], common: int) -> Iterator[tuple[int, int]]:
    sketches = [_sketch(each) for each in grams]
    copies = Counter(mark for sketch in sketches for mark in sketch)
    least = [max(1, min(3, len(sketch) // 4)) for sketch in sketches]
    seen: defaultdict[int, list[int]] = defaultdict(list)
    for at, sketch in enumerate(sketches):
        usable = [mark for mark in sketch if 1 < copies[mark] <= common]
        shared: Counter[int] = Counter()
        for mark in usable:
            shared.update(seen[mark])
            seen[mark].append(at)
        for other, count in shared.items():
            if count >= 3 or count >= min(least[other], least[at]):
                yield other, at


_marks: dict[str, int] = {}
_MOST_MARKS = 2_000_000


def _sketch(grams: frozenset[str]) -> list[int]:
    if len(_marks) > _MOST_MARKS:
        _marks.clear()
    return heapq.nsmallest(SKETCH, map(_mark, grams)) if len(grams) > SKETCH else [_mark(gram) for gram in grams]


def _mark(gram: str) -> int:
    known = _marks.get(gram)
    if known is None:
        # A multiplication spreads the checksums of neighbouring characters; the same gram has the same mark for ever.
        known = _marks[gram] = (zlib.crc32(gram.encode()) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return known
