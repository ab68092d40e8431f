"""Rows of a ledger as a workbook or a text table: the columns chosen, in the order asked for, heads as people know them.

What is written can be edited and imported again, since the heads are the names of the fields.  No cell can act as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from django.utils import timezone

from zhenggai.ledgers.finding import listing
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.shapes import Cell
from zhenggai.packs.declarations import FieldType, Ledger, LedgerField
from zhenggai.people.access import Actor
from zhenggai.render.xlsx import Column, Sheet, Value, acts_as_formula, clean_cell_text, render_workbook

AT_ONCE = 5_000
"""Rows read at a time."""
MOST_IN_WORKBOOK = 200_000
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
_WIDTHS = {FieldType.LONG_TEXT: 48.0, FieldType.TEXT: 22.0, FieldType.DATE: 12.0, FieldType.DATETIME: 17.0}
Progress = Callable[[int, int], None]
"""Told how many rows of how many are written."""


def columns_of(ledger: Ledger, query: RowQuery) -> tuple[LedgerField, ...]:
    """Return the fields that are written: those asked for, or all."""
    chosen = [field for code in query.columns if (field := ledger.field(code)) is not None]
    return tuple(chosen) or ledger.fields


def write_csv(actor: Actor, ledger: Ledger, query: RowQuery, target: TextIO, progress: Progress) -> int:
    """Write the rows that match as text separated by commas; return how many."""
    writer, written = csv.writer(target), 0
    writer.writerow([field.label for field in columns_of(ledger, query)])
    for cells in _rows(actor, ledger, query, progress):
        writer.writerow([_plain(cell.shown if cell.masked else _text(cell)) for cell in cells])
        written += 1
    return written


def write_workbook(actor: Actor, ledger: Ledger, query: RowQuery, progress: Progress) -> tuple[bytes, int]:
    """Return the rows that match as a workbook, and how many they are."""
    fields, written = columns_of(ledger, query), 0

    def rows() -> Iterator[list[Value]]:
        nonlocal written
        for cells in _rows(actor, ledger, query, progress):
            written += 1
            yield [_value(field, cell) for field, cell in zip(fields, cells, strict=True)]

    columns = [
        Column(field.label, _WIDTHS.get(field.type, 14.0), field.type == FieldType.LONG_TEXT) for field in fields
    ]
    sheet = Sheet(ledger.label, columns, rows(), frozen_columns=1)
    book = render_workbook([sheet], title=ledger.label, created=timezone.localtime())
    return book, written


def csv_bytes(actor: Actor, ledger: Ledger, query: RowQuery, progress: Progress) -> tuple[bytes, int]:
    """Return :func:`write_csv` as bytes that office software opens in the right encoding."""
    buffer = io.StringIO(newline="")
    written = write_csv(actor, ledger, query, buffer, progress)
    return buffer.getvalue().encode("utf-8-sig"), written


def _rows(actor: Actor, ledger: Ledger, query: RowQuery, progress: Progress) -> Iterator[tuple[Cell, ...]]:
    codes = tuple(field.code for field in columns_of(ledger, query))
    asked = replace(query, columns=codes, page=1, page_size=AT_ONCE, group="")
    done = 0
    while True:
        page = listing(actor, ledger, asked).page()
        for line in page.lines:
            yield line.cells
        done += len(page.lines)
        progress(done, page.total)
        if asked.page >= page.pages or not page.lines:
            return
        asked = asked.on_page(asked.page + 1)


def _text(cell: Cell) -> str:
    return cell.shown


def _plain(text: str) -> str:
    """Return a text that office software takes for a text: a formula would act when the file is opened."""
    text = clean_cell_text(text)
    return f"'{text}" if acts_as_formula(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(",", "").replace(".", "", 1).rstrip("%").isdecimal()


def _value(field: LedgerField, cell: Cell) -> Value:
    value: Any = cell.value
    if value is None:
        return cell.shown or None
    if field.type in _NUMBERS:
        number = Decimal(str(value))
        return int(number) if number == number.to_integral_value() else float(number)
    if field.type == FieldType.DATE:
        return _day(str(value)) or cell.shown
    return cell.shown


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:  # kept before the field became a date
        return None
