"""What trying an import finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

MOST_KEPT = 20_000
"""Problems that are kept with their places; more are counted only."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that cannot be taken, or a row as a whole."""

    n: int
    """Row of the source, from 1."""
    code: str
    """Field; empty for the row as a whole."""
    value: str
    """What stands there."""
    message: str
    """Why it cannot be taken, in words."""


@dataclass(slots=True)
class Tally:
    """What an import does, or would do."""

    rows: int = 0
    """Rows of data."""
    added: int = 0
    """Rows that are new."""
    changed: int = 0
    """Rows known by their key that say something else now."""
    same: int = 0
    """Rows known by their key that say what the ledger says."""
    passed_over: int = 0
    """Rows known by their key and left as they are, as was chosen."""
    bad: int = 0
    """Rows that cannot be taken."""
    problems: int = 0
    """Cells that cannot be taken."""
    left_out: int = 0
    """Rows that are no data: totals, and remarks below the table."""
    left_rows: list[int] = field(default_factory=list)
    """The first of them, by their numbers in the source."""
    fields: dict[str, int] = field(default_factory=dict)
    """Field code → cells of it that cannot be taken."""

    def leave_out(self, n: int) -> None:
        """Count row *n* as no data."""
        self.left_out += 1
        if len(self.left_rows) < 20:
            self.left_rows.append(n)

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return asdict(self)


class ProblemFile:
    """The problems of an import, one JSON line each, beside its staged table."""

    def __init__(self, path: Path) -> None:
        """Begin anew at *path*."""
        self.path = path
        self.kept = 0
        self._out = path.open("w", encoding="utf-8")

    def add(self, problem: CellProblem) -> None:
        """Keep a problem, while there is room."""
        if self.kept < MOST_KEPT:
            self._out.write(json.dumps(asdict(problem), ensure_ascii=False) + "\n")
            self.kept += 1

    def close(self) -> None:
        """Finish the file."""
        self._out.close()


def read_problems(path: Path) -> Iterator[CellProblem]:
    """Return the problems kept at *path*; none when there is no such file."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            yield CellProblem(**json.loads(line))
