"""``zhenggai files check``: read every stored file again and compare it with its hash; name what nothing refers to."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.commands import migrate
from zhenggai.files import store
from zhenggai.files.actions import WAIT
from zhenggai.files.queries import CONDITION_WORDS, Condition, check_files, unreferenced_files
from zhenggai.people.access import OPERATOR

AGE = WAIT
ORIGIN = "zhenggai files check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check")
    check = acts.add_parser("check", help="逐个核对哈希值，列出没有业务引用的文件和残留的临时文件")
    check.add_argument("--remove-orphans", action="store_true", help="删除一天以前留下的无主文件")
    check.add_argument("--clean", action="store_true", help="删除进程被强行终止时留下、超过一天的临时文件")


def run(arguments: argparse.Namespace) -> int:
    """Check all files; missing or altered ones return 1."""
    migrate.require_current()
    counts = _check_stored(remove_orphans=arguments.remove_orphans)
    _name_unreferenced()
    _name_leftovers(clean=arguments.clean)
    words = "，".join(f"{CONDITION_WORDS[condition]} {counts[condition]}" for condition in Condition)
    print(f"已核对 {sum(counts.values())} 个文件：{words}。")
    return 1 if counts[Condition.MISSING] or counts[Condition.ALTERED] else 0


def _check_stored(*, remove_orphans: bool) -> Counter[Condition]:
    counts: Counter[Condition] = Counter()
    removed: list[str] = []
    for checked in check_files():
        counts[checked.condition] += 1
        if checked.condition != Condition.SOUND:
            print(f"{CONDITION_WORDS[checked.condition]}  {checked.sha256}  {checked.name}")
        if remove_orphans and checked.condition == Condition.ORPHAN and _is_old(checked.sha256):
            store.path_of(checked.sha256).unlink()
            removed.append(checked.sha256)
    if removed:
        record(actor=OPERATOR, code="files.orphans_removed", data={"sha256": removed}, origin=ORIGIN)
        print(f"已删除 {len(removed)} 个无主文件。")
    return counts


def _name_unreferenced() -> None:
    """Name the files that were stored a day ago or earlier and that no record refers to; the daily work removes them."""
    for stored in unreferenced_files().filter(stored_at__lt=timezone.now() - AGE).iterator(chunk_size=500):
        day = timezone.localtime(stored.stored_at).date()
        print(f"没有业务引用  {stored.sha256}  {stored.name}（{day}，{stored.size} 字节）")


def _name_leftovers(*, clean: bool) -> None:
    """Name what killed processes left of uploads, and remove it if asked; no record ever speaks of these."""
    found = list(store.leftovers(time.time() - AGE.total_seconds()))
    for path in found:
        print(f"残留的临时文件  {path}（{path.stat().st_size} 字节）")
        if clean:
            store.drop(path)
    if found and clean:
        names = [path.name for path in found]
        record(actor=OPERATOR, code="files.leftovers_removed", data={"names": names}, origin=ORIGIN)
        print(f"已删除 {len(found)} 个残留的临时文件。")


def _is_old(sha256: str) -> bool:
    return time.time() - store.path_of(sha256).stat().st_mtime > AGE.total_seconds()
