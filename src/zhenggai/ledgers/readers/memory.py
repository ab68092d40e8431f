"""Bases in memory: a list asks the same one many times, and unpacking its file each time would cost more than the answer.

What a base holds never changes, so a table made from it holds for as long as there is room.  The one not asked for longest goes first, and
stays a little while longer for whoever has just been told its name.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from pathlib import Path

from zhenggai.ledgers.duck import cursor, name, text

MOST_ROWS = 500_000
"""Rows of all tables together; a larger base is read from its file."""
_GRACE_SECONDS = 60.0

_lock = threading.Lock()
_tables: OrderedDict[Path, tuple[str, int]] = OrderedDict()
_leaving: dict[str, float] = {}
_made = 0


def source_of(path: Path) -> str:
    """Return what stands behind FROM to read a base."""
    global _made
    with _lock:
        known = _tables.get(path)
        if known is not None:
            _tables.move_to_end(path)
            return name(known[0])
        file = f"read_parquet({text(str(path))})"
        own = cursor()
        counted = own.execute(f"SELECT count(*) FROM {file}").fetchone()
        rows = int(counted[0]) if counted else 0
        if rows > MOST_ROWS:
            return file
        for older in [each for each in _tables if each.parent == path.parent]:
            _leave(older)
        while _tables and rows + sum(each[1] for each in _tables.values()) > MOST_ROWS:
            _leave(next(iter(_tables)))
        for table, since in list(_leaving.items()):
            if time.monotonic() - since > _GRACE_SECONDS:
                own.execute(f"DROP TABLE IF EXISTS {name(table)}")
                del _leaving[table]
        _made += 1
        table = f"ledger_base_{_made}"
        # The newest first, as lists ask: the first rows of a page are met at once and all others left aside.
        own.execute(f"CREATE TABLE {name(table)} AS SELECT * FROM {file} ORDER BY number DESC")
        _tables[path] = (table, rows)
        return name(table)


def _leave(path: Path) -> None:
    _leaving[_tables.pop(path)[0]] = time.monotonic()
