"""HTML as published → Document: the content, not the page around it."""

from __future__ import annotations

from zhenggai.docparse.document import Document, Place
from zhenggai.docparse.readers.assemble import Assembler
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.decode import Decoded
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.web.chrome import Content
from zhenggai.docparse.readers.web.facts import page_facts, page_title
from zhenggai.docparse.readers.web.flow import Flow, Grid, Line
from zhenggai.docparse.readers.web.mht import page_of_mht
from zhenggai.docparse.readers.web.tree import Page

_UNCOVERED_BY_SCRIPT = 200
"""Hidden characters from which a page that shows next to nothing is taken for one that its script uncovers."""


class WebReader:
    """Reads ``.html`` and ``.mht``."""

    name = "html"
    kinds = ("html", "mht")

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the page's content as paragraphs and tables; facts of its chrome stand in ``meta``."""
        decoded, address = Decoded(source.text, source.encoding, source.encoding_note), ""
        if source.kind == "mht":
            decoded, address = page_of_mht(source.data, source.name)
        page = Page(decoded.text, source.name)
        hidden = sum(map(len, page.hidden))
        if hidden > _UNCOVERED_BY_SCRIPT and hidden > 3 * page.body.letters:
            page = Page(decoded.text, source.name, show_hidden=True)
        title = page_title(page)
        content = Content(page.body, title)
        out = Assembler(source, limits)
        number = 0

        def emit(piece: Line | Grid) -> None:
            nonlocal number
            number += 1
            place = Place(paragraph=number)
            if isinstance(piece, Grid):
                out.table(piece.cells, piece.rows, piece.columns, name=piece.name, place=place)
                return
            out.paragraph(
                piece.text,
                kind="heading" if piece.heading else "paragraph",
                label=piece.label,
                list_level=piece.list_level,
                heading_level=piece.heading,
                bold=piece.bold,
                centered=piece.centered,
                indent=piece.indent,
                place=place,
            )

        Flow(emit, content.dropped).walk(page.body)
        if decoded.note:
            out.note("encoding_guessed", decoded.note)
        if content.chrome:
            out.note("chrome_skipped", _skipped(sum(element.letters for element in content.chrome)))
        if page.hidden:
            shown = "、".join(words[:30] for words in page.hidden[:5])
            out.note(
                "hidden_text",
                f"网页隐藏了 {len(page.hidden)} 处文字，未读入：{shown}",
                hint="请核对网页是否被植入内容。",
            )
        meta = {"encoding": decoded.encoding} | page_facts(
            page, content.chrome, (block.text for block in out.blocks[:12])
        )
        if address and "source_url" not in meta:
            meta["source_url"] = address
        return out.document("html", title=title, meta=meta)


def _skipped(letters: int) -> str:
    return f"网页的导航、页脚、分享等栏目共 {letters} 个字符未读入。"
