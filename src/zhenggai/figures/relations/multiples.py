"""``是上年的2.5倍``: multiples of a base that the sentence gives."""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import change_of
from zhenggai.figures.relations.common import claim, is_past, plain, stated
from zhenggai.figures.relations.from_to import find_pairs
from zhenggai.figures.relations.prior import by_year
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict

_TIMES_RE = re.compile(
    r"(?:是|为|达到?|相当于|增长到|增加到|增至|提高到)(?P<base>[^，。；]{0,14}?)的?(?:约|近|超过?)?$"
)


_BASE_RE = re.compile(r"[是为](?:20\d\d年|[一-龥]{0,4}(?:任务|计划|目标|指标))(?:数|任务)?$")


def _times_inside(page: Page, shown: Mention) -> Claim | None:
    """Judge ``3.2亿元，是上年1.6亿元的3倍``."""
    base = page.mentions[shown.index - 1]
    nows = [
        m
        for m in page.before(base, 3)
        if m.kin == base.kin and m.is_count and page.sentence_of(m) == page.sentence_of(base)
    ]
    if (
        not nows
        or not (is_past(base) or _BASE_RE.search(base.lead))
        or base.low <= 0
        or (
            change_of(nows[0]) is not None
            and not nows[0].lead.rstrip("了").endswith("新增")
            and "新增" not in nows[0].lead
        )
        or page.clause_of(base).index - page.clause_of(nows[0]).index > 1
    ):
        return None
    now = nows[0]
    verdict = judge(
        now.low / base.high,
        now.high / base.low,
        shown.value,
        shown.quantity.step,
        shown.qualifier,
        now.amount / base.amount,
    )
    reason = f"{stated(now)}÷{stated(base)}={plain(now.amount / base.amount)}倍，文中为{shown.quantity.text}"
    return claim(page, "multiple", verdict, reason, base.start - len(base.lead), shown.end, [base, now, shown])


def check_times(page: Page, shown: Mention) -> Claim | None:
    """Judge ``是上年的2.5倍`` where the sentence also gives the year before."""
    match = _TIMES_RE.search(shown.lead)
    named = _times_named(page, shown)
    if named is not None:
        return named
    if shown.lead == "的" and shown.index and re.search(r"[是为]", page.mentions[shown.index - 1].lead):
        return _times_inside(page, shown)
    if match is None:
        return None
    here = [
        m
        for m in page.before(shown, 6)
        if page.clause_of(m).segment == page.clause_of(shown).segment and m.is_count and change_of(m) is None
    ]
    bases = [m for m in here if is_past(m)]
    nows = [m for m in here if not is_past(m)]
    bases, nows = by_year(page, shown, bases, nows, apart=True)
    if not bases:
        pairs = [
            pair
            for pair in find_pairs(page, max(0, shown.index - 6), shown.index)
            if pair.now.index < shown.index and page.clause_of(pair.now).segment == page.clause_of(shown).segment
        ]
        if not pairs or not re.fullmatch(
            r"(?:原来|此前|以前|之前|整改前|前者|初期|当时|\d{4}年|上年|去年|上年同期|去年同期)?", match["base"]
        ):
            return None
        bases, nows = [pairs[-1].base], [pairs[-1].now]
    if len(bases) != 1 or not nows or nows[0].kin != bases[0].kin or bases[0].low <= 0:
        return None
    base, now = bases[0], nows[0]
    verdict = judge(now.low / base.high, now.high / base.low, shown.value, shown.quantity.step, shown.qualifier)
    if verdict is Verdict.CONTRADICTORY and len(nows) > 1:
        return None
    times = now.amount / base.amount
    reason = f"{stated(now)}÷{stated(base)}={plain(times)}倍，文中为{shown.quantity.text}"
    return claim(
        page, "multiple", verdict, reason, shown.start - len(shown.lead) + match.start(), shown.end, [base, now, shown]
    )


_NAMED_RE = re.compile(r"(?P<now>[一-龥]{2,8})(?:是|为|相当于|达到?)(?P<base>[一-龥]{2,8})的$")


def _times_named(page: Page, shown: Mention) -> Claim | None:
    """Judge ``货值18.9万元，罚款37.8万元，罚款为货值的3倍``, which names both."""
    match = _NAMED_RE.fullmatch(shown.lead.lstrip("，"))
    if match is None:
        return None
    here = [m for m in page.before(shown, 6) if page.sentence_of(m) == page.sentence_of(shown) and m.is_count]
    nows = [m for m in here if m.lead.endswith(match["now"])]
    bases = [m for m in here if m.lead.endswith(match["base"])]
    if len(nows) != 1 or len(bases) != 1 or nows[0].kin != bases[0].kin or bases[0].low <= 0 or nows[0] is bases[0]:
        return None
    now, base = nows[0], bases[0]
    times = now.amount / base.amount
    verdict = judge(now.low / base.high, now.high / base.low, shown.value, shown.quantity.step, shown.qualifier, times)
    reason = f"{stated(now)}÷{stated(base)}={plain(times)}倍，文中为{shown.quantity.text}"
    return claim(page, "multiple", verdict, reason, shown.start - len(shown.lead), shown.end, [base, now, shown])
