"""Tables of any file as Parquet of text: kinds, encodings, damage, and that nothing is lost on the way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pytest

from zhenggai.docparse import errors
from zhenggai.docparse.staging import STAGING, StagedTable, stage_tables

Stage = Callable[[str, bytes], tuple[list[StagedTable], list[tuple[str | None, ...]]]]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Stage the bytes of a file and return its tables and the cells of the first, without row numbers."""

    def staged(name: str, data: bytes) -> tuple[list[StagedTable], list[tuple[str | None, ...]]]:
        path, folder = tmp_path / name, tmp_path / "staged"
        path.write_bytes(data)
        folder.mkdir()
        tables = stage_tables(path, folder)
        rows = duckdb.connect().execute(f"SELECT * FROM read_parquet('{tables[0].path}') ORDER BY n").fetchall()
        assert [each.name for each in folder.iterdir() if each.suffix != ".parquet"] == [], "what is not needed is gone"
        return tables, [row[1:] for row in rows]

    return staged


def test_a_workbook_keeps_rows_columns_and_values(stage: Stage, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "案件"
    sheet["B2"] = "登记表"
    sheet.merge_cells("B2:D2")
    sheet.append([None, "案号", "日期", "金额"])
    sheet.append([None, "示1号", datetime.date(2024, 2, 29), 12.5])
    sheet.append([None, "示\n2号", datetime.datetime(2024, 3, 1, 9, 30), 12])
    book.create_sheet("空")
    book.save(tmp_path / "made.xlsx")
    tables, rows = stage("a.xlsx", (tmp_path / "made.xlsx").read_bytes())
    assert [(each.name, each.rows, each.columns) for each in tables] == [("案件", 4, 3)]
    assert rows == [
        ("登记表", None, None), ("案号", "日期", "金额"), ("示1号", "2024-02-29", "12.5"), ("示\n2号", "2024-03-01 09:30", "12"),
    ]  # fmt: skip
    first = duckdb.connect().execute(f"SELECT min(n) FROM read_parquet('{tables[0].path}')").fetchone()
    assert first == (2,), "rows are numbered as the spreadsheet numbers them"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_every_encoding(stage: Stage, encoding: str) -> None:
    text = '案号,受理日期,备注\n示检刑诉1号,2024-01-02,审查起诉中\n示检刑诉2号,2024/1/3,"退回, 补充\n侦查"\n'
    _, rows = stage("a.csv", text.encode(encoding))
    assert rows == [
        ("案号", "受理日期", "备注"), ("示检刑诉1号", "2024-01-02", "审查起诉中"), ("示检刑诉2号", "2024/1/3", "退回, 补充\n侦查"),
    ]  # fmt: skip


def test_rows_may_be_ragged_also_far_down(stage: Stage) -> None:
    lines = ["案号,日期", *[f"示{number}号,2024-01-02" for number in range(1500)], "示末号,2024-01-02,多出一格"]
    tables, rows = stage("a.csv", "\n".join(lines).encode())
    assert (tables[0].rows, tables[0].columns) == (1502, 3)
    assert rows[-1] == ("示末号", "2024-01-02", "多出一格")
    assert rows[1] == ("示0号", "2024-01-02", None)


def test_a_quote_within_a_word_is_no_damage_but_one_never_closed_is(stage: Stage, tmp_path: Path) -> None:
    _, rows = stage("a.csv", '案号,规格\n示1号,5" 管\n示2号,普通\n'.encode())
    assert rows[1:] == [("示1号", '5" 管'), ("示2号", "普通")]
    path = tmp_path / "b.csv"
    path.write_text('案号,日期\n示1号,2024-01-02\n"示2号,2024-01-02\n示3号,2024-01-02\n', encoding="utf-8")
    with pytest.raises(errors.Corrupt) as refused:
        stage_tables(path, tmp_path)
    assert "第 3 行" in str(refused.value)


def test_parquet_of_every_type(stage: Stage, tmp_path: Path) -> None:
    made = tmp_path / "made.parquet"
    select = "SELECT 7 AS 编号, DATE '2024-02-29' AS 日期, ['甲', '乙'] AS 类别, true AS 是否, 1.50::DECIMAL(9,2) AS 金额, NULL::INT AS 空"
    duckdb.connect().execute(f"COPY ({select}) TO '{made}' (FORMAT parquet)")
    tables, rows = stage("a.parquet", made.read_bytes())
    assert tables[0].heads == ("编号", "日期", "类别", "是否", "金额", "空")
    assert rows == [("7", "2024-02-29", "甲、乙", "是", "1.50", None)]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.csv", b"", errors.EmptyFile),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, errors.Corrupt),
        ("a.parquet", b"PAR1" + b"x" * 100, errors.Corrupt),
        ("a.csv", bytes(range(256)) * 20, errors.UnknownType),
        ("a.csv", b"%PDF-1.7 " + b"x" * 100, errors.NotATable),
        ("a.csv", "<html><body><p>案</p><p>号</p><p>x</p></body></html>".encode(), errors.NotATable),
    ],
)
def test_what_holds_no_table_is_refused(stage: Stage, name: str, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        stage(name, data)


def test_sizes_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 1000)
    with pytest.raises(errors.TooLarge):
        stage_tables(path, tmp_path, limits=type(STAGING)(max_bytes=100))


def test_shares_of_a_hundred_are_read_as_they_are_shown_and_merged_words_stand_in_each_row(
    stage: Stage, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append([None, "部门", "编号", "办结率", "经费"])
    for number, share in enumerate([0.08, 1, 1 / 3, "无", 0.5]):
        sheet.append(
            [None, "甲部" if number == 0 else None, f"示〔2024〕{number}号", share, 300 if number == 0 else None]
        )
        if number != 4:
            sheet.cell(row=sheet.max_row, column=4).number_format = '0.0%;[Red]"减"-0.0%' if number else "0%"
    sheet.merge_cells("B3:B5")
    sheet.merge_cells("E3:E5")
    book.save(tmp_path / "made.xlsx")
    tables, rows = stage("a.xlsx", (tmp_path / "made.xlsx").read_bytes())
    assert rows == [
        ("部门", "编号", "办结率", "经费"),
        ("甲部", "示〔2024〕0号", "8%", "300"),
        ("甲部", "示〔2024〕1号", "100%", None),
        ("甲部", "示〔2024〕2号", "33.333333%", None),
        (None, "示〔2024〕3号", "无", None),
        (None, "示〔2024〕4号", "0.5", None),
    ]
    assert tables[0].note.startswith("1 处")


def test_a_sheet_beyond_the_bound_of_cells_is_refused_with_both_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(30):
        book.active.append([number, "事项", "2026-03-01"])
    book.save(tmp_path / "a.xlsx")
    limits = replace(STAGING, max_area=90)
    folder = tmp_path / "staged"
    folder.mkdir()
    (table,) = stage_tables(tmp_path / "a.xlsx", folder, limits=limits)
    assert table.rows == 30  # as many as may be
    with pytest.raises(errors.TooMuch) as refused:
        stage_tables(tmp_path / "a.xlsx", folder, limits=replace(limits, max_area=89))
    words = refused.value.describe()
    assert "90 个格子" in words.what and "89 个格子" in words.what and words.todo
    # Room for a sheet of two million rows of twenty columns, as two sheets of one workbook or one of another kind.
    assert STAGING.max_area >= 2_000_000 * 20


def test_formulas_without_a_value_are_told(stage: Stage, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["编号", "比值"], ["示1号", 2], ["示2号", "#DIV/0!"]):
        book.active.append(line)
    book.active["B3"].data_type = "e"
    book.save(tmp_path / "made.xlsx")
    tables, rows = stage("a.xlsx", (tmp_path / "made.xlsx").read_bytes())
    assert rows == [("编号", "比值"), ("示1号", "2"), ("示2号", None)]
    assert tables[0].note == "1 个单元格是公式错误（B3），按空白读取，请在原表中改正。"
