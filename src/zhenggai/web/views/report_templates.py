"""Templates of papers: which are in force, their names and versions, replacing and restoring."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.docparse.errors import TooLarge
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.people.models import Unit, User
from zhenggai.reports import actions
from zhenggai.reports.checking import MOST_BYTES
from zhenggai.reports.errors import TemplateRefused
from zhenggai.reports.making import make_trial_html, shipped_template, template_of
from zhenggai.reports.names import listed
from zhenggai.reports.papers import PAPERS, Paper, access_paper
from zhenggai.reports.queries import access_body, access_template, managed_bodies, template_content, template_states
from zhenggai.web.errors import MissingField, wants_json
from zhenggai.web.pages import actor_of, download, page
from zhenggai.web.reading import optional_key

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def index(request: HttpRequest) -> HttpResponse:
    """List the papers with the template each is made by."""
    actor = actor_of(request)
    unit = _body(request, actor)
    return page(
        request,
        "reports/templates.html",
        unit=unit,
        bodies=managed_bodies(actor),
        papers=PAPERS.values(),
        states=template_states(unit),
    )


def template(request: HttpRequest, code: str) -> HttpResponse:
    """Show the names, versions and a trial of one template; take a new one."""
    actor, paper = actor_of(request), access_paper(code)
    unit = _body(request, actor)
    if request.method != "POST":
        return _show(request, actor, unit, paper)
    upload = request.FILES.get("file")
    if upload is None:
        raise MissingField(label=_("模板文件"))
    if (upload.size or 0) > MOST_BYTES:
        raise TooLarge(name=upload.name, size=f"{(upload.size or 0) / 1024 / 1024:.1f} MB", limit="5.0 MB")
    try:
        made, trial = actions.upload_template(
            unit, paper, upload.read(), actor=actor, name=upload.name or "", note=request.POST.get("note", "").strip()
        )
    except ZhenggaiError as caught:
        if wants_json(request):
            raise
        return _show(request, actor, unit, paper, caught, name=upload.name or "")
    messages.success(request, _("已采用“%(name)s”（第 %(n)s 版）。") % {"name": made.name, "n": made.no})
    if trial.layout:
        words = ngettext(
            "按模板试排后，有 %(n)s 处版面与公文格式不同，可用“公文检查”查看。",
            "按模板试排后，有 %(n)s 处版面与公文格式不同，可用“公文检查”查看。",
            len(trial.layout),
        )
        messages.warning(request, words % {"n": len(trial.layout)})
    return _to(unit, paper)


def _show(
    request: HttpRequest, actor: User, unit: Unit, paper: Paper, error: ZhenggaiError | None = None, *, name: str = ""
) -> HttpResponse:
    state = template_states(unit).get(paper.code)
    context: dict[str, Any] = {
        "unit": unit,
        "bodies": managed_bodies(actor),
        "paper": paper,
        "in_use": state.in_use if state else None,
        "versions": state.versions if state else (),
        "names": [entry for entry in listed(paper.names) if entry[1]],
        "preview": make_trial_html(paper, template_of(unit, paper.code)),
        "error": error.describe(_) if error else None,
        "issues": error.issues if isinstance(error, TemplateRefused) else (),
        "refused": name,
    }
    return page(request, "reports/template.html", status=error.status if error else 200, **context)


def shipped(request: HttpRequest, code: str) -> HttpResponse:
    """Send the shipped template, to begin an own one from."""
    paper = access_paper(code)
    return download(shipped_template(paper.code), f"{paper.label}-{_('模板')}.docx", DOCX)


def version_file(request: HttpRequest, id: int) -> HttpResponse:
    """Send one version of an own template."""
    found = access_template(actor_of(request), id)
    return download(template_content(found), found.name, DOCX)


def choose(request: HttpRequest, id: int) -> HttpResponse:
    """Put an earlier version into force again."""
    actor = actor_of(request)
    found = actions.choose_template(access_template(actor, id), actor=actor)
    messages.success(request, _("已改用第 %(n)s 版。") % {"n": found.no})
    return _to(found.unit, access_paper(found.paper))


def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Go back to the shipped template."""
    actor, paper = actor_of(request), access_paper(code)
    unit = access_body(actor, optional_key(request.POST.get("unit", "")))
    actions.restore_template(unit, paper, actor=actor)
    messages.success(request, _("已恢复随软件提供的模板，原来的版本仍可再用。"))
    return _to(unit, paper)


def _body(request: HttpRequest, actor: User) -> Unit:
    given = request.POST if request.method == "POST" else request.GET
    return access_body(actor, optional_key(given.get("unit", "")))


def _to(unit: Unit, paper: Paper) -> HttpResponseRedirect:
    return redirect(f"{reverse('report-template', kwargs={'code': paper.code})}?unit={unit.pk}")
