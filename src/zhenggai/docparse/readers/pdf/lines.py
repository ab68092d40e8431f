"""Characters to lines: what shares a baseline and stands close together."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from zhenggai.docparse.readers.pdf.glyphs import Glyph

_BLANK = " \u3000\xa0\t"


@dataclass(slots=True)
class TextLine:
    """One line of a page."""

    text: str
    """Its words."""
    left: float
    """Left edge of the first visible character."""
    right: float
    """Right edge of the last."""
    y: float
    """Baseline."""
    size: float
    """Usual height of its characters."""
    glyphs: list[Glyph] = field(default_factory=list)
    """The visible characters, left to right."""
    heavy: bool = False
    """Bold or heading face, filled in later."""


def group(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return *glyphs* in runs that share a baseline, in the order in which the page draws them."""
    runs: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.char in _BLANK or glyph.size <= 0:
            continue
        if (
            last is not None
            and abs(glyph.y - last.y) <= 0.4 * max(glyph.size, last.size)
            and glyph.x >= last.x - 0.5 * last.size
            and glyph.x - last.right <= 3.0 * last.size
        ):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        last = glyph
    return runs


def lines_of(glyphs: list[Glyph]) -> list[TextLine]:
    """Return the lines that *glyphs* form, from top to bottom."""
    rows: list[list[Glyph]] = []
    for run in sorted(group(glyphs), key=lambda run: -median(glyph.y for glyph in run)):
        y, size = median(glyph.y for glyph in run), max(glyph.size for glyph in run)
        if rows:
            above = rows[-1]
            base, height = median(glyph.y for glyph in above), max(glyph.size for glyph in above)
            if abs(base - y) <= 0.35 * max(size, height) or (
                size < 0.75 * height and base - 0.2 * height <= y <= base + 0.6 * height
            ):
                above.extend(run)
                continue
        rows.append(list(run))
    return [_line(row) for row in rows]


def _line(row: list[Glyph]) -> TextLine:
    row.sort(key=lambda glyph: glyph.x)
    kept: list[Glyph] = []
    for glyph in row:
        # bold by printing twice, slightly shifted, is one character
        if kept and glyph.char == kept[-1].char and glyph.x - kept[-1].x < 0.25 * glyph.size:
            continue
        kept.append(glyph)
    pieces: list[str] = []
    for before, glyph in zip([None, *kept[:-1]], kept, strict=True):
        if before is not None:
            pieces.append(_gap(before, glyph))
        pieces.append(glyph.char)
    size = median(glyph.size for glyph in kept)
    return TextLine("".join(pieces), kept[0].x, kept[-1].right, median(glyph.y for glyph in kept), size, kept)


def _gap(before: Glyph, glyph: Glyph) -> str:
    gap = glyph.x - before.right
    narrow = before.char < "\u2e80" and glyph.char < "\u2e80"
    if narrow:
        return " " if gap > 0.18 * glyph.size else ""
    return "\u3000" if gap > 1.2 * glyph.size else " " if gap > 0.6 * glyph.size else ""


def joined(first: str, second: str) -> str:
    """Return two parts of one paragraph as one text: a blank only between words of the Latin script."""
    if first and second and first[-1].isascii() and second[0].isascii() and first[-1].isalnum() and second[0].isalnum():
        if first[-1].isdigit() and second[0].isdigit():
            return first + second
        return f"{first} {second}"
    return first + second
