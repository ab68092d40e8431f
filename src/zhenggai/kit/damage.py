"""Dates that lost a character, in folded text: ``924日``, ``2021915日``, ``2024年月3日``, ``2024年9月日``.

Reading a document and checking its figures ask here, so that both call the same places damaged.
"""

from __future__ import annotations

import re

DAMAGED_DATE_RE = re.compile(
    r"(?<![\d.年月号第])(?:(?P<year>20\d\d)年)?(?P<digits>\d{3,4})日|(?<!\d)(?P<all>20\d{2}\d{2,4})日"
    r"|(?P<half>20\d\d年\d{1,2}日)|(?P<dangling>20\d\d年月\d{0,2}日?)|(?<!\d)(?P<noday>20\d\d年\d{1,2}月日)"
)
"""A date beside whose digits something is missing, or a number of days."""

_DURATION_RE = re.compile(r"(?:近|共|用时|连续|累计|工作|超过|达|为期|第|历时|满|约)$")


def is_sound_day(text: str, match: re.Match[str]) -> bool:
    """Tell whether a match of :data:`DAMAGED_DATE_RE` is no date at all but a number of days or the head of a word."""
    if text[match.end() : match.end() + 1] in ("均", "游"):
        return True
    if _DURATION_RE.search(text[max(0, match.start() - 2) : match.start()]):
        return True
    return bool(match["all"]) and len(match["all"]) < 6


def split_damaged(digits: str) -> tuple[int, int] | None:
    """Return the only month and day that *digits* of a date without 月 can mean, or None when none or several can."""
    readings = []
    for cut in (1, 2):
        month, day = digits[:cut], digits[cut:]
        if (
            day
            and day[0] != "0"
            and month[0] != "0"
            and 1 <= int(month) <= 12
            and 1 <= int(day) <= 31
            and len(day) <= 2
        ):
            readings.append((int(month), int(day)))
    return readings[0] if len(readings) == 1 else None


def date_hint(match: re.Match[str]) -> str:
    """Return what a match of :data:`DAMAGED_DATE_RE` probably was, in words."""
    digits = match["digits"] or (match["all"][4:] if match["all"] else "")
    parts = split_damaged(digits) if digits else None
    year = match["year"] or (match["all"][:4] if match["all"] else "")
    if parts:
        return f"日期可能缺“月”字，疑为{year + '年' if year else ''}{parts[0]}月{parts[1]}日，请核对。"
    return "日期残缺，请对照原件核对。"
