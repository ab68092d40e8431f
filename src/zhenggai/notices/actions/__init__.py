"""The acts of this room; see ``docs/notices.md``."""

from zhenggai.notices.actions.deciding import (
    approve_notice,
    override_issues,
    recall_notice,
    return_notice,
    submit_notice,
    writers_of,
)
from zhenggai.notices.actions.publishing import (
    publish_due,
    publish_notice,
    schedule_notice,
    unschedule_notice,
    withdraw_notice,
)
from zhenggai.notices.actions.writing import (
    Typed,
    correct_notice,
    discard_notice,
    recompose_notice,
    restore_version,
    restyle_notice,
    save_notice,
    start_notice,
)

__all__ = [
    "Typed",
    "approve_notice",
    "correct_notice",
    "discard_notice",
    "override_issues",
    "publish_due",
    "publish_notice",
    "recall_notice",
    "recompose_notice",
    "restore_version",
    "restyle_notice",
    "return_notice",
    "save_notice",
    "schedule_notice",
    "start_notice",
    "submit_notice",
    "unschedule_notice",
    "withdraw_notice",
    "writers_of",
]
