"""The rows of a ledger at a moment as one relation of DuckDB, whichever store they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhenggai.ledgers.computed import with_computed
from zhenggai.ledgers.readers.rows import rows_after, rows_relation
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.ledgers.readers.snapshots import snapshots_relation
from zhenggai.packs.declarations import Ledger


def relation_of(ledger: Ledger, as_of: datetime | None = None, *, only: str = "", from_files: bool = False) -> Relation:
    """Return the rows of a ledger with computed fields.

    Args:
        ledger: which.
        as_of: the moment whose state is asked for, as the record knew it then; now by default.
        only: the one row of interest, by which a ledger kept by hand is read without all the others.
        from_files: whether another engine is to run it, which knows no table of ours but can read our files.
    """
    kept = (
        rows_relation(ledger, as_of, only=only, from_files=from_files)
        if ledger.store == "rows"
        else snapshots_relation(ledger, as_of)
    )
    return with_computed(ledger, kept, as_of)


def relation_of_rows(ledger: Ledger, rows: Sequence[int], version: int, as_of: datetime | None = None) -> Relation:
    """Return some rows of a ledger kept by hand as they were after a version, with computed fields.

    Args:
        ledger: which.
        rows: ids of the rows; one that came later, or is none of this ledger, is left out.
        version: id of the version.
        as_of: the moment that computed fields speak of; now by default.
    """
    return with_computed(ledger, rows_after(ledger, rows, version), as_of)
