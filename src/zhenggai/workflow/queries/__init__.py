"""Everything that is asked of the loop; nothing here writes."""

from zhenggai.workflow.access import (
    access_close_out,
    access_completion,
    access_criterion,
    access_evidence_link,
    access_extension,
    access_plan,
    access_work_entry,
    visible_plans,
)
from zhenggai.workflow.criteria import CriterionState, criteria_states, missing_to_close
from zhenggai.workflow.doers import doers_of, doers_of_many
from zhenggai.workflow.evidence import access_evidence, access_evidence_version, visible_evidence
from zhenggai.workflow.plan import Difference, Gap, differences, plan_gaps, snapshot_of, take_snapshot
from zhenggai.workflow.queries.loop import LevelStep, LoopPage, May, MeasureWork, Proof, loop_of
from zhenggai.workflow.queries.plans import PlanPage, VersionPage, plan_page, render_lists, version_page
from zhenggai.workflow.queries.waiting import (
    WaitingReview,
    extensions_to_decide,
    load_reviews,
    my_submissions,
    my_work,
    plans_to_decide,
    review_queue,
    rules_by_round,
    to_review,
    who_decides,
)
from zhenggai.workflow.rules import Clock, Rules, clock_of, course_of
from zhenggai.workflow.transitions import AT_WORK, MOVES, diagram, moves_from

__all__ = [
    "AT_WORK",
    "MOVES",
    "Clock",
    "CriterionState",
    "Difference",
    "Gap",
    "LevelStep",
    "LoopPage",
    "May",
    "MeasureWork",
    "PlanPage",
    "Proof",
    "Rules",
    "VersionPage",
    "WaitingReview",
    "access_close_out",
    "access_completion",
    "access_criterion",
    "access_evidence",
    "access_evidence_link",
    "access_evidence_version",
    "access_extension",
    "access_plan",
    "access_work_entry",
    "clock_of",
    "course_of",
    "criteria_states",
    "diagram",
    "differences",
    "doers_of",
    "doers_of_many",
    "extensions_to_decide",
    "load_reviews",
    "loop_of",
    "missing_to_close",
    "moves_from",
    "my_submissions",
    "my_work",
    "plan_gaps",
    "plan_page",
    "plans_to_decide",
    "render_lists",
    "review_queue",
    "rules_by_round",
    "snapshot_of",
    "take_snapshot",
    "to_review",
    "version_page",
    "visible_evidence",
    "visible_plans",
    "who_decides",
]
