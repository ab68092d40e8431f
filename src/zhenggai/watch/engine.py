"""The engine over ledgers as they stand in the database and in snapshots, at a moment.

What :func:`zhenggai.ledgers.readers.relation.relation_of` selects stands as a view, so of a large ledger only the columns
that a rule looks at are read; a small one is taken into the engine once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhenggai.ledgers.readers.relation import relation_of
from zhenggai.packs.declarations import Ledger
from zhenggai.policy.queries import work_calendar
from zhenggai.rulesql.dialects import DUCKDB
from zhenggai.rulesql.engines.duckdb import Engine
from zhenggai.rulesql.plans import Run

SECONDS = 120.0
"""How long one query may take."""


class LedgerEngine(Engine):
    """Runs plans over ledgers of some bodies, as of a moment; it can open the snapshots and bases of ledgers alone."""

    def __init__(
        self,
        bodies: Sequence[int] | None,
        as_of: datetime | None,
        *,
        units: Sequence[int] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """Take no ledger yet.

        Args:
            bodies: ids of the bodies whose rows are looked at; None for all.
            as_of: the moment; None for now.
            units: ids of the units that rows must be about; None for all.
            seconds: how long one query may take.
        """
        home = Path(settings.ZHENGGAI_HOME)
        super().__init__(readable=[home / "cache", home / "snapshots"], seconds=seconds)
        self.bodies, self.units, self.as_of = bodies, units, as_of

    def take(self, ledger: Ledger) -> str:
        """Make the rows of a ledger known to queries, unless they are; return the name of the relation."""
        known = self._relations.get(ledger.ledger)
        if known is not None:
            return known
        view = DUCKDB.identifier(f"watch_{ledger.ledger}")
        relation = relation_of(ledger, self.as_of, from_files=True)
        sql = relation.sql
        for number, (name, value) in enumerate(sorted(relation.parameters.items())):
            told = DUCKDB.identifier(f"watch_{ledger.ledger}_{number}")
            self.query(f"CREATE TABLE {told} AS SELECT {DUCKDB.text(str(value))} AS told")
            sql = sql.replace(f"${name}", f"(SELECT told FROM {told})")
        where = "NOT coalesce(withdrawn, false)"
        for column, keys in (("body_id", self.bodies), ("unit_id", self.units)):
            if keys is not None:
                where += f" AND {column} IN ({', '.join(str(int(key)) for key in keys) or 'NULL'})"
        if "rulesql_" in sql:  # a computed field counts working days
            self._writer(Run(timezone.localdate(), calendar=work_calendar()), calendar=True)
        kind = "VIEW" if "read_parquet" in sql else "TABLE"
        self.query(f"CREATE {kind} {view} AS SELECT * FROM ({sql}) AS watch_rows WHERE {where}")
        self._relations[ledger.ledger] = view
        return view
