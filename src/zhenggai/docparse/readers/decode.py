"""Bytes of a text file to characters: which encoding, how sure, and why.

Strict proof comes first (byte order mark, valid UTF-8); what cannot be proved is weighed by how much the result
looks like Chinese or plain ASCII writing.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from zhenggai.docparse.errors import Undecodable

_SAMPLE = 40_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
_TELLING = frozenset("的一是在了和有为以对于中关整改问题年月日工作不人大进行情况措责任部门，。、；：（）“”《》")
_GOOD_AT_LEAST = 0.72
"""Weight per character below which a decoding is noise; Chinese prose reaches 0.95, wrong decodings stay below 0.55."""
_MOST_DAMAGE = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters, and how they were won."""

    text: str
    """The characters without byte order mark."""
    encoding: str
    """Python's name of the encoding."""
    note: str = ""
    """What to tell the reader of the file; empty when the encoding is proved."""


def _weight(text: str) -> float:
    """Return how much *text* looks like writing, 0 to 1 per character, with a bonus for telling characters."""
    if not text:
        return 0.0
    total = 0.0
    for char in text:
        code = ord(char)
        if char in _TELLING:
            total += 1.15
        elif 0x20 <= code < 0x7F or char in "\n\r\t":
            total += 0.9
        elif 0x4E00 <= code < 0xA000:
            total += 0.85 if _is_common(char) else 0.25
        elif 0x3000 <= code < 0x3030 or 0xFF00 < code < 0xFF5F or 0x2010 <= code < 0x2030 or 0x2460 <= code < 0x2500:
            total += 0.9
        elif code == 0xFFFD or code < 0x20 or 0xE000 <= code < 0xF900 or 0xD800 <= code < 0xE000:
            total -= 1.0
        else:
            total += 0.2
    return min(total / len(text), 1.0)


def _is_common(char: str) -> bool:
    """Tell whether *char* is in the first level of GB 2312 (3,755 characters) or of Big5 (5,401)."""
    try:
        if 0xB0 <= char.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        return 0xA4 <= char.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _attempt(data: bytes, encoding: str) -> tuple[str, float]:
    """Return *data* decoded, and the share of characters that had to be replaced."""
    try:
        return data.decode(encoding), 0.0
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    return text, text.count("\ufffd") / max(len(text), 1)


def decode(data: bytes, name: str = "", declared: str = "") -> Decoded:
    """Return the characters of *data*.

    Args:
        data: the whole file.
        name: for the error message.
        declared: encoding the content itself names (``<meta charset>``), believed when it fits.

    Raises:
        Undecodable: when no encoding gives anything like writing.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text, damage = _attempt(data[len(mark) :], encoding)
            return _judged(text, encoding, damage, name)
    declared = _known(declared)
    if declared:
        text, damage = _attempt(data, declared)
        if damage == 0.0:
            return Decoded(text, declared)
    zeros = data[:_SAMPLE].count(0)
    if not zeros:
        try:
            return Decoded(data.decode("utf-8"), "utf-8", _differs(declared, "utf-8"))
        except UnicodeDecodeError:
            pass
    candidates = ["utf-8", "gb18030", "big5"] if not zeros else []
    if len(data) > 1 and (zeros or len(data) % 2 == 0):
        candidates += ["utf-16-le", "utf-16-be"]
    best = max(
        (
            (_weight(_attempt(data[:_SAMPLE], encoding)[0]), -order, encoding)
            for order, encoding in enumerate(candidates)
        ),
        default=(0.0, 0, ""),
    )
    weight, _, encoding = best
    if not encoding or weight < _GOOD_AT_LEAST:
        raise Undecodable(name=name)
    text, damage = _attempt(data, encoding)
    judged = _judged(text, encoding, damage, name)
    return judged if judged.note else Decoded(text, encoding, _differs(declared, encoding) or _guessed(encoding))


def _known(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        return codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""


def _differs(declared: str, encoding: str) -> str:
    if declared and declared != encoding:
        return f"文件声明的编码是 {declared}，实际按 {encoding} 读取。"
    return ""


def _guessed(encoding: str) -> str:
    return f"文件没有注明编码，按 {encoding} 读取。"


def _judged(text: str, encoding: str, damage: float, name: str) -> Decoded:
    if damage > _MOST_DAMAGE and text.count("\ufffd") > 2:
        raise Undecodable(name=name)
    lost = text.count("\ufffd") if damage else 0
    return Decoded(text, encoding, f"按 {encoding} 读取时有 {lost} 处字节无法识别，以“\ufffd”代替。" if lost else "")
