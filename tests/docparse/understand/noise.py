"""Ways in which a paper suffers on its way: widths, scripts, wrapping, invisible characters, lost line ends."""

from __future__ import annotations

import random
from collections.abc import Callable

import opencc

_TO_TRADITIONAL = opencc.OpenCC("s2t")


def ascii_punctuation(text: str) -> str:
    """Write half-width punctuation."""
    return text.translate(str.maketrans("，：；（）", ",:;()"))


def full_width_digits(text: str) -> str:
    """Write full-width digits."""
    return text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})


def traditional(text: str) -> str:
    """Write traditional characters."""
    return str(_TO_TRADITIONAL.convert(text))


def zero_width(text: str) -> str:
    """Strew invisible characters."""
    chance = random.Random(3)
    return "".join(char + ("\u200b" if chance.random() < 0.02 else "") for char in text)


def glossed(text: str) -> str:
    """Put pinyin behind some characters."""
    chance = random.Random(3)
    numerals = "一二三四五六七八九十"
    return "".join(
        char + ("(guān)" if "一" <= char <= "龥" and char not in numerals and chance.random() < 0.02 else "")
        for char in text
    )


def wrapped(text: str) -> str:
    """Break every line after 38 characters."""
    return "\n".join(line[at : at + 38] for line in text.split("\n") if line.strip() for at in range(0, len(line), 38))


def spaced(text: str) -> str:
    """Set the characters apart, as some recognition does."""
    return "\n".join(" ".join(line) if len(line) > 5 else line for line in text.split("\n"))


def indented(text: str) -> str:
    """Set every line in by two characters."""
    return "\n".join("　　" + line for line in text.split("\n"))


NOISES: dict[str, Callable[[str], str]] = {
    "ascii": ascii_punctuation,
    "digits": full_width_digits,
    "traditional": traditional,
    "zero_width": zero_width,
    "glossed": glossed,
    "wrapped": wrapped,
    "spaced": spaced,
    "indented": indented,
}
