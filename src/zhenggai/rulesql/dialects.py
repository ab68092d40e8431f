"""How an engine writes names, values and types; everything else about it stands in the function tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from zhenggai.rulesql.functions.numbers import DECIMAL_SQL
from zhenggai.rulesql.tree import Value
from zhenggai.rulesql.types import Type

DialectName: TypeAlias = Literal["duckdb", "spark"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's way of writing."""

    name: DialectName
    """Its name."""
    quote: str
    """What stands around names."""
    types: Mapping[Type, str]
    """Our type → its type."""
    full_match: str
    """Whether the whole of ``{0}`` has the form ``{1}``."""

    def identifier(self, name: str) -> str:
        """Return *name* quoted, so that nothing in it can end it."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def text(self, value: str) -> str:
        """Return a text as a literal."""
        if self.name == "duckdb":
            # A NUL would end the query; it cannot occur in rows either.
            return "'" + value.replace("\0", "").replace("'", "''") + "'"
        # Spark reads backslashes, and puts variables in the place of ${…} even within literals.
        plain = value.replace("\0", "").replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024")
        return f"'{plain}'"

    def literal(self, value: Value, kind: Type | None) -> str:
        """Return a value as a literal of its type."""
        sql_type = self.types.get(kind, "VARCHAR" if self.name == "duckdb" else "STRING") if kind else ""
        if value is None:
            return f"CAST(NULL AS {sql_type})" if sql_type else "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | Decimal):
            return f"CAST({_number(value)} AS {sql_type})"
        if isinstance(value, datetime):
            return f"{'TIMESTAMP' if self.name == 'duckdb' else 'TIMESTAMP_NTZ'} '{value.isoformat(sep=' ')}'"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        if isinstance(value, str):
            return self.text(value)
        return self._texts(value)

    def _texts(self, values: Sequence[str]) -> str:
        inner = ", ".join(self.text(each) for each in values)
        return f"CAST([{inner}] AS VARCHAR[])" if self.name == "duckdb" else f"CAST(array({inner}) AS ARRAY<STRING>)"


def _number(value: int | Decimal) -> str:
    return format(value, "d") if isinstance(value, int) else format(value, "f")


DUCKDB = Dialect(
    "duckdb", '"',
    {Type.BOOLEAN: "BOOLEAN", Type.INTEGER: "BIGINT", Type.DECIMAL: DECIMAL_SQL, Type.TEXT: "VARCHAR", Type.DATE: "DATE",
     Type.DATETIME: "TIMESTAMP", Type.TEXTS: "VARCHAR[]"}, "regexp_full_match({0}, '{1}')",
)  # fmt: skip
"""The engine that is always there."""
SPARK = Dialect(
    "spark", "`",
    {Type.BOOLEAN: "BOOLEAN", Type.INTEGER: "BIGINT", Type.DECIMAL: DECIMAL_SQL, Type.TEXT: "STRING", Type.DATE: "DATE",
     Type.DATETIME: "TIMESTAMP_NTZ", Type.TEXTS: "ARRAY<STRING>"}, "{0} RLIKE '^({1})$'",
)  # fmt: skip
"""For those whose ledgers outgrow one machine."""
DIALECTS: Mapping[str, Dialect] = {each.name: each for each in (DUCKDB, SPARK)}
"""Name → dialect."""
