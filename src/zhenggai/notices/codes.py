"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COMPOSED = "notices.composed"
SAVED = "notices.saved"
RESTORED = "notices.restored"
BOUND = "notices.bound"
UNBOUND = "notices.unbound"
RENEWED = "notices.renewed"
MASKED = "notices.masked"
KEPT = "notices.kept"
SUBMITTED = "notices.submitted"
RECALLED = "notices.recalled"
RETURNED = "notices.returned"
APPROVED = "notices.approved"
OVERRIDDEN = "notices.overridden"
SCHEDULED = "notices.scheduled"
UNSCHEDULED = "notices.unscheduled"
HELD = "notices.held"
PUBLISHED = "notices.published"
WITHDRAWN = "notices.withdrawn"
DISCARDED = "notices.discarded"
SETTINGS_CHANGED = "notices.settings_changed"

AUDIT_CODES: dict[str, str | Promise] = {
    COMPOSED: _("编写通报"),
    SAVED: _("修改通报"),
    RESTORED: _("恢复通报旧版"),
    BOUND: _("绑定通报数字"),
    UNBOUND: _("解除通报数字绑定"),
    RENEWED: _("更新通报数字"),
    MASKED: _("遮蔽通报内容"),
    KEPT: _("准予公开通报内容"),
    SUBMITTED: _("提交通报审批"),
    RECALLED: _("撤回通报修改"),
    RETURNED: _("退回通报"),
    APPROVED: _("批准通报"),
    OVERRIDDEN: _("说明理由放行通报"),
    SCHEDULED: _("定时发布通报"),
    UNSCHEDULED: _("取消通报定时发布"),
    HELD: _("通报到时未能发布"),
    PUBLISHED: _("发布通报"),
    WITHDRAWN: _("撤回已发布通报"),
    DISCARDED: _("作废通报"),
    SETTINGS_CHANGED: _("修改通报设置"),
}
"""Audit code → words."""
