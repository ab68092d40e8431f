"""Hold a Spark standalone cluster to the answers of DuckDB: a master and a worker of their own on loopback.

    python -m benchmarks.spark_cluster [--cores 2] [--memory 2g] [--port 7177]

Every expression of the shipped packs is evaluated on rows of every ledger, and the rules whose counts the demo's tests know are run, as
``make test`` does in local mode. What it printed last is kept in ``benchmarks/spark_cluster.txt``. Needs pyspark
(``make setup-spark``) and a Java.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def main() -> int:
    """Run everything; return 1 when an answer differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="2g")
    parser.add_argument("--port", type=int, default=7177)
    given = parser.parse_args()
    if not shutil.which("java"):
        print("no Java found", file=sys.stderr)
        return 2
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="zhenggai-spark-") as folder, cluster(given, Path(folder)) as master:
        print(
            f"{master} on {platform.platform()}, {given.cores} cores, {given.memory}; up after {time.perf_counter() - began:.0f} s"
        )
        return compare(master, Path(folder))


@contextmanager
def cluster(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Give the address of a cluster that lives as long as the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
        "SPARK_WORKER_DIR": str(folder / "work"), "SPARK_LOCAL_DIRS": str(folder / "local"),
    }  # fmt: skip
    os.environ |= {
        name: environment[name] for name in ("SPARK_HOME", "SPARK_LOCAL_IP", "PYSPARK_PYTHON", "SPARK_LOCAL_DIRS")
    }
    run, master = str(home / "bin" / "spark-class"), f"spark://127.0.0.1:{given.port}"
    commands = (
        [run, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(given.port), "--webui-port", "0"],
        [run, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0",
         "--cores", str(given.cores), "--memory", given.memory, master],
    )  # fmt: skip
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for name, command in zip(("master", "worker"), commands, strict=True):
            log = (folder / f"{name}.log").open("wb")
            processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True))
            _wait(given.port if name == "master" else 0, folder / f"{name}.log")
        yield master
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(30)


def _wait(port: int, log: Path) -> None:
    """Wait until a port answers or, without one, until the worker says that it was taken in."""
    for _ in range(600):
        time.sleep(0.1)
        if port:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        elif b"Successfully registered with master" in log.read_bytes():
            return
    raise SystemExit(f"Spark did not start; it said:\n{log.read_text(errors='replace')[-2000:]}")


def compare(master: str, folder: Path) -> int:
    """Compare the answers; return 1 when one differs."""
    from tests.demo.test_rules import FOUND, LEDGERS, TODAY, differences, judged
    from zhenggai.demo.ledgers.measuring import Rows
    from zhenggai.rulesql.engines import duckdb, spark

    config = {"spark.executor.memory": "1g", "spark.driver.memory": "1g", "spark.sql.shuffle.partitions": "2"}
    began = time.perf_counter()
    engine = spark.Engine(master=master, config=config, folder=folder)
    print(f"session after {time.perf_counter() - began:.0f} s")
    wrong = 0
    for name, made in (("DuckDB", duckdb.Engine()), ("Spark", engine)):
        with Rows(TODAY, engine=made) as taken:
            began = time.perf_counter()
            found = differences(taken.engine)
            expressions = time.perf_counter() - began
            began = time.perf_counter()
            counts = [
                len(judged(taken, ledger, next(each for each in LEDGERS[ledger].rules if each.rule == rule), as_of))
                for ledger, rule, as_of, _count in FOUND
            ]
            rules = time.perf_counter() - began
        off = [each[:2] for each, count in zip(FOUND, counts, strict=True) if count != each[3]]
        wrong += len(found) + len(off)
        print(
            f"{name:7} every expression of {len(LEDGERS)} ledgers: {len(found)} differences from Python, {expressions:.1f} s; "
            f"{len(FOUND)} rules: {len(off)} counts off, {rules:.1f} s"
        )
        for each in [*found[:20], *off[:20]]:
            print("   ", each)
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
