"""What is due around a day, and whom to remind of it; nothing here writes.

The last day that was looked at and the present day come in; for each person a list of :class:`Reminder` goes out, the
most pressing first.  On which days around a deadline somebody is reminded is a ladder of the round's policy; a rung
that fell on a day on which the platform stood still is made good once, with the days as they are today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage, Status
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.policy.profile import Policy, Reminders
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow.cosign import Waiting, missing_cosigns_of_many
from zhenggai.workflow.doers import doers_of_many
from zhenggai.workflow.levels import decided_on, facts_of, free_chairs
from zhenggai.workflow.models import Completion, Evidence, EvidenceLink, Item, Plan, Submission
from zhenggai.workflow.queries.waiting import rules_by_round
from zhenggai.workflow.recipients import Recipients
from zhenggai.workflow.rules import Rules, clock_of, effective_due
from zhenggai.workflow.transitions import AT_WORK


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing somebody is reminded of."""

    about: str
    """What is due: ``due review cosign report milestone plan final_report evidence``."""
    title: str
    """Title of the finding or round."""
    path: str
    """Address of the place where something can be done about it."""
    days: int
    """Days left; negative when past."""
    note: str
    """What is due and when, in words."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days for which one run looks at the ladders."""

    since: date
    """The last day that was looked at."""
    today: date
    """The present day."""

    def rung(self, ladder: Reminders, due_on: date) -> bool:
        """Tell whether the ladder reminds on one of the days."""
        return any(ladder.due((due_on - day).days) for day in self.days())

    def days(self) -> Iterable[date]:
        """Yield the days after ``since`` up to and with ``today``."""
        for number in range((self.today - self.since).days):
            yield self.today - timedelta(days=number)


_Found = Iterable[tuple[set[int], Reminder]]
_LIVE = Q(withdrawn_at=None, round__closed_on=None)
_DONE = (Status.COMPLETED, Status.LONG_TERM)


def reminders_on(today: date, since: date) -> dict[int, list[Reminder]]:
    """Return for each person what to remind them of; a bounded number of queries beside those for late reviews.

    Args:
        today: the present day.
        since: the last day that was looked at.
    """
    look = _Look(Span(since, today))
    people: dict[int, dict[tuple[str, str], Reminder]] = defaultdict(dict)
    parts = (look.deadlines(), look.measures(), look.reports(), look.reviews(), look.evidence(), look.rounds())
    for part in parts:
        for recipients, reminder in part:
            for person in recipients:
                known = people[person].get((reminder.about, reminder.path))
                if known is None or reminder.days < known.days:
                    people[person][reminder.about, reminder.path] = reminder
    return {
        person: sorted(found.values(), key=lambda each: (each.days, each.title)) for person, found in people.items()
    }


class _Look:
    """One look at everything that may be due."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.calendar: WorkCalendar = work_calendar()
        self.who = Recipients()
        rounds = InspectionRound.objects.filter(closed_on=None).select_related("unit")
        self.open_rounds = {round_.pk: round_ for round_ in rounds}
        self.rules: Mapping[int, Rules] = rules_by_round(sorted(self.open_rounds))
        ladders = [rules.policy.reminders for rules in self.rules.values()]
        before = max((day for ladder in ladders for day in ladder.before), default=0)
        after = max((day for ladder in ladders for day in ladder.after), default=0)
        # Two weeks more, since a deadline may roll over a long holiday.
        self.earliest = span.since - timedelta(days=after + 15)
        self.latest = span.today + timedelta(days=before)

    def policy(self, round_id: int) -> Policy:
        """Return the rules of a round."""
        return self.rules[round_id].policy

    def near(self, column: str) -> Q:
        """Return the condition that a day lies where a ladder can reach it."""
        return Q(**{f"{column}__gte": self.earliest, f"{column}__lte": self.latest})

    def deadlines(self) -> _Found:
        """Findings that are to be done: who does them, and who leads when it is late."""
        for finding in _with_people(_to_do().filter(self.near("due_on"))):
            policy = self.policy(finding.round_id)
            due_on = effective_due(finding.due_on, policy, self.calendar)
            if due_on is None or not self.span.rung(policy.reminders, due_on):
                continue
            days = (due_on - self.span.today).days
            people = self.who.doing(finding) | (self.who.leading(finding) if days < 0 else set())
            yield people, self._reminder("due", finding, days, "#evidence", _("整改时限"))

    def measures(self) -> _Found:
        """Measures with a deadline of their own, not yet carried out."""
        done = Completion.objects.filter(measure=OuterRef("pk"), withdrawn_at=None)
        rows = Measure.objects.filter(
            self.near("due_on"), ~Exists(done), withdrawn_at=None, finding__in=_to_do().order_by().values("pk")
        ).exclude(status__in=_DONE)
        for measure in rows.select_related("finding__unit").order_by("pk"):
            finding = measure.finding
            same = measure.due_on == finding.due_on
            if same and measure.owner_id in (None, finding.owner_id) and measure.department_id in (
                None, finding.department_id,
            ):  # fmt: skip
                continue  # the finding's own deadline says it
            policy = self.policy(finding.round_id)
            due_on = effective_due(measure.due_on, policy, self.calendar)
            if due_on is None or not self.span.rung(policy.reminders, due_on):
                continue
            people = self.who.doing(finding, measure.department_id, measure.owner_id)
            yield people, self._reminder("due", finding, (due_on - self.span.today).days, "#evidence", _("措施时限"))

    def reports(self) -> _Found:
        """What is phased or long-term: its next report, and its next milestone where that is not the deadline."""
        rows = Item.objects.filter(
            self.near("next_report_on") | self.near("next_milestone_on"),
            finding__stage__in=(Stage.PHASED, Stage.LONG_TERM),
            finding__withdrawn_at=None,
            finding__round__in=list(self.open_rounds),
        )
        for item in rows.select_related("finding__unit").order_by("pk"):
            finding = item.finding
            ladder = self.policy(finding.round_id).reminders
            milestone = item.next_milestone_on if item.next_milestone_on != finding.due_on else None
            for about, day, words in (
                ("report", item.next_report_on, _("进展报告")),
                ("milestone", milestone, _("下一节点")),
            ):
                if day is not None and self.span.rung(ladder, day):
                    days = (day - self.span.today).days
                    yield self.who.doing(finding), self._reminder(about, finding, days, "#work", words)

    def reviews(self) -> _Found:
        """Reviews that wait longer than a level has working days for."""
        rows = Item.objects.filter(
            finding__stage=Stage.IN_REVIEW,
            finding__withdrawn_at=None,
            finding__round__in=list(self.open_rounds),
            level_since__isnull=False,
        ).exclude(level="")
        late: list[tuple[Item, int]] = []
        for item in rows.select_related("finding__unit", "finding__department", "finding__round__unit").order_by("pk"):
            policy = self.policy(item.finding.round_id)
            start = timezone.localdate(item.level_since)
            due_on = self.calendar.add_workdays(start, policy.review_days)
            if due_on <= self.span.today and self.span.rung(policy.reminders, due_on):
                late.append((item, (due_on - self.span.today).days))
        doers = doers_of_many([item.finding_id for item, _days in late]) if late else {}
        open_ones = Submission.objects.filter(finding__in=list(doers), state=Submission.State.OPEN)
        submissions = {submission.finding_id: submission for submission in open_ones}
        for item, days in late:
            level = self.policy(item.finding.round_id).level(item.level)
            if level is None:
                continue
            decided = decided_on(submissions.get(item.finding_id))
            chairs = free_chairs(level, facts_of(item.finding), doers[item.finding_id], decided)
            yield (
                {chair.user_id for chair in chairs},
                self._reminder("review", item.finding, days, "#review", _("审核时限")),
            )
        yield from self._cosigns(late, submissions, doers)

    def _cosigns(
        self,
        late: Sequence[tuple[Item, int]],
        submissions: Mapping[int, Submission],
        doers: Mapping[int, frozenset[int]],
    ) -> _Found:
        """Countersigns that are waited for at such a level: the heads of the assisting departments."""
        waiting = []
        days = {item.finding_id: left for item, left in late}
        for item, _days in late:
            level = self.policy(item.finding.round_id).level(item.level)
            if level is not None and level.cosign and item.finding_id in submissions:
                waiting.append(Waiting(item.finding, level, submissions[item.finding_id]))
        missing = missing_cosigns_of_many(waiting, doers) if waiting else {}
        for row in waiting:
            people = {chair.user_id for _unit, chairs in missing[row.finding.pk] for chair in chairs}
            words = _("会签时限")
            yield people, self._reminder("cosign", row.finding, days[row.finding.pk], "#review", words)

    def evidence(self) -> _Found:
        """Evidence that expires while its finding is not closed."""
        expiring = Evidence.objects.filter(self.near("expires_on"), withdrawn_at=None)
        rows = (
            EvidenceLink.objects.filter(
                evidence__in=expiring, withdrawn_at=None, finding__withdrawn_at=None,
                finding__round__in=list(self.open_rounds),
            )
            .exclude(finding__stage=Stage.CLOSED)
            .select_related("evidence", "finding__unit")
            .order_by("pk")
        )  # fmt: skip
        for link in rows:
            ends, finding = link.evidence.expires_on, link.finding
            if ends is None or not self.span.rung(self.policy(finding.round_id).reminders, ends):
                continue
            label = _("佐证“%(name)s”有效期") % {"name": link.evidence.name[:40]}
            days = (ends - self.span.today).days
            yield self.who.doing(finding), self._reminder("evidence", finding, days, "#evidence", label)

    def rounds(self) -> _Found:
        """The plan of a round, until one is approved, and its final report: the office."""
        planned = set(
            Plan.objects.filter(
                round__in=list(self.open_rounds), state__in=(Plan.State.APPROVED, Plan.State.SUPERSEDED)
            ).values_list("round_id", flat=True)
        )
        for round_ in self.open_rounds.values():
            rules = self.rules[round_.pk]
            clock = clock_of(round_, rules.policy, self.calendar)
            course = rules.course
            if round_.pk not in planned:
                due_on = (course.plan_due_on if course else None) or clock.plan_due_on
                yield from self._of_round(round_, "plan", due_on, _("报送整改方案"), lambda days: True)
            else:
                due_on = (course.report_due_on if course else None) or clock.report_due_on
                # Nothing on record says that a report was handed in, so nobody is urged once its day is past.
                yield from self._of_round(round_, "final_report", due_on, _("报送整改情况报告"), lambda days: days >= 0)

    def _of_round(
        self, round_: InspectionRound, about: str, due_on: date | None, words: str, wanted: Callable[[int], bool]
    ) -> _Found:
        if due_on is None or not self.span.rung(self.policy(round_.pk).reminders, due_on):
            return
        days = (due_on - self.span.today).days
        if wanted(days):
            path = f"/plan/?round={round_.pk}"
            yield self.who.office(round_.unit), Reminder(about, round_.name, path, days, _noted(words, days))

    def _reminder(self, about: str, finding: Finding, days: int, place: str, words: str) -> Reminder:
        title = f"{finding.no} {finding.title}".strip()
        return Reminder(about, title, f"/findings/{finding.pk}/{place}", days, _noted(words, days))


def _to_do() -> QuerySet[Finding]:
    stated = Q(stage=Stage.REGISTERED) & ~Q(status__in=_DONE)
    return Finding.objects.filter(_LIVE, Q(stage__in=[stage for stage in AT_WORK if stage != Stage.LONG_TERM]) | stated)


def _with_people(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    return rows.select_related("unit").order_by("pk")


def _noted(words: str, days: int) -> str:
    slots = {"what": words, "days": abs(days)}
    if days == 0:
        return _("%(what)s今天到期") % slots
    if days > 0:
        return ngettext("%(what)s还剩 %(days)s 天", "%(what)s还剩 %(days)s 天", days) % slots
    return ngettext("%(what)s超过 %(days)s 天", "%(what)s超过 %(days)s 天", -days) % slots
