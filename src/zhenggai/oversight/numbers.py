"""Numbers of letters: one row per body, kind and year, taken under lock, without gaps."""

from __future__ import annotations

from datetime import date

from zhenggai.oversight.wording import shipped_wordings, short_word
from zhenggai.people.models import Unit
from zhenggai.workflow.actions import take_serial


def take_number(unit: Unit, kind: str, day: date) -> str:
    """Return the next number of a kind of letter of *unit*, e.g. ``示例整改提醒〔2026〕3号``, inside a transaction."""
    serial = take_serial(unit, f"letter.{kind}", day.year)
    word = short_word(unit.name, unit.short_name)
    return f"{word}{shipped_wordings()[kind].serial}〔{day.year}〕{serial}号"
