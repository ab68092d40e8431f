"""The story of a Word file in reading order: paragraphs, tables, text boxes, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from zhenggai.docparse.document import Place
from zhenggai.docparse.errors import TooDeep
from zhenggai.docparse.readers.assemble import Assembler, RawCell
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.word import names as n
from zhenggai.docparse.readers.word.numbering import Numbering
from zhenggai.docparse.readers.word.runs import RunReader, Tally
from zhenggai.docparse.readers.word.styles import Style, Styles, indent_of, outline_level

_TRANSPARENT = frozenset(
    (n.CUSTOM_XML, n.SMART_TAG, n.INS, n.MOVE_TO, n.SDT_CONTENT, n.MC_CHOICE, n.w("bdo"), n.w("dir"))
)
_PSTYLE, _NUM_PR, _NUM_ID, _ILVL, _JC = n.w("pStyle"), n.w("numPr"), n.w("numId"), n.w("ilvl"), n.w("jc")
_IND, _OUTLINE = n.w("ind"), n.w("outlineLvl")
_GALLERY, _TC_PR, _TR_PR, _TBL_PR = n.w("docPartGallery"), n.w("tcPr"), n.w("trPr"), n.w("tblPr")
_GRID_SPAN, _V_MERGE, _H_MERGE, _GRID_BEFORE, _TBL_HEADER = (
    n.w("gridSpan"), n.w("vMerge"), n.w("hMerge"), n.w("gridBefore"), n.w("tblHeader"),
)  # fmt: skip
_WIDEST = 500


@dataclass(slots=True)
class Paragraph:
    """One paragraph read, before it becomes blocks or a line of a cell."""

    lines: list[str]
    """Words, split at soft line breaks."""
    label: str = ""
    """Automatic number."""
    level: int = -1
    """List level, -1 for none."""
    heading: int = 0
    """Heading level."""
    bold: bool = False
    """Bold throughout."""
    centered: bool = False
    """Centred."""
    indent: float = 0.0
    """First-line plus left indent in characters."""
    boxes: list[etree._Element] = field(default_factory=list)
    """Text boxes anchored here."""


class _Properties:
    """What a paragraph states about itself, read in one pass."""

    __slots__ = ("centered", "heading", "indent", "numbering", "style")

    def __init__(self, element: etree._Element | None) -> None:
        self.style: str | None = None
        self.numbering: etree._Element | None = None
        self.heading: int | None = None
        self.centered: bool | None = None
        self.indent = 0.0
        for child in element if element is not None else ():
            tag = child.tag
            if tag == _PSTYLE:
                self.style = child.get(n.VAL, "")
            elif tag == _NUM_PR:
                self.numbering = child
            elif tag == _JC:
                self.centered = child.get(n.VAL) == "center"
            elif tag == _IND:
                self.indent = indent_of(child)
            elif tag == _OUTLINE:
                self.heading = outline_level(child.get(n.VAL, ""))


_NO_PROPERTIES = _Properties(None)


class BodyReader:
    """Walks the body and fills an assembler."""

    def __init__(
        self,
        data: bytes,
        root: etree._Element,
        styles: Styles,
        numbering: Numbering,
        out: Assembler,
        limits: Limits,
        name: str,
        tally: Tally,
    ) -> None:
        """Prepare to read the main part *root*, whose raw XML is *data*."""
        self._styles = styles
        self._numbering = numbering
        self._out = out
        self._limits = limits
        self._name = name
        self._tally = tally
        self._runs = RunReader(data, root, styles, tally)
        self._watch_marks = next(root.iter(n.DEL), None) is not None
        self._count = 0
        self._carried = ""
        self.references: list[tuple[str, str]] = []

    def walk(self, parent: etree._Element, depth: int = 0) -> None:
        """Set out the blocks below *parent*."""
        for child in self._blocks(parent):
            if child.tag == n.P:
                self._paragraph(child, depth)
            else:
                self._table(child, depth + 1)

    def _blocks(self, parent: etree._Element) -> Iterator[etree._Element]:
        """Yield paragraphs and tables of *parent*, looking through containers."""
        stack = [iter(parent)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = child.tag
            if tag == n.P or tag == n.TBL:
                yield child
            elif tag in _TRANSPARENT:
                stack.append(iter(child))
            elif tag == n.SDT:
                content = child.find(n.SDT_CONTENT)
                if content is None:
                    continue
                if self._is_contents(child):
                    self._tally.contents += sum(1 for _ in content.iter(n.P))
                else:
                    stack.append(iter(content))
            elif tag == n.MC_ALTERNATE:
                branch = child.find(n.MC_CHOICE)
                branch = child.find(n.MC_FALLBACK) if branch is None else branch
                if branch is not None:
                    stack.append(iter(branch))

    @staticmethod
    def _is_contents(control: etree._Element) -> bool:
        gallery = next(control.iter(_GALLERY), None)
        return gallery is not None and gallery.get(n.VAL, "").lower() == "table of contents"

    def _paragraph(self, element: etree._Element, depth: int) -> None:
        read = self._read(element)
        self._emit(read)
        for box in read.boxes:
            self._tally.boxes += 1
            self.walk(box, depth + 1)

    def _emit(self, read: Paragraph) -> None:
        label = read.label
        for line in read.lines:
            if not line or line.isspace():
                continue
            self._out.paragraph(
                line,
                kind="heading" if read.heading else "paragraph",
                label=label,
                list_level=read.level,
                heading_level=read.heading,
                bold=read.bold,
                centered=read.centered,
                indent=read.indent,
                place=Place(paragraph=self._count),
            )
            label = ""

    def _read(self, element: etree._Element) -> Paragraph:
        """Return one paragraph with its number; a deleted paragraph mark joins it to the next."""
        self._count += 1
        properties = element[0] if len(element) and element[0].tag == n.PPR else None
        words = self._runs.read(element)
        self.references.extend(words.references)
        text = words.text
        if self._watch_marks and properties is not None and self._mark_deleted(properties):
            self._carried += text
            return Paragraph([], boxes=words.boxes)
        if self._carried:
            text, self._carried = self._carried + text, ""
        own = _Properties(properties) if properties is not None else _NO_PROPERTIES
        style = self._styles.get(own.style)
        if style.is_toc:
            self._tally.contents += 1
            return Paragraph([])
        if style.hidden and text:
            self._tally.hidden.append(text)
            return Paragraph([])
        label, level = "", -1
        if own.numbering is not None or style.num_id is not None:
            label, level = self._number(own.numbering, style, bool(text.strip()))
        return Paragraph(
            text.split("\n") if "\n" in text else [text],
            label,
            level,
            style.heading_level if own.heading is None else own.heading,
            bool(style.bold if words.bold is None else words.bold),
            bool(style.centered if own.centered is None else own.centered),
            own.indent or style.indent,
            words.boxes,
        )

    @staticmethod
    def _mark_deleted(properties: etree._Element) -> bool:
        mark = properties.find(n.RPR)
        return mark is not None and mark.find(n.DEL) is not None

    def _number(self, own: etree._Element | None, style: Style, worded: bool) -> tuple[str, int]:
        """Return label and level of the automatic number; every numbered paragraph counts, even an empty one."""
        num_id, level = style.num_id, style.level
        if own is not None:
            stated = n.child_value(own, _NUM_ID)
            depth = n.child_value(own, _ILVL)
            if stated is not None:
                num_id = stated
                level = n.number_of(depth)
            elif depth is not None:
                level = n.number_of(depth)
        if num_id is None or num_id == "0":
            return "", -1
        if level is None or own is None:
            linked = self._numbering.level_of_style(num_id, style.id)
            level = linked if linked is not None else level or 0
        label = self._numbering.label(num_id, level)
        return label, level if worded and label else -1

    def _table(self, element: etree._Element, depth: int) -> None:
        if depth > self._limits.max_table_depth:
            raise TooDeep(name=self._name, reason=f"表格套表格超过 {self._limits.max_table_depth} 层")
        rows = self._rows(element)
        if max((len(row) for _, row in rows), default=0) <= 1:
            for _, row in rows:
                for cell in row:
                    self.walk(cell, depth)
            return
        self._count += 1
        at = self._count
        cells, columns = self._cells(rows, depth, at)
        self._out.table(cells, len(rows), columns, name=self._caption(element), place=Place(paragraph=at))

    @staticmethod
    def _caption(element: etree._Element) -> str:
        properties = element.find(_TBL_PR)
        return n.child_value(properties, n.w("tblCaption")) or ""

    def _rows(self, table: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
        """Return the rows of *table* that are not tracked as deleted, each with its cells."""
        rows = []
        for row in _inside(table, n.TR):
            properties = row.find(_TR_PR)
            if properties is not None and properties.find(n.DEL) is not None:
                self._tally.deleted += 1
                continue
            rows.append((row, list(_inside(row, n.TC))))
        return rows

    def _cells(
        self, rows: list[tuple[etree._Element, list[etree._Element]]], depth: int, at: int
    ) -> tuple[list[RawCell], int]:
        cells: list[RawCell] = []
        open_merges: dict[int, RawCell] = {}
        widest = 0
        for number, (row, row_cells) in enumerate(rows):
            properties = row.find(_TR_PR)
            column = n.number_of(n.child_value(properties, _GRID_BEFORE)) if properties is not None else 0
            column = min(max(column, 0), _WIDEST)
            is_header = bool(n.is_on(properties, _TBL_HEADER))
            for element in row_cells:
                tc = element.find(_TC_PR)
                span = min(max(n.number_of(n.child_value(tc, _GRID_SPAN), 1), 1), _WIDEST)
                merge = n.child_value(tc, _V_MERGE)
                above = open_merges.get(column)
                if (
                    n.child_value(tc, _H_MERGE) in ("continue", "")
                    and tc is not None
                    and tc.find(_H_MERGE) is not None
                    and cells
                ):
                    cells[-1].column_span += span
                elif merge is not None and merge != "restart" and above is not None:
                    above.row_span = number - above.row + 1
                else:
                    text = self._cell_text(element, depth)
                    cell = RawCell(
                        number, column, text, 1, span, is_header, Place(paragraph=at, row=number + 1, column=column + 1)
                    )
                    cells.append(cell)
                    if merge is not None:
                        open_merges[column] = cell
                    else:
                        open_merges.pop(column, None)
                column += span
            widest = max(widest, column)
        return cells, widest

    def _cell_text(self, cell: etree._Element, depth: int) -> str:
        """Return the words of *cell*, automatic numbers written out, inner tables as tabbed lines."""
        lines: list[str] = []
        for child in self._blocks(cell):
            if child.tag == n.P:
                read = self._read(child)
                text = "\n".join(read.lines).strip()
                if text or read.label:
                    lines.append(read.label + text)
                for box in read.boxes:
                    self._tally.boxes += 1
                    lines.append(self._cell_text(box, depth + 1))
                continue
            if depth >= self._limits.max_table_depth:
                raise TooDeep(name=self._name, reason=f"表格套表格超过 {self._limits.max_table_depth} 层")
            for _, row in self._rows(child):
                lines.append("\t".join(self._cell_text(inner, depth + 1) for inner in row))
        return "\n".join(lines)

    def notes(self, parts: dict[str, etree._Element | None]) -> None:
        """Set out the footnotes and endnotes that were referred to, in order, as blocks of their own."""
        for kind, part in parts.items():
            wanted = [identifier for known, identifier in self.references if known == kind]
            if part is None or not wanted:
                continue
            by_id = {note.get(n.w("id"), ""): note for note in part.iterfind(n.w(kind))}
            for number, identifier in enumerate(wanted, 1):
                note = by_id.get(identifier)
                if note is None:
                    continue
                text = "\n".join("\n".join(self._read(child).lines) for child in self._blocks(note) if child.tag == n.P)
                for line in text.split("\n"):
                    self._out.paragraph(line, kind="footnote", label=str(number), place=Place(paragraph=self._count))


def _inside(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the *wanted* children of *parent*, looking through content controls and custom XML."""
    for child in parent:
        tag = child.tag
        if tag == wanted:
            yield child
        elif tag == n.SDT:
            content = child.find(n.SDT_CONTENT)
            if content is not None:
                yield from _inside(content, wanted)
        elif tag in _TRANSPARENT:
            yield from _inside(child, wanted)
