"""Paragraph and character styles with what they inherit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from lxml import etree

from zhenggai.docparse.errors import Corrupt
from zhenggai.docparse.readers.archive import parse_xml
from zhenggai.docparse.readers.word.names import RPR, child_value, is_on, number_of, w

_HEADING_NAME = re.compile(r"^(?:heading|标题|標題)\s*([1-9])$", re.IGNORECASE)
_TOC_NAME = re.compile(r"^(?:toc|目录|目錄)\s*\d$", re.IGNORECASE)
_HEADING_FACE = re.compile(r"黑体|simhei|heiti|楷体|kaiti|小标宋", re.IGNORECASE)
_BODY_LEVEL = 9
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Style:
    """One style, inheritance resolved."""

    id: str
    """Identifier in the file."""
    name: str
    """Name people see."""
    heading_level: int
    """1 to 9 for headings and outline levels, else 0."""
    num_id: str | None
    """Numbering it is linked to."""
    level: int | None
    """Numbering level, when stated."""
    bold: bool | None
    """Bold or a heading face; None when not stated."""
    centered: bool | None
    """Centred; None when not stated."""
    indent: float
    """First-line plus left indent in characters."""
    hidden: bool
    """Hidden text."""
    is_toc: bool
    """A line of the table of contents."""


PLAIN = Style("", "", 0, None, None, None, None, 0.0, False, False)


def run_bold(properties: etree._Element | None, faces: bool = True) -> bool | None:
    """Return whether run *properties* set bold or, where *faces* matter, a heading face; None when they do not say."""
    if properties is None:
        return None
    bold = is_on(properties, _B)
    if bold or not faces:
        return bold
    fonts = properties.find(_FONTS)
    if fonts is not None and _HEADING_FACE.search(fonts.get(_EAST_ASIA, "") or fonts.get(_ASCII, "")):
        return True
    return bold


_B, _FONTS, _EAST_ASIA, _ASCII, _VANISH = w("b"), w("rFonts"), w("eastAsia"), w("ascii"), w("vanish")
_LEFT, _START, _FIRST_CHARS, _FIRST, _LEFT_CHARS = (
    w("left"),
    w("start"),
    w("firstLineChars"),
    w("firstLine"),
    w("leftChars"),
)
_IND, _JC, _OUTLINE, _NUM_PR, _NUM_ID, _ILVL = w("ind"), w("jc"), w("outlineLvl"), w("numPr"), w("numId"), w("ilvl")
_PSTYLE_ID, _BASED_ON, _TYPE, _DEFAULT = w("styleId"), w("basedOn"), w("type"), w("default")
_TWIPS_PER_CHARACTER = 320.0


def indent_of(indent: etree._Element | None) -> float:
    """Return first-line plus left of the element *indent* in characters (of 16 pt where twips are given)."""
    if indent is None:
        return 0.0
    first = number_of(indent.get(_FIRST_CHARS)) / 100 or number_of(indent.get(_FIRST)) / _TWIPS_PER_CHARACTER
    left = number_of(indent.get(_LEFT_CHARS)) / 100 or (
        number_of(indent.get(_LEFT) or indent.get(_START)) / _TWIPS_PER_CHARACTER
    )
    return round(max(first, 0.0) + max(left, 0.0), 2)


_ATTRIBUTE = re.compile(rb'w:(styleId|type|default)="([^"]*)"')


class Styles:
    """All styles of a file by identifier.

    A styles part is often larger than the text it serves, so each style is cut out of it and parsed when a paragraph
    first asks; a part that does not use the customary prefix is parsed whole.
    """

    def __init__(self, data: bytes, name: str) -> None:
        """Look through the XML *data* of the styles part of the file *name*."""
        self._name = name
        self._data = data
        self._places: dict[str, tuple[int, int]] = {}
        self._raw: dict[str, etree._Element | None] = {}
        self._done: dict[str, Style] = {}
        self.default_id = ""
        opening = re.search(rb"<w:styles\b[^>]*>", data[:20_000])
        if opening is None or b"<!" in data[:20_000] or not self._index():
            self._parse_whole()
        self._opening = opening.group() if opening else b""

    def _index(self) -> bool:
        data = self._data
        start = data.find(b"<w:style")  # without the blank behind: searching for a blank makes the search slow
        while start >= 0:
            if data[start + 8 : start + 9].isspace():
                self._note_place(start)
            start = data.find(b"<w:style", start + 8)
        return bool(self._places)

    def _note_place(self, start: int) -> None:
        opened = self._data.find(b">", start) + 1
        attributes = dict(_ATTRIBUTE.findall(self._data[start:opened]))
        identifier = unescape(attributes.get(b"styleId", b"").decode("utf-8", "replace"))
        self._places[identifier] = (start, opened)
        if attributes.get(b"type") == b"paragraph" and attributes.get(b"default") in (b"1", b"true", b"on"):
            self.default_id = identifier

    def _parse_whole(self) -> None:
        self._places.clear()
        try:
            root = parse_xml(self._data, self._name, "styles.xml") if self._data else None
        except Corrupt:  # styles are worth less than the text
            return
        for style in root.iterfind(w("style")) if root is not None else ():
            identifier = style.get(_PSTYLE_ID, "")
            self._raw[identifier] = style
            if style.get(_TYPE) == "paragraph" and style.get(_DEFAULT) in ("1", "true", "on"):
                self.default_id = identifier

    def _element(self, identifier: str) -> etree._Element | None:
        if identifier in self._places:
            start, opened = self._places.pop(identifier)
            closed = self._data.find(b"</w:style>", opened)
            piece = (
                self._data[start:opened]
                if self._data[opened - 2 : opened] == b"/>"
                else self._data[start : closed + 10]
            )
            try:
                self._raw[identifier] = parse_xml(self._opening + piece + b"</w:styles>", self._name, "styles.xml")[0]
            except (Corrupt, IndexError):
                self._raw[identifier] = None
        return self._raw.get(identifier)

    def get(self, identifier: str | None) -> Style:
        """Return the style called *identifier*, or the default paragraph style."""
        key = self.default_id if identifier is None else identifier
        known = self._done.get(key)
        if known is None:
            known = self._done[key] = self._resolve(key)
        return known

    def _chain(self, identifier: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        seen: set[str] = set()
        while identifier not in seen and len(chain) < _DEEPEST:
            seen.add(identifier)
            style = self._element(identifier)
            if style is None:
                break
            chain.append(style)
            identifier = child_value(style, _BASED_ON) or ""
        return chain

    def _resolve(self, identifier: str) -> Style:
        chain = self._chain(identifier)
        if not chain:
            return PLAIN
        heading: int | None = None
        num_id: str | None = None
        level: int | None = None
        bold: bool | None = None
        centered: bool | None = None
        hidden: bool | None = None
        indent = 0.0
        for style in chain:
            paragraph = style.find(w("pPr"))
            run = style.find(RPR)
            if heading is None:
                heading = _heading_of(style, paragraph)
            numbering = paragraph.find(_NUM_PR) if paragraph is not None else None
            if numbering is not None:
                num_id = child_value(numbering, _NUM_ID) if num_id is None else num_id
                if level is None and (stated := child_value(numbering, _ILVL)) is not None:
                    level = number_of(stated)
            bold = run_bold(run) if bold is None else bold
            justify = child_value(paragraph, _JC)
            centered = (justify == "center") if centered is None and justify is not None else centered
            hidden = is_on(run, _VANISH) if hidden is None else hidden
            indent = indent or indent_of(None if paragraph is None else paragraph.find(_IND))
        name = child_value(chain[0], w("name")) or identifier
        return Style(
            identifier,
            name,
            heading or 0,
            num_id,
            level,
            bold,
            centered,
            indent,
            bool(hidden),
            bool(_TOC_NAME.match(name)),
        )


def _heading_of(style: etree._Element, paragraph: etree._Element | None) -> int | None:
    outline = child_value(paragraph, _OUTLINE)
    if outline is not None:
        return outline_level(outline)
    name = child_value(style, w("name")) or ""
    match = _HEADING_NAME.match(name)
    if match:
        return int(match.group(1))
    return 1 if name.lower() in ("title", "标题", "標題") else None


def outline_level(value: str) -> int:
    """Return the heading level for the outline level *value*, which counts from 0; 0 for body text."""
    level = number_of(value, _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else 0
