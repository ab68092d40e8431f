"""Visits freeze how far a department was; who lags the time is marked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.findings import make_finding
from tests.factories.people import make_department, make_unit, make_user
from tests.oversight.conftest import Body
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight import actions, errors
from zhenggai.oversight.models import Visit
from zhenggai.oversight.queries.visits import (
    Pace,
    access_visit,
    elapsed_percent,
    my_tasks,
    pace_now,
    paces,
    visible_visits,
)

START = date(2026, 1, 1)
VALUES = {
    "visited_on": "2026-03-02",
    "visitors": "霍正平、路明远",
    "reported": "已完成 1 项。",
    "conclusions": "抓紧。",
}


@pytest.mark.parametrize(
    ("today", "percent"),
    [(START, 0), (date(2026, 4, 1), 49), (date(2026, 7, 1), 100), (date(2027, 1, 1), 100), (date(2025, 1, 1), 0)],
)
def test_the_elapsed_share_stays_between_nothing_and_all(today: date, percent: int) -> None:
    assert elapsed_percent(START, date(2026, 7, 1), today) == percent


def test_without_a_period_nothing_has_elapsed() -> None:
    assert elapsed_percent(None, START, START) is None
    assert elapsed_percent(START, START, START) is None


@pytest.mark.parametrize(("done", "behind"), [(5, False), (4, True), (0, True), (10, False)])
def test_more_than_twenty_points_behind_is_behind(done: int, behind: bool) -> None:
    assert Pace(None, 10, done, 70).is_behind == behind
    assert not Pace(None, 0, 0, 70).is_behind
    assert not Pace(None, 10, 0, None).is_behind


def visit(body: Body, actor: object = None, **values: object) -> Visit:
    return actions.record_visit(body.round, body.finance, VALUES | values, actor=actor or body.clerk)  # type: ignore[arg-type]


def test_a_visit_freezes_how_far_the_department_was(body: Body) -> None:
    make_finding(body.round, department=body.finance.pk, status="completed")
    make_finding(body.round, department=body.finance.pk)
    make_finding(body.round, department=body.office.pk)
    held = visit(body, body.supervisor)
    assert (held.findings_total, held.findings_done) == (2, 1)
    assert held.elapsed_percent == 100
    make_finding(body.round, department=body.finance.pk)
    held.refresh_from_db()
    assert held.findings_total == 2
    assert pace_now(body.finance, body.round, timezone.localdate()).total == 3


def test_the_paces_of_a_round_list_who_is_behind_first(body: Body) -> None:
    for _number in range(3):
        make_finding(body.round, department=body.finance.pk)
    make_finding(body.round, department=body.office.pk, status="completed")
    first, second = paces(body.supervisor, body.round, timezone.localdate())
    assert (first.department, first.is_behind, first.gap) == (body.finance, True, 100)
    assert (second.department, second.is_behind, second.done_percent) == (body.office, False, 100)


def test_who_records_visits(body: Body) -> None:
    assert visit(body, body.clerk)
    assert visit(body, body.supervisor)
    for person in (body.head, body.chief, make_user("rectification_office", make_unit())):
        with pytest.raises(NotAllowed):
            visit(body, person)
    with pytest.raises(NotFound):
        actions.record_visit(body.round, make_department(make_unit()), VALUES, actor=body.clerk)
    stranger = make_user("rectification_office", make_unit())
    assert not visible_visits(stranger).exists()
    with pytest.raises(NotFound):
        access_visit(stranger, Visit.objects.first().pk)  # type: ignore[union-attr]


def test_what_is_missing_or_lies_ahead_is_refused(body: Body) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for values, error in (
        ({"visitors": ""}, errors.TextMissing),
        ({"visited_on": tomorrow}, errors.BadValue),
        ({"visited_on": "昨天"}, errors.BadValue),
    ):
        with pytest.raises(error):
            visit(body, **values)


def test_a_task_is_finished_by_its_owner_or_department(body: Body) -> None:
    owner = make_user("owner", body.office)
    tasks = [actions.TaskWrite("补登资产", owner, date(2026, 4, 1)), actions.TaskWrite("报送说明")]
    held = actions.record_visit(body.round, body.finance, VALUES, actor=body.clerk, tasks=tasks)
    first, second = held.tasks.all()
    assert list(my_tasks(owner)) == [first]
    with pytest.raises(NotFound):
        actions.finish_task(second, actor=owner, done_on="2026-03-03", note="已报")
    actions.finish_task(first, actor=owner, done_on="2026-03-20", note="已补登")
    actions.finish_task(second, actor=body.head, done_on="2026-03-20", note="已报")
    with pytest.raises(errors.BadValue):
        actions.finish_task(second, actor=body.head, done_on="2026-03-20", note="再报")
    assert not my_tasks(owner).exists()


def test_two_people_do_not_overwrite_each_other(body: Body) -> None:
    held = visit(body)
    actions.update_visit(held, VALUES | {"conclusions": "限期完成。"}, actor=body.supervisor, version=1)
    with pytest.raises(errors.ChangedMeanwhile):
        actions.update_visit(held, VALUES, actor=body.clerk, version=1)
