"""Words → sqlglot's tree, of which every node's class and every part is on a list: the second gate.

sqlglot knows what binds stronger than what.  Its own functions are switched off, so that a name with brackets is only
ever a name with brackets, and what it makes beyond :data:`ALLOWED` is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError
from sqlglot.parsers.duckdb import DuckDBParser

from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.reading import Plain
from zhenggai.rulesql.words import DEEPEST, Words

MOST_NODES = 8_000
_DEEPEST_TREE = 3 * DEEPEST

ALLOWED: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Column: frozenset({"this", "table"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Paren: frozenset({"this"}),
    exp.Anonymous: frozenset({"this", "expressions"}),
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Not: frozenset({"this"}),
    exp.Neg: frozenset({"this"}),
    exp.DPipe: frozenset({"this", "expression", "safe"}),
    exp.Div: frozenset({"this", "expression", "typed", "safe"}),
    **{
        cls: frozenset({"this", "expression"})
        for cls in (
            exp.And, exp.Or, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.Like,
            exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod,
        )
    },
}  # fmt: skip
"""Class of a node → which of its parts may be filled."""
# Flags that sqlglot sets by itself and that carry no value of the author's.
_FLAGS = frozenset({"negate"})


class _Parser(DuckDBParser):
    """DuckDB's grammar of expressions, with no function known."""

    FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        "CASE": DuckDBParser.NO_PAREN_FUNCTION_PARSERS["CASE"]
    }


def parse(text: Plain, words: Words, report: Callable[[Problem], None]) -> exp.Expr | None:
    """Return the tree of *words*, or None when it is refused."""
    tokens = words.tokens
    whole = text.span(0, len(text.text))
    try:
        trees = _Parser(dialect=Dialect.get_or_raise("duckdb")).parse(list(tokens), text.text)
    except ParseError as error:
        report(_syntax(text, words, error))
        return None
    except RecursionError:
        report(Problem("too_deep", *whole, {"limit": DEEPEST}))
        return None
    if len(trees) != 1 or trees[0] is None:
        report(Problem("syntax", *whole))
        return None
    return trees[0] if _allowed(text, trees[0], words.brackets, report) else None


def _syntax(text: Plain, words: Words, error: ParseError) -> Problem:
    about = error.errors[0] if error.errors else {}
    line, col = about.get("line") or 1, about.get("col") or 1
    # The plain text has one line, so that the column is the place; it is that of a word's last character.
    place = max(0, int(col) - 1) if line == 1 else len(text.text)
    last = words.tokens[-1] if words.tokens else None
    if last is None or place >= last.end:
        start = last.start if last is not None else 0
        return Problem("unfinished", *text.span(start, len(text.text)))
    token = next((each for each in words.tokens if each.end >= place), last)
    return Problem("syntax", *text.span(token.start, token.end + 1))


def _allowed(text: Plain, tree: exp.Expr, brackets: Mapping[int, int], report: Callable[[Problem], None]) -> bool:
    """Walk the tree without recursion; refuse what is too deep, too large or not on the list."""
    waiting: list[tuple[exp.Expr, int]] = [(tree, 1)]
    count = 0
    sound = True
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > MOST_NODES or depth > _DEEPEST_TREE:
            report(Problem("too_deep", *text.span(0, len(text.text)), {"limit": DEEPEST}))
            return False
        parts = ALLOWED.get(type(node))
        if parts is None or not _only(node, parts):
            report(_refusal(text, node, brackets))
            sound = False
            continue
        # A long chain of AND or OR is one level; everything else adds one.
        step = 0 if isinstance(node, exp.And | exp.Or) and type(node.args.get("this")) is type(node) else 1
        for child in _children(node):
            waiting.append((child, depth + step))
    return sound


def _only(node: exp.Expr, parts: frozenset[str]) -> bool:
    for name, value in node.args.items():
        if name in parts or name in _FLAGS or value in (None, False, []):
            continue
        return False
    if isinstance(node, exp.Anonymous):
        return isinstance(node.this, str)
    return True


def _children(node: exp.Expr) -> list[exp.Expr]:
    found = []
    for value in node.args.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, exp.Expr):
                found.append(each)
    return found


_NAMES: Mapping[type[exp.Expr], str] = {
    exp.Star: "“*”", exp.Subquery: "子查询", exp.Select: "子查询", exp.Window: "窗口函数", exp.Tuple: "多个值的组合",
    exp.Interval: "INTERVAL", exp.ILike: "ILIKE", exp.Distinct: "DISTINCT", exp.Escape: "ESCAPE", exp.Order: "ORDER BY",
    exp.Collate: "COLLATE", exp.NullSafeEQ: "IS NOT DISTINCT FROM", exp.NullSafeNEQ: "IS DISTINCT FROM", exp.Filter: "FILTER",
}  # fmt: skip


def _refusal(text: Plain, node: exp.Expr, brackets: Mapping[int, int]) -> Problem:
    start, end = hull(node, brackets)
    span = text.span(start, end) if end else text.span(0, len(text.text))
    if isinstance(node, exp.Alias | exp.Aliases):
        return Problem("no_operator", *span)
    if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast):
        return Problem("no_operator", *span)
    return Problem("refused", *span, {"what": _NAMES.get(type(node)) or f"这种写法（{type(node).__name__}）"})


def hull(node: exp.Expr, brackets: Mapping[int, int] | None = None) -> tuple[int, int]:
    """Return the stretch of the plain text from the first to the last word below *node*; (0, 0) when none is known.

    Args:
        node: The node.
        brackets: Where the name before a bracket ends → where that bracket is closed.
    """
    start, end = None, 0
    for each in node.walk():
        meta = each.meta
        if "start" in meta:
            start = meta["start"] if start is None else min(start, meta["start"])
            end = max(end, meta["end"] + 1)
            if brackets and isinstance(each, exp.Anonymous):
                end = max(end, brackets.get(meta["end"], 0))
    return (start or 0), end
