"""A page's content set out as lines, as a browser would break them.

The walk keeps its own stack, so nesting costs no recursion.  Every block-level element and every ``<br>`` ends a
line; each line knows whether it was bold, centred, a heading, a list item.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zhenggai.docparse.readers.assemble import RawCell
from zhenggai.docparse.readers.web.element import BLOCKS, Element
from zhenggai.docparse.readers.web.layout import grid_of, is_data_table
from zhenggai.docparse.readers.web.lists import ListCounter

_SPACES = re.compile(r"[ \t\r\n\f]+")
_WIDE = r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’]"
_BREAK_IN_CJK = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t\n]*(?={_WIDE})")
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"dt": 6, "summary": 6}
"""Level of each tag that heads what follows; the term of a list and the line of a fold stand furthest in."""
_BOLD_TAGS = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))
_HEADING_FACE = re.compile(r"黑体|simhei|heiti|楷体|kaiti|小标宋|black", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page."""

    text: str
    """Its words, blanks collapsed."""
    label: str
    """Number or bullet its list makes."""
    list_level: int
    """Depth of its list from 0; -1 outside lists."""
    heading: int
    """Level of the heading it stands in; 0 for none."""
    bold: bool
    """Set in bold or a heading face throughout."""
    centered: bool
    """Centred."""
    indent: float
    """First-line indent in characters, from the style."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One data table of the page."""

    cells: list[RawCell]
    """Its cells."""
    rows: int
    """Height."""
    columns: int
    """Width."""
    name: str
    """Caption."""


class Flow:
    """Walks a subtree and hands its lines and tables to *emit*."""

    def __init__(
        self, emit: Callable[[Line | Grid], None], dropped: set[int] | frozenset[int] = frozenset(), flat: bool = False
    ) -> None:
        """Prepare a walk that skips *dropped*; *flat* writes tables as tabbed lines (inside a cell)."""
        self._emit = emit
        self._dropped = dropped
        self._flat = flat
        self._pieces: list[str] = []
        self._bold_letters = 0
        self._letters = 0
        self._lists: list[ListCounter] = []
        self._label = ""
        self._level = -1

    def walk(self, root: Element) -> None:
        """Set out everything below *root*."""
        bold: list[bool] = [False]
        center: list[bool] = [False]
        pre: list[bool] = [False]
        heading: list[int] = [0]
        indent: list[float] = [0.0]
        stack: list[tuple[Element | str, bool]] = [(root, False)]
        while stack:
            item, leaving = stack.pop()
            if isinstance(item, str):
                self._text(item, bold[-1], pre[-1], (heading[-1], center[-1], indent[-1]))
                continue
            tag = item.tag
            if leaving:
                if tag in BLOCKS:
                    self._end(heading[-1], center[-1], indent[-1])
                if tag in ("ol", "ul", "dir", "menu") and self._lists:
                    self._lists.pop()
                    self._label, self._level = "", len(self._lists) - 1
                if tag == "li":
                    self._label = ""
                for state in (bold, center, pre, heading, indent):
                    state.pop()
                continue
            if id(item) in self._dropped:
                continue
            if tag == "br":
                self._end(heading[-1], center[-1], indent[-1])
                continue
            if tag == "hr":
                self._end(heading[-1], center[-1], indent[-1])
                continue
            if tag in BLOCKS and not (self._flat and tag in ("td", "th", "tbody", "thead", "tfoot")):
                self._end(heading[-1], center[-1], indent[-1])
            elif self._flat and tag in ("td", "th") and self._pieces:
                self._pieces.append("\t")
            if tag == "table" and not self._flat and is_data_table(item):
                self._table(item)
                continue
            if tag in ("ol", "ul", "dir", "menu"):
                self._lists.append(ListCounter(item))
                self._level = len(self._lists) - 1
            elif tag == "li":
                self._label = self._lists[-1].label(item) if self._lists else ""
                self._level = max(len(self._lists) - 1, 0)
            bold.append(_is_bold(item, bold[-1]))
            center.append(_is_centered(item, center[-1]))
            pre.append(_is_pre(item, pre[-1]))
            heading.append(_HEADINGS.get(tag, heading[-1]))
            indent.append(_indent(item, indent[-1]))
            stack.append((item, True))
            stack.extend((child, False) for child in reversed(item.children))
        self._end(0, False, 0.0)

    def _text(self, text: str, bold: bool, pre: bool, look: tuple[int, bool, float]) -> None:
        if "&nbsp;" in text:
            text = text.replace("&nbsp;", "\xa0")
        if pre:
            for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
                if number:
                    self._end(*look)
                self._pieces.append(line)
                self._count(line, bold)
            return
        self._pieces.append(text)
        self._count(text, bold)

    def _count(self, text: str, bold: bool) -> None:
        letters = len(text) - text.count(" ") - text.count("\n") - text.count("\u3000") - text.count("\xa0")
        self._letters += letters
        if bold:
            self._bold_letters += letters

    def _end(self, heading: int, centered: bool, indent: float) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        letters, self._letters = self._letters, 0
        bold_letters, self._bold_letters = self._bold_letters, 0
        if not text or text.isspace():
            return
        if "\n" in text:
            text = _BREAK_IN_CJK.sub("", text)
        text = text.strip(" \t\r\n\f") if self._flat and "\t" in text else _SPACES.sub(" ", text).strip(" ")
        if not text.strip("\u3000\xa0 \u200b\ufeff"):
            return
        label, self._label = self._label, ""
        bold = bold_letters >= 0.9 * max(letters, 1)
        self._emit(Line(text, label, self._level, heading, bold, centered, indent))

    def _table(self, table: Element) -> None:
        caption = next((child.text(200) for child in table.elements() if child.tag == "caption"), "")
        cells, rows, columns = grid_of(table, lambda cell: cell_words(cell, self._dropped))
        self._emit(Grid(cells, rows, columns, caption))


def cell_words(cell: Element, dropped: set[int] | frozenset[int] = frozenset()) -> str:
    """Return the words of one table cell, lines kept, list numbers written out, inner tables as tabbed lines."""
    lines: list[str] = []

    def collect(piece: Line | Grid) -> None:
        if isinstance(piece, Line):
            lines.append(piece.label + piece.text if piece.label else piece.text.strip("\u3000\xa0 "))

    Flow(collect, dropped, flat=True).walk(cell)
    return "\n".join(lines)


def _is_bold(element: Element, inherited: bool) -> bool:
    style = element.style
    if style:
        weight = style.get("font-weight", "")
        if weight:
            return weight in ("bold", "bolder", "600", "700", "800", "900")
        if _HEADING_FACE.search(style.get("font-family", "") + style.get("font", "")):
            return True
    if element.tag == "font" and _HEADING_FACE.search(element.attrs.get("face", "")):
        return True
    return inherited or element.tag in _BOLD_TAGS


def _is_centered(element: Element, inherited: bool) -> bool:
    align = element.style.get("text-align") or element.attrs.get("align", "").lower()
    if align and element.tag not in ("table", "img", "tr", "tbody"):
        return align in ("center", "middle", "-webkit-center")
    if element.tag in ("td", "table"):
        return False
    return inherited or element.tag == "center"


def _is_pre(element: Element, inherited: bool) -> bool:
    white = element.style.get("white-space", "")
    if white:
        return white.startswith("pre") or white == "break-spaces"
    return inherited or element.tag in ("pre", "listing", "xmp", "plaintext")


_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(em|rem|px|pt|%)?")


def _indent(element: Element, inherited: float) -> float:
    value = element.style.get("text-indent")
    match = _LENGTH.match(value) if value else None
    if not match:
        return 0.0 if element.tag in ("td", "th", "li") else inherited
    size = float(match.group(1))
    return round(size / {"px": 16.0, "pt": 12.0}.get(match.group(2) or "px", 1.0), 2) if match.group(2) != "%" else 2.0
