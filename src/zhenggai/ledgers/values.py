"""Values of fields: what people type or a cell holds → what a row keeps → what people read.

Kept are plain JSON values, the same on every database: text, whole numbers, true and false, lists of codes; a number with
decimals is text so that it stays exact; a day is ``2026-03-01``, a moment ``2026-03-01T09:30`` of local time.
An empty field is not kept at all.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.kit.dates import DATE_RE, build_date
from zhenggai.kit.text import ZERO_WIDTH_RE, fold
from zhenggai.ledgers.choices import Choices
from zhenggai.ledgers.formats import matches
from zhenggai.ledgers.names import Names
from zhenggai.packs.declarations import FieldType, LedgerField

Stored = str | int | bool | list[str]
"""What a row keeps in a field."""

LONGEST = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 20_000}
WHOLE_DIGITS = 12
DECIMALS = 6
_BINARY_TAIL = 15
"""Digits from which on a number is one that a spreadsheet computed, 33.333333333333336, not one that somebody typed."""
NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
EXACT = frozenset({FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
"""Types kept as the text of a number."""
_YES = frozenset({"是", "有", "已", "对", "真", "yes", "y", "true", "1", "√", "✓", "v"})
_NO = frozenset({"否", "无", "未", "错", "假", "no", "n", "false", "0", "×", "x"})
_FACTORS = {"亿元": 100_000_000, "亿": 100_000_000, "万元": 10_000, "万": 10_000, "元": 1}
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:[T\s]+|(?<=日))(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?"
    r"\s*(?P<zone>Z|[-+]\d{2}(?::?\d{2})?)?"
)
"""A day and a time of it, which may say its distance from universal time."""


class CannotTake(ValueError):
    """Why a text is no value of the field, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What values are understood against."""

    names: Names
    """Units, departments, people and rows that values may name."""
    choices: Choices
    """Values of enumerations."""
    on: datetime.date
    """The day whose enumerations hold."""


def parse_value(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    """Return what is kept for *raw*, or ``None`` when it is empty.

    Args:
        field: the field.
        raw: text of a form or cell, or a plain value (number, date, boolean, list) where the source has one.
        setting: what it is understood against.

    Raises:
        CannotTake: it is no value of the field.
    """
    if raw is None or (isinstance(raw, str) and not clean(raw)):
        return None
    if isinstance(raw, float) and raw.is_integer():  # what a spreadsheet makes of every whole number
        raw = int(raw)
    value = _READERS[field.type](field, raw, setting)
    if value is None or value == []:
        return None
    _check_bounds(field, value)
    return value


def clean(text: str) -> str:
    """Return *text* without invisible characters and outer white space."""
    return ZERO_WIDTH_RE.sub("", text).replace("\x00", "").strip()


def _plain(raw: object) -> str:
    return fold(clean(str(raw))).strip()


def parse_day(text: str) -> datetime.date | None:
    """Return the day that a folded text names wholly, or ``None``: 2026-03-01, 2026/3/1, 2026.3.1, 20260301, 2026年3月1日."""
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = DATE_RE.fullmatch(text)
    date = build_date(found) if found else None
    iso = date.iso() if date is not None and date.day is not None else None
    return datetime.date.fromisoformat(iso) if iso else None


def _text(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    text = clean(raw.isoformat() if isinstance(raw, datetime.date) else str(raw))
    if field.type == FieldType.TEXT:
        text = re.sub(r"\s+", " ", text)
    most = LONGEST[field.type]
    if len(text) > most:
        raise CannotTake(_now("最多 %(most)s 个字") % {"most": most})
    if field.format and not matches(field.format, text):
        raise CannotTake(field.format_help.rstrip("。") or _now("格式不符"))
    return text


def _number(raw: object, field: LedgerField) -> Decimal:
    if isinstance(raw, bool):
        raise CannotTake(_now("应为数字"))
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    text = _plain(raw).replace(",", "").replace("¥", "").replace("￥", "").replace(" ", "")
    factor = 1
    if field.type == FieldType.MONEY:
        for word, times in _FACTORS.items():
            if text.endswith(word):
                text, factor = text.removesuffix(word), times
                break
    if field.type == FieldType.PERCENT:
        text = text.removesuffix("%")
    if field.unit:
        text = text.removesuffix(fold(field.unit))
    try:
        number = Decimal(text) * factor
    except InvalidOperation:
        raise CannotTake(_now("应为数字")) from None
    if not number.is_finite():
        raise CannotTake(_now("应为数字"))
    return number


def _integer(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    number = _number(raw, field)
    if number != number.to_integral_value():
        raise CannotTake(_now("应为整数"))
    _check_size(number)
    return int(number)


def _exact(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    number = _number(raw, field)
    _check_size(number)
    most = 2 if field.type == FieldType.MONEY else DECIMALS
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > most:
        if not isinstance(raw, float) and len(number.as_tuple().digits) < _BINARY_TAIL:
            raise CannotTake(_now("最多 %(most)s 位小数") % {"most": most})
        number = round(number, most)  # a spreadsheet's binary tail, not what anybody typed
    return write_decimal(number, 2 if field.type == FieldType.MONEY else 0)


def _check_size(number: Decimal) -> None:
    if abs(number) >= 10**WHOLE_DIGITS:
        raise CannotTake(_now("数字过大，整数部分最多 %(most)s 位") % {"most": WHOLE_DIGITS})


def write_decimal(number: Decimal, least: int = 0) -> str:
    """Return *number* in the one form in which it is kept: no exponent, no idle zeros beyond *least* decimals."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    if whole in ("-0", "-") and not decimals.strip("0"):
        whole = "0"
    return f"{whole}.{decimals}" if decimals else whole


_SERIAL = re.compile(r"[0-9]{5}(\.0+)?")
_SERIAL_ORIGIN = datetime.date(1899, 12, 30)


def _date(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat()
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    text = _plain(raw)
    if (found := _MOMENT.fullmatch(text)) and (moment := _moment(found)) is not None:
        return moment.date().isoformat()
    day = _serial_day(text) if _SERIAL.fullmatch(text) else parse_day(text)
    if day is None:
        raise CannotTake(_now("应为日期，例如 2026-03-01"))
    return day.isoformat()


def _serial_day(text: str) -> datetime.date | None:
    """Return the day that a spreadsheet means by its number, 1980 to 2064, where the cell was not formatted as one."""
    number = int(text.split(".")[0])
    return _SERIAL_ORIGIN + datetime.timedelta(days=number) if 29_221 <= number <= 60_000 else None


def _datetime(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    if isinstance(raw, datetime.datetime):
        return raw.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(raw, datetime.date):
        return f"{raw.isoformat()}T00:00"
    text = _plain(raw)
    if found := _MOMENT.fullmatch(text):
        moment = _moment(found)
    else:
        day = _serial_day(text) if _SERIAL.fullmatch(text) else parse_day(text)
        moment = datetime.datetime.combine(day, datetime.time()) if day else None
    if moment is None:
        raise CannotTake(_now("应为日期和时间，例如 2026-03-01 09:30"))
    return moment.isoformat(timespec="minutes")


def _moment(found: re.Match[str]) -> datetime.datetime | None:
    """Return the moment that a text names, in local time where it says its distance from universal time."""
    day, hour, minute = parse_day(found["day"]), int(found["hour"]), int(found["minute"] or 0)
    if day is None or hour > 23 or minute > 59:
        return None
    moment = datetime.datetime.combine(day, datetime.time(hour, minute))
    zone = found["zone"]
    if zone and zone != "Z":
        sign, digits = (-1 if zone[0] == "-" else 1), zone[1:].replace(":", "").ljust(4, "0")
        away = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if away >= datetime.timedelta(hours=24):
            return None
        moment -= sign * away
    if not zone:
        return moment
    universal = moment.replace(tzinfo=datetime.UTC)
    return timezone.localtime(universal).replace(tzinfo=None)


def _boolean(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    if isinstance(raw, bool):
        return raw
    text = _plain(raw).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CannotTake(_now("应为“是”或“否”"))


def _choice(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    return _code(field, str(raw), setting)


def _code(field: LedgerField, text: str, setting: Setting) -> str:
    code = setting.choices.code_of(field.enumeration or "", clean(text), setting.on)
    if code is None:
        known = "、".join(setting.choices.labels(field.enumeration or "", setting.on)[:12])
        raise CannotTake(_now("应为下列之一：%(known)s") % {"known": known})
    return code


def _choices(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    parts = raw if isinstance(raw, list | tuple) else re.split(r"[、,，;；|/\n]+", str(raw))
    codes = [_code(field, text, setting) for part in parts if (text := clean(str(part)))]
    return list(dict.fromkeys(codes))


def _reference(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    text = clean(str(raw))
    if not setting.names.has_row(field.ledger or "", text):
        raise CannotTake(_now("所引用的台账中没有这条记录"))
    return text


def _unit(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    found = setting.names.unit(clean(str(raw)))
    if found is None:
        raise CannotTake(_now("没有这个单位，或有多个同名单位"))
    return str(found)


def _department(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    found = setting.names.department(clean(str(raw)))
    if found is None:
        raise CannotTake(_now("没有这个内设机构"))
    return found


def _person(field: LedgerField, raw: object, setting: Setting) -> Stored | None:
    found = setting.names.person(clean(str(raw)))
    if found is None:
        raise CannotTake(_now("没有这个人员，或有重名；可填用户名"))
    return found


_READERS: Mapping[FieldType, Callable[[LedgerField, object, Setting], Stored | None]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _exact,
    FieldType.MONEY: _exact,
    FieldType.PERCENT: _exact,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.BOOLEAN: _boolean,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.REFERENCE: _reference,
    FieldType.UNIT: _unit,
    FieldType.DEPARTMENT: _department,
    FieldType.PERSON: _person,
}


def _check_bounds(field: LedgerField, value: Stored) -> None:
    if field.type not in NUMBERS or isinstance(value, list):
        return
    number = Decimal(value)
    if field.minimum is not None and number < Decimal(str(field.minimum)):
        raise CannotTake(_now("不能小于 %(bound)s") % {"bound": f"{field.minimum:g}"})
    if field.maximum is not None and number > Decimal(str(field.maximum)):
        raise CannotTake(_now("不能大于 %(bound)s") % {"bound": f"{field.maximum:g}"})


def show_value(field: LedgerField, value: Any, setting: Setting) -> str:
    """Return a kept or computed value as people read it; nothing for an empty one."""
    if value is None or value == []:
        return ""
    kind = field.type
    if kind in EXACT or kind == FieldType.INTEGER:
        return _show_number(field, value)
    if kind == FieldType.BOOLEAN:
        return _now("是") if value else _now("否")
    if kind in (FieldType.CHOICE, FieldType.CHOICES):
        codes = value if isinstance(value, list) else [value]
        return "、".join(setting.choices.label_of(field.enumeration or "", str(code), setting.on) for code in codes)
    if kind == FieldType.UNIT:
        return setting.names.unit_name(str(value))
    if kind == FieldType.PERSON:
        return setting.names.person_name(str(value))
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value).replace("T", " ") if kind == FieldType.DATETIME else str(value)


def _show_number(field: LedgerField, value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:  # kept before the field's type changed, and not convertible
        return str(value)
    if field.type == FieldType.MONEY:
        return f"{number:,.2f}"
    text = write_decimal(number)
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}" if whole.lstrip("-").isdigit() and abs(number) >= 10_000 else whole
    shown = f"{grouped}.{decimals}" if decimals else grouped
    return f"{shown}%" if field.type == FieldType.PERCENT else shown


def show_wan(value: str | int | Decimal, decimals: int = 2) -> str:
    """Return yuan in 万元, e.g. ``202.6 万元``, for sums in sentences; rounded half up."""
    ten_thousands = Decimal(value) / 10_000
    rounded = ten_thousands.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP")
    return _now("%(number)s 万元") % {"number": write_decimal(rounded)}
