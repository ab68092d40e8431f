"""Who may do what in the loop, cell by cell: every role at every act, allowed where the matrix and the levels say so."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories.people import make_grassroots, make_unit, make_user
from tests.factories.workflow import Body
from zhenggai.findings.actions import assign_findings
from zhenggai.findings.models import Finding
from zhenggai.kit.errors import UserError
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import OFFICERS, ROLES
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Criterion, Evidence, Extension, Plan

pytestmark = pytest.mark.usefixtures("stage_set")

LEVELS = {
    "department": {"department_head"},
    "leader": {"leader_in_charge", "grassroots_chief"},
    "office": {"rectification_office"},
    "group": {"first_responsible_person", "executive_deputy"},
    "supervision": {"supervision_group", "discipline_group"},
}
"""Level → roles that decide there on a finding of a grass-roots unit, led by a department, without a named leader."""


@dataclass(slots=True)
class Stage:
    """One finding for each place in the loop, and a person of each role who did none of the work."""

    body: Body
    people: dict[str, User]
    work: Finding
    review: dict[str, Finding]
    closed: Finding
    phased: Finding
    asked: Extension
    criterion: Criterion
    document: Criterion
    drafted: Plan
    submitted: Plan
    approved: Plan


@pytest.fixture(scope="module")
def stage_set(module_database: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        _Set.stage = build()
    yield


class _Set:
    stage: Stage


def build() -> Stage:
    body = Body()
    court = make_grassroots(body.unit)

    def at_work() -> Finding:
        round_ = body.round()
        finding = body.finding(round_, unit=court)
        body.approved(round_)
        assign_findings([finding.pk], {"leader": None, "assist": [body.assisting.pk]}, actor=body.office)
        return Finding.objects.get(pk=finding.pk)

    def passed(level: str) -> Finding:
        finding = body.submitted(at_work())
        if level != "department":
            actions.cosign(finding, actor=body.assisting_head, level="department")
        return body.pass_to(finding, level)

    phased = at_work()
    body.do_all(phased)
    actions.submit(
        phased, actor=body.owner, outcome="phased", statement="做了", milestone="下步", milestone_on=date(2030, 9, 1)
    )
    actions.cosign(phased, actor=body.assisting_head, level="department")
    work = at_work()
    external = make_unit(kind=Unit.Kind.EXTERNAL)
    places: dict[str, Unit] = {
        "rectification_office": body.office_unit,
        "department_head": body.department,
        "case_management_clerk": body.department,
        "grassroots_chief": court,
        "grassroots_liaison": court,
        "inspection_office": external,
    }
    people = {
        role: make_user(
            role,
            places.get(role, body.unit),
            charges={"leader_in_charge": [body.department], "inspection_office": [body.unit]}.get(role, ()),
        )
        for role in ROLES
        if role != "owner"
    }
    people["owner"] = body.owner
    drafted, submitted = body.round(), body.round()
    body.finding(drafted)
    body.finding(submitted)
    return Stage(
        body,
        people,
        work,
        {level: passed(level) for level in LEVELS},
        passed(""),
        body.pass_to(phased),
        actions.ask_extension(at_work(), actor=body.owner, to_due_on=date(2031, 1, 1), reason="系统未到"),
        actions.add_criterion(work, actor=body.office, text="群众满意"),
        actions.add_criterion(work, actor=body.office, text="印发制度", kind="document"),
        actions.open_plan(drafted, actor=body.office),
        actions.submit_plan(actions.open_plan(submitted, actor=body.office), actor=body.office),
        Plan.objects.get(round=work.round),
    )


def _handed_in(evidence: Evidence, person: User) -> Evidence:
    """Return *evidence* as if *person* had handed it in: whose it is is another rule than the matrix."""
    Evidence.objects.filter(pk=evidence.pk).update(created_by=person)
    evidence.versions.update(by=person)
    evidence.links.update(by=person)
    return evidence


def acts(s: Stage, actor: User) -> dict[str, tuple[str, Callable[[], Any]]]:
    """Return each act with the permission it needs, ready to be done by *actor*."""
    today = timezone.localdate()
    measure = s.work.measures.get()
    evidence = s.closed.evidence_links.first()
    assert evidence is not None
    own = s.body.evidence(s.work, [measure])
    close_out = CloseOut.objects.get(finding=s.closed)
    return {
        "open_plan": ("plan", lambda: actions.open_plan(s.work.round, actor=actor)),
        "submit_plan": ("plan", lambda: actions.submit_plan(s.drafted, actor=actor)),
        "file_plan": ("plan", lambda: actions.file_plan(s.approved, actor=actor, filed_on=today)),
        "approve_plan": ("approve_plan", lambda: actions.approve_plan(s.submitted, actor=actor)),
        "return_plan": ("approve_plan", lambda: actions.return_plan(s.submitted, actor=actor, opinion="再改")),
        "write_progress": ("work", lambda: actions.write_progress(s.work, actor=actor, text="做了")),
        "complete_measure": ("work", lambda: actions.complete_measure(measure, actor=actor)),
        "reopen_measure": ("work", lambda: actions.reopen_measure(measure, actor=actor, why="有误")),
        "add_evidence": (
            "work",
            lambda: actions.add_evidence(s.work, actor=actor, source=io.BytesIO(b"abc"), file_name="a.txt"),
        ),
        "replace_evidence": (
            "work",
            lambda: actions.replace_evidence(own, actor=actor, source=io.BytesIO(b"abcd"), file_name="b.txt"),
        ),
        "link_evidence": ("work", lambda: actions.link_evidence(own, s.work, actor=actor)),
        "unlink_evidence": ("work", lambda: actions.unlink_evidence(_handed_in(own, actor).links.get(), actor=actor)),
        "withdraw_evidence": (
            "work",
            lambda: actions.withdraw_evidence(_handed_in(own, actor), actor=actor, why="有误"),
        ),
        "meet_criterion": ("work", lambda: actions.meet_criterion(s.document, own, actor=actor)),
        "submit": (
            "work",
            lambda: actions.submit(s.work, actor=actor, outcome="long_term", statement="长期坚持"),
        ),
        "ask_extension": (
            "work",
            lambda: actions.ask_extension(s.work, actor=actor, to_due_on=date(2031, 1, 1), reason="未到"),
        ),
        "decide_extension": ("extend", lambda: actions.decide_extension(s.asked, actor=actor, grant=True)),
        "add_criterion": ("plan", lambda: actions.add_criterion(s.work, actor=actor, text="达标")),
        "withdraw_criterion": ("plan", lambda: actions.withdraw_criterion(s.criterion, actor=actor, why="不适用")),
        "file_close_out": ("plan", lambda: actions.file_close_out(close_out, actor=actor, filed_on=today)),
        "revoke_close_out": ("reopen", lambda: actions.revoke_close_out(close_out, actor=actor, motive="反弹")),
        "reopen": ("reopen", lambda: actions.reopen(s.phased, actor=actor, why="反弹")),
    }


def succeeds(act: Callable[[], Any]) -> bool:
    """Try *act* and undo it; tell whether it was allowed."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except UserError:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(role: str) -> None:
    stage, grants = _Set.stage, {str(permission) for permission in ROLES[role].grants}
    actor = User.objects.get(pk=stage.people[role].pk)
    for name, (permission, act) in acts(stage, actor).items():
        allowed = f"workflow.{permission}" in grants
        assert succeeds(act) == allowed, f"{role} {name}: {'refused' if allowed else 'allowed'}"
        assert not (allowed and role in OFFICERS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_decides_at_its_levels_only(role: str) -> None:
    stage = _Set.stage
    actor = User.objects.get(pk=stage.people[role].pk)
    for level, finding in stage.review.items():
        if level == "department":
            signs = User.objects.get(pk=stage.body.assisting_head.pk)
            with transaction.atomic():  # whoever heads the assisting department comes first
                actions.cosign(finding, actor=signs, level=level)
        here: dict[str, Any] = {"finding": finding, "actor": actor, "level": level}
        confirm = list(finding.criteria.values_list("pk", flat=True))
        for name, act in (
            ("pass", partial(actions.pass_level, **here, minutes_no="1号", confirm=confirm)),
            ("return", partial(actions.return_work, **here, text="补充")),
        ):
            assert succeeds(act) == (role in LEVELS[level]), f"{role} {level} {name}"
        assert not succeeds(partial(actions.cosign, **here)), f"{role} {level} cosign"
        assert not succeeds(partial(actions.withdraw_submission, finding, actor=actor)) or role == "owner"


@pytest.mark.django_db
def test_the_head_of_the_assisting_department_countersigns_and_decides_nothing() -> None:
    stage = _Set.stage
    finding, head = stage.review["department"], User.objects.get(pk=stage.body.assisting_head.pk)
    assert succeeds(lambda: actions.cosign(finding, actor=head, level="department"))
    assert not succeeds(lambda: actions.pass_level(finding, actor=head, level="department"))


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(ROLES) - OFFICERS - {"inspection_office"}))
def test_the_same_role_of_another_body_may_do_nothing(role: str) -> None:
    stage = _Set.stage
    other = make_unit()
    kinds = ROLES[role].unit_kinds
    place = other if other.kind in kinds else make_unit(kind=kinds[0], parent=other)
    actor = make_user(role, place)
    for name, (_permission, act) in acts(stage, actor).items():
        assert not succeeds(act), f"{role} {name}"
