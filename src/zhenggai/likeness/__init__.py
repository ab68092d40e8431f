"""Chinese texts → near-duplicates among them, with how alike they are and where they differ.

Plain Python without Django.  Texts are compared by the pairs of characters they share (see
:func:`zhenggai.kit.text.bigrams`), so width, script, spaces and punctuation make no difference.

    compare(a, b) -> Likeness                       # two texts, with the spans where they differ
    measure(a, b) -> Likeness                       # the same without the spans, for many
    find_alike(query, texts, threshold) -> [Match]  # which of many texts are like one
    pairs(texts, threshold) -> [Pair]               # which of many texts are like each other
    Index                                           # what find_alike asks, kept between questions
"""

from zhenggai.likeness.comparing import Likeness, Span, compare, measure
from zhenggai.likeness.finding import Index, Match, find_alike
from zhenggai.likeness.pairing import Pair, pairs

__all__ = ["Index", "Likeness", "Match", "Pair", "Span", "compare", "find_alike", "measure", "pairs"]
