"""The engine for those whose ledgers outgrow one machine: Spark, where it is installed.

It takes the same ledgers and the same plans and is held to the same answers.  ``pyspark`` and Java are not part of the
product; without them :class:`Engine` says so.
"""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.dialects import SPARK
from zhenggai.rulesql.engines.base import Engine as BaseEngine
from zhenggai.rulesql.engines.base import numbered_days
from zhenggai.rulesql.engines.sources import write_rows
from zhenggai.rulesql.errors import EngineFailed, EngineMissing, TooSlow
from zhenggai.rulesql.functions.dates import FIRST_DAY, LIST_NUMBERED, LIST_ORDINALS
from zhenggai.rulesql.types import Table, Type

JIT = "-XX:-DontCompileHugeMethods"
"""Lets Java compile the one method into which Spark writes forty rules; without it such a query takes five times as long."""
NEEDED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    # ${…} in a literal must stay what it is.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
"""Settings of a session without which answers would differ."""
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.extraJavaOptions": JIT,
    "spark.executor.extraJavaOptions": JIT,
    "spark.driver.memory": "1g",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
"""Settings of a session that this engine starts by itself."""


class Engine(BaseEngine):
    """Spark, in this process or on a cluster."""

    dialect = SPARK

    def __init__(
        self,
        *,
        session: Any = None,
        master: str = "local[*]",
        config: Mapping[str, str] | None = None,
        folder: Path | str | None = None,
        seconds: float = 3600,
    ) -> None:
        """Use *session*, or start one.

        Args:
            session: A ``SparkSession`` of the caller's, which is left running.
            master: Where to run otherwise.
            config: Settings over those of :data:`LOCAL`.
            folder: Where rows are written for Spark to read; on a cluster, a folder that all its machines see.
            seconds: The longest that one query may take.

        Raises:
            EngineMissing: ``pyspark`` or Java is not there.
        """
        super().__init__()
        try:
            # Here, because pyspark is an optional library.
            sql = import_module("pyspark.sql")
            self._failures: tuple[type[Exception], ...] = (import_module("pyspark.errors").PySparkException,)
        except ImportError as error:
            raise EngineMissing(engine="Spark", reason="没有安装 pyspark") from error
        # It would tell of every step of the wire, to the end of the process.
        logging.getLogger("py4j").setLevel(logging.WARNING)
        self._own = session is None
        self._session = session if session is not None else _started(sql, master, {**LOCAL, **(config or {})})
        for name, value in NEEDED.items():
            self._session.conf.set(name, value)
        self._seconds = seconds
        self._group = 0
        self._folder = tempfile.TemporaryDirectory(prefix="rulesql-", dir=folder, ignore_cleanup_errors=True)

    def close(self) -> None:
        """Stop the session, if it was started here, and remove the folder."""
        if self._own:
            self._session.stop()
        self._folder.cleanup()

    # -- queries

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows that *sql* selects."""
        context = self._session.sparkContext
        self._group += 1
        group = f"rulesql-{id(self)}-{self._group}"
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            context.cancelJobGroup(group)

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            context.setJobGroup(group, "rulesql", interruptOnCancel=True)
            return [tuple(row) for row in self._session.sql(sql).collect()]
        except Exception as error:
            if stopped.is_set():
                raise TooSlow(seconds=f"{self._seconds:g}") from error
            if isinstance(error, self._failures) or type(error).__module__.startswith("py4j"):
                raise EngineFailed(engine="Spark", reason=str(error).strip().split("\n", 1)[0][:300]) from error
            raise
        finally:
            timer.cancel()

    # -- ledgers

    def _make_view(self, relation: str, sql: str) -> None:
        with self._told():
            self._session.sql(sql).createOrReplaceTempView(relation)

    def _drop(self, relation: str) -> None:
        for leftover in ("", "_files", "_rows", "_rows_raw", "_without"):
            self._session.catalog.dropTempView(relation + leftover)
        for path in Path(self._folder.name).glob(f"{relation}_*.json"):
            path.unlink()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what Spark refuses meanwhile in our own words."""
        try:
            yield
        except self._failures as error:
            raise EngineFailed(engine="Spark", reason=str(error).strip().split("\n", 1)[0][:300]) from error

    def _take_rows(
        self, table: Table, relation: str, rows: Iterable[Mapping[str, object]], misfits: dict[str, int]
    ) -> None:
        path = Path(self._folder.name) / f"{relation}.json"
        write_rows(path, table, rows)
        kinds = [
            f"c{at} {'ARRAY<STRING>' if each.type is Type.TEXTS else 'STRING'}" for at, each in enumerate(table.columns)
        ]
        raw = f"{relation}_raw"
        with self._told():
            read = self._session.read.schema(", ".join(["row_id STRING", *kinds])).json(str(path))
            read.createOrReplaceTempView(raw)
        self._make_view(relation, self._typed_from_text(table, raw, misfits))

    def _files_part(self, table: Table, relation: str, files: Sequence[Path | str], misfits: dict[str, int]) -> str:
        source = f"{relation}_files"
        with self._told():
            frame = self._session.read.option("mergeSchema", "true").parquet(*(str(each) for each in files))
            frame.createOrReplaceTempView(source)
        return self._typed_from_files(table, source, dict(frame.dtypes), misfits)

    def _overlaid(self, part: str, relation: str, rows: bool, without: Iterable[str]) -> str:
        gone = sorted(set(without))
        if gone:
            path = Path(self._folder.name) / f"{relation}_without.json"
            path.write_text("\n".join(json.dumps({"row_id": each}) for each in gone), encoding="utf-8")
            frame = self._session.read.schema("row_id STRING").json(str(path))
            frame.createOrReplaceTempView(f"{relation}_without")
        for wanted, other in ((rows, f"{relation}_rows"), (bool(gone), f"{relation}_without")):
            if wanted:
                part = f"SELECT f.* FROM ({part}) AS f LEFT ANTI JOIN {other} AS o ON o.row_id = f.row_id"
        return part

    # -- working days

    def _take_calendar(self, calendar: WorkCalendar) -> None:
        days = list(numbered_days(calendar))
        ordinals = list(accumulate(int(worked) for _day, worked in days))
        numbered = [(day - FIRST_DAY).days for day, worked in days if worked]
        for name, values in ((LIST_ORDINALS, ordinals), (LIST_NUMBERED, numbered)):
            # Session variables: a query refers to them by name and Spark treats them as constants.
            text = json.dumps(values, separators=(",", ":"))
            self._session.sql(
                f"DECLARE OR REPLACE VARIABLE {name} ARRAY<INT> DEFAULT from_json('{text}', 'ARRAY<INT>')"
            )


def _started(sql: Any, master: str, config: Mapping[str, str]) -> Any:
    builder = sql.SparkSession.builder.master(master).appName("zhenggai")
    for name, value in config.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        if type(error).__module__.startswith(("pyspark", "py4j")) or isinstance(error, OSError | RuntimeError):
            raise EngineMissing(engine="Spark", reason="Java 没有安装或无法启动") from error
        raise
