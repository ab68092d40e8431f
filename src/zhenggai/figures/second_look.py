"""A last look before a ratio is told to be wrong: whether other numbers of the sentence make it right.

The relations find the base that grammar ties to a ratio.  Real prose also gives the share of each of several siblings,
whose common whole stands pages before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import percent
from zhenggai.figures.relations.division import is_change_ratio
from zhenggai.figures.shapes import Claim, Span, Verdict

_KINDS = frozenset(["share", "rate"])


def look_again(page: Page, found: Claim, mentions: Mapping[Span, Mention]) -> Claim:
    """Return *found*, or that it cannot be judged when other numbers nearby give the ratio.

    Args:
        page: the text.
        found: what a relation says.
        mentions: the quantities of the text by where they stand.
    """
    if found.verdict is not Verdict.CONTRADICTORY or found.kind not in _KINDS:
        return found
    used = [mentions[span] for span in found.operands if span in mentions]
    ratios = [mention for mention in used if mention.is_ratio and mention.quantity.upper is None]
    if len(ratios) != 1 or ratios[0].qualifier:
        return found
    words = _as_sibling(page, ratios[0])
    return replace(found, verdict=Verdict.UNCHECKABLE, reason=words) if words else found


def _as_sibling(page: Page, shown: Mention) -> str:
    """Return how the ratio goes with that of another count beside it: both are of one whole, which stands elsewhere."""
    own = _whole_implied(page, shown)
    if own is None:
        return ""
    for other in page.mentions[max(0, shown.index - 8) : shown.index + 9]:
        if other is shown or page.sentence_of(other) != page.sentence_of(shown):
            continue
        its = _whole_implied(page, other)
        if its is not None and its[0] == own[0] and its[1] <= own[2] and own[1] <= its[2]:
            return f"与{page.text[other.start : other.end]}出自同一个总数，文中未给出，不能断定"
    return ""


def _whole_implied(page: Page, shown: Mention) -> tuple[str, Decimal, Decimal] | None:
    """Return kin and least and greatest value of the whole of which the count right before *shown* would be that share."""
    if not shown.is_ratio or shown.qualifier or shown.quantity.upper is not None or shown.index == 0:
        return None
    part = page.mentions[shown.index - 1]
    value, step, _qualifier = percent(shown)
    if not part.is_count or part.is_change or part.low <= 0 or value <= step or is_change_ratio(shown):
        return None
    return part.kin, part.low * 100 / (value + step / 2), part.high * 100 / (value - step / 2)
