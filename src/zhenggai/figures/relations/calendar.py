"""Dates: days that do not exist, spans that end before they begin, and how many days a span is said to be.

A span may be counted with both ends or with one; both are right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.periods import When
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict

_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_LOOSE_SPAN_RE = re.compile(r"(?:起|开始|启动)?，?(?:至|到|-{1,2}|~)")
_SPAN_RE = re.compile(r"(?:起)?(?:至|到|-{1,2}|~)")
_DURATION_RE = re.compile(r"(?:利用|共|共计|历时|为期|合计|总计|前后|持续|用时|累计|计)(?:约|近)?$")
_BEGINS = "开工|开始|启动|受理|立案|进驻|成立|签订|签约|申请|报名|动工|入驻|收到|接到|下达|中标|移送|发现|交办|批复"
_ENDS = (
    "竣工|完工|结束|办结|结案|审结|撤离|验收|交付|建成|投用|完成|判决|宣判|回复|答复|销号|整改到位|整改完毕|销案|兑付"
)


def check_calendar(page: Page) -> list[Claim]:
    """Return the claims about dates and durations."""
    claims = []
    for when in page.times:
        found = _impossible(page, when)
        if found is not None:
            claims.append(found)
    for first, second in pairwise([when for when in page.times if not when.relative]):
        found = _order(page, first, second)
        if found is not None:
            claims.append(found)
        if first.last_day and first.day and first.last_day < first.day:
            reason = f"结束日期{first.last_day}日早于开始日期{first.day}日"
            claims.append(claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, first.end))
    claims.extend(_signed(page))
    for mention in page.mentions:
        found = _duration(page, mention) or _years(page, mention) or _late(page, mention)
        if found is not None:
            claims.append(found)
    return claims


def _impossible(page: Page, when: When) -> Claim | None:
    if when.relative:
        return None
    for month, day in ((when.month, when.day), (when.last_month, None), (when.month, when.last_day)):
        if month is None:
            continue
        if not 1 <= month <= 12:
            if "月" not in when.text:
                return None
            return claim(page, "impossible_date", Verdict.CONTRADICTORY, f"没有{month}月", when.start, when.end)
        if day is None:
            continue
        longest = monthrange(when.year, month)[1] if when.year else _LONGEST[month]
        if "日" not in when.text and "号" not in when.text:
            return None
        if not 1 <= day <= longest:
            words = f"{when.year}年" if when.year and month == 2 else ""
            return claim(
                page, "impossible_date", Verdict.CONTRADICTORY, f"{words}{month}月没有{day}日", when.start, when.end
            )
    return None


def _order(page: Page, first: When, second: When) -> Claim | None:
    """Report a span of dates that ends before it begins, or an end that is dated before its beginning."""
    if first.relative or second.relative:
        return None
    if first.year and second.year and not first.month and not second.month:
        return _backward_years(page, first, second)
    if not first.month:
        return None
    joint = page.text[first.end : second.start]
    if len(joint) > 30 or "\n" in joint:
        return None
    if _LOOSE_SPAN_RE.fullmatch(joint):
        later = (second.year or first.year or 0, second.month or 0, second.day or 0)
        sooner = (first.year or 0, first.month, first.day or 0)
        length = 3 if first.day and second.day else 2
        if not second.month or later[:length] >= sooner[:length]:
            return None
        if second.year is None and not (first.day and second.day and first.month - second.month < 6):
            return None
        reason = f"结束日期{second.text}早于开始日期{first.text}"
        return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    if not second.month or "。" in joint or "；" in joint:
        return None
    if second.year is None:
        # The year is carried on within a sentence, and a later year would have been written.
        if (
            first.year is None
            or not (first.day and second.day)
            or re.search("次年|翌年|来年", joint)
            or first.month - second.month > 6
        ):
            return None
        second = replace(second, year=first.year)
    length = 3 if first.day and second.day else 2
    if _order_of(second)[:length] > _order_of(first)[:length] and re.search(
        "，(?:此前|在此之前|而此前)[^，。；]{0,6}$", joint
    ):
        reason = f"{second.text}晚于{first.text}，不在其前"
        return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    if _order_of(second)[:length] >= _order_of(first)[:length]:
        turned = re.fullmatch(r"(?:竣工验收|完工验收|竣工|完工|建成投用|办结|审结|结案)，", joint) and re.match(
            r"(?:正式)?(?:开工|动工|受理|立案)", page.text[second.end : second.end + 6]
        )
        if not turned or _order_of(second)[:length] == _order_of(first)[:length]:
            return None
        reason = f"{second.text}晚于{first.text}"
        return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    tail = page.text[second.end : second.end + 16]
    follows = (
        re.search(r"后，[^，。；]{0,16}$|[，](?:随后|之后|其后|并于|又于|再于)[^，。；]{0,10}$", joint) is not None
    )
    ends = (
        re.search(rf"(?:{_BEGINS})[^。；]{{0,24}}$", joint) is not None
        and re.match(rf"[^，。；、]{{0,8}}(?:{_ENDS})", tail) is not None
    )
    staged = (
        re.search(r"(?:收到|接到|发现|举报|移送)[^。；]{0,16}$", joint) is not None
        and re.match(r"[^，。；、]{0,6}(?:立案|受理|核查|调查)", tail) is not None
    )
    ends = ends or staged
    due = re.search(
        r"(?:印发|下发|发出|召开|部署|作出)[^。；]{0,24}(?:要求|明确|须|务必)[^，。；]{0,10}$", joint
    ) is not None and tail.startswith(("前", "以前", "之前"))
    if follows or ends or due:
        reason = f"{second.text}早于{first.text}"
        return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    return None


def _order_of(when: When) -> tuple[int, int, int]:
    return when.year or 0, when.month or 0, when.day or 0


def _backward_years(page: Page, first: When, second: When) -> Claim | None:
    if not _SPAN_RE.fullmatch(page.text[first.end : second.start]) or (second.year or 0) >= (first.year or 0):
        return None
    reason = f"结束年份{second.text}早于开始年份{first.text}"
    return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)


def _signed(page: Page) -> list[Claim]:
    """Report figures said to be as of a day after the one on which the paper was signed."""
    at = len(page.text.rstrip())
    signed: When | None = None
    for when in reversed(page.times[-3:]):
        line = re.split("[\n。]", page.text[max(0, when.start - 40) : when.start])[-1]
        alone = len(line) <= 20 and not re.search("[于在至前自从到，、：]|截", line)
        if when.day and when.year and page.text[when.end : at].strip() == "" and alone:
            signed = when
            break
    if signed is None or signed.on() is None:
        return []
    claims = []
    for when in page.times:
        day = when.on()
        if day is None or not re.search("截[至止]", page.text[max(0, when.start - 2) : when.start]):
            continue
        if day > (signed.on() or day) and (day - (signed.on() or day)).days < 400:
            reason = f"数据截至{when.text}，晚于落款日期{signed.text}"
            claims.append(claim(page, "date_order", Verdict.CONTRADICTORY, reason, when.start - 2, when.end))
    return claims


_AHEAD_RE = re.compile(r"(?:为期|历时|期为|期限为?|工期为?|时限为?|时间为)$")


def _duration(page: Page, mention: Mention) -> Claim | None:
    """Judge ``3月1日至3月20日，共20天``, ``为期两个月…自3月1日…至6月30日`` and ``2019年至2023年五年``."""
    if mention.unit not in ("天", "日", "个月", "年") or mention.qualifier or mention.quantity.upper is not None:
        return None
    bracketed = page.text.startswith("（", mention.end)
    if mention.quantity.step < 1 or not (
        bracketed or _DURATION_RE.search(mention.lead[-4:]) or _AHEAD_RE.search(mention.lead)
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
    ends = _ends(page, times) if times else None
    stop = mention.end
    if ends is None and page.text.startswith("（", mention.end):
        behind = [when for when in _times_behind(page, mention) if when.start - mention.end < 24]
        if len(behind) in (1, 2) and page.text[behind[-1].end : behind[-1].end + 1] == "）" and not behind[0].relative:
            ends, stop = _ends(page, behind), behind[-1].end
    if ends is None and _AHEAD_RE.search(mention.lead):
        behind = _times_behind(page, mention)
        ends = _ends(page, behind) if behind else None
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
        if unit == "个月":
            return (months - Decimal("0.75"), months + Decimal("0.75")), f"{words}约{months:.1f}个月"
        return (), ""
    if isinstance(first, tuple) and isinstance(last, tuple):
        months = Decimal((last[0] - first[0]) * 12 + last[1] - first[1])
        if unit == "个月" and months >= 0:
            return (months, months + 1), f"首尾都算{months + 1}个月，只算一头{months}个月"
    return (), ""


def _times_behind(page: Page, mention: Mention) -> list[When]:
    """Return the two times behind *mention* that are a beginning and an end: 自…开始，至…结束."""
    low = bisect_left(page.times, mention.end, key=lambda when: when.start)
    found = [when for when in page.times[low : low + 2] if not when.relative and when.start - mention.end < 60]
    if (
        len(found) == 2
        and re.fullmatch(r"(?:起|开始|启动)?，?(?:至|到|-{1,2}|~)", page.text[found[0].end : found[1].start])
        and "。" not in page.text[mention.end : found[0].start]
    ):
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


def _ends(page: Page, times: list[When]) -> tuple[int, date | tuple[int, int], date | tuple[int, int]] | None:
    """Return where a span of time begins in the text, and its two ends: days, or months."""
    last = times[-1]
    if last.last_day and last.month and last.day:
        year = last.year or 2024
        if not _is_day(year, last.month, last.day) or not _is_day(year, last.month, last.last_day):
            return None
        return last.start, date(year, last.month, last.day), date(year, last.month, last.last_day)
    if last.last_month and last.month and not last.day:
        return last.start, (last.year or 2024, last.month), (last.year or 2024, last.last_month)
    if len(times) < 2 or not _LOOSE_SPAN_RE.fullmatch(page.text[times[0].end : times[1].start]):
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
