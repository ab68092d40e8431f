"""Every plan over small ledgers, with the answers that any engine must give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.rulesql.tables import HOLIDAYS_2027
from zhenggai.rulesql import Column, Pair, Table, Type, check
from zhenggai.rulesql.engines.base import Engine
from zhenggai.rulesql.plans import (
    AbsenceRule,
    ComparisonRule,
    Expected,
    Find,
    Grain,
    GroupRule,
    Kind,
    Measure,
    MeasurePlan,
    Ratio,
    RowRule,
    Run,
    period_of,
)  # fmt: skip

VISITS = Table(
    "visits",
    (
        Column("lawyer", Type.TEXTS, "律师"),
        Column("prosecutor", Type.TEXT, "检察官"),
        Column("on", Type.DATE, "会见日期"),
        Column("fee", Type.DECIMAL, "金额"),
        Column("count", Type.INTEGER, "次数"),
    ),
    label="律师接触台账",
)
PEOPLE = Table(
    "people",
    (Column("name", Type.TEXT, "姓名"), Column("firm", Type.TEXT, "律所"), Column("left_on", Type.DATE, "离任日期")),
    label="人员台账",
)
RUN = Run(date(2027, 4, 10), calendar=HOLIDAYS_2027)

_VISITS = (
    ("1", ["甲"], "张", "2026-01-31", "10", 1),
    ("2", ["甲", "乙"], "张", "2026-02-28", "20.5", 2),
    ("3", ["甲"], "张", "2026-12-30", None, 3),
    ("4", ["甲"], "张", "2027-01-30", "0.333333", 4),
    ("5", ["甲", "甲"], "张", "2027-01-31", "0.333333", None),
    ("6", ["乙"], "张", "2027-01-31", "1", 6),
    ("7", ["甲"], None, "2027-02-01", "1", 7),
    ("8", [], "李", "2027-02-01", "1", 8),
    ("9", None, "李", None, "-3", 9),
)


def rows() -> list[dict[str, object]]:
    return [
        {"row_id": row_id, "lawyer": lawyer, "prosecutor": who, "on": on, "fee": fee and Decimal(fee), "count": count}
        for row_id, lawyer, who, on, fee, count in _VISITS
    ]


def check_plans(engine: Engine) -> None:
    """Run every plan on *engine*."""
    _check_empty(engine)
    taken = engine.register(VISITS, rows=rows())
    assert (taken.rows, taken.misfits) == (9, {})
    engine.register(
        PEOPLE,
        rows=[
            {"row_id": "a", "name": "张", "firm": "甲", "left_on": None},
            {"row_id": "b", "name": "李", "firm": "丙", "left_on": "2027-01-15"},
            {"row_id": "c", "name": "王", "firm": None, "left_on": "2026-12-31"},
            {"row_id": "d", "name": None, "firm": "乙", "left_on": None},
        ],
    )
    _check_rows(engine)
    _check_groups(engine)
    _check_absences(engine)
    _check_comparisons(engine)
    _check_measures(engine)


def _check_empty(engine: Engine) -> None:
    engine.register(VISITS, rows=[])
    plan = MeasurePlan(
        VISITS,
        (
            Measure("n", Kind.COUNT),
            Measure.read("s", VISITS, Kind.SUM, of="金额"),
            Measure.read("m", VISITS, Kind.MEDIAN, of="金额"),
        ),
    )
    assert engine.row_rules(VISITS, [RowRule("r", check("次数 > 1", VISITS))], RUN).hits == ()
    assert engine.groups(GroupRule.read("g", VISITS, by=["检察官"], at_least=1), RUN).groups == ()
    only = engine.measure(plan, RUN).figures[0]
    assert dict(only.values) == {"n": 0, "s": 0, "m": None}


def _check_rows(engine: Engine) -> None:
    texts = ["次数 >= 4", "has(律师, '乙')", "金额 > 1", "workdays_between(会见日期, as_of) > 60", "检察官 is null"]
    rules = [RowRule(f"r{at}", check(text, VISITS)) for at, text in enumerate(texts)]
    result = engine.row_rules(VISITS, rules, RUN)
    assert result.rows == 9
    assert result.failed == {}
    assert result.unknown == {"r0": 1, "r1": 1, "r2": 1, "r3": 1, "r4": 0}
    found = {rule.id: result.rows_of(rule.id) for rule in rules}
    assert found == {
        "r0": ("4", "6", "7", "8", "9"), "r1": ("2", "6"), "r2": ("1", "2"), "r3": ("1", "2", "3"), "r4": ("7",),
    }  # fmt: skip


def _check_groups(engine: Engine) -> None:
    def found(rule: GroupRule) -> list[tuple[object, ...]]:
        return [(*each.keys, each.value, each.row_ids) for each in engine.groups(rule, RUN).groups]

    by = ["律师", "检察官"]
    # From 31 January a year reaches to 30 January; the visit of the 31st begins another.
    rule = GroupRule.read("g", VISITS, by=by, at_least=4, on="会见日期", months=12)
    result = engine.groups(rule, RUN)
    assert [(each.keys, each.value, each.row_ids, each.first, each.last) for each in result.groups] == [
        (("甲", "张"), 4, ("1", "2", "3", "4", "5"), date(2026, 1, 31), date(2027, 1, 31))
    ]
    assert result.unknown == 2
    assert found(GroupRule.read("g", VISITS, by=by, at_least=5, on="会见日期", months=12)) == []
    assert found(GroupRule.read("g", VISITS, by=by, at_least=3, on="会见日期", days=33)) == [
        ("甲", "张", 3, ("3", "4", "5"))
    ]
    assert found(GroupRule.read("g", VISITS, by=by, at_least=3, on="会见日期", days=32)) == []
    # Two findings of one pair, a year apart.
    assert found(GroupRule.read("g", VISITS, by=by, at_least=2, on="会见日期", days=32)) == [
        ("甲", "张", 2, ("1", "2")), ("甲", "张", 2, ("3", "4", "5")),
    ]  # fmt: skip
    assert found(
        GroupRule.read("g", VISITS, by=["检察官"], at_least=Decimal("30.5"), sum="金额", on="会见日期", months=2)
    ) == [("张", Decimal("30.500000"), ("1", "2"))]
    assert found(GroupRule.read("g", VISITS, by=["检察官"], at_least=3, distinct="金额", on="会见日期", months=13)) == [
        ("张", 4, ("1", "2", "4", "5", "6"))
    ]
    assert found(GroupRule.read("g", VISITS, by=["检察官"], at_least=2, where="次数 is not null")) == [
        ("张", 5, ("1", "2", "3", "4", "6")), ("李", 2, ("8", "9")),
    ]  # fmt: skip
    assert found(GroupRule.read("g", VISITS, by=["检察官"], at_least=3, distinct="次数")) == [
        ("张", 5, ("1", "2", "3", "4", "6"))
    ]
    assert found(GroupRule.read("g", VISITS, by=["year(会见日期)"], at_least=4)) == [
        (2027, 5, ("4", "5", "6", "7", "8"))
    ]


def _check_absences(engine: Engine) -> None:
    def found(rule: AbsenceRule) -> list[tuple[object, str]]:
        return [(each.keys[0], each.period.label) for each in engine.absences(rule, RUN)]

    monthly = {"keys": ["检察官"], "on": "会见日期", "since": date(2027, 1, 1)}
    named = AbsenceRule.read("a", VISITS, grain=Grain.MONTH, expected=[("张",), ("李",)], **monthly)  # type: ignore[arg-type]
    assert found(named) == [("张", "2027年2月"), ("张", "2027年3月"), ("李", "2027年1月"), ("李", "2027年3月")]
    waiting = AbsenceRule.read("a", VISITS, grain=Grain.MONTH, expected=[("李",)], grace_days=10, **monthly)  # type: ignore[arg-type]
    assert found(waiting) == [("李", "2027年1月")]
    listed = Expected.read(PEOPLE, ["姓名"], until="离任日期")
    in_post = AbsenceRule.read(
        "a", VISITS, grain=Grain.QUARTER, expected=listed, **{**monthly, "since": date(2026, 10, 1)}
    )  # type: ignore[arg-type]
    assert found(in_post) == [("李", "2026年第四季度"), ("王", "2026年第四季度")]
    half = AbsenceRule.read(
        "a",
        VISITS,
        grain=Grain.HALF,
        expected=listed,
        where="金额 is not null",
        **{**monthly, "since": date(2026, 7, 1)},
    )  # type: ignore[arg-type]
    assert found(half) == [("张", "2026年下半年"), ("李", "2026年下半年"), ("王", "2026年下半年")]
    none = AbsenceRule.read("a", VISITS, grain=Grain.YEAR, expected=[("张",)], **{**monthly, "since": date(2027, 1, 1)})  # type: ignore[arg-type]
    assert found(none) == []
    weekly = AbsenceRule.read(
        "a", VISITS, grain=Grain.WEEK, expected=[("张",)], **{**monthly, "since": date(2027, 3, 29)}
    )  # type: ignore[arg-type]
    assert found(weekly) == [("张", "2027年第13周")]


def _check_comparisons(engine: Engine) -> None:
    pair = Pair(VISITS, PEOPLE)
    rule = ComparisonRule.read("c", pair, on="左.检察官 = 右.姓名 and has(左.律师, 右.律所)")
    assert rule.notes == ()
    assert engine.compare(rule, RUN).pairs == (("1", "a"), ("2", "a"), ("3", "a"), ("4", "a"), ("5", "a"))
    loose = ComparisonRule.read(
        "c", pair, on="has(左.律师, 右.律所)", left_where="次数 > 1", right_where="姓名 is null"
    )
    assert [each.code for each in loose.notes] == ["note_no_equality"]
    assert engine.compare(loose, RUN).pairs == (("2", "d"), ("6", "d"))
    missing = ComparisonRule.read(
        "c", pair, on="左.检察官 = 右.姓名", find=Find.MISSING, right_where="离任日期 is null"
    )
    assert engine.compare(missing, RUN).missing == ("7", "8", "9")
    itself = ComparisonRule.read("c", Pair(VISITS, VISITS), on="左.次数 = 右.次数 and 左.金额 = 右.金额")
    assert len(engine.compare(itself, RUN).pairs) == 7
    worked = ComparisonRule.read("c", pair, on="左.检察官 = 右.姓名 and workdays_between(左.会见日期, 右.离任日期) < 0")
    assert engine.compare(worked, RUN).pairs == (("8", "b"),)


def _check_measures(engine: Engine) -> None:
    visits, known = Measure("visits", Kind.COUNT), Measure.read("known", VISITS, Kind.COUNT, where="金额 is not null")
    plan = MeasurePlan(
        VISITS,
        (
            visits, Ratio("share", known, visits, 100), Measure.read("fees", VISITS, Kind.SUM, of="金额"),
            Measure.read("mean", VISITS, Kind.MEAN, of="金额"), Measure.read("median", VISITS, Kind.MEDIAN, of="金额"),
            Measure.read("least", VISITS, Kind.MIN, of="次数"), Measure.read("latest", VISITS, Kind.MAX, of="会见日期"),
            Measure.read("people", VISITS, Kind.DISTINCT, of="检察官"), Measure.read("times", VISITS, Kind.SUM, of="次数", where="次数 > 100"),
            Measure.read("middle", VISITS, Kind.MEDIAN, of="次数"), Measure.read("late", VISITS, Kind.COUNT, where="workdays_between(会见日期, as_of) > 60"),
        ),
    )  # fmt: skip
    figures = engine.measure(plan, RUN).figures[0]
    assert dict(figures.values) == {
        "visits": 9, "share": Decimal("88.888889"), "fees": Decimal("31.166666"), "mean": Decimal("3.895833"),
        "median": Decimal("1.000000"), "least": 1, "latest": date(2027, 2, 1), "people": 2, "times": 0, "middle": Decimal("5.000000"), "late": 3,
    }  # fmt: skip
    assert (figures.shares["share"].numerator, figures.shares["share"].denominator) == (8, 9)
    assert type(figures.values["times"]) is int
    assert engine.rows_behind(plan, "share", RUN) == tuple("12456789")
    assert engine.rows_behind(plan, "share", RUN, part="denominator") == tuple("123456789")
    assert engine.rows_behind(plan, "least", RUN) == tuple("12346789")

    rate = Ratio(
        "rate",
        Measure.read("much", VISITS, Kind.COUNT, where="金额 > 1"),
        Measure.read("all", VISITS, Kind.COUNT, where="金额 is not null"),
    )
    series = MeasurePlan(
        VISITS, (visits, rate), on=check("会见日期", VISITS, want=Type.DATE), grain=Grain.QUARTER,
        by=(check("检察官", VISITS, want=None),), between=(date(2026, 10, 1), date(2027, 3, 31)),
    )  # fmt: skip
    result = engine.measure(series, RUN)
    assert result.undated == 1
    assert [
        (each.keys[0], each.period and each.period.label, each.values["visits"], each.values["rate"])
        for each in result.figures
    ] == [
        ("张", "2026年第四季度", 1, None),
        ("张", "2027年第一季度", 3, Decimal("0.000000")),
        ("李", "2026年第四季度", 0, None),
        ("李", "2027年第一季度", 1, Decimal("0.000000")),
        (None, "2026年第四季度", 0, None),
        (None, "2027年第一季度", 1, Decimal("0.000000")),
    ]
    quarter = period_of(date(2027, 1, 1), Grain.QUARTER)
    assert result.value("visits", "张", period=quarter) == 3
    assert engine.rows_behind(series, "visits", RUN, keys=("张",), period=quarter) == ("4", "5", "6")
    assert engine.rows_behind(series, "visits", RUN, keys=(None,), period=quarter) == ("7",)
    several = MeasurePlan(VISITS, (visits,), by=(check("律师", VISITS, want=None),))
    assert [(each.keys, each.values["visits"]) for each in engine.measure(several, RUN).figures] == [
        (("乙",), 2),
        (("甲",), 6),
    ]
    assert engine.rows_behind(several, "visits", RUN, keys=("乙",)) == ("2", "6")
