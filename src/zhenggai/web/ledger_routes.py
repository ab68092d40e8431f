"""The addresses of business ledgers. Who may see or change what is decided by the room: a ledger out of reach is not found."""

from __future__ import annotations

from zhenggai.web.routes import Route
from zhenggai.web.views.ledgers import (
    about,
    bulk,
    corrections,
    design,
    draws,
    exports,
    files,
    imports,
    index,
    readers,
    rows,
    table,
)

_ONE = "ledgers/<slug:code>/"
_DECLARE = "ledgers.declare"

LEDGERS = (
    Route("ledgers/", index.index, "ledgers"),
    Route("ledgers/new-ledger/", design.design, "ledger-design", _DECLARE, "GET POST"),
    Route(_ONE, table.table, "ledger"),
    Route(_ONE + "filter/<slug:field>/", table.filter_menu, "ledger-filter"),
    Route(_ONE + "columns/", table.choose_columns, "ledger-columns", methods="POST"),
    Route(_ONE + "views/", table.save_view, "ledger-view-save", methods="POST"),
    Route(_ONE + "views/<int:id>/delete/", table.delete_view, "ledger-view-delete", methods="POST"),
    Route(_ONE + "new/", rows.new, "ledger-new", methods="GET POST"),
    Route(_ONE + "check/<slug:field>/", rows.check_field, "ledger-check", methods="POST"),
    Route(_ONE + "lookup/<slug:field>/", rows.lookup, "ledger-lookup"),
    Route(_ONE + "imported/", rows.imported_row, "ledger-imported-row"),
    Route(_ONE + "correct/", corrections.correct, "ledger-correct", methods="GET POST"),
    Route(_ONE + "<int:id>/", rows.row, "ledger-row"),
    Route(_ONE + "<int:id>/edit/", rows.edit, "ledger-edit", methods="GET POST"),
    Route(_ONE + "<int:id>/withdraw/", rows.withdraw, "ledger-withdraw", methods="POST"),
    Route(_ONE + "<int:id>/restore/", rows.restore, "ledger-restore", methods="POST"),
    Route(_ONE + "<int:id>/attachments/", files.attach, "ledger-attach", methods="POST"),
    Route("ledger-files/<int:id>/", files.attachment, "ledger-attachment"),
    Route("ledger-files/<int:id>/file/", files.attachment_file, "ledger-attachment-file"),
    Route("ledger-files/<int:id>/pages/<int:no>/", files.attachment_page, "ledger-attachment-page"),
    Route("ledger-files/<int:id>/withdraw/", files.withdraw, "ledger-attachment-withdraw", methods="POST"),
    Route(_ONE + "export/<slug:form>/", exports.export, "ledger-export"),
    Route("ledger-exports/<int:id>/", exports.progress, "ledger-export-progress"),
    Route("ledger-exports/<int:id>/file/", exports.file, "ledger-export-file"),
    Route(_ONE + "about/", about.about, "ledger-about"),
    Route(_ONE + "text/", about.edit_text, "ledger-text", _DECLARE, "GET POST"),
    Route(_ONE + "text/check/", about.check_text, "ledger-text-check", _DECLARE, "POST"),
    Route(_ONE + "import/", imports.imports, "ledger-import", methods="GET POST"),
    Route("ledger-imports/<int:id>/", imports.one, "ledger-import-one"),
    Route("ledger-imports/<int:id>/progress/", imports.progress, "ledger-import-progress"),
    Route("ledger-imports/<int:id>/problems/", imports.problems, "ledger-import-problems"),
    Route("ledger-imports/<int:id>/<slug:move>/", imports.act, "ledger-import-act", methods="POST"),
    Route(_ONE + "bulk/", bulk.bulk, "ledger-bulk", methods="POST"),
    Route(_ONE + "batches/", bulk.batches, "ledger-batches"),
    Route(_ONE + "batches/<int:id>/", bulk.batch, "ledger-batch"),
    Route(_ONE + "batches/<int:id>/undo/", bulk.undo, "ledger-batch-undo", methods="POST"),
    Route(_ONE + "draws/", draws.draws, "ledger-draws"),
    Route(_ONE + "draws/new/", draws.new, "ledger-draw-new", methods="GET POST"),
    Route(_ONE + "draws/<int:id>/", draws.draw, "ledger-draw"),
    Route(_ONE + "draws/<int:id>/carry-out/", draws.carry_out, "ledger-draw-carry-out", methods="POST"),
    Route(_ONE + "readers/", readers.readers, "ledger-readers"),
    Route(_ONE + "readers/name/", readers.name, "ledger-reader-name", "people.assign_posts", "POST"),
    Route(_ONE + "readers/<int:id>/end/", readers.end, "ledger-reader-end", "people.assign_posts", "POST"),
)
