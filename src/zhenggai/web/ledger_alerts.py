"""Alerts as the pages of ledgers show them: how many stand on each ledger, and which speak of one row."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from zhenggai.people.models import User
from zhenggai.watch.models import OPEN_ALERTS, Alert, Severity
from zhenggai.watch.queries import visible_alerts

MOST = 10
"""Alerts of a row that are shown."""


@dataclass(frozen=True, slots=True)
class AlertCount:
    """Alerts that stand on a ledger."""

    total: int
    """All that are open or in hand."""
    red: int
    """The most urgent among them."""


def alert_counts(actor: User) -> dict[str, AlertCount]:
    """Return how many alerts the person sees on each ledger."""
    found = visible_alerts(actor).filter(state__in=OPEN_ALERTS).values("ledger")
    counted = found.annotate(total=Count("pk"), red=Count("pk", filter=Q(severity=Severity.RED)))
    return {each["ledger"]: AlertCount(each["total"], each["red"]) for each in counted}


def alerts_of_row(actor: User, ledger: str, row_id: str) -> list[Alert]:
    """Return the alerts about one row that stand now and that the person sees, the newest first."""
    found = visible_alerts(actor).filter(ledger=ledger, subject=f"row:{row_id}", state__in=OPEN_ALERTS)
    return list(found.order_by("-since", "-id")[:MOST])
