"""What authors write is understood or refused, with every problem at its place."""

from __future__ import annotations

import time

import pytest

from tests.rulesql.tables import AS_OF, CASES
from zhenggai.rulesql import Column, ExpressionError, Pair, Table, Type, check, look

UNDERSTOOD = [
    ("受理日期 < '2026-01-01' AND 状态 <> '已结'", "受理日期 早于 2026-01-01 且 状态 不是 已结"),
    ("状态 = “在办” AND days_between(受理日期, as_of) ＞ 30", "状态 是 在办 且 受理日期 至 计算当日 的天数 大于 30"),
    ("status in ('open'、'中止')", "状态 是以下之一：在办、中止"),
    ("退查次数≥２", "退查次数 不小于 2"),
    ("not 在押 or 在押 is null", "在押 为否 或 在押 为空"),
    ("在押 = '是'", "在押 是 是"),
    ("案号 like '%刑初%' and 案号 like '（2026）%'", "案号 包含 “刑初” 且 案号 以 “（2026）” 开头"),
    ("案号 LIKE '_号%1%'", "案号 符合式样 “_号%1%”"),
    ("(退查次数 > 1 or 在押) and 办结日期 is not null", "（退查次数 大于 1 或 在押） 且 办结日期 已填"),
    ("end < as_of", "期限届满日 早于 计算当日"),
    ("\"案件 类别\" = '起诉'", "案件类别（大类） 是 “起诉”"),
    ("has(罪名, '盗窃') and count_of(罪名) >= 2", "罪名 含有 “盗窃” 且 罪名 的项数 不小于 2"),
    ("date(登记时间) = '2026年1月5日'", "登记时间 的日期 是 2026-01-05"),
    ("case when 在押 then 30 else 45 end < 退查次数", "（在押 时取 30；其余取 45） 小于 退查次数"),
    ("-退查次数 < -3.50 * 金额", "负的 退查次数 小于 （-3.5 乘以 金额）"),
    ("受理日期 between 2026 || '-01-01' and '2026-06-30'", None),
]


@pytest.mark.parametrize(("text", "words"), UNDERSTOOD)
def test_a_sound_expression_is_explained(text: str, words: str | None) -> None:
    if words is None:
        with pytest.raises(ExpressionError):
            check(text, CASES)
    else:
        assert check(text, CASES).explain() == words


REFUSED = [
    ("状态 = '在班'", "not_a_choice_likely", "'在班'", "在办"),
    ("状态 in ('在办', '完全不同的东西')", "not_a_choice", "'完全不同的东西'", "已结"),
    ("退查次数 = '三'", "not_comparable", "退查次数 = '三'", ""),
    ("退查次数 > 退查", "unknown_column_likely", "退查", "退查次数"),
    ("退察次数 > 1", "unknown_column_likely", "退察次数", "退查次数"),
    ("状态 = 已结", "text_without_quotes", "已结", "'已结'"),
    ('状态 = "已结"', "text_without_quotes", '"已结"', "'已结'"),
    ("办结日期 = NULL", "equals_null", "办结日期 = NULL", "办结日期 IS NULL"),
    ("NULL <> 办结日期", "equals_null", "NULL <> 办结日期", "IS NOT NULL"),
    ("受理日期 > 7", "not_comparable", "受理日期 > 7", "days_between"),
    ("受理日期 - current_date <= 7", "wrong_operands", "受理日期 - current_date", "days_between"),
    ("案号 + 1 > 2", "wrong_operands", "案号 + 1", "to_integer"),
    ("罪名 = '盗窃'", "not_comparable", "罪名 = '盗窃'", "has"),
    ("在押 = 1", "not_comparable", "在押 = 1", "TRUE"),
    ("在押 || 在押", "wrong_operands", "在押 || 在押", "OR"),
    ("在押 > 在押", "order_of_booleans", "在押 > 在押", "="),
    ("退查次数 + 1", "not_boolean", "退查次数 + 1", "比较"),
    ("退查次数 and 在押", "need_boolean", "退查次数", "比较"),
    ("受理日期 = '2026-13-45'", "bad_date", "'2026-13-45'", "YYYY-MM-DD"),
    ("受理日期 = date '2026-02-29'", "bad_date", "'2026-02-29'", ""),
    ("登记时间 > '2026-01-01 25:00'", "bad_datetime", "'2026-01-01 25:00'", ""),
    ("受理日期 > 2026-01-01", "bare_date", "2026-01-01", "'2026-01-01'"),
    ("退查次数 > 3天", "unit", "天", "days_between"),
    ("退查次数 大于 3", "chinese_word", "大于", ""),
    ("退查次数 > 1 状态 = '在办'", "no_operator", "1 状态", "AND"),
    ("退查次数 >", "unfinished", ">", ""),
    ("((退查次数 > 1)", "open_bracket", "(", ""),
    ("退查次数 > 1)", "extra_bracket", ")", ""),
    ("案号 = '在办", "open_quote", "'", ""),
    ("datediff(受理日期, as_of) > 1", "use_instead", "datediff(受理日期, as_of)", "days_between"),
    ("cast(案号 as integer) > 1", "no_operator", None, ""),
    ("sum(金额) > 3", "use_instead", "sum(金额)", "指标"),
    ("lenth(案号) > 1", "unknown_function_likely", "lenth(案号)", "length"),
    ("days_between(受理日期) > 1", "argument_count", "days_between(受理日期)", "days_between(起, 止)"),
    ("days_between(受理日期, 退查次数) > 1", "wrong_arguments", "days_between(受理日期, 退查次数)", ""),
    ("round(金额, 退查次数) > 1", "need_literal", "round(金额, 退查次数)", ""),
    ("round(金额, 7) > 1", "bad_range", "round(金额, 7)", ""),
    ("if(在押, 1, 'a') = 1", "wrong_arguments", "if(在押, 1, 'a')", ""),
    ("case when 在押 then 1 else 'a' end = 1", "mixed_types", None, ""),
    ("退查次数 between 3 and 1", "empty_between", "退查次数 between 3 and 1", ""),
    ("退查次数 > 99999999999999999999", "bad_number", "99999999999999999999", ""),
    ("金额 > 0.1234567", "bad_number", "0.1234567", ""),
    ("案号 like 'a\\_b'", "bad_pattern", "'a\\_b'", "contains"),
    ("案号 like '%a%b%c%d%e'", "bad_pattern", "'%a%b%c%d%e'", "contains"),
    ("案号 like 案号", "need_literal", "案号 like 案号", ""),
    ("在押 is 1", "is_what", "在押 is 1", "="),
    ("左.在押", "no_side", "左.在押", ""),
    (":上限 > 退查次数", "unknown_parameter", ":上限", ""),
    ("", "empty", "", "例如"),
    ("   ", "empty", "", "例如"),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), REFUSED)
def test_a_mistake_is_named_at_its_place_with_a_hint(text: str, code: str, place: str | None, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(text, CASES)
    problem = caught.value.problems[0]
    assert problem.code == code
    assert place is None or text[problem.start : problem.end] == place
    assert hint in problem.hint
    assert "%(" not in str(caught.value)


def test_all_mistakes_are_found_at_once_and_a_wrong_part_is_told_once() -> None:
    text = "状态 = '在班' AND (退察次数 + 1 > 3 OR 受理日期 = '2026-13-45') AND lenth(案号) > 2"
    _none, problems = look(text, CASES)
    assert [each.code for each in problems] == [
        "not_a_choice_likely", "unknown_column_likely", "bad_date", "unknown_function_likely",
    ]  # fmt: skip


NOTED = [
    ("退查次数 ＞ 3", "note_width"),
    ("状态 = “在办”", "note_quotes"),
    ("退查次数 > 3 -- 两次以上", "note_comment"),
    ("状态 not in ('open', null)", "note_not_in_null"),
    ("状态 in ('open', null)", "note_in_null"),
    ("受理日期 < today()", "note_today"),
    ("受理日期 < current_date", "note_today"),
    ("登记时间 = '2026-01-01'", "note_datetime_equals_date"),
    ("1 = 1", "note_constant"),
]


@pytest.mark.parametrize(("text", "code"), NOTED)
def test_what_is_odd_but_sound_is_noted(text: str, code: str) -> None:
    assert [each.code for each in check(text, CASES).notes] == [code]


HOSTILE = [
    "read_csv('/etc/passwd') > 1",
    "(select 1) = 1",
    "exists (select 1)",
    "退查次数 > 1; drop table cases",
    "copy cases to '/tmp/x'",
    "attach '/tmp/x.db'",
    "pragma database_list",
    "glob('/etc/*') = '1'",
    "getenv('HOME') = '1'",
    "退查次数::text = '1'",
    "x -> x",
    "[1, 2]",
    "{'a': 1}",
    "*",
    "count(*) > 1",
    "$1 = 1",
    "? = 1",
    "退查次数 ^ 2 > 1",
    "退查次数 ** 9 > 1",
    "案号 ~ '(a+)+$'",
    "案号 similar to 'a'",
    "regexp_matches(案号, '(a+)+$')",
    "案号 collate nocase = 'a'",
    "sum(退查次数) over () > 1",
    "退查次数 in (select 退查次数 from cases)",
    "退查次数 in 罪名",
    "interval 3 day > 1",
    "columns('.*') > 1",
    "cases.* = 1",
    "x'ab' = 'a'",
    "$$a$$ = 案号",
    "current_setting('temp_directory') = 'a'",
    "\x00退查次数 > 1",
    "案号 = 'a\x00b'",
    "退查次数 > 1 \u202e",
    "`退查次数` > 'x'",
    "案号 = e'\\x41'",
    "案号 is distinct from 'a'",
    "case 状态 when '在办' then true end",
    "案号 like '%' escape '%'",
    "(退查次数, 在押) = (1, true)",
    "退查次数 > any (1, 2)",
    "在押 at time zone 'UTC'",
    "f(a := 1)",
    "f(distinct 退查次数) > 1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_expression_of_ours_never_gets_a_tree(text: str) -> None:
    expression, problems = look(text, CASES)
    if expression is None:
        assert problems
        assert all(0 <= each.start <= each.end <= len(text) for each in problems)
        assert all(each.message for each in problems)
    else:
        # Invisible characters are dropped, which leaves something plain.
        assert expression.sql(as_of=AS_OF) == '("returns" > CAST(1 AS BIGINT))'


EXPLOSIVE = [
    "(" * 10_000 + "1" + ")" * 10_000,
    "not " * 10_000 + "在押",
    "case when " * 3_000,
    "1" + "+1" * 2_900 + " > 0",
    "- " * 4_000 + "1 > 0",
    "在押 = not " * 1_900 + "在押",
    "退查次数 in (" + ",".join(map(str, range(2_000))) + ")",
    "案号 = '" + "长" * 40_000 + "'",
    "案号 = '" + "长" * 60_000 + "'",
    "abs(" * 3_000 + "退查次数" + ")" * 3_000 + " > 1",
    "months_between(受理日期, add_months(受理日期, months_between(受理日期, add_months(受理日期, " * 5
    + "1" + "))))" * 5 + " > 1",
    "退查次数 / (" * 30 + "1" + ")" * 30 + " > 1",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPLOSIVE, ids=range(len(EXPLOSIVE)))
def test_what_would_explode_is_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    expression, _problems = look(text, CASES)
    assert expression is None or len(expression.sql(as_of=AS_OF)) < 400_000
    assert time.perf_counter() - started < 5


def test_a_long_but_flat_rule_is_taken() -> None:
    text = " AND ".join(f"退查次数 <> {number}" for number in range(800))
    assert len(check(text, CASES).sql(as_of=AS_OF)) > 20_000
    values = ", ".join(f"'案{number}'" for number in range(900))
    assert check(f"案号 IN ({values})", CASES).column_names == ("number",)


def test_parameters_and_the_day_are_bound_as_literals() -> None:
    expression = check(
        "退查次数 > 上限 and 案号 <> :排除 and 受理日期 < as_of", CASES, parameters={"上限": 2, "排除": Type.TEXT}
    )
    sql = expression.sql(as_of=AS_OF, parameters={"排除": "'; drop table x; --"})
    assert sql == (
        "((\"returns\" > CAST(2 AS BIGINT)) AND (\"number\" <> '''; drop table x; --') AND (\"accepted_on\" < DATE '2026-11-30'))"
    )
    assert "CAST(5 AS BIGINT)" in expression.sql(as_of=AS_OF, parameters={"排除": "", "上限": 5})
    assert expression.explain(as_of=AS_OF, parameters={"排除": "甲"}) == (
        "退查次数 大于 2 且 案号 不是 “甲” 且 受理日期 早于 2026-11-30"
    )


def test_columns_of_two_ledgers_need_their_side() -> None:
    people = Table("people", (Column("number", Type.TEXT, "案号"), Column("firm", Type.TEXT, "律所")), label="律师台账")
    pair = Pair(CASES, people)
    expression = check("左.案号 = 律师台账.案号 and right.律所 is not null", pair)
    assert expression.explain() == "左.案号 是 右.案号 且 右.律所 已填"
    assert [each.name for each in expression.columns] == ["number", "number", "firm"]
    for text, code in (
        ("案号 = 右.案号", "need_side"),
        ("中.案号 = 右.案号", "unknown_side"),
        ("左.律所 = 'a'", "unknown_column"),
    ):
        _none, problems = look(text, pair)
        assert problems[0].code == code
