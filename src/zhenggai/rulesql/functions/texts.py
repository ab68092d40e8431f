"""Functions of text: always the characters as they stand, no patterns beyond LIKE, no locale."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.kit.messages import gettext_noop
from zhenggai.rulesql.functions.base import Form, Function, function, listed
from zhenggai.rulesql.functions.numbers import DECIMAL_SQL, fit_decimal, fit_integer
from zhenggai.rulesql.types import Type

BOOL, TEXT, INT, DEC = Type.BOOLEAN, Type.TEXT, Type.INTEGER, Type.DECIMAL
GROUP = gettext_noop("文字")
BLANKS = " \t\r\n\u00a0\u3000"
"""What :func:`trim` takes away at both ends."""
_DUCKDB_BLANKS = "' ' || chr(9) || chr(13) || chr(10) || chr(160) || chr(12288)"
_SPARK_BLANKS = r"' \t\r\n\u00a0\u3000'"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,18})?", re.ASCII)


def like(value: str, pattern: str) -> bool:
    """Tell whether *value* is of the form *pattern*, with ``%`` for any text and ``_`` for one character."""
    parts = "".join(".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern)
    return re.fullmatch(parts, value, re.DOTALL) is not None


def _to_integer(text: str) -> int | None:
    return fit_integer(int(text)) if _INTEGER.fullmatch(text.strip(BLANKS)) else None


def _to_decimal(text: str) -> Decimal | None:
    return fit_decimal(Decimal(text.strip(BLANKS))) if _DECIMAL.fullmatch(text.strip(BLANKS)) else None


def _duckdb_number(pattern: str, type_sql: str) -> str:
    trimmed = f"trim({{0}}, {_DUCKDB_BLANKS})"
    return f"CASE WHEN regexp_full_match({trimmed}, '{pattern}') THEN TRY_CAST({trimmed} AS {type_sql}) END"


def _spark_number(pattern: str, type_sql: str) -> str:
    trimmed = f"btrim({{0}}, {_SPARK_BLANKS})"
    return f"CASE WHEN {trimmed} RLIKE '^{pattern}$' THEN TRY_CAST({trimmed} AS {type_sql}) END"


FUNCTIONS: tuple[Function, ...] = (
    function(
        "||", gettext_noop("运算符"), "a, b", gettext_noop("把文字连起来；有一段空白则结果未知。"), "部门 || 承办人", listed(" 连接 "),
        (Form((TEXT, TEXT), TEXT, "({0} || {1})"),), lambda a, b: a + b, operator=True,
    ),
    function(
        "like", gettext_noop("运算符"), "文字, 式样", gettext_noop("符合式样：百分号代表任意一段文字，下划线代表一个字；式样要直接写出。"),
        "案号 LIKE '%刑初%'", "{0} 符合式样 {1}", (Form((TEXT, TEXT), BOOL, "({0} LIKE {1})"),), like,
        literal=frozenset({1}), operator=True,
    ),
    function(
        "contains", GROUP, "文字, 片段", gettext_noop("文字里有这个片段。"), "contains(案由, '诈骗')", "{0} 包含 {1}",
        (Form((TEXT, TEXT), BOOL, "contains({0}, {1})"),), lambda a, b: b in a,
    ),
    function(
        "starts_with", GROUP, "文字, 片段", gettext_noop("文字以这个片段开头。"), "starts_with(案号, '（2026）')", "{0} 以 {1} 开头",
        (Form((TEXT, TEXT), BOOL, "starts_with({0}, {1})", "startswith({0}, {1})"),), lambda a, b: a.startswith(b),
    ),
    function(
        "ends_with", GROUP, "文字, 片段", gettext_noop("文字以这个片段结尾。"), "ends_with(单位, '公司')", "{0} 以 {1} 结尾",
        (Form((TEXT, TEXT), BOOL, "ends_with({0}, {1})", "endswith({0}, {1})"),), lambda a, b: a.endswith(b),
    ),
    function(
        "length", GROUP, "文字", gettext_noop("有几个字，标点和空格也计。"), "length(处理意见) < 10", "{0} 的字数",
        (Form((TEXT,), INT, "length({0})", "CAST(char_length({0}) AS BIGINT)"),), len,
    ),
    function(
        "trim", GROUP, "文字", gettext_noop("去掉两端的空格（半角、全角）、制表符和换行。"), "trim(承办人) = '张某'", "{0}（去掉两端空格）",
        (Form((TEXT,), TEXT, f"trim({{0}}, {_DUCKDB_BLANKS})", f"btrim({{0}}, {_SPARK_BLANKS})"),), lambda a: a.strip(BLANKS),
    ),
    function(
        "is_blank", GROUP, "文字", gettext_noop("没有填，或只有空格；结果不会未知。"), "is_blank(未整改原因)", "{0} 未填写",
        (Form((TEXT,), BOOL, f"(trim(coalesce({{0}}, ''), {_DUCKDB_BLANKS}) = '')",
              f"(btrim(coalesce({{0}}, ''), {_SPARK_BLANKS}) = '')"),),
        lambda a: a is None or not a.strip(BLANKS), strict=False,
    ),
    function(
        "lower", GROUP, "文字", gettext_noop("字母改为小写。"), "lower(文号) = 'abc'", "{0}（小写）",
        (Form((TEXT,), TEXT, "lower({0})"),), lambda a: a.lower(),
    ),
    function(
        "upper", GROUP, "文字", gettext_noop("字母改为大写。"), "upper(车牌号) = '示A12345'", "{0}（大写）",
        (Form((TEXT,), TEXT, "upper({0})"),), lambda a: a.upper(),
    ),
    function(
        "to_integer", GROUP, "文字", gettext_noop("把写成文字的整数变为整数；不是整数时未知。"), "to_integer(楼层) > 3", "{0} 作为整数",
        (Form((TEXT,), INT, _duckdb_number("[+-]?[0-9]{{1,18}}", "BIGINT"), _spark_number("[+-]?[0-9]{{1,18}}", "BIGINT")),),
        _to_integer,
    ),
    function(
        "to_decimal", GROUP, "文字", gettext_noop("把写成文字的数变为小数；不是数时未知。"), "to_decimal(金额文字) > 1000", "{0} 作为小数",
        (Form((TEXT,), DEC, _duckdb_number(r"[+-]?[0-9]{{1,12}}([.][0-9]{{1,18}})?", DECIMAL_SQL),
              _spark_number(r"[+-]?[0-9]{{1,12}}([.][0-9]{{1,18}})?", DECIMAL_SQL)),),
        _to_decimal,
    ),
    function(
        "to_text", GROUP, "值", gettext_noop("把整数或日期变为文字。"), "to_text(年度) || '年'", "{0} 作为文字",
        (
            Form((TEXT,), TEXT, "{0}"),
            Form((INT,), TEXT, "CAST({0} AS VARCHAR)", "CAST({0} AS STRING)"),
            Form((Type.DATE,), TEXT, "strftime({0}, '%Y-%m-%d')", "date_format({0}, 'yyyy-MM-dd')"),
        ),
        str,
    ),
)  # fmt: skip
"""Operators and functions of text."""
