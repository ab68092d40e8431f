"""What a period brought, from the alerts and their history: by ledger and rule, never by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenggai.ledgers.declared import current
from zhenggai.people.models import Unit
from zhenggai.rulesql.plans import Grain, Period
from zhenggai.watch.models import OPEN_ALERTS, Alert, AlertEvent

Happened = AlertEvent.Kind
DIGEST_NAMES: Mapping[Grain, str | Promise] = {
    Grain.WEEK: gettext_lazy("周通报"),
    Grain.MONTH: gettext_lazy("月考评"),
    Grain.QUARTER: gettext_lazy("季小结"),
    Grain.YEAR: gettext_lazy("年清盘"),
}
"""Grain → what its digest is called."""
_COUNTED = {
    Happened.OPENED: "opened", Happened.REOPENED: "opened", Happened.RESOLVED: "resolved", Happened.DISMISSED: "dismissed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DigestLine:
    """What became of one rule's alerts."""

    ledger: str
    """Code of the ledger."""
    rule: str
    """Code of the rule."""
    label: str
    """Ledger and rule in words."""
    opened: int
    """Alerts that came or came back."""
    resolved: int
    """Alerts whose facts went."""
    dismissed: int
    """Alerts that people set aside."""
    open: int
    """Alerts that stand now."""

    @property
    def sentence(self) -> str:
        """The counts in a sentence."""
        return _("新出现 %(opened)s 条，消除 %(resolved)s 条，排除 %(dismissed)s 条，未消除 %(open)s 条") % {
            "opened": self.opened,
            "resolved": self.resolved,
            "dismissed": self.dismissed,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Digest:
    """What a period brought."""

    period: Period
    """The period."""
    lines: tuple[DigestLine, ...]
    """By ledger and rule, in the order declared."""

    @property
    def opened(self) -> int:
        """Alerts that came or came back."""
        return sum(line.opened for line in self.lines)

    @property
    def resolved(self) -> int:
        """Alerts whose facts went."""
        return sum(line.resolved for line in self.lines)

    @property
    def open(self) -> int:
        """Alerts that stand now."""
        return sum(line.open for line in self.lines)


def digest_of(period: Period, body: Unit, ledgers: Iterable[str]) -> Digest:
    """Return what a period brought to the alerts of a body and all below; two queries."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(period.start, time.min, zone)
    last = datetime.combine(period.end + timedelta(days=1), time.min, zone)
    within = Alert.objects.filter(body__path__startswith=body.path, ledger__in=list(ledgers)).order_by()
    events = AlertEvent.objects.filter(alert__in=within, at__gte=first, at__lt=last, kind__in=list(_COUNTED)).order_by()
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for ledger, rule, kind, count in events.values_list("alert__ledger", "alert__rule", "kind").annotate(n=Count("pk")):
        counts[ledger, rule][_COUNTED[Happened(kind)]] += count
    standing = within.filter(state__in=OPEN_ALERTS).values_list("ledger", "rule").annotate(n=Count("pk"))
    for ledger, rule, count in standing:
        counts[ledger, rule]["open"] = count
    return Digest(period, tuple(_lines(counts)))


def _lines(counts: Mapping[tuple[str, str], Mapping[str, int]]) -> Iterable[DigestLine]:
    for ledger in current().ledgers.values():
        for rule in ledger.rules:
            told = counts.get((ledger.ledger, rule.rule))
            if told:
                yield DigestLine(
                    ledger.ledger, rule.rule, f"{ledger.label}：{rule.label}", told.get("opened", 0),
                    told.get("resolved", 0), told.get("dismissed", 0), told.get("open", 0),
                )  # fmt: skip
