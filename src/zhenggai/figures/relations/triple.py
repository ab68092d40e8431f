"""What is now, what was before and by how much it changed, in whatever order a sentence tells the three.

``较2023年末的320人减少12人，为308人``, ``比上年增加120万元，达到620万元，上年为500万元``, ``1200吨，比目标1000吨多减200吨``. Any two of
them determine the third. A sentence that tells more counts of the same kind is left to the relations that know its grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import (
    COMPARES_RE,
    Pair,
    change_of,
    check_change,
    is_comparable,
    own_subject,
    plain_lead,
)
from zhenggai.figures.relations.common import claim, is_past, plain, same_unit, stated
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import in_base

_AGAINST_RE = re.compile("(?:比|较|与)[^，。；]{1,14}$")
_BASE_END_RE = re.compile(
    "(?:目标|任务|计划|指标|预算|概算|时限|期限|限额|定额|标准|上年|去年|同期|上季度|上月|年初|年末|年底|末|的|整改前|改革前|原来|原有|年|月|期)$"
)
_DELTA_RE = re.compile("^(?:相比)?(?:多|少|增|减|高|低|超|短|长|快|提前|缩|扩)[一-龥]{0,5}$")
_NOW_RE = re.compile("(?:达到?|至|为|完成|增至|降至|有)(?:了)?$")
_OTHER_RE = re.compile("其中|累计|人均|户均|年均|合计")


def check_triples(page: Page, judged: set[int]) -> list[Claim]:
    """Return the claims about now, before and the difference that nothing else has judged."""
    claims = []
    for change in page.mentions:
        if change.index in judged:
            continue
        found = _named(page, change) or _three(page, change)
        if found is not None:
            claims.append(found)
    return claims


def _alike(page: Page, change: Mention) -> list[Mention]:
    """Return the quantities of the segment of *change* that are of its kind, but for itself."""
    segment = page.clause_of(change).segment
    near = page.mentions[max(0, change.index - 8) : change.index + 6]
    found = [m for m in near if page.clause_of(m).segment == segment and m is not change]
    if change.is_ratio:
        return [m for m in found if is_comparable(m) and change_of(m) is None]
    return [m for m in found if m.kin == change.kin and same_unit(m, change)]


def _named(page: Page, change: Mention) -> Claim | None:
    """Judge ``1200吨，比目标1000吨多减200吨`` and ``较2023年末的320人减少12人，为308人``."""
    if (
        change.index == 0
        or not is_comparable(change)
        or not (_DELTA_RE.match(change.lead) or _over(change))
        or change.quantity.upper is not None
    ):
        return None
    base = page.mentions[change.index - 1]
    against = _AGAINST_RE.search(base.lead)
    if (
        base.clause != change.clause
        or base.kin != change.kin
        or not same_unit(base, change)
        or against is None
        or not _BASE_END_RE.search(base.lead)
    ):
        return None
    others = [m for m in _alike(page, change) if m is not base]
    nows = [
        m
        for m in others
        if m.index < base.index
        and page.clause_of(base).index - page.clause_of(m).index <= 2
        and change_of(m) is None
        and not is_past(m)
    ]
    behind = [
        m
        for m in others
        if m.index == change.index + 1
        and _NOW_RE.search(m.lead)
        and page.clause_of(m).index - page.clause_of(change).index == 1
    ]
    now = nows[-1] if nows and len(nows) == 1 else behind[0] if behind and not nows else None
    if now is None or (change.qualifier and not _over(change)):
        return None
    if any(m.qualifier or _OTHER_RE.search(m.lead) for m in (now, base)) or _OTHER_RE.search(change.lead):
        return None
    return _judged(page, now, base, change)


def _over(change: Mention) -> bool:
    """Tell whether 超 before a number is by how much, and no bound: ``比计划80公里超6公里``."""
    return change.qualifier in ("超", "超出", "超过") and change.lead == ""


def _three(page: Page, change: Mention) -> Claim | None:
    """Judge the one change, the one past value and the one present one of a segment."""
    match = change_of(change)
    if (
        match is None
        or change.qualifier
        or COMPARES_RE.search(change.lead) is None
        or re.search("环比|计划|目标|预算|全[国省]", change.lead)
    ):
        return None
    others = _alike(page, change)
    bases = [m for m in others if is_past(m) and change_of(m) is None]
    nows = [m for m in others if m not in bases and change_of(m) is None]
    if len(bases) != 1 or len(nows) != 1 or len(others) != 2:
        return None
    base, now = bases[0], nows[0]
    if "同比" in change.lead and re.search("上季|上月|年初|此前|之前|期初", base.lead):
        return None
    leads = plain_lead(now), plain_lead(base)
    if base.kin != now.kin or any(
        m.qualifier or m.quantity.upper is not None or _OTHER_RE.search(m.lead) for m in (base, now)
    ):
        return None
    # 达到620万元, 上年为500万元: neither names another thing.
    if len(leads[1]) > 3 and len(leads[0]) > 3 and not set(leads[0]) & set(leads[1]):
        return None
    own = own_subject(match)
    if own and leads[0] and not set(own) & set(leads[0]):
        # 受理比上年增加…，办结…: of another thing.
        return None
    if max(base.index, now.index, change.index) - min(base.index, now.index, change.index) > 4:
        return None
    return check_change(page, change, [Pair(base, now)], tied=True)


def _judged(page: Page, now: Mention, base: Mention, change: Mention) -> Claim:
    actual = abs(now.amount - base.amount)
    span: Sequence[Mention] = (now, base) if now.amount >= base.amount else (base, now)
    low, high = span[0].low - span[1].high, span[0].high - span[1].low
    verdict = judge(max(low, Decimal(0)), high, change.amount, in_base(change.quantity.step, change.unit), "", actual)
    up = re.match("多|增|高|超|长|扩|提高", change.lead) is not None or _over(change)
    if (
        (now.low > base.high) != up
        and now.low != base.high
        and "多减" not in change.lead
        and re.match("[多少增减]", change.lead)
    ):
        verdict = (
            verdict
            if verdict is Verdict.CONSISTENT and re.search("多[减压缩降节]", change.lead)
            else Verdict.CONTRADICTORY
        )
    reason = f"{stated(span[0])}-{stated(span[1])}={plain(actual / in_base(Decimal(1), change.unit), 4)}，文中为{change.quantity.text}"
    return claim(
        page, "growth", verdict, reason, base.start - len(base.lead), max(change.end, now.end), [now, base, change]
    )
