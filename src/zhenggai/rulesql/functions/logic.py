"""Conditions: comparisons, AND, OR, NOT, membership, blanks, choices between values.

Unknown (NULL) stays unknown: a comparison with a blank is neither true nor false.
"""

from __future__ import annotations

from typing import Any

from zhenggai.kit.messages import gettext_noop
from zhenggai.rulesql.functions.base import ORDERED, PLAIN, SAME, Form, Function, function, listed
from zhenggai.rulesql.types import Type

BOOL, TEXT, TEXTS = Type.BOOLEAN, Type.TEXT, Type.TEXTS
GROUP = gettext_noop("条件")
_OPERATORS = gettext_noop("运算符")


def _and(*values: bool | None) -> bool | None:
    if any(each is False for each in values):
        return False
    return None if any(each is None for each in values) else True


def _or(*values: bool | None) -> bool | None:
    if any(each is True for each in values):
        return True
    return None if any(each is None for each in values) else False


def _in(value: Any, *among: Any) -> bool | None:
    if value is None:
        return None
    if any(value == each for each in among if each is not None):
        return True
    return None if any(each is None for each in among) else False


def _not_in(value: Any, *among: Any) -> bool | None:
    found = _in(value, *among)
    return None if found is None else not found


def _between(value: Any, low: Any, high: Any) -> bool | None:
    return _and(None if None in (value, low) else value >= low, None if None in (value, high) else value <= high)


def _case(*args: Any) -> Any:
    *pairs, otherwise = args
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        if condition:
            return value
    return otherwise


def _case_sql(*args: str) -> str:
    *pairs, otherwise = args
    steps = "".join(f"WHEN {condition} THEN {value} " for condition, value in zip(pairs[::2], pairs[1::2], strict=True))
    return f"CASE {steps}ELSE {otherwise} END"


def _case_words(*args: str) -> str:
    *pairs, otherwise = args
    steps = "；".join(f"{condition} 时取 {value}" for condition, value in zip(pairs[::2], pairs[1::2], strict=True))
    return f"（{steps}；其余取 {otherwise}）"


def _in_sql(word: str) -> Any:
    def join(value: str, *among: str) -> str:
        return f"({value} {word} ({', '.join(among)}))"

    return join


def _in_words(word: str) -> Any:
    def join(value: str, *among: str) -> str:
        return f"{value} {word}{'、'.join(among)}"

    return join


def _compare(name: str, says: str, words: str, test: Any, same: frozenset[Type]) -> Function:
    return function(
        name, _OPERATORS, "a, b", says, f"退查次数 {name} 2" if same == ORDERED else f"状态 {name} '已结'",
        f"{{0}} {words} {{1}}", (Form((SAME, SAME), BOOL, f"({{0}} {name} {{1}})", same=same),), test, operator=True,
    )  # fmt: skip


FUNCTIONS: tuple[Function, ...] = (
    _compare("=", gettext_noop("相等；与空白比较得未知。"), "等于", lambda a, b: a == b, PLAIN),
    _compare("<>", gettext_noop("不相等，也可写 !=；与空白比较得未知。"), "不等于", lambda a, b: a != b, PLAIN),
    _compare("<", gettext_noop("小于；日期为早于。"), "小于", lambda a, b: a < b, ORDERED),
    _compare("<=", gettext_noop("不大于；日期为不晚于。"), "不大于", lambda a, b: a <= b, ORDERED),
    _compare(">", gettext_noop("大于；日期为晚于。"), "大于", lambda a, b: a > b, ORDERED),
    _compare(">=", gettext_noop("不小于；日期为不早于。"), "不小于", lambda a, b: a >= b, ORDERED),
    function(
        "and", _OPERATORS, "a, b", gettext_noop("两个条件都成立。"), "状态 = '在办' AND 退查次数 >= 2", listed(" 且 "),
        (Form((BOOL, BOOL), BOOL, listed(" AND ", "(", ")"), rest=True),), _and, strict=False, operator=True,
    ),
    function(
        "or", _OPERATORS, "a, b", gettext_noop("至少一个条件成立。"), "退查次数 >= 2 OR 延长次数 >= 3", listed(" 或 "),
        (Form((BOOL, BOOL), BOOL, listed(" OR ", "(", ")"), rest=True),), _or, strict=False, operator=True,
    ),
    function(
        "not", _OPERATORS, "a", gettext_noop("条件不成立；条件未知时仍为未知。"), "NOT 已听证", "并非（{0}）",
        (Form((BOOL,), BOOL, "(NOT {0})"),), lambda a: not a, operator=True,
    ),
    function(
        "in", _OPERATORS, "值, 名单", gettext_noop("是名单里的一项。"), "状态 IN ('在办', '中止')", _in_words("是以下之一："),
        (Form((SAME, SAME), BOOL, _in_sql("IN"), rest=True),), _in, strict=False, operator=True,
    ),
    function(
        "not in", _OPERATORS, "值, 名单", gettext_noop("不是名单里的任何一项；值为空白时得未知。"), "状态 NOT IN ('已结', '撤回')",
        _in_words("不是以下任何一项："),
        (Form((SAME, SAME), BOOL, _in_sql("NOT IN"), rest=True),), _not_in, strict=False, operator=True,
    ),
    function(
        "between", _OPERATORS, "值, 下限, 上限", gettext_noop("在两个值之间，含两端。"), "受理日期 BETWEEN '2026-01-01' AND '2026-06-30'",
        "{0} 在 {1} 至 {2} 之间",
        (Form((SAME, SAME, SAME), BOOL, "({0} BETWEEN {1} AND {2})", same=ORDERED),), _between, strict=False, operator=True,
    ),
    function(
        "is null", _OPERATORS, "值", gettext_noop("是空白（没有填）。"), "办结日期 IS NULL", "{0} 为空",
        (Form((SAME,), BOOL, "({0} IS NULL)", same=PLAIN | {TEXTS}),), lambda a: a is None, strict=False, operator=True,
    ),
    function(
        "is not null", _OPERATORS, "值", gettext_noop("不是空白。"), "办结日期 IS NOT NULL", "{0} 已填",
        (Form((SAME,), BOOL, "({0} IS NOT NULL)", same=PLAIN | {TEXTS}),), lambda a: a is not None, strict=False, operator=True,
    ),
    function(
        "is true", _OPERATORS, "条件", gettext_noop("条件成立；未知按不成立，结果不会未知。"), "(退查次数 > 2) IS TRUE", "{0} 确定成立",
        (Form((BOOL,), BOOL, "({0} IS TRUE)"),), lambda a: a is True, strict=False, operator=True,
    ),
    function(
        "is false", _OPERATORS, "条件", gettext_noop("条件不成立；未知按不是，结果不会未知。"), "已听证 IS FALSE", "{0} 确定不成立",
        (Form((BOOL,), BOOL, "({0} IS FALSE)"),), lambda a: a is False, strict=False, operator=True,
    ),
    function(
        "coalesce", GROUP, "值, 另一值", gettext_noop("第一个不是空白的值。"), "coalesce(延长后期限, 期限届满日)",
        listed("、", "", " 中第一个已填的"),
        (Form((SAME, SAME), SAME, listed(", ", "coalesce(", ")"), rest=True, same=PLAIN | {TEXTS}),),
        lambda *args: next((each for each in args if each is not None), None), strict=False,
    ),
    function(
        "nullif", GROUP, "值, 另一值", gettext_noop("两个值相等时为空白，否则为前一个值。"), "nullif(应办件数, 0)",
        "{0}（等于 {1} 时视为空）",
        (Form((SAME, SAME), SAME, "nullif({0}, {1})"),),
        lambda a, b: None if a is not None and b is not None and a == b else a, strict=False,
    ),
    function(
        "if", GROUP, "条件, 成立时的值, 否则的值", gettext_noop("条件成立时取一个值，否则（包括未知）取另一个。"),
        "days_between(受理日期, as_of) > if(重大复杂, 45, 30)", "（{0} 时取 {1}，否则取 {2}）",
        (Form((BOOL, SAME, SAME), SAME, "CASE WHEN {0} THEN {1} ELSE {2} END", same=PLAIN | {TEXTS}),),
        lambda c, a, b: a if c else b, strict=False,
    ),
    function(
        "case", _OPERATORS, "条件, 值, 否则的值", gettext_noop("按先后取第一个成立的条件的值，写作 CASE WHEN 条件 THEN 值 … ELSE 值 END。"),
        "CASE WHEN 重大复杂 THEN 45 WHEN 速裁 THEN 10 ELSE 30 END", _case_words,
        (Form((BOOL, SAME), SAME, _case_sql, rest=True, same=PLAIN | {TEXTS}),), _case, strict=False, operator=True,
    ),
    function(
        "has", GROUP, "多项文字, 值", gettext_noop("多项文字里有这一项。"), "has(罪名, '盗窃')", "{0} 含有 {1}",
        (Form((TEXTS, TEXT), BOOL, "CASE WHEN {1} IS NOT NULL THEN list_contains({0}, {1}) END",
              "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN coalesce(array_contains({0}, {1}), false) END"),),
        lambda items, value: value in items,
    ),
    function(
        "count_of", GROUP, "多项文字", gettext_noop("多项文字有几项。"), "count_of(涉案人员) >= 3", "{0} 的项数",
        (Form((TEXTS,), Type.INTEGER, "len({0})", "CAST(array_size({0}) AS BIGINT)"),), len,
    ),
)  # fmt: skip
"""Operators and functions of conditions."""
