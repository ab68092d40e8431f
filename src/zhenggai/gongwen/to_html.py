"""An official document as an accessible fragment of HTML: real headings, lists and tables, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from zhenggai.gongwen.measures import HEADINGS, Role
from zhenggai.gongwen.pieces import Grid, Imprint, Line, Piece, Section, pieces
from zhenggai.gongwen.tree import Align, Cell, OfficialDocument, TableBlock, as_cell

_PLAIN = {
    Role.ISSUER: "issuer", Role.NUMBER: "number", Role.UNDER_TITLE: "under-title", Role.ADDRESSEE: "addressee",
    Role.BODY: "body", Role.CAPTION: "caption", Role.ATTACHMENT: "attachment", Role.NEXT_ATTACHMENT: "attachment",
    Role.SIGNATURE: "signature", Role.DATE: "date", Role.NOTE: "note", Role.ANNEX_LABEL: "annex-label",
    Role.COPIES: "copies", Role.PRINTED: "printed",
}  # fmt: skip


def to_html(document: OfficialDocument, *, level: int = 1) -> str:
    """Return *document* as an ``<article class="gw">``; its looks stand in the style sheet ``gongwen.css``.

    Args:
        document: the document.
        level: level of its title among the headings of the page; those of the body follow below it.
    """
    out = ['<article class="gw" lang="zh-CN">']
    opened = False
    for annex, part in _parts(pieces(document)):
        if annex:
            out.append('<section class="gw-annex">')
        out.extend(_html(part, level))
        if annex:
            out.append("</section>")
        opened = True
    if not opened:
        return ""
    out.append("</article>")
    return "\n".join(out)


def _parts(found: tuple[Piece, ...]) -> Iterator[tuple[bool, list[Piece]]]:
    """Yield body and attachments, each with whether it is an attachment; what stands at the foot of all comes last."""
    part: list[Piece] = []
    annex = False
    for piece in found:
        if isinstance(piece, Section):
            if part:
                yield annex, part
            annex, part = piece.annex, []
        elif isinstance(piece, Imprint):
            if part:
                yield annex, part
            annex, part = False, [piece]
        else:
            part.append(piece)
    if part:
        yield annex, part


def _html(part: list[Piece], level: int) -> Iterator[str]:
    for is_item, group in groupby(part, key=lambda piece: isinstance(piece, Line) and piece.role is Role.ITEM):
        if is_item:
            yield '<ul class="gw-list">'
            yield from (f"<li{_id(item)}>{escape(item.words)}</li>" for item in group if isinstance(item, Line))
            yield "</ul>"
            continue
        rest = list(group)
        for index, piece in enumerate(rest):
            before = rest[index - 1] if index else None
            match piece:
                case Line():
                    followed = index + 1 < len(rest) and isinstance(rest[index + 1], Grid)
                    if not (piece.role is Role.CAPTION and followed):
                        yield from _line(piece, level)
                case Grid():
                    caption = before.text if isinstance(before, Line) and before.role is Role.CAPTION else ""
                    yield _table(piece.table, caption)
                case Imprint():
                    yield '<footer class="gw-imprint">'
                    for line in piece.lines:
                        yield from _line(line, level)
                    yield "</footer>"


def _line(line: Line, level: int) -> Iterator[str]:
    if line.role is Role.RULE:
        yield '<hr class="gw-rule">'
    elif line.role in (Role.TITLE, Role.ANNEX_TITLE):
        rank = level if line.role is Role.TITLE else min(level + 1, 6)
        words = "<br>".join(escape(each) for each in line.text.split("\n"))
        yield f'<h{rank} class="gw-title"{_id(line)}>{words}</h{rank}>'
    elif line.role in HEADINGS:
        depth = HEADINGS.index(line.role) + 1
        rank = min(level + depth, 6)
        heading = f'<h{rank} class="gw-h gw-h{depth}"{_id(line)}>{escape(line.text)}</h{rank}>'
        if line.run_in:
            yield f'<div class="gw-run-in">{heading}<p class="gw-body">{escape(line.run_in)}</p></div>'
        else:
            yield heading
    elif line.role is Role.PRINTED:
        halves = "".join(f"<span>{escape(half)}</span> " for half in line.text.split("\t") if half)
        yield f'<p class="gw-printed">{halves}</p>'
    else:
        yield f'<p class="gw-{_PLAIN[line.role]}"{_id(line)}>{escape(line.words)}</p>'


def _id(line: Line) -> str:
    key = re.sub(r"[^\w.-]", "", line.key)
    return f' id="{escape(key, quote=True)}"' if key else ""


def _table(table: TableBlock, caption: str) -> str:
    small = " gw-small" if table.small else ""
    out = [f'<div class="gw-table{small}" tabindex="0"><table>']
    if caption:
        out.append(f'<caption class="gw-caption">{escape(caption)}</caption>')
    if table.header:
        cells = "".join(f'<th scope="col">{_words(text)}</th>' for text in table.header)
        out.append(f"<thead><tr>{cells}</tr></thead>")
    rows = "\n".join(f"<tr>{''.join(_cell(as_cell(cell)) for cell in row)}</tr>" for row in table.rows)
    out.append(f"<tbody>{rows}</tbody></table></div>")
    return "\n".join(out)


def _cell(cell: Cell) -> str:
    tag, scope = ("th", ' scope="row"') if cell.heading else ("td", "")
    span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    align = "" if cell.align is Align.LEFT else f' class="gw-{cell.align.value}"'
    return f"<{tag}{scope}{span}{align}>{_words(cell.text)}</{tag}>"


def _words(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
