"""The top of a stranger's table as plain cells, for proposing a ledger from it: read in a confined process, kept nowhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from zhenggai.docparse.staging import stage_tables
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import path_of
from zhenggai.ledgers.importing.staged import top_rows
from zhenggai.packs.heads import HEAD_ROWS
from zhenggai.packs.proposing import SAMPLE

Cells = list[list[str | None]]


@dataclass(frozen=True, slots=True)
class TableGrid:
    """One table of a file."""

    name: str
    """Name of the sheet; empty for a file of one table."""
    rows: int
    """Rows of the whole table."""
    cells: Cells
    """Its first rows; heads declared by the file itself stand as the first."""


def read_grids(stored: StoredFile, name: str) -> list[TableGrid]:
    """Return the tables of a file, the first rows of each.

    Raises:
        UnreadableFile: no table can be read.
        FileMissing: its bytes are gone.
    """
    with tempfile.TemporaryDirectory(prefix="zhenggai-grid-") as folder:
        found = []
        for table in stage_tables(path_of(stored), Path(folder), name=name):
            cells: Cells = [each.cells for each in top_rows(Path(table.path), SAMPLE + HEAD_ROWS)]
            heads: list[str | None] = list(table.heads)
            found.append(TableGrid(table.name, table.rows, [heads, *cells] if heads else cells))
        return found
