"""The engine for those whose ledgers outgrow one machine: Spark, where it is installed.

It takes the same ledgers and the same plans and is held to the same answers.  ``pyspark`` and Java are not part of the
product; without them :class:`Engine` says so.
"""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.rulesql.dialects import SPARK
from zhenggai.rulesql.engines.base import Engine as BaseEngine
from zhenggai.rulesql.engines.base import Registered, numbered_days, refuse_names
from zhenggai.rulesql.engines.sources import PATTERNS, write_rows
from zhenggai.rulesql.errors import BadSource, EngineFailed, EngineMissing, TooSlow
from zhenggai.rulesql.functions.dates import FIRST_DAY, LIST_NUMBERED, LIST_ORDINALS
from zhenggai.rulesql.types import Column, Table, Type

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
        self._made = 0
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

    def register(
        self,
        table: Table,
        *,
        files: Sequence[Path | str] = (),
        rows: Iterable[Mapping[str, object]] | None = None,
        without: Iterable[str] = (),
    ) -> Registered:
        """Take a ledger; see :meth:`zhenggai.rulesql.engines.base.Engine.register`."""
        refuse_names(table)
        self._made += 1
        relation = f"ledger_{self._made}"
        misfits: dict[str, int] = {}
        parts: list[str] = []
        try:
            if rows is not None or not files:
                self._take_rows(table, f"{relation}_rows", rows or (), misfits)
                parts.append(f"SELECT * FROM {relation}_rows")
            if files:
                part = self._files_part(table, relation, files, misfits)
                parts.append(self._overlaid(part, relation, rows is not None, without))
            self._session.sql(" UNION ALL ".join(parts)).createOrReplaceTempView(relation)
            count = int(str(self.query(f"SELECT count(*) FROM {relation}")[0][0]))
        except ZhenggaiError as error:
            raise BadSource(table=table.label or table.name, reason=str(error.slots.get("reason", error))) from error
        except self._failures as error:
            reason = str(error).strip().split("\n", 1)[0][:300]
            raise BadSource(table=table.label or table.name, reason=reason) from error
        self._relations[table.name] = relation
        return Registered(count, misfits)

    def _take_rows(
        self, table: Table, relation: str, rows: Iterable[Mapping[str, object]], misfits: dict[str, int]
    ) -> None:
        path = Path(self._folder.name) / f"{relation}.json"
        write_rows(path, table, rows)
        kinds = [
            f"c{at} {'ARRAY<STRING>' if each.type is Type.TEXTS else 'STRING'}" for at, each in enumerate(table.columns)
        ]
        raw = f"{relation}_raw"
        self._session.read.schema(", ".join(["row_id STRING", *kinds])).json(str(path)).createOrReplaceTempView(raw)
        typed = [f"{_from_text(f'c{at}', each.type)} AS {_name(each)}" for at, each in enumerate(table.columns)]
        lost = [
            f"c{at} IS NOT NULL AND {_from_text(f'c{at}', each.type)} IS NULL" for at, each in enumerate(table.columns)
        ]
        self._count_misfits(table.columns, lost, raw, misfits)
        self._session.sql(f"SELECT {', '.join(['row_id', *typed])} FROM {raw}").createOrReplaceTempView(relation)

    def _files_part(self, table: Table, relation: str, files: Sequence[Path | str], misfits: dict[str, int]) -> str:
        frame = self._session.read.option("mergeSchema", "true").parquet(*(str(each) for each in files))
        kinds = {name.casefold(): (name, kind.upper()) for name, kind in frame.dtypes}
        if "row_id" not in kinds:
            raise BadSource(table=table.label or table.name, reason="数据文件没有 row_id 列")
        source = f"{relation}_files"
        frame.createOrReplaceTempView(source)
        typed = ["CAST(row_id AS STRING) AS row_id"]
        recast: list[Column] = []
        for each in table.columns:
            goal = SPARK.types[each.type]
            kind = kinds.get(each.name.casefold())
            if kind is None:
                typed.append(f"CAST(NULL AS {goal}) AS {_name(each)}")
            elif kind[1] == goal:
                typed.append(_name(each))
            else:
                typed.append(f"TRY_CAST({_name(each)} AS {goal}) AS {_name(each)}")
                recast.append(each)
        lost = [
            f"{_name(each)} IS NOT NULL AND TRY_CAST({_name(each)} AS {SPARK.types[each.type]}) IS NULL"
            for each in recast
        ]
        self._count_misfits(recast, lost, source, misfits)
        return f"SELECT {', '.join(typed)} FROM {source}"

    def _count_misfits(
        self, columns: Sequence[Column], lost: Sequence[str], source: str, misfits: dict[str, int]
    ) -> None:
        if not lost:
            return
        counted = ", ".join(f"count(CASE WHEN {each} THEN 1 END)" for each in lost)
        for each, count in zip(columns, self.query(f"SELECT {counted} FROM {source}")[0], strict=True):
            if count:
                misfits[each.name] = misfits.get(each.name, 0) + int(str(count))

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


def _name(column: Column) -> str:
    return SPARK.identifier(column.name)


def _from_text(value: str, kind: Type) -> str:
    """Return the value of *kind* that a text means, NULL when it means none."""
    if kind in (Type.TEXT, Type.TEXTS):
        return value
    fits = f"{value} RLIKE '^({PATTERNS[kind]})$'"
    if kind is Type.INTEGER:
        return f"CASE WHEN {fits} THEN TRY_CAST(TRY_CAST({value} AS DECIMAL(38,0)) AS BIGINT) END"
    if kind in (Type.DATE, Type.DATETIME):
        fits += f" AND {value} >= '0001'"
    return f"CASE WHEN {fits} THEN TRY_CAST({value} AS {SPARK.types[kind]}) END"
