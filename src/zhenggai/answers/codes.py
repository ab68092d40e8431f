"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RECEIVED = "answers.received"
SUPPLEMENTED = "answers.supplemented"
PETITION_MADE = "answers.petition_made"
GROUPED = "answers.grouped"
SEPARATED = "answers.separated"
ASSIGNED = "answers.assigned"
REPLIED = "answers.replied"
SET_ASIDE = "answers.set_aside"
CONTACT_READ = "answers.contact_read"
CONTACT_ERASED = "answers.contact_erased"
KEYS_ROTATED = "answers.keys_rotated"
EXPORTED = "answers.exported"

AUDIT_CODES: dict[str, str | Promise] = {
    RECEIVED: _("收到公众意见"),
    SUPPLEMENTED: _("收到公众补充"),
    PETITION_MADE: _("公众意见登记为信访件"),
    GROUPED: _("公众意见并案"),
    SEPARATED: _("公众意见分开办理"),
    ASSIGNED: _("分办公众意见"),
    REPLIED: _("回复公众意见"),
    SET_ASIDE: _("不予办理公众意见"),
    CONTACT_READ: _("查看公众联系方式"),
    CONTACT_ERASED: _("删除公众联系方式"),
    KEYS_ROTATED: _("更换联系方式密钥"),
    EXPORTED: _("导出公众意见"),
}
"""Audit code → words."""
