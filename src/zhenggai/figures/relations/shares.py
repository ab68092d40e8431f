"""Shares and rates: ``占…的X%``, ``占比X%``, ``采纳率X%``, ``分别占X%、Y%``, ``X%（11/13）``.

A ratio is joined to its numerator by the grammar of the genre: the count in the same clause, the count before the bracket,
the count of the clause before. Its denominator is what the share names, or the whole that the sentence began with. All
well-formed readings are tried, and the kindest verdict stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zhenggai.figures.layout import CHANGE_RE, Clause, Mention, Page
from zhenggai.figures.relations.common import (
    SCOPES_RE,
    abbreviates,
    advice,
    claim,
    content,
    group_of,
    is_past,
    judge_ratio,
    names,
    plain,
    ratio_bounds,
    stated,
    touches,
)
from zhenggai.figures.relations.standing import standing_of
from zhenggai.figures.rounding import ABOVE, BELOW, best
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

_SHARE_RE = re.compile(r"(?P<own>[^，。；：、（）]*?)(?:占比|占|所占比例|比重|比例)(?P<whole>[^占]*)$")
_RATE_RE = re.compile(
    r"(?P<stem>[一-龥“”]{1,24}?)(?P<word>率|度|比例|进度)(?:均|已|分别|也|都|为|是|达到了|达到|达|至|约|仅|只有|高达|就|有|保持在|稳定在|在|了|：|实现|依然|仍|则)*$"
)
_LIGHT_RE = re.compile(
    r"^(?:共|共计|合计|总计|约|仅|就|均|各|分别|其|只|也|已|则|达|其中|两者|二者|三者|三项|两项|合并|总共|且|并|又)+"
)
_FILLER_RE = re.compile(r"(?:分别|约|仅|近|为|达到?|的|到|至|了|均|已|只有|是|高达|：|就|比|比例|比重|各|在|超过)+$")
_TO_RE = re.compile(r"(?:到|至|为|达)了?$")
_RATE_NOISE_RE = re.compile(
    "问卷|调查表|测评表|样品|产品|学生|群众|企业|项目|案卷|农户|县域内?|区域内?|辖区内?|市域内?|总体|整体|综合|平均|累计|实际|案件|问题|工作|事项|任务|线索|信访件|信访|年度|目标|全部|总|的|其|上述|检察机关|法院|公安机关|行政机关|全年|目前|最终|平均|“|”|建议书|建议|数量|人数|件数|有效"
)
_SYNONYMS = (
    ("办结", "审结", "结案", "审执结", "处理完毕", "办理完毕", "办毕"), ("整改", "完成整改", "整改完成", "整改到位", "销号", "整治"), ("回复", "答复", "书面回复", "反馈"),
    ("完成", "完结", "落实"), ("签收", "接收"), ("到会", "参会", "到场", "出席", "实到"), ("覆盖", "纳入", "涵盖"), ("成功", "达成", "调成"), ("化解", "化解完毕", "成功化解"),
    ("执行", "支出", "拨付", "支付"), ("参学", "参训", "参加"), ("解决", "办结"), ("抽检", "检测"), ("回收", "收回"), ("起诉", "提起公诉"), ("批捕", "批准逮捕"), ("服判", "息诉"), ("追回", "追缴", "收回"), ("提前介入", "介入"),
)  # fmt: skip
_MEASURED_RE = re.compile("金额|资金|面积|收入|支出|投资|产值|规模|投入|产量|里程|费用|款")
"""What is measured and not counted: no count of things is a share of it."""
_SHORT_CORES = {"不捕": "不批准逮捕", "不批捕": "不批准逮捕", "批捕": "批准逮捕", "不诉": "不起诉"}
_LEFT_RE = re.compile("(?:剩余|其余|余下|尚有|还有|仍有|请假|缺席|缺勤|未[一-龥]{1,4}|不[一-龥]{1,4})(?:的)?$")
"""Words of the rest, which leaves the whole what it was."""
_STOCK_RE = re.compile("旧存|积案|上年结转|往年|历史|结转|存量|含|年前|遗留")


@dataclass(slots=True)
class _Readings:
    """Numerators and denominators of one ratio, and whether the text itself ties them to it."""

    parts: list[list[Mention]]
    """What may be divided; each a sum of quantities."""
    wholes: list[list[Mention]]
    """What it may be divided by."""
    tied: bool
    """True when grammar leaves nothing outside the text that could be meant."""
    over: bool = False
    """True when the part may be more than the whole, as what was done may be more than what was planned."""
    complement: bool = False
    """True when the count is of those that did not."""


def check_shares(page: Page) -> list[Claim]:
    """Return the claims about shares and rates."""
    claims: list[Claim] = []
    done: set[int] = set()
    for mention in page.mentions:
        if not mention.is_ratio or mention.index in done:
            continue
        fraction = _written_fraction(page, mention)
        if fraction is not None:
            claims.append(fraction)
            continue
        aligned = _aligned(page, mention)
        if aligned:
            done.update(shown.index for shown, _part in aligned)
            claims.extend(_check_aligned(page, aligned))
            continue
        found = _check_one(page, mention)
        if found is not None:
            claims.append(found)
    return claims


# ── what a ratio is ───────────────────────────────────────────────────────────────────────────────────────────────
def is_change_ratio(mention: Mention) -> bool:
    """Tell whether a ratio says by how much something changed."""
    return CHANGE_RE.search(mention.lead) is not None or mention.tail.startswith(
        ("的增长", "的增幅", "的增速", "的降幅", "的速度")
    )


def _check_one(page: Page, shown: Mention) -> Claim | None:
    lead = shown.lead
    inside = _whole_inside(page, shown)
    if inside is not None:
        return inside
    if is_change_ratio(shown) or re.search(r"[由从][^，]{0,6}$", lead):
        return None
    if re.search(r"(?:提[升高]|上升|增长|下降|降低?|增加|减少)(?:到|至)了?$", lead):
        return None
    if shown.unit == "半":
        half = _SHARE_RE.search(lead.rstrip("过超"))
        own, of = (
            (half["own"], half["whole"])
            if half
            else (lead.rstrip("过超").rpartition("，")[2] if "占" in lead else "", "")
        )
        return _check_share(page, shown, own, of)
    share = _SHARE_RE.search(lead)
    if share and not re.search(r"[由从]$", lead):
        return _check_share(page, shown, share["own"], share["whole"])
    rate = _RATE_RE.search(lead)
    if rate:
        return _check_rate(page, shown, rate["stem"], rate["word"])
    if shown.unit in ("成", "半", "分之") and _told_behind(page, shown) is not None:
        return _check_share(page, shown, "", "")
    return None


def _whole_inside(page: Page, shown: Mention) -> Claim | None:
    """Judge ``286人，占起诉总人数1320人的三成``, where the whole stands in the share itself."""
    clause = page.clause_of(shown)
    place = clause.mentions.index(shown)
    if place == 0 or not re.fullmatch(r"[^，]{0,10}的", shown.lead):
        return None
    whole = clause.mentions[place - 1]
    mark = (
        "占"
        if "占" in whole.lead
        else "完成"
        if re.search("完成(?:了)?[一-龥]{0,6}(?:任务|目标|计划|预算|指标)(?:数|任务)?$", whole.lead)
        else "为"
        if re.search("[为成达](?:年初|年度|全年)?(?:预算|计划|目标|任务)(?:任务)?(?:数)?$", whole.lead)
        else ""
    )
    if not whole.is_count or not mark:
        return None
    own = _LIGHT_RE.sub("", whole.lead.partition("占")[0]) if mark == "占" else ""
    parts = [m for m in clause.mentions[: place - 1] if m.is_count][-1:]
    if not parts and not own:
        parts = _nearest_count(page, shown, clause)[0]
    parts = [m for m in parts if m.kin == whole.kin]
    if not parts:
        return None
    start = whole.start - len(whole.lead) + max(0, whole.lead.find(mark))
    readings = _Readings([[m] for m in parts], [[whole]], True, over=mark != "占")
    return _judged(page, "share", shown, readings, start)


# ── shares ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _check_share(page: Page, shown: Mention, own: str, whole: str) -> Claim | None:
    start = (
        shown.start - len(shown.lead) + shown.lead.rfind(own + "占") + len(own) if "占" in shown.lead else shown.start
    )
    start = max(start, shown.start - 40)
    whole = _FILLER_RE.sub("", whole)
    own = _LIGHT_RE.sub("", own)
    readings = _share_readings(page, shown, own, whole)
    if readings is None:
        return claim(page, "share", Verdict.UNCHECKABLE, "文中没有可与之相除的数。", start, shown.end, [shown])
    return _judged(page, "share", shown, readings, start)


def _share_readings(page: Page, shown: Mention, own: str, whole: str) -> _Readings | None:
    parts, tied = _numerators(page, shown, own)
    behind = _told_behind(page, shown)
    if behind is not None and (not parts or own or page.text[shown.end : behind.start].endswith("（")):
        parts, tied = [behind], True
    if not parts:
        return None
    first = parts[0]
    wholes, pinned = _wholes(page, shown, first, whole)
    listed = [[part] for part in parts]
    sums = _sums(page, shown, first)
    if sums and re.match("(?:，)?(?:三者|两者|三项|两项|三类)?(?:合计|共计|共)占", shown.lead):
        # 合计占…: of all that were listed.
        listed = sums[::-1]
    else:
        listed.extend(sums)
    return _Readings(listed, wholes, tied and pinned)


def _told_behind(page: Page, shown: Mention) -> Mention | None:
    """Return the count that a share is said to be: ``占92.7%，计50个``, ``不足一半（97份）``."""
    if shown.index + 1 >= len(page.mentions):
        return None
    after = page.mentions[shown.index + 1]
    joint = page.text[shown.end : after.start]
    if (
        after.is_count
        and not after.qualifier
        and re.fullmatch(r"[一-龥]{0,4}(?:，(?:计|即|共计|为|共)|（(?:即|共|计)?)", joint)
    ):
        return after
    return None


_LOOK_BACK = 30
"""How many quantities of its clause before it a share may be of: a list of thousands is no sentence."""


def _numerators(page: Page, shown: Mention, own: str) -> tuple[list[Mention], bool]:
    """Return the counts that a share may be of, and whether grammar ties them to it."""
    clause = page.clause_of(shown)
    place = clause.mentions.index(shown)
    for earlier in reversed(clause.mentions[max(0, place - _LOOK_BACK) : place]):
        if re.fullmatch(
            "[一-龥]{0,6}(?:占比|占|比例)(?:分别|各)[一-龥]{0,3}|[一-龥]{0,6}分别占[一-龥]{0,4}", shown.lead
        ):
            # 三类占比分别为: how many kinds, and no numerator.
            return [], False
        if earlier.is_count and not earlier.is_change:
            if earlier.unit not in MEASURES and _MEASURED_RE.search(own):
                return [], False
            return group_of(page, earlier), not own or place == clause.mentions.index(earlier) + 1
    if own:
        core = content(own)
        if len(core) < 2:
            core = own
        named = [
            other for other in page.before(shown, 20)
            if page.sentence_of(other) == clause.sentence and other.is_count and not other.is_change and names(core, other.label)
        ]  # fmt: skip
        return (named, len({m.amount for m in named}) == 1) if named else ([], False)
    return _nearest_count(page, shown, clause)


def _nearest_count(page: Page, shown: Mention, clause: Clause) -> tuple[list[Mention], bool]:
    """Return the count that the words before the clause of *shown* end with."""
    for back in range(1, 6):
        index = clause.index - back
        if index < 0:
            break
        other = page.clauses[index]
        if other.sentence != clause.sentence or other.segment != clause.segment:
            break
        if other.depth > clause.depth:
            continue
        counts = [m for m in other.mentions if m.is_count and not m.is_change]
        if len(counts) > 1 and counts[-1].qualifier in ABOVE | BELOW and counts[-1].kin != counts[-2].kin:
            counts.pop()
        if counts:
            return group_of(page, counts[-1]), True
        if other.mentions:
            continue
        if other.end - other.start > 0 and back > 1:
            return [], False
    return [], False


def _sums(page: Page, shown: Mention, first: Mention) -> list[list[Mention]]:
    """Return the sums that end with *first*: what ``合计占`` behind a list may mean."""
    run = [first]
    found: list[list[Mention]] = []
    together = re.search("合计|共|两|二者|三|总", shown.lead) is not None
    for other in page.before(first, 8):
        joint = page.text[other.end : run[0].start]
        if page.sentence_of(other) != page.sentence_of(first) or not (
            together or re.fullmatch("[^，。；：]*[、和及与][^，。；：]*", joint)
        ):
            break
        if other.kin == first.kin and other.is_count:
            run = [other, *run]
            found.append(run)
    return found


def _wholes(page: Page, shown: Mention, part: Mention, named: str) -> tuple[list[list[Mention]], bool]:
    """Return what a share of *part* may be of, and whether the text pins it down."""
    near = [
        other
        for other in page.before(part, 40)
        if other.is_count and other.group != part.group and other.kin == part.kin and other.amount >= part.amount
    ]
    usable = [other for other in near if not other.is_change and not is_past(other)]
    if part.unit not in MEASURES and _MEASURED_RE.search(named):
        return [], False
    core = content(SCOPES_RE.sub("", named))
    scope = SCOPES_RE.search(named)
    here = page.sentence_of(part)
    if len(core) >= 2:
        pinned = [other for other in usable if touches(core, other.label) or abbreviates(core, other.lead)]
    else:
        pinned = [other for other in usable if page.sentence_of(other) == here]
        if not pinned and usable and _leans_back(page, shown):
            nearest = page.sentence_of(usable[0])
            pinned = [other for other in usable if page.sentence_of(other) == nearest]
    if not pinned and not near:
        late = [
            m for m in page.mentions[shown.index + 1 : shown.index + 4]
            if page.sentence_of(m) == here and m.kin == part.kin and m is not part and m.is_count and m.amount >= part.amount
        ]  # fmt: skip
        if len(late) == 1 and re.search("共|总|全[国省市县区镇乡校院]", late[0].lead):
            return [[late[0]]], True
    if scope is not None:
        pinned = [other for other in pinned if scope[0] in other.label or other.quantity.scope == scope[0]]
    if len(core) >= 2 and len({other.amount for other in pinned}) == 1:
        return [[pinned[0]]], True
    wholes = [[other] for other in near]
    wholes.extend(_totals(page, part))
    return wholes, bool(pinned)


def _leans_back(page: Page, shown: Mention) -> bool:
    """Tell whether the sentence of *shown* goes on about the whole of the sentence before."""
    clause = page.clause_of(shown)
    index = clause.index
    while index > 0 and page.clauses[index - 1].sentence == clause.sentence:
        index -= 1
    return page.text.startswith("其中", page.clauses[index].start)


def _totals(page: Page, part: Mention) -> list[list[Mention]]:
    """Return the sum of all counts like *part* in its sentence, and of it with each other one."""
    alike = [m for m in _sentence_mentions(page, part) if m.kin == part.kin and m.is_count and not m.is_change]
    # Where a whole is given, 其中 tells that it is not one of the kinds that add up.
    among = bool(alike) and "其中" in page.text[alike[0].start : part.start]
    found = [alike] if len(alike) > 1 and not among else []
    if 2 < len(alike) <= 12:
        for skipped in alike:
            rest = [m for m in alike if m is not skipped]
            if part in rest and max(m.amount for m in rest) < skipped.amount:
                found.append(rest)
    return found


def _sentence_mentions(page: Page, mention: Mention) -> list[Mention]:
    """Return the quantities of the sentence of *mention*, at most 12 on either side."""
    sentence = page.sentence_of(mention)
    low = mention.index
    while low > 0 and mention.index - low < 12 and page.sentence_of(page.mentions[low - 1]) == sentence:
        low -= 1
    high = mention.index
    while (
        high + 1 < len(page.mentions)
        and high - mention.index < 12
        and page.sentence_of(page.mentions[high + 1]) == sentence
    ):
        high += 1
    return page.mentions[low : high + 1]


# ── rates ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _check_rate(page: Page, shown: Mention, stem: str, word: str) -> Claim | None:
    core, whole_core = _rate_core(stem), _bare_stem(stem)
    core = _SHORT_CORES.get(core, core)
    start = max(
        shown.start - len(shown.lead), shown.start - len(shown.lead) + shown.lead.rfind(word) - min(len(stem), 12)
    )
    counts = [
        m for m in _sentence_mentions(page, shown)
        if m.is_count and not m.is_change and not is_past(m) and m.index != shown.index
    ]  # fmt: skip
    parts: list[Mention] = []
    complement = False
    if core:
        beside = page.mentions[shown.index - 1] if shown.index else None
        if beside is not None and beside.clause == shown.clause and beside.is_count:
            # 9个完成率达到100%: the rate is of those nine, each for itself.
            counts = [m for m in counts if m is not beside]
        parts = [m for m in counts if whole_core != core and whole_core in m.lead]
        parts = parts or [m for m in counts if _does(core, m.lead) and not _negated(core, m.lead)]
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
    before = [m for m in parts if m.index < shown.index]
    parts = before or parts
    if len(parts) > 1 and len(core) >= 2:
        # 提出纠正意见66件，已纠正64件: the act itself, right before the number.
        parts = [m for m in parts if m.lead.endswith("已" + core)] or parts
    if not parts and len(core) == 4:
        # 共调解1260件，成功1202件 tells both halves of 调解成功率.
        parts = [
            m for m in counts
            if core[2:] in m.lead and any(o.index < m.index and o.kin == m.kin and core[:2] in o.lead for o in counts)
        ]  # fmt: skip
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
            return _judged(page, "rate", shown, _Readings([graded], given, len(given) == 1), start)
    if not parts:
        return _coincidence(page, shown, counts, start)
    part = parts[-1]
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
    if not wholes and len(behind) == 1 and re.search("全[国省市县区镇乡校院]|总|应|共|预算|计划|概算", behind[0].lead):
        wholes = [[behind[0]]]
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
        or part.index > shown.index
        or bool(standing_of(nearest))
        or bool(_LEFT_RE.search(nearest.lead))
    )
    tied = (
        bool(wholes)
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
    listed = [[m] for m in parts] + _sums(page, shown, part)
    if len(wholes) == 1 and len(wholes[0]) == 2:
        readings = _Readings([[m] for m in parts], wholes, tied and stock is None)
        return _judged(page, "rate", shown, readings, start)
    wholes.extend([m] for m in counts if m.index > part.index and m.kin == part.kin)
    wholes.extend([m] for m in page.before(part, 20) if m.is_count and m.kin == part.kin and m.amount >= part.amount)
    wholes.extend(_totals(page, part))
    readings = _Readings(listed, wholes, tied and stock is None, bool(planned), complement)
    return _judged(page, "rate", shown, readings, start)


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
    return SCOPES_RE.sub("", re.split(r"的|其|使(?!用)|将|把|和|及|与|，", stem)[-1])


def _rate_core(stem: str) -> str:
    """Return what a rate is a rate of doing: ``采纳`` of ``法院采纳``."""
    return _RATE_NOISE_RE.sub("", _bare_stem(stem))


@lru_cache(maxsize=8192)
def _does(core: str, words: str) -> bool:
    """Tell whether *words* say that so many did what the rate *core* is of."""
    if len(core) < 2:
        return False
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
                        _division(shown, [part], [whole], actual),
                        start,
                        shown.end,
                        [part, whole, shown],
                    )
    return claim(page, "rate", Verdict.UNCHECKABLE, "文中没有写明这一比率的分子或分母。", start, shown.end, [shown])


def percent_like(shown: Mention) -> bool:
    """Tell whether *shown* has decimals enough that agreement is no chance."""
    return shown.quantity.step < 1 or shown.value == 100


# ── judging ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _judged(page: Page, kind: str, shown: Mention, readings: _Readings, start: int) -> Claim:
    tried: list[tuple[Verdict, list[Mention], list[Mention], Decimal]] = []
    for part in readings.parts[:12]:
        for whole in readings.wholes[:80]:
            if (any(m in whole for m in part) and (len(part) > 1 or len(whole) == 1)) or part[0].kin != whole[0].kin:
                continue
            low, actual, high = ratio_bounds(part, whole)
            if readings.complement:
                low, actual, high = 100 - high, 100 - actual, 100 - low
            if low < 0 or (low > 100 and not readings.over and not (readings.tied and shown.value > 100)):
                continue
            tried.append((judge_ratio(shown, low, actual, high), part, whole, actual))
    verdict = best([item[0] for item in tried])
    if not tried:
        return claim(page, kind, Verdict.UNCHECKABLE, "文中没有可与之相除的数。", start, shown.end, [shown])
    chosen = next(item for item in tried if item[0] is verdict)
    if verdict is Verdict.CONTRADICTORY and not readings.tied:
        return claim(page, kind, Verdict.UNCHECKABLE, "文中没有写明这一比例的全体是哪个数。", start, shown.end, [shown])
    reason = _division(shown, chosen[1], chosen[2], chosen[3], readings.complement) + advice(shown, chosen[3], verdict)
    if verdict is Verdict.UNCHECKABLE:
        reason += "，约数相差不大，不作判断"
    return claim(page, kind, verdict, reason, start, shown.end, [*chosen[1], *chosen[2], shown])


def _division(
    shown: Mention, part: list[Mention], whole: list[Mention], actual: Decimal, complement: bool = False
) -> str:
    above, below = _sum_words(part), _sum_words(whole)
    if complement:
        above = f"({below}-{above})"
    return f"{above}÷{below}={plain(actual)}%，文中为{shown.quantity.text}"


def _sum_words(mentions: list[Mention]) -> str:
    words = "+".join(stated(m) for m in sorted(mentions, key=lambda m: m.index))
    return f"({words})" if len(mentions) > 1 else words


# ── 分别占 ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _aligned(page: Page, shown: Mention) -> list[tuple[Mention, Mention]]:
    """Return the ratios of ``分别占X%、Y%、Z%`` from *shown* on, each with its count; nothing when it is no such list."""
    if not re.search(r"分别占|占比分别|分别为|各占", shown.lead) or "占" not in shown.lead:
        return []
    ratios = [shown]
    for other in page.mentions[shown.index + 1 : shown.index + 12]:
        joint = page.text[ratios[-1].end : other.start]
        if not other.is_ratio or joint not in ("、", "和", "及", "与", "，", "以及"):
            break
        ratios.append(other)
    if len(ratios) < 2:
        return []
    counts: list[Mention] = []
    for other in page.before(shown, 24):
        if page.clause_of(other).segment != page.clause_of(shown).segment or not other.is_count or other.is_change:
            break
        if counts and other.kin != counts[0].kin:
            continue
        counts.append(other)
        if len(counts) == len(ratios):
            break
    if len(counts) != len(ratios):
        return []
    return list(zip(ratios, reversed(counts), strict=True))


def _check_aligned(page: Page, aligned: list[tuple[Mention, Mention]]) -> list[Claim]:
    first = aligned[0][1]
    whole_name = _FILLER_RE.sub("", aligned[0][0].lead.rpartition("占")[2])
    wholes, pinned = _wholes(
        page, aligned[0][0], max((part for _s, part in aligned), key=lambda m: m.amount), whole_name
    )
    outside = [whole for whole in wholes if whole[0].index < first.index or len(whole) > 1]
    parts = [part for _shown, part in aligned]
    outside.append(parts)
    claims = [
        _judged(page, "share", shown, _Readings([[part]], outside, pinned), shown.start) for shown, part in aligned
    ]
    return claims if pinned else _by_sister(page, aligned, outside, claims)


def _by_sister(
    page: Page, aligned: list[tuple[Mention, Mention]], wholes: list[list[Mention]], claims: list[Claim]
) -> list[Claim]:
    """Hold the one share of a list that does not agree to the whole that all its sisters agree with."""
    wrong = [at for at, found in enumerate(claims) if found.verdict is Verdict.UNCHECKABLE]
    right = [found for found in claims if found.verdict is Verdict.CONSISTENT]
    if len(wrong) != 1 or len(right) != len(claims) - 1 or not all(shown.value % 1 for shown, _part in aligned):
        return claims
    for whole in wholes:
        sisters = [ratio_bounds([part], whole) for at, (_shown, part) in enumerate(aligned) if at not in wrong]
        shown_ones = [shown for at, (shown, _part) in enumerate(aligned) if at not in wrong]
        if all(
            judge_ratio(shown, *bounds) is Verdict.CONSISTENT for shown, bounds in zip(shown_ones, sisters, strict=True)
        ):
            shown, part = aligned[wrong[0]]
            claims[wrong[0]] = _judged(page, "share", shown, _Readings([[part]], [whole], True), shown.start)
            break
    return claims


# ── X%（a/b） ──────────────────────────────────────────────────────────────────────────────────────────────────────
_FRACTION_RE = re.compile(r"[（，]?(?:即)?(\d{1,9})[/／](\d{1,9})(?:）|$)?")


_OF_RE = re.compile(
    r"[一-龥]{0,16}[（，](?:即)?[^，。；（）\d]{0,10}(?P<below>\d{1,9})[件人个家户名份项条处起所批]次?[^，。；（）\d]{0,8}中(?:的|有|仅|只有)?[^，。；（）\d]{0,6}(?P<above>\d{1,9})[件人个家户名份项条处起所批]"
)


def _written_fraction(page: Page, shown: Mention) -> Claim | None:
    of = _OF_RE.match(page.text, shown.end)
    if of is not None and not is_change_ratio(shown):
        above, below = Decimal(of["above"]), Decimal(of["below"])
        if not below or above > below:
            return None
        actual = above * 100 / below
        verdict = judge_ratio(shown, actual, actual, actual)
        reason = f"{above}÷{below}={plain(actual)}%，文中为{shown.quantity.text}"
        return claim(page, "share", verdict, reason, shown.start, of.end(), [shown])
    match = _FRACTION_RE.match(page.text, shown.end)
    if match is None or not match[0].startswith(("（", "即", "，即")):
        return None
    above, below = Decimal(match[1]), Decimal(match[2])
    if not below or above > below:
        return None
    actual = above * 100 / below
    verdict = judge_ratio(shown, actual, actual, actual)
    reason = f"{match[1]}÷{match[2]}={plain(actual)}%，文中为{shown.quantity.text}" + advice(shown, actual, verdict)
    return claim(page, "share", verdict, reason, shown.start, match.end(), [shown])
