"""Qualified names of WordprocessingML, in the transitional and the strict namespace."""

from __future__ import annotations

from lxml import etree

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_PREFIX = b"http://purl.oclc.org/ooxml/"
_PAIRS = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)  # fmt: skip


def w(name: str) -> str:
    """Return the qualified name of *name* in the main namespace."""
    return f"{{{TRANSITIONAL}}}{name}"


def in_transitional(data: bytes) -> bytes:
    """Return *data* with the namespaces of strict files replaced, so that one set of names fits both."""
    if _STRICT_PREFIX not in data:
        return data
    for strict, transitional in _PAIRS:
        data = data.replace(strict, transitional)
    return data


VAL = w("val")
MC_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
MC_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
M_T = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

P, R, T, TAB, BR, CR, PTAB = w("p"), w("r"), w("t"), w("tab"), w("br"), w("cr"), w("ptab")
PPR, RPR, TBL, TR, TC, SDT, SDT_CONTENT = w("pPr"), w("rPr"), w("tbl"), w("tr"), w("tc"), w("sdt"), w("sdtContent")
NO_BREAK_HYPHEN, SOFT_HYPHEN, SYM = w("noBreakHyphen"), w("softHyphen"), w("sym")
INS, DEL, MOVE_TO, MOVE_FROM, DEL_TEXT = w("ins"), w("del"), w("moveTo"), w("moveFrom"), w("delText")
FLD_CHAR, INSTR_TEXT, FLD_SIMPLE, HYPERLINK = w("fldChar"), w("instrText"), w("fldSimple"), w("hyperlink")
TXBX_CONTENT, RUBY, RT, CUSTOM_XML, SMART_TAG = w("txbxContent"), w("ruby"), w("rt"), w("customXml"), w("smartTag")
FOOTNOTE_REF, ENDNOTE_REF, COMMENT_REF = w("footnoteReference"), w("endnoteReference"), w("commentReference")


def child_value(parent: etree._Element | None, name: str) -> str | None:
    """Return the ``w:val`` of the child *name* (qualified) of *parent*, None without such a child."""
    if parent is None:
        return None
    child = parent.find(name)
    return None if child is None else child.get(VAL, "")


def is_on(parent: etree._Element | None, name: str) -> bool | None:
    """Return an on-off property: True, False, or None when *parent* does not say."""
    value = child_value(parent, name)
    return None if value is None else value.lower() not in ("0", "false", "off", "none")


def number_of(text: str | None, default: int = 0) -> int:
    """Return *text* as an integer, or *default* when it is none or beyond reason."""
    try:
        value = int(text or "")
    except ValueError:
        return default
    return value if -1_000_000_000 < value < 1_000_000_000 else default
