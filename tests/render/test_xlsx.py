"""The workbook writer: whatever text comes in stays text."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.render.xlsx import LONGEST_TEXT, Column, Sheet, clean_cell_text, render_workbook, sheet_name

MOMENT = datetime(2025, 1, 16, 9, 30)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("text", ["=1+1", "+86 0000", "-5", "@SUM(A1)", "\t=1", ' =HYPERLINK("x")', "{=1}", "'=1"])
def test_formulas_stay_text(text: str) -> None:
    book = opened(render_workbook([Sheet("表", [Column("列")], [[text]])]))
    cell = book["表"]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix == (text.lstrip(" ")[0] in "=+-@\t")


def test_values_keep_their_kind_and_the_sheet_opens_well() -> None:
    columns = [
        Column("文字", 20, wrap=True),
        Column("日期"),
        Column("数"),
        Column("空"),
        Column("状态", choices=("已完成", "未完成")),
    ]
    rows = [["多行\r\n文字", date(2025, 6, 30), 3, None, "已完成"], ["x", MOMENT, 2.5, "", "其他"]]
    sheet = opened(render_workbook([Sheet("问题", columns, rows, frozen_columns=1)], title="台账", created=MOMENT))[
        "问题"
    ]
    assert [cell.value for cell in sheet[1]] == ["文字", "日期", "数", "空", "状态"]
    assert sheet["A2"].value == "多行\n文字" and sheet["A2"].alignment.wrap_text
    assert sheet["B2"].value == datetime(2025, 6, 30) and sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet["C2"].value == 3 and sheet["D2"].value is None
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:E3"
    assert sheet["A1"].font.bold and sheet["A2"].font.name == "微软雅黑"
    assert sheet.data_validations.dataValidation[0].formula1 == '"已完成,未完成"'
    assert sheet.print_title_rows == "$1:$1"


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (render_workbook([Sheet("a", [Column("x")], [["1"]])], created=MOMENT) for _ in range(2))
    assert first == second


@given(st.text(max_size=300) | st.text(alphabet="\ufffe\ud800\x00'[]= 长", max_size=40))
def test_any_text_can_be_written_and_read_back(text: str) -> None:
    book = opened(render_workbook([Sheet(text, [Column(text)], [[text]])]))
    kept = book.worksheets[0]["A2"].value
    assert (kept or "") == clean_cell_text(text)


def test_names_and_texts_are_cut_to_what_excel_holds() -> None:
    assert sheet_name("a/b:c*?[]\\" + "长" * 40) == ("a b c" + " " * 5 + "长" * 40)[:31]
    assert sheet_name("'':") == "Sheet"
    assert sheet_name("𠀀" * 20) == "𠀀" * 15
    assert sheet_name("0" * 14 + "𠮷" * 9) == "0" * 14 + "𠮷" * 8, "a rare character takes two of the 31 places"
    assert len(clean_cell_text("长" * 40_000)) == LONGEST_TEXT
