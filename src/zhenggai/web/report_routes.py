"""The addresses of reports and their templates. What a paper may tell is decided by the room."""

from __future__ import annotations

from zhenggai.web.routes import Route
from zhenggai.web.views import report_templates, reports

_WRITES, _KEEPS = "reports.write", "reports.templates"
_TEMPLATE = "reports/templates/<slug:code>/"

REPORTS = (
    Route("reports/", reports.index, "reports", _WRITES),
    Route("reports/makings/<int:id>/", reports.progress, "report-making", _WRITES),
    Route("reports/makings/<int:id>/file/", reports.making_file, "report-making-file", _WRITES),
    Route("reports/templates/", report_templates.index, "report-templates", _KEEPS),
    Route(_TEMPLATE, report_templates.template, "report-template", _KEEPS, "GET POST"),
    Route(_TEMPLATE + "shipped/", report_templates.shipped, "report-template-shipped", _KEEPS),
    Route(_TEMPLATE + "restore/", report_templates.restore, "report-template-restore", _KEEPS, "POST"),
    Route("reports/templates/versions/<int:id>/file/", report_templates.version_file, "report-template-file", _KEEPS),
    Route("reports/templates/versions/<int:id>/use/", report_templates.choose, "report-template-use", _KEEPS, "POST"),
    Route("reports/<slug:code>/", reports.paper, "report", _WRITES),
    Route("reports/<slug:code>/file/<slug:form>/", reports.file, "report-file", _WRITES),
    Route("reports/<slug:code>/make/", reports.make, "report-make", _WRITES, "POST"),
)
