"""One PDF page as positioned characters and ruled lines, in the coordinates a reader sees (y grows upwards)."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # as above

_HEAVY_FACE = re.compile(r"bold|heavy|black|hei|kai|xiaobiaosong|黑体|楷体|小标宋", re.IGNORECASE)
_LIGHT_FACE = re.compile(r"regular|light|microsoftyahei$|yahei", re.IGNORECASE)
_THIN = 2.5
_MOST_OBJECTS = 20_000
_MOST_POINTS = 400


@dataclass(slots=True)
class Glyph:
    """One character on the page."""

    char: str
    """The character."""
    x: float
    """Left edge."""
    right: float
    """Right edge by advance width."""
    y: float
    """Baseline."""
    size: float
    """Height of the font in points."""
    index: int
    """Number in the text page, to ask for the font."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One straight line, horizontal or vertical."""

    horizontal: bool
    """Direction."""
    at: float
    """y of a horizontal, x of a vertical line."""
    start: float
    """Lower end along the line."""
    end: float
    """Upper end along the line."""


class PageContent:
    """What stands on one page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        """Read characters and lines of *page*."""
        self.width, self.height = page.get_size()
        self._rotation = page.get_rotation()
        # the unrotated size: coordinates come before the page's own rotation
        self._raw_width, self._raw_height = (
            (self.height, self.width) if self._rotation in (90, 270) else (self.width, self.height)
        )
        left, bottom, _, _ = page.get_bbox()
        self._left, self._bottom = left, bottom
        self.textpage = page.get_textpage()
        self.glyphs = self._read_glyphs()
        self.pictures = 0
        self.rules: list[Rule] = []
        self._page = page

    def read_rules(self) -> None:
        """Fill ``rules`` and count ``pictures``; only pages that are kept need it."""
        count = raw.FPDFPage_CountObjects(self._page)
        for index in range(min(count, _MOST_OBJECTS)):
            item = raw.FPDFPage_GetObject(self._page, index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._read_path(item)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictures += 1

    def close(self) -> None:
        """Free the text page."""
        self.textpage.close()

    def heavy(self, glyph: Glyph) -> bool:
        """Tell whether *glyph* is set in bold or in a heading face."""
        if raw.FPDFText_GetFontWeight(self.textpage, glyph.index) >= 600:
            return True
        buffer = ctypes.create_string_buffer(200)
        flags = ctypes.c_int()
        size = raw.FPDFText_GetFontInfo(self.textpage, glyph.index, buffer, 200, ctypes.byref(flags))
        name = buffer.raw[: max(min(size, 200) - 1, 0)].decode("utf-8", "replace")
        return bool(_HEAVY_FACE.search(name)) and not _LIGHT_FACE.search(name)

    def _turn(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self._left, y - self._bottom
        if self._rotation == 90:
            return y, self._raw_width - x
        if self._rotation == 180:
            return self._raw_width - x, self._raw_height - y
        if self._rotation == 270:
            return self._raw_height - y, x
        return x, y

    def _read_glyphs(self) -> list[Glyph]:
        textpage = self.textpage.raw
        count = max(raw.FPDFText_CountChars(textpage), 0)
        x, y = ctypes.c_double(), ctypes.c_double()
        box = raw.FS_RECTF()
        x_ref, y_ref, box_ref = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
        unicode_of, origin_of, box_of = (
            raw.FPDFText_GetUnicode,
            raw.FPDFText_GetCharOrigin,
            raw.FPDFText_GetLooseCharBox,
        )
        glyphs: list[Glyph] = []
        plain = self._rotation == 0 and not self._left and not self._bottom
        high = 0
        for index in range(count):
            code = unicode_of(textpage, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            if code < 0x20 or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF:
                continue
            if not origin_of(textpage, index, x_ref, y_ref) or not box_of(textpage, index, box_ref):
                continue
            if plain:
                glyphs.append(Glyph(chr(code), box.left, box.right, y.value, box.top - box.bottom, index))
                continue
            (left, low), (right, top) = self._turn(box.left, box.bottom), self._turn(box.right, box.top)
            _, base = self._turn(x.value, y.value)
            glyphs.append(Glyph(chr(code), min(left, right), max(left, right), base, abs(top - low), index))
        return glyphs

    def _read_path(self, item: object) -> None:
        count = raw.FPDFPath_CountSegments(item)
        if not 2 <= count <= _MOST_POINTS:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
        px, py = ctypes.c_float(), ctypes.c_float()
        outline: list[tuple[float, float]] = []
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_BEZIERTO:
                return
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(px), ctypes.byref(py))
            point = self._turn(
                matrix.a * px.value + matrix.c * py.value + matrix.e,
                matrix.b * px.value + matrix.d * py.value + matrix.f,
            )
            if kind == raw.FPDF_SEGMENT_MOVETO:
                self._add_outline(outline, bool(stroke.value))
                outline = [point]
            else:
                outline.append(point)
            if raw.FPDFPathSegment_GetClose(segment) and outline:
                outline.append(outline[0])
        self._add_outline(outline, bool(stroke.value))

    def _add_outline(self, outline: list[tuple[float, float]], stroked: bool) -> None:
        if len(outline) < 2:
            return
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        left, right, low, top = min(xs), max(xs), min(ys), max(ys)
        if top - low <= _THIN and right - left > _THIN:
            self.rules.append(Rule(True, (top + low) / 2, left, right))
        elif right - left <= _THIN and top - low > _THIN:
            self.rules.append(Rule(False, (left + right) / 2, low, top))
        elif stroked:
            for (x1, y1), (x2, y2) in pairwise(outline):
                if abs(y1 - y2) <= 0.5 < abs(x1 - x2):
                    self.rules.append(Rule(True, (y1 + y2) / 2, min(x1, x2), max(x1, x2)))
                elif abs(x1 - x2) <= 0.5 < abs(y1 - y2):
                    self.rules.append(Rule(False, (x1 + x2) / 2, min(y1, y2), max(y1, y2)))
