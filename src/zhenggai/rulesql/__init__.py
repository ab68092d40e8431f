"""Expressions over ledgers: text → checked typed tree → SQL, words, values.  Plain Python, no Django.

    check(text, table, want=Type.BOOLEAN, parameters={}, limits={}) -> Expression   # raises ExpressionError with every problem
    look(...) -> (Expression | None, problems)                                      # the same without raising, for forms
    Expression.sql(dialect, as_of=...), .explain(), .evaluate(row, as_of=...), .columns, .notes

Rules and indicators are made of expressions in :mod:`zhenggai.rulesql.plans` and run by
:mod:`zhenggai.rulesql.engines.duckdb` (always there) or :mod:`zhenggai.rulesql.engines.spark` (optional).
"""

from zhenggai.rulesql.errors import BadRule, BadSource, EngineFailed, EngineMissing, ExpressionError, TooLarge, TooSlow
from zhenggai.rulesql.expression import Expression, check, look
from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.types import Choice, Column, Pair, Table, Type

__all__ = [
    "BadRule",
    "BadSource",
    "Choice",
    "Column",
    "EngineFailed",
    "EngineMissing",
    "Expression",
    "ExpressionError",
    "Pair",
    "Problem",
    "Table",
    "TooLarge",
    "TooSlow",
    "Type",
    "check",
    "look",
]
