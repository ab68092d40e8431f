"""Workbooks: true places, merged cells, values as people write them, hidden sheets, sizes."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook

from tests.docparse.readers.builders import members_of, old_workbook, open_workbook, workbook, zipped
from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import DangerousArchive, DangerousXml, EmptyFile, Encrypted, TooMuch
from zhenggai.docparse.readers.limits import DEFAULT
from zhenggai.docparse.reading import read_document


def read(data: bytes, name: str = "台账.xlsx") -> Document:
    document = read_document(data, name=name)
    for block in document.blocks:
        assert block.table is not None
        assert document.text[block.start : block.end] == block.text
        for cell in block.table.cells:
            assert document.text[cell.start : cell.end] == cell.text
    return document


def grid(document: Document, number: int = 0) -> list[list[str]]:
    table = list(document.tables())[number]
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def test_cells_keep_their_true_places_and_merged_cells_their_spans() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.title = "整改台账"
        sheet["B3"] = "问题整改台账"
        sheet.merge_cells("B3:D3")
        for column, words in enumerate(("序号", "问题", "措施"), 2):
            sheet.cell(5, column, words)
        sheet["B6"], sheet["C6"], sheet["D6"], sheet["D7"] = 1, "学习不够", "制定\n计划", "开展学习"
        sheet.merge_cells("C6:C7")

    document = read(workbook(fill))
    assert document.format == "xlsx"
    assert grid(document) == [
        ["问题整改台账"] * 3,
        ["", "", ""],
        ["序号", "问题", "措施"],
        ["1", "学习不够", "制定\n计划"],
        ["", "学习不够", "开展学习"],
    ]
    (table,) = document.tables()
    assert table.name == "整改台账"
    assert [(cell.place.sheet, cell.place.row, cell.place.column) for cell in table.cells][:2] == [
        ("整改台账", 3, 2),
        ("整改台账", 5, 2),
    ]


def test_values_are_written_as_people_write_them() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.append(
            [
                1.0,
                0.1 + 0.2,
                12345678901,
                True,
                datetime.date(2025, 6, 30),
                datetime.datetime(2025, 6, 30, 9, 5),
                "  空格  ",
            ]
        )

    assert grid(read(workbook(fill))) == [["1", "0.3", "12345678901", "是", "2025-06-30", "2025-06-30 09:05", "空格"]]


def test_hidden_sheets_are_left_out_and_noted_unless_there_is_nothing_else() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["A1"] = "可见"
        extra = book.create_sheet("码表")
        extra["A1"] = "隐藏"
        extra.sheet_state = "hidden"
        book.create_sheet("空表")

    document = read(workbook(fill))
    assert document.text == "可见"
    assert [note.kind for note in document.notes] == ["hidden_sheets"] and "码表" in document.notes[0].text


def test_an_old_workbook_under_a_new_name_is_read() -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("表一")
        sheet.write_merge(0, 0, 0, 1, "台账")
        sheet.write(1, 0, "序号")
        sheet.write(1, 1, "问题")
        sheet.write(2, 0, 1)
        sheet.write(2, 1, "作风不实")
        book.add_sheet("表二").write(0, 0, "另表")

    document = read(old_workbook(fill), "台账.xlsx")
    assert document.format == "xls"
    assert grid(document) == [["台账", "台账"], ["序号", "问题"], ["1", "作风不实"]]
    assert grid(document, 1) == [["另表"]]


def test_an_open_document_workbook_is_read() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = f"<table:table-row>{cell.format('序号')}{cell.format('问题')}</table:table-row>"
    assert grid(read(open_workbook(rows))) == [["序号", "问题"]]


def test_two_cells_at_far_corners_are_refused_before_the_rectangle_is_laid_out() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["A1"], sheet["XFD1048576"] = 1, 2

    with pytest.raises(TooMuch):
        read(workbook(fill))


def test_formatted_but_empty_far_cells_do_no_harm() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["A1"] = "问题"
        sheet["XFD1048576"].number_format = "0.00"

    assert grid(read(workbook(fill))) == [["问题"]]


def test_repeated_cells_of_an_open_document_are_refused() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="900000"><table:table-cell table:number-columns-repeated="900" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(TooMuch):
        read(open_workbook(row))


def test_five_thousand_rows_are_fine() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("大表")
    for row in range(5000):
        for column in range(6):
            sheet.write(row, column, f"第{row}行第{column}列")
    book.close()
    (table,) = read(out.getvalue()).tables()
    assert (table.rows, len(table.cells)) == (5000, 30000)


def test_more_cells_than_allowed_are_refused() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for number in range(60):
            sheet.append([number, number, number])

    with pytest.raises(TooMuch):
        read_document(workbook(fill), name="a.xlsx", limits=replace(DEFAULT, max_cells=100))
    with pytest.raises(TooMuch):
        read_document(
            "\n".join("1,2,3" for _ in range(60)).encode(), name="a.csv", limits=replace(DEFAULT, max_cells=100)
        )


def test_entities_in_a_sheet_are_refused() -> None:
    members = members_of(workbook(lambda book: book.active.append(["甲"]) if book.active else None))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = members["xl/worksheets/sheet1.xml"]
    with pytest.raises(DangerousXml):
        read(zipped({**members, "xl/worksheets/sheet1.xml": bomb + sheet}))


def test_a_sheet_that_unpacks_to_too_much_is_refused() -> None:
    members = members_of(workbook(lambda book: book.active.append(["甲"]) if book.active else None))
    with pytest.raises(DangerousArchive):
        read(zipped({**members, "xl/worksheets/sheet1.xml": b" " * (40 << 20)}))


def test_macros_are_noted() -> None:
    members = members_of(workbook(lambda book: book.active.append(["甲"]) if book.active else None))
    document = read(zipped({**members, "xl/vbaProject.bin": b"macro"}), "台账.xlsm")
    assert [note.kind for note in document.notes] == ["macros_ignored"]


def test_an_empty_workbook_is_empty_and_a_protected_old_one_is_encrypted() -> None:
    with pytest.raises(EmptyFile):
        read(workbook(lambda book: None))
    plain = old_workbook(lambda book: book.add_sheet("表").write(0, 0, "甲"))
    at = plain.index(b"\x09\x08\x10\x00") + 20
    with pytest.raises(Encrypted):
        read(plain[:at] + b"\x2f\x00\x36\x00" + plain[at + 4 :], "a.xls")
