"""A published arrangement of a year's holidays in, the days it changes out.

The text is what the State Council's office publishes each autumn (``二、春节：2月15日至23日放假调休，共9天。2月14日（星期六）上班。``).
What it says twice is compared: the number of days, and the day of the week.  A sentence with dates but without an
arrangement is listed, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from zhenggai.kit.text import fold
from zhenggai.policy.errors import BadDecree

_ONE = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_LONGEST = 20
LARGEST = 20_000
"""Characters that a pasted text may have."""
_YEAR = re.compile(r"(20\d\d)\s{0,2}年(?!\s{0,2}\d)")
_DATE = r"(?:(?P<year{n}>20\d\d)年)?(?:(?P<month{n}>1[0-2]|0?[1-9])月)?(?P<day{n}>3[01]|[12]\d|0?[1-9])日(?:\((?P<note{n}>[^()]{{0,40}})\))?"
_RANGE = _DATE.format(n="") + r"(?:\s{0,2}(?:至|到|-|~)\s{0,2}" + _DATE.format(n="2") + ")?"
_TOKEN = re.compile(
    rf"(?P<range>{_RANGE})|(?P<verb>不放假|不调休|放假|休息|照常上班|补班|上班)|共\s?(?P<total>\d{{1,2}})\s?天"
)
_HEADING = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*)?(?P<name>[^\s:：、,，。\d]{2,12})[:：]"
)
_WEEK_NOTE = re.compile(rf"(?:星期|周)([{_WEEKDAYS}天])")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Neighbouring days that are off, or worked on."""

    first: date
    """The first day."""
    last: date
    """The last day."""
    is_workday: bool
    """Whether they are worked on."""
    name: str
    """The holiday: 春节."""

    @property
    def days(self) -> tuple[date, ...]:
        """Its days."""
        return tuple(self.first + number * _ONE for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Decree:
    """What a text arranges."""

    year: int
    """The year."""
    arrangements: tuple[Arrangement, ...]
    """In the order of the text."""
    unread: tuple[str, ...]
    """Sentences with dates that arrange nothing."""

    def days(self) -> dict[date, tuple[bool, str]]:
        """Return day → whether it is worked on, and the holiday."""
        return {day: (each.is_workday, each.name) for each in self.arrangements for day in each.days}


def read_decree(text: str, year: int | None = None) -> Decree:
    """Return what *text* arranges.

    Args:
        text: The arrangement as published.
        year: The year it is for, where the text names none.

    Raises:
        BadDecree: it arranges nothing, or contradicts itself.
    """
    if len(text) > LARGEST:
        raise BadDecree(place=text[:20], reason=f"文字超过 {LARGEST} 字")
    plain = fold(text)
    found = _YEAR.search(plain)
    year = int(found[1]) if found else year
    if year is None or not 2000 <= year <= 2100:
        raise BadDecree(place=text.strip()[:20], reason="看不出是哪一年的安排")
    arrangements: list[Arrangement] = []
    unread: list[str] = []
    name = ""
    for sentence in re.split(r"[。;\n]", plain):
        heading = _HEADING.match(sentence)
        name = heading["name"] if heading else name
        read = list(_sentence(sentence, year, name))
        arrangements += read
        if not read and re.search(r"\d日", sentence) and "不调休" not in sentence and not _dated(sentence):
            unread.append(sentence.strip()[:80])
    if not any(not each.is_workday for each in arrangements):
        raise BadDecree(place=text.strip()[:20], reason="没有找到放假的日期，如“1月1日至3日放假”")
    _check(arrangements, year)
    return Decree(year, tuple(arrangements), tuple(unread))


def _dated(sentence: str) -> bool:
    """Tell the line with the day on which the paper was signed."""
    return re.fullmatch(r"\s*20\d\d年\d{1,2}月\d{1,2}日\s*", sentence) is not None


def _sentence(sentence: str, year: int, name: str) -> Iterator[Arrangement]:
    waiting: list[tuple[date, date]] = []
    off: list[tuple[date, date]] = []
    month = 0
    for token in _TOKEN.finditer(sentence):
        if token["range"]:
            first, month = _day(token, "", year, month)
            last = first
            if token["day2"]:
                last, month = _day(token, "2", first.year, month)
            if not first <= last or (last - first).days >= _LONGEST:
                raise BadDecree(place=token["range"], reason="起止日期不合理")
            waiting.append((first, last))
        elif token["verb"] in ("放假", "休息"):
            off += waiting
            yield from (Arrangement(first, last, False, name) for first, last in waiting)
            waiting = []
        elif token["verb"] in ("上班", "补班", "照常上班"):
            yield from (Arrangement(first, last, True, name) for first, last in waiting)
            waiting = []
        elif token["verb"] == "不放假":
            waiting = []
        elif token["total"] and off:
            count = sum((last - first).days + 1 for first, last in off)
            if count != int(token["total"]):
                raise BadDecree(
                    place=sentence.strip()[:40], reason=f"文中写共 {token['total']} 天，日期合计 {count} 天"
                )


def _day(token: re.Match[str], which: str, year: int, month: int) -> tuple[date, int]:
    told = token[f"month{which}"]
    month = int(told) if told else month
    year = int(token[f"year{which}"] or year)
    try:
        day = date(year, month, int(token[f"day{which}"]))
    except ValueError as error:
        raise BadDecree(place=token["range"], reason="没有这一天" if month else "没有写几月") from error
    weekday = _WEEK_NOTE.search(token[f"note{which}"] or "")
    if weekday and _WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
        reason = f"{day} 是星期{_WEEKDAYS[day.weekday()]}，与文中的{weekday[0]}不符，请核对年份"
        raise BadDecree(place=token["range"], reason=reason)
    return day, month


def _check(arrangements: list[Arrangement], year: int) -> None:
    told: dict[date, bool] = {}
    for each in arrangements:
        for day in each.days:
            if abs(day.year - year) > 1:
                raise BadDecree(place=day.isoformat(), reason=f"不在 {year} 年")
            if told.setdefault(day, each.is_workday) != each.is_workday:
                raise BadDecree(place=day.isoformat(), reason="同一天既放假又上班")
