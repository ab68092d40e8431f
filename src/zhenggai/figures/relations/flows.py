"""Stocks and what flows in and out of them: ``年初320台，购入150台，报废70台，年末400台``, ``旧存 + 新收 - 审结 = 未结``.

Each count of the sentence must have one part in it, told by the words right before: the stock at the beginning, what came,
what went, the stock at the end. A sentence that also counts something else of that measure word is left in peace, and one
that tells of coming alone or going alone as well, for then the other may merely be untold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import Passage, agree, claim, passages, plain, same_unit, start_of, stated
from zhenggai.figures.rounding import shown_digits
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

_OLD_RE = re.compile(
    "年初|月初|季初|期初|[上去]年年?[末底]|上年度?结[转余存]|上年(?:未结|未办结|遗留)|上期|结转|旧存|旧案|原有|原来的?"
    "|(?:清理|整治|整改|改革|合并|撤并|清查|调整|优化)前"
)
_NEW_RE = re.compile(
    "年末|年底|月末|季末|期末|未结|未办结|结存|结余|滚存|现存|现有|实有|仍有|尚有|目前|截至|在册|保留|存栏|余额|结转下年"
)
_YEAR_END_RE = re.compile("(?P<year>20\\d\\d)年年?[末底]")
_FROM_RE = re.compile("(?:由|从)(?:原来的?|原有的?|年初的?|上年的?|[一-龥]{0,8})?$")
_TO_RE = re.compile(
    "(?:调整|变更|增加|减少|扩大|精简|增|减|变|达|发展|整合|优化)(?:到|为|至)(?:了)?(?:现在的|目前的)?$"
)
_IN_RE = re.compile(
    "(?<!净)(?:新增|新装|新添|新购|新收|新接|新受理|新立|新发放|新发行|新招|新建|新设|新纳入|新办|新开办|增补|购入|购置|购进|调入|转入|流入|收入|增加|发展|招录|招聘|录用|纳入|入库|补充|接收|引进|进货|筹集"
    "|募集|收到|拨入|受理|收押|入院|入住|发行|登记|举借|借入|新认定|认定)"
)
_OUT_RE = re.compile(
    "减少|退出|报废|调出|转出|流出|支出|收回|偿还|归还|办结|审结|执结|结案|结清|退休|离职|辞职|辞退|死亡|病故|注销|清退|销号|化解|出库|领用|支付|释放|使用|出栏|淘汰|核销|核减|调离|撤并|裁撤|解除|出售"
    "|消化|取消|撤销|删除|废止|关停|关闭|合并|停办|退养|脱贫|出院|毕业|发出|处置|压减|缴回|下线|动用"
)
_NET_RE = re.compile("(?:净(?P<net>增|减)(?:加|少)?|比(?:上月|上年|年初|上期|月初)(?:末|底)?(?P<by>增加|减少))(?:了)?$")


def check_flows(page: Page) -> list[Claim]:
    """Return the claims about stocks and their flows."""
    claims: list[Claim] = []
    for passage in passages(page):
        for sentence in _sentences(page, passage):
            found = _judged(page, sentence)
            if found is not None:
                claims.append(found)
            claims.extend(_net(page, sentence))
    return claims


def _sentences(page: Page, passage: Passage) -> list[list[Mention]]:
    """Return the counts of one measure word in each sentence of *passage*, three to eight of them."""
    found: dict[tuple[int, int], list[Mention]] = {}
    kinds: list[Mention] = []
    for mention in passage.mentions:
        if not mention.is_count:
            continue
        first = next((m for m in kinds if same_unit(m, mention) and m.kin == mention.kin), None)
        if first is None:
            kinds.append(mention)
            first = mention
        found.setdefault((page.sentence_of(mention), first.index), []).append(mention)
    return [mentions for mentions in found.values() if 3 <= len(mentions) <= 8]


def _words(page: Page, mention: Mention) -> str:
    """Return the words that say what *mention* is: those before it, or behind it when it stands first: ``36户退出``."""
    clause = page.clause_of(mention)
    if not mention.lead and mention is clause.mentions[0]:
        return mention.tail[:8]
    words = re.split("[、，]", mention.lead)[-1][-16:]
    before = page.clauses[clause.index - 1] if clause.index and mention is clause.mentions[0] else None
    if before is not None and before.sentence == clause.sentence and not before.mentions:
        # 2023年末，全县债务余额…: the time stands in a clause of its own.
        time = page.words(before)
        words = time + words if re.fullmatch("(?:截至)?[^，]{0,8}[年月季期](?:末|底|初)", time) else words
    return words


def _role(page: Page, mention: Mention, last: Mention) -> str:
    """Return which part *mention* has: ``old``, ``in``, ``out``, ``new``, or nothing."""
    words = _words(page, mention).replace("转移支付", "")
    if _FROM_RE.search(words):
        return "old"
    if _TO_RE.search(words):
        return "new"
    ended = _YEAR_END_RE.search(words)
    if ended is not None and mention is not last:
        closed = _YEAR_END_RE.search(_words(page, last))
        if re.search("年?[末底]", _words(page, last)) and (closed is None or ended["year"] < closed["year"]):
            return "old"
    if re.search("(?<![上去]年)(?<![上去])年[末底]|期末|月末|季末|本年结转|结转下", words) and "以来" not in words:
        return "new"
    if re.search("未结|未办结|尚未|尚有|仍有|保留", words) and not _OLD_RE.search(words):
        return "new"
    new, came, went = (list(pattern.finditer(words)) for pattern in (_NEW_RE, _IN_RE, _OUT_RE))
    old = list(_OLD_RE.finditer(words))
    if "下年" in words or (new and not old and not came and not went):
        return "new"
    # 上年未结转入15件: it is the old stock, however it came.
    if old and (not went or not re.search("的", words)) and not re.search("年初以来|截至", words):
        return "old"
    if new and (came or went):
        verb = max((*came, *went), key=lambda match: match.start())
        if new[-1].start() > verb.start() or re.search("余额|结存|结余|实有|在册", words):
            return "new"
    if came and went:
        return "in" if came[-1].start() > went[-1].start() else "out"
    return "in" if came else "out" if went else ""


def _judged(page: Page, counts: Sequence[Mention]) -> Claim | None:
    roles: dict[str, list[Mention]] = {"old": [], "in": [], "out": [], "new": []}
    for mention in counts:
        role = _role(page, mention, counts[-1])
        if not role or "其中" in mention.lead:
            return None
        roles[role].append(mention)
    if (
        not roles["old"]
        and len(roles["new"]) == 2
        and roles["new"][0] is counts[0]
        and re.search("现有|实有|共有", counts[0].lead)
        and re.search("年[末底]|期末|目前", counts[-1].lead)
    ):
        # 现有车辆18台，报废3台、新购5台，年底保有20台: what there is first is the old stock.
        roles["old"], roles["new"] = roles["new"][:1], roles["new"][1:]
    if len(roles["old"]) != 1 or len(roles["new"]) != 1 or not (roles["in"] or roles["out"]):
        return None
    old, new = roles["old"][0], roles["new"][0]
    grown = re.search("原有", old.lead) and re.search("现有|达到?$|增加到|减少到", new.lead)
    if not (roles["in"] and roles["out"]) and not grown:
        return None
    if any(m.qualifier or m.quantity.upper is not None for m in counts) or counts.index(old) > counts.index(new) + 1:
        return None
    if any(m.lead.endswith("等") for m in counts):
        return None
    signed = [(old, 1), *((m, 1) for m in roles["in"]), *((m, -1) for m in roles["out"])]
    left = sum((m.amount * sign for m, sign in signed), Decimal(0))
    fits = agree([old, *roles["in"]], [new, *roles["out"]])
    if not fits and abs(left - new.amount) * 2 > max(new.amount, old.amount):
        return None
    words = "".join(f"{'+' if sign > 0 else '-'}{stated(m)}" for m, sign in signed)[1:]
    if len({m.unit for m in counts}) > 1:
        words = "".join(f"{'+' if sign > 0 else '-'}{m.quantity.text}" for m, sign in signed)[1:]
    factor = MEASURES[new.unit][1] if new.unit in MEASURES else Decimal(1)
    reason = f"{words}={plain(left / factor, max(2, shown_digits(new.quantity.step)))}，文中为{new.quantity.text}"
    verdict = Verdict.CONSISTENT if fits else Verdict.CONTRADICTORY
    return claim(page, "parts", verdict, reason, start_of(page, counts[0]), counts[-1].end, counts)


def _net(page: Page, counts: Sequence[Mention]) -> list[Claim]:
    """Hold ``核减312人，新增287人，…比上月减少25人`` to what came and what went."""
    net = next((m for m in counts if _NET_RE.search(m.lead)), None)
    if net is None or net.qualifier:
        return []
    came = [m for m in counts if m is not net and _role(page, m, counts[-1]) == "in"]
    went = [m for m in counts if m is not net and _role(page, m, counts[-1]) == "out"]
    if len(came) != 1 or len(went) != 1 or any(m.qualifier for m in (*came, *went)) or len(counts) > 5:
        return []
    if len({page.clause_of(m).segment for m in (*came, *went, net)}) > 1:
        return []
    match = _NET_RE.search(net.lead)
    sign = -1 if match is not None and (match["net"] == "减" or match["by"] == "减少") else 1
    actual = (came[0].amount - went[0].amount) * sign
    fits = abs(actual - net.amount) * 2 <= (net.high - net.low) + (came[0].high - came[0].low)
    if not fits and abs(actual - net.amount) > max(came[0].amount, went[0].amount):
        return []
    factor = MEASURES[net.unit][1] if net.unit in MEASURES else Decimal(1)
    first, second = (came[0], went[0]) if sign > 0 else (went[0], came[0])
    reason = (
        f"{first.quantity.text}-{second.quantity.text}={plain(actual / factor)}{net.unit}，文中为{net.quantity.text}"
    )
    verdict = Verdict.CONSISTENT if fits else Verdict.CONTRADICTORY
    operands = [came[0], went[0], net]
    return [claim(page, "growth", verdict, reason, net.start - len(net.lead), net.end, operands)]
