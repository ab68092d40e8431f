"""Both stores read the same way, now and as of any moment, whether a base is in use or not."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as some

from tests.factories.ledgers import CASES, WHOLE, declare, make_row
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.duck import cursor
from zhenggai.ledgers.errors import BadSnapshot, ChangedMeanwhile, NotASnapshot, NotKeptByHand
from zhenggai.ledgers.models import Overlay, Row, RowVersion
from zhenggai.ledgers.queries import RowQuery
from zhenggai.ledgers.readers import rows as rows_reader
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit

pytestmark = pytest.mark.django_db


def states(ledger: str = "try_cases", as_of: datetime.datetime | None = None) -> dict[str, tuple[str, ...]]:
    found = queries.find_rows(OPERATOR, queries.access_declared(ledger), RowQuery(as_of=as_of, page_size=200))
    return {line.row_id: tuple(cell.shown for cell in line.cells) for line in found.lines}


STEPS = some.lists(
    some.tuples(some.sampled_from(["add", "change", "withdraw", "restore", "bulk", "undo"]), some.integers(0, 9)),
    min_size=1,
    max_size=12,
)


@given(steps=STEPS, most=some.sampled_from([0, 1, 3, 1000]))
@examples(max_examples=6)
def test_any_past_moment_reads_as_it_was_then(steps: list[tuple[str, int]], most: int) -> None:
    declare(CASES)
    body = make_unit()
    rows: list[Row] = []
    told: list[tuple[datetime.datetime, dict[str, tuple[str, ...]]]] = []
    batches: list[Any] = []
    patch = pytest.MonkeyPatch()
    patch.setattr(rows_reader, "MOST_FRESH", most)
    try:
        for verb, number in steps:
            row = Row.objects.get(pk=rows[number % len(rows)].pk) if rows else None
            if verb == "add" or row is None:
                rows.append(make_row(body, cause=f"案由{number}"))
            elif verb in ("bulk", "undo"):
                alive = [each.pk for each in Row.objects.filter(pk__in=[each.pk for each in rows], withdrawn_at=None)]
                if verb == "bulk" and alive:
                    batches.append(actions.bulk_change("try_cases", alive, {"people": number + 1}, actor=OPERATOR))
                elif verb == "undo" and batches and batches[-1] is not None and _unchanged(batches[-1].pk):
                    actions.undo_batch(batches.pop(), actor=OPERATOR)
            elif verb == "change" and row.withdrawn_at is None:
                actions.change_row(row, {"cause": f"改{number}"}, actor=OPERATOR, revision=row.revision)
            elif verb == "withdraw" and row.withdrawn_at is None:
                actions.withdraw_row(row, actor=OPERATOR, reason="重复")
            elif verb == "restore" and row.withdrawn_at is not None:
                actions.restore_row(row, actor=OPERATOR)
            mine = {str(each.pk) for each in rows}
            last = RowVersion.objects.filter(ledger="try_cases").latest("id").valid_from
            told.append((last, {key: value for key, value in states().items() if key in mine}))
        for moment, then in told:
            known = {key: value for key, value in states(as_of=moment).items() if key in mine}
            assert known == then
    finally:
        patch.undo()
        for row in rows:
            if Row.objects.get(pk=row.pk).withdrawn_at is None:
                actions.withdraw_row(row, actor=OPERATOR, reason="清理")


def _unchanged(batch: int) -> bool:
    versions = RowVersion.objects.filter(batch_id=batch).select_related("row")
    return all(each.row.revision == each.revision and each.row.withdrawn_at is None for each in versions)


def test_a_base_is_used_only_while_the_database_vouches_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(CASES)
    monkeypatch.setattr(rows_reader, "MOST_FRESH", 2)
    body = make_unit()
    first, *_rest = [make_row(body, cause="盗窃", tags="办结") for _ in range(4)]
    bases = Path(settings.ZHENGGAI_HOME) / "cache" / "ledgers" / "try_cases"
    before = states()
    (base,) = bases.iterdir()
    assert states() == before and len(before) == 4
    actions.change_row(first, {"cause": "诈骗"}, actor=OPERATOR, revision=1)
    assert [each for each in states().values() if "诈骗" in each]
    assert list(bases.iterdir()) == [base]
    # As after a restored backup: versions of the same ids, written by other acts.
    base.rename(base.with_name(base.name.replace(base.stem.split("-")[2], "0" * 32)))
    assert len(states()) == 4
    assert len(list(bases.iterdir())) == 2
    rows_reader.forget_bases("try_cases")
    assert len(states()) == 4


@pytest.fixture
def whole() -> Unit:
    declare(CASES, WHOLE)
    return make_unit("示例市人民检察院")


def snapshot_file(*lines: tuple[str, str, str, str], strange: str = "") -> Path:
    path = Path(settings.ZHENGGAI_HOME) / "made.parquet"
    values = ", ".join(
        f"('{no}', '{no}', '{name}', DATE '{day}', CAST({amount} AS DECIMAL(18,6)))" for no, name, day, amount in lines
    )
    columns = "row_id, no, name, on_day, amount"
    cursor().execute(f"COPY (SELECT *{strange} FROM (VALUES {values}) AS t({columns})) TO '{path}' (FORMAT parquet)")
    return path


def add(body: Unit, *lines: tuple[str, str, str, str], day: int = 1) -> Any:
    on = datetime.date(2026, 1, day)
    return actions.add_snapshot("try_whole", actor=OPERATOR, body=body, made=snapshot_file(*lines), taken_on=on)


def test_the_newest_snapshot_holds_with_corrections_that_outlive_it_where_the_source_did_not_move(whole: Unit) -> None:
    old = add(whole, ("a", "甲", "2026-01-01", "10"), ("b", "乙", "2026-01-02", "20"), ("c", "丙", "2026-01-03", "30"))
    row_a, row_b, row_c = (f"{whole.pk}:{key}" for key in "abc")
    clerk = make_user("rectification_office", whole)
    then = old.created_at
    actions.correct_row("try_whole", row_a, {"name": "甲改"}, actor=clerk, revision=0, reason="录入有误")
    actions.correct_row("try_whole", row_b, {"amount": "2.5万元"}, actor=clerk, revision=0, reason="录入有误")
    actions.correct_row("try_whole", row_c, {}, actor=clerk, revision=0, reason="重复", withdrawn=True)
    with pytest.raises(ChangedMeanwhile):
        actions.correct_row("try_whole", row_a, {"name": "甲再改"}, actor=clerk, revision=0, reason="录入有误")
    with pytest.raises(NotFound):
        actions.correct_row("try_whole", f"{whole.pk}:z", {"name": "无"}, actor=clerk, revision=0, reason="录入有误")
    corrected = Overlay.objects.latest("id").valid_from
    assert states("try_whole") == {
        row_a: ("a", "甲改", "2026-01-01", "10.00", ""),
        row_b: ("b", "乙", "2026-01-02", "25,000.00", ""),
    }
    add(whole, ("a", "甲", "2026-01-01", "11"), ("b", "乙", "2026-01-02", "21"), ("d", "丁", "2026-01-04", "40"))
    now = states("try_whole")
    assert now[row_a][1:4] == ("甲改", "2026-01-01", "11.00")
    assert now[row_b][3] == "21.00"
    assert set(now) == {row_a, row_b, f"{whole.pk}:d"}
    assert states("try_whole", then)[row_a][1] == "甲"
    assert states("try_whole", corrected)[row_b][3] == "25,000.00"
    assert len(states("try_whole", then)) == 3
    assert queries.row_view(clerk, "try_whole", row_a).line.revision == 1


def test_snapshots_of_several_bodies_stand_beside_each_other_and_keep_their_readers(whole: Unit) -> None:
    branch = make_grassroots(whole)
    add(whole, ("a", "甲", "2026-01-01", "10"))
    add(branch, ("a", "区甲", "2026-01-01", "10"))
    assert {each[1] for each in states("try_whole").values()} == {"甲", "区甲"}
    reader = make_user("grassroots_chief", branch)
    ledger = queries.access_ledger(reader, "try_whole")
    page = queries.find_rows(reader, ledger, RowQuery.parse_string("q=甲&sort=-amount&group=on_day", ledger))
    assert [line.cells[1].shown for line in page.lines] == ["区甲"]
    assert [(each.value, each.count) for each in page.groups] == [("2026-01-01", 1)]
    with pytest.raises(NotFound):
        queries.row_view(reader, "try_whole", f"{whole.pk}:a")


def test_a_file_that_does_not_fit_is_refused(whole: Unit) -> None:
    on = datetime.date(2026, 1, 1)
    line = ("a", "甲", "2026-01-01", "10")
    for made in (snapshot_file(line, strange=", 1 AS strange"), snapshot_file(line, line)):
        with pytest.raises(BadSnapshot):
            actions.add_snapshot("try_whole", actor=OPERATOR, body=whole, made=made, taken_on=on)
    with pytest.raises(NotASnapshot):
        actions.add_snapshot("try_cases", actor=OPERATOR, body=whole, made=snapshot_file(line), taken_on=on)
    with pytest.raises(NotKeptByHand):
        make_row(whole, "try_whole")
    assert states("try_whole") == {}
