"""The lines of the sheet on which a check is written, as data; and how names are masked."""

from __future__ import annotations

from functools import cache

from zhenggai.oversight.errors import BadScheme
from zhenggai.packs import read_shipped

PLACE = "common/check_sheets.yaml"


@cache
def sheet_lines(kind: str) -> tuple[str, ...]:
    """Return the lines of the sheet for a kind of check.

    Raises:
        BadScheme: there is no such sheet.
    """
    sheets = read_shipped(PLACE)["sheets"]
    lines = tuple(str(line) for line in sheets.get(kind, ()))
    if not lines:
        raise BadScheme(place=PLACE, reason=f"没有 {kind} 的核查表")
    return lines


def mask_name(name: str) -> str:
    """Return a name of which only the first sign can be read."""
    return name[:1] + "＊" * max(1, len(name) - 1) if name else ""
