"""PDF → Document."""

from __future__ import annotations

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # as above

from zhenggai.docparse.document import Document, Place
from zhenggai.docparse.errors import Corrupt, EmptyFile, Encrypted, Scanned, TooMuch
from zhenggai.docparse.readers.assemble import Assembler
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.pdf.glyphs import PageContent
from zhenggai.docparse.readers.pdf.grids import RuledTable, append, continues, find_grids
from zhenggai.docparse.readers.pdf.lines import TextLine, lines_of
from zhenggai.docparse.readers.pdf.paragraphs import Joiner, PdfParagraph, furniture, measure

_FEWEST = 12
"""Characters per page below which pages with pictures count as scanned: stamps and scanner marks are shorter."""


class PdfReader:
    """Reads PDF with a text layer."""

    name = "pdf"
    kinds = ("pdf",)

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the text in paragraphs, ruled tables as grids, without headers, footers and page numbers."""
        document = _open(source)
        try:
            count = len(document)
            if count > limits.max_pages:
                raise TooMuch(name=source.name, amount=f"{count} 页", limit=f"{limits.max_pages} 页")
            return _Reading(document, source, limits).result()
        finally:
            document.close()


def _open(source: Source) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(source.data)
        if len(document) == 0:
            raise Corrupt(name=source.name, reason="PDF 里没有页面")
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Encrypted(name=source.name) from error
        raise Corrupt(name=source.name, reason="PDF 结构不完整，文件可能被截断") from error
    return document


class _Reading:
    """One pass over one PDF."""

    def __init__(self, document: pdfium.PdfDocument, source: Source, limits: Limits) -> None:
        self._document = document
        self._source = source
        self._out = Assembler(source, limits)
        self._limits = limits
        self._lines: list[list[TextLine]] = []
        self._tables: list[list[RuledTable]] = []
        self._heights: list[float] = []
        self._pictures = 0
        self._letters = 0
        self._bare: list[int] = []
        self._strange = 0
        self._damaged: list[int] = []

    def result(self) -> Document:
        """Return the document."""
        for number in range(len(self._document)):
            self._page(number)
        pages = len(self._document)
        if not self._letters and not self._pictures:
            raise EmptyFile(name=self._source.name)
        if self._letters < _FEWEST * pages and self._pictures >= 0.6 * pages:
            raise Scanned(name=self._source.name)
        skipped = furniture(self._lines, self._heights)
        kept = [[line for line in lines if id(line) not in skipped] for lines in self._lines]
        self._set_out(kept)
        self._remark(len(skipped))
        try:
            title = self._document.get_metadata_dict().get("Title", "")
        except pdfium.PdfiumError:
            title = ""
        return self._out.document("pdf", title=title, meta={"pages": str(pages)})

    def _page(self, number: int) -> None:
        try:
            page = self._document[number]
            content = PageContent(page)
        except pdfium.PdfiumError:
            self._damaged.append(number + 1)
            self._lines.append([])
            self._tables.append([])
            self._heights.append(1.0)
            return
        content.read_rules()
        self._pictures += content.pictures
        visible = sum(1 for glyph in content.glyphs if not glyph.char.isspace())
        self._letters += visible
        if self._letters > self._limits.max_characters:
            self._out.refuse_length()
        self._strange += sum(
            1 for glyph in content.glyphs if 0xE000 <= ord(glyph.char) < 0xF900 or glyph.char == "\ufffd"
        )
        if not visible and content.pictures:
            self._bare.append(number + 1)
        tables = find_grids(content.rules, content.glyphs, number + 1)
        taken = set().union(*(table.glyphs for table in tables)) if tables else set()
        lines = lines_of([glyph for glyph in content.glyphs if glyph.index not in taken])
        for line in lines:
            line.heavy = content.heavy(line.glyphs[0]) and content.heavy(line.glyphs[-1])
            line.glyphs = []
        self._lines.append(lines)
        self._tables.append(tables)
        self._heights.append(content.height)
        content.close()
        page.close()

    def _set_out(self, pages: list[list[TextLine]]) -> None:
        joiner = Joiner(measure(pages))
        pending: RuledTable | None = None
        pending_page = 0
        for number, lines in enumerate(pages, 1):
            items: list[tuple[float, TextLine | RuledTable]] = [(line.y, line) for line in lines]
            items += [(table.ys[0], table) for table in self._tables[number - 1]]
            items.sort(key=lambda item: -item[0])
            for _, item in items:
                if isinstance(item, RuledTable):
                    if pending is not None and pending_page < number and continues(pending, item):
                        append(pending, item)
                        pending_page = number
                        continue
                    self._paragraph(joiner.close())
                    self._table(pending)
                    pending, pending_page = item, number
                    continue
                self._table(pending)
                pending = None
                self._paragraph(joiner.add(item, number))
        self._paragraph(joiner.close())
        self._table(pending)

    def _paragraph(self, paragraph: PdfParagraph | None) -> None:
        if paragraph is not None:
            self._out.paragraph(
                paragraph.text,
                bold=paragraph.heavy,
                centered=paragraph.centered,
                indent=paragraph.indent,
                place=Place(page=paragraph.page),
            )

    def _table(self, table: RuledTable | None) -> None:
        if table is not None and table.cells:
            self._out.table(table.cells, table.rows, table.columns, place=Place(page=table.cells[0].place.page))

    def _remark(self, skipped: int) -> None:
        if skipped:
            self._out.note("page_furniture_skipped", f"页眉、页脚和页码共 {skipped} 行未读入。")
        if self._bare:
            shown = "、".join(str(number) for number in self._bare[:20])
            self._out.note(
                "pages_without_text", f"第 {shown} 页只有图像，没有文字层，未读入。", hint="请先识别为文字。"
            )
        if self._damaged:
            shown = "、".join(str(number) for number in self._damaged[:20])
            self._out.note("pages_damaged", f"第 {shown} 页已损坏，未读入。", hint="请重新导出 PDF。")
        if self._strange > 0.02 * max(self._letters, 1):
            self._out.note(
                "garbled_text",
                f"文字层有 {self._strange} 个字符没有对应的文字，可能成为乱码。",
                hint="请改用 docx 或重新导出 PDF。",
            )
