"""The list of attachments and the attachments themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot, place_of, quoted
from zhenggai.gongwen.measures import Role
from zhenggai.gongwen.parts import MARK, Part
from zhenggai.kit.chinese_numerals import parse_chinese_number
from zhenggai.kit.messages import Sentence, gettext_noop

_HEAD = re.compile(r"^附\s*件\s*[:：]\s*")
_NUMBER = re.compile(r"^(\d{1,2})([.．、，]?)\s*")
_LABEL = re.compile(r"^附\s*件\s*(\d{1,2}|[一二三四五六七八九十]{1,2})?")
_HINT = Sentence(
    gettext_noop("附件说明用“附件：1.×××”，序号用阿拉伯数字加下脚点，名称后不加标点；只有一个附件时不编号。")
)


def attachments(paper: Paper) -> Iterator[Spot]:
    """Numbers run 1. 2. 3., names end without a sign, one alone has no number; the pages carry the same numbers."""
    lines = [line for part in paper.of(Role.ATTACHMENT, Role.NEXT_ATTACHMENT) for line in _lines(part)]
    if any(MARK.search(part.paragraph.text) for part, _ in lines):
        return
    for index, (part, text) in enumerate(lines, start=1):
        match = _NUMBER.match(text)
        wanted = f"{index}." if len(lines) > 1 else ""
        number = match.group().strip() if match and not text[match.end() :].startswith(("年", "月", "日")) else ""
        if number != wanted:
            found = quoted(number) if number else Sentence(gettext_noop("没有序号"))
            expected = quoted(wanted) if wanted else Sentence(gettext_noop("只有一个附件，不编号"))
            yield _spot(part, "attachment.numbering", found, expected)
        if text.rstrip().endswith(("。", "；", "，", ";", ".", ",")):
            found = Sentence(gettext_noop("名称后有“%(sign)s”"), {"sign": text.rstrip()[-1]})
            yield _spot(part, "attachment.punctuation", found, Sentence(gettext_noop("名称后不加标点")))
    yield from _labels(paper, len(lines))


def _lines(part: Part) -> Iterator[tuple[Part, str]]:
    for line in part.text.split("\n"):
        if text := _HEAD.sub("", line).strip():
            yield part, text


def _labels(paper: Paper, named: int) -> Iterator[Spot]:
    labels = [part for part in paper.of(Role.ANNEX_LABEL) if not MARK.search(part.paragraph.text)]
    for index, part in enumerate(labels, start=1):
        match = _LABEL.match(part.text)
        told = match.group(1) if match else None
        value = (parse_chinese_number(told) or 0) if told else 0
        wanted = 0 if max(named, len(labels)) == 1 else index
        if value != wanted or (told and not told.isdigit()):
            yield _spot(part, "attachment.numbering", quoted(part.text), quoted(f"附件{wanted or ''}"))


def _spot(part: Part, code: str, found: Sentence, expected: Sentence) -> Spot:
    return Spot(code, place_of(part), found, expected, _HINT, part.paragraph.number, gathers=False)
