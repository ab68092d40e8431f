"""Differences and products that the sentence spells out: ``送审…，审定…，核减…``, ``每人800元``."""

from __future__ import annotations

import re
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import Passage, claim, passages, plain, same_unit, stated
from zhenggai.figures.rounding import judge
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES, in_base

_LESS_RE = re.compile(
    r"(?:核减|审减|节约|节省|节支|超概算|超预算|超支|超概|超出合同价|超合同价|差额为?|相差|缺口|净增|净减|盘亏|盘盈|短缺|差异|结余|节余)(?:工程款|工程造价|造价|资金|金额|投资|财政资金)?(?:共|约|达|了)*$"
)
_PAIR_RE = re.compile(
    "送审|审定|概算|决算|预算|中标|控制价|结算|报审|合同价|实际|招标|账面|账载|收入|支出|募集|筹集|到位|使用|支付|盘点|实盘|实有|应|实"
)
_EACH_RE = re.compile(
    r"每(?P<per>[人名户家个所村件亩吨场次])(?:人|学生|党员|乡镇|企业|项目)?(?:一次性)?(?:给予)?(?:发放|补助|补贴|奖励|给予|资助|慰问金|补偿|奖补|收取|缴纳)?(?:标准)?(?:为)?$"
)
_YIELD_RE = re.compile(r"(?:亩产|单产|亩均产量|平均亩产)(?:达到?|为)?$")
_TOTAL_RE = re.compile("发放|补助|补贴|奖励|慰问|资助|共|兑付|兑现|资金|合计|补偿|支出|收取|缴纳|奖补")
_PER = {
    "亩": ("亩", "万亩"),
    "吨": ("吨", "万吨"),
    "场": ("场", "场次"),
    "次": ("次",),
    "人": "人名位",
    "名": "人名位",
    "户": "户",
    "家": "家个",
    "个": "个家",
    "所": "所",
    "村": "个",
    "件": "件起",
}


def check_difference(page: Page) -> list[Claim]:
    """Return the claims about differences and products."""
    claims = check_over(page)
    for passage in passages(page):
        for mention in passage.mentions:
            found = (
                _difference(page, passage, mention)
                or _product(page, passage, mention)
                or _left_out(page, mention)
                or _lacking(page, mention)
            )
            if found is not None:
                claims.append(found)
    return claims


_LEFT_OUT_RE = re.compile("(?:排除|剔除|扣除|去除|核减|撤回)[一-龥]{0,8}$")
_REMAINS_RE = re.compile("(?:实际|剩余|有效|净|其余)[一-龥]{0,6}$")
_OVER_RE = re.compile("(?:超额|超|多)(?:完成)?(?:了)?$")


_DUE_RE = re.compile("应(?!急|用|对|邀|诉|当)|编制|核定|计划|定员|额定")
_GOT_RE = re.compile("已|实(?!施|行|验|践|事|名)|在编|在岗|到位")
_LACKS_RE = re.compile(
    "欠收|欠缴|少缴|短收|空编|缺编|缺额|缺口|空缺|缺岗|请假|缺席|缺勤|未到|差额|未到位|欠拨|欠付|缺员"
)


_OVER_RATE_RE = re.compile(
    "(?:超出?(?P<of>概算|预算|计划|合同价|定额|投资|限额)(?:比例|幅度|率)?|(?P<gain>溢价|增值|超支)(?:率|比例|幅度))(?:为|达到?|约|了)?$"
)


def check_over(page: Page) -> list[Claim]:
    """Return the claims about how far a plan was passed: ``概算1.2亿元，决算1.32亿元，超概算10%``."""
    claims = []
    for shown in page.mentions:
        match = _OVER_RATE_RE.search(shown.lead) if shown.unit == "%" and not shown.qualifier else None
        if match is None:
            continue
        here = page.clause_of(shown).segment
        near = [
            m
            for m in page.mentions[max(0, shown.index - 4) : shown.index + 3]
            if m.is_count and page.clause_of(m).segment == here and not m.is_change
        ]
        if len(near) != 2 or near[0].kin != near[1].kin:
            continue
        wanted = match["of"] or "账面|评估|底价|起拍|预算|概算|计划"
        bases = [m for m in near if re.search(wanted, m.lead)]
        if len(bases) != 1 or bases[0].low <= 0:
            continue
        base, now = bases[0], next(m for m in near if m is not bases[0])
        actual = (now.amount - base.amount) * 100 / base.amount
        low, high = (now.low / base.high - 1) * 100, (now.high / base.low - 1) * 100
        verdict = judge(low, high, shown.value, shown.quantity.step, "", actual)
        words = f"({stated(now)}-{stated(base)})÷{stated(base)}={plain(actual)}%，文中为{shown.quantity.text}"
        claims.append(
            claim(page, "growth", verdict, words, shown.start - len(shown.lead), shown.end, [base, now, shown])
        )
    return claims


def _lacking(page: Page, lack: Mention) -> Claim | None:
    """Judge ``应收860万元，实收817万元，欠收43万元`` and ``5人请假，应到42人，实到37人``."""
    named = _LACKS_RE.search(lack.lead) or re.match("[一-龥]{0,3}(?:因[一-龥]{1,6})?(?:请假|缺席|缺勤|未到)", lack.tail)
    if not named or lack.qualifier or not lack.is_count:
        return None
    here = page.sentence_of(lack)
    alike = [
        m for m in page.mentions[max(0, lack.index - 4) : lack.index + 5]
        if m is not lack and page.sentence_of(m) == here and same_unit(m, lack) and m.is_count
    ]  # fmt: skip
    due = [m for m in alike if _DUE_RE.search(m.lead)]
    got = [m for m in alike if _GOT_RE.search(m.lead) and m not in due]
    if len(due) != 1 or len(got) != 1 or len(alike) > 3 or any(m.qualifier for m in (*due, *got)):
        return None
    if len(alike) == 3 and re.search(
        "其中|因|事假|病假|公假", page.text[min(m.start for m in alike) : max(m.end for m in alike)]
    ):
        return None
    actual = due[0].amount - got[0].amount
    if actual < 0 or re.search("累计|上年|往年|历年", page.text[page.clause_of(due[0]).start : lack.start]):
        return None
    low, high = due[0].low - got[0].high, due[0].high - got[0].low
    verdict = judge(low, high, lack.amount, in_base(lack.quantity.step, lack.unit), "", actual)
    words = f"{stated(due[0])}-{stated(got[0])}={plain(actual / in_base(Decimal(1), lack.unit), 4)}，文中为{lack.quantity.text}"
    operands = [due[0], got[0], lack]
    start, end = min(m.start for m in operands), max(m.end for m in operands)
    return claim(page, "growth", verdict, words, start, end, operands)


def _left_out(page: Page, left: Mention) -> Claim | None:
    """Judge ``线索264条，排除重复38条后，实际核查226条`` and ``任务120个，实际完成138个，超额完成18个``."""
    counted = [m for m in page.before(left, 4) if not m.is_ratio][:2]
    if len(counted) < 2:
        return None
    second, first = counted
    if not (same_unit(first, second) and same_unit(second, left)) or any(
        m.qualifier or m.is_ratio for m in (first, second, left)
    ):
        return None
    here = page.sentence_of(left)
    if page.sentence_of(first) != here or page.sentence_of(second) != here or not left.is_count:
        return None
    if _LEFT_OUT_RE.search(second.lead) and _REMAINS_RE.search(left.lead):
        actual = first.amount - second.amount
        words = f"{stated(first)}-{stated(second)}={plain(actual / in_base(Decimal(1), left.unit))}"
    elif (
        _OVER_RE.search(left.lead)
        and re.search("任务|计划|目标", first.lead + page.text[max(0, first.start - 12) : first.start])
        and "完成" in left.lead
    ):
        actual = second.amount - first.amount
        words = f"{stated(second)}-{stated(first)}={plain(actual / in_base(Decimal(1), left.unit))}"
    else:
        return None
    verdict = Verdict.CONSISTENT if left.low <= actual <= left.high else Verdict.CONTRADICTORY
    return claim(
        page,
        "growth",
        verdict,
        f"{words}，文中为{left.quantity.text}",
        left.start - len(left.lead),
        left.end,
        [first, second, left],
    )


def _difference(page: Page, passage: Passage, less: Mention) -> Claim | None:
    if not less.is_count or not _LESS_RE.search(less.lead):
        return None
    segment = page.clause_of(less).segment
    others = [
        m for m in passage.mentions
        if m is not less and m.is_count and same_unit(m, less) and page.clause_of(m).segment == segment and not _LESS_RE.search(m.lead)
    ]  # fmt: skip
    if (
        len(others) != 2
        or not all(_PAIR_RE.search(m.lead) for m in others)
        or any(m.qualifier for m in (*others, less))
    ):
        return None
    first, second = others
    if re.search("结余|节余", less.lead):
        stretch = page.text[max(0, page.clause_of(first).start - 60) : less.end].rpartition("。")[2]
        if re.search("上年|年初|结转|累计", stretch) or not (
            re.search("收入|募集|筹集|到位|拨入", first.lead) and re.search("支出|使用|支付", second.lead)
        ):
            return None
    low = min(abs(a - b) for a in (first.low, first.high) for b in (second.low, second.high))
    high = max(abs(a - b) for a in (first.low, first.high) for b in (second.low, second.high))
    actual = abs(first.amount - second.amount)
    step = in_base(less.quantity.step, less.unit)
    verdict = judge(low, high, less.amount, step, less.qualifier, actual)
    words = f"{first.quantity.text}与{second.quantity.text}相差{plain(actual / in_base(Decimal(1), less.unit), 4)}{less.unit}，文中为{less.quantity.text}"
    return claim(page, "growth", verdict, words, less.start - len(less.lead), less.end, [first, second, less])


def _product(page: Page, passage: Passage, each: Mention) -> Claim | None:
    """Judge ``困难党员136名，发放慰问金8.16万元，每人800元`` and ``面积63万亩，亩产425公斤，总产26.8万吨``."""
    match = _EACH_RE.search(each.lead)
    grown = _YIELD_RE.search(each.lead) if each.kin == "mass" else None
    if ((match is None or each.kin != "money") and grown is None) or each.qualifier or each.quantity.upper is not None:
        return None
    here = [m for m in passage.mentions if page.sentence_of(m) == page.sentence_of(each) and m is not each]
    if grown is not None:
        counts, factor = [m for m in here if m.kin == "area" and m.is_count], MEASURES["亩"][1]
        totals = [m for m in here if m.kin == "mass"]
    elif match is not None:
        counts, factor = [m for m in here if m.unit in _PER[match["per"]] and m.is_count], Decimal(1)
        totals = [m for m in here if m.kin == "money" and _TOTAL_RE.search(m.lead)]
        if sum(1 for m in here if m.kin == "money") != 1:
            return None
    if len(counts) != 1 or len(totals) != 1 or counts[0].qualifier or totals[0].qualifier:
        return None
    if totals[0].is_change or counts[0].is_change or totals[0].amount <= each.amount:
        return None
    count, total = counts[0], totals[0]
    actual = count.amount / factor * each.amount
    low, high = count.low / factor * each.low, count.high / factor * each.high
    if match is not None:
        low = high = actual
    agrees = low <= total.high and total.low <= high
    near = abs(actual - total.amount) * 3 <= total.amount
    if not agrees and not near:
        return None
    verdict = Verdict.CONSISTENT if agrees else Verdict.CONTRADICTORY
    words = f"{count.quantity.text}×{each.quantity.text}={plain(actual / in_base(Decimal(1), total.unit), 4)}{total.unit}，文中为{total.quantity.text}"
    start = min(each.start - len(each.lead), total.start, count.start)
    return claim(page, "average", verdict, words, start, max(m.end for m in (each, total, count)), [count, total, each])
