"""What to write instead: for functions of other languages, and for types that do not go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhenggai.kit.messages import Sentence, gettext_noop
from zhenggai.rulesql.tree import Const, Node
from zhenggai.rulesql.types import MOMENTS, NUMBERS, Type

INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(("cast", "try_cast", "convert"), "to_integer、to_decimal、to_date 或 to_text"),
    **dict.fromkeys(("datediff", "date_diff", "datesub", "timestampdiff"), "days_between(起, 止)"),
    **dict.fromkeys(("date_add", "dateadd", "date_sub", "interval"), "add_days(日期, 天数) 或 add_months(日期, 月数)"),
    **dict.fromkeys(("now", "current_timestamp", "getdate", "sysdate", "localtimestamp"), "as_of（计算所用的日期）"),
    **dict.fromkeys(("ifnull", "nvl", "isnull"), "coalesce(值, 另一值)"),
    **dict.fromkeys(("iif", "decode"), "if(条件, 成立时的值, 否则的值)"),
    **dict.fromkeys(("len", "char_length", "strlen"), "length(文字)"),
    **dict.fromkeys(("extract", "date_part", "datepart", "date_trunc"), "year、month、day、month_start 等"),
    **dict.fromkeys(("dow", "dayofweek", "isodow", "dayname"), "weekday(日期)，星期一为 1"),
    **dict.fromkeys(("substring", "substr", "left", "right", "mid"), "starts_with、ends_with 或 contains"),
    **dict.fromkeys(
        ("regexp_matches", "regexp_like", "regexp_full_match", "rlike", "similar", "ilike", "glob", "instr", "position"),
        "contains(文字, 片段) 或 LIKE",
    ),
    **dict.fromkeys(("concat", "concat_ws"), "|| 运算符"),
    **dict.fromkeys(("list_contains", "array_contains", "contains_all"), "has(多项文字, 值)"),
    **dict.fromkeys(("array_length", "array_size", "cardinality"), "count_of(多项文字)"),
    **dict.fromkeys(("startswith", "prefix"), "starts_with(文字, 片段)"),
    **dict.fromkeys(("endswith", "suffix"), "ends_with(文字, 片段)"),
    **dict.fromkeys(("ceiling",), "ceil(数)"),
    **dict.fromkeys(("mod",), "% 运算符"),
    **dict.fromkeys(("datedif", "age"), "months_between 或 years_between"),
    **dict.fromkeys(
        ("count", "sum", "avg", "median", "max", "min"),
        "指标或分组规则：条件逐行判断，不能汇总；两个值取大取小用 greatest、least",
    ),
}  # fmt: skip
"""Name in other languages → what ours is called."""


def some(names: Sequence[str], most: int = 12) -> str:
    """Return the first of *names*, joined."""
    return "、".join(names[:most]) + ("…" if len(names) > most else "")


def between(operator: str, left: Node, right: Node) -> Sentence:
    """Return what to do about two values whose types do not go together; a whole Chinese sentence."""
    kinds = {left.type, right.type}
    if operator == "||" and kinds & {Type.BOOLEAN}:
        return Sentence(gettext_noop("表示“或者”请用 OR。"))
    if kinds & MOMENTS and kinds & NUMBERS:
        return Sentence(gettext_noop("相差天数请用 days_between，日期加天数请用 add_days。"))
    if kinds <= MOMENTS:
        return Sentence(gettext_noop("两个日期相差的天数请用 days_between；日期时间请先用 date(…) 取日期。"))
    if Type.TEXTS in kinds:
        return Sentence(gettext_noop("多项文字请用 has，项数用 count_of。"))
    if Type.BOOLEAN in kinds:
        return Sentence(gettext_noop("“是否”类字段请直接作为条件，或与 TRUE、FALSE 比较。"))
    if Type.TEXT in kinds and kinds & NUMBERS:
        text = left if left.type is Type.TEXT else right
        if isinstance(text, Const):
            number = str(text.value).strip().isdigit()
            return Sentence(gettext_noop("数字不加引号。") if number else gettext_noop("请与数字比较。"))
        other = right if text is left else left
        if isinstance(other, Const) and operator not in ("+", "-", "*", "/", "//", "%"):
            return Sentence(gettext_noop("文字要加单引号；文字变为数字请用 to_integer 或 to_decimal。"))
        return Sentence(gettext_noop("文字变为数字请用 to_integer 或 to_decimal。"))
    if Type.TEXT in kinds and kinds & MOMENTS:
        return Sentence(gettext_noop("文字变为日期请用 to_date。"))
    return Sentence(gettext_noop("请检查两边的类型。"))
