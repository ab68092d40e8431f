"""Ledgers and forms: tables become problems.

A ledger has one row per problem or per measure, merged or repeated cells; a form has one problem per table with labels in
its first column.  Lists that repeat the same problems (问题清单, 任务清单, 责任清单) are merged, not doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zhenggai.docparse.draft import DraftFinding, DraftMeasure, DraftResponsibility, Status
from zhenggai.docparse.understand.extract import build_responsibility, parse_deadline, tidy
from zhenggai.docparse.understand.grids import Header, find_header, grid_of, header_kind, is_noise_row, row_kinds
from zhenggai.docparse.understand.lexicon import ASPECT_RE, PROBLEM_RE, WHO
from zhenggai.docparse.understand.marks import find_inline_enumerators, find_line_enumerator
from zhenggai.docparse.understand.measures import split_clauses, states_only_status, trim
from zhenggai.docparse.understand.status import find_stated, find_status
from zhenggai.docparse.understand.titles import find_title
from zhenggai.docparse.understand.view import CellView, TableView, View
from zhenggai.kit.text import comparison_key, fold

_TICKS = frozenset(["√", "✓", "✔", "是", "1", "●", "☑", "v", "V", "○", "y", "Y"])
_LIST_SUFFIX_RE = re.compile(
    r"(?:反馈)?(?:问题)?(?:整改)?(?:落实)?(?:情况)?(?:台账|台帐|清单|任务表|一览表|明细表|汇总表|统计表)\s*$"
)
_LIST_NAME_RE = re.compile(
    r"(?:sheet|工作表|表)\s?\d*$|清单|台账|台帐|汇总|一览|明细|整改|方案|问题|任务|目录|封面|说明", re.IGNORECASE
)


_PROBLEM_WORD_RE = re.compile(r"问题|不足|整改|隐患|短板|反馈|不符合|缺陷")


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
    names_problems: bool = True
    """The header says in so many words that its rows are problems."""


def read_table(view: View, table: TableView) -> TableResult:
    """Return the problems of one table; none when it is neither ledger nor form."""
    grid = grid_of(table)
    form = _read_form(view, grid)
    if form is not None:
        return form
    header = find_header(view.norm, grid)
    if header is None:
        return TableResult([], [])
    if "title" not in header.kinds.values():
        return TableResult([], [], header.first_row, _loose_measures(view, grid, header))
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
        if is_noise_row(view.norm, grid[index]) or _repeats_header(view.norm, grid[index], header):
            continue
        row = Row()
        _fill(row, grid[index], columns, index)
        cells = [(cell, at) for cell, at in row.measures if cell.row == index]
        measures.extend(_cell_measures(view, row, cells, numbered=True, rowwise=True))
    return measures


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
            bare = _LIST_SUFFIX_RE.sub("", text)
            if bare != text and len(bare) > 3 and ASPECT_RE.search(bare):
                return cells[0]
            numbered = find_line_enumerator(norm, cells[0].start, cells[0].end) is not None
            if (
                len(text) <= 60
                and "。" not in text
                and (numbered or ASPECT_RE.search(text))
                and not _LIST_NAME_RE.search(text[-8:])
            ):
                return cells[0]
    return None


def _read_segment(
    view: View, grid: list[list[CellView | None]], header: Header, heading: CellView | None, result: TableResult
) -> None:
    rows = list(_collect_rows(view.norm, grid, header))
    problems = [row for row in rows if isinstance(row, Row)]
    numbered = _writes_numbers(view.norm, rows)
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
        finding = _build(view, row, numbered, per_row)
        if finding is None:
            continue
        aspect = row.aspect or (aspect if carries else None)
        result.findings.append(finding)
        own = aspect or heading
        result.aspects.append(_aspect(view, own) if own else None)


def _carries_aspect(rows: list[Row]) -> bool:
    """Tell whether an empty aspect cell means the aspect above: the column is used, and opens with a filled cell."""
    return bool(rows) and rows[0].aspect is not None and any(row.aspect is None for row in rows)


def _aspect(view: View, cell: CellView) -> tuple[str, str, tuple[int, int]]:
    start, end = trim(view.norm, cell.start, cell.end)
    mark = find_line_enumerator(view.norm, start, end)
    number = ""
    if mark and mark.end < end and mark.style not in ("bullet", "yishi"):
        number, start = mark.number, mark.end
    suffix = _LIST_SUFFIX_RE.search(view.norm, start, end)
    if suffix and suffix.start() > start + 3:
        end = suffix.start()
    return number, tidy(view.text[start:end]).rstrip("。:；;："), view.span(start, end)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _collect_rows(norm: str, grid: list[list[CellView | None]], header: Header) -> Iterator[Row | CellView]:
    """Yield problems, and single cells across the table that head a part of it."""
    columns: dict[str, list[int]] = {}
    for column, kind in header.kinds.items():
        columns.setdefault(kind, []).append(column)
    title_column = columns["title"][0]
    current: Row | None = None
    for index in range(header.last_row + 1, len(grid)):
        row = grid[index]
        cells = {id(cell): cell for cell in row if cell is not None}
        if is_noise_row(norm, row) or _repeats_header(norm, row, header):
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
        _fill(current, row, columns, index)
    if current is not None:
        yield current


def _starts_problem(norm: str, current: Row, title: CellView | None, number: CellView | None) -> bool:
    if title is None or title is current.title:
        return False
    if current.title is None:
        return True
    same = norm[title.start : title.end].strip() == norm[current.title.start : current.title.end].strip()
    return not same


def _repeats_header(norm: str, row: list[CellView | None], header: Header) -> bool:
    hits = sum(
        1
        for column, kind in header.kinds.items()
        if (cell := row[column]) and cell.end - cell.start < 30 and header_kind(norm[cell.start : cell.end]) == kind
    )
    return hits >= 2 and hits * 2 > len(header.kinds)


def _banner(norm: str, cells: list[CellView], width: int, title_column: int) -> CellView | None:
    """Return the one cell of a row that heads the rows below, such as an aspect across the table."""
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


def _fill(current: Row, row: list[CellView | None], columns: dict[str, list[int]], index: int) -> None:
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


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _lines(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = norm.find("\n", at, end)
        stop = end if stop == -1 else stop
        if norm[at:stop].strip():
            yield trim(norm, at, stop)
        at = stop + 1


def split_cell(norm: str, start: int, end: int, *, clauses: bool) -> list[tuple[int, int]]:
    """Return the measures in one cell: numbered items wherever they begin, else lines, else clauses if *clauses*."""
    marks: list[tuple[int, int, str, int]] = []
    carried: dict[str, int] = {}
    for left, right in _lines(norm, start, end):
        opened = find_line_enumerator(norm, left, right)
        at = left
        if opened:
            marks.append((opened.start, opened.end, opened.style, opened.value))
            carried[opened.style] = opened.value
            at = opened.end
        marks.extend(
            (m.start, m.end, m.style, m.value) for m in find_inline_enumerators(norm, at, right, opened, carried)
        )
    if marks:
        top = marks[0][2]
        outer = [mark for mark in marks if mark[2] == top]
        if len(outer) > 1 or outer[0][0] == trim(norm, start, end)[0]:
            pieces = []
            for index, mark in enumerate(outer):
                stop = outer[index + 1][0] if index + 1 < len(outer) else end
                left, right = trim(norm, mark[1], stop)
                if right > left:
                    pieces.append((left, right))
            return pieces
        if len(marks) == 1:
            marks = []
        else:
            return split_cell_from(norm, marks, end)
    lines = list(_lines(norm, start, end))
    if len(lines) > 1 and _lines_are_items(norm, lines):
        return lines
    left, right = trim(norm, start, end)
    if right <= left:
        return []
    if clauses and ";" in norm[left : right - 1]:
        return [(piece.start, piece.end) for piece in split_clauses(norm, left, right)]
    return [(left, right)]


def split_cell_from(norm: str, marks: list[tuple[int, int, str, int]], end: int) -> list[tuple[int, int]]:
    """Return the stretches from mark to mark when the list begins behind some words."""
    style = marks[0][2]
    outer = [mark for mark in marks if mark[2] == style]
    stops = [mark[0] for mark in outer[1:]] + [end]
    return [trim(norm, mark[1], stop) for mark, stop in zip(outer, stops, strict=True)]


def _lines_are_items(norm: str, lines: list[tuple[int, int]]) -> bool:
    closed = sum(1 for _, end in lines[:-1] if norm[end - 1] in "。;!" or norm[end : end + 1] == ";")
    return closed * 2 >= len(lines) - 1 or all(end - start >= 6 for start, end in lines)


def _words(view: View, cell: CellView) -> str:
    return tidy(view.text[cell.start : cell.end])


def _writes_numbers(norm: str, rows: list[Row | CellView]) -> bool:
    """Tell whether measure cells are numbered anywhere in the table."""
    numbered = total = 0
    for row in rows:
        if isinstance(row, Row):
            for cell, _ in row.measures or [(cell, 0) for cell in row.progress]:
                total += 1
                numbered += len(split_cell(norm, cell.start, cell.end, clauses=False)) > 1
    return numbered * 5 > total


def _build(view: View, row: Row, numbered: bool, per_row: bool) -> DraftFinding | None:
    norm = view.norm
    if row.title is None:
        return None
    start, end = trim(norm, row.title.start, row.title.end)
    mark = find_line_enumerator(norm, start, end)
    number = row.number
    if mark and mark.end < end and mark.style not in ("bullet",):
        start = mark.end
        number = number or mark.number
    title = find_title(norm, start, end)
    if title.end <= title.start:
        return None
    has_detail = bool(row.description)
    if has_detail and title.shape == "phrase":
        title = find_title(norm, start, end)
    cells = row.measures or [(cell, row.rows[0]) for cell in row.progress]
    measures = _cell_measures(view, row, cells, numbered, per_row)
    details = [tidy(view.text[title.rest : end])] if title.rest < end else []
    details += [_words(view, cell) for cell in row.description]
    who: dict[str, str] = {}
    for kind in WHO:
        values = _distinct(view, row, kind)
        if values:
            who[kind] = "、".join(values)
    deadlines = _distinct(view, row, "deadline")
    status, status_text = _row_status(view, row)
    last = max(cell.end for cell in [row.title, *row.description, *(cell for cell, _ in cells)])
    return DraftFinding(
        no=number.rstrip(".、．"),
        title=tidy(view.text[title.start : title.end]),
        span=view.span(row.title.start, max(last, row.title.end)),
        title_span=view.span(title.start, title.end),
        description="\n".join(detail for detail in details if detail),
        description_span=view.span(row.description[0].start, row.description[-1].end) if row.description else None,
        measures=measures,
        progress=tuple(_words(view, cell) for cell in row.progress) if row.measures else (),
        status=status,
        status_text=status_text,
        responsibility=build_responsibility(who),
        deadline=parse_deadline(_fold_first(view, row, "deadline"), deadlines[0]) if len(set(deadlines)) == 1 else None,
        target="\n".join(_distinct(view, row, "target")) or None,
        parent_title=_aspect(view, row.parent)[1] if row.parent else None,
        parent_no=(_aspect(view, row.parent)[0] or None) if row.parent else None,
    )


def _fold_first(view: View, row: Row, kind: str) -> str:
    cell, _ = row.other[kind][0]
    return view.norm[cell.start : cell.end]


def _distinct(view: View, row: Row, kind: str) -> list[str]:
    values: list[str] = []
    for cell, _ in row.other.get(kind, []):
        words = _words(view, cell).strip("。;；,， ")
        if words and words not in values and words not in ("/", "-", "—", "无"):
            values.append(words)
    return values


def _row_status(view: View, row: Row) -> tuple[Status | None, str | None]:
    """Return the status of the row: its status columns, a ticked column, or a progress cell that only states a status."""
    norm = view.norm
    closed: tuple[Status | None, str | None] = (None, None)
    for cell, _ in row.other.get("status", []):
        words = norm[cell.start : cell.end].strip()
        status = find_status(words)
        if status and words not in ("否", "×", "未"):
            return status, _words(view, cell)
        if status:
            closed = (status, _words(view, cell))
    for kind, cells in row.other.items():
        if kind.startswith("tick:") and any(norm[cell.start : cell.end].strip() in _TICKS for cell, _ in cells):
            return find_status(kind[5:]), kind[5:]
    for cell in row.progress:
        if states_only_status(norm, cell.start, cell.end) or cell.end - cell.start <= 8:
            status = find_status(norm[cell.start : cell.end])
            if status:
                return status, _words(view, cell)
        found = find_stated(norm, cell.start, cell.end)
        if found:
            return found[0], tidy(view.text[found[1] : found[2]])
    return closed


def _cell_measures(
    view: View, row: Row, cells: list[tuple[CellView, int]], numbered: bool, rowwise: bool
) -> tuple[DraftMeasure, ...]:
    """Return the measures of a problem with who and when of their own row, where rows differ."""
    norm = view.norm
    measures: list[DraftMeasure] = []
    per_row = {*WHO, "deadline"} if rowwise else set()
    for cell, index in cells:
        if states_only_status(norm, cell.start, cell.end) or (
            not row.measures and find_status(norm[cell.start : cell.end]) and cell.end - cell.start <= 8
        ):
            continue
        pieces = split_cell(norm, cell.start, cell.end, clauses=not numbered)
        aligned = _aligned(view, row, len(pieces)) if len(cells) == 1 and len(pieces) > 1 else {}
        for place, (start, end) in enumerate(pieces):
            who = {kind: value for kind in per_row if (value := _value_at(view, row, kind, index))}
            who |= {kind: values[place] for kind, values in aligned.items()}
            deadline = who.pop("deadline", None)
            measures.append(
                DraftMeasure(
                    text=tidy(view.text[start:end]),
                    span=view.span(start, end),
                    leader=who.get("leader"),
                    department=who.get("department") or who.get("unit"),
                    person=who.get("person"),
                    deadline=parse_deadline(fold(deadline), deadline) if deadline else None,
                )
            )
    return tuple(measures)


def _value_at(view: View, row: Row, kind: str, index: int) -> str | None:
    """Return the words of *kind* that stand in row *index* of the table, merged cells included."""
    for cell, _ in row.other.get(kind, []):
        if cell.row <= index < cell.row + max(cell.row_span, 1):
            return _words(view, cell)
    return None


def _aligned(view: View, row: Row, count: int) -> dict[str, list[str]]:
    """Return per kind the numbered parts of its only cell, where they are as many as the measures."""
    aligned = {}
    for kind in ("leader", "department", "person", "deadline"):
        cells = row.other.get(kind, [])
        if len(cells) == 1 and find_line_enumerator(view.norm, cells[0][0].start, cells[0][0].end):
            pieces = split_cell(view.norm, cells[0][0].start, cells[0][0].end, clauses=False)
            if len(pieces) == count:
                aligned[kind] = [tidy(view.text[start:end]).rstrip("。；;") for start, end in pieces]
    return aligned


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _read_form(view: View, grid: list[list[CellView | None]]) -> TableResult | None:
    """Return the problems of a table whose labels stand beside their values, or None when it is no such form."""
    norm = view.norm
    pairs: list[tuple[str, CellView, int]] = []
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
        hit = False
        for at in range(len(cells) - 1):
            if kinds[at] and (at == 0 or not kinds[at - 1]):
                pairs.append((kinds[at], cells[at + 1], index))
                hit = True
        labelled += hit
    names = {kind for kind, _, _ in pairs}
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


def _put(norm: str, row: Row, kind: str, cell: CellView, index: int) -> None:
    if kind == "no":
        row.number = row.number or norm[cell.start : cell.end].strip()
        return
    _fill(row, [cell], {kind: [0]}, index)


def _write_form(view: View, row: Row, result: TableResult) -> None:
    finding = _build(view, row, _writes_numbers(view.norm, [row]), False)
    if finding is not None:
        result.findings.append(finding)
        result.aspects.append(_aspect(view, row.aspect) if row.aspect else None)


# ── several lists of the same problems ────────────────────────────────────────────────────────────────────────────
def merge_finding(known: DraftFinding, other: DraftFinding) -> DraftFinding:
    """Return *known* with what another list says of the same problem and *known* lacks."""
    who = known.responsibility
    if other.responsibility is not None:
        if who is None:
            who = other.responsibility
        else:
            fields = ("leader", "department", "person", "unit", "support", "supervisor")
            who = DraftResponsibility(
                **{name: getattr(who, name) or getattr(other.responsibility, name) for name in fields}
            )
    return replace(
        known,
        description=known.description or other.description,
        measures=known.measures or other.measures,
        progress=known.progress or other.progress,
        status=known.status or other.status,
        status_text=known.status_text or other.status_text,
        responsibility=who,
        deadline=known.deadline or other.deadline,
        target=known.target or other.target,
        parent_no=known.parent_no or other.parent_no,
        parent_title=known.parent_title or other.parent_title,
    )


def names_aspect(name: str) -> bool:
    """Tell whether a sheet's name can be the aspect of all its problems."""
    name = re.sub(r"^\s*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*", "", name)
    return (
        bool(name)
        and not _LIST_NAME_RE.search(name.strip())
        and (bool(ASPECT_RE.search(name)) or bool(PROBLEM_RE.search(name)) or 2 < len(name) <= 20)
    )


def finding_key(finding: DraftFinding) -> str:
    """Return what two mentions of the same problem share."""
    return comparison_key(finding.title)
