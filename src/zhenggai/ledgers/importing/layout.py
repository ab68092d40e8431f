"""How the chosen table of an import lies: where its heads are and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _now

from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.importing.errors import BadMapping
from zhenggai.ledgers.importing.matching import match_columns
from zhenggai.ledgers.importing.queries import staged_path
from zhenggai.ledgers.importing.staged import heads_at, heads_of, top_rows
from zhenggai.ledgers.models import LedgerImport


def lay_out(import_: LedgerImport, heads: Sequence[int] | None = None) -> None:
    """Find the heads of the chosen table and match its columns; the caller saves.

    Raises:
        BadMapping: *heads* names rows that are not at the top.
    """
    ledger = access_declared(import_.ledger)
    rows = top_rows(staged_path(import_))
    declared = import_.tables[import_.table]["heads"]
    if declared:
        numbers: tuple[int, ...] = ()
        labels = list(declared)
    elif heads is None:
        numbers, labels = heads_of(rows)
    else:
        if not heads or len(heads) > 2 or any(each not in [row.n for row in rows] for each in heads):
            raise BadMapping(name=import_.name, reason=_now("表头应是前几行中的一行或相邻两行"))
        numbers = tuple(sorted(heads))
        labels = heads_at(rows, numbers)
    import_.head_rows = list(numbers)
    import_.after = max(numbers, default=0)
    import_.labels = labels
    import_.mapping = {str(column): field for column, field in match_columns(ledger, labels).items()}
