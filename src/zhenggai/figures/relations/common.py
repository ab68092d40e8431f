"""What all relations share: numbers in words, claims in words, which words name the same thing, passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zhenggai.figures.layout import Clause, Mention, Page
from zhenggai.figures.periods import When
from zhenggai.figures.rounding import judge, shown_digits
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

MOST_IN_A_PASSAGE = 80
"""Quantities of one passage that are looked at; longer ones are lists or damage, and are left in peace."""

GENERIC_RE = re.compile(
    "总人数|总件数|总户数|总数量|总数|总量|总额|总计|总体|总值|全部|全体|整体|合计|同期|当年|全年|所有|上述|该类|此类|人数|件数|户数|家数|数量|金额|案件|问题|人员|事项|工作|总|数|量|的|比例|比重|比"
)
"""Words of a whole that name no particular one."""
SCOPES_RE = re.compile(
    "全国|全省|全市|全县|全区|全州|全镇|全乡|全街道|全村|全院|全局|全系统|全公司|全集团|全校|全行业|本市|本县|本区|市本级|县本级|区本级|本级"
)


def plain(value: Decimal, most: int = 2) -> str:
    """Return *value* in digits, with at most *most* decimals and no zeros behind them."""
    rounded = value.quantize(Decimal(1).scaleb(-most)) if abs(value) < Decimal("1e20") else value
    words = f"{rounded:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def stated(mention: Mention) -> str:
    """Return the number of *mention* as a clerk writes it in a calculation."""
    return plain(mention.value, 6)


def claim(
    page: Page, kind: str, verdict: Verdict, reason: str, start: int, end: int, operands: Iterable[Mention] = ()
) -> Claim:
    """Return a claim about the working places *start* to *end*."""
    return Claim(
        page.view.words(start, end),
        verdict,
        reason,
        page.span(start, end),
        kind,
        tuple(sorted({mention.quantity.span for mention in operands})),
    )


def start_of(page: Page, mention: Mention, words: str = "") -> int:
    """Return where the statement of *mention* begins: at *words* in its lead, else at its clause or the mark before."""
    if words:
        at = mention.lead.rfind(words)
        if at >= 0:
            return mention.start - len(mention.lead) + at
    return max(page.clause_of(mention).start, mention.start - len(mention.lead), mention.start - 30)


def pairs_of(words: str) -> set[str]:
    """Return the pairs of neighbouring characters in *words*."""
    return {words[at : at + 2] for at in range(len(words) - 1)}


@lru_cache(maxsize=4096)
def content(words: str) -> str:
    """Return *words* without those that name no particular thing."""
    return GENERIC_RE.sub("", words)


def names(words: str, label: str) -> bool:
    """Tell whether *label* speaks of what *words* name: it holds each of their pairs, or all but one of many."""
    wanted = pairs_of(words)
    if not wanted:
        return bool(words) and words in label
    missing = sum(1 for pair in wanted if pair not in label)
    return missing == 0 or (len(wanted) >= 4 and missing <= len(wanted) // 3)


def touches(words: str, label: str) -> bool:
    """Tell whether *label* and *words* share a pair of characters."""
    return any(pair in label for pair in pairs_of(words))


def abbreviates(short: str, label: str) -> bool:
    """Tell whether *short* is made of characters of *label* in order and close together: ``参考`` of ``参加考试``."""
    at = -1
    for char in short:
        found = label.find(char, at + 1)
        if found < 0 or (at >= 0 and found - at > 4):
            return False
        at = found
    return bool(short)


@dataclass(slots=True)
class Passage:
    """Sentences that speak of one whole: a sentence, with those behind it that begin with 其中."""

    clauses: list[Clause]
    """Their clauses in order."""
    mentions: list[Mention]
    """Their quantities in order."""


_CONTINUES_RE = re.compile(
    "其中|截至|截止|目前|现已|已[一-龥]{2,4}\\d|已完成|已整改|已办结|在这些|上述|按[一-龥]{1,8}分|从[一-龥]{1,10}看|分[一-龥]{1,6}看"
)


def passages(page: Page) -> list[Passage]:
    """Return the passages of *page* that hold quantities, in order."""
    found: list[Passage] = []
    sentence = paragraph = -1
    for clause in page.clauses:
        if clause.sentence != sentence:
            follows = clause.paragraph == paragraph and _CONTINUES_RE.match(page.text, clause.start) is not None
            if not (follows and found):
                found.append(Passage([], []))
            sentence, paragraph = clause.sentence, clause.paragraph
        found[-1].clauses.append(clause)
        found[-1].mentions.extend(clause.mentions)
    return [passage for passage in found if passage.mentions and len(passage.mentions) <= MOST_IN_A_PASSAGE]


def between(page: Page, first: Mention, second: Mention) -> str:
    """Return the words between two quantities."""
    return page.text[first.end : second.start] if first.end <= second.start else ""


def group_of(page: Page, mention: Mention) -> list[Mention]:
    """Return *mention* with the others of its compound: both of ``55件141人``."""
    found = [mention]
    for step in (-1, 1):
        index = mention.index + step
        while 0 <= index < len(page.mentions) and page.mentions[index].group == mention.group:
            found.append(page.mentions[index])
            index += step
    return found


_JOINTS = frozenset(("", "、", "和", "及", "与", "，", "，金额", "、金额", "，涉及", "，涉及金额", "，计"))


def led(page: Page, mention: Mention) -> str:
    """Return the words before *mention*; for the second of ``已清收68笔、3440万元`` those before the first."""
    for _ in range(4):
        if mention.lead not in _JOINTS or not mention.index:
            break
        before = page.mentions[mention.index - 1]
        if page.sentence_of(before) != page.sentence_of(mention) or before.end != mention.start - len(mention.lead):
            break
        mention = before
    return mention.lead


_SET_RE = re.compile("(?:计划|任务|目标|限额|定额|标准|保有量|额度|指标)[数量额]?$")


def ratio_bounds(parts: Sequence[Mention], wholes: Sequence[Mention]) -> tuple[Decimal, Decimal, Decimal]:
    """Return what per cent the sum of *parts* is of the sum of *wholes*: at least, as it stands, at most."""
    part_low, part_high = sum(m.low for m in parts), sum(m.high for m in parts)
    whole_low, whole_high = sum(m.low for m in wholes), sum(m.high for m in wholes)
    if all(_SET_RE.search(m.lead) and not m.qualifier for m in wholes):
        # What was planned is a round number of itself, and was not rounded to it.
        whole_low = whole_high = sum(m.amount for m in wholes)
    if whole_low <= 0:
        return Decimal(-1), Decimal(-1), Decimal(-1)
    actual = sum(m.amount for m in parts) * 100 / Decimal(sum(m.amount for m in wholes))
    return part_low * 100 / Decimal(whole_high), actual, part_high * 100 / Decimal(whole_low)


def percent(mention: Mention) -> tuple[Decimal, Decimal, str]:
    """Return a ratio as per cent: value, worth of one in the last digit, qualifier."""
    value, step, qualifier = mention.value, mention.quantity.step, mention.qualifier
    if mention.unit == "‰":
        return value / 10, step / 10, qualifier
    if mention.unit == "成":
        return value * 10, step * 10, "成" if qualifier in ("", "约", "大约", "左右", "上下") else qualifier
    if mention.unit == "分之":
        qualifier = qualifier or {"强": "以上", "弱": "以下"}.get(mention.tail[:1], "") or "分之"
        return value * 100, Decimal(1), qualifier
    if mention.unit == "半" and qualifier == "约" and not re.search("约|大概", mention.quantity.text):
        qualifier = "半"
    return value, step, qualifier


def judge_ratio(shown: Mention, low: Decimal, actual: Decimal, high: Decimal) -> Verdict:
    """Return the verdict on a ratio *shown* when arithmetic gives *actual*, at least *low* and at most *high* per cent."""
    value, step, qualifier = percent(shown)
    if shown.quantity.upper is not None:
        top = shown.quantity.upper * (10 if shown.unit == "成" else 1)
        inside = low <= top + step / 2 and high >= value - step / 2
        return Verdict.CONSISTENT if inside else Verdict.CONTRADICTORY
    return judge(low, high, value, step, qualifier, actual)


def advice(shown: Mention, actual: Decimal, verdict: Verdict) -> str:
    """Return what the number ought to read when it was cut off, and what makes one agree that these operands do not give."""
    if verdict is Verdict.TRUNCATED:
        digits = max(0, -int(shown.quantity.step.as_tuple().exponent))
        return f"，系截断，四舍五入应为{plain(round_half_up(actual, digits), digits)}{shown.unit}"
    value, step, qualifier = percent(shown)
    if (
        verdict is Verdict.CONSISTENT
        and not qualifier
        and shown.quantity.upper is None
        and abs(actual - value) > step / 2
    ):
        return "，在原数取舍的范围内"
    return ""


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Return *value* rounded half up to *digits* decimals."""
    return value.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")


def year_of(whens: Iterable[When]) -> int | None:
    """Return the last year named by *whens*."""
    year = None
    for when in whens:
        if when.year is not None:
            year = when.year
    return year


_CHANGED_RE = re.compile("[增减多少升降涨跌扩缩高低]|下滑|结转|结余|存|遗留|未|剩余|以来")


_TARGET_RE = re.compile("预算|任务|目标|计划|指标|概算|限额")
"""What was meant to be done, and is no value of the time before: 年初预算数."""


def is_past(mention: Mention) -> bool:
    """Tell whether the words before *mention* say that it is of the period before, and no more than that."""
    for when in mention.whens:
        if when.is_past:
            behind = mention.lead[mention.lead.rfind(when.text) + len(when.text) :]
            if not _CHANGED_RE.search(behind.replace("新增", "")) and not _TARGET_RE.search(behind):
                return True
    return False


_SAME = (frozenset("人名位"), frozenset("件起宗案"), frozenset("家户"))


def same_unit(first: Mention, second: Mention) -> bool:
    """Tell whether two quantities are counted by one measure word, or by two that mean the same."""
    if first.unit == second.unit or first.kin == second.kin == "people":
        return True
    if first.kin == second.kin and first.unit in MEASURES and second.unit in MEASURES:
        return True
    return any(first.unit in group and second.unit in group for group in _SAME)


_EACH_RE = re.compile("均[一-龥]{0,6}$|每[一-龥]{1,8}$")


def summable(mention: Mention) -> bool:
    """Tell whether *mention* may be a whole or a part: a count or an amount, not by how much something changed."""
    return (
        mention.is_count and not mention.is_change and not is_past(mention) and not _EACH_RE.search(mention.lead[-12:])
    )


def agree(parts: Iterable[Mention], wholes: Sequence[Mention]) -> bool:
    """Tell whether *parts* may add up to *wholes*, given what each may have been rounded from."""
    parts = list(parts)
    everything = [*parts, *wholes]
    if any(m.qualifier or m.quantity.upper is not None for m in everything):
        low, high = sum(m.low for m in parts), sum(m.high for m in parts)
        return low <= sum(m.high for m in wholes) and sum(m.low for m in wholes) <= high
    distance = abs(sum((m.amount for m in parts), Decimal(0)) - sum((m.amount for m in wholes), Decimal(0)))
    # Roundings mostly cancel: they come to one in the last digit for a few parts, to two for many.
    steps = [m.high - m.low for m in everything]
    return distance <= min(sum(steps, Decimal(0)) / 2, max(steps) * (1 if len(parts) <= 5 else 2))


def sum_claim(page: Page, kind: str, verdict: Verdict, whole: Mention, parts: Sequence[Mention]) -> Claim:
    """Return a claim that *parts* make up *whole*, or do not."""
    everything = sorted((whole, *parts), key=lambda m: m.index)
    reason = sum_in_words(parts, whole)
    return claim(page, kind, verdict, reason, start_of(page, everything[0]), everything[-1].end, everything)


def sum_in_words(parts: Sequence[Mention], whole: Mention) -> str:
    """Return ``24+16=40，与总数40个相符`` or what it comes to instead."""
    if len({m.unit for m in (whole, *parts)}) == 1:
        words, total = "+".join(stated(m) for m in parts), sum((m.value for m in parts), Decimal(0))
        shown = plain(total, 6)
    else:
        words, amount = "+".join(m.quantity.text for m in parts), sum((m.amount for m in parts), Decimal(0))
        factor = MEASURES[whole.unit][1] if whole.unit in MEASURES else Decimal(1)
        shown = plain(amount / factor, max(2, shown_digits(whole.quantity.step)))
    return f"{words}={shown}，文中合计为{whole.quantity.text}"
