"""A ledger made from a table: upload, look at what is proposed, adjust it, declare it, bring its rows in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import open_file
from zhenggai.kit.errors import BadFile, BadInput, Conflict, UserError
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import BadDeclaration
from zhenggai.ledgers.grids import TableGrid, read_grids
from zhenggai.ledgers.importing import actions as importing
from zhenggai.ledgers.names import Names
from zhenggai.packs.declarations import FieldType
from zhenggai.packs.proposing import Proposal, ProposedField, as_yaml, propose
from zhenggai.packs.reading import Problem
from zhenggai.people.models import User
from zhenggai.people.queries import bodies_for, own_body
from zhenggai.people.roles import Permission
from zhenggai.web import ledger_words as words
from zhenggai.web.acts import number
from zhenggai.web.errors import BadRequest, MissingField
from zhenggai.web.pages import actor_of, page
from zhenggai.web.views.finding import refuse_programs
from zhenggai.web.views.ledgers.rows import kept

SALT = "zhenggai.web.design"
HOLD_SECONDS = 4 * 3600
SAMPLES = 3
"""Values of each column that are shown."""
OFFERED = tuple(kind for kind in FieldType if kind not in (FieldType.REFERENCE, FieldType.PERSON))
_CODE = re.compile(r"[a-z][a-z0-9_]{0,47}")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the form of a new ledger holds."""

    proposal: Proposal
    """Fields, key and date as proposed or as adjusted."""
    code: str
    """Code of the ledger."""
    group: str
    """Heading it stands under."""
    one: str
    """What a row is called."""
    about: str
    """What it is for."""


def design(request: HttpRequest) -> HttpResponse:
    """Take a table, show the ledger proposed for it, and make it once it is as the person wants it."""
    actor = actor_of(request)
    if request.method != "POST":
        return page(request, "ledgers/design.html", error=None)
    if "token" in request.POST:
        return _make(request, actor)
    try:
        upload = request.FILES.get("file")
        if upload is None:
            raise MissingField(label=_("文件"))
        refuse_programs(upload.name or "")
        stored = store_file(actor=actor, source=cast(BinaryIO, upload), name=upload.name or "")
        grids = read_grids(stored, upload.name or "")
    except (BadFile, BadInput, Conflict) as refused:
        error = kept(request, refused)
        return page(request, "ledgers/design.html", status=error.status, error=error.describe(gettext))
    # The sheet with the most rows is the one that is meant, as long as nobody says otherwise.
    index = max(range(len(grids)), key=lambda each: (grids[each].rows, -each))
    return _sketch_page(
        request, actor, stored, upload.name or "", grids, index, _proposed(grids[index], upload.name or "")
    )


def _make(request: HttpRequest, actor: User) -> HttpResponse:
    stored, name = _held(request, actor)
    grids = read_grids(stored, name)
    index = min(number(request.POST.get("table", "")) or 0, len(grids) - 1)
    first = _proposed(grids[index], name)
    if "other" in request.POST:
        return _sketch_page(request, actor, stored, name, grids, index, first)
    sketch = _adjusted(request, first)
    problems: Sequence[Problem] = ()
    error: UserError | None = None
    try:
        if not _CODE.fullmatch(sketch.code) or sketch.code in queries.current().ledgers:
            problems = (
                Problem("", 0, "", _("代码应由小写字母开头，只含小写字母、数字和下划线，且没有被别的台账使用。")),
            )
            raise BadDeclaration.of(sketch.code, problems)
        files = _files(sketch)
        # A set of values of the same code would take the place of another ledger's.
        taken = [each for each in queries.current().enumerations if f"enumerations/{each}.yaml" in files]
        if taken:
            words_ = _("可选的值所用的代码“%(code)s”已被别的台账使用，请换一个台账代码。") % {"code": taken[0]}
            raise BadDeclaration.of(sketch.code, (Problem("", 0, "", words_),))
        actions.save_declaration(files, actor=actor, code=sketch.code)
    except BadDeclaration as refused:
        kept(request, refused)
        problems = refused.problems
    except (BadInput, Conflict) as refused:
        error = kept(request, refused)
    else:
        return _bring_rows(request, actor, sketch, stored, name)
    return _sketch_page(request, actor, stored, name, grids, index, sketch, problems=problems, error=error)


def _bring_rows(request: HttpRequest, actor: User, sketch: Sketch, stored: StoredFile, name: str) -> HttpResponse:
    """Begin to bring the rows of the same file in, for the body chosen; the person looks at them once more."""
    bodies = bodies_for(actor, Permission.IMPORT_LEDGERS)
    wanted = number(request.POST.get("body", ""))
    body = next((each for each in bodies if each.pk == wanted), bodies[0] if bodies else None)
    messages.success(request, _("已建立台账“%(label)s”。") % {"label": sketch.proposal.label})
    if "rows" not in request.POST or body is None:
        return HttpResponseRedirect(reverse("ledger", kwargs={"code": sketch.code}))
    with open_file(stored) as source:
        made = importing.start_import(sketch.code, actor=actor, body=body, source=source, name=name)
    return HttpResponseRedirect(reverse("ledger-import-one", kwargs={"id": made.pk}))


def _held(request: HttpRequest, actor: User) -> tuple[StoredFile, str]:
    try:
        key, owner, name = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=HOLD_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise BadRequest from error
    stored = StoredFile.objects.filter(pk=key).first()
    if stored is None or owner != actor.pk:
        raise BadRequest
    return stored, str(name)


def _proposed(grid: TableGrid, name: str) -> Sketch:
    declared = queries.current().ledgers
    known = {field.label: field.code for ledger in declared.values() for field in ledger.fields}
    found = propose(grid.cells, name=grid.name or name.rsplit(".", 1)[0], known=known, names=_names())
    free = next(number for number in range(1, 10_000) if f"own_{number}" not in declared)
    return Sketch(found, f"own_{free}", _("本单位台账"), _("记录"), "")


def _names() -> dict[FieldType, Callable[[str], bool]]:
    """Return what tells whether a text, not a number, names a unit or a department."""
    names = Names()
    return {
        FieldType.UNIT: lambda text: not text.isdigit() and names.unit(text) is not None,
        FieldType.DEPARTMENT: lambda text: names.department(text) is not None,
    }


def _adjusted(request: HttpRequest, first: Sketch) -> Sketch:
    """Return what the form says, over what was proposed."""
    post = request.POST
    fields, codes = [], {}
    for each in first.proposal.fields:
        n = each.column
        kind = post.get(f"type.{n}", each.type.value)
        code = post.get(f"code.{n}", each.code).strip()
        personal = post.get(f"personal.{n}", "")
        values = tuple(dict.fromkeys(line.strip() for line in post.get(f"values.{n}", "").split("\n") if line.strip()))
        fields.append(
            replace(
                each,
                label=post.get(f"label.{n}", "").strip()[:60] or each.label,
                code=code,
                type=FieldType(kind) if kind in set(OFFERED) else each.type,
                unit=post.get(f"unit.{n}", "").strip()[:10] or None,
                values=values or each.values,
                required=f"required.{n}" in post,
                unique=f"unique.{n}" in post,
                personal=personal if personal in words.PERSONAL else None,
                keep=f"keep.{n}" in post,
            )
        )
        codes[str(n)] = code
    keep = {field.code for field in fields if field.keep}
    key = tuple(codes[each] for each in post.getlist("key") if each in codes and codes[each] in keep)
    dated = codes.get(post.get("date", ""), "")
    proposal = replace(
        first.proposal,
        label=post.get("label", "").strip()[:60] or first.proposal.label,
        fields=tuple(fields),
        key=key,
        date=dated if dated in keep else None,
    )
    return Sketch(
        proposal,
        post.get("ledger", "").strip(),
        post.get("group", "").strip()[:40] or first.group,
        post.get("one", "").strip()[:20] or first.one,
        post.get("about", "").strip()[:1000],
    )


def _files(sketch: Sketch) -> dict[str, str]:
    """Return the files that declare a sketch; what people typed is written as quoted text, which no YAML reads otherwise."""
    files = as_yaml(_safe(sketch.proposal), code=sketch.code)
    path = f"ledgers/{sketch.code}.yaml"
    said = {"about": sketch.about, "group": sketch.group, "one": sketch.one}
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in said.items() if text]
    kept_lines = [line for line in files[path].split("\n") if not (sketch.about and line.startswith("about: "))]
    kept_lines[2:2] = lines
    files[path] = "\n".join(kept_lines)
    return files


def _safe(proposal: Proposal) -> Proposal:
    """Return a proposal whose codes are codes: another text would be another declaration."""
    wrong = [each for each in proposal.fields if each.keep and not _CODE.fullmatch(each.code)]
    if wrong:
        said = tuple(
            Problem(
                "", 0, "", _("“%(label)s”的代码应由小写字母开头，只含小写字母、数字和下划线。") % {"label": each.label}
            )
            for each in wrong
        )
        raise BadDeclaration.of(proposal.label, said)
    return proposal


def _sketch_page(
    request: HttpRequest,
    actor: User,
    stored: StoredFile,
    name: str,
    grids: list[TableGrid],
    index: int,
    sketch: Sketch,
    *,
    problems: Sequence[Problem] = (),
    error: UserError | None = None,
) -> HttpResponse:
    own = own_body(actor)
    return page(
        request,
        "ledgers/sketch.html",
        status=422 if problems or error else 200,
        name=name,
        token=signing.dumps([stored.pk, actor.pk, name], salt=SALT),
        grids=grids,
        index=index,
        sketch=sketch,
        proposal=sketch.proposal,
        rows=_rows(sketch.proposal, grids[index]),
        samples={each.column: _samples(sketch.proposal, each, grids[index]) for each in sketch.proposal.fields},
        types=[(kind.value, words.TYPES[kind]) for kind in OFFERED],
        personal=words.PERSONAL,
        bodies=bodies_for(actor, Permission.IMPORT_LEDGERS),
        own=own.pk if own else None,
        problems=problems,
        error=error.describe(gettext) if error else None,
    )


def _rows(proposal: Proposal, grid: TableGrid) -> int:
    """Return how many rows the table has: of a long one, more than were looked at."""
    return grid.rows - proposal.first_row if grid.rows > len(grid.cells) else proposal.rows


def _samples(proposal: Proposal, field: ProposedField, grid: TableGrid) -> list[str]:
    rows = grid.cells[proposal.first_row : proposal.first_row + 200]
    found = (row[field.column] for row in rows if field.column < len(row))
    return list(dict.fromkeys(str(text)[:24] for text in found if text))[:SAMPLES]
