"""Evidence: hand in, replace, link, take away; its page with a preview, and the pictures of its pages."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhenggai.files.previews import MOST_PAGES, picture_of
from zhenggai.findings.models import Finding, Measure
from zhenggai.findings.queries import access_finding, access_measure, visible_findings
from zhenggai.kit.errors import NotFound
from zhenggai.outcomes.papers import access_paper, papers_for
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.acts import EMPTY_FORMS, Forms, Labels, attempt, number, numbers, read_day
from zhenggai.web.errors import MissingField
from zhenggai.web.pages import actor_of, page
from zhenggai.web.previews import look_at
from zhenggai.web.views.finding import refuse_programs, send_file, show_finding
from zhenggai.web.views.work import act_on_finding, to_finding
from zhenggai.workflow import actions, queries
from zhenggai.workflow.models import Evidence, EvidenceVersion

UPLOAD: Labels = {"file": gettext_lazy("文件"), "expires_on": gettext_lazy("有效期至")}
REPLACE: Labels = {"file": gettext_lazy("文件")}
WITHDRAW: Labels = {"why": gettext_lazy("撤下理由")}
_FOUND = 30


def add(request: HttpRequest, id: int) -> HttpResponse:
    """Hand files in as evidence for a finding, or for some of its measures."""
    actor = actor_of(request)
    found = access_finding(actor, id)
    kept: list[Evidence] = []
    forms = attempt(request, "evidence", UPLOAD, lambda: _add_all(request, found, kept, actor))
    if kept:
        said = ngettext("已提交 %(n)s 份佐证。", "已提交 %(n)s 份佐证。", len(kept)) % {"n": len(kept)}
        messages.success(request, said)
    return to_finding(id, "#evidence") if forms is None else show_finding(request, id, forms)


def _add_all(request: HttpRequest, found: Finding, kept: list[Evidence], actor: User) -> None:
    files = cast("list[UploadedFile[Any]]", request.FILES.getlist("file"))
    if not files:
        raise MissingField(label=UPLOAD["file"])
    until = read_day(request, "expires_on", UPLOAD["expires_on"])
    measures = _measures(request, found, actor)
    name = request.POST.get("name", "") if len(files) == 1 else ""
    for upload in files:
        refuse_programs(upload.name or "")
    for upload in files:
        kept.append(
            actions.add_evidence(
                found,
                actor=actor,
                source=cast(BinaryIO, upload),
                file_name=upload.name or "",
                name=name,
                kind=_kind(request),
                note=request.POST.get("note", ""),
                expires_on=until,
                measures=measures,
            )
        )


def _measures(request: HttpRequest, found: Finding, actor: User) -> list[Measure]:
    chosen = [access_measure(actor, key) for key in numbers(request, "measures")]
    if any(measure.finding_id != found.pk for measure in chosen):
        raise NotFound
    return chosen


def _kind(request: HttpRequest) -> str:
    given = request.POST.get("kind", "")
    return given if given in Evidence.Kind.values else Evidence.Kind.DOCUMENT


def choose(request: HttpRequest, id: int) -> HttpResponse:
    """Look for evidence that is on the record already, to let it stand for this finding too."""
    actor = actor_of(request)
    found = access_finding(actor, id, "workflow.work")
    words = request.GET.get("q", "").strip()[:100]
    there = found.evidence_links.filter(withdrawn_at=None, measure=None).order_by().values("evidence_id")
    rows = queries.visible_evidence(actor).filter(unit=found.round.unit).exclude(pk__in=there)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(note__icontains=word) | Q(versions__name__icontains=word))
    rows = rows.distinct().select_related("created_by").order_by("-pk")
    return page(
        request,
        "workflow/choose_evidence.html",
        finding=found,
        words=words,
        rows=list(rows[:_FOUND]),
        most=_FOUND,
        papers=[each for each in papers_for(actor, found) if all(word in each.label for word in words.split())],
        measures=list(found.measures.filter(withdrawn_at=None).order_by("order", "pk")),
    )


def link(request: HttpRequest, id: int) -> HttpResponse:
    """Let evidence stand for one more finding, or for some of its measures."""
    actor = actor_of(request)

    def do(found: Finding) -> None:
        keys, papers = numbers(request, "evidence"), request.POST.getlist("paper")
        if not keys and not papers:
            raise MissingField(label=_("佐证材料"))
        measures = _measures(request, found, actor)
        for code in papers:
            paper = access_paper(actor, found, code)
            actions.add_kept_evidence(
                found, actor=actor, file=paper.file, file_name=paper.file_name, name=paper.label, note=paper.note,
                measures=measures,
            )  # fmt: skip
        for key in keys:
            actions.link_evidence(queries.access_evidence(actor, key), found, actor=actor, measures=measures)

    return act_on_finding(request, id, "link", {}, do, _("已引用佐证。"), "#evidence")


def unlink(request: HttpRequest, id: int) -> HttpResponse:
    """Let evidence no longer stand for a finding or measure."""
    actor = actor_of(request)
    held = queries.access_evidence_link(actor, id)

    def do(found: Finding) -> object:
        return actions.unlink_evidence(held, actor=actor)

    return act_on_finding(request, held.finding_id, "unlink", {}, do, _("已取消引用。"), "#evidence")


def evidence(request: HttpRequest, id: int) -> HttpResponse:
    """Show a piece of evidence: preview, versions, where it is used."""
    return _show(request, id)


def _show(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    actor = actor_of(request)
    held = queries.access_evidence(actor, id)
    versions = list(held.versions.select_related("file", "by").order_by("-no"))
    wanted = number(request.GET.get("version", ""))
    shown = next((version for version in versions if version.no == wanted), versions[0])
    links = list(held.links.filter(withdrawn_at=None).select_related("finding", "measure", "by").order_by("pk"))
    keys = {link.finding_id for link in links}
    seen = set(visible_findings(actor, withdrawn=None).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    may_work = may(actor, "workflow.work") and held.withdrawn_at is None and _works_on(actor, keys)
    return page(
        request,
        "workflow/evidence.html",
        status=forms.status,
        evidence=held,
        versions=versions,
        shown=shown,
        look=look_at(shown),
        links=[link for link in links if link.finding_id in seen],
        hidden=len(keys - seen),
        may_work=may_work,
        may_withdraw=may_work and queries.may_take_away(actor, queries.handed_in_by(held)),
        forms=forms,
        today=timezone.localdate(),
        most_pages=MOST_PAGES,
    )


def _works_on(actor: User, keys: set[int]) -> bool:
    return visible_findings(actor, "workflow.work").filter(pk__in=keys).exists()


def replace(request: HttpRequest, id: int) -> HttpResponse:
    """Hand in the next version."""
    actor = actor_of(request)
    held = queries.access_evidence(actor, id)

    def do() -> object:
        upload = request.FILES.get("file")
        if upload is None:
            raise MissingField(label=REPLACE["file"])
        refuse_programs(upload.name or "")
        return actions.replace_evidence(
            held,
            actor=actor,
            source=cast(BinaryIO, upload),
            file_name=upload.name or "",
            note=request.POST.get("note", ""),
        )

    forms = attempt(request, "replace", REPLACE, do)
    if forms is not None:
        return _show(request, id, forms)
    messages.success(request, _("已上传新版本，旧版本仍可查看。"))
    return _to_evidence(id)


def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Take a piece of evidence away altogether."""
    actor = actor_of(request)
    held = queries.access_evidence(actor, id)
    why = request.POST.get("why", "")
    forms = attempt(request, "withdraw", WITHDRAW, lambda: actions.withdraw_evidence(held, actor=actor, why=why))
    if forms is not None:
        return _show(request, id, forms)
    messages.success(request, _("已撤下佐证“%(name)s”，各版本仍留存。") % {"name": held.name})
    return _to_evidence(id)


def _to_evidence(id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("evidence", kwargs={"id": id}))


def version_file(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send one version as a download."""
    held = queries.access_evidence_version(actor_of(request), id)
    return send_file(held.file, held.name)


def version_page(request: HttpRequest, id: int, no: int) -> HttpResponseBase:
    """Send the picture of one page of a version, drawn by us."""
    held: EvidenceVersion = queries.access_evidence_version(actor_of(request), id)
    path, media_type = picture_of(held.file, no, held.name)
    answer = FileResponse(path.open("rb"), content_type=media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
