"""Chinese numerals in both directions: words to integers, integers to words.

The truth about what counts as a numeral lives here; other modules only ask.
"""

from __future__ import annotations

DIGITS = {
    "〇": 0, "○": 0, "零": 0, "Ｏ": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4,
    "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_WORDS = "零一二三四五六七八九"


def parse_chinese_number(text: str) -> int | None:
    """Return the integer that *text* names, or None when it is no numeral.

    Args:
        text: Arabic digits (also full-width), counting words (``二十三``, ``一百零五``, ``廿一``) or digits read one by
            one (``二〇二五``).
    """
    text = text.strip()
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if text[0] in "廿卄":
        text = "二十" + text[1:]
    elif text[0] == "卅":
        text = "三十" + text[1:]
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _parse_counting_words(text)


def _parse_counting_words(text: str) -> int | None:
    total = section = digit = 0
    seen_digit = False
    for char in text:
        if char in DIGITS:
            digit, seen_digit = DIGITS[char], True
        elif char in UNITS:
            section += (digit if seen_digit else 1) * UNITS[char]
            digit, seen_digit = 0, False
        elif char in "万萬":
            total = (total + section + digit) * 10_000
            section = digit = 0
            seen_digit = False
        else:
            return None
    return total + section + digit


def format_chinese_number(value: int) -> str:
    """Return *value* (0 to 9999) in counting words, ``12`` as ``十二``."""
    if value < 10:
        return _WORDS[value]
    words = ""
    pending_zero = False
    for weight, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, weight)
        if digit:
            words += ("零" if pending_zero else "") + _WORDS[digit] + unit
            pending_zero = False
        elif words and value:
            pending_zero = True
    return words[1:] if words.startswith("一十") else words
