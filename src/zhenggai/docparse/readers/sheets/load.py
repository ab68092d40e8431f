"""calamine's answer as plain values: sheets with their rows in words, in this process or in one of its own.

calamine ends the whole process on some damaged binary files (it asks for petabytes, and Rust aborts), so those are
read in a child unless this process is already confined to one file.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from zhenggai.docparse.errors import Corrupt, Encrypted, ReadingTimedOut
from zhenggai.docparse.readers.confined import is_confined
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.sheets.values import words_of

_CHILD = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from zhenggai.docparse.readers.sheets.load import serve; serve(int(sys.argv[2]), int(sys.argv[3]))"
)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One worksheet as calamine gives it."""

    name: str
    """Name on its tab."""
    visible: bool
    """Shown to people."""
    top: int
    """Row of ``rows[0]``, from 0."""
    left: int
    """Column of ``rows[…][0]``, from 0."""
    rows: list[list[str]]
    """Words of every cell of the filled rectangle."""
    spans: list[tuple[int, int, int, int]]
    """Merged ranges: first row, first column, last row, last column, from 0."""


def load_sheets(data: bytes, kind: str, name: str, limits: Limits) -> list[RawSheet]:
    """Return the worksheets of the workbook *data*.

    Raises:
        Encrypted: a password guards it.
        Corrupt: calamine cannot make sense of it.
    """
    if kind in ("xls", "xlsb") and not is_confined():
        return _load_apart(data, name, limits)
    return _load_here(data, name)


def _load_here(data: bytes, name: str) -> list[RawSheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            _raw(workbook.get_sheet_by_name(meta.name), meta.visible == SheetVisibleEnum.Visible)
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError as error:
        raise Encrypted(name=name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Corrupt(name=name, reason="工作簿内部结构已损坏") from error
    except BaseException as error:
        # calamine's panics on damaged bytes are BaseExceptions of a class that it does not export
        if type(error).__name__ == "PanicException":
            raise Corrupt(name=name, reason="工作簿内部结构已损坏") from error
        raise


def _raw(sheet: CalamineSheet, visible: bool) -> RawSheet:
    start = sheet.start
    if start is None:
        return RawSheet(sheet.name, visible, 0, 0, [], [])
    rows = [[words_of(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    spans = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return RawSheet(sheet.name, visible, start[0], start[1], rows, spans)


def _load_apart(data: bytes, name: str, limits: Limits) -> list[RawSheet]:
    paths = json.dumps([entry for entry in sys.path if entry])
    command = [sys.executable, "-c", _CHILD, paths, str(limits.memory_bytes), str(limits.cpu_seconds)]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"},
            timeout=limits.wall_seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ReadingTimedOut(name=name, seconds=f"{limits.wall_seconds:g}") from error
    if done.returncode == 3:
        raise Encrypted(name=name)
    if done.returncode != 0:
        raise Corrupt(name=name, reason="工作簿内部结构已损坏")
    try:
        return [
            RawSheet(**{**sheet, "spans": [(int(a), int(b), int(c), int(d)) for a, b, c, d in sheet["spans"]]})
            for sheet in json.loads(done.stdout)
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise Corrupt(name=name, reason="工作簿内部结构已损坏") from error


def serve(memory_bytes: int, cpu_seconds: int) -> None:
    """Read one workbook from standard input and write its sheets as JSON. Runs in the child only."""
    import resource  # Unix only, like the whole of the child

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = _load_here(sys.stdin.buffer.read(), "")
    except Encrypted:
        sys.exit(3)
    except Corrupt:
        sys.exit(4)
    sys.stdout.buffer.write(json.dumps([asdict(sheet) for sheet in sheets]).encode())
