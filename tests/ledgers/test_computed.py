"""Computed fields and the conditions of views: worked out where they are read, the same on both stores."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.factories.ledgers import declare, make_row
from tests.factories.people import make_unit
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.duck import run
from zhenggai.ledgers.errors import BadQuery, UnknownField
from zhenggai.ledgers.queries import RowQuery
from zhenggai.ledgers.reading import write_source
from zhenggai.people.access import OPERATOR
from zhenggai.policy.models import CalendarDay

pytestmark = pytest.mark.django_db

LEDGER = """
ledger: try_computed
label: 有公式的台账
key: [no]
date: started_on
fields:
  - {code: no, label: 编号, type: text}
  - {code: started_on, label: 开始日期, type: date}
  - {code: ended_on, label: 结束日期, type: date}
  - {code: overdue, label: 超期, type: boolean, computed: 天数 > 30}
  - {code: days, label: 天数, type: integer, computed: "days_between(开始日期, coalesce(结束日期, as_of))"}
  - {code: reply_on, label: 应复日期, type: date, computed: "add_workdays(开始日期, 7)"}
  - {code: wrong, label: 写错, type: integer, computed: 没有这个字段 + 1}
views:
  - {view: late, label: 超期, where: 超期, columns: [no, days]}
  - {view: bad, label: 写错, where: 没有这个字段 > 1}
"""


def test_computed_fields_are_worked_out_in_lists_rows_views_and_for_engines(tmp_path: Path) -> None:
    declare(LEDGER)
    body = make_unit()
    short = make_row(body, "try_computed", no="1", started_on="2026-09-30", ended_on="2026-10-10")
    make_row(body, "try_computed", no="2", started_on="2026-01-01", ended_on="2026-03-01")
    with pytest.raises(UnknownField):
        actions.change_row(short, {"days": 3}, actor=OPERATOR, revision=1)
    ledger = queries.current().ledgers.get("try_computed")
    assert ledger is not None

    def shown(text: str) -> list[list[str]]:
        page = queries.find_rows(OPERATOR, ledger, RowQuery.parse_string(text, ledger))
        return [[cell.shown for cell in line.cells] for line in page.lines]

    assert shown("sort=days&columns=no,days,overdue") == [["1", "10", "否"], ["2", "59", "是"]]
    assert shown("view=late") == [["2", "59"]]
    assert shown("f.days.from=11&columns=no") == [["2"]]
    with pytest.raises(BadQuery):
        shown("view=bad")

    def cells(as_of: datetime.datetime | None = None) -> dict[str, str]:
        view = queries.row_view(OPERATOR, "try_computed", str(short.pk), as_of=as_of)
        return {cell.code: cell.shown for cell in view.line.cells}

    assert (cells()["days"], cells()["wrong"], cells()["reply_on"]) == ("10", "", "2026-10-09")
    CalendarDay.objects.create(day=datetime.date(2026, 10, 1), is_workday=False, name="国庆节")
    assert cells()["reply_on"] == "2026-10-12"
    actions.change_row(short, {"ended_on": ""}, actor=OPERATOR, revision=1)
    then = datetime.datetime(2036, 10, 1, tzinfo=datetime.UTC)
    assert cells(then)["days"] == "3654"
    made = write_source(ledger, tmp_path / "source.parquet", units=[body.pk], as_of=then)
    rows = run(f"SELECT row_id, days, reply_on IS NOT NULL FROM read_parquet('{made}') ORDER BY days")
    assert rows[0][1:] == (59, True) and rows[1] == (str(short.pk), 3654, True)
    write_source(ledger, made, units=[])
    assert run(f"SELECT count(*) FROM read_parquet('{made}')") == [(0,)]


def test_every_shipped_ledger_and_view_can_be_asked() -> None:
    found = queries.current()
    assert found.problems == [] and len(found.ledgers) > 20
    for ledger in found.ledgers.values():
        for view in ("", *(each.view for each in ledger.views)):
            query = RowQuery.parse_string(f"view={view}&q=案", ledger)
            assert queries.find_rows(OPERATOR, ledger, query).total == 0
