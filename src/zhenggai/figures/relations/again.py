"""A number said again of what has been counted before: ``全镇16个行政村均…`` against ``辖18个行政村``.

The later mention must be definite: 上述, 这, 反馈的, 全镇…均, 覆盖全市…, …中, or what is left over of what was done. It is held
to the one number that was given for the same noun before; a number that stands anywhere before, or that two of them add up
to, is taken to mean something else, and so is everything with a word that picks some out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, is_past, start_of, summable
from zhenggai.figures.shapes import Claim, Verdict

_REACH = 3000
"""How far back, in characters, a reference back may reach."""
_SCOPE = "全[国省市县区州镇乡街村校院局系]|全街道|全系统|全公司|全集团|我[市县区镇乡局院校]"
_THESE_RE = re.compile("(?:上述|前述|以上|[对将把就]这|[对将把]该|针对这|这)$")
_FOUND_RE = re.compile(
    "(?P<act>反馈|指出|发现|查出|提出|移交|交办|通报|排查出|梳理出|检查出|抽查|征集|收集|查摆|认领)的$"
)
_WHOLE_RE = re.compile(f"(?:{_SCOPE})(?:的)?(?:所有|全部)?$")
_REACHED_RE = re.compile(f"(?:覆盖|遍及|走遍|对|组织|涵盖|深入|惠及|涉及)(?:{_SCOPE})(?:的)?(?:所有|全部)?$")
_ALL_BEHIND_RE = re.compile(
    "^(?:已|现)?(?:均|都|全部|全都|逐一|逐个|逐项|逐户|一一|中(?:，|有|仍|亏|已|尚)|实现全覆盖|全覆盖)"
)
_INTRODUCED_RE = re.compile(
    "共|有|辖|设|现|发现|反馈|指出|查出|提出|移交|交办|通报|排查|梳理|检查|抽查|征集|收集|查摆|认领|听取|受理|增加到|增至|达到?|减少到|减至|扩大到|安排|下达|筹集|涉及|登记|建成|组建"
)
_SOME_RE = re.compile(
    "其中|重点|典型|部分|个别|首批|第[一二三四五六]|突出|已(?!反馈)|未|尚|超期|逾期|剩余|其余|另|新增|新建|上年|去年|同期|计划|拟|示范|试点|贫困|一般|重大|较大|省级|市级|县级|国家级|本级|市直|县直|涉及|属于|以上|以下|不含|除"
)
_NOUN_END_RE = re.compile(
    "均|都|全部|逐|中(?!小学|心|学|医|型)|进行|开展|予以|及时|依法|的|分别|也|办结|完成|整改|已|实现|建立|纳入|制定|落实|达到|，"
)
_ALIASES = (
    ("规模以上", "规上"),
    ("限额以上", "限上"),
    ("村民委员会", "村委会"),
    ("居民委员会", "居委会"),
    ("建制村", "行政村"),
)


def check_again(page: Page) -> list[Claim]:
    """Return the claims about numbers said again."""
    claims: list[Claim] = []
    by_unit: dict[str, list[Mention]] = defaultdict(list)
    for mention in page.mentions:
        if not summable(mention) or mention.unit in ("次", "年"):
            continue
        earlier = [m for m in by_unit[mention.unit][-60:] if mention.start - m.start <= _REACH]
        found = _again(page, mention, earlier) if earlier else None
        if found is not None:
            claims.append(found)
        by_unit[mention.unit].append(mention)
    claims.extend(_left(page))
    return claims


def _even(words: str) -> str:
    for long, short in _ALIASES:
        words = words.replace(long, short)
    return words


def _noun_behind(mention: Mention) -> str:
    """Return the noun right behind the measure word of *mention*."""
    return _even(_NOUN_END_RE.split(mention.tail.removeprefix("具体").removeprefix("的"))[0][:10])


def _noun_before(mention: Mention) -> str:
    """Return the noun that the words before *mention* end with, as far as it can be told from its verb."""
    words = re.split("[、，：和与及]", mention.lead)[-1]
    words = re.sub("(?:共有|现有|增加到|减少到|增至|减至|达到|共计|合计|总计|总数|共|有|达|为|由|从)+$", "", words)
    return _even(re.sub(f"^.*(?:{_INTRODUCED_RE.pattern}|{_SCOPE})(?=.{{2}})", "", words)[-10:])


def _again(page: Page, mention: Mention, earlier: Sequence[Mention]) -> Claim | None:
    if mention.qualifier or mention.quantity.upper is not None or (mention.chinese and mention.value < 10):
        return None
    lead = mention.lead
    noun, behind = _noun_behind(mention), mention.tail[len(_NOUN_END_RE.split(mention.tail)[0]) :]
    these = _THESE_RE.search(lead) is not None
    act = _FOUND_RE.search(lead)
    whole = _WHOLE_RE.search(lead) is not None and (
        _ALL_BEHIND_RE.match(behind) is not None or _REACHED_RE.search(lead) is not None
    )
    listed = re.search("(?:^|[，对])对$", lead) is not None and re.match("逐|分别|全部", behind) is not None
    before = ""
    if not (these or act or whole or listed):
        if not re.match("中(?:，|有|仍|亏|已|尚)", mention.tail):
            return None
        before = noun = _noun_before(mention)
        if len(noun) < 4:
            return None
    if len(noun) < 2 or _SOME_RE.search(lead[-12:].replace(noun, "")):
        return None
    sources = [m for m in earlier if _is_source(page, m, noun, act["act"] if act else "")]
    if len({m.amount for m in sources}) != 1 or any(m.amount == mention.amount for m in earlier):
        return None
    source = sources[-1]
    if source.qualifier or is_past(source) or _parted(page, source, mention):
        return None
    if any(
        abs(a.amount - b.amount) == mention.amount or a.amount + b.amount == mention.amount
        for a in earlier
        for b in earlier
        if a is not b
    ):
        return None
    if not source.amount / 2 <= mention.amount <= source.amount * 2:
        return None
    if (listed or before) and mention.amount < source.amount and not (before or len(noun) >= 4):
        return None
    reason = f"前文为{source.quantity.text}，此处为{mention.quantity.text}"
    return claim(
        page, "mentioned_twice", Verdict.CONTRADICTORY, reason, start_of(page, mention), mention.end, [source, mention]
    )


def _is_source(page: Page, mention: Mention, noun: str, act: str) -> bool:
    """Tell whether *mention* gives the number of *noun*, of all that there are or that were found."""
    lead = mention.lead
    if re.search("^[，]?(?:增加|减少|增|减|扩大|发展|提高|下降)(?:到|至|为)$", lead) and mention.index:
        # 企业由118家增加到131家: of the same as before.
        lead = re.sub("(?:由|从)[^，]{0,6}$", "", page.mentions[mention.index - 1].lead)
    if (
        re.search("(?:由|从)[^，]{0,6}$", lead)
        or _SOME_RE.search(_even(lead)[-14:].replace(noun, ""))
        or _FOUND_RE.search(lead)
        or mention.qualifier
    ):
        return False
    if act and act not in lead:
        return False
    if _noun_behind(mention) == noun or (_noun_behind(mention).startswith(noun) and len(noun) >= 4):
        return act != "" or _INTRODUCED_RE.search(lead) is not None
    words = _even(re.split("[、，：]", lead)[-1])
    match = re.search(
        f"(?P<own>.*){re.escape(noun)}(?:共有|现有|共?安排|共?下达|共?筹集|共?投入|共计|合计|总数|达到?|由|增加到|增至|减少到|为|共|有|数)*$",
        words,
    )
    return match is not None and (len(noun) >= 4 or _INTRODUCED_RE.search(words) is not None)


def _parted(page: Page, source: Mention, mention: Mention) -> bool:
    """Tell whether another year or body is spoken of at *mention* than at *source*."""
    years = [set(re.findall("20\\d\\d", m.quantity.period)) for m in (source, mention)]
    if years[0] and years[1] and years[0] != years[1]:
        return True
    bodies = [
        re.findall(
            "[一-龥]{2}(?:县|区|镇|乡|街道|村|社区|学校|公司)(?!级|域|直)",
            page.text[max(page.clause_of(m).start, m.start - 30) : m.start],
        )
        for m in (source, mention)
    ]
    return bool(bodies[1]) and bodies[0] != bodies[1] and not re.search(_SCOPE, mention.lead)


_LEFT_RE = re.compile(
    "(?:尚未|未|没有)(?P<act>完成|整改|办结|解决|销号|化解|整改到位|完成整改|整改完成)的$|(?:剩余|余下|其余)的?$"
)
_DONE_RE = re.compile(
    "(?:已|完成)(?:经)?(?:完成)?(?:整改|办结|解决|销号|化解|完成|整治)(?:到位|完毕|完成)?(?:了)?$|(?:整改|化解|销号|办结)(?:完成)?$"
)
_OPEN_RE = re.compile("。|；|\\n")


def _left(page: Page) -> list[Claim]:
    """Report ``对尚未完成的3个问题`` where of 19 problems 17 were done."""
    claims = []
    for later in page.mentions:
        if _LEFT_RE.search(later.lead) is None or not later.is_exact:
            continue
        noun = _noun_behind(later)
        near = [
            m
            for m in page.mentions[max(0, later.index - 30) : later.index]
            if m.unit == later.unit and later.start - m.start <= _REACH
        ]
        if len(noun) < 2 or any(m.amount == later.amount for m in near) or len(near) < 2:
            continue
        pairs = [
            (whole, done)
            for whole in near
            for done in near
            if whole.index < done.index
            and noun in whole.tail[: len(noun) + 2] + whole.lead[-len(noun) :]
            and _DONE_RE.search(done.lead)
            and done.amount <= whole.amount
            and not _SOME_RE.search(whole.lead[-8:])
            and page.sentence_of(done) - page.sentence_of(whole) <= 2
        ]
        if len(pairs) != 1 or any(m.qualifier for m in pairs[0]) or not page.text[pairs[0][1].end : later.start]:
            continue
        whole, done = pairs[0]
        between = page.text[done.end : later.start]
        if page.sentence_of(later) == page.sentence_of(done) or not _OPEN_RE.search(between):
            continue
        rest = whole.amount - done.amount
        if rest == later.amount or later.amount > whole.amount:
            continue
        reason = f"{whole.quantity.text}中已完成{done.quantity.text}，剩余应为{rest}{later.unit}，此处为{later.quantity.text}"
        claims.append(
            claim(
                page,
                "mentioned_twice",
                Verdict.CONTRADICTORY,
                reason,
                start_of(page, later),
                later.end,
                [whole, done, later],
            )
        )
    return claims
