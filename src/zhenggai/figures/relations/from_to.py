"""``由A增至B``: the pairs that a text sets against each other so, and what it says about them."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.changes import OTHER_BASE_RE, Pair, change_of, own_subject
from zhenggai.figures.relations.common import claim, content, pairs_of, plain, stated, year_of
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import POINT_UNITS

_TO_RE = re.compile(
    r"(?P<word>提升|提高|上升|增长|增加|上涨|攀升|扩大|升高|跃升|升|增|提|扩|涨|回升|下降|降低|减少|下滑|压减|压缩|缩短|降|减|回落|精简|缩减|压降|缩小|变|整合|合并|归并|扩展|拓展|调整|发展|达)(?:到|至|为)(?:了)?(?P<when>[^，。；、]{0,14})$"
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


_DOUBLE_RE = re.compile("翻(?:了)?(?P<n>一|两|二|三|四)?番")


def find_pairs(page: Page, first: int = 0, last: int | None = None) -> list[Pair]:
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
        if often and re.search("每", base.lead) and often != re.findall("每[年月周日天季]", base.lead):
            continue
        found.append(Pair(base, now))
    return found


_AGAIN_RE = re.compile("，?(?:再|又|进一步|继续|并)(?:由|从)?[^，。；]{0,6}(?:到|至|为)(?:了)?[^，。；]{0,12}$")


def follow_on(page: Page, pair: Pair) -> Pair:
    """Return *pair* with what follows on from it as its end: ``由A缩短至B，再缩短至C``, ``由A提高到B、C和D``."""
    last = pair.now
    for other in page.mentions[pair.now.index + 1 : pair.now.index + 6]:
        if other.unit != last.unit or page.sentence_of(other) != page.sentence_of(last):
            break
        joint = page.text[last.end : other.start]
        listed = (
            re.match("[、和]|以及", joint) is not None
            and bool(other.whens)
            and (
                "依次" in page.text[pair.base.end : pair.now.start]
                or re.fullmatch("[、和](?:20\\d\\d年|[一二三四]季度|\\d{1,2}月份?)的?", other.lead) is not None
            )
        )
        if not (_AGAIN_RE.search(other.lead) or listed):
            break
        last = other
    return pair if last is pair.now else Pair(pair.base, last)


def _to_word(now: Mention) -> str:
    match = _TO_RE.search(now.lead)
    return match["word"] if match else ""


def check_direction(page: Page, pair: Pair) -> list[Claim]:
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


def changes_behind(page: Page, pair: Pair) -> list[Mention]:
    """Return what behind 由A至B says by how much it changed: the next quantities while they have no other subject."""
    found: list[Mention] = []
    for other in page.mentions[pair.now.index + 1 : pair.now.index + 5]:
        if (
            other.unit in ("年", "个月")
            and re.match("累计|来|间|共|合计|期间", other.tail)
            and other.unit != pair.now.unit
        ):
            # 两年累计缩短13天: how long it took, and no change.
            continue
        if (
            page.sentence_of(other) != page.sentence_of(pair.now)
            or page.clause_of(other).segment != page.clause_of(pair.now).segment
        ):
            break
        match = change_of(other)
        quarter = re.search("[比较](?P<when>[一二三四]季度|1?\\d月份?)", other.lead)
        based = quarter is not None and quarter["when"] in pair.base.lead
        if (
            match is None
            or (quarter is not None and not based)
            or (own_subject(match) and not based and not _same_subject(own_subject(match), pair))
            or OTHER_BASE_RE.search(other.lead)
        ):
            break
        if page.clause_of(other).index - page.clause_of(pair.now).index > 2 or _TO_RE.search(other.lead):
            break
        if any(other.kin == earlier.kin for earlier in found) or _other_year(page, pair, other):
            break
        found.append(other)
    if _several_steps(page, pair):
        found = [change for change in found if not change.is_count]
    return found


def changes_before(page: Page, pair: Pair) -> list[Mention]:
    """Return what right before 由A至B says by how much it changed: ``同比增加36件，增幅25%，由…增加到…``."""
    found: list[Mention] = []
    clause = page.clause_of(pair.base)
    if page.text[clause.start : pair.base.start] != pair.base.lead or not pair.base.lead.startswith(("由", "从")):
        return []
    for index in range(pair.base.index - 1, max(-1, pair.base.index - 3), -1):
        other = page.mentions[index]
        match = change_of(other)
        # 办公经费压缩了三分之一，由…: there the subject stands before.
        if (
            match is None
            or (own_subject(match) and (found or other.index != pair.base.index - 1))
            or page.sentence_of(other) != clause.sentence
            or (OTHER_BASE_RE.search(other.lead) and (pair.base.whens or not re.search("[比较]年初", other.lead)))
        ):
            break
        if clause.index - page.clause_of(other).index > len(found) + 1 or any(other.kin == m.kin for m in found):
            break
        found.append(other)
    return found


def _several_steps(page: Page, pair: Pair) -> bool:
    """Tell whether what was added and what was taken away are told apart, so that neither is the difference."""
    alike = [
        m for m in page.mentions[pair.now.index + 1 : pair.now.index + 4]
        if m.unit == pair.now.unit and page.clause_of(m).segment == page.clause_of(pair.now).segment
    ]  # fmt: skip
    return len(alike) > 1 or any(re.search("新建|新设|删|撤|取消|合并", m.lead) for m in alike)


def _other_year(page: Page, pair: Pair, change: Mention) -> bool:
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


def _same_subject(own: str, pair: Pair) -> bool:
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


def check_yearly(page: Page, pair: Pair) -> Claim | None:
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


def check_doubled(page: Page, pair: Pair) -> Claim | None:
    match = _DOUBLE_RE.search(page.text, pair.now.end, pair.now.end + 24)
    if match is None or re.search("[。；]", page.text[pair.now.end : match.start()]) or pair.base.amount <= 0:
        return None
    times = Decimal({"一": 2, "两": 4, "二": 4, "三": 8, "四": 16}[match["n"] or "一"])
    actual = pair.now.amount / pair.base.amount
    reason = f"{stated(pair.now)}÷{stated(pair.base)}={plain(actual)}，{match[0]}应为{times}倍"
    verdict = _judge_doubled(page, match, actual, times)
    return claim(page, "multiple", verdict, reason, _from_place(pair.base), match.end(), [pair.base, pair.now])


def _judge_doubled(page: Page, match: re.Match[str], actual: Decimal, times: Decimal) -> Verdict:
    more = page.text[match.end() : match.end() + 2].startswith(("多", "以上", "有余")) or page.text[
        max(0, match.start() - 2) : match.start()
    ].endswith(("超过", "超", "近", "约", "几乎", "接近"))
    if times * Decimal("0.93") <= actual <= times * Decimal("1.15") or (more and times <= actual):
        return Verdict.CONSISTENT
    if actual < times * Decimal("0.85") or (actual >= times * Decimal("1.4") and not more):
        return Verdict.CONTRADICTORY
    return Verdict.UNCHECKABLE


def check_doublings(page: Page) -> list[Claim]:
    """Return the claims about ``176户，比上年的44户翻了一番``."""
    claims = []
    for match in _DOUBLE_RE.finditer(page.text):
        at = bisect_left(page.mentions, match.start(), key=lambda mention: mention.start)
        if at < 2:
            continue
        now, base = page.mentions[at - 2 : at]
        behind = page.text[base.end : match.start()]
        named = re.search(r"(?:比|较|是|在)(?:上年|去年|20\d\d年|年初|上年同期|去年同期)(?:同期)?的?$", base.lead)
        if (
            named is None
            or now.kin != base.kin
            or page.clause_of(now).segment != page.clause_of(base).segment
            or base.clause - now.clause > 1
            or re.fullmatch("[一-龥（]{0,6}", behind) is None
            or base.amount <= 0
        ):
            continue
        times = Decimal({"一": 2, "两": 4, "二": 4, "三": 8, "四": 16}[match["n"] or "一"])
        actual = now.amount / base.amount
        reason = f"{stated(now)}÷{stated(base)}={plain(actual)}，{match[0]}应为{times}倍"
        verdict = _judge_doubled(page, match, actual, times)
        claims.append(claim(page, "multiple", verdict, reason, now.start, match.end(), [base, now]))
    return claims
