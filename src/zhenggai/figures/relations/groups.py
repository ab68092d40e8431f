"""Sorting a whole told earlier: ``违法图斑中，…``, ``从案件类别看，…``, ``按地区分，…``, with the whole in a sentence before.

The kinds of one sorting leave nothing out and do not overlap, so they are held to the whole; which whole is meant must be
told by its noun, or be the only count of that measure word that is near.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from zhenggai.figures.layout import Clause, Mention, Page
from zhenggai.figures.relations.among import name_of
from zhenggai.figures.relations.common import agree, same_unit, sum_claim, summable
from zhenggai.figures.shapes import Claim, Verdict

_SORTED_RE = re.compile("(?:从|按|分)(?P<by>[一-龥]{1,8}?)(?:来看|看|分|划分|划|统计)$")
_OF_RE = re.compile("(?:在)?(?:上述|这些|全部|该)?(?P<noun>[一-龥]{2,8})(?:当)?中$")
_OPEN_RE = re.compile("居前|前[两二三]位|等|主要|部分|含|其中|另有|同时|交叉|重复|分别占")
_OVERLAP_RE = re.compile("党员|女|岁|以上|以下|少数民族|新增|重点|占|超过|移送|起诉|处分|立案")
_MOST = 24
"""How many quantities a sorting may have."""


def check_groups(page: Page) -> list[Claim]:
    """Return the claims about sortings whose whole stands in a sentence before."""
    claims = []
    for clause in page.clauses:
        if clause.opener not in "。；\n" or clause.mentions or clause.end - clause.start > 14:
            continue
        words = page.words(clause)
        sorted_by, of = _SORTED_RE.match(words), _OF_RE.fullmatch(words)
        if sorted_by is None and of is None:
            continue
        parts = _kinds(page, clause)
        if len(parts) < 2 or any(m.qualifier or m.quantity.upper is not None for m in parts):
            continue
        found = _held(page, clause, parts, of["noun"] if of is not None else "")
        if found is not None:
            claims.append(found)
    return claims


def _kinds(page: Page, head: Clause) -> list[Mention]:
    """Return the counts listed behind *head*, one for each kind."""
    parts: list[Mention] = []
    for clause in page.clauses[head.index + 1 : head.index + 1 + _MOST]:
        if clause.sentence != head.sentence or clause.segment - head.segment > 8:
            break
        if clause.depth > head.depth or not clause.mentions:
            if clause.depth == head.depth and parts:
                break
            continue
        alike = [m for m in clause.mentions if not parts or same_unit(m, parts[0])]
        joined = all(page.text[a.end : b.start].startswith(("、", "和")) for a, b in pairwise(alike))
        if not alike or not all(summable(m) for m in alike) or (len(alike) > 1 and not joined):
            if all(m.is_ratio for m in clause.mentions):
                continue
            break
        if len(parts) > 1 and page.clause_of(parts[0]).segment == page.clause_of(parts[-1]).segment != clause.segment:
            # 服务类620件，质量类410件；…: the list is closed by ；.
            break
        if re.match("共|合计|总计|以上|上述", page.words(clause)):
            return []
        if parts and any(name_of(page, m)[:3] == name_of(page, part)[:3] for m in alike for part in parts):
            break
        parts.extend(alike)
    return parts


def _held(page: Page, head: Clause, parts: Sequence[Mention], noun: str) -> Claim | None:
    near = [
        m
        for m in page.before(parts[0], 24)
        if m.index < parts[0].index and same_unit(m, parts[0]) and m.kin == parts[0].kin and summable(m)
    ]
    near = [m for m in near if not re.search("最[高低大小多少好差快慢][^，。；]{0,6}的$|[前后]$", m.lead)]
    latest = max((page.sentence_of(m) for m in near), default=0)
    near = near if noun else [m for m in near if page.sentence_of(m) == latest]
    wholes = [m for m in near if noun in m.label] or [m for m in near if noun[:2] in m.label] if noun else near
    fitting = next((m for m in near if agree(parts, [m])), None)
    if fitting is not None:
        return sum_claim(page, "parts", Verdict.CONSISTENT, fitting, parts)
    names = [name_of(page, part) for part in parts]
    stretch = page.text[head.end : parts[-1].end] + page.text[parts[-1].end : parts[-1].end + 12].partition("。")[0]
    if (
        not wholes
        or _OPEN_RE.search(stretch)
        or any(re.match("共|合计|总计", name) for name in names)
        or any(_OVERLAP_RE.search(name) for name in names)
    ):
        return None
    total, most = sum(m.amount for m in parts), max(m.amount for m in parts)
    close = [m for m in wholes if not m.qualifier and m.amount >= most and abs(total - m.amount) * 10 <= m.amount]
    if len({m.amount for m in close}) != 1:
        return None
    whole = close[0]
    if total < whole.amount and (noun or len(parts) < 3):
        return None
    return sum_claim(page, "parts", Verdict.CONTRADICTORY, whole, parts)
