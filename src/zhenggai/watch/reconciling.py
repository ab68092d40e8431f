"""Facts → alerts: the same fact stays one alert, what is gone resolves itself, what comes back is the same alert again.

A run reads what stands once, writes only what differs, all of it in one transaction behind the row of
:class:`~zhenggai.watch.models.Watched`, so two runs that meet come one after the other and the one that saw less
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.people.models import Unit
from zhenggai.watch.facts import Fact, Judgement, Verdict
from zhenggai.watch.models import LIVE_ALERTS, Alert, AlertEvent, RuleRun, Severity, Watched

State, Happened = Alert.State, AlertEvent.Kind
_AT_ONCE = 500
_RANKS = {code: rank for rank, code in enumerate(Severity.values)}
_SAVED = (
    "state", "severity", "title", "message", "facts", "rows", "row_count", "body", "unit", "person", "due_on", "digest",
    "since", "last_seen_at", "spells", "resolved_at", "until", "note", "handled_by", "handled_at",
)  # fmt: skip


@dataclass(slots=True)
class Reconciled:
    """What a run changed."""

    outdated: bool = False
    """True when a run that saw more was first, and nothing was changed."""
    overtaken: bool = False
    """True when the alerts no longer stand as those from which the run went on, and nothing was changed."""
    opened: list[Alert] = field(default_factory=list)
    """New ones."""
    reopened: list[Alert] = field(default_factory=list)
    """Those that came back, or whose exemption ended."""
    escalated: list[Alert] = field(default_factory=list)
    """Those that became more urgent."""
    resolved: list[Alert] = field(default_factory=list)
    """Those whose facts are gone."""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rule → ``opened reopened resolved``."""
    hits: dict[str, int] = field(default_factory=dict)
    """Rule → how many facts stand now, of rules that spoke of some subjects alone."""

    @property
    def changed(self) -> bool:
        """True when anything came or went."""
        return bool(self.opened or self.reopened or self.escalated or self.resolved)

    def count(self, rule: str, what: str) -> None:
        """Add one to what became of a rule's alerts."""
        mine = self.counts.setdefault(rule, {})
        mine[what] = mine.get(what, 0) + 1


@dataclass(frozen=True, slots=True)
class _Known:
    pk: int
    state: str
    severity: str
    digest: str
    until: date | None


def lock_watched(ledger: str, body: Unit) -> Watched:
    """Lock the row behind which runs of a ledger of a body meet; inside a transaction."""
    Watched.objects.get_or_create(ledger=ledger, body=body)
    return Watched.objects.select_for_update().get(ledger=ledger, body=body)


def reconcile(run: RuleRun, judgement: Judgement, *, gone: Iterable[str] | None = None) -> Reconciled:
    """Bring the alerts of a ledger of a body in line with what the rules said; inside a transaction.

    Args:
        run: the run that is told of in the history.
        judgement: what the rules said.
        gone: rules that are not declared or not switched on any more, whose alerts go; None for all that have no
            verdict.
    """
    done = Reconciled()
    watched = lock_watched(run.ledger, run.body)
    if watched.as_of is not None and watched.as_of > judgement.as_of:
        done.outdated = True
        return done
    if judgement.since and watched.mark != judgement.since:
        done.overtaken = True
        return done
    known = _known(run, judgement)
    spoken = {verdict.rule for verdict in judgement.verdicts}
    silent = [rule for rule in known if rule not in spoken] if gone is None else list(gone)
    changes = _Changes(run, judgement.as_of, done)
    for verdict in judgement.verdicts:
        if not verdict.error:
            changes.of_rule(verdict, known.get(verdict.rule, {}))
    for rule in silent:
        changes.of_rule(Verdict(rule), known.get(rule, {}))
    changes.write()
    watched.as_of, watched.day = judgement.as_of, timezone.localdate(judgement.as_of)
    watched.mark = f"{judgement.mark}:{run.pk}" if judgement.mark else ""
    watched.save(update_fields=["as_of", "mark", "day"])
    return done


def _known(run: RuleRun, judgement: Judgement) -> dict[str, dict[str, _Known]]:
    """Return what stands of a ledger of a body, as far as a run speaks of it: rule → subject → what matters; one query."""
    found: dict[str, dict[str, _Known]] = {}
    rows = Alert.objects.filter(ledger=run.ledger, watch_body=run.body).order_by()
    if judgement.since:
        rows = rows.filter(_spoken_of(judgement.verdicts))
    columns = rows.values_list("rule", "subject", "pk", "state", "severity", "digest", "until")
    for rule, subject, pk, state, severity, digest, until in columns.iterator(chunk_size=5000):
        found.setdefault(rule, {})[subject] = _Known(pk, state, severity, digest, until)
    return found


def _spoken_of(verdicts: Iterable[Verdict]) -> Q:
    """Return the condition of alerts of which verdicts speak that go on from an earlier run."""
    rules: dict[frozenset[str] | None, list[str]] = {}
    for verdict in verdicts:
        rules.setdefault(verdict.subjects, []).append(verdict.rule)
    condition = Q(pk__in=())
    for subjects, codes in rules.items():
        if subjects is None:
            condition |= Q(rule__in=codes)
        elif subjects:
            condition |= Q(rule__in=codes, subject__in=sorted(subjects))
    return condition


class _Changes:
    """What differs, gathered rule by rule and written at once."""

    def __init__(self, run: RuleRun, as_of: datetime, done: Reconciled) -> None:
        self.run, self.as_of, self.done = run, as_of, done
        self.today = timezone.localdate(as_of)
        self.fresh: list[tuple[str, Fact]] = []
        self.follow: dict[int, Fact] = {}
        self.ended: list[int] = []

    def of_rule(self, verdict: Verdict, known: Mapping[str, _Known]) -> None:
        """Gather what differs between what a rule says and what stands."""
        seen = set()
        for fact in verdict.facts:
            if fact.subject in seen:
                continue
            seen.add(fact.subject)
            old = known.get(fact.subject)
            if old is None:
                self.fresh.append((verdict.rule, fact))
            elif old.state == State.RESOLVED or self._exemption_ended(old) or old.digest != fact.digest:
                self.follow[old.pk] = fact
        live = [subject for subject, old in known.items() if old.state in LIVE_ALERTS]
        self.ended += [known[subject].pk for subject in live if subject not in seen]
        if verdict.subjects is not None:
            self.done.hits[verdict.rule] = verdict.stood - len(live) + len(verdict.facts)

    def _exemption_ended(self, old: _Known) -> bool:
        return old.state == State.DISMISSED and old.until is not None and old.until < self.today

    def write(self) -> None:
        """Write everything that differs: a few statements for each five hundred alerts."""
        self._open()
        events: list[AlertEvent] = []
        for some in _chunks(sorted({*self.follow, *self.ended})):
            changed = []
            for alert in Alert.objects.select_for_update(of=("self",)).filter(pk__in=some).order_by("pk"):
                fact = self.follow.get(alert.pk)
                if fact is None:
                    self._end(alert, events)
                else:
                    self._go_on(alert, fact, events)
                changed.append(alert)
            Alert.objects.bulk_update(changed, _SAVED)
        AlertEvent.objects.bulk_create(events, batch_size=_AT_ONCE)

    def _open(self) -> None:
        made = [
            Alert(
                ledger=self.run.ledger, rule=rule, watch_body=self.run.body, subject=fact.subject,
                first_seen_at=self.as_of, since=self.as_of, last_seen_at=self.as_of, **self._values(fact),
            )
            for rule, fact in self.fresh
        ]  # fmt: skip
        kept = Alert.objects.bulk_create(made, batch_size=_AT_ONCE)
        AlertEvent.objects.bulk_create(
            (self._event(alert, Happened.OPENED, alert.message) for alert in kept), batch_size=_AT_ONCE
        )
        for alert in kept:
            self.done.opened.append(alert)
            self.done.count(alert.rule, "opened")

    def _values(self, fact: Fact) -> dict[str, object]:
        body_id = fact.place.body_id or self.run.body_id
        return {
            "severity": fact.severity,
            "title": fact.title[:300],
            "message": fact.message[:1000],
            "facts": dict(fact.values),
            "rows": list(fact.rows),
            "row_count": fact.row_count,
            "body_id": body_id,
            "unit_id": fact.place.unit_id or body_id,
            "person_id": fact.place.person_id,
            "due_on": fact.due_on,
            "digest": fact.digest,
        }

    def _go_on(self, alert: Alert, fact: Fact, events: list[AlertEvent]) -> None:
        before = alert.severity
        for name, value in self._values(fact).items():
            setattr(alert, name, value)
        alert.last_seen_at = self.as_of
        if alert.state == State.RESOLVED:
            alert.state, alert.since, alert.resolved_at = State.OPEN, self.as_of, None
            alert.spells += 1
            _forget_handling(alert)
            events.append(self._event(alert, Happened.REOPENED, alert.message))
            self.done.reopened.append(alert)
            self.done.count(alert.rule, "reopened")
            return
        if alert.state == State.DISMISSED and alert.until is not None and alert.until < self.today:
            alert.state = State.OPEN
            _forget_handling(alert)
            events.append(self._event(alert, Happened.RESTORED, _("排除期限已过，事实仍在")))
            self.done.reopened.append(alert)
            self.done.count(alert.rule, "reopened")
            return
        if _RANKS[alert.severity] > _RANKS[before]:
            events.append(self._event(alert, Happened.ESCALATED, alert.message))
            if alert.state != State.DISMISSED:
                self.done.escalated.append(alert)
        elif alert.severity != before:
            events.append(self._event(alert, Happened.EASED, alert.message))

    def _end(self, alert: Alert, events: list[AlertEvent]) -> None:
        alert.state, alert.resolved_at, alert.last_seen_at = State.RESOLVED, self.as_of, self.as_of
        events.append(self._event(alert, Happened.RESOLVED, ""))
        self.done.resolved.append(alert)
        self.done.count(alert.rule, "resolved")

    def _event(self, alert: Alert, kind: str, text: str) -> AlertEvent:
        return AlertEvent(
            alert=alert, kind=kind, at=self.as_of, run=self.run, severity=alert.severity, text=text[:1000]
        )


def _forget_handling(alert: Alert) -> None:
    alert.handled_by, alert.handled_at, alert.note, alert.until = None, None, "", None


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
