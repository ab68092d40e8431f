"""Rows of a ledger gathered into problems, whatever cells are merged or repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zhenggai.docparse.understand.grids import Header, header_kind, is_noise_row
from zhenggai.docparse.understand.lexicon import ASPECT_RE
from zhenggai.docparse.understand.marks import find_line_enumerator
from zhenggai.docparse.understand.view import CellView


@dataclass(slots=True)
class Row:
    """One problem as collected from its rows, before it is written down."""

    number: str = ""
    """The number a reader sees."""
    title: CellView | None = None
    """Cell of the problem."""
    description: list[CellView] = field(default_factory=list)
    """Cells of detail."""
    aspect: CellView | None = None
    """Cell of the aspect."""
    parent: CellView | None = None
    """Cell of the group."""
    measures: list[tuple[CellView, int]] = field(default_factory=list)
    """Measure cells with their row."""
    progress: list[CellView] = field(default_factory=list)
    """Progress cells."""
    other: dict[str, list[tuple[CellView, int]]] = field(default_factory=dict)
    """Who, when, target, status cells with their row."""
    rows: list[int] = field(default_factory=list)
    """Rows of the table."""

    def keep(self, kind: str, cell: CellView, row: int) -> None:
        """Remember a cell of *kind* once."""
        cells = self.other.setdefault(kind, [])
        if not any(known is cell for known, _ in cells):
            cells.append((cell, row))


def collect_rows(norm: str, grid: list[list[CellView | None]], header: Header) -> Iterator[Row | CellView]:
    """Yield problems, and single cells across the table that head a part of it."""
    columns: dict[str, list[int]] = {}
    for column, kind in header.kinds.items():
        columns.setdefault(kind, []).append(column)
    title_column = columns["title"][0]
    current: Row | None = None
    for index in range(header.last_row + 1, len(grid)):
        row = grid[index]
        cells = {id(cell): cell for cell in row if cell is not None}
        if is_noise_row(norm, row) or repeats_header(norm, row, header):
            continue
        banner = _banner(norm, list(cells.values()), len(row), title_column)
        if banner is not None:
            if current is not None:
                yield current
            current = None
            yield banner
            continue
        title = row[title_column]
        number_cell = row[columns["no"][0]] if "no" in columns else None
        if current is None or _starts_problem(norm, current, title, number_cell):
            if title is None and not any(row[column] for column in columns.get("measures", [])):
                continue
            if current is not None:
                yield current
            current = Row(title=title, number=norm[number_cell.start : number_cell.end].strip() if number_cell else "")
        fill_row(current, row, columns, index)
    if current is not None:
        yield current


def _starts_problem(norm: str, current: Row, title: CellView | None, number: CellView | None) -> bool:
    if title is None or title is current.title:
        return False
    if current.title is None:
        return True
    same = norm[title.start : title.end].strip() == norm[current.title.start : current.title.end].strip()
    return not same


def repeats_header(norm: str, row: list[CellView | None], header: Header) -> bool:
    hits = sum(
        1
        for column, kind in header.kinds.items()
        if (cell := row[column]) and cell.end - cell.start < 30 and header_kind(norm[cell.start : cell.end]) == kind
    )
    return hits >= 2 and hits * 2 > len(header.kinds)


_NUMBER_RE = re.compile(r"\s*\(?[一二三四五六七八九十]{1,3}\)?[、.]?\s*")


def _banner(norm: str, cells: list[CellView], width: int, title_column: int) -> CellView | None:
    """Return the one cell of a row that heads the rows below, such as an aspect across the table."""
    if len(cells) == 2 and width > 3 and _NUMBER_RE.fullmatch(norm, cells[0].start, cells[0].end):
        number, rest = cells
        if rest.column_span >= width - number.column_span - 1 and rest.end - rest.start <= 60:
            return replace(rest, start=number.start)
    if len(cells) != 1 or width < 2:
        return None
    cell = cells[0]
    text = norm[cell.start : cell.end].strip()
    if not text or len(text) > 80:
        return None
    wide = cell.column_span >= max(2, width - 1)
    if wide or (cell.column != title_column and ASPECT_RE.search(text)):
        return cell
    return (
        cell
        if cell.column == 0 and cell.column != title_column and find_line_enumerator(norm, cell.start, cell.end)
        else None
    )


def fill_row(current: Row, row: list[CellView | None], columns: dict[str, list[int]], index: int) -> None:
    current.rows.append(index)
    for kind, places in columns.items():
        for column in places:
            cell = row[column]
            if cell is None:
                continue
            if kind == "description":
                if cell not in current.description and cell is not current.title:
                    current.description.append(cell)
            elif kind == "measures":
                if not any(known is cell for known, _ in current.measures):
                    current.measures.append((cell, index))
            elif kind == "progress":
                if cell not in current.progress:
                    current.progress.append(cell)
            elif kind == "aspect":
                current.aspect = current.aspect or cell
            elif kind == "parent":
                current.parent = current.parent or cell
            elif kind not in ("no", "title"):
                current.keep(kind, cell, index)
