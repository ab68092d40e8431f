"""The editor of a notice: its text, what is said of it while typing, numbering, masks, versions and their differences."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenggai.kit.errors import Explanation
from zhenggai.notices import actions
from zhenggai.notices.actions.writing import read_typed
from zhenggai.notices.anchors import follow
from zhenggai.notices.blocks import BLOCK_LABELS, Block, BlockKind, by_id
from zhenggai.notices.gate import examine
from zhenggai.notices.models import Notice
from zhenggai.notices.queries import Body, access_notice, access_version, body_of
from zhenggai.notices.transitions import WRITE
from zhenggai.notices.wording import styles
from zhenggai.people.access import may
from zhenggai.web.acts import read_day
from zhenggai.web.errors import BadRequest
from zhenggai.web.notice_rail import build_rail, numbers_of, outline_of
from zhenggai.web.pages import actor_of, fragment, page
from zhenggai.web.reading import attempt, optional_key
from zhenggai.web.views.notices.listing import SHAPES

ADDABLE = (
    BlockKind.LEAD,
    BlockKind.PARAGRAPH,
    BlockKind.SECTION,
    BlockKind.ASPECT,
    BlockKind.PROBLEM,
    BlockKind.DETAIL,
    BlockKind.MEASURE,
    BlockKind.OUTCOME,
    BlockKind.FOLLOW_UP,
)
"""Kinds of blocks that may be added by hand."""


def edit(request: HttpRequest, id: int) -> HttpResponse:
    """Show the editor, or save what was typed."""
    actor = actor_of(request)
    found = access_notice(actor, id, WRITE)
    if found.state != Notice.State.DRAFTING and request.method == "GET":
        return redirect("notice", id=id)
    body = body_of(found)
    error: Explanation | None = None
    status = 200
    blocks: tuple[Block, ...] = body.blocks
    if request.method == "POST":
        typed = _typed(request)
        version = optional_key(request.POST.get("version")) or 0
        saved, error, status = attempt(request, lambda: actions.save_notice(found, typed, actor=actor, version=version))
        if saved is not None:
            then = request.POST.get("then", "")
            if then.startswith("bind:"):
                return redirect(_bind_address(found, then.removeprefix("bind:")))
            if then == "submit":
                actions.submit_notice(Notice.objects.get(pk=found.pk), actor=actor)
                messages.success(request, _("已提交审批。"))
                return redirect("notice", id=id)
            messages.success(request, _("已保存为第 %(no)s 版。") % {"no": saved.no})
            return redirect("notice-edit", id=id)
        blocks = read_typed(typed, body.blocks)
    return _editor(request, found, body, blocks, error, status)


def _editor(
    request: HttpRequest,
    notice: Notice,
    body: Body,
    blocks: tuple[Block, ...],
    error: Explanation | None,
    status: int,
) -> HttpResponse:
    anchors, _lost = follow(body.blocks, blocks, body.anchors)
    seen = examine(notice, approval=False, body=Body(body.version, blocks, tuple(anchors)))
    numbers = numbers_of(seen)
    changed = [key for key, block in by_id(blocks).items() if by_id(body.blocks).get(key) != block] if error else []
    return page(
        request,
        "notices/editor.html",
        status=status,
        notice=notice,
        body=body,
        blocks=blocks,
        version=request.POST.get("version") or notice.version,
        rail=build_rail(seen),
        seen=seen,
        numbers=numbers,
        outline=outline_of(blocks, numbers),
        labels=BLOCK_LABELS,
        addable=[(kind.value, BLOCK_LABELS[kind]) for kind in ADDABLE],
        styles=list(styles().values()),
        error=error,
        changed=set(changed),
        latest=by_id(body.blocks) if error else {},
    )


def check(request: HttpRequest, id: int) -> HttpResponse:
    """Say what is to be said of the text as it is being typed; nothing is kept."""
    found = access_notice(actor_of(request), id, WRITE)
    body = body_of(found)
    blocks = read_typed(_typed(request), body.blocks)
    anchors, _lost = follow(body.blocks, blocks, body.anchors)
    seen = examine(found, approval=False, body=Body(body.version, blocks, tuple(anchors)))
    return fragment(
        request, "notices/_rail.html", notice=found, rail=build_rail(seen), seen=seen, live=True, labels=BLOCK_LABELS
    )


def restyle(request: HttpRequest, id: int) -> HttpResponse:
    """Give the notice another numbering style."""
    return _act(
        request,
        id,
        lambda notice, version: actions.restyle_notice(
            notice, request.POST.get("style", ""), actor=actor_of(request), version=version
        ),
        _("已换编号样式，文字没有变化。"),
    )


def recompose(request: HttpRequest, id: int) -> HttpResponse:
    """Write the notice anew from the record."""
    as_of = read_day(request, "as_of", _("截至日期"))
    return _act(
        request,
        id,
        lambda notice, version: actions.recompose_notice(notice, actor=actor_of(request), version=version, as_of=as_of),
        _("已由台账重新写成；人工修改过的文字在历次版本中可以查看和恢复。"),
    )


def renew(request: HttpRequest, id: int) -> HttpResponse:
    """Write what the sources give now in the place of stale figures."""
    one = optional_key(request.POST.get("binding"))
    return _act(
        request,
        id,
        lambda notice, version: actions.renew_figures(
            notice, actor=actor_of(request), version=version, bindings=[one] if one is not None else None
        ),
        _("已按来源更新。"),
    )


def reread(request: HttpRequest, id: int) -> HttpResponse:
    """Ask the sources of all figures anew."""
    return _act(
        request,
        id,
        lambda notice, _version: actions.reread_figures(notice, actor=actor_of(request)),
        _("已重新核对全部来源。"),
    )


def mask(request: HttpRequest, id: int) -> HttpResponse:
    """Mask what may not be public."""
    quotes = None
    if "quote" in request.POST:
        quotes = [(request.POST.get("kind", ""), request.POST.get("quote", ""))]
    return _act(
        request,
        id,
        lambda notice, version: actions.mask_found(notice, actor=actor_of(request), version=version, quotes=quotes),
        _("已遮蔽。"),
    )


def keep(request: HttpRequest, id: int) -> HttpResponse:
    """Answer for it that something is public."""
    given = request.POST
    return _act(
        request,
        id,
        lambda notice, _version: actions.keep_found(
            notice, given.get("kind", ""), given.get("quote", ""), actor=actor_of(request), reason=given.get("why", "")
        ),
        _("已准予公开，理由已记录。"),
    )


def versions(request: HttpRequest, id: int) -> HttpResponse:
    """List the versions of a notice, and the differences between two of them."""
    actor = actor_of(request)
    found = access_notice(actor, id)
    rows = list(found.versions.select_related("by").defer("blocks", "anchors"))
    newer = optional_key(request.GET.get("to")) or found.version
    older = optional_key(request.GET.get("from")) or max(1, newer - 1)
    now, then = (body_of(found, access_version(actor, found, no).no) for no in (newer, older))
    return page(
        request,
        "notices/versions.html",
        notice=found,
        rows=rows,
        newer=now,
        older=then,
        changes=_changes(then.blocks, now.blocks),
        labels=BLOCK_LABELS,
        styles=styles(),
        may_restore=found.state == Notice.State.DRAFTING and may(actor, WRITE, found.unit),
        shapes=SHAPES,
    )


def restore(request: HttpRequest, id: int, no: int) -> HttpResponse:
    """Let an earlier version be the newest again."""
    return _act(
        request,
        id,
        lambda notice, version: actions.restore_version(notice, no, actor=actor_of(request), version=version),
        _("已恢复第 %(no)s 版的文字和绑定。") % {"no": no},
    )


def _act(request: HttpRequest, id: int, act: Callable[[Notice, int], object], told: str) -> HttpResponse:
    found = access_notice(actor_of(request), id, WRITE)
    act(found, optional_key(request.POST.get("version")) or found.version)
    messages.success(request, told)
    return redirect("notice-edit", id=id)


def _typed(request: HttpRequest) -> list[actions.Typed]:
    """Return the blocks of a form, in the order that it says: ``id:kind`` of each, parted by commas."""
    found = []
    for each in request.POST.get("order", "").split(","):
        key, _colon, kind = each.partition(":")
        if key:
            found.append(actions.Typed("" if key.startswith("new") else key, kind, request.POST.get(f"t-{key}", "")))
    if not found:
        raise BadRequest
    return found


def _bind_address(notice: Notice, place: str) -> str:
    block, _colon, span = place.partition(":")
    start, _dash, end = span.partition("-")
    return reverse("notice-bind", kwargs={"id": notice.pk}) + f"?block={block}&start={start}&end={end}"


def _changes(before: tuple[Block, ...], after: tuple[Block, ...]) -> list[tuple[Block, str, list[tuple[str, str]]]]:
    """Return the blocks that differ: block, what became of it, its text as pieces that stayed, came or went."""
    old, new = by_id(before), by_id(after)
    found = []
    for block in after:
        was = old.get(block.id)
        if was is None:
            found.append((block, "added", [("added", block.text)]))
        elif was.text != block.text:
            found.append((block, "changed", _pieces(was.text, block.text)))
        elif was.status != block.status:
            found.append((block, "status", [("same", block.text)]))
    found += [(block, "removed", [("removed", block.text)]) for block in before if block.id not in new]
    return found


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for tag, one, two, three, four in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", before[one:two]))
            continue
        if before[one:two]:
            pieces.append(("removed", before[one:two]))
        if after[three:four]:
            pieces.append(("added", after[three:four]))
    return pieces
