"""Rates that are named by what is divided and not by an act: 资产负债率, 产销率, 净利率, 产销差率, 结案率 of old and new cases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, judge_ratio, ratio_bounds
from zhenggai.figures.relations.division import division_in_words
from zhenggai.figures.shapes import Claim

_FORMULAS: tuple[tuple[str, str, str, bool], ...] = (
    ("资产负债率", "负债(?:总额|合计)?", "资产(?:总额|合计)?", False),
    ("产销率", "销售?量|销量|售量", "产量", False),
    ("产销差率|漏损率", "售水?量|售量", "供水?量|供量", True),
    ("营业收入利润率|销售利润率|营收利润率", "利润(?:总额)?", "营业收入|营收|销售收入|收入", False),
    ("净利率|净利润率", "净利润", "营业收入|营收|销售收入|收入", False),
    ("毛利率", "毛利润?", "营业收入|营收|销售收入|收入", False),
    ("城镇化率", "城镇(?:常住)?人口|城镇化人口", "常住人口|总人口", False),
    ("上线率", "上线(?:人数)?", "参加(?:高考|考试)?|考生|报考|应考", False),
    ("回收率|回款率", "回款|收回", "账面原值|原值|应收[一-龥]{0,4}", False),
    ("不良率|不良贷款率", "不良贷款(?:余额)?", "(?<!不良)贷款(?:余额|总额)", False),
    ("存贷比|贷存比", "贷款(?:余额|总额)?", "存款(?:余额|总额)?", False),
    ("追赃挽损率|追赃率|挽损率", "追回|挽回|追缴", "涉案金额|涉案资金|涉案款|损失", False),
    ("绿地率|绿化率", "绿地面积|绿化面积", "总面积|用地面积", False),
)
"""The rate, the words right before what is divided and before what it is divided by, and whether the rest is meant."""
_NOISE = "(?:共计|合计|累计|总计|共|达到?|为|约|完成|实现)*"


def check_named_rate(page: Page, shown: Mention, start: int) -> Claim | None:
    """Judge a rate whose name tells both of its terms; nothing when the sentence does not give each just once."""
    words = page.text[max(page.clause_of(shown).start, shown.start - 24) : shown.start]
    formula = next((item for item in _FORMULAS if re.search(f"(?:{item[0]})[一-龥]{{0,3}}$", words)), None)
    if formula is None or shown.quantity.upper is not None:
        return None
    here = page.sentence_of(shown)
    near = [
        m for m in page.mentions[max(0, shown.index - 6) : shown.index + 5]
        if page.sentence_of(m) == here and m.is_count and not m.is_change and not m.qualifier
    ]  # fmt: skip
    above, below = _named(near, formula[1]), _named(near, formula[2])
    if len(above) != 1 or len(below) != 1 or above[0] is below[0] or above[0].kin != below[0].kin:
        return None
    part, whole = above[0], below[0]
    low, actual, high = ratio_bounds([part], [whole])
    if formula[3]:
        low, actual, high = 100 - high, 100 - actual, 100 - low
    if low < 0:
        return None
    verdict = judge_ratio(shown, low, actual, high)
    reason = division_in_words(shown, [part], [whole], actual, formula[3])
    return claim(page, "rate", verdict, reason, start, shown.end, [part, whole, shown])


def _named(near: Sequence[Mention], words: str) -> list[Mention]:
    return [m for m in near if re.search(f"(?:{words}){_NOISE}$", m.lead)]


def old_and_new(part: Mention, counts: Sequence[Mention]) -> list[list[Mention]]:
    """Return the old stock and the new together, as what was to be done: ``旧存1204件，新收9873件，审执结10016件``."""
    old = [
        m for m in counts if re.search("旧存|上年(?:结转|未结|旧存)|年初存|结转|存案", m.lead) and m.index < part.index
    ]
    new = [
        m for m in counts if re.search("新收|新受理|新立|新接|受理", m.lead) and m.index < part.index and m not in old
    ]
    if len(old) != 1 or len(new) != 1 or old[0].kin != part.kin or new[0].kin != part.kin:
        return []
    return [[old[0], new[0]], [new[0]]]
