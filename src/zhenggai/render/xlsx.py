"""Tables → an .xlsx workbook, written so that no cell can act: text stays text, whatever it begins with.

What comes in is declared sheets with plain values; what goes out are bytes. The workbook opens well at once: frozen
header, filter, widths, wrapped text, a Chinese font, dates as dates.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

Value = str | int | float | bool | date | datetime | None
LONGEST_TEXT = 32_767
"""Characters a cell can hold."""
MOST_ROWS = 1_048_576
LONGEST_SHEET_NAME = 31
FONT = "微软雅黑"
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_BAD_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet."""

    title: str
    """Header."""
    width: float = 12.0
    """Width in characters of Latin text; a Chinese character takes two."""
    wrap: bool = False
    """True breaks long text into lines."""
    muted: bool = False
    """True sets the column in grey: keys that people leave alone."""
    choices: tuple[str, ...] = ()
    """Values offered in a drop-down list; others stay possible."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header and rows of plain values."""

    name: str
    """Name of the sheet."""
    columns: Sequence[Column]
    """Columns in order."""
    rows: Iterable[Sequence[Value]]
    """Rows; each as long as *columns*."""
    frozen_columns: int = 0
    """Columns that stay when scrolling sideways."""
    hidden: bool = False
    """True keeps the sheet out of sight: it holds what only the program reads."""


def clean_cell_text(text: str) -> str:
    """Return *text* as a cell can hold it.

    No control characters, line ends as ``\\n``, at most :data:`LONGEST_TEXT` characters.
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_TEXT]


def acts_as_formula(text: str) -> bool:
    """Tell whether office software could take *text* for a formula when someone edits or copies the cell."""
    return text.lstrip(" \n").startswith(_FORMULA_START)


def sheet_name(name: str) -> str:
    """Return *name* as a sheet can bear it; Excel counts a rare character twice."""
    kept = _BAD_IN_SHEET_NAME.sub(" ", _CONTROL.sub("", name)).strip("' ")
    while len(kept.encode("utf-16-le")) > 2 * LONGEST_SHEET_NAME:
        kept = kept[:-1]
    return kept.rstrip("' ") or "Sheet"


def render_workbook(sheets: Iterable[Sheet], *, title: str = "", created: datetime | None = None) -> bytes:
    """Return the workbook as bytes.

    Args:
        sheets: in order.
        title: title in the document's properties.
        created: moment in the document's properties; the same input then gives the same bytes.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        properties: dict[str, Any] = {"title": clean_cell_text(title)}
        if created is not None:
            properties["created"] = created.replace(tzinfo=None)
        book.set_properties(properties)
        formats = _Formats(book)
        for sheet in sheets:
            _write_sheet(book, sheet, formats)
    return buffer.getvalue()


class _Formats:
    """The few cell formats a workbook needs, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self._by_kind: dict[tuple[bool, bool, str], Any] = {}
        self.header = self.of(
            bold=True, font_color="#FFFFFF", bg_color="#1D4F91", border=1, border_color="#B8C4D6", text_wrap=True,
            valign="vcenter", align="center",
        )  # fmt: skip

    def of(self, **properties: object) -> Any:
        """Return the format with *properties* on top of the common ones."""
        full = {
            "font_name": FONT,
            "font_size": 10,
            "valign": "top",
            "border": 1,
            "border_color": "#D9DEE6",
        } | properties
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]

    def cell(self, column: Column, value: Value) -> Any:
        """Return the format for a value in a column."""
        kind = _kind(value)
        key = (column.wrap, column.muted, kind)
        if key not in self._by_kind:
            properties: dict[str, object] = dict(_KIND_PROPERTIES[kind])
            if column.wrap:
                properties["text_wrap"] = True
            if column.muted:
                properties |= {"font_color": "#8A94A3", "font_size": 8}
            self._by_kind[key] = self.of(**properties)
        return self._by_kind[key]


_KIND_PROPERTIES: dict[str, dict[str, object]] = {
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "day": {"num_format": "yyyy-mm-dd"},
    "text": {"num_format": "@"},
    "formula-like": {"num_format": "@", "quote_prefix": True},
    "other": {},
}


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "formula-like" if acts_as_formula(value) else "text"
    if isinstance(value, datetime):
        return "moment"
    return "day" if isinstance(value, date) else "other"


def _write_sheet(book: Any, sheet: Sheet, formats: _Formats) -> None:
    paper = book.add_worksheet(sheet_name(sheet.name))
    paper.set_row(0, 28)
    for index, column in enumerate(sheet.columns):
        paper.set_column(index, index, column.width)
        paper.write_string(0, index, clean_cell_text(column.title), formats.header)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        if last >= MOST_ROWS:
            raise ValueError(f"sheet {sheet.name!r} has more rows than a worksheet can hold")
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(paper, last, index, value, formats.cell(column, value))
    for index, column in enumerate(sheet.columns):
        # A list in the sheet may hold 255 characters; longer ones are left to the check on reading.
        if column.choices and last and len(",".join(column.choices)) <= 255:
            offered = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            paper.data_validation(1, index, last, index, offered)
    paper.freeze_panes(1, sheet.frozen_columns)
    if sheet.columns:
        paper.autofilter(0, 0, last, len(sheet.columns) - 1)
    if sheet.hidden:
        paper.very_hidden()
    paper.set_landscape()
    paper.set_paper(9)
    paper.fit_to_pages(1, 0)
    paper.repeat_rows(0)


def _write_cell(paper: Any, row: int, column: int, value: Value, style: Any) -> None:
    if value is None or value == "":
        paper.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        paper.write_boolean(row, column, value, style)
    elif isinstance(value, datetime):
        paper.write_datetime(row, column, value.replace(tzinfo=None), style)
    elif isinstance(value, date):
        paper.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, int | float):
        paper.write_number(row, column, value, style)
    else:
        paper.write_string(row, column, clean_cell_text(str(value)), style)
