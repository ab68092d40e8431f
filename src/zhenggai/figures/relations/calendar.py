"""Dates: days that do not exist, spans that end before they begin, and how many days a span is said to be.

A span may be counted with both ends or with one; both are right.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.periods import When
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict

_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_SPAN_RE = re.compile(r"(?:起)?(?:至|到|-{1,2}|~)")
_DURATION_RE = re.compile(r"(?:共|共计|历时|为期|合计|总计|前后|持续|用时|累计|计)(?:约|近)?$")
_BEGINS = "开工|开始|启动|受理|立案|进驻|成立|签订|申请|报名|动工|入驻"
_ENDS = "竣工|完工|结束|办结|结案|审结|撤离|反馈|验收|交付|建成|投用|完成|判决|宣判"


def check_calendar(page: Page) -> list[Claim]:
    """Return the claims about dates and durations."""
    claims = []
    for when in page.times:
        found = _impossible(page, when)
        if found is not None:
            claims.append(found)
    for first, second in zip(page.times, page.times[1:], strict=False):
        found = _order(page, first, second)
        if found is not None:
            claims.append(found)
    for mention in page.mentions:
        found = _duration(page, mention)
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
    if first.relative or second.relative or not first.month or first.year is None:
        return None
    joint = page.text[first.end : second.start]
    if len(joint) > 30 or "\n" in joint:
        return None
    if _SPAN_RE.fullmatch(joint):
        year = second.year if second.year is not None else first.year
        later = (year, second.month or 0, second.day or 0)
        sooner = (first.year, first.month, first.day or 0)
        length = 3 if first.day and second.day else 2
        if not second.month or later[:length] >= sooner[:length]:
            return None
        if second.year is None and (later[1], later[2]) < (sooner[1], sooner[2]) and not _may_turn(first, second):
            return None
        if second.year is None:
            return None
        reason = f"结束日期{second.text}早于开始日期{first.text}"
        return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    if second.year is None or not second.month or "。" in joint or "；" in joint:
        return None
    tail = page.text[second.end : second.end + 12]
    if re.match(rf"(?:{_BEGINS})[一-龥]{{0,10}}，(?:已)?(?:并|且)?(?:于)?$", joint) and re.match(
        rf"(?:正式|全部|全面|顺利|依法|已)?(?:{_ENDS})", tail
    ):
        sooner = (first.year, first.month, first.day or 0)
        later = (second.year, second.month, second.day or 0)
        length = 3 if first.day and second.day else 2
        if later[:length] < sooner[:length]:
            reason = f"{second.text}早于{first.text}"
            return claim(page, "date_order", Verdict.CONTRADICTORY, reason, first.start, second.end)
    return None


def _may_turn(first: When, second: When) -> bool:
    """Tell whether a span without a second year may end in the next one."""
    return bool(first.month and second.month and second.month < first.month)


def _duration(page: Page, mention: Mention) -> Claim | None:
    """Judge ``3月1日至3月20日，共20天`` and ``3月至6月，历时4个月``."""
    if mention.unit not in ("天", "日", "个月", "年", "个工作日") or not _DURATION_RE.search(mention.lead[-4:]):
        return None
    if mention.qualifier or mention.quantity.upper is not None or mention.quantity.step < 1:
        return None
    limit = max(0, mention.start - 60)
    times = [when for when in _times_before(page, mention) if when.start >= limit and not when.relative]
    if not times:
        return None
    if "。" in page.text[times[-1].end : mention.start] or page.text[times[-1].end : mention.start].count("，") > 2:
        return None
    ends = _ends(page, times)
    if ends is None:
        return None
    start, first, last = ends
    if mention.unit in ("天", "日"):
        if not isinstance(first, date) or not isinstance(last, date) or last < first:
            return None
        days = (last - first).days
        right = (days, days + 1)
        words = f"{first.month}月{first.day}日至{last.month}月{last.day}日首尾都算{days + 1}天，只算一头{days}天"
    elif mention.unit == "个月":
        if not isinstance(first, tuple) or not isinstance(last, tuple):
            return None
        months = (last[0] - first[0]) * 12 + last[1] - first[1]
        right = (months, months + 1)
        words = f"首尾都算{months + 1}个月，只算一头{months}个月"
    else:
        return None
    verdict = Verdict.CONSISTENT if int(mention.value) in right else Verdict.CONTRADICTORY
    return claim(page, "duration", verdict, f"{words}，文中为{mention.quantity.text}", start, mention.end, [mention])


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
    if len(times) < 2 or not _SPAN_RE.fullmatch(page.text[times[0].end : times[1].start]):
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
