"""Automatic numbers, computed from the numbering definitions as Word computes them.

A paragraph names a ``num``; the ``num`` points to an ``abstractNum`` with up to nine levels and may override some.
All nums of one abstractNum count together, unless a num overrides the start of a level, which restarts it at that
num's first paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml import etree

from zhenggai.docparse.readers.numerals import numeral
from zhenggai.docparse.readers.word.names import VAL, child_value, is_on, number_of, w

_LEVELS = 9
_SLOT = re.compile(r"%([1-9])")
_BULLET = "•"
_PLAIN_BULLETS = frozenset("•◦▪■□●○◆◇★☆√✓➢→－-–—*·※►▶△▲①")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering definition."""

    start: int = 1
    """First number."""
    style: str = "decimal"
    """Number format."""
    pattern: str = ""
    """Text with ``%1`` … for the numbers of the levels."""
    restart: int | None = None
    """Level (from 1) after which it restarts; 0 never; None after any higher level."""
    legal: bool = False
    """Print the numbers of higher levels in decimal."""
    paragraph_style: str = ""
    """Style linked to the level."""


class Numbering:
    """The numbering part of a file, and the counters of one reading."""

    def __init__(self, load: Callable[[], etree._Element | None]) -> None:
        """Remember how to *load* the numbering part; files without numbered paragraphs never do."""
        self._load: Callable[[], etree._Element | None] | None = load
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._style_of: dict[str, str] = {}
        self._nums: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._resolved: dict[str, dict[int, Level]] = {}

    def _read(self) -> None:
        if self._load is None:
            return
        root, self._load = self._load(), None
        if root is None:
            return
        for abstract in root.iterfind(w("abstractNum")):
            identifier = abstract.get(w("abstractNumId"), "")
            self._abstract[identifier] = {
                number_of(level.get(w("ilvl"))): _level(level) for level in abstract.iterfind(w("lvl"))
            }
            if (link := child_value(abstract, w("numStyleLink"))) is not None:
                self._links[identifier] = link
            if (name := child_value(abstract, w("styleLink"))) is not None:
                self._style_of[name] = identifier
        for num in root.iterfind(w("num")):
            self._add_num(num)

    def _add_num(self, num: etree._Element) -> None:
        abstract = child_value(num, w("abstractNumId")) or ""
        abstract = self._style_of.get(self._links.get(abstract, ""), abstract)
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in num.iterfind(w("lvlOverride")):
            index = number_of(override.get(w("ilvl")))
            level = override.find(w("lvl"))
            if level is not None:
                levels[index] = _level(level)
            if (start := child_value(override, w("startOverride"))) is not None:
                starts[index] = number_of(start, 1)
        self._nums[num.get(w("numId"), "")] = (abstract, levels, starts)

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """Return the level of *num_id* that is linked to the paragraph style *style_id*."""
        self._read()
        for index, level in self._levels(num_id).items():
            if level.paragraph_style == style_id:
                return index
        return None

    def _levels(self, num_id: str) -> dict[int, Level]:
        known = self._resolved.get(num_id)
        if known is None:
            abstract, overrides, starts = self._nums.get(num_id, ("", {}, {}))
            known = {**self._abstract.get(abstract, {}), **overrides}
            for index, start in starts.items():
                known[index] = replace(known.get(index, Level()), start=start)
            self._resolved[num_id] = known
        return known

    def label(self, num_id: str, index: int) -> str:
        """Count one paragraph of *num_id* at level *index* and return the label a reader sees."""
        self._read()
        known = self._nums.get(num_id)
        if known is None or not 0 <= index < _LEVELS:
            return ""
        levels = self._levels(num_id)
        level = levels.get(index)
        if level is None:
            return ""
        abstract, _, starts = known
        counters = self._counters.setdefault(abstract or num_id, [None] * _LEVELS)
        if index in starts and (num_id, index) not in self._begun:
            counters[index] = None
        self._begun.add((num_id, index))
        current = counters[index]
        counters[index] = level.start if current is None else min(current + 1, _MOST)
        for deeper in range(index + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart > 0 and index < restart):
                counters[deeper] = None
        return _printed(level, index, levels, counters)


def _printed(level: Level, index: int, levels: dict[int, Level], counters: list[int | None]) -> str:
    if level.style == "bullet":
        sign = level.pattern.strip()
        return sign if sign in _PLAIN_BULLETS and sign else (_BULLET if sign else "")

    def number(match: re.Match[str]) -> str:
        slot = int(match.group(1)) - 1
        source = levels.get(slot, Level())
        value = counters[slot]
        style = "decimal" if level.legal and slot != index and source.style != "decimalZero" else source.style
        if level.legal and slot == index:
            style = "decimal"
        return numeral(source.start if value is None else value, style)

    return _SLOT.sub(number, level.pattern).strip()


def _level(element: etree._Element) -> Level:
    restart = child_value(element, w("lvlRestart"))
    style = child_value(element, w("numFmt"))
    if style is None:
        inner = element.find(f".//{w('numFmt')}")
        style = inner.get(VAL, "decimal") if inner is not None else "decimal"
    return Level(
        start=number_of(child_value(element, w("start")), 1) if child_value(element, w("start")) is not None else 0,
        style=style or "decimal",
        pattern=child_value(element, w("lvlText")) or "",
        restart=None if restart is None else number_of(restart),
        legal=bool(is_on(element, w("isLgl"))),
        paragraph_style=child_value(element, w("pStyle")) or "",
    )
