"""The staged table of an import: its heads, and its rows of data in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhenggai.ledgers.duck import cursor, text
from zhenggai.packs.heads import HEAD_ROWS, find_heads, is_data, labels_of

_PIECE = 1000
Cells = list[str | None]


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row of the source."""

    n: int
    """Its number there, from 1."""
    cells: Cells
    """Text of each column."""


def top_rows(path: Path, most: int = HEAD_ROWS + 30) -> list[StagedRow]:
    """Return the first rows of a staged table."""
    statement = f"SELECT * FROM read_parquet({text(str(path))}) WHERE n <= $most ORDER BY n"
    first = f"SELECT min(n) FROM read_parquet({text(str(path))})"
    found = cursor().execute(first).fetchone()
    start = int(found[0] or 1) if found else 1
    rows = cursor().execute(statement, {"most": start + most - 1}).fetchall()
    return [StagedRow(int(row[0]), list(row[1:])) for row in rows]


def heads_of(rows: Sequence[StagedRow]) -> tuple[tuple[int, ...], list[str]]:
    """Return the numbers of the rows that hold the heads, and the head of each column."""
    grid = [each.cells for each in rows]
    heads = find_heads(grid)
    return tuple(rows[index].n for index in heads), labels_of(grid, heads)


def heads_at(rows: Sequence[StagedRow], numbers: Sequence[int]) -> list[str]:
    """Return the head of each column when the rows called *numbers* hold the heads."""
    indexes = [index for index, each in enumerate(rows) if each.n in numbers]
    return labels_of([each.cells for each in rows], indexes)


def count_rows(path: Path, after: int) -> int:
    """Return how many rows follow row *after*, blank ones and totals included."""
    statement = f"SELECT count(*) FROM read_parquet({text(str(path))}) WHERE n > $after"
    found = cursor().execute(statement, {"after": after}).fetchone()
    return int(found[0]) if found else 0


def data_rows(
    path: Path, after: int, left_out: Callable[[int], None] | None = None, piece: int = _PIECE
) -> Iterator[list[StagedRow]]:
    """Return the rows of data that follow row *after*, in pieces; blank rows, totals and remarks below the table are left out.

    Args:
        path: the staged table.
        after: last row of the heads.
        left_out: is told the number of each row left out that is not blank.
        piece: rows at a time.
    """
    statement = f"SELECT * FROM read_parquet({text(str(path))}) WHERE n > $after ORDER BY n"
    result = cursor().execute(statement, {"after": after})
    while rows := result.fetchmany(piece):
        kept = []
        for row in rows:
            if is_data(row[1:]):
                kept.append(StagedRow(int(row[0]), list(row[1:])))
            elif left_out is not None and any(cell and cell.strip() for cell in row[1:]):
                left_out(int(row[0]))
        yield kept
