"""The parts of a Word file and how they point to each other."""

from __future__ import annotations

import posixpath

from lxml import etree

from zhenggai.docparse.errors import Corrupt
from zhenggai.docparse.readers.archive import Archive, parse_xml
from zhenggai.docparse.readers.word.names import in_transitional

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The main part of a Word file and its neighbours by relationship type."""

    def __init__(self, archive: Archive) -> None:
        """Find the main part of *archive*.

        Raises:
            Corrupt: there is none.
        """
        self._archive = archive
        self.main = self._find_main()
        self._related = self._relations(self.main)

    def _find_main(self) -> str:
        for kind, target in self._read_relations("_rels/.rels", ""):
            if kind == "officeDocument" and self._archive.has(target):
                return target
        for name in ("word/document.xml", "word/document2.xml"):
            if self._archive.has(name):
                return name
        raise Corrupt(name=self._archive.name, reason="缺少正文部分 word/document.xml")

    def _relations(self, part: str) -> dict[str, str]:
        folder, _, base = part.rpartition("/")
        found: dict[str, str] = {}
        for kind, target in self._read_relations(f"{folder}/_rels/{base}.rels".lstrip("/"), folder):
            found.setdefault(kind, target)
        return found

    def _read_relations(self, member: str, folder: str) -> list[tuple[str, str]]:
        if not self._archive.has(member):
            return []
        found = []
        for relation in self._archive.xml(member).iter(_RELATIONSHIP):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((relation.get("Type", "").rpartition("/")[2], path))
        return found

    def main_bytes(self) -> bytes:
        """Return the XML of the main part, in the transitional namespace."""
        return in_transitional(self._archive.read(self.main))

    def parse(self, data: bytes, member: str) -> etree._Element:
        """Return the root element of *data*."""
        return parse_xml(data, self._archive.name, member)

    def related_bytes(self, kind: str) -> bytes:
        """Return the raw XML of the part that the main part names as *kind*, empty when there is none."""
        member = self._related.get(kind)
        return in_transitional(self._archive.read_if_any(member)) if member else b""

    def related(self, kind: str) -> etree._Element | None:
        """Return the root of the part that the main part names as *kind* (``styles``, ``numbering`` …), if any.

        A damaged neighbour is worth less than the text: it counts as absent.
        """
        member = self._related.get(kind)
        if member is None or not self._archive.has(member):
            return None
        try:
            return parse_xml(in_transitional(self._archive.read(member)), self._archive.name, member)
        except Corrupt:
            return None

    def has_macros(self) -> bool:
        """Tell whether the file carries a macro project."""
        return any(name.lower().endswith("vbaproject.bin") for name in self._archive.names)

    def core_title(self) -> str:
        """Return the title in the document properties."""
        if not self._archive.has("docProps/core.xml"):
            return ""
        try:
            root = self._archive.xml("docProps/core.xml")
        except Corrupt:
            return ""
        return (root.findtext("{http://purl.org/dc/elements/1.1/}title") or "").strip()
