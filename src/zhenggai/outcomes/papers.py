"""The papers of this room that can stand as evidence: rules issued and minutes of meetings.

Whoever sees a register may lay its papers before; whoever works on a finding also the rules that are noted for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _now

from zhenggai.files.models import StoredFile
from zhenggai.findings.access import visible_findings
from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotFound
from zhenggai.outcomes.access import WORK, visible_meetings, visible_rules
from zhenggai.outcomes.models import Meeting, RuleDocument
from zhenggai.people.access import Actor

MOST = 30
"""How many of each kind are offered."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with the entry it belongs to."""

    code: str
    """``rule-3`` or ``meeting-5``."""
    label: str
    """What the entry is called."""
    note: str
    """What kind of paper it is, for the evidence made of it."""
    file: StoredFile
    """The file."""
    file_name: str
    """The name it came with."""
    own: bool
    """True when the entry is noted for the finding itself."""


def papers_for(actor: Actor, finding: Finding) -> tuple[Paper, ...]:
    """Return the papers that *actor* may lay before for *finding*, its own first; three queries."""
    body = finding.round.unit_id
    own = set(_own_rules(actor, finding).values_list("pk", flat=True))
    rules = visible_rules(actor).filter(unit=body) | _own_rules(actor, finding)
    ruled = rules.filter(file__isnull=False).select_related("file").distinct().order_by("-issued_on", "-pk")[:MOST]
    meetings = visible_meetings(actor).filter(unit=body, file__isnull=False).select_related("file")
    found = [_of_rule(rule, own=rule.pk in own) for rule in ruled]
    found += [_of_meeting(meeting) for meeting in meetings.order_by("-held_on", "-pk")[:MOST]]
    return tuple(sorted(found, key=lambda paper: not paper.own))


def access_paper(actor: Actor, finding: Finding, code: str) -> Paper:
    """Return one of the papers that *actor* may lay before for *finding*.

    Raises:
        NotFound: it is not one of them.
    """
    found = next((paper for paper in papers_for(actor, finding) if paper.code == code), None)
    if found is None:
        raise NotFound
    return found


def _own_rules(actor: Actor, finding: Finding) -> QuerySet[RuleDocument]:
    """Return the rules noted for the finding, for whoever works on it."""
    mine = visible_findings(actor, WORK).filter(pk=finding.pk).order_by().values("pk")
    return RuleDocument.objects.filter(findings__in=mine, withdrawn_at__isnull=True)


def _of_rule(rule: RuleDocument, *, own: bool) -> Paper:
    assert rule.file is not None  # asked for by the caller
    label = f"{rule.title}（{rule.document_no}）" if rule.document_no else rule.title
    return Paper(f"rule-{rule.pk}", label, _now("制度成果"), rule.file, rule.file_name, own)


def _of_meeting(meeting: Meeting) -> Paper:
    assert meeting.file is not None  # asked for by the caller
    return Paper(f"meeting-{meeting.pk}", str(meeting), _now("会议纪要"), meeting.file, meeting.file_name, False)
