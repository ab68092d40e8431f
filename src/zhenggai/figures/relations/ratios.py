"""Every per cent of a text that is no rise or fall: whether it is a share of a whole or a rate of an act."""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.aligned import aligned_with, check_aligned, written_fraction
from zhenggai.figures.relations.division import is_change_ratio
from zhenggai.figures.relations.named_rates import check_named_rate
from zhenggai.figures.relations.rates import check_rate
from zhenggai.figures.relations.shares import check_share, planned_share, told_behind, whole_inside
from zhenggai.figures.shapes import Claim, Verdict

_SHARE_RE = re.compile(r"(?P<own>[^，。；：、（）]*?)(?:占比|占|所占比例|比重|比例)(?P<whole>[^占]*)$")


_RATE_RE = re.compile(
    r"(?P<stem>[一-龥“”]{1,24}?)(?P<word>率|度|比例|进度)(?:（[^（）]{2,8}）)?(?:均|已|分别|也|都|为|是|达到了|达到|达|至|约|仅|只有|高达|就|有|保持在|稳定在|在|了|：|实现|依然|仍|则)*$"
)
_PLANNED_RE = re.compile(
    "(?:完成|达到?|为|是)(?:了)?(?:年度|全年|年初|上级|下达)?(?:任务|计划|目标)(?:任务)?[数量]?的$"
)
_CUT_RATE_RE = re.compile("(?P<stem>核减|审减)(?:率|比例|幅度)(?:为|达到?|约|均)*$")
_BEFORE_BRACKET_RE = re.compile(
    r"(?P<stem>[一-龥“”]{1,16})(?:率|比例)（(?P<by>[按以不含][^（）\d]{1,10})）(?:均|已|也|都|为|是|达到|达|至|约|仅|高达)*$"
)


def check_ratios(page: Page) -> list[Claim]:
    """Return the claims about shares and rates."""
    claims: list[Claim] = []
    done: set[int] = set()
    for mention in page.mentions:
        if not mention.is_ratio or mention.index in done:
            continue
        fraction = written_fraction(page, mention)
        if fraction is not None:
            claims.append(fraction)
            continue
        aligned = aligned_with(page, mention)
        if aligned:
            done.update(shown.index for shown, _part in aligned)
            claims.extend(check_aligned(page, aligned))
            continue
        found = _check_one(page, mention)
        if found is not None:
            claims.append(found)
    return claims


def _check_one(page: Page, shown: Mention) -> Claim | None:
    lead = shown.lead
    inside = whole_inside(page, shown)
    if inside is not None:
        return inside
    cut = _CUT_RATE_RE.search(lead)
    if cut is not None:
        found = check_rate(page, shown, cut["stem"], "率")
        return found if found.verdict is not Verdict.UNCHECKABLE else None
    if re.search("平均[一-龥]{0,10}(?:率|比例|占比|度|比重)(?:为|达到?|是)?$", lead):
        # 74个城市平均优良天数比例为74.2%: of each, on the average.
        return None
    if is_change_ratio(shown) or re.search(r"[由从][^，]{0,6}$", lead):
        return None
    if re.search(r"(?:提[升高]|上升|增长|下降|降低?|增加|减少)(?:到|至)了?$", lead):
        return None
    if shown.unit == "半":
        half = _SHARE_RE.search(lead.rstrip("过超"))
        own, of = (
            (half["own"], half["whole"])
            if half
            else (lead.rstrip("过超").rpartition("，")[2] if "占" in lead else "", "")
        )
        return check_share(page, shown, own, of)
    share = _SHARE_RE.search(lead)
    if share and not re.search(r"[由从]$", lead):
        return check_share(page, shown, share["own"], share["whole"])
    planned = _PLANNED_RE.search(lead)
    if planned is not None:
        return planned_share(page, shown)
    rate = _RATE_RE.search(lead)
    if rate:
        return check_rate(page, shown, rate["stem"], rate["word"])
    bracketed = _BEFORE_BRACKET_RE.search(page.text, max(0, shown.start - 40), shown.start)
    if bracketed is not None and page.clauses[shown.clause].mentions[0] is shown:
        # 清偿率（按金额）94.2%
        return check_rate(page, shown, bracketed["stem"], "率", bracketed["by"])
    if re.search("(?:存贷|贷存)比(?:为|达到?|约)?$", lead):
        return check_named_rate(page, shown, shown.start - len(lead))
    if shown.unit in ("成", "半", "分之") and told_behind(page, shown) is not None:
        return check_share(page, shown, "", "")
    return None
