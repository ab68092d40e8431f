"""The plan of a round as its page shows it: lists, gaps, versions, and how the record moved away from what was approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.models import InspectionRound, Measure
from zhenggai.people.access import Actor, may
from zhenggai.policy.queries import work_calendar
from zhenggai.render.xlsx import Column, Sheet, Value, render_workbook
from zhenggai.workflow.models import Plan
from zhenggai.workflow.plan import Difference, Gap, Snapshot, differences, plan_gaps, take_snapshot
from zhenggai.workflow.rules import Clock, Rules, clock_of, course_of

State = Plan.State
_OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plan of a round."""

    round: InspectionRound
    """The round."""
    rules: Rules
    """What it runs by."""
    clock: Clock
    """Its days."""
    open: Plan | None
    """The version under work or waiting for approval."""
    approved: Plan | None
    """The version in force."""
    versions: tuple[Plan, ...]
    """All versions, newest first."""
    now: Snapshot
    """The three lists as the record says now."""
    gaps: tuple[Gap, ...]
    """What the completeness gate misses."""
    moved: tuple[Difference, ...]
    """How the record differs from the version in force."""
    may_make: bool
    """Whether the reader makes plans here."""
    may_decide: bool
    """Whether the reader may approve or return the one that waits."""

    @property
    def lacks_natures(self) -> bool:
        """True when some measure is neither for now nor for good yet."""
        return any(not measure["nature"] for row in self.now["findings"] for measure in row["measures"])

    @property
    def measure_count(self) -> int:
        """Measures in the lists."""
        return sum(len(row["measures"]) for row in self.now["findings"])


def plan_page(actor: Actor, round_: InspectionRound) -> PlanPage:
    """Return the plan of a round that the actor sees as a whole; a bounded number of queries."""
    rules = course_of(round_)
    versions = tuple(
        Plan.objects.filter(round=round_)
        .select_related("created_by", "submitted_by", "decided_by")
        .order_by("-version")
    )
    open_one = next((plan for plan in versions if plan.state in _OPEN), None)
    approved = next((plan for plan in versions if plan.state == State.APPROVED), None)
    now = take_snapshot(round_)
    waits = open_one is not None and open_one.state == State.SUBMITTED
    own = open_one is not None and actor.pk in (open_one.submitted_by_id, open_one.created_by_id)
    return PlanPage(
        round=round_,
        rules=rules,
        clock=clock_of(round_, rules.policy, work_calendar()),
        open=open_one,
        approved=approved,
        versions=versions,
        now=now,
        gaps=plan_gaps(round_),
        moved=differences(approved.snapshot, now) if approved else (),
        may_make=may(actor, "workflow.plan", round_.unit),
        may_decide=waits and not own and may(actor, "workflow.approve_plan", round_.unit),
    )


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version of a plan, frozen."""

    plan: Plan
    """The version."""
    earlier: Plan | None
    """The version before it."""
    changes: tuple[Difference, ...]
    """How it differs from that."""


def version_page(plan: Plan) -> VersionPage:
    """Return one version with what it changed against the one before."""
    before = Plan.objects.filter(round=plan.round, version__lt=plan.version).exclude(snapshot={})
    earlier = before.order_by("-version").first()
    changes = differences(earlier.snapshot, plan.snapshot) if earlier and plan.snapshot else ()
    return VersionPage(plan, earlier, changes)


_FINDING_COLUMNS = ("no", "aspect", "title", "description", "unit", "criteria")
_TASK_COLUMNS = ("no", "title", "text", "nature", "criterion", "due")
_DUTY_COLUMNS = ("no", "title", "text", "leader", "department", "assist", "owner", "due")


def render_lists(round_: InspectionRound, snapshot: Snapshot) -> bytes:
    """Return the three lists as a workbook of three sheets."""
    labels = {
        "no": (_now("序号"), 6.0),
        "aspect": (_now("方面"), 20.0),
        "title": (_now("问题"), 36.0),
        "description": (_now("具体表现"), 48.0),
        "unit": (_now("单位"), 16.0),
        "criteria": (_now("整改目标"), 30.0),
        "text": (_now("整改措施"), 60.0),
        "nature": (_now("性质"), 9.0),
        "criterion": (_now("完成标准"), 30.0),
        "due": (_now("整改时限"), 14.0),
        "leader": (_now("责任领导"), 10.0),
        "department": (_now("责任部门"), 16.0),
        "assist": (_now("配合部门"), 18.0),
        "owner": (_now("责任人"), 10.0),
    }

    def sheet(name: str, keys: Sequence[str], rows: Iterable[dict[str, Any]]) -> Sheet:
        columns = [Column(labels[key][0], width=labels[key][1], wrap=labels[key][1] > 15) for key in keys]
        return Sheet(name, columns, ([_cell(row.get(key, "")) for key in keys] for row in rows), frozen_columns=1)

    findings = snapshot.get("findings", [])
    tasks = [{**measure, "no": row["no"], "title": row["title"]} for row in findings for measure in row["measures"]]
    sheets = [
        sheet(_now("问题清单"), _FINDING_COLUMNS, findings),
        sheet(_now("任务清单"), _TASK_COLUMNS, tasks),
        sheet(_now("责任清单"), _DUTY_COLUMNS, tasks),
    ]
    return render_workbook(sheets, title=f"{round_.name} {timezone.localdate():%Y-%m-%d}")


def _cell(value: Any) -> Value:
    if isinstance(value, list):
        return "、".join(value)
    if value in Measure.Nature.values:
        return str(Measure.Nature(value).label)
    return str(value)
