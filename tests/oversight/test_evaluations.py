"""Several judges score by a frozen scheme; who answers for the work does not; nothing is ranked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories.findings import make_finding
from tests.factories.people import make_department, make_post, make_unit, make_user
from tests.oversight.conftest import Body
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight import actions, errors
from zhenggai.oversight.actions import MarkWrite
from zhenggai.oversight.models import Evaluation, Survey
from zhenggai.oversight.queries.evaluations import (
    access_evaluation,
    access_survey,
    evaluation_page,
    survey_row,
    visible_evaluations,
)
from zhenggai.people.models import User


def opened(body: Body, scheme: str = "deduction_five", **values: object) -> Evaluation:
    return actions.open_evaluation(body.round, values.get("subject", body.unit), actor=body.supervisor, scheme=scheme)  # type: ignore[arg-type]


def test_two_judges_score_and_the_sum_is_frozen(body: Body) -> None:
    other = make_user("discipline_group", body.unit)
    held = opened(body)
    with pytest.raises(errors.EvaluationUnscored):
        actions.close_evaluation(held, actor=body.supervisor, comment="较好")
    actions.submit_marks(held, {"tasks": MarkWrite("10", "3 项未完成")}, actor=body.supervisor)
    actions.submit_marks(held, {"tasks": MarkWrite("20", "5 项未完成")}, actor=body.supervisor)
    actions.submit_marks(held, {}, actor=other, comment="总体好")
    page = evaluation_page(body.supervisor, held)
    assert page.score is None  # nobody sees the others' marks while marks are taken
    assert page.mine["tasks"]["points"] == "20"
    assert len(page.sheets) == 2
    held = actions.close_evaluation(held, actor=body.supervisor, comment="较好")
    assert (held.score, held.grade) == (Decimal("90.00"), "好")
    page = evaluation_page(body.clerk, held)
    assert page.score is not None
    assert page.score.by_judge == (Decimal("80.00"), Decimal("100.00"))
    with pytest.raises(errors.EvaluationNotOpen):
        actions.submit_marks(held, {}, actor=other)


def test_points_out_of_bounds_and_deductions_without_reason_are_refused(body: Body) -> None:
    held = opened(body)
    for mark in (
        MarkWrite("31", "多"),
        MarkWrite("-1", "少"),
        MarkWrite("多", "词"),
        MarkWrite("5"),
        MarkWrite("1.001", "细"),
    ):
        with pytest.raises(errors.BadValue):
            actions.submit_marks(held, {"tasks": mark}, actor=body.supervisor)
    assert not held.sheets.exists()


def test_five_contradictions_veto_the_score(body: Body) -> None:
    held = opened(body, "award_five")
    finding = make_finding(body.round)
    actions.submit_marks(held, {"effect": MarkWrite("40")}, actor=body.supervisor)
    for number in range(5):
        actions.add_discrepancy(held, actor=body.supervisor, text=f"数字不符{number}", finding=finding)
    taken_back = actions.add_discrepancy(held, actor=body.supervisor, text="误记")
    actions.withdraw_discrepancy(taken_back, actor=body.supervisor)
    with pytest.raises(NotFound):
        actions.add_discrepancy(held, actor=body.supervisor, text="别处", finding=make_finding())
    held = actions.close_evaluation(held, actor=body.supervisor, comment="报告失实")
    assert held.is_vetoed
    assert held.score == 0


def test_who_answers_for_what_is_evaluated_does_not_judge(body: Body) -> None:
    make_post(body.supervisor, body.finance, "department_head")
    held = opened(body, subject=body.finance)
    with pytest.raises(errors.JudgeInvolved):
        actions.submit_marks(held, {}, actor=body.supervisor)
    other = make_user("discipline_group", body.unit)
    actions.submit_marks(held, {}, actor=other)
    make_finding(body.round, department=body.finance.pk, owner=other.pk)
    page = evaluation_page(other, held)
    assert page.is_involved
    assert not page.may_judge
    with pytest.raises(errors.JudgeInvolved):
        actions.submit_marks(held, {}, actor=other)


def test_who_may_evaluate(body: Body) -> None:
    people: tuple[User, ...] = (body.clerk, body.chief, body.head, make_user("supervision_group", make_unit()))
    for person in people:
        with pytest.raises(NotAllowed):
            actions.open_evaluation(body.round, body.unit, actor=person, scheme="award_four")
    with pytest.raises(errors.BadValue):
        opened(body, "unknown")
    with pytest.raises(NotFound):
        opened(body, subject=make_department(make_unit()))
    held = opened(body)
    with pytest.raises(NotFound):
        access_evaluation(people[-1], held.pk)
    with pytest.raises(NotAllowed):
        actions.withdraw_evaluation(held, actor=body.clerk, why="误开")
    assert actions.withdraw_evaluation(held, actor=body.supervisor, why="误开").state == "withdrawn"


def test_evaluations_are_listed_by_time_never_by_score(body: Body) -> None:
    for unit, points in ((body.finance, "30"), (body.office, "0")):
        held = opened(body, subject=unit)
        actions.submit_marks(held, {"tasks": MarkWrite(points, "减分")}, actor=body.supervisor)
        actions.close_evaluation(held, actor=body.supervisor, comment="定评")
    assert [each.subject for each in visible_evaluations(body.clerk)] == [body.office, body.finance]


def survey(body: Body, actor: User | None = None, **values: object) -> Survey:
    given: dict[str, object] = {
        "formula": "share", "title": "群众满意度测评", "held_on": "2026-03-02", "issued": "60", "returned": "51",
        "invalid": "1", "counts": {"satisfied": "40", "basically_satisfied": "5", "dissatisfied": "3", "unsure": "2"},
    }  # fmt: skip
    return actions.record_survey(body.round, actor=actor or body.supervisor, **(given | values))  # type: ignore[arg-type]


def test_a_survey_is_kept_as_counted(body: Body) -> None:
    row = survey_row(survey(body))
    assert row.result.percent == 90
    assert row.counts[0] == ("满意", 40)
    assert row.result.is_valid


def test_counts_that_do_not_come_to_the_sheets_are_refused(body: Body) -> None:
    for values in ({"returned": "61"}, {"returned": "50"}, {"issued": "x"}, {"invalid": "-1"}, {"formula": "other"}):
        with pytest.raises(errors.BadValue):
            survey(body, **values)
    with pytest.raises(errors.TextMissing):
        survey(body, returned="")
    with pytest.raises(NotAllowed):
        survey(body, body.clerk)
    assert not Survey.objects.exists()


def test_a_survey_without_a_valid_sheet_has_no_rate(body: Body) -> None:
    row = survey_row(survey(body, returned="3", invalid="3", counts={}))
    assert row.result.percent is None
    assert not row.result.is_valid


def test_a_survey_is_withdrawn_once_and_unseen_elsewhere(body: Body) -> None:
    held = survey(body)
    stranger = make_user("supervision_group", make_unit())
    with pytest.raises(NotFound):
        access_survey(stranger, held.pk)
    assert actions.withdraw_survey(held, actor=body.supervisor, why="重复登记").withdrawn_at
    with pytest.raises(errors.BadValue):
        actions.withdraw_survey(held, actor=body.supervisor, why="再撤")
