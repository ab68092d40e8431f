"""Values as authors write them → values of a type, or nothing when there is no such value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from zhenggai.rulesql.functions.numbers import GREATEST_INTEGER, fit_decimal
from zhenggai.rulesql.types import Type

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)
_TIME = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?", re.ASCII)
YES_NO: Mapping[str, bool] = {"是": True, "否": False}


def parse_date(text: str) -> date | None:
    """Return the day that ``2026-01-31``, ``2026/1/31`` or ``2026年1月31日`` means."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_datetime(text: str) -> datetime | None:
    """Return the moment that ``2026-01-31 09:30`` means, with or without seconds; a bare day is its first moment."""
    match = _TIME.fullmatch(text.strip())
    day = parse_date(match[1] if match else text)
    if day is None:
        return None
    if match is None:
        return datetime(day.year, day.month, day.day)
    fraction = (match[5] or "").ljust(6, "0")
    try:
        return datetime(
            day.year, day.month, day.day, int(match[2]), int(match[3]), int(match[4] or 0), int(fraction or 0)
        )
    except ValueError:
        return None


def parse_number(text: str) -> int | Decimal | None:
    """Return the number, whole where it is written so; None when no column could hold it exactly."""
    if re.fullmatch(r"\d+", text, re.ASCII):
        whole = int(text) if len(text) < 25 else GREATEST_INTEGER + 1
        return whole if whole <= GREATEST_INTEGER else None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 40:
        return None
    fitted = fit_decimal(value)
    return fitted if fitted == value else None


def type_of(value: object) -> Type | None:
    """Return the type of a parameter's value; None when no expression can use it."""
    if isinstance(value, Type):
        return value
    kinds: tuple[tuple[type | tuple[type, ...], Type], ...] = (
        (bool, Type.BOOLEAN), (int, Type.INTEGER), ((Decimal, float), Type.DECIMAL), (str, Type.TEXT),
        (datetime, Type.DATETIME), (date, Type.DATE),
    )  # fmt: skip
    for kind, found in kinds:
        if isinstance(value, kind):
            return found
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return Type.TEXTS
    return None


def given_value(value: object, kind: Type) -> object:
    """Return a parameter's value as one of *kind*, None when it is none; a text may stand for a date."""
    found = type_of(value)
    if found is kind or (found is Type.INTEGER and kind is Type.DECIMAL):
        return value
    if isinstance(value, str) and kind is Type.DATE:
        return parse_date(value)
    if isinstance(value, str) and kind is Type.DATETIME:
        return parse_datetime(value)
    return None
