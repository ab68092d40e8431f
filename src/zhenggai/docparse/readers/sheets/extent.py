"""How large a worksheet claims to be, found before calamine lays it out as one dense rectangle.

Two filled cells at opposite corners would otherwise ask for half a terabyte, which ends the process.
"""

from __future__ import annotations

import io
import re
import struct

from lxml import etree

from zhenggai.docparse.errors import Corrupt, DangerousXml, Encrypted, TooDeep, TooMuch
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.ole import OleFile

_FILLED = rb"(?!\s*</)(?!\s*<(?:\w+:)?v\s*/>)(?!\s*<(?:\w+:)?v></)"
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"'][^>]*?(?<!/)>" + _FILLED)
_COLUMN = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,4})\d{1,9}[\"'][^>]*?(?<!/)>" + _FILLED)
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,9})[\"']")
_OPEN_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_BIFF_CELLS = frozenset(
    (0x0203, 0x0204, 0x0205, 0x00FD, 0x027E, 0x0006, 0x0206, 0x0406, 0x00D6, 0x0003, 0x0004, 0x0002, 0x007E)
)
_BIFF_ROWS_OF_CELLS = frozenset((0x00BD,))
_FILEPASS, _BOUNDSHEET, _BOF = 0x002F, 0x0085, frozenset((0x0809, 0x0409, 0x0209, 0x0009))
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT_P = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def _refuse_area(name: str, area: int, limits: Limits) -> None:
    if area > limits.max_area:
        raise TooMuch(name=name, amount=f"工作表的范围有 {area} 个格子", limit=f"{limits.max_area} 个格子")


def _refuse_cells(name: str, cells: int, limits: Limits) -> None:
    if cells > limits.max_cells:
        raise TooMuch(name=name, amount=f"工作表有 {cells} 个单元格", limit=f"{limits.max_cells} 个单元格")


def check_xlsx(archive: Archive, limits: Limits) -> None:
    """Refuse an OOXML workbook whose sheets are too large, damaged or declare entities."""
    for member in archive.names:
        lower = member.lower()
        if not lower.startswith("xl/") or not lower.endswith(".xml"):
            continue
        if not (
            lower.startswith("xl/worksheets/") or lower in ("xl/sharedstrings.xml", "xl/styles.xml", "xl/workbook.xml")
        ):
            continue
        data = archive.read(member)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise DangerousXml(name=archive.name)
        if lower.startswith("xl/worksheets/"):
            _check_sheet(data, archive.name, limits)


def _check_sheet(data: bytes, name: str, limits: Limits) -> None:
    opened = data.count(b"<c ") + data.count(b"<x:c ")
    if opened < 2:
        return
    if opened <= limits.max_cells and _rough_area(data) <= limits.max_area:
        return
    filled = 0
    top, bottom, left, right = 1 << 30, 0, 1 << 30, 0
    for match in _CELL.finditer(data):
        filled += 1
        row, column = int(match.group(2)), column_number(match.group(1))
        top, bottom = min(top, row), max(bottom, row)
        left, right = min(left, column), max(right, column)
    _refuse_cells(name, filled, limits)
    if filled:
        _refuse_area(name, (bottom - top + 1) * (right - left + 1), limits)


def _rough_area(data: bytes) -> int:
    """Return an upper bound of the dense rectangle, cheaper than the exact one."""
    rows = max((int(number) for number in _ROW.findall(data)), default=0) or data.count(b"<row")
    columns = max((column_number(letters) for letters in set(_COLUMN.findall(data))), default=0)
    unplaced = len(_OPEN_CELL.findall(data)) if not columns else 0
    return max(rows, 1) * max(columns, unplaced, 1)


def column_number(letters: bytes) -> int:
    """Return the number of the column called *letters*, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def check_xls(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a BIFF workbook that is protected by a password or whose sheets are too large."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        ole = OleFile(data, name)
        stream = ole.read("workbook" if ole.has("workbook") else "book")
    else:
        stream = data
    at, size = 0, len(stream)
    filled = 0
    top, bottom, left, right = 1 << 30, 0, 1 << 30, 0
    unpack = struct.Struct("<HH").unpack_from
    while at + 4 <= size:
        kind, length = unpack(stream, at)
        body = at + 4
        if kind in _BOF:
            top, bottom, left, right = 1 << 30, 0, 1 << 30, 0
        elif kind == _FILEPASS:
            raise Encrypted(name=name)
        elif (kind in _BIFF_CELLS or kind in _BIFF_ROWS_OF_CELLS) and length >= 4 and body + 4 <= size:
            row, column = unpack(stream, body)
            last = (
                unpack(stream, body + length - 4)[1]
                if kind in _BIFF_ROWS_OF_CELLS and body + length <= size
                else column
            )
            filled += max(last - column, 0) + 1
            top, bottom = min(top, row), max(bottom, row)
            left, right = min(left, column), max(right, column, last)
            if filled > limits.max_cells:
                _refuse_cells(name, filled, limits)
            _refuse_area(name, (bottom - top + 1) * (right - left + 1), limits)
        at = body + length


def check_ods(archive: Archive, limits: Limits) -> None:
    """Refuse an OpenDocument workbook that is encrypted or whose repeated cells grow too large."""
    if archive.has("META-INF/manifest.xml") and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Encrypted(name=archive.name)
    data = archive.read("content.xml")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise DangerousXml(name=archive.name)
    row_tag, cell_tag, covered = f"{{{_TABLE}}}table-row", f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"
    filled = rows = 0
    widest = 0
    try:
        events = etree.iterparse(
            io.BytesIO(data), tag=(row_tag, f"{{{_TABLE}}}table"), resolve_entities=False, no_network=True
        )
        for _, element in events:
            if element.tag != row_tag:
                rows = widest = 0
                element.clear()
                continue
            width = words = 0
            for cell in element.iterchildren(cell_tag, covered):
                repeat = _repeat(cell, "number-columns-repeated")
                if cell.find(_TEXT_P) is not None or cell.get(f"{{{_OFFICE}}}value-type"):
                    words += repeat
                    width += repeat
                elif repeat < 1000:
                    width += repeat
            times = _repeat(element, "number-rows-repeated")
            rows += times if words else min(times, 1000)
            filled += words * times
            widest = max(widest, width)
            _refuse_cells(archive.name, filled, limits)
            _refuse_area(archive.name, rows * widest, limits)
            element.clear()
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise TooDeep(name=archive.name, reason="XML 元素超过 256 层") from error
        raise Corrupt(name=archive.name, reason="内部文件 content.xml 不是完整的 XML") from error


def _repeat(element: etree._Element, attribute: str) -> int:
    text = element.get(f"{{{_TABLE}}}{attribute}", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1
