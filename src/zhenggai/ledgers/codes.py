"""Names that are stored for ever: audit codes of this room. A code may get other words, never another spelling."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROW_CREATED = "ledgers.row_created"
ROW_CHANGED = "ledgers.row_changed"
ROW_WITHDRAWN = "ledgers.row_withdrawn"
ROW_RESTORED = "ledgers.row_restored"
ROWS_CHANGED = "ledgers.rows_changed"
BATCH_UNDONE = "ledgers.batch_undone"
ROWS_MIGRATED = "ledgers.rows_migrated"
SNAPSHOT_ADDED = "ledgers.snapshot_added"
SNAPSHOT_ROW_CORRECTED = "ledgers.snapshot_row_corrected"
IMPORT_STARTED = "ledgers.import_started"
IMPORT_DISCARDED = "ledgers.import_discarded"
ROWS_IMPORTED = "ledgers.rows_imported"
IMPORT_UNDONE = "ledgers.import_undone"
FILE_ATTACHED = "ledgers.file_attached"
ATTACHMENT_WITHDRAWN = "ledgers.attachment_withdrawn"
VIEW_SAVED = "ledgers.view_saved"
VIEW_DELETED = "ledgers.view_deleted"
READER_NAMED = "ledgers.reader_named"
READER_ENDED = "ledgers.reader_ended"
PERSONAL_READ = "ledgers.personal_read"
ROWS_EXPORTED = "ledgers.rows_exported"
DECLARATION_SAVED = "ledgers.declaration_saved"
DRAW_PLANNED = "ledgers.draw_planned"
DRAW_CARRIED_OUT = "ledgers.draw_carried_out"

AUDIT_CODES: dict[str, str | Promise] = {
    ROW_CREATED: _("新增台账记录"),
    ROW_CHANGED: _("修改台账记录"),
    ROW_WITHDRAWN: _("撤下台账记录"),
    ROW_RESTORED: _("恢复台账记录"),
    ROWS_CHANGED: _("批量修改台账记录"),
    BATCH_UNDONE: _("撤销一批台账变更"),
    ROWS_MIGRATED: _("按新的台账格式转换记录"),
    SNAPSHOT_ADDED: _("导入台账快照"),
    SNAPSHOT_ROW_CORRECTED: _("更正快照记录"),
    IMPORT_STARTED: _("上传台账导入文件"),
    IMPORT_DISCARDED: _("放弃台账导入"),
    ROWS_IMPORTED: _("导入台账记录"),
    IMPORT_UNDONE: _("撤销台账导入"),
    FILE_ATTACHED: _("添加台账附件"),
    ATTACHMENT_WITHDRAWN: _("撤下台账附件"),
    VIEW_SAVED: _("保存台账视图"),
    VIEW_DELETED: _("删除台账视图"),
    READER_NAMED: _("指定专人查阅台账"),
    READER_ENDED: _("取消专人查阅台账"),
    PERSONAL_READ: _("查看未遮盖的个人信息"),
    ROWS_EXPORTED: _("导出台账"),
    DECLARATION_SAVED: _("保存台账声明"),
    DRAW_PLANNED: _("留存抽取种子和总体"),
    DRAW_CARRIED_OUT: _("按种子抽取并分派"),
}
"""Audit code → words."""
