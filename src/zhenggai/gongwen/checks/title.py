"""The title, and the document number above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from zhenggai.gongwen.checks.issue import Paper, Spot, as_it_is, font_or_none, place_of, points
from zhenggai.gongwen.checks.type import is_face, main_face, main_size
from zhenggai.gongwen.measures import TITLE_PT, TITLE_SIGNS, Face, Role
from zhenggai.gongwen.parts import MARK, Part
from zhenggai.gongwen.pieces import signs
from zhenggai.gongwen.titles import is_bad_break
from zhenggai.kit.messages import Sentence, gettext_noop

_WRONG_BRACKETS = re.compile(r"[\[［(（【]\s*(\d{4})\s*[\]］)）】]")
_ZERO_OR_WORD = re.compile(r"〕(?:第|0)")


def title(paper: Paper) -> Iterator[Spot]:
    """2号小标宋, centred, lines ending where words end."""
    found = paper.of(Role.TITLE)
    if not found:
        yield Spot(
            "title.missing", Sentence(gettext_noop("文首")), Sentence(gettext_noop("没有找到标题")), Sentence(gettext_noop("居中排布的标题")), Sentence(gettext_noop("标题单独成段，用2号小标宋体居中，放在主送机关之前。"))
        )  # fmt: skip
    for part in (*found, *paper.of(Role.ANNEX_TITLE)):
        yield from _type(part)
    groups: dict[tuple[Role, int], list[Part]] = {}
    for part in (*found, *paper.of(Role.ANNEX_TITLE)):
        groups.setdefault((part.role, part.annex), []).append(part)
    for group in groups.values():
        yield from _breaks(group)


def _type(part: Part) -> Iterator[Spot]:
    face, size = main_face(part.paragraph), main_size(part.paragraph)
    if not is_face(face, Face.TITLE):
        yield Spot(
            "title.font",
            place_of(part),
            font_or_none(face),
            as_it_is("小标宋体"),
            Sentence(gettext_noop("标题改用方正小标宋简体。")),
            part.paragraph.number,
        )
    if size != TITLE_PT:
        yield Spot(
            "title.size",
            place_of(part),
            points(size),
            points(TITLE_PT),
            Sentence(gettext_noop("标题改为二号字。")),
            part.paragraph.number,
        )
    if part.paragraph.look.align != "center":
        yield Spot(
            "title.align",
            place_of(part),
            Sentence(gettext_noop("没有居中")),
            Sentence(gettext_noop("居中")),
            Sentence(gettext_noop("标题居中排布，不用空格凑。")),
            part.paragraph.number,
        )


def _breaks(group: list[Part]) -> Iterator[Spot]:
    if any(MARK.search(part.paragraph.text) for part in group):
        return
    lines = [line.strip() for part in group for line in part.text.split("\n") if line.strip()]
    first = group[0]
    for above, below in pairwise(lines):
        if is_bad_break(above, below):
            yield Spot(
                "title.break", place_of(first), Sentence(gettext_noop("“%(above)s”与“%(below)s”之间断行"), {"above": above[-6:], "below": below[:6]}), Sentence(gettext_noop("回行处词意完整")),
                Sentence(gettext_noop("在词与词之间断行，“的”等虚词和标点不放在行首，不留单字成行。")), first.paragraph.number, gathers=False,
            )  # fmt: skip
    for line in lines:
        if signs(line) > TITLE_SIGNS + 0.5:
            yield Spot(
                "title.break", place_of(first), Sentence(gettext_noop("一行%(signs)s字，由软件自动断行"), {"signs": f"{signs(line):g}"}), Sentence(gettext_noop("每行不超过%(signs)s字，人工断行"), {"signs": TITLE_SIGNS}),
                Sentence(gettext_noop("用换行把标题排成梯形或菱形，断在词与词之间。")), first.paragraph.number, gathers=False,
            )  # fmt: skip


def document_number(paper: Paper) -> Iterator[Spot]:
    """The year in 六角括号, the number without 第 and padding."""
    for part in paper.of(Role.NUMBER):
        if wrong := _WRONG_BRACKETS.search(part.text):
            found, expected = as_it_is(wrong.group()), as_it_is(f"〔{wrong.group(1)}〕")
        elif _ZERO_OR_WORD.search(part.text):
            found, expected = as_it_is(part.text), Sentence(gettext_noop("年份后直接写序号，不加“第”，不编虚位"))
        else:
            continue
        yield Spot(
            "number.brackets", place_of(part), found, expected, Sentence(gettext_noop("年份用六角括号“〔〕”括入，序号不加“第”字，1不写作01。")),
            part.paragraph.number,
        )  # fmt: skip
