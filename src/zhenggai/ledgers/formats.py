"""Whether a text has the form a declaration asks for, by patterns that a pack brings and nobody has looked at.

Python's own engine could be kept busy for ever by a pattern like ``(a+)+b``.  It gets only those that cannot do so: no repeated
group, no look-around, at most two open ends.  The others are matched by RE2 inside DuckDB, whose time grows with the
text alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

import duckdb

from zhenggai.ledgers.duck import cursor

LONGEST_MATCHED = 2_000
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_REPEATED_GROUP = re.compile(r"\)\s*[*+?{]")
_OPEN_END = re.compile(r"[*+]|\{\d*,\}|\{\d*,?\d{3,}\}")


@lru_cache(maxsize=256)
def plain_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return the pattern for Python's engine where that cannot take long, or ``None``."""
    bare = _SET.sub("c", _ESCAPED.sub("c", pattern))
    if re.search(r"\\\d", pattern) or "(?" in bare or _REPEATED_GROUP.search(bare) or len(_OPEN_END.findall(bare)) > 2:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None


def matches(pattern: str, text: str) -> bool:
    """Return whether the whole of *text* matches; never for a text too long to have any form."""
    if len(text) > LONGEST_MATCHED:
        return False
    plain = plain_pattern(pattern)
    return bool(plain.fullmatch(text)) if plain else _matches_re2(pattern, text)


@lru_cache(maxsize=4096)
def _matches_re2(pattern: str, text: str) -> bool:
    try:
        answer = cursor().execute("SELECT regexp_full_match($1, $2)", [text, pattern]).fetchone()
    except duckdb.Error:  # a pattern that RE2 does not know binds nobody; checking the pack names it
        return True
    return bool(answer and answer[0])
