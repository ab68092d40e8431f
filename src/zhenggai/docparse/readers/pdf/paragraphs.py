"""Lines to paragraphs by geometry, and the furniture of pages (headers, footers, page numbers) told from text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from zhenggai.docparse.readers.pdf.lines import TextLine, joined

_PAGE_NUMBER = re.compile(
    r"^[\s\-—–－_·•~]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,4})\s*(?:页)?\s*(?:[/／]\s*(?:共\s*)?\d{1,4}|[,，]?\s*共\s*\d{1,4}\s*页)?\s*(?:页)?[\s\-—–－_·•~]*$"
)
_DIGITS = re.compile(r"\d+")
_ENUMERATOR = re.compile(
    r"^(?:[（(]\s*(?:[一二三四五六七八九十百]{1,4}|\d{1,3})\s*[)）]|(?:[一二三四五六七八九十百]{1,4})、|\d{1,3}\s*[.．、]\s*(?!\d)|[①-⑳⑴-⒇]|"
    r"第[一二三四五六七八九十百]{1,4}[章节条部]|问题[一二三四五六七八九十\d]+)"
)
_SENTENCE_END = "。!?！？;；:：”)）…"


@dataclass(slots=True)
class PdfParagraph:
    """A paragraph rejoined from its lines."""

    text: str
    """Its words."""
    page: int
    """Page of its first line, from 1."""
    heavy: bool
    """Bold or heading face in all its lines."""
    centered: bool
    """Centred."""
    indent: float
    """First-line indent in characters."""
    size: float
    """Height of its characters."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The usual geometry of a document's lines."""

    left: float
    """Left edge of full lines."""
    right: float
    """Right edge of full lines."""
    size: float
    """Height of the running text."""
    pitch: float
    """Distance of baselines within paragraphs."""


def furniture(pages: list[list[TextLine]], heights: list[float]) -> set[int]:
    """Return the ``id`` of each line that repeats at the same edge of the pages, or is a page number there."""
    seen: Counter[tuple[str, str, int]] = Counter()
    edges: list[tuple[TextLine, tuple[str, str, int]]] = []
    found: set[int] = set()
    for lines, height in zip(pages, heights, strict=True):
        if not lines:
            continue
        keys: set[tuple[str, str, int]] = set()
        for edge, line in _at_edges(lines, height):
            key = (edge, _DIGITS.sub("#", line.text), round(line.y / 12))
            edges.append((line, key))
            keys.add(key)
            if _PAGE_NUMBER.match(line.text):
                found.add(id(line))
        seen.update(keys)
    pages_with_text = sum(1 for lines in pages if lines)
    needed = max(2, 0.4 * pages_with_text)
    found.update(id(line) for line, key in edges if seen[key] >= needed)
    return found


def _at_edges(lines: list[TextLine], height: float) -> Iterator[tuple[str, TextLine]]:
    """Yield the lines that may be furniture: near the edge, and set apart from the text or shorter than it."""
    widest = max(line.right - line.left for line in lines)
    for edge, outermost in (("top", lines[:3]), ("bottom", lines[:-4:-1])):
        near = [line for line in outermost if (line.y > 0.86 * height if edge == "top" else line.y < 0.13 * height)]
        apart = _apart(lines if edge == "top" else lines[::-1])
        for number, line in enumerate(near):
            if number < apart or line.right - line.left < 0.6 * widest:
                yield edge, line


def _apart(lines: list[TextLine]) -> int:
    """Return how many of the first three *lines* stand apart from the rest by more than the usual distance."""
    gaps = [abs(one.y - other.y) for one, other in pairwise(lines)]
    if len(gaps) < 3:
        return 3
    usual = median(gaps)
    return max((number + 1 for number, gap in enumerate(gaps[:3]) if gap > 1.3 * usual), default=0)


def measure(pages: list[list[TextLine]]) -> Measure:
    """Return the usual geometry of all lines, long lines weighing more."""
    lines = [line for page in pages for line in page]
    if not lines:
        return Measure(0.0, 1.0, 10.0, 15.0)
    size = _weighted([(round(line.size * 2) / 2, len(line.text)) for line in lines])
    body = [line for line in lines if abs(line.size - size) <= 0.12 * size] or lines
    left = _weighted([(round(line.left), len(line.text)) for line in body])
    # first lines are indented: a margin further left that many lines share is the true one
    for edge, times in Counter(round(line.left) for line in body).items():
        indented = times >= 2 and abs(left - edge - 2 * size) < 0.5 * size  # most paragraphs are one line long
        if edge < left and (indented or times >= 0.1 * len(body)) and left - edge < 3.2 * size:
            left = float(edge)
    rights = sorted(line.right for line in body)
    right = rights[int(0.95 * (len(rights) - 1))]
    pitches = sorted(
        above.y - below.y
        for page in pages
        for above, below in pairwise(page)
        if 0.8 * size < above.y - below.y < 3.5 * size
        and abs(below.left - left) <= 0.6 * size
        and above.right > right - 1.5 * size
    )
    return Measure(left, right, size, median(pitches) if pitches else 1.6 * size)


def _weighted(pairs: list[tuple[float, int]]) -> float:
    weights: Counter[float] = Counter()
    for value, weight in pairs:
        weights[value] += weight
    return weights.most_common(1)[0][0]


class Joiner:
    """Feeds on lines in reading order and yields paragraphs."""

    def __init__(self, usual: Measure) -> None:
        """Judge lines by the document's *usual* geometry."""
        self._usual = usual
        self._open: PdfParagraph | None = None
        self._last: TextLine | None = None
        self._last_page = 0

    def add(self, line: TextLine, page: int) -> PdfParagraph | None:
        """Take one line; return the paragraph it closed, if it began a new one."""
        usual = self._usual
        centered = self._is_centered(line)
        if self._open is not None and self._last is not None and not self._begins(line, page, centered):
            self._open.text = joined(self._open.text, line.text)
            self._open.heavy = self._open.heavy and line.heavy
            closed = None
        else:
            closed = self._open
            indent = round(max(line.left - usual.left, 0.0) / max(line.size, 1.0), 1)
            self._open = PdfParagraph(line.text, page, line.heavy, centered, 0.0 if centered else indent, line.size)
        self._last, self._last_page = line, page
        return closed

    def close(self) -> PdfParagraph | None:
        """Return the paragraph under way and forget it."""
        closed, self._open, self._last = self._open, None, None
        return closed

    def _is_centered(self, line: TextLine) -> bool:
        usual = self._usual
        lead, trail = line.left - usual.left, usual.right - line.right
        if lead < 1.5 * line.size or trail < 1.5 * line.size:
            return False
        return abs(lead - trail) <= 1.2 * line.size and abs(lead - 2 * line.size) > 0.6 * line.size

    def _begins(self, line: TextLine, page: int, centered: bool) -> bool:
        """Tell whether *line* begins a paragraph, weighing margins, spacing, size and punctuation."""
        assert self._last is not None and self._open is not None
        last, usual = self._last, self._usual
        size = max(line.size, 1.0)
        if centered or self._open.centered:
            return True
        if abs(line.size - last.size) > 0.12 * size:
            return True
        if page == self._last_page and (last.y - line.y > 1.45 * max(usual.pitch, size) or line.y > last.y + size):
            return True
        indent = line.left - usual.left
        ends_short = last.right < usual.right - 2.2 * size
        if indent > 7 * size and last.left - usual.left < 7 * size:
            return True
        if ends_short:
            return True
        if 1.2 * size < indent:
            return abs(line.left - last.left) > 0.5 * size or self._open.indent > 1.2
        if _ENUMERATOR.match(line.text) and self._open.text[-1:] in _SENTENCE_END:
            return True
        return line.heavy != last.heavy and self._open.text[-1:] in _SENTENCE_END
