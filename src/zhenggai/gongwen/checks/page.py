"""Paper, margins and page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot
from zhenggai.gongwen.measures import LANDSCAPE_MARGINS_MM, MARGINS_MM, PAGE_MM, TWIPS_PER_MM
from zhenggai.gongwen.word_file import Foot, WordSection

_TOLERANCE_MM = {"top": 1.05, "left": 1.05, "bottom": 1.55, "right": 1.55}
"""The standard gives ±1 mm for top and left; the others follow from the type area."""
_NAMES = {"top": "上", "right": "右", "bottom": "下", "left": "左"}
_DASHED = re.compile(r"^\s*[—－―–-]\s*#\s*[—－―–-]\s*$")
_DASHES = re.compile(r"^\s*—\s*#\s*—\s*$")


def page_size(paper: Paper) -> Iterator[Spot]:
    """Paper of A4, type area of 156 × 225 mm."""
    for number, section in enumerate(paper.file.sections, start=1):
        place = "全文" if len(paper.file.sections) == 1 else f"第{number}节"
        wide, tall = section.width / TWIPS_PER_MM, section.height / TWIPS_PER_MM
        if abs(min(wide, tall) - PAGE_MM[0]) > 1 or abs(max(wide, tall) - PAGE_MM[1]) > 1:
            yield Spot(
                "page.size", place, f"{wide:.0f}×{tall:.0f}毫米", "A4（210×297毫米）", "在“布局-纸张大小”中选择A4。"
            )  # fmt: skip
        elif wide <= tall:
            yield from _margins(section, MARGINS_MM, place)
        elif not _fits(section, LANDSCAPE_MARGINS_MM) and not _fits(section, MARGINS_MM):
            yield from _margins(section, LANDSCAPE_MARGINS_MM, place)


def _margins(section: WordSection, wanted: dict[str, int], place: str) -> Iterator[Spot]:
    if _fits(section, wanted):
        return
    found = "、".join(f"{_NAMES[side]}{section.margins[side] / TWIPS_PER_MM:.0f}" for side in wanted)
    expected = "、".join(f"{_NAMES[side]}{value}" for side, value in wanted.items())
    yield Spot(
        "page.margins", place, f"{found}毫米", f"{expected}毫米",
        "在“布局-页边距-自定义页边距”中改为天头37、订口28毫米，版心156×225毫米。",
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
            "page.number", "页脚", "没有页码", "每页有页码域（PAGE）", "用“插入-页码”插入自动页码，不要手工键入数字。"
        )  # fmt: skip
        return
    kinds = ("default", "even") if paper.file.odd_and_even else ("default",)
    for foot in numbered:
        if foot.kind in kinds and not _DASHES.match(foot.text):
            shown = foot.text.strip().replace("#", "1")
            better = "数字左右各放一条一字线" if not _DASHED.match(foot.text) else "一字线用“—”"
            yield Spot(
                "page.number_form",
                _foot_name(foot),
                f"“{shown}”",
                "“— 1 —”",
                f"页码用4号半角宋体阿拉伯数字，{better}。",
            )
    yield from _places(paper, {foot.kind: foot for foot in numbered})


def _places(paper: Paper, feet: dict[str, Foot]) -> Iterator[Spot]:
    odd, even = feet.get("default"), feet.get("even")
    if odd is None or odd.align == "outside":
        return
    if not paper.file.odd_and_even or even is None:
        yield Spot(
            "page.number_place", "页脚", "单双页页码位置相同", "单页居右空一字，双页居左空一字",
            "勾选“奇偶页不同”，奇数页页码右对齐，偶数页左对齐。",
        )  # fmt: skip
    elif odd.align != "right" or even.align not in ("left", "both", "outside"):
        yield Spot(
            "page.number_place", "页脚", "单页页码不在右侧或双页页码不在左侧", "单页居右空一字，双页居左空一字",
            "奇数页页码右对齐，偶数页左对齐。",
        )  # fmt: skip


def _foot_name(foot: Foot) -> str:
    return {"default": "页脚", "even": "偶数页页脚", "first": "首页页脚"}.get(foot.kind, "页脚")
