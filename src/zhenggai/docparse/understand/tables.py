"""Ledgers and forms: tables become problems.

A ledger has one row per problem or per measure, merged or repeated cells; a form has one problem per table with labels in
its first column.  Lists that repeat the same problems (问题清单, 任务清单, 责任清单) are merged, not doubled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhenggai.docparse.draft import DraftFinding, DraftMeasure
from zhenggai.docparse.understand.cells import (
    LIST_SUFFIX_RE,
    build_fields,
    build_row,
    cell_aspect,
    cell_measures,
    writes_numbers,
)
from zhenggai.docparse.understand.grids import (
    Header,
    find_header,
    find_numbered_header,
    grid_of,
    header_kind,
    is_noise_row,
    row_kinds,
)
from zhenggai.docparse.understand.lexicon import ASPECT_RE, PROBLEM_RE, WHO
from zhenggai.docparse.understand.marks import find_line_enumerator
from zhenggai.docparse.understand.merging import LIST_NAME_RE
from zhenggai.docparse.understand.rows import Row, collect_rows, fill_row, repeats_header
from zhenggai.docparse.understand.view import CellView, TableView, View

_PROBLEM_WORD_RE = re.compile(r"问题|不足|整改|隐患|短板|反馈|不符合|缺陷")


@dataclass(slots=True)
class TableResult:
    """What one table gave."""

    findings: list[DraftFinding]
    """Problems, ``aspect_index`` not yet set."""
    aspects: list[tuple[str, str, tuple[int, int]] | None]
    """Per problem the number, title and span of its aspect, or None."""
    first_row: int = 0
    """First row of the header; the rows above speak of the paper."""
    measures: list[DraftMeasure] = field(default_factory=list)
    """Measures of a table that names no problems: it belongs to the problem above it."""
    fields: DraftFinding | None = None
    """What a form without a problem of its own says: it belongs to the problem above it."""
    keyed: list[tuple[str, DraftFinding]] = field(default_factory=list)
    """What a list says of problems that it only names by their numbers, as a 责任清单 beside a 问题清单 does."""
    names_problems: bool = True
    """The header says in so many words that its rows are problems."""


def read_table(view: View, table: TableView) -> TableResult:
    """Return the problems of one table; none when it is neither ledger nor form."""
    grid = grid_of(table)
    form = _read_form(view, grid)
    if form is not None:
        return form
    header = find_header(view.norm, grid)
    if header is None or "title" not in header.kinds.values():
        result = TableResult([], [])
        if header is not None:
            result.first_row = header.first_row
            result.measures = _loose_measures(view, grid, header)
        listed = header or find_numbered_header(view.norm, grid)
        if listed is not None:
            result.first_row = listed.first_row
            result.keyed = _keyed(view, grid, listed)
        return result
    named = any(kind == "title" and _PROBLEM_WORD_RE.search(header.words[at]) for at, kind in header.kinds.items())
    result = TableResult([], [], header.first_row, names_problems=named)
    start = 0
    for part, stop in _segments(view.norm, grid, header):
        _read_segment(view, grid[:stop], part, _heading_above(view.norm, grid, start, part), result)
        start = stop
    return result


def _loose_measures(view: View, grid: list[list[CellView | None]], header: Header) -> list[DraftMeasure]:
    """Return the measures of a table without a problem column, with who and when of each row."""
    columns: dict[str, list[int]] = {}
    for column, kind in header.kinds.items():
        columns.setdefault(kind, []).append(column)
    measures: list[DraftMeasure] = []
    for index in range(header.last_row + 1, len(grid)):
        if is_noise_row(view.norm, grid[index]) or repeats_header(view.norm, grid[index], header):
            continue
        row = Row()
        fill_row(row, grid[index], columns, index)
        cells = [(cell, at) for cell, at in row.measures if cell.row == index]
        measures.extend(cell_measures(view, row, cells, numbered=True, rowwise=True))
    return measures


_PROBLEM_NO_RE = re.compile(r"(?:问题|反馈|清单|对应)?\s?\(?(\d{1,3})\)?\s?[.、]?")


def _keyed(view: View, grid: list[list[CellView | None]], header: Header) -> list[tuple[str, DraftFinding]]:
    """Return what the rows say, by the number of the problem that they name in a column of numbers."""
    columns: dict[str, list[int]] = {}
    for column, kind in header.kinds.items():
        columns.setdefault(kind, []).append(column)
    numbers = columns.get("no", [])
    # Of two columns of numbers the one that says so counts the problems: 序号 beside 问题编号.
    named = [column for column in numbers if "问题" in header.words[column]]
    if not named and numbers and "measures" not in columns:
        named = numbers  # beside measures a bare 序号 may count the measures
    if not named:
        return []
    rows: dict[str, Row] = {}
    for index in range(header.last_row + 1, len(grid)):
        cell = grid[index][named[0]]
        if is_noise_row(view.norm, grid[index]) or repeats_header(view.norm, grid[index], header) or cell is None:
            continue
        told = _PROBLEM_NO_RE.fullmatch(view.norm[cell.start : cell.end].strip())
        if told is None:
            return []
        fill_row(rows.setdefault(told[1].lstrip("0"), Row()), grid[index], columns, index)
    numbered = writes_numbers(view.norm, list(rows.values()))
    return [
        (number, build_fields(view, row, numbered, len(row.measures) > 1)) for number, row in rows.items() if row.rows
    ]


def _segments(norm: str, grid: list[list[CellView | None]], best: Header) -> list[tuple[Header, int]]:
    """Return the ledgers that stand one below the other in one table: header, and the row where the ledger ends."""
    headers = [best]
    probe = find_header(norm, grid[: best.first_row]) if best.first_row > 2 else None
    if probe is not None and "title" in probe.kinds.values():
        headers.insert(0, probe)
    row = best.last_row + 1
    while row < len(grid):
        if len(row_kinds(norm, grid[row])) >= 3:
            following = find_header(norm, grid[row : row + 3])
            if following is not None and "title" in following.kinds.values() and following.kinds != best.kinds:
                following.first_row += row
                following.last_row += row
                headers.append(following)
                row = following.last_row
        row += 1
    ends = [header.first_row for header in headers[1:]] + [len(grid)]
    return list(zip(headers, ends, strict=True))


def _heading_above(norm: str, grid: list[list[CellView | None]], start: int, header: Header) -> CellView | None:
    """Return a cell between *start* and the header that names the aspect of all rows below, or None."""
    for row in reversed(grid[start : header.first_row]):
        cells = list({id(cell): cell for cell in row if cell is not None}.values())
        if len(cells) == 1:
            text = norm[cells[0].start : cells[0].end].strip()
            bare = LIST_SUFFIX_RE.sub("", text)
            if bare != text and len(bare) > 3 and ASPECT_RE.search(bare):
                return cells[0]
            numbered = find_line_enumerator(norm, cells[0].start, cells[0].end) is not None
            if (
                len(text) <= 60
                and "。" not in text
                and (numbered or ASPECT_RE.search(text))
                and not LIST_NAME_RE.search(text[-8:])
            ):
                return cells[0]
    return None


def _read_segment(
    view: View, grid: list[list[CellView | None]], header: Header, heading: CellView | None, result: TableResult
) -> None:
    rows = list(collect_rows(view.norm, grid, header))
    problems = [row for row in rows if isinstance(row, Row)]
    numbered = writes_numbers(view.norm, rows)
    per_row = any(
        len(row.measures) > 1 and any(len(row.other.get(kind, [])) > 1 for kind in (*WHO, "deadline"))
        for row in problems
    )
    carries = _carries_aspect(problems)
    aspect: CellView | None = None
    for row in rows:
        if isinstance(row, CellView):
            heading, aspect = row, None
            continue
        finding = build_row(view, row, numbered, per_row)
        if finding is None:
            continue
        aspect = row.aspect or (aspect if carries else None)
        own = aspect or heading
        if heading is not None and aspect is not None and heading.row > header.last_row:
            # Rows across the ledger part it into aspects; the column beside them only sorts what stands below.
            own = heading
            finding = replace(finding, parent_title=finding.parent_title or cell_aspect(view, aspect)[1])
        result.findings.append(finding)
        result.aspects.append(cell_aspect(view, own) if own else None)


def _carries_aspect(rows: list[Row]) -> bool:
    """Tell whether an empty aspect cell means the aspect above: the column is used, and opens with a filled cell."""
    return bool(rows) and rows[0].aspect is not None and any(row.aspect is None for row in rows)


def _read_form(view: View, grid: list[list[CellView | None]]) -> TableResult | None:
    """Return the problems of a table whose labels stand beside their values, or None when it is no such form."""
    norm = view.norm
    pairs: list[tuple[str, CellView, int]] = []
    banners: list[tuple[str, CellView, int]] = []
    labelled = filled = 0
    for index, row in enumerate(grid):
        cells = sorted(
            {id(cell): cell for cell in row if cell is not None and cell.row == index}.values(),
            key=lambda cell: cell.column,
        )
        if not cells:
            continue
        filled += 1
        kinds = [header_kind(norm[cell.start : cell.end]) if cell.end - cell.start <= 24 else "" for cell in cells]
        if (len(cells) >= 3 and sum(1 for kind in kinds if kind) >= 3 and len(cells) % 2) or (
            len(cells) > 2 and all(kinds)
        ):
            return None
        if len(cells) == 1 and not kinds[0] and _names_problem(norm, cells[0]):
            banners.append(("title", cells[0], index))
        hit = False
        for at in range(len(cells) - 1):
            if kinds[at] and (at == 0 or not kinds[at - 1]):
                pairs.append((kinds[at], cells[at + 1], index))
                hit = True
        labelled += hit
    names = {kind for kind, _, _ in pairs}
    if not names & {"title", "description"} and names & {"measures", "progress"} and len(names) > 1:
        return _read_card(view, pairs, banners, filled, labelled)
    if filled < 3 or labelled * 5 < filled * 3 or not names & {"title", "description"} or len(names) < 3:
        return None
    key = "title" if "title" in names else "description"
    result = TableResult([], [])
    current: Row | None = None
    waiting: list[tuple[str, CellView, int]] = []
    for kind, cell, index in pairs:
        if kind == key:
            if current is not None:
                _write_form(view, current, result)
            current = Row(title=cell)
            for held_kind, held, at in waiting:
                _put(norm, current, held_kind, held, at)
            waiting = []
        elif current is None or (kind == "no" and current.rows):
            waiting.append((kind, cell, index))
        else:
            _put(norm, current, kind, cell, index)
    if current is not None:
        _write_form(view, current, result)
    return result if result.findings else None


def _names_problem(norm: str, cell: CellView) -> bool:
    """Tell whether a cell across a form can be the problem that its fields speak of."""
    text = norm[cell.start : cell.end].strip()
    numbered = find_line_enumerator(norm, cell.start, cell.end) is not None
    return (numbered or bool(PROBLEM_RE.search(text))) and not LIST_NAME_RE.search(text[-3:])


def _read_card(
    view: View,
    pairs: list[tuple[str, CellView, int]],
    banners: list[tuple[str, CellView, int]],
    filled: int,
    labelled: int,
) -> TableResult | None:
    """Return the problems of a form that names no problem in its fields: it stands in a row of its own, or above the table."""
    if filled - len(banners) < 2 or labelled * 5 < (filled - len(banners)) * 3:
        return None
    result = TableResult([], [])
    opened = [banner for banner in banners if any(index > banner[2] for _, _, index in pairs)]
    rows: list[Row] = []
    if not opened:
        rows.append(Row())
    for kind, cell, index in sorted([*pairs, *opened], key=lambda item: item[2]):
        if kind == "title":
            if rows and rows[-1].rows == []:
                rows[-1] = Row(title=cell)  # of two headings over the same fields the lower one names the problem
            else:
                rows.append(Row(title=cell))
        elif rows:
            _put(view.norm, rows[-1], kind, cell, index)
    if not opened:
        result.fields = build_fields(view, rows[0], writes_numbers(view.norm, list(rows)), False)
        return result
    for row in rows:
        _write_form(view, row, result)
    return result if result.findings else None


def _put(norm: str, row: Row, kind: str, cell: CellView, index: int) -> None:
    if kind == "no":
        row.number = row.number or norm[cell.start : cell.end].strip()
        return
    fill_row(row, [cell], {kind: [0]}, index)


def _write_form(view: View, row: Row, result: TableResult) -> None:
    finding = build_row(view, row, writes_numbers(view.norm, [row]), False)
    if finding is not None:
        result.findings.append(finding)
        result.aspects.append(cell_aspect(view, row.aspect) if row.aspect else None)
