"""Board, timeline, calendar, burn-down, matrix and one page: the same figures as the ledger, within the same reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.days import past_workday
from tests.factories.findings import make_finding, make_round
from tests.factories.people import make_department, make_unit, make_user
from tests.factories.workflow import Body
from zhenggai.desk.board import CARDS
from zhenggai.desk.queries import board_of, burn_down, matrix_of, month_of, one_page, timeline_of
from zhenggai.findings.actions import assign_findings
from zhenggai.findings.models import Finding, InspectionRound, Stage, Status
from zhenggai.findings.queries import LedgerQuery, find_findings, overview
from zhenggai.findings.standing import Standing
from zhenggai.people.models import User
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def spread() -> tuple[User, InspectionRound, list[Finding]]:
    """Forty findings over three departments at every stage and with deadlines around today."""
    body = make_unit("示例市人民检察院")
    units = [make_department(body), make_department(body), None]
    office = make_user("rectification_office", body)
    round_ = make_round(body)
    made = []
    for number in range(40):
        finding = make_finding(round_, f"问题之{number}", no=str(number + 1))
        Finding.objects.filter(pk=finding.pk).update(
            stage=list(Stage)[number % 8],
            status=list(Status)[number % 6],
            department=units[number % 3],
            due_on=None if number % 10 == 9 else TODAY + timedelta(days=number * 7 - 100),
            extensions=int(number % 11 == 0),
        )
        made.append(finding)
    return office, round_, [Finding.objects.get(pk=finding.pk) for finding in made]


def test_every_number_of_the_matrix_is_the_ledgers(spread: tuple[User, InspectionRound, list[Finding]]) -> None:
    office, round_, made = spread
    for query in (
        LedgerQuery(),
        LedgerQuery(round=round_.pk, status=("ongoing", "unknown")),
        LedgerQuery(due="overdue"),
    ):
        matrix = matrix_of(office, query)
        assert matrix.total == find_findings(office, query).total == sum(row.total for row in matrix.rows)
        for row in matrix.rows:
            for standing, count in row.counts.items():
                narrowed = LedgerQuery.parse_string(query.to_string(department=(row.key,), standing=(standing.value,)))
                assert find_findings(office, narrowed).total == count
    assert matrix_of(office, LedgerQuery(), "leader").total == len(made)
    assert matrix_of(office, LedgerQuery(), "nonsense").side == "department"


def test_the_board_holds_all_and_shows_the_most_urgent(spread: tuple[User, InspectionRound, list[Finding]]) -> None:
    office, _round, made = spread
    board = board_of(office, LedgerQuery(), cards=2)
    assert board.total == len(made) == sum(column.total for column in board.columns)
    for column in board.columns:
        assert len(column.cards) == min(2, column.total) <= CARDS
        assert {card.standing for card in column.cards} == {column.standing}
        dues = [card.due_on or date.max for card in column.cards]
        assert dues == sorted(dues)


def test_the_timeline_gives_a_bar_each_or_gathers(spread: tuple[User, InspectionRound, list[Finding]]) -> None:
    office, _round, made = spread
    dated = sum(finding.due_on is not None for finding in made)
    line = timeline_of(office, LedgerQuery())
    assert line is not None and not line.gathered
    assert (len(line.bars), line.total, line.undated) == (dated, dated, len(made) - dated)
    assert all(0 <= bar.start <= bar.end <= 1000 for bar in line.bars)
    assert line.today is not None
    gathered = timeline_of(office, LedgerQuery(), most=5)
    assert gathered is not None and gathered.gathered
    assert sum(bar.total for bar in gathered.bars) == dated
    assert sum(count for bar in gathered.bars for _place, count in bar.dots) == dated
    assert timeline_of(office, LedgerQuery(text="没有这样的问题")) is None


def test_the_calendar_counts_every_deadline_of_the_month(spread: tuple[User, InspectionRound, list[Finding]]) -> None:
    office, _round, made = spread
    first = TODAY.replace(day=1)
    month = month_of(office, LedgerQuery(), first)
    inside = [finding for finding in made if finding.due_on and finding.due_on.replace(day=1) == first]
    assert month.due_total == len(inside)
    assert sum(day.due_total for week in month.weeks for day in week if day.inside) == len(inside)
    assert all(len(week) == 7 for week in month.weeks)
    assert [day.day for week in month.weeks for day in week if day.today] == [TODAY]
    assert all(day.more >= 0 for week in month.weeks for day in week)


def test_pictures_keep_to_the_readers_reach(spread: tuple[User, InspectionRound, list[Finding]]) -> None:
    _office, round_, _made = spread
    stranger = make_user("rectification_office", make_unit())
    query = LedgerQuery(round=round_.pk)
    assert board_of(stranger, query).total == matrix_of(stranger, query).total == 0
    assert timeline_of(stranger, query) is None and burn_down(stranger, round_) is None
    assert month_of(stranger, query, TODAY.replace(day=1)).due_total == 0


def test_the_burn_down_goes_with_close_outs_and_their_revocation() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    InspectionRound.objects.filter(pk=round_.pk).update(feedback_on=TODAY - timedelta(days=20))
    round_.refresh_from_db()
    first, _second = body.finding(round_), body.finding(round_)
    body.approved(round_)
    body.pass_to(body.submitted(first))
    CloseOut.objects.update(closed_on=TODAY - timedelta(days=5))
    burnt = burn_down(body.office, round_)
    assert burnt is not None and (burnt.total, burnt.left) == (2, 1)
    left = {point.day: point.left for point in burnt.points}
    assert left[TODAY - timedelta(days=6)] == 2 or (TODAY - timedelta(days=6)) not in left
    assert burnt.points[0].ideal == 2 and burnt.points[-1].ideal == 0 and burnt.points[-1].left is None
    actions.revoke_close_out(CloseOut.objects.get(), actor=body.supervisor, motive="反弹")
    again = burn_down(body.office, round_)
    assert again is not None and again.left == 2


def test_what_was_stated_as_completed_burns_on_the_day_it_was_stated() -> None:
    body = make_unit()
    office = make_user("rectification_office", body)
    round_ = make_round(body, feedback_on=(TODAY - timedelta(days=3)).isoformat())
    finding = make_finding(round_)
    make_finding(round_)
    assign_findings([finding.pk], {"status": "completed"}, actor=office)
    burnt = burn_down(office, round_)
    assert burnt is not None and (burnt.total, burnt.left) == (2, 1)
    assert [point.left for point in burnt.points if point.left is not None] == [2, 1]


def test_one_page_says_what_the_overview_says() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    first, second = body.finding(round_, "先做完的"), body.finding(round_, "超期的")
    body.approved(round_)
    Finding.objects.filter(pk=second.pk).update(due_on=past_workday())
    body.pass_to(body.submitted(first))
    page = one_page(body.chief, round_)
    assert page.state.totals == overview(body.chief, round_).totals
    assert page.state.by_standing and sum(page.state.totals.by_status.values()) == page.state.totals.total == 2
    assert page.state.totals.by_status[Standing.COMPLETED] == page.state.totals.by_status[Standing.OVERDUE] == 1
    assert [item.title for item in page.state.late] == ["超期的"]
    assert {str(change.label): change.count for change in page.changes}["销号"] == 1
