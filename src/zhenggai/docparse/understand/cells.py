"""What the cells of one problem say: title, measures, who, when, status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from zhenggai.docparse.draft import DraftFinding, DraftMeasure, Status
from zhenggai.docparse.understand.lexicon import WHO
from zhenggai.docparse.understand.marks import find_inline_enumerators, find_line_enumerator
from zhenggai.docparse.understand.measures import split_clauses, states_only_status, trim
from zhenggai.docparse.understand.rows import Row
from zhenggai.docparse.understand.status import find_stated, find_status
from zhenggai.docparse.understand.titles import find_title
from zhenggai.docparse.understand.values import build_responsibility, parse_deadline, tidy
from zhenggai.docparse.understand.view import CellView, View
from zhenggai.kit.text import fold

_TICKS = frozenset(["√", "✓", "✔", "是", "1", "●", "☑", "v", "V", "○", "y", "Y"])


LIST_SUFFIX_RE = re.compile(
    r"(?:反馈)?(?:问题)?(?:整改)?(?:落实)?(?:情况)?(?:台账|台帐|清单|任务表|一览表|明细表|汇总表|统计表)\s*$"
)


def cell_aspect(view: View, cell: CellView) -> tuple[str, str, tuple[int, int]]:
    start, end = trim(view.norm, cell.start, cell.end)
    mark = find_line_enumerator(view.norm, start, end)
    number = ""
    if mark and mark.end < end and mark.style not in ("sign", "bullet", "yishi"):
        number, start = mark.number, mark.end
    suffix = LIST_SUFFIX_RE.search(view.norm, start, end)
    if suffix and suffix.start() > start + 3:
        end = suffix.start()
    return number, tidy(view.text[start:end]).rstrip("。:；;："), view.span(start, end)


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


def writes_numbers(norm: str, rows: list[Row | CellView]) -> bool:
    """Tell whether measure cells are numbered anywhere in the table."""
    numbered = total = 0
    for row in rows:
        if isinstance(row, Row):
            for cell, _ in row.measures or [(cell, 0) for cell in row.progress]:
                total += 1
                numbered += len(split_cell(norm, cell.start, cell.end, clauses=False)) > 1
    return numbered * 5 > total


_NOTHING_RE = re.compile(
    r"\s*(?:无|暂无|没有|/|-+|—+|×|否|无问题|(?:经[^,。]{1,8},?)?(?:未发现|未见|不存在|没有发现|未查出|不涉及)(?:相关|此类|该类|明显|异常|上述|存在)*(?:问题|情况|现象|隐患)?)\s*[。.]?\s*"
)
"""Words that fill the cell of a problem where none was found."""


def build_row(view: View, row: Row, numbered: bool, per_row: bool) -> DraftFinding | None:
    norm = view.norm
    if row.title is None:
        return None
    start, end = trim(norm, row.title.start, row.title.end)
    mark = find_line_enumerator(norm, start, end)
    number = row.number
    if mark and mark.end < end and mark.style not in ("sign", "bullet"):
        start = mark.end
        number = number or mark.number
    title = find_title(norm, start, end)
    if title.end <= title.start or _NOTHING_RE.fullmatch(norm, start, end):
        return None
    details = [tidy(view.text[title.rest : end])] if title.rest < end else []
    finding = build_fields(view, row, numbered, per_row, details)
    last = max(
        cell.end
        for cell in [
            row.title,
            *row.description,
            *(cell for cell, _ in row.measures),
            *(() if row.measures else row.progress),
        ]
    )
    return replace(
        finding,
        no=number.rstrip(".、．"),
        title=tidy(view.text[title.start : title.end]),
        span=view.span(row.title.start, max(last, row.title.end)),
        title_span=view.span(title.start, title.end),
    )


def build_fields(view: View, row: Row, numbered: bool, per_row: bool, details: list[str] | None = None) -> DraftFinding:
    """Return what the cells beside a problem say of it, without its number and title."""
    cells = row.measures or [(cell, row.rows[0]) for cell in row.progress]
    measures = cell_measures(view, row, cells, numbered, per_row)
    details = [*(details or []), *(_words(view, cell) for cell in row.description)]
    who: dict[str, str] = {}
    for kind in WHO:
        values = _distinct(view, row, kind)
        if values:
            who[kind] = "、".join(values)
    deadlines = _distinct(view, row, "deadline")
    status, status_text = _row_status(view, row)
    return DraftFinding(
        no="",
        title="",
        span=(0, 0),
        title_span=(0, 0),
        description="\n".join(detail for detail in details if detail),
        description_span=view.span(row.description[0].start, row.description[-1].end) if row.description else None,
        measures=measures,
        progress=tuple(_words(view, cell) for cell in row.progress) if row.measures else (),
        status=status,
        status_text=status_text,
        responsibility=build_responsibility(who),
        deadline=parse_deadline(_fold_first(view, row, "deadline"), deadlines[0]) if len(set(deadlines)) == 1 else None,
        target="\n".join(_distinct(view, row, "target")) or None,
        parent_title=cell_aspect(view, row.parent)[1] if row.parent else None,
        parent_no=(cell_aspect(view, row.parent)[0] or None) if row.parent else None,
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
    by_column: dict[int, set[Status | None]] = {}
    for cell in row.progress:
        if cell.end - cell.start <= 24:
            by_column.setdefault(cell.column, set()).add(find_status(norm[cell.start : cell.end]))
    if any(len(told) > 1 for told in by_column.values()):
        return closed  # one measure is done, another is not: nothing is said of the problem
    for cell in row.progress:
        if states_only_status(norm, cell.start, cell.end) or cell.end - cell.start <= 8:
            status = find_status(norm[cell.start : cell.end])
            if status:
                return status, _words(view, cell)
        found = find_stated(norm, cell.start, cell.end)
        if found:
            return found[0], tidy(view.text[found[1] : found[2]])
    return closed


def cell_measures(
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
