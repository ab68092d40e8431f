"""Look-backs and spot checks: planned by the rules, drawn by a seed, never checked by a doer, reopening what fell back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.findings import make_finding
from tests.factories.oversight import at_stage, make_closed
from tests.factories.people import make_unit, make_user
from tests.oversight.conftest import Body
from zhenggai.audit.models import Entry
from zhenggai.findings.models import Stage
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.models import Notification
from zhenggai.oversight import actions, errors
from zhenggai.oversight.models import Check, CheckOutcome, Draw
from zhenggai.oversight.queries.checks import access_check, check_page, population_rows, rates, redraw, visible_checks
from zhenggai.oversight.sheets import sheet_lines
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Deputy
from zhenggai.people.roles import ROLES, Permission
from zhenggai.workflow.models import CloseOut, WorkEntry

DAY = date(2026, 3, 2)


def closed(body: Body, **values: object) -> CloseOut:
    return make_closed(body.round, by=body.head, closed_on=DAY, **values)  # type: ignore[arg-type]


def planned(body: Body, **values: object) -> Check:
    closed(body, **values)
    actions.plan_look_backs(actor=OPERATOR)
    found = Check.objects.order_by("pk").first()
    assert found is not None
    return found


def lines(verdict: str = "ok", *, last: str = "") -> list[actions.LineWrite]:
    texts = sheet_lines("look_back")
    verdicts = [verdict] * (len(texts) - 1) + [last or verdict]
    return [actions.LineWrite(text, each) for text, each in zip(texts, verdicts, strict=True)]


def write(check: Check, actor: object, outcome: str = "consolidated", **values: object) -> Check:
    given: dict[str, object] = {
        "summary": "现场核对台账。",
        "done_on": timezone.localdate(),
        "lines": lines() if outcome == "consolidated" else lines(last="not_ok"),
    }
    return actions.record_check(check, actor=actor, outcome=outcome, **(given | values))  # type: ignore[arg-type]


def test_look_backs_are_planned_once_for_each_step_of_the_rules(body: Body) -> None:
    close_out = closed(body)
    assert actions.plan_look_backs(actor=OPERATOR) == 2
    assert actions.plan_look_backs(actor=OPERATOR) == 0
    first, second = Check.objects.order_by("due_on")
    assert (first.after_days, second.after_days) == (90, 180)
    assert first.due_on == date(2026, 6, 1)  # 90 days later is a Sunday
    assert first.close_out == close_out


def test_a_closed_finding_that_is_at_work_again_needs_no_look_back(body: Body) -> None:
    check = planned(body)
    at_stage(check.finding, Stage.REOPENED)
    assert actions.cancel_overtaken(actor=OPERATOR) == 2
    check.refresh_from_db()
    assert check.state == Check.State.CANCELLED


def test_a_check_that_holds_is_written_with_its_sheet(body: Body) -> None:
    check = write(planned(body), body.supervisor)
    assert (check.state, check.outcome, check.done_by) == ("done", "consolidated", body.supervisor)
    page = check_page(body.supervisor, check)
    assert len(page.items) == len(sheet_lines("look_back"))
    assert not page.may_check
    assert not page.may_reopen
    with pytest.raises(errors.CheckNotOpen):
        write(check, body.supervisor)
    with pytest.raises(errors.CannotReopen):
        actions.reopen_checked(check, actor=body.supervisor, motive="反弹")


def test_a_doer_never_checks(body: Body) -> None:
    check = planned(body)
    WorkEntry.objects.create(finding=check.finding, text="已完成", done_on=DAY, by=body.supervisor)
    page = check_page(body.supervisor, check)
    assert page.is_doer
    assert not page.may_check
    with pytest.raises(errors.OwnWork):
        write(check, body.supervisor)
    with pytest.raises(errors.OwnWork):
        actions.assign_check(check, body.supervisor, actor=make_user("discipline_group", body.unit))
    deputy = make_user("owner", body.office)
    today = timezone.localdate()
    Deputy.objects.create(principal=body.supervisor, deputy=deputy, started_on=today, ended_on=today)
    with pytest.raises(errors.OwnWork):
        write(check, deputy)


def test_what_contradicts_the_sheet_is_refused(body: Body) -> None:
    check = planned(body)
    denied = [actions.ContactWrite("王小明", "denies", "电话")]
    for outcome, values in (
        ("consolidated", {"lines": lines(last="not_ok")}),
        ("consolidated", {"contacts": denied}),
        ("rebound", {"lines": lines()}),
    ):
        with pytest.raises(errors.BadValue):
            write(check, body.supervisor, outcome, **values)
    for values in ({"summary": " "}, {"lines": lines(last="maybe")}):
        with pytest.raises(errors.TextMissing):
            write(check, body.supervisor, **values)
    with pytest.raises(errors.TextMissing):
        write(check, body.supervisor, "unsure")
    with pytest.raises(NotFound):
        write(check, body.supervisor, seen=[actions.SeenWrite(999, True)])
    assert Check.objects.get(pk=check.pk).state == Check.State.PLANNED


def test_a_rebound_reopens_the_finding_and_the_check_keeps_it(body: Body) -> None:
    check = write(planned(body, department=body.finance.pk), body.supervisor, "rebound")
    assert Notification.objects.filter(user=body.head, kind="check").exists()
    assert check_page(body.supervisor, check).may_reopen
    with pytest.raises(errors.TextMissing):
        actions.reopen_checked(check, actor=body.supervisor, motive="")
    with pytest.raises((NotAllowed, NotFound)):
        actions.reopen_checked(check, actor=body.clerk, motive="同类问题再次发生")
    check = actions.reopen_checked(check, actor=body.supervisor, motive="同类问题再次发生")
    check.finding.refresh_from_db()
    assert check.finding.stage == Stage.REOPENED
    assert CloseOut.objects.get().motive == "同类问题再次发生"
    assert check.reopened_by == body.supervisor
    assert Check.objects.filter(state="planned").count() == 0  # the second look-back went with it
    with pytest.raises(errors.CannotReopen):
        actions.reopen_checked(check, actor=body.supervisor, motive="再来")


def test_a_phased_finding_found_fake_is_put_back_to_work(body: Body) -> None:
    finding = at_stage(make_finding(body.round), Stage.PHASED)
    check = actions.plan_check(finding, actor=body.supervisor, due_on=DAY)
    with pytest.raises(NotAllowed):
        actions.plan_check(finding, actor=body.clerk, due_on=DAY)
    write(check, body.supervisor, "fake")
    actions.reopen_checked(check, actor=body.chief, motive="佐证系事后补造")
    finding.refresh_from_db()
    assert finding.stage == Stage.REOPENED
    with pytest.raises(errors.CheckNotOpen):
        actions.plan_check(finding, actor=body.supervisor, due_on=DAY)


def test_names_of_those_asked_are_masked_for_who_does_not_inspect(body: Body) -> None:
    asked = [actions.ContactWrite("王小明", "confirms", "电话 0731-1234", "投诉人", "已退款")]
    check = write(planned(body), body.supervisor, contacts=asked)
    (open_,) = check_page(body.supervisor, check).contacts
    assert (open_.name, open_.how, open_.note) == ("王小明", "电话 0731-1234", "已退款")
    page = check_page(body.clerk, check)
    (masked,) = page.contacts
    assert page.is_masked
    assert (masked.name, masked.how, masked.note) == ("王＊＊", "", "")
    assert masked.answer_label == "属实"
    assert "王小明" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_draw_can_be_drawn_again_by_anybody(body: Body) -> None:
    for number in range(12):
        closed(body, department=(body.finance if number % 3 else body.office).pk)
    at_stage(make_finding(body.round), Stage.WORKING)
    drawn = actions.draw_checks(
        body.round,
        actor=body.supervisor,
        stages=["closed"],
        strata="department",
        size=4,
        due_on=DAY,
        seed="开奖号码 0320",
    )
    assert len(drawn.population) == 12
    assert len(drawn.drawn) == 4
    assert redraw(drawn).is_same
    rows = population_rows(drawn)
    assert sum(row.is_drawn for row in rows) == 4
    assert {row.stratum for row in rows if row.is_drawn} == {"计财装备处", "办公室"}
    assert Check.objects.filter(draw=drawn, kind="spot_check", close_out__isnull=False).count() == 4
    Draw.objects.filter(pk=drawn.pk).update(drawn=drawn.drawn[:3])
    drawn.refresh_from_db()
    assert not redraw(drawn).is_same


def test_a_draw_without_a_given_seed_makes_and_keeps_one(body: Body) -> None:
    closed(body)
    one = actions.draw_checks(body.round, actor=body.supervisor, stages=["closed"], rate_percent=100, due_on=DAY)
    two = actions.draw_checks(body.round, actor=body.supervisor, stages=["closed"], rate_percent=100, due_on=DAY)
    assert len(one.seed) == 32
    assert one.seed != two.seed
    assert Entry.objects.filter(code="oversight.drawn", data__seed=one.seed).exists()


def test_what_cannot_be_drawn_is_refused(body: Body) -> None:
    def attempt(**values: object) -> None:
        given = {"stages": ["closed"], "size": 1, "due_on": DAY} | values
        actions.draw_checks(body.round, actor=body.supervisor, **given)  # type: ignore[arg-type]

    with pytest.raises(errors.NothingToDraw):
        attempt()
    closed(body)
    for values in ({"size": None}, {"rate_percent": 5}, {"size": 0}, {"size": None, "rate_percent": 101}):
        with pytest.raises(errors.NothingToDraw):
            attempt(**values)
    for values in ({"stages": ["working"]}, {"strata": "colour"}):
        with pytest.raises(errors.BadValue):
            attempt(**values)
    assert not Draw.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_and_checks_as_the_matrix_says(body: Body, role: str) -> None:
    grants = ROLES[role].grants
    kinds = ROLES[role].unit_kinds
    homes = {"organisation": body.unit, "department": body.office, "grassroots": body.grassroots}
    unit = next((homes[kind] for kind in kinds if kind in homes), None) or make_unit(kind="external")
    person = make_user(role, unit, charges=[body.unit] if ROLES[role].has_charges else [])
    check = planned(body)
    sees = Permission.VIEW_OVERSIGHT in grants
    assert visible_checks(person).exists() == sees
    if not sees:
        with pytest.raises(NotFound):
            access_check(person, check.pk)
    if Permission.INSPECT in grants:
        assert write(check, person).state == Check.State.DONE
    else:
        with pytest.raises((NotAllowed, NotFound)):
            write(check, person)


def test_rates_are_undefined_until_something_was_checked(body: Body) -> None:
    empty = rates(body.clerk, timezone.localdate())
    assert empty.pass_percent is None
    assert empty.rebound_percent is None
    for _number in range(4):
        closed(body)
    drawn = actions.draw_checks(body.round, actor=body.supervisor, stages=["closed"], size=4, due_on=DAY)
    one, two, three, _four = Check.objects.filter(draw=drawn)
    write(one, body.supervisor)
    write(two, body.supervisor)
    write(three, body.supervisor, CheckOutcome.REBOUND)
    told = rates(body.clerk, timezone.localdate(), body.round)
    assert (told.spot_done, told.spot_good, told.rebound, told.planned, told.late) == (3, 2, 1, 1, 1)
    assert (told.pass_percent, told.rebound_percent) == (66.7, 33.3)


def test_a_stranger_sees_no_check_and_no_draw(body: Body) -> None:
    check = planned(body)
    stranger = make_user("supervision_group", make_unit())
    with pytest.raises(NotFound):
        access_check(stranger, check.pk)
    with pytest.raises(NotFound):
        write(check, stranger)


def test_a_check_is_assigned_and_cancelled_with_a_reason(body: Body) -> None:
    check = planned(body)
    other = make_user("discipline_group", body.unit)
    assert actions.assign_check(check, other, actor=body.supervisor).checker == other
    assert Notification.objects.filter(user=other, path=f"/checks/{check.pk}/").exists()
    with pytest.raises(errors.BadValue):
        actions.assign_check(check, body.clerk, actor=body.supervisor)
    with pytest.raises(errors.TextMissing):
        actions.cancel_check(check, actor=body.supervisor, why="")
    assert actions.cancel_check(check, actor=body.supervisor, why="重复").state == Check.State.CANCELLED


def test_the_daily_run_twice_changes_nothing(body: Body) -> None:
    closed(body)
    today = DAY + timedelta(days=100)
    first = actions.run_daily(today, actor=OPERATOR)
    assert (first["planned"], first["cancelled"], first["drafted"]) == (2, 0, 0)
    assert first["told"] >= 1
    assert set(actions.run_daily(today, since=DAY, actor=OPERATOR).values()) == {0}
