"""How long a time is said to be, beside its beginning and its end: ``3月1日至3月20日，历时20天``.

A span may be counted with both ends or with one; both are right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from datetime import date
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.periods import When
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.kit.chinese_numerals import parse_chinese_number

_LOOSE_SPAN_RE = re.compile(r"(?:\d{1,2}时)?(?:\d{1,2}时)?(?:起|开始|启动)?，?(?:一直|持续|延续)?(?:至|到|-{1,2}|~)")
_EVENTS_RE = re.compile(
    r"[^。；\d\n]{0,14}?(?:起|开始|启动|进驻|进点|进场|入驻|开工|动工|开幕|开馆|受理|立案|收到|送达|签订|发出|持续|延续|一直)[^。；\d\n]{0,12}(?:，|至|到|于)(?:实际)?(?:于)?"
)
_ENDED_RE = re.compile(
    r"[^，。；\d]{0,10}?(?:结束|完成|完工|竣工|撤离|撤点|撤出|闭幕|闭馆|办结|审结|结案|答复|回复|报送|上报|整改|到位|为止|止|，|$)"
)
_SPAN_RE = re.compile(r"(?:\d{1,2}时)?(?:起)?(?:至|到|-{1,2}|~)")
_DURATION_RE = re.compile(
    r"(?:利用|共|共计|历时|为期|合计|总计|前后|持续|用时|耗时|累计|计|公示期|会期|展期|工期|历经|周期|为时)(?:约|近|共|为|共计)?$"
)


def check_durations(page: Page) -> list[Claim]:
    """Return the claims about how long something took."""
    claims = []
    for mention in page.mentions:
        found = _duration(page, mention) or _years(page, mention) or _late(page, mention)
        if found is not None:
            claims.append(found)
    claims.extend(_more_months(page))
    return claims


_MORE_RE = re.compile("(?:历时|为期|持续|用时|历经)(?P<n>\\d{1,2}|[一二两三四五六七八九十]{1,2})个多月")


def _more_months(page: Page) -> list[Claim]:
    """Judge ``6月3日进点，8月30日撤点，历时4个多月``: from four months to the fifth."""
    claims = []
    for match in _MORE_RE.finditer(page.text):
        low = bisect_left(page.times, match.start(), key=lambda when: when.start)
        times = [when for when in page.times[max(0, low - 2) : low] if when.end <= match.start() < when.end + 30]
        ends = _ends(page, page.times[max(0, low - 2) : low], events=True) if times else None
        count = parse_chinese_number(match["n"]) if not match["n"].isdigit() else int(match["n"])
        if ends is None or not isinstance(ends[1], date) or not isinstance(ends[2], date) or not count:
            continue
        months = Decimal((ends[2] - ends[1]).days + 1) / Decimal("30.4")
        verdict = Verdict.CONSISTENT if count - Decimal("0.1") <= months < count + 1 else Verdict.CONTRADICTORY
        words = f"{ends[1].month}月{ends[1].day}日至{ends[2].month}月{ends[2].day}日约{months:.1f}个月"
        claims.append(claim(page, "duration", verdict, f"{words}，文中为{match['n']}个多月", ends[0], match.end()))
    return claims


_AHEAD_RE = re.compile(r"(?:为期|历时|期为|期限为?|工期为?|时限为?|时间为)$")

_TOOK_RE = re.compile("(?:历时|用时|耗时|历经|为时|持续|前后)(?:约|近|共|共计|达)?$")


def _duration(page: Page, mention: Mention) -> Claim | None:
    """Judge ``3月1日至3月20日，共20天``, ``为期两个月…自3月1日…至6月30日`` and ``2019年至2023年五年``."""
    if mention.unit not in ("天", "日", "个月", "年") or mention.qualifier or mention.quantity.upper is not None:
        return None
    bracketed = page.text.startswith("（", mention.end)
    if mention.quantity.step < 1 or not (
        bracketed
        or _DURATION_RE.search(mention.lead[-4:])
        or _AHEAD_RE.search(mention.lead)
        or page.text.startswith("，自", mention.end)
    ):
        return None
    limit = max(0, mention.start - 60)
    times = [when for when in _times_before(page, mention) if when.start >= limit and not when.relative]
    if bracketed and not (_DURATION_RE.search(mention.lead[-4:]) or _AHEAD_RE.search(mention.lead)):
        times = []
    if times and (
        re.search("[。；]", page.text[times[-1].end : mention.start])
        or page.text[times[-1].end : mention.start].count("，") > 2
    ):
        times = []
    ends = _ends(page, times, events=_TOOK_RE.search(mention.lead) is not None) if times else None
    stop = mention.end
    if ends is None and page.text.startswith("（", mention.end):
        behind = [when for when in _times_behind(page, mention) if when.start - mention.end < 24]
        if len(behind) in (1, 2) and page.text[behind[-1].end : behind[-1].end + 1] == "）" and not behind[0].relative:
            ends, stop = _ends(page, behind), behind[-1].end
    if ends is None and (_AHEAD_RE.search(mention.lead) or page.text.startswith("，自", mention.end)):
        behind = _times_behind(page, mention)
        ends = _ends(page, behind, events=True) if behind else None
        stop = behind[-1].end if behind else stop
    if ends is None:
        return None
    start, first, last = ends
    right, words = _lengths(mention.unit, first, last)
    if not right:
        return None
    verdict = Verdict.CONSISTENT if right[0] <= mention.value <= right[1] else Verdict.CONTRADICTORY
    start = min(start, mention.start)
    return claim(page, "duration", verdict, f"{words}，文中为{mention.quantity.text}", start, stop, [mention])


def _years(page: Page, mention: Mention) -> Claim | None:
    """Judge ``2021年至2023年三年间`` and ``近三年（2022—2024年）``."""
    if mention.unit != "年" or mention.quantity.upper is not None or mention.quantity.step < 1 or mention.qualifier:
        return None
    low = bisect_left(page.times, mention.start, key=lambda when: when.start)
    for when in page.times[max(0, low - 2) : low + 2]:
        span: tuple[int, int] | None = None
        if when.year and when.last_year and not when.month:
            span = when.year, when.last_year
        if span is None or span[1] <= span[0]:
            continue
        behind = (
            re.fullmatch(r"，?(?:这|共|的)?", page.text[when.end : mention.start])
            if when.end <= mention.start
            else None
        )
        ahead = (
            re.fullmatch(r"(?:来|间|内)?（(?:即)?", page.text[mention.end : when.start])
            if mention.end <= when.start
            else None
        )
        if behind is None and ahead is None:
            continue
        if behind is not None and not re.match("[来间内的，（期]|$", page.text[mention.end : mention.end + 1]):
            continue
        length = span[1] - span[0]
        verdict = Verdict.CONSISTENT if mention.value in (length, length + 1) else Verdict.CONTRADICTORY
        reason = f"{span[0]}年至{span[1]}年首尾都算{length + 1}年，文中为{mention.quantity.text}"
        return claim(
            page, "duration", verdict, reason, min(when.start, mention.start), max(when.end, mention.end), [mention]
        )
    return None


_LATE_RE = re.compile(
    r"(?:工期|周期|超期|逾期|提前|延期|超出期限|用时|耗时|历时|间隔|相隔)(?:了|总计|共计|合计|共|为)*$"
)


def _late(page: Page, mention: Mention) -> Claim | None:
    """Judge ``应于6月30日前办结，实际7月20日办结，超期20天``."""
    if mention.unit not in ("天", "日") or mention.qualifier or not _LATE_RE.search(mention.lead):
        return None
    times = [
        when
        for when in _times_before(page, mention)
        if when.day and not when.relative and mention.start - when.end < 60
    ]
    if len(times) != 2 or re.search("[。；]", page.text[times[0].end : mention.start]):
        return None
    if mention.index and page.mentions[mention.index - 1].start > times[0].start:
        return None
    year = times[0].year or times[1].year or 2023
    first, last = times[0].on(times[0].year or year), times[1].on(times[1].year or times[0].year or year)
    if first is None or last is None:
        return None
    days = abs((last - first).days)
    if days > 366 or _SPAN_RE.fullmatch(page.text[times[0].end : times[1].start]):
        return None
    verdict = Verdict.CONSISTENT if abs(int(mention.value) - days) <= 1 else Verdict.CONTRADICTORY
    reason = f"{times[0].text}与{times[1].text}相隔{days}天，文中为{mention.quantity.text}"
    return claim(page, "duration", verdict, reason, times[0].start, mention.end, [mention])


def _lengths(unit: str, first: date | tuple[int, int], last: date | tuple[int, int]) -> tuple[tuple[Decimal, ...], str]:
    """Return between which numbers of *unit* the time from *first* to *last* may be said to be, with words."""
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            return (), ""
        days = (last - first).days
        words = f"{first.month}月{first.day}日至{last.month}月{last.day}日"
        if unit in ("天", "日"):
            return (Decimal(days), Decimal(days + 1)), f"{words}首尾都算{days + 1}天，只算一头{days}天"
        months = Decimal(days + 1) / Decimal("30.4")
        if unit == "年" and days > 180:
            years = Decimal(days + 1) / Decimal("365.25")
            return (years - Decimal("0.3"), years + Decimal("0.3")), f"{words}约{years:.1f}年"
        if unit == "个月":
            return (months - Decimal("0.75"), months + Decimal("0.75")), f"{words}约{months:.1f}个月"
        return (), ""
    if isinstance(first, tuple) and isinstance(last, tuple):
        months = Decimal((last[0] - first[0]) * 12 + last[1] - first[1])
        if unit == "年" and months >= 6:
            slack = Decimal("0.25")
            return (months / 12 - slack, (months + 1) / 12 + slack), f"首尾都算{months + 1}个月"
        if unit == "个月" and months >= 0:
            return (months, months + 1), f"首尾都算{months + 1}个月，只算一头{months}个月"
    return (), ""


def _times_behind(page: Page, mention: Mention) -> list[When]:
    """Return the two times behind *mention* that are a beginning and an end: 自…开始，至…结束."""
    low = bisect_left(page.times, mention.end, key=lambda when: when.start)
    found = [when for when in page.times[low : low + 2] if not when.relative and when.start - mention.end < 60]
    if (
        len(found) == 2
        and re.fullmatch(
            r"(?:起|开始|启动|计算|起算)?，?(?:一直|持续|延续|计算)?(?:至|到|-{1,2}|~)",
            page.text[found[0].end : found[1].start],
        )
        and "。" not in page.text[mention.end : found[0].start]
    ):
        return found
    if (
        len(found) == 2
        and re.fullmatch("的[^，。；]{2,16}[于自从]", page.text[mention.end : found[0].start])
        and re.fullmatch(
            r"(?:正式|全面)?(?:起|开始|启动|展开|开工|动工|进驻|开幕)，(?:至|到|于|并于)?",
            page.text[found[0].end : found[1].start],
        )
    ):
        # 为期100天的大检查于4月1日启动，6月15日结束
        return found
    return []


def _times_before(page: Page, mention: Mention) -> list[When]:
    """Return the last two times before *mention* in its paragraph."""
    low, high = 0, len(page.times)
    while low < high:
        middle = (low + high) // 2
        if page.times[middle].end <= mention.start:
            low = middle + 1
        else:
            high = middle
    return [when for when in page.times[max(0, low - 2) : low] if "\n" not in page.text[when.end : mention.start]]


def _ends(
    page: Page, times: list[When], *, events: bool = False
) -> tuple[int, date | tuple[int, int], date | tuple[int, int]] | None:
    """Return where a span of time begins in the text, and its two ends: days, or months."""
    last = times[-1]
    if last.last_day and last.month and last.day:
        year = last.year or 2024
        if not _is_day(year, last.month, last.day) or not _is_day(year, last.month, last.last_day):
            return None
        return last.start, date(year, last.month, last.day), date(year, last.month, last.last_day)
    if last.last_month and last.month and not last.day:
        return last.start, (last.year or 2024, last.month), (last.year or 2024, last.last_month)
    if len(times) < 2:
        return None
    joint = page.text[times[0].end : times[1].start]
    acted = events and _EVENTS_RE.fullmatch(joint) is not None and _ENDED_RE.match(page.text, times[1].end) is not None
    if not acted and _LOOSE_SPAN_RE.fullmatch(joint) is None:
        return None
    first = times[0]
    if not first.month or not last.month:
        return None
    begun = first.year or (last.year if last.year and last.month >= first.month else None)
    ended = last.year or (first.year + (last.month < first.month) if first.year else None)
    if begun is None and ended is None:
        # February may have 28 or 29 days when no year is said.
        if last.month < first.month or first.month <= 2 < last.month:
            return None
        begun = ended = 2024
    if begun is None or ended is None:
        return None
    if first.day and last.day:
        if not _is_day(begun, first.month, first.day) or not _is_day(ended, last.month, last.day):
            return None
        return first.start, date(begun, first.month, first.day), date(ended, last.month, last.day)
    if first.day or last.day:
        return None
    return first.start, (begun, first.month), (ended, last.month)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
