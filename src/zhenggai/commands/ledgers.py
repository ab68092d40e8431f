"""``zhenggai ledgers migrate|reindex``: bring rows into the form of changed declarations; make their words anew."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from zhenggai.kit.errors import UserError
from zhenggai.ledgers.actions import conform_ledgers, reindex_ledgers
from zhenggai.ledgers.queries import Conformed
from zhenggai.people.access import OPERATOR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="migrate|reindex")
    migrating = acts.add_parser("migrate", help="按改动后的台账格式转换已有记录")
    migrating.add_argument("--dry-run", action="store_true", help="只说明将做什么，不写入")
    acts.add_parser("reindex", help="重建台账记录的标题和检索用词（单位、人员、选项改名之后）")


def run(arguments: argparse.Namespace) -> int:
    """Print what was done; 1 when values could not be converted."""
    if arguments.act == "reindex":
        print(f"已更新 {reindex_ledgers(actor=OPERATOR)} 条记录的检索用词。")
        return 0
    done = conform_ledgers(actor=OPERATOR, dry_run=arguments.dry_run)
    if not done:
        print("所有台账记录都符合现行格式。")
    tell(done, dry_run=arguments.dry_run)
    return 1 if any(each.misfits for each in done) else 0


def conform() -> None:
    """Bring rows into the form of what the packs declare now, at the start of the server; say what was done.

    What stands in the way is told and stops nothing: rows stay readable as they are.
    """
    try:
        tell(conform_ledgers(actor=OPERATOR))
    except UserError as error:
        print(f"台账记录暂未转换：{error}", flush=True)


def tell(done: Sequence[Conformed], *, dry_run: bool = False) -> None:
    """Print what was, or would be, done."""
    for each in done:
        steps = each.steps
        told = [f"{old} 改名为 {new}" for old, new in steps.renamed.items()]
        told += [f"{code} 改变类型" for code in steps.retyped]
        told += [f"新增 {code}" for code in steps.added]
        told += [f"不再填写 {code}（原有内容保留在历史中）" for code in steps.dropped]
        verb = "将转换" if dry_run else "已转换"
        print(f"{each.label}（{each.ledger}）：{'；'.join(told) or '格式无实质变化'}。{verb} {each.rows} 条记录。")
        for one in each.misfits:
            print(f"    第 {one.row} 号“{one.title}”的 {one.field}“{one.value}”无法转换：{one.reason}。")
