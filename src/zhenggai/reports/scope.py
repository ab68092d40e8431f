"""What a paper is about: round, department, days, one finding or meeting; read from an address, kept within reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.findings.queries import access_finding, access_round, visible_findings, visible_rounds
from zhenggai.kit.errors import NotFound
from zhenggai.outcomes.access import visible_meetings
from zhenggai.outcomes.models import Meeting
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.people.roles import Permission
from zhenggai.reports.errors import BadPeriod

WRITE = str(Permission.WRITE_REPORTS)
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one paper is about, for one reader."""

    actor: Actor
    """Who asks; nothing beyond their reach is counted or told."""
    round: InspectionRound
    """The round."""
    today: date
    """The day of its figures."""
    department: Unit | None = None
    """Only what this department leads."""
    since: date | None = None
    """First day of the period."""
    until: date | None = None
    """Last day of the period."""
    finding: Finding | None = None
    """Only this finding."""
    meeting: Meeting | None = None
    """The meeting."""

    @property
    def unit(self) -> Unit:
        """The body whose round it is."""
        return self.round.unit

    def findings(self) -> QuerySet[Finding]:
        """Return the findings the paper is about, in order."""
        found = visible_findings(self.actor, WRITE).filter(round=self.round)
        if self.department is not None:
            found = found.filter(department=self.department)
        if self.finding is not None:
            found = found.filter(pk=self.finding.pk)
        return found.order_by("order", "pk")

    def period(self, name: str) -> Q:
        """Return the condition that the day *name* lies in the period."""
        if self.since is None or self.until is None:
            return Q()
        return Q(**{f"{name}__gte": self.since, f"{name}__lte": self.until})

    def as_query(self) -> str:
        """Return the scope as the query string of an address."""
        told = {
            "round": self.round.pk, "department": self.department.pk if self.department else "",
            "since": self.since or "", "until": self.until or "", "finding": self.finding.pk if self.finding else "",
            "meeting": self.meeting.pk if self.meeting else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in told.items() if value != ""})


def read_scope(actor: Actor, asked: Mapping[str, str], *, asks: frozenset[str], span: str = "") -> Scope:
    """Return the scope that an address asks for.

    Args:
        actor: who asks.
        asked: parameters of the address: ``round department since until finding meeting``.
        asks: which of them the paper takes.
        span: period to assume when none is given: ``week``, ``month`` or ``stage``.

    Raises:
        NotFound: the round, department, finding or meeting is out of sight.
        BadPeriod: the days are no period.
    """
    today = timezone.localdate()
    finding = (
        access_finding(actor, _key(asked, "finding"), WRITE) if "finding" in asks and asked.get("finding") else None
    )
    round_ = finding.round if finding else access_round(actor, _key(asked, "round"), WRITE)
    department = None
    if "department" in asks and asked.get("department"):
        department = departments_of(actor, round_).filter(pk=_key(asked, "department")).first()
        if department is None:
            raise NotFound
    since, until = _period(asked, span, round_, today) if "period" in asks else (None, None)
    meeting = None
    if "meeting" in asks:
        meetings = meetings_of(actor, round_)
        meeting = meetings.filter(pk=_key(asked, "meeting")).first() if asked.get("meeting") else meetings.first()
        if meeting is None and asked.get("meeting"):
            raise NotFound
    return Scope(actor, round_, today, department, since, until, finding, meeting)


def reporting_rounds(actor: Actor) -> list[InspectionRound]:
    """Return the rounds the actor may write papers about, newest first."""
    return list(visible_rounds(actor, WRITE).select_related("unit"))


def departments_of(actor: Actor, round_: InspectionRound) -> QuerySet[Unit]:
    """Return the departments that lead findings of *round_* within the actor's reach."""
    led = visible_findings(actor, WRITE).filter(round=round_, department__isnull=False).order_by().values("department")
    return Unit.objects.filter(pk__in=led).order_by("order", "pk")


def meetings_of(actor: Actor, round_: InspectionRound) -> QuerySet[Meeting]:
    """Return the meetings of the body of *round_* the actor sees, newest first."""
    return visible_meetings(actor).filter(unit=round_.unit).order_by("-held_on", "-pk")


def default_period(span: str, round_: InspectionRound, today: date) -> tuple[date, date]:
    """Return the week or month of *today*, or the days since the feedback."""
    if span == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    if span == "month":
        following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
        return today.replace(day=1), following - timedelta(days=1)
    return min(round_.feedback_on or today, today), today


def _period(asked: Mapping[str, str], span: str, round_: InspectionRound, today: date) -> tuple[date, date]:
    first, last = asked.get("since", "").strip(), asked.get("until", "").strip()
    if not first and not last:
        return default_period(span, round_, today)
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise BadPeriod(text=f"{first[:20]} 至 {last[:20]}") from error
    if since > until or until - since > LONGEST:
        raise BadPeriod(text=f"{since} 至 {until}")
    return since, until


def _key(asked: Mapping[str, str], name: str) -> int:
    text = asked.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound
    return int(text)
