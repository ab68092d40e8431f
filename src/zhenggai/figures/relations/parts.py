"""Parts and their whole: ``其中``, ``分别为``, ``包括``, a bracket or a colon, ``共计`` behind a list, ``其余``.

Only a listing that must be complete is held to its sum. After a plain 其中 the parts may leave something out or may
overlap, so there a part may not exceed the whole, and parallel kinds may not exceed it together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import Passage, agree, group_of, passages, same_unit, sum_claim, summable
from zhenggai.figures.shapes import Claim, Verdict

_COMPLETE_RE = re.compile(r"包括|分别(?!占|比|增|下|上|较|同)|分为|分成|即|由$|由[一-龥]{0,4}$|细分为|具体为|组成|构成")
_OPEN_RE = re.compile(
    r"(?<![A-Da-d甲乙丙丁一二三四五上中下特优])等(?!级|次|候|待|于|额|值)|以及其他|另有|另外|此外|部分|主要|不含|除"
)
_RESET_RE = re.compile(
    r"^(?:共|另|此外|同时|还|全[年市县区省国]|截至|累计|今年|去年|上年|20\d\d年|比|较|同比|发现|涉及|挽回|追缴|收缴|罚没|金额|带动|培训|覆盖|惠及|移送|移交|下发|发出|召开|开展|实现|完善|建立|出台|为)"
)
_TOTAL_RE = re.compile(
    r"(?:“[一-龥]{2,6}”|全年|三年|两年|[上下]半年|前三季度|全[国省市县区镇乡院局校系]统?|我[市县区局院]|本[市县局院]|各地|上述|以上|两项|三项|四项|五项|[一二三四五六七八九十两]{1,2}[年项者类月个](?:季度|月)?|[一二三四五六七八九十两](?:级|种|批|大类|块|方面|部分)[一-龥]{0,4}?|前[一二三四]季度|总|，|、)*(?P<word>共计|合计|总计|总共|累计|共)(?:为|达到?|有|约|是)?(?P<act>[一-龥]{0,9})$"
)
_ACT_RE = re.compile(
    "办结|处理|处分|处置|核查|抽查|完善|建立|制定|修订|办理|开展|召开|查处|化解|举办|印发|形成|整改|查摆|受理|审结|培训|检查|安排|投入|下达|发放|建成|梳理|清理|新增|排查|发现|征集|走访|开展"
)
_LED_RE = re.compile("包案|包联|认领|挂牌|督办|负责|承办|受理|接访|化解|排查|走访|检查|办理")
_REST_RE = re.compile(
    r"(?:其余|剩余|余下|剩下)的?[一-龥]{0,8}$|^(?:其余|剩余|余下|剩下)|^[，]?(?:目前)?(?:尚有|仍有|还有|尚余|仍余|缺席|请假|缺勤|空缺|空编|未到)$"
)
_PENDING_RE = re.compile("[一-龥]{0,6}(?:因[一-龥]{2,10})?(?:正在|尚|仍|未|待|暂)")
_UNPAID_RE = re.compile(
    "^(?:余款|余额|结余|剩余资金|尚欠|仍欠|尚未支付|未支付|未拨付|未收回|未到位|未使用|未清退|未整改)(?:为|共)?$"
)
_JOINT_RE = re.compile(r"[、，；]|和|及|与|以及")


def check_parts(page: Page) -> list[Claim]:
    """Return the claims about parts of a whole."""
    claims: list[Claim] = []
    for passage in passages(page):
        claims.extend(_listings(page, passage))
        claims.extend(_totals(page, passage))
        claims.extend(_rests(page, passage))
    return claims


# ── whole first ───────────────────────────────────────────────────────────────────────────────────────────────────
def _listings(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    for place, whole in enumerate(passage.mentions):
        if not summable(whole):
            continue
        parts = _parts_behind(page, passage, place, whole)
        if not parts:
            continue
        gap = page.text[whole.end : parts[0].start]
        if len(parts) >= 2 and "其中" not in gap and (complete := _is_complete(page, whole, parts, gap)) is not None:
            found = _complete(page, whole, parts, exactly=complete)
            if found is not None:
                claims.append(found)
    return claims


def _parts_behind(page: Page, passage: Passage, place: int, whole: Mention) -> list[Mention]:
    """Return the counts like *whole* behind it that may be its parts, all at one depth of brackets."""
    parts: list[Mention] = []
    depth = 0
    for other in passage.mentions[place + 1 : place + 40]:
        clause = page.clause_of(other)
        if other.group == whole.group or other.kin != whole.kin or not same_unit(whole, other):
            continue
        if not summable(other):
            if other.is_count and parts:
                break
            continue
        if not parts:
            depth = clause.depth
        elif clause.depth > depth:
            continue
        elif clause.depth < depth:
            break
        opening = page.text[clause.start : other.start]
        if parts and other is clause.mentions[0] and (_RESET_RE.match(opening) or "其中" in opening):
            break
        parts.append(other)
    return parts


def _is_complete(page: Page, whole: Mention, parts: Sequence[Mention], gap: str) -> bool | None:
    """Return whether the listing behind *whole* must be all of it; None when it is no listing of it."""
    text = page.text[whole.end : parts[-1].end]
    if _OPEN_RE.search(text + parts[-1].tail) or "。" in gap or "；" in gap:
        return None
    depth_in, depth_out = page.clause_of(parts[0]).depth, page.clause_of(whole).depth
    between = [m for m in page.mentions[whole.index + 1 : parts[-1].index] if m.kin != whole.kin and m.is_count]
    if len(between) > len(parts):
        return None
    if depth_in > depth_out:
        fits = gap.count("（") == 1 and gap.endswith(("（" + parts[0].lead, "（")) and _joined(page, parts)
        return True if fits else None
    if "：" in gap:
        return True if gap.count("，") == 0 and _joined(page, parts) else None
    words = gap.removesuffix(parts[0].lead) + parts[0].lead
    match = _COMPLETE_RE.search(words)
    if match is None or gap.count("，") > 1 or not _joined(page, parts):
        return None
    return (
        match[0] not in ("包括", "即") or re.search(r"[和及与]", page.text[parts[-2].end : parts[-1].start]) is not None
    )


def _joined(page: Page, parts: Sequence[Mention]) -> bool:
    """Tell whether nothing but list marks and short names stands between *parts*."""
    for left, right in pairwise(parts):
        words = page.text[left.end : right.start]
        if len(words) > 40 or words.count("，") + words.count("；") > 2 or not _JOINT_RE.search(words) or "。" in words:
            return False
    return True


def _complete(page: Page, whole: Mention, parts: Sequence[Mention], *, exactly: bool) -> Claim | None:
    runs = [parts[:count] for count in range(len(parts), 1, -1)]
    fitting = next((run for run in runs if agree(run, [whole])), None)
    if fitting is not None:
        return sum_claim(page, "parts", Verdict.CONSISTENT, whole, fitting)
    if any(m.qualifier or m.quantity.upper for m in (whole, *parts)):
        return None
    if page.clause_of(parts[0]).depth > page.clause_of(whole).depth and re.search(
        "含|包括|其中", page.text[whole.end : parts[0].start]
    ):
        return None
    stretch = page.text[max(0, whole.start - 8) : parts[-1].end]
    if ("党纪" in stretch and re.search("政务|组织处理|诫勉|移送", stretch)) or (
        re.search("问责|处分|处理$", whole.lead) and re.search("诫勉|通报|约谈|批评教育|检查|免职|移送", stretch)
    ):
        # 党纪处分315人、政务处分40人: one person may have got both.
        return None
    total = sum(m.amount for m in parts)
    if total < whole.amount and (_shares_follow(page, parts[-1]) or _two_of_many(page, whole, parts)):
        # Two fields of more are named, and their shares with them.
        return None
    if (total < whole.amount and not exactly) or abs(total - whole.amount) * 3 > whole.amount:
        return None
    return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)


_SHARES_RE = re.compile("，(?:占比|比例|比重|所占比例|分别占|各占|占)")
_FIELD_RE = re.compile("[一-龥]{2,4}(领域|方面|行业|系统|乡镇|街道|部门|地区|县|区|镇|乡|市)、[一-龥]{2,4}\\1分别")


def _shares_follow(page: Page, last: Mention) -> bool:
    """Tell whether the shares of a list stand behind it and leave something of the whole over."""
    if _SHARES_RE.match(page.text, last.end) is None:
        return False
    shares = []
    for other in page.mentions[last.index + 1 : last.index + 12]:
        if not other.is_ratio or page.sentence_of(other) != page.sentence_of(last):
            break
        shares.append(other)
    return not shares or sum(m.amount for m in shares) < 99


def _two_of_many(page: Page, whole: Mention, parts: Sequence[Mention]) -> bool:
    """Tell whether the list names just two of what there may be more of: ``住建领域、交通领域分别为…``."""
    gap = page.text[whole.end : parts[0].start]
    return (
        len(parts) == 2 and _FIELD_RE.search(gap) is not None and not re.search("[两二2]个?(?:领域|方面|行业|类)", gap)
    )


# ── list first ────────────────────────────────────────────────────────────────────────────────────────────────────
def _totals(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    for place, total in enumerate(passage.mentions):
        match = _TOTAL_RE.fullmatch(total.lead) if summable(total) else None
        yearly = (
            re.fullmatch("(?:全年|全期|三年|四个季度)(?P<act>[一-龥]{0,9})(?P<word>)", total.lead)
            if summable(total)
            else None
        )
        match = match or yearly
        if match is None and summable(total):
            # 主办协办共计: the heads of the list said again.
            again = re.fullmatch("(?P<heads>[一-龥]{2,8})(?P<word>共计|合计|总计)(?P<act>)", total.lead)
            heads = "".join(m.lead for m in passage.mentions[max(0, place - 6) : place])
            match = again if again is not None and all(char in heads for char in again["heads"]) else None
        kinds = _kinds_before(page, total)
        if match is None and kinds is not None and summable(total):
            match = re.fullmatch("(?P<act>)[一-龥]{0,8}?(?P<word>共计|合计|总计|共有|共)为?", total.lead)
        added = None
        if match is None and summable(total) and total.kin == "money":
            # 虚增结余合计: what the list before amounts to.
            added = match = re.fullmatch("(?P<act>)，?[一-龥]{2,6}(?P<word>共计|合计|总计)为?", total.lead)
        if match is None and summable(total):
            # 参评企业106家, 编制总数95名: how many were sorted.
            added = match = re.fullmatch(
                "(?P<act>)(?P<word>参加考核|参加测评|参加评议|参评|受评|参测|被评|参考)[一-龥]{0,4}共?|(?:[一-龥]{2,4})?总(?:[数量分额]|投资|支出|收入|成本|费用|造价|产值|面积|人数|户数|里程)为?",
                total.lead,
            )
        if match is None:
            continue
        clause = page.clause_of(total)
        run: list[Mention] = []
        whole_sentence = True
        for other in reversed(passage.mentions[max(0, place - 14) : place]):
            if page.clause_of(other).depth > clause.depth or other.clause == clause.index:
                continue
            if page.sentence_of(other) != clause.sentence:
                break
            if other.kin != total.kin and any(m.kin == total.kin for m in group_of(page, other)):
                continue
            if not summable(other) or other.kin != total.kin or "其中" in other.lead:
                whole_sentence = other.kin != total.kin and "其中" not in other.lead
                if other.is_count:
                    break
                continue
            run.insert(0, other)
        own = [m for m in run if page.clause_of(m).segment == clause.segment]
        if len(own) > 1:
            run = own
        years = re.search("(?P<n>[两二三四五六])年", total.lead)
        if len(run) < 2 or (years is not None and "一二三四五六".find(years["n"].replace("两", "二")) + 1 != len(run)):
            continue
        series = page.text[run[0].start - len(run[0].lead) : run[-1].start]
        quarters = all(re.search("季度|半年|月", m.lead) for m in run) and not (
            re.search("累计|前[二两三]季度", series) or ("季度" in series and "半年" in series)
        )
        told_apart = "分别" in run[0].lead and (match["act"] or "") in run[0].lead
        if yearly is not None and match is yearly and not quarters and not told_apart:
            continue
        claims.extend(_compound(page, run, total))
        fitting = next((run[at:] for at in range(len(run) - 1) if agree(run[at:], [total])), None)
        if fitting is not None:
            claims.append(sum_claim(page, "parts", Verdict.CONSISTENT, total, fitting))
            continue
        if not _sums_up(page, match, run, total):
            continue
        slip = abs(sum(m.amount for m in run) - total.amount) * 10 <= total.amount
        if added is not None and (not slip or page.clause_of(total).index - page.clause_of(run[-1]).index != 1):
            continue
        if kinds is not None and len(run) != kinds:
            continue
        told = page.text[run[0].start - len(run[0].lead) : run[-1].end]
        apart = clause.segment != page.clause_of(run[-1]).segment
        if apart and match["act"] and match["act"] not in told and not quarters:
            # ；全年共查处215件: a statement of its own.
            continue
        exact = not any(m.qualifier or m.quantity.upper for m in (*run, total))
        open_list = _OPEN_RE.search(page.text[run[0].start : total.start]) is not None
        if (
            whole_sentence
            and exact
            and _joined(page, [*run, total])
            and not (open_list and total.low >= max(m.high for m in run))
        ):
            claims.append(sum_claim(page, "parts", Verdict.CONTRADICTORY, total, run))
    return claims


def _kinds_before(page: Page, total: Mention) -> int | None:
    """Return how many kinds the words before *total* say there are: 3 of ``三类问题共283件``."""
    before = page.mentions[total.index - 1] if total.index else None
    if before is None or before.clause != total.clause or before.unit not in ("类", "项", "种", "级", "款", "批", "轮"):
        return None
    return int(before.value) if before.value == int(before.value) and 2 <= before.value <= 12 else None


def _compound(page: Page, run: Sequence[Mention], total: Mention) -> list[Claim]:
    """Hold the second count of ``共77起98人`` to the second counts of the list."""
    claims = []
    for second in group_of(page, total)[1:]:
        if second.index < total.index:
            continue
        parts = [m for first in run for m in group_of(page, first) if m.unit == second.unit]
        if len(parts) != len(run):
            continue
        verdict = Verdict.CONSISTENT if agree(parts, [second]) else Verdict.CONTRADICTORY
        if verdict is Verdict.CONTRADICTORY and (
            not _joined(page, [*run, total]) or any(m.qualifier for m in (*parts, second))
        ):
            continue
        if abs(sum(m.amount for m in parts) - second.amount) * 3 <= second.amount:
            claims.append(sum_claim(page, "parts", verdict, second, parts))
    return claims


def _sums_up(page: Page, match: re.Match[str], run: Sequence[Mention], total: Mention) -> bool:
    """Tell whether the words before *total* make it the sum of *run* and not of something more."""
    act = match["act"] or ""
    distance = abs(sum(m.amount for m in run) - total.amount)
    if (
        total.kin == "money"
        and len(run) > 1
        and any(abs(sum(m.amount for m in run) - total.amount * ten) * 200 < total.amount * ten for ten in (10, 100))
    ):
        # 11.35、8.62、6.03万元，共计2.6万元: the point has slipped.
        return True
    endings = {re.sub("[，、]", "", m.lead)[-2:] for m in run}
    if act and len(endings) == 1 and _LED_RE.search(min(endings)) and act not in run[0].lead:
        # 市级领导包案42件，县级领导包案118件，…累计化解486件: another act.
        return False
    if act and act not in page.text[run[0].start - len(run[0].lead) : run[-1].end]:
        return _ACT_RE.match(act) is not None and distance * 7 <= total.amount
    if match["word"] == "累计":
        return distance * 8 <= total.amount
    return distance * 3 <= total.amount


def _rests(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    for place, rest in enumerate(passage.mentions):
        more = re.search("另有$", rest.lead) is not None and _PENDING_RE.match(page.text, rest.end) is not None
        money = rest.kin == "money" and _UNPAID_RE.search(rest.lead) is not None
        if not (summable(rest) and (more or money or _REST_RE.search(rest.lead))):
            continue
        alike = [
            m
            for m in passage.mentions[max(0, place - 10) : place]
            if same_unit(m, rest) and m.kin == rest.kin and summable(m)
        ]
        own = [m for m in alike if page.clause_of(m).segment == page.clause_of(rest).segment]
        alike = own if len(own) > 1 else alike
        if len(alike) < 2 or rest.amount > max(m.amount for m in alike):
            continue
        if not alike[0].lead and not alike[1].lead and alike[0].tail[:2] == alike[1].tail[:2]:
            continue
        found: tuple[Mention, list[Mention]] | None = None
        for whole in alike:
            others = [m for m in alike if m is not whole][-6:]
            for size in range(1, len(others) + 1):
                for chosen in combinations(others, size):
                    if found is None and agree([*chosen, rest], [whole]):
                        found = whole, [*chosen, rest]
        if found is not None:
            claims.append(sum_claim(page, "parts", Verdict.CONSISTENT, found[0], found[1]))
            continue
        behind = [
            m
            for m in passage.mentions[place + 1 : place + 4]
            if same_unit(m, rest) and summable(m) and page.sentence_of(m) == page.sentence_of(rest)
        ]
        if behind:
            continue
        whole = max(alike, key=lambda m: m.amount)
        if whole is not alike[0] and (len(alike) > 2 or not re.search("计划|总|共|应|任务|目标", whole.lead)):
            continue
        others = [m for m in alike if m is not whole]
        slip = abs(sum(m.amount for m in others) + rest.amount - whole.amount) * 5 <= whole.amount
        plain_list = slip and _plain_whole(whole) and len(alike) <= 4 and not any(m.qualifier for m in (*alike, rest))
        total = sum((m.amount for m in others), rest.amount)
        if (more and total <= whole.amount) or (money and (len(alike) != 2 or _other_money(alike))):
            continue
        if plain_list and _one_statement(page, whole, rest):
            claims.append(sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, [*others, rest]))
    return claims


def _other_money(alike: Sequence[Mention]) -> bool:
    """Tell whether sums before 余额 are of more than what was got and what was spent of it."""
    if re.search("上年|年初|期初|结转|贷款|债务|累计|净|利", "".join(m.label for m in alike)):
        return True
    spent = "已|实|支|使用|收回|整改|追缴|清退|拨付"
    return re.search("已|收回|退回|追缴", alike[0].lead) is not None or re.search(spent, alike[1].lead) is None


def _one_statement(page: Page, whole: Mention, rest: Mention) -> bool:
    """Tell whether *rest* stands in the sentence of *whole*, or in the next that goes on about what was done."""
    first, last = page.sentence_of(whole), page.sentence_of(rest)
    if first == last:
        return True
    start = page.clause_of(rest).index
    while start and page.clauses[start - 1].sentence == last:
        start -= 1
    return last - first == 1 and re.match("目前|已|现|截至", page.words(page.clauses[start])) is not None


# ── sums ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain_whole(whole: Mention) -> bool:
    return whole.qualifier in ("", "约") and whole.quantity.upper is None and (not whole.chinese or whole.value >= 10)
