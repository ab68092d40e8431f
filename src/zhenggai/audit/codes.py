"""Audit codes of this room; for ever."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_CODES: dict[str, str | Promise] = {
    "audit.verified": _("校验操作日志"),
    "audit.exported": _("导出操作日志"),
}
