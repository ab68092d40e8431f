"""Two people at the same moment on the same thing: exactly one wins, the other is told who did what."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.factories.people import make_post, make_user
from tests.factories.workflow import Body
from tests.threads import at_once
from tests.workflow.invariants import check_all
from zhenggai.audit.actions import record
from zhenggai.findings.models import Finding, Stage
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions.accounts import locked_user
from zhenggai.people.models import User
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Completion, EvidenceVersion, Extension, Opinion, Plan, Submission

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


@pytest.fixture
def body() -> Iterator[Body]:
    yield Body()
    check_all()


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def race(*acts: Callable[[], Any], told: str = "") -> ZhenggaiError:
    """Run two acts at once; return how the loser was refused, after holding that the words name who won."""
    answers = at_once(*acts)
    lost = [answer for answer in answers if isinstance(answer, ZhenggaiError)]
    assert len(lost) == 1 and None not in answers, answers
    words = lost[0].describe()
    assert told in f"{words.what} {words.todo}", words
    return lost[0]


def test_two_deciders_pass_the_same_level(body: Body) -> None:
    finding = body.submitted(body.at_work())
    second = make_user("department_head", body.department, name="段红")
    race(
        *(
            lambda who=who: actions.pass_level(finding, actor=fresh(who), level="department")
            for who in (body.head, second)
        ),
        told="段红",
    )
    assert Opinion.objects.count() == 1
    assert Finding.objects.get(pk=finding.pk).item.level == "leader"


def test_two_deciders_pass_the_last_level(body: Body) -> None:
    finding = body.pass_to(body.submitted(body.at_work()), "supervision")
    error = race(
        *(
            lambda who=who: actions.pass_level(finding, actor=fresh(who), level="supervision")
            for who in (body.supervisor, body.discipline)
        ),
        told="销号",
    )
    winner = CloseOut.objects.get().by.name
    assert winner in error.describe().todo
    assert CloseOut.objects.get().no.endswith("〕1号")


def test_one_passes_what_another_returns(body: Body) -> None:
    finding = body.submitted(body.at_work())
    second = make_user("department_head", body.department, name="段红")
    race(
        lambda: actions.pass_level(finding, actor=fresh(body.head), level="department"),
        lambda: actions.return_work(finding, actor=fresh(second), level="department", text="补充"),
        told="段红",
    )
    assert Opinion.objects.count() == 1


def test_a_finding_is_handed_in_twice(body: Body) -> None:
    finding = body.at_work()
    body.do_all(finding)
    race(
        *(
            lambda who=who: actions.submit(finding, actor=fresh(who), outcome="completed", statement="已完成")
            for who in (body.owner, body.head)
        ),
        told="提交审核",
    )
    assert Submission.objects.count() == 1


def test_a_submission_is_taken_back_while_it_is_decided_on(body: Body) -> None:
    finding = body.submitted(body.at_work())
    race(
        lambda: actions.withdraw_submission(finding, actor=fresh(body.owner)),
        lambda: actions.pass_level(finding, actor=fresh(body.head), level="department"),
    )


def test_a_close_out_is_revoked_twice(body: Body) -> None:
    body.closed()
    close_out = CloseOut.objects.get()
    race(
        *(
            lambda who=who: actions.revoke_close_out(close_out, actor=fresh(who), motive="反弹")
            for who in (body.supervisor, body.discipline)
        ),
        told="撤销销号",
    )


def test_an_extension_is_asked_for_and_decided_twice(body: Body) -> None:
    finding = body.at_work()
    race(
        *(
            lambda who=who: actions.ask_extension(
                finding, actor=fresh(who), to_due_on=date(2031, 1, 1), reason="系统未到"
            )
            for who in (body.owner, body.head)
        ),
        told="申请",
    )
    asked = Extension.objects.get()
    error = race(
        lambda: actions.decide_extension(asked, actor=fresh(body.leader), grant=True),
        lambda: actions.decide_extension(asked, actor=fresh(body.chief), grant=True),
        told="已批准",
    )
    assert Extension.objects.get().decided_by.name in error.describe().what  # type: ignore[union-attr]
    assert Finding.objects.get(pk=finding.pk).extensions == 1


def test_a_plan_is_approved_and_returned_at_once(body: Body) -> None:
    round_ = body.round()
    body.finding(round_)
    plan = actions.submit_plan(actions.open_plan(round_, actor=body.office), actor=body.office)
    error = race(
        lambda: actions.approve_plan(plan, actor=fresh(body.chief)),
        lambda: actions.return_plan(plan, actor=fresh(body.deputy), opinion="再改"),
    )
    plan.refresh_from_db()
    assert plan.decided_by is not None and plan.decided_by.name in error.describe().what
    assert (Finding.objects.get().stage == Stage.WORKING) == (plan.state == Plan.State.APPROVED)


def test_evidence_is_replaced_while_the_finding_is_handed_in(body: Body) -> None:
    finding = body.at_work()
    body.do_all(finding)
    evidence = finding.evidence_links.first().evidence  # type: ignore[union-attr]

    def replace() -> EvidenceVersion:
        source = io.BytesIO("新的清查表".encode())
        return actions.replace_evidence(evidence, actor=fresh(body.head), source=source, file_name="新.txt")

    answers = at_once(
        replace, lambda: actions.submit(finding, actor=fresh(body.owner), outcome="completed", statement="已完成")
    )
    submission = Submission.objects.get()
    assert isinstance(answers[1], Submission), answers
    if isinstance(answers[0], ZhenggaiError):
        assert "审核中" in str(answers[0])
    else:
        assert answers[0].at <= submission.at  # never once it is under review


def test_evidence_of_a_finding_out_of_reach_is_not_replaced_once_that_is_handed_in(body: Body) -> None:
    """The one who replaces sees only one of the two findings the evidence stands for."""
    round_ = body.round()
    mine = body.finding(round_)
    other = body.finding(round_, department=body.assisting, owner=body.clerk)
    body.approved(round_)
    evidence = body.evidence(mine)
    head = make_user("department_head", body.assisting)
    make_post(body.head, body.assisting, "department_head")
    actions.link_evidence(evidence, other, actor=fresh(body.head))
    body.head.posts.filter(unit=body.assisting).update(ended_on=timezone.localdate())

    def replace() -> EvidenceVersion:
        source = io.BytesIO("新的清查表".encode())
        return actions.replace_evidence(evidence, actor=fresh(body.owner), source=source, file_name="新.txt")

    answers = at_once(
        replace,
        lambda: actions.submit(
            other,
            actor=fresh(head),
            outcome="phased",
            statement="做了",
            milestone="下步",
            milestone_on=date(2031, 1, 1),
        ),
    )
    assert isinstance(answers[1], Submission), answers
    if not isinstance(answers[0], ZhenggaiError):
        assert answers[0].at <= answers[1].at


def test_a_measure_is_completed_twice(body: Body) -> None:
    finding = body.at_work()
    measure = finding.measures.get()
    race(
        *(lambda who=who: actions.complete_measure(measure, actor=fresh(who)) for who in (body.owner, body.head)),
        told="措施完成",
    )
    assert Completion.objects.count() == 1


def test_numbers_of_close_outs_are_neither_doubled_nor_skipped(body: Body) -> None:
    ready = [body.pass_to(body.submitted(body.at_work()), "supervision") for _number in range(4)]
    stuck = ready[0]
    stuck.criteria.filter(kind="confirmation").update(met_at=None)  # this one is refused at the last moment
    people = (body.supervisor, body.discipline, body.supervisor, body.discipline)
    answers = at_once(
        *(
            lambda finding=finding, who=who: actions.pass_level(finding, actor=fresh(who), level="supervision")
            for finding, who in zip(ready, people, strict=True)
        )
    )
    assert sum(isinstance(answer, ZhenggaiError) for answer in answers) == 1, answers
    year = timezone.localdate().year
    numbers = sorted(CloseOut.objects.values_list("no", flat=True))
    assert [number[number.index("〔") :] for number in numbers] == [f"〔{year}〕{n}号" for n in (1, 2, 3)]


def test_an_act_that_tells_somebody_does_not_wait_for_who_changes_their_account_and_they_for_it(body: Body) -> None:
    """One holds the trail and refers to a person; the other holds the person and waits for the trail."""
    trail, account = Event(), Event()
    long_enough = 5 if connection.vendor == "postgresql" else 0.2  # SQLite has one writer, so that neither comes

    def decide() -> bool:
        with transaction.atomic():
            record(actor=body.head, code="workflow.level_passed")
            trail.set()
            account.wait(long_enough)
            notify([body.leader], actor=body.head, kind=Kind.TO_REVIEW, title="待审核", path="/")
        return True

    def change() -> bool:
        with transaction.atomic():
            locked_user(body.leader)
            account.set()
            trail.wait(long_enough)
            record(actor=OPERATOR, code="people.password_reset")
        return True

    assert at_once(decide, change) == [True, True]
