"""Two runs at the same moment, changes that ask for one run, and a run that dies before it is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from tests.threads import at_once
from tests.watch.conftest import Office
from zhenggai.ledgers import listening
from zhenggai.ledgers.queries import access_declared
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.watch import running
from zhenggai.watch.models import LIVE_ALERTS, Alert, AlertEvent, RuleRun, Watched
from zhenggai.watch.running import forget_killed, run_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


def run(body: Unit) -> RuleRun:
    return run_ledger(access_declared("tw_cases"), body, actor=OPERATOR, cause=RuleRun.Cause.ASKED).run


def test_two_runs_at_once_make_each_alert_once(office: Office) -> None:
    Watched.objects.all().delete()
    for _number in range(3):
        office.case(70)
    answers = at_once(*[lambda: run(Unit.objects.get(pk=office.body.pk))] * 3)
    assert all(isinstance(answer, RuleRun) for answer in answers), answers
    assert {answer.state for answer in answers} <= {RuleRun.State.DONE, RuleRun.State.OUTDATED}
    assert Alert.objects.filter(rule="stalled", state__in=LIVE_ALERTS).count() == 3
    twice = AlertEvent.objects.filter(kind="opened").values("alert").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()


def test_a_change_of_a_row_lets_the_rules_run_after_the_commit(office: Office) -> None:
    row = office.case(70)
    assert Alert.objects.filter(rule="stalled", state__in=LIVE_ALERTS).count() == 1  # the task ran at once here
    office.close(row)
    assert not Alert.objects.filter(rule="stalled", state__in=LIVE_ALERTS).exists()
    assert RuleRun.objects.filter(cause=RuleRun.Cause.CHANGE, state=RuleRun.State.DONE).exists()


def test_a_run_that_dies_while_it_writes_leaves_nothing_half_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: object) -> int:
        raise Killed

    monkeypatch.setattr(listening, "_listeners", [])  # nothing runs by itself meanwhile
    office.case(70)
    before = Alert.objects.count()
    monkeypatch.setattr(running, "look_at_conditions", die)
    with pytest.raises(Killed):
        run(office.body)
    assert Alert.objects.count() == before and not AlertEvent.objects.filter(alert__rule="stalled").exists()
    stuck = RuleRun.objects.order_by("-pk").first()
    assert stuck is not None and stuck.state == RuleRun.State.RUNNING
    RuleRun.objects.filter(pk=stuck.pk).update(started_at=timezone.now() - timedelta(hours=2))
    assert forget_killed() == 1
    monkeypatch.undo()
    run(office.body)
    assert Alert.objects.filter(rule="stalled", state__in=LIVE_ALERTS).count() == 1
