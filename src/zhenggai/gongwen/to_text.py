"""An official document as plain text: one line per paragraph, cells of a row apart by a tab."""

from __future__ import annotations

from zhenggai.gongwen.pieces import Grid, Imprint, Line, Piece, Section, pieces
from zhenggai.gongwen.tree import OfficialDocument, TableBlock, as_cell


def to_text(document: OfficialDocument) -> str:
    """Return all words of *document* in reading order, the page numbers left out."""
    return "\n".join(line for piece in pieces(document) for line in _text(piece) if line.strip())


def _text(piece: Piece) -> list[str]:
    match piece:
        case Line():
            return piece.words.split("\n")
        case Imprint():
            return [line.words for line in piece.lines]
        case Grid():
            return table_text(piece.table)
        case Section():
            return []


def table_text(table: TableBlock) -> list[str]:
    """Return the rows of *table*, the header first."""
    rows = [table.header] if table.header else []
    rows += [tuple(as_cell(cell).text for cell in row) for row in table.rows]
    return ["\t".join(text.replace("\n", " ") for text in row) for row in rows]
