"""What a figure of a draft rests on: choosing it, looking behind it, taking it away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenggai.files.queries import open_file
from zhenggai.findings.models import Aspect
from zhenggai.kit.errors import Explanation, NotFound
from zhenggai.ledgers.access import visible_ledgers
from zhenggai.notices import actions
from zhenggai.notices.blocks import Block
from zhenggai.notices.composing import shown
from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.errors import NoSuchSource
from zhenggai.notices.models import Binding, Notice
from zhenggai.notices.queries import access_binding, access_notice, body_of
from zhenggai.notices.sources import CountSource, Place, ask_count
from zhenggai.notices.suggesting import count_choices, evidence_choices, indicator_choices, quantity_at
from zhenggai.notices.transitions import WRITE
from zhenggai.people.access import current_posts, may
from zhenggai.people.models import User
from zhenggai.watch.between import Days, Question
from zhenggai.watch.queries import seen_bodies
from zhenggai.web.acts import numbers, read_day
from zhenggai.web.notice_sources import behind
from zhenggai.web.pages import actor_of, download, page
from zhenggai.web.reading import attempt, key_of, optional_key


def bind(request: HttpRequest, id: int) -> HttpResponse:
    """Show what a figure may rest on, or bind it."""
    actor = actor_of(request)
    found = access_notice(actor, id, WRITE)
    given = request.GET if request.method == "GET" else request.POST
    block, place = _place(found, given.get("block", ""), given.get("start"), given.get("end"))
    error: Explanation | None = None
    status = 200
    if request.method == "POST":
        done, error, status = attempt(request, lambda: _bind(request, actor, found, place))
        if done is not None:
            messages.success(request, _("“%(quote)s”已绑定：%(label)s。") % {"quote": place.quote, "label": done.label})
            return redirect(reverse("notice-edit", kwargs={"id": id}) + f"#b-{block.id}")
    return _page(request, actor, found, block, place, error, status)


def _page(
    request: HttpRequest,
    actor: User,
    notice: Notice,
    block: Block,
    place: Place,
    error: Explanation | None,
    status: int,
) -> HttpResponse:
    given = request.GET if request.method == "GET" else request.POST
    quantity = quantity_at(block, place)
    first, last, day = _days(given.get("first"), given.get("last"), given.get("day"), notice.as_of)
    ledger = given.get("ledger", "")
    days: Days | None = (first, last) if first and last and first <= last else None
    aspect = optional_key(given.get("aspect"))
    posts = current_posts().filter(unit__path__startswith=notice.unit.path).order_by().values("user_id")
    body = body_of(notice)
    held = next((each.binding for each in body.anchors if each.block == block.id and each.start == place.start), None)
    return page(
        request,
        "notices/bind.html",
        status=status,
        notice=notice,
        block=block,
        place=place,
        quantity=quantity,
        counts=count_choices(notice, quantity, aspect),
        aspects=list(Aspect.objects.filter(round=notice.round).order_by("order")),
        aspect=aspect,
        ledgers=[each for each in visible_ledgers(actor) if each.indicators],
        ledger=ledger,
        indicators=indicator_choices(actor, block, quantity, days=days, day=day, ledger=ledger),
        first=first,
        last=last,
        day=day,
        evidence=evidence_choices(actor, block),
        people=list(User.objects.filter(pk__in=posts, is_active=True).order_by("name", "pk")),
        held=Binding.objects.filter(pk=held).first() if held else None,
        error=error,
    )


def _bind(request: HttpRequest, actor: User, notice: Notice, place: Place) -> Binding:
    given = request.POST
    match given.get("kind"):
        case "count":
            source = CountSource(given.get("count", ""), optional_key(given.get("aspect")))
            return actions.bind_count(notice, place, source, actor=actor)
        case "indicator":
            return actions.bind_indicator(notice, place, _question(request, actor, notice), actor=actor)
        case "statement":
            upload = request.FILES.get("file")
            paper = actions.Paper(upload, upload.name or "") if upload is not None else None  # type: ignore[arg-type]  # Django's uploaded file reads like one
            voucher = User.objects.filter(pk=key_of(given.get("voucher"))).first()
            if voucher is None:
                raise NotFound
            return actions.bind_statement(
                notice,
                place,
                given.get("statement", ""),
                actor=actor,
                voucher=voucher,
                evidence=numbers(request, "evidence"),
                paper=paper,
            )
        case "not_a_figure":
            return actions.say_not_a_figure(notice, place, actor=actor, why=given.get("why", ""))
    raise NotFound


def _question(request: HttpRequest, actor: User, notice: Notice) -> Question:
    ledger_code, _dot, indicator = request.POST.get("indicator", "").partition(".")
    ledger = next((each for each in visible_ledgers(actor) if each.ledger == ledger_code), None)
    declared = next((each for each in ledger.indicators if each.indicator == indicator), None) if ledger else None
    bodies = seen_bodies(actor, ledger) if ledger else []
    if ledger is None or declared is None or not bodies:
        raise NoSuchSource(source=request.POST.get("indicator", "")[:60])
    first, last = read_day(request, "first", _("起始日期")), read_day(request, "last", _("截止日期"))
    day = read_day(request, "day", _("截至日期")) or notice.as_of
    dated = (first, last) if first and last and (declared.date or ledger.date) else None
    body = next((each for each in bodies if notice.unit.path.startswith(each.path)), bodies[0])
    return Question(ledger.ledger, indicator, body.pk, dated, day)


def figure(request: HttpRequest, id: int, binding: int) -> HttpResponse:
    """Show what a bound figure rests on, row by row."""
    actor = actor_of(request)
    bound = access_binding(actor, binding)
    if bound.notice_id != id:
        raise NotFound
    given = None
    rows: list[tuple[object, ...]] = []
    if bound.kind == Binding.Kind.COUNT:
        given = ask_count(bound, RecordCounts(bound.notice.round, bound.notice.as_of))
        rows = [(row.kind, row.key, row.label) for row in given.rows]
    part = request.GET.get("part", "numerator")
    anchor = next((each for each in body_of(bound.notice).anchors if each.binding == bound.pk), None)
    return page(
        request,
        "notices/figure.html",
        notice=bound.notice,
        publication=None,
        binding=bound,
        quote=anchor.quote if anchor else "",
        block=anchor.block if anchor else "",
        given=told(given.value if given is not None else bound.given),
        at=given.at if given is not None else bound.given_at,
        behind=behind(actor, bound, rows, as_of=None, part=part),
        may_edit=bound.notice.state == Notice.State.DRAFTING and may(actor, WRITE, bound.notice.unit),
    )


def told(given: Decimal | None) -> str:
    """Return what a source gave, as people read it."""
    return "" if given is None else shown(round(given, 4))


def file(request: HttpRequest, id: int, binding: int) -> HttpResponse:
    """Hand out the paper that proves a statement."""
    bound = access_binding(actor_of(request), binding)
    if bound.notice_id != id or bound.file is None:
        raise NotFound
    with open_file(bound.file) as stream:
        return download(stream.read(), bound.file_name or bound.file.name, "application/octet-stream")


def unbind(request: HttpRequest, id: int, binding: int) -> HttpResponse:
    """Take away what a figure rests on."""
    actor = actor_of(request)
    bound = access_binding(actor, binding, WRITE)
    if bound.notice_id != id:
        raise NotFound
    actions.unbind(bound.notice, bound, actor=actor)
    messages.success(request, _("已解除绑定。"))
    return redirect("notice-edit", id=id)


def _place(notice: Notice, block_id: str, start: str | None, end: str | None) -> tuple[Block, Place]:
    block = next((each for each in body_of(notice).blocks if each.id == block_id), None)
    first, last = optional_key(start), optional_key(end)
    if block is None or first is None or last is None or not first < last <= len(block.text):
        raise NotFound
    place = Place(block_id, first, last, block.text[first:last])
    quantity = quantity_at(block, place)
    # A number is bound with its measure word, wherever in it the person pointed.
    return block, Place(block_id, *quantity.span, quantity.text) if quantity is not None else place


def _days(first: str | None, last: str | None, day: str | None, as_of: date) -> tuple[date | None, date | None, date]:
    """Return the days asked: the year of the notice by default, of which a notice mostly tells."""
    year = as_of.year if as_of.month > 2 else as_of.year - 1

    def read(text: str | None, otherwise: date | None) -> date | None:
        if text is None:
            return otherwise
        try:
            return date.fromisoformat(text.strip()) if text.strip() else None
        except ValueError:
            return otherwise

    return read(first, date(year, 1, 1)), read(last, date(year, 12, 31)), read(day, as_of) or as_of
