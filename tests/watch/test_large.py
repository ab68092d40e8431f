"""Rules run over a ledger whose bulk lies in a file, as those of some thousand rows do."""

from __future__ import annotations

import pytest

from tests.factories.people import make_unit
from zhenggai.ledgers.actions import create_rows
from zhenggai.ledgers.queries import current
from zhenggai.ledgers.readers import rows as rows_reader
from zhenggai.people.access import OPERATOR
from zhenggai.watch.models import RuleRun
from zhenggai.watch.running import run_ledger


@pytest.mark.django_db
def test_rules_read_the_bulk_of_a_large_ledger_from_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_reader, "MOST_FRESH", 2)
    body = make_unit()
    rows = [
        {
            "no": f"LR{at}",
            "unit": body.name,
            "person": "某人",
            "left_on": "2024-01-31",
            "practises": True,
            "practises_since": "2024-06-03",
        }
        for at in range(5)
    ]
    batch = create_rows("leavers", rows, actor=OPERATOR, body=body, label="导入")
    assert batch is not None and batch.rows == 5
    ledger = current().ledgers["leavers"]
    found = run_ledger(ledger, body, actor=OPERATOR, cause=RuleRun.Cause.DAILY).judgement
    assert {each.rule: (len(each.facts), each.error) for each in found.verdicts}["two_years"] == (5, "")
    assert create_rows("leavers", [], actor=OPERATOR, body=body, label="空") is None
