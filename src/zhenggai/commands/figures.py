"""``zhenggai figures``: a file in, the claims its figures make out, contradictions first."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from zhenggai.commands.places import Places
from zhenggai.docparse.reading import read_document
from zhenggai.figures import KINDS, Claim, Verdict, check

_WORDS = {
    Verdict.CONTRADICTORY: "矛盾",
    Verdict.TRUNCATED: "截断",
    Verdict.UNCHECKABLE: "无法核对",
    Verdict.CONSISTENT: "相符",
}
"""Verdicts in words, in the order in which they are listed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``zhenggai figures``."""
    parser.add_argument("path", metavar="文件", help="要核对数字的文件")
    parser.add_argument("--json", action="store_true", help="打印 JSON")


def run(arguments: argparse.Namespace) -> int:
    """Check the figures of the file that *arguments* name.

    Raises:
        UnreadableFile: the file cannot be read.
    """
    document = read_document(Path(arguments.path))
    report = check(document.text)
    if arguments.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        return 0
    places = Places(document)
    counted = "，".join(f"{words} {len(report.of(verdict))}" for verdict, words in _WORDS.items())
    print(f"读出数量 {len(report.quantities)} 个，核对 {len(report.claims)} 处：{counted}")
    for verdict, words in _WORDS.items():
        for claim in report.of(verdict):
            print(f"  {words}  {places.of(claim.span)}  {KINDS[claim.kind]}  {_passage(claim)}  {claim.reason}")
    return 0


def _passage(claim: Claim) -> str:
    words = " ".join(claim.text.split())
    return f"「{words if len(words) <= 48 else words[:47] + '…'}」"
