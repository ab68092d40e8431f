"""A changed declaration: rows are brought into its form where they can be, and what cannot be is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.ledgers import declare, make_row
from tests.factories.people import make_unit, make_user
from zhenggai.commands import ledgers as command
from zhenggai.commands.main import build_parser
from zhenggai.kit.errors import NotAllowed
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.models import Batch, LedgerState, RowVersion
from zhenggai.ledgers.queries import RowQuery
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db

BEFORE = """
ledger: try_change
label: 会变的台账
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: count, label: 数量, type: text}
  - {code: state, label: 状态, type: choice, enumeration: try_states}
  - {code: heard_at, label: 时间, type: datetime}
  - {code: old, label: 旧字段, type: text}
"""
AFTER = """
ledger: try_change
label: 会变的台账
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: amount, label: 数量, type: integer, renamed_from: [count]}
  - {code: state, label: 状态, type: text}
  - {code: heard_at, label: 时间, type: date}
  - {code: fresh, label: 新字段, type: text}
"""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = command.run(build_parser("ledgers").parse_args(["ledgers", *words]))
    return status, capsys.readouterr().out


def test_rows_are_converted_where_they_can_be_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    declare(BEFORE)
    body = make_unit()
    good = make_row(body, "try_change", no="1", count="12", state="done", heard_at="2026-03-01 09:30", old="留存")
    bad = make_row(body, "try_change", no="2", count="十来件", heard_at="2026-03-02 10:00")
    gone = make_row(body, "try_change", no="3", count="3")
    actions.withdraw_row(gone, actor=OPERATOR, reason="重复")
    assert run(capsys, "migrate") == (0, "所有台账记录都符合现行格式。\n")

    declare(AFTER)
    (outdated,) = queries.outdated_ledgers()
    steps = outdated[1]
    assert (dict(steps.renamed), set(steps.retyped), steps.added, steps.dropped) == (
        {"count": "amount"},
        {"amount", "state", "heard_at"},
        ("fresh",),
        ("old",),
    )
    status, told = run(capsys, "migrate", "--dry-run")
    assert status == 1 and "十来件" in told and "将转换 3 条记录" in told
    assert not Batch.objects.exists()
    with pytest.raises(NotAllowed):
        actions.conform_ledgers(actor=make_user("owner", body))
    (done,) = actions.conform_ledgers(actor=make_user("rectification_office", body))
    assert (done.rows, [(each.row, each.field, each.value) for each in done.misfits]) == (
        3,
        [(bad.pk, "amount", "十来件")],
    )
    data = {each.row_id: each.data for each in RowVersion.objects.filter(valid_to=None)}
    assert data[good.pk] == {"no": "1", "amount": 12, "state": "已办结", "heard_at": "2026-03-01", "old": "留存"}
    assert data[bad.pk] == {"no": "2", "amount": "十来件", "heard_at": "2026-03-02"}
    assert data[gone.pk]["amount"] == 3
    assert queries.outdated_ledgers() == []
    assert LedgerState.objects.get().problems[0]["reason"] == "应为数字"
    ledger = queries.access_declared("try_change")
    lines = queries.find_rows(OPERATOR, ledger, RowQuery.parse_string("sort=amount", ledger)).lines
    assert [line.cells[1].shown for line in lines] == ["12", ""]
    assert [each.label for each in queries.row_history(good)[0].changes] == ["数量", "状态", "时间", "count"]
    actions.undo_batch(Batch.objects.get(), actor=OPERATOR)
    assert RowVersion.objects.get(row=good, valid_to=None).data["count"] == "12"


def test_a_mistake_of_the_office_is_listed_and_leaves_out_only_its_ledger() -> None:
    declare(BEFORE, AFTER.replace("try_change", "try_other").replace("type: integer", "type: number"))
    found = queries.current()
    assert "try_change" in found.ledgers and "try_other" not in found.ledgers
    assert [problem.file for problem in found.problems] == ["packs/try_pack/ledgers/try_other.yaml"]
    declare(BEFORE.replace("enumeration: try_states", "enumeration: nothing"))
    found = queries.current()
    assert "try_change" not in found.ledgers
    assert "值集" in found.problems[0].message
    assert queries.current() is found


def test_rows_follow_a_declaration_that_is_saved_on_the_pages() -> None:
    declare()
    body = make_unit()
    clerk = make_user("rectification_office", body)
    text = "ledger: own_talks\nlabel: 谈话\nkey: [no]\nfields:\n  - {code: no, label: 编号, type: text}\n  - {code: count, label: 次数, type: text}\n"
    place = "ledgers/own_talks.yaml"
    actions.save_declaration({place: text}, actor=clerk, code="own_talks")
    row = make_row(body, "own_talks", no="1", count="３次")
    changed = text.replace(
        "code: count, label: 次数, type: text",
        "code: times, label: 次数, type: integer, unit: 次, renamed_from: [count]",
    )
    actions.save_declaration({place: changed}, actor=clerk, code="own_talks")
    assert RowVersion.objects.get(row=row, valid_to=None).data == {"no": "1", "times": 3}


def test_rules_are_asked_for_when_a_declaration_was_saved(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("zhenggai.watch.tasks.ask_runs", asked.append)
    declare()
    clerk = make_user("rectification_office", make_unit())
    text = "ledger: own_talks\nlabel: 谈话\nkey: [no]\nfields:\n  - {code: no, label: 编号, type: text}\n"
    with django_capture_on_commit_callbacks(execute=True):
        actions.save_declaration({"ledgers/own_talks.yaml": text}, actor=clerk, code="own_talks")
    assert asked == ["own_talks"], "what is declared speaks of the rows that are there already"
