"""``zhenggai search rebuild``: build the search indexes of the findings and of what was published anew."""

from __future__ import annotations

import argparse
import time

from zhenggai.findings.search import rebuild_search
from zhenggai.portal.search import rebuild


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="rebuild")
    acts.add_parser("rebuild", help="重建问题台账和公开通报的检索索引（单位或人员改名之后、升级之后）")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the index; searching goes on with the old one until it is done."""
    began = time.monotonic()
    count, public = rebuild_search(), rebuild()
    print(f"已重建 {count} 个问题、{public} 份公开通报的检索索引，用时 {time.monotonic() - began:.1f} 秒。")
    return 0
