"""The two steps by which a value becomes one of a wider type, where a function or a comparison needs it."""

from __future__ import annotations

from datetime import datetime, time

from zhenggai.rulesql.functions.base import Form, Function
from zhenggai.rulesql.functions.numbers import DECIMAL_SQL, fit_decimal
from zhenggai.rulesql.types import Type


def _step(name: str, taken: Type, form: Form, meaning: object) -> Function:
    return Function(name, "", ("值",), "", "", "{0}", (form,), meaning)  # type: ignore[arg-type]  # a function of one value  # fmt: skip


WIDENING = {
    Type.DECIMAL: _step(
        "to decimal",
        Type.INTEGER,
        Form((Type.INTEGER,), Type.DECIMAL, f"TRY_CAST({{0}} AS {DECIMAL_SQL})"),
        fit_decimal,
    ),
    Type.DATETIME: _step(
        "to datetime",
        Type.DATE,
        Form((Type.DATE,), Type.DATETIME, "CAST({0} AS TIMESTAMP)", "CAST({0} AS TIMESTAMP_NTZ)"),
        lambda day: datetime.combine(day, time()),
    ),
}
"""Wider type → the step into it."""
