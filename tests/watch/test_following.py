"""A run after a change looks at the changed rows alone and leaves the alerts that a look at everything would leave."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.watch.conftest import Office
from zhenggai.ledgers import actions as ledger_actions
from zhenggai.ledgers import listening
from zhenggai.ledgers.models import Attachment, Row
from zhenggai.ledgers.queries import access_declared
from zhenggai.people.access import OPERATOR
from zhenggai.watch import basis, running
from zhenggai.watch.actions import dismiss_alert, set_rule
from zhenggai.watch.judging import judge
from zhenggai.watch.models import LIVE_ALERTS, Alert, RuleRun, Watched
from zhenggai.watch.running import Outcome, run_ledger
from zhenggai.watch.settings import effective_rules

pytestmark = pytest.mark.django_db
Cause = RuleRun.Cause
_LAWYERS = ("甲律师", "乙律师", "丙律师", "")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_listeners", [])  # runs are asked for here


def run(office: Office, cause: RuleRun.Cause = Cause.CHANGE) -> Outcome:
    return run_ledger(access_declared("tw_cases"), office.body, actor=OPERATOR, cause=cause)


def agree(office: Office, done: Outcome) -> None:
    """Hold the alerts that stand, and what the run says of each rule, against a look at everything."""
    ledger = access_declared("tw_cases")
    whole = judge(ledger, office.body, effective_rules(ledger, office.body), done.judgement.as_of)
    said = {
        (each.rule, fact.subject): (fact.digest, fact.message, list(fact.rows))
        for each in whole.verdicts
        for fact in each.facts
    }
    live = Alert.objects.filter(ledger="tw_cases", state__in=LIVE_ALERTS)
    stand = {(one.rule, one.subject): (one.digest, one.message, one.rows) for one in live}
    assert stand == said
    told = {code: (each["hits"], each["unknown"], "error" in each) for code, each in done.run.rules.items()}
    assert told == {each.rule: (len(each.facts), each.unknown, bool(each.error)) for each in whole.verdicts}
    assert done.run.rows == whole.rows


class Clerk:
    """Does something to the ledgers at random."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.random = office, random.Random(seed)
        self.rows: list[int] = []

    def act(self) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (self.enter, 4), (self.change, 6), (self.move, 2), (self.attach, 1), (self.list_relative, 1), (self.dismiss, 1),
        ]  # fmt: skip
        self.random.choices([act for act, _weight in acts], [weight for _act, weight in acts])[0]()

    def values(self) -> dict[str, object]:
        day = timezone.localdate() - timedelta(days=self.random.choice([3, 40, 61, 85, 92, 100, 130, 400]))
        closed = self.random.choice(["", "", (day + timedelta(days=2)).isoformat()])
        return {
            "accepted_on": self.random.choice([day.isoformat(), day.isoformat(), ""]),
            "closed_on": closed,
            "lawyer": self.random.choice(_LAWYERS),
            "suspect": self.random.choice(["张三", "李四"]),
            "department": self.random.choice([self.office.department.name, ""]),
            "handler": self.random.choice([self.office.handler.username, ""]),
            "problem": self.random.choice(["群众反映窗口答复不及时", "群众反映窗口答复很不及时", f"另一件{self.random.random()}"]),
            "tags": self.random.choice(["", "public", "civil", "public、civil"]),
            "amount": self.random.choice(["", "100"]),
        }  # fmt: skip

    def enter(self) -> None:
        where = self.random.choice([self.office.body, self.office.court])
        self.rows.append(self.office.case(None, body=where, **self.values()).pk)

    def some_row(self) -> Row | None:
        return Row.objects.get(pk=self.random.choice(self.rows)) if self.rows else None

    def change(self) -> None:
        row = self.some_row()
        if row is not None and row.withdrawn_at is None:
            values = self.values()
            self.office.change(row, **{code: values[code] for code in self.random.sample(sorted(values), 2)})

    def move(self) -> None:
        row = self.some_row()
        if row is not None and row.withdrawn_at is None:
            ledger_actions.withdraw_row(row, actor=OPERATOR, reason="重复登记")
        elif row is not None:
            ledger_actions.restore_row(row, actor=OPERATOR)

    def attach(self) -> None:
        row = self.some_row()
        if row is None or row.withdrawn_at is not None:
            return
        held = Attachment.objects.filter(row=row, withdrawn_at=None).first()
        if held is not None:
            ledger_actions.withdraw_attachment(held, actor=OPERATOR)
        else:
            ledger_actions.attach_file(row, actor=self.office.clerk, source=io.BytesIO(b"x"), name="x.txt")

    def list_relative(self) -> None:
        values = {"name": self.random.choice(_LAWYERS[:3])}
        if not Row.objects.filter(ledger="tw_relatives", key=values["name"]).exists():
            ledger_actions.create_row("tw_relatives", values, actor=OPERATOR, body=self.office.body)

    def dismiss(self) -> None:
        alert = Alert.objects.filter(state=Alert.State.OPEN).order_by("pk").first()
        if alert is not None:
            dismiss_alert(alert, actor=OPERATOR, why="已核实")


@pytest.mark.parametrize("seed", [1, 2])
def test_alerts_are_those_of_a_look_at_everything(office: Office, seed: int) -> None:
    clerk = Clerk(office, seed)
    for _number in range(6):
        clerk.enter()
    run(office)
    followed = 0
    for _number in range(6):
        for _each in range(clerk.random.randint(1, 3)):
            clerk.act()
        done = run(office)
        assert done.run.state == RuleRun.State.DONE
        agree(office, done)
        followed += bool(done.judgement.since)
    assert followed == 6  # none of them looked at everything


def test_history_goes_on_through_both_kinds_of_run(office: Office) -> None:
    row = office.case(70)
    office.case(10)
    run(office)
    alert = Alert.objects.get(rule="stalled")
    dismissed = dismiss_alert(alert, actor=OPERATOR, why="已核实", until=timezone.localdate())
    office.change(row, suspect="王五")
    run(office)
    alert.refresh_from_db()
    assert alert.state == Alert.State.DISMISSED and alert.digest != dismissed.digest  # follows its facts
    office.close(row)
    assert run(office).reconciled.resolved == [alert]
    office.change(row, closed_on="")
    done = run(office)
    assert done.judgement.since and [each.pk for each in done.reconciled.reopened] == [alert.pk]
    alert.refresh_from_db()
    assert (alert.state, alert.spells, alert.note) == (Alert.State.OPEN, 2, "")
    whole = run(office, Cause.DAILY)
    assert not whole.judgement.since and not whole.reconciled.changed
    office.case(80)
    assert [each.rule for each in run(office).reconciled.opened] == ["stalled"]
    agree(office, run(office))


def test_everything_is_looked_at_when_more_than_rows_may_have_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = office.case(50)
    assert not run(office).judgement.since  # the first
    assert run(office).judgement.since
    assert not run(office, Cause.ASKED).judgement.since and not run(office, Cause.DAILY).judgement.since
    set_rule("tw_cases", "stalled", office.body, actor=office.office, why="从严", parameters={"limit": 40})
    done = run(office)
    assert not done.judgement.since and [each.rule for each in done.reconciled.opened] == ["stalled"]
    office.department.name = "第二检察部"
    office.department.save()
    assert not run(office).judgement.since
    Watched.objects.update(mark=Watched.objects.get(ledger="tw_cases").mark.replace(":", ":x", 1))
    done = run(office)
    assert done.judgement.since  # another ledger changed: rules that read it are asked of all rows
    agree(office, done)
    office.change(row, suspect="王五")
    monkeypatch.setattr(basis, "MOST_CHANGED", 0)
    assert not run(office).judgement.since
    monkeypatch.undo()
    soon = timezone.now() + timedelta(days=45)
    monkeypatch.setattr(timezone, "now", lambda: soon)
    done = run(office)
    assert not done.judgement.since and {each.rule for each in done.reconciled.opened} >= {"due"}


def test_a_restored_database_is_looked_at_whole(office: Office) -> None:
    row = office.case(70)
    run(office)
    version = row.versions.get()
    version.act = "00000000-0000-4000-8000-000000000000"  # another act wrote a version of that id
    version.save(update_fields=["act"])
    assert not run(office).judgement.since


def test_a_run_that_was_overtaken_looks_at_everything(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    row = office.case(70)
    run(office)
    office.close(row)
    genuine = running.judge_changes

    def overtaken(*args: object) -> object:
        found = genuine(*args)  # type: ignore[arg-type]  # what it is called with
        monkeypatch.setattr(running, "judge_changes", genuine)
        earlier: datetime = args[3]  # type: ignore[assignment]  # the moment
        Watched.objects.filter(ledger="tw_cases").update(mark="", as_of=earlier - timedelta(seconds=1))
        return found

    monkeypatch.setattr(running, "judge_changes", overtaken)
    done = run(office)
    assert not done.judgement.since and done.run.state == RuleRun.State.DONE
    agree(office, done)


def test_rules_that_failed_are_asked_of_all_rows(office: Office) -> None:
    ledger = access_declared("tw_broken")
    for number in range(2):
        day = date(2020, 1, 1 + number).isoformat()
        ledger_actions.create_row("tw_broken", {"no": f"{number}", "on_day": day}, actor=OPERATOR, body=office.body)
        done = run_ledger(ledger, office.body, actor=OPERATOR, cause=Cause.CHANGE)
    assert done.judgement.since and "error" in done.run.rules["wrong"] and done.run.rules["right"]["hits"] == 2
