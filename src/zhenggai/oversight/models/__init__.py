"""The tables of the room; only ``oversight/actions/`` writes them, and nothing that was said or sent is ever deleted."""

from zhenggai.oversight.models.checks import (
    Check,
    CheckContact,
    CheckEvidence,
    CheckItem,
    CheckOutcome,
    Draw,
    Strata,
)
from zhenggai.oversight.models.evaluations import Discrepancy, Evaluation, ScoreSheet, Survey
from zhenggai.oversight.models.letters import (
    LADDER_LETTERS,
    OPEN_LETTERS,
    SENT_LETTERS,
    Letter,
    LetterItem,
    LetterKind,
    LetterRecipient,
    LetterReply,
    LetterState,
)
from zhenggai.oversight.models.visits import Visit, VisitTask

__all__ = [
    "LADDER_LETTERS",
    "OPEN_LETTERS",
    "SENT_LETTERS",
    "Check",
    "CheckContact",
    "CheckEvidence",
    "CheckItem",
    "CheckOutcome",
    "Discrepancy",
    "Draw",
    "Evaluation",
    "Letter",
    "LetterItem",
    "LetterKind",
    "LetterRecipient",
    "LetterReply",
    "LetterState",
    "ScoreSheet",
    "Strata",
    "Survey",
    "Visit",
    "VisitTask",
]
