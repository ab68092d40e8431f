"""The form's own proof, without scripts, pictures or anybody else's service.

A form carries a signed number and when it was given out. It is taken once, not faster than anybody writes, not when a
field that nobody sees is filled in, and, while many come, only with the answer to a small sum.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import salted_hmac

from zhenggai.answers.errors import FormInvalid, TooFast, WrongSum
from zhenggai.kit.chinese_numerals import parse_chinese_number
from zhenggai.kit.text import fold

_SALT = "zhenggai.answers.form"
LEAST_SECONDS = 4
MOST_SECONDS = 24 * 3600
TRAP = "website"
"""Name of the field that stays empty."""
_DIGITS = "〇一二三四五六七八九"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of the receipt code: nothing that is taken for something else."""
_TO_OURS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)
CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was given out."""

    number: str
    """Its random number; never stored as it is."""
    slug: str
    """Of which notice."""
    given_at: int
    """When, in seconds."""
    numbers: tuple[int, int] | None
    """What is to be added; None while nothing is asked."""

    @property
    def token(self) -> str:
        """What the page carries."""
        return signing.dumps([self.number, self.slug, self.given_at, self.numbers], salt=_SALT)

    @property
    def question(self) -> str:
        """The sum in words; empty when none is asked."""
        if self.numbers is None:
            return ""
        one, other = self.numbers
        return f"{_DIGITS[one]}加{_DIGITS[other]}"

    @property
    def kept(self) -> str:
        """What is stored of it."""
        return hashlib.sha256(self.number.encode()).hexdigest()

    @property
    def code(self) -> str:
        """The receipt code of what it brings: the same however often it is sent, unknown to who knows the number."""
        digest = salted_hmac("zhenggai.answers.receipt", self.number, algorithm="sha256").digest()
        return base64.b32encode(digest).decode("ascii")[:CODE_LENGTH].translate(_TO_OURS)


def give_out(slug: str, *, ask: bool) -> Form:
    """Return a fresh form for answers to the notice at *slug*; *ask* for a sum with it."""
    numbers = (2 + secrets.randbelow(8), 2 + secrets.randbelow(8)) if ask else None
    return Form(secrets.token_hex(16), slug, int(time.time()), numbers)


def read_form(token: str, slug: str) -> Form:
    """Return the form that *token* says.

    Raises:
        FormInvalid: it is none of ours, of another notice, or too old.
    """
    try:
        number, of, given_at, numbers = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise FormInvalid from error
    if of != slug or not 0 <= time.time() - given_at <= MOST_SECONDS:
        raise FormInvalid
    return Form(number, of, given_at, tuple(numbers) if numbers else None)


def require_person(form: Form, *, trap: str, total: str, label: str) -> None:
    """Go on only when *form* looks as if a person had filled it in.

    Raises:
        FormInvalid: the field that nobody sees is filled in.
        TooFast: it came back too fast.
        WrongSum: the sum is asked for and wrong.
    """
    if trap:
        raise FormInvalid
    if time.time() - form.given_at < LEAST_SECONDS:
        raise TooFast
    if form.numbers is not None and _number(total) != sum(form.numbers):
        raise WrongSum(label=label)


def kept_code(typed: str) -> str:
    """Return what is stored of a receipt code, however it is typed; empty when it can be none."""
    code = "".join(char for char in fold(typed).upper() if char.isalnum())
    return hashlib.sha256(code.encode()).hexdigest() if len(code) == CODE_LENGTH and code.isascii() else ""


def shown_code(code: str) -> str:
    """Return *code* in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _number(text: str) -> int | None:
    return parse_chinese_number(fold(text).strip()[:10])
