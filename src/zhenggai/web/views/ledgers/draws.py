"""Draws into a ledger: plan one with its seed, look at what it gives, carry it out, draw again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from zhenggai.kit.errors import BadInput, Conflict, Explanation, NotFound, UserError
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.models import Draw, Row
from zhenggai.ledgers.queries import Form, Outcome
from zhenggai.packs.declarations import Draw as Declaration
from zhenggai.packs.declarations import Ledger
from zhenggai.packs.drawing import Why, parameter
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import Permission
from zhenggai.web.acts import read_day
from zhenggai.web.errors import BadValue
from zhenggai.web.ledger_fields import entered, form_field
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import attempt, typed
from zhenggai.web.views.ledgers.rows import keepable, kept

WHY: dict[str, str | Promise] = {
    Why.OWN: gettext_lazy("本人承办"),
    Why.SAME: gettext_lazy("同一部门"),
    Why.RELATIVE: gettext_lazy("亲属承办"),
}
"""Why somebody stands aside → words."""


@dataclass(frozen=True, slots=True)
class ShownShare:
    """What one group gave, in words."""

    name: str
    """The group; empty when the draw knows none."""
    rows: int
    """How many could be drawn."""
    drawn: int
    """How many were."""
    strata: str
    """How many of each stratum."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row that was drawn, in words."""

    key: str
    """Its key."""
    group: str
    """Its group and stratum; empty where the reader may not read the source."""
    reviewer: str
    """Who is asked; empty when nobody is left."""
    aside: tuple[tuple[str, str], ...]
    """Who stands aside, and why."""
    row_id: int | None
    """The row it became."""


def draws(request: HttpRequest, code: str) -> HttpResponse:
    """List the draws into a ledger, those that were planned and left too."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    shown = Paginator(queries.visible_draws(actor, ledger), 30).get_page(request.GET.get("page"))
    may_plan = bool(queries.reach_of(actor, ledger, Permission.KEEP_LEDGERS)) and bool(queries.draws_into(code))
    return page(request, "ledgers/draws.html", ledger=ledger, draws=shown, may_plan=may_plan)


def new(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a draw: the form, and what was refused in it."""
    actor = actor_of(request)
    ledger = keepable(actor, code)
    offered = queries.draws_into(code)
    if not offered:
        raise NotFound
    asked = request.POST.get("draw") or request.GET.get("draw", "")
    chosen = asked if asked in offered else next(iter(offered))
    source, declared = offered[chosen]
    bodies = list(queries.keeping_bodies(actor, ledger))
    body = next((each for each in bodies if str(each.pk) == request.POST.get("body")), bodies[0])
    values = typed(request, _starting(source, declared, body))
    form, made, error, status = Form(ledger), None, None, 200
    sent = entered(request.POST, form)
    if request.method == "POST":
        made, error, status = attempt(request, lambda: _plan(request, actor, ledger, chosen, body, values, sent))
    if made is not None:
        return HttpResponseRedirect(reverse("ledger-draw", kwargs={"code": code, "id": made.pk}))
    asked_fields = queries.left_to_fill(declared, source, ledger)
    return page(
        request,
        "ledgers/draw_new.html",
        status=status,
        ledger=ledger,
        source=source,
        declared=declared,
        chosen=chosen,
        offered=[(each, one.label) for each, (_ledger, one) in offered.items()],
        bodies=bodies,
        body_options=[(each.pk, str(each)) for each in bodies],
        values=values,
        fields=[form_field(form, each, sent, body=body) for each in asked_fields],
        error=error,
    )


def _starting(source: Ledger, declared: Declaration, body: Unit) -> dict[str, object]:
    today = timezone.localdate()
    period = (date(today.year, 1, 1).isoformat(), today.isoformat()) if source.date else ("", "")
    return {
        "body": body.pk,
        "since": period[0],
        "until": period[1],
        "percent": f"{parameter(declared, declared.percent):g}",
        "at_least": f"{parameter(declared, declared.at_least):g}",
        "seed": "",
    }


def _plan(
    request: HttpRequest, actor: User, ledger: Ledger, chosen: str, body: Unit, values: dict[str, str], sent: Any
) -> Draw:
    return actions.plan_draw(
        ledger.ledger,
        chosen,
        actor=actor,
        body=body,
        since=read_day(request, "since", _("期间")),
        until=read_day(request, "until", _("期间")),
        percent=_count(values["percent"], _("比例"), exact=False),
        at_least=int(_count(values["at_least"], _("最少件数"), exact=True)),
        seed=values["seed"],
        values=sent,
    )


def _count(words: str, label: str, *, exact: bool) -> float:
    plain = words.strip().removesuffix("%")
    whole, _point, part = plain.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(plain) < 8) or (
        _point and (exact or not (part.isascii() and part.isdecimal()))
    ):
        raise BadValue(label=label, value=words[:20], hint=_("请填写数字。"))
    return float(plain)


def draw(request: HttpRequest, code: str, id: int, error: UserError | None = None) -> HttpResponse:
    """Show a draw: what its seed gives before it is carried out, what it gave afterwards, and, when asked, the draw done again."""
    actor = actor_of(request)
    ledger = queries.access_ledger(actor, code)
    found = queries.access_draw(actor, code, id)
    again, outcome, unread = None, None, None
    try:
        queries.require_sources(actor, queries.declaration_of(found), found.source, found.body)
        outcome = queries.draw_again(found)
        if request.GET.get("again") and found.state == Draw.State.DONE:
            again = queries.redraw(found, actor=actor)
    except (BadInput, Conflict, NotFound) as refused:
        unread = refused
    shown = _rows(found, outcome, ledger, _reasons(actor, queries.declaration_of(found)))
    reached = queries.reach_of(actor, ledger, Permission.KEEP_LEDGERS)
    source = queries.current().ledgers.get(found.source)
    return page(
        request,
        "ledgers/draw.html",
        status=error.status if error else 200,
        ledger=ledger,
        source=source.label if source else found.source,
        draw=found,
        share=f"{queries.declaration_of(found).percent:g}",
        asks=bool(queries.declaration_of(found).reviewers),
        shares=_shares(outcome, found),
        group_label=_labels(source, queries.declaration_of(found).each),
        strata_label=_labels(source, queries.declaration_of(found).strata),
        rows=shown,
        unasked=sum(1 for each in shown if not each.reviewer),
        aside=sorted(Counter((who, why) for each in shown for who, why in each.aside).items()),
        again=again,
        unread=_words(unread),
        may_carry_out=found.state == Draw.State.PLANNED and reached.covers(found.body) and outcome is not None,
        may_undo=found.batch is not None and reached.covers(found.body),
        error=_words(error),
    )


def carry_out(request: HttpRequest, code: str, id: int) -> HttpResponse:
    """Carry a planned draw out."""
    actor = actor_of(request)
    found = queries.access_draw(actor, code, id)
    try:
        batch = actions.carry_out_draw(found, actor=actor)
    except (BadInput, Conflict) as refused:
        return draw(request, code, id, kept(request, refused))
    messages.success(request, _("已抽取 %(count)s 件，登记入台账。") % {"count": batch.rows})
    return HttpResponseRedirect(reverse("ledger-draw", kwargs={"code": code, "id": id}))


def _labels(source: Ledger | None, codes: tuple[str, ...]) -> str:
    found = (source.field(code) for code in codes) if source else ()
    return "、".join(each.label for each in found if each is not None)


def _words(error: UserError | None) -> Explanation | None:
    return error.describe(gettext) if error else None


def _shares(outcome: Outcome | None, found: Draw) -> list[ShownShare]:
    source = queries.current().ledgers.get(found.source)
    if outcome is None or source is None:
        return []
    declaration, form = queries.declaration_of(found), Form(source)
    shown = []
    for share in outcome.shares:
        strata = Counter(_said(form, declaration.strata, outcome.rows[key]) for key in share.drawn)
        parts = "、".join(f"{name or _('未填')} {count}" for name, count in sorted(strata.items()))
        group = dict(zip(declaration.each, share.group, strict=True))
        shown.append(
            ShownShare(
                _said(form, declaration.each, group), share.rows, len(share.drawn), parts if declaration.strata else ""
            )
        )
    return shown


def _reasons(actor: User, declaration: Declaration) -> dict[str, str | Promise]:
    """Return the words of reasons; that two are related only for those who may read the ledger that says so."""
    kin = queries.current().ledgers.get(declaration.relatives.ledger) if declaration.relatives else None
    if kin is None or queries.reach_of(actor, kin):
        return WHY
    return {**WHY, Why.RELATIVE: _("需要回避")}


def _rows(found: Draw, outcome: Outcome | None, ledger: Ledger, reasons: dict[str, str | Promise]) -> list[ShownRow]:
    done = found.state == Draw.State.DONE
    listed = found.drawn if done else outcome.kept() if outcome else []
    source = queries.current().ledgers.get(found.source)
    declaration, form = queries.declaration_of(found), Form(source) if source else None
    made: list[int] = []
    if found.batch is not None:
        rows = Row.objects.filter(versions__batch=found.batch, ledger=ledger.ledger)
        made = list(rows.order_by("pk").values_list("pk", flat=True))
    shown = []
    for place, (key, reviewer, aside, why) in enumerate(listed):
        row = outcome.rows.get(key) if outcome else None
        group = _said(form, (*declaration.each, *declaration.strata), row) if form and row else ""
        told = tuple((who, str(reasons.get(each, each))) for who, each in zip(aside, why, strict=True))
        shown.append(ShownRow(key, group, reviewer, told, made[place] if place < len(made) else None))
    return shown


def _said(form: Form, codes: tuple[str, ...], row: Any) -> str:
    return " ".join(form.show(code, row) for code in codes if code in form.fields)
