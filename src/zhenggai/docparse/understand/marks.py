"""Second station: the marks that cut a paragraph into units: enumerators and field labels.

Works on folded text.  An enumerator has a *style* (``1.`` and ``(1)`` are two styles), a value and the number a reader
sees.  Inline enumerators are only proposed here and accepted where they form a sequence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhenggai.docparse.understand.lexicon import (
    BARE_NEED_COLON,
    COMPOSED_LINE_RE,
    COMPOSED_TAIL_RE,
    LABEL_MAX,
    LINE_LABEL_RE,
    MAJOR,
    MINOR,
    TAIL_LABEL_RE,
    LabelKind,
    label_kind,
)
from zhenggai.kit.chinese_numerals import parse_chinese_number

CN = "[一二三四五六七八九十百]{1,5}"
_ITEM = "问题|任务|事项|措施|方面|举措|意见"

RANKS: dict[str, float] = {
    "part": 0, "multi1": 2.8, "方面": 1.5, "cn_dun": 1, "cn_paren": 2, "item": 2.5, "ord_item": 2.5, "ord": 2.6, "ar_dot": 3, "ar_dun": 3,
    "ar_space": 3, "multi2": 3.2, "multi3": 4.2, "multi4": 5.2, "ar_paren": 4, "pnum": 4.3, "ar_half": 4.5, "circled": 5, "capital": 2.9, "alpha": 6, "roman": 0.8,
    "措施": 6, "yishi": 7, "yiyao": 7, "qiyi": 7, "first": 7, "sign": 7.5, "bullet": 8, "clause": 1,
}  # fmt: skip
"""Customary depth of each style in official papers; smaller stands further out."""

RELATED: dict[str, frozenset[str]] = {
    "ar_dot": frozenset({"ar_dun"}),
    "ar_dun": frozenset({"ar_dot"}),
    "ar_paren": frozenset({"pnum"}),
    "pnum": frozenset({"ar_paren"}),
}
"""Styles that writers mix up within one sequence."""

STRONG = frozenset({"ar_paren", "circled", "pnum", "yishi", "cn_paren", "yiyao", "item"})

_COUNTED = "(?:个(?!人|别|体|性)|名|家|项|条|起|宗|笔|处|所|座|辆|套|年|镇|乡|村|县|区|市|部门|单位|人)"
"""Measure words: a digit before them belongs to what is counted, not to the number before the stop (``4.5个部门…``)."""
_APART = rf"(?=(?:19|20)\d\d年|\d{{1,3}}{_COUNTED})"
PICTURES = "\u2705\u2714\u2611\u27a1\u26a0\u2b50\U0001f300-\U0001faff"
"""Character-class body of the pictures that posts on phones set before their lines."""
_POINTING = "\u2705\u2714\u2611\u27a1\U0001f446-\U0001f449\U0001f44d"

LINE_RE = re.compile(
    rf"[\s*#]{{0,6}}(?:[•●◆■▪○◇□▶➢★☆▲△◎{PICTURES}]\ufe0f?\s?)?(?:"
    rf"(?:问题|任务|事项)?(?:编号|序号)\s?[:.]?\s?(?:[A-Za-z]{{1,4}}\s?-?\s?)?(?P<item_count>\d{{1,3}})(?=\s*$)"
    rf"|(?P<ar_dun1>\d{{1,2}})\ufe0f?\u20e3"
    rf"|"
    rf"[【\[]?(?:反馈|具体|整改|突出|主要|存在|个性|共性|工作|自查|查摆|检视)?(?P<item>{_ITEM})\s?\(?(?P<item_no>{CN}"
    rf"|\d{{1,3}})\)?(?:\s?[】\]]|\s?[:、.,。](?!\d)|\s|$|(?=[“\"]|关于|针对))\s?[:]?"
    rf"|第(?P<ord>{CN}|\d{{1,3}})(?P<ord_name>个方面|方面|部分|大类|类问题|个问题|章|节|篇|编|项|条|类|款"
    rf"|点)?(?:[、:.,。]|\s|$|(?=[“\"]))\s?"
    rf"|\((?P<cn_paren>{CN})\)\s?[、.:]?"
    rf"|(?P<cn_dun>{CN})\s?[、.](?!{CN}[、季级审类])"
    rf"|\((?P<ar_paren>\d{{1,3}}|[lI])\)\s?[、.:]?|(?P<ar_space0>0\d)\s?(?=[一-龥“])(?![年月日])"
    rf"|(?P<ar_space>\d{{1,2}})\s+(?=关于|针对|[“\"][一-龥]|存在[“\"])"
    rf"|(?P<multi>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}|\d{{1,2}}-\d{{1,2}}(?=[.、:\s]|[一-龥“《]))(?:[.、:]|\s+|(?=[一-龥“《]))(?!\s?(?:万|亿|%|元|倍"
    rf"|个百分点|公里|平方|亩|年|月|日|号|吨|米|版|级|{_COUNTED}))"
    rf"|(?P<ar_dot>\d{{1,3}}|[lI])\s?\.(?:(?!\d)|{_APART})|(?P<ar_dun>\d{{1,3}})\s?、(?:(?!\d)|{_APART})"
    rf"|(?P<ar_half>\d{{1,3}})\s?\)"
    rf"|(?P<circled>[①-⑳㉑-㉟㊱-㊿❶-❿])[、.]?|(?P<pnum>[⑴-⒇])[、.]?|(?P<dnum>[⒈-⒛])|(?P<pcn>[㈠-㈩])[、.]?"
    rf"|\(?(?P<roman>[Ⅰ-Ⅻ]|(?:I{{1,3}}|IV|VI{{0,3}}|I?X)(?=[、.]\s?[一-龥“]))[)、.\s]|(?P<alpha>[A-Za-z])\s?[.、)](?![A-Za-z\d.])|\((?P<alpha2>[a-zA-Z])\)"
    rf"|(?P<yishi>{CN})是|(?P<yiyao>{CN})要(?=[一-龥])|其(?P<qiyi>{CN})[,、:.]|(?P<first>首先|其次|再次|再者|最后)[,:]"
    rf"|(?P<bullet>[•▪○➢◎]|[{_POINTING}]\ufe0f?|——|--|-(?=\s))(?!\d)"
    rf"|(?P<sign>[●◆■◇□▶★☆▲△](?!\d)|[{PICTURES}]\ufe0f?(?=\s?[一-龥“]))"
    rf")\s*"
)
_CIRCLED = {
    char: index + 1
    for index, char in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿")
}
_CIRCLED |= {char: index + 1 for index, char in enumerate("❶❷❸❹❺❻❼❽❾❿")}
_FIRST = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 99}

_INLINE_RE = re.compile(
    r"(?=[(①-⑳⑴-⒛㈠-㈩㉑-㉟❶-❿一二三四五六七八九十1-9a-h第其首再最问])(?:"
    rf"\((?P<ar_paren>\d{{1,3}})\)[、.:]?|(?P<circled>[①-⑳㉑-㉟❶-❿])[、.]?|(?P<pnum>[⑴-⒇])[、.]?"
    rf"|(?P<pcn>[㈠-㈩])[、.]?|(?P<dnum>[⒈-⒛])"
    rf"|(?<=[。;:,!?\s”\"’）)】…问题])(?:\((?P<cn_paren>{CN})\)|(?P<yishi>{CN})(?:是|(?P<yao>要)(?=[一-龥])))"
    rf"|(?<=[。;:!?\s”\"’)】…])(?:(?P<cn_dun>{CN})、(?!{CN}[、季级审类])"
    rf"|(?P<ar_dot>[1-9]\d{{0,2}})\.(?:(?!\d)|{_APART})|(?P<ar_dun>[1-9]\d{{0,2}})、(?:(?!\d)|(?=20\d\d年))"
    rf"|(?P<ar_half>[1-9]\d{{0,2}})\)|(?P<alpha>[a-h])[).、](?![a-z])"
    rf"|问题\s?\(?(?P<item_no>{CN}|\d{{1,3}})\)?[:、.])"
    rf"|(?<=[。;:,!?\s”\"’)】…])(?:第(?P<ord>{CN})[,、:]|其(?P<qiyi>{CN})[,、:]|(?P<first>首先|其次|再次|最后)[,:])"
    rf"|(?<![\d.])(?P<ar_dot2>[1-9]\d{{0,2}})\.(?=关于|针对)|(?<![\d.])(?P<ar_dun2>[1-9]\d{{0,2}})、(?=关于|针对)"
    r")\s*"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One cut in a paragraph."""

    start: int
    """Offset of the mark in the working text."""
    end: int
    """Offset behind it, where its content begins."""
    style: str = ""
    """Enumerator style; empty for a plain label."""
    value: int = 0
    """Value in its sequence; 0 for bullets."""
    number: str = ""
    """The number a reader sees."""
    label: LabelKind | None = None
    """Kind of field the mark opens."""
    label_text: str = ""
    """The label's words."""
    note: str = ""
    """Words in brackets behind the label, such as a status."""
    colon: bool = False
    """The label is followed by a colon or boxed."""
    inline: bool = False
    """The mark stands inside a paragraph."""


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _roman(text: str) -> int:
    return _ROMAN.index(text) + 1 if text in _ROMAN else ord(text) - ord("Ⅰ") + 1


def _number(text: str) -> int:
    return 1 if text in "lI" else parse_chinese_number(text) or 0


def _enumerator(match: re.Match[str], *, inline: bool) -> Mark | None:
    style = match.lastgroup or ""
    groups = match.groupdict()
    given = {name: value for name, value in groups.items() if value}
    if "item_count" in given:
        style, text = "item", given["item_count"]
    elif "item_no" in given:
        name = given.get("item", "问题")
        style, text = ("措施" if name in ("措施", "举措") else "方面" if name == "方面" else "item"), given["item_no"]
    elif "ord" in given:
        name, text = given.get("ord_name", ""), given["ord"]
        style = (
            "clause" if name in ("条", "款") else "part" if name in ("部分", "章", "节", "篇", "编")
            else "方面" if name in ("方面", "个方面", "大类", "类") else "ord_item" if name else "ord"
        )  # fmt: skip
    elif "multi" in given:
        text = given["multi"]
        parts = re.split(r"[.-]", text)
        return Mark(match.start(), match.end(), f"multi{len(parts)}", int(parts[-1]), text)
    elif "circled" in given:
        return Mark(
            match.start(), match.end(), "circled", _CIRCLED.get(given["circled"], 1), given["circled"], inline=inline
        )
    elif "pnum" in given:
        value = ord(given["pnum"]) - ord("⑴") + 1
        return Mark(match.start(), match.end(), "pnum", value, str(value), inline=inline)
    elif "dnum" in given:
        value = ord(given["dnum"]) - ord("⒈") + 1
        return Mark(match.start(), match.end(), "ar_dot", value, str(value), inline=inline)
    elif "pcn" in given:
        value = ord(given["pcn"]) - ord("㈠")
        return Mark(match.start(), match.end(), "cn_paren", value + 1, "一二三四五六七八九十"[value], inline=inline)
    elif "roman" in given:
        return Mark(match.start(), match.end(), "roman", _roman(given["roman"]), given["roman"])
    elif "alpha" in given or "alpha2" in given:
        text = given.get("alpha") or given["alpha2"]
        style = "alpha" if text.islower() else "capital"
        return Mark(match.start(), match.end(), style, ord(text.lower()) - 96, text, inline=inline)
    elif "first" in given:
        return Mark(match.start(), match.end(), "first", _FIRST[given["first"]], given["first"], inline=inline)
    elif "bullet" in given:
        return Mark(match.start(), match.end(), "bullet")
    elif "sign" in given:
        return Mark(match.start(), match.end(), "sign")
    else:
        style, text = next((name, value) for name, value in given.items() if name != "yao")
        style = {"ar_dot2": "ar_dot", "ar_dun2": "ar_dun", "ar_dun1": "ar_dun", "ar_space0": "ar_space"}.get(
            style, style
        )
        if "yao" in given:
            style = "yiyao"
    return Mark(match.start(), match.end(), style, _number(text), "1" if text in "lI" else text, inline=inline)


def find_line_enumerator(norm: str, start: int, end: int) -> Mark | None:
    """Return the enumerator that opens the paragraph ``norm[start:end]``, or None."""
    match = LINE_RE.match(norm, start, end)
    return _enumerator(match, inline=False) if match else None


_SPACED_NUMBER_RE = re.compile(r"\s*(?P<ar_space>\d{1,2})\s+(?=[“\"‘《]?[一-龥])(?!年(?!度)|[月日个项条件])")


def find_spaced_number(norm: str, start: int, end: int) -> Mark | None:
    """Return the number that only a blank sets apart from the heading ``norm[start:end]``, or None."""
    match = _SPACED_NUMBER_RE.match(norm, start, end)
    return _enumerator(match, inline=False) if match else None


def find_line_label(norm: str, start: int, end: int) -> Mark | None:
    """Return the field label that opens ``norm[start:end]``, with or without colon, or None."""
    match = LINE_LABEL_RE.match(norm, start, end)
    if not match:
        return _composed_line_label(norm, start, end)
    boxed = match["boxed"]
    word = boxed or match["word"]
    kind = label_kind(word)
    tail = (match["tail"] or "").strip()
    colon = bool(boxed) or tail.endswith(":")
    at_end = match.end() >= end
    if kind is None or (not colon and (word in BARE_NEED_COLON or match["tail"] is None)):
        return None
    if not colon and tail == "" and not at_end and kind not in MAJOR and kind not in MINOR:
        return None
    if tail == "。" and kind not in MAJOR:
        return None
    stop = match.end()
    if boxed and norm[stop : stop + 1] == ":":
        stop += 1
    return Mark(match.start(), stop, label=kind, label_text=word, note=(match["note"] or "").strip(), colon=colon)


def _composed_line_label(norm: str, start: int, end: int) -> Mark | None:
    match = COMPOSED_LINE_RE.match(norm, start, end)
    kind = label_kind(match["word"]) if match else None
    if match is None or kind is None:
        return None
    note = (match["note"] or "").strip()
    return Mark(match.start(), match.end(), label=kind, label_text=match["word"], note=note, colon=True)


_LABEL_END_RE = re.compile(r"(?<!】):|】")
_LABEL_BEFORE = '。;,、!?)”’"】] \t(:>|/\n'


def find_inline_labels(norm: str, start: int, end: int) -> list[Mark]:
    """Return the labels before a colon inside ``norm[start:end]``; linear, since it looks back from each colon."""
    marks = []
    for found in _LABEL_END_RE.finditer(norm, start, end):
        at = found.start()
        window = max(start, at - LABEL_MAX - 22)
        match = TAIL_LABEL_RE.search(norm[window:at])
        if match is None or "一" <= norm[max(window + match.start("word") - 1, start)] <= "龥":
            composed = COMPOSED_TAIL_RE.search(norm[window:at])
            if composed is not None and label_kind(composed["word"]):
                match = composed
        if match:
            begin = window + match.start("word")
            word = match["word"]
            before = norm[begin - 1] if begin > start else "\n"
            boxed = before in "【["
            if boxed:
                begin -= 1
                before = norm[begin - 1] if begin > start else "\n"
            elif norm[at] == "】":
                continue
            kind = label_kind(word)
            long_label = kind in MAJOR and len(word) >= 4
            closes = (
                boxed or before in _LABEL_BEFORE or (long_label and norm[max(begin - 3, start) : begin] == "的问题")
            )
            if kind and closes and (kind in MAJOR or kind in MINOR or len(word) >= 4 or before in "。\n"):
                note = (match["note"] or "").strip()
                marks.append(
                    Mark(
                        begin,
                        at + 1 + (norm[at] == "】" and norm[at + 1 : at + 2] == ":"),
                        label=kind,
                        label_text=word,
                        note=note,
                        colon=True,
                        inline=begin > start,
                    )
                )
    return marks


def find_inline_enumerators(
    norm: str, start: int, end: int, opened: Mark | None, carried: dict[str, int], begins: frozenset[int] = frozenset()
) -> list[Mark]:
    """Return the enumerators inside ``norm[start:end]`` that continue or begin a sequence.

    Args:
        norm: Folded working text.
        start: First offset to look at.
        end: Offset to stop at.
        opened: Enumerator at the start of the paragraph, if any.
        carried: Last value of each style so far in the document; updated.
        begins: Offsets where a field's content begins, so that a list of one item may stand there.
    """
    proposed = [mark for match in _INLINE_RE.finditer(norm, start, end) if (mark := _enumerator(match, inline=True))]
    if not proposed:
        return []
    present = {(mark.style, mark.value) for mark in proposed}
    run: dict[str, int] = {opened.style: opened.value} if opened else {}
    accepted = []
    for mark in proposed:
        if (mark.value == 1 and mark.start in begins) or _accept(mark, present, run, carried, norm):
            accepted.append(mark)
            run[mark.style] = mark.value
            carried[mark.style] = mark.value
    return accepted


def _accept(mark: Mark, present: set[tuple[str, int]], run: dict[str, int], carried: dict[str, int], norm: str) -> bool:
    strong = mark.style in STRONG
    before = norm[mark.start - 1] if mark.start else "\n"
    if mark.value == 1:
        if mark.style in ("ar_paren", "circled", "pnum", "item") or (before == ":" and mark.style in carried):
            return True
        return (mark.style, 2) in present or (mark.style in ("yishi", "ord", "qiyi", "first") and before in "。;:!?\n")
    if mark.style == "first":
        return mark.style in run
    if mark.style in ("ar_dot", "ar_dun") and norm[mark.end : mark.end + 2] in ("关于", "针对"):
        return True
    last = run.get(mark.style)
    if last is None:
        last = carried.get(mark.style) if strong else None
    if last is None:
        return strong and mark.style != "cn_paren" and before in "。;:!?" and mark.value <= 3
    if mark.value == last + 1:
        return True
    return strong and last <= mark.value <= last + 2
