"""An import of a whole ledger from another system: the staged text becomes a typed snapshot without a row passing through here.

Values in their plainest form (``1204``, ``2026-03-01``) are cast in the database engine.  Of all others each different value is
read once by the very code that reads a form, and joined back, so that both ways in understand the same words.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _now

from zhenggai.ledgers.duck import MEMORY, THREADS, name, text
from zhenggai.ledgers.forms import KEY_JOINT, Form, plain_text
from zhenggai.ledgers.importing.shapes import MOST_KEPT, CellProblem, Tally
from zhenggai.ledgers.masks import STARS, refusal
from zhenggai.ledgers.readers.columns import type_of
from zhenggai.ledgers.values import LONGEST, CannotTake, parse_value
from zhenggai.packs.declarations import FieldType, LedgerField
from zhenggai.packs.heads import BLANKS, REMARKS, TOTALS

_PLAIN: dict[FieldType, str] = {
    FieldType.INTEGER: r"-?[0-9]{1,12}",
    FieldType.DECIMAL: r"-?[0-9]{1,12}(\.[0-9]{1,6})?",
    FieldType.PERCENT: r"-?[0-9]{1,12}(\.[0-9]{1,6})?",
    FieldType.MONEY: r"-?[0-9]{1,12}(\.[0-9]{1,2})?",
    FieldType.DATE: r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}",
}


@dataclass(slots=True)
class WholeImport:
    """One staged table on its way to a snapshot."""

    form: Form
    """The ledger's fields."""
    staged: Path
    """The staged table."""
    mapping: Mapping[int, str]
    """Column → field code."""
    after: int
    """Last row of the heads."""
    folder: Path
    """For files on the way."""
    problem: Callable[[CellProblem], None]
    """Where problems go."""
    _db: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self._db = duckdb.connect(":memory:")
        for option in (f"memory_limit = '{MEMORY}'", f"threads = {THREADS}", f"temp_directory = {text(str(self.folder))}",
                       "autoinstall_known_extensions = false", "autoload_known_extensions = false"):  # fmt: skip
            self._db.execute(f"SET {option}")

    def __enter__(self) -> WholeImport:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def type_rows(self) -> Tally:
        """Type every row; tell the problems; return what was found."""
        fields = {code: self.form.fields[code] for code in self.mapping.values()}
        totals, remarks, blanks = (
            text(TOTALS.pattern),
            text(f"(?s){REMARKS.pattern}"),
            ", ".join(map(text, sorted(BLANKS))),
        )
        longest = max(map(len, BLANKS))  # most cells say more, and are not held against each word for nothing
        columns = ", ".join(
            f"CASE WHEN length(trim(c{column})) > {longest} OR trim(c{column}) NOT IN ({blanks}) THEN trim(c{column}) END AS {name(code)}"
            for column, code in self.mapping.items()
        )
        some = " OR ".join(f"{name(code)} IS NOT NULL" for code in self.mapping.values())
        first = f"coalesce({', '.join(f'c{column}' for column in sorted(self.mapping))})"
        filled = " + ".join(f"({name(code)} IS NOT NULL)::INTEGER" for code in self.mapping.values())
        self._db.execute(
            f'CREATE OR REPLACE TABLE words AS SELECT n, {columns}, coalesce(regexp_matches({first}, {totals}), false) AS "#total", '
            f'coalesce(regexp_matches({first}, {remarks}), false) AS "#remark" FROM read_parquet({text(str(self.staged))}) '
            f"WHERE n > {int(self.after)}"
        )
        self._db.execute(f"DELETE FROM words WHERE NOT ({some})")
        no_data = f'"#total" OR ("#remark" AND {len(self.mapping)} > 2 AND ({filled}) * 3 <= {len(self.mapping)} + 2)'
        left_out = self._db.execute(f"SELECT n FROM words WHERE {no_data} ORDER BY n").fetchall()
        self._db.execute(f"DELETE FROM words WHERE {no_data}")
        learnt = {code for code, each in fields.items() if self._learn(code, each)}
        typed = ", ".join(f"{self._typed(code, each, code in learnt)} AS {name(code)}" for code, each in fields.items())
        joins = "".join(
            f" LEFT JOIN {_map(code)} ON {_map(code)}.raw = words.{name(code)}" for code in fields if code in learnt
        )
        wrong = [f"{_map(code)}.problem IS NOT NULL" for code in fields if code in learnt]
        missing = [f"words.{name(code)} IS NULL" for code in self._needed() if code in fields]
        bad = " OR ".join([*wrong, *missing]) or "false"
        self._db.execute(
            f"CREATE OR REPLACE TABLE typed AS SELECT words.n AS n, {self._row_id(fields, learnt)} AS row_id, {typed}, ({bad}) AS bad FROM words{joins}"
        )
        tally = self._tell(fields)
        for (n,) in left_out:
            tally.leave_out(int(n))
        return tally

    def write(self, target: Path) -> int:
        """Write the rows without problems to the Parquet file *target*; return how many."""
        columns = ", ".join(name(code) for code in self.mapping.values())
        self._db.execute(
            f"COPY (SELECT row_id, {columns} FROM typed WHERE NOT bad ORDER BY n) TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd)"
        )
        found = self._db.execute("SELECT count(*) FROM typed WHERE NOT bad").fetchone()
        return int(found[0]) if found else 0

    def _needed(self) -> list[str]:
        return [each.code for each in self.form.kept.values() if each.required or each.code in self.form.ledger.key]

    def _plain(self, code: str, field: LedgerField) -> str:
        """Return the condition under which a text is a value in its plainest form."""
        words = name(code)
        if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) and not field.format:
            whole = f" AND NOT contains({words}, {text(STARS)})" if field.personal else ""
            return f"length({words}) <= {LONGEST[field.type]} AND NOT regexp_matches({words}, '[\\x00-\\x1f\\x7f]|\\s\\s|[\\p{{Cf}}]'){whole}"
        pattern = _PLAIN.get(field.type)
        if pattern is None:
            return "false"
        plain = f"regexp_full_match({words}, {text(pattern)})"
        if field.type == FieldType.DATE:
            return f"{plain} AND TRY_CAST({words} AS DATE) IS NOT NULL"
        for bound, sign in ((field.minimum, ">="), (field.maximum, "<=")):
            if bound is not None:
                plain += f" AND TRY_CAST({words} AS DECIMAL(24,6)) {sign} {bound!r}"
        return plain

    def _learn(self, code: str, field: LedgerField) -> int:
        """Read every different value that is not plain, once, and keep what became of it; return how many."""
        count = 0
        raws = self._db.execute(
            f"SELECT DISTINCT {name(code)} FROM words WHERE {name(code)} IS NOT NULL AND NOT coalesce({self._plain(code, field)}, false)"
        )
        file = self.folder / f"map-{code}.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            out = csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n")
            while rows := raws.fetchmany(5000):
                count += len(rows)
                if field.type == FieldType.REFERENCE and field.ledger:
                    self.form.names.learn_rows(field.ledger, [row[0] for row in rows])
                out.writerows(self._read(field, str(row[0])) for row in rows)
        columns = "{'raw': 'VARCHAR', 'kept': 'VARCHAR', 'problem': 'VARCHAR'}"
        self._db.execute(
            f"CREATE OR REPLACE TABLE {_map(code)} AS SELECT raw, nullif(kept, '') AS kept, nullif(problem, '') AS problem "
            f"FROM read_csv({text(str(file))}, columns = {columns}, header = false, auto_detect = false, delim = ',', quote = '\"', "
            "escape = '\"', max_line_size = 8388608, parallel = false)"
        )
        file.unlink()
        return count

    def _read(self, field: LedgerField, raw: str) -> tuple[str, str, str]:
        if field.personal and STARS in raw:
            return raw, "", refusal()
        try:
            value = parse_value(field, raw, self.form.setting({}))
        except CannotTake as error:
            return raw, "", str(error)
        return raw, plain_text(value), ""

    def _typed(self, code: str, field: LedgerField, learnt: bool) -> str:
        kept = self._kept(code, learnt)
        if field.type == FieldType.CHOICES:
            return f"string_split({kept}, ',')"
        kind = type_of(field)
        return kept if kind == "VARCHAR" else f"TRY_CAST({kept} AS {kind})"

    def _kept(self, code: str, learnt: bool) -> str:
        words = f"words.{name(code)}"
        return f"CASE WHEN {_map(code)}.raw IS NOT NULL THEN {_map(code)}.kept ELSE {words} END" if learnt else words

    def _row_id(self, fields: Mapping[str, LedgerField], learnt: set[str]) -> str:
        keys = [self._kept(code, code in learnt) if code in fields else "NULL" for code in self.form.ledger.key]
        return f" || {text(KEY_JOINT)} || ".join(keys)

    def _tell(self, fields: Mapping[str, LedgerField]) -> Tally:
        tally = Tally()
        # Of rows that share a key the first is taken, as in an import row by row.
        self._db.execute(
            "CREATE OR REPLACE TABLE twice AS SELECT n, row_id, first_n FROM typed "
            "JOIN (SELECT row_id, min(n) AS first_n FROM typed WHERE row_id IS NOT NULL GROUP BY row_id HAVING count(*) > 1) USING (row_id) "
            "WHERE n > first_n"
        )
        if self._db.execute("SELECT 1 FROM twice LIMIT 1").fetchone():
            self._db.execute("UPDATE typed SET bad = true WHERE n IN (SELECT n FROM twice)")
        for code, each in fields.items():
            if not self._db.execute(f"SELECT 1 FROM {_map(code)} WHERE problem IS NOT NULL LIMIT 1").fetchone():
                continue
            wrong = f"FROM words JOIN {_map(code)} AS m ON m.raw = words.{name(code)} WHERE m.problem IS NOT NULL"
            sentence = _now("“%(label)s”不能填“%(value)s”：%(reason)s")
            for n, raw, problem in self._count(tally, code, f"words.n, m.raw, m.problem {wrong}"):
                message = sentence % {"label": each.label, "value": raw[:40], "reason": problem}
                self.problem(CellProblem(n, code, raw[:200], message))
        for code in self._needed():
            message = _now("“%(label)s”必须填写") % {"label": self.form.fields[code].label}
            if code in fields:
                for (n,) in self._count(tally, code, f"n FROM words WHERE {name(code)} IS NULL"):
                    self.problem(CellProblem(n, code, "", message))
            else:  # no column means it: told once, not for each row
                tally.problems += 1
                tally.fields[code] = 1
                self.problem(CellProblem(self.after or 1, code, "", message))
                self._db.execute("UPDATE typed SET bad = true")
        first_key = self.form.ledger.key[0]
        for n, row_id, first in self._count(tally, first_key, "n, row_id, first_n FROM twice"):
            self.problem(CellProblem(n, first_key, row_id, _now("与第 %(n)s 行的主键重复") % {"n": first}))
        found = self._db.execute("SELECT count(*), count(*) FILTER (bad) FROM typed").fetchone() or (0, 0)
        tally.rows, tally.bad = int(found[0]), int(found[1])
        tally.added = tally.rows - tally.bad
        return tally

    def _count(self, tally: Tally, code: str, what: str) -> list[tuple[Any, ...]]:
        """Count the problems that *what* selects and return the first of them, in the order of rows."""
        found = self._db.execute(f"SELECT count(*) FROM (SELECT {what})").fetchone()
        count = int(found[0]) if found else 0
        if not count:
            return []
        tally.problems += count
        tally.fields[code] = tally.fields.get(code, 0) + count
        return self._db.execute(f"SELECT {what} ORDER BY 1 LIMIT {MOST_KEPT}").fetchall()


def _map(code: str) -> str:
    return name(f"map_{code}")
