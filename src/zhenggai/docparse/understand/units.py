"""Third station: paragraphs and marks become units, the smallest pieces that carry one role each.

A unit runs from its mark to the next mark of the same paragraph.  Labels that carry a number of their own (``(2)整改措施``)
are told apart here from numbered problems that begin with a label (``1.反馈问题:…``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise

from zhenggai.docparse.understand.lexicon import (
    ASPECT_RE,
    CHROME_RE,
    MAJOR,
    MINOR,
    PROBLEM_RE,
    LabelKind,
)
from zhenggai.docparse.understand.marks import (
    Mark,
    find_inline_enumerators,
    find_inline_labels,
    find_line_enumerator,
    find_line_label,
    find_spaced_number,
)
from zhenggai.docparse.understand.view import Paragraph, View

_HEAD_ABOUT_RE = re.compile(
    r"(?:在|就)?(?:关于|针对|对于?)[^。;]{2,90}?(?:问题|方面|情况|事项)(?:的?整改(?:落实|进展|完成)?(?:情况"
    r"|进展)?)?(?:[(【\[][^)】\]]{1,14}[)】\]])?[。:]?$"
)
_QUOTED_HEAD_RE = re.compile(r"[“\"‘][^。]{3,80}[”\"’](?:的?问题|方面)?(?:的?整改(?:落实|进展)?(?:情况)?)?[。:]?$")
_ENDS = "。;:!?,、"


@dataclass(slots=True)
class Unit:
    """One piece of text with at most one mark."""

    start: int
    """Offset of the mark (or of the text when there is none)."""
    content: int
    """Offset where the content begins."""
    end: int
    """Offset behind the content."""
    paragraph: Paragraph
    """The paragraph it stands in."""
    style: str = ""
    """Enumerator style, a heading style (``h1``, ``bold`` …), or empty."""
    value: int = 0
    """Value of the enumerator."""
    number: str = ""
    """The number a reader sees."""
    label: LabelKind | None = None
    """Kind of field it opens."""
    label_text: str = ""
    """The label's words."""
    note: str = ""
    """Bracketed words behind the label."""
    colon: bool = False
    """The label has a colon or box."""
    label_start: int = 0
    """Offset where the label's words begin."""
    inline: bool = False
    """It begins inside a paragraph."""
    opens_title: bool = False
    """A numbered unit whose label only introduces the title (``1.反馈问题:…``)."""
    table: int = -1
    """Index of the table that stands here."""
    marks: list[str] = field(default_factory=list)
    """Reasons collected on the way, in Chinese."""


def build_units(view: View) -> list[Unit]:
    """Return the units of the whole document in reading order."""
    units: list[Unit] = []
    carried: dict[str, int] = {}
    for paragraph in view.paragraphs:
        if paragraph.table >= 0:
            units.append(Unit(paragraph.start, paragraph.start, paragraph.end, paragraph, table=paragraph.table))
        else:
            units.extend(_split(view.norm, paragraph, carried))
    _settle_labels(view.norm, units)
    units = _open_cards(view.norm, units)
    _mark_headings(view.norm, units)
    return units


_CARD_NUMBER_RE = re.compile(r"\s*(?P<number>\d{1,3})\s?[.、]\s?(?!\d)")


def _open_cards(norm: str, units: list[Unit]) -> list[Unit]:
    """Turn fields that hold a counted problem (具体问题:1.… 具体问题:2.…) into problems.

    Where who and when stand above the problem on every card, they come to stand below it.
    """
    cards: list[tuple[int, Unit, int]] = []
    for index, unit in enumerate(units):
        if unit.label not in ("title", "description") or unit.style or not unit.colon:
            continue
        following = units[index + 1] if index + 1 < len(units) else None
        match = _CARD_NUMBER_RE.match(norm, unit.content, unit.end)
        if match:
            cards.append((index, replace(unit, content=match.end(), number=match["number"]), 0))
        elif (
            following is not None
            and following.inline
            and following.style in ("ar_dot", "ar_dun")
            and not norm[unit.content : unit.end].strip()
        ):
            merged = replace(unit, content=following.content, end=following.end, number=following.number)
            cards.append((index, merged, 1))
    values = [int(card.number) for _, card, _ in cards]
    if len(values) < 2 or values != list(range(1, len(values) + 1)):
        return units
    ahead = _fields_ahead(units, cards[0][0])
    opened = list(units)
    for index, card, taken in reversed(cards):
        low = index - (_fields_ahead(units, index) if ahead else 0)
        card = replace(card, style="ar_dot", value=int(card.number), opens_title=True, start=units[low].start)
        opened[low : index + 1 + taken] = [card, *units[low:index]]
    return opened


def _fields_ahead(units: list[Unit], index: int) -> int:
    """Return how many who and when fields stand directly above the unit at *index*."""
    at = index
    while at > 0 and units[at - 1].label in MINOR and not units[at - 1].style:
        at -= 1
    return index - at


_RULE_RE = re.compile(r"[\s\-=_*~—·.#+]{3,}|\s*(?:PART|Part|part)[\s.]*\d{1,2}\s*|\s*0\d\s*")
"""A line drawn with characters between two cards, or the ornament with a number that posts set above a heading."""
_CONTENTS_RE = re.compile(r"(?:[.·]{4,}|…{2,})\s?\d{1,3}\s*$")


def _split(norm: str, paragraph: Paragraph, carried: dict[str, int]) -> list[Unit]:
    start, end = paragraph.start, paragraph.end
    if end - start < 200 and (_CONTENTS_RE.search(norm[start:end]) or _RULE_RE.fullmatch(norm, start, end)):
        return []
    opened = find_line_enumerator(norm, start, end)
    heads = paragraph.heading_level or (
        end - start <= 40 and (paragraph.bold or ASPECT_RE.search(norm[start:end]) is not None)
    )
    if opened is None and heads:
        opened = find_spaced_number(norm, start, end)
    marks: list[Mark] = []
    at = start
    if opened and opened.style == "clause":
        opened = None
    if opened:
        marks.append(opened)
        at = opened.end
        carried[opened.style] = opened.value
    label = find_line_label(norm, at, end)
    if label:
        marks.append(label)
        at = label.end
    rest = [mark for mark in find_inline_labels(norm, at, end) if mark.start >= at]
    begins = {_skip_blanks(norm, mark.end, end) for mark in [*marks, *rest] if mark.label}
    rest += find_inline_enumerators(norm, at, end, opened, carried, frozenset(begins))
    rest.sort(key=lambda mark: (mark.start, -mark.end))
    stop = at
    for mark in rest:
        if mark.start >= stop:
            marks.append(mark)
            stop = mark.end
    return _units_of(norm, paragraph, marks)


def _skip_blanks(norm: str, at: int, end: int) -> int:
    while at < end and norm[at] == " ":
        at += 1
    return at


def _units_of(norm: str, paragraph: Paragraph, marks: list[Mark]) -> list[Unit]:
    units: list[Unit] = []
    first = marks[0].start if marks else paragraph.end
    if norm[paragraph.start : first].strip():
        units.append(Unit(paragraph.start, paragraph.start, first, paragraph))
    index = 0
    while index < len(marks):
        mark = marks[index]
        merged = mark
        if mark.label is None and index + 1 < len(marks):
            follower = marks[index + 1]
            if follower.label is not None and not norm[mark.end : follower.start].strip(" :"):
                merged = replace(follower, start=mark.start, style=mark.style, value=mark.value, number=mark.number)
                index += 1
        end = marks[index + 1].start if index + 1 < len(marks) else paragraph.end
        units.append(
            Unit(
                merged.start,
                merged.end,
                end,
                paragraph,
                merged.style,
                merged.value,
                merged.number,
                merged.label,
                merged.label_text,
                merged.note,
                merged.colon,
                marks[index].start,
                inline=merged.inline or mark.inline,
            )
        )
        index += 1
    return units


def _settle_labels(norm: str, units: list[Unit]) -> None:
    """Decide which numbered labels are fields and which are problems or sections that begin with a label."""
    numbered = [unit for unit in units if unit.label and unit.style]
    repeated = Counter((unit.style, unit.label_text) for unit in numbered)
    kinds: dict[str, set[str]] = {}
    for unit in numbered:
        kinds.setdefault(unit.style, set()).add(unit.label or "")
    sisters = {(unit.style, unit.value) for unit in units if unit.style and not unit.label and not unit.inline}
    for unit in numbered:
        bare = not norm[unit.content : unit.end].strip(" :。")
        if unit.label in ("title", "description") and not (kinds[unit.style] & {"measures", "progress"}):
            if not bare or unit.colon:
                unit.opens_title = True
            else:
                _forget_label(unit)
        elif (
            repeated[unit.style, unit.label_text] < 2
            and not unit.colon
            and (
                (bare and not unit.inline)
                or unit.label in MINOR
                or {(unit.style, unit.value - 1), (unit.style, unit.value + 1)} <= sisters
            )
        ):
            _forget_label(unit)
    if not any(unit.label in MAJOR for unit in units):
        # Where nothing is said to be done, 存在问题: before a list announces problems, it describes none.
        for unit, following in pairwise(units):
            empty = not norm[unit.content : unit.end].strip(" :。")
            if unit.label in ("title", "description") and not unit.style and empty and following.style:
                _forget_label(unit)
    # A lone unnumbered label without colon on its own line is a section's name, not a field.
    lone = Counter(unit.label_text for unit in units if unit.label and not unit.style)
    for unit in units:
        plain = unit.label and not unit.style and not unit.colon and not unit.inline and lone[unit.label_text] < 2
        if plain and not norm[unit.content : unit.end].strip() and lone.total() < 4:
            _forget_label(unit)


def _forget_label(unit: Unit) -> None:
    """Turn a labelled unit back into plain content that keeps the label's words."""
    unit.content = unit.label_start
    unit.label, unit.label_text, unit.note, unit.colon = None, "", "", False


_OPENS_ABOUT_RE = re.compile(
    r"(?:关于|针对)(?:[“\"][^。;]{2,70}[”\"](?:的?问题|方面)|[^。;:,]{3,46}的问题)(?:的?整改(?:落实"
    r"|进展)?(?:情况)?)?(?=[。:;,(【]|$)"
)


def _mark_headings(norm: str, units: list[Unit]) -> None:
    """Give unnumbered headings a style: declared by the source, set in bold, or shaped like a heading."""
    about = [unit for unit in units if _is_plain(unit) and _OPENS_ABOUT_RE.match(norm, unit.content, unit.end)]
    if len(about) > 1:
        for unit in about:
            unit.style = "about"
    leads = [unit for unit, following in pairwise(units) if _leads_list(norm, unit, following)]
    if len(leads) > 1:
        for unit in leads:
            unit.style = "fangmian"
    for index, unit in enumerate(units):
        if not _is_plain(unit) or _fills_label(norm, units[index - 1] if index else None):
            continue
        text = norm[unit.content : unit.end].strip()
        following = units[index + 1] if index + 1 < len(units) else None
        if index < 4 and unit.paragraph.bold and text.startswith(("中共", "关于")) and "关于" in text:
            continue
        if (
            index < 8
            and _PAPER_TITLE_RE.search(text)
            and (unit.paragraph.heading_level or unit.paragraph.centered or index < 3)
        ):
            continue
        if unit.paragraph.heading_level and len(text) <= 120:
            unit.style = f"h{min(unit.paragraph.heading_level, 9)}"
        elif len(text) > 90 or (following and following.paragraph is unit.paragraph and following.style):
            continue
        elif _HEAD_ABOUT_RE.match(text) or _QUOTED_HEAD_RE.match(text):
            unit.style = "fangmian" if ASPECT_RE.search(text) else "about"
        elif CHROME_RE.match(text) or unit.paragraph.centered:
            continue
        elif (len(text) <= 30 and ASPECT_RE.search(text) and not any(mark in text for mark in "。;")) or (
            _BOXED_RE.fullmatch(text) and following is not None and following.style
        ):
            unit.style = "fangmian"
        elif unit.paragraph.bold and len(text) <= 80 and text[-1:] not in ";,、":
            unit.style = "bold"
        elif text[-1:] in _ENDS or len(text) > 50 or following is None:
            continue
        elif _opens_field(following) or _reads_like_problem(text, following):
            unit.style = "plain"


_LEAD_WORDS_RE = re.compile(
    r"在?[^,。;:“”]{2,40}方面(?:的|[,]?(?:主要|还|仍)?存在的?)?(?:主要|突出)?(?:问题)?(?:有|是|为|主要是|主要有|主要表现为)?[:,]?\s*$"
)


def _leads_list(norm: str, unit: Unit, following: Unit) -> bool:
    """Tell whether a plain piece only names the aspect of the list that follows in its paragraph."""
    return (
        _is_plain(unit)
        and following.inline
        and following.paragraph is unit.paragraph
        and following.value == 1
        and unit.end - unit.content <= 60
        and bool(_LEAD_WORDS_RE.match(norm[unit.content : unit.end].strip()))
    )


_BOXED_RE = re.compile(r"[【\[][一-龥、]{2,20}[】\]]")
_PAPER_TITLE_RE = re.compile(
    r"(?:通报|报告|方案|公示|公告|函|意见|台账|清单|总结|说明|汇报|一览表|明细表|汇总表|登记表|情况表"
    r"|(?:巡察|巡视|督察|审计|检查)(?:情况|意见)|(?:整改|进展|落实|完成)情况|的通知"
    r"|新闻稿)(?:\s?\([^)]*\))?$"
)


def _fills_label(norm: str, before: Unit | None) -> bool:
    """Tell whether the unit before is a label whose value is still to come."""
    return before is not None and before.label in MINOR and not norm[before.content : before.end].strip(" :。")


def _is_plain(unit: Unit) -> bool:
    return not (unit.style or unit.label or unit.inline or unit.table >= 0) and unit.content == unit.paragraph.start


def _opens_field(unit: Unit) -> bool:
    return unit.label is not None and not unit.inline and unit.label not in ("title", "parent")


def _reads_like_problem(text: str, following: Unit) -> bool:
    return bool(PROBLEM_RE.search(text)) and following.table < 0 and not _dated(text)


def _dated(text: str) -> bool:
    return bool(re.search(r"\d{4}年|\d{4}-\d|党组$|党委$|通报$|报告$|方案$", text))
