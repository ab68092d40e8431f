"""Faces and sizes of type, as several checks ask for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from zhenggai.gongwen.measures import ALSO_CALLED, OFFICIAL_NAME, Face
from zhenggai.gongwen.parts import MARK
from zhenggai.gongwen.word_file import WordParagraph

_CHINESE = re.compile(r"[㐀-鿿]")
_KNOWN = {face: frozenset(name.lower() for name in (OFFICIAL_NAME[face], *ALSO_CALLED[face])) for face in Face}


def is_face(name: str, face: Face) -> bool:
    """Tell whether the font *name* is of this face."""
    lower = name.strip().lower()
    if lower in _KNOWN[face]:
        return True
    return face is Face.TITLE and "小标宋" in lower


def main_face(paragraph: WordParagraph) -> str:
    """Return the font most of the Chinese in *paragraph* is in; of all words where there is no Chinese."""
    return _most(paragraph, lambda text: len(_CHINESE.findall(MARK.sub("", text)))) or _most(paragraph, len)


def _most(paragraph: WordParagraph, weigh: Callable[[str], int]) -> str:
    tally: Counter[str] = Counter()
    for run in paragraph.runs:
        tally[run.face] += weigh(run.text)
    face, count = tally.most_common(1)[0] if tally else ("", 0)
    return face if count else ""


def main_size(paragraph: WordParagraph) -> float:
    """Return the size most of the words of *paragraph* are in."""
    tally: Counter[float] = Counter()
    for run in paragraph.runs:
        tally[run.size_pt] += len(run.text.strip())
    return tally.most_common(1)[0][0] if tally else 0.0
