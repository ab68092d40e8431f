"""The example of the guide works as the guide says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from zhenggai.packs.checking import check
from zhenggai.packs.declarations import DueRule, GroupRule
from zhenggai.packs.expressions import parameters_of, table_of
from zhenggai.packs.loading import Declared, load, office_folders, shipped_folders
from zhenggai.rulesql import Type
from zhenggai.rulesql.engines.duckdb import Engine
from zhenggai.rulesql.plans import GroupRule as EngineGroup
from zhenggai.rulesql.plans import Kind, Measure, MeasurePlan, Reading, RowRule, Run

GUIDE = Path(__file__).parents[2] / "docs" / "manual" / "ledgers.zh.md"
FILE = re.compile(r"^文件 `(packs/own/[^`]+)`.*?```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """Return the files that the guide tells its reader to write, by path."""
    return dict(FILE.findall(GUIDE.read_text(encoding="utf-8")))


def written(home: Path, **changed: str) -> Declared:
    """Write the files of the guide below *home* and read them with the shipped packs; *changed* words are replaced."""
    for path, text in files().items():
        for before, after in changed.items():
            text = text.replace(before, after)
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    return load([*shipped_folders(), *office_folders(home)])


def test_the_files_of_the_guide_have_no_mistakes(tmp_path: Path) -> None:
    assert list(files()) == [
        "packs/own/pack.yaml",
        "packs/own/enumerations/reception_kind.yaml",
        "packs/own/ledgers/reception.yaml",
    ]
    declared = written(tmp_path)
    assert [str(problem) for problem in declared.problems + check(declared)] == []
    ledger = declared.ledgers["reception"]
    assert (len(ledger.rules), len(ledger.indicators)) == (2, 1)


def test_the_mistake_of_the_guide_is_told_as_it_says(tmp_path: Path) -> None:
    declared = written(tmp_path, **{"by: [visitor]": "by: [visiter]"})
    told = "\n".join(str(problem) for problem in check(declared))
    assert told in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["extends: suspensions", "too_long.months"])
def test_the_change_of_a_shipped_ledger_is_taken(tmp_path: Path, word: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    example = text[text.index("extends: suspensions") :].split("```")[0]
    assert word in example
    written(tmp_path)
    (tmp_path / "packs/own/ledgers/suspensions.yaml").write_text(example, encoding="utf-8")
    declared = load([*shipped_folders(), *office_folders(tmp_path)])
    assert declared.problems == []
    rules = {rule.rule: rule for rule in declared.ledgers["suspensions"].rules}
    assert rules["too_long"].parameters["months"].value == 6
    assert "many_others" not in rules


AS_OF = date(2026, 3, 31)
LATER = date(2026, 4, 10)


def rows_of_guide(declared: Declared) -> list[dict[str, object]]:
    """Return the table of the guide's last but one part, by field code, with choices as their codes."""
    text = GUIDE.read_text(encoding="utf-8")
    table = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| (编号|\d) \|", line)
    ]
    fields = {field.label: field for field in declared.ledgers["reception"].fields}
    values = {each.label: each.code for each in declared.enumerations["reception_kind"].versions[0].values}
    rows = []
    for cells in table[1:]:
        row = {fields[head].code: values.get(cell, cell) or None for head, cell in zip(table[0], cells, strict=True)}
        rows.append({"row_id": row["no"], **row})
    return rows


def test_rules_and_indicator_of_the_guide_say_what_it_says(tmp_path: Path) -> None:
    declared = written(tmp_path)
    ledger = declared.ledgers["reception"]
    due, again = ledger.rules
    assert isinstance(due, DueRule) and isinstance(again, GroupRule)
    table, reading = table_of(ledger, declared), Reading(parameters_of(due))
    late = [
        RowRule(
            f"{step.severity}",
            reading.read(f"not ({due.unless}) and days_between(as_of, {due.due}) <= {step.days}", table),
        )
        for step in due.ladder
    ]
    rate = ledger.indicators[0]
    parts = [each for each in (rate.numerator, rate.denominator) if each is not None]
    counts = tuple(Measure.read(str(at), table, Kind.COUNT, where=each.where) for at, each in enumerate(parts))
    group = EngineGroup.read(
        again.rule, table, by=again.by, at_least=int(again.at_least), on=again.date, months=12, reading=Reading()
    )
    with Engine(threads=1) as engine:
        engine.register(table, rows=rows_of_guide(declared))
        run = Run(AS_OF)
        assert engine.row_rules(table, late, run).hits == (("4", "yellow"), ("4", "red"))
        assert [(each.keys, each.value, each.row_ids) for each in engine.groups(group, run).groups] == [
            (("甲某",), 3, ("1", "2", "3"))
        ]
        made = engine.measure(MeasurePlan(table, counts), run)
        assert (made.value("0"), made.value("1")) == (3, 5)
        later = Run(LATER)
        assert engine.row_rules(table, late, later).hits == (
            ("4", "yellow"),
            ("4", "red"),
            ("6", "yellow"),
            ("6", "red"),
        )
        made = engine.measure(MeasurePlan(table, counts), later)
        assert (made.value("0"), made.value("1")) == (3, 6)
    dues = [reading.read(due.due, table, Type.DATE).evaluate(row | {"held_on": date.fromisoformat(str(row["held_on"]))}, as_of=AS_OF)
            for row in rows_of_guide(declared)]  # fmt: skip
    assert (dues[3], dues[5]) == (date(2026, 2, 26), date(2026, 4, 9))
