"""The author's text → plain text for the parser, with the way back to every character.

Full-width signs and curly quotes, as Chinese input methods write them, become what SQL means, outside strings only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhenggai.kit.text import ZERO_WIDTH
from zhenggai.rulesql.problems import Problem

LONGEST_TEXT = 50_000
LONGEST_STRING = 2_000

_SIGNS: Mapping[str, str] = {
    "＞": ">", "＜": "<", "＝": "=", "（": "(", "）": ")", "，": ",", "、": ",", "＋": "+", "－": "-", "−": "-",
    "＊": "*", "×": "*", "／": "/", "÷": "/", "％": "%", "！": "!", "≥": ">=", "≧": ">=", "≤": "<=", "≦": "<=",
    "≠": "<>", "；": ";", "：": ":", "｜": "|", "＇": "'", "＂": '"', "．": ".",
}  # fmt: skip
_SPACES = "\u3000\u00a0\u2002\u2003\u2009\u202f\t\r\n\v\f"
_CLOSES = {
    "'": "'", '"': '"', "＇": "＇'", "‘": "’'＇", "’": "’‘'", "“": "”“＂\"", "”": "”“", "＂": "＂”", "「": "」", "『": "』", "`": "`",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """Text for the parser."""

    text: str
    """What the parser reads."""
    places: tuple[int, ...]
    """For each of its characters, and for its end, where it stood in the author's text."""
    ends: tuple[int, ...]
    """For each of its characters, where in the author's text it ended."""
    found: tuple[Problem, ...]
    """Problems and notes."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the author's text of a stretch of the plain text."""
        last = len(self.ends) - 1
        if last < 0:
            return 0, 0
        start = min(max(start, 0), last)
        end = min(max(end, start + 1), last + 1)
        return self.places[start], self.ends[end - 1]


class _Writer:
    def __init__(self) -> None:
        self.chars: list[str] = []
        self.places: list[int] = []
        self.ends: list[int] = []

    def put(self, text: str, start: int, end: int) -> None:
        for char in text:
            self.chars.append(char)
            self.places.append(start)
            self.ends.append(end)


def plain(text: str) -> Plain:
    """Return *text* as the parser may read it."""
    found: list[Problem] = []
    if len(text) > LONGEST_TEXT:
        found.append(Problem("too_long", 0, len(text), {"count": len(text), "limit": LONGEST_TEXT}))
        return Plain("", (0,), (), tuple(found))
    out = _Writer()
    noted: set[str] = set()
    at = 0
    while at < len(text):
        char = text[at]
        if char in _CLOSES:
            at = _string(text, at, out, found.append)
        elif text.startswith("--", at):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found.append(Problem("note_comment", at, end))
            out.put(" ", at, end)
            at = end
        elif text.startswith("/*", at):
            end = text.find("*/", at)
            if end < 0:
                found.append(Problem("open_quote", at, at + 2))
                break
            found.append(Problem("note_comment", at, end + 2))
            out.put(" ", at, end + 2)
            at = end + 2
        else:
            _sign(char, at, out, found.append, noted)
            at += 1
    return Plain("".join(out.chars), (*out.places, len(text)), tuple(out.ends), tuple(found))


def _sign(char: str, at: int, out: _Writer, report: Callable[[Problem], None], noted: set[str]) -> None:
    if char in _SPACES or char in ZERO_WIDTH:
        out.put(" " if char in _SPACES else "", at, at + 1)
        return
    sign = _SIGNS.get(char)
    if sign is None and "！" <= char <= "～":
        sign = unicodedata.normalize("NFKC", char)
        noted.add(char)  # letters and digits need no note
    if sign is None:
        if not char.isprintable() or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            report(Problem("bad_character", at, at + 1, {"char": f"U+{ord(char):04X}"}))
            return
        out.put(char, at, at + 1)
        return
    if char not in noted:
        noted.add(char)
        report(Problem("note_width", at, at + 1, {"char": char, "plain": sign}))
    out.put(sign, at, at + 1)


def _string(text: str, start: int, out: _Writer, report: Callable[[Problem], None]) -> int:
    """Copy one string or quoted name; return where it ends."""
    opened = text[start]
    closes = _CLOSES[opened]
    straight = opened in "'\"`"
    body: list[tuple[str, int]] = []
    at = start + 1
    while at < len(text):
        char = text[at]
        if char in closes:
            if straight and text.startswith(opened * 2, at):
                body.append((char, at))
                at += 2
                continue
            break
        body.append((char, at))
        at += 1
    else:
        report(Problem("open_quote", start, start + 1))
        return len(text)
    content = "".join(char for char, _at in body)
    if len(content) > LONGEST_STRING:
        report(Problem("long_string", start, at + 1, {"limit": LONGEST_STRING}))
    for char, place in body:
        if unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") and char not in "\t\n\r":
            report(Problem("bad_character", place, place + 1, {"char": f"U+{ord(char):04X}"}))
    quote = '"' if opened in '"`' else "'"
    if not straight:
        report(Problem("note_quotes", start, at + 1, {"text": content}))
    out.put(quote, start, start + 1)
    for char, place in body:
        out.put(char * 2 if char == quote else char, place, place + 1)
    out.put(quote, at, at + 1)
    return at + 1
