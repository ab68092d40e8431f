"""From a rule to the loop: letters, criteria of findings, rebounds after a close-out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.ledgers import declare
from tests.factories.people import make_user
from tests.factories.workflow import Body
from tests.watch.conftest import Office
from tests.watch.ledgers import BROKEN, CASES, KINDS, RELATIVES
from tests.watch.test_running import live, run
from zhenggai.audit.models import Entry
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions as ledger_actions
from zhenggai.ledgers.actions import name_reader
from zhenggai.ledgers.declared import access_declared
from zhenggai.oversight import actions as oversight
from zhenggai.oversight.models import Letter
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User
from zhenggai.watch.access import closed_readings
from zhenggai.watch.actions import (
    acknowledge_alert,
    attach_condition,
    dismiss_alert,
    draft_alert_letter,
    explain_rebound,
    note_alert,
    reopen_rebound,
    restore_alert,
)
from zhenggai.watch.errors import AlertNotOpen, BadValue, NoLetter, ReboundEnded, TextMissing
from zhenggai.watch.models import Alert, Rebound, Severity
from zhenggai.watch.queries import access_alert, visible_alerts
from zhenggai.watch.telling import gather
from zhenggai.workflow.conditions import Condition
from zhenggai.workflow.errors import BadCondition, CannotClose
from zhenggai.workflow.models import Criterion

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def test_people_take_alerts_in_hand_set_them_aside_and_bring_them_back(office: Office) -> None:
    office.case(70, department=office.department.name)
    run(office)
    (alert,) = live("stalled")
    acknowledge_alert(alert, actor=office.head, note="正在办理")
    with pytest.raises(AlertNotOpen):
        acknowledge_alert(alert, actor=office.head)
    with pytest.raises(TextMissing):
        note_alert(alert, actor=office.head, text=" ")
    note_alert(alert, actor=office.head, text="已催办")
    with pytest.raises(NotAllowed):
        dismiss_alert(alert, actor=office.head, why="不归我管")
    with pytest.raises(BadValue):
        dismiss_alert(alert, actor=office.office, why="已商请", until=TODAY() - timedelta(days=1))
    dismiss_alert(alert, actor=office.office, why="已商请延期", until=TODAY() + timedelta(days=5))
    run(office)
    assert live("stalled")[0].state == Alert.State.DISMISSED
    restore_alert(alert, actor=office.office, why="情况有变")
    assert live("stalled")[0].state == Alert.State.OPEN
    codes = Entry.objects.filter(object_type="alert").order_by("sequence").values_list("code", flat=True)
    assert [code.rsplit("_")[-1] for code in codes] == ["acknowledged", "noted", "dismissed", "restored"]


def test_who_sees_an_alert(office: Office) -> None:
    office.case(70, department=office.department.name)
    office.case(70, office=str(office.court.pk), body=office.court)
    run(office)
    assert len(live("stalled")) == 2
    mine = {user: visible_alerts(user).filter(rule="stalled").count() for user in (office.clerk, office.court_chief)}
    assert mine == {office.clerk: 2, office.court_chief: 1}
    assert not visible_alerts(office.outsider).exists()
    with pytest.raises(NotFound):
        access_alert(office.outsider, live("stalled")[0].pk)
    theirs = Alert.objects.get(rule="stalled", body=office.court)
    with pytest.raises(NotAllowed):
        acknowledge_alert(theirs, actor=office.head)


def test_a_letter_from_alerts_and_its_answer(office: Office) -> None:
    row = office.case(70, suspect="张三丰", department=office.department.name)
    office.case(80, suspect="李四", department=office.department.name)
    run(office)
    alerts = live("stalled")
    with pytest.raises(NotAllowed):
        draft_alert_letter(alerts, actor=office.handler)
    letter = draft_alert_letter(alerts, actor=office.clerk)
    assert letter.kind_label == "办案期限提示函" and letter.unit == office.body
    assert "犯罪嫌疑人张三丰" in letter.body and letter.title == "关于2件停滞案件的提示函"
    assert [str(one) for one in letter.recipients.all()] == ["第一检察部"]
    assert Entry.objects.filter(code="ledgers.personal_read").count() == 1
    assert {alert.state for alert in live("stalled")} == {Alert.State.ACKNOWLEDGED}
    oversight.submit_letter(letter, actor=office.clerk)
    signed = oversight.sign_letter(letter, actor=office.chief)
    assert signed.number.startswith("示例期限提示〔")
    oversight.reply_letter(signed, signed.recipients.get(), actor=office.head, text="已结案")
    office.close(row)
    run(office)
    assert len(live("stalled")) == 1  # the fact alone resolves
    due = office.case(95)
    run(office)
    with pytest.raises(NoLetter):
        draft_alert_letter(Alert.objects.filter(rule="due", rows=[str(due.pk)]), actor=office.clerk)
    with pytest.raises(BadValue):
        draft_alert_letter([*live("stalled")[:1], *live("due")[:1]], actor=office.clerk)
    assert Letter.objects.count() == 1


class Bound(Body):
    """The loop of a body that keeps the office's ledger."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        office.body = self.unit

    def attached(self) -> tuple[Finding, Criterion]:
        finding = self.at_work()
        criterion = attach_condition(finding, Condition("tw_cases", rule="stalled"), actor=self.office)
        return finding, criterion


def test_a_finding_about_stalled_cases_closes_only_while_the_rule_is_silent_and_rebounds(office: Office) -> None:
    loop = Bound(office)
    row = office.case(70)
    run(office)
    finding, criterion = loop.attached()
    assert criterion.state == Criterion.State.LAPSED and criterion.state_count == 1
    assert criterion.text == "台账“试用案件”的规则“停滞案件”没有未消除的预警"
    with pytest.raises(CannotClose):
        loop.submitted(finding)
    office.close(row)
    run(office)
    criterion.refresh_from_db()
    assert criterion.state == Criterion.State.HOLDS and "没有未消除的预警" in criterion.state_text
    closed = loop.pass_to(loop.submitted(finding))
    assert closed.stage == Stage.CLOSED
    other = office.case(65)
    run(office)
    (rebound,) = Rebound.objects.all()
    assert rebound.state == Rebound.State.OPEN and rebound.count == 1
    run(office)
    assert Rebound.objects.count() == 1
    office.close(other)
    run(office)
    rebound.refresh_from_db()
    assert rebound.state == Rebound.State.RESOLVED
    office.case(66)
    run(office)
    again = Rebound.objects.get(state=Rebound.State.OPEN)
    with pytest.raises(NotAllowed):
        explain_rebound(again, actor=loop.head, why="误报")
    explain_rebound(again, actor=loop.chief, why="系补录旧案")
    run(office)
    assert not Rebound.objects.filter(state=Rebound.State.OPEN).exists()
    with pytest.raises(ReboundEnded):
        reopen_rebound(again, actor=loop.chief, motive="反弹")


def test_a_rebound_reopens_its_finding(office: Office) -> None:
    loop = Bound(office)
    run(office)
    finding, _criterion = loop.attached()
    loop.pass_to(loop.submitted(finding))
    office.case(70)
    run(office)
    rebound = Rebound.objects.get()
    found = reopen_rebound(rebound, actor=loop.chief, motive="停滞案件又有发生")
    assert found.stage == Stage.REOPENED
    rebound.refresh_from_db()
    assert rebound.state == Rebound.State.REOPENED and rebound.ended_by == loop.chief
    assert found.close_outs.get().motive == "停滞案件又有发生"


def test_what_a_rule_cannot_tell_opens_no_gate(office: Office) -> None:
    loop = Bound(office)
    office.case(None)
    run(office)
    _finding, criterion = loop.attached()
    assert criterion.state == Criterion.State.UNKNOWN and "1 条记录无法判断" in criterion.state_text
    broken = ledger_actions.create_row("tw_broken", {"no": "1"}, actor=OPERATOR, body=office.body)
    assert broken
    run(office, "tw_broken")
    second = attach_condition(
        Finding.objects.get(pk=criterion.finding_id), Condition("tw_broken", rule="wrong"), actor=loop.office
    )
    assert second.state == Criterion.State.UNKNOWN and "没有运行成功" in second.state_text


def test_a_condition_on_an_indicator(office: Office) -> None:
    loop = Bound(office)
    year = TODAY().year - 1
    first = office.case(None, accepted_on=f"{year}-02-01", closed_on=f"{year}-03-01")
    office.case(None, accepted_on=f"{year}-04-01")
    run(office)
    finding = loop.at_work()
    wanted = Condition("tw_cases", indicator="closed_rate", comparison="ge", value=90, period="year")
    with pytest.raises(BadCondition):
        attach_condition(finding, Condition("tw_cases", indicator="nothing"), actor=loop.office)
    with pytest.raises(NotAllowed):
        attach_condition(finding, wanted, actor=loop.owner)
    criterion = attach_condition(finding, wanted, actor=loop.office)
    assert criterion.state == Criterion.State.LAPSED
    assert f"{year}年为 50.00%，要求 ≥ 90" in criterion.state_text
    office.close(Alert.objects.none().first() or first)
    office.change(first, accepted_on=f"{year - 1}-02-01")
    run(office)
    criterion.refresh_from_db()
    assert "0.00%" in criterion.state_text


def test_a_rule_that_reads_a_closed_ledger_tells_only_those_named_for_it(office: Office) -> None:
    secret = RELATIVES.replace("ledger: tw_relatives\n", "ledger: tw_relatives\nsecrecy: named\n")
    declare(CASES, secret, BROKEN, enumerations=(KINDS,), pack="tw_pack")
    ledger = access_declared("tw_cases")
    (rule,) = closed_readings(ledger)
    now = timezone.now()
    alert = Alert.objects.create(
        ledger="tw_cases", rule=rule, subject="row:1", body=office.body, unit=office.body, watch_body=office.body,
        severity=Severity.RED, title="甲", message="甲", first_seen_at=now, since=now, last_seen_at=now,
    )  # fmt: skip
    assert not visible_alerts(office.clerk).exists() and gather(ledger, [alert]) == {}
    clerk = User.objects.get(pk=office.clerk.pk)
    name_reader("tw_relatives", actor=OPERATOR, user=clerk, body=office.body, reason="专人")
    assert visible_alerts(clerk).get() == alert
    assert gather(ledger, [alert]) == {clerk.pk: [alert]}


def test_a_named_ledger_tells_only_those_named(office: Office) -> None:
    nobody = make_user("leading_group_member", office.body)
    assert not visible_alerts(User.objects.get(pk=nobody.pk)).exists()
