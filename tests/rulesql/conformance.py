"""What every engine must answer alike: rows with every edge there is, an expression for every function, random ones."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from zhenggai.kit.time_limits import Basis, Counting, Custody, Limit, Span, Unit
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS, SAME
from zhenggai.rulesql.types import Type

SMALL_SPARK = {
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.memory": "700m",
    # Many small questions that each run once: compiling them for speed costs Java twice what it saves.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:-DontCompileHugeMethods -XX:+UseSerialGC",
}
"""Settings of the Spark that tests ask."""

_DAYS = (
    "2027-01-31", "2027-02-28", "2028-02-29", "2028-02-28", "2027-02-05", "2027-02-13", "2027-10-01", "2027-10-09",
    "2027-10-10", "2026-12-31", "2027-01-01", "1950-01-01", "1949-12-31", "2149-12-31", "2150-01-01", None, "2026-11-30",
    "2027-03-31", "2026-06-30", "1900-02-28", "2000-02-29", "2024-02-29", "0001-01-01", "9999-12-31",
)  # fmt: skip
_MOMENTS = ("2027-01-31 00:00:00", "2027-01-31 23:59:59.999999", "2026-03-01 12:30:00", None, "1969-12-31 23:00:00")
_WHOLE = (0, 1, -1, 7, -7, 3, None, 2**63 - 1, -(2**63) + 1, 45, 400)
_DECIMALS = (
    "0", "1", "-1", "0.000001", "-0.000001", "2.5", "-2.5", "0.5", "1234.567891", None, "999999999999.999999",
    "-999999999999.999999", "0.0000005", "3.333333", "7",
)  # fmt: skip
_TEXTS = (
    "", " ", "　起诉　", "\t换行\n", "a'b", 'a"b', "a\\b", "100%", "_", "$x ${HOME}", "𠮷野家", "（2026）示检刑1号", None, "ABC abc",
    "2027-02-28", "2027-02-30", " 42 ", "-7.5", "１２", "%", "\\u0041", "起诉",
)  # fmt: skip
_LISTS = ([], ["盗窃"], ["盗窃", "诈骗", "盗窃"], None, [""], ["a'b", "\\"])

ROWS = tuple(
    {
        "row_id": f"r{at:02}",
        "accepted_on": _DAYS[at % len(_DAYS)],
        "closed_on": _DAYS[(at * 5 + 3) % len(_DAYS)],
        "status": ("open", "closed", "stayed", None)[at % 4],
        "returns": _WHOLE[at % len(_WHOLE)],
        "amount": None if _DECIMALS[at % len(_DECIMALS)] is None else Decimal(str(_DECIMALS[at % len(_DECIMALS)])),
        "held": (True, False, None)[at % 3],
        "charges": _LISTS[at % len(_LISTS)],
        "logged_at": _MOMENTS[at % len(_MOMENTS)],
        "number": _TEXTS[at % len(_TEXTS)],
        "end": _DAYS[(at * 7 + 1) % len(_DAYS)],
        "案件 类别": _TEXTS[(at * 3 + 1) % len(_TEXTS)],
    }
    for at in range(48)
)
"""Month ends, leap days, holidays, ends of the calendar, ends of number ranges, odd characters, and NULL in every column."""

_BASIS = Basis("示例法", "1")
_PLAIN = Counting("general", "一般", _BASIS, _BASIS, _BASIS)
_TO_END = Counting("civil", "月末", _BASIS, _BASIS, _BASIS, month_end_to_month_end=True, workday_amounts=frozenset({7}))
LIMITS = {
    each.code: each
    for each in (
        Limit("L1", "审查起诉", Span(1, Unit.MONTH), "收案", _PLAIN, (_BASIS,), custody=Custody.ASKED),
        Limit("L2", "回复", Span(7, Unit.DAY), "收到", _TO_END, (_BASIS,)),
        Limit("L3", "羁押", Span(2, Unit.MONTH), "逮捕", _TO_END, (_BASIS,), custody=Custody.ALWAYS, rolls=False),
        Limit("L4", "提请延押", Span(7, Unit.DAY), "届满", _PLAIN, (_BASIS,), backward=True),
        Limit("L5", "办结", Span(1, Unit.YEAR), "立案", _TO_END, (_BASIS,)),
        Limit("L6", "答复", Span(10, Unit.WORKDAY), "收到", _PLAIN, (_BASIS,), verified=False),
        Limit("L7", "报告", Span(24, Unit.HOUR), "发生", _PLAIN, (_BASIS,)),
    )
}  # fmt: skip

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "=": ("受理日期 = 办结日期", "案号 = '$x ${HOME}'", "金额 = 2.5", "退查次数 = 金额", "在押 = true", "案号 = 'a''b'", "案号 = 'a\\b'"),
    "<>": ("状态 <> '在办'", "案号 <> \"案件 类别\""),
    "<": ("受理日期 < 登记时间", "案号 < \"案件 类别\"", "退查次数 < 2.5"),
    "<=": ("金额 <= 退查次数",),
    ">": ("登记时间 > '2026-03-01 12:29:59'",),
    ">=": ("受理日期 >= as_of",),
    "and": ("在押 and 退查次数 > 0 and 金额 > 0",),
    "or": ("在押 or 退查次数 > 0 or 办结日期 is null",),
    "not": ("not 在押", "not (在押 and 退查次数 > 0)"),
    "in": ("状态 in ('在办', '中止')", "退查次数 in (1, 2.5, 7)", "退查次数 in (1, null)", "受理日期 in (办结日期, '2027-01-31')"),
    "not in": ("状态 not in ('在办', '中止')", "退查次数 not in (1, null)", "案号 not in ('', ' ')"),
    "between": ("受理日期 between '2027-01-01' and '2027-12-31'", "退查次数 between 1 and 金额", "案号 between 'A' and 'a'"),
    "is null": ("办结日期 is null", "罪名 is null", "(退查次数 > 1) is null"),
    "is not null": ("案号 is not null",),
    "is true": ("(退查次数 > 1) is true", "在押 is not true"),
    "is false": ("在押 is false",),
    "coalesce": ("coalesce(办结日期, 受理日期, as_of)", "coalesce(退查次数, 金额, 1)", "coalesce(罪名, 罪名)"),
    "nullif": ("nullif(退查次数, 0)", "nullif(案号, '')"),
    "if": ("if(在押, 退查次数, 0.5)", "if(退查次数 > 0, 案号, null)"),
    "case": ("case when 在押 then 1 when 退查次数 > 3 then 2 end", "case when 在押 then 受理日期 else as_of end"),
    "has": ("has(罪名, '盗窃')", "has(罪名, '')", "has(罪名, 案号)", "has(罪名, '\\')"),
    "count_of": ("count_of(罪名)",),
    "+": ("退查次数 + 1", "退查次数 + 金额", "金额 + 金额"),
    "-": ("退查次数 - 3", "-1 - 退查次数 - 退查次数", "金额 - 金额 * 2"),
    "*": ("退查次数 * 退查次数", "金额 * 金额", "金额 * 0.000001", "金额 * -0.5"),
    "/": ("退查次数 / 3", "金额 / 退查次数", "金额 / 金额", "1 / 金额", "7 / 0", "退查次数 / 退查次数", "金额 / 3"),
    "//": ("退查次数 // 2", "退查次数 // 0", "7 // 退查次数", "退查次数 // -2"),
    "%": ("退查次数 % 2", "退查次数 % 0", "-7 % 退查次数", "退查次数 % -3"),
    "negate": ("-退查次数", "-金额"),
    "abs": ("abs(退查次数)", "abs(金额)"),
    "round": ("round(金额)", "round(金额, 2)", "round(金额, 6)", "round(退查次数 / 8, 2)"),
    "floor": ("floor(金额)", "floor(退查次数)"),
    "ceil": ("ceil(金额)", "ceil(退查次数)"),
    "least": ("least(受理日期, 办结日期)", "least(退查次数, 金额, 3)", "least(案号, \"案件 类别\")"),
    "greatest": ("greatest(受理日期, 办结日期)", "greatest(退查次数, 金额)"),
    "||": ("案号 || '号' || \"案件 类别\"", "案号 || '\\u0041${x}'"),
    "like": ("案号 like '_%_'", "案号 like '%\"%'", "案号 like '$x%{%'", "案号 like '__'", "案号 like '%a%b%'"),
    "contains": ("contains(案号, '%')", "案号 like '%_b%'", "contains(案号, '')", "contains(案号, '${HOME}')"),
    "starts_with": ("starts_with(案号, '（2026）')", "starts_with(案号, \"案件 类别\")"),
    "ends_with": ("ends_with(案号, '号')", "ends_with(案号, '\\b')"),
    "length": ("length(案号)",),
    "trim": ("trim(案号)", "length(trim(案号))"),
    "is_blank": ("is_blank(案号)",),
    "lower": ("lower(案号)",),
    "upper": ("upper(案号)",),
    "to_integer": ("to_integer(案号)",),
    "to_decimal": ("to_decimal(案号)",),
    "to_text": ("to_text(退查次数)", "to_text(受理日期)", "to_text(案号)"),
    "days_between": ("days_between(受理日期, 办结日期)", "days_between(办结日期, as_of)"),
    "months_between": ("months_between(受理日期, 办结日期)", "months_between(办结日期, '2027-02-28')", "months_between('2028-02-29', 办结日期)"),
    "years_between": ("years_between(受理日期, 办结日期)", "years_between('2000-02-29', 受理日期)"),
    "hours_between": ("hours_between(登记时间, '2027-01-31 00:30:00')", "hours_between('2027-01-31 00:30:00', 登记时间)"),
    "add_days": ("add_days(if(受理日期 < '9000-01-01' and 受理日期 > '0002-01-01', 受理日期, null), 退查次数)", "add_days(as_of, -60)"),
    "add_months": ("add_months(if(受理日期 < '9000-01-01' and 受理日期 > '0100-01-01', 受理日期, null), 1)", "add_months('2028-02-29', 退查次数 % 48)",
                   "add_months(as_of, -退查次数 % 500)"),
    "year": ("year(受理日期)", "year(登记时间)"),
    "quarter": ("quarter(受理日期)",),
    "month": ("month(受理日期)",),
    "day": ("day(受理日期)", "day(登记时间)"),
    "weekday": ("weekday(受理日期)",),
    "date": ("date(登记时间)", "date(受理日期)"),
    "month_start": ("month_start(受理日期)",),
    "month_end": ("month_end(受理日期)",),
    "quarter_start": ("quarter_start(受理日期)",),
    "year_start": ("year_start(受理日期)",),
    "to_date": ("to_date(案号)", "to_date('2028-02-29')"),
    "workdays_between": ("workdays_between(受理日期, 办结日期)", "workdays_between(as_of, 受理日期)"),
    "add_workdays": ("add_workdays(受理日期, 7)", "add_workdays(受理日期, -3)", "add_workdays(受理日期, 0)", "add_workdays('2027-02-04', 退查次数)"),
    "next_workday": ("next_workday(受理日期)", "next_workday(add_workdays(受理日期, 1))", "workdays_between(受理日期, next_workday(办结日期))"),
    "previous_workday": ("previous_workday(受理日期)",),
    "is_workday": ("is_workday(受理日期)", "not is_workday(受理日期)"),
    "deadline": (
        "deadline('L1', if(受理日期 < '9000-01-01', 受理日期, null), 在押)", "deadline('L1', if(办结日期 < '9000-01-01', 办结日期, null))",
        "deadline('L2', 受理日期)", "deadline('L3', if(受理日期 < '9000-01-01', 受理日期, null))", "deadline('L4', if(受理日期 > '0002-01-01', 受理日期, null))",
        "deadline('L5', if(受理日期 < '9000-01-01', 受理日期, null))", "deadline('L6', 受理日期)",
    ),
}  # fmt: skip
"""Function or operator → expressions that use it; a test holds that none is forgotten."""

_FIELDS = {
    Type.DATE: ("受理日期", "办结日期", "as_of", "date '2028-02-29'"),
    Type.INTEGER: ("退查次数", "0", "3", "-7"),
    Type.DECIMAL: ("金额", "0.5", "-2.25"),
    Type.TEXT: ("案号", '"案件 类别"', "'起诉'", "''"),
    Type.BOOLEAN: ("在押", "true", "退查次数 > 1", "办结日期 is null"),
    Type.DATETIME: ("登记时间",),
    Type.TEXTS: ("罪名",),
}
# What leaves the years 1 to 9999 is no date in Python, and the engines do not agree on it either.
_LEFT_OUT = frozenset({"deadline", "add_days", "add_months", "lower", "upper"})


def random_expressions(seed: int, count: int) -> list[str]:
    """Return *count* well-typed expressions; the same for the same *seed*."""
    chance = random.Random(seed)
    kinds = [Type.BOOLEAN, Type.INTEGER, Type.DECIMAL, Type.DATE, Type.TEXT]
    return [random_expression(chance, chance.choice(kinds), 3) for _number in range(count)]


def random_expression(chance: random.Random, kind: Type, depth: int) -> str:
    """Return a well-typed expression that gives *kind*."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(_FIELDS[kind])
    choices = [
        (each, form)
        for each in (*FUNCTIONS.values(), *OPERATORS.values())
        for form in each.forms
        if each.name not in _LEFT_OUT
        and (form.gives is kind or (form.gives is SAME and kind in form.same and kind not in (Type.DATETIME, Type.TEXTS)))
    ]  # fmt: skip
    if not choices:
        return chance.choice(_FIELDS[kind])
    function, form = chance.choice(choices)
    shared = kind if form.gives is SAME else chance.choice(sorted(form.same - {Type.DATETIME}))
    if function.name == "case":
        return (
            f"case when {random_expression(chance, Type.BOOLEAN, depth - 1)} then {_argument(chance, kind, depth)} "
            f"else {_argument(chance, kind, depth)} end"
        )
    args = [_argument(chance, shared if each is SAME else each, depth) for each in form.takes]  # type: ignore[arg-type]  # a type, by the test before
    if function.name == "like":
        args[1] = "'%a_'"
    if function.name == "round" and len(args) == 2:
        args[1] = "2"
    return _written(function.name, args)


def _argument(chance: random.Random, kind: Type, depth: int) -> str:
    text = random_expression(chance, kind, depth - 1)
    return f"({text})"


def _written(name: str, args: list[str]) -> str:
    if name in FUNCTIONS:
        return f"{name}({', '.join(args)})"
    if name == "negate":
        return f"(- {args[0]})"
    if name == "not":
        return f"(not {args[0]})"
    if name in ("in", "not in"):
        return f"({args[0]} {name} ({', '.join(args[1:])}))"
    if name == "between":
        return f"({args[0]} between {args[1]} and {args[2]})"
    if name.startswith("is "):
        return f"({args[0]} {name})"
    return f"({args[0]} {name} {args[1]})"


def same(ours: object, theirs: object) -> bool:
    """Tell whether an engine's value is ours, in value and in kind."""
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, Decimal):
        return isinstance(theirs, Decimal) and ours == theirs
    if isinstance(ours, datetime) != isinstance(theirs, datetime) or isinstance(ours, bool) != isinstance(theirs, bool):
        return False
    if isinstance(ours, date | str | int | tuple):
        return type(ours) is type(theirs) and ours == theirs
    return False
