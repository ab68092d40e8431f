"""One text against many: an inverted index of pairs of characters, asked by the rarest pairs of the query.

Common pairs (boilerplate) say little and cost much, so a pair that stands in too many texts is not asked; every
candidate is verified by the true score.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from zhenggai.kit.text import bigrams
from zhenggai.likeness.comparing import ratios, score_of

K = TypeVar("K", bound=Hashable)

ASKED = 40
"""Pairs of the query that are asked, the rarest first."""
COMMON = 60
"""A pair in more texts than this, or than a fiftieth of them, is boilerplate."""
_FEW = 8
"""Pairs that are asked although common, when the query has no rare ones."""
_MOST_VERIFIED = 400
"""Candidates that are verified, those with most shared pairs first."""


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """A text that is like the one asked about."""

    key: K
    """Which text."""
    score: float
    """How alike, see :class:`~zhenggai.likeness.comparing.Likeness`."""
    jaccard: float
    """Shared pairs among all pairs of both."""
    containment: float
    """Shared pairs among those of the shorter text."""


class Index(Generic[K]):
    """Many texts by key, ready to be asked which are like another; texts may be added, replaced and dropped."""

    def __init__(self, texts: Iterable[tuple[K, str]] = ()) -> None:
        """Take the texts with their keys."""
        self._ids: dict[str, int] = {}
        self._places: list[array[int]] = []
        self._grams: list[array[int]] = []
        self._keys: list[K | None] = []
        self._slots: dict[K, int] = {}
        for key, text in texts:
            self.add(key, text)

    def __len__(self) -> int:
        """Return how many texts are held."""
        return len(self._slots)

    def __contains__(self, key: K) -> bool:
        """Tell whether a text is held under *key*."""
        return key in self._slots

    def add(self, key: K, text: str) -> None:
        """Hold *text* under *key*, in place of what was held under it."""
        self.drop(key)
        slot = len(self._keys)
        grams = array("I", sorted({self._id(gram) for gram in bigrams(text)}))
        for gram in grams:
            self._places[gram].append(slot)
        self._grams.append(grams)
        self._keys.append(key)
        self._slots[key] = slot

    def drop(self, key: K) -> None:
        """Hold nothing under *key* any more."""
        slot = self._slots.pop(key, None)
        if slot is None:
            return
        self._keys[slot] = None
        if len(self._keys) > 1000 and len(self._keys) > 2 * len(self._slots):
            self._compact()

    def find(
        self, text: str, *, threshold: float = 0.5, limit: int = 20, skip: Collection[K] = frozenset()
    ) -> list[Match[K]]:
        """Return the texts at least *threshold* like *text*, the most alike first.

        Args:
            text: what is asked about.
            threshold: least score.
            limit: most answers.
            skip: keys that are left out.
        """
        grams = set(bigrams(text))
        known = [self._ids[gram] for gram in grams if gram in self._ids]
        asked = self._rarest(known)
        shared: Counter[int] = Counter()
        for gram in asked:
            shared.update(self._places[gram])
        least = max(1, min(3, len(asked) // 3))
        mine = set(known)
        found: list[Match[K]] = []
        for slot, count in shared.most_common(_MOST_VERIFIED):
            if count < least:
                break
            key = self._keys[slot]
            if key is None or key in skip:
                continue
            theirs = self._grams[slot]
            jaccard, containment = ratios(len(mine.intersection(theirs)), len(grams), len(theirs))
            score = score_of(jaccard, containment, min(len(grams), len(theirs)))
            if score >= threshold:
                found.append(Match(key, score, jaccard, containment))
        found.sort(key=lambda match: -match.score)
        return found[:limit]

    def _rarest(self, known: Iterable[int]) -> list[int]:
        by_rarity = sorted(known, key=lambda gram: (len(self._places[gram]), gram))
        cut = max(COMMON, len(self._slots) // 50)
        rare = [gram for gram in by_rarity[:ASKED] if len(self._places[gram]) <= cut]
        return rare if len(rare) >= _FEW else by_rarity[:_FEW]

    def _id(self, gram: str) -> int:
        known = self._ids.get(gram)
        if known is None:
            known = self._ids[gram] = len(self._places)
            self._places.append(array("I"))
        return known

    def _compact(self) -> None:
        """Leave the dropped texts out of the lists."""
        kept = [(key, self._grams[slot]) for key, slot in self._slots.items()]
        self._places = [array("I") for _gram in self._places]
        self._grams, self._keys, self._slots = [], [], {}
        for slot, (key, grams) in enumerate(kept):
            for gram in grams:
                self._places[gram].append(slot)
            self._grams.append(grams)
            self._keys.append(key)
            self._slots[key] = slot


def find_alike(query: str, texts: Mapping[K, str], threshold: float = 0.5, *, limit: int = 20) -> list[Match[K]]:
    """Return which of *texts* are at least *threshold* like *query*, the most alike first."""
    return Index(texts.items()).find(query, threshold=threshold, limit=limit)
