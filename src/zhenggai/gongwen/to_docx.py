"""An official document as a Word file: named styles, fonts by their official names, nothing embedded.

The parts are written as text and zipped, the same tree giving the same bytes.  Measures come from
:mod:`zhenggai.gongwen.measures`.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from zhenggai.gongwen.measures import (
    ALSO_CALLED,
    BODY_PT,
    LANDSCAPE_MARGINS_MM,
    LINE_TWIPS,
    MARGINS_MM,
    OFFICIAL_NAME,
    PAGE_MM,
    PAGE_NUMBER_PT,
    RED,
    SIGN_PT,
    SMALL_TABLE_PT,
    STYLES,
    TABLE_PT,
    TRACKING_PT,
    Face,
    Role,
    Style,
    twips,
)
from zhenggai.gongwen.pieces import Grid, Imprint, Line, Piece, Section, pieces
from zhenggai.gongwen.tree import Align, Cell, OfficialDocument, Orientation, TableBlock, as_cell
from zhenggai.kit.text import printable

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MOMENT = (1980, 1, 1, 0, 0, 0)
FOOTER_MM = 25
"""From the foot of the page to the line of its number, which puts the number 7 mm below the type area."""
SQUEEZE_TWIPS = math.floor(TRACKING_PT * 20)
"""What each sign of the body gives up so that 28 fill a line."""
HEAVY, LIGHT = 8, 6
"""The rules of the last lines, 0.35 and 0.25 mm, in eighths of a point."""
_BREAK = '<w:p><w:pPr><w:pStyle w:val="GwBreak"/></w:pPr></w:p>'
_NEW_PAGE = '<w:p><w:pPr><w:pStyle w:val="GwPage"/></w:pPr></w:p>'
BODY_RUN = "GwBodyRun"
"""Character style of words that run in behind a heading."""
TABLE_STYLES = {False: ("GwCell", "表格文字"), True: ("GwHeadCell", "表头文字")}


def to_docx(document: OfficialDocument) -> bytes:
    """Return *document* as the bytes of a .docx."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml"), ("metadata/core-properties", "docProps/core.xml")),
        "docProps/core.xml": _properties(" ".join(document.title)),
        "word/document.xml": _document(pieces(document)),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"), ("settings", "settings.xml"), ("fontTable", "fontTable.xml"),
            ("footer", "footer1.xml"), ("footer", "footer2.xml"),
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
        "word/footer1.xml": _footer("right"),
        "word/footer2.xml": _footer("left"),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _document(found: tuple[Piece, ...]) -> str:
    body: list[str] = []
    orientation: Orientation | None = None
    for piece in found:
        match piece:
            case Section(goes_on=True):
                body.append(_NEW_PAGE)
            case Section():
                if orientation is not None:
                    body.append(f'<w:p><w:pPr><w:pStyle w:val="GwBreak"/>{_section(orientation)}</w:pPr></w:p>')
                orientation = piece.orientation
            case Line():
                body.append(_paragraph(piece))
            case Grid():
                # Two tables that touch would be read as one.
                if body and body[-1].endswith("</w:tbl>"):
                    body.append(_BREAK)
                body.append(_table(piece.table, orientation or Orientation.PORTRAIT))
            case Imprint():
                if body and body[-1].endswith("</w:tbl>"):
                    body.append(_BREAK)
                body.append(_imprint(piece, orientation or Orientation.PORTRAIT))
    # A document may not end with a table, and a reader expects a paragraph of its own behind one.
    if body and body[-1].endswith("</w:tbl>"):
        body.append(_BREAK)
    words = "".join(body) + _section(orientation or Orientation.PORTRAIT)
    return f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{words}</w:body></w:document>'


def _paragraph(line: Line, room: int = 0) -> str:
    style = STYLES[line.role]
    own = f'<w:pStyle w:val="{style.word_id}"/>'
    if line.keeps:
        own += "<w:keepNext/>"
    elif line.run_in:  # the heading has its words beside it already
        own += '<w:keepNext w:val="0"/>'
    if line.role is Role.RULE:
        own += f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="1" w:color="{RED}"/></w:pBdr>'
    if line.role is Role.PRINTED:
        own += f'<w:tabs><w:tab w:val="right" w:pos="{room - round(style.size_pt * 20)}"/></w:tabs>'
    if not line.first:
        own += _spacing_against(line, style)
    if line.right_signs is not None and line.right_signs != style.right_signs:
        own += _indent(style, right=line.right_signs)
    runs = "" if line.role is Role.RULE else _run(line.text)
    if line.run_in:
        runs += _run(line.run_in, f'<w:rStyle w:val="{BODY_RUN}"/>')
    return f"<w:p><w:pPr>{own}</w:pPr>{runs}</w:p>"


def _spacing_against(line: Line, style: Style) -> str:
    """Return the spacing of a line whose distance is kept by its neighbour: none above, a title none below."""
    before = 0.0 if line.role is not Role.TITLE else style.before_lines
    after = 0.0 if line.role is Role.TITLE else style.after_lines
    return _spacing(before, after, style.line_pt)


def _run(text: str, properties: str = "") -> str:
    properties += '<w:rFonts w:hint="eastAsia"/>'
    words = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(half)}</w:t>' for half in line.split("\t"))
        for line in text.split("\n")
    )
    return f"<w:r><w:rPr>{properties}</w:rPr>{words}</w:r>"


def _imprint(piece: Imprint, orientation: Orientation) -> str:
    """Return the last lines as a table at the foot of the page, heavy rules outside and a light one between."""
    width = _room(orientation)
    place = (
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
        'w:tblpXSpec="center" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (("top", HEAVY), ("bottom", HEAVY), ("insideH", LIGHT))
    )
    rows = "".join(
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(line, width)}</w:tc></w:tr>'
        for line in piece.lines
    )
    return (
        f'<w:tbl><w:tblPr>{place}<w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        f'</w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{rows}</w:tbl>'
    )


def _table(table: TableBlock, orientation: Orientation) -> str:
    widths = _widths(table, _room(orientation))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    head = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}<w:tblLook w:val="0020" w:firstRow="{int(bool(table.header))}"/></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={quoteattr(str(width))}/>' for width in widths)}</w:tblGrid>"
    )
    rows = []
    if table.header:
        cells = [Cell(text, heading=True, align=Align.CENTER) for text in table.header]
        rows.append(_row(cells, widths, table.small, header=True))
    rows += [_row([as_cell(cell) for cell in row], widths, table.small) for row in table.rows]
    return head + "".join(rows) + "</w:tbl>"


def _room(orientation: Orientation) -> int:
    """Return the width of the type area in twips."""
    return twips(156 if orientation is Orientation.PORTRAIT else 225)


def _widths(table: TableBlock, room: int) -> list[int]:
    shares = table.widths or (1,) * table.columns
    widths = [room * share // sum(shares) for share in shares]
    widths[-1] += room - sum(widths)
    return widths


def _row(cells: Iterable[Cell], widths: list[int], small: bool, *, header: bool = False) -> str:
    out, place, tall = [], 0, 0
    for cell in cells:
        width = sum(widths[place : place + cell.columns])
        place += cell.columns
        tall = max(tall, cell.least_mm)
        span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
        properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
        style = TABLE_STYLES[cell.heading][0]
        align = "" if cell.align is Align.LEFT and not cell.heading else f'<w:jc w:val="{_cell_align(cell)}"/>'
        size = f'<w:sz w:val="{round(SMALL_TABLE_PT * 2)}"/>' if small else ""
        paragraphs = "".join(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>{_cell_run(text, size)}</w:p>'
            for text in cell.text.split("\n")
        )
        out.append(f"<w:tc>{properties}{paragraphs}</w:tc>")
    height = f'<w:trHeight w:val="{twips(tall)}" w:hRule="atLeast"/>' if tall else ""
    properties = "<w:cantSplit/><w:tblHeader/>" if header else height
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(out)}</w:tr>"


def _cell_align(cell: Cell) -> str:
    return "center" if cell.heading and cell.align is Align.LEFT else cell.align.value


def _cell_run(text: str, size: str) -> str:
    if not text:
        return ""
    fonts = '<w:rFonts w:hint="eastAsia"/>'
    return f'<w:r><w:rPr>{fonts}{size}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _section(orientation: Orientation) -> str:
    lying = orientation is Orientation.LANDSCAPE
    wide, tall = (twips(side) for side in (PAGE_MM[::-1] if lying else PAGE_MM))
    margins = LANDSCAPE_MARGINS_MM if lying else MARGINS_MM
    edges = " ".join(f'w:{side}="{twips(value)}"' for side, value in margins.items())
    footer = 15 if lying else FOOTER_MM
    turned = ' w:orient="landscape"' if lying else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
        f'<w:type w:val="nextPage"/><w:pgSz w:w="{wide}" w:h="{tall}"{turned}/>'
        f'<w:pgMar {edges} w:header="{twips(15)}" w:footer="{twips(footer)}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_TWIPS}" w:charSpace="{round(TRACKING_PT * 4096)}"/></w:sectPr>'
    )


def _footer(align: str) -> str:
    """Return a foot with the page number between dashes, one sign in from the outer edge."""
    indent = f'<w:ind w:{align}Chars="100" w:{align}="{round(PAGE_NUMBER_PT * 20)}"/>'
    fonts = f'<w:rPr>{_faces(Face.SONG)}<w:sz w:val="{round(PAGE_NUMBER_PT * 2)}"/></w:rPr>'

    def run(inside: str) -> str:
        return f"<w:r>{fonts}{inside}</w:r>"

    field = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run('<w:instrText xml:space="preserve"> PAGE </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>1</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
    )
    words = run('<w:t xml:space="preserve">— </w:t>') + field + run('<w:t xml:space="preserve"> —</w:t>')
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="GwFooter"/>{indent}<w:jc w:val="{align}"/></w:pPr>{words}</w:p>'
    return f'<w:ftr xmlns:w="{_W}" xmlns:r="{_R}">{paragraph}</w:ftr>'


def _styles() -> str:
    base = Style("Normal", "Normal")
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_faces(Face.FANG)}<w:sz w:val=\"{round(BODY_PT * 2)}\"/><w:szCs w:val=\"{round(BODY_PT * 2)}\"/>"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )  # fmt: skip
    out = [
        defaults,
        _style(base, default=True),
        '<w:style w:type="character" w:default="1" w:styleId="DefaultRun"><w:name w:val="Default Paragraph Font"/></w:style>',
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{BODY_RUN}"><w:name w:val="公文正文字"/><w:rPr>{_faces(Face.FANG)}</w:rPr></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>',
    ]
    out += [_style(style) for style in STYLES.values()]
    for heading, (word_id, name) in TABLE_STYLES.items():
        face = Face.HEI if heading else Face.FANG
        out.append(_style(Style(word_id, name, face, TABLE_PT, "center" if heading else "left", line_pt=0)))
    out.append(_style(Style("GwFooter", "footer", Face.SONG, PAGE_NUMBER_PT, "left", line_pt=0)))
    out.append(_style(Style("GwBreak", "分节", size_pt=1, align="left", line_pt=6)))
    return f'<w:styles xmlns:w="{_W}">{"".join(out)}</w:styles>'


def _style(style: Style, *, default: bool = False) -> str:
    custom = ' w:customStyle="1"' if style.word_id.startswith("Gw") and style.word_id != "GwFooter" else ""
    kind = ' w:default="1"' if default else custom
    outline = f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else ""
    spacing = _spacing(style.before_lines, style.after_lines, style.line_pt)
    # The grid is declared for those who look at it, and line and type keep to its measures by themselves: programs differ
    # in what they do with signs that are wider than their cell.
    grid = '<w:snapToGrid w:val="0"/>'
    paragraph = (
        ("<w:keepNext/>" if style.keep_next else "") + ("<w:pageBreakBefore/>" if style.word_id == "GwPage" else "") + '<w:widowControl w:val="0"/>' + grid
        + spacing + _indent(style) + f'<w:jc w:val="{style.align}"/>' + outline
    )  # fmt: skip
    colour = f'<w:color w:val="{RED}"/>' if style.red else ""
    size = round(style.size_pt * 2)
    tight = f'<w:spacing w:val="{SQUEEZE_TWIPS}"/>' if style.size_pt == BODY_PT and not default else ""
    run = f'{_faces(style.face)}{colour}{tight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    following = "" if default or style.outline == 0 else f'<w:next w:val="{STYLES[Role.BODY].word_id}"/>'
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{style.word_id}"><w:name w:val="{style.word_name}"/>{based}{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _spacing(before: float, after: float, line_pt: float) -> str:
    lines = "".join(
        f' w:{side}Lines="{round(value * 100)}" w:{side}="{round(value * LINE_TWIPS)}"'
        for side, value in (("before", before), ("after", after))
    )
    rule = f' w:line="{round(line_pt * 20)}" w:lineRule="exact"' if line_pt else ' w:line="240" w:lineRule="auto"'
    return f"<w:spacing{lines}{rule}/>"


def _indent(style: Style, right: float | None = None) -> str:
    """Return the indents in signs, with twips for programs that know no signs."""
    one = (SIGN_PT if style.size_pt == BODY_PT else style.size_pt) * 20
    told = {"left": style.left_signs, "right": style.right_signs if right is None else right}
    told["firstLine" if style.first_signs >= 0 else "hanging"] = abs(style.first_signs)
    words = "".join(
        f' w:{side}Chars="{round(value * 100)}" w:{side}="{round(value * one)}"' for side, value in told.items()
    )
    return f"<w:ind{words}/>"


def _faces(face: Face) -> str:
    name = OFFICIAL_NAME[face]
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _fonts() -> str:
    """Return the table of fonts: each official name with the others that may stand for it."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(ALSO_CALLED[face])}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for face, name in OFFICIAL_NAME.items()
    )
    return f'<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'


def _settings() -> str:
    return (
        f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:drawingGridHorizontalSpacing w:val="160"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _content_types() -> str:
    parts = {
        "/word/document.xml": f"{_KIND}document.main+xml", "/word/styles.xml": f"{_KIND}styles+xml",
        "/word/settings.xml": f"{_KIND}settings+xml", "/word/fontTable.xml": f"{_KIND}fontTable+xml",
        "/word/footer1.xml": f"{_KIND}footer+xml", "/word/footer2.xml": f"{_KIND}footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }  # fmt: skip
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(_relation(targets))
        + "</Relationships>"
    )


def _relation(targets: Iterable[tuple[str, str]]) -> Iterator[str]:
    for index, (kind, target) in enumerate(targets, start=1):
        base = "http://schemas.openxmlformats.org/package/2006/relationships" if "/" in kind else _R
        yield f'<Relationship Id="rId{index}" Type="{base}/{kind}" Target="{target}"/>'


def _properties(title: str) -> str:
    # A mark of a template would be told there as it stands.
    title = "" if "{" in title else escape(printable("".join(title.split())))
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
    )
