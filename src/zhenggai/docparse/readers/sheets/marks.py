"""What a workbook says about cells beside their values: shares of a hundred, merged cells, formulas that failed.

A spreadsheet keeps 8% as ``0.08`` with a format, and a value that stands for several rows only in the first of them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

_PIECE = 4 * 1024 * 1024
_MOST_PART = 64 * 1024 * 1024
"""Bytes of a part that lists styles or sheets; a larger one is not looked at."""
_MOST_TAG = 64 * 1024
_BUILT_IN = frozenset({9, 10})
"""The formats 0% and 0.00%, which every workbook has."""
_WORDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FAILED_SIGN = b' t="e"'
_FAILED = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="(?P<place>[A-Z]{1,3}[0-9]{1,7})"')
_MOST_FAILED = 10
_BROKEN = (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError, EOFError)


@dataclass(slots=True)
class Marks:
    """What is marked in one sheet."""

    percents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Column of the sheet, from 0 → first and last row, from 1, of cells shown as a share of a hundred."""
    merges: bool = False
    """Whether any cells are merged."""
    failed: list[str] = field(default_factory=list)
    """The first cells whose formula gives no value, as the spreadsheet calls them: D4."""
    failures: int = 0
    """How many there are."""


def marks_of(path: Path, sheet: str) -> Marks:
    """Return what is marked in the sheet called *sheet* of the workbook at *path*; nothing for other kinds of files."""
    marks = Marks()
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part_of(archive, sheet)
            if part is None:
                return marks
            styles = _percent_styles(archive)
            pattern = _cells_in(styles) if styles else None
            with archive.open(part) as source:
                for piece in _pieces(source):
                    marks.merges = marks.merges or b"mergeCell " in piece
                    for failed in _FAILED.finditer(piece) if _FAILED_SIGN in piece else ():
                        marks.failures += 1
                        if len(marks.failed) < _MOST_FAILED:
                            marks.failed.append(failed["place"].decode())
                    for found in pattern.finditer(piece) if pattern else ():
                        _mark(marks, _column(found["column"]), int(found["row"]))
    except _BROKEN:  # what cannot be read here is told by whoever reads the values
        return marks
    return marks


def _mark(marks: Marks, column: int, row: int) -> None:
    spans = marks.percents.setdefault(column, [])
    if spans and spans[-1][1] + 1 == row:
        spans[-1] = (spans[-1][0], row)
    else:
        spans.append((row, row))


def _cells_in(styles: list[int]) -> re.Pattern[bytes]:
    wanted = "|".join(map(str, styles))
    return re.compile(
        rf'<(?:\w+:)?c\s(?=[^>]*\bs="(?:{wanted})")[^>]*?\br="(?P<column>[A-Z]{{1,3}})(?P<row>[0-9]{{1,7}})"'.encode()
    )


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Return the text of a part in pieces that begin and end between tags."""
    rest = b""
    while piece := source.read(_PIECE):
        text = rest + piece
        cut = text.rfind(b"<")
        rest = text[cut:] if cut >= 0 and len(text) - cut < _MOST_TAG else b""
        yield text[: len(text) - len(rest)]
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number - 1


def _parsed(archive: zipfile.ZipFile, part: str) -> etree._Element:
    if archive.getinfo(part).file_size > _MOST_PART:
        raise ValueError(part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(archive.read(part), parser)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part that holds the sheet called *sheet*."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    wanted = None
    for each in _parsed(archive, "xl/workbook.xml").iter("{*}sheet"):
        if each.get("name") == sheet:
            wanted = next((str(value) for key, value in each.items() if str(key).endswith("}id")), None)
    for each in _parsed(archive, "xl/_rels/workbook.xml.rels").iter("{*}Relationship"):
        if wanted is not None and each.get("Id") == wanted:
            target = str(each.get("Target"))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _percent_styles(archive: zipfile.ZipFile) -> list[int]:
    """Return the numbers of the styles that show a number as a share of a hundred."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = _parsed(archive, "xl/styles.xml")
    own = {
        int(each.get("numFmtId") or 0): "%" in _WORDS.sub("", each.get("formatCode") or "")
        for each in root.iter("{*}numFmt")
    }
    cells = root.find("{*}cellXfs")
    formats = [int(each.get("numFmtId") or 0) for each in cells] if cells is not None else []
    return [index for index, number in enumerate(formats) if own.get(number, number in _BUILT_IN)]
