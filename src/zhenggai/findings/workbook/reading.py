"""An uploaded workbook as rows of cells by header name. Knows nothing of the record."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

import python_calamine
from django.utils.translation import gettext as _now

from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.limits import DEFAULT
from zhenggai.docparse.readers.sheets.extent import check_xlsx
from zhenggai.findings.errors import BadWorkbook
from zhenggai.findings.workbook.formulas import unreckoned_formulas
from zhenggai.kit.text import comparison_key

MOST_BYTES = 40 * 1024 * 1024
MOST_SHEET_ROWS = 60_000
_HEADER_ROWS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as read."""

    value: str | date
    """Text as a person sees it, or a date."""
    place: str
    """``H12``."""
    is_formula: bool = False
    """True for a formula that no program has reckoned yet, so that its value is not known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet."""

    sheet: str
    """Name of the sheet."""
    number: int
    """Row as people count it, from 1."""
    cells: Mapping[str, Cell]
    """Known header → cell; a header that the sheet lacks is absent, an empty cell holds ``""``."""

    def text(self, header: str) -> str:
        """Return the text under *header*; empty when there is none."""
        cell = self.cells.get(header)
        return "" if cell is None else str(cell.value)

    def place(self, header: str) -> str:
        """Return where the cell under *header* stands, or the row when there is none."""
        cell = self.cells.get(header)
        return cell.place if cell else f"{self.number}"


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet of the workbook."""

    headers: tuple[str, ...]
    """Known headers it has."""
    unknown: tuple[str, ...]
    """Headers that mean nothing here."""
    rows: tuple[Row, ...]
    """Rows that hold anything under a known header."""


def read_sheets(file: BinaryIO, wanted: Mapping[str, Sequence[str]], needs: Mapping[str, str]) -> dict[str, SheetRows]:
    """Return the sheets of a workbook.

    Args:
        file: readable binary stream.
        wanted: sheet name → headers it may have.
        needs: sheet name → header without which a sheet is not taken for it.

    Raises:
        BadWorkbook: the file is no workbook, is protected, too large, or has none of the sheets.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadWorkbook(reason=_now("文件超过 40 MB"), place="")
    book, formulas = _open(data)
    found: dict[str, SheetRows] = {}
    for name, headers in wanted.items():
        sheet = next((each for each in book.sheet_names if comparison_key(each) == comparison_key(name)), None)
        if sheet is not None:
            found[name] = _read_sheet(
                book, sheet, headers, needs.get(name, headers[0]), formulas.get(sheet, frozenset())
            )
    if not found.keys() & needs.keys():
        reason = _now("没有名为“%(names)s”的工作表") % {"names": "”或“".join(needs)}
        raise BadWorkbook(reason=reason, place=_now("工作表：%(names)s") % {"names": "、".join(book.sheet_names[:10])})
    return found


def _open(data: bytes) -> tuple[python_calamine.CalamineWorkbook, dict[str, frozenset[str]]]:
    if not data.startswith(b"PK"):
        raise BadWorkbook(reason=_now("不是 .xlsx 文件，或有密码保护"), place="")
    name = _now("台账工作簿")
    with Archive(data, name, DEFAULT) as archive:  # refuses bombs and damaged containers before the reader meets them
        if not archive.has("xl/workbook.xml"):
            raise BadWorkbook(reason=_now("不是 Excel 工作簿"), place="")
        check_xlsx(archive, DEFAULT)
        formulas = unreckoned_formulas(archive)
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), formulas
    except BaseException as error:  # calamine panics with a BaseException it does not export; others are raised again
        raise _translated(error, "") from error


def _translated(error: BaseException, place: str) -> BaseException:
    """Return a BadWorkbook for the reader's errors.

    Its panics are BaseExceptions of a class that it does not export.
    """
    if (
        isinstance(error, python_calamine.CalamineError | OSError | ValueError)
        or type(error).__name__ == "PanicException"
    ):
        return BadWorkbook(reason=_now("工作簿内部结构已损坏"), place=place)
    return error


def _read_sheet(
    book: python_calamine.CalamineWorkbook, name: str, headers: Sequence[str], needed: str, formulas: frozenset[str]
) -> SheetRows:
    where = _now("工作表“%(name)s”") % {"name": name}
    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MOST_SHEET_ROWS:
            reason = _now("超过 %(most)s 行") % {"most": MOST_SHEET_ROWS}
            raise BadWorkbook(reason=reason, place=where)
        grid = sheet.to_python(skip_empty_area=False)
    except BaseException as error:  # as above: calamine panics; others are raised again
        if isinstance(error, BadWorkbook):
            raise
        raise _translated(error, where) from error
    known = {comparison_key(header): header for header in headers}
    at = _header_row(grid, known, needed)
    if at is None:
        raise BadWorkbook(reason=_now("找不到表头“%(header)s”") % {"header": needed}, place=where)
    columns: dict[int, str] = {}
    unknown: list[str] = []
    for index, value in enumerate(grid[at]):
        words = _plain(value)
        header = known.get(comparison_key(str(words)))
        if header is not None and header not in columns.values():
            columns[index] = header
        elif words:
            unknown.append(str(words)[:40])
    rows = tuple(_rows(name, grid, at, columns, formulas))
    return SheetRows(tuple(columns.values()), tuple(unknown), rows)


def _header_row(grid: Sequence[Sequence[object]], known: Mapping[str, str], needed: str) -> int | None:
    for index, row in enumerate(grid[:_HEADER_ROWS]):
        names = {known.get(comparison_key(str(value))) for value in row if value != ""}
        if needed in names and len(names - {None}) >= 2:
            return index
    return None


def _rows(
    sheet: str, grid: Sequence[Sequence[object]], at: int, columns: Mapping[int, str], formulas: frozenset[str]
) -> Iterable[Row]:
    for number, line in enumerate(grid[at + 1 :], start=at + 2):
        cells = {
            header: Cell(
                _plain(line[index]) if index < len(line) else "",
                place := f"{column_letters(index)}{number}",
                place in formulas,
            )
            for index, header in columns.items()
        }
        if any(cell.value != "" or cell.is_formula for cell in cells.values()):
            yield Row(sheet, number, cells)


def column_letters(index: int) -> str:
    """Return the letters of a column, ``27`` as ``AB``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _plain(value: object) -> str | date:
    """Return a cell's value as a person sees it: whole numbers without a fraction, dates as dates, all else as text."""
    if isinstance(value, str):  # most cells, so asked first
        return value.replace("_x000D_", "").replace("\r\n", "\n").strip()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return _now("是") if value else _now("否")
    return str(value)
