"""Pieces of shipped templates: loops and conditions as paragraphs and rows of the tree."""

from __future__ import annotations

from zhenggai.gongwen import Block, Cell, Paragraph, TableBlock


def loop(head: str, *blocks: Block) -> tuple[Block, ...]:
    """Return *blocks* repeated: ``loop("f in findings", …)``."""
    return (Paragraph(f"{{%p for {head} %}}"), *blocks, Paragraph("{%p endfor %}"))


def when(condition: str, *blocks: Block) -> tuple[Block, ...]:
    """Return *blocks* shown only where *condition* holds."""
    return (Paragraph(f"{{%p if {condition} %}}"), *blocks, Paragraph("{%p endif %}"))


def table_of(
    head: str,
    header: tuple[str, ...],
    cells: tuple[str | Cell, ...],
    widths: tuple[int, ...],
    *,
    caption: str = "",
    small: bool = False,
) -> TableBlock:
    """Return a table with a row for each of ``head``, e.g. ``table_of("f in findings", ("问题",), ("{{ f.title }}",), (1,))``."""
    rows = (
        (Cell(f"{{%tr for {head} %}}", columns=len(header)),),
        cells,
        (Cell("{%tr endfor %}", columns=len(header)),),
    )
    return TableBlock(rows, header, widths, caption, small)
