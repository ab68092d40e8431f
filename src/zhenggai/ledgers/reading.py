"""A ledger as an engine outside this process takes it: one Parquet file of what counts at a moment.

Inside this process :func:`zhenggai.ledgers.readers.relation.relation_of` needs no copy.  The file goes to ``Engine.register(table, files=…)`` of
:mod:`zhenggai.rulesql`, above all to Spark.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from zhenggai.ledgers.duck import name, run, text
from zhenggai.ledgers.readers.relation import relation_of
from zhenggai.packs.declarations import Ledger


def source_sql(ledger: Ledger, units: Sequence[int] | None, relation: str) -> str:
    """Return the statement of the rows that count: on the ledger, kept by one of *units* (all for ``None``), ``row_id`` and the fields."""
    columns = ", ".join(("row_id", *(name(each.code) for each in ledger.fields)))
    listed = "" if units is None else f" AND body_id IN ({', '.join(str(int(unit)) for unit in units) or 'NULL'})"
    return f"SELECT {columns} FROM ({relation}) WHERE NOT withdrawn{listed}"


def write_source(
    ledger: Ledger, path: Path, *, units: Sequence[int] | None = None, as_of: datetime | None = None
) -> Path:
    """Write the rows that count into a Parquet file, in one step, and return its path.

    Args:
        ledger: which.
        path: the file; one that stands there is replaced.
        units: ids of the bodies whose rows count; all for ``None``.
        as_of: the moment; now by default.
    """
    relation = relation_of(ledger, as_of)
    made = path.with_name(f".{path.name}.making")
    run(f"COPY ({source_sql(ledger, units, relation.sql)}) TO {text(str(made))} (FORMAT parquet)", relation.parameters)
    os.replace(made, path)
    return path
