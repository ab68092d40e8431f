"""``其中`` and what follows it: parts that may leave something out, but may not be more than the whole.

Kinds that stand side by side (小学、初中、高中) cannot overlap, so together they may not exceed the whole either. That they
fall short of it is told only where nothing can be left out: the last kind is 其余, the kinds are two opposites, or the sum
misses the whole by a single digit of a long number, which is how numbers are mistyped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import (
    Passage,
    agree,
    claim,
    pairs_of,
    passages,
    plain,
    same_unit,
    start_of,
    sum_claim,
    summable,
)
from zhenggai.figures.relations.part_names import (
    ATTRIBUTE_RE,
    DEGREE_RE,
    DISCIPLINE_RE,
    FAMILIES,
    GRADE_RE,
    MIXED_RE,
    OUTCOMES,
    are_levels,
    are_opposite,
    is_act,
)
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import in_base
from zhenggai.kit.chinese_numerals import parse_chinese_number

_OF_THESE_RE = re.compile(r"中，$|中，[^，。；]{0,24}$")
_DISPOSED_RE = re.compile(r"^[^，。；]{0,20}，(?:占[^，]{0,12}%，)?(?:现|目前)?已[^，。；、]{2,10}$")
_RESET_RE = re.compile(
    r"^(?:共|另|此外|同时|还|收到|接待|排查|组织|举办|征集|摸排|走访|全[年市县区省国]|截至|累计|今年|去年|上年|20\d\d年|比|较|同比|发现|涉及|挽回|追缴|收缴|罚没|金额|带动|培训(?!费)|覆盖|惠及|移交|下发|召开|开展|实现|完善(?!手续|程序)|建立|出台|为|合计|形成|制定|行政处罚|处罚|罚没|用于|主要用于|实际|到位|拨付|支付|节约|执行)"
)
_TOTAL_NAME_RE = re.compile("总数|总量|总计|合计|共|总额|总")
_YEAR_RE = re.compile(r"20\d\d年")
_LEFT_RE = re.compile(r"^(?:其余|剩余|余下|剩下|其他(?:\d|$|各?类?(?:问题|案件|单位|地区|县区|情形|方面)?$))")
_OPEN_RE = re.compile(
    "(?<![A-Da-d甲乙丙丁一二三四五上中下特优])等(?!级|次|候|待|于|额|值)|另有|另外|此外|部分|主要是|不含|可重复|交叉|重复|含"
)
_SHARED_RE = re.compile("可重复|交叉|重复|含|兼|同时|多选|此外|另外|另有")


def check_among(page: Page) -> list[Claim]:
    """Return the claims about parts behind 其中."""
    claims: list[Claim] = []
    for passage in passages(page):
        for place, whole in enumerate(passage.mentions):
            after = _told_after(page, whole)
            if after is not None:
                claims.append(after)
            if summable(whole) and whole.kin != "heading":
                found = _judged(page, passage, place, whole)
                if found is not None:
                    claims.append(found)
    return claims


_PICKED_RE = re.compile(
    "最[高低大小多少好差快慢优强弱][^，。；]{0,6}的$|(?:排名|位居|列)?[前后]$|居前的?$|排名[^，。；]{0,6}的$"
)
_SOME_FIRST_RE = re.compile("(?:对|将|把)其中的?$")


def _told_after(page: Page, part: Mention) -> Claim | None:
    """Report ``对其中118户进行复核，危房共108户``."""
    if part.index + 1 >= len(page.mentions) or _SOME_FIRST_RE.search(part.lead) is None:
        return None
    whole = page.mentions[part.index + 1]
    earlier = [m for m in page.before(part, 3) if page.sentence_of(m) == page.sentence_of(part)]
    if (
        earlier
        or whole.unit != part.unit
        or whole.clause - part.clause != 1
        or not re.search("共$|总计$|合计$|共有$", whole.lead)
        or part.low <= whole.high
    ):
        return None
    reason = f"其中的{part.quantity.text}多于全体{whole.quantity.text}"
    return claim(page, "subset", Verdict.CONTRADICTORY, reason, start_of(page, part), whole.end, [whole, part])


def _judged(page: Page, passage: Passage, place: int, whole: Mention) -> Claim | None:
    parts = _parts(page, passage, place, whole)
    if not parts:
        return None
    if _PICKED_RE.search(whole.lead):
        # 浓度最高的3个城市: a pick, and no whole.
        return None
    gap = page.text[whole.end : parts[0].start]
    among = re.search("其中|。(?:按|从|分)[一-龥]{1,8}(?:分|看|来看)，", gap) is not None
    if "其中" in gap and re.search("[；。]", gap.rpartition("其中")[2]):
        # 子公司8家，…，其中管理人员126人；律师事务所86家: behind ；其中 is of no more.
        among = False
    sorted_anew = among and "其中" not in gap
    if sorted_anew and re.match("按|从|分", page.text[_sentence_start(page, whole) :]):
        # 按经营地分…。按消费类型分…: the second sorting is not of a kind of the first.
        return None
    if among and not _far(gap) and not ("；" in gap and not _shares_noun(whole, parts[0])):
        found = _too_large(page, passage, place, whole, parts)
        if found is not None:
            return found
    elif (
        re.fullmatch(r"[^，。；、]{0,16}中(?:的|，?(?:有|已有|共有)?(?:涉及|属于|达到)?[^，。；]{0,8}的?)", gap)
        and parts[0].low > whole.high
        and parts[0].clause - whole.clause < 2
    ):
        reason = f"{whole.quantity.text}中的{parts[0].quantity.text}多于全体"
        return claim(
            page, "subset", Verdict.CONTRADICTORY, reason, start_of(page, whole), parts[0].end, [whole, parts[0]]
        )
    elif _listed_at_once(page, whole, parts, gap):
        return _summed(page, passage, place, whole, parts, strict=True, at_once=True)
    elif not ((_OF_THESE_RE.search(gap) and len(gap) < 60) or _DISPOSED_RE.match(gap)):
        return None
    return _summed(page, passage, place, whole, parts, strict=among or "中，" in gap)


def _sentence_start(page: Page, mention: Mention) -> int:
    """Return where the sentence of *mention* begins."""
    clause = page.clause_of(mention)
    low = max(0, clause.index - 60)
    while clause.index > low and page.clauses[clause.index - 1].sentence == clause.sentence:
        clause = page.clauses[clause.index - 1]
    return clause.start


def _shares_noun(whole: Mention, part: Mention) -> bool:
    """Tell whether what *part* counts is named where *whole* stands, or not named at all."""
    noun = re.split("[、，和及与]", part.tail)[0][:2]
    return len(noun) < 2 or noun in whole.label or part.unit != "个"


def _far(gap: str) -> bool:
    """Tell whether 其中 speaks of something said in between and not of the whole before *gap*."""
    before, mark, _behind = gap.partition("其中")
    if not mark:
        return False
    return any(len(piece) > 2 for piece in re.split("[；。]", before)[1:])


_UNQUOTED = str.maketrans("", "", "“”‘’")


def _goes_on(page: Page, parts: Sequence[Mention], count: int) -> bool:
    """Tell whether the list behind the first *count* parts goes on: joined by 、 or named alike: 种植类、养殖类、加工类."""
    if count >= len(parts) or count < 2:
        return False
    last, following = parts[count - 1], parts[count]
    joint = page.text[last.end : following.start]
    if joint.startswith(("、", "和")) and page.text[parts[0].end : parts[1].start].startswith("、"):
        return True
    names = [name_of(page, part) for part in parts[: count + 1]]
    if any(all(group.match(name) for name in names) for group in OUTCOMES):
        return True
    return len({name[-1:] for name in names}) == 1 and all(2 <= len(name) <= 5 for name in names)


def _listed_at_once(page: Page, whole: Mention, parts: Sequence[Mention], gap: str) -> bool:
    """Tell whether kinds follow the whole without any word between: ``干警86人，男50人、女36人``."""
    if re.fullmatch("[一-龥]{0,16}[，：][^，。；]{1,18}", gap) is None or len(parts) < 2:
        return False
    names = [name_of(page, part) for part in parts]
    ordinal = all(re.match(f"第{char}", name) for char, name in zip("一二三四五六七八九十", names, strict=False))
    graded = len(names) > 2 and all(GRADE_RE.search(name.translate(_UNQUOTED)) for name in names)
    if (ordinal and len(names) > 2) or graded:
        return True
    if gap.partition("，")[0] and len(re.split("[，：]", gap)[0]) > 8:
        return False
    if all(re.fullmatch(r"20\d\d年", name) for name in names):
        return True
    if are_opposite(names) or (len(names) > 2 and all(GRADE_RE.search(name) for name in names)):
        return True
    if len(names) > 1 and any(all(group.match(name) for name in names) for group in OUTCOMES):
        return True
    if len(names) > 2 and len({name[-2:] for name in names}) == 1 and all(3 <= len(name) <= 6 for name in names):
        # 红色等级12家，黄色等级74家，绿色等级200家
        return True
    joined = all(page.text[left.end : right.start].startswith(("、", "和", "，")) for left, right in pairwise(parts))
    alike = len({name[-1:] for name in names}) == 1
    return joined and alike and _TOTAL_NAME_RE.search(whole.lead) is not None


def _parts(page: Page, passage: Passage, place: int, whole: Mention) -> list[Mention]:
    """Return the parts listed behind *whole*: one to a clause or joined by 、, until the talk is of something else."""
    parts: list[Mention] = []
    depth, clause_index = 0, -1
    for other in passage.mentions[place + 1 : place + 40]:
        clause = page.clause_of(other)
        if other.group == whole.group or clause.depth > (depth if parts else page.clause_of(whole).depth + 1):
            continue
        alike = other.kin == whole.kin and same_unit(whole, other)
        if not parts:
            if not alike:
                continue
            if other.is_change:
                return []
            if not summable(other):
                continue
            depth, clause_index = clause.depth, clause.index
            parts.append(other)
            continue
        if clause.depth < depth:
            break
        opening = page.text[clause.start : other.start]
        if other is clause.mentions[0] and (
            "其中" in opening
            or (
                clause.index != clause_index
                and _RESET_RE.match(opening)
                and not (
                    _YEAR_RE.match(opening)
                    and _YEAR_RE.match(page.words(page.clause_of(parts[0])).removeprefix("其中"))
                )
            )
        ):
            break
        if alike and (summable(other) or other.lead.endswith("新增")):
            if (
                len(parts) > 1
                and clause.index != parts[-1].clause == parts[0].clause
                and page.text[parts[0].end : parts[1].start].startswith("、")
                and (
                    clause.segment != page.clause_of(parts[-1]).segment
                    or (
                        page.text[clause.start - 1 : clause.start] == "，"
                        and re.match("已|均|全部|受|经|占|累计|其中|现|尚|仍|被|于", page.words(clause)) is not None
                    )
                )
            ):
                # 甲21户、乙26户、丙11户，已消除风险40户: the list is closed, and something else is told of all.
                break
            parts.append(other)
            clause_index = clause.index
        elif not (
            other.is_ratio
            or clause.index == clause_index
            or other.group == parts[-1].group
            or any(m.kin == whole.kin and same_unit(whole, m) and summable(m) for m in clause.mentions)
        ):
            break
    return parts


def name_of(page: Page, part: Mention) -> str:
    """Return what a part is called: the words before its number, from the mark before, or those behind it."""
    clause = page.clause_of(part)
    words = page.text[max(clause.start, part.start - 60) : part.start]
    words = re.split(r"[、](?![^“]*”)", words)[-1]
    words = re.sub(r"^.*其中|^(?:[，；：]|和|及|与|以及|有)+", "", words)
    if not words and part.lead in ("、", "") and part is not clause.mentions[0]:
        # 存量688处、8.5万平方米: the second is called as the first.
        return name_of(page, page.mentions[part.index - 1])
    return words or re.split(r"[、，；和及与]", part.tail)[0]


def _too_large(page: Page, passage: Passage, place: int, whole: Mention, parts: Sequence[Mention]) -> Claim | None:
    """Report a part behind 其中 that is more than the whole."""
    clause = page.clause_of(parts[0]).index
    inside = [m for m in parts if page.clause_of(m).index == clause]
    part = next((m for m in inside if m.low > whole.high), None)
    if (
        part is None
        or part.qualifier
        or whole.qualifier
        or (whole.chinese and whole.value < 10)
        or whole.quantity.upper is not None
        or not _speaks_of(whole, part)
    ):
        return None
    # A list before 其中 is one whole: 党组会6次、院务会2次，其中…
    listed = [m for m in passage.mentions[max(0, place - 8) : place] if same_unit(m, whole) and summable(m)]
    noun = re.split("[、，]", whole.lead)[-1][-4:]
    same = len(noun) == 4 and (noun in part.lead or noun in part.tail)
    if sum(m.high for m in listed) + whole.high >= part.low and listed and not same:
        return None
    reason = f"其中的{part.quantity.text}多于全体{whole.quantity.text}"
    return claim(page, "subset", Verdict.CONTRADICTORY, reason, start_of(page, whole), part.end, [whole, part])


def _speaks_of(whole: Mention, part: Mention) -> bool:
    """Tell whether *part* is counted among *whole*: it names the same thing, or nothing of its own."""
    tail = re.split(r"[、和及与]", part.tail)[0]
    own = re.sub("^.*其中|[，：、“”的共有已均]", "", part.lead)
    if any(pair in whole.label for pair in pairs_of(own + tail)):
        return True
    return len(own) <= 8 and (not tail or part.lead.endswith("其中"))


def _summed(
    page: Page,
    passage: Passage,
    place: int,
    whole: Mention,
    parts: list[Mention],
    *,
    strict: bool,
    at_once: bool = False,
) -> Claim | None:
    if len(parts) < 2:
        return None
    runs = [parts[:count] for count in range(len(parts), 1, -1)]
    fitting = next((run for run in runs if agree(run, [whole])), None)
    if fitting is not None and not _goes_on(page, parts, len(fitting)):
        return sum_claim(page, "parts", Verdict.CONSISTENT, whole, fitting)
    more = _following(page, whole, parts[-1])
    for count in range(1, len(more) + 1):
        if agree([*parts, *more[:count]], [whole]):
            return sum_claim(page, "parts", Verdict.CONSISTENT, whole, [*parts, *more[:count]])
    first = [part for part in parts if page.clause_of(part).segment == page.clause_of(parts[0]).segment]
    segments = [page.clause_of(part).segment for part in parts]
    parts = first if len(first) > 1 or len(set(segments)) < len(segments) else parts
    if len(parts) < 2:
        return None
    names = [name_of(page, part) for part in parts]
    exact = not any(m.qualifier or m.quantity.upper is not None for m in (whole, *parts))
    if (
        not exact
        or (whole.chinese and whole.value < 10)
        or len(set(names)) != len(names)
        or any(not 0 < len(name) <= 36 or re.match("共|合计|总计", name) for name in names)
    ):
        return None
    words = re.sub("“[^”]*”", "", page.text[whole.end : parts[-1].end] + parts[-1].tail[:8])
    graded = len(names) > 2 and all(GRADE_RE.search(name) for name in names)
    among_it = "其中" in page.text[whole.end : whole.end + 4]
    if _SHARED_RE.search(words):
        return None
    # A list that may leave something out can still not be more than the whole.
    if _OPEN_RE.search(words) and sum(m.amount for m in parts) < whole.amount:
        return None
    aged = any(all(family.search(name) for name in names) for family in FAMILIES) and not any(
        "及以上" in name for name in names
    )
    aged = aged or all(re.match(r"20\d\d年", name) for name in names)
    aged = aged or (at_once and len({name[-2:] for name in names}) == 1 and not MIXED_RE.search("".join(names)))
    ordinary = any(re.match("普通|一般|常规|其他|其余", name) for name in names)
    if (
        not are_opposite(names)
        and not graded
        and not aged
        and not ordinary
        and any(ATTRIBUTE_RE.search(name) for name in names)
    ):
        return None
    earlier = [m for m in passage.mentions[max(0, place - 8) : place] if same_unit(m, whole) and summable(m)]
    got_back = graded and among_it and re.search("收回|回收|有效|实到", whole.lead) is not None
    if any(agree(run, [m]) for m in earlier for run in runs) and not got_back:
        return None
    # 建议86件、提案120件，其中…: a list before 其中 is one whole.
    if any(agree(run, [*earlier[-count:], whole]) for count in range(1, min(len(earlier), 4) + 1) for run in runs):
        return None
    processes = sum(1 for name in names if is_act(name))
    if any(all(group.match(name) for name in names) for group in OUTCOMES):
        processes = 0
    if any(DISCIPLINE_RE.search(name) for name in names):
        # Kinds of punishment and help overlap, but for the degrees of one: 警告, 记过, 撤职, 开除.
        if not all(DEGREE_RE.search(name) for name in names):
            return None
        processes = 0
    if graded or are_levels(names) or all(name.startswith(("属于", "涉及", "反映")) for name in names):
        processes = 0
    total = sum(m.amount for m in parts)
    # What overlaps after all, as kinds of one list may, exceeds the whole by much; a slip does so by little.
    by_year = len(names) > 1 and all(re.match(r"20\d\d年", name) for name in names)
    near = (
        (total - whole.amount == 1 and whole.amount >= 3 and whole.is_exact)
        or total <= whole.amount * Decimal("1.6" if by_year or (len(whole.lead) > 1 and are_levels(names)) else "1.2")
        or are_opposite(names)
        or _mistyped(whole, parts)
    )
    if total > whole.amount and processes == 0 and near:
        return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
    if not strict or any(part.amount > whole.amount for part in parts):
        return None
    if processes == 0 and _all_told(page, whole, names):
        return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
    told = re.search(r"(\d{1,2})(?:个|家)[一-龥]{2,16}，其中", page.text[whole.end : parts[0].start])
    if told is not None and int(told[1]) == len(parts) > 2 and processes == 0:
        # 用于3个乡镇…, and three are named.
        return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
    shares = [m for m in page.mentions[parts[0].index : parts[-1].index + 2] if m.is_ratio and "占" in m.lead]
    if len(shares) == len(parts) and (
        sum(m.amount for m in shares) < 99
        or all(
            abs(part.amount * 100 / whole.amount - share.amount) <= share.quantity.step
            for part, share in zip(parts, shares, strict=True)
        )
    ):
        # The shares beside the parts leave something over as well.
        return None
    if any(_LEFT_RE.search(name) for name in names) or re.match("其[他它]", names[-1]):
        if total * 5 < whole.amount * 4:
            return None
        return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
    if processes == 0 and (are_opposite(names) or are_levels(names) or _mistyped(whole, parts)):
        return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
    return None


_ORDINAL_RE = re.compile("第(?P<n>[一二三四五六七八九十])(?P<of>[一-龥])")
_DECLARED_RE = re.compile("(?P<n>[两二三四五六七八九十]|\\d{1,2})个?(?P<of>[次批轮组期标段季年])")


def _all_told(page: Page, whole: Mention, names: Sequence[str]) -> bool:
    """Tell whether the whole says how many kinds there are, and just so many are told: 三次…，其中第一次、第二次、第三次."""
    years = [int(name[:4]) for name in names if re.fullmatch(r"20\d\d年[一-龥]{0,2}", name)]
    since = re.search(r"(20\d\d)年(?:以来|起|至)", page.text[max(0, _sentence_start(page, whole)) : whole.start])
    if (
        since is not None
        and len(years) == len(names) > 1
        and years == list(range(int(since[1]), int(since[1]) + len(years)))
    ):
        until = re.search(r"(?:至|到|-)(20\d\d)年", page.text[_sentence_start(page, whole) : whole.start])
        return until is None or int(until[1]) == years[-1]
    ordinals = [_ORDINAL_RE.match(name) for name in names]
    if len(names) < 2 or not all(ordinals):
        return False
    if ["一二三四五六七八九十".index(match["n"]) for match in ordinals if match] != list(range(len(names))):
        return False
    of = {match["of"] for match in ordinals if match}
    before = page.text[page.clause_of(whole).start : whole.start]
    return any(
        match["of"] in of
        and (parse_chinese_number(match["n"]) if not match["n"].isdigit() else int(match["n"])) == len(names)
        for match in _DECLARED_RE.finditer(before)
    )


def _following(page: Page, whole: Mention, last: Mention) -> list[Mention]:
    """Return the counts like *whole* behind *last* in its segment, which may be parts as well."""
    segment = page.clause_of(last).segment
    behind = [m for m in page.mentions[last.index + 1 : last.index + 8] if page.clause_of(m).segment == segment]
    return [m for m in behind if m.kin == whole.kin and same_unit(m, whole) and summable(m)][:4]


def _mistyped(whole: Mention, parts: Sequence[Mention]) -> bool:
    """Tell whether the sum of *parts* misses *whole* by one digit of a number of three or more."""
    if sum(part.amount for part in parts) < whole.amount * Decimal("0.8"):
        return False
    total = sum(part.amount for part in parts) / in_base(whole.value / whole.value, whole.unit)
    return one_digit_off(plain(total, 4), plain(whole.value, 4))


def one_digit_off(first: str, second: str) -> bool:
    """Tell whether two numbers of three or more digits differ in one digit, or in two neighbours changed about."""
    if len(first) != len(second) or sum(char.isdigit() for char in first) < 3 or first.find(".") != second.find("."):
        return False
    differing = [at for at, (left, right) in enumerate(zip(first, second, strict=True)) if left != right]
    if len(differing) == 1:
        return True
    if len(differing) != 2:
        return False
    left, right = differing
    return first[left] == second[right] and first[right] == second[left]
