"""Which round a page shows when its address names none: the present one, not all of them mixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhenggai.findings.models import InspectionRound
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
