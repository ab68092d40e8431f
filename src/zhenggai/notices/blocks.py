"""A notice as blocks of plain text with stable ids, and the figures anchored in them; plain values, no database.

Officials write the text of a block; numbers in front of it, labels and quotation marks come from the numbering style
(:mod:`zhenggai.notices.layout`), so that changing the style changes no block and moves no figure.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BlockKind(StrEnum):
    """What a block is."""

    TITLE = "title"
    PREAMBLE = "preamble"
    SECTION = "section"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    STATUS = "status"
    ASPECT = "aspect"
    PROBLEM = "problem"
    DETAIL = "detail"
    MEASURE = "measure"
    OUTCOME = "outcome"
    FOLLOW_UP = "follow_up"
    CONTACT = "contact"
    SIGNATURE = "signature"
    DATE = "date"


BLOCK_LABELS: dict[BlockKind, str | Promise] = {
    BlockKind.TITLE: _("标题"),
    BlockKind.PREAMBLE: _("导语"),
    BlockKind.SECTION: _("一级标题"),
    BlockKind.LEAD: _("组织整改"),
    BlockKind.PARAGRAPH: _("段落"),
    BlockKind.STATUS: _("进展总述"),
    BlockKind.ASPECT: _("方面"),
    BlockKind.PROBLEM: _("问题"),
    BlockKind.DETAIL: _("具体表现"),
    BlockKind.MEASURE: _("措施"),
    BlockKind.OUTCOME: _("成效"),
    BlockKind.FOLLOW_UP: _("后续整改"),
    BlockKind.CONTACT: _("联系方式"),
    BlockKind.SIGNATURE: _("落款"),
    BlockKind.DATE: _("日期"),
}
ONCE = frozenset({BlockKind.TITLE, BlockKind.SIGNATURE, BlockKind.DATE})
"""Kinds that stand once, on one line."""
OF_PROBLEM = frozenset({BlockKind.DETAIL, BlockKind.MEASURE, BlockKind.OUTCOME})
"""Kinds that belong to the problem above them."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a notice."""

    id: str
    """Stays with it through all versions."""
    kind: BlockKind
    """What it is."""
    text: str
    """What officials write: no number, no label, no mark-up."""
    about: str = ""
    """What of the record it was written from: ``finding:12``, ``measure:33``, ``aspect:3``."""
    status: str = ""
    """Of a problem: how it stands, as styles that say so write it."""

    @property
    def about_id(self) -> int:
        """Key of what it was written from; 0 when it was written by hand."""
        number = self.about.partition(":")[2]
        return int(number) if number.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a bound figure stands."""

    binding: int
    """Key of the binding."""
    block: str
    """Id of the block."""
    start: int
    """First character in the block's text."""
    end: int
    """Behind the last one."""
    quote: str
    """The characters, with their measure word."""


def new_id() -> str:
    """Return an id for a new block."""
    return secrets.token_hex(4)


def blocks_to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as plain values."""
    return [{key: value for key, value in asdict(block).items() if value} | {"text": block.text} for block in blocks]


def blocks_from_json(told: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return blocks from plain values."""
    return tuple(
        Block(each["id"], BlockKind(each["kind"]), each["text"], each.get("about", ""), each.get("status", ""))
        for each in told
    )


def anchors_to_json(anchors: Iterable[Anchor]) -> list[dict[str, Any]]:
    """Return anchors as plain values."""
    return [asdict(anchor) for anchor in anchors]


def anchors_from_json(told: Iterable[Mapping[str, Any]]) -> tuple[Anchor, ...]:
    """Return anchors from plain values."""
    return tuple(Anchor(**each) for each in told)


def digest_of(style: str, blocks: Iterable[Block]) -> str:
    """Return the SHA-256 of a body in hexadecimal: the same text in the same style has the same one."""
    told = [[block.id, block.kind, block.text, block.status] for block in blocks]
    return hashlib.sha256(json.dumps([style, told], ensure_ascii=False).encode()).hexdigest()


def by_id(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return blocks by their ids."""
    return {block.id: block for block in blocks}


def split_lines(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with each line a block of its own; empty ones are dropped.

    The first line keeps the id, so that what is anchored there stays.
    """
    found: list[Block] = []
    for block in blocks:
        if block.kind in ONCE:
            text = " ".join(block.text.split())
            found.append(replace(block, text=text))
            continue
        # Leading blanks are kept in count: anchors are offsets into the text as it was typed.
        lines = [line for line in block.text.split("\n") if line.strip()]
        for place, line in enumerate(lines):
            found.append(replace(block, text=line) if place == 0 else replace(block, id=new_id(), text=line.strip()))
    return in_place(found)


def in_place(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks with the title first, signature and date last: so they stand on every paper."""
    ends = {BlockKind.TITLE: 0, BlockKind.SIGNATURE: 2, BlockKind.DATE: 3}
    return tuple(sorted(blocks, key=lambda block: ends.get(block.kind, 1)))
