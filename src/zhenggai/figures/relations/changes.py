"""A rise or fall judged against two quantities: per cent, percentage points, multiples and plain differences.

A per cent that differs two per cents is told apart from percentage points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhenggai.figures.layout import DECREASE, INCREASE, Mention, Page
from zhenggai.figures.relations.common import claim, percent, plain, stated
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS, TIME_UNITS

UP = rf"(?:{INCREASE}|升|涨|增)"


_DOWN = rf"(?:{DECREASE}|降)"


_CHANGE_RE = re.compile(
    rf"(?P<own>[^，。；]*?)(?P<verb>{UP}|{_DOWN})(?:产|收|值|支|清理|办理|办结|查处|受理|培训|完成|建成|检查|立案|发放|投入|审结|立|办)?(?:了|幅度|幅|比例|比率|率|约|近|为|达到?|高达|超过?|:|：)*$"
)


COMPARES_RE = re.compile(r"同比|环比|比|较|与[^，]{0,12}相比|相比")


LIGHT_RE = re.compile(
    r"平均每[案件人户]|[两二三四五六七八九十]年(?:来|间)?|比例|比率|同比|环比|(?:比|较|与)?(?:上|去|前)(?:一)?(?:年|月|季度|届|轮)(?:度)?(?:同期|末|底)?(?:相比)?|(?:比|较)(?:同期|整改前|此前|年初|之前|以前|原来|往年)|年均|平均|累计|共|约|近|仅|达到?|分别|均|已|也|又|并|且|则|净|实际|大幅度?|明显|显著|持续|逐年|稳步|再|还|了|为|是|有|的|整体|总体|总量|数量|件数|人数|数|同期|其中|幅度|进一步"
)


OTHER_BASE_RE = re.compile(
    r"环比|比年初|较年初|比上月|较上月|比上季度|比计划|较计划|比预算|较预算|比目标|较目标|比全[省国市]|较全[省国市]|高于|低于|(?:比|较|与)(?:20|19)\d\d年|年均|平均每年"
)


_REAL_RE = re.compile("生产总值|GDP|增加值|可比价|不变价|剔除|实际增长|扣除")
"""What grows at constant prices, so that the amounts at current prices do not give its growth."""


@dataclass(slots=True)
class Pair:
    """Two quantities that the text sets against each other."""

    base: Mention
    """Before."""
    now: Mention
    """After."""


def change_of(mention: Mention) -> re.Match[str] | None:
    """Return what the lead says when *mention* is by how much something changed."""
    if not (mention.is_ratio or is_comparable(mention) or mention.unit in (*POINT_UNITS, "倍")):
        return None
    return _CHANGE_RE.search(mention.lead)


def own_subject(match: re.Match[str]) -> str:
    """Return the subject that a change has in its own clause, or nothing."""
    own = re.sub(
        r"[、“”]|20\d\d年度?|1?\d(?:月份?|-1?\d月)|[上下]半年|[一二三四]季度|全年|今年以来|今年", "", match["own"]
    )
    return LIGHT_RE.sub("", own).strip("、，")


def is_comparable(mention: Mention) -> bool:
    """Tell whether *mention* may rise or fall by so many: a count, an amount or a time."""
    return mention.is_count or mention.unit in TIME_UNITS


def plain_lead(mention: Mention) -> str:
    """Return the words before a number without those of time."""
    words = re.sub(r"(?:20\d\d年度?[底末初]?|上年|去年|同期|今年|全年|[上下]半年|本年|1?\d月份?)", "", mention.lead)
    words = re.sub("(?:下降|减少|降低|压减|增加|增长|上升|提高|降|减|增|升|达)(?:到|至|为)了?$", "", words)
    return LIGHT_RE.sub("", words)


def check_change(page: Page, change: Mention, pairs: list[Pair], *, tied: bool) -> Claim | None:
    """Return the verdict on *change* under the kindest of *pairs*."""
    match = change_of(change)
    if match is None or (
        change.is_ratio and any(_REAL_RE.search(m.label) for pair in pairs for m in (pair.base, pair.now))
    ):
        return None
    results = [result for pair in pairs if (result := _judge_pair(change, pair, match["verb"])) is not None]
    if not results:
        return None
    verdict = best([result[0] for result in results])
    _verdict, reason, pair = next(result for result in results if result[0] is verdict)
    if verdict is Verdict.CONTRADICTORY and not tied:
        return None
    kind = (
        "points"
        if change.unit in POINT_UNITS or (change.is_ratio and pair.base.is_ratio)
        else "multiple"
        if change.unit == "倍"
        else "growth"
    )
    start = change.start - len(change.lead) + max(0, match.start("verb") - 8)
    return claim(
        page, kind, verdict, reason, max(start, page.clause_of(change).start), change.end, [pair.base, pair.now, change]
    )


def _judge_pair(change: Mention, pair: Pair, verb: str) -> tuple[Verdict, str, Pair] | None:
    base, now = pair.base, pair.now
    if base.low <= 0:
        return None
    sign = Decimal(1) if re.fullmatch(UP, verb) else Decimal(-1)
    low, high = sorted((sign * (now.low - base.high), sign * (now.high - base.low)))
    shown, step, qualifier = (
        percent(change) if change.is_ratio else (change.value, change.quantity.step, change.qualifier)
    )
    span = f"{stated(now)}-{stated(base)}" if now.amount >= base.amount else f"{stated(base)}-{stated(now)}"
    difference = abs(now.amount - base.amount)
    if high < 0:
        words = f"由{base.quantity.text}到{now.quantity.text}，与“{verb}”相反"
        return Verdict.CONTRADICTORY, words, pair
    if base.is_ratio:
        return _judge_ratio_pair(change, pair, low, high, span, difference)
    if change.unit in POINT_UNITS:
        return None
    if change.is_ratio:
        low, high = sorted((sign * (now.low / base.high - 1) * 100, sign * (now.high / base.low - 1) * 100))
        actual = difference * 100 / base.amount
        verdict = judge(low, high, shown, step, qualifier, actual)
        words = f"({span})÷{stated(base)}={plain(actual)}%，文中为{change.quantity.text}"
        return (
            verdict,
            words + (f"，系截断，四舍五入应为{_digits(actual, step)}%" if verdict is Verdict.TRUNCATED else ""),
            pair,
        )
    if change.unit == "倍":
        grown = (now.low / base.high - 1, now.high / base.low - 1)
        times = now.amount / base.amount
        verdict = judge(grown[0], grown[1], shown, step, change.qualifier, times - 1)
        if change.qualifier in ("近", "接近", "将近", "约") and shown * Decimal("0.8") <= times - 1 <= shown * Decimal(
            "1.02"
        ):
            # 由67个增至124个，增长近一倍: a multiple in words is as round as that.
            verdict = Verdict.CONSISTENT
        words = f"{stated(now)}÷{stated(base)}={plain(times)}，是{plain(times)}倍，增长{plain(times - 1)}倍，文中为“{verb}{change.quantity.text}”"
        return verdict, words, pair
    if change.kin == base.kin:
        verdict = judge(low, high, change.amount, _base_step(change), change.qualifier)
        factor = change.amount / change.value if change.value else Decimal(1)
        words = f"{now.quantity.text}与{base.quantity.text}相差{plain(difference / factor, 4)}{change.unit}，文中为{change.quantity.text}"
        return verdict, words, pair
    return None


def _base_step(mention: Mention) -> Decimal:
    return mention.quantity.step * (mention.amount / mention.value) if mention.value else mention.quantity.step


def _digits(actual: Decimal, step: Decimal) -> str:
    digits = max(0, -int(step.as_tuple().exponent))
    return plain(actual.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP"), digits)


def _judge_ratio_pair(
    change: Mention, pair: Pair, low: Decimal, high: Decimal, span: str, difference: Decimal
) -> tuple[Verdict, str, Pair] | None:
    base, now = pair.base, pair.now
    shown, step = change.value, change.quantity.step
    whole = all(m.quantity.step >= 1 for m in (base, now, change)) and not (base.qualifier or now.qualifier)
    points = judge(*((difference, difference) if whole else (low, high)), shown, step, change.qualifier, difference)
    relative = difference * 100 / base.amount
    spread = (now.high - now.low + base.high - base.low) * 100 / base.amount
    grown = judge(relative, relative, shown, step, change.qualifier)
    if grown is not Verdict.CONSISTENT and points is not Verdict.CONSISTENT:
        grown = judge(relative - spread, relative + spread, shown, step, change.qualifier)
    if change.unit in POINT_UNITS:
        words = f"{span}={plain(difference)}个百分点，文中为{change.quantity.text}"
        if points is Verdict.CONTRADICTORY and grown is Verdict.CONSISTENT:
            words = f"{span}={plain(difference)}个百分点；{plain(relative)}是百分数的增幅，文中误作百分点"
        return points, words, pair
    if not change.is_ratio:
        return None
    if grown is Verdict.CONSISTENT or (grown is Verdict.TRUNCATED and points is not Verdict.CONSISTENT):
        words = f"({span})÷{stated(base)}={plain(relative)}%，文中为{change.quantity.text}"
        return grown, words, pair
    if points in (Verdict.CONSISTENT, Verdict.TRUNCATED):
        words = f"{span}={plain(difference)}，应为“{plain(difference)}个百分点”，文中写作“{change.quantity.text}”；按百分数计增幅为{plain(relative)}%"
        return Verdict.CONTRADICTORY, words, pair
    words = f"{span}={plain(difference)}个百分点，按百分数计增幅为{plain(relative)}%，文中为{change.quantity.text}"
    return grown, words, pair
