"""What was published, as the staff sees it: each figure leads to the rows or papers it rested on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhenggai.files.queries import open_file
from zhenggai.kit.errors import NotFound
from zhenggai.notices import actions
from zhenggai.notices.display import published_lines
from zhenggai.notices.models import Binding
from zhenggai.notices.queries import access_publication
from zhenggai.notices.transitions import PUBLISH, WRITE
from zhenggai.people.access import may
from zhenggai.web.notice_sources import behind
from zhenggai.web.pages import actor_of, download, page
from zhenggai.web.views.notices.deciding import DOCX, PDF
from zhenggai.web.views.notices.figures import told


def publication(request: HttpRequest, id: int) -> HttpResponse:
    """Show a publication with its figures."""
    actor = actor_of(request)
    found = access_publication(actor, id)
    figures = list(found.figures.select_related("binding"))
    bound = [each for each in figures if each.binding is not None]
    newer = found.replaced_by.order_by("-pk").first()
    return page(
        request,
        "notices/publication.html",
        it=found,
        lines=published_lines(found, bound),
        figures=figures,
        kinds=[
            (kind.label, sum(1 for each in bound if each.binding is not None and each.binding.kind == kind))
            for kind in Binding.Kind
        ],
        unbound=len(figures) - len(bound),
        newer=newer,
        steps=list(found.notice.steps.select_related("by", "for_whom").order_by("-pk")) if found.notice else [],
        maskings=list(found.notice.maskings.select_related("by")) if found.notice else [],
        may_withdraw=found.withdrawn_at is None and may(actor, PUBLISH, found.unit),
        may_correct=found.withdrawn_at is None and newer is None and may(actor, WRITE, found.unit),
    )


def figure(request: HttpRequest, id: int, figure: int) -> HttpResponse:
    """Show what a published figure rested on."""
    actor = actor_of(request)
    found = access_publication(actor, id)
    one = found.figures.select_related("binding__vouched_by", "binding__by", "binding__file").filter(pk=figure).first()
    if one is None or one.binding is None or found.notice is None:
        raise NotFound
    return page(
        request,
        "notices/figure.html",
        notice=found.notice,
        publication=found,
        binding=one.binding,
        quote=one.quote,
        block="",
        given=told(one.given),
        at=one.as_of,
        behind=behind(actor, one.binding, one.rows, as_of=one.as_of, part=request.GET.get("part", "numerator")),
        may_edit=False,
    )


def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Take a publication back, for a reason."""
    actor = actor_of(request)
    actions.withdraw_notice(access_publication(actor, id), actor=actor, reason=request.POST.get("why", ""))
    messages.success(request, _("已撤回公开；原地址显示撤回说明。"))
    return redirect("publication", id=id)


def file(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """Hand out the Word file or the PDF of a publication."""
    found = access_publication(actor_of(request), id)
    stored = {"docx": found.docx, "pdf": found.pdf}.get(kind)
    if stored is None:
        raise NotFound
    with open_file(stored) as stream:
        return download(stream.read(), f"{found.title[:80]}.{kind}", DOCX if kind == "docx" else PDF)
