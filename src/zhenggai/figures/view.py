"""The working form of a text: folded, with one kind of punctuation, without blanks, and with the way back.

Every later station works on :attr:`View.text`; only :meth:`View.span` leads back to the text that was handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.kit.text import ZERO_WIDTH, fold, is_cjk

_PUNCTUATION = str.maketrans(
    {
        ",": "，",
        ";": "；",
        ":": "：",
        "(": "（",
        ")": "）",
        "?": "？",
        "!": "！",
        "[": "〔",
        "]": "〕",
        "～": "~",
        "〜": "~",
    }
)
_DASHES = str.maketrans(dict.fromkeys("–—―−‐‑－─", "-"))
_HIDDEN = frozenset(ZERO_WIDTH)
_SEPARATOR_RE = re.compile(r"(?<!\d)(\d{1,3}(?:,\d{3})+)(?!\d)")


@dataclass(frozen=True, slots=True)
class View:
    """A text made even, character for character traceable."""

    text: str
    """The working text: ``，。；：（）`` as punctuation, ``-`` for every dash, thousands separators taken out, tabs and
    line ends kept, other blanks only where they stand between two Latin letters or digits."""
    offsets: tuple[int, ...]
    """For each character of ``text`` its offset in ``source``, and the length of ``source`` at the end."""
    source: str
    """The text that was handed in."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in ``source`` of ``text[start:end]``."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """Return the words of ``text[start:end]`` as they were handed in."""
        left, right = self.span(start, end)
        return self.source[left:right]


def build_view(source: str) -> View:
    """Return the working form of *source*."""
    folded = fold(source)
    # The separators are marked first, while they still differ from the commas of the sentence.
    dropped = {at for match in _SEPARATOR_RE.finditer(folded) if _is_one_number(source, match)
               for at in range(match.start(), match.end()) if folded[at] == ","}  # fmt: skip
    even = folded.translate(_PUNCTUATION).translate(_DASHES)
    kept: list[str] = []
    offsets: list[int] = []
    last = len(even) - 1
    for at, char in enumerate(even):
        if at in dropped or char in _HIDDEN:
            continue
        if char.isspace():
            original = source[at]
            if original in "\n\r\t\f\v\u2028\u2029":
                char = "\t" if original == "\t" else "\n"
            elif not kept or at == last or not (_is_latin(kept[-1]) and _is_latin(_next_letter(even, at))):
                continue
            else:
                char = " "
        kept.append(char)
        offsets.append(at)
    offsets.append(len(source))
    return View("".join(kept), tuple(offsets), source)


def _is_one_number(source: str, match: re.Match[str]) -> bool:
    """Tell whether the commas of *match* are thousands separators: narrow in the source, or of one width with it."""
    words = source[match.start() : match.end()]
    return "，" not in words or words[0] in "０１２３４５６７８９"


def _next_letter(text: str, at: int) -> str:
    for index in range(at, min(at + 40, len(text))):
        if not text[index].isspace():
            return text[index]
    return " "


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum() and not is_cjk(char)
