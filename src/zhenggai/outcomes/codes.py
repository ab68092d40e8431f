"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEETING_ENTERED = "outcomes.meeting_entered"
MEETING_CHANGED = "outcomes.meeting_changed"
MEETING_WITHDRAWN = "outcomes.meeting_withdrawn"
DECISION_ENTERED = "outcomes.decision_entered"
DECISION_CHANGED = "outcomes.decision_changed"
DECISION_WITHDRAWN = "outcomes.decision_withdrawn"
DECISION_FOLLOWED_UP = "outcomes.decision_followed_up"
RULE_ENTERED = "outcomes.rule_entered"
RULE_CHANGED = "outcomes.rule_changed"
RULE_WITHDRAWN = "outcomes.rule_withdrawn"
RULE_USED = "outcomes.rule_used"
ACCOUNTABILITY_ENTERED = "outcomes.accountability_entered"
ACCOUNTABILITY_CHANGED = "outcomes.accountability_changed"
ACCOUNTABILITY_WITHDRAWN = "outcomes.accountability_withdrawn"
RECOVERY_ENTERED = "outcomes.recovery_entered"
RECOVERY_CHANGED = "outcomes.recovery_changed"
RECOVERY_WITHDRAWN = "outcomes.recovery_withdrawn"
GROUP_ENTERED = "outcomes.group_entered"
GROUP_CHANGED = "outcomes.group_changed"
GROUP_WITHDRAWN = "outcomes.group_withdrawn"
MEMBER_ADDED = "outcomes.member_added"
MEMBER_ENDED = "outcomes.member_ended"
MEMBER_REPLACED = "outcomes.member_replaced"
MEMBER_KEPT = "outcomes.member_kept"

AUDIT_CODES: dict[str, str | Promise] = {
    MEETING_ENTERED: _("登记会议"),
    MEETING_CHANGED: _("修改会议登记"),
    MEETING_WITHDRAWN: _("撤下会议登记"),
    DECISION_ENTERED: _("登记议定事项"),
    DECISION_CHANGED: _("修改议定事项"),
    DECISION_WITHDRAWN: _("撤下议定事项"),
    DECISION_FOLLOWED_UP: _("填报议定事项落实情况"),
    RULE_ENTERED: _("登记制度成果"),
    RULE_CHANGED: _("修改制度成果"),
    RULE_WITHDRAWN: _("撤下制度成果"),
    RULE_USED: _("登记制度执行"),
    ACCOUNTABILITY_ENTERED: _("登记问责"),
    ACCOUNTABILITY_CHANGED: _("修改问责登记"),
    ACCOUNTABILITY_WITHDRAWN: _("撤下问责登记"),
    RECOVERY_ENTERED: _("登记资金"),
    RECOVERY_CHANGED: _("修改资金登记"),
    RECOVERY_WITHDRAWN: _("撤下资金登记"),
    GROUP_ENTERED: _("登记工作小组"),
    GROUP_CHANGED: _("修改工作小组"),
    GROUP_WITHDRAWN: _("撤下工作小组"),
    MEMBER_ADDED: _("增加小组成员"),
    MEMBER_ENDED: _("小组成员退出"),
    MEMBER_REPLACED: _("更换小组成员"),
    MEMBER_KEPT: _("小组成员保留"),
}
"""Audit code → words."""
