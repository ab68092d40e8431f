"""The list of alerts with its filters and counts, and one alert with all that its page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from zhenggai.ledgers.declared import current
from zhenggai.oversight.models import Letter
from zhenggai.oversight.queries.letters import visible_letters
from zhenggai.packs.declarations import Ledger, Rule
from zhenggai.people.access import Actor, Operator, reach
from zhenggai.people.models import Unit
from zhenggai.watch.access import HANDLE, may_on, visible_alerts, within
from zhenggai.watch.explaining import Explained, explain_effective
from zhenggai.watch.models import OPEN_ALERTS, Alert, AlertEvent, AlertLetter, Severity
from zhenggai.watch.settings import effective_rules
from zhenggai.watch.transitions import MOVES

PAGE_SIZE = 50
STANDING = "standing"
"""The filter that is set when none is chosen: open and in hand."""


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts are listed."""

    state: str = STANDING
    """A state, ``standing`` for open and in hand, or ``all``."""
    severity: str = ""
    """How urgent."""
    ledger: str = ""
    """Of which ledger."""
    rule: str = ""
    """Of which rule of that ledger."""
    unit: int | None = None
    """About which unit or department."""
    text: str = ""
    """Words of its title or message."""
    page: int = 1
    """Which page."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in the list."""

    alert: Alert
    """The alert."""
    ledger: str
    """Name of its ledger."""
    rule: str
    """Name of its rule."""


@dataclass(frozen=True, slots=True)
class AlertList:
    """One page of alerts, with counts for the filters."""

    query: AlertQuery
    """What was asked."""
    rows: tuple[AlertRow, ...]
    """The alerts, the most urgent and newest first."""
    total: int
    """How many the question has."""
    states: Mapping[str, int]
    """State → how many, within the other filters."""
    severities: Mapping[str, int]
    """Severity → how many, within the other filters."""
    rules: tuple[tuple[str, str, str, int], ...]
    """Ledger, rule, both in words, and how many, within the other filters."""
    units: tuple[tuple[int, str, int], ...]
    """Unit, its name, and how many, in the order of the tree."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def find_alerts(actor: Actor, query: AlertQuery) -> AlertList:
    """Return one page of the alerts that the actor sees; six queries."""
    base = visible_alerts(actor)
    found = _filtered(base, query)
    start = (query.page - 1) * PAGE_SIZE
    shown = found.select_related("unit", "body", "person").order_by(_by_severity(), "-since", "-pk")[
        start : start + PAGE_SIZE
    ]
    names = _names()
    rules = _filtered(base, replace(query, rule="", ledger="")).values_list("ledger", "rule").annotate(n=Count("pk"))
    units = _filtered(base, replace(query, unit=None)).values_list("unit_id").annotate(n=Count("pk"))
    counted = dict(units)
    places = Unit.objects.filter(pk__in=counted).order_by("path").values_list("pk", "name")
    return AlertList(
        query,
        tuple(AlertRow(alert, *names.get((alert.ledger, alert.rule), (alert.ledger, alert.rule))) for alert in shown),
        found.count(),
        dict(_filtered(base, replace(query, state="all")).values_list("state").annotate(n=Count("pk"))),
        dict(_filtered(base, replace(query, severity="")).values_list("severity").annotate(n=Count("pk"))),
        tuple(_rules(names, {(ledger, rule): n for ledger, rule, n in rules})),
        tuple((key, name, counted[key]) for key, name in places),
    )


def _filtered(alerts: QuerySet[Alert], query: AlertQuery) -> QuerySet[Alert]:
    if query.state == STANDING:
        alerts = alerts.filter(state__in=OPEN_ALERTS)
    elif query.state in Alert.State.values:
        alerts = alerts.filter(state=query.state)
    if query.severity in Severity.values:
        alerts = alerts.filter(severity=query.severity)
    if query.ledger:
        alerts = alerts.filter(ledger=query.ledger)
    if query.rule:
        alerts = alerts.filter(rule=query.rule)
    if query.unit is not None:
        alerts = alerts.filter(unit_id=query.unit)
    if query.text:
        alerts = alerts.filter(Q(title__icontains=query.text) | Q(message__icontains=query.text))
    return alerts


def _names() -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (ledger.ledger, rule.rule): (ledger.label, rule.label)
        for ledger in current().ledgers.values()
        for rule in ledger.rules
    }


def _rules(
    names: Mapping[tuple[str, str], tuple[str, str]], counts: Mapping[tuple[str, str], int]
) -> list[tuple[str, str, str, int]]:
    listed = [(*key, "：".join(words), counts[key]) for key, words in names.items() if key in counts]
    known = {(ledger, rule) for ledger, rule, _words, _count in listed}
    return listed + [(*key, "：".join(key), count) for key, count in counts.items() if key not in known]


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that the page of an alert shows."""

    alert: Alert
    """The alert."""
    ledger: Ledger | None
    """Its ledger; None when no pack declares it any more."""
    explained: Explained | None
    """Its rule in words; None when it is declared no more."""
    facts: tuple[tuple[str, str], ...]
    """Name and value of each fact."""
    events: tuple[AlertEvent, ...]
    """What became of it, newest first."""
    letters: tuple[Letter, ...]
    """Letters that speak of it and that the reader sees."""
    hidden_letters: int
    """How many more there are."""
    moves: frozenset[str]
    """What the reader may do with it now."""
    has_letter: bool
    """Whether its rule offers a letter."""

    @property
    def rule(self) -> Rule | None:
        """Its rule as declared."""
        return self.explained.rule if self.explained is not None else None


def alert_view(actor: Actor, alert: Alert) -> AlertView:
    """Return all that the page of an alert shows; five queries."""
    ledger = current().ledgers.get(alert.ledger)
    explained = None
    if ledger is not None:
        each = next((one for one in effective_rules(ledger, alert.watch_body) if one.rule.rule == alert.rule), None)
        explained = explain_effective(ledger, each) if each is not None else None
    linked = list(AlertLetter.objects.filter(alert=alert).values_list("letter_id", flat=True))
    letters = tuple(visible_letters(actor).filter(pk__in=linked).order_by("-pk")) if linked else ()
    has_letter = (
        ledger is not None
        and explained is not None
        and any(each.letter == explained.rule.letter for each in ledger.letters)
    )
    moves = {
        code
        for code, move in MOVES.items()
        if alert.state in move.sources and may_on(actor, move.permission, alert) and (code != "letter" or has_letter)
    }
    return AlertView(
        alert, ledger, explained, tuple(_facts(alert, ledger)), tuple(alert.events.select_related("by").order_by("-pk")),
        letters, len(linked) - len(letters), frozenset(moves), has_letter,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concern:
    """The alerts that stand and concern one person, at a glance."""

    counts: Mapping[str, int]
    """Severity → how many."""
    first: tuple[Alert, ...]
    """The most urgent of them."""

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def concern_of(actor: Actor) -> Concern:
    """Return the standing alerts that the actor handles or that are for them; two queries."""
    reached = reach(actor, HANDLE)
    standing = visible_alerts(actor).filter(state__in=OPEN_ALERTS)
    if not isinstance(actor, Operator):
        standing = standing.filter((within(reached) if reached else Q(pk__in=())) | Q(person=actor))
    counts = dict(standing.values_list("severity").annotate(n=Count("pk")))
    return Concern(counts, tuple(standing.order_by(_by_severity(), "-since", "-pk")[:5]) if counts else ())


def _by_severity() -> Case:
    ranked = (When(severity=code, then=Value(-rank)) for rank, code in enumerate(Severity.values))
    return Case(*ranked, output_field=IntegerField())


def alerts_of_letter(actor: Actor, letter: Letter) -> QuerySet[Alert]:
    """Return the alerts that a letter speaks of and that the reader sees."""
    return visible_alerts(actor).filter(letter_links__letter=letter).order_by("pk")


_FACT_NAMES = {
    "due": "最后一日", "count": "数量", "first": "最早", "last": "最近", "other": "相近的记录", "likeness": "相似程度",
    "who": "单位", "period": "期间", "value": "本期值", "target": "目标", "base": "基准", "previous": "上期",
    "last_year": "上年同期",
}  # fmt: skip


def _facts(alert: Alert, ledger: Ledger | None) -> list[tuple[str, str]]:
    labels = {field.code: field.label for field in ledger.fields} if ledger is not None else {}
    return [(labels.get(code) or _FACT_NAMES.get(code, code), str(value)) for code, value in alert.facts.items()]
