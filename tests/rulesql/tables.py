"""One invented ledger that the tests of rules share, and its rows."""

from __future__ import annotations

from datetime import date

from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql import Column, Table, Type

CASES = Table(
    "cases",
    (
        Column("accepted_on", Type.DATE, "受理日期"),
        Column("closed_on", Type.DATE, "办结日期"),
        Column("status", Type.TEXT, "状态", (("open", "在办"), ("closed", "已结"), ("stayed", "中止"))),
        Column("returns", Type.INTEGER, "退查次数"),
        Column("amount", Type.DECIMAL, "金额"),
        Column("held", Type.BOOLEAN, "在押"),
        Column("charges", Type.TEXTS, "罪名"),
        Column("logged_at", Type.DATETIME, "登记时间"),
        Column("number", Type.TEXT, "案号"),
        Column("end", Type.DATE, "期限届满日"),
        Column("案件 类别", Type.TEXT, "案件类别（大类）"),
    ),
    label="案件台账",
)
"""Chinese names, a code that is a word of SQL, a code with a space, a choice, a list."""

AS_OF = date(2026, 11, 30)
HOLIDAYS_2027 = WorkCalendar(
    {
        date(2027, 1, 1): False,
        **{date(2027, 2, day): False for day in (5, 8, 9, 10, 11)},
        date(2027, 2, 13): True,
        **{date(2027, 10, day): False for day in (1, 4, 5, 6, 7)},
        date(2027, 10, 9): True,
    },
    frozenset({2027}),
)
"""An invented calendar of 2027: a spring festival, a national day, and Saturdays worked in exchange."""
