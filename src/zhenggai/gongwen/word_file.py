"""Any Word file → its paragraphs with how each looks, its tables, its sections and what stands at their feet.

The file may come from anyone: it is opened with the distrust of :mod:`zhenggai.docparse`, and nothing in it acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from zhenggai.docparse.errors import TooMuch
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.limits import MEBI, Limits
from zhenggai.docparse.readers.word.names import (
    DEL,
    FLD_CHAR,
    FLD_SIMPLE,
    INSTR_TEXT,
    MC_FALLBACK,
    MOVE_FROM,
    PPR,
    R_ID,
    RPR,
    SDT,
    SDT_CONTENT,
    TBL,
    TC,
    TR,
    TXBX_CONTENT,
    P,
    R,
    child_value,
    in_transitional,
    is_on,
    number_of,
    w,
)
from zhenggai.docparse.readers.word.numbering import Numbering
from zhenggai.docparse.readers.word.package import Package
from zhenggai.gongwen.looks import Look, Looks

_TC_PR, _V_MERGE, _GRID_SPAN, _R_STYLE, _P_STYLE, _VALUE = (
    w("tcPr"),
    w("vMerge"),
    w("gridSpan"),
    w("rStyle"),
    w("pStyle"),
    w("val"),
)
_SECT_PR, _T, _BR, _CR, _TAB, _PTAB, _HYPHEN = (
    w("sectPr"),
    w("t"),
    w("br"),
    w("cr"),
    w("tab"),
    w("ptab"),
    w("noBreakHyphen"),
)
_CUSTOM, _SMART, _INSERTED, _MOVED, _SDT_PR = w("customXml"), w("smartTag"), w("ins"), w("moveTo"), w("sdtPr")
LIMITS = Limits(max_bytes=30 * MEBI, max_unpacked=120 * MEBI, max_part=16 * MEBI)
MOST_PARAGRAPHS, LONGEST_PARAGRAPH = 60_000, 50_000
"""Paragraphs, and signs of one, beyond which a file is no paper."""
_CHINESE = re.compile(r"[㐀-鿿]")
_DEEPEST_TABLE = 8


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    """The words."""
    face: str
    """Font of what they are: of Chinese where there is any, of Latin otherwise."""
    size_pt: float
    """Size of type."""
    colour: str
    """Colour in six digits; empty for none set."""
    style: str
    """Character style, empty for none."""


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """One paragraph."""

    number: int
    """Counts the paragraphs of the body from 1, empty ones too; 0 in a table."""
    runs: tuple[Run, ...]
    """Its words."""
    look: Look
    """How it is set."""
    style_id: str
    """Its style."""
    style_name: str
    """The name of it that people see."""
    label: str = ""
    """Number that Word prints before it."""
    grid_twips: int = 0
    """Pitch of the lines of its page, where they keep to a grid."""

    @property
    def text(self) -> str:
        """Its words; a line break inside is ``\\n``."""
        return "".join(run.text for run in self.runs)

    @property
    def printed(self) -> str:
        """Its words as a reader sees them, an automatic number included."""
        return self.label + self.text

    @property
    def line_pt(self) -> float:
        """Distance of its lines in points; 0 where only the type decides."""
        line, rule = self.look.line, self.look.line_rule
        if line and rule in ("exact", "atLeast"):
            return line / 20
        if self.grid_twips and self.look.snaps is not False:
            return self.grid_twips / 20 * ((line or 240) / 240)
        return 0.0

    @property
    def first_signs(self) -> float:
        """Indent of the first line in signs of its type."""
        if self.look.first_chars is not None:
            return self.look.first_chars / 100
        size = next((run.size_pt for run in self.runs if run.text.strip()), 0) or 16
        return round((self.look.first_twips or 0) / 20 / size, 1)


@dataclass(frozen=True, slots=True)
class WordCell:
    """One cell of a table."""

    paragraphs: tuple[WordParagraph, ...]
    """What it says."""
    columns: int
    """Columns it spans."""
    continues: bool
    """Whether it goes on from the cell above."""

    @property
    def text(self) -> str:
        """Its words, a line per paragraph."""
        return "\n".join(paragraph.printed for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class WordTable:
    """One table."""

    rows: tuple[tuple[WordCell, ...], ...]
    """Rows of cells."""
    header_rows: int
    """Rows that each page repeats."""
    widths: tuple[int, ...]
    """Widths of the columns in twips."""
    heights: tuple[int, ...]
    """Least heights of the rows in twips, 0 where none is set."""
    floats: bool
    """Whether it is placed freely on the page."""


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot of pages of one kind."""

    kind: str
    """``default`` (odd pages when they differ), ``even`` or ``first``."""
    text: str
    """Its words, the page number as ``#``."""
    align: str
    """How it stands."""


@dataclass(frozen=True, slots=True)
class WordSection:
    """The pages of one section."""

    width: int
    """Page width in twips."""
    height: int
    """Page height in twips."""
    margins: dict[str, int]
    """``top``, ``right``, ``bottom``, ``left`` in twips."""
    grid_twips: int
    """Pitch of the grid of lines, 0 without one."""
    feet: tuple[Foot, ...]
    """What stands at the foot of its pages; those of the section before when it has none of its own."""


Piece = WordParagraph | WordTable | WordSection


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file as read."""

    pieces: tuple[Piece, ...]
    """Paragraphs and tables in order; a section stands behind what belongs to it."""
    odd_and_even: bool
    """Whether odd and even pages have feet of their own."""
    boxes: int
    """Text boxes, whose words are not among the pieces."""

    @property
    def paragraphs(self) -> list[WordParagraph]:
        """The paragraphs outside tables."""
        return [piece for piece in self.pieces if isinstance(piece, WordParagraph)]

    @property
    def sections(self) -> list[WordSection]:
        """The sections in order."""
        return [piece for piece in self.pieces if isinstance(piece, WordSection)]


def read_word(content: bytes, name: str = "") -> WordFile:
    """Return what the .docx *content* says and how it looks.

    Raises:
        UnreadableFile: it is no Word file, is protected or damaged, or asks for more than a paper may.
    """
    with Archive(content, name, LIMITS) as archive:
        package = Package(archive)
        root = package.parse(package.main_bytes(), package.main)
        return _Reader(archive, package, root).read()


class _Reader:
    def __init__(self, archive: Archive, package: Package, root: etree._Element) -> None:
        self._archive, self._package, self._root = archive, package, root
        self._looks = Looks(package.related("styles"), package.related("theme"))
        self._numbering = Numbering(lambda: package.related("numbering"))
        self._targets = self._relations()
        self._number = self._count = 0
        self._known: dict[tuple[str, bytes, bytes], Look] = {}
        self._feet: tuple[Foot, ...] = ()

    def read(self) -> WordFile:
        settings = self._package.related("settings")
        body = self._root.find(w("body"))
        pieces: list[Piece] = []
        waiting: list[Piece] = []
        for element in _blocks(body if body is not None else self._root):
            if element.tag == P:
                self._number += 1
                waiting.append(self._paragraph(element, self._number))
                section = element.find(f"{PPR}/{w('sectPr')}")
            else:
                section = element if element.tag == _SECT_PR else None
                if element.tag == TBL:
                    waiting.append(self._table(element, 0))
            if section is not None:
                pieces += self._close(waiting, self._section(section))
                waiting = []
        boxes = sum(1 for _ in self._root.iter(TXBX_CONTENT))
        return WordFile((*pieces, *waiting), bool(is_on(settings, w("evenAndOddHeaders"))), boxes)

    @staticmethod
    def _close(waiting: list[Piece], section: WordSection) -> list[Piece]:
        pitch = section.grid_twips
        placed: list[Piece] = [
            WordParagraph(
                each.number, each.runs, each.look, each.style_id, each.style_name, each.label, pitch
            ) if isinstance(each, WordParagraph) else each
            for each in waiting
        ]  # fmt: skip
        return [*placed, section]

    def _paragraph(self, element: etree._Element, number: int) -> WordParagraph:
        properties = element.find(PPR)
        style_id = child_value(properties, _P_STYLE) or self._looks.default_paragraph
        style = self._looks.style(style_id)
        look = self._look(style_id, properties, None)
        runs = tuple(_merge(self._runs(element, style_id)))
        self._count += 1
        if self._count > MOST_PARAGRAPHS:
            raise TooMuch(name=self._archive.name, amount=f"超过 {MOST_PARAGRAPHS} 段", limit=f"{MOST_PARAGRAPHS} 段")
        if sum(len(run.text) for run in runs) > LONGEST_PARAGRAPH:
            raise TooMuch(name=self._archive.name, amount="一段过长", limit=f"一段 {LONGEST_PARAGRAPH} 字")
        label = ""
        if look.number_id and look.number_id != "0":
            level = look.number_level
            if level is None:
                level = self._numbering.level_of_style(look.number_id, style_id) or 0
            label = self._numbering.label(look.number_id, level)
        return WordParagraph(number, runs, look, style_id, style.name, label)

    def _look(self, style_id: str, paragraph: etree._Element | None, run: etree._Element | None) -> Look:
        """Return the look of a paragraph or run; the same properties are resolved once, however often they come."""
        key = (style_id, _told(paragraph), _told(run))
        if key not in self._known:
            look = self._looks.defaults.under(self._looks.style(style_id).look)
            if style := child_value(run, _R_STYLE):
                look = look.under(self._looks.style(style).look)
            self._known[key] = look.under(self._looks.read(paragraph, run))
        return self._known[key]

    def _runs(self, element: etree._Element, style_id: str) -> Iterator[Run]:
        for run in _runs_of(element):
            properties = run.find(RPR)
            style = child_value(properties, _R_STYLE) or ""
            look = self._look(style_id, None, properties)
            text = "" if look.hidden else _words(run)
            if text:
                east = bool(_CHINESE.search(text))
                face = (look.east_face if east else look.latin_face) or ""
                yield Run(text, face, look.size_pt or 10.0, look.colour or "", style)

    def _table(self, element: etree._Element, depth: int) -> WordTable:
        rows: list[tuple[WordCell, ...]] = []
        headers = 0
        heights: list[int] = []
        for row in _children(element, TR):
            tall = row.find(f"{w('trPr')}/{w('trHeight')}")
            heights.append(number_of(tall.get(_VALUE)) if tall is not None else 0)
            if is_on(row.find(w("trPr")), w("tblHeader")) and headers == len(rows):
                headers += 1
            rows.append(tuple(self._cell(cell, depth) for cell in _children(row, TC)))
        widths = tuple(number_of(column.get(w("w"))) for column in element.iterfind(f"{w('tblGrid')}/{w('gridCol')}"))
        floats = element.find(f"{w('tblPr')}/{w('tblpPr')}") is not None
        return WordTable(tuple(rows), headers, widths, tuple(heights), floats)

    def _cell(self, element: etree._Element, depth: int) -> WordCell:
        properties = element.find(_TC_PR)
        merged = None if properties is None else properties.find(_V_MERGE)
        paragraphs: list[WordParagraph] = []
        for block in _blocks(element):
            if block.tag == P:
                paragraphs.append(self._paragraph(block, 0))
            elif block.tag == TBL and depth < _DEEPEST_TABLE:
                inner = self._table(block, depth + 1)
                paragraphs += [each for row in inner.rows for cell in row for each in cell.paragraphs]
        span = max(number_of(child_value(properties, _GRID_SPAN), 1), 1)
        return WordCell(
            tuple(paragraphs), min(span, 63), merged is not None and merged.get(_VALUE, "continue") == "continue"
        )

    def _section(self, element: etree._Element) -> WordSection:
        size, edges, grid = element.find(w("pgSz")), element.find(w("pgMar")), element.find(w("docGrid"))
        margins = {
            side: abs(number_of(edges.get(w(side)))) if edges is not None else 0
            for side in ("top", "right", "bottom", "left")
        }
        pitched = grid is not None and grid.get(w("type")) in ("lines", "linesAndChars", "snapToChars")
        own = tuple(self._foot(each) for each in element.iterfind(w("footerReference")))
        self._feet = tuple({foot.kind: foot for foot in (*self._feet, *own)}.values())
        return WordSection(
            width=number_of(size.get(w("w"))) if size is not None else 0,
            height=number_of(size.get(w("h"))) if size is not None else 0,
            margins=margins,
            grid_twips=number_of(grid.get(w("linePitch"))) if grid is not None and pitched else 0,
            feet=self._feet,
        )

    def _foot(self, reference: etree._Element) -> Foot:
        kind = reference.get(w("type"), "default")
        member = self._targets.get(reference.get(R_ID, ""), "")
        if not member or not self._archive.has(member):
            return Foot(kind, "", "")
        root = self._package.parse(in_transitional(self._archive.read(member)), member)
        for paragraph in root.iter(P):
            text = _foot_words(paragraph)
            if "#" in text and sum(1 for _ in paragraph.iter(P)) == 1:  # else the number stands in a box inside
                style = self._looks.style(child_value(paragraph.find(PPR), _P_STYLE) or self._looks.default_paragraph)
                look = style.look.under(self._looks.read(paragraph.find(PPR), None))
                return Foot(kind, text, _frame_side(paragraph) or look.align or "left")
        return Foot(kind, "", "")

    def _relations(self) -> dict[str, str]:
        folder, _, base = self._package.main.rpartition("/")
        member = f"{folder}/_rels/{base}.rels".lstrip("/")
        if not self._archive.has(member):
            return {}
        found = {}
        for relation in self._archive.xml(member):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                found[relation.get("Id", "")] = (
                    target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                )
        return found


def _told(properties: etree._Element | None) -> bytes:
    """Return what properties say in a form that can be compared."""
    return b"" if properties is None else etree.tostring(properties, with_tail=False)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs, tables and section marks below *parent*, looking into content controls."""
    for child in parent:
        if child.tag == SDT:
            content = child.find(SDT_CONTENT)
            if content is not None:
                yield from _blocks(content)
        elif child.tag in (_CUSTOM, _SMART, _INSERTED, _MOVED):
            yield from _blocks(child)
        elif child.tag in (P, TBL, _SECT_PR):
            yield child


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (SDT, SDT_CONTENT, _CUSTOM, _INSERTED):
            yield from _children(child, tag)


def _runs_of(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the runs of the final version of a paragraph, those of text boxes left out."""
    for child in element:
        if child.tag == R:
            yield child
        elif child.tag not in (PPR, DEL, MOVE_FROM, MC_FALLBACK, TXBX_CONTENT, _SDT_PR):
            yield from _runs_of(child)


def _words(run: etree._Element) -> str:
    words = []
    for child in run:
        if child.tag == _T:
            words.append(child.text or "")
        elif child.tag in (_BR, _CR) and child.get(w("type"), "textWrapping") == "textWrapping":
            words.append("\n")
        elif child.tag in (_TAB, _PTAB):
            words.append("\t")
        elif child.tag == _HYPHEN:
            words.append("-")
    return "".join(words)


def _merge(runs: Iterator[Run]) -> Iterator[Run]:
    """Join neighbours of one look: Word cuts words wherever someone once stopped typing."""
    waiting: Run | None = None
    for run in runs:
        if waiting and (waiting.face, waiting.size_pt, waiting.colour, waiting.style) == (
            run.face,
            run.size_pt,
            run.colour,
            run.style,
        ):
            waiting = Run(waiting.text + run.text, run.face, run.size_pt, run.colour, run.style)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting


def _foot_words(paragraph: etree._Element) -> str:
    """Return the words of a paragraph in a foot with ``#`` for the number of the page."""
    words: list[str] = []
    in_field = shown = False
    for element in paragraph.iter():
        if element.tag == FLD_SIMPLE:
            words.append("#" if _asks_page(element.get(w("instr"), "")) else "")
        elif element.tag == FLD_CHAR:
            kind = element.get(w("fldCharType"))
            in_field = kind != "end"
            shown = False if kind == "begin" else shown
        elif element.tag == INSTR_TEXT and _asks_page(element.text or "") and not shown:
            words.append("#")
            shown = True
        elif element.tag == _T and not in_field and not _inside_simple(element):
            words.append(element.text or "")
    return "".join(words)


def _inside_simple(element: etree._Element) -> bool:
    return any(ancestor.tag == FLD_SIMPLE for ancestor in element.iterancestors())


def _asks_page(instruction: str) -> bool:
    return instruction.split()[:1] == ["PAGE"] or instruction.strip().upper().startswith("PAGE ")


def _frame_side(paragraph: etree._Element) -> str:
    frame = paragraph.find(f"{PPR}/{w('framePr')}")
    return {"outside": "outside", "right": "right", "center": "center", "left": "left"}.get(
        frame.get(w("xAlign"), "") if frame is not None else "", ""
    )
