"""Write the Word template of letters anew: ``src/zhenggai/oversight/papers/letter.docx``.

Layout after GB/T 9704: A4, margins 37/35/28/26 mm, lines of 29 pt, body 16 pt FangSong with two signs indent, title
22 pt, page number between dashes.  The names of the fonts are those of office computers; nothing is embedded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).resolve().parent.parent / "src" / "zhenggai" / "oversight" / "papers" / "letter.docx"
FANG, SONG, HEI, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
BODY, TITLE, SMALL = 16, 22, 14
LINE = 29
RED = RGBColor(0xC0, 0x00, 0x00)


def main() -> None:
    """Write the template."""
    paper = Document()
    _page(paper)
    _normal(paper)
    _head(paper)
    _line(paper, "{{ title }}", SONG, TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, before=LINE, after=LINE)
    _line(paper, "{{ recipients }}：", FANG, BODY)
    _line(paper, "{%p for paragraph in paragraphs %}", FANG, BODY)
    _line(paper, "{{ paragraph }}", FANG, BODY, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _line(paper, "{%p endfor %}", FANG, BODY)
    _line(paper, "{%p if talk %}", FANG, BODY)
    _line(paper, "约谈时间：{{ held_on }}", FANG, BODY, indent=2)
    _line(paper, "约谈地点：{{ place }}", FANG, BODY, indent=2)
    _line(paper, "约谈人（签名）：", FANG, BODY, indent=2)
    _line(paper, "被约谈人（签名）：", FANG, BODY, indent=2)
    _line(paper, "{%p endif %}", FANG, BODY)
    _line(paper, "", FANG, BODY)
    # The day ends four signs from the edge, below the name, which ends two from it.
    _line(paper, "{{ signature }}", FANG, BODY, align=WD_ALIGN_PARAGRAPH.RIGHT, right=2, keep=True)
    _line(paper, "{{ issued_on }}", FANG, BODY, align=WD_ALIGN_PARAGRAPH.RIGHT, right=4)
    _line(paper, "{%p if cc %}", FANG, BODY)
    _line(paper, "", FANG, BODY)
    _line(paper, "抄送：{{ cc }}", FANG, SMALL, indent=1, ruled=True)
    _line(paper, "{%p endif %}", FANG, BODY)
    _foot(paper)
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = "", "督办函件", ""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    paper.save(str(TARGET))


def _page(paper: Any) -> None:
    section = paper.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE * 20))


def _normal(paper: Any) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FANG, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)


def _head(paper: Any) -> None:
    for mark in ("{%p for line in issuer %}", "{{ line }}", "{%p endfor %}"):
        _line(paper, mark, SONG, 26, align=WD_ALIGN_PARAGRAPH.CENTER, colour=RED, tall=True)
    _line(paper, "{{ number }}", FANG, BODY, align=WD_ALIGN_PARAGRAPH.CENTER, before=LINE)
    rule = _line(paper, "", FANG, 2, tall=True)
    _border(rule, "bottom", 18, "C00000")


def _line(
    paper: Any,
    text: str,
    font: str,
    size: int,
    *,
    align: Any = None,
    indent: int = 0,
    right: int = 0,
    before: int = 0,
    after: int = 0,
    colour: Any = None,
    tall: bool = False,
    keep: bool = False,
    ruled: bool = False,
) -> Any:
    paragraph = paper.add_paragraph()
    form = paragraph.paragraph_format
    if align is not None:
        form.alignment = align
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next = keep
    if tall:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.SINGLE, 1.0
    if indent or right:
        place = paragraph._p.get_or_add_pPr().get_or_add_ind()
        if indent:
            place.set(qn("w:firstLineChars"), str(100 * indent))
            place.set(qn("w:firstLine"), str(20 * size * indent))
        if right:
            place.set(qn("w:rightChars"), str(100 * right))
            place.set(qn("w:right"), str(20 * size * right))
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    if ruled:
        _border(paragraph, "top", 6, "000000")
        _border(paragraph, "bottom", 6, "000000")
    return paragraph


def _border(paragraph: Any, side: str, width: int, colour: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(width)), ("space", "1"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)


def _foot(paper: Any) -> None:
    """Put the page number between dashes at the outer edge of the foot, one sign in, in 14 pt."""
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    for footer, align, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn(f"w:{side}"), str(20 * SMALL))
        for part in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if part == "PAGE" else part)
            run.font.name, run.font.size = "宋体", Pt(SMALL)
            run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "宋体")
            if part == "PAGE":
                _page_field(run)


def _page_field(run: Any) -> None:
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        run._r.append(mark)


if __name__ == "__main__":
    main()
