"""Proportions written with a colon: ``师生比1：14.6``, ``竞争比为1：85``."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.figures.layout import Page
from zhenggai.figures.relations.common import claim, plain, stated
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict

_RE = re.compile(r"(?:比例|比|比率)(?:约)?(?:为|达到?|约|是)?1：(?P<n>\d{1,5}(?:\.\d{1,3})?)(?![\d：])")


def check_proportion(page: Page) -> list[Claim]:
    """Return the claims about proportions between the two counts before them."""
    claims = []
    at = 0
    for match in _RE.finditer(page.text):
        while at < len(page.mentions) and page.mentions[at].end <= match.start():
            at += 1
        stop = max(page.text.rfind(mark, 0, match.start()) for mark in "。；\n")
        near = [m for m in page.mentions[max(0, at - 4) : at] if m.start > stop and m.is_count and not m.is_change]
        if len(near) == 1 and at < len(page.mentions) and page.mentions[at].start - match.end() < 12:
            # 教职工186人，师生比为1：14，在校学生2604人
            behind = page.mentions[at]
            near = [*near, behind] if behind.is_count and "。" not in page.text[match.end() : behind.start] else near
        if not near:
            # 医护比1：1.25，有医生320人、护士400人
            pair = page.mentions[at : at + 2]
            stretch = page.text[match.end() : pair[-1].end] if pair else ""
            told = len(pair) == 2 and len(stretch) < 30 and not re.search("[。；]", stretch)
            near = pair if told and all(m.is_count for m in pair) else []
        if len(near) != 2 or any(m.qualifier or m.low <= 0 for m in near):
            continue
        shown = Decimal(match["n"])
        step = Decimal(1).scaleb(-len(match["n"].partition(".")[2]))
        tried = []
        for small, large in (near, near[::-1]):
            actual = large.amount / small.amount
            tried.append(
                (judge(large.low / small.high, large.high / small.low, shown, step, "", actual), small, large, actual)
            )
        verdict = best([item[0] for item in tried])
        _verdict, small, large, actual = max(tried, key=lambda item: item[3])
        named = (
            re.search("师生|生师|医护|护患|床护|警民|干群$", page.text[max(0, match.start() - 2) : match.start() + 1])
            is not None
        )
        if verdict is Verdict.CONTRADICTORY and small.kin == large.kin and not named:
            continue
        reason = f"{stated(large)}÷{stated(small)}={plain(actual)}，文中为1：{match['n']}"
        claims.append(claim(page, "average", verdict, reason, match.start(), match.end(), near))
    return claims
