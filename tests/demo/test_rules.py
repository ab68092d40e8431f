"""The shipped rules find in the demo's rows what the notice says was found, and are silent on what was put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.rulesql.conformance import SMALL_SPARK, same
from zhenggai.demo.ledgers import rows_of
from zhenggai.demo.ledgers.measuring import Rows
from zhenggai.demo.ledgers.people import CITY, INSPECTED_UNTIL, NOTICE_ON, UNITS, Row
from zhenggai.likeness import pairs
from zhenggai.packs import deadlines
from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    CompletenessRule,
    DueRule,
    GroupRule,
    IndicatorRule,
    RepeatRule,
    RowRule,
    Rule,
)
from zhenggai.packs.expressions import OF_INDICATORS, Asked, Value, asked, parameters_of, table_of, understand
from zhenggai.packs.loading import shipped
from zhenggai.rulesql import Expression, Pair, Table, Type
from zhenggai.rulesql.engines import duckdb
from zhenggai.rulesql.engines.base import Engine
from zhenggai.rulesql.plans import AbsenceRule as Absences
from zhenggai.rulesql.plans import ComparisonRule as Comparison
from zhenggai.rulesql.plans import Find, Reading, Run
from zhenggai.rulesql.plans import GroupRule as Groups
from zhenggai.rulesql.plans import RowRule as OneByOne
from zhenggai.rulesql.plans.periods import Grain

TODAY = date(2026, 3, 31)
LEDGERS = shipped().ledgers
FOUND = (
    # Ledger, rule, on which day, how many.
    ("suspensions", "too_long", INSPECTED_UNTIL, 27), ("suspensions", "too_long", NOTICE_ON, 1),
    ("suspensions", "other_ground", NOTICE_ON, 0), ("suspensions", "other_ground", TODAY, 1),
    ("suspensions", "ground_gone", TODAY, 1), ("suspensions", "other_case_closed", TODAY, 2),
    ("case_extensions", "simple_case", TODAY, 1), ("case_extensions", "not_needed", TODAY, 3),
    ("case_extensions", "return_overdue", TODAY, 1), ("suggestions", "duplicate", TODAY, 5),
    ("agency_opinions", "follow_due", NOTICE_ON, 9), ("fixed_assets", "without_cert", INSPECTED_UNTIL, 2),
    ("fixed_assets", "without_cert", NOTICE_ON, 0), ("fixed_assets", "booked_late", NOTICE_ON, 3),
    ("meetings", "chief_office_missing", date(2023, 1, 31), 4), ("meetings", "chief_office_missing", NOTICE_ON, 1),
    ("lawyer_agency", "same_pair", NOTICE_ON, 5), ("lawyer_agency", "relative_firm", NOTICE_ON, 2),
    ("lawyer_agency", "relative_of_prosecutor", NOTICE_ON, 1), ("lawyer_agency", "leaver_acts", NOTICE_ON, 1),
    ("leavers", "two_years", NOTICE_ON, 1), ("lawyer_relatives", "recusal", NOTICE_ON, 1),
    ("three_rules_records", "unscreened", NOTICE_ON, 0), ("three_rules_records", "suspected_unhandled", NOTICE_ON, 0),
    ("monthly_reports", "missing", TODAY.replace(day=20), 1), ("monthly_reports", "three_zeros", TODAY, 1),
    ("quality_reviews", "own_case", NOTICE_ON, 0), ("quality_reviews", "not_heard", NOTICE_ON, 0),
    ("quality_reviews", "same_department", NOTICE_ON, 0), ("quality_reviews", "grade_version", NOTICE_ON, 0),
    ("closed_cases", "key_case_unreviewed", TODAY, 0), ("divergences", "second_missing", NOTICE_ON, 0),
    ("divergences", "not_in_protests", TODAY, 0), ("divergences", "protest_due", TODAY, 0),
    ("petitions", "repeated", NOTICE_ON, 6), ("accountability", "without_meeting", NOTICE_ON, 0),
    ("case_property", "disposal_due", INSPECTED_UNTIL, 5), ("meetings", "too_many_meetings", NOTICE_ON, 0),
    ("documents", "too_many_documents", NOTICE_ON, 0), ("suspensions", "many_others", date(2024, 5, 10), 1),
)  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    """The demo's rows in the engine."""
    with Rows(TODAY) as taken:
        yield taken


@pytest.mark.parametrize(("ledger", "rule", "as_of", "count"), FOUND)
def test_a_rule_finds_what_was_found(rows: Rows, ledger: str, rule: str, as_of: date, count: int) -> None:
    declared = next(each for each in LEDGERS[ledger].rules if each.rule == rule)
    assert len(judged(rows, ledger, declared, as_of)) == count


def test_cases_that_run_today_are_warned_of_in_every_colour(rows: Rows) -> None:
    rule = next(each for each in LEDGERS["prosecution_cases"].rules if each.rule == "review_due")
    assert isinstance(rule, DueRule)
    by_step = [len(judged(rows, "prosecution_cases", rule, TODAY, days=step.days)) for step in rule.ladder]
    assert by_step[0] > by_step[1] > by_step[2] > 0


def test_every_shipped_expression_means_the_same_in_python_and_on_duckdb() -> None:
    with duckdb.Engine() as engine:
        assert differences(engine) == []


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_every_shipped_expression_and_rule_means_the_same_on_spark() -> None:
    pytest.importorskip("pyspark", reason="pyspark is an extra")
    from zhenggai.rulesql.engines import spark  # pyspark is an optional library

    with Rows(TODAY, engine=spark.Engine(master="local[1]", config=SMALL_SPARK)) as taken:
        assert differences(taken.engine) == []
        for ledger, name, as_of, count in FOUND:
            rule = next(each for each in LEDGERS[ledger].rules if each.rule == name)
            assert len(judged(taken, ledger, rule, as_of)) == count, (ledger, name)


def differences(engine: Engine) -> list[str]:
    """Return where *engine* does not answer an expression of the shipped packs as Python does, on some rows of each ledger."""
    wrong = []
    for code, ledger in LEDGERS.items():
        told = [(each, expression) for each in asked(ledger, shipped()) if (expression := _of_one(each, code))]
        every, table = rows_of(ledger, TODAY), table_of(ledger, shipped())
        some = {str(at): row for at, row in enumerate(every[:: max(1, len(every) // 20)])}
        engine.register(table, rows=[{"row_id": at, **row} for at, row in some.items()])
        answers = engine.values(table, [expression for _each, expression in told], Run(NOTICE_ON))
        for at, row in some.items():
            for (each, expression), theirs in zip(told, answers[at], strict=True):
                ours = expression.evaluate(row, as_of=NOTICE_ON)
                if not same(ours, theirs):
                    wrong.append(f"{code} {each.path}: {ours!r} is {theirs!r}")
    return wrong


def _of_one(each: Asked, ledger: str) -> Expression | None:
    """Return an expression over the rows of *ledger* alone, or ``None``."""
    if not isinstance(each.table, Table) or each.table.name != ledger:
        return None
    return understand(each, deadlines.shipped().limits)[0]


def judged(rows: Rows, ledger: str, rule: Rule, as_of: date, *, days: int = -1) -> list[object]:
    """Return what *rule* finds; of a ladder, what has come to the step of *days*, for the last step late by one."""
    rows.take(ledger)
    table, known = table_of(LEDGERS[ledger], shipped()), parameters_of(rule)
    reading, run = Reading(known, deadlines.shipped().limits), Run(as_of)
    match rule:
        case RowRule():
            return _one_by_one(rows, table, reading, run, rule.when)
        case CompletenessRule():
            lacking = " or ".join(f"{code} is null" for code in rule.fields)
            return _one_by_one(rows, table, reading, run, f"({rule.when or 'true'}) and ({lacking})")
        case DueRule():
            last = min(step.days for step in rule.ladder) if days == -1 else days
            # A row that was done only later was not done on that day.
            late = f"days_between(as_of, {rule.due}) <= {max(last, -1)}"
            done = _on_the_day(rule.unless)
            return _one_by_one(rows, table, reading, run, f"({rule.when or 'true'}) and not ({done}) and {late}")
        case GroupRule():
            months = rule.within.amount if rule.within else None
            made = Groups.read(
                rule.rule, table, by=rule.by, at_least=_number(rule.at_least, known), distinct=rule.distinct,
                where=rule.where, on=rule.date if rule.within else None, months=months, reading=reading,
            )  # fmt: skip
            return list(rows.engine.groups(made, run).groups)
        case ComparisonRule():
            rows.take(rule.with_ledger)
            pair = Pair(table, table_of(LEDGERS[rule.with_ledger], shipped()))
            find = Find.MATCHED if rule.find == "pairs" else Find.MISSING
            compared = rows.engine.compare(
                Comparison.read(rule.rule, pair, on=rule.on, find=find, left_where=rule.where, reading=reading), run
            )
            return [*compared.pairs, *compared.missing]
        case AbsenceRule():
            since = date(as_of.year - 1, as_of.month, 1) if as_of.year != 2023 else date(2022, 1, 1)
            # Units other than the city's keep meetings since 2024 only.
            expected = [(CITY,)] if since.year < 2024 else [(unit,) for unit in UNITS]
            absent = Absences.read(
                rule.rule, table, keys=[rule.field], on=rule.date, grain=Grain(rule.per), since=since, expected=expected,
                where=rule.where, grace_days=_number(rule.grace_days, known), reading=reading,
            )  # fmt: skip
            return list(rows.engine.absences(absent, run))
        case RepeatRule():
            told = {each[LEDGERS[ledger].key[0]]: each for each in rows_of(LEDGERS[ledger], TODAY)}
            texts = {key: str(each[rule.text[0]]) for key, each in told.items()}
            near = [
                each
                for each in pairs(texts, float(str(known["likeness"])))
                if _same(rule, told[each.left], told[each.right])
            ]
            return list(near)
        case IndicatorRule():
            return _off(rows, ledger, rule, as_of)


def _off(rows: Rows, ledger: str, rule: IndicatorRule, as_of: date) -> list[object]:
    """Return the indicator of *rule* over the year before *as_of* when it is off."""
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (as_of.year - 1, as_of.year - 2)]
    value, last_year = (rows.value(ledger, rule.indicator, year, as_of, {}) for year in years)
    condition = Reading(parameters_of(rule)).read(rule.when, OF_INDICATORS)
    return [value] if condition.evaluate({"value": value, "last_year": last_year}, as_of=as_of) else []


def _one_by_one(rows: Rows, table: Table, reading: Reading, run: Run, text: str) -> list[object]:
    condition = OneByOne("rule", reading.read(text, table, Type.BOOLEAN))
    return list(rows.engine.row_rules(table, [condition], run, unknown=False).hits)


def _same(rule: RepeatRule, one: Row, other: Row) -> bool:
    """Return whether two rows may be held against each other: within a year, as every rule of texts asks here."""
    apart = abs((one[rule.date or ""] - other[rule.date or ""]).days)
    return apart < 365 and all(one[code] == other[code] for code in rule.same)


def _on_the_day(unless: str) -> str:
    """Return *unless* with what was done after the day taken as not done."""
    return unless.replace("disposed_on is not null", "coalesce(disposed_on <= as_of, false)")


def _number(told: int | str, known: dict[str, Value | Type]) -> int:
    return int(known[told.removeprefix(":")]) if isinstance(told, str) else told  # type: ignore[arg-type]  # a number, by its declaration
