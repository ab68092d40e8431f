"""Dates, sizes and time limits in words, as the pages say them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from zhenggai.findings.shapes import DUE_SOON_DAYS, Choice
from zhenggai.registers.queries import in_ten_thousands

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as people read it."""

    words: str
    """还剩 12 天， 超期 3 天， 今天到期."""
    state: str
    """``overdue near far``; empty when the finding is done and the day no longer presses."""


def due_words(
    due_on: date | None, done: bool = False, today: date | None = None, days: int | None = None
) -> Due | None:
    """Return what to say beside a deadline; None when there is none or the finding is done.

    Args:
        due_on: the deadline.
        done: whether it presses no more.
        today: the day it is compared with.
        days: days until its last day, where that is not the deadline itself because it falls on a day off.
    """
    if due_on is None or done:
        return None
    plain = (due_on - (today or timezone.localdate())).days
    left = plain if days is None else days
    if left < 0:
        return Due(ngettext("超期 %(days)s 天", "超期 %(days)s 天", -left) % {"days": -left}, "overdue")
    if plain < 0:
        if left == 0:
            return Due(gettext("顺延至今天到期"), "near")
        return Due(ngettext("顺延，还剩 %(days)s 天", "顺延，还剩 %(days)s 天", left) % {"days": left}, "near")
    if left == 0:
        return Due(gettext("今天到期"), "near")
    words = ngettext("还剩 %(days)s 天", "还剩 %(days)s 天", left) % {"days": left}
    return Due(words, "near" if left <= DUE_SOON_DAYS else "far")


def day(value: date | datetime | None) -> str:
    """Return a date for tables: ``2025-01-16``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


def day_prose(value: date | datetime | None) -> str:
    """Return a date for prose: ``2025年1月16日``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if value is None:
        return ""
    if (get_language() or "").startswith("en"):
        return f"{value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日"


def whole_days(text: str) -> SafeString:
    """Return *text* with each ISO date kept on one line."""
    return mark_safe(_ISO_DAY.sub(r'<span class="nowrap">\g<0></span>', escape(text)))


def month(value: date) -> str:
    """Return a month: ``2025-06``."""
    return f"{value:%Y-%m}"


def moment(value: datetime | None) -> str:
    """Return a moment to the minute: ``2025-01-16 09:30``."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def seconds(value: datetime) -> str:
    """Return a moment to the second, as the trail shows it."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def query_pairs(string: str) -> list[tuple[str, str]]:
    """Return a query string as names and values, for the hidden fields of a form."""
    return parse_qsl(string)


def pairs(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return choices as pairs of value and words, for select fields."""
    return [(choice.value, choice.label) for choice in choices]


def days_ago(value: datetime) -> str:
    """Return how long ago something happened, in the largest unit that fits."""
    seconds = (timezone.now() - value).total_seconds()
    if seconds < 60:
        return gettext("刚刚")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(count)s 分钟前", "%(count)s 分钟前", minutes) % {"count": minutes}
    if seconds < 86400:
        hours = int(seconds // 3600)
        return ngettext("%(count)s 小时前", "%(count)s 小时前", hours) % {"count": hours}
    if seconds < 86400 * 14:
        days = int(seconds // 86400)
        return ngettext("%(count)s 天前", "%(count)s 天前", days) % {"count": days}
    return moment(value)


def size(count: int) -> str:
    """Return a number of bytes in the largest unit that keeps one figure before the point."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


def thousands(value: int | float | Decimal) -> str:
    """Return a count with separators: ``12,480``."""
    return f"{value:,}"


def amount(value: int | Decimal) -> str:
    """Return money in yuan as 万元 with two decimals; a count as it is."""
    return f"{in_ten_thousands(value):,}" if isinstance(value, Decimal) else f"{value:,}"


def device(agent: str) -> str:
    """Return what a browser calls itself, as people would say it: ``Chrome · Windows``."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in known if mark in agent), "") for known in (browsers, systems)]
    return " · ".join(name for name in found if name) or gettext("未知设备")


def cells(text: str) -> str:
    """Return source text with a mark where a table's cells meet, one character for one, so that offsets stay true."""
    return text.replace("\t", "｜")
