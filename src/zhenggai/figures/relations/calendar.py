"""Dates: days that do not exist, spans that end before they begin, and what is done before that which it follows."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from itertools import pairwise

from zhenggai.figures.layout import Page
from zhenggai.figures.periods import When
from zhenggai.figures.relations.common import claim
from zhenggai.figures.relations.stages import REMARKED_RE, follows_in_course
from zhenggai.figures.shapes import Claim, Verdict

_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_LOOSE_SPAN_RE = re.compile(r"(?:\d{1,2}时)?(?:\d{1,2}时)?(?:起|开始|启动)?，?(?:至|到|-{1,2}|~)")
_SPAN_RE = re.compile(r"(?:\d{1,2}时)?(?:起)?(?:至|到|-{1,2}|~)")
_BEGINS = "开工|开始|启动|受理|立案|进驻|成立|签订|签约|申请|报名|动工|入驻|收到|接到|下达|中标|移送|发现|交办|批复"
_ENDS = (
    "竣工|完工|结束|办结|结案|审结|撤离|验收|交付|建成|投用|完成|判决|宣判|回复|答复|销号|整改到位|整改完毕|销案|兑付"
)


def check_calendar(page: Page) -> list[Claim]:
    """Return the claims about dates."""
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
    claims.extend(_weekdays(page))
    return claims


_WEEKDAY_RE = re.compile("（?(?:星期|周)(?P<day>[一二三四五六日天])(?![至到、—-])")


def _weekdays(page: Page) -> list[Claim]:
    """Hold ``2024年9月10日（星期二）`` to the calendar."""
    claims = []
    for when in page.times:
        day = when.on() if when.day and not when.last_day else None
        match = _WEEKDAY_RE.match(page.text, when.end) if day is not None else None
        if day is None or match is None:
            continue
        actual = "一二三四五六日"[day.weekday()]
        fits = match["day"].replace("天", "日") == actual
        reason = f"{when.text}是星期{actual}，文中为星期{match['day']}"
        verdict = Verdict.CONSISTENT if fits else Verdict.CONTRADICTORY
        claims.append(claim(page, "impossible_date", verdict, reason, when.start, match.end()))
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
    if (
        first.year is None
        and second.year is not None
        and page.text[max(0, first.start - 2) : first.start] in ("同年", "当年")
    ):
        # 同年9月20日立案，2022年9月16日判决: of the year that was named before.
        named = [
            when.year for when in page.times if when.end <= first.start and when.year and first.start - when.end < 40
        ]
        first = replace(first, year=named[-1]) if named else first
    if first.year is None and second.year is not None:
        return None
    if second.year is None:
        # The year is carried on within a sentence, and a later year would have been written.
        if (
            (first.year is None and not (first.day and second.day))
            or not (first.day and second.day)
            or re.search("次年|翌年|来年", joint)
            or (first.month or 0) - second.month > 6
        ):
            return None
        first = replace(first, year=first.year or 2000)
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
    between = re.split("，", joint)
    steps = (
        len(between) <= 3
        and not REMARKED_RE.search(between[-1])
        and follows_in_course(
            "".join(between[:-1]) or joint, re.split("[，。；、]", page.text[second.end : second.end + 14])[0]
        )
    )
    if follows or ends or due or steps:
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
