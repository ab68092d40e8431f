"""Files beside a row: put there, looked at as we draw them, sent, taken away."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.files.previews import picture_of
from zhenggai.ledgers import actions, queries
from zhenggai.people.roles import Permission
from zhenggai.web.acts import attempt
from zhenggai.web.errors import MissingField
from zhenggai.web.pages import actor_of, page
from zhenggai.web.previews import look_at_file
from zhenggai.web.views.finding import refuse_programs, send_file
from zhenggai.web.views.ledgers.rows import show_row

ATTACH: dict[str, str | Promise] = {"file": gettext_lazy("文件")}


def attach(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Put a file beside a row."""
    actor = actor_of(request)
    it = queries.access_row(actor, code, id, Permission.KEEP_LEDGERS)

    def act() -> None:
        upload = request.FILES.get("file")
        if upload is None:
            raise MissingField(label=ATTACH["file"])
        name, note = upload.name or "", request.POST.get("note", "")
        refuse_programs(name)
        actions.attach_file(it, actor=actor, source=cast(BinaryIO, upload), name=name, note=note)
        messages.success(request, _("已上传附件“%(name)s”。") % {"name": name})

    forms = attempt(request, "attach", ATTACH, act)
    if forms is not None:
        return show_row(request, code, str(id), forms)
    string = request.GET.urlencode()
    address = reverse("ledger-row", kwargs={"code": code, "id": id})
    return HttpResponseRedirect(address + (f"?{string}" if string else "") + "#attachments")


def attachment(request: HttpRequest, id: int) -> HttpResponse:
    """Show a file as we draw it, or the sentence why it cannot be shown."""
    found = queries.access_attachment(actor_of(request), id)
    ledger = queries.access_declared(found.row.ledger)
    return page(
        request,
        "ledgers/attachment.html",
        attachment=found,
        row=found.row,
        ledger=ledger,
        look=look_at_file(found.file, found.name),
    )


def attachment_page(request: HttpRequest, id: int, no: int) -> HttpResponseBase:
    """Send the picture of one page of a file, drawn by us."""
    found = queries.access_attachment(actor_of(request), id)
    path, media_type = picture_of(found.file, no, found.name)
    answer = FileResponse(path.open("rb"), content_type=media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def attachment_file(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send a file as a download."""
    found = queries.access_attachment(actor_of(request), id)
    return send_file(found.file, found.name)


def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Take a file away from its row; it stays in the trail."""
    actor = actor_of(request)
    held = queries.access_attachment(actor, id, Permission.KEEP_LEDGERS)
    actions.withdraw_attachment(held, actor=actor)
    messages.success(request, _("已撤下附件“%(name)s”。") % {"name": held.name})
    address = reverse("ledger-row", kwargs={"code": held.row.ledger, "id": held.row_id})
    return HttpResponseRedirect(f"{address}#attachments")
