"""More answered than asked: adopted of proposed, closed of received, mended of found, passed of tested, filled of lacking.

The two counts must stand in one sentence and be of one kind; old stock carried over makes more closed than received
possible, and then nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, is_past, pairs_of, same_unit, start_of, summable
from zhenggai.figures.shapes import Claim, Verdict

_PAIRS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (words, re.compile(asked), re.compile(answered))
    for words, asked, answered in (
        ("采纳、回复的多于提出、发出的", r"(?:提出|发出|制发|发送|送达|提交|宣告送达)(?!抗诉)", r"(?:采纳|回复|答复|采信|被采纳|落实整改)"),
        ("办结的多于受理的", r"(?:受理|收到|接收|接到|交办|转办|受案|登记|征集)", r"(?:办结|答复|回复|办理完毕|化解|处理完毕|审结|查实)"),
        ("整改的多于发现的", r"(?:发现|查出|排查|排查出|反馈|指出|查摆|梳理|检查出|查找|整改落实)", r"(?:整改|整治|解决|销号|消除|纠正|完成整改|整改完成|整治完成|化解|移交|移送)"),
        ("实到的多于应到的", r"(?:应到|应参加|应参会|应出席)", r"(?:实到|实参|实训|实际参训|实际参加|实参会|实际到会|出席)"),
        ("其中的多于抽查的", r"(?:抽查|抽检|抽样|检测|检验|评查|体检|核查|抽取)", r"(?:合格|不合格|达标|不达标|优秀|瑕疵|异常|阳性|评定|未通过)"),
        ("通过的多于申报的", r"(?:申请|申报|报名|报考)", r"(?:通过|批准|录取|获批|录用|入选)"),
        ("追回的多于所涉的", r"(?:涉及|违规|问题|骗取|多付|多计|多发|应退|应追|挪用|套取|闲置)", r"(?:追回|退还|退回|追缴|清退|归还|上缴|收回|核减)"),
        ("已办的多于应办的", r"(?<![供相反响适效对回])应(?!对|当|急|用|邀|诉)[一-龥]{1,6}", r"(?:已|实)(?!现|施|行|验|践|地|事)[一-龥]{1,6}"),
        ("支付的多于到位的", r"(?:到位)", r"(?:支付|支出|拨付)"),
        ("收回的多于发放的", r"(?:发放|下发|发出)(?:[一-龥]{0,6})(?:问卷|调查表|测评表|选票|试卷)|(?:问卷|调查表|测评表|选票|试卷)[一-龥]{0,4}(?:发放|下发|发出)", r"(?:收回|回收)"),
    )
)  # fmt: skip
_STOCK_RE = re.compile("旧存|积案|存量|上年|去年|往年|历史|结转|遗留|累计|以前年度|跨年|含|包括")
_LACK_RE = re.compile(
    r"(?P<n>\d{1,5})(?P<unit>个|家|名|所|处)(?P<who>[一-龥]{1,12}?)(?:尚|均|仍|还)?(?:未|没有|没|缺)(?P<verb>配备|设立|建立|设置|成立|配齐|安装|落实|制定|开展|完成)(?P<what>[一-龥]{2,14})"
)
_FILL_RE = re.compile(
    r"(?P<n>\d{1,5})(?P<unit>个|家|名|所|处)(?P<who>[一-龥]{1,12}?)(?:已|均|均已|全部|新)?(?P<verb>配备|设立|建立|设置|成立|配齐|安装|落实|制定|开展|完成)(?:了|好|到位)?(?P<what>[一-龥]{2,14})"
)
_REACH = 4000
"""How far behind a lack its filling is looked for, in characters."""


def check_answered(page: Page) -> list[Claim]:
    """Return the claims about more answered than asked."""
    claims = []
    for later in page.mentions:
        found = _more(page, later) or _bare(page, later)
        if found is not None:
            claims.append(found)
    claims.extend(_filled(page))
    return claims


def _more(page: Page, later: Mention) -> Claim | None:
    if not summable(later) or later.chinese or later.qualifier:
        return None
    clause = page.clause_of(later)
    if any(
        m.amount >= later.amount and same_unit(m, later) and page.sentence_of(m) == clause.sentence
        for m in page.before(later, 12)
    ):
        return None
    for earlier in page.before(later, 6):
        before = page.clause_of(earlier)
        if before.segment != clause.segment or clause.index - before.index > 3 or before.depth != clause.depth:
            break
        if (
            earlier.lead in ("、", "和", "及")
            or earlier.kin != later.kin
            or earlier.unit != later.unit
            or not summable(earlier)
            or earlier.group == later.group
        ):
            continue
        for words, asked, answered in _PAIRS:
            if not asked.search(_acts(earlier)) or not answered.search(_acts(later)) or asked.search(_acts(later)):
                continue
            if earlier.kin == "money" and _done(answered, _acts(earlier)):
                continue
            if later.low > earlier.high:
                stretch = page.text[max(0, before.start - 30) : clause.end + 24].partition("。")[0]
                if (
                    _STOCK_RE.search(stretch)
                    or is_past(earlier)
                    or earlier.qualifier
                    or _elsewhere(page, earlier, later)
                ):
                    return None
                reason = f"{words}：{later.quantity.text}＞{earlier.quantity.text}"
                return claim(
                    page,
                    "answered",
                    Verdict.CONTRADICTORY,
                    reason,
                    start_of(page, earlier),
                    later.end,
                    [earlier, later],
                )
            return None
    return None


_BARE_ACT_RE = re.compile(
    "(?:已|共|现|全部|实际)?(?:检查|抽查|走访|排查|核查|登记|签订|安装|改造|整治|整改|完成|办结|处置|培训|覆盖|通过|到位|参加|参与|收回|回收|使用|安置|接种|建成|开工|冻结|查封|关停|拆除|封存|注销|加固|签约|走访|入户|建档|签订)(?:了)?(?:承诺书|协议|合同|责任书|档案)?"
)


def _bare(page: Page, later: Mention) -> Claim | None:
    """Report ``沿街商铺312家，检查348家``, where the later count names nothing of its own."""
    if (
        later.index == 0
        or not summable(later)
        or later.qualifier
        or later.tail
        or later.kin == "money"
        or not _BARE_ACT_RE.fullmatch(later.lead)
    ):
        return None
    earlier = page.mentions[later.index - 1]
    if not summable(earlier) or earlier.unit != later.unit or earlier.qualifier or later.low <= earlier.high:
        return None
    if any(
        m.amount >= later.amount and same_unit(m, later) and page.sentence_of(m) == page.sentence_of(later)
        for m in page.before(later, 12)
    ):
        return None
    near = page.clause_of(later).index - page.clause_of(earlier).index == 1
    if (
        not near
        or page.clause_of(later).segment != page.clause_of(earlier).segment
        or later.amount > earlier.amount * 2
    ):
        return None
    if earlier.lead in ("、", "和", "及"):
        return None
    if re.search("计划|目标|任务|拟|预计|去年|上年|新增|其中|新收|应急", earlier.lead) or earlier.tail:
        return None
    stretch = page.text[page.clause_of(earlier).start : later.end + 24].partition("。")[0]
    if _STOCK_RE.search(stretch):
        return None
    reason = f"{later.lead}的{later.quantity.text}多于{earlier.quantity.text}"
    return claim(page, "answered", Verdict.CONTRADICTORY, reason, start_of(page, earlier), later.end, [earlier, later])


def _acts(mention: Mention) -> str:
    """Return the words that say what was done with so many."""
    return re.split(r"[、]", mention.lead)[-1] + "|" + re.split(r"[、，]", mention.tail)[0]


def _done(answered: re.Pattern[str], acts: str) -> bool:
    """Tell whether *acts* themselves answer: of 清退违规资金…、追回… each is what was done, neither is of the other."""
    return any(
        acts[max(0, act.start() - 1) : act.start()] not in tuple("应未需须待拟该") for act in answered.finditer(acts)
    )


def _elsewhere(page: Page, earlier: Mention, later: Mention) -> bool:
    """Tell whether the two counts name different things, so that one is not of the other."""
    first, second = _noun(earlier), _noun(later)
    if len(first) < 2 or len(second) < 2:
        return False
    return not any(pair in second for pair in pairs_of(first))


_VERBS_RE = re.compile(
    "[应实](?=[一-龥])(?!际|现|施|行)[一-龥]|获批|并|反馈|交办|转办|举报|来信|来访|来电|及时|应到会?|应参加|应参会|应出席|实到|实际|参加|出席|抽查|抽检|抽样|检测|检验|评查|核查|抽取|不|评定|达标|优秀|瑕疵|异常|提出|发出|制发|发送|送达|采纳|回复|答复|受理|收到|接收|办结|审结|整改|发现|查出|排查|解决|完成|合格|共|已|均|被|并|的|全部|督促|落实|法院|成功|现|累计"
)


def _noun(mention: Mention) -> str:
    return (
        _VERBS_RE.sub("", re.split(r"[、]", mention.lead)[-1])[-6:]
        or _VERBS_RE.sub("", re.split(r"[、，]", mention.tail)[0])[:6]
    )


def _filled(page: Page) -> list[Claim]:
    """Report more filled than were said to be lacking: 5个…未配备…, but 为7个…配备了…."""
    claims = []
    text = page.text
    lacks = list(_LACK_RE.finditer(text))
    if not lacks:
        return []
    starts = [lack.start() for lack in lacks]
    for fill in _FILL_RE.finditer(text):
        if re.search(r"未|没有|没|缺|尚", fill["who"]):
            continue
        before = bisect_right(starts, fill.start())
        for lack in lacks[max(0, before - 30) : before]:
            if not 0 < fill.start() - lack.end() < _REACH:
                continue
            same = (
                lack["unit"] == fill["unit"] and lack["verb"] == fill["verb"]
                and (lack["who"].endswith(fill["who"]) or fill["who"].endswith(lack["who"]))
                and _same_start(lack["what"], fill["what"])
            )  # fmt: skip
            if same and int(fill["n"]) > int(lack["n"]):
                reason = f"此前称{lack['n']}{lack['unit']}{lack['who']}未{lack['verb']}，此处{lack['verb']}{fill['n']}{fill['unit']}，多于所缺"
                claims.append(claim(page, "answered", Verdict.CONTRADICTORY, reason, fill.start(), fill.end()))
                break
    return claims


def _same_start(first: str, second: str) -> bool:
    """Tell whether two names of what is lacking and what was filled begin alike, by at least three characters."""
    shared = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= min(3, len(first), len(second)) and shared >= 2
