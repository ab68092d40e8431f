"""The ledger as an Excel file: out, and back in after a preview."""

from __future__ import annotations

import secrets
from typing import BinaryIO, cast
from urllib.parse import quote

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import open_file
from zhenggai.findings import actions, queries
from zhenggai.findings.queries import LedgerQuery, WorkbookRow
from zhenggai.web.errors import BadRequest, MissingField
from zhenggai.web.pages import actor_of, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "zhenggai.web.workbook"
HOLD_SECONDS = 3600
RESULT = "workbook_result"
"""Where the session keeps what the last workbook did, so that the page that says so can be opened again."""
MOST_SHOWN = 500


def export(request: HttpRequest) -> HttpResponse:
    """Send the findings that match as a workbook."""
    actor = actor_of(request)
    query = LedgerQuery.parse(dict(request.GET.lists()), default_sort=queries.default_sort(actor))
    answer = HttpResponse(actions.export_ledger(query, actor=actor), content_type=XLSX)
    name = _("问题台账") + f"-{timezone.localdate():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename=\"findings.xlsx\"; filename*=UTF-8''{quote(name)}"
    return answer


def workbook(request: HttpRequest) -> HttpResponse:
    """Take a workbook, and show what it would change."""
    if request.method != "POST":
        string = LedgerQuery.parse(dict(request.GET.lists())).to_string() if request.GET else ""
        return page(request, "findings/workbook.html", preview=None, query=string, back=_back(string))
    actor = actor_of(request)
    string = LedgerQuery.parse_string(request.POST.get("query", "")).to_string()
    upload = request.FILES.get("file")
    if upload is None:
        raise MissingField(label=_("文件"))
    stored = store_file(actor=actor, source=cast(BinaryIO, upload), name=upload.name or "")
    with open_file(stored) as file:
        preview = queries.preview_workbook(actor, file)
    # What is refused, emptied or doubtful comes first: it is what somebody has to look at.
    shown = sorted((row for row in preview.rows if row.kind != "unchanged"), key=_needs_no_look)
    return page(
        request,
        "findings/workbook.html",
        preview=preview,
        query=string,
        back=_back(string),
        name=upload.name,
        rows=shown[:MOST_SHOWN],
        hidden_rows=max(0, len(shown) - MOST_SHOWN),
        warned=sum(bool(row.warnings) for row in preview.rows),
        token=signing.dumps([stored.pk, actor.pk, secrets.token_hex(16)], salt=SALT),
    )


def apply(request: HttpRequest) -> HttpResponse:
    """Write what the previewed workbook changes."""
    actor = actor_of(request)
    try:
        key, owner, nonce = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=HOLD_SECONDS)
    except (signing.BadSignature, ValueError) as error:  # also what an earlier version signed
        raise BadRequest from error
    stored = StoredFile.objects.filter(pk=key).first()
    if stored is None or owner != actor.pk:
        raise BadRequest
    with open_file(stored) as file:
        result = actions.apply_workbook(file, actor=actor, nonce=nonce)
    string = LedgerQuery.parse_string(request.POST.get("query", "")).to_string()
    request.session[RESULT] = {
        "changed": result.changed + result.measures_changed,
        "added": result.created + result.measures_created,
        "refused": result.refused,
        "rows": [
            [f"{row.sheet} {row.place or row.number}", row.label, row.reason] for row in result.refused_rows[:200]
        ],
        "absent": [row.label for row in result.preview.absent[:100]],
        "absent_count": len(result.preview.absent),
        "query": string,
    }
    return redirect("workbook-done")


def done(request: HttpRequest) -> HttpResponse:
    """Say what the last workbook of this session changed, and why rows of it were refused."""
    result = request.session.get(RESULT)
    if result is None:
        return redirect("workbook")
    return page(request, "findings/workbook_done.html", result=result, back=_back(result["query"]))


def _needs_no_look(row: WorkbookRow) -> bool:
    return not (row.kind == "refused" or row.clears or row.warnings)


def _back(string: str) -> str:
    """Return the address of the list that the workbook was asked for from."""
    return reverse("findings") + (f"?{string}" if string else "")
