"""The workbench, and the quality page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.desk import queries
from zhenggai.findings.queries import visible_rounds
from zhenggai.people.access import may
from zhenggai.watch.listing import concern_of
from zhenggai.web.charts import gather
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.rounds import chosen_round
from zhenggai.web.views.account import first_page

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def home(request: HttpRequest) -> HttpResponse:
    """Show the person's workbench; lead who sees no findings to the first page they may open."""
    actor = actor_of(request)
    if not may(actor, "findings.view"):
        return first_page(request)
    show = request.GET.get("show", "")
    bench = queries.workbench(actor, show if show in queries.SECTIONS else "")
    return page(
        request,
        "desk/workbench.html",
        bench=bench,
        show=show,
        **_lights(bench.area),
        may_import=may(actor, "intake.import"),
        may_see_quality=may(actor, "oversight.view"),
        now=timezone.now(),
    )


def beside(request: HttpRequest) -> HttpResponse:
    """Show what stands beside the work: lights, what presses, the latest acts; the workbench asks once it stands."""
    found = queries.beside_of(actor_of(request))
    return fragment(
        request,
        "desk/_beside.html",
        beside=found,
        leads=request.GET.get("leads") == "1",
        **_lights(found.area),
        news=gather(found.latest),
        concern=concern_of(actor_of(request)),
        now=timezone.now(),
    )


def waiting(request: HttpRequest) -> HttpResponse:
    """Show what the person handed in and waits for; the workbench asks once it stands."""
    show = request.GET.get("show", "")
    found = queries.waiting_of(actor_of(request), all_of_it=show == "submissions")
    return fragment(request, "desk/_waiting.html", waiting=found, show=show, now=timezone.now())


def _lights(area: queries.Area | None) -> dict[str, Any]:
    labels = {light.value: str(label) for light, label in queries.LIGHT_LABELS.items()}
    return {"area": area, "lights": queries.lights_of(area.rows) if area else {}, "light_labels": labels}


def alerts(request: HttpRequest) -> HttpResponse:
    """Count what does not fit in the open rounds; the workbench asks for it once it stands."""
    report = queries.examine(actor_of(request))
    return fragment(request, "desk/_alerts.html", report=report)


def quality(request: HttpRequest) -> HttpResponse:
    """Show what does not fit, by check; one check's rows when it is chosen."""
    actor = actor_of(request)
    rounds = list(visible_rounds(actor))
    wanted = request.GET.get("round", "")
    chosen = chosen_round(actor, wanted, rounds) if wanted else None
    severity = request.GET.get("severity", "")
    severity = severity if severity in queries.Severity.values else ""
    department = _key(request.GET.get("department", ""))
    code = request.GET.get("check", "")
    report = queries.examine(actor, chosen, severity=severity, department=department, chosen=code)

    def address(**changes: object) -> str:
        asked = {"round": wanted, "severity": severity, "department": department, "check": ""} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value not in ("", None)})

    return page(
        request,
        "desk/quality.html",
        report=report,
        rounds=rounds,
        round=chosen,
        severity=severity,
        severities=[(each.value, str(each.label), report.counts[each]) for each in queries.Severity],
        department=department,
        code=code,
        address=address,
        now=timezone.now(),
    )


def export_quality(request: HttpRequest) -> HttpResponse:
    """Hand out all rows as a workbook."""
    actor = actor_of(request)
    wanted = request.GET.get("round", "")
    chosen = chosen_round(actor, wanted, list(visible_rounds(actor))) if wanted else None
    severity = request.GET.get("severity", "")
    report = queries.examine(
        actor,
        chosen,
        severity=severity if severity in queries.Severity.values else "",
        department=_key(request.GET.get("department", "")),
        chosen="*",
    )
    answer = HttpResponse(queries.build_workbook(report), content_type=_EXCEL)
    name = _("体检结果") + f"-{timezone.localdate():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename=\"quality.xlsx\"; filename*=UTF-8''{quote(name)}"
    return answer


def _key(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
