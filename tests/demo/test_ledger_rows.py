"""The rows of the demo's ledgers are what their declarations ask for, and the same on every run."""

from __future__ import annotations

from datetime import date

from zhenggai.demo.ledgers import ROWS, rows_of
from zhenggai.demo.ledgers.people import NOTICE_ON
from zhenggai.packs.declarations import FieldType
from zhenggai.packs.loading import shipped

TODAY = date(2026, 3, 31)
LEDGERS = shipped().ledgers


def test_every_shipped_ledger_has_rows_that_fit_its_declaration() -> None:
    assert set(ROWS) == set(LEDGERS)
    total = 0
    for code, ledger in LEDGERS.items():
        rows = rows_of(ledger, TODAY)
        total += len(rows)
        fields = {field.code: field for field in ledger.fields if not field.computed}
        assert {name for row in rows for name in row} <= set(fields), code
        keys = [tuple(row[name] for name in ledger.key) for row in rows]
        assert len(set(keys)) == len(keys), code
        for name, field in fields.items():
            values = [row.get(name) for row in rows]
            assert not (field.required and None in values), f"{code}.{name}"
            if field.type in (FieldType.CHOICE, FieldType.CHOICES):
                known = {
                    value.code
                    for each in shipped().enumerations[field.enumeration or ""].versions
                    for value in each.values
                }
                found = {part for each in values if each for part in ([each] if isinstance(each, str) else each)}
                assert found <= known, f"{code}.{name}"
            if field.type == FieldType.DATE:
                assert all(each is None or type(each) is date for each in values), f"{code}.{name}"
            if field.ledger is not None:
                there = {row[LEDGERS[field.ledger].key[0]] for row in rows_of(LEDGERS[field.ledger], TODAY)}
                assert set(values) <= there, f"{code}.{name}"
    assert 5_000 < total < 15_000


def test_what_lies_before_the_notice_is_the_same_whatever_today_is() -> None:
    for code, ledger in LEDGERS.items():
        if ledger.date is None or code in ("reviewer_pool", "quality_checks"):
            continue
        then, later = (
            [row for row in rows_of(ledger, day) if row[ledger.date] <= NOTICE_ON] for day in (TODAY, date(2027, 2, 5))
        )
        moving = {"checked_on", "updated_on", "counted_on", "closed_on"}
        assert [{k: v for k, v in row.items() if k not in moving} for row in then] == [
            {k: v for k, v in row.items() if k not in moving} for row in later
        ], code


def test_rows_do_not_depend_on_the_process() -> None:
    ledger = LEDGERS["suspensions"]
    assert rows_of(ledger, TODAY) == rows_of(ledger, TODAY)
    assert rows_of(ledger, TODAY)[0]["case_no"] == "松岗检行监〔2023〕1号"
