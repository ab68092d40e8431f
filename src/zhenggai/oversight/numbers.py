"""Numbers of letters: one row per body, kind and year, taken under lock, without gaps."""

from __future__ import annotations

import hashlib
from datetime import date

from zhenggai.oversight.models import Letter, LetterKind
from zhenggai.oversight.wording import shipped_wordings, short_word
from zhenggai.workflow.actions import take_serial


def take_number(letter: Letter, day: date) -> str:
    """Return the next number for a letter of its kind and body, e.g. ``示例整改提醒〔2026〕3号``, inside a transaction.

    Letters that packs declare are counted by the word in their number: each word is a series of its own.
    """
    unit, declared = letter.unit, letter.kind == LetterKind.DECLARED
    word = letter.serial if declared else shipped_wordings()[letter.kind].serial
    series = hashlib.sha256(word.encode()).hexdigest()[:16] if declared else letter.kind
    serial = take_serial(unit, f"letter.{series}", day.year)
    return f"{short_word(unit.name, unit.short_name)}{word}〔{day.year}〕{serial}号"
