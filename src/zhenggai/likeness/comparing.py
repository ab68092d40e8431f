"""Two texts → how alike they are, and the spans in which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from zhenggai.kit.text import bigrams, comparison_key

LEAST_CONTAINED = 12
"""Pairs a text needs before its being contained in another says anything."""
CONTAINED_WEIGHT = 0.9
"""What being wholly contained counts, against 1 for being the same."""
LONGEST_SHOWN = 4000
"""Characters of each text in which differences are looked for."""
_GAP = 2
"""Shared pieces shorter than this between two differences are shown as part of them."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in characters."""

    start: int
    """First character."""
    end: int
    """Behind the last one."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are."""

    score: float
    """From 0 to 1: the greater of :attr:`jaccard` and the weighted :attr:`containment`."""
    jaccard: float
    """Shared pairs of characters among all pairs of both."""
    containment: float
    """Shared pairs among those of the shorter text."""
    left: tuple[Span, ...] = ()
    """Stretches of the first text that the second does not have."""
    right: tuple[Span, ...] = ()
    """Stretches of the second text that the first does not have."""


def compare(a: str, b: str) -> Likeness:
    """Return how alike two texts are, and where they differ.

    Args:
        a: the first text.
        b: the second text; the order makes no difference to the figures.
    """
    figures = measure(a, b)
    left, right = _differences(a, b)
    return Likeness(figures.score, figures.jaccard, figures.containment, left, right)


def measure(a: str, b: str) -> Likeness:
    """Return how alike two texts are, without looking for where they differ, which costs most."""
    one, other = set(bigrams(a)), set(bigrams(b))
    jaccard, containment = ratios(len(one & other), len(one), len(other))
    return Likeness(score_of(jaccard, containment, min(len(one), len(other))), jaccard, containment)


def ratios(shared: int, one: int, other: int) -> tuple[float, float]:
    """Return Jaccard and containment of two sets of which the sizes are known."""
    if not one or not other:
        return 0.0, 0.0
    return shared / (one + other - shared), shared / min(one, other)


def score_of(jaccard: float, containment: float, smaller: int) -> float:
    """Return the score; *smaller* is the number of pairs of the shorter text."""
    return max(jaccard, CONTAINED_WEIGHT * containment) if smaller >= LEAST_CONTAINED else jaccard


def _differences(a: str, b: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    one, other = _kept(a[:LONGEST_SHOWN]), _kept(b[:LONGEST_SHOWN])
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    for step in Levenshtein.opcodes("".join(char for _at, char in one), "".join(char for _at, char in other)):
        if step.tag == "equal":
            continue
        left.append((step.src_start, step.src_end))
        right.append((step.dest_start, step.dest_end))
    return _spans(left, one), _spans(right, other)


def _kept(text: str) -> list[tuple[int, str]]:
    """Return the characters that comparing looks at, each with its place in *text*."""
    return [(at, key) for at, char in enumerate(text) if (key := _key(char))]


@lru_cache(maxsize=32768)
def _key(char: str) -> str:
    return comparison_key(char)[:1]


def _spans(steps: Iterable[tuple[int, int]], kept: Sequence[tuple[int, str]]) -> tuple[Span, ...]:
    joined: list[list[int]] = []
    for start, end in steps:
        if start == end:
            continue
        if joined and start - joined[-1][1] < _GAP:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return tuple(Span(kept[start][0], kept[end - 1][0] + 1) for start, end in joined)
