"""One quantity mentioned twice with different values, in different places of a text.

Two mentions are of one quantity only when the later one refers back (``反馈的35个问题``, ``上述12家企业``) to what one
earlier place introduced (``反馈问题32个``), or when both say word for word the same with year and body. Everything else that
merely looks alike, in another item, of another unit or year, is left in peace.
"""

from __future__ import annotations

import re
from collections import defaultdict

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, is_past, pairs_of, same_unit, start_of, summable
from zhenggai.figures.shapes import Claim, Verdict

_BACK_RE = re.compile(r"(?P<who>[一-龥]{0,16}?)(?P<act>[一-龥]{2})的$")
_THESE_RE = re.compile(r"(?:上述|前述|以上|[对将把]这|[对将把]该)(?:的)?$")
_ALL_RE = re.compile("全年|全部|所有|上述|前述")
_ACTS = frozenset(
    [
        "反馈",
        "指出",
        "发现",
        "受理",
        "收到",
        "查处",
        "查出",
        "办理",
        "办结",
        "审结",
        "立案",
        "移送",
        "移交",
        "交办",
        "接收",
        "排查",
        "梳理",
        "提出",
        "制定",
        "发出",
        "制发",
        "审查",
        "开展",
        "检查",
        "抽查",
        "抽检",
        "评查",
        "调解",
        "处置",
        "登记",
        "查摆",
        "整改",
        "接到",
        "转办",
        "征集",
        "收集",
        "走访",
    ]
)
_PERIOD_RE = re.compile(r"20\d\d年|全年|今年以来|截至|[上下]半年|[一二三四]季度|去年|本年度")
_SUBSET_RE = re.compile(
    "重点|典型|疑难|重大|部分|个别|其中|首批|第[一二三四五]批|突出|未|尚|超期|逾期|剩余|其余|已|类|新增"
)
_DETERMINED_RE = re.compile(r"(?:评定|认定|查实|确认|定为|评定为)(?:为)?(?P<what>[一-龥]{3,12})$")
_YEAR_RE = re.compile(r"20\d\d年")
_BODY_RE = re.compile(
    r"全[国省市县区州镇乡院局校]|[一-龥]{2,}(?:局|院|委|厅|机关|中心|公司|集团|政府|法院|学校|医院|街道|办)"
)
_NOISE_RE = re.compile("共计|累计|总计|合计|共|已|，|年度")
_REACH = 3000
"""How far back, in characters, a reference back may reach."""


def check_mentions(page: Page) -> list[Claim]:
    """Return the claims about quantities mentioned twice."""
    claims: list[Claim] = []
    by_unit: dict[str, list[Mention]] = defaultdict(list)
    for mention in page.mentions:
        if not summable(mention) or mention.unit == "次":
            continue
        earlier = [m for m in by_unit[mention.unit][-60:] if mention.start - m.start <= _REACH]
        found = (
            _these(page, mention, earlier)
            or _refers_back(page, mention, earlier)
            or _more_than_determined(page, mention, by_unit[mention.unit][-200:])
        )
        if found is not None:
            claims.append(found)
        by_unit[mention.unit].append(mention)
    claims.extend(_word_for_word(page))
    claims.extend(_once_more(page))
    claims.extend(_redescribed(page))
    return claims


def _noun(words: str) -> str:
    """Return the noun that *words* behind a measure word begin with."""
    words = re.split(
        r"[，。；：、（）]|全部|均|已|逐|中|进行|开展|予以|及时|依法|的|分别|都|也|办结|完成|整改|，",
        words.removeprefix("具体"),
    )[0]
    return words[:10]


def _introduced(mention: Mention, act: str, noun: str) -> bool:
    """Tell whether *mention* introduces so many *noun* that were *act*-ed, and no part of them."""
    if _BACK_RE.search(mention.lead) or _SUBSET_RE.search(mention.lead) or mention.qualifier:
        return False
    at = mention.lead.rfind(act)
    if at < 0:
        return False
    behind = mention.lead[at + 2 :]
    if behind:
        return (
            re.fullmatch(rf"(?:的|了)?[一-龥]{{0,6}}{re.escape(noun)}(?:共|共计|合计|总数|数|有)*", behind) is not None
            and len(behind) <= len(noun) + 4
        )
    return mention.tail.removeprefix("具体").startswith(noun)


def _refers_back(page: Page, mention: Mention, earlier: list[Mention]) -> Claim | None:
    if not mention.is_exact or mention.chinese:
        return None
    match = _BACK_RE.search(mention.lead)
    noun = _noun(mention.tail)
    if match is None or match["act"] not in _ACTS or len(noun) < 2 or _SUBSET_RE.search(mention.lead + noun):
        return None
    act = match["act"]
    sources = [m for m in earlier if _introduced(m, act, noun) and m.is_exact]
    sources = [m for m in sources if _same_time(m, mention)]
    if not sources:
        return None
    if any(m.amount == mention.amount for m in earlier):
        return None
    if len({m.amount for m in sources}) > 1:
        return None
    source = sources[-1]
    who = re.sub(r"^(?:针对|对|对照|围绕|就|对于|将|把|按照|全年|所有|全部|共|20\d\d年度?)+", "", match["who"])
    if len(who) >= 2 and not any(pair in source.lead for pair in pairs_of(who)):
        return None
    if mention.amount < source.amount and not _ALL_RE.search(mention.lead):
        return None
    if any(a.amount + b.amount == mention.amount for a in earlier[-12:] for b in earlier[-12:] if a is not b):
        return None
    reason = f"前文为{source.quantity.text}，此处为{mention.quantity.text}"
    return claim(
        page, "mentioned_twice", Verdict.CONTRADICTORY, reason, start_of(page, mention), mention.end, [source, mention]
    )


def _these(page: Page, mention: Mention, earlier: list[Mention]) -> Claim | None:
    """Report 上述26起问题 where so far 24起 was the only count of them."""
    if not _THESE_RE.search(mention.lead) or not mention.is_exact:
        return None
    paragraph = page.paragraph_of(mention)
    near = [m for m in earlier if paragraph - page.paragraph_of(m) <= 1 and same_unit(m, mention)]
    noun = _noun(mention.tail)
    if not near or len(noun) < 2 or any(m.amount == mention.amount for m in near):
        return None
    named = [m for m in near if noun[:2] in m.label and m.is_exact]
    if len(named) != 1 or len({m.amount for m in near}) > 1:
        return None
    reason = f"前文为{named[0].quantity.text}，此处称上述{mention.quantity.text}"
    return claim(
        page,
        "mentioned_twice",
        Verdict.CONTRADICTORY,
        reason,
        start_of(page, mention),
        mention.end,
        [named[0], mention],
    )


def _once_more(page: Page) -> list[Claim]:
    """Compare statements of one paragraph that say the same of one period, word for word."""
    claims = []
    seen: dict[tuple[int, str, str], Mention] = {}
    for mention in page.mentions:
        clause = page.clause_of(mention)
        if not summable(mention) or clause.mentions[0] is not mention or not mention.is_exact:
            continue
        words = page.text[clause.start : mention.start]
        if len(words) < 7 or len(words) > 40 or not _PERIOD_RE.match(words):
            continue
        key = (clause.paragraph, _NOISE_RE.sub("", words), mention.unit)
        other = seen.setdefault(key, mention)
        if other is mention or other.amount == mention.amount:
            continue
        if abs(other.amount - mention.amount) * 4 > max(other.amount, mention.amount):
            continue
        reason = f"前文为{other.quantity.text}，此处为{mention.quantity.text}"
        claims.append(
            claim(page, "mentioned_twice", Verdict.CONTRADICTORY, reason, clause.start, mention.end, [other, mention])
        )
    return claims


def _same_time(first: Mention, second: Mention) -> bool:
    years = {match[0] for m in (first, second) for match in [_YEAR_RE.search(m.quantity.period)] if match}
    return len(years) < 2 and not is_past(first) and not is_past(second)


def _more_than_determined(page: Page, mention: Mention, earlier: list[Mention]) -> Claim | None:
    """Report 19件瑕疵案件 of a year of which it was said that 12 were found to be such."""
    if not mention.is_exact or not mention.lead.endswith("的") or not _YEAR_RE.search(mention.quantity.period):
        return None
    noun = _noun(mention.tail)
    if len(noun) < 4:
        return None
    sources = []
    for other in earlier:
        match = _DETERMINED_RE.search(other.lead)
        if match and match["what"] == noun and other.is_exact and other.quantity.period == mention.quantity.period:
            sources.append(other)
    if not sources or max(m.amount for m in sources) >= mention.amount or len({m.amount for m in sources}) > 1:
        return None
    source = sources[-1]
    reason = f"同为{source.quantity.period}的{noun}，前文评定{source.quantity.text}，此处为{mention.quantity.text}"
    return claim(
        page,
        "mentioned_twice",
        Verdict.CONTRADICTORY,
        reason,
        start_of(page, mention),
        mention.end + len(noun),
        [source, mention],
    )


def _word_for_word(page: Page) -> list[Claim]:
    """Compare statements that say the same, word for word, of the same body and year."""
    claims = []
    seen: dict[tuple[str, str], Mention] = {}
    for mention in page.mentions:
        if not (mention.is_count or mention.is_ratio) or mention.clause < 0 or mention.quantity.upper is not None:
            continue
        clause = page.clause_of(mention)
        if clause.mentions[0] is not mention or not mention.lead or "其中" in mention.lead:
            continue
        words = page.text[clause.start : mention.start]
        previous = page.clauses[clause.index - 1] if clause.index else None
        if (
            previous is not None
            and previous.sentence == clause.sentence
            and re.fullmatch(r"(?:20\d\d年度?|全年)", page.words(previous))
        ):
            words = page.words(previous) + words
        key = _NOISE_RE.sub("", words)
        if len(key) < 12 or not _YEAR_RE.search(key) or not _BODY_RE.search(key):
            continue
        tail = _noun(mention.tail)
        other = seen.setdefault((key, mention.unit + tail), mention)
        if other is mention or page.sentence_of(other) == page.sentence_of(mention):
            continue
        if other.qualifier == mention.qualifier == "" and other.amount != mention.amount:
            reason = f"前文为{other.quantity.text}，此处为{mention.quantity.text}"
            claims.append(
                claim(
                    page, "mentioned_twice", Verdict.CONTRADICTORY, reason, clause.start, mention.end, [other, mention]
                )
            )
        elif other.qualifier == mention.qualifier == "":
            reason = f"与前文{other.quantity.text}一致"
            claims.append(
                claim(page, "mentioned_twice", Verdict.CONSISTENT, reason, clause.start, mention.end, [other, mention])
            )
    return claims


def _redescribed(page: Page) -> list[Claim]:
    """Report 其中233件 of so many 检察意见 that are later 233件 of which only 206 are 检察意见."""
    claims = []
    parts: dict[tuple[str, str], tuple[Mention, Mention]] = {}
    for whole, part in zip(page.mentions, page.mentions[1:], strict=False):
        if (
            whole.unit == part.unit
            and part.amount < whole.amount
            and page.text[whole.end : part.start] in ("，其中", "；其中", "（其中")
        ):
            if part.is_exact and part.amount >= 20 and not part.lead.removeprefix("其中"):
                parts[(part.unit, str(part.amount))] = (whole, part)
            continue
        known = parts.get((whole.unit, str(whole.amount)))
        if (
            known is None
            or not 0 < whole.start - known[1].end < _REACH
            or whole.unit != part.unit
            or part.amount >= whole.amount
        ):
            continue
        gap = page.text[whole.end : part.start]
        match = re.search(r"，其中，?(?:提出|发出|制发|下发)(?P<what>[一-龥]{3,8})$", gap)
        if match and match["what"] in known[0].lead:
            reason = f"前文{known[1].quantity.text}均属{match['what']}（{known[0].quantity.text}中的），此处其中只有{part.quantity.text}"
            claims.append(
                claim(
                    page, "mentioned_twice", Verdict.CONTRADICTORY, reason, whole.start, part.end, [*known, whole, part]
                )
            )
    return claims
