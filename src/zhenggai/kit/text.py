"""Chinese text seen for comparison: widths folded, traditional script simplified, invisible characters known.

Every mapping here is character by character, so that offsets stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063"
"""Characters that take no room and carry no meaning in Chinese text."""

ZERO_WIDTH_RE = re.compile(f"[{ZERO_WIDTH}]+")
_UNWANTED = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
"""Character-class body that matches one Chinese character."""

_KEPT_RANGES = ((0x2150, 0x218F), (0x2460, 0x24FF), (0x2776, 0x2793), (0x3200, 0x33FF))
_QUOTES = {"„": "“", "‟": "“", "〝": "“", "〞": "”", "﹁": "‘", "﹂": "’", "「": "“", "」": "”", "『": "‘", "』": "’"}
_PLAIN = {
    "\u00a0": " ", "\u3000": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
    "﹕": ":", "∶": ":", "﹔": ";", "．": ".", "｡": "。", "–": "-", "－": "-", "—": "—", "〔": "[", "〕": "]",
    "〖": "【", "〗": "】", "﹝": "[", "﹞": "]", "％": "%", "﹪": "%",
}  # fmt: skip


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=32768)
def simplify_character(char: str) -> str:
    """Return the simplified form of one character, or the character itself."""
    if char == "於":  # the one traditional character that GB 2312 also holds and that matching cares for
        return "于"
    if "\ud800" <= char <= "\udfff":  # half of a character that damage left alone
        return char
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        plain = str(_converter().convert(char))
        return plain if len(plain) == 1 else char
    return char


@lru_cache(maxsize=32768)
def fold_character(char: str) -> str:
    """Return the form of one character that matching works on: narrow, simplified, plain quotes and spaces."""
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _QUOTES:
        return _QUOTES[char]
    code = ord(char)
    if code < 0x80 or any(low <= code <= high for low, high in _KEPT_RANGES):
        return char
    narrow = unicodedata.normalize("NFKC", char)
    if len(narrow) != 1:
        return char
    return simplify_character(narrow) if code > 0x2E80 else narrow


def fold(text: str) -> str:
    """Return *text* folded character by character; the length never changes."""
    table = {ord(char): folded for char in set(text) if (folded := fold_character(char)) != char}
    return text.translate(table) if table else text


def plain_text(text: str) -> str:
    """Return *text* without control and direction characters, which could make a reader see what is not written."""
    return "".join(
        char
        for char in text
        if char in "\n\t" or (char not in _UNWANTED and unicodedata.category(char) not in ("Cc", "Cs"))
    )


def is_cjk(char: str) -> bool:
    """Tell whether *char* is one Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "〇" or "\uf900" <= char <= "\ufaff"


_COMPARE_DROP = re.compile(r"[\s,.;:!?，。；：！？、“”‘’\"'《》<>()\[\]【】（）·—\-_]+")


_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Return *text* as a paper may print it: a line break is ``\\n``, a tab a space, nothing is invisible.

    Control, bidirectional and zero-width characters, lone surrogates and places that are no characters are dropped:
    they can hide or reorder words, and none of them means anything in Chinese.
    """
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def comparison_key(text: str) -> str:
    """Return *text* without width, script, spacing and punctuation differences, to compare titles and names."""
    return _COMPARE_DROP.sub("", ZERO_WIDTH_RE.sub("", fold(text))).lower()


def bigrams(text: str) -> list[str]:
    """Return the overlapping pairs of *text*'s characters after :func:`comparison_key`; one character stays alone."""
    key = comparison_key(text)
    return [key[index : index + 2] for index in range(len(key) - 1)] or ([key] if key else [])
