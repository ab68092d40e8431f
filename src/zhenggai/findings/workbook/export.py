"""The findings of a ledger query as a workbook: sheets 问题 and 措施, with ids that lead back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.fields import root_of
from zhenggai.findings.ledger import matching_findings, ordered, ordering_of
from zhenggai.findings.ledger_query import LedgerQuery
from zhenggai.findings.models import Finding, Measure
from zhenggai.findings.names import Directory
from zhenggai.findings.workbook import layout
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit
from zhenggai.render.xlsx import Column, Sheet, Value, render_workbook

EXPORT = "findings.export"
_CHUNK = 2000


def export_findings(actor: Actor, query: LedgerQuery) -> bytes:
    """Return the findings that match *query* as an .xlsx workbook, in the order of the query, all pages.

    Raises:
        NotAllowed: the actor may not export.
    """
    require(actor, EXPORT)
    found = ordered(matching_findings(actor, query, permission=EXPORT), ordering_of(query))
    related = ("round__unit", "aspect", "unit", "leader", "department", "owner")
    findings = list(found.select_related(*related))
    book = _Book(findings)
    title = _now("问题台账")
    sheets = [book.findings_sheet(), book.measures_sheet(), book.exported_sheet()]
    return render_workbook(sheets, title=title, created=timezone.localtime())


class _Book:
    """The rows of one export, with the lookups they share."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = findings
        self._directories: dict[str, Directory] = {}
        self._assist: dict[int, list[Unit]] = {}
        self._measures: list[str] = []
        keys = [finding.pk for finding in findings]
        through = Finding.assist_departments.through.objects.select_related("unit")
        for start in range(0, len(keys), _CHUNK):
            for row in through.filter(finding_id__in=keys[start : start + _CHUNK]):
                self._assist.setdefault(row.finding_id, []).append(row.unit)

    def _directory(self, unit: Unit) -> Directory:
        root = root_of(unit)
        if root not in self._directories:
            self._directories[root] = Directory(root)
        return self._directories[root]

    def findings_sheet(self) -> Sheet:
        """Return the sheet 问题."""
        columns = [
            Column(str(layout.ID), 5.0, muted=True),
            Column(str(layout.VERSION), 5.0, muted=True),
            Column(str(layout.ROUND), 18.0),
            *(_column(column) for column in layout.FINDING_COLUMNS),
        ]
        return Sheet(str(layout.FINDINGS_SHEET), columns, self._finding_rows(), frozen_columns=2)

    def measures_sheet(self) -> Sheet:
        """Return the sheet 措施."""
        columns = [
            Column(str(layout.MEASURE_ID), 5.0, muted=True),
            Column(str(layout.ID), 5.0, muted=True),
            Column(str(layout.VERSION), 5.0, muted=True),
            Column(str(layout.OF_FINDING), 30.0, wrap=True),
            *(_column(column) for column in layout.MEASURE_COLUMNS),
        ]
        return Sheet(str(layout.MEASURES_SHEET), columns, self._measure_rows(), frozen_columns=4)

    def exported_sheet(self) -> Sheet:
        """Return the hidden list of what the other sheets hold; made after them."""
        columns = [Column(str(layout.ID), muted=True), Column(str(layout.MEASURE_ID), muted=True)]
        return Sheet(str(layout.EXPORTED_SHEET), columns, self._exported_rows(), hidden=True)

    def _exported_rows(self) -> Iterable[list[Value]]:
        for finding in self._findings:
            yield [str(finding.stable_id), ""]
        for stable_id in self._measures:
            yield ["", stable_id]

    def _finding_rows(self) -> Iterable[list[Value]]:
        for finding in self._findings:
            directory = self._directory(finding.unit)
            assist = self._assist.get(finding.pk, [])
            cells = [layout.cell_value(column, finding, directory, assist) for column in layout.FINDING_COLUMNS]
            yield [str(finding.stable_id), finding.version, finding.round.name, *cells]

    def _measure_rows(self) -> Iterable[list[Value]]:
        for start in range(0, len(self._findings), _CHUNK):
            batch = self._findings[start : start + _CHUNK]
            measures: dict[int, list[Measure]] = {}
            rows = Measure.objects.filter(finding__in=[finding.pk for finding in batch], withdrawn_at__isnull=True)
            for measure in rows.select_related("leader", "department", "owner").order_by("order", "pk"):
                measures.setdefault(measure.finding_id, []).append(measure)
            assist: dict[int, list[Unit]] = {}
            ties = Measure.assist_departments.through.objects.filter(measure__in=rows.values("pk"))
            for tie in ties.select_related("unit"):
                assist.setdefault(tie.measure_id, []).append(tie.unit)
            for finding in batch:
                directory = self._directory(finding.unit)
                label = f"{finding.no}.{finding.title}" if finding.no else finding.title
                for measure in measures.get(finding.pk, ()):
                    cells = [
                        layout.cell_value(column, measure, directory, assist.get(measure.pk, []))
                        for column in layout.MEASURE_COLUMNS
                    ]
                    self._measures.append(str(measure.stable_id))
                    yield [str(measure.stable_id), str(finding.stable_id), finding.version, label, *cells]


def _column(column: layout.CellColumn) -> Column:
    return Column(str(column.header), column.width, wrap=column.wrap, choices=column.choices)
