"""Arithmetic.

Whole numbers are 64 bits wide; decimals have 12 digits before the point and 6 behind it and are exact.  What does not
fit, and what is divided by zero, is unknown (NULL): no row can make a query fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from zhenggai.kit.messages import gettext_noop
from zhenggai.rulesql.functions.base import ORDERED, SAME, Form, Function, function, listed
from zhenggai.rulesql.types import Type

INT, DEC = Type.INTEGER, Type.DECIMAL
LEAST_INTEGER, GREATEST_INTEGER = -(2**63), 2**63 - 1
SCALE = 6
"""Digits behind the point."""
DECIMAL_SQL = "DECIMAL(18,6)"
_STEP = Decimal(1).scaleb(-SCALE)
_GREATEST_DECIMAL = Decimal(10**18 - 1).scaleb(-SCALE)

GROUP = gettext_noop("数字")
_OPERATORS = gettext_noop("运算符")


def fit_integer(value: int) -> int | None:
    """Return *value*, or None when it has more than 64 bits."""
    return value if LEAST_INTEGER <= value <= GREATEST_INTEGER else None


def fit_decimal(value: Decimal | int) -> Decimal | None:
    """Return *value* rounded to what a decimal holds, or None when it is too large."""
    with localcontext() as context:
        context.prec = 60
        rounded = Decimal(value).quantize(_STEP, ROUND_HALF_UP)
    return rounded if abs(rounded) <= _GREATEST_DECIMAL else None


def fit(value: Decimal | int) -> Decimal | int | None:
    """Return *value* fitted to its kind."""
    return fit_integer(value) if isinstance(value, int) else fit_decimal(value)


def divide(a: Decimal | int, b: Decimal | int) -> Decimal | None:
    """Return the quotient rounded to what a decimal holds; None when *b* is zero."""
    if b == 0:
        return None
    with localcontext() as context:
        context.prec = 80
        # Cut, not rounded: rounding twice could tip a half.
        exact = (Decimal(a) / Decimal(b)).quantize(_STEP.scaleb(-1), ROUND_DOWN)
    return fit_decimal(exact)


def _integer_divide(a: int, b: int) -> int | None:
    if b == 0:
        return None
    quotient = abs(a) // abs(b)
    return fit_integer(quotient if (a < 0) == (b < 0) else -quotient)


def _modulo(a: int, b: int) -> int | None:
    return None if b == 0 else (abs(a) % abs(b)) * (-1 if a < 0 else 1)


def _multiply(a: Decimal | int, b: Decimal | int) -> Decimal | int | None:
    with localcontext() as context:
        context.prec = 80
        return fit(a * b)


def _round(value: Decimal | int, digits: int = 0) -> Decimal | None:
    with localcontext() as context:
        context.prec = 60
        return fit_decimal(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _least(*values: object) -> object:
    known = [each for each in values if each is not None]
    return min(known) if known else None  # type: ignore[type-var]  # of one type, by the signature


def _greatest(*values: object) -> object:
    known = [each for each in values if each is not None]
    return max(known) if known else None  # type: ignore[type-var]  # of one type, by the signature


_WIDE = "CAST({0} AS DECIMAL(38,6))"
_GREATEST = "999999999999.999999"
_ATOM = re.compile(r'"[^"]+"|CAST\(-?[0-9.]+ AS DECIMAL\(18,6\)\)')
"""A column or a constant, as SQL."""
_DECIMAL_QUOTIENT = (
    "TRY_CAST(TRY_CAST(CAST(CAST({0} AS DECIMAL(38,6)) * 1000000 AS HUGEINT) * 10000000"
    " // NULLIF(CAST(CAST({1} AS DECIMAL(38,6)) * 1000000 AS HUGEINT), 0) AS DECIMAL(28,0)) * 0.0000001"
    f" AS {DECIMAL_SQL})"
)
_INTEGER_QUOTIENT = (
    "TRY_CAST(TRY_CAST(CAST({0} AS HUGEINT) * 10000000 // NULLIF({1}, 0) AS DECIMAL(28,0)) * 0.0000001"
    f" AS {DECIMAL_SQL})"
)


def _tried(narrow: str, wide: str) -> Callable[..., str]:
    """Return a template for DuckDB: *narrow*, unknown where it overflows, or *wide* where ``TRY`` may not be used."""

    def make(*args: str) -> str:
        nested = any("(SELECT" in each for each in args)
        return wide.format(*args) if nested else f"TRY({narrow.format(*args)})"

    return make


def _decimal_sum(sign: str) -> Callable[..., str]:
    """Return a template for DuckDB that sums two decimals, unknown where the sum does not fit.

    A cast back to the type of both costs as much as the whole sum again, so a sum of two columns or constants is held
    within its limits instead; it is written twice for that, which sums of sums would multiply.
    """
    tried = _tried(f"CAST({{0}} {sign} {{1}} AS {DECIMAL_SQL})", f"TRY_CAST({_WIDE} {sign} {{1}} AS {DECIMAL_SQL})")

    def make(*args: str) -> str:
        if not all(_ATOM.fullmatch(each) for each in args):
            return tried(*args)
        total = f"{args[0]} {sign} {args[1]}"
        return f"CASE WHEN {total} BETWEEN -{_GREATEST} AND {_GREATEST} THEN {total} END"

    return make


def _sum_forms(sign: str, spark: str) -> tuple[Form, ...]:
    whole = f"TRY_CAST(CAST({{0}} AS HUGEINT) {sign} {{1}} AS BIGINT)"
    return (
        Form((INT, INT), INT, _tried(f"{{0}} {sign} {{1}}", whole), f"{spark}({{0}}, {{1}})"),
        Form(
            (DEC, DEC), DEC, _decimal_sum(sign), f"TRY_CAST({{0}} {sign} {{1}} AS {DECIMAL_SQL})"
        ),
    )  # fmt: skip


FUNCTIONS: tuple[Function, ...] = (
    function(
        "+", _OPERATORS, "a, b", gettext_noop("相加；日期加天数请用 add_days。"), "退查次数 + 延长次数",
        "{0} 加 {1}", _sum_forms("+", "try_add"), lambda a, b: fit(a + b), operator=True,
    ),
    function(
        "-", _OPERATORS, "a, b", gettext_noop("相减；两个日期相差的天数请用 days_between。"), "应收金额 - 实收金额",
        "{0} 减 {1}", _sum_forms("-", "try_subtract"), lambda a, b: fit(a - b), operator=True,
    ),
    function(
        "*", _OPERATORS, "a, b", gettext_noop("相乘。"), "单价 * 数量", "{0} 乘以 {1}",
        (
            Form((INT, INT), INT, _tried("{0} * {1}", "TRY_CAST(CAST({0} AS HUGEINT) * {1} AS BIGINT)"), "try_multiply({0}, {1})"),
            Form((DEC, DEC), DEC, f"TRY_CAST({_WIDE} * {{1}} AS {DECIMAL_SQL})", f"TRY_CAST({{0}} * {{1}} AS {DECIMAL_SQL})"),
        ),
        _multiply, operator=True,
    ),
    function(
        "/", _OPERATORS, "a, b", gettext_noop("相除，保留 6 位小数，四舍五入；除数为零时结果未知。"), "已办件数 / 应办件数 < 0.9",
        "{0} 除以 {1}",
        (
            Form((INT, INT), DEC, _INTEGER_QUOTIENT,
                 f"TRY_CAST(try_divide(CAST({{0}} AS DECIMAL(20,0)), CAST({{1}} AS DECIMAL(20,0))) AS {DECIMAL_SQL})"),
            Form((DEC, DEC), DEC, _DECIMAL_QUOTIENT, f"TRY_CAST(try_divide({{0}}, {{1}}) AS {DECIMAL_SQL})"),
        ),
        divide, operator=True,
    ),
    function(
        "//", _OPERATORS, "a, b", gettext_noop("整除，舍去余数，向零取整；除数为零时结果未知。"), "羁押天数 // 30",
        "{0} 整除以 {1}",
        (Form((INT, INT), INT, "TRY_CAST(CAST({0} AS HUGEINT) // NULLIF({1}, 0) AS BIGINT)", "({0} div NULLIF({1}, 0))"),),
        _integer_divide, operator=True,
    ),
    function(
        "%", _OPERATORS, "a, b", gettext_noop("整除后的余数，符号与被除数相同；除数为零时结果未知。"), "编号数 % 10 = 0",
        "{0} 除以 {1} 的余数",
        (Form((INT, INT), INT, "CAST(CAST({0} AS HUGEINT) % NULLIF({1}, 0) AS BIGINT)", "({0} % NULLIF({1}, 0))"),),
        _modulo, operator=True,
    ),
    function(
        "negate", _OPERATORS, "a", gettext_noop("相反数，写作 -a。"), "-差额 > 100", "负的 {0}",
        (
            Form((INT,), INT, "TRY_CAST(-CAST({0} AS HUGEINT) AS BIGINT)", "try_subtract(0L, {0})"),
            Form((DEC,), DEC, "(-{0})"),
        ),
        lambda a: fit(-a), operator=True,
    ),
    function(
        "abs", GROUP, "数", gettext_noop("绝对值。"), "abs(账面数 - 实有数) > 0", "{0} 的绝对值",
        (
            Form((INT,), INT, "TRY_CAST(abs(CAST({0} AS HUGEINT)) AS BIGINT)",
                 "CASE WHEN {0} < 0 THEN try_subtract(0L, {0}) ELSE {0} END"),
            Form((DEC,), DEC, "abs({0})"),
        ),
        lambda a: fit(abs(a)),
    ),
    function(
        "round", GROUP, "数, 小数位数", gettext_noop("四舍五入到指定的小数位数（0 至 6，不写为 0）。"), "round(金额 / 10000, 2)",
        lambda a, n="0": f"{a} 四舍五入到 {n} 位小数",
        (
            Form((DEC,), DEC, f"TRY_CAST(round({{0}}, 0) AS {DECIMAL_SQL})"),
            Form((DEC, INT), DEC, f"TRY_CAST(round({{0}}, CAST({{1}} AS INTEGER)) AS {DECIMAL_SQL})",
                 f"TRY_CAST(round({{0}}, {{1}}) AS {DECIMAL_SQL})"),
        ),
        _round, literal=frozenset({1}),
    ),
    function(
        "floor", GROUP, "数", gettext_noop("不大于它的最大整数。"), "floor(金额)", "{0} 向下取整",
        (Form((INT,), INT, "{0}"), Form((DEC,), INT, "CAST(floor({0}) AS BIGINT)")),
        lambda a: int(Decimal(a).to_integral_value(ROUND_FLOOR)),
    ),
    function(
        "ceil", GROUP, "数", gettext_noop("不小于它的最小整数。"), "ceil(天数 / 7)", "{0} 向上取整",
        (Form((INT,), INT, "{0}"), Form((DEC,), INT, "CAST(ceil({0}) AS BIGINT)")),
        lambda a: int(Decimal(a).to_integral_value(ROUND_CEILING)),
    ),
    function(
        "least", GROUP, "值, 另一值", gettext_noop("最小的一个；空白的不计，全部空白时结果未知。"), "least(期限届满日, 审理期限届满日)",
        listed("、", gettext_noop(""), " 中最小的"),
        (Form((SAME, SAME), SAME, listed(", ", "least(", ")"), rest=True, same=ORDERED),), _least, strict=False,
    ),
    function(
        "greatest", GROUP, "值, 另一值", gettext_noop("最大的一个；空白的不计，全部空白时结果未知。"), "greatest(收案日期, 补侦重报日期)",
        listed("、", "", " 中最大的"),
        (Form((SAME, SAME), SAME, listed(", ", "greatest(", ")"), rest=True, same=ORDERED),), _greatest, strict=False,
    ),
)  # fmt: skip
"""Operators and functions of numbers."""
