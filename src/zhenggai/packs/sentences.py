"""What pydantic reports, in words for the author of a declaration."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这样的项目",
    "string_type": "这里应写文字",
    "string_too_short": "这里不能为空",
    "string_too_long": "文字太长，最多{max_length}字",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "int_type": "这里应写整数",
    "int_parsing": "这里应写整数",
    "int_from_float": "这里应写整数",
    "float_type": "这里应写数字",
    "float_parsing": "这里应写数字",
    "bool_type": "这里应写 true 或 false",
    "bool_parsing": "这里应写 true 或 false",
    "literal_error": "应为以下之一：{expected}",
    "enum": "应为以下之一：{expected}",
    "tuple_type": "这里应是列表（每项前加“- ”）",
    "dict_type": "这里应是一组“名称: 值”",
    "model_type": "这里应是一组“名称: 值”",
    "model_attributes_type": "这里应是一组“名称: 值”",
    "too_short": "至少要有{min_length}项",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "date_type": "日期应写成 2026-01-31 这样",
    "date_parsing": "日期应写成 2026-01-31 这样",
    "date_from_datetime_parsing": "日期应写成 2026-01-31 这样",
    "date_from_datetime_inexact": "日期应写成 2026-01-31 这样",
    "value_error": "{error}",
    "union_tag_invalid": "kind 应为以下之一：{expected_tags}",
}

_QUOTED = re.compile(r"'([^']+)'")


def in_words(detail: ErrorDetails) -> str:
    """Return what *detail* reports as a Chinese phrase, without a full stop."""
    sentence = SENTENCES.get(detail["type"])
    if sentence is None:
        return f"不能接受这个值（{detail['msg']}）"
    told = dict(detail.get("ctx") or {})
    for name in ("expected", "expected_tags"):
        if name in told:
            told[name] = "、".join(_QUOTED.findall(str(told[name]))) or told[name]
    return sentence.format_map(_Blank(told))


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
