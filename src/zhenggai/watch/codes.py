"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES_RUN = "watch.rules_run"
ALERT_ACKNOWLEDGED = "watch.alert_acknowledged"
ALERT_NOTED = "watch.alert_noted"
ALERT_DISMISSED = "watch.alert_dismissed"
ALERT_RESTORED = "watch.alert_restored"
LETTER_DRAFTED = "watch.letter_drafted"
RULE_SET = "watch.rule_set"
INDICATOR_FROZEN = "watch.indicator_frozen"
REBOUND_RAISED = "watch.rebound_raised"
REBOUND_RESOLVED = "watch.rebound_resolved"
REBOUND_REOPENED = "watch.rebound_reopened"
REBOUND_EXPLAINED = "watch.rebound_explained"

AUDIT_CODES: dict[str, str | Promise] = {
    RULES_RUN: _("运行规则"),
    ALERT_ACKNOWLEDGED: _("受理预警"),
    ALERT_NOTED: _("补充预警说明"),
    ALERT_DISMISSED: _("排除预警"),
    ALERT_RESTORED: _("恢复预警"),
    LETTER_DRAFTED: _("由预警起草函件"),
    RULE_SET: _("设定规则"),
    INDICATOR_FROZEN: _("固定指标值"),
    REBOUND_RAISED: _("发现反弹"),
    REBOUND_RESOLVED: _("反弹已恢复"),
    REBOUND_REOPENED: _("因反弹重新整改"),
    REBOUND_EXPLAINED: _("说明反弹"),
}
"""Audit code → words."""
