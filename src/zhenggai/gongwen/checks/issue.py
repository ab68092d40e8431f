"""What a check looks at and what it finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from zhenggai.gongwen.measures import Role
from zhenggai.gongwen.parts import Part
from zhenggai.gongwen.word_file import WordFile, WordSection, WordTable
from zhenggai.kit.messages import Sentence, Translate, gettext_noop

_EXCERPT = 14


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """An issue in the words of a language."""

    code: str
    """As of the issue."""
    place: str
    """As of the issue."""
    found: str
    """As of the issue."""
    expected: str
    """As of the issue."""
    hint: str
    """As of the issue."""
    paragraph: int
    """As of the issue."""
    count: int
    """As of the issue."""


@dataclass(frozen=True, slots=True)
class LayoutIssue:
    """One departure from the standard."""

    code: str
    """Stable identifier, e.g. ``title.size``."""
    place: Sentence
    """Where, in words: the paragraph and how it begins; the number of places where there are more."""
    found: Sentence
    """What stands there."""
    expected: Sentence
    """What belongs there."""
    hint: Sentence
    """What to do about it in Word."""
    paragraph: int = 0
    """Number of the first paragraph concerned, counted from 1; 0 for the whole paper."""
    count: int = 1
    """How many places have it."""

    def describe(self, translate: Translate = gettext_noop) -> LayoutWords:
        """Return the issue in words, with each format passed through *translate* first."""
        return LayoutWords(
            self.code,
            self.place.describe(translate),
            self.found.describe(translate),
            self.expected.describe(translate),
            self.hint.describe(translate),
            self.paragraph,
            self.count,
        )

    def as_dict(self, translate: Translate = gettext_noop) -> dict[str, str | int]:
        """Return the fields as plain values for JSON."""
        return asdict(self.describe(translate))


@dataclass(frozen=True, slots=True)
class Spot:
    """One finding of a check before equal ones are gathered."""

    code: str
    """As of the issue."""
    place: Sentence
    """As of the issue, for this place alone."""
    found: Sentence
    """As of the issue."""
    expected: Sentence
    """As of the issue."""
    hint: Sentence
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


def quoted(text: str) -> Sentence:
    """Return what the file itself says, between quotation marks."""
    return Sentence(gettext_noop("“%(text)s”"), {"text": text})


def as_it_is(text: str) -> Sentence:
    """Return words that no language changes: the name of a font, a date."""
    return Sentence("%(text)s", {"text": text})


def font_or_none(face: str) -> Sentence:
    """Return the name of a font, or that none is set."""
    return as_it_is(face) if face else Sentence(gettext_noop("未设字体"))


def place_of(part: Part) -> Sentence:
    """Return where *part* stands, in words."""
    flat = " ".join(part.text.split())
    words = flat if len(flat) <= _EXCERPT else flat[:_EXCERPT] + "…"
    return Sentence(gettext_noop("第%(number)s段“%(words)s”"), {"number": part.paragraph.number, "words": words})


def points(size: float) -> Sentence:
    """Return a size of type in words: ``三号（16磅）``."""
    names = {
        42: gettext_noop("初号"),
        36: gettext_noop("小初"),
        26: gettext_noop("一号"),
        24: gettext_noop("小一"),
        22: gettext_noop("二号"),
        18: gettext_noop("小二"),
        16: gettext_noop("三号"),
        15: gettext_noop("小三"),
        14: gettext_noop("四号"),
        12: gettext_noop("小四"),
        10.5: gettext_noop("五号"),
        9: gettext_noop("小五"),
    }
    shown = f"{size:g}"
    if size not in names:
        return Sentence(gettext_noop("%(points)s磅"), {"points": shown})
    return Sentence(gettext_noop("%(name)s（%(points)s磅）"), {"name": Sentence(names[size]), "points": shown})
