"""Blocks and a style → the lines of the notice, with the way back from each character to its block; plain values.

What the editor shows, what is checked, what the public reads and the Word file all come from these lines, so that no
output can say anything else than another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zhenggai.kit.chinese_numerals import format_chinese_number
from zhenggai.notices.blocks import OF_PROBLEM, Block, BlockKind
from zhenggai.notices.wording import Style, Wording, shipped_wording

_ENDS = "。；;！？!?…"
_LONGEST_HEAD = 40
"""Characters of a sentence that can still be a heading."""
TABLE_HEAD = ("序号", "反馈问题", "整改情况", "整改状态")
WIDE_HEAD = ("序号", "反馈问题", "整改措施", "整改成效", "整改状态")
"""Heads of a table of problems of which some have outcomes."""


class Role(StrEnum):
    """What a line is on paper."""

    TITLE = "title"
    HEADING_1 = "heading_1"
    HEADING_2 = "heading_2"
    HEADING_3 = "heading_3"
    PARAGRAPH = "paragraph"
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"
    SIGNATURE = "signature"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line that is a block's text."""

    block: str
    """Id of the block."""
    at: int
    """Where it begins in the line."""
    length: int
    """Characters."""
    offset: int = 0
    """Where it begins in the block's text."""


@dataclass(slots=True)
class Line:
    """One line of the notice: a paragraph, a heading, or a row of a table with its cells parted by tabs."""

    role: Role
    """What it is."""
    text: str = ""
    """All its characters."""
    parts: list[Part] = field(default_factory=list)
    """Which of them are blocks."""
    head: int = 0
    """Of a heading with words behind it: where these begin; 0 where it is a heading as a whole."""

    def say(self, words: str) -> Line:
        """Append words of the style."""
        self.text += words
        return self

    def put(self, block: Block, text: str | None = None, *, offset: int = 0) -> Line:
        """Append the text of a block, or a stretch of it."""
        shown = block.text if text is None else text
        self.parts.append(Part(block.id, len(self.text), len(shown), offset))
        self.text += shown
        return self

    @property
    def cells(self) -> list[str]:
        """The cells of a row."""
        return self.text.split("\t")


@dataclass(frozen=True, slots=True)
class Layout:
    """A notice laid out."""

    lines: tuple[Line, ...]
    """Its lines."""
    text: str
    """All of them, each on a line."""
    starts: tuple[int, ...]
    """Where each line begins in the text."""

    def place(self, block: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where a stretch of a block stands in the text; None when it is not shown."""
        for begin, line in zip(self.starts, self.lines, strict=True):
            for part in line.parts:
                if part.block == block and part.offset <= start and end <= part.offset + part.length:
                    shift = begin + part.at - part.offset
                    return shift + start, shift + end
        return None

    def block_at(self, start: int, end: int) -> tuple[str, int, int] | None:
        """Return block and stretch of it that stand at a place of the text; None where the style speaks."""
        number = bisect_right(self.starts, start) - 1
        if number < 0:
            return None
        begin = self.starts[number]
        for part in self.lines[number].parts:
            if begin + part.at <= start and end <= begin + part.at + part.length:
                shift = begin + part.at - part.offset
                return part.block, start - shift, end - shift
        return None


def lay_out(blocks: Sequence[Block], style: Style, wording: Wording | None = None) -> Layout:
    """Return the lines of a notice."""
    lines = _Writer(style, wording or shipped_wording()).write(blocks)
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    return Layout(tuple(lines), "\n".join(line.text for line in lines), tuple(starts))


class _Writer:
    """Walks the blocks once, counting as it goes."""

    def __init__(self, style: Style, wording: Wording) -> None:
        self.style, self.wording = style, wording
        self.lines: list[Line] = []
        self.section = self.lead = self.aspect = self.problem = self.follow = 0
        self.rows = 0
        self.wide = False

    def write(self, blocks: Sequence[Block]) -> list[Line]:
        self.wide = any(block.kind is BlockKind.OUTCOME for block in blocks)
        place = 0
        while place < len(blocks):
            block = blocks[place]
            place += 1
            if block.kind is BlockKind.PROBLEM or block.kind in OF_PROBLEM:
                end = place
                while end < len(blocks) and blocks[end].kind in OF_PROBLEM:
                    end += 1
                first = place if block.kind is BlockKind.PROBLEM else place - 1
                self._problem(block if block.kind is BlockKind.PROBLEM else None, blocks[first:end])
                place = end
            else:
                self._other(block, blocks[place:])
        return self.lines

    def _other(self, block: Block, rest: Sequence[Block]) -> None:
        match block.kind:
            case BlockKind.TITLE:
                self._line(Role.TITLE).put(block)
            case BlockKind.SECTION:
                self._section(block, rest)
            case BlockKind.LEAD:
                self._lead(block)
            case BlockKind.ASPECT:
                self._aspect(block)
            case BlockKind.FOLLOW_UP:
                self.follow += 1
                self._line(Role.PARAGRAPH).say(f"{format_chinese_number(self.follow)}是").put(block).say(_stop(block))
            case BlockKind.SIGNATURE:
                self._line(Role.SIGNATURE).put(block)
            case BlockKind.DATE:
                self._line(Role.DATE).put(block)
            case _:
                self._line(Role.PARAGRAPH).put(block).say(_stop(block))

    def _lead(self, block: Block) -> None:
        """Write a paragraph of the organising part: its first sentence is its heading."""
        self.lead += 1
        line = self._line(Role.HEADING_2).say(f"（{format_chinese_number(self.lead)}）")
        first = block.text.find("。") + 1
        line.head = len(line.text) + first if 0 < first <= _LONGEST_HEAD else 0
        line.put(block).say(_stop(block))
        if not line.head:
            line.role = Role.PARAGRAPH

    def _section(self, block: Block, rest: Sequence[Block]) -> None:
        self.lead = 0
        if self.style.aspects == 1 and rest and rest[0].kind is BlockKind.ASPECT:
            return  # its aspects stand at this level themselves
        self.section += 1
        self._line(Role.HEADING_1).say(f"{format_chinese_number(self.section)}、").put(block)

    def _aspect(self, block: Block) -> None:
        first = self.style.aspects == 1
        if first:
            self.section += 1
        self.aspect += 1
        self.rows = 0
        if self.style.restart:
            self.problem = 0
        number = self.section if first else self.aspect
        self._format(self._line(Role.HEADING_1 if first else Role.HEADING_2), self.style.aspect, number, block)

    def _problem(self, problem: Block | None, beneath: Sequence[Block]) -> None:
        if problem is not None:
            self.problem += 1
        kinds = {kind: [each for each in beneath if each.kind is kind] for kind in OF_PROBLEM}
        details, measures, outcomes = kinds[BlockKind.DETAIL], kinds[BlockKind.MEASURE], kinds[BlockKind.OUTCOME]
        if self.style.table:
            self._row(problem, details, measures, outcomes)
            return
        if problem is not None:
            heading = self._line(Role.HEADING_3 if self.style.aspects > 1 else Role.HEADING_2)
            self._format(heading, self.style.problem, self.problem, problem)
            if details and not self.style.detail:
                heading.head = len(heading.text)
                for detail in details:
                    heading.put(detail).say(_stop(detail))
        if self.style.detail and details:
            line = self._line(Role.PARAGRAPH).say(self.style.detail)
            for detail in details:
                line.put(detail).say(_stop(detail))
        self._measures(problem, measures)
        if outcomes:
            line = self._line(Role.PARAGRAPH).say(self.style.outcome)
            for outcome in outcomes:
                line.put(outcome).say(_stop(outcome))

    def _measures(self, problem: Block | None, measures: Sequence[Block]) -> None:
        said = self.wording.status_sentences.get(problem.status, "") if problem and self.style.status_sentence else ""
        if not measures and not said:
            return
        line = self._line(Role.PARAGRAPH).say(self.style.done + said)
        lined = self.style.measures == "lines" and len(measures) > 1
        for number, measure in enumerate(measures, start=1):
            if lined:
                line = self._line(Role.PARAGRAPH)
            self._measure(line, measure, number, len(measures))

    def _measure(self, line: Line, measure: Block, number: int, of: int) -> None:
        # A semicolon would be read as the border of two measures where none is numbered.
        if of > 1 or "；" in measure.text[:-1]:
            line.say(_number(self.style.measure, number))
        line.put(measure).say(_stop(measure))

    def _row(
        self,
        problem: Block | None,
        details: Sequence[Block],
        measures: Sequence[Block],
        outcomes: Sequence[Block],
    ) -> None:
        if self.rows == 0:
            self._line(Role.TABLE_HEAD).say("\t".join(WIDE_HEAD if self.wide else TABLE_HEAD))
        self.rows += 1
        line = self._line(Role.TABLE_ROW).say(f"{self.problem}\t")
        if problem is not None:
            self._format(line, self.style.problem, self.problem, problem)
        for place, detail in enumerate(details):
            line.say("。" if place == 0 and problem is not None and not _ended(problem.text) else "")
            line.put(detail).say(_stop(detail))
        line.say("\t")
        for number, measure in enumerate(measures, start=1):
            self._measure(line, measure, number, len(measures))
        line.say("\t" if self.wide else "")
        for outcome in outcomes:
            line.put(outcome).say(_stop(outcome))
        line.say("\t" + (self.wording.statuses.get(problem.status, "") if problem else ""))

    def _format(self, line: Line, pattern: str, number: int, block: Block) -> None:
        status = self.wording.statuses.get(block.status, "")
        if not status:
            pattern = pattern.replace("（{status}）", "")
        before, _slot, behind = pattern.partition("{title}")
        if "“" in before:  # quotation marks inside quotation marks are single ones; each stays one character
            inner = block.text.replace("“", "‘").replace("”", "’")
            inner = inner.removeprefix("关于") if inner.endswith("的问题") else inner
            offset = len(block.text) - len(inner) if block.text.startswith("关于") else 0
            if inner.endswith("的问题") and len(inner) > len("的问题"):
                inner = inner.removesuffix("的问题")
        else:
            inner, offset = block.text, 0
        line.say(_number(before, number)).put(block, inner, offset=offset)
        line.say(_number(behind, number).replace("{status}", status))

    def _line(self, role: Role) -> Line:
        line = Line(role)
        self.lines.append(line)
        return line


def _number(pattern: str, number: int) -> str:
    circle = chr(0x2460 + number - 1) if 1 <= number <= 20 else f"（{number}）"
    return (
        pattern.replace("{n}", str(number)).replace("{cn}", format_chinese_number(number)).replace("{circle}", circle)
    )


def _ended(text: str) -> bool:
    return text.rstrip("”’）)》").endswith(tuple(_ENDS))


def _stop(block: Block) -> str:
    return "" if not block.text or _ended(block.text) or block.text.endswith("：") else "。"
