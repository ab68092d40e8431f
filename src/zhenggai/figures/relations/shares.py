"""Shares of a whole: ``占…的X%``, ``占比X%``, ``为年度计划82亿元的X%``.

The numerator is the count in the same clause, or that of the clause before; the denominator is what the share names, or the
whole that the sentence began with.
"""

from __future__ import annotations

import re

from zhenggai.figures.layout import Mention, Page
from zhenggai.figures.relations.common import claim, content, group_of, names
from zhenggai.figures.relations.division import (
    MEASURED_RE,
    Readings,
    judged,
    nearest_count,
    sums_ending_with,
    wholes_of,
)
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.figures.units import MEASURES

LIGHT_RE = re.compile(
    r"^(?:共|共计|合计|总计|约|仅|就|均|各|分别|其|只|也|已|则|达|其中|两者|二者|三者|三项|两项|合并|总共|且|并|又)+"
)


FILLER_RE = re.compile(r"(?:分别|约|仅|近|为|达到?|的|到|至|了|均|已|只有|是|高达|：|就|比|比例|比重|各|在|超过)+$")


def whole_inside(page: Page, shown: Mention) -> Claim | None:
    """Judge ``286人，占起诉总人数1320人的三成``, where the whole stands in the share itself."""
    clause = page.clause_of(shown)
    place = clause.mentions.index(shown)
    if place == 0 or not re.fullmatch(r"[^，]{0,10}的", shown.lead):
        return None
    whole = clause.mentions[place - 1]
    parts_here = any(m.is_count for m in clause.mentions[: place - 1])
    mark = (
        "占"
        if "占" in whole.lead
        else "完成"
        if re.search("完成(?:了)?[一-龥]{0,6}(?:任务|目标|计划|预算|指标)(?:数|任务)?$", whole.lead)
        else "为"
        if re.search("[为成达](?:年初|年度|全年)?(?:预算|计划|目标|任务)(?:任务)?(?:数)?$", whole.lead)
        else "为"
        if re.search("(?:^|，)(?:仅|只|约)?(?:为|是|相当于|达到?)[一-龥]{2,10}$", whole.lead) and not parts_here
        else ""
    )
    if not whole.is_count or not mark:
        return None
    own = LIGHT_RE.sub("", whole.lead.partition("占")[0]) if mark == "占" else ""
    parts = [m for m in clause.mentions[: place - 1] if m.is_count][-1:]
    if not parts and not own:
        parts = nearest_count(page, shown, clause)[0]
    parts = [m for m in parts if m.kin == whole.kin]
    if not parts:
        return None
    start = whole.start - len(whole.lead) + max(0, whole.lead.find(mark))
    readings = Readings([[m] for m in parts], [[whole]], True, over=mark != "占")
    return judged(page, "share", shown, readings, start)


def check_share(page: Page, shown: Mention, own: str, whole: str) -> Claim | None:
    start = (
        shown.start - len(shown.lead) + shown.lead.rfind(own + "占") + len(own) if "占" in shown.lead else shown.start
    )
    start = max(start, shown.start - 40)
    whole = FILLER_RE.sub("", whole)
    own = LIGHT_RE.sub("", own)
    readings = _share_readings(page, shown, own, whole)
    if readings is None:
        return claim(page, "share", Verdict.UNCHECKABLE, "文中没有可与之相除的数。", start, shown.end, [shown])
    return judged(page, "share", shown, readings, start)


def _share_readings(page: Page, shown: Mention, own: str, whole: str) -> Readings | None:
    parts, tied = _numerators(page, shown, own)
    behind = told_behind(page, shown)
    if behind is not None and (not parts or own or page.text[shown.end : behind.start].endswith("（")):
        parts, tied = [behind], True
    if not parts:
        return None
    first = parts[0]
    wholes, pinned = wholes_of(page, shown, first, whole)
    listed = [[part] for part in parts]
    sums = sums_ending_with(page, shown, first)
    if sums and re.match("(?:，)?(?:三者|两者|三项|两项|三类)?(?:合计|共计|共)占", shown.lead):
        # 合计占…: of all that were listed.
        listed = sums[::-1]
    else:
        listed.extend(sums)
    over = len(wholes) == 1 and pinned and wholes[0][0].amount < first.amount
    return Readings(listed, wholes, tied and pinned, over)


def told_behind(page: Page, shown: Mention) -> Mention | None:
    """Return the count that a share is said to be: ``占92.7%，计50个``, ``不足一半（97份）``."""
    if shown.index + 1 >= len(page.mentions):
        return None
    after = page.mentions[shown.index + 1]
    joint = page.text[shown.end : after.start]
    if (
        after.is_count
        and not after.qualifier
        and re.fullmatch(r"[一-龥]{0,4}(?:，(?:计|即|共计|为|共)|（(?:即|共|计)?)", joint)
    ):
        return after
    return None


_LOOK_BACK = 30
"""How many quantities of its clause before it a share may be of: a list of thousands is no sentence."""


def _numerators(page: Page, shown: Mention, own: str) -> tuple[list[Mention], bool]:
    """Return the counts that a share may be of, and whether grammar ties them to it."""
    clause = page.clause_of(shown)
    place = clause.mentions.index(shown)
    for earlier in reversed(clause.mentions[max(0, place - _LOOK_BACK) : place]):
        if re.fullmatch(
            "[一-龥]{0,6}(?:占比|占|比例)(?:分别|各)[一-龥]{0,3}|[一-龥]{0,6}分别占[一-龥]{0,4}", shown.lead
        ):
            # 三类占比分别为: how many kinds, and no numerator.
            return [], False
        if earlier.is_count and not earlier.is_change:
            if earlier.unit not in MEASURES and MEASURED_RE.search(own):
                return [], False
            return group_of(page, earlier), not own or place == clause.mentions.index(earlier) + 1
    if own:
        core = content(own)
        if len(core) < 2:
            core = own
        named = [
            other for other in page.before(shown, 20)
            if page.sentence_of(other) == clause.sentence and other.is_count and not other.is_change and names(core, other.label)
        ]  # fmt: skip
        if not named and len(own) >= 3:
            # …其中员额检察官31人。员额检察官占总人数的36%: named in the sentence before.
            named = [
                other for other in page.before(shown, 12)
                if page.sentence_of(other) == clause.sentence - 1 and other.is_count and not other.is_change and other.lead.endswith(own)
            ]  # fmt: skip
        return (named, len({m.amount for m in named}) == 1) if named else ([], False)
    return nearest_count(page, shown, clause)


_PLAN_RE = re.compile("(?:任务|计划|目标)(?:任务)?[数量]?(?:为|是|共)?$")


def planned_share(page: Page, shown: Mention) -> Claim:
    """Judge ``下达任务5万亩，实际完成5.6万亩，完成任务的112%`` where the sentence gives just one plan."""
    clause = page.clause_of(shown)
    start = shown.start - len(shown.lead)
    near = [
        m
        for m in page.before(shown, 6)
        if page.clause_of(m).segment == clause.segment and m.is_count and not m.is_change
    ]
    plans = [m for m in near if _PLAN_RE.search(m.lead)]
    done = [m for m in near if m not in plans and (not plans or m.kin == plans[0].kin)]
    if len(plans) != 1 or len(done) != 1 or plans[0].qualifier or done[0].qualifier:
        return claim(page, "share", Verdict.UNCHECKABLE, "文中没有可与之相除的数。", start, shown.end, [shown])
    return judged(page, "share", shown, Readings([done], [plans], True, over=True), start)
