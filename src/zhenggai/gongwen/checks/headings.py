"""Headings: their faces, their signs, and whether their numbers run on."""

from __future__ import annotations

from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot, as_it_is, font_or_none, place_of, quoted
from zhenggai.gongwen.checks.type import is_face
from zhenggai.gongwen.measures import HEADINGS, OFFICIAL_NAME, Face, Role
from zhenggai.gongwen.numbering import numbered
from zhenggai.gongwen.parts import MARK, NUMBER_FORMS, WRONG_FORMS, Part
from zhenggai.kit.chinese_numerals import parse_chinese_number
from zhenggai.kit.messages import Sentence, gettext_noop

_FACES = {Role.HEADING1: Face.HEI, Role.HEADING2: Face.KAI}
_FACE_HINTS = {
    Face.HEI: gettext_noop("一级标题用%(face)s。"),
    Face.KAI: gettext_noop("二级标题用%(face)s。"),
}
_SPECIMEN = ("一、", "（一）", "1.", "（1）")
_LONGEST_HEADING = 60


def heading_type(paper: Paper) -> Iterator[Spot]:
    """Level one in 黑体, level two in 楷体; long paragraphs that merely begin with a number are left alone."""
    for part in paper.of(*_FACES):
        wanted = _FACES[part.role]
        runs = [run for run in part.paragraph.runs if run.text.strip()]
        if not runs or is_face(runs[0].face, wanted):
            continue
        if len(part.text) > _LONGEST_HEADING or (len(runs) == 1 and part.text.rstrip().endswith("；")):
            continue
        yield Spot(
            "heading.font", place_of(part), font_or_none(runs[0].face),
            as_it_is("黑体" if wanted is Face.HEI else "楷体"),
            Sentence(_FACE_HINTS[wanted], {"face": OFFICIAL_NAME[wanted]}), part.paragraph.number,
        )  # fmt: skip


def heading_numbers(paper: Paper) -> Iterator[Spot]:
    """Signs as the standard has them, numbers one after the other, no level left out."""
    run = _Run(used={part.level for part in paper.parts})
    for part in paper.parts:
        if part.role is Role.ANNEX_LABEL or part.role is Role.ANNEX_TITLE:
            run.restart()
        if part.role not in HEADINGS and part.role not in (Role.BODY, Role.ITEM):
            continue
        if not part.level or MARK.search(part.paragraph.text):
            run.plain()
            continue
        yield from _mark(part)
        yield from run.take(part)


def _mark(part: Part) -> Iterator[Spot]:
    if NUMBER_FORMS[part.level - 1].match(part.text):
        return
    wrong = next(form.match(part.text) for level, form in WRONG_FORMS if level == part.level and form.match(part.text))
    if wrong is not None:
        yield Spot(
            "heading.mark", place_of(part), quoted(wrong.group()),
            Sentence(gettext_noop("“%(sign)s”的形式"), {"sign": _SPECIMEN[part.level - 1]}),
            Sentence(gettext_noop("层次序数依次用“一、”“（一）”“1.”“（1）”，括号用全角，括号后不加顿号。")), part.paragraph.number,
        )  # fmt: skip


def number_in(part: Part) -> int:
    """Return the number *part* begins with, 0 when none can be read."""
    forms = [NUMBER_FORMS[part.level - 1], *(form for level, form in WRONG_FORMS if level == part.level)]
    for form in forms:
        if match := form.match(part.text):
            words = next((value for value in match.groupdict().values() if value), "")
            return parse_chinese_number(words) or 0
    return 0


class _Run:
    """The numbers met so far, level by level."""

    def __init__(self, used: set[int]) -> None:
        self._used = used
        self.restart()

    def restart(self) -> None:
        """Forget everything, as at the beginning of an attachment."""
        self._last = [0] * 5
        self._ever = [0] * 5
        self._list = 0
        self._interrupted = True

    def plain(self) -> None:
        """Note a paragraph without number: small numbers may begin anew behind it."""
        self._interrupted = True

    def take(self, part: Part) -> Iterator[Spot]:
        """Judge the next number."""
        level, value = part.level, number_in(part)
        last = self._last[level]
        # Numbering may run through the whole paper instead of beginning anew under each heading.
        welcome = {last + 1} if last else {1, self._ever[level] + 1}
        if level >= 3 and self._interrupted:
            welcome.add(1)
        if value and value not in welcome:
            wanted = last + 1 if last else 1
            yield Spot(
                "heading.order", place_of(part), quoted(numbered(level, value)), quoted(numbered(level, wanted)),
                Sentence(gettext_noop("序号应连续，不重号、不跳号；删改段落后请重编。")), part.paragraph.number, gathers=False,
            )  # fmt: skip
        above = max((each for each in range(1, level) if self._last[each]), default=0)
        if self._skips(above, level):
            yield Spot(
                "heading.skip", place_of(part), Sentence(
                    gettext_noop("“%(upper)s”之下直接用“%(lower)s”"),
                    {"upper": _SPECIMEN[above - 1], "lower": _SPECIMEN[level - 1]},
                ),
                Sentence(gettext_noop("先用“%(sign)s”"), {"sign": _SPECIMEN[above]}), Sentence(gettext_noop("层次序数依次使用；只有两层时第二层可用“1.”。")), part.paragraph.number,
            )  # fmt: skip
        self._last[level] = self._ever[level] = value or last + 1
        for deeper in range(level + 1, 5):
            self._last[deeper] = 0
        self._interrupted = False

    def _skips(self, above: int, level: int) -> bool:
        """Tell whether a level was left out that the paper uses elsewhere, or more than one.

        A list under plain text begins with the sign it likes.
        """
        if level < self._list:
            self._list = 0
        if level >= 3 and (self._interrupted or self._list == level):
            self._list = level
            return False
        missing = range(above + 1, level) if above else ()
        return len(missing) > 1 or any(each in self._used for each in missing)
