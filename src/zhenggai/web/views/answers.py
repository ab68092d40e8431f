"""What the public answered, as those who deal with it see it: the list, one answer, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.answers import actions
from zhenggai.answers.access import HANDLE, access_answer, candidates, may_manage
from zhenggai.answers.exporting import export_answers
from zhenggai.answers.models import Answer, Word
from zhenggai.answers.queries import STATES, Query, find_answers, from_the_same_place
from zhenggai.answers.sealing import Contact
from zhenggai.files.queries import open_file
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import may
from zhenggai.people.models import Unit, User
from zhenggai.referrals.access import may_read_petition
from zhenggai.referrals.models import Petition
from zhenggai.registers.fields import departments_of
from zhenggai.web.acts import Forms, attempt, number, version_of
from zhenggai.web.pages import actor_of, download, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABELS = {
    "department": gettext_lazy("承办部门"),
    "handler": gettext_lazy("承办人"),
    "kind": gettext_lazy("回复类型"),
    "text": gettext_lazy("回复内容"),
    "result": gettext_lazy("核查结论"),
    "reason": gettext_lazy("原因"),
}


def answers(request: HttpRequest) -> HttpResponse:
    """List the answers that the person deals with, those that press most first."""
    actor, query = actor_of(request), _query(request)
    asked = {name: value for name, value in (("state", query.state), ("q", query.text)) if value}
    return page(
        request,
        "answers/list.html",
        query=query,
        found=find_answers(actor, query),
        may_export=may(actor, HANDLE),
        string=urlencode(asked | ({} if query.state else {"state": "all"})),
        today=timezone.localdate(),
    )


def export(request: HttpRequest) -> HttpResponse:
    """Give the list as a workbook, without anybody's contact data."""
    content = export_answers(_query(request), actor=actor_of(request))
    return download(content, f"{_('公众意见')}-{timezone.localdate()}.xlsx", XLSX)


def answer(request: HttpRequest, id: int) -> HttpResponse:
    """Show one answer."""
    return _page(request, access_answer(actor_of(request), id), Forms())


def act(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Do something with an answer."""
    actor = actor_of(request)
    found = access_answer(actor, id)
    if move == "contact":
        # Never by redirect: what is shown once stands in no address and in no cache.
        return _page(request, found, Forms(), contact=actions.read_contact(found, actor=actor))
    if move not in MOVES:
        raise NotFound
    done, do = MOVES[move]
    forms = attempt(request, move, LABELS, lambda: do(request, found, actor))
    if forms is not None:
        return _page(request, access_answer(actor, id), forms)
    messages.success(request, str(done))
    return HttpResponseRedirect(reverse("answer", kwargs={"id": id}))


def file(request: HttpRequest, id: int, file_id: int) -> HttpResponseBase:
    """Give a file that the public sent, to be saved and never opened by the browser itself."""
    found = access_answer(actor_of(request), id).files.select_related("file").filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return FileResponse(
        open_file(found.file), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )


def _assign(request: HttpRequest, found: Answer, actor: User) -> None:
    department, handler = number(request.POST.get("department", "")), number(request.POST.get("handler", ""))
    actions.assign_answer(
        found,
        actor=actor,
        department=Unit.objects.filter(pk=department).first() if department else None,
        handler=User.objects.filter(pk=handler).first() if handler else None,
        version=version_of(request),
    )


def _reply(request: HttpRequest, found: Answer, actor: User) -> None:
    sent = request.POST
    kind, text, result = sent.get("kind", ""), sent.get("text", ""), sent.get("result", "")
    actions.reply(found, kind, text, actor=actor, result=result, version=version_of(request))


def _set_aside(request: HttpRequest, found: Answer, actor: User) -> None:
    actions.set_aside(found, request.POST.get("reason", ""), actor=actor, version=version_of(request))


def _separate(request: HttpRequest, found: Answer, actor: User) -> None:
    actions.separate_answer(found, actor=actor)


MOVES: dict[str, tuple[Promise, Callable[[HttpRequest, Answer, User], None]]] = {
    "assign": (gettext_lazy("已分办。"), _assign),
    "reply": (gettext_lazy("已回复，凭查询码可以看到。"), _reply),
    "set-aside": (gettext_lazy("已登记不予办理。"), _set_aside),
    "separate": (gettext_lazy("已分开办理，另行登记为信访件。"), _separate),
}
"""Move → what is said when it is done, and the act."""


def _page(request: HttpRequest, found: Answer, forms: Forms, contact: Contact | None = None) -> HttpResponse:
    actor = actor_of(request)
    first = found.same_as or found
    manages = may_manage(actor, found)
    petition = first.petition
    words = Word.objects.filter(answer__in={found.pk, first.pk}).select_related("by").order_by("at", "id")
    answer = page(
        request,
        "answers/answer.html",
        status=forms.status,
        it=found,
        first=first,
        forms=forms,
        words=[word for word in words if word.answer_id == found.pk or word.kind != Word.Kind.SUPPLEMENT],
        files=list(found.files.select_related("file")),
        copies=list(found.copies.order_by("pk")[:50]),
        nearby=from_the_same_place(found),
        contact=contact,
        manages=manages,
        open=found.ended_at is None and found.same_as_id is None,
        departments=list(departments_of(actor, found.unit)) if manages else [],
        people=list(candidates(found)) if manages else [],
        results=Petition.Result.choices,
        kinds=[(kind.value, kind.label) for kind in (Word.Kind.TOLD, Word.Kind.PROGRESS, Word.Kind.ANSWER)],
        petition=petition if petition is not None and may_read_petition(actor, petition) else None,
        petition_no=petition.no if petition is not None else "",
        today=timezone.localdate(),
    )
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _query(request: HttpRequest) -> Query:
    state = request.GET.get("state", "open")
    return Query(
        state if state in STATES else "",
        request.GET.get("q", "").strip()[:60],
        number(request.GET.get("page", "")) or 1,
    )
