"""All relations over one text: which claims it makes, and what arithmetic says of each."""

from __future__ import annotations

from collections.abc import Callable

from zhenggai.figures.layout import Page, lay_out
from zhenggai.figures.relations.again import check_again
from zhenggai.figures.relations.among import check_among
from zhenggai.figures.relations.answered import check_answered
from zhenggai.figures.relations.approximate import check_approximate
from zhenggai.figures.relations.averages import check_averages
from zhenggai.figures.relations.calendar import check_calendar
from zhenggai.figures.relations.damage import check_damage
from zhenggai.figures.relations.difference import check_difference
from zhenggai.figures.relations.durations import check_durations
from zhenggai.figures.relations.flows import check_flows
from zhenggai.figures.relations.groups import check_groups
from zhenggai.figures.relations.growth import check_growth
from zhenggai.figures.relations.impossible import check_impossible
from zhenggai.figures.relations.listed import check_listed
from zhenggai.figures.relations.mentions import check_mentions
from zhenggai.figures.relations.misfit import check_misfit
from zhenggai.figures.relations.partition import check_partition
from zhenggai.figures.relations.parts import check_parts
from zhenggai.figures.relations.proportion import check_proportion
from zhenggai.figures.relations.ratios import check_ratios
from zhenggai.figures.relations.restated import check_restated
from zhenggai.figures.relations.standing import check_standing
from zhenggai.figures.relations.tables import check_tables
from zhenggai.figures.second_look import look_again
from zhenggai.figures.shapes import Claim, Report

Relation = Callable[[Page], list[Claim]]

RELATIONS: tuple[Relation, ...] = (
    check_ratios,
    check_standing,
    check_parts,
    check_among,
    check_groups,
    check_partition,
    check_misfit,
    check_averages,
    check_proportion,
    check_growth,
    check_difference,
    check_flows,
    check_restated,
    check_listed,
    check_calendar,
    check_durations,
    check_damage,
    check_approximate,
    check_impossible,
    check_answered,
    check_mentions,
    check_again,
    check_tables,
)
"""Every relation, in the order in which they are asked."""


def check(text: str) -> Report:
    """Return the quantities of *text* and every claim about them that can be judged."""
    page = lay_out(text)
    mentions = {mention.quantity.span: mention for mention in page.mentions}
    claims: dict[tuple[object, ...], Claim] = {}
    for relation in RELATIONS:
        for found in relation(page):
            claim = look_again(page, found, mentions)
            # Two relations may see the same sum; it is told once.
            claims.setdefault((claim.span, claim.verdict, claim.operands or claim.kind), claim)
    ordered = sorted(claims.values(), key=lambda claim: (claim.span, claim.kind))
    return Report(tuple(mention.quantity for mention in page.mentions), tuple(ordered))
