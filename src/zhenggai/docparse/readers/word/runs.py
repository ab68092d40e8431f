"""The words of one paragraph, gathered from its runs: what a reader of the final version sees.

Insertions are kept and deletions dropped, of fields only the result counts, hidden runs are left out; text boxes and
notes that hang on the paragraph are handed back to be set out after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from zhenggai.docparse.readers.numerals import numeral
from zhenggai.docparse.readers.word import names as n
from zhenggai.docparse.readers.word.styles import Styles, run_bold

_CONTAINERS = frozenset(
    (n.HYPERLINK, n.FLD_SIMPLE, n.CUSTOM_XML, n.SMART_TAG, n.SDT_CONTENT, n.w("bdo"), n.w("dir"), n.w("rubyBase"))
)
_MATH = frozenset(
    f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name}" for name in ("oMath", "oMathPara")
)
_ENCLOSED = re.compile(r"eq\s*\\o\\ac\s*\(\s*[○◯oO〇]\s*[,，;；]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_WINGDINGS = {
    0xFC: "√",
    0xFE: "☑",
    0xFB: "×",
    0xFD: "☒",
    0xA8: "□",
    0x6F: "□",
    0xA1: "○",
    0x6C: "●",
    0x6E: "■",
    0x52: "☑",
}
_CIRCLED_FROM, _CIRCLED_TO = 0x81, 0x8A
_FLD_TYPE, _CHAR, _FONT, _BR_TYPE, _ID = n.w("fldCharType"), n.w("char"), n.w("font"), n.w("type"), n.w("id")
_VANISH, _RSTYLE, _HIDDEN_MARK = n.w("vanish"), n.w("rStyle"), n.w("specVanish")
_PLAIN = {n.TAB: "\t", n.PTAB: "\t", n.CR: "\n", n.NO_BREAK_HYPHEN: "-", n.SOFT_HYPHEN: ""}
_REFS = frozenset((n.FOOTNOTE_REF, n.ENDNOTE_REF))


@dataclass(slots=True)
class Tally:
    """What was passed over or kept with a remark, over the whole file."""

    inserted: int = 0
    """Tracked insertions kept."""
    deleted: int = 0
    """Tracked deletions dropped."""
    moved: int = 0
    """Tracked moves, read at their new place."""
    hidden: list[str] = field(default_factory=list)
    """Words set as hidden text."""
    comments: int = 0
    """Comment marks."""
    boxes: int = 0
    """Text boxes read."""
    contents: int = 0
    """Lines of tables of contents left out."""
    pictures: int = 0
    """Pictures, whose words cannot be read."""


@dataclass(slots=True)
class Words:
    """The outcome for one paragraph."""

    text: str = ""
    """Words; soft line breaks as ``\\n``."""
    bold: bool | None = None
    """True or False where the runs say so throughout; None where they leave it to the style."""
    boxes: list[etree._Element] = field(default_factory=list)
    """Contents of text boxes anchored here."""
    references: list[tuple[str, str]] = field(default_factory=list)
    """``(kind, id)`` of footnotes and endnotes referred to here."""


class RunReader:
    """Gathers words; remembers the state of fields, which may span paragraphs."""

    def __init__(self, data: bytes, root: etree._Element, styles: Styles, tally: Tally) -> None:
        """Look once over *data* and its tree *root*, to know which rare features need looking for at all."""
        self._styles = styles
        self._tally = tally
        present = {element.tag for element in root.iter(*_TELLING)}
        self._watch_faces = n.w("rFonts") in present and any(face in data for face in _FACES)
        self._watch_bold = self._watch_faces or n.w("b") in present or _RSTYLE in present
        self._with_bold: set[etree._Element] | None = None
        if self._watch_bold and not self._watch_faces and _RSTYLE not in present:
            parents = (bold.getparent() for bold in root.iter(n.w("b")))
            runs = (parent.getparent() for parent in parents if parent is not None)
            self._with_bold = {found for run in runs if run is not None and (found := run.getparent()) is not None}
        self._watch_hidden = _VANISH in present or _RSTYLE in present
        self._unusual = tuple(tag for tag in _UNUSUAL if tag in present)
        breaks = tuple(tag for tag in (n.TAB, n.PTAB, n.BR, n.CR, n.NO_BREAK_HYPHEN) if tag in present)
        self._breaking = (n.T, *breaks) if breaks else ()
        self._fields: list[list[str]] = []
        self._pieces: list[str] = []
        self._words = Words()

    def read(self, paragraph: etree._Element) -> Words:
        """Return the words of *paragraph*."""
        if self._unusual and (self._fields or next(paragraph.iter(*self._unusual), None) is not None):
            return self._read_closely(paragraph)
        if not self._breaking:
            text = "".join([piece.text or "" for piece in paragraph.iter(n.T)])
        else:
            text = "".join([_piece(piece) for piece in paragraph.iter(*self._breaking)])
        watch = self._watch_bold and text and (self._with_bold is None or paragraph in self._with_bold)
        return Words(text, self._plain_bold(paragraph) if watch else None)

    def _plain_bold(self, paragraph: etree._Element) -> bool | None:
        """Return whether all runs are bold, looking no further than the first that is not."""
        found: bool | None = None
        for run in paragraph.iter(n.R):
            properties = run[0] if len(run) and run[0].tag == n.RPR else None
            bold = self._bold(properties) if properties is not None else None
            if bold:
                found = True
            elif any(text.text and not text.text.isspace() for text in run.iter(n.T)):
                return False if found or bold is False else None
        return found

    def _read_closely(self, paragraph: etree._Element) -> Words:
        self._pieces = []
        self._words = words = Words()
        self._state: set[bool | None] = set()
        self._children(paragraph)
        words.text = "".join(self._pieces)
        if len(self._state) == 1:
            words.bold = self._state.pop()
        elif self._state:
            words.bold = False
        return words

    def _children(self, parent: etree._Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == n.R:
                self._run(child)
            elif tag == n.PPR:
                continue
            elif tag in _CONTAINERS:
                self._children(child)
            elif tag == n.INS or tag == n.MOVE_TO:
                if tag == n.INS:
                    self._tally.inserted += 1
                self._children(child)
            elif tag == n.DEL:
                self._tally.deleted += 1
            elif tag == n.MOVE_FROM:
                self._tally.moved += 1
            elif tag == n.SDT:
                content = child.find(n.SDT_CONTENT)
                if content is not None:
                    self._children(content)
            elif tag == n.MC_ALTERNATE:
                self._alternate(child)
            elif tag in _MATH:
                self._pieces.extend(text.text or "" for text in child.iter(n.M_T))

    def _alternate(self, element: etree._Element) -> None:
        """Read one branch only: the choice, unless only the fallback holds words."""
        choice, fallback = element.find(n.MC_CHOICE), element.find(n.MC_FALLBACK)
        for branch in (choice, fallback):
            if branch is None:
                continue
            boxes = _outer_boxes(branch)
            if boxes:
                self._words.boxes.extend(boxes)
                return
            if branch.find(f".//{n.T}") is not None:
                self._children(branch)
                return

    def _run(self, run: etree._Element) -> None:
        first = run[0] if len(run) else None
        properties = first if first is not None and first.tag == n.RPR else None
        if self._watch_hidden and properties is not None and self._is_hidden(properties):
            self._tally.hidden.append("".join(text.text or "" for text in run.iter(n.T)))
            return
        shown = not self._fields or all(entry[0] == "result" for entry in self._fields)
        worded = False
        for child in run:
            tag = child.tag
            if tag == n.T:
                if shown and child.text:
                    self._pieces.append(child.text)
                    worded = worded or not child.text.isspace()
            elif tag == n.RPR:
                continue
            elif tag in _PLAIN:
                if shown:
                    self._pieces.append(_PLAIN[tag])
            elif tag == n.BR:
                if shown and child.get(_BR_TYPE) not in ("page", "column"):
                    self._pieces.append("\n")
            elif tag == n.SYM:
                if shown:
                    self._pieces.append(_symbol(child))
            elif tag == n.FLD_CHAR:
                self._field(child.get(_FLD_TYPE, ""))
                shown = not self._fields or all(entry[0] == "result" for entry in self._fields)
            elif tag == n.INSTR_TEXT:
                if self._fields and self._fields[-1][0] == "code":
                    self._fields[-1].append(child.text or "")
            elif tag in _REFS:
                self._words.references.append(("footnote" if tag == n.FOOTNOTE_REF else "endnote", child.get(_ID, "")))
            elif tag == n.COMMENT_REF:
                self._tally.comments += 1
            elif tag == n.RUBY:
                self._ruby(child)
            elif tag == n.MC_ALTERNATE:
                self._alternate(child)
            elif tag not in _IGNORED:
                self._object(child)
        if worded and self._watch_bold and False not in self._state:
            self._state.add(self._bold(properties))

    def _object(self, element: etree._Element) -> None:
        """A drawing, picture or embedded object: its text boxes are content."""
        boxes = _outer_boxes(element)
        if boxes:
            self._words.boxes.extend(boxes)
        elif element.tag in _PICTURES:
            self._tally.pictures += 1

    def _ruby(self, element: etree._Element) -> None:
        for base in element.iter(n.w("rubyBase")):
            self._children(base)

    def _bold(self, properties: etree._Element | None) -> bool | None:
        own = run_bold(properties, self._watch_faces)
        if own is None and properties is not None and (name := n.child_value(properties, _RSTYLE)):
            return self._styles.get(name).bold
        return own

    def _is_hidden(self, properties: etree._Element) -> bool:
        own = n.is_on(properties, _VANISH)
        if own is None and (name := n.child_value(properties, _RSTYLE)):
            return self._styles.get(name).hidden
        return bool(own) and properties.find(_HIDDEN_MARK) is None

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(["code"])
        elif kind == "separate" and self._fields:
            self._fields[-1][0] = "result"
        elif kind == "end" and self._fields:
            entry = self._fields.pop()
            outer = not self._fields or all(other[0] == "result" for other in self._fields)
            match = _ENCLOSED.search("".join(entry[1:])) if entry[0] == "code" and outer else None
            if match:
                self._pieces.append(numeral(int(match.group(1)), "decimalEnclosedCircle"))


_FACES = tuple(face.encode() for face in ("黑体", "楷体", "SimHei", "KaiTi", "小标宋"))
_PICTURES = frozenset((n.w("drawing"), n.w("pict"), n.w("object")))
_IGNORED = frozenset(
    (n.w("lastRenderedPageBreak"), n.DEL_TEXT, n.w("footnoteRef"), n.w("endnoteRef"), n.w("annotationRef"))
)


_UNUSUAL = (
    *(n.w(name) for name in (
        "fldChar", "fldSimple", "sym", "ruby", "ins", "del", "moveFrom", "moveTo", "drawing", "pict", "object",
        "txbxContent", "vanish", "footnoteReference", "endnoteReference", "commentReference", "rStyle",
    )),
    n.MC_ALTERNATE,
    *_MATH,
)  # fmt: skip
_TELLING = (*_UNUSUAL, n.w("b"), n.w("rFonts"), n.TAB, n.PTAB, n.BR, n.CR, n.NO_BREAK_HYPHEN)


def _piece(element: etree._Element) -> str:
    tag = element.tag
    if tag == n.T:
        return element.text or ""
    if tag == n.BR:
        return "" if element.get(_BR_TYPE) in ("page", "column") else "\n"
    if tag == n.TAB and element.get(n.VAL) is not None:  # a tab stop among the paragraph's properties
        return ""
    return _PLAIN[tag]


def _outer_boxes(element: etree._Element) -> list[etree._Element]:
    """Return the text boxes inside *element* that stand in no other text box of it, each once."""
    found: list[etree._Element] = []
    stack = list(element)[::-1]
    while stack:
        node = stack.pop()
        if node.tag == n.TXBX_CONTENT:
            found.append(node)
        elif node.tag == n.MC_ALTERNATE:
            choice, fallback = node.find(n.MC_CHOICE), node.find(n.MC_FALLBACK)
            inner = [box for branch in (choice,) if branch is not None for box in _outer_boxes(branch)]
            found.extend(inner or ([] if fallback is None else _outer_boxes(fallback)))
        else:
            stack.extend(list(node)[::-1])
    return found


def _symbol(element: etree._Element) -> str:
    """Return a character for a symbol of a picture font, as near as Unicode has one."""
    try:
        code = int(element.get(_CHAR, ""), 16)
    except ValueError:
        return ""
    if code < 0xF000:
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0xF000 else ""
    low = code & 0xFF
    if "wingdings" in element.get(_FONT, "").lower():
        if _CIRCLED_FROM <= low <= _CIRCLED_TO:
            return numeral(low - _CIRCLED_FROM + 1, "decimalEnclosedCircle")
        return _WINGDINGS.get(low, "□" if low in (0x72, 0x71, 0x70) else "•")
    return chr(low) if 0x20 <= low < 0x7F else "•"
