"""Rises and falls: ``由A增至B，增长X%``, ``比上年增加N件，增长X%``, ``提高X个百分点``, ``增长N倍`` and ``是N倍``.

Two quantities are compared only where the text sets them against each other: by 由…至…, by naming the year before, or by
giving the increase itself. A per cent that differs two per cents is told apart from percentage points.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import DECREASE, INCREASE, Mention, Page
from zhenggai.figures.relations.common import (
    claim,
    content,
    is_past,
    pairs_of,
    percent,
    plain,
    stated,
    touches,
    year_of,
)
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS, TIME_UNITS

_UP = rf"(?:{INCREASE}|升|涨|增)"
_DOWN = rf"(?:{DECREASE}|降)"
_TO_RE = re.compile(
    r"(?P<word>提升|提高|上升|增长|增加|上涨|攀升|扩大|升高|跃升|升|增|提|扩|涨|回升|下降|降低|减少|下滑|压减|压缩|缩短|降|减|回落|精简|缩减|压降|缩小|变|调整|发展|达)(?:到|至|为)(?:了)?(?P<when>[^，。；、]{0,14})$"
)
_UP_WORDS = frozenset(
    [
        "提升",
        "提高",
        "上升",
        "增长",
        "增加",
        "上涨",
        "攀升",
        "扩大",
        "升高",
        "跃升",
        "升",
        "增",
        "提",
        "扩",
        "涨",
        "回升",
    ]
)
_DOWN_WORDS = frozenset(
    ["下降", "降低", "减少", "下滑", "压减", "压缩", "缩短", "降", "减", "回落", "精简", "缩减", "压降", "缩小"]
)
_FROM_RE = re.compile(r"(?:由|从|自)(?P<when>[^，。；、]{0,24})$")
_CHANGE_RE = re.compile(
    rf"(?P<own>[^，。；]*?)(?P<verb>{_UP}|{_DOWN})(?:产|收|值|支|清理|办理|办结|查处|受理|培训|完成|建成|检查|立案|发放|投入|审结|立|办)?(?:了|幅度|幅|率|约|近|为|达到?|高达|超过?|:|：)*$"
)
_COMPARES_RE = re.compile(r"同比|环比|比|较|与[^，]{0,12}相比|相比")
_PRIOR_RE = re.compile(r"(?:同比|(?:比|较|与)?(?:上|去)(?:一)?年(?:度)?(?:同期)?(?:相比|末|底)?)$|^同比|同比")
_LIGHT_RE = re.compile(
    r"[两二三四五六七八九十]年(?:来|间)?|比例|比率|同比|环比|(?:比|较|与)?(?:上|去|前)(?:一)?(?:年|月|季度)(?:度)?(?:同期|末|底)?(?:相比)?|(?:比|较)(?:同期|整改前|此前|年初|之前|以前|原来|往年)|年均|平均|累计|共|约|近|仅|达到?|分别|均|已|也|又|并|且|则|净|实际|大幅度?|明显|显著|持续|逐年|稳步|再|还|了|为|是|有|的|整体|总体|总量|数量|件数|人数|数|同期|其中|幅度|进一步"
)
_OTHER_BASE_RE = re.compile(
    r"环比|比年初|较年初|比上月|较上月|比上季度|比计划|较计划|比预算|较预算|比目标|较目标|比全[省国市]|较全[省国市]|高于|低于|(?:比|较|与)(?:20|19)\d\d年|年均|平均每年"
)
_TIMES_RE = re.compile(
    r"(?:是|为|达到?|相当于|增长到|增加到|增至|提高到)(?P<base>[^，。；]{0,14}?)的?(?:约|近|超过?)?$"
)
_DOUBLE_RE = re.compile("翻(?:了)?(?P<n>一|两|二|三|四)?番")
_REAL_RE = re.compile("生产总值|GDP|增加值|可比价|不变价|剔除|实际增长|扣除")
"""What grows at constant prices, so that the amounts at current prices do not give its growth."""
_CHANGED_WORD_RE = re.compile("[增减升降涨跌]")
_RATE_WORD_RE = re.compile(
    "率|度|占比|比重|比例|增速|增幅|降幅|指数|水平|系数|份额|成数|利差|利息|息|比值|进度|得分|评分|覆盖面"
)


@dataclass(slots=True)
class _Pair:
    """Two quantities that the text sets against each other."""

    base: Mention
    """Before."""
    now: Mention
    """After."""


def check_growth(page: Page) -> list[Claim]:
    """Return the claims about rises and falls."""
    claims: list[Claim] = []
    judged: set[int] = set()
    for pair in _from_to(page):
        claims.extend(_direction(page, pair))
        for change in (*_changes_before(page, pair), *_changes_behind(page, pair)):
            found = _check_change(page, change, [pair], tied=True)
            if found is not None:
                claims.append(found)
                judged.add(change.index)
        yearly = _yearly(page, pair)
        if yearly is not None:
            claims.append(yearly)
        doubled = _doubled(page, pair)
        if doubled is not None:
            claims.append(doubled)
    for mention in page.mentions:
        if mention.index in judged:
            continue
        match = _change(mention)
        found = None
        if match is not None:
            found = _misused(page, mention, match) or _against_last(page, mention, match)
        elif mention.unit == "倍":
            found = _times_last(page, mention)
        if found is not None:
            claims.append(found)
    return claims


def _change(mention: Mention) -> re.Match[str] | None:
    """Return what the lead says when *mention* is by how much something changed."""
    if not (mention.is_ratio or _comparable(mention) or mention.unit in (*POINT_UNITS, "倍")):
        return None
    return _CHANGE_RE.search(mention.lead)


def _own(match: re.Match[str]) -> str:
    """Return the subject that a change has in its own clause, or nothing."""
    own = re.sub(
        r"[、“”]|20\d\d年度?|1?\d(?:月份?|-1?\d月)|[上下]半年|[一二三四]季度|全年|今年以来|今年", "", match["own"]
    )
    return _LIGHT_RE.sub("", own).strip("、，")


# ── 由 A 至 B ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _from_to(page: Page, first: int = 0, last: int | None = None) -> list[_Pair]:
    found = []
    for base, now in pairwise(page.mentions[first:last]):
        if base.kin != now.kin or page.sentence_of(base) != page.sentence_of(now) or base.unit in POINT_UNITS:
            continue
        if now.start - base.end > 40 or not _FROM_RE.search(base.lead):
            continue
        if _TO_RE.search(now.lead) is None:
            continue
        if any(m.quantity.upper is not None for m in (base, now)) or re.search(
            "名次|排名|位次|排位", base.lead + now.lead
        ):
            continue
        if base.unit in ("位", "名") and re.search("全[国省市县区]", page.text[max(0, base.start - 40) : base.start]):
            continue
        often = re.findall("每[年月周日天季]", now.lead)
        if often and often != re.findall("每[年月周日天季]", base.lead):
            continue
        found.append(_Pair(base, now))
    return found


def _to_word(now: Mention) -> str:
    match = _TO_RE.search(now.lead)
    return match["word"] if match else ""


def _direction(page: Page, pair: _Pair) -> list[Claim]:
    """Report 由120件增至100件 when nothing else is stated that would be judged anyway."""
    word = _to_word(pair.now)
    up, down = pair.now.low > pair.base.high, pair.now.high < pair.base.low
    wrong = (word in _UP_WORDS and down) or (word in _DOWN_WORDS and up)
    if not wrong:
        return []
    reason = f"由{pair.base.quantity.text}到{pair.now.quantity.text}是{'减少' if down else '增加'}，文中写作“{word}”"
    start = _from_place(pair.base)
    return [claim(page, "growth", Verdict.CONTRADICTORY, reason, start, pair.now.end, [pair.base, pair.now])]


def _from_place(base: Mention) -> int:
    match = _FROM_RE.search(base.lead)
    return base.start - len(base.lead) + (match.start() if match else 0)


def _changes_behind(page: Page, pair: _Pair) -> list[Mention]:
    """Return what behind 由A至B says by how much it changed: the next quantities while they have no other subject."""
    found: list[Mention] = []
    for other in page.mentions[pair.now.index + 1 : pair.now.index + 4]:
        if (
            page.sentence_of(other) != page.sentence_of(pair.now)
            or page.clause_of(other).segment != page.clause_of(pair.now).segment
        ):
            break
        match = _change(other)
        if match is None or (_own(match) and not _same_subject(_own(match), pair)) or _OTHER_BASE_RE.search(other.lead):
            break
        if page.clause_of(other).index - page.clause_of(pair.now).index > 2 or _TO_RE.search(other.lead):
            break
        if any(other.kin == earlier.kin for earlier in found) or _other_year(page, pair, other):
            break
        found.append(other)
    if _several_steps(page, pair):
        found = [change for change in found if not change.is_count]
    return found


def _changes_before(page: Page, pair: _Pair) -> list[Mention]:
    """Return what right before 由A至B says by how much it changed: ``同比增加36件，增幅25%，由…增加到…``."""
    found: list[Mention] = []
    clause = page.clause_of(pair.base)
    if page.text[clause.start : pair.base.start] != pair.base.lead or not pair.base.lead.startswith(("由", "从")):
        return []
    for index in range(pair.base.index - 1, max(-1, pair.base.index - 3), -1):
        other = page.mentions[index]
        match = _change(other)
        # 办公经费压缩了三分之一，由…: there the subject stands before.
        if (
            match is None
            or (_own(match) and (found or other.index != pair.base.index - 1))
            or page.sentence_of(other) != clause.sentence
            or _OTHER_BASE_RE.search(other.lead)
        ):
            break
        if clause.index - page.clause_of(other).index > len(found) + 1 or any(other.kin == m.kin for m in found):
            break
        found.append(other)
    return found


def _several_steps(page: Page, pair: _Pair) -> bool:
    """Tell whether what was added and what was taken away are told apart, so that neither is the difference."""
    alike = [
        m for m in page.mentions[pair.now.index + 1 : pair.now.index + 4]
        if m.kin == pair.now.kin and page.sentence_of(m) == page.sentence_of(pair.now)
    ]  # fmt: skip
    return len(alike) > 1 or any(re.search("新建|新设|删|撤|取消|合并", m.lead) for m in alike)


def _other_year(page: Page, pair: _Pair, change: Mention) -> bool:
    """Tell whether a change is against the year before while the pair spans more than that."""
    if (change.whens and any(when.year is not None for when in change.whens)) or "其中" in change.lead:
        return True
    if not re.search("同比|上年|去年", change.lead):
        return False
    first, last = year_of(pair.base.whens), year_of(pair.now.whens)
    if first is not None and last is not None and last - first != 1:
        return True
    if first is None and _long_span(page, pair.base):
        return True
    return any(
        when.text.startswith(("年初", "此前", "之前", "原")) or when.text.endswith("前") for when in pair.base.whens
    )


def _same_subject(own: str, pair: _Pair) -> bool:
    label = pair.base.label + pair.now.label
    core = content(own) or own
    return all(piece in label for piece in pairs_of(core)) if len(core) > 1 else core in label


def _long_span(page: Page, mention: Mention) -> bool:
    """Tell whether the sentence of *mention* speaks of more than two years, or of a year long past, before it."""
    clause = page.clause_of(mention)
    near = page.times[max(0, bisect_left(page.times, mention.start, key=lambda when: when.start) - 3) :][:3]
    times = [
        when
        for when in near
        if when.end <= mention.start
        and mention.start - when.end < 60
        and when.start >= page.clauses[max(0, clause.index - 2)].start
    ]
    if any(when.year and when.last_year and when.last_year - when.year > 1 for when in times):
        return True
    years = {when.year for when in times if when.year} | {when.last_year for when in times if when.last_year}
    return (bool(years) and max(years) - min(years) > 1) or any(
        re.match(r"与(?:20|19)\d\d年", page.text[max(0, when.start - 1) : when.end]) for when in times
    )


def _yearly(page: Page, pair: _Pair) -> Claim | None:
    """Judge ``由2020年的100件增至2023年的172.8件，年均增长20%``."""
    if pair.now.index + 1 >= len(page.mentions) or pair.base.low <= 0 or pair.base.is_ratio:
        return None
    change = page.mentions[pair.now.index + 1]
    first, last = year_of(pair.base.whens), year_of(pair.now.whens)
    if (
        not change.is_ratio
        or page.sentence_of(change) != page.sentence_of(pair.now)
        or not re.search("年均(?:增长|增速|增幅|递增)", change.lead)
    ):
        return None
    if first is None or last is None or last - first < 2:
        return None
    rate = (float(pair.now.amount / pair.base.amount) ** (1 / (last - first)) - 1) * 100
    plainly = float((pair.now.amount / pair.base.amount - 1) * 100) / (last - first)
    verdicts = [
        judge(Decimal(value), Decimal(value), change.value, change.quantity.step, change.qualifier, Decimal(value))
        for value in (rate, plainly)
    ]
    verdict = best(verdicts)
    if verdict is Verdict.CONTRADICTORY and abs(Decimal(rate) - change.value) < Decimal("0.5"):
        verdict = Verdict.UNCHECKABLE
    reason = f"({stated(pair.now)}÷{stated(pair.base)})开{last - first}次方，年均增长{plain(Decimal(rate))}%，文中为{change.quantity.text}"
    return claim(
        page, "growth", verdict, reason, change.start - len(change.lead), change.end, [pair.base, pair.now, change]
    )


def _doubled(page: Page, pair: _Pair) -> Claim | None:
    match = _DOUBLE_RE.search(page.text, pair.now.end, pair.now.end + 24)
    if match is None or "。" in page.text[pair.now.end : match.start()] or pair.base.amount <= 0:
        return None
    times = Decimal({"一": 2, "两": 4, "二": 4, "三": 8, "四": 16}[match["n"] or "一"])
    actual = pair.now.amount / pair.base.amount
    reason = f"{stated(pair.now)}÷{stated(pair.base)}={plain(actual)}，{match[0]}应为{times}倍"
    close = times * Decimal("0.93") <= actual
    verdict = (
        Verdict.CONSISTENT
        if close
        else Verdict.CONTRADICTORY
        if actual < times * Decimal("0.85")
        else Verdict.UNCHECKABLE
    )
    return claim(page, "multiple", verdict, reason, _from_place(pair.base), match.end(), [pair.base, pair.now])


# ── a change judged ───────────────────────────────────────────────────────────────────────────────────────────────
def _check_change(page: Page, change: Mention, pairs: list[_Pair], *, tied: bool) -> Claim | None:
    """Return the verdict on *change* under the kindest of *pairs*."""
    match = _change(change)
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


def _judge_pair(change: Mention, pair: _Pair, verb: str) -> tuple[Verdict, str, _Pair] | None:
    base, now = pair.base, pair.now
    if base.low <= 0:
        return None
    sign = Decimal(1) if re.fullmatch(_UP, verb) else Decimal(-1)
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
    change: Mention, pair: _Pair, low: Decimal, high: Decimal, span: str, difference: Decimal
) -> tuple[Verdict, str, _Pair] | None:
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


# ── percentage points of a count ──────────────────────────────────────────────────────────────────────────────────
def _misused(page: Page, change: Mention, match: re.Match[str]) -> Claim | None:
    """Report a count that rises by percentage points."""
    if change.unit not in POINT_UNITS:
        return None
    named = re.search(
        r"(?P<what>[一-龥]{0,8}(?:数量|件数|人数|次数|户数|总数|案件数|企业数|线索数|问题数|投诉数|时长|时限|天数|用时|费用|成本|均价|浓度|总量|案件量|举报量|投诉量|信访量|业务量|办件量|受理量|销量|产量|金额|总额|收入|支出|产值|投资额))(?:同比|环比|比上年|较上年)?(?:同期)?$",
        match["own"],
    )
    if named and not _RATE_WORD_RE.search(match["own"]):
        reason = f"{named['what']}是数量或金额，不能以百分点计增减，应为百分数"
        return claim(
            page, "unit_misuse", Verdict.CONTRADICTORY, reason, change.start - len(change.lead), change.end, [change]
        )
    if change.index == 0:
        return None
    before = page.mentions[change.index - 1]
    clause = page.clause_of(change)
    if before.is_change and before.is_count and before.kin == "money" and page.sentence_of(before) == clause.sentence:
        if clause.index - page.clause_of(before).index > 1 or _own(match) or _RATE_WORD_RE.search(before.lead):
            return None
        reason = f"{before.quantity.text}是金额，降幅或增幅应以百分数计，不能以百分点计"
        return claim(
            page,
            "unit_misuse",
            Verdict.CONTRADICTORY,
            reason,
            change.start - len(change.lead),
            change.end,
            [before, change],
        )
    if page.sentence_of(before) != clause.sentence or not before.is_count or before.is_change or _own(match):
        return None
    if clause.index - page.clause_of(before).index > 1 or page.clause_of(before).depth != clause.depth:
        return None
    words = page.text[page.clause_of(before).start : change.start]
    if _RATE_WORD_RE.search(words) or "%" in words:
        return None
    reason = f"{before.quantity.text}是{_thing(before)}，不能以百分点计增减，应为百分数或改写为比率"
    place = change.start - len(change.lead)
    # A part of a stated whole makes a rate by itself, and what rises by percentage points may be that.
    if "其中" in page.text[page.clause_of(before).start : before.start] or not _COMPARES_RE.search(match["own"]):
        return claim(
            page,
            "unit_misuse",
            Verdict.UNCHECKABLE,
            reason + "；也可能另指比率，文中未给出",
            place,
            change.end,
            [before, change],
        )
    return claim(page, "unit_misuse", Verdict.CONTRADICTORY, reason, place, change.end, [before, change])


def _thing(mention: Mention) -> str:
    return "金额" if mention.kin == "money" else "数量"


# ── against the year before ───────────────────────────────────────────────────────────────────────────────────────
def _against_last(page: Page, change: Mention, match: re.Match[str]) -> Claim | None:
    """Judge a change against a base that the sentence names as the year before, or that the increase itself implies."""
    own = _own(match)
    here = [
        m for m in page.before(change, 8)
        if page.sentence_of(m) == page.sentence_of(change) and page.clause_of(m).segment == page.clause_of(change).segment
    ]  # fmt: skip
    if not here:
        return None
    lead = change.lead
    ratio_base = change.unit in POINT_UNITS
    if change.is_ratio and page.mentions[change.index - 1].is_ratio:
        # 满意度96.4%，较上年的91.7%提高4.7%: what is said of two per cents.
        ratio_base = True
    wanted = [m for m in here if (m.is_ratio if ratio_base else _comparable(m)) and _change(m) is None]
    if _comparable(change):
        wanted = [m for m in wanted if m.kin == change.kin]
    bases = [m for m in wanted if is_past(m) or _named_base(m)]
    nows = [m for m in wanted if not (is_past(m) or _named_base(m))]
    if not bases and nows:
        bases = _told_after(page, change, nows[0])
    bases, nows = _by_year(page, change, bases, nows)
    # What changed is what was spoken of last; anything else said in between has taken its place.
    if nows and wanted[0] not in (*bases, nows[0]):
        return None
    inside = [m for m in bases if m.clause == change.clause]
    if inside:
        own_words = ""
        bases = inside
    else:
        own_words = own
    if bases and bases[0].index > change.index:
        own_words = ""
    if bases and nows and (not own_words or any(_speaks_of(own_words, m) for m in nows)):
        now, base = nows[0], bases[0]
        leads = _plain_lead(now), _plain_lead(base)
        if not inside and base.index < change.index and all(leads) and not (touches(*leads) or _named_base(base)):
            return None
        if now.kin == base.kin and not _OTHER_BASE_RE.search(lead):
            pairs = [_Pair(base, now)]
            pairs += [_Pair(b, n) for b in bases for n in nows if b.kin == n.kin and (b is not base or n is not now)]
            tied = len(bases) == 1 and (
                abs(base.index - now.index) == 1 or bool(inside) or len([n for n in nows if n.kin == base.kin]) == 1
            )
            found = _check_change(page, change, pairs, tied=tied)
            if found is not None:
                return found
    if change.is_ratio and not bases and not own:
        return _by_increase(page, change, match, here)
    if change.is_ratio and bases and not nows and not own:
        return _of_base(page, change, match, here, bases)
    return None


def _of_base(
    page: Page, change: Mention, match: re.Match[str], here: list[Mention], bases: list[Mention]
) -> Claim | None:
    """Judge ``比上年的120件增加12件，增长10%``."""
    step, base = here[0], bases[0]
    grew = _change(step)
    if grew is None or len(bases) > 1 or step.kin != base.kin or base.low <= 0 or step.index != base.index + 1:
        return None
    if bool(re.fullmatch(_UP, grew["verb"])) != bool(re.fullmatch(_UP, match["verb"])):
        return None
    low, high, actual = step.low * 100 / base.high, step.high * 100 / base.low, step.amount * 100 / base.amount
    verdict = judge(low, high, change.value, change.quantity.step, change.qualifier, actual)
    reason = f"{stated(step)}÷{stated(base)}={plain(actual)}%，文中为{change.quantity.text}"
    return claim(page, "growth", verdict, reason, change.start - len(change.lead), change.end, [base, step, change])


def _named_base(mention: Mention) -> bool:
    """Tell whether *mention* is what is compared with: ``比2023年的160件``."""
    match = re.search(r"(?:比|较|与|同)(?P<when>[^，。；]{2,14}?)(?:的|（)$", mention.lead)
    return match is not None and bool(mention.whens) and _CHANGED_WORD_RE.search(match["when"]) is None


def _comparable(mention: Mention) -> bool:
    return mention.is_count or mention.unit in TIME_UNITS


def _told_after(page: Page, change: Mention, now: Mention) -> list[Mention]:
    """Return the base that follows: ``立案186件，同比增长20%；上年立案160件``."""
    for other in page.mentions[change.index + 1 : change.index + 3]:
        if page.sentence_of(other) != page.sentence_of(change):
            break
        dated = re.search("上年|去年|同比", change.lead) is not None and year_of(other.whens) is not None
        if (
            (is_past(other) or dated)
            and other.kin == now.kin
            and (_comparable(other) or other.is_ratio)
            and _change(other) is None
            and "其中" not in other.lead
        ):
            return [other] if touches(_plain_lead(now), _plain_lead(other)) or not _plain_lead(other) else []
    return []


def _plain_lead(mention: Mention) -> str:
    """Return the words before a number without those of time."""
    words = re.sub(r"(?:20\d\d年度?[底末初]?|上年|去年|同期|今年|全年|[上下]半年|本年|1?\d月份?)", "", mention.lead)
    return _LIGHT_RE.sub("", words)


def _by_year(
    page: Page, change: Mention, bases: list[Mention], nows: list[Mention]
) -> tuple[list[Mention], list[Mention]]:
    """Tell the quantity of an earlier year from that of the last one, where both years are written."""
    if bases:
        return bases, nows
    each = _two_years(page, nows)
    if each is not None:
        return [each.base], [each.now]
    dated = [
        (m, when.year) for m in nows for when in m.whens
        if when.year is not None and when.last_year is None and len({w.year for w in m.whens if w.year}) == 1
    ]  # fmt: skip
    years = sorted({year for _m, year in dated})
    if len(years) != 2 or years[1] - years[0] != 1:
        return bases, nows
    before, after = (next(m for m, when in dated if when == year) for year in years)
    leads = _plain_lead(before), _plain_lead(after)
    alike = before.kin == after.kin and (not all(leads) or touches(*leads))
    return ([before], [after]) if alike else (bases, nows)


def _two_years(page: Page, nows: list[Mention]) -> _Pair | None:
    """Return the pair of ``2023年、2024年分别投入1200万元、1500万元``."""
    if len(nows) < 2 or nows[1].index + 1 != nows[0].index or nows[0].kin != nows[1].kin:
        return None
    years = [when.year for when in nows[1].whens if when.year and when.last_year is None]
    if len(years) != 2 or years[1] - years[0] != 1 or "分别" not in nows[1].lead:
        return None
    return _Pair(nows[1], nows[0]) if page.text[nows[1].end : nows[0].start] in ("、", "和", "，") else None


def _speaks_of(own: str, mention: Mention) -> bool:
    core = content(own) or own
    return any(pair in mention.label for pair in pairs_of(core)) if len(core) > 1 else core in mention.label


def _by_increase(page: Page, change: Mention, match: re.Match[str], here: list[Mention]) -> Claim | None:
    """Judge ``120件，比上年增加20件，增长20%`` by what the increase makes the base."""
    step = here[0]
    grew = _change(step)
    if grew is None or not step.is_count or page.clause_of(change).index - page.clause_of(step).index > 1:
        return None
    if not _COMPARES_RE.search(step.lead) or _OTHER_BASE_RE.search(step.lead) or _COMPARES_RE.search(match["own"]):
        return None
    if bool(re.fullmatch(_UP, grew["verb"])) != bool(re.fullmatch(_UP, match["verb"])):
        return None
    nows = [m for m in here[1:] if m.kin == step.kin and m.is_count and _change(m) is None and not is_past(m)]
    if not nows or (_own(grew) and not _speaks_of(_own(grew), nows[0])):
        return None
    if page.clause_of(step).index - page.clause_of(nows[0]).index > 1:
        return None
    sign = 1 if re.fullmatch(_UP, grew["verb"]) else -1
    tried = []
    for now in nows:
        base = now.amount - sign * step.amount
        if base <= 0:
            continue
        actual = step.amount * 100 / base
        edges = [
            s * 100 / (n - sign * s) for s in (step.low, step.high) for n in (now.low, now.high) if n - sign * s > 0
        ]
        verdict = judge(min(edges), max(edges), change.value, change.quantity.step, change.qualifier, actual)
        tried.append((verdict, now, base, actual))
    if not tried:
        return None
    verdict = best([item[0] for item in tried])
    _verdict, now, base, actual = next(item for item in tried if item[0] is verdict)
    if verdict is Verdict.CONTRADICTORY and len(tried) > 1:
        return None
    mark = "-" if sign > 0 else "+"
    reason = f"{stated(step)}÷({stated(now)}{mark}{stated(step)})={plain(actual)}%，文中为{change.quantity.text}"
    if now.unit != step.unit:
        reason = f"{step.quantity.text}与上年数之比为{plain(actual)}%，文中为{change.quantity.text}"
    start = change.start - len(match["verb"]) - 2
    return claim(
        page, "growth", verdict, reason, max(start, page.clause_of(change).start), change.end, [now, step, change]
    )


def _times_inside(page: Page, shown: Mention) -> Claim | None:
    """Judge ``3.2亿元，是上年1.6亿元的3倍``."""
    base = page.mentions[shown.index - 1]
    nows = [
        m
        for m in page.before(base, 3)
        if m.kin == base.kin and m.is_count and page.sentence_of(m) == page.sentence_of(base)
    ]
    if (
        not nows
        or not is_past(base)
        or base.low <= 0
        or (
            _change(nows[0]) is not None
            and not nows[0].lead.rstrip("了").endswith("新增")
            and "新增" not in nows[0].lead
        )
        or page.clause_of(base).index - page.clause_of(nows[0]).index > 1
    ):
        return None
    now = nows[0]
    verdict = judge(
        now.low / base.high,
        now.high / base.low,
        shown.value,
        shown.quantity.step,
        shown.qualifier,
        now.amount / base.amount,
    )
    reason = f"{stated(now)}÷{stated(base)}={plain(now.amount / base.amount)}倍，文中为{shown.quantity.text}"
    return claim(page, "multiple", verdict, reason, base.start - len(base.lead), shown.end, [base, now, shown])


def _times_last(page: Page, shown: Mention) -> Claim | None:
    """Judge ``是上年的2.5倍`` where the sentence also gives the year before."""
    match = _TIMES_RE.search(shown.lead)
    if shown.lead == "的" and shown.index and re.search(r"[是为]", page.mentions[shown.index - 1].lead):
        return _times_inside(page, shown)
    if match is None:
        return None
    here = [
        m
        for m in page.before(shown, 6)
        if page.sentence_of(m) == page.sentence_of(shown) and m.is_count and _change(m) is None
    ]
    bases = [m for m in here if is_past(m)]
    nows = [m for m in here if not is_past(m)]
    bases, nows = _by_year(page, shown, bases, nows)
    if not bases:
        pairs = [
            pair
            for pair in _from_to(page, max(0, shown.index - 6), shown.index)
            if pair.now.index < shown.index and page.sentence_of(pair.now) == page.sentence_of(shown)
        ]
        if not pairs or not re.fullmatch(
            r"(?:原来|此前|以前|之前|整改前|前者|初期|当时|\d{4}年|上年|去年|上年同期|去年同期)?", match["base"]
        ):
            return None
        bases, nows = [pairs[-1].base], [pairs[-1].now]
    if len(bases) != 1 or not nows or nows[0].kin != bases[0].kin or bases[0].low <= 0:
        return None
    base, now = bases[0], nows[0]
    verdict = judge(now.low / base.high, now.high / base.low, shown.value, shown.quantity.step, shown.qualifier)
    if verdict is Verdict.CONTRADICTORY and len(nows) > 1:
        return None
    times = now.amount / base.amount
    reason = f"{stated(now)}÷{stated(base)}={plain(times)}倍，文中为{shown.quantity.text}"
    return claim(
        page, "multiple", verdict, reason, shown.start - len(shown.lead) + match.start(), shown.end, [base, now, shown]
    )
