"""Deadlines as papers and people write them, to the day they end on. Plain text in, a date or None out."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from zhenggai.kit.chinese_numerals import parse_chinese_number
from zhenggai.kit.dates import FoundDate, find_dates
from zhenggai.kit.text import fold

_NUMBER = r"(?P<number>\d{1,3}|[一二三四五六七八九十两半]{1,3})"
_AFTER_FEEDBACK = re.compile(
    rf"反馈[^\d一二三四五六七八九十两半]{{0,12}}?{_NUMBER}\s?(?P<unit>个月|月|个?星期|周|天|日)"
)
_FROM_TODAY = re.compile(rf"^{_NUMBER}\s?(?P<unit>个月|个?星期|周|天|日)(?:后|之后|以后|内|之内|以内)$")
_WEEKDAY = re.compile(r"^(?P<which>这|本|下{1,2}|)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])$")
_YEAR_PART = re.compile(r"(?P<year>(?:19|20)\d\d)\s?年\s?(?P<part>年?底|年?末|上半年|下半年|第?[一二三四1-4]季度|全年)")
_NEAR_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}
_WEEKDAYS = "一二三四五六日"
MAX_TEXT = 120
LASTING_WORDS = ("长期", "持续", "常态", "常抓不懈", "经常性")
"""Words of a deadline without a day: it goes on."""
AT_ONCE_WORDS = ("立行立改", "立整立改", "立查立改", "即知即改", "边查边改", "立即", "即时", "马上")
"""Words of a deadline without a day: at once."""


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day *months* later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_understood(on: date | None, text: str) -> bool:
    """Tell whether a deadline says when: a day, or known words without one; an empty one says nothing amiss."""
    folded = fold(text)
    return on is not None or not folded.strip() or any(word in folded for word in (*LASTING_WORDS, *AT_ONCE_WORDS))


def resolve_deadline(text: str, *, feedback_on: date | None = None, today: date | None = None) -> date | None:
    """Return the day that *text* ends on, or None when it names none (``长期坚持``, ``立行立改``).

    Args:
        text: ``2025-06-30``, ``2025-06``, ``2025年6月底前``, ``2025年第一季度``, ``反馈后1个月`` …
        feedback_on: day 0 of relative deadlines, and the year that a month without year belongs to.
        today: day that ``下周五`` and ``30天内`` count from; None leaves such words unresolved (documents).
    """
    folded = fold(text).strip()[:MAX_TEXT]
    if not folded:
        return None
    try:
        return (
            _after_feedback(folded, feedback_on)
            or _from_today(folded, today)
            or _year_part(folded)
            or _last_date(folded, feedback_on or today)
        )
    except (ValueError, OverflowError):  # a day or year outside the calendar: not a deadline
        return None


def _shift(day: date, number: str, unit: str) -> date | None:
    if number == "半":
        return day + timedelta(days=15) if unit.endswith("月") else None
    value = parse_chinese_number(number)
    if value is None:
        return None
    if unit.endswith("月"):
        return add_months(day, value)
    return day + timedelta(days=value * (1 if unit in {"天", "日"} else 7))


def _after_feedback(text: str, feedback_on: date | None) -> date | None:
    match = _AFTER_FEEDBACK.search(text)
    return _shift(feedback_on, match["number"], match["unit"]) if match and feedback_on else None


def _from_today(text: str, today: date | None) -> date | None:
    if today is None:
        return None
    if text in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[text])
    if text in {"月底", "本月底", "本月末"}:
        return month_end(today.year, today.month)
    if text in {"下月底", "下月末", "下个月底"}:
        later = add_months(today.replace(day=1), 1)
        return month_end(later.year, later.month)
    if text in {"年底", "本年底", "今年底", "年末"}:
        return date(today.year, 12, 31)
    weekday = _WEEKDAY.match(text)
    if weekday:
        day = {"天": 6, "末": 6}.get(weekday["day"], _WEEKDAYS.find(weekday["day"]))
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=day + 7 * weekday["which"].count("下"))
    match = _FROM_TODAY.match(text)
    return _shift(today, match["number"], match["unit"]) if match else None


def _year_part(text: str) -> date | None:
    matches = list(_YEAR_PART.finditer(text))
    if not matches:
        return None
    year, part = int(matches[-1]["year"]), matches[-1]["part"]
    if part == "上半年":
        return date(year, 6, 30)
    if part.endswith("季度"):
        quarter = parse_chinese_number(part.removeprefix("第").removesuffix("季度")) or 4
        return month_end(year, quarter * 3)
    return date(year, 12, 31)


def _last_date(text: str, since: date | None) -> date | None:
    found = find_dates(text)
    year: int | None = None
    last: date | None = None
    for item in found:
        year = item.year or year
        ending = _end_of(item, text, year or _likely_year(item, since))
        last = ending or last
    return last


def _likely_year(item: FoundDate, since: date | None) -> int | None:
    if since is None or item.month is None:
        return None
    return since.year + (item.month < since.month)


def _end_of(item: FoundDate, text: str, year: int | None) -> date | None:
    if year is None or item.month is None:
        return None
    if item.day:
        return date(year, item.month, item.day)
    rest = text[item.end : item.end + 3].lstrip()
    if rest.startswith(("上旬", "初")):
        return date(year, item.month, 10)
    if rest.startswith(("中旬", "中")):
        return date(year, item.month, 20)
    return month_end(year, item.month)
