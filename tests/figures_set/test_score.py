"""How well the checker does on the labelled set; the floors are what was reached."""

from __future__ import annotations

import functools
from collections import Counter

import pytest

from benchmarks.score_figures import HALVES, SET, Sample, Score, by_half, read_set, score_set

FLOORS = {
    "dev": {"precision": 0.99, "contradictory": 0.95, "truncated": 0.87, "consistent": 0.8},
    "heldout": {"precision": 0.98, "contradictory": 0.93, "truncated": 0.8, "consistent": 0.86},
}
"""By half: the lowest precision of accusations, and the lowest recall of each verdict."""
ACCUSED_IN_CLEAN = {"dev": 0, "heldout": 0}
"""By half: the most accusations in clean texts."""


@functools.cache
def results() -> list[tuple[Sample, Score]]:
    """Return the set, checked and scored once for all tests of this module."""
    return score_set(read_set(SET))


def misses(half: str) -> str:
    """Return what went wrong, to be shown when a floor is not kept; of the held-out half only how much."""
    found = [f"{sample.id}: {miss}" for sample, score in results() if sample.half == half for miss in score.misses]
    return "\n".join(found) if half == HALVES[0] else f"{len(found)} in the held-out half"


@pytest.mark.parametrize("half", HALVES)
def test_accusations_are_right(half: str) -> None:
    score = by_half(results())[half]
    assert score.precision >= FLOORS[half]["precision"], misses(half)
    assert score.accused_in_clean <= ACCUSED_IN_CLEAN[half], misses(half)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("verdict", ["contradictory", "truncated", "consistent"])
def test_what_there_is_to_find_is_found(half: str, verdict: str) -> None:
    assert by_half(results())[half].recall(verdict) >= FLOORS[half][verdict], misses(half)


def test_the_set_is_large_and_mostly_clean() -> None:
    samples = read_set(SET)
    for half in HALVES:
        mine = [sample for sample in samples if sample.half == half]
        assert len(mine) >= 200
        assert sum(sample.clean for sample in mine) >= 0.4 * len(mine)
        kinds = Counter(mark.kind for sample in mine for mark in sample.marks if mark.verdict == "contradictory")
        assert len(kinds) >= 18
    documents = [sample for sample in samples if len(sample.text) >= 1500]
    assert len(documents) == 10
    assert sum(sample.clean for sample in documents) == 5
