"""Documents on their way in: uploading, watching them being read, and what became of them."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.findings.queries import access_round, visible_rounds
from zhenggai.intake import actions, queries
from zhenggai.intake.models import Import
from zhenggai.kit.errors import Explanation, UserError
from zhenggai.people.models import Unit
from zhenggai.people.queries import access_unit, bodies_for, own_body
from zhenggai.people.roles import Permission
from zhenggai.web.errors import MissingField, is_htmx, wants_json
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.views.finding import refuse_programs, send_file

PAGE_SIZE = 30
BUSY = (Import.State.WAITING, Import.State.READING)


def intake(request: HttpRequest) -> HttpResponse:
    """Show the upload form and the imports so far, or take files in."""
    if request.method == "POST":
        return _upload(request)
    return _intake_page(request, refused=[])


def _upload(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise MissingField(label=_("文件"))
    unit = access_unit(actor, _number(request.POST.get("unit", "")), Permission.IMPORT)
    wanted = request.POST.get("round", "")
    round_ = access_round(actor, _number(wanted), "intake.import") if wanted else None
    taken: list[Import] = []
    refused: list[tuple[str, Explanation]] = []
    for upload in uploads:
        name = upload.name or ""
        try:
            refuse_programs(name)
            source = cast(BinaryIO, upload)
            taken.append(actions.upload_document(actor=actor, unit=unit, source=source, name=name, round_=round_))
        except UserError as error:
            if wants_json(request) and len(uploads) == 1:
                raise
            refused.append((name, error.describe(lambda text: _(text) if text else "")))
    if refused:
        return _intake_page(request, refused=refused, status=422)
    if len(taken) == 1:
        return redirect("check", id=taken[0].pk)
    count = len(taken)
    messages.success(request, ngettext("已收到 %(n)s 份文件。", "已收到 %(n)s 份文件。", count) % {"n": count})
    return redirect("intake")


def _intake_page(request: HttpRequest, refused: list[tuple[str, Explanation]], status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = queries.visible_imports(actor).select_related("unit", "round", "uploaded_by").defer("text", "draft")
    found = found.annotate(finding_count=_Length("draft__findings"), anomaly_count=_Length("draft__anomalies"))
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    busy = any(document.state in BUSY for document in shown)
    if is_htmx(request):
        return fragment(request, "intake/_list.html", imports=shown, busy=busy)
    return page(
        request,
        "intake/intake.html",
        status=status,
        imports=shown,
        busy=busy,
        refused=refused,
        bodies=bodies_for(actor, Permission.IMPORT),
        own=_own_id(own_body(actor)),
        rounds=list(visible_rounds(actor, "intake.import")),
    )


def progress(request: HttpRequest, id: int) -> HttpResponse:
    """Say how far the reading is; when it is over, have the page opened anew."""
    document = queries.access_import(actor_of(request), id)
    if document.state not in BUSY:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return fragment(request, "intake/_progress.html", document=document, stale=queries.is_stale(document))


def retry(request: HttpRequest, id: int) -> HttpResponse:
    """Read the document again."""
    actor = actor_of(request)
    actions.retry_read(queries.access_import(actor, id), actor=actor)
    return redirect("check", id=id)


def discard(request: HttpRequest, id: int) -> HttpResponse:
    """Give the document up; nothing of it enters the record."""
    actor = actor_of(request)
    document = actions.discard_import(queries.access_import(actor, id), actor=actor)
    messages.success(request, _("已放弃导入“%(name)s”，台账没有变动。") % {"name": document.name})
    return redirect("intake")


def original(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send the uploaded file as it came."""
    document = queries.access_import(actor_of(request), id)
    return send_file(document.file, document.name)


class _Length(Func):
    """Length of a JSON list, counted by the database: drafts are too large to be read for a list of imports."""

    function = "JSONB_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Return the same for SQLite, which calls it otherwise."""
        return super().as_sql(compiler, connection, function="JSON_ARRAY_LENGTH", **context)


def _own_id(unit: Unit | None) -> int | None:
    return unit.pk if unit is not None else None


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
