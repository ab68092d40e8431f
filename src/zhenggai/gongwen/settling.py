"""A Word file filled from a template → the same with signature and date where the standard wants them.

Where they stand depends on how long they are, which a template cannot know.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from zhenggai.docparse.readers.archive import parse_xml
from zhenggai.docparse.readers.word.names import PPR, P, child_value, w
from zhenggai.gongwen.measures import SIGN_PT, STYLES, Role
from zhenggai.gongwen.pieces import signature_room, signs

_MAIN = "word/document.xml"


def settle_signature(content: bytes) -> bytes:
    """Return the .docx *content* with the room beside signature and date set for their words; others stay as they are."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if _MAIN not in archive.namelist():
            return content
        root = parse_xml(archive.read(_MAIN), "", _MAIN)
        bodies, days = _of(root, Role.SIGNATURE), _of(root, Role.DATE)
        if not bodies or not days:
            return content
        above, below = signature_room(max((_text(each) for each in bodies), key=signs), _text(days[0]))
        for paragraphs, room in ((bodies, above), (days, below)):
            for paragraph in paragraphs:
                _set_room(paragraph, room)
        settled = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for item in archive.infolist():
                made.writestr(item, settled if item.filename == _MAIN else archive.read(item.filename))
    return out.getvalue()


def _of(root: etree._Element, role: Role) -> list[etree._Element]:
    wanted = STYLES[role].word_id
    return [each for each in root.iter(P) if child_value(each.find(PPR), w("pStyle")) == wanted]


def _text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(w("t"))).strip()


def _set_room(paragraph: etree._Element, room: float) -> None:
    properties = paragraph.find(PPR)
    if properties is None:
        return
    indent = properties.find(w("ind"))
    if indent is None:
        indent = etree.SubElement(properties, w("ind"))
        for later in ("jc", "outlineLvl", "rPr", "sectPr"):  # the order of the standard
            if (found := properties.find(w(later))) is not None:
                properties.append(found)
    indent.set(w("rightChars"), str(round(room * 100)))
    indent.set(w("right"), str(round(room * SIGN_PT * 20)))
