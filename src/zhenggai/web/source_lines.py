"""A source text cut into the lines that the check page shows, each with its offset."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the source."""

    number: int
    """From 1."""
    start: int
    """Offset of its first character in the text."""
    text: str
    """The line without its end."""


def cut_lines(text: str) -> list[SourceLine]:
    """Return the lines of *text*; their offsets and lengths cover it, with one character for each line end."""
    lines: list[SourceLine] = []
    start = 0
    for index, line in enumerate(text.split("\n"), 1):
        lines.append(SourceLine(index, start, line))
        start += len(line) + 1
    return lines
