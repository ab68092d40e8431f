"""A Word file with comments at places of its text: what to say where comes in, an annotated copy goes out."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from zhenggai.kit.text import printable
from zhenggai.render.errors import CannotAnnotate


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say at a place."""

    quote: str
    """The characters it is about, as they stand in a paragraph."""
    text: str
    """What is said."""
    near: str = ""
    """The line that holds them, by which one of several such places is told from the others."""


def annotate_docx(content: bytes, notes: Sequence[Note], *, author: str, name: str = "") -> tuple[bytes, int]:
    """Return a copy of a Word file with a comment for each note that was found in it, and how many were.

    Raises:
        CannotAnnotate: it is no Word file that can be written again.
    """
    try:
        document = Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise CannotAnnotate(name=name) from error
    return _annotated(document, notes, author)


def annotate_text(text: str, notes: Sequence[Note], *, author: str) -> tuple[bytes, int]:
    """Return a Word file of plain text with a comment for each note, and how many there are."""
    document = Document()
    for line in printable(text).split("\n"):
        document.add_paragraph(line)
    return _annotated(document, notes, author)


def _annotated(document: WordDocument, notes: Sequence[Note], author: str) -> tuple[bytes, int]:
    paragraphs = [each for each in _paragraphs(document) if each.text.strip()]
    placed = 0
    used: dict[int, list[tuple[int, int]]] = {}
    for note in notes:
        place = _find(paragraphs, note, used)
        if place is None:
            continue
        number, start, end = place
        used.setdefault(number, []).append((start, end))
        runs = _runs(paragraphs[number], start, end)
        if runs:
            document.add_comment(runs=[runs[0], runs[-1]], text=printable(note.text), author=author, initials="核")
            placed += 1
    written = io.BytesIO()
    document.save(written)
    return written.getvalue(), placed


def _paragraphs(document: WordDocument) -> Iterator[Paragraph]:
    """Yield all paragraphs in the order of the page, those of tables too."""
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            yield part
        else:
            yield from _of_table(part)


def _of_table(table: Table) -> Iterator[Paragraph]:
    seen = set()
    for row in table.rows:
        for cell in row.cells:
            if id(cell._tc) in seen:  # a merged cell is given once for each place it covers
                continue
            seen.add(id(cell._tc))
            for part in cell.iter_inner_content():
                if isinstance(part, Paragraph):
                    yield part
                else:
                    yield from _of_table(part)


def _find(
    paragraphs: Sequence[Paragraph], note: Note, used: dict[int, list[tuple[int, int]]]
) -> tuple[int, int, int] | None:
    """Return paragraph and place of a note: in a paragraph like its line, else in the first that holds its words."""
    quote = note.quote.strip()
    if not quote:
        return None
    key = _key(note.near)
    candidates = [number for number, each in enumerate(paragraphs) if quote in each.text]
    candidates.sort(
        key=lambda number: not (key and (key in _key(paragraphs[number].text) or _key(paragraphs[number].text) in key))
    )
    for number in candidates:
        text, at = paragraphs[number].text, -1
        while (at := text.find(quote, at + 1)) >= 0:
            if (at, at + len(quote)) not in used.get(number, ()):
                return number, at, at + len(quote)
    return None


def _key(text: str) -> str:
    return "".join(text.split())


def _runs(paragraph: Paragraph, start: int, end: int) -> list[Run]:
    """Return the runs that are exactly a stretch of a paragraph, cutting those that reach beyond it."""
    found: list[Run] = []
    at = 0
    for run in _plain_runs(paragraph):
        length = len(run.text)
        first, last = max(start, at), min(end, at + length)
        if first < last:
            found.append(_cut(run, first - at, last - at))
        at += length
    return found


def _plain_runs(paragraph: Paragraph) -> Iterable[Run]:
    return [run for part in paragraph.iter_inner_content() for run in (part.runs if hasattr(part, "runs") else [part])]


def _cut(run: Run, start: int, end: int) -> Run:
    """Return a run of the characters from *start* to *end*, the rest put before and behind it in the same type."""
    text = run.text
    if (start, end) == (0, len(text)) or len(run._r.xpath("w:t")) != 1 or run._r.xpath("w:t")[0].text != text:
        return run  # a run with tabs, breaks or pictures is commented on as a whole
    if start:
        before = Run(copy.deepcopy(run._r), run._parent)
        run._r.addprevious(before._r)
        before.text = text[:start]
    if end < len(text):
        behind = Run(copy.deepcopy(run._r), run._parent)
        run._r.addnext(behind._r)
        behind.text = text[end:]
    run.text = text[start:end]
    return run
