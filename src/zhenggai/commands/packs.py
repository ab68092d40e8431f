"""``zhenggai packs check|list``: whether the packs are sound, each mistake with file, line and what to write; what they declare."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from django.conf import settings

from zhenggai.packs import deadlines
from zhenggai.packs.checking import check, remarks
from zhenggai.packs.loading import Declared, Folder, installed_folders, load, office_folders, shipped_folders


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="check|list")
    checking = acts.add_parser("check", help="检查自带的、安装的和本单位的包")
    checking.add_argument(
        "folder", nargs="*", type=Path, metavar="文件夹", help="另外检查这些包（还没有放进数据目录的）"
    )
    checking.add_argument("--json", action="store_true", help="以 JSON 输出")
    acts.add_parser("list", help="列出各包的台账、规则、指标和文书")


def run(arguments: argparse.Namespace) -> int:
    """Print the mistakes, or what is declared; 1 when there are mistakes."""
    more = [Folder(each, each.name, "office") for each in getattr(arguments, "folder", [])]
    home = Path(settings.ZHENGGAI_HOME)
    folders = [*shipped_folders(), *installed_folders(), *office_folders(home), *more]
    declared = load(folders)
    dated = deadlines.load(folders)
    limits = dated.limits
    if arguments.act == "list":
        print(listing(declared))
        return 0
    problems = [*declared.problems, *dated.problems, *check(declared, limits)]
    if arguments.json:
        print(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))
        return 1 if problems else 0
    for problem in problems:
        print(problem, file=sys.stderr)
    for remark in remarks(declared, limits):
        print(f"提示：{remark}")
    rules = sum(len(ledger.rules) for ledger in declared.ledgers.values())
    indicators = sum(len(ledger.indicators) for ledger in declared.ledgers.values())
    told = f"有{len(problems)}处错误。" if problems else "没有错误。"
    print(f"{len(declared.packs)}个包，{len(declared.ledgers)}本台账，{rules}条规则，{indicators}个指标：{told}")
    return 1 if problems else 0


def listing(declared: Declared) -> str:
    """Return what the packs declare, ledger by ledger."""
    lines = []
    for code, ledger in declared.ledgers.items():
        lines.append(f"{code}　{ledger.label}（{ledger.group}，{declared.owners[code]}）")
        for word, parts in (
            ("规则", [each.label for each in ledger.rules]),
            ("指标", [each.label for each in ledger.indicators]),
            ("文书", [each.label for each in ledger.letters]),
        ):
            if parts:
                lines.append(f"    {word}：{'、'.join(parts)}")
    return "\n".join(lines)
