"""An official document as PDF, tagged for readers of screens; the same pieces and measures as Word.

A server seldom has the fonts of an office.  Each face is set in the official one where it is installed, and otherwise
in the first of its declared substitutes (:data:`zhenggai.gongwen.measures.SUBSTITUTES`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhenggai.gongwen.measures import (
    ALSO_CALLED,
    BODY_PT,
    LANDSCAPE_MARGINS_MM,
    LINE_PT,
    MARGINS_MM,
    NUMBER_BELOW_MM,
    OFFICIAL_NAME,
    PAGE_MM,
    PAGE_NUMBER_PT,
    RED,
    SIGN_PT,
    SMALL_TABLE_PT,
    STYLES,
    SUBSTITUTES,
    TABLE_PT,
    TRACKING_PT,
    Face,
    Role,
    Style,
)
from zhenggai.gongwen.pieces import Grid, Imprint, Line, Piece, Section, pieces
from zhenggai.gongwen.tree import Align, Cell, OfficialDocument, Orientation, TableBlock, as_cell
from zhenggai.render.pdf import installed_families, render_pdf

_TEMPLATE = Path(__file__).with_name("paper.typ")
_LAST_RESORT = ("Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Sans")


def to_pdf(document: OfficialDocument) -> bytes:
    """Return *document* as the bytes of a PDF.

    Raises:
        CannotPrint: it could not be set.
    """
    title = "".join(document.title)
    data = {
        "title": title,
        "size": BODY_PT,
        "line": LINE_PT,
        "sign": SIGN_PT,
        "tracking": TRACKING_PT,
        "number_size": PAGE_NUMBER_PT,
        "red": RED,
        "faces": {face.value: _face(face) for face in Face},
        "styles": {role.value: _style(style) for role, style in STYLES.items()},
        "sections": _sections(pieces(document)),
    }
    return render_pdf(_TEMPLATE, data, name=title)


def chosen_families() -> dict[Face, tuple[str, int]]:
    """Return for each face the family and weight this computer sets it in."""
    return {face: _choose(face) for face in Face}


@dataclass(frozen=True, slots=True)
class FontSubstitute:
    """An official font this computer lacks, and what PDF is set in instead."""

    official: str
    """Name of the official font, as Word files carry it."""
    used: str
    """Family taken for it."""


def font_substitutes() -> tuple[FontSubstitute, ...]:
    """Return the official fonts that PDF made on this computer is not set in; empty where all are installed."""
    return tuple(
        FontSubstitute(OFFICIAL_NAME[face], used)
        for face, (used, _weight) in chosen_families().items()
        if used not in (OFFICIAL_NAME[face], *ALSO_CALLED[face])
    )


def _choose(face: Face) -> tuple[str, int]:
    installed = installed_families()
    official = ((name, 400) for name in (OFFICIAL_NAME[face], *ALSO_CALLED[face]))
    for name, weight in (*official, *SUBSTITUTES[face]):
        if name in installed:
            return name, weight
    return _LAST_RESORT[0], 400


def _face(face: Face) -> dict[str, Any]:
    family, weight = _choose(face)
    installed = installed_families()
    spare = [name for name in _LAST_RESORT if name in installed and name != family]
    return {"fonts": [family, *spare], "weight": weight}


def _style(style: Style) -> dict[str, Any]:
    return {
        "face": style.face.value, "size": style.size_pt, "align": style.align, "first": style.first_signs,
        "left": style.left_signs, "line": style.line_pt, "outline": style.outline,
        "red": style.red,
    }  # fmt: skip


def _sections(found: tuple[Piece, ...]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    for piece in found:
        if isinstance(piece, Section):
            sections.append({**_page(piece.orientation), "pieces": []})
        else:
            sections[-1]["pieces"].append(_piece(piece))
    return [section for section in sections if section["pieces"]] or sections[:1]


def _page(orientation: Orientation) -> dict[str, float]:
    lying = orientation is Orientation.LANDSCAPE
    wide, tall = PAGE_MM[::-1] if lying else PAGE_MM
    margins = LANDSCAPE_MARGINS_MM if lying else MARGINS_MM
    # The dashes stand in the middle of their line, a little below its top.
    descent = NUMBER_BELOW_MM - 2
    return {"width": wide, "height": tall, "descent": descent, **margins}


def _piece(piece: Piece) -> dict[str, Any]:
    match piece:
        case Line(role=Role.RULE):
            return {"kind": "rule", "after": STYLES[Role.RULE].after_lines}
        case Line():
            return _line(piece)
        case Grid():
            return _table(piece.table)
        case Imprint():
            return {"kind": "imprint", "lines": [_line(line) for line in piece.lines]}
        case _:
            raise TypeError(piece)


def _line(line: Line) -> dict[str, Any]:
    style = STYLES[line.role]
    titled = line.role is Role.TITLE
    return {
        "kind": "line", "role": line.role.value, "text": line.text, "run_in": line.run_in,
        "right": style.right_signs if line.right_signs is None else line.right_signs,
        "before": style.before_lines if line.first or titled else 0,
        "keep": line.keeps or (style.keep_next and not line.run_in),
        "after": 0 if titled and not line.first else style.after_lines,
    }  # fmt: skip


def _table(table: TableBlock) -> dict[str, Any]:
    header = [Cell(text, heading=True, align=Align.CENTER) for text in table.header]
    return {
        "kind": "table",
        "size": SMALL_TABLE_PT if table.small else TABLE_PT,
        "widths": list(table.widths or (1,) * table.columns),
        "header": [_cell(cell) for cell in header],
        "rows": [[_cell(as_cell(cell)) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    align = Align.CENTER if cell.heading and cell.align is Align.LEFT else cell.align
    return {
        "lines": cell.text.split("\n"), "columns": cell.columns, "heading": cell.heading,
        "align": align.value, "least": cell.least_mm,
    }  # fmt: skip
