"""Rates of an act: ``采纳率X%``, ``办结率X%``.

The numerator is the count whose words do what the rate is a rate of; the denominator an earlier count of one kind in the
sentence. 合格率 may be told by those who are 不合格.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import (
    SCOPES_RE,
    abbreviates,
    claim,
    is_past,
    judge_ratio,
    led,
    ratio_bounds,
    same_unit,
)
from zhenggai.figures.relations.division import (
    Readings,
    division_in_words,
    judged,
    percent_like,
    sentence_mentions,
    sums_ending_with,
    totals_with,
)
from zhenggai.figures.relations.named_rates import check_named_rate, old_and_new
from zhenggai.figures.relations.paired import check_paired, is_meant, reckoned_by
from zhenggai.figures.relations.standing import standing_of
from zhenggai.figures.shapes import Claim, Verdict

_RATE_NOISE_RE = re.compile(
    "问卷|调查表|测评表|样品|产品|学生|群众|企业|项目|案卷|农户|县域内?|区域内?|辖区内?|市域内?|总体|整体|综合|平均|累计|实际|案件|问题|工作|事项|任务|线索|信访件|信访|年度|目标|全部|总|的|其|上述|检察机关|法院|公安机关|行政机关|全年|目前|最终|平均|“|”|建议书|建议|数量|人数|件数|有效"
)


_SYNONYMS = (
    ("办结", "审结", "结案", "审执结", "处理完毕", "办理完毕", "办毕"), ("整改", "完成整改", "整改完成", "整改到位", "销号", "整治"), ("回复", "答复", "书面回复", "反馈"),
    ("完成", "完结", "落实"), ("组建", "成立", "设立"), ("签收", "接收"), ("到会", "参会", "到场", "出席", "实到"), ("覆盖", "纳入", "涵盖"), ("成功", "达成", "调成"), ("化解", "化解完毕", "成功化解"),
    ("执行", "支出", "拨付", "支付"), ("参学", "参训", "参加"), ("解决", "办结"), ("抽检", "检测"), ("回收", "收回"), ("起诉", "提起公诉"), ("批捕", "批准逮捕"), ("服判", "息诉"), ("追回", "追缴", "收回"), ("提前介入", "介入"),
)  # fmt: skip


_SHORT_CORES = {"不捕": "不批准逮捕", "不批捕": "不批准逮捕", "批捕": "批准逮捕", "不诉": "不起诉"}
_GRADE_RE = re.compile(
    "(?:优秀|优良|良好|合格|基本合格|不合格|一般|较差|满意|基本满意|不满意|称职|不称职)(?:等次)?的?$"
)
_LEFT_RE = re.compile(
    "(?:缺口|差额|尚欠|尚缺|剩余|其余|余下|尚有|还有|仍有|请假|缺席|缺勤|未[一-龥]{1,4}|不[一-龥]{1,4})(?:的)?$"
)
"""Words of the rest, which leaves the whole what it was."""


_STOCK_RE = re.compile("旧存|积案|上年结转|往年|历史|结转|存量|含|年前|遗留")


def check_rate(page: Page, shown: Mention, stem: str, word: str, by: str = "") -> Claim:
    """Judge a rate by the count that did what it is a rate of; or else by the only two counts beside it."""
    start = max(
        shown.start - len(shown.lead), shown.start - len(shown.lead) + shown.lead.rfind(word) - min(len(stem), 12)
    )
    if (
        re.search("出生|死亡|自然增长|发病|患病|发案|发生|犯罪|生育|结婚|离婚|失业|城镇化", stem[-4:])
        and shown.unit == "‰"
    ):
        # Of the mean of a population, which is not told.
        return claim(page, "rate", Verdict.UNCHECKABLE, "以平均人口为基数，文中没有写明。", start, shown.end, [shown])
    named = check_named_rate(page, shown, start)
    if named is not None:
        return named
    beside = page.mentions[shown.index - 1] if shown.index else None
    if (
        beside is not None
        and beside.clause == shown.clause
        and beside.is_count
        and re.match("的?[一-龥]{2,6}(?:完成|整改|办结|覆盖|达标|合格|满意)", beside.tail)
    ):
        # 9家企业完成率达到100%: the rate is of each of them.
        return claim(page, "rate", Verdict.UNCHECKABLE, "是各单位自身的比率，文中没有写明。", start, shown.end, [shown])
    found = _by_act(page, shown, stem, by, start)
    if found.verdict is Verdict.UNCHECKABLE:
        core = "进度" if word == "进度" else _rate_core(stem)
        found = check_paired(page, shown, _SHORT_CORES.get(core, core), start, by) or found
    return found


def _by_act(page: Page, shown: Mention, stem: str, by: str, start: int) -> Claim:
    core, whole_core = _rate_core(stem), _bare_stem(stem)
    core = _SHORT_CORES.get(core, core)
    counts = [
        m for m in sentence_mentions(page, shown)
        if m.is_count and not m.is_change and not is_past(m) and m.index != shown.index
    ]  # fmt: skip
    wanted = reckoned_by(by or shown.lead)
    if by and not wanted:
        return _coincidence(page, shown, counts, start)
    counts = [m for m in counts if not wanted or is_meant(m, wanted)] or counts
    parts: list[Mention] = []
    both: list[list[Mention]] = []
    complement = False
    if core:
        beside = page.mentions[shown.index - 1] if shown.index else None
        if beside is not None and beside.clause == shown.clause and beside.is_count:
            # 9个完成率达到100%: the rate is of those nine, each for itself.
            counts = [m for m in counts if m is not beside]
        parts = [m for m in counts if whole_core != core and whole_core in m.lead]
        parts = parts or [m for m in counts if _does(core, m.lead) and not _negated(core, m.lead)]
        if wanted:
            parts = parts or [m for m in counts if _does(core, led(page, m)) and not _negated(core, led(page, m))]
        if len(parts) > 1:
            # 满意度调查表400份 … 满意的362份: what is said right before the number is meant.
            parts = [m for m in parts if core in m.lead[-len(core) - 3 :]] or parts
        parts = parts or [m for m in counts if _does(core, m.label) and not _negated(core, m.label)]
        if not parts:
            bare, no = core.lstrip("不未"), core.startswith(("不", "未"))
            parts = [m for m in counts if _does(bare, m.label) and _negated(bare, m.label) != no]
            complement = bool(parts)
    if len(parts) > 1:
        parts = [m for m in parts if "应" not in m.lead] or parts
    segment = page.clause_of(shown).segment
    parts = [m for m in parts if page.clause_of(m).segment == segment] or parts
    parts = [m for m in parts if m.index < shown.index or page.clause_of(m).segment == segment]
    before = [m for m in parts if m.index < shown.index]
    parts = before or parts
    if len(parts) > 1 and len(core) >= 2:
        # 提出纠正意见66件，已纠正64件: the act itself, right before the number.
        parts = [m for m in parts if m.lead.endswith("已" + core)] or parts
    if not parts and len(core) == 4:
        # 共调解1260件，成功1202件 tells both halves of 调解成功率.
        halves = [
            (o, m) for m in counts for o in counts
            if core[2:] in m.lead and o.index < m.index and o.kin == m.kin and core[:2] in o.lead
        ]  # fmt: skip
        parts = [m for _o, m in halves]
        # 改判12件，发回重审5件: 改判发回率 is of both.
        both = [[o, m] for o, m in halves]
    if not parts and core in ("完成", "达成", "实现"):
        plans = [m for m in counts if re.search("计划|目标|任务", m.lead) and m.index < shown.index]
        parts = [
            m for m in counts if plans and m.index > plans[-1].index and m.kin == plans[-1].kin and "实际" in m.lead
        ]
    if not parts:
        parts = _owed(page, shown, counts)
    if core == "优良":
        both = [[m for m in counts if grade in m.lead and m.index < shown.index][-1:] for grade in ("优秀", "良好")]
        if all(both):
            graded = [m for one in both for m in one]
            given = [[m] for m in counts if m.index < graded[0].index and m.kin == graded[0].kin]
            return judged(page, "rate", shown, Readings([graded], given, len(given) == 1), start)
    if not parts:
        return _coincidence(page, shown, counts, start)
    part = parts[-1]
    if page.clause_of(part).segment != segment and part.index < shown.index:
        first = next(m for m in page.mentions[part.index + 1 :] if page.clause_of(m).segment == segment)
        if first is not shown and page.sentence_of(part) == page.sentence_of(shown):
            # 审结45360件；走访企业320家，办结率…: of what was told in between.
            return _coincidence(page, shown, [m for m in counts if page.clause_of(m).segment == segment], start)
    planned = [m for m in counts if m.index < part.index and m.kin == part.kin and re.search("计划|目标|任务", m.lead)]
    wholes = [
        [m]
        for m in counts
        if m.index < part.index
        and m.kin == part.kin
        and m.group != part.group
        and (m.amount >= part.amount or m in planned)
    ]
    bare, no = core.lstrip("不未"), core.startswith(("不", "未"))
    opposite = [
        m for m in counts if m.kin == part.kin and m not in parts and _does(bare, m.lead) and _negated(bare, m.lead) != no
    ]  # fmt: skip
    behind = [m for m in counts if m.index > part.index and m.kin == part.kin and m.amount >= part.amount]
    # 预算收入8.6亿元，支出进度…: what came in is no whole of what was spent.
    if "支" in core:
        wholes = [whole for whole in wholes if "收入" not in whole[0].lead]
        behind = [m for m in behind if "收入" not in m.lead]
    if (
        not wholes
        and len(behind) == 1
        and re.search("全[国省市县区镇乡校院]|总|应|共|预算|计划|概算", led(page, behind[0]))
    ):
        wholes = [[behind[0]]]
    if not wholes and not complement:
        wholes = _told_before(page, part)
    graded = [m for m in counts if same_unit(m, part) and m.index < shown.index and _GRADE_RE.search(m.lead)]
    if (
        not wholes
        and part in graded
        and len(graded) > 2
        and graded == [m for m in counts if same_unit(m, part) and m.index < shown.index]
    ):
        # 优秀8家、良好15家、合格7家，优秀率…: of all that were graded.
        return judged(page, "rate", shown, Readings([[part]], [graded], True), start)
    # 附条件不起诉 beside 不起诉 is a sister of it, and no part.
    wholes = [
        whole for whole in wholes if len(core) < 4 or core[-3:] not in whole[0].lead or re.search("应|计划|需|总", whole[0].lead)
    ]  # fmt: skip
    if len(opposite) == 1 and not complement:
        # 起诉…人，不起诉…人: unless a whole is given, the two together are it.
        given = [whole for whole in wholes if whole[0] not in opposite]
        pair = [part, opposite[0]]
        # 批准逮捕…人，不批准逮捕…人，不捕率: of the two, whatever else is given.
        wholes = [pair] if not given or "不" in core else given
    # 尚有52户未走访 tells the rate of those who were.
    left = (
        complement and len(parts) == 1 and len(wholes) == 1 and re.search(f"[未不]{core}", parts[0].label) is not None
    )
    # 市政消火栓1930个，完好率…: the rate is of what was counted last, unless that is the part itself.
    nearest = next((m for m in reversed(counts) if m.index < shown.index and m.kin == part.kin), part)
    beside_part = (
        nearest in parts
        or (len(wholes) == 1 and nearest in wholes[0] and nearest in behind)
        or part.index > shown.index
        or bool(standing_of(nearest))
        or bool(_LEFT_RE.search(nearest.lead))
    )
    mixed = any(re.search("[和或、及](?:决定|提请|报请)", m.lead) for whole in wholes for m in whole)
    tied = (
        bool(wholes)
        and not mixed
        and (not complement or left)
        and beside_part
        and re.search("均|分别|都|平均", shown.lead) is None
        and (part.index < shown.index or "其中" not in page.text[shown.end : part.start])
        and not _other_talk(page, shown, part)
        and len({m.amount for m in parts}) == 1
    )
    stock = _STOCK_RE.search(
        page.text, page.clauses[page.clause_of(part).index - min(3, part.clause)].start, shown.start
    )
    if stock is not None and len(wholes) == 1 and len(wholes[0]) == 1 and part.index == wholes[0][0].index + 1:
        # 积案26件，化解25件: the old stock is itself the whole.
        told = page.text[page.clause_of(wholes[0][0]).start : shown.start]
        stock = None if re.search("(?:积案|存量)[一-龥]{0,4}$", wholes[0][0].lead) and told.count("存") < 2 else stock
    carried = (
        old_and_new(part, [m for m in counts if page.clause_of(m).segment == page.clause_of(part).segment])
        if core in ("结案", "办结", "审结", "执结", "审执结", "化解")
        else []
    )
    if carried and len({m.amount for m in parts}) == 1:
        return judged(page, "rate", shown, Readings([[part]], carried, True, True), start)
    # 12.6万户 is no whole of 8590处, though both are things that stand somewhere.
    alike = [whole for whole in wholes if all(same_unit(m, part) for m in whole)]
    tied = tied and bool(alike) and any(_one_talk(page, whole[0], part) for whole in alike)
    wholes = alike or wholes
    before_part = [m for m in counts if m.index < part.index and same_unit(m, part) and m.kin == part.kin]
    if len(before_part) > 1:
        # 一般隐患8620处，重大隐患126处，整改8590处: of both.
        wholes.append(before_part)
        wholes.extend([first, second] for first, second in pairwise(before_part))
    listed = [[m] for m in parts] + sums_ending_with(page, shown, part) + both
    if len(wholes) == 1 and len(wholes[0]) == 2:
        readings = Readings([[m] for m in parts], wholes, tied and stock is None)
        return judged(page, "rate", shown, readings, start)
    wholes.extend([m] for m in counts if m.index > part.index and m.kin == part.kin)
    wholes.extend([m] for m in page.before(part, 20) if m.is_count and m.kin == part.kin and m.amount >= part.amount)
    wholes.extend(totals_with(page, part))
    readings = Readings(listed, wholes, tied and stock is None, bool(planned), complement)
    return judged(page, "rate", shown, readings, start)


_FAR = 60
"""How many clauses of a sentence are gone back over: a list of thousands is no sentence."""
_GOES_ON_RE = re.compile("截[至止]|目前|现|已|至\\d{1,2}月|到\\d{1,2}月|整改(?:期间|以来|中)")
_GIVEN_RE = re.compile("反馈|发现|排查|梳理|查出|查摆|交办|移交|受理|收到|指出|共有|征集|认领|提出|涉及")


def _told_before(page: Page, part: Mention) -> list[list[Mention]]:
    """Return the only count like *part* of the sentence before, when this one goes on about it: ``…19个问题。截至12月底，已整改17个``."""
    first = part.clause
    while first and part.clause - first < _FAR and page.clauses[first - 1].sentence == page.sentence_of(part):
        first -= 1
    if _GOES_ON_RE.match(page.words(page.clauses[first])) is None:
        return []
    before = [
        m for m in page.before(part, 8)
        if page.sentence_of(m) == page.sentence_of(part) - 1 and m.kin == part.kin and m.unit == part.unit and m.is_count
    ]  # fmt: skip
    # 养老机构25家，其中公办8家、民办17家。已整改18家: of the whole, and not of its kinds.
    before = [m for m in before if "其中" not in page.text[min(o.start for o in before) : m.start]]
    here = [m for m in page.before(part, 4) if page.sentence_of(m) == page.sentence_of(part) and m.kin == part.kin]
    if len(before) != 1 or here or before[0].amount < part.amount or before[0].qualifier or before[0].is_change:
        return []
    return [[before[0]]] if _GIVEN_RE.search(page.text[page.clause_of(before[0]).start : before[0].start]) else []


def _one_talk(page: Page, whole: Mention, part: Mention) -> bool:
    """Tell whether *whole* stands in the segment of *part*, or alone of its measure word in the one right before."""
    first, second = page.clause_of(whole).segment, page.clause_of(part).segment
    if first == second or page.sentence_of(whole) != page.sentence_of(part):
        return True
    if abs(second - first) != 1:
        return False
    opened = (
        next(m for m in page.mentions[whole.index + 1 :] if page.clause_of(m).segment == second)
        if first < second
        else part
    )
    if opened is not part:
        return False
    alike = [m for m in page.mentions[max(0, whole.index - 6) : whole.index + 6] if m.is_count and same_unit(m, whole)]
    return sum(page.clause_of(m).segment == first for m in alike) == 1


def _other_talk(page: Page, shown: Mention, part: Mention) -> bool:
    """Tell whether the rate begins a statement of its own, behind ；, and so is not of *part* before it."""
    clause, before = page.clause_of(shown), page.clause_of(part)
    if part.index > shown.index or clause.segment == before.segment:
        return False
    first = next(c for c in page.clauses[max(0, clause.index - 8) : clause.index + 1] if c.segment == clause.segment)
    return (
        clause.segment - before.segment > 1
        or re.match("[一-龥]{0,4}(?:此外|另外|同时|另)", page.words(first)) is not None
    )


def _owed(page: Page, shown: Mention, counts: list[Mention]) -> list[Mention]:
    """Return the second of 应收560万元，已收430万元 when just these two stand before a rate."""
    segment = page.clause_of(shown).segment
    pair = [m for m in counts if m.index < shown.index and page.clause_of(m).segment == segment]
    if len(pair) != 2 or pair[0].kin != pair[1].kin or pair[1].index != shown.index - 1:
        return []
    owed = re.search("应[一-龥]", pair[0].lead) and re.search("已|实[一-龥]", pair[1].lead)
    return [pair[1]] if owed else []


def _bare_stem(stem: str) -> str:
    stem = re.sub("(?:按|以)[一-龥]{1,6}?(?:计算|计|口径)|^(?:金额|资金|户数|人数|件数|笔数|套数)", "", stem)
    return SCOPES_RE.sub("", re.split(r"的|其|使(?!用)|将|把|和|及|与|，", stem)[-1])


def _rate_core(stem: str) -> str:
    """Return what a rate is a rate of doing: ``采纳`` of ``法院采纳``."""
    return _RATE_NOISE_RE.sub("", _bare_stem(stem))


@lru_cache(maxsize=8192)
def _does(core: str, words: str) -> bool:
    """Tell whether *words* say that so many did what the rate *core* is of."""
    if len(core) < 2:
        return False
    words = words.replace("批捕", "批准逮捕")
    if core in words or (len(core) == 2 and abbreviates(core, words)):
        return True
    chunks = [core[at : at + 2] for at in range(0, len(core) - 1, 2)] + ([core[-2:]] if len(core) % 2 else [])
    return all(
        chunk in words or any(chunk in group and any(word in words for word in group) for group in _SYNONYMS)
        for chunk in chunks
    )


@lru_cache(maxsize=8192)
def _negated(core: str, words: str) -> bool:
    """Tell whether *words* say that so many did not."""
    words = words.replace("批捕", "批准逮捕")
    return re.search(f"(?:不|未|没有|尚未|无)[一-龥]{{0,4}}{re.escape(core)}", words) is not None


def _coincidence(page: Page, shown: Mention, counts: list[Mention], start: int) -> Claim:
    """Return that a rate agrees with two counts of its sentence, or that nothing in the text is its base."""
    earlier = [m for m in counts if m.index < shown.index][-8:]
    for part in reversed(earlier):
        for whole in earlier:
            if whole.index < part.index and whole.kin == part.kin and whole.amount >= part.amount > 0:
                low, actual, high = ratio_bounds([part], [whole])
                if (
                    judge_ratio(shown, low, actual, high) is Verdict.CONSISTENT
                    and not shown.qualifier
                    and percent_like(shown)
                ):
                    return claim(
                        page,
                        "rate",
                        Verdict.CONSISTENT,
                        division_in_words(shown, [part], [whole], actual),
                        start,
                        shown.end,
                        [part, whole, shown],
                    )
    return claim(page, "rate", Verdict.UNCHECKABLE, "文中没有写明这一比率的分子或分母。", start, shown.end, [shown])
