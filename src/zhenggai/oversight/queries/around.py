"""What presses for one finding and looks back at it: for the finding's own page."""

from __future__ import annotations

from dataclasses import dataclass

from zhenggai.findings.models import Finding, Stage
from zhenggai.oversight.models import Check, Letter
from zhenggai.oversight.queries.checks import CHECKED_AGAIN, visible_checks
from zhenggai.oversight.queries.letters import visible_letters
from zhenggai.people.access import Actor, may


@dataclass(frozen=True, slots=True)
class Around:
    """Letters about a finding and checks of it, as far as the reader may know them."""

    letters: tuple[Letter, ...]
    """Letters it stands in, newest first."""
    checks: tuple[Check, ...]
    """Look-backs and spot checks, newest first."""
    may_press: bool
    """True when the reader may draft a letter about it now."""
    may_look_back: bool
    """True when the reader may plan a look-back now."""

    def __bool__(self) -> bool:
        return bool(self.letters or self.checks or self.may_press or self.may_look_back)


def around_finding(actor: Actor, finding: Finding) -> Around:
    """Return what presses for *finding* and looks back at it; two queries."""
    items = finding.letter_items.filter(withdrawn_at=None).order_by().values("letter_id")
    body, standing = finding.round.unit, finding.withdrawn_at is None
    return Around(
        tuple(visible_letters(actor).filter(pk__in=items).order_by("-pk")),
        tuple(visible_checks(actor).filter(finding=finding).order_by("-pk")),
        standing and finding.stage != Stage.CLOSED and may(actor, "oversight.manage", body),
        standing and finding.stage in CHECKED_AGAIN and may(actor, "oversight.inspect", body),
    )
