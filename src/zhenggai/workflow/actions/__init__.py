"""Everything that moves a finding through the loop. Each act takes a keyword-only actor, checks, locks, writes, tells."""

from zhenggai.workflow.actions.closing import (
    add_criterion,
    confirm_criterion,
    file_close_out,
    meet_criterion,
    reopen,
    revoke_close_out,
    withdraw_criterion,
)
from zhenggai.workflow.actions.conditions import Look, add_condition, record_conditions
from zhenggai.workflow.actions.core import take_serial
from zhenggai.workflow.actions.courses import set_course
from zhenggai.workflow.actions.evidence import (
    add_evidence,
    add_kept_evidence,
    link_evidence,
    replace_evidence,
    unlink_evidence,
    withdraw_evidence,
)
from zhenggai.workflow.actions.extensions import ask_extension, decide_extension, withdraw_extension
from zhenggai.workflow.actions.handover import HandedOver, hand_over
from zhenggai.workflow.actions.plans import approve_plan, file_plan, open_plan, return_plan, submit_plan
from zhenggai.workflow.actions.review import cosign, pass_level, return_work, submit, withdraw_submission
from zhenggai.workflow.actions.work import complete_measure, reopen_measure, withdraw_progress, write_progress

__all__ = [
    "HandedOver",
    "Look",
    "add_condition",
    "add_criterion",
    "add_evidence",
    "add_kept_evidence",
    "approve_plan",
    "ask_extension",
    "complete_measure",
    "confirm_criterion",
    "cosign",
    "decide_extension",
    "file_close_out",
    "file_plan",
    "hand_over",
    "link_evidence",
    "meet_criterion",
    "open_plan",
    "pass_level",
    "record_conditions",
    "reopen",
    "reopen_measure",
    "replace_evidence",
    "return_plan",
    "return_work",
    "revoke_close_out",
    "set_course",
    "submit",
    "submit_plan",
    "take_serial",
    "unlink_evidence",
    "withdraw_criterion",
    "withdraw_evidence",
    "withdraw_extension",
    "withdraw_progress",
    "withdraw_submission",
    "write_progress",
]
