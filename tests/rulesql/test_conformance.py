"""Every function and every plan gives the same answers in Python, on DuckDB and on Spark."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rulesql.conformance import (
    EXAMPLES,
    LIMITS,
    ROWS,
    SMALL_SPARK,
    random_expression,
    random_expressions,
    same,
)
from tests.rulesql.plans import check_plans
from tests.rulesql.tables import AS_OF, CASES, HOLIDAYS_2027
from zhenggai.kit.errors import CannotCount
from zhenggai.kit.time_counting import count
from zhenggai.rulesql import Expression, ExpressionError, Type, look
from zhenggai.rulesql.engines import duckdb as duckdb_engine
from zhenggai.rulesql.engines.base import Engine
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS
from zhenggai.rulesql.plans import Run

RUN = Run(AS_OF, calendar=HOLIDAYS_2027)


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    with duckdb_engine.Engine() as engine:
        engine.register(CASES, rows=ROWS)
        yield engine


def understood(texts: list[str]) -> list[Expression]:
    found = []
    for text in texts:
        expression, problems = look(text, CASES, want=None, limits=LIMITS)
        assert expression is not None, (text, [each.message for each in problems])
        found.append(expression)
    return found


def differences(engine: Engine, expressions: list[Expression]) -> list[str]:
    """Return where *engine* does not answer as Python does."""
    answers = engine.values(CASES, expressions, RUN)
    assert set(answers) == {row["row_id"] for row in ROWS}
    wrong = []
    for row in ROWS:
        for expression, theirs in zip(expressions, answers[str(row["row_id"])], strict=True):
            ours = expression.evaluate(row, as_of=AS_OF, calendar=HOLIDAYS_2027)
            if not same(ours, theirs):
                wrong.append(f"{row['row_id']} {expression.text}: {ours!r} is {theirs!r}")
    return wrong


def at_random(seed: int, count: int) -> list[Expression]:
    """Return random expressions, without those that say nothing, such as a range written upside down."""
    looked = [look(text, CASES, want=None) for text in random_expressions(seed, count)]
    assert {each.code for expression, problems in looked if expression is None for each in problems} <= SAYING_NOTHING
    return [expression for expression, _problems in looked if expression is not None]


SAYING_NOTHING = {"too_big", "empty_between", "no_type", "equals_null"}
EVERY = [text for texts in EXAMPLES.values() for text in texts]


def test_every_function_and_operator_has_examples_that_use_it() -> None:
    assert set(EXAMPLES) == set(FUNCTIONS) | set(OPERATORS)


def test_duckdb_answers_as_python_does(duckdb: Engine) -> None:
    assert differences(duckdb, understood(EVERY)) == []


def test_duckdb_answers_random_expressions_as_python_does(duckdb: Engine) -> None:
    assert differences(duckdb, at_random(7, 60)) == []


@given(
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from([Type.BOOLEAN, Type.INTEGER, Type.DECIMAL, Type.DATE, Type.TEXT]),
)
@settings(max_examples=15)
def test_any_well_typed_expression_is_understood_explained_and_answered_alike(
    duckdb: Engine, seed: int, kind: Type
) -> None:
    text = random_expression(random.Random(seed), kind, 4)
    expression, problems = look(text, CASES, want=None)
    if expression is None:
        # All that may be said against one is its size and a range written upside down.
        assert {each.code for each in problems} <= SAYING_NOTHING
        return
    assert expression.explain()
    assert differences(duckdb, [expression]) == []


def test_deadlines_are_those_of_the_counting_that_explains_them(duckdb: Engine) -> None:
    day = date(2027, 1, 25)
    rows = [
        {"row_id": str(at), "accepted_on": date.fromordinal(day.toordinal() + at), "held": at % 2 == 0}
        for at in range(120)
    ]
    with duckdb_engine.Engine() as engine:
        engine.register(CASES, rows=rows)
        for code, limit in LIMITS.items():
            try:
                expression = understood([f"deadline('{code}', 受理日期, 在押)"])[0]
            except AssertionError:
                assert code == "L7"
                continue
            answers = engine.values(CASES, [expression], RUN)
            for row in rows:
                start = row["accepted_on"]
                assert isinstance(start, date)
                counted = count(limit, start, calendar=HOLIDAYS_2027, custody=bool(row["held"]))
                assert answers[str(row["row_id"])] == (counted.due_on,), (code, start)


def test_duckdb_runs_every_plan(duckdb: Engine) -> None:
    with duckdb_engine.Engine() as engine:
        check_plans(engine)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_spark_answers_as_python_and_duckdb_do() -> None:
    # One test, so that one session serves all of it wherever tests are shared out.
    pytest.importorskip("pyspark", reason="pyspark is an extra")
    from zhenggai.rulesql.engines import spark  # pyspark is an optional library

    with spark.Engine(master="local[1]", config=SMALL_SPARK) as engine:
        taken = engine.register(CASES, rows=ROWS)
        assert taken.rows == len(ROWS)
        assert differences(engine, understood(EVERY) + at_random(11, 25)) == []
        check_plans(engine)


def test_a_limit_in_hours_gives_no_day() -> None:
    with pytest.raises((ExpressionError, CannotCount, AssertionError)):
        understood(["deadline('L7', 受理日期)"])
