"""Which round a page shows when its address names none: the present one, not all of them mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from zhenggai.findings.models import InspectionRound
from zhenggai.findings.queries import LedgerQuery, access_round, default_sort
from zhenggai.people.models import User
from zhenggai.people.queries import own_body


def present_round(actor: User, rounds: Sequence[InspectionRound]) -> InspectionRound | None:
    """Return the newest of *rounds*: the person's own body before others, open ones before closed; None without any."""
    if len(rounds) < 2:
        return rounds[0] if rounds else None
    body = own_body(actor)
    own = body.pk if body is not None else 0

    def rank(round_: InspectionRound) -> tuple[bool, bool, date, int]:
        return (round_.unit_id == own, round_.closed_on is None, round_.feedback_on or date.min, round_.pk)

    return max(rounds, key=rank)


def asked_query(
    actor: User,
    values: Mapping[str, Sequence[str]],
    rounds: Sequence[InspectionRound],
    own: frozenset[str] = frozenset(),
) -> LedgerQuery:
    """Return what an address asks of the ledger; without any question, the present round.

    Args:
        actor: who asks.
        values: parameters of the address.
        rounds: rounds the person sees.
        own: parameters that are the page's own and ask nothing of the ledger.
    """
    query = LedgerQuery.parse(dict(values), default_sort=default_sort(actor))
    if not set(values) - own:
        present = present_round(actor, rounds)
        query = replace(query, round=present.pk if present else None)
    return query


def chosen_round(actor: User, wanted: str | None, rounds: Sequence[InspectionRound]) -> InspectionRound | None:
    """Return the round that an address names, the present one when it names none; None for all of them.

    Raises:
        NotFound: it names one out of sight.
    """
    if wanted is None or len(rounds) == 1:
        return present_round(actor, rounds)
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:
        key = int(wanted)
        return next((each for each in rounds if each.pk == key), None) or access_round(actor, key)
    return None
