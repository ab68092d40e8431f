"""What pages, commands and other rooms may ask of the record."""

from zhenggai.findings.ledger_query import COLUMNS, DEFAULT_COLUMNS, DUE_CHOICES, PAGE_SIZES, LedgerQuery
from zhenggai.findings.queries.access import (
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
from zhenggai.findings.queries.detail import finding_page, source_passage
from zhenggai.findings.queries.facets import FACET_LABELS, FACET_NAMES, assignment_choices, facets
from zhenggai.findings.queries.history import finding_history
from zhenggai.findings.queries.ledger import find_findings, matching_findings, neighbours
from zhenggai.findings.queries.overview import COUNT_LABELS, overview

__all__ = [
    "COLUMNS",
    "COUNT_LABELS",
    "DEFAULT_COLUMNS",
    "DUE_CHOICES",
    "FACET_LABELS",
    "FACET_NAMES",
    "PAGE_SIZES",
    "LedgerQuery",
    "access_attachment",
    "access_finding",
    "access_measure",
    "access_round",
    "access_saved_view",
    "access_source",
    "assignment_choices",
    "facets",
    "find_findings",
    "finding_history",
    "finding_page",
    "matching_findings",
    "neighbours",
    "overview",
    "saved_views",
    "source_passage",
    "visible_findings",
    "visible_rounds",
]
