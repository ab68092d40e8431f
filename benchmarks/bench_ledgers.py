"""How long large imports, and the pages of a ledger of 100,000 rows, take.

    python -m benchmarks.bench_ledgers [--rows 100000] [--whole 1000000] [--sheet 200000] [--requests 40]
                                       [--database sqlite|postgresql|both] [--only imports|pages] [--strict]

Imports run beside the bare library in the same process run, and the ratio is told: a workbook beside calamine, delimited text and Parquet
beside DuckDB writing the same file untyped.  Goals: a workbook within 1.3 of the bare reader; a page of the ledger
below 80 ms (p95, one request at a time) for an ordinary member; a changed row below 300 ms until its rules have run again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from benchmarks.bench_pages import (
    _count_queries,
    _open_session,
    _settle_statistics,
    database_url,
    measure,
    server,
)

GOAL_MS, EDIT_GOAL_MS, SHEET_GOAL = 80.0, 300.0, 1.3
LEDGER = "fixed_assets"
WHOLE = """
ledger: bench_whole
label: 整批台账
store: snapshots
key: [no]
date: on_day
fields:
  - {code: no, label: 编号, type: text}
  - {code: name, label: 名称, type: text}
  - {code: kind, label: 类别, type: text}
  - {code: on_day, label: 日期, type: date}
  - {code: closed_on, label: 办结日期, type: date}
  - {code: people, label: 人数, type: integer}
  - {code: amount, label: 金额, type: money}
  - {code: done, label: 办结, type: boolean}
"""
SELECT = (
    "SELECT '示检' || range || '号' AS 编号, '事项' || (range % 5000) AS 名称, ['甲类', '乙类', '丙类'][range % 3 + 1] AS 类别, "
    "DATE '2020-01-01' + CAST(range % 2000 AS INT) AS 日期, CASE WHEN range % 4 > 0 THEN DATE '2021-01-01' + CAST(range % 2000 AS INT) END AS 办结日期, "
    "range % 9 AS 人数, CAST(range % 100000 AS DECIMAL(12,2)) AS 金额, CASE WHEN range % 4 > 0 THEN '是' ELSE '否' END AS 办结 FROM range({rows})"
)


def main() -> int:
    """Measure and print; return 1 when ``--strict`` and a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the ledger kept by hand")
    parser.add_argument("--whole", type=int, default=1_000_000, help="rows of the ledger imported whole")
    parser.add_argument("--sheet", type=int, default=200_000, help="rows of the workbook, of 20 columns")
    parser.add_argument("--requests", type=int, default=40, help="answers per page and person")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--only", choices=("imports", "pages"))
    parser.add_argument("--strict", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        print(json.dumps(prepare(given.rows)))
        return 0
    missed = 0
    if given.only != "pages":
        missed += imports(given.whole, given.sheet)
    if given.only != "imports":
        for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            missed += pages(database, given.rows, given.requests)
    return 1 if given.strict and missed else 0


def imports(whole: int, sheet: int) -> int:
    """Measure imports; return how many goals were missed."""
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as name:
        folder = Path(name)
        os.environ |= {"ZHENGGAI_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "zhenggai.project.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        pack = folder / "home" / "packs" / "bench"
        (pack / "ledgers").mkdir(parents=True)
        (pack / "pack.yaml").write_text("pack: bench\nlabel: 试算\n", encoding="utf-8")
        (pack / "ledgers" / "whole.yaml").write_text(WHOLE, encoding="utf-8")
        for kind in ("csv", "parquet"):
            _whole(folder, kind, whole)
        return _sheet(folder, sheet)


def _whole(folder: Path, kind: str, rows: int) -> None:
    import duckdb

    from zhenggai.docparse.staging import stage_tables
    from zhenggai.ledgers.declared import access_declared, look_again
    from zhenggai.ledgers.forms import Form
    from zhenggai.ledgers.importing.matching import match_columns
    from zhenggai.ledgers.importing.whole import WholeImport

    look_again()
    source = folder / f"whole.{kind}"
    duckdb.connect().execute(f"COPY ({SELECT.format(rows=rows)}) TO '{source}' (FORMAT {kind})")
    reader = f"read_{kind}('{source}')" if kind == "parquet" else f"read_csv('{source}', all_varchar = true)"
    began = time.perf_counter()
    duckdb.connect().execute(
        f"COPY (SELECT * FROM {reader}) TO '{folder / 'bare.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    bare = time.perf_counter() - began
    work = folder / f"work-{kind}"
    work.mkdir()
    began = time.perf_counter()
    (table,) = stage_tables(source, work)
    staged = time.perf_counter() - began
    ledger = access_declared("bench_whole")
    heads = list(table.heads) or [each.label for each in ledger.fields]
    problems: list[object] = []
    after = 0 if table.heads else 1
    mapping = match_columns(ledger, heads)
    with WholeImport(Form(ledger), Path(table.path), mapping, after, work, problems.append) as typing:
        tally = typing.type_rows()
        written = typing.write(work / "snapshot.parquet")
    whole = time.perf_counter() - began
    assert written == rows and not problems, (tally, problems[:3])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{kind:8} {rows:,} rows: staged {staged:.1f} s, typed and written {whole - staged:.1f} s, in all {whole:.1f} s; "
        f"DuckDB bare {bare:.1f} s; ratio {whole / bare:.1f}; peak of this process {peak:.0f} MB"
    )


def _sheet(folder: Path, rows: int) -> int:
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    from zhenggai.docparse.staging import stage_tables

    source, work = folder / "sheet.xlsx", folder / "work-sheet"
    work.mkdir()
    book = xlsxwriter.Workbook(source, {"constant_memory": True})
    paper = book.add_worksheet()
    for row in range(rows):
        paper.write_row(
            row,
            0,
            [
                f"示检{row}号" if column % 3 == 0 else row * column if column % 3 == 1 else f"事项{row % 900}"
                for column in range(20)
            ],
        )
    book.close()
    began = time.perf_counter()
    count = sum(1 for _ in CalamineWorkbook.from_path(str(source)).get_sheet_by_index(0).iter_rows())
    bare = time.perf_counter() - began
    began = time.perf_counter()
    (table,) = stage_tables(source, work)
    ours = time.perf_counter() - began
    assert table.rows == count == rows
    ratio = ours / bare
    print(
        f"xlsx     {rows:,} rows x 20: staged {ours:.1f} s; calamine bare {bare:.1f} s; ratio {ratio:.2f} (goal {SHEET_GOAL})"
    )
    return int(ratio > SHEET_GOAL)


def pages(database: str, rows: int, requests: int) -> int:
    """Measure the pages of a ledger on one database; return how many goals were missed."""
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder, database_url(database, Path(folder)) as url:
        environment = {
            **os.environ, "ZHENGGAI_HOME": str(Path(folder) / "home"), "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "zhenggai.project.settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.bench_ledgers", "--prepare", "--rows", str(rows)]
        began = time.perf_counter()
        prepared = json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        print(f"\n{database}: a ledger of {rows:,} rows, ready in {time.perf_counter() - began:.0f} s")
        missed = 0
        with server(environment) as port:
            for person in prepared["sessions"]:
                for page, address in prepared["pages"][person].items():
                    each = measure(port, person, page, address, prepared, requests)
                    late = each.at(1, 0.95) >= GOAL_MS
                    missed += late
                    print(
                        f"{person:8} {page:22} {each.queries:4} queries {each.kilobytes:5.0f} KB   p50 {each.at(1, 0.5):6.1f}  "
                        f"p95 {each.at(1, 0.95):6.1f} ms{'  above the goal' if late else ''}"
                    )
        print(
            "edit and rules: "
            + ", ".join(f"{took:.0f}" for took in prepared["edits"])
            + f" ms (goal {EDIT_GOAL_MS:.0f})"
        )
        return missed + (sorted(prepared["edits"])[len(prepared["edits"]) // 2] > EDIT_GOAL_MS)


def prepare(rows: int) -> dict[str, object]:
    """Fill the ledger, open sessions, count queries, and time edits; runs in a process of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from benchmarks.populate import populate
    from zhenggai.ledgers.declared import access_declared
    from zhenggai.ledgers.models import Origin, Row
    from zhenggai.ledgers.versions import begin
    from zhenggai.people.access import OPERATOR
    from zhenggai.people.models import Unit, User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    populate(findings=50, measures=100)
    body = Unit.objects.filter(kind=Unit.Kind.ORGANISATION).order_by("pk")[0]
    with transaction.atomic():
        writing = begin(access_declared(LEDGER), actor=OPERATOR, origin=Origin.SYSTEM)
        kinds = [each.code for each in writing.form.choices.values("asset_kind", writing.form.today)]
        for start in range(0, rows, 5000):
            writing.create(
                body, [_asset(number, str(body.pk), kinds) for number in range(start, min(start + 5000, rows))]
            )
    _settle_statistics()
    people = {
        name: User.objects.get(username=f"bench{n:02d}") for name, n in (("office", 1), ("head", 2), ("owner", 40))
    }
    sessions = {name: _open_session(user) for name, user in people.items()}
    middle = Row.objects.filter(ledger=LEDGER).order_by("pk")[rows // 2].pk
    address = f"/ledgers/{LEDGER}/"
    shown = {
        "list": address, "searched": f"{address}?text={quote('打印机77')}", "sorted": f"{address}?sort=-original_value",
        "row": f"{address}{middle}/",
    }  # fmt: skip
    pages_ = {name: dict(shown) for name in people}
    queries = {name: {page: _count_queries(at, sessions[name]) for page, at in pages_[name].items()} for name in people}
    return {
        "cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "pages": pages_, "queries": queries,
        "edits": _edits(body, middle),
    }  # fmt: skip


def _asset(number: int, unit: str, kinds: list[str]) -> dict[str, object]:
    day = f"20{10 + number % 15}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return {
        "asset_no": f"ZC{number:07d}", "unit": unit, "name": f"{('打印机', '计算机', '办公桌')[number % 3]}{number % 997}",
        "kind": kinds[number % len(kinds)], "original_value": f"{number % 90000}.50", "acquired_on": day,
        "booked_on": day, "cert_no": f"权{number}" if number % 50 else "", "location": f"{number % 20}层", "counted_on": "2026-10-10",
    }  # fmt: skip


def _edits(body: object, key: int) -> list[float]:
    """Change one row a few times and let the ledger's rules run after each as a worker does; return milliseconds of each round."""
    from zhenggai.ledgers import actions
    from zhenggai.ledgers.models import Row
    from zhenggai.people.access import OPERATOR
    from zhenggai.watch.models import RuleRun
    from zhenggai.watch.running import run_rules

    taken = []
    for number in range(6):
        row = Row.objects.get(pk=key)
        began = time.perf_counter()
        actions.change_row(row, {"location": f"{number}号库"}, actor=OPERATOR, revision=row.revision)
        run_rules(LEDGER, body=body, actor=OPERATOR, cause=RuleRun.Cause.CHANGE)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[1:]  # the first fills the caches, and its run looks at everything


if __name__ == "__main__":
    raise SystemExit(main())
