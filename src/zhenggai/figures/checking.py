"""All relations over one text: which claims it makes, and what arithmetic says of each."""

from __future__ import annotations

from collections.abc import Callable

from zhenggai.figures.layout import Page, lay_out
from zhenggai.figures.relations.shares import check_shares
from zhenggai.figures.shapes import Claim, Report

Relation = Callable[[Page], list[Claim]]

RELATIONS: tuple[Relation, ...] = (check_shares,)


def check(text: str) -> Report:
    """Return the quantities of *text* and every claim about them that can be judged."""
    page = lay_out(text)
    claims = [claim for relation in RELATIONS for claim in relation(page)]
    claims.sort(key=lambda claim: (claim.span, claim.kind))
    return Report(tuple(mention.quantity for mention in page.mentions), tuple(claims))
