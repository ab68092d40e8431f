"""``zhenggai read``: files in, drafts out, as JSON or as an outline; one bad file never stops the rest."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Draft, draft_to_json, notes_to_json
from zhenggai.docparse.errors import ReaderFailed
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand
from zhenggai.kit.errors import Explanation, ZhenggaiError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a draft with its document, or an error in words."""

    path: Path
    """The file."""
    document: Document | None = None
    """What it says."""
    draft: Draft | None = None
    """What it means."""
    error: Explanation | None = None
    """Why it could not be read."""

    def as_json(self, explain: bool) -> dict[str, Any]:
        """Return the published JSON form, or ``{"error": …}``."""
        if self.draft is None:
            return {"error": self.error.as_dict() if self.error else {}}
        answer = draft_to_json(self.draft)
        if self.document is not None and self.document.notes:
            answer["notes"] = notes_to_json(self.document.notes)
        if explain:
            answer["decisions"] = [
                {"span": list(item.span), "role": item.role, "reasons": list(item.reasons)}
                for item in self.draft.decisions
            ]
        return answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``zhenggai read``."""
    parser.add_argument("paths", nargs="+", metavar="路径", help="文件或文件夹")
    parser.add_argument("--json", action="store_true", help="打印 JSON：一个文件一个对象，多个文件每行一个")
    parser.add_argument("--explain", action="store_true", help="附上每项判断的理由")
    parser.add_argument("--out", metavar="文件夹", help="把每个文件的结果各存成一个文件")
    parser.add_argument("-r", "--recursive", action="store_true", help="连同子文件夹")
    parser.add_argument("--isolated", action="store_true", help="每个文件在单独的受限进程里读取（用于来历不明的文件）")


def run(arguments: argparse.Namespace) -> int:
    """Read the files that *arguments* name; return 0, or 1 when any failed."""
    single = len(arguments.paths) == 1 and not os.path.isdir(arguments.paths[0])
    if single and not arguments.out:
        return _run_one(Path(arguments.paths[0]), arguments)
    return _run_many(arguments)


def read_one(path: Path, *, explain: bool = False, isolated: bool = False) -> Outcome:
    """Return the outcome for the file at *path*; nothing is raised for a file that cannot be read."""
    try:
        if isolated:
            from zhenggai.docparse.isolated import read_draft_isolated  # only when asked: it starts processes

            document, draft = read_draft_isolated(path, explain=explain)
        else:
            document = read_document(path)
            draft = understand(document, explain=explain)
    except ZhenggaiError as error:
        return Outcome(path, error=error.describe())
    except Exception as error:  # noqa: BLE001 - a defect met in one file of many must not lose the results of the others
        return Outcome(path, error=ReaderFailed(name=path.name, reason=f"{type(error).__name__}: {error}").describe())
    return Outcome(path, document, draft)


def _run_one(path: Path, arguments: argparse.Namespace) -> int:
    outcome = read_one(path, explain=arguments.explain, isolated=arguments.isolated)
    if arguments.json:
        print(json.dumps(outcome.as_json(arguments.explain), ensure_ascii=False, indent=2))
    elif outcome.error:
        _complain(outcome.error)
    else:
        print(_outline(outcome, arguments.explain))
    return 1 if outcome.error else 0


def _complain(error: Explanation) -> None:
    print(f"错误 [{error.code}]：{error.what}", file=sys.stderr)
    for words in (error.where, error.todo):
        if words:
            print(f"  {words}", file=sys.stderr)


def _outline(outcome: Outcome, explain: bool) -> str:
    from zhenggai.commands.outline import outline  # not needed for JSON, which should start fast

    if outcome.document is None or outcome.draft is None:
        return ""
    return outline(outcome.document, outcome.draft, explain=explain)


def _run_many(arguments: argparse.Namespace) -> int:
    files = list(_files([Path(path) for path in arguments.paths], arguments.recursive))
    folder = Path(arguments.out) if arguments.out else None
    used: set[Path] = set()
    failed: list[Outcome] = []
    findings = 0
    for base, path in _with_progress(files):
        outcome = read_one(path, explain=arguments.explain, isolated=arguments.isolated)
        if outcome.error:
            failed.append(outcome)
        elif outcome.draft is not None:
            findings += len(outcome.draft.findings)
        if folder is not None:
            _store(outcome, _target(folder, base, path, arguments.json, used), arguments)
        elif arguments.json:
            print(json.dumps({"file": str(path), **outcome.as_json(arguments.explain)}, ensure_ascii=False), flush=True)
        elif outcome.error is None:
            print(f"══ {path}\n{_outline(outcome, arguments.explain)}\n", flush=True)
    for outcome in failed:
        if outcome.error:
            print(f"读取失败 {outcome.path}：[{outcome.error.code}] {outcome.error.what}", file=sys.stderr)
    good = len(files) - len(failed)
    print(f"共 {len(files)} 个文件：成功 {good} 个，失败 {len(failed)} 个；读出问题 {findings} 个。", file=sys.stderr)
    return 1 if failed else 0


def _files(paths: list[Path], recursive: bool) -> Iterator[tuple[Path, Path]]:
    """Yield ``(folder, file)``: files as named, folders' files in order without hidden and lock files."""
    for path in paths:
        if not path.is_dir():
            yield path.parent, path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) if recursive else []
            for name in sorted(names):
                if not name.startswith((".", "~$")):
                    yield path, Path(folder) / name


def _with_progress(files: list[tuple[Path, Path]]) -> Iterator[tuple[Path, Path]]:
    """Yield *files* behind a progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console  # slow to load, needed only here
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=len(files))
        for base, path in files:
            progress.update(task, description=path.name[:40])
            yield base, path
            progress.advance(task)


def _target(folder: Path, base: Path, path: Path, as_json: bool, used: set[Path]) -> Path:
    """Return where the result of *path* goes: its place below *base*, kept apart from others of that name."""
    ending = ".json" if as_json else ".txt"
    relative = path.relative_to(base) if path.is_relative_to(base) else Path(path.name)
    target = folder / relative.parent / (relative.name + ending)
    count = 1
    while target in used:
        count += 1
        target = folder / relative.parent / f"{relative.name}-{count}{ending}"
    used.add(target)
    return target


def _store(outcome: Outcome, target: Path, arguments: argparse.Namespace) -> None:
    """Write one result; it appears whole or not at all."""
    if arguments.json:
        text = json.dumps(outcome.as_json(arguments.explain), ensure_ascii=False, indent=2)
    elif outcome.error:
        text = "\n".join([f"错误 [{outcome.error.code}]", outcome.error.what, outcome.error.where, outcome.error.todo])
    else:
        text = _outline(outcome, arguments.explain)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(target)
