"""Tables drawn in plain text: with tabs, with ``|``, or with box-drawing characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhenggai.docparse.document import Block, Cell, Place, Table
from zhenggai.docparse.readers.assemble import BLANKS

_RULE = re.compile(r"^[\s|+\-=:_─━│┃┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬═║]+$")
_BARS = re.compile(r"[|│┃║｜]")
_Piece = tuple[str, int]


def find_tables(lines: Sequence[str], starts: Sequence[int]) -> dict[int, tuple[Block, int]]:
    """Return tables by the number of their first line, each with the number of the line behind it.

    Args:
        lines: the lines of the text.
        starts: offset of each line.
    """
    found: dict[int, tuple[Block, int]] = {}
    number = 0
    while number < len(lines):
        line = lines[number]
        if "\t" in line.strip(BLANKS):
            end = _run(lines, number, _is_tabbed)
            block = _tabbed(lines, starts, number, end)
        elif _is_barred(line) or (_RULE.match(line) and number + 1 < len(lines) and _is_barred(lines[number + 1])):
            end = _run(lines, number, lambda text: _is_barred(text) or bool(_RULE.match(text) and text.strip()))
            block = _barred(lines, starts, number, end)
        else:
            number += 1
            continue
        if block is not None:
            found[number] = (block, end)
        number = end
    return found


def _run(lines: Sequence[str], start: int, belongs: object) -> int:
    assert callable(belongs)
    end = start
    while end < len(lines) and belongs(lines[end]):
        end += 1
    return max(end, start + 1)


def _is_tabbed(line: str) -> bool:
    return "\t" in line.rstrip(" \t\r") and not line.startswith("\t\t\t\t")


def _is_barred(line: str) -> bool:
    bare = line.strip(BLANKS)
    return len(_BARS.findall(bare)) >= 2 and not _RULE.match(bare)


def _pieces(line: str, offset: int, separator: re.Pattern[str]) -> list[_Piece]:
    out: list[_Piece] = []
    at = 0
    for match in [*separator.finditer(line), None]:
        end = match.start() if match else len(line)
        raw = line[at:end]
        text = raw.strip(BLANKS)
        out.append((text, offset + at + (len(raw) - len(raw.lstrip(BLANKS)) if text else 0)))
        at = match.end() if match else end
    return out


_TAB = re.compile("\t")


def _tabbed(lines: Sequence[str], starts: Sequence[int], start: int, end: int) -> Block | None:
    """A table needs two rows and two columns, and rows that agree on how many columns there are."""
    rows = [_pieces(lines[number], starts[number], _TAB) for number in range(start, end)]
    widths = [len(row) for row in rows]
    if (
        len(rows) < 2
        or max(widths) < 2
        or any(lines[number].startswith("\t") for number in range(start, min(start + 2, end)))
    ):
        return None
    common = max(set(widths), key=widths.count)
    if common < 2 or widths.count(common) < 0.6 * len(rows) or (common == 2 and len(rows) < 3):
        return None
    return _block(lines, starts, start, end, [(start + index, row) for index, row in enumerate(rows)])


def _barred(lines: Sequence[str], starts: Sequence[int], start: int, end: int) -> Block | None:
    rows: list[tuple[int, list[_Piece]]] = []
    ruled = False
    for number in range(start, end):
        line = lines[number]
        if _RULE.match(line):
            ruled = True
            continue
        row = _pieces(line, starts[number], _BARS)
        bare = line.strip(BLANKS)
        if _BARS.match(bare[0]):
            row = row[1:]
        if _BARS.match(bare[-1]):
            row = row[:-1]
        rows.append((number, row))
    if not rows:
        return None
    widths = [len(row) for _, row in rows]
    common = max(set(widths), key=widths.count)
    if common < 2 or widths.count(common) < 0.7 * len(rows) or (len(rows) < 2 and not ruled):
        return None
    if len(rows) < 3 and not ruled:
        return None
    return _block(lines, starts, start, end, rows)


def _block(
    lines: Sequence[str], starts: Sequence[int], start: int, end: int, rows: Sequence[tuple[int, list[_Piece]]]
) -> Block | None:
    cells = [
        Cell(index, column, text, offset, place=Place(line=number + 1, row=index + 1, column=column + 1))
        for index, (number, row) in enumerate(rows)
        for column, (text, offset) in enumerate(row)
        if text
    ]
    if not cells:
        return None
    whole = "\n".join(lines[start:end])
    lead = len(whole) - len(whole.lstrip(BLANKS))
    table = Table(len(rows), max(len(row) for _, row in rows), tuple(cells))
    return Block("table", whole.strip(BLANKS), starts[start] + lead, table=table, place=Place(line=start + 1))
