"""Workbook → Document: one table per visible worksheet, every cell with its row and column."""

from __future__ import annotations

from zhenggai.docparse.document import Document, Place
from zhenggai.docparse.errors import TooMuch
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.assemble import Assembler, RawCell
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.sheets.extent import check_ods, check_xls, check_xlsx
from zhenggai.docparse.readers.sheets.load import RawSheet, load_sheets

_MOST_SHEETS = 500
_REACH = 50
"""How far merged cells may extend a table beyond its words."""


class SheetReader:
    """Reads workbooks; where the header stands is for the understanding to find."""

    name = "sheets"
    kinds = ("xlsx", "xlsb", "xls", "ods")

    def read(self, source: Source, limits: Limits) -> Document:
        """Return one table block per visible worksheet; hidden ones are read only when nothing else is there."""
        macros = self._check(source, limits)
        sheets = load_sheets(source.data, source.kind, source.name, limits)
        out = Assembler(source, limits)
        if len(sheets) > _MOST_SHEETS:
            raise TooMuch(name=source.name, amount=f"{len(sheets)} 张工作表", limit=f"{_MOST_SHEETS} 张工作表")
        hidden = [sheet for sheet in sheets if not sheet.visible]
        for sheet in sheets:
            if sheet.visible:
                _add_sheet(sheet, out, limits)
        if hidden and out.blocks:
            names = "、".join(sheet.name for sheet in hidden[:10])
            out.note("hidden_sheets", f"有 {len(hidden)} 张隐藏的工作表未读入：{names}", hint="如需读入，请取消隐藏。")
        elif hidden:
            for sheet in hidden:
                _add_sheet(sheet, out, limits)
            out.note("hidden_sheets", "可见的工作表都是空的，读入了隐藏的工作表。", hint="请核对这些内容是否应当导入。")
        if macros:
            out.note("macros_ignored", "文件带有宏，读取时没有运行，也没有读入。", hint="请核实文件来源。")
        return out.document("xlsx" if source.kind == "xlsb" else source.kind)

    @staticmethod
    def _check(source: Source, limits: Limits) -> bool:
        """Refuse what calamine must not see; return whether there are macros."""
        if source.kind == "xls":
            check_xls(source.data, source.name, limits)
            return False
        with Archive(source.data, source.name, limits) as archive:
            if source.kind == "ods":
                check_ods(archive, limits)
            elif source.kind == "xlsx":
                check_xlsx(archive, limits)
            return any(name.lower().endswith("vbaproject.bin") for name in archive.names)


def _add_sheet(sheet: RawSheet, out: Assembler, limits: Limits) -> None:
    used = [
        (sheet.top + number, columns)
        for number, words in enumerate(sheet.rows)
        if (columns := [column for column, text in enumerate(words) if text and not text.isspace()])
    ]
    if not used:
        return
    left = min(columns[0] for _, columns in used)
    right = max(columns[-1] for _, columns in used) + 1
    top, bottom = used[0][0], used[-1][0] + 1
    spans = {(span[0], span[1] - sheet.left): (span[2], span[3] - sheet.left) for span in sheet.spans}
    for (row, column), (row_end, column_end) in spans.items():
        if top <= row < bottom and left <= column < right:
            bottom = max(bottom, min(row_end, bottom + _REACH) + 1)
            right = max(right, min(column_end, right + _REACH) + 1)
    cells: list[RawCell] = []
    for number, columns in used:
        words = sheet.rows[number - sheet.top]
        for column in columns:
            row_end, column_end = spans.get((number, column), (number, column))
            cells.append(
                RawCell(
                    number - top,
                    column - left,
                    words[column],
                    max(min(row_end, bottom - 1) - number, 0) + 1,
                    max(min(column_end, right - 1) - column, 0) + 1,
                    place=Place(sheet=sheet.name, row=number + 1, column=column + sheet.left + 1),
                )
            )
        if len(cells) > limits.max_cells:
            out.count_cells(len(cells))
    first = Place(sheet=sheet.name, row=top + 1, column=left + sheet.left + 1)
    out.table(cells, bottom - top, right - left, name=sheet.name, place=first)
