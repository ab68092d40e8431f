"""Tables of web pages: is one data or mere layout, and what is its grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zhenggai.docparse.document import Place
from zhenggai.docparse.readers.assemble import RawCell
from zhenggai.docparse.readers.web.element import Element

_SECTIONS = ("thead", "tbody", "tfoot")
_WIDEST_SPAN = 200
_TALLEST_SPAN = 5000
_PROSE_CELL = 600


def rows_of(table: Element) -> Iterator[Element]:
    """Yield the rows of *table* itself, not those of tables within."""
    for child in table.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
            for row in child.elements():
                if row.tag == "tr":
                    yield row


def cells_of(row: Element) -> list[Element]:
    """Return the cells of *row*."""
    return [cell for cell in row.elements() if cell.tag in ("td", "th")]


def _has_header(table: Element) -> bool:
    """Tell whether a table that holds other tables is a ledger all the same: short headings over rows of as many cells."""
    rows = [cells for cells in (cells_of(row) for row in rows_of(table)) if cells]
    if len(rows) < 2 or len(rows[0]) < 3 or any(cell.tables for cell in rows[0]):
        return False
    if not all(1 <= cell.letters <= 14 for cell in rows[0]):
        return False
    return all(len(cells) == len(rows[0]) for cells in rows[1:])


def is_data_table(table: Element) -> bool:
    """Tell a table of data from one that only arranges the page."""
    if table.attrs.get("role", "").lower() in ("presentation", "none"):
        return False
    if table.tables and not _has_header(table):
        return False
    rows = [cells for cells in (cells_of(row) for row in rows_of(table)) if cells]
    filled = [[cell for cell in cells if cell.letters] for cells in rows]
    widest = max((len(cells) for cells in rows), default=0)
    most_filled = max((len(cells) for cells in filled), default=0)
    if widest < 2 or most_filled < 2:
        return False
    if any(child.tag in ("thead", "caption") for child in table.elements()) or any(
        cell.tag == "th" for cells in rows for cell in cells
    ):
        return True
    busy = sum(1 for cells in filled if len(cells) >= 2)
    if busy < 2:
        return False
    letters = sorted((cell.letters for cells in filled for cell in cells), reverse=True)
    if letters[0] > _PROSE_CELL and letters[0] > 0.6 * table.letters and busy < 3:
        return False
    border = table.attrs.get("border", "") not in ("", "0") or "border" in table.attrs.get("style", "").lower()
    even = sum(1 for cells in filled if len(cells) >= 2) >= 0.5 * len([cells for cells in filled if cells])
    return even or border


def grid_of(table: Element, words: Callable[[Element], str]) -> tuple[list[RawCell], int, int]:
    """Return the cells of *table* with their spans resolved, and the size of the grid.

    Args:
        table: a data table.
        words: gives the text of one cell.
    """
    cells: list[RawCell] = []
    taken: dict[int, int] = {}
    widest = 0
    number = -1
    for number, row in enumerate(rows_of(table)):
        column = 0
        in_head = row.parent is not None and row.parent.tag == "thead"
        for cell in cells_of(row):
            while taken.get(column, 0) > number:
                column += 1
            column_span = _span(cell.attrs.get("colspan", ""), _WIDEST_SPAN)
            row_span = _span(cell.attrs.get("rowspan", ""), _TALLEST_SPAN)
            for covered in range(column, column + column_span):
                taken[covered] = number + row_span
            cells.append(
                RawCell(
                    number,
                    column,
                    words(cell) if cell.letters else "",
                    row_span,
                    column_span,
                    cell.tag == "th" or in_head,
                    Place(row=number + 1, column=column + 1),
                )
            )
            column += column_span
        widest = max(widest, column)
    rows = number + 1
    for raw in cells:
        raw.row_span = min(raw.row_span, rows - raw.row)
    return cells, rows, widest


def _span(text: str, most: int) -> int:
    digits = text.strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1
