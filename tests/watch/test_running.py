"""A run over real rows: every kind of rule says what it should, alerts follow, a bad rule stands alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.watch.conftest import Office
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions as ledger_actions
from zhenggai.ledgers.queries import access_declared
from zhenggai.notifications.models import Notification
from zhenggai.people.access import OPERATOR
from zhenggai.rulesql.plans import Grain, period_of
from zhenggai.watch.actions import set_rule
from zhenggai.watch.indicators import Shown, last_figure, read_indicator, rows_behind
from zhenggai.watch.models import LIVE_ALERTS, Alert, RuleRun
from zhenggai.watch.running import Outcome, look_back, run_ledger, run_rules

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def run(office: Office, ledger: str = "tw_cases") -> Outcome:
    return run_ledger(access_declared(ledger), office.body, actor=OPERATOR, cause=RuleRun.Cause.ASKED)


def said(outcome: Outcome) -> dict[str, list[str]]:
    return {verdict.rule: [fact.message for fact in verdict.facts] for verdict in outcome.judgement.verdicts}


def live(rule: str = "") -> list[Alert]:
    found = Alert.objects.filter(state__in=LIVE_ALERTS).order_by("pk")
    return list(found.filter(rule=rule) if rule else found)


def test_rules_over_single_rows_speak_with_masked_names_and_the_right_people(office: Office) -> None:
    old = office.case(70, suspect="张三丰", department=office.department.name, handler=office.handler.username)
    office.case(10, suspect="李四")
    office.case(None)
    outcome = run(office)
    assert said(outcome)["stalled"] == ["示检1号（张某某）受理超过60天没有结案。"]
    (alert,) = live("stalled")
    assert alert.unit == office.department and alert.severity == "orange" and alert.rows == [str(old.pk)]
    assert alert.facts["closed_on"] == "" and "张三丰" not in str(alert.facts)
    assert outcome.run.rules["stalled"]["unknown"] == 1  # not closed, and no date
    told = set(Notification.objects.filter(kind="alert").values_list("user__name", flat=True))
    assert "段红" in told
    office.close(old)
    assert run(office).reconciled.counts["stalled"] == {"resolved": 1}
    assert live("stalled") == []


def test_the_ladder_of_a_due_day(office: Office) -> None:
    row = office.case(0, handler=office.handler.username)
    assert live("due") == []
    seen = []
    for days in (80, 85, 90, 93):
        office.change(row, accepted_on=(TODAY() - timedelta(days=days)).isoformat())
        run(office)
        seen.append([(alert.severity, alert.person) for alert in live("due")])
    assert [[severity for severity, _person in each] for each in seen][-1] == ["red"]
    assert len({alert.pk for alert in Alert.objects.filter(rule="due")}) == 1
    (alert,) = live("due")
    assert alert.due_on is not None and alert.due_on < TODAY() and alert.person == office.handler


def test_groups_comparisons_repeats_files_and_absences(office: Office) -> None:
    ledger_actions.create_row("tw_relatives", {"name": "王律师"}, actor=OPERATOR, body=office.body)
    same = "关于校园周边食品安全监管不到位的社会治理检察建议，请依法查处并建立长效机制"
    court = str(office.court.pk)
    for days in (10, 20, 30):
        office.case(days, lawyer="王律师", problem=f"{same}。", office=court, body=office.court)
    done = office.case(5, closed_on=TODAY().isoformat(), problem=same, office=str(office.body.pk))
    told = said(run(office))
    assert told["busy_lawyer"] == ["王律师半年内代理3件。"]
    assert len(told["relative"]) == 3
    assert len(told["again"]) == 2 and all("事项近似" in words for words in told["again"])
    assert told["files"] == [f"{done.title}：结案没有附件"]
    assert [alert.rows for alert in live("files")] == [[str(done.pk)]]
    assert {alert.body for alert in live("relative")} == {office.court}


def test_a_quarter_without_a_row_is_told_of_each_body(office: Office) -> None:
    start = date(TODAY().year, (TODAY().month - 1) // 3 * 3 + 1, 1)
    before = start - timedelta(days=1)
    office.case(None, accepted_on=before.isoformat(), office=str(office.body.pk))
    if (TODAY() - start).days < 6:
        return  # the quarter is not judged yet
    told = said(run(office))["nothing"]
    assert len(told) == 1 and office.court.name in told[0] and "季度" in told[0]
    (alert,) = live("nothing")
    assert alert.unit == office.court


def test_an_indicator_off_its_mark(office: Office) -> None:
    last = TODAY().year - 1
    for number in range(4):
        closed = {"closed_on": f"{last}-06-0{number + 1}"} if number == 0 else {}
        office.case(None, accepted_on=f"{last}-0{number + 1}-10", **closed)
    assert said(run(office))["slow"] == [f"{last}年结案率为25.00%。"]
    (alert,) = live("slow")
    assert alert.row_count == 1
    set_rule("tw_cases", "slow", office.body, actor=office.office, why="本地目标低", parameters={"least": 20})
    assert said(run(office))["slow"] == []


def test_what_stands_is_counted_at_the_end_of_each_period_and_today(office: Office) -> None:
    year = TODAY().year - 1
    office.case(None, accepted_on=f"{year}-01-10", kind="public")
    office.case(None, accepted_on=f"{year}-02-10", closed_on=f"{year}-05-20", kind="civil")
    office.case(0, kind="civil")
    ledger = access_declared("tw_cases")
    indicator = next(each for each in ledger.indicators if each.indicator == "standing")

    def standing(day: date, grain: Grain, by: str = "") -> Shown:
        return read_indicator(ledger, indicator, office.body, period=period_of(day, grain), by=by)

    may = standing(date(year, 4, 1), Grain.QUARTER)
    assert (may.figure.value, may.previous and may.previous.value) == (1, 2)
    now = standing(TODAY(), Grain.YEAR, "kind")
    assert (now.figure.value, now.previous and now.previous.value) == (2, 1)
    assert {each.key: each.value for each in now.by} == {"public": 1, "civil": 1}
    where = {"period": period_of(date(year, 4, 1), Grain.QUARTER)}
    assert len(rows_behind(ledger, indicator, office.body, **where)[1]) == 1
    assert last_figure(ledger, indicator, office.body, period="year", unit=None, as_of=timezone.now()).value == 2


def test_a_bad_rule_is_reported_and_the_others_run(office: Office) -> None:
    ledger_actions.create_row("tw_broken", {"no": "1", "on_day": "2024-01-01"}, actor=OPERATOR, body=office.body)
    outcome = run(office, "tw_broken")
    told = outcome.run.rules
    assert "no_such_field" in told["wrong"]["error"] and told["right"]["hits"] == 1
    assert outcome.run.state == RuleRun.State.DONE


def test_settings_switch_rules_off_and_their_alerts_go(office: Office) -> None:
    office.case(70)
    run(office)
    assert len(live("stalled")) == 1
    with pytest.raises(NotAllowed):
        set_rule("tw_cases", "stalled", office.body, actor=office.clerk, why="试", enabled=False)
    set_rule("tw_cases", "stalled", office.body, actor=office.office, why="不适用", enabled=False)
    run(office)
    assert live("stalled") == []
    set_rule("tw_cases", "stalled", office.body, actor=office.office, why="恢复", parameters={"limit": "80"})
    run(office)
    assert live("stalled") == []
    set_rule("tw_cases", "stalled", office.body, actor=office.office, why="按规定")
    run(office)
    assert live("stalled")[0].spells == 2


def test_a_look_at_the_past_writes_nothing(office: Office) -> None:
    row = office.case(70)
    run(office)
    before = timezone.now()
    office.close(row)
    run(office)
    judgement = look_back(access_declared("tw_cases"), office.body, before)
    assert {v.rule: len(v.facts) for v in judgement.verdicts}["stalled"] == 1
    assert live("stalled") == []


def test_who_may_run(office: Office) -> None:
    office.case(70)
    assert len(run_rules("tw_cases", actor=office.clerk)) == 1
    assert run_rules("tw_cases", actor=office.outsider)[0].run.body != office.body
    with pytest.raises(NotAllowed):
        run_rules("tw_cases", actor=office.head)
    with pytest.raises(NotFound):
        run_rules("no_such", actor=office.clerk)
    assert {outcome.run.ledger for outcome in run_rules(actor=office.clerk)} >= {"tw_cases", "tw_broken"}
