"""Paper, margins and page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot, quoted
from zhenggai.gongwen.measures import LANDSCAPE_MARGINS_MM, MARGINS_MM, PAGE_MM, TWIPS_PER_MM
from zhenggai.gongwen.word_file import Foot, WordSection
from zhenggai.kit.messages import Sentence, gettext_noop

_TOLERANCE_MM = {"top": 1.05, "left": 1.05, "bottom": 1.55, "right": 1.55}
"""The standard gives ±1 mm for top and left; the others follow from the type area."""
_DASHED = re.compile(r"^\s*[—－―–-]\s*#\s*[—－―–-]\s*$")
_DASHES = re.compile(r"^\s*—\s*#\s*—\s*$")

_FOUR_SIDES = gettext_noop("上%(top)s、右%(right)s、下%(bottom)s、左%(left)s毫米")
_ONE_DASH = gettext_noop("页码用4号半角宋体阿拉伯数字，一字线用“—”。")
_TWO_DASHES = gettext_noop("页码用4号半角宋体阿拉伯数字，数字左右各放一条一字线。")
_FEET = {"default": gettext_noop("页脚"), "even": gettext_noop("偶数页页脚"), "first": gettext_noop("首页页脚")}


def page_size(paper: Paper) -> Iterator[Spot]:
    """Paper of A4, type area of 156 × 225 mm."""
    for number, section in enumerate(paper.file.sections, start=1):
        place = Sentence(gettext_noop("全文"))
        if len(paper.file.sections) > 1:
            place = Sentence(gettext_noop("第%(number)s节"), {"number": number})
        wide, tall = section.width / TWIPS_PER_MM, section.height / TWIPS_PER_MM
        if abs(min(wide, tall) - PAGE_MM[0]) > 1 or abs(max(wide, tall) - PAGE_MM[1]) > 1:
            yield Spot(
                "page.size", place, Sentence(
                    gettext_noop("%(wide)s×%(tall)s毫米"), {"wide": f"{wide:.0f}", "tall": f"{tall:.0f}"}
                ), Sentence(gettext_noop("A4（210×297毫米）")), Sentence(gettext_noop("在“布局-纸张大小”中选择A4。")),
            )  # fmt: skip
        elif wide <= tall:
            yield from _margins(section, MARGINS_MM, place)
        elif not _fits(section, LANDSCAPE_MARGINS_MM) and not _fits(section, MARGINS_MM):
            yield from _margins(section, LANDSCAPE_MARGINS_MM, place)


def _margins(section: WordSection, wanted: dict[str, int], place: Sentence) -> Iterator[Spot]:
    if _fits(section, wanted):
        return
    found = {side: f"{section.margins[side] / TWIPS_PER_MM:.0f}" for side in wanted}
    yield Spot(
        "page.margins", place, Sentence(_FOUR_SIDES, found), Sentence(_FOUR_SIDES, wanted),
        Sentence(gettext_noop("在“布局-页边距-自定义页边距”中改为天头37、订口28毫米，版心156×225毫米。")),
    )  # fmt: skip


def _fits(section: WordSection, wanted: dict[str, int]) -> bool:
    return all(
        abs(section.margins[side] / TWIPS_PER_MM - value) <= _TOLERANCE_MM[side] for side, value in wanted.items()
    )


def page_numbers(paper: Paper) -> Iterator[Spot]:
    """A number between dashes at the outer edge of each page."""
    sections = paper.file.sections
    feet = [foot for section in sections[:1] for foot in section.feet]
    numbered = [foot for foot in feet if "#" in foot.text]
    if not any(foot.kind == "default" for foot in numbered):
        yield Spot(
            "page.number", Sentence(gettext_noop("页脚")), Sentence(gettext_noop("没有页码")), Sentence(gettext_noop("每页有页码域（PAGE）")), Sentence(gettext_noop("用“插入-页码”插入自动页码，不要手工键入数字。"))
        )  # fmt: skip
        return
    kinds = ("default", "even") if paper.file.odd_and_even else ("default",)
    for foot in numbered:
        if foot.kind in kinds and not _DASHES.match(foot.text):
            shown = foot.text.strip().replace("#", "1")
            better = _ONE_DASH if _DASHED.match(foot.text) else _TWO_DASHES
            yield Spot(
                "page.number_form",
                _foot_name(foot),
                quoted(shown),
                quoted("— 1 —"),
                Sentence(better),
            )
    yield from _places(paper, {foot.kind: foot for foot in numbered})


def _places(paper: Paper, feet: dict[str, Foot]) -> Iterator[Spot]:
    odd, even = feet.get("default"), feet.get("even")
    if odd is None or odd.align == "outside":
        return
    if not paper.file.odd_and_even or even is None:
        yield Spot(
            "page.number_place", Sentence(gettext_noop("页脚")), Sentence(gettext_noop("单双页页码位置相同")), Sentence(gettext_noop("单页居右空一字，双页居左空一字")),
            Sentence(gettext_noop("勾选“奇偶页不同”，奇数页页码右对齐，偶数页左对齐。")),
        )  # fmt: skip
    elif odd.align != "right" or even.align not in ("left", "both", "outside"):
        yield Spot(
            "page.number_place", Sentence(gettext_noop("页脚")), Sentence(gettext_noop("单页页码不在右侧或双页页码不在左侧")), Sentence(gettext_noop("单页居右空一字，双页居左空一字")),
            Sentence(gettext_noop("奇数页页码右对齐，偶数页左对齐。")),
        )  # fmt: skip


def _foot_name(foot: Foot) -> Sentence:
    return Sentence(_FEET.get(foot.kind, _FEET["default"]))
