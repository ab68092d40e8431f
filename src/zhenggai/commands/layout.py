"""``zhenggai layout``: a Word file in, what departs from GB/T 9704 out, as lines or as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from zhenggai.docparse.errors import NoSuchFile, NotAFile
from zhenggai.gongwen import LayoutIssue, check_layout


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``zhenggai layout``."""
    parser.add_argument("path", metavar="文件", help="Word文件（.docx）")
    parser.add_argument("--json", action="store_true", help='打印 JSON：{"issues": […]}')


def run(arguments: argparse.Namespace) -> int:
    """Check the file; return 0 whatever is found, since a fault of layout is an answer and no failure."""
    issues = check_layout(_read(Path(arguments.path)), Path(arguments.path).name)
    if arguments.json:
        print(json.dumps({"issues": [issue.as_dict() for issue in issues]}, ensure_ascii=False, indent=2))
        return 0
    for issue in issues:
        print(_line(issue))
    print(f"共 {len(issues)} 项。" if issues else "没有发现格式问题。")
    return 0


def _line(issue: LayoutIssue) -> str:
    told = issue.describe()
    return f"{told.place}：{told.found}；应为{told.expected}。{told.hint}［{told.code}］"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise NotAFile(name=path.name) from error
    except OSError as error:
        raise NoSuchFile(name=path.name) from error
