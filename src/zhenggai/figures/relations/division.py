"""Dividing a part by its whole: the readings that the text allows, and the verdict of the kindest.

Shares (``shares``), rates (``rates``) and lists of either (``aligned``) find the numerators and denominators; here they are
divided. A contradiction is told only where grammar leaves nothing outside the text that could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhenggai.figures.layout import CHANGE_RE, Clause, Mention, Page
from zhenggai.figures.relations.common import (
    SCOPES_RE,
    abbreviates,
    advice,
    claim,
    content,
    group_of,
    is_past,
    judge_ratio,
    names,
    pairs_of,
    plain,
    ratio_bounds,
    same_unit,
    stated,
    touches,
)
from zhenggai.figures.rounding import ABOVE, BELOW, best
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

MEASURED_RE = re.compile("金额|资金|面积|收入|支出|投资|产值|规模|投入|产量|里程|费用|款")
"""What is measured and not counted: no count of things is a share of it."""


@dataclass(slots=True)
class Readings:
    """Numerators and denominators of one ratio, and whether the text itself ties them to it."""

    parts: list[list[Mention]]
    """What may be divided; each a sum of quantities."""
    wholes: list[list[Mention]]
    """What it may be divided by."""
    tied: bool
    """True when grammar leaves nothing outside the text that could be meant."""
    over: bool = False
    """True when the part may be more than the whole, as what was done may be more than what was planned."""
    complement: bool = False
    """True when the count is of those that did not."""


def is_change_ratio(mention: Mention) -> bool:
    """Tell whether a ratio says by how much something changed."""
    return CHANGE_RE.search(mention.lead) is not None or mention.tail.startswith(
        ("的增长", "的增幅", "的增速", "的降幅", "的速度")
    )


_COMPARED_RE = re.compile("(?:比|较|与|同)[^，。；]{2,14}的$")
"""What is compared with, and no part: ``较2023年的1800套``."""


def nearest_count(page: Page, shown: Mention, clause: Clause) -> tuple[list[Mention], bool]:
    """Return the count that the words before the clause of *shown* end with."""
    for back in range(1, 6):
        index = clause.index - back
        if index < 0:
            break
        other = page.clauses[index]
        if other.sentence != clause.sentence or other.segment != clause.segment:
            break
        if other.depth > clause.depth:
            continue
        counts = [m for m in other.mentions if m.is_count and not m.is_change and not _COMPARED_RE.search(m.lead)]
        if len(counts) > 1 and counts[-1].qualifier in ABOVE | BELOW and counts[-1].kin != counts[-2].kin:
            counts.pop()
        if counts:
            return group_of(page, counts[-1]), True
        if other.mentions:
            continue
        if other.end - other.start > 0 and back > 1:
            return [], False
    return [], False


def sums_ending_with(page: Page, shown: Mention, first: Mention) -> list[list[Mention]]:
    """Return the sums that end with *first*: what ``合计占`` behind a list may mean."""
    run = [first]
    found: list[list[Mention]] = []
    together = re.search("合计|共|两|二者|三|总", shown.lead) is not None
    for other in page.before(first, 8):
        joint = page.text[other.end : run[0].start]
        if page.sentence_of(other) != page.sentence_of(first) or not (
            together or re.fullmatch("[^，。；：]*[、和及与][^，。；：]*", joint)
        ):
            break
        if other.kin == first.kin and other.is_count:
            run = [other, *run]
            found.append(run)
    return found


def wholes_of(page: Page, shown: Mention, part: Mention, named: str) -> tuple[list[list[Mention]], bool]:
    """Return what a share of *part* may be of, and whether the text pins it down."""
    near = [
        other
        for other in page.before(part, 40)
        if other.is_count and other.group != part.group and other.kin == part.kin and other.amount >= part.amount
    ]
    usable = [other for other in near if not other.is_change and not is_past(other)]
    if part.unit not in MEASURES and MEASURED_RE.search(named):
        return [], False
    core = content(SCOPES_RE.sub("", named))
    scope = SCOPES_RE.search(named)
    here = page.sentence_of(part)
    if len(core) >= 2:
        pinned = [
            other for other in usable
            if _named_as(page, core, other) and not (_BUDGET_RE.search(core) and page.sentence_of(other) != here)
            and not (named.startswith("总") and re.search("完成|到位|实现|支付|使用", other.lead))
        ]  # fmt: skip
    else:
        pinned = [other for other in usable if page.sentence_of(other) == here]
        if not pinned and usable and _leans_back(page, shown):
            nearest = page.sentence_of(usable[0])
            pinned = [other for other in usable if page.sentence_of(other) == nearest]
    first = next(
        (at for at, other in enumerate(pinned) if page.clause_of(other).segment == page.clause_of(part).segment), None
    )
    if first is not None and len(core) < 2:
        pinned = [other for other in pinned if page.clause_of(other).segment == page.clause_of(part).segment]
    elif (
        len(core) < 2
        and pinned
        and not (any(_goes_on_behind(page, other) for other in pinned) and _is_first(page, part, shown))
    ):
        # 实缴职工6.8万人…；党员150人，逾七成: no list goes on over the ；.
        pinned = []
    elif len(core) < 2 and _opens_segment(page, part):
        # ；新增公交80辆，占比…: a statement of its own, whose whole is not the one before.
        pinned = []
    if not pinned and not near:
        late = [
            m for m in page.mentions[shown.index + 1 : shown.index + 4]
            if page.clause_of(m).segment == page.clause_of(shown).segment and m.kin == part.kin and m is not part and m.is_count
            and m.amount >= part.amount
        ]  # fmt: skip
        if len(late) == 1 and (
            re.search("共|总|全[国省市县区镇乡校院]", late[0].lead)
            or (len(core) >= 2 and re.search(f"{core}(?:总[数量额])?(?:共|有|为|达)*$", late[0].lead))
        ):
            return [[late[0]]], True
    if scope is not None:
        pinned = [other for other in pinned if scope[0] in other.label or other.quantity.scope == scope[0]]
    if len(core) >= 2 and len({other.amount for other in pinned}) == 1:
        return [[pinned[0]]], True
    if len(core) >= 2 and not pinned and page.mentions[shown.index - 1] is part:
        # 总库容1.26亿立方米，蓄水1.86亿立方米，占总库容的…: the whole is named, though it is less.
        less = [
            m for m in page.before(part, 6)
            if page.sentence_of(m) == here and m.kin == part.kin and m.is_count and not m.is_change and m.lead.endswith(core)
        ]  # fmt: skip
        if len(less) == 1:
            return [[less[0]]], True
    if len(core) < 2 and any(same_unit(other, part) for other in pinned):
        pinned = [other for other in pinned if same_unit(other, part)]
    if len(core) < 2:
        # 15—59岁…，占63.35%；60岁及以上…，占18.70%: what has a share of its own is a sister, and no whole.
        pinned = [other for other in pinned if not _has_share(page, other)]
    meant = _meant(page, part, pinned or near, core)
    wholes = [[other] for other in (meant, *(other for other in near if other is not meant)) if other is not None]
    wholes.extend(totals_with(page, part))
    return wholes, bool(pinned)


def _has_share(page: Page, mention: Mention) -> bool:
    """Tell whether a share of its own stands right behind *mention*."""
    following = page.mentions[mention.index + 1] if mention.index + 1 < len(page.mentions) else None
    if following is None or not following.is_ratio or "占" not in following.lead:
        return False
    return (
        re.fullmatch(
            "[^，。；其中]{0,10}[，、（]?(?:约|仅|只)?占(?:比)?[^，]*", page.text[mention.end : following.start]
        )
        is not None
    )


_BUDGET_RE = re.compile("预算|任务|目标|计划|指标|限额")


def _named_as(page: Page, core: str, other: Mention) -> bool:
    """Tell whether *other* is what a share names as its whole: 公益诉讼 of 立案公益诉讼案件, but 调整预算 not of 公共预算收入."""
    if _BUDGET_RE.search(core) and not re.search("收入|支出", core):
        return re.search(
            f"(?:{_BUDGET_RE.pattern})(?:[数总额]|任务|目标|指标|投资|完成|实施)*(?:为|共|安排|下达|是)*$", other.lead
        ) is not None and touches(core, other.lead)
    if names(core, other.label) or (abbreviates(core, other.lead) and len(core) <= 4):
        return True
    # The head noun right at the number, and no other modifier that speaks against it: 受访企业 of 走访企业.
    head = core[-2:]
    own = re.split("[、，：]", other.lead)[-1]
    near = own.endswith(head) or other.tail.startswith(head)
    return (
        near
        and len(core) <= 4
        and bool(set(core[:-2]) & set(page.words(page.clause_of(other))))
        and not re.search("总|财政|公共|税|预算", core + own)
    )


def _meant(page: Page, part: Mention, wholes: Sequence[Mention], core: str) -> Mention | None:
    """Return the whole that grammar ties *part* to: what is named, or what 其中 is of, or what the sentence began with.

    Its arithmetic is what is shown when no reading agrees.
    """
    if not wholes:
        return None
    if len(core) >= 2:
        wanted = pairs_of(core)
        return max(wholes, key=lambda m: (sum(pair in m.label for pair in wanted), m.index))
    here = [m for m in wholes if page.sentence_of(m) == page.sentence_of(part)] or list(wholes)
    stretch = page.text[min(m.end for m in here) : part.start]
    at = stretch.find("其中")
    if at >= 0:
        before = [m for m in here if m.end <= min(other.end for other in here) + at]
        return max(before, key=lambda m: m.index) if before else here[-1]
    return max(here, key=lambda m: (m.amount, -m.index))


def _is_first(page: Page, part: Mention, shown: Mention) -> bool:
    """Tell whether *part*, with its share, is the first quantity of its segment."""
    at = min(part.index, shown.index)
    before = page.mentions[at - 1] if at else None
    return before is None or page.clause_of(before).segment != page.clause_of(part).segment


def _goes_on_behind(page: Page, whole: Mention) -> bool:
    """Tell whether kinds of *whole* are told in its own segment or sentence: then those behind ； may be more of them."""
    clause = page.clause_of(whole)
    stop = page.text.find("；", whole.end, whole.end + 200)
    end = page.text.find("。", whole.end, whole.end + 200)
    stretch = page.text[whole.end : min(at for at in (stop, end, whole.end + 200) if at >= 0)]
    return (
        page.text.startswith("；其中", stop)
        or "其中" in stretch
        or "占" in stretch
        or "：" in stretch
        or stretch.rstrip() == ""
        or page.clauses[clause.index].closer in "：。"
    )


def _opens_segment(page: Page, part: Mention) -> bool:
    """Tell whether *part* begins what follows a ；, with words of its own and no 其中."""
    clause = page.clause_of(part)
    opener = clause
    while (
        clause.index - opener.index < 60 and opener.index and page.clauses[opener.index - 1].segment == clause.segment
    ):
        opener = page.clauses[opener.index - 1]
    return (
        opener.opener == "；"
        and "其中" not in page.text[opener.start : part.start]
        and re.match("新增|新建|此外|另|同时", page.words(opener)) is not None
    )


def _leans_back(page: Page, shown: Mention) -> bool:
    """Tell whether the sentence of *shown* goes on about the whole of the sentence before."""
    clause = page.clause_of(shown)
    index = clause.index
    while index > 0 and clause.index - index < 60 and page.clauses[index - 1].sentence == clause.sentence:
        index -= 1
    return page.text.startswith("其中", page.clauses[index].start)


def totals_with(page: Page, part: Mention) -> list[list[Mention]]:
    """Return the sum of all counts like *part* in its sentence, and of it with each other one."""
    alike = [m for m in sentence_mentions(page, part) if m.kin == part.kin and m.is_count and not m.is_change]
    # Where a whole is given, 其中 tells that it is not one of the kinds that add up.
    among = bool(alike) and "其中" in page.text[alike[0].start : part.start]
    found = [alike] if len(alike) > 1 and not among else []
    if 2 < len(alike) <= 12 and not among:
        for skipped in alike:
            rest = [m for m in alike if m is not skipped]
            if part in rest and max(m.amount for m in rest) < skipped.amount:
                found.append(rest)
    return found


def sentence_mentions(page: Page, mention: Mention) -> list[Mention]:
    """Return the quantities of the sentence of *mention*, at most 12 on either side."""
    sentence = page.sentence_of(mention)
    low = mention.index
    while low > 0 and mention.index - low < 12 and page.sentence_of(page.mentions[low - 1]) == sentence:
        low -= 1
    high = mention.index
    while (
        high + 1 < len(page.mentions)
        and high - mention.index < 12
        and page.sentence_of(page.mentions[high + 1]) == sentence
    ):
        high += 1
    return page.mentions[low : high + 1]


def percent_like(shown: Mention) -> bool:
    """Tell whether *shown* has decimals enough that agreement is no chance."""
    return shown.quantity.step < 1 or shown.value == 100


def judged(page: Page, kind: str, shown: Mention, readings: Readings, start: int) -> Claim:
    """Return the verdict of the kindest of *readings*, with its arithmetic."""
    tried: list[tuple[Verdict, list[Mention], list[Mention], Decimal]] = []
    seen: set[tuple[tuple[Decimal, ...], tuple[Decimal, ...]]] = set()
    for part in readings.parts[:12]:
        for whole in readings.wholes[:80]:
            if (any(m in whole for m in part) and (len(part) > 1 or len(whole) == 1)) or part[0].kin != whole[0].kin:
                continue
            key = (tuple(m.amount for m in part), tuple(m.amount for m in whole))
            if key in seen and not any(m.qualifier for m in (*part, *whole)):
                continue
            seen.add(key)
            low, actual, high = ratio_bounds(part, whole)
            if readings.complement:
                low, actual, high = 100 - high, 100 - actual, 100 - low
            if low < 0 or (low > 100 and not readings.over and not (readings.tied and shown.value > 100)):
                continue
            tried.append((judge_ratio(shown, low, actual, high), part, whole, actual))
    verdict = best([item[0] for item in tried])
    if not tried:
        return claim(page, kind, Verdict.UNCHECKABLE, "文中没有可与之相除的数。", start, shown.end, [shown])
    chosen = next(item for item in tried if item[0] is verdict)
    if verdict is Verdict.CONTRADICTORY and not readings.tied:
        return claim(page, kind, Verdict.UNCHECKABLE, "文中没有写明这一比例的全体是哪个数。", start, shown.end, [shown])
    reason = division_in_words(shown, chosen[1], chosen[2], chosen[3], readings.complement) + advice(
        shown, chosen[3], verdict
    )
    if verdict is Verdict.UNCHECKABLE:
        reason += "，约数相差不大，不作判断"
    return claim(page, kind, verdict, reason, start, shown.end, [*chosen[1], *chosen[2], shown])


def division_in_words(
    shown: Mention, part: list[Mention], whole: list[Mention], actual: Decimal, complement: bool = False
) -> str:
    above, below = _sum_words(part), _sum_words(whole)
    if complement:
        above = f"({below}-{above})"
    return f"{above}÷{below}={plain(actual)}%，文中为{shown.quantity.text}"


def _sum_words(mentions: list[Mention]) -> str:
    words = "+".join(stated(m) for m in sorted(mentions, key=lambda m: m.index))
    return f"({words})" if len(mentions) > 1 else words
