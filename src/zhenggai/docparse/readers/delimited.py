"""Delimited text (.csv, .tsv, and what is saved under .xls by simple programs): delimiter found, every cell placed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from zhenggai.docparse.document import Document, Place
from zhenggai.docparse.errors import Corrupt
from zhenggai.docparse.readers.assemble import Assembler, RawCell, trimmed_grid
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits

_DELIMITERS = "\t,;|，、"
_PROBE_ROWS = 60
_LONGEST_FIELD = 10_000_000


class DelimitedReader:
    """Reads one table."""

    name = "delimited"
    kinds = ("csv",)

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the table as one block; ``meta`` names encoding and delimiter."""
        text = source.text.replace("\x00", "")
        delimiter = find_delimiter(text)
        out = Assembler(source, limits)
        cells: list[RawCell] = []
        grid: list[list[str]] = []
        for row in _rows(text, delimiter, source.name):
            words = [field.strip() for field in row]
            grid.append(words)
            out.count_cells(sum(1 for field in words if field))
        top, left, bottom, right = trimmed_grid(grid)
        for number in range(top, bottom):
            for column, field in enumerate(grid[number]):
                if field:
                    place = Place(row=number + 1, column=column + 1)
                    cells.append(RawCell(number - top, column - left, field, place=place))
        out = Assembler(source, limits)
        out.table(cells, bottom - top, right - left, place=Place(row=top + 1, column=left + 1))
        if source.encoding_note:
            out.note("encoding_guessed", source.encoding_note)
        format = "tsv" if delimiter == "\t" else "csv"
        return out.document(format, meta={"encoding": source.encoding, "delimiter": delimiter})


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Corrupt(name=name, reason="表格文本的引号不成对，单个字段过长") from error


def find_delimiter(text: str) -> str:
    """Return the sign that cuts the first rows of *text* into the most even columns."""
    declared = text[:20].lower()
    if declared.startswith("sep=") and len(text) > 4:
        return text[4]
    best, score = ",", 0.0
    sample = text[:50_000]
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _PROBE_ROWS))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if any(row))
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        if width > 1:
            even = times / sum(widths.values()) * (1 + min(width, 20) / 40) * (0.6 if delimiter in "，、" else 1.0)
            if even > score:
                best, score = delimiter, even
    return best
