"""Text cut for searching: one normal form, its words, and the pairs of characters an index keeps.

A text is folded (:func:`zhenggai.kit.text.fold`), lowered, and cut into runs at punctuation. Quotes, brackets and
spaces beside Chinese do not cut, so that ``落实一岗双责`` finds ``落实“一岗双责”``. A word occurs in a text when it
is a substring of one of its runs; this is the whole promise, and :func:`occurs` states it in one line. An index on
pairs of characters only makes it fast.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.kit.text import ZERO_WIDTH, fold, is_cjk

_TRANSPARENT = frozenset("“”‘’\"'《》〈〉()[]【】<>" + ZERO_WIDTH)
_DROPPED = dict.fromkeys(map(ord, _TRANSPARENT))
_GAP = re.compile(r"[\W_]+")
MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal form of a text, with the way back."""

    text: str
    """Runs of letters, digits and Chinese characters, separated by line ends."""
    offsets: tuple[int, ...]
    """For each character of ``text``, its offset in the original."""


def normalise(text: str) -> Normal:
    """Return the form of *text* that searching works on."""
    kept: list[str] = []
    offsets: list[int] = []
    cut = spaced = False
    for index, char in enumerate(fold(text)):
        lowered = char.lower()
        if char in _TRANSPARENT:
            continue
        if char.isspace():
            spaced = True
        elif not char.isalnum() or len(lowered) != 1:
            cut = True
        else:
            if kept and (cut or (spaced and not is_cjk(kept[-1]) and not is_cjk(char))):
                kept.append("\n")
                offsets.append(index)
            cut = spaced = False
            kept.append(lowered)
            offsets.append(index)
    return Normal("".join(kept), tuple(offsets))


def normal_text(text: str) -> str:
    """Return the text of :func:`normalise` alone, several times as fast: for what is only to be found."""
    plain = fold(text).replace("İ", ".").translate(_DROPPED).lower()

    def joint(gap: re.Match[str]) -> str:
        start, end = gap.span()
        if start == 0 or end == len(plain):
            return ""
        joined = gap[0].isspace() and (is_cjk(plain[start - 1]) or is_cjk(plain[end]))
        return "" if joined else "\n"

    return _GAP.sub(joint, plain)


def query_words(text: str) -> tuple[str, ...]:
    """Return the words that *text* asks for: cut at spaces and punctuation, each once, at most :data:`MAX_WORDS`."""
    runs = (run for piece in text.split() for run in normalise(piece).text.split("\n"))
    return tuple(dict.fromkeys(run for run in runs if run))[:MAX_WORDS]


def occurs(words: tuple[str, ...], text: str) -> bool:
    """Tell whether all *words* occur in *text*: what an index must agree with."""
    normal = normalise(text).text
    return all(word in normal for word in words)


def pair_token(first: str, second: str = "") -> str:
    """Return the index token of two neighbouring characters, in ASCII so that no tokeniser can disagree about it."""
    return f"{ord(first):x}x{ord(second):x}" if second else f"{ord(first):x}x"


def pair_tokens(normal: str) -> list[str]:
    """Return each pair of neighbours in the runs of *normal* once; the last character of a run stands alone."""
    tokens: set[str] = set()
    for run in normal.split("\n"):
        tokens.update(map(pair_token, run, run[1:]))
        if run:
            tokens.add(pair_token(run[-1]))
    return sorted(tokens)


def word_tokens(word: str) -> list[str]:
    """Return the tokens that every text holding *word* has; for a single character, the beginning of such a token."""
    return list(dict.fromkeys(map(pair_token, word, word[1:]))) or [pair_token(word)]


def find_marks(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where *words* occur in *text*, as ascending spans that do not overlap."""
    normal = normalise(text)
    spans: list[tuple[int, int]] = []
    for word in words:
        at = normal.text.find(word)
        while at >= 0:
            spans.append((normal.offsets[at], normal.offsets[at + len(word) - 1] + 1))
            at = normal.text.find(word, at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
