"""When and whose: the dates, periods and scopes that a text names, with their places.

Dates with a day are kept as dates; everything that names a time is also a period, as written.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from zhenggai.kit.chinese_numerals import parse_chinese_number

_CN = "〇零一二三四五六七八九十"
_Y = rf"(?:(?:19|20)\d\d|二[〇零][{_CN}]{{2}})"
_M = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_D = r"(?:\d{1,2}|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
DATE_RE = re.compile(
    rf"(?<![\d.])(?P<y>{_Y})年度?(?:(?:至|-{{1,2}}|~|到)(?P<y2>{_Y})年度?)?"
    rf"(?:(?P<m>{_M})(?:月(?:份)?(?P<d>{_D})[日号](?:(?:至|-{{1,2}}|~|到)(?P<rd>\d{{1,2}})[日号])?|月份?(?:(?:至|-{{1,2}}|~|到)(?:(?P<m2>{_M})月)(?!\d{{1,2}}[日号]))?"
    rf"|(?:至|-{{1,2}}|~|到)(?P<m3>{_M})月)(?:底|初|末|中旬|上旬|下旬)?)?"
    rf"|(?<![\d.年])(?P<ys>{_Y})(?:至|-{{1,2}}|~|到|、|和)(?P<ye>{_Y})年度?"
    rf"|(?<![\d.A-Za-z个])(?P<am>{_M})月份?(?:(?P<ad>{_D})[日号](?:(?:至|-{{1,2}}|~|到)(?P<ard>\d{{1,2}})[日号])?|(?:至|-{{1,2}}|~|到)(?P<am2>{_M})月(?!\d{{1,2}}[日号]))?(?:底|初|末|中旬|上旬|下旬)?(?:(?<=[日号])|(?![均报度]))"
    rf"|(?<![\d.A-Za-z个])(?P<bm>\d{{1,2}})(?:至|-{{1,2}}|~|到)(?P<bm2>\d{{1,2}})月份?"
    r"|(?<![\d.])(?P<dy>(?:19|20)\d\d)[-./](?P<dm>\d{1,2})(?:[-./](?P<dd>\d{1,2}))?(?![\d.件人个份项名家户次%万亿元])"
)
"""A date, a month, a year or a span of them, in the working text."""

_RELATIVE_RE = re.compile(
    "原有|上一?届|上年同期|去年同期|上年度|上年末|上年底|去年底|去年末|年初|上一年度?|上季度|上期|(?:整[治改]|活动|改革|实施|巡[察视]|治理|攻坚|行动)前|此前|之前|原来|原先|去年|上年|前年|往年|同期|上半年|下半年|今年以来|今年|本年度?|全年|[前第]?[一二三四1-4]季度|前[一二三两]季度"
    "|[近前](?:[一二三四五六七八九十两]|\\d{1,2})(?:年|个月)(?:来|以来)?|[一二三四五六七八九十两](?:年|个月)来|任期内|五年来|“十[一二三四五]五”(?:期间|时期)?|十[一二三四五]五(?:期间|时期)|上月|本月|当月|本季度|近年来|截至目前|目前|环比"
)
_SCOPE_RE = re.compile(
    "全国|全省|全市|全县|全区|全州|全旗|全镇|全乡|全街道|全村|全院|全局|全系统|全公司|全集团|全校|全行业|全院上下|市县两级|两级院|市院本级|市本级|县本级|区本级|院本级|本级|基层院|基层检察院|各区县|各县区|各单位|各部门|省级|市级|县级|区级|镇级|村级|市直|县直|区直|省直"
)


@dataclass(frozen=True, slots=True)
class When:
    """One time named in the text."""

    start: int
    """Where it begins."""
    end: int
    """Behind its last character."""
    text: str
    """As written."""
    year: int | None = None
    """The year, where it names one."""
    last_year: int | None = None
    """The last year of a span of years."""
    month: int | None = None
    """The month."""
    last_month: int | None = None
    """The last month of a span of months."""
    day: int | None = None
    """The day."""
    last_day: int | None = None
    """The last day, for ``3月1日至5日``."""
    relative: bool = False
    """A word such as 上年同期 rather than a number."""

    @property
    def is_past(self) -> bool:
        """True for words that mean the period before the one spoken of."""
        return self.text.startswith(
            (
                "上年",
                "上届",
                "上一届",
                "去年",
                "前年",
                "往年",
                "同期",
                "上月",
                "上一年",
                "上季度",
                "上期",
                "年初",
                "此前",
                "之前",
                "原",
            )
        ) or (self.text.endswith("前") and not self.text.endswith("目前"))

    def on(self, year: int | None = None) -> date | None:
        """Return the day, with *year* where it names none; None when there is no such day."""
        year = self.year if self.year is not None else year
        if year is None or not self.month or not self.day or self.month > 12:
            return None
        if self.day > monthrange(year, self.month)[1]:
            return None
        return date(year, self.month, self.day)


def _number(words: str | None) -> int | None:
    return parse_chinese_number(words) if words else None


def find_times(text: str) -> list[When]:
    """Return every time named in the working *text*, in order."""
    found: list[When] = []
    for match in DATE_RE.finditer(text):
        part = match.group
        found.append(
            When(
                match.start(), match.end(), match[0],
                _number(part("y") or part("ys") or part("dy")), _number(part("y2") or part("ye")),
                _number(part("m") or part("am") or part("bm") or part("dm")),
                _number(part("m2") or part("m3") or part("am2") or part("bm2")),
                _number(part("d") or part("ad") or part("dd")), _number(part("rd") or part("ard")),
            )
        )  # fmt: skip
    found.extend(When(match.start(), match.end(), match[0], relative=True) for match in _RELATIVE_RE.finditer(text))
    found.sort(key=lambda when: (when.start, -when.end))
    kept: list[When] = []
    for when in found:
        if not kept or when.start >= kept[-1].end:
            kept.append(when)
    return kept


def find_scopes(text: str) -> list[tuple[int, int]]:
    """Return where the working *text* names whose figures they are."""
    return [match.span() for match in _SCOPE_RE.finditer(text)]
