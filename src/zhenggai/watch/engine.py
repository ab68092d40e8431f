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

from zhenggai.ledgers.readers.relation import relation_of, relation_of_rows
from zhenggai.ledgers.readers.shapes import Relation
from zhenggai.packs.declarations import FieldType, Ledger
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
        return self._stand(ledger.ledger, relation_of(ledger, self.as_of, from_files=True))

    def take_rows(self, ledger: Ledger, rows: Sequence[int], version: int, called: str) -> str:
        """Make some rows of a ledger, as they were after a version, known under a name; return that of the relation.

        Under the name of the ledger they stand for all of it.
        """
        return self._stand(called, relation_of_rows(ledger, rows, version, self.as_of))

    def take_alike(self, ledger: Ledger, codes: Sequence[str], names: Sequence[str], called: str) -> str:
        """Make the rows of a ledger known under a name that share a value of each field with rows known under others.

        Args:
            ledger: the ledger.
            codes: the fields; of one with several texts, one that is shared is enough.
            names: what the other rows are called.
            called: the name.
        """
        lists = {each.code for each in ledger.fields if each.type == FieldType.CHOICES}
        conditions = []
        for code in codes:
            column = DUCKDB.identifier(code)
            value = f"unnest({column})" if code in lists else column
            told = " UNION ALL ".join(f"SELECT {value} AS told FROM {self._relations[name]}" for name in names)
            conditions.append(
                f"list_has_any({column}, (SELECT coalesce(list(told), []) FROM ({told})))"
                if code in lists
                else f"{column} IN (SELECT told FROM ({told}))"
            )
        table = DUCKDB.identifier(f"watch_{called}")
        where = " AND ".join(conditions)
        self.query(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM {self.take(ledger)} WHERE {where}")
        self._relations[called] = table
        return table

    def knows(self, called: str) -> bool:
        """Tell whether rows are known under a name."""
        return called in self._relations

    def relation(self, called: str) -> str:
        """Return the relation of rows that are known under a name."""
        return self._relations[called]

    def _stand(self, called: str, relation: Relation) -> str:
        view = DUCKDB.identifier(f"watch_{called}")
        sql = relation.sql
        for number, (name, value) in enumerate(sorted(relation.parameters.items())):
            told = DUCKDB.identifier(f"watch_{called}_{number}")
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
        self._relations[called] = view
        return view
