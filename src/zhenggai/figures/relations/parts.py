"""Parts and their whole: ``其中``, ``分别为``, ``包括``, a bracket or a colon, ``共计`` behind a list, ``其余``.

Only a listing that must be complete is held to its sum. After a plain 其中 the parts may leave something out or may
overlap, so there a part may not exceed the whole, and parallel kinds may not exceed it together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import (
    Passage,
    claim,
    is_past,
    pairs_of,
    passages,
    plain,
    same_unit,
    start_of,
    stated,
)
from zhenggai.figures.rounding import shown_digits
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

_COMPLETE_RE = re.compile(r"包括|分别[为是有]|分为|分成|即|由$|由[一-龥]{0,4}$|细分为|具体为|组成|构成")
_OPEN_RE = re.compile(r"等|以及其他|另有|另外|此外|部分|主要|不含|除")
_AMONG_RE = re.compile(r"其中")
_RESET_RE = re.compile(
    r"^(?:共|另|此外|同时|还|全[年市县区省国]|截至|累计|今年|去年|上年|20\d\d年|比|较|同比|发现|涉及|挽回|追缴|收缴|罚没|金额|带动|培训|覆盖|惠及|移送|移交|下发|发出|召开|开展|实现|完善|建立|出台|为)"
)
_TOTAL_RE = re.compile(r"(?:共计|合计|总计|总共|共)(?:为|达到?|有|约|是)?$")
_REST_RE = re.compile(r"(?:其余|剩余|余下|剩下)的?[一-龥]{0,8}$|^(?:其余|剩余|余下|剩下)")
_JOINT_RE = re.compile(r"[、，；]|和|及|与|以及")
_OVERLAP_RE = re.compile(
    "党员|女|少数民族|岁|本科|研究生|硕士|博士|学历|以上|以下|退役|残疾|贫困|重点|典型|重大|首[次批]|新增|新进|优秀|先进|骨干|高级|中级|专职|兼职|因|被|获|经|已|未|正在|立案|结案|办结|起诉|判决|移送|处分|处理|整改|采纳|回复|通过|完成|采取|提出|发出|追回|挽回|查实|查处|涉及|含|连续|占|省级以上|国家级|市级以上"
)


def check_parts(page: Page) -> list[Claim]:
    """Return the claims about parts of a whole."""
    claims: list[Claim] = []
    for passage in passages(page):
        claims.extend(_listings(page, passage))
        claims.extend(_totals(page, passage))
        claims.extend(_rests(page, passage))
    return claims


def summable(mention: Mention) -> bool:
    """Tell whether *mention* may be a whole or a part: a count or an amount, not by how much something changed."""
    return mention.is_count and not mention.is_change and not is_past(mention)


# ── whole first ───────────────────────────────────────────────────────────────────────────────────────────────────
def _listings(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    taken: set[int] = set()
    for place, whole in enumerate(passage.mentions):
        if not summable(whole) or whole.index in taken:
            continue
        parts = _parts_behind(page, passage, place, whole)
        if not parts:
            continue
        gap = page.text[whole.end : parts[0].start]
        found = None
        if _AMONG_RE.search(gap):
            found = _among(page, passage, place, whole, parts)
        elif len(parts) >= 2 and _is_complete(page, whole, parts, gap):
            found = _complete(page, whole, parts)
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


def _is_complete(page: Page, whole: Mention, parts: Sequence[Mention], gap: str) -> bool:
    """Tell whether the listing behind *whole* must be all of it."""
    text = page.text[whole.end : parts[-1].end]
    if _OPEN_RE.search(text + parts[-1].tail) or "。" in gap or "；" in gap:
        return False
    depth_in, depth_out = page.clause_of(parts[0]).depth, page.clause_of(whole).depth
    between = [m for m in page.mentions[whole.index + 1 : parts[-1].index] if m.kin != whole.kin and m.is_count]
    if len(between) > len(parts):
        return False
    if depth_in > depth_out:
        return gap.count("（") == 1 and gap.endswith(("（" + parts[0].lead, "（")) and _joined(page, parts)
    if "：" in gap:
        return gap.count("，") == 0 and _joined(page, parts)
    words = gap.removesuffix(parts[0].lead) + parts[0].lead
    match = _COMPLETE_RE.search(words)
    if match is None or gap.count("，") > 1:
        return False
    if match[0] in ("包括", "即") and not re.search(r"[和及与]", page.text[parts[-2].end : parts[-1].start]):
        return False
    return _joined(page, parts)


def _joined(page: Page, parts: Sequence[Mention]) -> bool:
    """Tell whether nothing but list marks and short names stands between *parts*."""
    for left, right in pairwise(parts):
        words = page.text[left.end : right.start]
        if len(words) > 40 or words.count("，") + words.count("；") > 2 or not _JOINT_RE.search(words) or "。" in words:
            return False
    return True


def _complete(page: Page, whole: Mention, parts: Sequence[Mention]) -> Claim | None:
    runs = [parts[:count] for count in range(len(parts), 1, -1)]
    fitting = next((run for run in runs if agree(run, [whole])), None)
    if fitting is not None:
        return _sum_claim(page, "parts", Verdict.CONSISTENT, whole, fitting)
    if any(m.qualifier or m.quantity.upper for m in (whole, *parts)):
        return None
    return _sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)


def _among(page: Page, passage: Passage, place: int, whole: Mention, parts: list[Mention]) -> Claim | None:
    first = parts[0]
    clause = page.clause_of(first)
    inside = [m for m in parts if page.clause_of(m).index == clause.index or _follows_list(page, first, m)]
    earlier = [m for m in passage.mentions[:place] if m.kin == whole.kin and summable(m)]
    if agree(parts, [whole]) and len(parts) > 1:
        return _sum_claim(page, "parts", Verdict.CONSISTENT, whole, parts)
    too_large = next((m for m in inside if m.low > whole.high), None)
    if too_large is not None:
        if (
            any(m.amount >= too_large.amount for m in earlier)
            or not _plain_whole(whole)
            or not _speaks_of(whole, too_large)
        ):
            return None
        reason = f"其中的{too_large.quantity.text}多于全体{whole.quantity.text}"
        return claim(
            page, "subset", Verdict.CONTRADICTORY, reason, start_of(page, whole), too_large.end, [whole, too_large]
        )
    if len(inside) > 1 and _kinds_apart(page, inside) and sum(m.low for m in inside) > whole.high:
        if any(m.amount >= sum(p.amount for p in inside) for m in earlier):
            return None
        return _sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, inside)
    return None


_BARE_RE = re.compile("^.*其中|[，：、“”的共有已均]")


def _speaks_of(whole: Mention, part: Mention) -> bool:
    """Tell whether *part* is counted among *whole*: it names the same thing, or nothing of its own."""
    tail = re.split(r"[、和及与]", part.tail)[0]
    own = _BARE_RE.sub("", part.lead)
    if any(pair in whole.label for pair in pairs_of(own + tail)):
        return True
    return len(own) <= 8 and not tail


def _plain_whole(whole: Mention) -> bool:
    return whole.qualifier in ("", "约") and whole.quantity.upper is None and not whole.chinese


def _follows_list(page: Page, first: Mention, other: Mention) -> bool:
    """Tell whether *other* belongs to the list that *first* opens: joined by 、 or 和 all the way."""
    return all(
        re.fullmatch(r"[^，。；：]{0,30}", page.text[left.end : right.start]) is not None
        for left, right in zip(
            page.mentions[first.index : other.index], page.mentions[first.index + 1 : other.index + 1], strict=True
        )
    )


def _kinds_apart(page: Page, parts: Sequence[Mention]) -> bool:
    """Tell whether *parts* are kinds side by side, which cannot overlap: names that end alike, no act, no attribute."""
    names = []
    for part in parts:
        name = re.sub(r"^(?:.*其中|[、，和及与]|以及)+[：，]?", "", part.lead)
        name = name or re.split(r"[、，和及与]", part.tail)[0]
        if not name or len(name) > 12 or _OVERLAP_RE.search(name):
            return False
        names.append(name)
    if len(set(names)) != len(names):
        return False
    return len({name[-1] for name in names}) == 1


# ── list first ────────────────────────────────────────────────────────────────────────────────────────────────────
def _totals(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    for place, total in enumerate(passage.mentions):
        if not (summable(total) and _TOTAL_RE.fullmatch(total.lead.lstrip("，、"))):
            continue
        clause = page.clause_of(total)
        run: list[Mention] = []
        whole_sentence = True
        for other in reversed(passage.mentions[max(0, place - 14) : place]):
            if page.clause_of(other).depth > clause.depth:
                continue
            if page.sentence_of(other) != clause.sentence:
                break
            if not summable(other) or other.kin != total.kin or "其中" in other.lead:
                whole_sentence = other.is_ratio or not other.is_count
                if other.is_count:
                    break
                continue
            run.insert(0, other)
        if len(run) < 2:
            continue
        fitting = next((run[at:] for at in range(len(run) - 1) if agree(run[at:], [total])), None)
        if fitting is not None:
            claims.append(_sum_claim(page, "parts", Verdict.CONSISTENT, total, fitting))
            continue
        exact = not any(m.qualifier or m.quantity.upper for m in (*run, total))
        open_list = _OPEN_RE.search(page.text[run[0].start : total.start]) is not None
        if (
            whole_sentence
            and exact
            and _joined(page, [*run, total])
            and not (open_list and total.low >= max(m.high for m in run))
        ):
            claims.append(_sum_claim(page, "parts", Verdict.CONTRADICTORY, total, run))
    return claims


def _rests(page: Page, passage: Passage) -> list[Claim]:
    claims = []
    for place, rest in enumerate(passage.mentions):
        if not (summable(rest) and _REST_RE.search(rest.lead)):
            continue
        alike = [
            m
            for m in passage.mentions[max(0, place - 10) : place]
            if same_unit(m, rest) and m.kin == rest.kin and summable(m)
        ]
        if len(alike) < 2:
            continue
        found: tuple[Mention, list[Mention]] | None = None
        for whole in alike:
            others = [m for m in alike if m.index > whole.index][-6:]
            for size in range(1, len(others) + 1):
                for chosen in combinations(others, size):
                    if found is None and agree([*chosen, rest], [whole]):
                        found = whole, [*chosen, rest]
        if found is not None:
            claims.append(_sum_claim(page, "parts", Verdict.CONSISTENT, found[0], found[1]))
            continue
        plain_list = _plain_whole(alike[0]) and len(alike) <= 4 and not any(m.qualifier for m in (*alike, rest))
        if plain_list and page.sentence_of(alike[0]) == page.sentence_of(rest):
            claims.append(_sum_claim(page, "parts", Verdict.CONTRADICTORY, alike[0], [*alike[1:], rest]))
    return claims


# ── sums ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def agree(parts: Iterable[Mention], wholes: Sequence[Mention]) -> bool:
    """Tell whether *parts* may add up to *wholes*, given what each may have been rounded from."""
    parts = list(parts)
    low, high = sum(m.low for m in parts), sum(m.high for m in parts)
    return low <= sum(m.high for m in wholes) and sum(m.low for m in wholes) <= high


def _sum_claim(page: Page, kind: str, verdict: Verdict, whole: Mention, parts: Sequence[Mention]) -> Claim:
    everything = sorted((whole, *parts), key=lambda m: m.index)
    reason = sum_in_words(parts, whole)
    return claim(page, kind, verdict, reason, start_of(page, everything[0]), everything[-1].end, everything)


def sum_in_words(parts: Sequence[Mention], whole: Mention) -> str:
    """Return ``24+16=40，与总数40个相符`` or what it comes to instead."""
    if len({m.unit for m in (whole, *parts)}) == 1:
        words, total = "+".join(stated(m) for m in parts), sum((m.value for m in parts), Decimal(0))
        shown = plain(total, 6)
    else:
        words, amount = "+".join(m.quantity.text for m in parts), sum((m.amount for m in parts), Decimal(0))
        factor = MEASURES[whole.unit][1] if whole.unit in MEASURES else Decimal(1)
        shown = plain(amount / factor, max(2, shown_digits(whole.quantity.step)))
    return f"{words}={shown}，文中合计为{whole.quantity.text}"
