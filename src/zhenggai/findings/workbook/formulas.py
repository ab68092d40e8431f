"""Formulas in a workbook that no program has reckoned yet: their cells read as empty, and must not empty a field."""

from __future__ import annotations

import posixpath
import re

from zhenggai.docparse.readers.archive import Archive

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL_BEGINS = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3}\d{1,7})[\"'][^>]*>")
_CELL_ENDS = re.compile(rb"</(?:\w+:)?c>")
_HAS_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_LONGEST_CELL = 100_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def unreckoned_formulas(archive: Archive) -> dict[str, frozenset[str]]:
    """Return, for each sheet by name, the places (``H12``) of formulas without a kept value."""
    book = archive.xml("xl/workbook.xml")
    if not archive.has("xl/_rels/workbook.xml.rels"):
        return {}
    targets = {each.get("Id"): each.get("Target") or "" for each in archive.xml("xl/_rels/workbook.xml.rels")}
    found: dict[str, frozenset[str]] = {}
    for sheet in book.iter("{*}sheet"):
        member = posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_RELATION), ""))).lstrip("/")
        if archive.has(member):
            places = frozenset(_places(archive.read(member)))
            if places:
                found[str(sheet.get("name"))] = places
    return found


def _places(data: bytes) -> list[str]:
    places: list[str] = []
    for match in _FORMULA.finditer(data):
        before = data[max(0, match.start() - 2000) : match.start()]
        begins = list(_CELL_BEGINS.finditer(before))
        ends = _CELL_ENDS.search(data, match.end(), match.end() + _LONGEST_CELL)
        if begins and ends and not _HAS_VALUE.search(data, match.end(), ends.start()):
            places.append(begins[-1][1].decode("ascii"))
    return places
