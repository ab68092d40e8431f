"""Averages: ``案均1.17万元``, ``人均办案25件``, ``平均每场80人``, ``月均``."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import abbreviates, claim, plain, same_unit, stated, touches
from zhenggai.figures.rounding import best, judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES, in_base

_PER = {
    "案": "件起宗案例", "件": "件起宗案例项份", "人": "人名位人次", "名": "人名位人次", "位": "人名位", "户": "户家", "家": "家户个所处", "企": "家户", "场": "场次期", "次": "次场", "亩": "亩",
    "村": "个村", "院": "个家院所", "校": "所个家", "篇": "篇", "份": "份", "班": "个班", "起": "起件", "个": "个项家处所", "所": "所个家", "辆": "辆", "台": "台", "项": "项个", "条": "条",
    "笔": "笔", "单": "单件", "县": "个县", "镇": "个镇", "社区": "个", "处": "处", "套": "套", "天": "天日", "日": "天日", "宗": "宗", "批": "批", "座": "座", "栋": "栋", "组": "组个", "期": "期", "轮": "轮", "队": "队支个", "站": "个家座站", "局": "个家", "乡": "个", "街": "个", "店": "家个", "馆": "个家座", "园": "个所家", "桥": "座", "井": "口个眼", "库": "座个", "生": "名人", "师": "名人", "床": "张",
}  # fmt: skip
_UNITS = "案件人名位户家场次期亩村院校企篇份班起个所辆台项条笔处县镇天日宗批座栋组轮队支套度吨株只头床口间部枚站局乡街店馆园桥井库生师"
_AVERAGE_RE = re.compile(
    rf"(?:(?P<short>[{_UNITS}])均|平均每(?:一)?(?P<per>[{_UNITS}])次?|每(?P<per2>[{_UNITS}])[一-龥]{{0,8}}平均)(?P<what>[一-龥]{{0,14}})$"
)
_MONTHLY_RE = re.compile(r"(?:月均|平均每月|每月平均)(?P<what>[一-龥]{0,12})$")
_WHAT_NOISE_RE = re.compile("约|近|为|达到?|超过?|的|了|可|各|均|仅|平均|有|至|数|量")


def check_averages(page: Page) -> list[Claim]:
    """Return the claims about averages."""
    claims = check_each(page)
    for mention in page.mentions:
        if not mention.is_count and mention.kin not in ("times",):
            continue
        daily = _check_daily(page, mention)
        if daily is not None:
            claims.append(daily)
            continue
        match = _AVERAGE_RE.search(mention.lead)
        if match:
            per = match["short"] or match["per"] or match["per2"]
            found = _check(page, mention, _PER.get(per, per), match["what"], match[0])
            if found is not None:
                claims.append(found)
            continue
        monthly = _MONTHLY_RE.search(mention.lead)
        if monthly:
            found = _check_monthly(page, mention, monthly["what"], monthly[0])
            if found is not None:
                claims.append(found)
    return claims


def _check(page: Page, shown: Mention, per: str, what: str, words: str) -> Claim | None:
    start = shown.start - len(words)
    here = page.sentence_of(shown)
    earlier = page.before(shown, 24)
    near = [m for m in earlier if page.sentence_of(m) == here and not m.is_change]
    wholes = [
        m for m in near if _summed_as(m, shown) and m.is_count and m.amount >= shown.amount and not _is_average(m)
    ]
    divisors = [m for m in near if _counts(m, per) and m.is_count and not _is_average(m) and m.kin != "heading"]
    after = [
        m
        for m in page.mentions[shown.index + 1 : shown.index + 4]
        if page.clause_of(m).segment == page.clause_of(shown).segment and not m.is_change
    ]
    if not divisors or shown.unit in per:
        divisors += [m for m in after if _counts(m, per) and m.is_count and not _is_average(m)]
    if not wholes or any(re.search("共|合计", m.lead) for m in after):
        wholes += [
            m for m in after if _summed_as(m, shown) and m.is_count and m.amount >= shown.amount and not _is_average(m)
        ]
    each = re.match("[一-龥]{2,6}?(?=的|平均|约|有|为|$)", what)
    if set(per) & set("个家项处") and each is not None and len(divisors) > 0:
        # 平均每个家庭户: of households, and not of the 31 provinces.
        meant = [
            m
            for m in divisors
            if touches(each[0], m.tail[: len(each[0]) + 2]) or m.lead.endswith(each[0][-2:]) or each[0][-1] == m.unit
        ]
        others = [m for m in near if m.unit == each[0][-1] and m.is_count and m not in divisors]
        divisors = meant or others or divisors
    what = _WHAT_NOISE_RE.sub("", what)
    before = page.text[max(0, shown.start - 300) : start]
    of_these = any(set(what) & set(m.lead[-4:] + m.tail[:4]) for m in divisors)
    tied = bool(wholes and divisors) and (not what or of_these or any(touches(what, m.label) or abbreviates(what, m.label) for m in wholes) or
                                          (len(wholes) == 1 and touches(what, before.rpartition("。")[2])))  # fmt: skip
    if len(wholes) == 1 and len(divisors) == 1 and what in ("消费", "花费"):
        # 接待86.4万人次，旅游收入5.18亿元，人均消费600元
        tied = True
    wholes += [
        m for m in earlier if same_unit(m, shown) and m.is_count and m not in wholes and m.amount >= shown.amount
    ]
    divisors += [m for m in earlier if _counts(m, per) and m.is_count and m not in divisors]
    if re.search("[月日季周]$", shown.lead[: len(shown.lead) - len(words)]) or re.search(
        "每[月日年季周]|[月日]", words
    ):
        # 月人均: divided by the months too, which the text seldom says plainly.
        tied = False
    if re.match(
        r"[^。；]{0,6}(?:按|每)[月季周日学]|（[^）]{0,6}(?:[月季周日]|学期)", page.text[shown.end : shown.end + 16]
    ):
        # 人均75元（按月计）: of how many months, is not told.
        tied = False
    mine = page.clause_of(shown).segment
    who = page.text[max(page.clause_of(shown).start, start - 6) : start]
    if wholes and not any(
        page.clause_of(m).segment == mine or (len(what) > 1 and touches(what, m.label)) for m in wholes
    ):
        tied = False
    if divisors and not any(
        page.clause_of(m).segment == mine or (len(who) >= 2 and touches(who[-2:], m.label)) for m in divisors
    ):
        # 不起诉860人；结案2.5万件，法官人均…: of how many judges, is not told.
        tied = False
    if divisors and all("其中" in page.text[m.end : shown.start] for m in divisors):
        # 其中制造业1.8亿元，户均…: of how many, is not told.
        tied = False
    tried = []
    for whole in wholes[:12]:
        for divisor in divisors[:12]:
            if whole is divisor or divisor.low <= 0:
                continue
            scale = divisor.amount / _size(divisor) if divisor.amount else Decimal(1)
            low, high = whole.low * scale / divisor.high, whole.high * scale / divisor.low
            verdict = judge(
                low,
                high,
                shown.amount,
                in_base(shown.quantity.step, shown.unit),
                shown.qualifier,
                whole.amount / _size(divisor),
            )
            tried.append((verdict, whole, divisor))
    if not tried:
        return claim(
            page, "average", Verdict.UNCHECKABLE, "文中没有写明平均数的总数或个数。", start, shown.end, [shown]
        )
    verdict = best([item[0] for item in tried])
    many = len({m.amount for m in wholes}) > 3 or len({m.amount for m in divisors}) > 3
    if verdict in (Verdict.CONTRADICTORY, Verdict.TRUNCATED) and (not tied or many):
        return claim(
            page, "average", Verdict.UNCHECKABLE, "文中没有写明平均数的总数或个数。", start, shown.end, [shown]
        )
    _verdict, whole, divisor = next(item for item in tried if item[0] is verdict)
    if verdict is Verdict.TRUNCATED and (whole.qualifier or divisor.qualifier):
        # 约12万名: what is divided by about so many is not cut off.
        verdict = Verdict.CONSISTENT
    actual = whole.amount / _size(divisor) / in_base(Decimal(1), shown.unit)
    reason = f"{whole.quantity.text}÷{stated(divisor)}={plain(actual, 3)}{shown.unit}，文中为{shown.quantity.text}"
    if verdict is Verdict.TRUNCATED:
        reason += "，系截断"
    return claim(page, "average", verdict, reason, start, shown.end, [whole, divisor, shown])


def _counts(mention: Mention, per: str) -> bool:
    """Tell whether *mention* counts what an average is *per*: 户, and 户次."""
    unit = mention.unit.removesuffix("次") or mention.unit
    return (
        mention.unit in per
        or unit in per
        or (mention.kin in ("area", "energy", "mass") and mention.unit.lstrip("万亿") in per)
    )


def _summed_as(whole: Mention, shown: Mention) -> bool:
    """Tell whether *whole* may be the sum of what *shown* is the average of: 人次 of 次."""
    return same_unit(whole, shown) or (whole.unit == "人次" and shown.unit in ("次", "人", "名"))


def _size(mention: Mention) -> Decimal:
    """Return how many of its own measure word *mention* is: 亩 of 万亩."""
    unit = mention.unit.lstrip("万亿")
    return mention.amount / MEASURES[unit][1] if unit in MEASURES else mention.amount


def _is_average(mention: Mention) -> bool:
    return (
        _AVERAGE_RE.search(mention.lead) is not None
        or re.search("均[一-龥]{0,6}$|每[一-龥]{1,8}$", mention.lead) is not None
    )


def _check_monthly(page: Page, shown: Mention, what: str, words: str) -> Claim | None:
    start = shown.start - len(words)
    here = page.sentence_of(shown)
    near = [
        m
        for m in page.before(shown, 12)
        if page.sentence_of(m) == here and same_unit(m, shown) and m.is_count and not m.is_change
    ]
    times = [when for when in page.times if when.end <= shown.start and when.start >= shown.start - 200]
    spans = {
        when.last_month - when.month + 1
        for when in times
        if when.month and when.last_month and when.last_month >= when.month
    }
    spans |= {12 for when in times if (when.year and not when.month) or when.text in ("全年", "去年", "上年", "今年")}
    spans |= {6 for when in times if when.text in ("上半年", "下半年")}
    if len(near) != 1 or len(spans) != 1:
        return claim(page, "average", Verdict.UNCHECKABLE, "文中没有写明月数或总数。", start, shown.end, [shown])
    months = spans.pop()
    whole = near[0]
    verdict = judge(
        whole.low / months, whole.high / months, shown.amount, in_base(shown.quantity.step, shown.unit), shown.qualifier
    )
    if verdict is Verdict.CONTRADICTORY:
        verdict = Verdict.UNCHECKABLE
    actual = whole.amount / months / in_base(Decimal(1), shown.unit)
    reason = f"{whole.quantity.text}÷{months}个月={plain(actual, 3)}{shown.unit}，文中为{shown.quantity.text}"
    return claim(page, "average", verdict, reason, start, shown.end, [whole, shown])


_DAILY_RE = re.compile(r"(?:日均|平均每天|每天平均|平均每日)(?P<what>[一-龥]{0,12})$")
_WORKED = (200, 367)
"""Between how many days of a year something may have been done daily."""


def _check_daily(page: Page, shown: Mention) -> Claim | None:
    """Report ``日均清运量620吨，全年清运量31万吨``, which would take more days than a year has."""
    match = _DAILY_RE.search(shown.lead)
    if match is None or shown.qualifier or shown.quantity.upper is not None or shown.low <= 0:
        return None
    near = [*page.before(shown, 3)[::-1], *page.mentions[shown.index + 1 : shown.index + 3]]
    totals = [
        m
        for m in near
        if page.sentence_of(m) == page.sentence_of(shown)
        and same_unit(m, shown)
        and m.is_count
        and re.match("(?:20\\d\\d年)?，?全年", m.lead)
        and m.amount > shown.amount * 20
    ]
    if len(totals) != 1:
        return None
    total = totals[0]
    days = total.amount / shown.amount
    if total.high / shown.low >= _WORKED[0] and total.low / shown.high <= _WORKED[1]:
        return None
    reason = f"{total.quantity.text}÷{shown.quantity.text}={plain(days, 0)}天，与全年天数不符"
    first, last = sorted((total, shown), key=lambda m: m.index)
    return claim(
        page, "average", Verdict.CONTRADICTORY, reason, first.start - len(first.lead), last.end, [total, shown]
    )


_EACH_VERB = "配备|安排|联系|发放|设立|设置|建立|建设|选派|派驻|抽查|检查|走访|推荐"
_EACH_RE = re.compile(f"每个?(?P<noun>[一-龥]{{1,4}}?)(?:各|均)?(?:{_EACH_VERB})[一-龥]{{0,6}}$")
_EACH_BARE_RE = re.compile("每个?(?P<noun>[一-龥]{1,4}?)(?:各|均)?$")


def check_each(page: Page) -> list[Claim]:
    """Judge ``网格32个，每个网格配备网格员2名，共64名`` and ``12个乡镇36个村，每个乡镇3个村``."""
    claims = []
    for each in page.mentions:
        match = (
            (_EACH_RE.search(each.lead) or _EACH_BARE_RE.search(each.lead)) if each.is_count and each.is_exact else None
        )
        if match is None or each.kin == "money":
            continue
        near = [
            m
            for m in page.mentions[max(0, each.index - 3) : each.index + 2]
            if page.clause_of(m).segment == page.clause_of(each).segment and m is not each
        ]
        noun = match["noun"]
        counts = [
            m
            for m in near
            if m.index < each.index and (m.tail.startswith(noun) or m.lead.endswith(noun)) and m.is_exact
        ]
        behind = [
            m
            for m in near
            if m.index == each.index + 1
            and m.unit == each.unit
            and re.search("^，?(?:总?共|共计|合计|总计)(?:有|为)?$", m.lead)
            and not each.tail
        ]
        before = [
            m
            for m in near
            if m.index < each.index
            and m.unit == each.unit
            and m not in counts
            and each.tail
            and m.tail[:1] == each.tail[:1]
            and m.is_exact
        ]
        totals = behind or before
        if len(counts) != 1 or len(totals) != 1 or not totals[0].is_exact:
            continue
        count, total = counts[0], totals[0]
        actual = count.amount * each.amount
        if abs(actual - total.amount) * 2 > max(actual, total.amount):
            continue
        verdict = Verdict.CONSISTENT if actual == total.amount else Verdict.CONTRADICTORY
        reason = f"{stated(count)}×{stated(each)}={plain(actual)}，文中为{total.quantity.text}"
        operands = [count, each, total]
        start, end = min(m.start for m in operands), max(m.end for m in operands)
        claims.append(claim(page, "average", verdict, reason, start, end, operands))
    return claims
