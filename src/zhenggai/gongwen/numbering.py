"""Numbers of headings and dates as official documents write them."""

from __future__ import annotations

from datetime import date

from zhenggai.kit.chinese_numerals import format_chinese_number


def numbered(level: int, value: int) -> str:
    """Return the number of a heading with its sign: ``一、`` ``（一）`` ``1.`` ``（1）`` for levels 1 to 4.

    Source: GB/T 9704-2012, 7.3.3.
    """
    match level:
        case 1:
            return f"{format_chinese_number(value)}、"
        case 2:
            return f"（{format_chinese_number(value)}）"
        case 3:
            return f"{value}."
        case _:
            return f"（{value}）"


def chinese_day(day: date | str | None) -> str:
    """Return *day* in Arabic digits without padding, ``2025年1月6日``; text stays as it is.

    Source: GB/T 9704-2012, 7.3.5.4.
    """
    if day is None or isinstance(day, str):
        return day or ""
    return f"{day.year}年{day.month}月{day.day}日"
