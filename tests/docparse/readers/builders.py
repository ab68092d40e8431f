"""Real files built in memory for the reader tests: whole formats by their libraries, single features by raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import docx
import msoffcrypto
import openpyxl
import typst
import xlwt
from xlwt import CompoundDoc

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of *members*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the members of the zip file *data*."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def p(text: str = "", properties: str = "", run: str = "") -> str:
    """Return one paragraph of WordprocessingML."""
    ppr = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    rpr = f"<w:rPr>{run}</w:rPr>" if run else ""
    body = f'<w:r>{rpr}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p>{ppr}{body}</w:p>"


def numbered(text: str, num: int, level: int = 0) -> str:
    """Return one paragraph with automatic numbering."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def level(index: int, style: str, text: str, start: int = 1, extra: str = "") -> str:
    """Return one level of a numbering definition."""
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def word(body: str, *, numbering: str = "", styles: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a .docx whose body, numbering and styles are given as XML."""
    related = {"numbering": numbering, "styles": styles}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _rels({"officeDocument": "word/document.xml"}),
        "word/document.xml": f"<?xml version='1.0' encoding='UTF-8'?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    targets = {}
    for kind, content in related.items():
        if content:
            members[f"word/{kind}.xml"] = f"<w:{kind} {NAMESPACES}>{content}</w:{kind}>"
            targets[kind] = f"{kind}.xml"
    for name, part in (parts or {}).items():
        members[f"word/{name}.xml"] = part
        targets[name] = f"{name}.xml"
    members["word/_rels/document.xml.rels"] = _rels(targets)
    return zipped(members)


def _rels(targets: Mapping[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def word_by_library(fill: Callable[[docx.document.Document], None]) -> bytes:
    """Return a .docx made by python-docx."""
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return an .xlsx made by openpyxl."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_workbook(fill: Callable[[xlwt.Workbook], None]) -> bytes:
    """Return an .xls made by xlwt."""
    book = xlwt.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_workbook(rows: str) -> bytes:
    """Return an .ods with one sheet whose rows are given as XML."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                   "META-INF/manifest.xml": "<manifest/>"})  # fmt: skip


def pdf(markup: str) -> bytes:
    """Return a PDF typeset from typst *markup* with Chinese fonts."""
    head = '#set page(paper: "a4", margin: 2.8cm)\n#set text(font: "Noto Serif CJK SC", size: 14pt, lang: "zh")\n'
    return bytes(typst.compile((head + markup).encode()))


def page(body: str, *, head: str = "", charset: str = "utf-8") -> bytes:
    """Return a web page."""
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'.encode(
        charset
    )


def encrypted(office: bytes, password: str = "secret") -> bytes:
    """Return the OOXML file *office* as Office stores it under a password."""
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(office)).encrypt(password, out)
    return out.getvalue()


def compound(stream: str, content: bytes) -> bytes:
    """Return a compound file (OLE) with one stream called *stream*."""
    out = io.BytesIO()
    CompoundDoc.XlsDoc().save(out, content.ljust(4096, b"\x00"))
    data = bytearray(out.getvalue())
    at = data.index(
        "Workbook".encode("utf-16-le")
    )  # its writer knows but this name; it is overwritten in the directory
    encoded = stream.encode("utf-16-le")
    data[at : at + 64] = encoded.ljust(64, b"\x00")
    data[at + 64 : at + 66] = (len(encoded) + 2).to_bytes(2, "little")
    return bytes(data)
