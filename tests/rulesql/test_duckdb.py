"""The engine that is always there: what it takes, what it refuses, where it stops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.rulesql.conformance import EXAMPLES, LIMITS, ROWS
from tests.rulesql.tables import AS_OF, CASES
from zhenggai.rulesql import (
    BadRule,
    BadSource,
    Column,
    EngineFailed,
    Expression,
    Table,
    TooLarge,
    TooSlow,
    Type,
    check,
    look,
)  # fmt: skip
from zhenggai.rulesql.engines.duckdb import Engine
from zhenggai.rulesql.functions.base import Form, function
from zhenggai.rulesql.plans import RowRule, Run
from zhenggai.rulesql.plans.rows import is_steady
from zhenggai.rulesql.tree import Call

RUN = Run(AS_OF)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(seconds=20, memory="256MB") as made:
        yield made  # type: ignore[misc]  # the context gives itself


def rules(*texts: str) -> list[RowRule]:
    return [RowRule(f"r{at}", check(text, CASES)) for at, text in enumerate(texts)]


def test_rows_are_taken_with_their_types_and_what_does_not_fit_is_counted(engine: Engine) -> None:
    taken = engine.register(
        CASES,
        rows=[
            {"row_id": "1", "accepted_on": date(2026, 1, 5), "returns": 2, "amount": Decimal("1.5"), "held": True,
             "charges": ["盗窃", "诈骗"], "logged_at": datetime(2026, 1, 5, 9, 30), "number": "'; --", "案件 类别": "起诉"},
            {"row_id": 2, "accepted_on": "2026-01-05", "returns": "2", "amount": 1.5, "held": "是", "charges": "盗窃",
             "logged_at": "2026-01-05T09:30", "number": "x", "end": "0000-01-01"},
            {"row_id": "3", "accepted_on": "2026-02-30", "returns": "二", "amount": "1e3", "held": 1, "logged_at": "早上"},
            {"row_id": "4"},
        ],
    )  # fmt: skip
    assert taken.rows == 4
    assert taken.misfits == {
        "accepted_on": 1, "returns": 1, "amount": 1, "held": 1, "logged_at": 1, "end": 1,
    }  # fmt: skip
    same = "受理日期 = '2026-01-05' and 退查次数 = 2 and 金额 = 1.5 and 在押 and has(罪名, '盗窃') and 登记时间 = '2026-01-05 09:30'"
    result = engine.row_rules(CASES, rules(same, "受理日期 is null"), RUN)
    assert result.hits == (("1", "r0"), ("2", "r0"), ("3", "r1"), ("4", "r1"))
    assert result.unknown == {"r0": 2, "r1": 0}
    assert result.rows == 4


def test_files_are_overlaid_by_rows_and_lack_columns_without_harm(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "案件.parquet"
    duckdb.sql(f"COPY (SELECT i AS row_id, i % 3 AS returns, '0' || i AS accepted_on FROM range(10) r(i)) TO '{path}'")
    taken = engine.register(CASES, files=[path], rows=[{"row_id": "1", "returns": 9}], without=["2", "nobody"])
    assert taken.rows == 9
    assert taken.misfits == {"accepted_on": 10}
    result = engine.row_rules(CASES, rules("退查次数 >= 2", "在押 is null"), RUN)
    assert result.rows_of("r0") == ("1", "5", "8")
    assert len(result.rows_of("r1")) == 9
    path.unlink()
    assert engine.row_rules(CASES, rules("退查次数 >= 2"), RUN).rows == 9


def test_what_cannot_be_taken_is_refused(engine: Engine, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(b"PAR1 nothing")
    foreign = tmp_path / "foreign.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS a) TO '{foreign}'")
    for path in (damaged, foreign, tmp_path / "absent.parquet", tmp_path):
        with pytest.raises(BadSource):
            engine.register(CASES, files=[path])
    with pytest.raises(BadSource):
        engine.register(CASES, rows=[{"returns": 1}])
    for columns in (
        (Column("A", Type.TEXT), Column("a", Type.TEXT)),
        (Column("rulesql_mask", Type.TEXT),),
        (Column("row_id", Type.TEXT),),
    ):
        with pytest.raises(BadRule):
            engine.register(Table("t", columns), rows=[])


def test_a_ledger_that_was_not_registered_is_named(engine: Engine) -> None:
    other = replace(CASES, name="other", label="别的台账")
    with pytest.raises(BadRule, match="别的台账"):
        engine.row_rules(other, [RowRule("r", check("在押", other))], RUN)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/rulesql-escaped.csv'",
        "ATTACH '/tmp/rulesql-escaped.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "SELECT * FROM rules",
    ],
)
def test_even_sql_of_its_own_opens_nothing(engine: Engine, sql: str) -> None:
    with pytest.raises(EngineFailed):
        engine.query(sql)


def test_a_link_out_of_its_folder_leads_nowhere(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "outside.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS a) TO '{target}'")
    link = Path(engine._folder.name) / "link.parquet"
    link.symlink_to(target)
    with pytest.raises(EngineFailed):
        engine.query(f"SELECT * FROM read_parquet('{link}')")


def test_a_query_stops_at_its_limits_and_the_engine_goes_on() -> None:
    with Engine(seconds=0.3, memory="64MB", disk="1MB") as engine:
        with pytest.raises(TooSlow):
            engine.query("SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range * b.range % 7 = 3")
        assert engine.query("SELECT 1") == [(1,)]
    with Engine(seconds=20, memory="64MB", disk="1MB") as engine:
        with pytest.raises(TooLarge):
            engine.query("SELECT count(DISTINCT hash(range)) FROM range(20000000)")
        assert engine.query("SELECT 1") == [(1,)]


def test_a_failing_rule_is_named_and_the_others_run(engine: Engine) -> None:
    engine.register(CASES, rows=[{"row_id": "1", "returns": 1}, {"row_id": "2", "returns": 5}])
    sound = check("退查次数 > 2", CASES)
    broken_function = function(
        "broken", "", "值", "", "", "{0}", (Form((Type.INTEGER,), Type.BOOLEAN, "error({0})"),), lambda value: value
    )
    argument = sound.tree.args[0]  # type: ignore[union-attr]  # a comparison
    tree = Call(Type.BOOLEAN, broken_function, broken_function.forms[0], (argument,))
    broken = Expression("broken", Type.BOOLEAN, tree, CASES)
    result = engine.row_rules(CASES, [RowRule("good", sound), RowRule("bad", broken), RowRule("other", sound)], RUN)
    assert result.hits == (("2", "good"), ("2", "other"))
    assert list(result.failed) == ["bad"]
    assert result.unknown == {"good": 0, "other": 0}
    assert result.rows == 2


def test_more_rules_than_one_mask_holds(engine: Engine) -> None:
    engine.register(CASES, rows=[{"row_id": str(number), "returns": number} for number in range(150)])
    many = [RowRule(f"r{number:03}", check(f"退查次数 = {number}", CASES)) for number in range(130)]
    result = engine.row_rules(CASES, many, RUN)
    assert sorted(result.hits) == sorted((str(number), f"r{number:03}") for number in range(130))
    with pytest.raises(BadRule):
        engine.row_rules(CASES, [many[0], many[0]], RUN)


@pytest.mark.parametrize("count", [0, 1])
def test_few_rows_and_no_rules(engine: Engine, count: int) -> None:
    engine.register(CASES, rows=[{"row_id": "1", "held": True}] * count)
    assert len(engine.row_rules(CASES, rules("在押", "在押 is null"), RUN).hits) == count
    assert engine.row_rules(CASES, [], RUN).rows == count


def test_a_ledger_is_replaced_by_one_of_the_same_name(engine: Engine) -> None:
    for count in (3, 1):
        engine.register(CASES, rows=[{"row_id": str(number)} for number in range(count)])
        assert engine.row_rules(CASES, [], RUN).rows == count
    left = [name for (name,) in engine.query("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'ledger%'")]
    assert len(left) == 1
    assert not list(itertools.chain(Path(engine._folder.name).glob("*.json")))


def test_unknown_rows_are_counted_alike_whether_or_not_a_rule_can_make_them_itself(engine: Engine) -> None:
    engine.register(CASES, rows=ROWS)
    texts = [text for texts in EXAMPLES.values() for text in texts]
    looked = [look(text, CASES, limits=LIMITS)[0] for text in texts]
    several = [RowRule(f"r{at}", each) for at, each in enumerate(looked) if each is not None]
    assert {is_steady(each) for each in several} == {True, False}
    result = engine.row_rules(CASES, several, RUN)
    for each in several:
        values = [each.when.evaluate(row, as_of=AS_OF) for row in ROWS]
        assert result.unknown[each.id] == values.count(None), each.when.text
        assert len(result.rows_of(each.id)) == values.count(True), each.when.text
