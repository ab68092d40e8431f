"""Ratios written beside their counts: ``分别占X%、Y%`` behind as many counts, and ``X%（11/15）``."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import advice, claim, judge_ratio, plain, ratio_bounds
from zhenggai.figures.relations.division import Readings, is_change_ratio, judged, wholes_of
from zhenggai.figures.relations.shares import FILLER_RE
from zhenggai.figures.shapes import Claim, Verdict


def aligned_with(page: Page, shown: Mention) -> list[tuple[Mention, Mention]]:
    """Return the ratios of ``分别占X%、Y%、Z%`` from *shown* on, each with its count; nothing when it is no such list."""
    if not re.search(r"分别占|占比分别|分别为|各占", shown.lead) or "占" not in shown.lead:
        return []
    ratios = [shown]
    for other in page.mentions[shown.index + 1 : shown.index + 12]:
        joint = page.text[ratios[-1].end : other.start]
        if not other.is_ratio or joint not in ("、", "和", "及", "与", "，", "以及"):
            break
        ratios.append(other)
    if len(ratios) < 2:
        return []
    counts: list[Mention] = []
    for other in page.before(shown, 24):
        if page.clause_of(other).segment != page.clause_of(shown).segment or not other.is_count or other.is_change:
            break
        if counts and other.kin != counts[0].kin:
            continue
        counts.append(other)
        if len(counts) == len(ratios):
            break
    if len(counts) != len(ratios):
        return []
    return list(zip(ratios, reversed(counts), strict=True))


def check_aligned(page: Page, aligned: list[tuple[Mention, Mention]]) -> list[Claim]:
    first = aligned[0][1]
    whole_name = FILLER_RE.sub("", aligned[0][0].lead.rpartition("占")[2])
    wholes, pinned = wholes_of(
        page, aligned[0][0], max((part for _s, part in aligned), key=lambda m: m.amount), whole_name
    )
    outside = [whole for whole in wholes if whole[0].index < first.index or len(whole) > 1]
    parts = [part for _shown, part in aligned]
    if not any(page.clause_of(whole[0]).segment == page.clause_of(first).segment for whole in outside):
        pinned = False
    outside.append(parts)
    claims = [judged(page, "share", shown, Readings([[part]], outside, pinned), shown.start) for shown, part in aligned]
    return claims if pinned else _by_sister(page, aligned, outside, claims)


def _by_sister(
    page: Page, aligned: list[tuple[Mention, Mention]], wholes: list[list[Mention]], claims: list[Claim]
) -> list[Claim]:
    """Hold the one share of a list that does not agree to the whole that all its sisters agree with."""
    wrong = [at for at, found in enumerate(claims) if found.verdict is Verdict.UNCHECKABLE]
    right = [found for found in claims if found.verdict is Verdict.CONSISTENT]
    if len(wrong) != 1 or len(right) != len(claims) - 1 or not all(shown.value % 1 for shown, _part in aligned):
        return claims
    for whole in wholes:
        sisters = [ratio_bounds([part], whole) for at, (_shown, part) in enumerate(aligned) if at not in wrong]
        shown_ones = [shown for at, (shown, _part) in enumerate(aligned) if at not in wrong]
        if all(
            judge_ratio(shown, *bounds) is Verdict.CONSISTENT for shown, bounds in zip(shown_ones, sisters, strict=True)
        ):
            shown, part = aligned[wrong[0]]
            claims[wrong[0]] = judged(page, "share", shown, Readings([[part]], [whole], True), shown.start)
            break
    return claims


_FRACTION_RE = re.compile(r"[（，]?(?:即)?(\d{1,9})[/／](\d{1,9})(?:）|$)?")
_OF_RE = re.compile(
    r"[一-龥]{0,16}[（，](?:即)?[^，。；（）\d]{0,10}(?P<below>\d{1,9})[件人个家户名份项条处起所批]次?[^，。；（）\d]{0,8}中(?:的|有|仅|只有)?[^，。；（）\d]{0,6}(?P<above>\d{1,9})[件人个家户名份项条处起所批]"
)


def written_fraction(page: Page, shown: Mention) -> Claim | None:
    of = _OF_RE.match(page.text, shown.end)
    if of is not None and not is_change_ratio(shown):
        above, below = Decimal(of["above"]), Decimal(of["below"])
        if not below or above > below:
            return None
        actual = above * 100 / below
        verdict = judge_ratio(shown, actual, actual, actual)
        reason = f"{above}÷{below}={plain(actual)}%，文中为{shown.quantity.text}"
        return claim(page, "share", verdict, reason, shown.start, of.end(), [shown])
    match = _FRACTION_RE.match(page.text, shown.end)
    if match is None or not match[0].startswith(("（", "即", "，即")):
        return None
    above, below = Decimal(match[1]), Decimal(match[2])
    if not below or above > below:
        return None
    actual = above * 100 / below
    verdict = judge_ratio(shown, actual, actual, actual)
    reason = f"{match[1]}÷{match[2]}={plain(actual)}%，文中为{shown.quantity.text}" + advice(shown, actual, verdict)
    return claim(page, "share", verdict, reason, shown.start, match.end(), [shown])
