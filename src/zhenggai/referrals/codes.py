"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIX_ENTERED = "referrals.fix_entered"
FIX_CHANGED = "referrals.fix_changed"
FIX_WITHDRAWN = "referrals.fix_withdrawn"
FIX_DONE = "referrals.fix_done"
PETITION_ENTERED = "referrals.petition_entered"
PETITION_CHANGED = "referrals.petition_changed"
PETITION_WITHDRAWN = "referrals.petition_withdrawn"
PETITION_ANSWERED = "referrals.petition_answered"
CLUE_ENTERED = "referrals.clue_entered"
CLUE_CHANGED = "referrals.clue_changed"
CLUE_WITHDRAWN = "referrals.clue_withdrawn"
CLUE_READ = "referrals.clue_read"
CLUE_READERS = "referrals.clue_readers"
CLUE_TAKEN_OVER = "referrals.clue_taken_over"
COMMON_ENTERED = "referrals.common_entered"
COMMON_CHANGED = "referrals.common_changed"
COMMON_WITHDRAWN = "referrals.common_withdrawn"
COMMON_HANDED_DOWN = "referrals.common_handed_down"
CARRIED_OVER_ENTERED = "referrals.carried_over_entered"
CARRIED_OVER_CHANGED = "referrals.carried_over_changed"
CARRIED_OVER_WITHDRAWN = "referrals.carried_over_withdrawn"
NOT_THE_SAME = "referrals.not_the_same"

AUDIT_CODES: dict[str, str | Promise] = {
    FIX_ENTERED: _("登记立行立改"),
    FIX_CHANGED: _("修改立行立改"),
    FIX_WITHDRAWN: _("撤下立行立改"),
    FIX_DONE: _("办结立行立改"),
    PETITION_ENTERED: _("登记交办信访件"),
    PETITION_CHANGED: _("修改交办信访件"),
    PETITION_WITHDRAWN: _("撤下交办信访件"),
    PETITION_ANSWERED: _("答复交办信访件"),
    CLUE_ENTERED: _("登记问题线索"),
    CLUE_CHANGED: _("修改问题线索"),
    CLUE_WITHDRAWN: _("撤下问题线索"),
    CLUE_READ: _("查看问题线索"),
    CLUE_READERS: _("指定线索知悉人"),
    CLUE_TAKEN_OVER: _("接管问题线索"),
    COMMON_ENTERED: _("登记共性问题"),
    COMMON_CHANGED: _("修改共性问题"),
    COMMON_WITHDRAWN: _("撤下共性问题"),
    COMMON_HANDED_DOWN: _("分发共性问题"),
    CARRIED_OVER_ENTERED: _("登记遗留问题"),
    CARRIED_OVER_CHANGED: _("修改遗留问题"),
    CARRIED_OVER_WITHDRAWN: _("撤下遗留问题"),
    NOT_THE_SAME: _("确认不是同一问题"),
}
"""Audit code → words."""
