"""The type of the body, the indent of its paragraphs and the distance of its lines."""

from __future__ import annotations

from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot, as_it_is, font_or_none, place_of, points
from zhenggai.gongwen.checks.type import is_face, main_face, main_size
from zhenggai.gongwen.measures import BODY_PT, HEADINGS, Face, Role
from zhenggai.kit.messages import Sentence, gettext_noop

_TEXT = (
    Role.BODY,
    Role.ITEM,
    Role.ADDRESSEE,
    Role.ATTACHMENT,
    Role.NEXT_ATTACHMENT,
    Role.SIGNATURE,
    Role.DATE,
    Role.NOTE,
)
_PITCHES = (27.9, 30.1)
"""225 mm in 22 lines are 28.99 pt; offices set 28 to 30."""
_TYPED_INDENT = ("　", "  ")


def body_type(paper: Paper) -> Iterator[Spot]:
    """3号仿宋, first line two signs in."""
    for part in paper.of(*_TEXT):
        face = main_face(part.paragraph)
        if not is_face(face, Face.FANG):
            yield Spot(
                "body.font",
                place_of(part),
                font_or_none(face),
                as_it_is("仿宋"),
                Sentence(gettext_noop("正文选中后改用仿宋_GB2312。")),
                part.paragraph.number,
            )
    for part in paper.of(*_TEXT, *HEADINGS):
        size = main_size(part.paragraph)
        if size != BODY_PT:
            yield Spot(
                "body.size",
                place_of(part),
                points(size),
                points(BODY_PT),
                Sentence(gettext_noop("正文和各级标题均用三号字。")),
                part.paragraph.number,
            )
    for part in paper.of(Role.BODY, *HEADINGS):
        signs = part.paragraph.first_signs
        if part.paragraph.look.align in ("center", "right") or abs(signs - 2) <= 0.25:
            continue
        typed = part.paragraph.text.startswith(_TYPED_INDENT)
        found = (
            Sentence(gettext_noop("用空格缩进"))
            if typed
            else Sentence(gettext_noop("首行缩进%(signs)s字"), {"signs": f"{signs:g}"})
        )
        yield Spot(
            "body.indent", place_of(part), found, Sentence(gettext_noop("首行缩进2字")), Sentence(gettext_noop("在“段落-特殊格式”中设首行缩进2字符，不用空格。")), part.paragraph.number
        )  # fmt: skip


def line_pitch(paper: Paper) -> Iterator[Spot]:
    """22 lines a page: a fixed distance of 28 to 30 points."""
    for part in paper.of(Role.BODY, Role.ITEM, *HEADINGS):
        paragraph = part.paragraph
        if _PITCHES[0] <= paragraph.line_pt <= _PITCHES[1]:
            continue
        if paragraph.line_pt:
            found = Sentence(gettext_noop("%(points)s磅"), {"points": f"{paragraph.line_pt:g}"})
        else:
            times = f"{(paragraph.look.line or 240) / 240:g}"
            found = Sentence(gettext_noop("%(times)s倍行距"), {"times": times})
        yield Spot(
            "line.pitch", place_of(part), found, Sentence(gettext_noop("固定值28至30磅（每面22行约28.95磅）")), Sentence(gettext_noop("在“段落-行距”中设固定值28.95磅。")),
            paragraph.number,
        )  # fmt: skip
