"""Write the Word files of the samples: pieces in, bytes of a ``.docx`` out.

Beside plain paragraphs it makes what real files carry: heading styles, numbers that only the numbering definitions
know, merged cells, text boxes (in both encodings that Word writes), tracked changes and footnotes.
"""

from __future__ import annotations

import datetime
import io
import re
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, RGBColor

FORMATS = {
    "一": "chineseCountingThousand", "1": "decimal", "①": "decimalEnclosedCircle", "A": "upperLetter", "•": "bullet",
}  # fmt: skip
BOX = """<w:r {w} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">
 <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="5200000" cy="600000"/>
 <wp:docPr id="{id}" name="box{id}"/><a:graphic><a:graphicData
 uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/>
 <wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>
 </wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style="width:400pt;height:50pt"><v:textbox>
 <w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def write_docx(header: dict[str, str], pieces: list[Any], grids: list[Any], edit: re.Pattern[str]) -> bytes:
    """Return the file.

    Args:
        header: The source's header; ``numbering`` names the levels, e.g. ``一、/（一）/1.``; ``title`` is the
            title that the properties declare; ``columns`` the widths of a table in cm.
        pieces: The body, piece by piece.
        grids: For each piece its cells as row, column, row span, column span, words.
        edit: How tracked changes and footnotes are marked in the words.
    """
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.title = "", header.get("title", "")
    properties.created = properties.modified = datetime.datetime(2025, 1, 1)
    style = document.styles["Normal"]
    style.font.name = "仿宋"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for level in (1, 2, 3):
        heading = document.styles[f"Heading {level}"]
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.element.rPr.rFonts.set(qn("w:eastAsia"), "黑体")
    levels = header.get("numbering", "").split("/") if header.get("numbering") else []
    number_id = _add_numbering(document, levels) if levels else 0
    notes: list[str] = []
    for index, piece in enumerate(pieces):
        if piece.kind == "table":
            _add_table(document, piece, grids[index], header.get("columns", ""))
            document.add_paragraph()  # Word itself keeps one between two tables
            continue
        if piece.kind == "h":
            paragraph = document.add_paragraph(style=f"Heading {piece.level}")
        else:
            paragraph = document.add_paragraph()
        if piece.kind == "c":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if piece.kind == "li":
            _number(paragraph, number_id, piece.level - 1)
        if piece.kind == "box":
            content = f"<w:p><w:r><w:t>{escape(piece.text)}</w:t></w:r></w:p>"
            paragraph._p.append(parse_xml(BOX.format(w=nsdecls("w"), id=100 + index, content=content)))
        else:
            _add_runs(paragraph, piece.text, piece.kind == "b", edit, notes)
    if notes:
        _add_footnotes(document, notes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_runs(paragraph: Any, text: str, bold: bool, edit: re.Pattern[str], notes: list[str]) -> None:
    position = 0
    for match in edit.finditer(text):
        _add_run(paragraph, text[position : match.start()], bold)
        position = match.end()
        if match[1] == "^":
            notes.append(match[2])
            paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{len(notes) + 1}"/></w:r>'))
            continue
        tag, words = ("ins", "t") if match[1] == "+" else ("del", "delText")
        paragraph._p.append(
            parse_xml(
                f'<w:{tag} {nsdecls("w")} w:id="{position}" w:author="审核" w:date="2025-01-01T00:00:00Z"><w:r>'
                f'<w:{words} xml:space="preserve">{escape(match[2])}</w:{words}></w:r></w:{tag}>'
            )
        )
    _add_run(paragraph, text[position:], bold)


def _add_run(paragraph: Any, text: str, bold: bool) -> None:
    # Word splits runs wherever it likes; so do the samples, to hold readers to joining them.
    for start in range(0, len(text), 23):
        run = paragraph.add_run(text[start : start + 23])
        run.bold = True if bold else None


def _add_table(document: Any, piece: Any, cells: list[tuple[int, int, int, int, str]], columns: str) -> None:
    table = document.add_table(rows=len(piece.rows), cols=max(map(len, piece.rows)))
    table.style = "Table Grid"
    if columns:
        table.autofit = False
        for column, share in zip(table.columns, map(float, columns.split("/")), strict=True):
            column.width = Cm(share)
            for cell in column.cells:
                cell.width = Cm(share)
    for row, column, high, wide, words in cells:
        cell = table.cell(row, column)
        if high > 1 or wide > 1:
            cell = cell.merge(table.cell(row + high - 1, column + wide - 1))
        first, *others = words.split("\n")
        cell.paragraphs[0].text = first
        for extra in cell.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        for line in others:
            cell.add_paragraph(line)
    for row in range(piece.header_rows):
        properties = table.rows[row]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _add_numbering(document: Any, levels: list[str]) -> int:
    part = document.part.numbering_part.element
    made = []
    for index, sample in enumerate(levels):
        token = next(sign for sign in FORMATS if sign in sample)
        words = "•" if token == "•" else sample.replace(token, f"%{index + 1}")
        made.append(
            f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{FORMATS[token]}"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{words}"/><w:lvlJc w:val="left"/></w:lvl>'
        )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{"".join(made)}</w:abstractNum>')
    part.insert(0, abstract)
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return 90


def _number(paragraph: Any, number_id: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>')
    )


def _add_footnotes(document: Any, notes: list[str]) -> None:
    kinds = (("separator", "separator"), ("continuationSeparator", "continuationSeparator"))
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for number, (kind, tag) in enumerate(kinds)
    )
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{escape(words)}</w:t></w:r></w:p>'
        "</w:footnote>"
        for number, words in enumerate(notes, 2)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{separators}{body}</w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
