"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UPLOADED = "intake.uploaded"
READ_AGAIN = "intake.read_again"
ROUND_CHOSEN = "intake.round_chosen"
CORRECTED = "intake.corrected"
UNDONE = "intake.undone"
REDONE = "intake.redone"
CONFIRMED = "intake.confirmed"
DISCARDED = "intake.discarded"

AUDIT_CODES: dict[str, str | Promise] = {
    UPLOADED: _("上传文件"),
    READ_AGAIN: _("重新读取文件"),
    ROUND_CHOSEN: _("选择巡察轮次"),
    CORRECTED: _("核对草稿"),
    UNDONE: _("撤销核对修改"),
    REDONE: _("恢复核对修改"),
    CONFIRMED: _("确认入账"),
    DISCARDED: _("放弃导入"),
}
"""Audit code → words."""
