"""Numbers that lead to a person, told by their form and check digits: identity and bank card numbers, telephones.

A text comes in; out come the places where such numbers stand, or whether the whole text is one.  Full-width digits and
dashes count as their plain forms.  Whoever publishes masks what is found, whoever proposes a ledger marks the column.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from enum import StrEnum

from zhenggai.kit.text import fold


class NumberKind(StrEnum):
    """What a number is."""

    IDENTITY_NO = "identity_no"
    BANK_CARD = "bank_card"
    PHONE = "phone"


_IDENTITY_NO = r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_BANK_CARD = r"[3-6]\d{15,18}"
_MOBILE = r"(?:\+?86[-— ]?)?1[3-9]\d(?:[-— ]?\d{4}){2}"
_LANDLINE = r"0\d{2,3}[-— ]\d{7,8}"
_WHOLE = {
    NumberKind.IDENTITY_NO: re.compile(_IDENTITY_NO, re.ASCII),
    NumberKind.BANK_CARD: re.compile(_BANK_CARD, re.ASCII),
    # In a cell of its own an area code needs no dash behind it; in running text one would see telephones everywhere.
    NumberKind.PHONE: re.compile(rf"{_MOBILE}|0\d{{2,3}}[-— ]?\d{{7,8}}", re.ASCII),
}
_WITHIN = tuple(
    (kind, re.compile(rf"(?<![0-9A-Za-z])(?:{pattern})(?![0-9A-Za-z])", re.ASCII))
    for kind, pattern in (
        (NumberKind.IDENTITY_NO, _IDENTITY_NO),
        (NumberKind.BANK_CARD, _BANK_CARD),
        (NumberKind.PHONE, rf"{_MOBILE}|{_LANDLINE}"),
    )
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)


def find_personal_numbers(text: str) -> Iterator[tuple[NumberKind, int, int]]:
    """Yield kind, first character and end of each number in *text*, kind by kind; one place may be of two kinds."""
    plain = fold(text)
    for kind, pattern in _WITHIN:
        for match in pattern.finditer(plain):
            if _holds(kind, match[0]):
                yield kind, *match.span()


def is_personal_number(text: str, kind: NumberKind) -> bool:
    """Return whether the whole of *text* is a number of *kind*."""
    plain = fold(text).strip()
    return _WHOLE[kind].fullmatch(plain) is not None and _holds(kind, plain)


def has_check_digit(identity_no: str) -> bool:
    """Return whether the last sign of an 18-sign identity number is the one its other digits ask for.

    Source: GB 11643, which takes it from ISO 7064, MOD 11-2.
    """
    plain = fold(identity_no).strip().upper()
    if _WHOLE[NumberKind.IDENTITY_NO].fullmatch(plain) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(plain[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == plain[17]


def _holds(kind: NumberKind, plain: str) -> bool:
    if kind is NumberKind.IDENTITY_NO:
        # One mistyped digit makes it no less somebody's number: a real birthday in a real province is enough.
        return has_check_digit(plain) or (plain[:2] in _PROVINCES and _is_day(plain[6:14]))
    return kind is not NumberKind.BANK_CARD or _has_luhn_digit(plain)


def _is_day(digits: str) -> bool:
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _has_luhn_digit(number: str) -> bool:
    """Return whether the last digit of a card number is right.  Source: ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
