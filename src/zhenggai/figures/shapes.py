"""What reading and checking give back: quantities, claims with verdicts, a report.

Every span is ``(start, end)`` in the text that was handed in, end behind the last character.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

Span = tuple[int, int]


class Verdict(StrEnum):
    """What arithmetic says of a claim."""

    CONSISTENT = "consistent"
    TRUNCATED = "truncated"
    CONTRADICTORY = "contradictory"
    UNCHECKABLE = "uncheckable"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its measure word, as the text states it."""

    text: str
    """The words, from a qualifier before the number to the measure word or a qualifier behind it."""
    span: Span
    """Where it stands."""
    value: Decimal
    """The number in ``unit``; ``1.2万人`` is 12000, ``202.6万元`` is 202.6 万元, ``三分之一`` is 1/3 of unit ``分之``."""
    unit: str
    """Measure word 量词: ``件``, ``人次``, ``万元``, ``%``, ``个百分点``."""
    upper: Decimal | None = None
    """The upper end of a range (``10—15件``); None for a single number."""
    subject: str = ""
    """The noun phrase that is counted, as far as the clause names it."""
    qualifier: str = ""
    """Words that make the number approximate or a bound: ``约``, ``余``, ``近``, ``超过``, ``以上``."""
    period: str = ""
    """The time it is of, as written: ``2024年``, ``1—9月``, ``三年来``, ``上年同期``."""
    scope: str = ""
    """Whose it is, as written: ``全市``, ``市院本级``."""
    step: Decimal = Decimal(1)
    """What one in the last digit shown is worth: 0.1 for ``48.3%``, 1000 for ``1.2万人``."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the text that can be recomputed, or that cannot be true."""

    text: str
    """The passage that claims it."""
    verdict: Verdict
    """What arithmetic says."""
    reason: str
    """Why, in one line, with the arithmetic."""
    span: Span
    """Where the passage stands."""
    kind: str
    """Which relation: a key of :data:`zhenggai.figures.kinds.KINDS`."""
    operands: tuple[Span, ...] = ()
    """Where the numbers stand that were used."""


@dataclass(frozen=True, slots=True)
class Report:
    """All quantities and claims of a text, both in its order."""

    quantities: tuple[Quantity, ...]
    """What was read."""
    claims: tuple[Claim, ...]
    """What was checked."""

    def of(self, verdict: Verdict) -> tuple[Claim, ...]:
        """Return the claims with *verdict*."""
        return tuple(claim for claim in self.claims if claim.verdict is verdict)

    def as_dict(self) -> dict[str, Any]:
        """Return the published JSON form."""
        return {
            "claims": [
                {"text": claim.text, "verdict": str(claim.verdict), "reason": claim.reason, "span": list(claim.span)}
                for claim in self.claims
            ]
        }
