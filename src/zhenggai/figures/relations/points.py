"""Percentage points of what is no rate: a count or an amount that is said to rise by them."""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import COMPARES_RE, own_subject
from zhenggai.figures.relations.common import claim, plain, stated
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS

_RATE_WORD_RE = re.compile(
    "率|度|占比|比重|比例|增速|增幅|降幅|指数|水平|系数|份额|成数|利差|利息|息|比值|进度|得分|评分|覆盖面"
)


def check_points(page: Page, change: Mention, match: re.Match[str]) -> Claim | None:
    """Report a count that rises by percentage points."""
    if change.unit not in POINT_UNITS:
        return None
    named = re.search(
        r"(?P<what>[一-龥]{0,8}(?:数量|件数|人数|次数|户数|总数|案件数|企业数|线索数|问题数|投诉数|时长|时限|天数|用时|费用|成本|均价|浓度|总量|案件量|举报量|投诉量|信访量|业务量|办件量|受理量|销量|产量|金额|总额|收入|支出|产值|投资额))(?:同比|环比|比上年|较上年)?(?:同期)?$",
        match["own"],
    )
    if named and not _RATE_WORD_RE.search(match["own"]):
        reason = f"{named['what']}是数量或金额，不能以百分点计增减，应为百分数"
        return claim(
            page, "unit_misuse", Verdict.CONTRADICTORY, reason, change.start - len(change.lead), change.end, [change]
        )
    if change.index == 0:
        return None
    before = page.mentions[change.index - 1]
    clause = page.clause_of(change)
    if before.is_change and before.is_count and before.kin == "money" and page.sentence_of(before) == clause.sentence:
        if clause.index - page.clause_of(before).index > 1 or own_subject(match) or _RATE_WORD_RE.search(before.lead):
            return None
        reason = f"{before.quantity.text}是金额，降幅或增幅应以百分数计，不能以百分点计"
        return claim(
            page,
            "unit_misuse",
            Verdict.CONTRADICTORY,
            reason,
            change.start - len(change.lead),
            change.end,
            [before, change],
        )
    if page.sentence_of(before) != clause.sentence or not before.is_count or before.is_change or own_subject(match):
        return None
    if clause.index - page.clause_of(before).index > 1 or page.clause_of(before).depth != clause.depth:
        return None
    words = page.text[page.clause_of(before).start : change.start]
    if _RATE_WORD_RE.search(words) or "%" in words:
        return None
    reason = f"{before.quantity.text}是{_thing(before)}，不能以百分点计增减，应为百分数或改写为比率"
    place = change.start - len(change.lead)
    # A part of a stated whole makes a rate by itself, and what rises by percentage points may be that.
    from_to = re.search("[由从]", page.words(page.clause_of(before))) and re.search("[到至]$", before.lead)
    if "其中" in page.text[page.clause_of(before).start : before.start] or not (
        COMPARES_RE.search(match["own"]) or from_to
    ):
        return claim(
            page,
            "unit_misuse",
            Verdict.UNCHECKABLE,
            reason + "；也可能另指比率，文中未给出",
            place,
            change.end,
            [before, change],
        )
    return claim(page, "unit_misuse", Verdict.CONTRADICTORY, reason, place, change.end, [before, change])


def _thing(mention: Mention) -> str:
    return "金额" if mention.kin == "money" else "数量"


_APART_RE = re.compile("^，?(?:两者|二者|两地|城乡)?(?:相差|差距为?|差距达)(?:了|约)?$")


def check_apart(page: Page, shown: Mention) -> Claim | None:
    """Judge ``83.5%，居民医保为70.2%，相差13.3个百分点``."""
    if shown.unit not in POINT_UNITS or shown.index < 2 or not _APART_RE.search(shown.lead):
        return None
    first, second = page.mentions[shown.index - 2 : shown.index]
    if not (first.unit == second.unit == "%") or page.sentence_of(first) != page.sentence_of(shown):
        return None
    if first.qualifier or second.qualifier or any(m.quantity.upper is not None for m in (first, second, shown)):
        return None
    apart = abs(first.value - second.value)
    verdict = judge(apart, apart, shown.value, shown.quantity.step, shown.qualifier, apart)
    reason = f"{stated(first)}与{stated(second)}相差{plain(apart)}个百分点，文中为{shown.quantity.text}"
    return claim(page, "points", verdict, reason, first.start, shown.end, [first, second, shown])
