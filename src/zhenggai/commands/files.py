"""``zhenggai files check``: read every stored file again and compare it with its hash."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from zhenggai.audit.actions import record
from zhenggai.commands import migrate
from zhenggai.files import store
from zhenggai.files.queries import CONDITION_WORDS, Condition, check_files
from zhenggai.people.access import OPERATOR

# A younger file without a row may belong to an act that has not ended yet.
ORPHAN_AGE_SECONDS = 24 * 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check")
    check = acts.add_parser("check", help="逐个核对哈希值")
    check.add_argument("--remove-orphans", action="store_true", help="删除一天以前留下的无主文件")


def run(arguments: argparse.Namespace) -> int:
    """Check all files; missing or altered ones return 1."""
    migrate.require_current()
    counts: Counter[Condition] = Counter()
    removed: list[str] = []
    for checked in check_files():
        counts[checked.condition] += 1
        if checked.condition != Condition.SOUND:
            print(f"{CONDITION_WORDS[checked.condition]}  {checked.sha256}  {checked.name}")
        if arguments.remove_orphans and checked.condition == Condition.ORPHAN and _is_old(checked.sha256):
            store.path_of(checked.sha256).unlink()
            removed.append(checked.sha256)
    if removed:
        record(actor=OPERATOR, code="files.orphans_removed", data={"sha256": removed}, origin="zhenggai files check")
        print(f"已删除 {len(removed)} 个无主文件。")
    words = "，".join(f"{CONDITION_WORDS[condition]} {counts[condition]}" for condition in Condition)
    print(f"已核对 {sum(counts.values())} 个文件：{words}。")
    return 1 if counts[Condition.MISSING] or counts[Condition.ALTERED] else 0


def _is_old(sha256: str) -> bool:
    return time.time() - store.path_of(sha256).stat().st_mtime > ORPHAN_AGE_SECONDS
