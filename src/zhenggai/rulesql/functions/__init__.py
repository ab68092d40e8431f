"""The functions and operators of the language, as one table.

:data:`FUNCTIONS` is what authors may write by name, :data:`OPERATORS` what stands between values.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhenggai.rulesql.functions import dates, logic, numbers, texts
from zhenggai.rulesql.functions.base import SAME, Form, Function

_ALL: tuple[Function, ...] = (
    *logic.FUNCTIONS,
    *numbers.FUNCTIONS,
    *texts.FUNCTIONS,
    *dates.FUNCTIONS,
    dates.DEADLINE,
)
OPERATORS: Mapping[str, Function] = {each.name: each for each in _ALL if each.operator}
"""Operator → what it is."""
FUNCTIONS: Mapping[str, Function] = {each.name: each for each in _ALL if not each.operator}
"""Name → function."""

__all__ = ["FUNCTIONS", "OPERATORS", "SAME", "Form", "Function"]
