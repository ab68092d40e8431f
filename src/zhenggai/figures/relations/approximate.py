"""Approximate words beside exact numbers: ``152余条``, ``约37件``."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import COUNT_UNITS, MEASURES, TIME_UNITS

_OPEN_BOUNDS = frozenset(("余", "多", "有余"))
_NEAR = frozenset(("约", "大约", "左右", "近", "将近", "接近", "大概", "上下"))
_WHOLE = COUNT_UNITS - {"分", "学位", "床位"}


def check_approximate(page: Page) -> list[Claim]:
    """Return the claims about numbers that are exact and approximate at once."""
    claims = _restated(page)
    for mention in page.mentions:
        measured = (
            mention.unit in MEASURES
            and mention.value >= 100
            and mention.qualifier in _OPEN_BOUNDS
            and mention.unit not in ("万元", "亿元")
        )
        if (
            (mention.unit not in _WHOLE and not measured)
            or mention.scaled
            or mention.chinese
            or mention.quantity.upper is not None
        ):
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


_SAID_RE = re.compile("[一-龥]{0,8}，(?:仅|只有|实际为?|实有|实到|即|具体为|确切数为|总数为|共计|达)")


def _meant_apart(page: Page, rough: Mention, exact: Mention) -> bool:
    """Tell whether the exact number of the next clause is no more exact a word for the rough one."""
    before = page.text[max(page.clause_of(rough).start, rough.start - 20) : rough.start]
    return (
        rough.unit != exact.unit
        or abs(exact.amount - rough.amount) * 2 > rough.amount
        or exact.is_change
        or re.search("预计|计划|目标|力争|拟|预算|任务", before) is not None
    )


def _restated(page: Page) -> list[Claim]:
    """Hold an approximate number to the exact one in the bracket behind it: ``近300人（312人）``."""
    claims = []
    for rough, exact in pairwise(page.mentions):
        if not rough.qualifier or exact.qualifier or rough.kin != exact.kin or rough.unit in TIME_UNITS:
            continue
        behind = _SAID_RE.fullmatch(page.text, rough.end, exact.start) is not None
        if behind and _meant_apart(page, rough, exact):
            continue
        if not behind and (
            re.fullmatch(
                r"[一-龥]{0,6}（(?:即|实际|共|共计|占|为|占比|[日月年人户]均|准确数|确数|其中)?",
                page.text[rough.end : exact.start],
            )
            is None
        ):
            continue
        if not (behind or page.text.startswith("）", exact.end)) or rough.quantity.upper is not None:
            continue
        factor = rough.amount / rough.value if rough.value else Decimal(1)
        verdict = judge(exact.amount, exact.amount, rough.amount, rough.quantity.step * factor, rough.qualifier)
        reason = f"{exact.quantity.text}与“{rough.quantity.text}”{'相符' if verdict is Verdict.CONSISTENT else '不符'}"
        claims.append(claim(page, "approximate", verdict, reason, rough.start, exact.end, [rough, exact]))
    return claims
