"""Titles broken into lines so that no word is cut and the lines form a trapezium or lozenge.

Source: GB/T 9704-2012, 7.3.1.
"""

from __future__ import annotations

import re
from itertools import pairwise

from zhenggai.gongwen.measures import TITLE_SIGNS

_GOOD_BEHIND = (
    "关于",
    "印发",
    "转发",
    "委员会",
    "检察院",
    "党组",
    "党委",
    "办公室",
    "公司",
    "政府",
    "巡察组",
    "巡视组",
    "意见",
    "、",
    "》",
    "）",
    "和",
    "及",
    "暨",
)
_GOOD_BEFORE = (
    "关于",
    "中共",
    "省委",
    "市委",
    "区委",
    "县委",
    "集中",
    "开展",
    "加强",
    "反馈",
    "整改",
    "情况",
    "的通知",
    "的通报",
    "的报告",
    "落实",
    "进展",
    "巡察",
    "问题",
    "工作",
)
_NEVER_BEFORE = "的了着过、，。；：！？》）”’〉」』】〕%％0123456789"
_NEVER_BEHIND = "《（“‘〈「『【〔"
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]*$")


def break_title(title: str) -> tuple[str, ...]:
    """Return *title* in as few lines as fit, broken where words end."""
    words = "".join(title.split())
    if len(words) <= TITLE_SIGNS:
        return (words,) if words else ()
    count = -(-len(words) // TITLE_SIGNS)
    # One line more is worth it where it saves a word from being cut.
    plans = sorted(plan for extra in (0, 1) if (plan := _best(words, count + extra, cost=4.0 * extra)))
    breaks = plans[0][1] if plans else []
    places = [0, *breaks, len(words)] if breaks else [*range(0, len(words), TITLE_SIGNS), len(words)]
    return tuple(words[start:end] for start, end in pairwise(places) if start < end)


def is_bad_break(above: str, below: str) -> bool:
    """Tell whether a line of a title may not end and the next begin so."""
    if len(below) < 2 or not above:
        return True
    return below[0] in _NEVER_BEFORE or above[-1] in _NEVER_BEHIND or bool(_ORDINAL.search(above))


def _best(words: str, count: int, *, cost: float) -> tuple[float, list[int]] | None:
    """Return the cheapest breaks into *count* lines, counted from *cost*; None when no breaks fit."""
    ideal = len(words) / count
    costs: dict[int, tuple[float, list[int]]] = {0: (cost, [])}
    for _ in range(count - 1):
        found: dict[int, tuple[float, list[int]]] = {}
        for start, (spent, places) in costs.items():
            for end in range(start + 2, min(start + TITLE_SIGNS, len(words) - 2) + 1):
                if is_bad_break(words[start:end], words[end:]):
                    continue
                total = spent + abs(end - start - ideal) + _strain(words, end)
                if end not in found or total < found[end][0]:
                    found[end] = (total, [*places, end])
        costs = found
    ends = [plan for end, plan in costs.items() if len(words) - end <= TITLE_SIGNS]
    return min(ends) if ends else None


def _strain(words: str, end: int) -> float:
    """Return how badly a break at *end* reads."""
    if words[:end].endswith(_GOOD_BEHIND):
        return 0
    return 2 if words[end:].startswith(_GOOD_BEFORE) else 6
