"""Names that are stored for ever: audit codes of this room. A code may get other words, never another spelling."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROUND_CREATED = "findings.round_created"
ROUND_UPDATED = "findings.round_updated"
ROUND_WRITTEN = "findings.round_written"
CREATED = "findings.created"
UPDATED = "findings.updated"
ASSIGNED = "findings.assigned"
IMPORTED = "findings.imported"
MERGED = "findings.merged"
WORKBOOK_CREATED = "findings.workbook_created"
WORKBOOK_UPDATED = "findings.workbook_updated"
WORKBOOK_APPLIED = "findings.workbook_applied"
WITHDRAWN = "findings.withdrawn"
RESTORED = "findings.restored"
MEASURE_ADDED = "findings.measure_added"
MEASURE_UPDATED = "findings.measure_updated"
MEASURES_ASSIGNED = "findings.measures_assigned"
MEASURE_WITHDRAWN = "findings.measure_withdrawn"
MEASURE_RESTORED = "findings.measure_restored"
FILE_ATTACHED = "findings.file_attached"
ATTACHMENT_WITHDRAWN = "findings.attachment_withdrawn"
EXPORTED = "findings.exported"
VIEW_SAVED = "findings.view_saved"
VIEW_DELETED = "findings.view_deleted"

AUDIT_CODES: dict[str, str | Promise] = {
    ROUND_CREATED: _("新建巡察轮次"),
    ROUND_UPDATED: _("修改巡察轮次"),
    ROUND_WRITTEN: _("由文件更新巡察轮次"),
    CREATED: _("新增问题"),
    UPDATED: _("修改问题"),
    ASSIGNED: _("落实责任"),
    IMPORTED: _("由文件入账"),
    MERGED: _("由文件更新"),
    WORKBOOK_CREATED: _("由表格新增"),
    WORKBOOK_UPDATED: _("由表格更新"),
    WORKBOOK_APPLIED: _("应用表格"),
    WITHDRAWN: _("撤下问题"),
    RESTORED: _("恢复问题"),
    MEASURE_ADDED: _("新增措施"),
    MEASURE_UPDATED: _("修改措施"),
    MEASURES_ASSIGNED: _("批量落实措施"),
    MEASURE_WITHDRAWN: _("撤下措施"),
    MEASURE_RESTORED: _("恢复措施"),
    FILE_ATTACHED: _("添加附件"),
    ATTACHMENT_WITHDRAWN: _("撤下附件"),
    EXPORTED: _("导出台账"),
    VIEW_SAVED: _("保存视图"),
    VIEW_DELETED: _("删除视图"),
}
"""Audit code → words."""
