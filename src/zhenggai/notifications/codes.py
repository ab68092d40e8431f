"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADDRESS_ADDED = "notifications.address_added"
ADDRESS_REMOVED = "notifications.address_removed"

AUDIT_CODES: dict[str, str | Promise] = {
    ADDRESS_ADDED: _("添加消息机器人"),
    ADDRESS_REMOVED: _("移除消息机器人"),
}
"""Audit code → words."""
