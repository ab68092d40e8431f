"""Everything that writes the room. Each act takes a keyword-only actor, checks, locks, writes and tells the trail."""

from zhenggai.oversight.actions.ladder import Drafted, draft_due_letters, late_findings
from zhenggai.oversight.actions.letters import (
    close_letter,
    draft_letter,
    recall_letter,
    receive_letter,
    reply_letter,
    return_reply,
    reword_letter,
    send_back_letter,
    sign_letter,
    submit_letter,
    update_letter,
    withdraw_letter,
)

__all__ = [
    "Drafted",
    "close_letter",
    "draft_due_letters",
    "draft_letter",
    "late_findings",
    "recall_letter",
    "receive_letter",
    "reply_letter",
    "return_reply",
    "reword_letter",
    "send_back_letter",
    "sign_letter",
    "submit_letter",
    "update_letter",
    "withdraw_letter",
]
