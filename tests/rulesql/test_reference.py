"""The function table is complete, its examples are sound, and the page of the manual is made from it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.rulesql.conformance import LIMITS
from zhenggai.rulesql import Column, Table, Type, look
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS
from zhenggai.rulesql.problems import KINDS, Problem
from zhenggai.rulesql.reference import entries, manual

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manual-rules-functions.md"
_DATES = [
    "受理日期",
    "办结日期",
    "期限届满日",
    "中止日期",
    "送达日期",
    "发出日期",
    "收到日期",
    "会议日期",
    "用车日期",
    "出生日期",
    "作案日期",
    "延长后期限",
    "审理期限届满日",
    "收案日期",
    "补侦重报日期",
]
_WHOLE = [
    "退查次数",
    "延长次数",
    "羁押天数",
    "编号数",
    "已办件数",
    "应办件数",
    "账面数",
    "实有数",
    "数量",
    "天数",
    "年度",
]
_DECIMALS = ["应收金额", "实收金额", "单价", "差额", "金额"]
_TEXTS = [
    "状态",
    "部门",
    "承办人",
    "案号",
    "案由",
    "单位",
    "处理意见",
    "未整改原因",
    "文号",
    "车牌号",
    "楼层",
    "金额文字",
    "日期文字",
]
EVERYTHING = Table(
    "everything",
    (
        *(Column(f"d{at}", Type.DATE, label) for at, label in enumerate(_DATES)),
        *(Column(f"w{at}", Type.INTEGER, label) for at, label in enumerate(_WHOLE)),
        *(Column(f"n{at}", Type.DECIMAL, label) for at, label in enumerate(_DECIMALS)),
        *(Column(f"t{at}", Type.TEXT, label) for at, label in enumerate(_TEXTS)),
        *(Column(f"b{at}", Type.BOOLEAN, label) for at, label in enumerate(("已听证", "重大复杂", "速裁", "在押"))),
        *(Column(f"l{at}", Type.TEXTS, label) for at, label in enumerate(("罪名", "涉案人员"))),
        *(Column(f"m{at}", Type.DATETIME, label) for at, label in enumerate(("登记时间", "发生时间", "报告时间"))),
    ),
)


@pytest.mark.parametrize("name", [*OPERATORS, *FUNCTIONS])
def test_an_example_of_the_table_can_be_used_as_it_stands(name: str) -> None:
    example = {**OPERATORS, **FUNCTIONS}[name].example.replace("'CR06'", "'L1'")
    expression, problems = look(example, EVERYTHING, want=None, limits=LIMITS)
    assert expression is not None, [each.message for each in problems]
    assert expression.explain()
    word = (
        name
        if name not in ("negate", "case", "deadline")
        else {"negate": "-", "case": "CASE", "deadline": "deadline"}[name]
    )
    assert word.lower() in example.lower()


def test_every_entry_says_what_it_does_in_a_sentence() -> None:
    for each in entries():
        assert each.says.endswith("。"), each.name
        assert each.example
        assert each.takes


def test_the_page_of_the_manual_is_the_table() -> None:
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(manual(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == manual()


def test_every_problem_has_words_that_can_be_filled() -> None:
    for code, texts in KINDS.items():
        slots = {name: "x" for text in texts for name in re.findall(r"%\((\w+)\)s", text)}
        message, hint = Problem(code, 0, 0, slots).describe()
        assert message.endswith("。"), code
        assert not hint or hint.endswith(("。", "？", "x")), code
