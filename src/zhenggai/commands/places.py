"""Offsets of a document in words for people: line, page, paragraph, or sheet and row."""

from __future__ import annotations

from bisect import bisect_right

from zhenggai.docparse.document import Block, Document
from zhenggai.docparse.draft import Span


class Places:
    """Offsets to words for people."""

    def __init__(self, document: Document) -> None:
        self._blocks = document.blocks
        self._starts = [block.start for block in document.blocks]

    def of(self, span: Span) -> str:
        """Return where *span* begins: line, page, paragraph, or sheet and row."""
        number = bisect_right(self._starts, span[0]) - 1
        if number < 0:
            return "开头"
        block = self._blocks[number]
        place = block.place
        if block.table is not None:
            return self._in_table(block, span[0])
        if place.line:
            return f"第{place.line}行"
        if place.page:
            return f"第{place.page}页"
        return f"第{place.paragraph}段"

    @staticmethod
    def _in_table(block: Block, offset: int) -> str:
        cells = block.table.cells if block.table else ()
        cell = next((cell for cell in cells if cell.start <= offset <= cell.end), None)
        if cell is None:
            return "表中"
        if cell.place.sheet:
            return f"表“{cell.place.sheet}”第{cell.place.row}行第{cell.place.column}列"
        return f"表格第{cell.row + 1}行第{cell.column + 1}列"
