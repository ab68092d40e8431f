"""All business ledgers that a person may open, grouped as the packs group them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from zhenggai.ledgers import queries
from zhenggai.ledgers.counts import LedgerCount, ledger_counts
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import may
from zhenggai.people.roles import Permission
from zhenggai.web.ledger_alerts import AlertCount, alert_counts
from zhenggai.web.pages import actor_of, page

_NOTHING = LedgerCount(0, None)


@dataclass(frozen=True, slots=True)
class Card:
    """A ledger in the list."""

    ledger: Ledger
    """What is declared."""
    count: LedgerCount
    """How many rows the person sees, and when one last changed."""
    alerts: AlertCount | None
    """Alerts that stand on it; None when there are none."""
    named: bool
    """Whether it is closed to all but those named."""


def index(request: HttpRequest) -> HttpResponse:
    """List the ledgers, with what each is for; to those who design ledgers also what is wrong with the declarations."""
    actor = actor_of(request)
    ledgers = queries.visible_ledgers(actor)
    counts, alerts = ledger_counts(actor, ledgers), alert_counts(actor)
    groups: dict[str, list[Card]] = {}
    for each in ledgers:
        card = Card(each, counts.get(each.ledger, _NOTHING), alerts.get(each.ledger), queries.is_named(each))
        groups.setdefault(each.group, []).append(card)
    may_declare, may_name = may(actor, Permission.DECLARE_LEDGERS), may(actor, Permission.ASSIGN_POSTS)
    seen = {each.ledger for each in ledgers}
    closed = [each for each in queries.current().ledgers.values() if queries.is_named(each)] if may_name else []
    return page(
        request,
        "ledgers/index.html",
        groups=list(groups.items()),
        total=len(ledgers),
        closed=[each for each in closed if each.ledger not in seen],
        problems=queries.current().problems if may_declare else [],
        may_declare=may_declare,
        may_name=may_name,
    )
