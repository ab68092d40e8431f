"""Done, phased and open make all: the standing of problems, tasks, cases, and of whatever is sorted into X and 不X."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import (
    Passage,
    agree,
    claim,
    led,
    passages,
    same_unit,
    start_of,
    sum_in_words,
    summable,
)
from zhenggai.figures.shapes import Claim, Verdict

_PHASED = re.compile("阶段性完成|基本完成|初步完成|取得阶段性|阶段性整改|基本整改|部分整改|部分完成|阶段性办结")
_OPEN = (
    ("long", re.compile("长期坚持|长期整改|长期推进|持续整改|持续推进|持续推动|需长期|需持续")),
    ("late", re.compile("延期|逾期|超期")),
    ("none", re.compile(
        "未完成|尚未|未整改|未办结|未销号|未解决|未到期|未落实|未审结|未结|未启动|未化解|未处置|未回复|欠缴|未缴|未收|未拨付|未支付|未使用|未发放|未分配|未到位|未开工|未建|未拆|未清|缓议|暂缓|否决|撤回"
    )),
    ("early", re.compile("前期|筹备|招标中|拟建|规划中|待建|停工|停建|停产")),
    ("open", re.compile("正在|在建|推进中|整改中|办理中|在办|待|仍在|继续整改|进行中|跟踪推进|加快推进")),
)  # fmt: skip
_DONE = re.compile(
    "完成整改|整改完成|已完成|完成销号|办结|已整改|整改到位|整改销号|销号|已解决|已化解|化解|审结|结案|已处置|整改完毕|全部完成|解决|已落实|完成$|^完成|已回复|已办复|办复|通过$|已交付|已竣工|已完工|已缴|已收|实收|实缴|已拨付|已支付|已使用|已发放|已分配|已到位|已建成|竣工|通车|已开工|已拆|已清"
)
_LIGHT_RE = re.compile(
    r"^(?:，|、|其中|目前|截至目前|已经|现|有|共|均|分别|约|仅|的)+|(?:的|共|有|约|仅|为|分别|达|了|问题|案件|任务|事项|项目|线索)+$"
)
_STOCK_RE = re.compile("结转|旧存|上年|历史|遗留|往年|积案|存量")
_TASK_RE = re.compile("问题|任务|事项|措施|信访|举报|交办|线索|建议|提案|意见|议案|清单|隐患")
_RECEIVED_RE = re.compile("受理|收到|新收|接收|接到|受案|移送|提请|审查|报名|申请|申报|登记")
_GRADE_RE = re.compile("优秀|良好|基本合格|基本满意|较好|较差")
"""Grades between 合格 and 不合格."""
_ALL_RE = re.compile("等|部分已|其他")


def check_standing(page: Page) -> list[Claim]:
    """Return the claims about standings that make up a whole."""
    claims: list[Claim] = []
    for passage in passages(page):
        for place, whole in enumerate(passage.mentions):
            if summable(whole) and whole.lead not in ("、", "和", "及") and (not whole.chinese or whole.value >= 10):
                found = _standings(page, passage, place, whole) or _opposites(page, passage, place, whole)
                if found is not None:
                    claims.append(found)
    return claims


def standing_of(mention: Mention) -> str:
    """Return ``phased``, ``done`` or one of the open standings as the words around *mention* say, or nothing."""
    lead = re.split(r"[、，和]", mention.lead)[-1][-16:]
    for words in (lead, re.split(r"[、，和]", mention.tail)[0][:16]):
        for name, pattern in (("phased", _PHASED), *_OPEN, ("done", _DONE)):
            if pattern.search(words):
                return name
    return ""


def _settled(page: Page, whole: Mention) -> bool:
    """Tell whether *whole* is itself so many of a standing; what stands behind it may be said of the part that follows."""
    if page.clause_of(whole).mentions[-1] is whole:
        return bool(standing_of(whole))
    lead = re.split(r"[、，和]", whole.lead)[-1][-16:]
    return any(pattern.search(lead) for pattern in (_PHASED, *(p for _n, p in _OPEN), _DONE))


def _alike_behind(page: Page, passage: Passage, place: int, whole: Mention) -> list[Mention]:
    depth = page.clause_of(whole).depth
    found = []
    for other in passage.mentions[place + 1 : place + 24]:
        if other.kin != whole.kin or other.group == whole.group or not other.is_count:
            continue
        if page.clause_of(other).depth > depth or not same_unit(whole, other):
            continue
        if not summable(other):
            break
        found.append(other)
    return found


def _standings(page: Page, passage: Passage, place: int, whole: Mention) -> Claim | None:
    behind = _alike_behind(page, passage, place, whole)
    parts: list[Mention] = []
    for other in behind:
        if not standing_of(other) or page.clause_of(other).sentence != page.clause_of(behind[0]).sentence:
            break
        parts.append(other)
    kinds = [standing_of(part) for part in parts]
    if len(set(kinds)) < 2:
        return None
    if "其中" not in page.text[whole.end : parts[0].start] and _settled(page, whole):
        return None
    if agree(parts, [whole]):
        return _claimed(page, Verdict.CONSISTENT, whole, parts)
    distinct = [parts[kinds.index(kind)] for kind in dict.fromkeys(kinds)]
    last = [parts[len(kinds) - 1 - kinds[::-1].index(kind)] for kind in dict.fromkeys(kinds)]
    if (
        agree(distinct, [whole])
        or agree(last, [whole])
        or any(agree(parts[:n], [whole]) and not _goes_on(page, parts, n) for n in range(2, len(parts)))
    ):
        return _claimed(page, Verdict.CONSISTENT, whole, parts)
    most = max(m.amount for m in parts)
    if most > whole.amount and any(
        m.amount >= most and same_unit(m, whole) and page.sentence_of(m) == page.sentence_of(whole)
        for m in passage.mentions[max(0, place - 6) : place]
    ):
        # 其中重大隐患22处，已整改1498处: of all that were told before.
        return None
    if most > whole.amount and re.search("[；。]", page.text[whole.end : parts[0].start]):
        return None
    if len(kinds) != len(set(kinds)) or any(m.qualifier or m.quantity.upper for m in (whole, *parts)):
        return None
    if _ALL_RE.search(page.text[whole.end : parts[-1].end]):
        return None
    before = page.text[max(0, whole.start - len(whole.lead) - 40) : whole.start].rpartition("。")[2]
    words = before + page.text[whole.start : parts[-1].end + 30].partition("。")[0]
    if "其中" in page.text[parts[0].end : parts[-1].start] or _STOCK_RE.search(words):
        return None
    if len(behind) > len(parts) and sum(m.amount for m in parts) < whole.amount:
        return None
    # Of projects and the like some may be in neither standing; of problems and tasks none may.
    if sum(m.amount for m in parts) < whole.amount and not (
        _TASK_RE.search(whole.label) or any(re.search("未|尚|剩|其余", m.lead[-8:] + m.tail[:4]) for m in parts)
    ):
        return None
    return _claimed(page, Verdict.CONTRADICTORY, whole, parts)


def _goes_on(page: Page, parts: Sequence[Mention], count: int) -> bool:
    """Tell whether the list goes on behind the first *count* as it did before, each standing behind a ；."""
    last, following = page.clause_of(parts[count - 1]), page.clause_of(parts[count])
    return (
        following.segment != last.segment
        and last.segment != page.clause_of(parts[0]).segment
        and "其中" not in page.words(following)
    )


def _core(mention: Mention) -> str:
    """Return what is said of so many: ``合格`` of ``合格290批次`` and of ``290批次合格``."""
    lead = _LIGHT_RE.sub("", re.split(r"[、，和]", mention.lead)[-1]).removeprefix("已")
    return lead or _LIGHT_RE.sub("", re.split(r"[、，和]", mention.tail)[0])


def _same_act(core: str, act: str) -> bool:
    """Tell whether *core* is *act*, perhaps with the body that acts: 检察机关起诉, 不起诉."""
    body = core.removesuffix(act)
    return body == "" or (
        body != core and re.fullmatch("检察机关|检察院|法院|公安机关|[我本全]院|[市县区]局|依法|决定", body) is not None
    )


def _opposites(page: Page, passage: Passage, place: int, whole: Mention) -> Claim | None:
    """Hold X and 不X, with what stands between or beside them, to the whole."""
    behind = _alike_behind(page, passage, place, whole)
    behind = [m for m in behind if page.clause_of(m).segment == page.clause_of(behind[0]).segment][:8]
    cores = [_core(part) or _LIGHT_RE.sub("", re.split(r"[、，和]", led(page, part))[-1]) for part in behind]
    if _GRADE_RE.search(page.text[page.clause_of(whole).start : behind[-1].end] if behind else ""):
        return None
    for at, core in enumerate(cores):
        if len(core) < 2:
            continue
        for other, negated in enumerate(cores):
            match = re.fullmatch("(?:不|未|非|尚未|正在|待|拟)(?P<act>.{2,8})", negated)
            if other == at or match is None or not _same_act(core, match["act"]):
                continue
            if whole.amount < max(behind[at].amount, behind[other].amount) and whole.label and core in whole.label:
                continue
            if (
                whole.amount < max(behind[at].amount, behind[other].amount)
                and page.clause_of(whole).segment != page.clause_of(behind[at]).segment
            ):
                # 不捕19.6万人；决定起诉79.3万人: another matter.
                continue
            gap = page.text[whole.end : behind[min(at, other)].start]
            if "；" in gap and "其中" not in gap and not agree([behind[at], behind[other]], [whole]):
                continue
            low, high = min(at, other), max(at, other)
            span = behind[low : high + 1]
            readings: list[Sequence[Mention]] = [span, [behind[at], behind[other]], behind, behind[: high + 1]]
            fitting = next((list(reading) for reading in readings if agree(reading, [whole])), None)
            if fitting:
                return _claimed(page, Verdict.CONSISTENT, whole, fitting)
            if any(m.qualifier or m.quantity.upper for m in (whole, *span)) or high - low > 2 or low > 0:
                return None
            # Of what was received some may still be pending.
            if sum(m.amount for m in span) < whole.amount and _RECEIVED_RE.search(whole.label):
                return None
            return _claimed(page, Verdict.CONTRADICTORY, whole, span)
    return None


def _claimed(page: Page, verdict: Verdict, whole: Mention, parts: Sequence[Mention]) -> Claim:
    everything = sorted((whole, *parts), key=lambda m: m.index)
    return claim(
        page,
        "standing",
        verdict,
        sum_in_words(parts, whole),
        start_of(page, everything[0]),
        everything[-1].end,
        everything,
    )
