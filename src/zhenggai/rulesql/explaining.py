"""Typed tree → plain Chinese, for pages: 受理日期 早于 2026-01-01 且 状态 不是 已结."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from zhenggai.kit.messages import gettext_noop
from zhenggai.rulesql.functions.widening import WIDENING
from zhenggai.rulesql.tree import Bound, Call, Const, Field, Node
from zhenggai.rulesql.types import MOMENTS, Type

_SIDES = {"left": gettext_noop("左"), "right": gettext_noop("右")}
_COMPARED: Mapping[str, Mapping[str, str]] = {
    "moment": {"=": "是", "<>": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"},
    "number": {"=": "等于", "<>": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"},
    "text": {"=": "是", "<>": "不是", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"},
}
_STEPS = frozenset(id(each) for each in WIDENING.values())


def explain(node: Node, bound: Callable[[str], str] | None = None) -> str:
    """Return *node* in words.

    Args:
        node: What to explain.
        bound: Says what a parameter is called, or what it is in this run; without it, its name.
    """
    return _Explainer(bound or _name_of).words(node)


def _name_of(name: str) -> str:
    return "计算当日" if name == "as_of" else name


class _Explainer:
    def __init__(self, bound: Callable[[str], str]) -> None:
        self.bound = bound

    def words(self, node: Node) -> str:
        if isinstance(node, Const):
            return _value(node)
        if isinstance(node, Field):
            side = _SIDES.get(node.side, "")
            return f"{side}.{node.column.title}" if side else node.column.title
        if isinstance(node, Bound):
            return self.bound(node.name)
        if node.words:
            return node.words.format(*(self.words(each) for each in node.shown))
        if id(node.function) in _STEPS:
            return self.words(node.args[0])
        name = node.function.name
        if name in ("and", "or"):
            return self._chain(node)
        if name == "not":
            return self._negated(node.args[0])
        if name in _COMPARED["text"]:
            return self._compared(node)
        phrase = node.function.phrase
        args = [self._part(each) for each in node.args]
        return phrase.format(*args) if isinstance(phrase, str) else phrase(*args)

    def _chain(self, node: Call) -> str:
        joined = " 且 " if node.function.name == "and" else " 或 "
        parts = []
        for each in node.args:
            text = self.words(each)
            inner = isinstance(each, Call) and each.function.name in ("and", "or")
            parts.append(f"（{text}）" if inner else text)
        return joined.join(parts)

    def _negated(self, node: Node) -> str:
        if isinstance(node, Field):
            return f"{self.words(node)} 为否"
        return f"并非（{self.words(node)}）"

    def _compared(self, node: Call) -> str:
        left, right = node.args
        kind = left.type
        family = "moment" if kind in MOMENTS else "text" if kind in (Type.TEXT, Type.BOOLEAN) else "number"
        name = node.function.name
        a, b = self._part(left), self._part(right)
        if family == "text" and name not in ("=", "<>"):
            return f"{a} 按字序{_COMPARED['number'][name]} {b}"
        return f"{a} {_COMPARED[family][name]} {b}"

    def _part(self, node: Node) -> str:
        """Return the words of an argument, in brackets where they would run into what stands around."""
        text = self.words(node)
        operators = ("+", "-", "*", "/", "//", "%", "and", "or", "||")
        if isinstance(node, Call) and node.function.name in operators:
            return f"（{text}）"
        return text


def _value(node: Const) -> str:
    value = node.value
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, str):
        if node.choice is not None:
            return node.choice.label or node.choice.code
        return f"“{value}”"
    if isinstance(value, tuple):
        return "、".join(value)
    return str(value)
