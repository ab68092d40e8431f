"""Reading what a form sends: texts of a length, days, numbers. Plain values in, checked values out."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _now

from zhenggai.oversight.errors import BadValue, TextMissing

Label = str | Promise


def read_text(value: object, label: Label, *, most: int, required: bool = False) -> str:
    """Return the text of *value* without blanks around it.

    Raises:
        TextMissing: it is empty but required.
        BadValue: it is too long.
    """
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if required and not text:
        raise TextMissing(label=label)
    if len(text) > most:
        raise BadValue(label=label, value=text[:20] + "…", reason=_now("最多 %(most)s 个字") % {"most": most})
    return text


def read_day(value: object, label: Label, *, required: bool = False) -> date | None:
    """Return the day that *value* names.

    Raises:
        TextMissing: it is empty but required.
        BadValue: it names none.
    """
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text:
        if required:
            raise TextMissing(label=label)
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(label=label, value=text[:20], reason=_now("应为日期，例如 2025-06-30")) from None


def read_past_day(value: object, label: Label, today: date) -> date:
    """Return the day that *value* names, which must have come.

    Raises:
        TextMissing, BadValue: it is missing, no day, or lies ahead.
    """
    day = read_day(value, label, required=True)
    assert day is not None  # required above
    if day > today:
        raise BadValue(label=label, value=day.isoformat(), reason=_now("晚于今天"))
    return day


def read_count(value: object, label: Label, *, least: int = 0, most: int = 1_000_000) -> int:
    """Return the whole number that *value* names.

    Raises:
        TextMissing: it is empty.
        BadValue: it is no whole number, or out of bounds.
    """
    text = str("" if value is None else value).strip()
    if not text:
        raise TextMissing(label=label)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        reason = _now("应为 %(least)s 至 %(most)s 之间的整数") % {"least": least, "most": most}
        raise BadValue(label=label, value=text[:20], reason=reason)
    return int(text)
