"""``zhenggai search rebuild``: build the search index of the findings anew."""

from __future__ import annotations

import argparse
import time

from zhenggai.findings.search import rebuild_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="rebuild")
    acts.add_parser("rebuild", help="重建问题台账的检索索引（单位或人员改名之后、升级之后）")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the index; searching goes on with the old one until it is done."""
    began = time.monotonic()
    count = rebuild_search()
    print(f"已重建 {count} 个问题的检索索引，用时 {time.monotonic() - began:.1f} 秒。")
    return 0
