"""Bound figures keep their place while the text around them is edited, and are found again when their number is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.notices.anchors import follow
from zhenggai.notices.blocks import Anchor, Block, BlockKind

TEXT = "巡察反馈的40个问题，已完成整改24个，阶段性完成16个。"


def block(text: str) -> Block:
    return Block("b1", BlockKind.STATUS, text)


def anchor(quote: str, text: str = TEXT, binding: int = 1) -> Anchor:
    start = text.index(quote)
    return Anchor(binding, "b1", start, start + len(quote), quote)


@pytest.mark.parametrize(
    ("edited", "quote", "stands"),
    [
        ("截至目前，" + TEXT, "24个", "24个"),
        (TEXT.replace("24个", "25个"), "24个", "25个"),
        (TEXT.replace("24个", "125个"), "24个", "125个"),
        (TEXT.replace("已完成整改24个，", "其中24个已完成整改，"), "24个", "24个"),
        (TEXT.replace("阶段性", "已阶段性"), "16个", "16个"),
        (TEXT.replace("24个", "二十四个"), "24个", "二十四个"),
        (TEXT.replace("已完成整改24个，", ""), "24个", None),
        (TEXT.replace("40个问题", "四个方面40个问题"), "40个", "40个"),
    ],
)
def test_an_edit_is_followed(edited: str, quote: str, stands: str | None) -> None:
    kept, lost = follow([block(TEXT)], [block(edited)], [anchor(quote)])
    assert [each.quote for each in kept] == ([stands] if stands else [])
    assert len(lost) == (0 if stands else 1)
    for each in kept:
        assert edited[each.start : each.end] == each.quote


def test_a_block_that_is_gone_loses_its_figures_and_no_other_does() -> None:
    other = Block("b2", BlockKind.PARAGRAPH, "召开会议3次。")
    here, there = anchor("24个"), Anchor(2, "b2", 4, 6, "3次")
    kept, lost = follow([block(TEXT), other], [other], [here, there])
    assert (kept, lost) == ([there], [here])


@given(
    st.text(alphabet="已完成整改的24016个，。问题阶段性", max_size=40),
    st.integers(0, len(TEXT)),
    st.integers(0, len(TEXT)),
)
def test_whatever_is_typed_every_anchor_names_what_stands_there(typed: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    edited = TEXT[:start] + typed + TEXT[end:]
    anchors = [anchor("40个", binding=1), anchor("24个", binding=2), anchor("16个", binding=3)]
    kept, lost = follow([block(TEXT)], [block(edited)], anchors)
    assert {each.binding for each in kept} | {each.binding for each in lost} == {1, 2, 3}
    assert all(edited[each.start : each.end] == each.quote and each.quote for each in kept)
    ordered = sorted(kept, key=lambda each: each.start)
    assert all(left.end <= right.start for left, right in itertools.pairwise(ordered))
    for each in anchors:  # what lies outside the edit is never touched
        if each.end <= start:
            assert each in kept
