"""Hard-wrapped text: recognised over the whole document, then joined line by line.

Lines come in as the reader cut them; groups of lines that form one paragraph go out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.docparse.document import Block
from zhenggai.kit.text import fold

_CLOSED = "。！？!?；;：:…”’》）)】|"
_CN = "一二三四五六七八九十百"
OPENING_RE = re.compile(
    rf"\s*(?:[(（](?:\d{{1,3}}|[{_CN}]{{1,4}})[)）]|(?:\d{{1,3}}|[{_CN}]{{1,4}})[、.．)]"
    rf"|[①-⑳⑴-⒛㈠-㈩Ⅰ-Ⅻ•●■◆]|第[{_CN}\d]{{1,4}}[、，,部章节项条]"
    rf"|[{_CN}]{{1,3}}是|问题[{_CN}\d]{{1,3}}[:：、.]|【|[一-龥]{{2,8}}[:：]|截至"
    rf"|中共[一-龥]{{2,24}}(?:党组|党委)$|二〇|20\d\d年\d{{1,2}}月\d{{1,2}}日$)"
)
_BARE_NUMBER_RE = re.compile(
    rf"(?:[(（](?:\d{{1,3}}|[{_CN}]{{1,4}})[)）]|(?:\d{{1,3}}|[{_CN}]{{1,4}})[、.．]|[①-⑳⑴-⒛]"
    rf"|问题[{_CN}\d]{{1,3}}[:：]?)$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands in the document, blanks trimmed."""

    text: str
    """Its words."""
    start: int
    """Offset in the document."""
    block: Block
    """The block it belongs to."""
    indented: bool
    """Set in from the margin."""


_GAP_RE = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


_NARROW_RE = re.compile("[^\u2e80-\U0010ffff“”‘’…—]")


def _width(text: str) -> float:
    if text.count(" ") > 3:
        text = _GAP_RE.sub("", text)
    return len(text) - len(_NARROW_RE.findall(text)) / 2


def _is_full(line: Line, width: float, slack: float = 4) -> bool:
    """Tell whether a line reaches the margin, measured as it looks or, as some tools wrap, by counting characters."""
    inset = 2 if line.indented else 0
    return _width(line.text) >= width - slack or len(line.text) + inset >= width - 1


def find_wrap_width(lines: list[Line]) -> float:
    """Return the line width in characters of a hard-wrapped text, or 0 when the text is not hard-wrapped.

    A text counts as wrapped when nearly no line is longer than a width of 16 to 70 characters, many lines reach it, and
    most of those break off without any closing mark and run on into a line that opens nothing.
    """
    plain = [line for line in lines if not line.block.heading_level and not line.block.label]
    if len(plain) < 6:
        return 0.0
    widths = [_width(line.text) for line in plain]
    ordered = sorted(widths)
    width = ordered[int(len(ordered) * 0.97) - 1]
    if not 16 <= width <= 70:
        return 0.0
    full = [index for index in range(len(plain) - 1) if _is_full(plain[index], width, 3)]
    if len(full) < max(4, len(plain) * 0.2) or ordered[-1] > width + 8:
        return 0.0
    broken = [index for index in full if plain[index].text[-1] not in _CLOSED]
    running = [index for index in broken if not OPENING_RE.match(plain[index + 1].text)]
    if len(broken) < len(full) * 0.55 or len(running) < len(broken) * 0.7:
        return 0.0
    # Short titles that happen to be equally long are no wrapped text: wrapped lines carry commas and stops inside.
    marked = sum(1 for index in full if any(char in "，。、；,;" for char in plain[index].text[:-1]))
    return width if marked >= len(full) * 0.5 else 0.0


def join_wrapped(lines: list[Line], width: float, text: str) -> list[list[Line]]:
    """Return the lines grouped into paragraphs.

    Args:
        lines: Lines in reading order.
        width: Result of :func:`find_wrap_width`.
        text: The document's text, to see blank lines between.
    """
    groups: list[list[Line]] = []
    indents = any(line.indented for line in lines)
    for line in lines:
        before = groups[-1][-1] if groups else None
        if before is not None and _runs_on(before, line, width, text, indents):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


_CLOSES_RE = re.compile(r"[^“”。！？\n]{0,40}”")
_NAMES_RE = re.compile(r"(?:问题|方面|情况|措施|进展|成效|时限|领导|部门|单位)$")


def _breaks_inside_title(before: Line, line: Line) -> bool:
    """Tell whether a line break stands inside a title: within a quotation, or in a heading that is set in two lines."""
    text = before.text
    if len(text) > 60 or len(line.text) > 60 or text[-1] in "。！？；：:;!?":
        return False
    if text.count("“") > text.count("”"):
        return bool(_CLOSES_RE.match(line.text)) and line.start - before.start - len(text) <= 4
    twin = (
        line.block.heading_level == before.block.heading_level > 0
        and before.block.text.strip() == text
        and line.block.text.strip() == line.text
        and not line.block.label
        and line.start - before.start - len(text) <= 1
    )
    if (before.block is not line.block and not twin) or text[-1] in _CLOSED or line.text[-1] in "。；：:;!?！？":
        return False
    whole = before.block.text.strip()
    return (
        (twin or (whole.count("\n") == 1 and whole.endswith(line.text)))
        and bool(OPENING_RE.match(text) or before.block.label or before.block.heading_level)
        and not OPENING_RE.match(line.text)
        and not _NAMES_RE.search(text)
        and not _NAMES_RE.search(line.text[:6])
        and not any(mark in text + line.text for mark in "。；：:;")
    )


def _runs_on(before: Line, line: Line, width: float, text: str, indents: bool) -> bool:
    if _breaks_inside_title(before, line):
        return True
    if line.block.label or line.block.heading_level or before.block.heading_level:
        return False
    if _BARE_NUMBER_RE.match(before.text) and not before.block.label:
        return not OPENING_RE.match(line.text)
    if not width or not _is_full(before, width):
        return False
    between = text[before.start + len(before.text) : line.start]
    if between.count("\n") > 1:
        return False
    if before.text[-1] in "。！？!?" and not indents:
        # A full line that ends a sentence may end the paragraph too; only an indent scheme can tell, so break.
        return False
    if line.indented and not before.indented:
        return False
    if line.indented and before.indented and before.text[-1] in _CLOSED:
        return False
    opening = OPENING_RE.match(fold(line.text))
    return not (opening and before.text[-1] in _CLOSED)
