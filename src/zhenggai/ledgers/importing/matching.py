"""Which column of a file means which field of a ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from zhenggai.kit.text import comparison_key
from zhenggai.ledgers.declared import kept_fields
from zhenggai.packs.declarations import Ledger

LIKE_ENOUGH = 82
"""Likeness, 0 to 100, from which on a head is taken for a field that it does not name exactly."""
_UNIT = re.compile(r"[(（\[【][^()（）\[\]【】]{1,12}[)）\]】]")


def match_columns(ledger: Ledger, heads: Sequence[str]) -> dict[int, str]:
    """Return column → field code for the heads that mean a field; each field is given once, the surest first.

    A head means a field by its code, label or one of its other words, then by a label with its unit left out, then by likeness.
    """
    words: dict[str, str] = {}
    for field in kept_fields(ledger):
        for word in (*field.also, field.code, field.label):
            words[_key(word)] = field.code
    found: dict[int, str] = {}
    taken: set[str] = set()

    def give(column: int, code: str | None) -> None:
        if code is not None and column not in found and code not in taken:
            found[column] = code
            taken.add(code)

    for column, head in enumerate(heads):
        give(column, words.get(_key(head)) if head else None)
    for column, head in enumerate(heads):
        give(column, words.get(_key(_UNIT.sub("", head))) if head else None)
    likely = [
        (fuzz.ratio(_key(head), word), column, code)
        for column, head in enumerate(heads)
        if column not in found and len(_key(head)) >= 3
        for word, code in words.items()
        if code not in taken
    ]
    for score, column, code in sorted(likely, reverse=True):
        if score >= LIKE_ENOUGH:
            give(column, code)
    return found


def _key(text: str) -> str:
    return comparison_key(text) or text.strip().lower()
