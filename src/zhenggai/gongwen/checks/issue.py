"""What a check looks at and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from zhenggai.gongwen.measures import Role
from zhenggai.gongwen.parts import Part
from zhenggai.gongwen.word_file import WordFile, WordSection, WordTable

_EXCERPT = 14


@dataclass(frozen=True, slots=True)
class LayoutIssue:
    """One departure from the standard."""

    code: str
    """Stable identifier, e.g. ``title.size``."""
    place: str
    """Where, in words: the paragraph and how it begins; the number of places where there are more."""
    found: str
    """What stands there."""
    expected: str
    """What belongs there."""
    hint: str
    """What to do about it in Word."""
    paragraph: int = 0
    """Number of the first paragraph concerned, counted from 1; 0 for the whole paper."""
    count: int = 1
    """How many places have it."""

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields as plain values for JSON."""
        return {
            "code": self.code, "place": self.place, "found": self.found, "expected": self.expected,
            "hint": self.hint, "paragraph": self.paragraph, "count": self.count,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """One finding of a check before equal ones are gathered."""

    code: str
    """As of the issue."""
    place: str
    """As of the issue, for this place alone."""
    found: str
    """As of the issue."""
    expected: str
    """As of the issue."""
    hint: str
    """As of the issue."""
    paragraph: int = 0
    """As of the issue."""
    gathers: bool = True
    """Whether equal findings at other places are told together with this one."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The file as the checks see it."""

    file: WordFile
    """All of it."""
    pieces: tuple[Part | WordTable | WordSection, ...]
    """Parts, tables and sections in order."""
    parts: tuple[Part, ...]
    """The paragraphs outside tables that say something."""

    def of(self, *roles: Role) -> list[Part]:
        """Return the parts of these roles."""
        return [part for part in self.parts if part.role in roles]


def place_of(part: Part) -> str:
    """Return where *part* stands, in words."""
    flat = " ".join(part.text.split())
    words = flat if len(flat) <= _EXCERPT else flat[:_EXCERPT] + "…"
    return f"第{part.paragraph.number}段“{words}”"


def points(size: float) -> str:
    """Return a size of type in words: ``3号（16磅）``."""
    names = {
        42: "初号",
        36: "小初",
        26: "一号",
        24: "小一",
        22: "二号",
        18: "小二",
        16: "三号",
        15: "小三",
        14: "四号",
        12: "小四",
        10.5: "五号",
        9: "小五",
    }
    return f"{names[size]}（{size:g}磅）" if size in names else f"{size:g}磅"
