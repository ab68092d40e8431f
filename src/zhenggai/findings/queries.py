"""What pages, commands and other rooms may ask of the record."""

from zhenggai.findings.access import (
    access_attachment,
    access_finding,
    access_measure,
    access_round,
    access_saved_view,
    access_source,
    saved_views,
    visible_findings,
    visible_rounds,
)
from zhenggai.findings.detail import finding_page, source_passages
from zhenggai.findings.facets import FACET_LABELS, FACET_NAMES, assignment_choices, facets
from zhenggai.findings.history import finding_history
from zhenggai.findings.ledger import default_sort, find_findings, matching_findings, neighbours
from zhenggai.findings.ledger_query import COLUMNS, DEFAULT_COLUMNS, DUE_CHOICES, PAGE_SIZES, LedgerQuery
from zhenggai.findings.overview import COUNT_LABELS, overview
from zhenggai.findings.workbook.export import export_findings
from zhenggai.findings.workbook.plan import RowKind, WorkbookPreview, WorkbookRow, preview_workbook

__all__ = [
    "COLUMNS",
    "COUNT_LABELS",
    "DEFAULT_COLUMNS",
    "DUE_CHOICES",
    "FACET_LABELS",
    "FACET_NAMES",
    "PAGE_SIZES",
    "LedgerQuery",
    "RowKind",
    "WorkbookPreview",
    "WorkbookRow",
    "access_attachment",
    "access_finding",
    "access_measure",
    "access_round",
    "access_saved_view",
    "access_source",
    "assignment_choices",
    "default_sort",
    "export_findings",
    "facets",
    "find_findings",
    "finding_history",
    "finding_page",
    "matching_findings",
    "neighbours",
    "overview",
    "preview_workbook",
    "saved_views",
    "source_passages",
    "visible_findings",
    "visible_rounds",
]
