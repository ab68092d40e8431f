"""Rises and falls: ``由A增至B，增长X%``, ``比上年增加N件，增长X%``, ``提高X个百分点``, ``增长N倍`` and ``是N倍``.

Two quantities are compared only where the text sets them against each other: by 由…至…, by naming the year before, or by
giving the increase itself.
"""

from __future__ import annotations

from zhenggai.figures.layout import Page
from zhenggai.figures.relations.changes import change_of, check_change
from zhenggai.figures.relations.from_to import (
    changes_before,
    changes_behind,
    check_direction,
    check_doubled,
    check_doublings,
    check_yearly,
    find_pairs,
    follow_on,
)
from zhenggai.figures.relations.multiples import check_times
from zhenggai.figures.relations.points import check_apart, check_points
from zhenggai.figures.relations.prior import check_against_last
from zhenggai.figures.relations.respective import check_respective
from zhenggai.figures.relations.triple import check_triples
from zhenggai.figures.shapes import Claim


def check_growth(page: Page) -> list[Claim]:
    """Return the claims about rises and falls."""
    claims, judged = check_respective(page)
    for pair in find_pairs(page):
        claims.extend(check_direction(page, pair))
        pair = follow_on(page, pair)
        for change in (*changes_before(page, pair), *changes_behind(page, pair)):
            if change.index in judged:
                continue
            found = check_change(page, change, [pair], tied=True)
            if found is not None:
                claims.append(found)
                judged.add(change.index)
        yearly = check_yearly(page, pair)
        if yearly is not None:
            claims.append(yearly)
        doubled = check_doubled(page, pair)
        if doubled is not None:
            claims.append(doubled)
    claims.extend(check_doublings(page))
    for mention in page.mentions:
        if mention.index in judged:
            continue
        apart = check_apart(page, mention)
        if apart is not None:
            claims.append(apart)
            judged.add(mention.index)
            continue
        match = change_of(mention)
        found = None
        if match is not None:
            found = check_points(page, mention, match) or check_against_last(page, mention, match)
        elif mention.unit == "倍":
            found = check_times(page, mention)
        if found is not None:
            claims.append(found)
            judged.add(mention.index)
    claims.extend(check_triples(page, judged))
    return claims
