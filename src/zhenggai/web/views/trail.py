"""The audit trail: filtered, exported, verified."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.audit.queries import audit_codes, export_lines, verify_chain
from zhenggai.web.errors import is_htmx
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.trail_list import TrailQuery, find_entries


def trail(request: HttpRequest) -> HttpResponse:
    """List the trail, newest first."""
    return _trail_page(request, report=None)


def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the chain and say whether and where it breaks."""
    report = verify_chain()
    data = {"checked": report.checked, "breaks": len(report.breaks)}
    record(actor=actor_of(request), code="audit.verified", data=data)
    if is_htmx(request):
        return fragment(request, "system/_chain.html", report=report, now=timezone.now())
    return _trail_page(request, report=report)


def export(request: HttpRequest) -> HttpResponseBase:
    """Send the whole trail as JSON Lines."""
    record(actor=actor_of(request), code="audit.exported")
    answer = StreamingHttpResponse(export_lines(), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="zhenggai-trail-{timezone.localdate():%Y%m%d}.jsonl"'
    return answer


def _trail_page(request: HttpRequest, report: object) -> HttpResponse:
    query = TrailQuery.parse(request.GET.dict())
    return page(
        request,
        "system/trail.html",
        query=query,
        trail=find_entries(query),
        codes=sorted(((code, str(words)) for code, words in audit_codes().items()), key=lambda pair: pair[0]),
        report=report,
        now=timezone.now(),
    )
