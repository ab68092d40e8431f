"""Rises and falls against the year before, where the sentence gives that year, or the increase that implies it."""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import (
    COMPARES_RE,
    OTHER_BASE_RE,
    UP,
    Pair,
    change_of,
    check_change,
    is_comparable,
    own_subject,
    plain_lead,
)
from zhenggai.figures.relations.common import (
    claim,
    content,
    is_past,
    pairs_of,
    plain,
    same_unit,
    stated,
    touches,
    year_of,
)
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS

_CHANGED_WORD_RE = re.compile("[增减升降涨跌]")


def check_against_last(page: Page, change: Mention, match: re.Match[str]) -> Claim | None:
    """Judge a change against a base that the sentence names as the year before, or that the increase itself implies."""
    own = own_subject(match)
    here = [
        m for m in page.before(change, 8)
        if page.sentence_of(m) == page.sentence_of(change) and page.clause_of(m).segment == page.clause_of(change).segment
    ]  # fmt: skip
    if not here:
        return None
    lead = change.lead
    ratio_base = change.unit in POINT_UNITS
    if change.is_ratio and page.mentions[change.index - 1].is_ratio:
        # 满意度96.4%，较上年的91.7%提高4.7%: what is said of two per cents.
        ratio_base = True
    wanted = [m for m in here if (m.is_ratio if ratio_base else is_comparable(m)) and change_of(m) is None]
    if is_comparable(change):
        wanted = [m for m in wanted if m.kin == change.kin]
    bases = [m for m in wanted if is_past(m) or _named_base(m)]
    nows = [m for m in wanted if not (is_past(m) or _named_base(m))]
    if not bases and nows:
        bases = _told_after(page, change, nows[0])
    if not nows and bases and bases[0].clause == change.clause:
        nows = _named_now(page, bases[0])
    # 2022年…，2024年…，增长5倍: no word sets it against the year before.
    apart = change.unit == "倍" and COMPARES_RE.search(lead) is None
    bases, nows = by_year(page, change, bases, nows, apart=apart)
    # What changed is what was spoken of last; anything else said in between has taken its place.
    if nows and wanted[0] not in (*bases, nows[0]):
        return None
    inside = [m for m in bases if m.clause == change.clause]
    if inside:
        own_words = ""
        bases = inside
    else:
        own_words = own
    if bases and bases[0].index > change.index:
        own_words = ""
    if bases and nows and (not own_words or any(_speaks_of(own_words, m) for m in nows)):
        now, base = nows[0], bases[0]
        leads = plain_lead(now), plain_lead(base)
        if not inside and base.index < change.index and all(leads) and not (touches(*leads) or _named_base(base)):
            return None
        if now.kin == base.kin and not OTHER_BASE_RE.search(lead):
            pairs = [Pair(base, now)]
            pairs += [Pair(b, n) for b in bases for n in nows if b.kin == n.kin and (b is not base or n is not now)]
            tied = len(bases) == 1 and (
                abs(base.index - now.index) == 1 or bool(inside) or len([n for n in nows if n.kin == base.kin]) == 1
            )
            found = check_change(page, change, pairs, tied=tied)
            if found is not None:
                return found
    if change.is_ratio and not bases and not own:
        return _by_increase(page, change, match, here)
    if change.is_ratio and bases and not nows and not own:
        return _of_base(page, change, match, here, bases)
    return None


def _of_base(
    page: Page, change: Mention, match: re.Match[str], here: list[Mention], bases: list[Mention]
) -> Claim | None:
    """Judge ``比上年的120件增加12件，增长10%``."""
    step, base = here[0], bases[0]
    grew = change_of(step)
    if grew is None or len(bases) > 1 or step.kin != base.kin or base.low <= 0 or step.index != base.index + 1:
        return None
    if bool(re.fullmatch(UP, grew["verb"])) != bool(re.fullmatch(UP, match["verb"])):
        return None
    low, high, actual = step.low * 100 / base.high, step.high * 100 / base.low, step.amount * 100 / base.amount
    verdict = judge(low, high, change.value, change.quantity.step, change.qualifier, actual)
    reason = f"{stated(step)}÷{stated(base)}={plain(actual)}%，文中为{change.quantity.text}"
    return claim(page, "growth", verdict, reason, change.start - len(change.lead), change.end, [base, step, change])


def _named_now(page: Page, base: Mention) -> list[Mention]:
    """Return what ``立案数较上年的412起`` speaks of: the one count of the sentence that is named 立案."""
    match = re.search("(?P<what>[一-龥]{2,6}?)(?:总?数|总?量|件数|起数|人数|户数)(?:同比)?(?:比|较)", base.lead)
    if match is None:
        return []
    named = [
        m for m in page.before(base, 8)
        if page.sentence_of(m) == page.sentence_of(base) and m.kin == base.kin and same_unit(m, base) and m.is_count
        and match["what"] in m.lead and change_of(m) is None and not is_past(m)
    ]  # fmt: skip
    return named if len(named) == 1 else []


def _named_base(mention: Mention) -> bool:
    """Tell whether *mention* is what is compared with: ``比2023年的160件``."""
    if re.search("(?:比|较)(?:原有|原来|年初|上年|去年|上年同期|去年同期)$", mention.lead):
        return True
    match = re.search(r"(?:比|较|与|同)(?P<when>[^，。；]{2,14}?)(?:的|（)$", mention.lead)
    return match is not None and bool(mention.whens) and _CHANGED_WORD_RE.search(match["when"]) is None


def _same_the_year_before(page: Page, change: Mention, now: Mention, other: Mention) -> bool:
    """Tell whether the next sentence says the same of the year before: ``…5640件，同比增长20%。2023年，新收一审民事案件4512件``."""
    clause = page.clause_of(other)
    time = page.clauses[clause.index - 1] if clause.index else None
    led = (
        page.words(time) if time is not None and not time.mentions and time.sentence == clause.sentence else ""
    ) + other.lead
    if re.match(r"(?:20\d\d年|上年|去年)(?:同期)?", led) is None or "同比" not in change.lead or other.kin != now.kin:
        return False
    first, second = plain_lead(now)[-8:], plain_lead(other)[-8:]
    return len(second) >= 4 and first == second and change_of(other) is None and clause.mentions[0] is other


def _told_after(page: Page, change: Mention, now: Mention) -> list[Mention]:
    """Return the base that follows: ``立案186件，同比增长20%；上年立案160件``."""
    for other in page.mentions[change.index + 1 : change.index + 5]:
        if page.sentence_of(other) != page.sentence_of(change):
            if page.sentence_of(other) - page.sentence_of(change) == 1 and _same_the_year_before(
                page, change, now, other
            ):
                return [other]
            if other.index - change.index > 1 or page.sentence_of(other) - page.sentence_of(change) == 1:
                break
            break
        if other.index - change.index > 2:
            continue
        dated = re.search("上年|去年|同比", change.lead) is not None and year_of(other.whens) is not None
        following = page.mentions[other.index + 1] if other.index + 1 < len(page.mentions) else None
        if (
            dated
            and following is not None
            and year_of(following.whens) is not None
            and page.clause_of(following).segment == page.clause_of(other).segment
        ):
            # 2023年…，2024年…: two years of another matter.
            return []
        if (
            (is_past(other) or dated)
            and other.kin == now.kin
            and (is_comparable(other) or other.is_ratio)
            and change_of(other) is None
            and "其中" not in other.lead
        ):
            named = re.fullmatch("，?(?:比|较)(?:去年|上年)(?:同期)?的", other.lead) is not None
            if (named and page.clause_of(other).segment != page.clause_of(change).segment) or re.search(
                "[由从]", other.lead
            ):
                return []
            alike = touches(plain_lead(now), plain_lead(other)) or not plain_lead(other) or named
            return [other] if alike else []
    return []


def by_year(
    page: Page, change: Mention, bases: list[Mention], nows: list[Mention], *, apart: bool = False
) -> tuple[list[Mention], list[Mention]]:
    """Tell the quantity of an earlier year from that of the last one, where both years are written."""
    if bases:
        return bases, nows
    each = _two_years(page, nows)
    if each is not None:
        return [each.base], [each.now]
    dated = [
        (m, when.year) for m in nows for when in m.whens
        if when.year is not None and when.last_year is None and len({w.year for w in m.whens if w.year}) == 1
    ]  # fmt: skip
    years = sorted({year for _m, year in dated})
    if len(years) != 2 or (years[1] - years[0] != 1 and not apart):
        return bases, nows
    before, after = (next(m for m, when in dated if when == year) for year in years)
    leads = plain_lead(before), plain_lead(after)
    alike = before.kin == after.kin and (not all(leads) or touches(*leads))
    return ([before], [after]) if alike else (bases, nows)


def _two_years(page: Page, nows: list[Mention]) -> Pair | None:
    """Return the pair of ``2023年、2024年分别投入1200万元、1500万元``."""
    if len(nows) < 2 or nows[1].index + 1 != nows[0].index or nows[0].kin != nows[1].kin:
        return None
    years = [when.year for when in nows[1].whens if when.year and when.last_year is None]
    if len(years) != 2 or years[1] - years[0] != 1 or "分别" not in nows[1].lead:
        return None
    return Pair(nows[1], nows[0]) if page.text[nows[1].end : nows[0].start] in ("、", "和", "，") else None


def _speaks_of(own: str, mention: Mention) -> bool:
    core = content(own) or own
    return any(pair in mention.label for pair in pairs_of(core)) if len(core) > 1 else core in mention.label


def _by_increase(page: Page, change: Mention, match: re.Match[str], here: list[Mention]) -> Claim | None:
    """Judge ``120件，比上年增加20件，增长20%`` by what the increase makes the base."""
    step = here[0]
    grew = change_of(step)
    if grew is None or not step.is_count or page.clause_of(change).index - page.clause_of(step).index > 1:
        return None
    other = OTHER_BASE_RE.search(re.sub("[比较](?:年初|上月|上季度)|环比", "", step.lead))
    if not COMPARES_RE.search(step.lead) or other or COMPARES_RE.search(match["own"]):
        return None
    if bool(re.fullmatch(UP, grew["verb"])) != bool(re.fullmatch(UP, match["verb"])):
        return None
    nows = [m for m in here[1:] if m.kin == step.kin and m.is_count and change_of(m) is None and not is_past(m)]
    if not nows or (own_subject(grew) and not _speaks_of(own_subject(grew), nows[0])):
        return None
    if page.clause_of(step).index - page.clause_of(nows[0]).index > 1:
        return None
    sign = 1 if re.fullmatch(UP, grew["verb"]) else -1
    tried = []
    for now in nows:
        base = now.amount - sign * step.amount
        if base <= 0:
            continue
        actual = step.amount * 100 / base
        edges = [
            s * 100 / (n - sign * s) for s in (step.low, step.high) for n in (now.low, now.high) if n - sign * s > 0
        ]
        verdict = judge(min(edges), max(edges), change.value, change.quantity.step, change.qualifier, actual)
        tried.append((verdict, now, base, actual))
    if not tried:
        return None
    verdict = best([item[0] for item in tried])
    _verdict, now, base, actual = next(item for item in tried if item[0] is verdict)
    if verdict is Verdict.CONTRADICTORY and len(tried) > 1:
        return None
    mark = "-" if sign > 0 else "+"
    reason = f"{stated(step)}÷({stated(now)}{mark}{stated(step)})={plain(actual)}%，文中为{change.quantity.text}"
    if now.unit != step.unit:
        reason = f"{step.quantity.text}与上年数之比为{plain(actual)}%，文中为{change.quantity.text}"
    start = change.start - len(match["verb"]) - 2
    return claim(
        page, "growth", verdict, reason, max(start, page.clause_of(change).start), change.end, [now, step, change]
    )
