"""Everything that writes ledgers. Each act takes a keyword-only actor, checks, locks, writes and tells the trail."""

from zhenggai.ledgers.actions.attachments import attach_file, withdraw_attachment
from zhenggai.ledgers.actions.bulk import BulkPreview, bulk_change, create_rows, preview_bulk, undo_batch
from zhenggai.ledgers.actions.conforming import conform_ledgers, reindex_ledgers
from zhenggai.ledgers.actions.declarations import save_declaration
from zhenggai.ledgers.actions.draws import carry_out_draw, plan_draw
from zhenggai.ledgers.actions.exports import begin_export, count_for_export, export_rows
from zhenggai.ledgers.actions.named import end_reader, name_reader
from zhenggai.ledgers.actions.personal import open_personal, read_personal
from zhenggai.ledgers.actions.rows import change_row, create_row, restore_row, withdraw_row
from zhenggai.ledgers.actions.snapshots import add_snapshot, correct_row
from zhenggai.ledgers.actions.views import delete_view, save_view

__all__ = [
    "BulkPreview",
    "add_snapshot",
    "attach_file",
    "begin_export",
    "bulk_change",
    "carry_out_draw",
    "change_row",
    "conform_ledgers",
    "correct_row",
    "count_for_export",
    "create_row",
    "create_rows",
    "delete_view",
    "end_reader",
    "export_rows",
    "name_reader",
    "open_personal",
    "plan_draw",
    "preview_bulk",
    "read_personal",
    "reindex_ledgers",
    "restore_row",
    "save_declaration",
    "save_view",
    "undo_batch",
    "withdraw_attachment",
    "withdraw_row",
]
