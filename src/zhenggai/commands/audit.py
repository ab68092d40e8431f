"""``zhenggai audit verify|export``: check that the trail is whole; hand it out as JSON Lines."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from contextlib import nullcontext
from pathlib import Path

from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.audit.errors import BadAnchor
from zhenggai.audit.queries import export_lines, verify_chain
from zhenggai.commands import migrate
from zhenggai.commands.errors import WouldOverwrite
from zhenggai.people.access import OPERATOR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify|export")
    verify = acts.add_parser("verify", help="校验哈希链，指出断在何处")
    verify.add_argument("--from", dest="start", type=int, metavar="序号", help="从这一条起")
    verify.add_argument("--to", dest="end", type=int, metavar="序号", help="到这一条止")
    verify.add_argument("--anchor", metavar="序号:哈希值", help="上次校验时抄录的锚点")
    verify.add_argument("--json", action="store_true", help="打印 JSON")
    export = acts.add_parser("export", help="导出为 JSON Lines 和清单，可脱离本系统校验（见 docs/audit.md）")
    export.add_argument("file", nargs="?", metavar="文件", help="默认打印到标准输出")


def run(arguments: argparse.Namespace) -> int:
    """Verify or export; a broken chain returns 1."""
    migrate.require_current()
    return _export(arguments) if arguments.act == "export" else _verify(arguments)


def parse_anchor(text: str) -> tuple[int, str]:
    """Return sequence and hash of an anchor written ``sequence:hash``.

    Raises:
        BadAnchor: it is written otherwise.
    """
    number, _colon, digest = text.replace("：", ":").strip().partition(":")
    if not number.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise BadAnchor(value=text[:80])
    return int(number), digest


def _verify(arguments: argparse.Namespace) -> int:
    anchor = parse_anchor(arguments.anchor) if arguments.anchor else None
    report = verify_chain(arguments.start, arguments.end, anchor=anchor)
    if arguments.json:
        breaks = [{"kind": one.kind, "sequence": one.sequence, "words": one.in_words()} for one in report.breaks]
        answer = {
            "holds": report.holds,
            "checked": report.checked,
            "head": f"{report.head_sequence}:{report.head_hash}",
            "breaks": breaks,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return 0 if report.holds else 1
    if report.holds:
        print(f"操作日志完整：已校验 {report.checked} 条，未见改动。")
    else:
        print(f"操作日志有 {len(report.breaks)} 处断点（已校验 {report.checked} 条）：")
        for one in report.breaks:
            print(f"  {one.in_words()}")
    if report.head_hash:
        print(f"链头（请抄录保存，下次用 --anchor 核对）：\n{report.head_sequence}:{report.head_hash}")
    return 0 if report.holds else 1


def _export(arguments: argparse.Namespace) -> int:
    target = Path(arguments.file) if arguments.file else None
    manifest = target.with_name(target.name + ".manifest.json") if target else None
    for place in (target, manifest):
        if place is not None and place.exists():
            raise WouldOverwrite(place=str(place))
    # What is exported ends with the entry that says so: acts that come meanwhile are for the next export.
    last = record(actor=OPERATOR, code="audit.exported", origin="zhenggai audit export")
    digest, count = hashlib.sha256(), 0
    with target.open("xb") if target else nullcontext(sys.stdout.buffer) as stream:
        for line in export_lines(end=last.sequence):
            stream.write(line)
            digest.update(line)
            count += 1
        stream.flush()
    if target is None or manifest is None:
        return 0
    head = f"{last.sequence}:{last.hash}"
    told = {"file": target.name, "entries": count, "head": head, "sha256": digest.hexdigest()}
    told["exported_at"] = timezone.localtime().isoformat(timespec="seconds")
    manifest.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"已导出 {count} 条到 {target}，清单在 {manifest}。")
    print(f"链头（请另行抄录保存，供第三方核对）：\n{head}")
    return 0
