"""The check page: source beside draft, corrections, matching, confirming."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenggai.findings.models import Status
from zhenggai.findings.queries import access_round, visible_rounds
from zhenggai.intake import actions, queries
from zhenggai.intake.models import Import
from zhenggai.intake.shapes import DraftView, Match, MatchKind
from zhenggai.web.draft_acts import apply_act, number
from zhenggai.web.errors import BadRequest, OtherBody, is_htmx
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.source_lines import cut_lines
from zhenggai.web.target import target_of
from zhenggai.web.views.intake import BUSY


def check(request: HttpRequest, id: int) -> HttpResponse:
    """Show a document as far as it has come: being read, failed, to be checked, or done."""
    actor = actor_of(request)
    document = queries.access_import(actor, id)
    if document.state in BUSY:
        return page(request, "intake/reading.html", document=document, stale=queries.is_stale(document))
    if document.state != Import.State.READ:
        return page(request, f"intake/{document.state}.html", document=document)
    view = queries.draft_view(document)
    return page(
        request,
        "intake/check.html",
        lines=cut_lines(document.text),
        earlier=queries.earlier_import(actor, document),
        rounds=list(visible_rounds(actor, "intake.import").filter(unit=document.unit)),
        **_draft_context(document, view, request.GET.get("finding", "")),
    )


def finding(request: HttpRequest, id: int, key: str) -> HttpResponse:
    """Show one finding of the draft opened for correction."""
    document = queries.access_import(actor_of(request), id)
    view = queries.draft_view(document)
    for aspect in view.aspects:
        for place, item in enumerate(aspect.findings):
            if item.key == key:
                context = _draft_context(document, view, key)
                return fragment(request, "intake/_finding.html", finding=item, aspect=aspect, place=place, **context)
    raise BadRequest


def edit(request: HttpRequest, id: int) -> HttpResponse:
    """Do one correction, and show the draft as it stands then."""
    actor = actor_of(request)
    try:
        document = apply_act(queries.access_import(actor, id), request.POST.dict(), actor=actor)
    except KeyError as missing:
        raise BadRequest from missing
    opened = request.POST.get("open", "")
    if not is_htmx(request):
        return _back(id, opened)
    context = _draft_context(document, queries.draft_view(document), opened, compare=False)
    return fragment(request, "intake/_draft.html", **context)


def matches(request: HttpRequest, id: int) -> HttpResponse:
    """Show how the draft compares with the record now; asked for after corrections, so that they need not wait for it."""
    document = queries.access_import(actor_of(request), id)
    view = queries.draft_view(document)
    return fragment(request, "intake/_compared.html", **_draft_context(document, view, request.GET.get("open", "")))


def choose_round(request: HttpRequest, id: int) -> HttpResponse:
    """Say which round the document belongs to; empty for a new one."""
    actor = actor_of(request)
    document = queries.access_import(actor, id)
    wanted = request.POST.get("round", "")
    round_ = access_round(actor, number(request.POST.dict(), "round"), "intake.import") if wanted else None
    actions.choose_round(document, round_, actor=actor)
    return _back(id, "")


def confirm(request: HttpRequest, id: int) -> HttpResponse:
    """Write the draft into the record."""
    actor = actor_of(request)
    document = queries.access_import(actor, id)
    target = target_of(document)
    if target.is_other and request.POST.get("other_body") != "1":
        raise OtherBody(said=target.said, unit=target.unit.name)
    result = actions.confirm_import(
        document,
        actor=actor,
        version=number(request.POST.dict(), "version"),
        round_name=request.POST.get("round_name", ""),
    )
    messages.success(
        request,
        _("已入账：新增 %(created)s 项，更新 %(updated)s 项，不变 %(unchanged)s 项，写入措施 %(measures)s 项。")
        % {
            "created": result.created,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "measures": result.measures,
        },
    )
    if result.unmatched:
        messages.warning(
            request,
            _("文件中的这些姓名或部门没有对应到系统中的人员和单位，请在台账中指定：%(names)s。")
            % {"names": "、".join(result.unmatched[:20])},
        )
    return HttpResponseRedirect(f"{reverse('findings')}?round={result.round_id}")


def _draft_context(document: Import, view: DraftView, opened: str, compare: bool = True) -> dict[str, Any]:
    """Return what the draft's templates ask for; without *compare* the matches are left to be asked for later."""
    matches = queries.propose_matches(document) if document.round_id and compare else []
    return {
        "stale": bool(document.round_id) and not compare,
        "document": document,
        "view": view,
        "opened": opened,
        "statuses": [(code, label) for code, label in Status.choices if code != Status.UNKNOWN],
        "status_words": dict(Status.choices),
        "matches": matches,
        "to_decide": [match for match in matches if _is_to_decide(match)],
        "match_counts": Counter(str(match.kind) for match in matches),
        "target": target_of(document),
        "round_name": "" if document.round_id else queries.suggested_round_name(document),
        "aspect_keys": [aspect.key for aspect in view.aspects if aspect.key],
    }


def _is_to_decide(match: Match) -> bool:
    """Return True for what a person may want to look at: not what the document leaves alone."""
    return match.kind != MatchKind.MISSING and (match.kind != MatchKind.UNCHANGED or match.chosen)


def _back(id: int, opened: str) -> HttpResponse:
    anchor = f"?finding={opened}#{opened}" if opened.isalnum() and opened else ""
    return HttpResponseRedirect(reverse("check", kwargs={"id": id}) + anchor)
