"""What pages, commands and other rooms may ask of ledgers."""

from zhenggai.ledgers.access import (
    access_attachment,
    access_batch,
    access_ledger,
    access_reader,
    access_row,
    access_saved_view,
    current_readers,
    is_named,
    keeping_bodies,
    reach_of,
    saved_views,
    visible_batches,
    visible_ledgers,
    visible_readers,
    visible_rows,
    visible_snapshots,
)
from zhenggai.ledgers.declared import access_declared, current
from zhenggai.ledgers.finding import find_rows, row_view
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.history import row_history
from zhenggai.ledgers.migrating import Conformed, Misfit, Steps, outdated_ledgers
from zhenggai.ledgers.row_query import EMPTY, PAGE_SIZES, SYSTEM_COLUMNS, Filter, Operator, RowQuery, operators_of
from zhenggai.ledgers.shapes import Cell, FieldChange, Group, Line, Revision, RowPage, RowView

__all__ = [
    "EMPTY",
    "PAGE_SIZES",
    "SYSTEM_COLUMNS",
    "Cell",
    "Conformed",
    "FieldChange",
    "Filter",
    "Form",
    "Group",
    "Line",
    "Misfit",
    "Operator",
    "Revision",
    "RowPage",
    "RowQuery",
    "RowView",
    "Steps",
    "access_attachment",
    "access_batch",
    "access_declared",
    "access_ledger",
    "access_reader",
    "access_row",
    "access_saved_view",
    "current",
    "current_readers",
    "find_rows",
    "is_named",
    "keeping_bodies",
    "operators_of",
    "outdated_ledgers",
    "reach_of",
    "row_history",
    "row_view",
    "saved_views",
    "visible_batches",
    "visible_ledgers",
    "visible_readers",
    "visible_rows",
    "visible_snapshots",
]
