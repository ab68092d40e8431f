"""Rows as Python values → lines of JSON that both engines read the same way.

Every value is written as text, or as a list of texts; the engine casts it to its column's type, and counts what does not
cast.  So a row that holds nonsense neither stops a run nor slips through unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhenggai.rulesql.errors import BadSource
from zhenggai.rulesql.literals import YES_NO
from zhenggai.rulesql.types import Table, Type


def write_rows(path: Path, table: Table, rows: Iterable[Mapping[str, object]]) -> int:
    """Write *rows* to *path*, one JSON object a line; return how many there were.

    Raises:
        BadSource: a row has no ``row_id``.
    """
    columns = [(f"c{at}", each.name, each.type) for at, each in enumerate(table.columns)]
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            row_id = row.get("row_id")
            if row_id is None or row_id == "":
                raise BadSource(table=table.label or table.name, reason=f"第 {count + 1} 行没有 row_id")
            line: dict[str, Any] = {"row_id": _clean(str(row_id))}
            for key, name, kind in columns:
                value = row.get(name)
                if value is not None:
                    line[key] = _written(value, kind)
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
            out.write("\n")
            count += 1
    return count


def _clean(text: str) -> str:
    # Lone surrogates cannot be written, and a NUL ends a text in one engine and not in the other.
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _written(value: object, kind: Type) -> str | list[str]:
    if kind is Type.TEXTS:
        if isinstance(value, list | tuple | set | frozenset):
            return [_clean(str(each)) for each in value if each is not None]
        return [_clean(str(value))]
    if isinstance(value, bool):
        return ("true" if value else "false") if kind in (Type.BOOLEAN, Type.TEXT) else "?"
    if isinstance(value, datetime):
        naive = value.replace(tzinfo=None)
        return naive.isoformat(sep=" ") if kind is not Type.DATE else naive.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # Shortest text that means the number, without an exponent.
        exact = Decimal(repr(value))
        return format(exact.to_integral_value() if exact == exact.to_integral_value() else exact, "f") if exact.is_finite() else "?"  # fmt: skip
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "?"
    text = _clean(str(value))
    if kind is Type.BOOLEAN and text in YES_NO:
        return "true" if YES_NO[text] else "false"
    return text


PATTERNS: Mapping[Type, str] = {
    Type.BOOLEAN: "true|false",
    Type.INTEGER: "[+-]?[0-9]{1,19}([.]0+)?",
    Type.DECIMAL: "[+-]?[0-9]{1,12}([.][0-9]{1,30})?",
    Type.DATE: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    Type.DATETIME: "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?",
}
"""Type → what its texts look like; both engines are more generous, each in its own way."""
