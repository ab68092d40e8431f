"""The counts over the record that a figure of a notice may be bound to, declared in code.

A round comes in; for each count its value, its measure word and the rows it was counted from go out.  A public figure
is over the whole round, whoever asks: what of the rows behind it a reader may open is decided where they are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure, Status
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Recovery, RuleDocument
from zhenggai.oversight.models import Check, Visit
from zhenggai.referrals.models import CarriedOver, Common, ImmediateFix, Petition
from zhenggai.registers.models import RegisterEntry
from zhenggai.workflow.models import Completion

REPORTED = (Finding.Kind.ORDINARY, Finding.Kind.LEGACY)
"""Kinds of findings that the feedback named: what a notice counts and lists as its problems."""
GROUPS: Mapping[str, tuple[Standing, ...]] = {
    "completed": (Standing.COMPLETED,),
    "phased": (Standing.PHASED,),
    "long_term": (Standing.LONG_TERM,),
    "ongoing": (Standing.IN_REVIEW, Standing.ONGOING, Standing.EXTENDED, Standing.RETURNED, Standing.REOPENED),
    "not_completed": (Standing.OVERDUE, Standing.NOT_COMPLETED),
    "unknown": (Standing.UNKNOWN,),
}
"""Status as a notice tells it → standings; each standing belongs to one, so that they sum up to the problems."""
GROUP_OF: Mapping[str, str] = {standing.value: group for group, members in GROUPS.items() for standing in members}
WAN = Decimal(10000)
E = TypeVar("E", bound=RegisterEntry)


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row behind a count."""

    kind: str
    """What it is: ``finding`` ``measure`` ``meeting`` …"""
    key: int
    """Its key."""
    label: str
    """What it is called; tells nothing that is restricted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count gives."""

    value: Decimal | None
    """The value; None when it is undefined."""
    unit: str
    """Its measure word."""
    rows: tuple[RowRef, ...]
    """What was counted."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A problem of the round as counts need it."""

    id: int
    """Its key."""
    no: str
    """Its number."""
    title: str
    """Its title."""
    aspect: int | None
    """Key of its aspect."""
    group: str
    """How it stands, as a notice tells it."""

    @property
    def ref(self) -> RowRef:
        """The row behind a count."""
        return RowRef("finding", self.id, f"{self.no}. {self.title}" if self.no else self.title)


class RecordCounts:
    """A round as its counts see it; each family is asked for once, when a count of it is first asked."""

    def __init__(self, round_: InspectionRound, as_of: date | None = None) -> None:
        """Take the round; nothing is asked yet.

        Args:
            round_: the round.
            as_of: the day on which a deadline must have passed for a finding to be late; today by default.
        """
        self.round, self.as_of = round_, as_of

    def count(self, code: str, limits: Mapping[str, object] | None = None) -> Counted:
        """Return what the count *code* gives.

        Args:
            code: one of :data:`COUNTS`.
            limits: ``aspect`` → key, for counts of findings.

        Raises:
            KeyError: there is no such count.
        """
        return COUNTS[code].of(self, dict(limits or {}))

    @cached_property
    def findings(self) -> list[FindingRow]:
        """The problems of the round with how they stand."""
        found = Finding.objects.filter(round=self.round, withdrawn_at=None, kind__in=REPORTED)
        rows = found.annotate(standing=standing_case(line_on(self.as_of))).order_by("order", "pk")
        return [
            FindingRow(key, no, title, aspect, GROUP_OF[standing])
            for key, no, title, aspect, standing in rows.values_list("pk", "no", "title", "aspect_id", "standing")
        ]

    @cached_property
    def aspects(self) -> list[RowRef]:
        """The aspects that hold a problem."""
        used = {row.aspect for row in self.findings}
        rows = Aspect.objects.filter(round=self.round, pk__in=[key for key in used if key]).order_by("order")
        return [RowRef("aspect", key, title) for key, title in rows.values_list("pk", "title")]

    @cached_property
    def measures(self) -> list[tuple[RowRef, int, bool]]:
        """The measures with their finding, and whether they are done."""
        done = Completion.objects.filter(measure=OuterRef("pk"), withdrawn_at=None)
        rows = (
            Measure.objects.filter(finding__in=[row.id for row in self.findings], withdrawn_at=None)
            .annotate(done=Exists(done))
            .order_by("finding__order", "order", "pk")
            .values_list("pk", "finding_id", "text", "status", "done")
        )
        return [
            (RowRef("measure", key, text[:80]), finding, done or status == Status.COMPLETED)
            for key, finding, text, status, done in rows
        ]

    @cached_property
    def meetings(self) -> list[tuple[RowRef, str]]:
        """The meetings with their kind."""
        rows = self._own(Meeting).order_by("held_on", "pk")
        return [(RowRef("meeting", each.pk, str(each)), each.kind) for each in rows]

    @cached_property
    def decisions(self) -> list[tuple[RowRef, str]]:
        """What meetings of the round decided, with its state."""
        rows = Decision.objects.filter(
            meeting__round=self.round, meeting__withdrawn_at=None, withdrawn_at=None
        ).exclude(state=Decision.State.DROPPED)
        return [(RowRef("decision", each.pk, each.text[:80]), each.state) for each in rows.order_by("pk")]

    @cached_property
    def rules(self) -> list[tuple[RowRef, str]]:
        """The rules issued, with their kind."""
        rows = self._own(RuleDocument).order_by("issued_on", "pk")
        return [(RowRef("rule", each.pk, each.title), each.kind) for each in rows]

    @cached_property
    def accountability(self) -> list[tuple[RowRef, str, str]]:
        """Who was held to account: without names, with subject and kind."""
        rows = self._own(Accountability).order_by("decided_on", "pk")
        return [(RowRef("accountability", each.pk, str(each)), each.subject, each.kind) for each in rows]

    @cached_property
    def money(self) -> list[tuple[RowRef, str, Decimal]]:
        """The money that was moved, with kind and amount in yuan."""
        rows = self._own(Recovery).order_by("recovered_on", "pk")
        return [(RowRef("recovery", each.pk, str(each)), each.kind, each.amount) for each in rows]

    @cached_property
    def groups(self) -> list[RowRef]:
        """The groups set up."""
        return [RowRef("group", each.pk, each.name) for each in self._own(Group).order_by("founded_on", "pk")]

    @cached_property
    def fixes(self) -> list[tuple[RowRef, bool]]:
        """The immediate fixes, and whether they are done."""
        rows = self._own(ImmediateFix).order_by("issued_on", "pk")
        return [(RowRef("fix", each.pk, each.issue[:80]), each.done_on is not None) for each in rows]

    @cached_property
    def petitions(self) -> list[tuple[RowRef, bool]]:
        """The petitions handed over, and whether they are closed; by number and sort alone."""
        rows = self._own(Petition).order_by("received_on", "pk").values_list("pk", "no", "topic", "closed_on")
        return [
            (RowRef("petition", key, f"{no} {topic}".strip()), closed is not None) for key, no, topic, closed in rows
        ]

    @cached_property
    def commons(self) -> list[tuple[RowRef, int]]:
        """The common problems of the body within the time of the round, with their number of measures."""
        rows = list(
            Common.objects.filter(unit=self.round.unit, withdrawn_at=None).select_related("round").order_by("pk")
        )
        own = [each for each in rows if each.round_id == self.round.pk]
        return [
            (RowRef("common", each.pk, each.title), sum(1 for line in each.measures.split("\n") if line.strip()))
            for each in own or [each for each in rows if self._same_year(each.round)]
        ]

    def _same_year(self, other: InspectionRound | None) -> bool:
        """Tell whether another round was fed back in the same year: common problems may be kept in one of their own."""
        day, its = self.round.feedback_on, other.feedback_on if other is not None else None
        return day is not None and its is not None and day.year == its.year

    @cached_property
    def carried(self) -> list[RowRef]:
        """The problems carried over from earlier rounds."""
        rows = CarriedOver.objects.filter(finding__round=self.round, withdrawn_at=None).select_related("finding")
        return [RowRef("carried_over", each.pk, each.finding.title) for each in rows.order_by("pk")]

    @cached_property
    def visits(self) -> list[RowRef]:
        """The visits of the supervision group."""
        rows = Visit.objects.filter(round=self.round).select_related("department").order_by("visited_on", "pk")
        return [RowRef("visit", each.pk, f"{each.visited_on} {each.department.name}") for each in rows]

    @cached_property
    def checks(self) -> list[RowRef]:
        """The look-backs and spot checks that were done."""
        rows = Check.objects.filter(finding__round=self.round, state=Check.State.DONE).select_related("finding")
        return [RowRef("check", each.pk, each.finding.title) for each in rows.order_by("pk")]

    def _own(self, model: type[E]) -> QuerySet[E]:
        return model._default_manager.filter(round=self.round, withdrawn_at=None)


@dataclass(frozen=True, slots=True)
class Count:
    """A count that may be bound."""

    code: str
    """Its name, for ever."""
    label: str | Promise
    """What people call it."""
    of: Callable[[RecordCounts, dict[str, object]], Counted]
    """What it gives."""
    by_aspect: bool = False
    """Whether it can be asked of one aspect."""


def _sum(rows: Iterable[RowRef], unit: str) -> Counted:
    found = tuple(rows)
    return Counted(Decimal(len(found)), unit, found)


def _within(record: RecordCounts, limits: Mapping[str, object]) -> list[FindingRow]:
    aspect = limits.get("aspect")
    return [row for row in record.findings if aspect is None or row.aspect == aspect]


def _findings(group: str = "") -> Callable[[RecordCounts, dict[str, object]], Counted]:
    return lambda record, limits: _sum(
        (row.ref for row in _within(record, limits) if not group or row.group == group), "个"
    )


def _rate(record: RecordCounts, limits: dict[str, object]) -> Counted:
    rows = _within(record, limits)
    done = [row for row in rows if row.group == "completed"]
    value = Decimal(100 * len(done)) / len(rows) if rows else None
    return Counted(value, "%", tuple(row.ref for row in rows))


def _measures(*, done: bool) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    def of(record: RecordCounts, limits: dict[str, object]) -> Counted:
        keys = {row.id for row in _within(record, limits)}
        return _sum((ref for ref, finding, ready in record.measures if finding in keys and (ready or not done)), "条")

    return of


def _by_kind(name: str, unit: str, *kinds: str) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    return lambda record, _limits: _sum(
        (ref for ref, kind, *_more in getattr(record, name) if not kinds or kind in kinds), unit
    )


def _held(subject: str, unit: str, *kinds: str) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    return lambda record, _limits: _sum(
        (ref for ref, who, kind in record.accountability if who == subject and (not kinds or kind in kinds)), unit
    )


def _money(*kinds: str) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    def of(record: RecordCounts, _limits: dict[str, object]) -> Counted:
        rows = [(ref, amount) for ref, kind, amount in record.money if not kinds or kind in kinds]
        total = sum((amount for _ref, amount in rows), Decimal(0)) / WAN
        return Counted(total.quantize(Decimal("0.01"), ROUND_HALF_UP), "万元", tuple(ref for ref, _amount in rows))

    return of


def _done(name: str, unit: str, *, done: bool) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    return lambda record, _limits: _sum((ref for ref, ready in getattr(record, name) if ready or not done), unit)


def _plain(name: str, unit: str) -> Callable[[RecordCounts, dict[str, object]], Counted]:
    return lambda record, _limits: _sum(getattr(record, name), unit)


def _common_measures(record: RecordCounts, _limits: dict[str, object]) -> Counted:
    return Counted(
        Decimal(sum(many for _ref, many in record.commons)), "条", tuple(ref for ref, _many in record.commons)
    )


_MEETING_KINDS = [(kind.value, kind.label) for kind in Meeting.Kind]
_HELD_KINDS = [(kind.value, kind.label) for kind in Accountability.Kind]
_MONEY_KINDS = [(kind.value, kind.label) for kind in Recovery.Kind]
_DECLARED: tuple[Count, ...] = (
    Count("findings.total", _("反馈问题"), _findings(), by_aspect=True),
    Count("findings.completed", _("已完成整改的问题"), _findings("completed"), by_aspect=True),
    Count("findings.phased", _("阶段性完成整改的问题"), _findings("phased"), by_aspect=True),
    Count("findings.long_term", _("长期坚持整改的问题"), _findings("long_term"), by_aspect=True),
    Count("findings.ongoing", _("正在整改的问题"), _findings("ongoing"), by_aspect=True),
    Count("findings.not_completed", _("未完成整改的问题"), _findings("not_completed"), by_aspect=True),
    Count("findings.unknown", _("尚未明确整改状态的问题"), _findings("unknown"), by_aspect=True),
    Count("findings.rate", _("整改完成率"), _rate, by_aspect=True),
    Count("aspects.total", _("方面"), _plain("aspects", "个")),
    Count("measures.total", _("整改措施"), _measures(done=False), by_aspect=True),
    Count("measures.done", _("已完成的整改措施"), _measures(done=True), by_aspect=True),
    Count("meetings.total", _("整改会议"), _by_kind("meetings", "次")),
    *(Count(f"meetings.{code}", label, _by_kind("meetings", "次", code)) for code, label in _MEETING_KINDS),
    Count("decisions.total", _("会议议定事项"), _by_kind("decisions", "项")),
    Count("decisions.done", _("已落实的议定事项"), _by_kind("decisions", "项", Decision.State.DONE)),
    Count("rules.total", _("建立健全制度"), _by_kind("rules", "项")),
    Count("rules.new", _("新建制度"), _by_kind("rules", "项", RuleDocument.Kind.NEW)),
    Count("rules.revised", _("修订制度"), _by_kind("rules", "项", RuleDocument.Kind.REVISED)),
    Count("rules.abolished", _("废止制度"), _by_kind("rules", "项", RuleDocument.Kind.ABOLISHED)),
    Count("accountability.persons", _("问责人数"), _held(Accountability.Subject.PERSON, "人")),
    Count("accountability.units", _("问责单位"), _held(Accountability.Subject.UNIT, "个")),
    *(
        Count(f"accountability.persons_{code}", label, _held(Accountability.Subject.PERSON, "人", code))
        for code, label in _HELD_KINDS
    ),
    Count("money.total", _("追缴、退还和挽回资金"), _money()),
    *(Count(f"money.{code}", label, _money(code)) for code, label in _MONEY_KINDS),
    Count("groups.total", _("整改工作小组"), _plain("groups", "个")),
    Count("fixes.total", _("立行立改事项"), _done("fixes", "个", done=False)),
    Count("fixes.done", _("已办结的立行立改事项"), _done("fixes", "个", done=True)),
    Count("petitions.total", _("交办信访件"), _done("petitions", "件", done=False)),
    Count("petitions.closed", _("已办结的交办信访件"), _done("petitions", "件", done=True)),
    Count("commons.total", _("共性问题"), lambda record, _limits: _sum((ref for ref, _n in record.commons), "个")),
    Count("commons.measures", _("共性问题的整改措施"), _common_measures),
    Count("carried.total", _("上轮遗留问题"), _plain("carried", "个")),
    Count("visits.total", _("督导检查"), _plain("visits", "次")),
    Count("checks.done", _("已完成的回头看和抽查"), _plain("checks", "项")),
)
COUNTS: Mapping[str, Count] = {count.code: count for count in _DECLARED}
"""Code → count."""
