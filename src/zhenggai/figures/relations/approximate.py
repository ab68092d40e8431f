"""Approximate words beside exact numbers: ``152余条``, ``约37件``."""

from __future__ import annotations

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import COUNT_UNITS

_OPEN_BOUNDS = frozenset(("余", "多", "有余"))
_NEAR = frozenset(("约", "大约", "左右", "近", "将近", "接近", "大概", "上下"))
_WHOLE = COUNT_UNITS - {"分", "学位", "床位"}


def check_approximate(page: Page) -> list[Claim]:
    """Return the claims about numbers that are exact and approximate at once."""
    claims = []
    for mention in page.mentions:
        if mention.unit not in _WHOLE or mention.scaled or mention.chinese or mention.quantity.upper is not None:
            continue
        if mention.value != mention.value.to_integral_value():
            continue
        found = _odd(page, mention)
        if found is not None:
            claims.append(found)
    return claims


def _odd(page: Page, mention: Mention) -> Claim | None:
    last = int(mention.value) % 10
    words = mention.quantity.text
    if mention.qualifier in _OPEN_BOUNDS and last:
        reason = f"“{words}”已是精确数，不应再加“{mention.qualifier}”"
    elif mention.qualifier in _NEAR and last not in (0, 5) and mention.value > 20:
        reason = f"“{words}”既用约数词“{mention.qualifier}”，又精确到个位"
    else:
        return None
    return claim(page, "approximate", Verdict.CONTRADICTORY, reason, mention.start, mention.end, [mention])
