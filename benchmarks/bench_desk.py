"""How long the workbench, the round overview and the pictures take at 10,000 findings and 200 people, on both databases.

    python -m benchmarks.bench_desk [--findings 10000] [--people 200] [--requests 60] [--database sqlite|postgresql|both] [--strict]

Works as :mod:`benchmarks.bench_pages` does, with findings at all stages of the loop.  The goal is a p95 below 80 ms at one
request at a time for the workbench and the overview of a round, whoever asks; the others are measured beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench_pages import (
    Measured,
    _count_queries,
    _open_session,
    _settle_statistics,
    database_url,
    measure,
    server,
)

GOAL_MS = 80.0
GOALS = ("workbench", "overview of a round")
PEOPLE = {"owner": 60, "head": 2, "leader": 23, "office": 1}
"""What people are called here → number of the account."""


def main() -> int:
    """Measure and print; return 1 when ``--strict`` and a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--requests", type=int, default=60, help="answers per page and person")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--goals", action="store_true", help="only the pages that have a goal")
    parser.add_argument("--strict", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        print(json.dumps(prepare(given.findings, given.people)))
        return 0
    missed = 0
    for database in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        missed += bench(database, given.findings, given.people, given.requests, only_goals=given.goals)
    return 1 if given.strict and missed else 0


def bench(database: str, findings: int, people: int, requests: int, *, only_goals: bool) -> int:
    """Measure all pages on one database; return how many goals were missed."""
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder, database_url(database, Path(folder)) as url:
        environment = {
            **os.environ,
            "ZHENGGAI_HOME": str(Path(folder) / "home"),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "zhenggai.project.settings",
        }
        command = [sys.executable, "-m", "benchmarks.bench_desk", "--prepare", "--findings", str(findings)]
        command += ["--people", str(people)]
        began = time.perf_counter()
        prepared = json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        print(f"\n{database}: {findings} findings, {people} people, ready in {time.perf_counter() - began:.0f} s")
        with server(environment) as port:
            measured = [
                measure(port, person, page, address, prepared, requests)
                for person in prepared["sessions"]
                for page, address in prepared["pages"][person].items()
                if page in GOALS or not only_goals
            ]
    return report(measured)


def prepare(findings: int, people: int) -> dict[str, object]:
    """Fill the database, open sessions and count queries; runs in a process of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.populate import populate
    from zhenggai.findings.models import InspectionRound
    from zhenggai.people.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    populate(findings=findings, measures=2 * findings, people=people, loop=True)
    _settle_statistics()
    newest = InspectionRound.objects.order_by("-pk")[0].pk
    sessions = {name: _open_session(User.objects.get(username=f"bench{n:02d}")) for name, n in PEOPLE.items()}
    pages = {
        "workbench": "/",
        "overview of a round": f"/overview/?round={newest}",
        "beside the work": "/desk/beside/",
        "handed in": "/desk/waiting/",
        "one page": f"/overview/one-page/?round={newest}",
        "board": "/findings/board/?round=",
        "timeline": "/findings/timeline/?round=",
        "calendar": "/findings/month/?round=",
        "matrix": "/overview/matrix/?round=",
        "burn-down": f"/overview/burn-down/?round={newest}",
    }
    own = {name: dict(pages) for name in PEOPLE}
    for name in ("leader", "office"):
        own[name] |= {"quality": "/quality/", "alerts": "/desk/alerts/"}
    queries = {
        name: {page: _count_queries(address, sessions[name]) for page, address in own[name].items()} for name in PEOPLE
    }
    return {"cookie": settings.SESSION_COOKIE_NAME, "sessions": sessions, "pages": own, "queries": queries}


def report(measured: list[Measured]) -> int:
    """Print the table; return how many goals were missed."""
    print(f"{'person':8} {'page':22} {'queries':>7} {'KB':>6} | {'p50':>6} {'p95':>6} p95/p50 | against the office")
    office = {each.page: each for each in measured if each.person == "office"}
    missed = 0
    for each in measured:
        late = each.page in GOALS and each.at(1, 0.95) >= GOAL_MS
        missed += late
        middle, high = each.at(1, 0.5), each.at(1, 0.95)
        beside = middle / office[each.page].at(1, 0.5)
        remark = " above 80 ms" if late else ""
        print(
            f"{each.person:8} {each.page:22} {each.queries:7} {each.kilobytes:6.0f} | {middle:6.1f} {high:6.1f} "
            f"{high / middle:7.2f} | {beside:5.2f}{remark}"
        )
    print(f"goals missed: {missed}")
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
