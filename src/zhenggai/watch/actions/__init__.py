"""Everything people do in this room. Each act takes a keyword-only actor, checks, locks, writes, tells the trail."""

from zhenggai.watch.actions.alerts import acknowledge_alert, dismiss_alert, note_alert, restore_alert
from zhenggai.watch.actions.attaching import attach_condition
from zhenggai.watch.actions.figures import freeze_indicator
from zhenggai.watch.actions.letters import draft_alert_letter
from zhenggai.watch.actions.rebounds import explain_rebound, reopen_rebound
from zhenggai.watch.actions.rules import set_rule

__all__ = [
    "acknowledge_alert",
    "attach_condition",
    "dismiss_alert",
    "draft_alert_letter",
    "explain_rebound",
    "freeze_indicator",
    "note_alert",
    "reopen_rebound",
    "restore_alert",
    "set_rule",
]
