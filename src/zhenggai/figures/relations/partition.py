"""Shares that make up a whole, votes of those present, and 全部完成 beside what is still open."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import Passage, claim, passages, percent, plain, same_unit, stated, summable
from zhenggai.figures.shapes import Claim, Verdict

_OF_RE = re.compile(r"(?P<own>[^，。；]{1,24}?)(?:的)?占比?(?:为|约|达)?$")
_CROSSING_RE = re.compile(
    "党员|女|男|少数民族|岁|本科|研究生|学历|以上|以下|多选|重复|同比|其中|首|重点|新增|骨干|高级|中级|国土|面积|收入|支出|覆盖"
)
_GRADED_RE = re.compile(
    r"(?P<own>(?:非常满意|比较满意|基本满意|不满意|满意|优秀|良好|合格|不合格|一般|较差))(?:率)?(?:的)?(?:为|占|约)?$"
)
_FAMILIES = (
    re.compile(r"岁"), re.compile("^(?:研究生|博士|硕士|本科|大专|专科|高中|中专|初中)[^及以]{0,4}$"), re.compile("满意|^一般$"), re.compile("优秀|良好|合格|较差"),
)  # fmt: skip
"""Attributes of which each thing has just one."""
_SAID_BEHIND_RE = re.compile(
    "(?:的[一-龥]{2,8})?(?:表示|评价为|评为|认为|选择|给予)?“?(?P<own>非常满意|比较满意|基本满意|不满意|满意|一般|优秀|良好|合格|不合格|较好|较差|好|差)”?(?:的?评价)?$"
)
_REST_RE = re.compile("其余|其他|剩余")
_VOTE_RE = re.compile("同意|赞成|反对|弃权|不同意")
_PRESENT_RE = re.compile("实到|到会|出席|参加表决|参会|收回|发出|有效|参加投票")
_ALL_DONE_RE = re.compile(
    r"^(?:具体|反馈|巡察|整改)?(?P<what>问题|任务|事项|案件|线索|信访件|措施|隐患|项目|条意见|件)?(?:，)?(?:目前|现|均|都|也)*已?(?:全部|均)已?(?:按期|如期|按时)?(?:整改|办结|完成|化解|销号|解决|落实)"
)
_STILL_RE = re.compile(r"(?:尚有|仍有|还有|但有|仅剩|剩余|余下)$")
_OPEN_RE = re.compile("正在|未|尚|待|推进|办理中|整改中|持续")


def check_partition(page: Page) -> list[Claim]:
    """Return the claims about shares of one whole, votes, and what is all done and yet open."""
    claims: list[Claim] = []
    for passage in passages(page):
        claims.extend(_shares(page, passage))
        claims.extend(_shares_of_each(page, passage))
        claims.extend(_votes(page, passage))
        claims.extend(_opposite_rates(page, passage))
    claims.extend(_still_open(page))
    claims.extend(_structures(page))
    return claims


def _shares(page: Page, passage: Passage) -> list[Claim]:
    """Report kinds side by side whose shares exceed the whole together."""
    runs: list[list[tuple[Mention, str]]] = [[]]
    for mention in passage.mentions:
        if not mention.is_ratio:
            continue
        match = (_OF_RE.search(mention.lead) or _GRADED_RE.search(mention.lead)) if mention.unit == "%" else None
        if mention.unit == "%" and (match is None or not match["own"].strip("，、和及")):
            match = _SAID_BEHIND_RE.match(mention.tail) or match
        own = re.sub(r"^(?:[、，]|和|及)+", "", match["own"]) if match else ""
        if (
            not own
            or (_CROSSING_RE.search(own) and not any(family.search(own) for family in _FAMILIES))
            or mention.qualifier
            or mention.quantity.upper is not None
        ):
            runs.append([])
            continue
        runs[-1].append((mention, own))
    claims = []
    for run in runs:
        if len(run) < 3 or len({own for _m, own in run}) != len(run):
            continue
        names = [own for _m, own in run]
        # Of several answers one person may give more than one.
        if sum(1 for own in names if re.match("认为|反映|希望|选择|提出|建议", own)) > 1:
            continue
        family = any(all(pattern.search(own) for own in names) for pattern in _FAMILIES)
        if not family and (len({_ending(own) for own in names}) > 1 or any(_CROSSING_RE.search(own) for own in names)):
            continue
        overlap = re.search("交叉|重叠|同时|其中", page.text[run[0][0].start : run[-1][0].end]) is not None
        if overlap or (not family and any(one != other and one in other for one in names for other in names)):
            continue
        total = sum((percent(mention)[0] for mention, _own in run), Decimal(0))
        slack = sum(percent(mention)[1] for mention, _own in run) / 2
        first, last = run[0][0], run[-1][0]
        behind = page.text[last.end : last.end + 12]
        limit = 130 if not _REST_RE.search(behind) else 200
        if 100 + slack < total <= limit:
            words = "+".join(stated(mention) for mention, _own in run)
            reason = f"各项占比{words}={plain(total)}%，超过100%"
            operands = [mention for mention, _own in run]
            claims.append(
                claim(page, "parts", Verdict.CONTRADICTORY, reason, first.start - len(first.lead), last.end, operands)
            )
    return claims


_EACH_SHARE_RE = re.compile(
    r"(?:(?P<n>[两二三四五六])(?:类|者|项|种|级|部分|个档次)[一-龥]{0,4})?(?:占比|比例|比重)分别(?:为|是|达到?)$"
)


def _shares_of_each(page: Page, passage: Passage) -> list[Claim]:
    """Hold ``三类占比分别为41%、24%和41%`` to the whole."""
    claims = []
    for place, first in enumerate(passage.mentions):
        match = _EACH_SHARE_RE.search(page.text, max(0, first.start - 20), first.start) if first.unit == "%" else None
        if match is None:
            continue
        run = [first]
        for other in passage.mentions[place + 1 : place + 8]:
            if other.unit != "%" or page.text[run[-1].end : other.start] not in ("、", "和", "，", "及", "与"):
                break
            run.append(other)
        declared = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}.get(match["n"] or "")
        if len(run) < 2 or any(m.qualifier for m in run) or (declared is not None and declared != len(run)):
            continue
        total = sum((m.value for m in run), Decimal(0))
        slack = sum((m.quantity.step for m in run), Decimal(0)) / 2
        wrong = 100 + slack < total <= 130 or (declared is not None and 80 <= total < 100 - slack)
        if wrong and (declared is not None or not _CROSSING_RE.search(page.words(page.clause_of(first)))):
            words = "+".join(stated(m) for m in run)
            reason = f"各项占比{words}={plain(total)}%，合计应为100%"
            claims.append(claim(page, "parts", Verdict.CONTRADICTORY, reason, match.start(), run[-1].end, run))
    return claims


def _ending(own: str) -> str:
    return own[-1] if own[-1] != "”" else "”"


_NAMED_RATE_RE = re.compile("(?P<name>[一-龥]{2,8})(?:率|度)(?:为|是|达到?了?|约)*$")


def _opposite_rates(page: Page, passage: Passage) -> list[Claim]:
    """Report 满意度98.6%、不满意率2.4%."""
    named = [
        (m, match["name"])
        for m in passage.mentions
        if m.unit == "%" and not m.qualifier and (match := _NAMED_RATE_RE.search(m.lead))
    ]
    claims = []
    for (first, name), (second, other) in pairwise(named):
        if page.sentence_of(first) != page.sentence_of(second) or not (
            other.endswith("不" + name[-2:]) or name.endswith("不" + other[-2:])
        ):
            continue
        total = first.value + second.value
        if total > 100 + (first.quantity.step + second.quantity.step) / 2:
            reason = f"{stated(first)}+{stated(second)}={plain(total)}%，超过100%"
            claims.append(
                claim(
                    page,
                    "parts",
                    Verdict.CONTRADICTORY,
                    reason,
                    first.start - len(first.lead),
                    second.end,
                    [first, second],
                )
            )
    return claims


def _votes(page: Page, passage: Passage) -> list[Claim]:
    """Hold 同意、反对、弃权 to those who were there."""
    votes = [
        m for m in passage.mentions if m.unit in ("票", "人", "名") and _VOTE_RE.search(m.lead[-6:]) and m.is_exact
    ]
    if len(votes) < 2 or page.sentence_of(votes[0]) != page.sentence_of(votes[-1]):
        return []
    present = [
        m for m in passage.mentions
        if m.index < votes[0].index and m.unit in ("票", "人", "名", "张", "份") and _PRESENT_RE.search(m.lead) and m.is_exact
        and "应" not in m.lead
    ]  # fmt: skip
    if not present:
        return []
    whole, total = present[-1], sum((m.value for m in votes), Decimal(0))
    complete = {"反对", "弃权"} <= {match[0] for m in votes if (match := _VOTE_RE.search(m.lead[-6:]))} and len(
        votes
    ) == 3
    words = f"{'+'.join(stated(m) for m in votes)}={plain(total)}，{whole.lead[-2:]}为{whole.quantity.text}"
    if total == whole.value:
        verdict = Verdict.CONSISTENT
    elif total > whole.value:
        verdict = Verdict.CONTRADICTORY
    elif complete:
        verdict = Verdict.UNCHECKABLE
    else:
        return []
    return [claim(page, "parts", verdict, words, whole.start - len(whole.lead), votes[-1].end, [whole, *votes])]


_STRUCTURE_RE = re.compile(
    r"(?<![\d.：])(\d{1,2}(?:\.\d{1,2})?)：(\d{1,2}(?:\.\d{1,2})?)：(\d{1,2}(?:\.\d{1,2})?)(?![\d：])"
)


def _structures(page: Page) -> list[Claim]:
    """Hold ``三次产业结构为16.1：39.1：44.8`` to the whole."""
    claims = []
    for match in _STRUCTURE_RE.finditer(page.text):
        before = page.text[max(0, match.start() - 50) : match.start()].rpartition("。")[2]
        if not re.search("产业结构|产业比重|产业增加值比|产业占比|产业比例|结构", before):
            continue
        shares = [Decimal(share) for share in match.groups()]
        total = sum(shares, Decimal(0))
        step = min(Decimal(1).scaleb(int(share.as_tuple().exponent)) for share in shares)
        if not 80 <= total <= 120:
            continue
        verdict = Verdict.CONSISTENT if abs(total - 100) <= step else Verdict.CONTRADICTORY
        reason = f"{'+'.join(plain(share) for share in shares)}={plain(total)}，合计应为100"
        claims.append(claim(page, "parts", verdict, reason, match.start(), match.end()))
    return claims


def _still_open(page: Page) -> list[Claim]:
    """Report ``30个问题已全部整改到位，尚有4个问题正在推进``."""
    claims = []
    for index, whole in enumerate(page.mentions[:-1]):
        match = _ALL_DONE_RE.match(page.text, whole.end, whole.end + 40) or _ALL_DONE_RE.match(whole.tail)
        if match is None or not summable(whole):
            continue
        other = page.mentions[index + 1]
        if page.sentence_of(other) != page.sentence_of(whole) or not same_unit(whole, other) or other.value <= 0:
            continue
        if not _STILL_RE.search(other.lead) or not _OPEN_RE.search(page.text[other.end : other.end + 14]):
            continue
        noun = (match["what"] or "") if match["what"] else ""
        if noun and noun not in other.tail and other.tail[:1] not in ("", "正", "未", "尚", "待"):
            continue
        reason = f"既称{whole.quantity.text}全部完成，又称{other.lead[-2:]}{other.quantity.text}未完成"
        claims.append(claim(page, "standing", Verdict.CONTRADICTORY, reason, whole.start, other.end, [whole, other]))
    return claims
