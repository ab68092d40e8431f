"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POLICY_SAVED = "policy.saved"
CALENDAR_DAY_SET = "policy.calendar_day_set"
CALENDAR_SEEDED = "policy.calendar_seeded"
CALENDAR_YEAR_ENTERED = "policy.calendar_year_entered"
CALENDAR_UNDONE = "policy.calendar_undone"

AUDIT_CODES: dict[str, str | Promise] = {
    POLICY_SAVED: _("保存规则参数"),
    CALENDAR_DAY_SET: _("修改工作日历"),
    CALENDAR_SEEDED: _("载入工作日历"),
    CALENDAR_YEAR_ENTERED: _("录入全年节假日安排"),
    CALENDAR_UNDONE: _("撤销工作日历的修改"),
}
"""Audit code → words."""
