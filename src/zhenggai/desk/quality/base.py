"""What a check is: a stable code, how grave it is, a sentence, and one bulk question to the record.

A :class:`Scope` comes in, :class:`Hit`\\ s go out: keys and one plain value each, so that ten thousand of them are cheap;
words are made only for those that are shown.  A check never writes and never loads whole findings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.lateness import Line
from zhenggai.findings.models import Finding, InspectionRound, Measure
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.people.access import Actor
from zhenggai.workflow.rules import Rules


class Severity(models.TextChoices):
    """How grave an inconsistency is."""

    HIGH = "high", _("高")
    MEDIUM = "medium", _("中")
    LOW = "low", _("低")


class Hit(NamedTuple):
    """One thing that does not fit."""

    finding_id: int | None
    """Which finding; None for a round as a whole."""
    department_id: int | None
    """The department that leads it."""
    extra: Any = None
    """What the words need beside the finding: a day, a count, a name."""
    round_id: int | None = None
    """Which round, for a round as a whole."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at."""

    actor: Actor
    """Who looks; only what they may see is looked at."""
    findings: QuerySet[Finding]
    """Findings in sight of the rounds looked at, in no order."""
    rounds: tuple[InspectionRound, ...]
    """Rounds looked at."""
    whole_rounds: tuple[InspectionRound, ...]
    """Those of them that the reader sees as a whole: only of these may a round's sums be told."""
    rules: dict[int, Rules] = field(default_factory=dict)
    """Rules of each round."""
    today: date = date.min
    """The day deadlines are compared with."""
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    """Which days are worked on."""
    line: Line = field(default_factory=lambda: Line(date.min, WorkCalendar()))
    """What is late."""

    @property
    def measures(self) -> QuerySet[Measure]:
        """The standing measures of the findings looked at."""
        return Measure.objects.filter(withdrawn_at=None, finding__in=self.findings.values("pk")).order_by()

    def shortest_review(self) -> int:
        """Return the fewest working days that any of the rounds gives a level of review."""
        return min((rules.policy.review_days for rules in self.rules.values()), default=5)


class Check(ABC):
    """One check. Subclasses are declared in a tuple, see :data:`zhenggai.desk.quality.run.CHECKS`."""

    code: ClassVar[str]
    """Stable; stands in addresses and exported sheets."""
    severity: ClassVar[Severity]
    """How grave it is."""
    sentence: ClassVar[str | Promise]
    """What is wrong, as a whole sentence about one thing."""
    remedy: ClassVar[str | Promise]
    """What mends it, as an order."""
    place: ClassVar[str] = ""
    """Where on the finding's page it is mended: an anchor or a page below it."""

    @abstractmethod
    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield what does not fit, in a fixed number of queries."""

    def words(self, extra: Any) -> str:
        """Return what else is to be said about one hit; nothing by default."""
        return str(extra) if extra else ""

    def path(self, hit: Hit) -> str:
        """Return the address of the page that mends it."""
        if hit.finding_id is not None:
            return f"/findings/{hit.finding_id}/{self.place}"
        return f"/overview/?round={hit.round_id}"


class FindingCheck(Check):
    """A check that a condition on findings decides."""

    @abstractmethod
    def found(self, scope: Scope) -> QuerySet[Finding]:
        """Return the findings that do not fit."""

    extra: ClassVar[str] = ""
    """Field whose value the words need."""

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield the findings of :meth:`found`, each once."""
        names = ["pk", "department_id", *([self.extra] if self.extra else [])]
        for row in self.found(scope).values_list(*names).distinct():
            yield Hit(*row)


class MeasureCheck(Check):
    """A check that a condition on measures decides; a finding with several is told once, with their places."""

    @abstractmethod
    def found(self, scope: Scope) -> QuerySet[Measure]:
        """Return the measures that do not fit."""

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield the findings of the measures of :meth:`found`, with how many there are."""
        counts: dict[tuple[int, int | None], int] = {}
        for finding, department, _key in (
            self.found(scope).values_list("finding_id", "finding__department_id", "pk").distinct()
        ):
            counts[(finding, department)] = counts.get((finding, department), 0) + 1
        for (key, unit), count in counts.items():
            yield Hit(key, unit, count)

    def words(self, extra: Any) -> str:
        """Return how many measures it is about."""
        return str(_("%(n)s 项措施") % {"n": extra})
