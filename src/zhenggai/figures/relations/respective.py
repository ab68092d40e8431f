"""Several changes told at once, each of its own pair: ``事故15起、死亡6人，上年为20起、8人，分别下降25%和25%``.

The first change is of the first pair, the second of the second; the pairs are as many 由A到B before, or one list set against
another by the words of the year before, which may stand before the changes or behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import UP, Pair, change_of, is_comparable
from zhenggai.figures.relations.common import claim, is_past, plain, stated, year_of
from zhenggai.figures.relations.from_to import find_pairs
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS

_HEAD_RE = re.compile(
    "分别(?:同比|环比|(?:比|较|与)[^，。；]{1,8}?)?(?:相比)?(?:都|均)?(?P<verb>[增长加上升提高扩大多下降减少低滑缩短压回落涨]{1,3})(?:了|约|近)?$"
)
_JOINTS = ("、", "和", "与", "及", "以及")
_AGAINST_RE = re.compile(
    "(?:比|较|与)(?:[^，。；]{2,12}?)(?:的|（)$|(?:上年|去年|同期|上季度|上月|上一年)[^，。；]{0,6}$"
)
_MOST = 6


def check_respective(page: Page) -> tuple[list[Claim], set[int]]:
    """Return the claims about changes told 分别, and which quantities they have judged."""
    claims: list[Claim] = []
    judged: set[int] = set()
    for first in page.mentions:
        head = _HEAD_RE.search(first.lead)
        if head is None or first.index in judged:
            continue
        changes = _changes(page, first)
        if len(changes) < 2:
            continue
        pairs = _pairs(page, changes)
        if len(pairs) != len(changes):
            continue
        found = [_judge(page, change, pair, head["verb"]) for change, pair in zip(changes, pairs, strict=True)]
        judged.update(change.index for change in changes)
        claims.extend(item for item in found if item is not None)
    claims.extend(check_series(page))
    return claims, judged


_OVERALL_RE = re.compile(
    "^，?(?:全年|期间|总体|累计|[两二三四五六七八九十]年(?:来|间|累计)?|整体)(?:累计|共|总体)?(?P<verb>提高|提升|上升|增长|增加|下降|降低|减少|下滑)(?:了)?$"
)
_SERIES_RE = re.compile(
    "(?:20\\d\\d年?(?:至|-|到)20\\d\\d年|[一1]季度(?:至|-|到)第?[三四34]季度|1?\\d月?(?:至|-|到)1?\\d月)[^。；]*分别(?:为|是|达到?|完成|实现)$"
)


def check_series(page: Page) -> list[Claim]:
    """Judge ``2020年至2024年，立案数分别为1820起、…和1312起，五年下降27.9%`` by the first and the last."""
    claims = []
    for first in page.mentions:
        if not first.lead.endswith(("为", "是", "达", "达到", "完成", "实现")) or "分别" not in first.lead:
            continue
        run = [first]
        for other in page.mentions[first.index + 1 : first.index + 13]:
            if other.unit != first.unit or page.text[run[-1].end : other.start] not in _JOINTS:
                break
            run.append(other)
        if len(run) < 3 or run[-1].index + 1 >= len(page.mentions):
            continue
        change = page.mentions[run[-1].index + 1]
        if change.unit in ("年", "个季度") and change.index + 1 < len(page.mentions):
            change = page.mentions[change.index + 1]
        head = _OVERALL_RE.match(page.text[run[-1].end : change.start])
        begun = page.text[max(0, first.start - 60) : first.start].rpartition("。")[2]
        if head is None or _SERIES_RE.search(begun) is None or (change.unit != "%" and change.unit not in POINT_UNITS):
            continue
        found = _judge(page, change, Pair(run[0], run[-1]), head["verb"])
        if found is not None:
            claims.append(found)
    return claims


def _changes(page: Page, first: Mention) -> list[Mention]:
    """Return the changes listed from *first* on, all of one unit: 7.8个和6.3个百分点 are both points."""
    run = [first]
    for other in page.mentions[first.index + 1 : first.index + _MOST]:
        if page.text[run[-1].end : other.start] not in _JOINTS:
            break
        run.append(other)
    last = run[-1].unit
    alike = all(m.unit == last or (m.unit == "个" and last in POINT_UNITS) for m in run)
    plainly = last == "%" or last in POINT_UNITS
    return run if alike and plainly and not any(m.quantity.upper is not None for m in run) else []


def _pairs(page: Page, changes: Sequence[Mention]) -> list[Pair]:
    """Return as many pairs as *changes*, in order; nothing when the sentence gives no such."""
    count, first, last = len(changes), changes[0], changes[-1]
    here = page.sentence_of(first)
    before = [m for m in page.before(first, 4 * count + 4) if page.sentence_of(m) == here][::-1]
    from_to = [
        pair for pair in find_pairs(page, max(0, first.index - 4 * count), first.index) if page.clause_of(pair.base).segment == page.clause_of(first).segment
    ]  # fmt: skip
    if len(from_to) >= count:
        return from_to[-count:]
    ratios = changes[-1].unit in POINT_UNITS
    counts = [m for m in before if (m.unit == "%" if ratios else is_comparable(m)) and change_of(m) is None]
    if len(counts) >= 2 * count:
        counts = counts[-2 * count :]
        left, right = counts[:count], counts[count:]
        if _set_against(left[0], right[0]):
            return _paired(right, left)
        if _from_to(left[0], right[0]) or _set_against(right[0], left[0]) or _years(left[0], right[0]):
            return _paired(left, right)
    nows = counts[-count:]
    behind = [m for m in page.mentions[last.index + 1 : last.index + 1 + count] if page.sentence_of(m) == here]
    if len(nows) == count == len(behind) and is_past(behind[0]) and behind[0].index == last.index + 1:
        return _paired(behind, nows)
    return []


def _set_against(now: Mention, base: Mention) -> bool:
    """Tell whether *base* opens what *now* is set against: ``比上年的400件次``, ``上年为20起``."""
    return (is_past(base) or _AGAINST_RE.search(base.lead) is not None) and not is_past(now)


def _from_to(base: Mention, now: Mention) -> bool:
    return (
        re.search("(?:由|从)[^，]{0,12}$", base.lead) is not None
        and re.search("(?:到|至|为)了?$", now.lead) is not None
    )


def _years(base: Mention, now: Mention) -> bool:
    first, second = year_of(base.whens), year_of(now.whens)
    return first is not None and second is not None and second - first == 1


def _paired(bases: Sequence[Mention], nows: Sequence[Mention]) -> list[Pair]:
    pairs = [Pair(base, now) for base, now in zip(bases, nows, strict=True)]
    return pairs if all(pair.base.kin == pair.now.kin and pair.base.low > 0 for pair in pairs) else []


def _judge(page: Page, change: Mention, pair: Pair, verb: str) -> Claim | None:
    base, now = pair.base, pair.now
    points = change.unit != "%"
    if points != base.is_ratio:
        return None
    up = re.match(UP, verb) is not None
    span = (now, base) if now.amount >= base.amount else (base, now)
    words = f"{stated(span[0])}-{stated(span[1])}"
    actual = abs(now.amount - base.amount)
    low, high = max(span[0].low - span[1].high, actual * 0), span[0].high - span[1].low
    if points:
        low = high = actual
        reason = f"{words}={plain(actual)}个百分点，文中为{stated(change)}个百分点"
    else:
        edges = [abs(n / b - 1) * 100 for n in (now.low, now.high) for b in (base.low, base.high)]
        low, high, actual = min(edges), max(edges), actual * 100 / base.amount
        reason = f"({words})÷{stated(base)}={plain(actual)}%，文中为{change.quantity.text}"
    verdict = judge(low, high, change.value, change.quantity.step, change.qualifier, actual)
    if (now.low > base.high and not up) or (now.high < base.low and up):
        verdict = Verdict.CONTRADICTORY
        reason = f"由{base.quantity.text}到{now.quantity.text}，与“{verb}”相反"
    kind = "points" if points else "growth"
    return claim(page, kind, verdict, reason, change.start, change.end, [base, now, change])
