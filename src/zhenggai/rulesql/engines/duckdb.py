"""The engine that is always there: DuckDB in this process, locked down and bounded.

It works in a folder of its own and can open no other file: ledgers are linked into that folder.  Its configuration is
locked before the first query, nothing is loaded from anywhere, and each query is interrupted at the time limit.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.dialects import DUCKDB
from zhenggai.rulesql.engines.base import Engine as BaseEngine
from zhenggai.rulesql.engines.sources import write_rows
from zhenggai.rulesql.errors import BadSource, EngineFailed, TooLarge, TooSlow
from zhenggai.rulesql.functions.dates import FIRST_DAY, LAST_DAY, LIST_NUMBERED, LIST_ORDINALS, NUMBERED, WORKDAYS
from zhenggai.rulesql.types import Table, Type

_LONGEST_ROW = 64 * 1024 * 1024


class Engine(BaseEngine):
    """DuckDB, for ledgers on this machine."""

    dialect = DUCKDB

    def __init__(
        self,
        *,
        folder: Path | str | None = None,
        memory: str = "1GB",
        disk: str = "4GB",
        threads: int = 2,
        seconds: float = 120,
        readable: Sequence[Path | str] = (),
    ) -> None:
        """Start with nothing registered.

        Args:
            folder: Where to make its own folder; the system's place for such things without it.
            memory: The most memory it may take.
            disk: The most room it may take in its folder for what does not fit into memory.
            threads: How many cores it may use.
            seconds: The longest that one query may take.
            readable: Folders besides its own that queries of the caller's making may read.
        """
        super().__init__()
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="rulesql-", dir=folder, ignore_cleanup_errors=True)
        open_to = ", ".join(DUCKDB.text(str(each)) for each in (self._folder.name, *readable))
        self._connection = duckdb.connect(":memory:", config={"threads": threads})
        for setting in (
            f"allowed_directories = [{open_to}]",
            f"temp_directory = {DUCKDB.text(str(Path(self._folder.name) / 'spill'))}",
            f"memory_limit = {DUCKDB.text(memory)}",
            f"max_temp_directory_size = {DUCKDB.text(disk)}",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "python_enable_replacements = false",
            "preserve_insertion_order = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def close(self) -> None:
        """Close the connection and remove the folder."""
        self._connection.close()
        self._folder.cleanup()

    # -- queries

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows that *sql* selects, or say which limit was reached."""
        with self._lock:
            interrupted, done, guard = threading.Event(), threading.Event(), threading.Lock()

            def stop() -> None:
                # A timer that fires as the query ends must not stop the next one.
                with guard:
                    if not done.is_set():
                        interrupted.set()
                        self._connection.interrupt()

            timer = threading.Timer(self._seconds, stop)
            timer.daemon = True
            timer.start()
            try:
                return self._connection.execute(sql).fetchall()
            except duckdb.InterruptException as error:
                if interrupted.is_set():
                    raise TooSlow(seconds=_plain(self._seconds)) from error
                raise EngineFailed(engine="DuckDB", reason="查询被中断") from error
            except (duckdb.OutOfMemoryException, MemoryError) as error:
                raise TooLarge(limit=self._memory) from error
            except duckdb.Error as error:
                raise EngineFailed(engine="DuckDB", reason=_first_line(error)) from error
            finally:
                with guard:
                    done.set()
                timer.cancel()

    # -- ledgers

    def _make_view(self, relation: str, sql: str) -> None:
        self.query(f"CREATE VIEW {relation} AS {sql}")

    def _drop(self, relation: str) -> None:
        self.query(f"DROP VIEW IF EXISTS {relation}")
        for leftover in (f"{relation}_rows_raw", f"{relation}_rows", f"{relation}_without"):
            self.query(f"DROP TABLE IF EXISTS {leftover}")
        for path in Path(self._folder.name).glob(f"{relation}_*.parquet"):
            path.unlink()

    def _take_rows(
        self, table: Table, relation: str, rows: Iterable[Mapping[str, object]], misfits: dict[str, int]
    ) -> None:
        path = Path(self._folder.name) / f"{relation}.json"
        try:
            write_rows(path, table, rows)
            read = {"row_id": "VARCHAR"}
            read |= {
                f"c{at}": "VARCHAR[]" if each.type is Type.TEXTS else "VARCHAR" for at, each in enumerate(table.columns)
            }
            columns = ", ".join(f"{key}: '{kind}'" for key, kind in read.items())
            source = (
                f"read_json({DUCKDB.text(str(path))}, format = 'newline_delimited', columns = {{{columns}}}, "
                f"maximum_object_size = {_LONGEST_ROW})"
            )
            raw = f"{relation}_raw"
            self.query(f"CREATE TABLE {raw} AS SELECT * FROM {source}")
            self.query(f"CREATE TABLE {relation} AS {self._typed_from_text(table, raw, misfits)}")
            self.query(f"DROP TABLE {raw}")
        finally:
            path.unlink(missing_ok=True)

    def _files_part(self, table: Table, relation: str, files: Sequence[Path | str], misfits: dict[str, int]) -> str:
        listed = ", ".join(DUCKDB.text(self._link(table, relation, at, Path(each))) for at, each in enumerate(files))
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        kinds = {str(row[0]): str(row[1]) for row in self.query(f"DESCRIBE SELECT * FROM {source}")}
        return self._typed_from_files(table, source, kinds, misfits)

    def _overlaid(self, part: str, relation: str, rows: bool, without: Iterable[str]) -> str:
        gone = sorted(set(without))
        conditions = []
        if rows:
            conditions.append(f"NOT EXISTS (SELECT 1 FROM {relation}_rows AS r WHERE r.row_id = f.row_id)")
        if gone:
            self.query(f"CREATE TABLE {relation}_without (row_id VARCHAR)")
            for at in range(0, len(gone), 5000):
                values = ", ".join(f"({DUCKDB.text(each)})" for each in gone[at : at + 5000])
                self.query(f"INSERT INTO {relation}_without VALUES {values}")
            conditions.append(f"NOT EXISTS (SELECT 1 FROM {relation}_without AS w WHERE w.row_id = f.row_id)")
        if not conditions:
            return part
        return f"SELECT * FROM ({part}) AS f WHERE {' AND '.join(conditions)}"

    def _link(self, table: Table, relation: str, at: int, path: Path) -> str:
        """Make a file visible in the engine's own folder, without copying it where that can be."""
        inside = Path(self._folder.name) / f"{relation}_{at}.parquet"
        unreadable = BadSource(table=table.label or table.name, reason=f"数据文件 {path.name} 打不开")
        try:
            real = path.resolve(strict=True)
            if not real.is_file():
                raise unreadable
            try:
                os.link(real, inside)
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
                    raise
                shutil.copyfile(real, inside)
        except OSError as error:
            raise unreadable from error
        return str(inside)

    # -- working days

    def _take_calendar(self, calendar: WorkCalendar) -> None:
        for statements in calendar_statements(calendar):
            for statement in statements:
                self.query(statement)


def calendar_statements(calendar: WorkCalendar) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what makes the tables of working days, and what then makes the variables of a connection that look days up in them."""
    days = (LAST_DAY - FIRST_DAY).days + 1
    different = [
        f"(DATE '{day.isoformat()}', {'TRUE' if worked else 'FALSE'})"
        for day, worked in sorted(calendar.different.items())
        if FIRST_DAY <= day <= LAST_DAY
    ]
    told = f"VALUES {', '.join(different)}" if different else "SELECT NULL::DATE, NULL::BOOLEAN WHERE FALSE"
    counted = "CAST(sum(worked) OVER (ORDER BY day) AS BIGINT)"
    days_made = (
        f"CREATE OR REPLACE TABLE {WORKDAYS} AS SELECT day AS rulesql_day, worked AS rulesql_worked, "
        f"{counted} AS rulesql_ordinal, {counted} - worked AS rulesql_before, "
        "min(CASE WHEN worked = 1 THEN day END) OVER (ORDER BY day ROWS BETWEEN CURRENT ROW AND 400 FOLLOWING) AS rulesql_next, "
        "max(CASE WHEN worked = 1 THEN day END) OVER (ORDER BY day ROWS BETWEEN 400 PRECEDING AND CURRENT ROW) AS rulesql_previous "
        "FROM (SELECT d.day, CAST(coalesce(t.worked, isodow(d.day) < 6) AS INTEGER) AS worked FROM "
        f"(SELECT DATE '{FIRST_DAY.isoformat()}' + CAST(i AS INTEGER) AS day FROM range({days}) AS r(i)) AS d "
        f"LEFT JOIN ({told}) AS t(day, worked) ON t.day = d.day)"
    )
    numbered_made = (
        f"CREATE OR REPLACE TABLE {NUMBERED} AS SELECT rulesql_ordinal AS rulesql_number, rulesql_day "
        f"FROM {WORKDAYS} WHERE rulesql_worked = 1"
    )
    ordinals = f"SET VARIABLE {LIST_ORDINALS} = (SELECT list(CAST(rulesql_ordinal AS INTEGER) ORDER BY rulesql_day) FROM {WORKDAYS})"
    numbers = (
        f"SET VARIABLE {LIST_NUMBERED} = (SELECT list(CAST(rulesql_day - DATE '{FIRST_DAY.isoformat()}' AS INTEGER) "
        f"ORDER BY rulesql_day) FROM {NUMBERED})"
    )
    return (days_made, numbered_made), (ordinals, numbers)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300]


def _plain(seconds: float) -> str:
    return f"{seconds:g}"
