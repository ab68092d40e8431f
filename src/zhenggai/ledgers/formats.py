"""Whether a text has the form a declaration asks for, by patterns that a pack brings and nobody has looked at.

The patterns are matched by RE2 inside DuckDB, whose time grows with the text alone: a pattern like ``(a+)+b`` would keep
Python's own engine busy for ever.
"""

from __future__ import annotations

from functools import lru_cache

import duckdb

from zhenggai.ledgers.duck import cursor

LONGEST_MATCHED = 2_000


@lru_cache(maxsize=4096)
def matches(pattern: str, text: str) -> bool:
    """Return whether the whole of *text* matches; never for a text too long to have any form."""
    if len(text) > LONGEST_MATCHED:
        return False
    try:
        answer = cursor().execute("SELECT regexp_full_match($1, $2)", [text, pattern]).fetchone()
    except duckdb.Error:  # a pattern that RE2 does not know binds nobody; checking the pack names it
        return True
    return bool(answer and answer[0])
