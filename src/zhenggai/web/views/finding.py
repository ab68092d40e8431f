"""One finding: reading, editing, its measures and attachments, its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.files.errors import ForbiddenType
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import open_file
from zhenggai.findings import actions, queries
from zhenggai.findings.changes import is_governed
from zhenggai.findings.deadlines import is_understood
from zhenggai.findings.fields import FINDING_FIELDS, GOVERNED, GOVERNED_OF_MEASURE, MEASURE_FIELDS, Field
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, Measure, Status
from zhenggai.findings.queries import LedgerQuery
from zhenggai.intake.models import Import
from zhenggai.intake.queries import visible_imports
from zhenggai.kit.errors import BadInput, Conflict, UserError
from zhenggai.people.access import may
from zhenggai.people.models import User
from zhenggai.web.acts import EMPTY_FORMS, Forms
from zhenggai.web.errors import MissingField, wants_json
from zhenggai.web.loop_page import measure_words, view_loop
from zhenggai.web.pages import actor_of, page
from zhenggai.workflow.models import Criterion, Evidence, Outcome
from zhenggai.workflow.queries import loop_of

EDIT_FIELDS = (
    "title", "no", "kind", "aspect", "description", "completion_criteria", "status", "supervisor_text",
    "leader", "department", "assist", "owner", "due",
)  # fmt: skip
PROGRAM_ENDINGS = (
    ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".hta", ".jar",
    ".lnk", ".reg", ".cpl", ".sh", ".py", ".apk", ".app",
)  # fmt: skip
MEASURE_FORM = ("text", "nature", "criterion", "progress", "status", "leader", "department", "assist", "owner", "due")


def finding(request: HttpRequest, id: int) -> HttpResponse:
    """Show one finding, with its neighbours in the list it was opened from."""
    return show_finding(request, id)


def show_finding(request: HttpRequest, id: int, forms: Forms = EMPTY_FORMS) -> HttpResponse:
    """Show one finding, once more with what was refused when a form of its page was."""
    actor = actor_of(request)
    found = queries.access_finding(actor, id)
    query = LedgerQuery.parse(dict(request.GET.lists()), default_sort=queries.default_sort(actor)).without_place()
    string = query.to_string()
    line = line_on()
    shown = queries.finding_page(actor, found, line)
    view = view_loop(loop_of(actor, found, line), shown.history)
    return page(
        request,
        "findings/finding.html",
        status=forms.status,
        it=shown,
        view=view,
        finding=found,
        loop_page=view.loop,
        forms=forms,
        due_understood=is_understood(found.due_on, found.due_text),
        now=timezone.now(),
        today=timezone.localdate(),
        near=queries.neighbours(actor, query, found),
        list_string=string,
        back=reverse("findings") + (f"?{string}" if string else ""),
        chosen_measure=request.GET.get("measure", ""),
        evidence_kinds=Evidence.Kind.choices,
        criterion_kinds=[each for each in Criterion.Kind.choices if each[0] in ("confirmation", "document")],
        outcomes=Outcome.choices,
        measure_words=measure_words,
        sees_around=may(actor, "oversight.view"),
    )


def edit(request: HttpRequest, id: int) -> HttpResponse:
    """Show the form of a finding, or save it."""
    actor = actor_of(request)
    found = queries.access_finding(actor, id)
    shown = queries.finding_page(actor, found)
    allowed = [
        name
        for name in EDIT_FIELDS
        if shown.may_edit or (shown.may_assign and FINDING_FIELDS[name].permission == "findings.assign")
    ]
    if not allowed:
        queries.access_finding(actor, id, "findings.edit")
    governed = is_governed(found)
    if governed:
        allowed = [name for name in allowed if name not in GOVERNED]
    values: dict[str, Any] = {name: _held(found, FINDING_FIELDS[name]) for name in allowed}
    given, error = _attempt(
        request,
        FINDING_FIELDS,
        values,
        lambda changed, version: actions.update_finding(found, changed, actor=actor, version=version),
    )
    if request.method == "POST" and error is None:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("finding", kwargs={"id": id}))
    return page(
        request,
        "findings/edit.html",
        status=error.status if error else 200,
        finding=found,
        governed=governed,
        values=given,
        allowed=set(allowed),
        version=request.POST.get("version", str(found.version)),
        choices=queries.assignment_choices(actor, found.round),
        aspects=list(found.round.aspects.all()),
        kinds=Finding.Kind.choices,
        statuses=Status.choices,
        **_said(error, FINDING_FIELDS),
    )


def measure(request: HttpRequest, id: int, measure_id: int | None = None) -> HttpResponse:
    """Show the form of a measure, new or present, or save it."""
    actor = actor_of(request)
    found = queries.access_finding(actor, id, "findings.edit")
    held = queries.access_measure(actor, measure_id, "findings.edit") if measure_id else None
    governed = is_governed(found)
    shown = [MEASURE_FIELDS[name] for name in MEASURE_FORM if not (governed and name in GOVERNED_OF_MEASURE)]
    values: dict[str, Any] = {
        field.name: _held(held, field) if held else [] if field.kind == "units" else "" for field in shown
    }

    def save(changed: Mapping[str, Any], version: int) -> Measure:
        if held is None:
            return actions.add_measure(found, changed, actor=actor, version=version)
        return actions.update_measure(held, changed, actor=actor, version=version)

    given, error = _attempt(request, MEASURE_FIELDS, values, save)
    if request.method == "POST" and error is None:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("finding", kwargs={"id": id}) + "#measures")
    return page(
        request,
        "findings/measure.html",
        status=error.status if error else 200,
        finding=found,
        governed=governed,
        measure=held,
        values=given,
        version=request.POST.get("version", str(found.version)),
        choices=queries.assignment_choices(actor, found.round),
        statuses=Status.choices,
        natures=Measure.Nature.choices,
        **_said(error, MEASURE_FIELDS),
    )


def withdraw_measure(request: HttpRequest, id: int, measure_id: int) -> HttpResponse:
    """Take a measure off its finding."""
    actor = actor_of(request)
    held = queries.access_measure(actor, measure_id, "findings.edit")
    actions.withdraw_measure(held, actor=actor, version=_version(request))
    messages.success(request, _("已撤下该措施。"))
    return HttpResponseRedirect(reverse("finding", kwargs={"id": held.finding_id}) + "#measures")


def attach(request: HttpRequest, id: int) -> HttpResponse:
    """Put a file beside a finding."""
    actor = actor_of(request)
    found = queries.access_finding(actor, id, "findings.attach")
    upload = request.FILES.get("file")
    if upload is None:
        raise MissingField(label=_("文件"))
    refuse_programs(upload.name or "")
    actions.attach_file(
        found, actor=actor, source=cast(BinaryIO, upload), name=upload.name or "", note=request.POST.get("note", "")
    )
    messages.success(request, _("已上传附件“%(name)s”。") % {"name": upload.name})
    return HttpResponseRedirect(reverse("finding", kwargs={"id": id}) + "#attachments")


def refuse_programs(name: str) -> None:
    """Refuse a file whose name says that it is a program; what its bytes say is the room ``files``' to judge.

    Raises:
        ForbiddenType: the name ends as programs and scripts do.
    """
    if name.lower().endswith(PROGRAM_ENDINGS):
        raise ForbiddenType(name=name)


def attachment(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send an attached file."""
    found = queries.access_attachment(actor_of(request), id)
    return send_file(found.file, found.name)


def withdraw_attachment(request: HttpRequest, id: int) -> HttpResponse:
    """Take a file away from a finding; it stays in the trail."""
    actor = actor_of(request)
    held = queries.access_attachment(actor, id, "findings.attach")
    actions.withdraw_attachment(held, actor=actor)
    messages.success(request, _("已撤下附件“%(name)s”。") % {"name": held.name})
    return HttpResponseRedirect(reverse("finding", kwargs={"id": held.finding_id}) + "#attachments")


def source_file(request: HttpRequest, id: int) -> HttpResponseBase:
    """Send the document a finding was read from."""
    found = queries.access_source(actor_of(request), id)
    return send_file(found.file, found.name)


def send_file(stored: StoredFile, name: str) -> FileResponse:
    """Return the bytes of *stored* as a download that no browser opens in our name."""
    answer = FileResponse(open_file(stored), as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def search(request: HttpRequest) -> HttpResponse:
    """Look for words among findings and imported files."""
    actor = actor_of(request)
    query = LedgerQuery.parse({"text": [request.GET.get("q", "")], "page_size": ["20"]})
    return page(
        request,
        "findings/search.html",
        search_text=query.text,
        found=queries.find_findings(actor, query) if query.text else None,
        ledger_address=reverse("findings") + "?" + urlencode({"text": query.text}),
        may_import=may(actor, "intake.import"),
        imports=_imports_named(actor, query.text),
    )


def _imports_named(actor: User, text: str) -> list[Import]:
    if not text or not may(actor, "intake.import"):
        return []
    return list(visible_imports(actor).filter(name__icontains=text).defer("text", "draft")[:20])


Save = Callable[[Mapping[str, Any], int], object]


def _attempt(
    request: HttpRequest, fields: Mapping[str, Field], values: dict[str, Any], save: Save
) -> tuple[dict[str, Any], UserError | None]:
    """Return what the form shows, and why it could not be saved."""
    if request.method != "POST":
        return values, None
    given = {name: _given(request, fields[name]) for name in values}
    try:
        save({name: value for name, value in given.items() if value != values[name]}, _version(request))
    except (BadInput, Conflict) as error:
        if wants_json(request):
            raise
        return given, error
    return given, None


def _given(request: HttpRequest, field: Field) -> Any:
    if field.kind == "units":
        return sorted(request.POST.getlist(field.name))
    return request.POST.get(field.name, "").replace("\r\n", "\n")


def _held(record: Finding | Measure, field: Field) -> Any:
    """Return what the form shows for a field of a record, in the shape the form sends it back."""
    match field.kind:
        case "units":
            return sorted(str(unit.pk) for unit in getattr(record, field.attribute).all())
        case "person" | "unit" | "aspect":
            return str(getattr(record, f"{field.attribute}_id") or "")
        case "due":
            return record.due_text or (record.due_on.isoformat() if record.due_on else "")
    return getattr(record, field.attribute)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _said(error: UserError | None, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return the error as the form shows it: beside its field when it names one, above the form otherwise."""
    if error is None:
        return {"error": None, "errors": {}}
    words = error.describe(gettext)
    label = str(error.slots.get("label", ""))
    names = [name for name, field in fields.items() if label and str(field.label) == label]
    beside = dict.fromkeys(names[:1], f"{words.what}{words.todo}")
    return {"error": None if beside else words, "errors": beside}
