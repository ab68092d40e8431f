"""A rate beside just two counts of one kind, one due and one done: ``完成率92.3%，应完成52项，实际完成48项``.

Where the words before the counts do not do what the rate is a rate of (``rates``), their roles may still tell: what was due,
planned, given or there, and what of it was done. Two counts that stand together are the pair, before the rate or behind it.
"""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, judge_ratio, led, pairs_of, ratio_bounds
from zhenggai.figures.relations.division import division_in_words
from zhenggai.figures.shapes import Claim, Verdict

_DUE_RE = re.compile(
    "到位|(?<![供相反响适效对回])应(?!急|用|对|邀|诉)|计划|任务|目标|预算|总[数量额面]|总|共|全部|下达|安排|送审|年初|原有|存量|结[转余]|合同|账面|申报|核定|需|拟|批复|可用|额度|收到|受理|接到|发出|发放"
    "|排查|发现|涉及|登记|存在|现有|在册|辖|录取|招录|参加|报名|抽查|检测|调查|到账|征集|认定|纳入|欠|报送|申请|合同额"
)
_DONE_RE = re.compile(
    "已|实(?!施|行|验|践|事|名)|完成|执行|支付|支出|办结|核减|节约|节支|节余|审减|化解|消化|盘活|清收|收回|追回|追缴|退还|到位|拨付|使用|通过|签约|签订|入住|报到|到会|到场|出席|回收|整改|治理|销号|兑付|兑现|清偿|偿还|安置|改造|接种|建成|开工"
    "|竣工|投产|核查|检查|走访|覆盖|公开|录入|上报|审结|结案|答复|采纳|合格|达标|满意|成活|就业|转化|利用|处置|处理|清退|拆除|参训|参会|提前|按时|按期|及时"
)
_LEFT_RE = re.compile("未|尚|剩|(?<!结)余(?!额)|不(?!动产)|缺|仍|还有|正在|待")
_WHOLE_RE = re.compile("送审|总[数量额]|计划|任务|预算|应(?!急|用)|全部|共有?$|受理|合同")
_FOREIGN_RE = re.compile(
    "满意|知晓|合格|优良|优秀|准确|好评|成功|服判|息诉|达标|就业|增长|利[率润]|税|费|失业|负债|毛利|差错|增速|同比|参与|发案|死亡|出生|城镇化|绿化|普及|森林|贡献|回报|收益|中签|换手|发病|入学|升学"
)
_OTHER_BASE_RE = re.compile("均|都|平均|分别|全[国省市县]平均|力争|目标|不低于|计划达|上年|去年|同期|其中")
_BY = (
    (re.compile("金额|资金|款额"), ("money",)), (re.compile("人"), ("people", "人次")), (re.compile("件|起数"), ("cases",)),
    (re.compile("户数|家数|户|个数|处数|项数"), ("bodies",)), (re.compile("笔"), ("笔",)), (re.compile("套"), ("套",)), (re.compile("宗数"), ("宗", "宗地")), (re.compile("面积"), ("area",)), (re.compile("份数|卷数|篇数"), ("papers",)),
)  # fmt: skip
"""By what a rate is reckoned, and the kinds of counts that are meant."""
_NAMES = "金额|资金|款额|人数|人次|件数|案件数|起数|户数|家数|个数|处数|项数|套数|宗数|笔数|面积|份数|卷数|篇数"
_BY_RE = re.compile(
    f"(?:按|以)[一-龥]{{0,3}}?(?P<by>{_NAMES}|[人件户笔套](?=计|数|统计|口径))|(?P<of>{_NAMES})[一-龥]{{2,4}}(?:率|比例)"
)
_PLACES_RE = re.compile("床位|座位|客位|铺位")
_FARTHEST = 30
"""How many per cent a rate may be off and still be of this pair."""


def reckoned_by(words: str) -> tuple[str, ...]:
    """Return the kinds of counts that ``按金额计`` and the like before a rate name, or nothing."""
    match = _BY_RE.search(words)
    return next((kinds for pattern, kinds in _BY if pattern.search(match["by"] or match["of"])), ()) if match else ()


def is_meant(mention: Mention, kinds: tuple[str, ...]) -> bool:
    """Tell whether *mention* is of one of *kinds* that a rate is reckoned by."""
    return mention.kin in kinds or mention.unit in kinds


def check_paired(page: Page, shown: Mention, core: str, start: int, by: str = "") -> Claim | None:
    """Judge the rate *shown* by the only two counts of one kind beside it; nothing when there are no such."""
    if _OTHER_BASE_RE.search(shown.lead) or shown.quantity.upper is not None:
        return None
    clause = page.clause_of(shown)
    beside: dict[str, list[Mention]] = {}
    for other in page.mentions[max(0, shown.index - 8) : shown.index + 8]:
        if page.clause_of(other).segment == clause.segment and other.is_count and not other.is_change:
            beside.setdefault(other.kin + (other.unit if other.kin == "bodies" else ""), []).append(other)
    if by and not reckoned_by(by):
        return None
    wanted = reckoned_by(by or page.text[max(clause.start, shown.start - len(shown.lead)) : shown.start])
    pairs = []
    if "其中" in page.text[shown.end : shown.end + 6]:
        return None
    for counts in beside.values():
        if wanted and not is_meant(counts[0], wanted):
            continue
        pair = _pair(page, shown, core, counts, named=bool(wanted))
        if pair is not None:
            pairs.append(pair)
    pairs = pairs or _places(page, shown, core)
    if not pairs:
        return None
    tried = []
    for whole, part in pairs:
        low, actual, high = ratio_bounds([part], [whole])
        tried.append((judge_ratio(shown, low, actual, high), whole, part, actual))
    good = next((item for item in tried if item[0] in (Verdict.CONSISTENT, Verdict.TRUNCATED)), None)
    verdict, whole, part, actual = good or tried[0]
    if verdict is Verdict.CONTRADICTORY and abs(actual - shown.amount) > _FARTHEST:
        return None
    reason = division_in_words(shown, [part], [whole], actual)
    return claim(page, "rate", verdict, reason, start, shown.end, [whole, part, shown])


def _places(page: Page, shown: Mention, core: str) -> list[tuple[Mention, Mention]]:
    """Return the places and who took them: ``床位1500张，入住老人630人，入住率42%``."""
    if not re.search("入住|使用|上座|占用", core):
        return []
    near = [m for m in page.before(shown, 4) if page.clause_of(m).segment == page.clause_of(shown).segment]
    places = [m for m in near if _PLACES_RE.search(m.label) and m.unit in ("张", "个", "张床位", "床位")]
    taken = [m for m in near if re.search("入住|在住|收住|占用|使用", m.lead) and m not in places and m.is_count]
    return [(places[0], taken[0])] if len(places) == len(taken) == 1 and places[0].index < taken[0].index else []


def _pair(
    page: Page, shown: Mention, core: str, counts: list[Mention], *, named: bool
) -> tuple[Mention, Mention] | None:
    """Return what was due and what was done of *counts*, when they are just these two and the rate is of them."""
    if len(counts) != 2 or any(m.qualifier or m.quantity.upper is not None for m in counts):
        return None
    if not (counts[1].index < shown.index or counts[0].index > shown.index):
        return None
    first, second = counts
    if "支" in core and "收入" in first.lead:
        return None
    words = [led(page, m) for m in counts]
    if second.amount >= first.amount and _WHOLE_RE.search(words[1]) and not _DUE_RE.search(words[0]):
        # 核减268万元，送审2680万元: the whole may follow.
        first, second, words = second, first, words[::-1]
    if _LEFT_RE.search(words[1][-8:]) or _LEFT_RE.search(words[0][-4:]) or "其中" in words[1]:
        return None
    planned = re.search("应(?!急|用)|计划|任务|目标|预算", words[0]) is not None
    if not _DONE_RE.search(words[1]) or not (_DUE_RE.search(words[0]) or named) or first.low <= 0:
        return None
    if second.amount > first.amount and not planned:
        return None
    shared = any(pair in words[1] + second.tail for pair in pairs_of(core)) or (len(core) == 1 and core in words[1])
    if _FOREIGN_RE.search(core) and not shared:
        return None
    shared = shared or (core == "进度" and re.search("已|支出|完成|拨付|支付", words[1]) is not None)
    owed = planned and re.search("已|实|完成", words[1]) is not None
    behind = first.index > shown.index
    near = shown.clause - counts[1].clause <= 2 if not behind else counts[0].clause - shown.clause <= 2
    if not near or not (shared or (owed and (behind or _GENERAL_RE.search(core) or _same_act(core, words)))):
        return None
    return first, second


_GENERAL_RE = re.compile("完成|执行|支付|支出|到位|兑现|落实|使用|实现|达成|进度|履约|覆盖|参[训会加检]|出席|到会|^$")


def _same_act(core: str, words: list[str]) -> bool:
    """Tell whether 应检, 实检 do what 检查率 is a rate of: they share a character of it."""
    match = re.search("应(?P<act>[一-龥])", words[0])
    return match is not None and match["act"] in core
