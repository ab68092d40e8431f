"""The acts of this room; see ``docs/notices.md``."""

from zhenggai.notices.actions.binding import (
    Paper,
    bind_count,
    bind_indicator,
    bind_indicators,
    bind_statement,
    renew_figures,
    reread_figures,
    say_not_a_figure,
    unbind,
)
from zhenggai.notices.actions.concealing import keep_found, mask_found
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
from zhenggai.notices.actions.setting import save_settings
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
    "Paper",
    "Typed",
    "approve_notice",
    "bind_count",
    "bind_indicator",
    "bind_indicators",
    "bind_statement",
    "correct_notice",
    "discard_notice",
    "keep_found",
    "mask_found",
    "override_issues",
    "publish_due",
    "publish_notice",
    "recall_notice",
    "recompose_notice",
    "renew_figures",
    "reread_figures",
    "restore_version",
    "restyle_notice",
    "return_notice",
    "save_notice",
    "save_settings",
    "say_not_a_figure",
    "schedule_notice",
    "start_notice",
    "submit_notice",
    "unbind",
    "unschedule_notice",
    "withdraw_notice",
    "writers_of",
]
