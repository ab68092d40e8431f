"""One notice as it stands: on paper, with its issues, its way so far, and the moves that are open to the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.gongwen import font_substitutes, to_docx, to_pdf
from zhenggai.kit.errors import NotFound
from zhenggai.notices import actions
from zhenggai.notices.actions.deciding import writers_of
from zhenggai.notices.display import shown_lines
from zhenggai.notices.gate import examine
from zhenggai.notices.layout import lay_out
from zhenggai.notices.models import Notice
from zhenggai.notices.outputs import to_document
from zhenggai.notices.queries import access_notice, body_of
from zhenggai.notices.transitions import MOVES
from zhenggai.notices.wording import style_of
from zhenggai.oversight.posts import acted_for
from zhenggai.people.access import may
from zhenggai.web.acts import needed_day
from zhenggai.web.errors import BadValue
from zhenggai.web.notice_rail import build_rail
from zhenggai.web.pages import actor_of, download, page
from zhenggai.web.views.notices.listing import SHAPES

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def notice(request: HttpRequest, id: int) -> HttpResponse:
    """Show a notice on paper with everything that stands in its way, and what may be done."""
    actor = actor_of(request)
    found = access_notice(actor, id)
    seen = examine(found, approval=found.state != Notice.State.REVIEWING)
    state = Notice.State(found.state)
    moves = {code for code, move in MOVES.items() if state in move.sources and may(actor, move.permission, found.unit)}
    own = bool(acted_for(actor) & writers_of(found))
    if own:
        moves -= {"approve", "override"}
    return page(
        request,
        "notices/notice.html",
        notice=found,
        seen=seen,
        lines=shown_lines(seen),
        rail=build_rail(seen),
        moves=moves,
        own=own,
        labels={code: move.label for code, move in MOVES.items()},
        steps=list(found.steps.select_related("by", "for_whom").order_by("-pk")),
        publications=list(found.publications.defer("html", "text", "data")),
        maskings=list(found.maskings.select_related("by")),
        style=style_of(seen.body.version.style),
        shapes=SHAPES,
        fonts=font_substitutes(),
        now=timezone.localtime(),
    )


def preview(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """Hand out the newest version as it would go out, as Word or PDF."""
    found = access_notice(actor_of(request), id)
    body = body_of(found)
    document = to_document(lay_out(body.blocks, style_of(body.version.style)))
    name = f"{found.title[:80]}（{Notice.State(found.state).label}）"
    if kind == "docx":
        return download(to_docx(document), f"{name}.docx", DOCX)
    if kind == "pdf":
        return download(to_pdf(document), f"{name}.pdf", PDF)
    raise NotFound


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Make one of the notice's moves."""
    actor = actor_of(request)
    found = access_notice(actor, id)
    words = request.POST.get("why", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "submit": (lambda: actions.submit_notice(found, actor=actor, note=words), _("已提交审批。")),
        "recall": (lambda: actions.recall_notice(found, actor=actor), _("已撤回，可以继续修改。")),
        "return": (lambda: actions.return_notice(found, actor=actor, opinion=words), _("已退回编写人修改。")),
        "approve": (lambda: actions.approve_notice(found, actor=actor, opinion=words), _("已批准，可以发布。")),
        "unschedule": (lambda: actions.unschedule_notice(found, actor=actor), _("已取消定时发布。")),
        "publish": (lambda: actions.publish_notice(found, actor=actor), _("已发布，公众可以查看。")),
        "discard": (lambda: actions.discard_notice(found, actor=actor), _("已作废。")),
        "correct": (
            lambda: actions.correct_notice(found, actor=actor),
            _("已按已发布的文字起草更正稿，发布后替代原通报。"),
        ),
    }
    if move not in acts:
        raise NotFound
    do, told = acts[move]
    made = do()
    messages.success(request, told)
    if move == "correct" and isinstance(made, Notice):
        return redirect("notice-edit", id=made.pk)
    if move == "discard":
        return redirect("notices")
    if move == "recall":
        return redirect("notice-edit", id=id)
    return redirect("notice", id=id)


def override(request: HttpRequest, id: int) -> HttpResponse:
    """Let chosen issues pass, for a reason."""
    actor = actor_of(request)
    found = access_notice(actor, id)
    actions.override_issues(found, request.POST.getlist("issue"), actor=actor, reason=request.POST.get("why", ""))
    messages.success(request, _("已说明理由放行，记录在案。"))
    return redirect("notice", id=id)


def schedule(request: HttpRequest, id: int) -> HttpResponse:
    """Set the time at which the notice is to be published."""
    actor = actor_of(request)
    found = access_notice(actor, id)
    day = needed_day(request, "day", _("发布日期"))
    try:
        hour = time.fromisoformat(request.POST.get("hour", "").strip() or "09:00")
    except ValueError as error:
        given = request.POST.get("hour", "")[:10]
        raise BadValue(label=_("发布时间"), value=given, hint=_("请写成 09:00 的样子。")) from error
    at = timezone.make_aware(datetime.combine(day, hour.replace(tzinfo=None)))
    actions.schedule_notice(found, at, actor=actor)
    messages.success(request, _("已定时发布；到时再次核对，有问题的不发布并通知您。"))
    return redirect("notice", id=id)
