"""Keeps bound figures at their place while the text around them is edited; plain values.

Where a text changed, each figure is followed through the change: characters that stayed carry it along; where the
number itself was edited, it is found again as the number that now stands there; where it is gone, it is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from zhenggai.notices.blocks import Anchor, Block, by_id

_NUMBER = re.compile(
    r"[0-9０-９][0-9０-９,，.．]*(?:余|多)?[\u4e00-\u9fff%％‰]{0,4}|[〇零一二两三四五六七八九十百千万]+(?:余|多)?[\u4e00-\u9fff%]{1,2}"
)


def follow(
    before: Sequence[Block], after: Sequence[Block], anchors: Iterable[Anchor]
) -> tuple[list[Anchor], list[Anchor]]:
    """Return the anchors as they stand in the edited body, and those whose figure is gone."""
    old, new = by_id(before), by_id(after)
    kept: list[Anchor] = []
    lost: list[Anchor] = []
    matchers: dict[str, SequenceMatcher[str]] = {}
    for anchor in anchors:
        was, now = old.get(anchor.block), new.get(anchor.block)
        if was is None or now is None:
            lost.append(anchor)
        elif was.text == now.text:
            kept.append(anchor)
        else:
            if anchor.block not in matchers:
                matchers[anchor.block] = SequenceMatcher(None, was.text, now.text, autojunk=False)
            moved = _moved(anchor, now.text, matchers[anchor.block])
            (kept if moved is not None else lost).append(moved or anchor)
    return _apart(kept, lost), lost


def _moved(anchor: Anchor, text: str, matcher: SequenceMatcher[str]) -> Anchor | None:
    start, end = _mapped(anchor.start, matcher, behind=False), _mapped(anchor.end, matcher, behind=True)
    if text[start:end] == anchor.quote:
        return replace(anchor, start=start, end=end)
    # Characters equal by chance may pull the mapping astray: the same figure nearby is the same figure.
    near = _nearest(text, anchor.quote, start)
    if near is not None and abs(near - start) <= max(12, 3 * len(anchor.quote)):
        return replace(anchor, start=near, end=near + len(anchor.quote))
    for number in _NUMBER.finditer(text):
        if number.start() < max(end, start + 1) and start < number.end():
            span = _trimmed(number, anchor.quote)
            return replace(anchor, start=span[0], end=span[1], quote=text[span[0] : span[1]])
    return None


def _trimmed(number: re.Match[str], quote: str) -> tuple[int, int]:
    """Return the number with as much of what follows as the old figure had of a measure word."""
    word = re.sub(r"^[0-9０-９,，.．〇零一二两三四五六七八九十百千万余多]+", "", quote)
    digits = re.match(r"[0-9０-９,，.．〇零一二两三四五六七八九十百千万余多]+", number[0])
    length = digits.end() if digits else len(number[0])
    if word and number[0][length:].startswith(word):
        length += len(word)
    return number.start(), number.start() + length


def _mapped(place: int, matcher: SequenceMatcher[str], *, behind: bool) -> int:
    for _tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if behind:
            if old_start < place <= old_end:
                return new_start + place - old_start if _tag == "equal" else new_end
        elif old_start <= place < old_end:
            return new_start + place - old_start if _tag == "equal" else new_start
    blocks = matcher.get_matching_blocks()  # ends with an empty one behind both texts
    return blocks[-1].b if place else 0


def _nearest(text: str, quote: str, place: int) -> int | None:
    """Return where *quote* stands nearest to a place, as a number of its own."""
    found = [
        match.start()
        for match in re.finditer(re.escape(quote), text)
        if not (match.start() and text[match.start() - 1].isdigit() and quote[:1].isdigit())
    ]
    return min(found, key=lambda each: abs(each - place), default=None)


def _apart(kept: list[Anchor], lost: list[Anchor]) -> list[Anchor]:
    """Return anchors no two of which overlap: where two figures were edited into one, the first keeps it."""
    found: list[Anchor] = []
    for anchor in sorted(kept, key=lambda each: (each.block, each.start)):
        if found and found[-1].block == anchor.block and anchor.start < found[-1].end:
            lost.append(anchor)
        else:
            found.append(anchor)
    return found
