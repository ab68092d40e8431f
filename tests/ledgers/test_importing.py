"""Files into ledgers: matched, tried, written all or nothing, and taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import duckdb
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.factories.ledgers import CASES, WHOLE, declare, make_row
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions as rows
from zhenggai.ledgers.errors import CannotUndo
from zhenggai.ledgers.importing import actions, queries
from zhenggai.ledgers.importing.errors import BadMapping, NoSuchTable, WrongStep
from zhenggai.ledgers.importing.store import folder_of
from zhenggai.ledgers.models import LedgerImport, Row, RowVersion, Snapshot
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db
State = LedgerImport.State
Bring = Callable[..., LedgerImport]

HEADS = ["案号（编号）", "嫌疑人", "罪名", "受理日期", "状态", "人数(人)", "金额", "没有的列"]


@pytest.fixture
def court(django_capture_on_commit_callbacks: Any) -> Unit:
    declare(CASES, WHOLE)
    return make_unit("示例市人民检察院")


@pytest.fixture
def clerk(court: Unit) -> User:
    return make_user("rectification_office", court, name="王五")


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Callable[..., LedgerImport]:
    """Call an act, let the worker do what it asked for, and return the import as it is then."""

    def called(act: Callable[..., LedgerImport], *args: Any, **kwargs: Any) -> LedgerImport:
        with django_capture_on_commit_callbacks(execute=True):
            import_ = act(*args, **kwargs)
        import_.refresh_from_db()
        return import_

    return called


@pytest.fixture
def bring(run: Callable[..., LedgerImport], court: Unit, clerk: User) -> Bring:
    """Bring rows as a workbook (or bytes as they are) and return the staged import."""

    def brought(lines: list[list[Any]] | bytes, ledger: str = "try_cases", **kwargs: Any) -> LedgerImport:
        data = lines if isinstance(lines, bytes) else workbook(lines)
        return run(
            actions.start_import,
            ledger,
            actor=kwargs.get("actor", clerk),
            body=court,
            source=io.BytesIO(data),
            name="案件.xlsx",
        )

    return brought


def workbook(lines: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tried(run: Callable[..., LedgerImport], import_: LedgerImport, clerk: User, **ways: Any) -> LedgerImport:
    mapping = {int(column): field for column, field in import_.mapping.items()}
    return run(actions.match, import_, actor=clerk, mapping=mapping, **{"known": "update", **ways})


LINES: list[list[Any]] = [
    ["试用案件登记表"],
    HEADS,
    ["示检1号", "张三", "盗窃", "2025年3月1日", "办理中", 2, "1.5万元", "x"],
    ["示检2号", "李四", "诈骗", "2025-03-02", "办结", "3人", 20, "x"],
    [None] * 8,
    ["合计", None, None, None, None, 5, 35, None],
]


def test_a_workbook_is_matched_tried_written_and_taken_back(run: Any, bring: Bring, clerk: User) -> None:
    import_ = bring(LINES)
    assert (import_.state, import_.head_rows, import_.after) == (State.STAGED, [2], 2)
    assert import_.mapping == {
        "0": "no", "1": "suspect", "2": "cause", "3": "accepted_on", "4": "state", "5": "people", "6": "amount",
    }  # fmt: skip
    import_ = tried(run, import_, clerk)
    assert import_.state == State.CHECKED
    assert (import_.tally["rows"], import_.tally["added"], import_.tally["bad"]) == (2, 2, 0)
    assert not Row.objects.exists(), "trying writes nothing"
    import_ = run(actions.write_import, import_, actor=clerk)
    assert import_.state == State.DONE, import_.error
    one = RowVersion.objects.get(row__key="示检1号")
    assert one.data["amount"] == "15000.00"
    assert one.data["people"] == 2
    assert (one.origin, one.batch_id) == ("import", import_.batch_id)
    assert not folder_of(import_.pk).exists(), "what was derived is dropped"
    import_ = run(actions.undo_import, import_, actor=clerk)
    assert import_.state == State.UNDONE
    assert not Row.objects.filter(withdrawn_at__isnull=True).exists()
    assert {"ledgers.import_started", "ledgers.rows_imported", "ledgers.import_undone"} <= set(
        Entry.objects.values_list("code", flat=True)
    )


def test_known_rows_are_updated_and_empty_cells_leave_what_the_ledger_says(
    run: Any, bring: Bring, court: Unit, clerk: User
) -> None:
    make_row(court, no="示检1号", suspect="张三", cause="盗窃", people="2")
    same = make_row(court, no="示检2号", suspect="李四")
    import_ = bring(
        [["案号", "嫌疑人", "罪名"], ["示检1号", "", "抢劫"], ["示检2号", "李四", ""], ["示检3号", "王五", ""]]
    )
    import_ = tried(run, import_, clerk)
    assert {key: import_.tally[key] for key in ("added", "changed", "same", "bad")} == {
        "added": 1, "changed": 1, "same": 1, "bad": 0,
    }  # fmt: skip
    run(actions.write_import, import_, actor=clerk)
    holding = RowVersion.objects.get(row__key="示检1号", valid_to__isnull=True)
    assert (holding.data["suspect"], holding.data["cause"], holding.data["people"]) == ("张三", "抢劫", 2)
    same.refresh_from_db()
    assert same.revision == 1
    import_.refresh_from_db()
    run(actions.undo_import, import_, actor=clerk)
    assert RowVersion.objects.get(row__key="示检1号", valid_to__isnull=True).data["cause"] == "盗窃"


def test_masks_that_come_back_from_an_export_never_take_the_place_of_what_they_hide(
    run: Any, bring: Bring, court: Unit, clerk: User
) -> None:
    row = make_row(court, no="示检1号", suspect="张三丰", phone="13900000001", people="2")
    lines = [
        ["案号", "嫌疑人", "电话", "人数"],
        ["示检1号", "张某某", "139***01", 3],
        ["示检2号", "李某", "139***02", 1],
    ]
    import_ = tried(run, bring(lines), clerk, problems="skip")
    assert (import_.tally["changed"], import_.tally["bad"]) == (1, 1)
    assert [(each.code, "遮盖" in each.message) for each in queries.problems_of(import_)] == [("phone", True)]
    run(actions.write_import, import_, actor=clerk)
    data = RowVersion.objects.get(row=row, valid_to=None).data
    assert (data["suspect"], data["phone"], data["people"]) == ("张三丰", "13900000001", 3)


def test_cells_may_be_emptied_and_known_rows_passed_over_or_refused(
    run: Any, bring: Bring, court: Unit, clerk: User
) -> None:
    make_row(court, no="示检1号", suspect="张三", cause="盗窃")
    lines = [["案号", "罪名"], ["示检1号", ""]]
    import_ = tried(run, bring(lines), clerk, blanks="clear")
    run(actions.write_import, import_, actor=clerk)
    assert "cause" not in RowVersion.objects.get(row__key="示检1号", valid_to__isnull=True).data
    lines[1][1] = "抢劫"
    assert tried(run, bring(lines), clerk, known="skip").tally["passed_over"] == 1
    refused = tried(run, bring(lines), clerk, known="refuse")
    assert refused.tally["bad"] == 1
    assert "已有" in queries.problems_of(refused)[0].message


BAD_LINES: list[list[Any]] = [
    ["案号", "电话", "受理日期", "状态", "人数"],
    ["示检1号", "13800000001", "2025-02-30", "撤回", 0],
    ["示检2号", "13800000002", "2025-03-02", "在办", 1],
    ["示检2号", "13800000003", "2025-03-02", "在办", 1],
    ["", "13800000004", "2025-03-02", "在办", 1],
    ["示检5号", "13800000002", "2025-03-02", "在办", 1],
]


def test_problems_are_told_by_row_and_come_back_in_a_marked_workbook(run: Any, bring: Bring, clerk: User) -> None:
    import_ = tried(run, bring(BAD_LINES), clerk)
    assert (import_.tally["added"], import_.tally["bad"], import_.tally["problems"]) == (1, 4, 6)
    found = {(each.n, each.code): each.message for each in queries.problems_of(import_)}
    assert set(found) == {(2, "accepted_on"), (2, "state"), (2, "people"), (4, "no"), (5, "no"), (6, "phone")}
    assert "第 3 行" in found[4, "no"]
    assert "第 3 行" in found[6, "phone"]
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(queries.marked_workbook(import_))).get_sheet_by_index(0).to_python()
    )
    assert [row[1] for row in sheet[1:]] == [2, 4, 5, 6]
    assert sheet[0][2:] == BAD_LINES[0]
    assert [each.code for each in queries.preview(import_).problems[2]] == ["accepted_on", "state", "people"]
    import_ = run(actions.write_import, import_, actor=clerk)
    assert (import_.state, import_.error["code"]) == (State.CHECKED, "ledgers.HasProblems")
    assert not Row.objects.exists(), "all or nothing"


def test_rows_with_problems_may_be_skipped(run: Any, bring: Bring, clerk: User) -> None:
    import_ = tried(run, bring(BAD_LINES), clerk, problems="skip")
    import_ = run(actions.write_import, import_, actor=clerk)
    assert import_.state == State.DONE
    assert list(Row.objects.values_list("key", flat=True)) == ["示检2号"]
    assert len(queries.marked_workbook(import_)) > 1000, "the left-out rows can still be downloaded"


@pytest.mark.parametrize("ledger", ["try_cases", "try_whole"])
def test_totals_and_remarks_are_no_data_and_are_told(run: Any, bring: Bring, clerk: User, ledger: str) -> None:
    heads = {"try_cases": "案号,受理日期,罪名", "try_whole": "编号,日期,名称"}[ledger]
    rows_ = f"{heads}\n示检1号,2025-03-01,甲\n小计,1件,\n累计投入不足,2025-03-02,乙\n合 计,2件,\n注：按月填报。,,\n"
    import_ = tried(run, bring(rows_.encode(), ledger=ledger), clerk)
    assert (import_.tally["rows"], import_.tally["left_out"], import_.tally["left_rows"]) == (2, 3, [3, 5, 6])


def test_what_was_changed_after_the_import_stops_its_undoing(run: Any, bring: Bring, clerk: User) -> None:
    import_ = run(actions.write_import, tried(run, bring(LINES), clerk), actor=clerk)
    rows.change_row(Row.objects.get(key="示检1号"), {"cause": "抢劫"}, actor=clerk, revision=1)
    with pytest.raises(CannotUndo):
        actions.undo_import(import_, actor=clerk)
    import_.refresh_from_db()
    assert import_.state == State.DONE


def test_somebody_took_the_key_between_trying_and_writing(run: Any, bring: Bring, court: Unit, clerk: User) -> None:
    import_ = tried(run, bring(LINES), clerk, known="refuse")
    make_row(court, no="示检1号")
    import_ = run(actions.write_import, import_, actor=clerk)
    assert import_.error["code"] == "ledgers.HasProblems"
    assert Row.objects.count() == 1


def test_a_worker_killed_while_writing_leaves_nothing(
    run: Any, bring: Bring, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = tried(run, bring(LINES), clerk)

    class Killed(BaseException):
        pass

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    monkeypatch.setattr("zhenggai.ledgers.importing.tasks._finish", die)
    run(actions.write_import, import_, actor=clerk)
    assert not Row.objects.exists()


def test_steps_cannot_be_taken_out_of_order(run: Any, bring: Bring, clerk: User) -> None:
    import_ = bring(LINES)
    with pytest.raises(WrongStep):
        actions.write_import(import_, actor=clerk)
    with pytest.raises(NoSuchTable):
        actions.choose_table(import_, actor=clerk, table=5)
    with pytest.raises(BadMapping, match="主键"):
        actions.match(import_, actor=clerk, mapping={1: "suspect"}, known="update")
    with pytest.raises(BadMapping, match="两列"):
        actions.match(import_, actor=clerk, mapping={0: "no", 1: "no"}, known="update")
    import_ = run(actions.discard_import, import_, actor=clerk)
    assert import_.state == State.DISCARDED
    assert not folder_of(import_.pk).exists()
    with pytest.raises(WrongStep):
        actions.discard_import(import_, actor=clerk)


def test_a_file_that_cannot_be_read_says_why(bring: Bring) -> None:
    import_ = bring(b"PK\x03\x04" + b"x" * 200)
    assert (import_.state, import_.error["code"]) == (State.FAILED, "docparse.Corrupt")


def test_imports_are_for_who_may(court: Unit, clerk: User, bring: Bring) -> None:
    import_ = bring(LINES)
    other = make_user("rectification_office", make_grassroots(court, "示例市甲区人民检察院"))
    with pytest.raises(NotFound):
        queries.access_import(other, import_.pk)
    owner = make_user("owner", court)
    with pytest.raises((NotAllowed, NotFound)):
        actions.start_import("try_cases", actor=owner, body=court, source=io.BytesIO(b"x"), name="a.csv")


def parquet(tmp_path: Any, select: str) -> bytes:
    path = tmp_path / "made.parquet"
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return bytes(path.read_bytes())


def test_a_whole_ledger_becomes_a_snapshot(run: Any, bring: Bring, clerk: User, tmp_path: Any) -> None:
    select = (
        "SELECT 'A' || range AS 编号, '设备' || range AS 名称, CASE WHEN range = 3 THEN '2025年3月4日' ELSE '2025-03-01' END AS 日期, "
        "CASE range WHEN 4 THEN '1,204.5元' WHEN 5 THEN '很多' ELSE '12.50' END AS 金额 FROM range(1000)"
    )
    import_ = bring(parquet(tmp_path, select), ledger="try_whole")
    assert import_.mapping == {"0": "no", "1": "name", "2": "on_day", "3": "amount"}
    import_ = tried(run, import_, clerk, problems="skip")
    assert (import_.tally["rows"], import_.tally["bad"]) == (1000, 1)
    assert [(each.n, each.code) for each in queries.problems_of(import_)] == [(6, "amount")]
    import_ = run(actions.write_import, import_, actor=clerk)
    assert import_.state == State.DONE, import_.error
    assert Snapshot.objects.get().rows == 999
    # A second whole import takes its place, and undoing it brings the first back.
    again = tried(run, bring(parquet(tmp_path, "SELECT 'A1' AS 编号, '设备' AS 名称"), ledger="try_whole"), clerk)
    again = run(actions.write_import, again, actor=clerk)
    with pytest.raises(CannotUndo):
        actions.undo_import(import_, actor=clerk)
    run(actions.undo_import, again, actor=clerk)
    assert Snapshot.objects.get(undone_at__isnull=True).rows == 999


def test_rows_of_a_whole_ledger_that_share_a_key_are_told(run: Any, bring: Bring, clerk: User) -> None:
    import_ = bring("编号,名称\nA1,甲\nA1,乙\n,丙\nA2,丁\n".encode(), ledger="try_whole")
    import_ = tried(run, import_, clerk)
    assert (import_.tally["rows"], import_.tally["bad"]) == (4, 2)
    assert {each.n: each.message for each in queries.problems_of(import_)} == {
        3: "与第 2 行的主键重复", 4: "“编号”必须填写",
    }  # fmt: skip
    assert run(actions.write_import, import_, actor=clerk).error["code"] == "ledgers.HasProblems"
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("ledger", ["try_cases", "try_whole"])
def test_a_dash_stands_for_nothing_in_both_stores(run: Any, bring: Bring, clerk: User, ledger: str) -> None:
    heads = {"try_cases": "案号,受理日期,罪名", "try_whole": "编号,日期,名称"}[ledger]
    import_ = tried(run, bring(f"{heads}\n示检1号,—,-\n示检2号,2025-03-02,盗窃\n".encode(), ledger=ledger), clerk)
    assert (import_.tally["added"], import_.tally["bad"]) == (2, 0)


def test_what_came_out_masked_comes_into_no_whole_ledger(run: Any, bring: Bring, clerk: User) -> None:
    phone = "  - {code: phone, label: 电话, type: text, personal: phone}\n"
    declare(CASES, WHOLE + phone)
    import_ = tried(run, bring("编号,电话\nA1,138***21\nA2,13812345621\n".encode(), ledger="try_whole"), clerk)
    assert (import_.tally["rows"], import_.tally["bad"]) == (2, 1)
    assert "遮盖后的个人信息" in queries.problems_of(import_)[0].message
