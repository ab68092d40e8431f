"""What a stored file looks like, for reading in the browser: text and tables as plain values, pages as pictures.

Everything is made by :mod:`zhenggai.docparse` in bounded processes and kept below ``ZHENGGAI_HOME/previews`` by the
hash of the bytes.  That folder holds nothing that cannot be made again: it may be emptied at any time and is in no
backup.  A refusal is not kept, so that installing LibreOffice helps at once.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from zhenggai.docparse.document import Block, Document, Table
from zhenggai.docparse.errors import UnreadableFile
from zhenggai.docparse.isolated import read_document_isolated
from zhenggai.docparse.pictures import Picture, draw_page_isolated, draw_photograph_isolated
from zhenggai.docparse.readers.limits import MEBI, Limits
from zhenggai.files.errors import NoPreview
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import path_of

PREVIEW_LIMITS = Limits(wall_seconds=60.0, cpu_seconds=50, convert_seconds=45.0, memory_bytes=1536 * MEBI)
"""What making one preview may ask of the machine; someone waits for it at the screen."""
MOST_BLOCKS, MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS, MOST_PAGES = 600, 100, 24, 120_000, 200
_PHOTOGRAPHS = ("image/png", "image/jpeg", "image/gif", "image/tiff", "image/webp", "image/bmp")
_VERSION = "1"
"""Part of each kept name; raise it when previews change their shape."""


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """One cell of a table."""

    text: str
    """Its words."""
    rows: int = 1
    """How many rows it covers."""
    columns: int = 1
    """How many columns it covers."""
    head: bool = False
    """Whether the file marks it as a header."""


@dataclass(frozen=True, slots=True)
class PreviewBlock:
    """One paragraph, heading or table."""

    kind: str
    """``heading``, ``paragraph`` or ``table``."""
    text: str = ""
    """Its words, with the number the layout makes before them."""
    level: int = 0
    """Of a heading, from 1."""
    centered: bool = False
    """Whether the file centres it."""
    rows: tuple[tuple[PreviewCell, ...], ...] = ()
    """Of a table."""
    left_out: int = 0
    """Rows of a table that are not shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file may be looked at."""

    kind: str
    """``text`` (blocks), ``pages`` or ``photograph`` (pictures)."""
    blocks: tuple[PreviewBlock, ...] = ()
    """Of ``text``."""
    pages: int = 0
    """Of ``pages``: how many."""
    cut: bool = False
    """Whether the file goes on behind what is shown."""


def preview_of(stored: StoredFile, name: str) -> Preview:
    """Return how *stored* may be looked at; the first time it is read in a process of its own.

    Raises:
        NoPreview: nothing of this kind can be shown.
        UnreadableFile: it could not be read; it says why.
        FileMissing: its bytes are gone.
    """
    if stored.media_type in _PHOTOGRAPHS:
        return Preview("photograph", pages=1)
    kept = _folder(stored) / f"preview-{_VERSION}.json"
    found = _kept(kept)
    if found is None:
        found = _make(stored, name)
        _keep(kept, json.dumps(asdict(found), ensure_ascii=False).encode())
    return found


def picture_of(stored: StoredFile, page: int, name: str) -> tuple[Path, str]:
    """Return where the picture of a page (1 for a photograph) lies, and its media type.

    Raises:
        NoPreview, UnreadableFile, FileMissing: as :func:`preview_of`.
    """
    photograph = stored.media_type in _PHOTOGRAPHS
    if not photograph and stored.media_type != "application/pdf":
        raise NoPreview(name=name)
    if not 1 <= page <= MOST_PAGES or (photograph and page != 1):
        raise NoPreview(name=name)
    kept = _folder(stored) / (f"photograph-{_VERSION}.jpg" if photograph else f"page-{_VERSION}-{page}.png")
    if not kept.is_file():
        _keep(kept, _draw(stored, page, name).content)
    return kept, "image/jpeg" if photograph else "image/png"


def _draw(stored: StoredFile, page: int, name: str) -> Picture:
    path = path_of(stored)
    if stored.media_type in _PHOTOGRAPHS:
        return draw_photograph_isolated(path, name=name)
    return draw_page_isolated(path, page, name=name)


def _make(stored: StoredFile, name: str) -> Preview:
    path = path_of(stored)
    if stored.media_type == "application/pdf":
        first = draw_page_isolated(path, 1, name=name)
        _keep(_folder(stored) / f"page-{_VERSION}-1.png", first.content)
        return Preview("pages", pages=min(first.pages, MOST_PAGES), cut=first.pages > MOST_PAGES)
    if stored.media_type.partition("/")[0] in ("image", "audio", "video"):
        raise NoPreview(name=name)
    return _of_document(read_document_isolated(path, PREVIEW_LIMITS, name=name))


def _of_document(document: Document) -> Preview:
    blocks: list[PreviewBlock] = []
    left = MOST_CHARACTERS
    for block in document.blocks:
        if len(blocks) >= MOST_BLOCKS or left <= 0:
            break
        made = _table(block.table) if block.table is not None else _words(block, left)
        left -= sum(len(cell.text) for row in made.rows for cell in row) + len(made.text)
        blocks.append(made)
    return Preview("text", tuple(blocks), cut=len(blocks) < len(document.blocks))


def _words(block: Block, left: int) -> PreviewBlock:
    kind = "heading" if block.kind == "heading" or block.heading_level else "paragraph"
    return PreviewBlock(kind, f"{block.label}{block.text}"[:left], min(max(block.heading_level, 1), 4), block.centered)


def _table(table: Table) -> PreviewBlock:
    most = min(table.rows, MOST_ROWS)
    rows: list[list[PreviewCell]] = [[] for _ in range(most)]
    grid = table.grid()[:most]
    for number, line in enumerate(grid):
        for column, cell in enumerate(line[:MOST_COLUMNS]):
            if cell is None:
                rows[number].append(PreviewCell(""))
            elif (cell.row, cell.column) == (number, column):
                down = min(cell.row_span, most - number)
                across = min(cell.column_span, MOST_COLUMNS - column)
                rows[number].append(PreviewCell(cell.text[:2000], down, across, cell.is_header))
    return PreviewBlock("table", table.name, rows=tuple(map(tuple, rows)), left_out=table.rows - most)


def _folder(stored: StoredFile) -> Path:
    return Path(settings.ZHENGGAI_HOME) / "previews" / stored.sha256[:2] / stored.sha256[2:]


def _kept(path: Path) -> Preview | None:
    """Return a kept preview; None when there is none, or it cannot be understood."""
    try:
        told = json.loads(path.read_bytes())
        blocks = tuple(_block(values) for values in told.pop("blocks"))
        return Preview(blocks=blocks, **told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _block(values: dict[str, Any]) -> PreviewBlock:
    lines: Iterable[Iterable[dict[str, Any]]] = values.pop("rows")
    return PreviewBlock(rows=tuple(tuple(PreviewCell(**cell) for cell in line) for line in lines), **values)


def _keep(path: Path, content: bytes) -> None:
    """Write in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


__all__ = ["NoPreview", "Preview", "PreviewBlock", "PreviewCell", "UnreadableFile", "picture_of", "preview_of"]
