"""Alerts follow the facts: whatever comes, goes and comes back, what is live is what the rules say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.people import make_unit
from tests.factories.watch import make_run
from zhenggai.people.models import Unit
from zhenggai.watch.models import LIVE_ALERTS, Alert, AlertEvent

pytestmark = pytest.mark.django_db
NOW = timezone.now()
State, Kind = Alert.State, AlertEvent.Kind
SEVERITIES = st.sampled_from(["yellow", "orange", "red"])
SAID = st.dictionaries(st.integers(1, 6), SEVERITIES, max_size=5)


def live(body: Unit) -> dict[tuple[str, str], str]:
    rows = Alert.objects.filter(watch_body=body, state__in=LIVE_ALERTS).values_list("rule", "subject", "severity")
    return {(rule, subject): severity for rule, subject, severity in rows}


def kinds(body: Unit) -> list[str]:
    return list(AlertEvent.objects.filter(alert__watch_body=body).order_by("pk").values_list("kind", flat=True))


@settings(max_examples=25)
@given(st.lists(st.tuples(SAID, SAID, st.booleans(), st.integers(-1, 1)), min_size=1, max_size=6))
def test_what_is_live_is_what_the_rules_said_last(runs: list[tuple[dict[int, str], dict[int, str], bool, int]]) -> None:
    body = make_unit()
    expected: dict[tuple[str, str], str] = {}
    newest = None
    day = 0
    for first, second, second_fails, step in runs:
        day += step
        failed = ("second",) if second_fails else ()
        make_run(body, {"first": first, "second": second}, at=NOW, days=day, failed=failed)
        if newest is not None and day < newest:
            continue  # saw less than the run before it
        newest = day
        told = {("first", f"row:{number}"): severity for number, severity in first.items()}
        if second_fails:
            told |= {key: severity for key, severity in expected.items() if key[0] == "second"}
        else:
            told |= {("second", f"row:{number}"): severity for number, severity in second.items()}
        expected = told
        assert live(body) == expected
    for alert in Alert.objects.filter(watch_body=body):
        came = alert.events.filter(kind__in=(Kind.OPENED, Kind.REOPENED)).count()
        went = alert.events.filter(kind=Kind.RESOLVED).count()
        assert alert.spells == came and came - went == (alert.state in LIVE_ALERTS)
        assert (alert.resolved_at is None) == (alert.state != State.RESOLVED)


def test_one_alert_through_its_life() -> None:
    body = make_unit()
    make_run(body, {"due": {1: "yellow"}}, at=NOW)
    make_run(body, {"due": {1: "yellow"}}, at=NOW, days=1)
    make_run(body, {"due": {1: "red"}}, at=NOW, days=2)
    make_run(body, {"due": {1: "orange"}}, at=NOW, days=3)
    make_run(body, {"due": {}}, at=NOW, days=4)
    alert = Alert.objects.get()
    assert alert.state == State.RESOLVED and alert.resolved_at == NOW + timedelta(days=4)
    make_run(body, {"due": {1: "yellow"}}, at=NOW, days=5)
    alert.refresh_from_db()
    assert alert.state == State.OPEN and alert.spells == 2
    assert alert.first_seen_at == NOW and alert.since == NOW + timedelta(days=5)
    make_run(body, {}, at=NOW, days=6)  # the rule was switched off or taken from the pack
    assert kinds(body) == [
        Kind.OPENED, Kind.ESCALATED, Kind.EASED, Kind.RESOLVED, Kind.REOPENED, Kind.RESOLVED,
    ]  # fmt: skip


def test_a_dismissed_alert_rests_until_its_day_and_returns_only_with_its_facts() -> None:
    body = make_unit()
    make_run(body, {"due": {1: "yellow", 2: "yellow"}}, at=NOW)
    Alert.objects.update(state=State.DISMISSED, until=timezone.localdate(NOW) + timedelta(days=2), note="已商请延期")
    make_run(body, {"due": {1: "red", 2: "yellow"}}, at=NOW, days=2)
    assert set(Alert.objects.values_list("state", flat=True)) == {State.DISMISSED}
    _run, done = make_run(body, {"due": {1: "red"}}, at=NOW, days=3)
    assert [alert.subject for alert in done.reopened] == ["row:1"] and not done.escalated
    first, second = Alert.objects.order_by("pk")
    assert first.state == State.OPEN and first.until is None and first.note == ""
    assert second.state == State.RESOLVED


def test_a_run_that_changes_nothing_writes_no_alert_and_a_run_with_many_asks_little() -> None:
    body = make_unit()
    many = dict.fromkeys(range(1, 1201), "yellow")
    with CaptureQueriesContext(connection) as first:
        make_run(body, {"due": many}, at=NOW)
    with CaptureQueriesContext(connection) as second:
        make_run(body, {"due": many}, at=NOW, days=1)
    with CaptureQueriesContext(connection) as third:
        make_run(body, {"due": dict.fromkeys(range(1, 701), "red")}, at=NOW, days=2)
    assert len(second) <= 12 and not any('UPDATE "watch_alert"' in each["sql"] for each in second)
    most = 130 if connection.vendor == "sqlite" else 20  # SQLite takes fewer values in one statement
    assert len(first) <= most and len(third) <= most
    assert Alert.objects.filter(state=State.RESOLVED).count() == 500


def test_bodies_and_ledgers_do_not_meet() -> None:
    one, other = make_unit(), make_unit()
    make_run(one, {"due": {1: "red"}})
    make_run(other, {"due": {1: "red"}})
    make_run(one, {"due": {1: "red"}}, ledger="visits")
    make_run(one, {"due": {}})
    assert live(one) == {("due", "row:1"): "red"} and live(other) == {("due", "row:1"): "red"}
