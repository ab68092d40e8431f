"""A process at work is killed at any moment: what it confirmed is there, and nothing is half written.

The suite kills a few times; ``ZHENGGAI_TEST_KILLS=100`` kills as often as asked (docs/workflow.md).
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.factories.workflow import Body
from tests.threads import database_on_disk
from tests.workflow.invariants import check_all
from zhenggai.audit.queries import verify_chain
from zhenggai.files import store
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import Condition, check_files
from zhenggai.findings.models import Finding
from zhenggai.findings.search import rebuild_search
from zhenggai.intake.models import Import
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar
from zhenggai.workflow.models import (
    CloseOut,
    Completion,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    Opinion,
    Submission,
)

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("ZHENGGAI_TEST_KILLS", "3"))
CONFIRMED: dict[str, Any] = {
    "evidence": Evidence,
    "import": Import,
    "submission": Submission,
    "completion": Completion,
    "opinion": Opinion,
    "revoked": CloseOut.objects.filter(revoked_at__isnull=False),
}

pytestmark = pytest.mark.django_db(transaction=True)


def run_until_killed(folder: Path, seed: int, acts: int, seconds: float) -> list[str]:
    """Let a process do so many acts and go on for some time, kill it, and return the lines it said."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ZHENGGAI_", "DJANGO_"))},
        "ZHENGGAI_HOME": str(folder),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    if connection.vendor == "postgresql":
        environment["ZHENGGAI_KILLED_DATABASE"] = str(connection.settings_dict["NAME"])
        environment["ZHENGGAI_KILLED_HOST"] = str(connection.settings_dict["HOST"])
    said, log = folder / "said", folder / "log"
    with said.open("wb") as output, log.open("ab") as errors:
        command = [sys.executable, "-m", "tests.workflow.killed", str(seed)]
        child = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, cwd=ROOT)
        deadline = time.monotonic() + 120
        while said.read_bytes().count(b"\n") <= acts and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(seconds)
        assert child.poll() is None, log.read_text(errors="replace")[-3000:]
        child.send_signal(signal.SIGKILL)
        child.wait(30)
    lines = said.read_text().split("\n")
    return lines[1:-1] if lines and lines[0].startswith("ready") else []  # the last one may be cut


def check_whole(confirmed: list[str]) -> None:
    """Hold that all that was confirmed is there, and nothing is half written."""
    for line in confirmed:
        code, _space, key = line.partition(" ")
        if code != "refused":
            rows = CONFIRMED[code]
            assert getattr(rows, "objects", rows).filter(pk=key).exists(), line
    assert verify_chain().holds
    check_all()
    assert not Evidence.objects.filter(versions=None).exists() and not Evidence.objects.filter(links=None).exists()
    kept = set(EvidenceVersion.objects.values_list("evidence", flat=True))
    assert set(EvidenceLink.objects.values_list("evidence", flat=True)) <= kept
    assert not Submission.objects.filter(state="passed", outcome="completed", close_out=None).exists()
    bad = [each for each in check_files() if each.condition in (Condition.MISSING, Condition.ALTERED)]
    assert not bad, bad


def check_temporary_files() -> int:
    """Hold that nothing lies about but what ``zhenggai files check --clean`` takes away; return how much that is."""
    left = {path for path in store.root().rglob("*") if path.is_file()}
    known = {store.path_of(sha256) for sha256 in StoredFile.objects.values_list("sha256", flat=True)}
    lasting = set(store.stored_paths())
    cleaned = set(store.leftovers(time.time() + 60))
    assert left <= lasting | cleaned, left - lasting - cleaned
    assert known <= lasting
    return len(cleaned) + len(lasting - known)


def test_a_process_that_is_killed_loses_nothing_it_confirmed(home: Path, tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    settings.ZHENGGAI_HOME = folder
    draw = random.Random(os.environ.get("ZHENGGAI_TEST_KILLS_SEED", "1"))
    place = folder / "zhenggai.sqlite3"
    with database_on_disk(folder, place.name):
        rebuild_search()  # other tests may have left entries, as in locking_database
        seed_calendar(actor=OPERATOR)
        body = Body("示例市人民检察院")
        round_ = body.round()
        for _number in range(3):
            body.finding(round_)
        body.approved(round_)
        connection.close()
        confirmed: list[str] = []
        for number in range(KILLS):
            confirmed += run_until_killed(folder, number, draw.randint(1, 4), draw.uniform(0, 0.4))
            if connection.vendor == "sqlite":
                with closing(sqlite3.connect(place)) as plain:
                    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
            check_whole(confirmed)
            connection.close()
        left = check_temporary_files()
        acts = [line for line in confirmed if not line.startswith("refused")]
        print(f"\n{KILLS} kills, {len(acts)} confirmed acts, {CloseOut.objects.count()} close-outs, {left} left over")
        assert acts and Finding.objects.count() == 3
