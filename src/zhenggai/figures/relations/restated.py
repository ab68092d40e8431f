"""One amount written twice in different units: ``1.2亿元（12000万元）``."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

_SAME_RE = re.compile(r"（(?:即|合|折合|约合|约|折)?|，(?:即|折合|约合|合计|合)")


def check_restated(page: Page) -> list[Claim]:
    """Return the claims about amounts written twice."""
    claims = []
    for first, second in zip(page.mentions, page.mentions[1:], strict=False):
        if (
            first.kin != second.kin
            or first.unit == second.unit
            or first.unit not in MEASURES
            or second.unit not in MEASURES
        ):
            continue
        if not _SAME_RE.fullmatch(page.text[first.end : second.start]):
            continue
        if page.text[first.end] == "（" and not page.text.startswith("）", second.end):
            continue
        if page.text[first.end : second.start] in ("，合计", "，合") and _listed_before(page, first):
            continue
        loose = Decimal("0.01") if first.kin != "money" else Decimal(0)
        agrees = first.low * (1 - loose) <= second.high and second.low * (1 - loose) <= first.high
        verdict = Verdict.CONSISTENT if agrees else Verdict.CONTRADICTORY
        reason = f"{first.quantity.text}与{second.quantity.text}{'相等' if agrees else '不相等'}"
        claims.append(claim(page, "restated", verdict, reason, first.start, second.end, [first, second]))
    return claims


def _listed_before(page: Page, last: Mention) -> bool:
    """Tell whether *last* ends a list of amounts, which what follows sums up and does not say again."""
    return any(
        other.kin == last.kin and page.sentence_of(other) == page.sentence_of(last) for other in page.before(last, 4)
    )
