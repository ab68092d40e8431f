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
    if _evened(page, ratios[0], max((m.amount for m in used if m.is_count), default=Decimal(0))):
        return replace(found, verdict=Verdict.UNCHECKABLE, reason="各项占比合计为100%，末位可能经过调整，不能断定")
    words = _as_sibling(page, ratios[0], max((m.amount for m in used if m.is_count), default=Decimal(0)))
    return replace(found, verdict=Verdict.UNCHECKABLE, reason=words) if words else found


def _evened(page: Page, shown: Mention, whole: Decimal) -> bool:
    """Tell whether *shown* is off by one in its last digit, so that the shares of its sentence come to 100 together."""
    part = page.mentions[shown.index - 1] if shown.index else None
    if part is None or not part.is_count or whole <= 0:
        return False
    value, step, _qualifier = percent(shown)
    if abs(part.amount * 100 / whole - value) > step:
        return False
    shares = [
        other
        for other in page.mentions[max(0, shown.index - 12) : shown.index + 12]
        if other.is_ratio and "占" in other.lead and page.sentence_of(other) == page.sentence_of(shown)
    ]
    return len(shares) > 2 and sum((percent(other)[0] for other in shares), Decimal(0)) == 100


def _as_sibling(page: Page, shown: Mention, given: Decimal) -> str:
    """Return how the ratio goes with that of another count beside it: both are of one whole, which stands elsewhere."""
    own = _whole_implied(page, shown)
    if own is None:
        return ""
    for other in page.mentions[max(0, shown.index - 8) : shown.index + 9]:
        if other is shown or page.sentence_of(other) != page.sentence_of(shown):
            continue
        its = _whole_implied(page, other)
        if its is not None and its[1] <= given <= its[2]:
            # The whole that is given is that of the sibling.
            return ""
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
