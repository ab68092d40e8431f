"""Punctuation, numerals and dates in the words of the paper, tables left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhenggai.gongwen.checks.issue import Paper, Spot, place_of, quoted
from zhenggai.gongwen.measures import Role
from zhenggai.gongwen.parts import NUMBER_FORMS, WRONG_FORMS, Part
from zhenggai.kit.messages import Sentence, gettext_noop

_C = "㐀-鿿"
_W = f"{_C}，。；：！？、“”‘’《》（）〔〕"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。", '"': "“”", "'": "‘’"}
_ASCII = re.compile(
    rf"(?<=[{_W}])[,;:?!](?!\d)|(?<=[{_C}])[,;:?!](?=\d)|(?<=\d)[,;?!](?=[{_C}])|(?<=\d):(?=[{_C}])"
    rf"|(?<=[{_W}])[()]|[()](?=[{_W}])|(?<=[{_C}])\.(?=[{_C}]|$)|(?<=[{_W}])[\"']|[\"'](?=[{_W}])"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S{1,300}|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,64}\.[A-Za-z0-9.-]{1,64}"
    r"|[^\s，。；：、！？,;]{1,60}\.(?:docx?|xlsx?|pdf|pptx?|zip|txt)\b",
    re.IGNORECASE,
)
"""Addresses and names of files; bounded, so that a paragraph without blanks costs no more than its length."""
_MIXED = (
    re.compile(r"[〇○一二三四五六七八九][〇○零一二三四五六七八九0０]{2}[〇○零一二三四五六七八九0０]年\s*\d{1,2}月"),
    re.compile(r"\d{4}年[一二三四五六七八九十]{1,3}月"),
    re.compile(r"\d{4}年\d{1,2}月[一二三四五六七八九十]{1,3}日"),
    re.compile(r"[二一][0０][0０〇○一二三四五六七八九]{2}年"),
    re.compile(r"(?<!\d)\d{1,12}[十百千](?=[个件人名次项条元余多份篇家处户])"),
    re.compile(
        r"(?<![一二三四五六七八九十第])[一二三四五六七八九]?[十百千]\d{1,12}(?=[个件人名次项条元余多份篇家处户])"
    ),
    re.compile(r"百分之\d{1,12}(?:\.\d{1,6})?"),
)
_BAD_DAYS = (
    (
        re.compile(r"\d{4}年(?:0\d月(?:\d{1,2}[日号])?|\d{1,2}月0\d[日号])"),
        gettext_noop("月、日不编虚位，1月不写作01月。"),
    ),
    (
        re.compile(r"(?<!\d)(?:19|20)\d{2}[./-](?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9])(?![\d./-])"),
        gettext_noop("用“年”“月”“日”写日期。"),
    ),
    (re.compile(r"(?<!\d)\d{2}年\d{1,2}月\d{1,2}日"), gettext_noop("年份写全四位。")),
    (re.compile(r"(?:\d{1,2})月\d{1,2}号"), gettext_noop("日期用“日”，不用“号”。")),
)
_CHINESE_DAY = re.compile(
    r"^[〇○零Ｏ０一二三四五六七八九十]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$"
)
_SKIPPED = (Role.NUMBER, Role.RULE, Role.ANNEX_LABEL)


def punctuation(paper: Paper) -> Iterator[Spot]:
    """Chinese text takes Chinese punctuation."""
    for part in paper.parts:
        if part.role in _SKIPPED:
            continue
        text = _ADDRESS.sub(lambda match: "x" * len(match.group()), _without_number(part))
        for match in _ASCII.finditer(text):
            sign = match.group()
            around = text[max(match.start() - 4, 0) : match.end() + 4].replace("\n", "")
            yield Spot(
                "text.punctuation", place_of(part), Sentence(gettext_noop("半角“%(sign)s”（%(around)s）"), {"sign": sign, "around": around}),
                Sentence(gettext_noop("全角“%(sign)s”"), {"sign": _FULL[sign]}), Sentence(gettext_noop("中文里用全角标点。")),
                part.paragraph.number, gathers=False,
            )  # fmt: skip


def _without_number(part: Part) -> str:
    """Return the words behind the number of a heading, whose sign another check looks at."""
    if not part.level:
        return part.text
    for form in (NUMBER_FORMS[part.level - 1], *(form for level, form in WRONG_FORMS if level == part.level)):
        if match := form.match(part.text):
            return part.text[match.end() :]
    return part.text


def numerals(paper: Paper) -> Iterator[Spot]:
    """One number is written in one kind of numerals."""
    for part in paper.parts:
        if part.role in _SKIPPED:
            continue
        taken: list[tuple[int, int]] = []
        for form in _MIXED:
            for match in form.finditer(part.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                taken.append(match.span())
                yield Spot(
                    "text.numerals", place_of(part), quoted(match.group()), Sentence(gettext_noop("同一个数只用一种数字")),
                    Sentence(gettext_noop("计量、日期、百分比用阿拉伯数字。")), part.paragraph.number, gathers=False,
                )  # fmt: skip


def dates(paper: Paper) -> Iterator[Spot]:
    """Year, month and day in words between Arabic digits, nothing padded."""
    for part in paper.parts:
        if part.role is Role.DATE and _CHINESE_DAY.match("".join(part.text.split())):
            yield _day(part, part.text, gettext_noop("成文日期用阿拉伯数字。"))
            continue
        text = _ADDRESS.sub(lambda match: "x" * len(match.group()), part.text)
        taken: list[tuple[int, int]] = []
        for form, hint in _BAD_DAYS:
            for match in form.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in taken):
                    taken.append(match.span())
                    yield _day(part, match.group(), hint)


def _day(part: Part, found: str, hint: str) -> Spot:
    return Spot(
        "date.format", place_of(part), quoted(found), Sentence(gettext_noop("如“2025年1月6日”")), Sentence(hint),
        part.paragraph.number, gathers=False,
    )  # fmt: skip
