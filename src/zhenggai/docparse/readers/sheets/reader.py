"""Workbook → Document: one table per visible worksheet, every cell with its row and column."""

from __future__ import annotations

import io
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from zhenggai.docparse.document import Document, Place
from zhenggai.docparse.errors import Corrupt, Encrypted, TooMuch
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.assemble import Assembler, RawCell
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.sheets.extent import check_ods, check_xls, check_xlsx
from zhenggai.docparse.readers.sheets.values import words_of

_MOST_SHEETS = 500


class SheetReader:
    """Reads workbooks; where the header stands is for the understanding to find."""

    name = "sheets"
    kinds = ("xlsx", "xlsb", "xls", "ods")

    def read(self, source: Source, limits: Limits) -> Document:
        """Return one table block per visible worksheet; hidden ones are read only when nothing else is there."""
        macros = self._check(source, limits)
        workbook = _open(source)
        out = Assembler(source, limits)
        sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        if len(sheets) > _MOST_SHEETS:
            raise TooMuch(name=source.name, amount=f"{len(sheets)} 张工作表", limit=f"{_MOST_SHEETS} 张工作表")
        visible = [meta.name for meta in sheets if meta.visible == SheetVisibleEnum.Visible]
        hidden = [meta.name for meta in sheets if meta.visible != SheetVisibleEnum.Visible]
        for name in visible:
            _add_sheet(_sheet(workbook, name, source), out, limits)
        if hidden and out.blocks:
            out.note(
                "hidden_sheets",
                f"有 {len(hidden)} 张隐藏的工作表未读入：{'、'.join(hidden[:10])}",
                hint="如需读入，请取消隐藏。",
            )
        elif hidden:
            for name in hidden:
                _add_sheet(_sheet(workbook, name, source), out, limits)
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


def _open(source: Source) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    except PasswordError as error:
        raise Encrypted(name=source.name) from error
    except BaseException as error:
        raise _translated(error, source.name) from error


def _sheet(workbook: CalamineWorkbook, name: str, source: Source) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except BaseException as error:
        raise _translated(error, source.name) from error


def _translated(error: BaseException, name: str) -> BaseException:
    """Return a Corrupt for calamine's errors; its panics are BaseExceptions of a class that it does not export."""
    if isinstance(error, (CalamineError, OSError, ValueError)) or type(error).__name__ == "PanicException":
        return Corrupt(name=name, reason="工作簿内部结构已损坏")
    return error


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    start = sheet.start
    if start is None:
        return
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start[0]):
        words = [words_of(value) for value in row]
        if any(words):
            yield number, words


def _add_sheet(sheet: CalamineSheet, out: Assembler, limits: Limits) -> None:
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return
    filled = [(number, words) for number, words in _rows(sheet)]
    if not filled:
        return
    used = [[column for column, text in enumerate(words) if text.strip()] for _, words in filled]
    wide = [columns for columns in used if columns]
    if not wide:
        return
    left = min(columns[0] for columns in wide)
    right = max(columns[-1] for columns in wide) + 1
    top, bottom = filled[0][0], filled[-1][0] + 1
    out.count_cells(0)
    offset = start[1]
    spans = _spans(sheet)
    for (row, column), (row_end, column_end) in spans.items():
        if top <= row < bottom and left <= column - offset < right:
            bottom = max(bottom, min(row_end, bottom + 50) + 1)
            right = max(right, min(column_end - offset, right + 50) + 1)
    cells: list[RawCell] = []
    for (number, words), columns in zip(filled, used, strict=True):
        for column in columns:
            row_end, column_end = spans.get((number, column + offset), (number, column + offset))
            cells.append(
                RawCell(
                    number - top,
                    column - left,
                    words[column],
                    min(row_end, bottom - 1) - number + 1,
                    min(column_end - offset, right - 1) - column + 1,
                    place=Place(sheet=sheet.name, row=number + 1, column=column + offset + 1),
                )
            )
        if len(cells) > limits.max_cells:
            out.count_cells(len(cells))
    first = Place(sheet=sheet.name, row=top + 1, column=left + offset + 1)
    out.table(cells, bottom - top, right - left, name=sheet.name, place=first)


def _spans(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return bottom right by top left corner of each merged range."""
    return dict(sheet.merged_cell_ranges or ())
