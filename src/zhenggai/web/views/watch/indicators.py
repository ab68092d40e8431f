"""Indicators: cards of all that the person sees, one with its trend and parts, the rows behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zhenggai.kit.errors import Explanation, NotFound, UserError, ZhenggaiError
from zhenggai.ledgers.access import access_ledger, visible_ledgers
from zhenggai.ledgers.counts import ledger_counts
from zhenggai.ledgers.finding import row_view
from zhenggai.packs.declarations import Indicator, Ledger
from zhenggai.people.models import Unit, User
from zhenggai.rulesql.plans import Period, period_of
from zhenggai.watch import actions
from zhenggai.watch.indicators import Shown, by_fields, read_all, read_indicator, rows_behind
from zhenggai.watch.models import IndicatorValue
from zhenggai.watch.periods import GRAINS, parse_period, recent, write_period
from zhenggai.watch.queries import seen_bodies
from zhenggai.web.pages import actor_of, page
from zhenggai.web.reading import optional_key

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Card:
    """An indicator in the list."""

    indicator: Indicator
    """Which."""
    shown: Shown | None
    """Its figure; None when it could not be read."""
    error: Explanation | None = None
    """Why not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of an indicator asks."""

    ledger: Ledger
    """The ledger."""
    indicator: Indicator
    """The indicator."""
    body: Unit
    """Whose rows."""
    period: Period | None
    """Of which period."""
    about: Unit | None
    """Of which unit alone."""
    by: str
    """Told apart by which field."""
    as_of: datetime | None
    """As of which moment; None for now."""


def index(request: HttpRequest) -> HttpResponse:
    """Show the ledgers that have indicators, and the figures of one of them for this year."""
    actor = actor_of(request)
    ledgers = [each for each in visible_ledgers(actor) if each.indicators]
    wanted = request.GET.get("ledger", "")
    ledger = next((each for each in ledgers if each.ledger == wanted), None) or _first_kept(actor, ledgers)
    cards: list[Card] = []
    period = period_of(timezone.localdate(), GRAINS[-1])
    if ledger is not None and (bodies := seen_bodies(actor, ledger)):
        read = read_all(ledger, bodies[0], period=period)
        cards = [
            Card(each, None, told.describe()) if isinstance(told, ZhenggaiError) else Card(each, told)
            for each, told in zip(ledger.indicators, read, strict=True)
        ]
    return page(request, "watch/indicators.html", ledgers=ledgers, ledger=ledger, cards=cards, period=period)


def _first_kept(actor: User, ledgers: list[Ledger]) -> Ledger | None:
    """Return the first of *ledgers* in which something stands, else the first."""
    counts = ledger_counts(actor, ledgers)
    kept = (each for each in ledgers if counts[each.ledger].rows)
    return next(kept, ledgers[0] if ledgers else None)


def indicator(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """Show one indicator: value and parts, trend, by a field, frozen values."""
    actor = actor_of(request)
    asked, shown, error, status = None, None, None, 200
    try:
        asked = _asked(request, actor, code, indicator)
        shown = read_indicator(
            asked.ledger, asked.indicator, asked.body, period=asked.period, about=asked.about, by=asked.by,
            as_of=asked.as_of,
        )  # fmt: skip
    except NotFound:
        raise
    except UserError as refused:
        error, status = refused.describe(), refused.status
    ledger, declared = _declared(actor, code, indicator)
    today = timezone.localdate()
    periods = [("", _("全部"))] + [
        (write_period(each), each.label) for grain in reversed(GRAINS) for each in recent(today, grain, 4)
    ]
    bodies = seen_bodies(actor, ledger)
    body = asked.body if asked is not None else bodies[0] if bodies else None
    below = Unit.objects.filter(path__startswith=body.path, closed_on__isnull=True).exclude(pk=body.pk) if body else []
    return page(
        request,
        "watch/indicator.html",
        status=status,
        ledger=ledger,
        indicator=declared,
        asked=asked,
        shown=shown,
        error=error,
        periods=periods,
        chosen_period=request.GET.get("period", "") if "period" in request.GET else _default_period(ledger, declared),
        units=[(unit.pk, unit.name) for unit in below if unit.kind != Unit.Kind.DEPARTMENT],
        fields=[(each, ledger.field(each)) for each in by_fields(ledger, declared)],
        frozen=IndicatorValue.objects.filter(ledger=code, indicator=indicator, body=body).select_related(
            "frozen_by", "unit"
        )[:10],
        rows_address=lambda **more: _rows_address(request, code, indicator, asked, shown, more),
    )


def _rows_address(
    request: HttpRequest, code: str, indicator: str, asked: Asked | None, shown: Shown | None, more: dict[str, str]
) -> str:
    told = {
        "period": write_period(asked.period) or "all" if asked is not None else "all",
        "unit": str(asked.about.pk) if asked is not None and asked.about is not None else "",
        "as_of": shown.as_of.isoformat() if shown is not None else "",
        **more,
    }
    query = urlencode({name: value for name, value in told.items() if value})
    return reverse("watch-indicator-rows", kwargs={"code": code, "indicator": indicator}) + f"?{query}"


def rows(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """List the rows behind a figure, as of its moment."""
    actor = actor_of(request)
    asked = _asked(request, actor, code, indicator)
    part = request.GET.get("part", "numerator")
    ledger, ids = rows_behind(
        asked.ledger, asked.indicator, asked.body, period=asked.period, about=asked.about, by=asked.by,
        key=request.GET.get("key", ""), part="denominator" if part == "denominator" else "numerator",
        as_of=asked.as_of,
    )  # fmt: skip
    access_ledger(actor, ledger.ledger)
    page_no = optional_key(request.GET.get("page")) or 1
    some = ids[(page_no - 1) * MOST_ROWS : page_no * MOST_ROWS]
    lines = []
    for key in some:
        try:
            lines.append(row_view(actor, ledger.ledger, key, as_of=asked.as_of).line)
        except NotFound:
            continue  # kept by a body out of the reader's reach
    return page(
        request,
        "watch/indicator_rows.html",
        asked=asked,
        ledger=ledger,
        lines=lines,
        total=len(ids),
        part=part,
        page_no=page_no,
        pages=max(1, -(-len(ids) // MOST_ROWS)),
        string=urlencode({name: value for name, value in request.GET.items() if name != "page" and value}),
        as_of=asked.as_of,
    )


def freeze(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """Keep a figure as it is now."""
    actor = actor_of(request)
    asked = _asked(request, actor, code, indicator)
    shown = read_indicator(
        asked.ledger,
        asked.indicator,
        asked.body,
        period=asked.period,
        about=asked.about,
        as_of=asked.as_of,
        series=False,
    )
    actions.freeze_indicator(shown, actor=actor, note=request.POST.get("note", ""))
    messages.success(request, _("已固定 %(value)s。") % {"value": shown.figure.shown})
    query = urlencode({"period": write_period(asked.period) or "all"})
    return redirect(reverse("watch-indicator", kwargs={"code": code, "indicator": indicator}) + f"?{query}")


def _declared(actor: User, code: str, indicator: str) -> tuple[Ledger, Indicator]:
    ledger = access_ledger(actor, code)
    found = next((each for each in ledger.indicators if each.indicator == indicator), None)
    if found is None:
        raise NotFound
    return ledger, found


def _default_period(ledger: Ledger, indicator: Indicator) -> str:
    return str(timezone.localdate().year) if indicator.date or ledger.date else ""


def _asked(request: HttpRequest, actor: User, code: str, indicator: str) -> Asked:
    ledger, found = _declared(actor, code, indicator)
    given = request.GET if request.method == "GET" else request.POST
    bodies = seen_bodies(actor, ledger)
    if not bodies:
        raise NotFound
    wanted = optional_key(given.get("unit"))
    about = Unit.objects.filter(pk=wanted, path__startswith=bodies[0].path).first() if wanted is not None else None
    text = given.get("period", _default_period(ledger, found))
    moment = parse_datetime(given.get("as_of", "")) if given.get("as_of") else None
    return Asked(ledger, found, bodies[0], parse_period(text), about, given.get("by", ""), moment)
