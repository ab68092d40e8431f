"""Plain text: every line that is not empty is a block, in its exact place of the decoded file."""

from __future__ import annotations

from zhenggai.docparse.document import Block, Document, Note, Place
from zhenggai.docparse.errors import TooMuch
from zhenggai.docparse.readers.assemble import BLANKS, indent_of
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.text_table import find_tables

_CENTERED_AT = 8.0


class TextReader:
    """Reads ``.txt`` in any of the usual encodings."""

    name = "txt"
    kinds = ("txt",)

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the text with line ends as ``\\n`` and one block per line or table."""
        text = source.text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > limits.max_characters:
            most = limits.max_characters
            raise TooMuch(name=source.name, amount=f"文字 {len(text)} 个字符", limit=f"{most} 个字符")
        return Document(
            text=text,
            blocks=_blocks(text),
            format="txt",
            name=source.name,
            sha256=source.sha256,
            meta={"encoding": source.encoding},
            notes=(Note("encoding_guessed", source.encoding_note),) if source.encoding_note else (),
        )


def _blocks(text: str) -> tuple[Block, ...]:
    lines = text.split("\n")
    starts = []
    at = 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    tables = find_tables(lines, starts)
    blocks: list[Block] = []
    number = 0
    while number < len(lines):
        table = tables.get(number)
        if table is not None:
            block, number = table
            blocks.append(block)
            continue
        line = lines[number]
        trimmed = line.strip(BLANKS)
        if trimmed:
            blanks, indent = indent_of(line) if line[0] in BLANKS else (0, 0.0)
            blocks.append(
                Block(
                    "paragraph",
                    trimmed,
                    starts[number] + blanks,
                    centered=indent >= _CENTERED_AT and len(trimmed) <= 40,
                    indent=indent,
                    place=Place(line=number + 1),
                )
            )
        number += 1
    return tuple(blocks)
