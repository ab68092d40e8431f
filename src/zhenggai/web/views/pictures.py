"""The ledger as board, timeline and calendar; the round as matrix, burn-down and one page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zhenggai.desk import queries
from zhenggai.findings.queries import LedgerQuery, facets, visible_rounds
from zhenggai.findings.standing import Standing
from zhenggai.people.models import User
from zhenggai.web.charts import ORDER
from zhenggai.web.pages import actor_of, page
from zhenggai.web.rounds import asked_query, chosen_round

_OWN = frozenset(("month", "by"))
LABELS = dict(Standing.choices)


def _asked(request: HttpRequest) -> tuple[User, LedgerQuery, dict[str, Any]]:
    """Return who asks, what of the ledger, and what the bar of filters shows."""
    actor = actor_of(request)
    rounds = list(visible_rounds(actor))
    query = asked_query(actor, dict(request.GET.lists()), rounds, _OWN)
    query = replace(query, withdrawn=False).without_place()
    context = {
        "query": query,
        "rounds": rounds,
        "round": next((each for each in rounds if each.pk == query.round), None),
        "facets": facets(actor, query) if rounds else (),
        "labels": {code: str(label) for code, label in LABELS.items()},
        "now": timezone.now(),
    }
    return actor, query, context


def board(request: HttpRequest) -> HttpResponse:
    """Show the findings as cards by standing."""
    actor, query, context = _asked(request)
    return page(request, "desk/board.html", board=queries.board_of(actor, query), **context)


def timeline(request: HttpRequest) -> HttpResponse:
    """Show the findings as bars to their deadlines."""
    actor, query, context = _asked(request)
    return page(request, "desk/timeline.html", timeline=queries.timeline_of(actor, query), **context)


def month(request: HttpRequest) -> HttpResponse:
    """Show what falls on the days of a month."""
    actor, query, context = _asked(request)
    first = _month(request.GET.get("month", ""))
    return page(
        request,
        "desk/month.html",
        month=queries.month_of(actor, query, first),
        kinds={code: str(label) for code, label in queries.KINDS.items()},
        this_month=timezone.localdate().replace(day=1),
        **context,
    )


def _month(value: str) -> date:
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)
    return first if 1950 <= first.year <= 2150 else timezone.localdate().replace(day=1)


def matrix(request: HttpRequest) -> HttpResponse:
    """Show departments, leaders, aspects or units by standing."""
    actor, query, context = _asked(request)
    return page(
        request,
        "desk/matrix.html",
        matrix=queries.matrix_of(actor, query, request.GET.get("by", "department")),
        sides={code: str(label) for code, label in queries.SIDES.items()},
        order=list(ORDER),
        **context,
    )


def burn_down(request: HttpRequest) -> HttpResponse:
    """Show how many findings of a round were open on each day."""
    actor = actor_of(request)
    rounds = list(visible_rounds(actor))
    chosen = chosen_round(actor, request.GET.get("round") or None, rounds)
    burnt = queries.burn_down(actor, chosen) if chosen else None
    return page(request, "desk/burn_down.html", rounds=rounds, round=chosen, burnt=burnt, now=timezone.now())


def one_page(request: HttpRequest) -> HttpResponse:
    """Show a round on one sheet."""
    actor = actor_of(request)
    rounds = list(visible_rounds(actor))
    chosen = chosen_round(actor, request.GET.get("round") or None, rounds)
    return page(
        request,
        "desk/one_page.html",
        rounds=rounds,
        round=chosen,
        sheet=queries.one_page(actor, chosen) if chosen else None,
        order=[code.value for code in ORDER],
        labels={code: str(label) for code, label in LABELS.items()},
        now=timezone.now(),
    )
