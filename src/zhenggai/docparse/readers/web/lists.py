"""Numbers that lists make: ``<ol>`` with its attributes and styles, ``<ul>`` with its bullets."""

from __future__ import annotations

import re

from zhenggai.docparse.readers.numerals import numeral
from zhenggai.docparse.readers.web.element import Element

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_STYLES: dict[str, tuple[str, str]] = {
    "decimal": ("decimal", "."),
    "decimal-leading-zero": ("decimalZero", "."),
    "lower-roman": ("lowerRoman", "."),
    "upper-roman": ("upperRoman", "."),
    "lower-alpha": ("lowerLetterCounted", "."),
    "lower-latin": ("lowerLetterCounted", "."),
    "upper-alpha": ("upperLetterCounted", "."),
    "upper-latin": ("upperLetterCounted", "."),
    "lower-greek": ("lowerGreek", "."),
    "cjk-ideographic": ("chineseCountingThousand", "、"),
    "simp-chinese-informal": ("chineseCountingThousand", "、"),
    "trad-chinese-informal": ("chineseCountingThousand", "、"),
    "japanese-informal": ("japaneseCounting", "、"),
    "simp-chinese-formal": ("chineseLegalSimplified", "、"),
    "trad-chinese-formal": ("ideographLegalTraditional", "、"),
    "cjk-decimal": ("ideographDigital", "、"),
    "cjk-heavenly-stem": ("ideographTraditional", "、"),
    "cjk-earthly-branch": ("ideographZodiac", "、"),
}
_BULLETS = {"disc": "•", "circle": "◦", "square": "▪"}
_ENUMERATED = re.compile(
    r"^[\s\u3000]*(?:[（(]?\s*(?:[0-9０-９]{1,3}|[一二三四五六七八九十百]{1,4})\s*[)）.．、,，]|[①-⑳㉑-㉟⑴-⒇⒈-⒛]|第[一二三四五六七八九十\d]+[条项个])"
)


class ListCounter:
    """The running number of one list."""

    def __init__(self, element: Element) -> None:
        """Read start, direction and style of the list *element*."""
        self.ordered = element.tag == "ol"
        self.style = _style_of(element) or ("decimal" if self.ordered else "disc")
        items = [item for item in element.elements() if item.tag == "li"]
        self.step = -1 if "reversed" in element.attrs else 1
        start = _integer(element.attrs.get("start", ""))
        self.next = start if start is not None else (len(items) if self.step < 0 else 1)
        if items and all(_ENUMERATED.match(item.text(40)) for item in items):
            self.style = (
                "none"  # the words carry their own numbers: the page's outer style sheet surely hides the list's
            )

    def label(self, item: Element) -> str:
        """Return the label of *item* and move on."""
        value = _integer(item.attrs.get("value", ""))
        number = value if value is not None else self.next
        self.next = number + self.step
        style = _style_of(item) or self.style
        if style in _STYLES:
            name, suffix = _STYLES[style]
            return numeral(number, name) + suffix
        if style == "none":
            return ""
        return _BULLETS.get(style, f"{number}." if self.ordered else "•")


def _style_of(element: Element) -> str:
    declared = element.style.get("list-style-type") or ""
    if not declared and "list-style" in element.style:
        words = element.style["list-style"].split()
        declared = next((word for word in words if word in _STYLES or word in _BULLETS or word == "none"), "")
    kind = element.attrs.get("type", "").strip()
    return declared or _TYPES.get(kind, kind.lower() if kind.lower() in _BULLETS else "")


def _integer(text: str) -> int | None:
    match = re.match(r"\s*(-?\d{1,6})", text)
    return int(match.group(1)) if match else None
