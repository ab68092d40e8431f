"""What each role reaches on the record, each finding once, and refusal that does not tell whether it exists."""

from __future__ import annotations

import pytest

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.people import make_department, make_grassroots, make_post, make_unit, make_user
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import (
    LedgerQuery,
    access_finding,
    access_measure,
    access_round,
    find_findings,
    overview,
    visible_findings,
    visible_rounds,
)
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import OFFICERS, ROLES

pytestmark = pytest.mark.django_db


class World:
    """A court with two departments and two grass-roots units, another court, and findings in all of them."""

    def __init__(self) -> None:
        self.court, self.other = make_unit("示例市人民检察院"), make_unit("邻市人民检察院")
        self.office, self.first = make_department(self.court, "办公室"), make_department(self.court, "第一检察部")
        self.north, self.south = make_grassroots(self.court, "北区检察院"), make_grassroots(self.court, "南区检察院")
        self.round = make_round(self.court)
        self.plain = make_finding(self.round, "无人负责")
        self.led = make_finding(self.round, "办公室牵头", department=self.office.pk)
        self.assisted = make_finding(self.round, "办公室配合", department=self.first.pk, assist=[self.office.pk])
        self.northern = make_finding(self.round, "北区的问题", unit=self.north.pk)
        self.foreign = make_finding(make_round(self.other), "邻市的问题")

    def give(self, finding: Finding, **roles: User) -> Finding:
        Finding.objects.filter(pk=finding.pk).update(**roles)
        return finding


@pytest.fixture
def world() -> World:
    return World()


def titles(user: User, permission: str = "findings.view") -> list[str]:
    return sorted(visible_findings(user, permission).values_list("title", flat=True))


HOME = sorted(["北区的问题", "办公室牵头", "办公室配合", "无人负责"])


def test_every_role_reaches_what_its_scope_says_and_nothing_twice(world: World) -> None:
    expected = {
        "first_responsible_person": (world.court, HOME),
        "executive_deputy": (world.court, HOME),
        "leader_in_charge": (world.court, ["办公室牵头", "办公室配合"]),
        "leading_group_member": (world.court, HOME),
        "rectification_office": (world.office, HOME),
        "department_head": (world.office, ["办公室牵头", "办公室配合"]),
        "owner": (world.office, []),
        "case_management_clerk": (world.first, ["办公室配合"]),
        "supervision_group": (world.court, HOME),
        "discipline_group": (world.court, HOME),
        "grassroots_chief": (world.north, ["北区的问题"]),
        "grassroots_liaison": (world.south, []),
    }
    outside = make_unit("市委巡察办", kind=Unit.Kind.EXTERNAL)
    for code in ROLES:
        if code in OFFICERS:
            person, wanted = make_user(code, world.court), []
        elif code == "inspection_office":
            person, wanted = make_user(code, outside, charges=[world.court]), []  # nothing was filed yet
        else:
            unit, wanted = expected[code]
            charges = [world.office] if ROLES[code].has_charges else []
            person = make_user(code, unit, charges=charges)
        assert titles(person) == wanted, code
        assert find_findings(person, LedgerQuery()).total == len(wanted), code
        assert overview(person).totals.total == len(wanted), code
    assert titles(make_user()) == []
    assert len(titles(OPERATOR)) == 5


def test_people_reach_what_they_lead_own_or_do_a_measure_of(world: World) -> None:
    owner = make_user("owner", world.first)
    assert titles(owner) == []
    world.give(world.plain, owner=owner)
    world.give(world.led, leader=owner, owner=owner)
    measure = make_measure(world.northern)
    measure.owner = owner
    measure.save(update_fields=["owner"])
    assert titles(owner) == sorted(["北区的问题", "办公室牵头", "无人负责"])
    assert access_measure(owner, measure.pk) == measure
    make_post(owner, world.office, "department_head")
    again = User.objects.get(pk=owner.pk)
    assert titles(again) == HOME, "several reasons to see a finding, and still each once"
    assert visible_findings(again).count() == 4


def test_a_department_that_leads_a_measure_sees_its_finding(world: World) -> None:
    head = make_user("department_head", world.first)
    measure = make_measure(world.plain, department=world.first.pk)
    assert titles(head) == ["办公室配合", "无人负责"]
    measure.withdrawn_at = world.plain.created_at
    measure.save(update_fields=["withdrawn_at"])
    assert titles(head) == ["办公室配合"]


def test_refusal_does_not_tell_whether_a_finding_exists(world: World) -> None:
    head = make_user("department_head", world.office)
    assert access_finding(head, world.led.pk) == world.led
    for key in (world.plain.pk, world.foreign.pk, 10**12):
        with pytest.raises(NotFound):
            access_finding(head, key)
        with pytest.raises(NotFound):
            access_finding(head, key, "findings.edit")
    with pytest.raises(NotAllowed):
        access_finding(head, world.led.pk, "findings.edit")
    assert access_finding(head, world.led.pk, "findings.attach") == world.led


def test_rounds_are_seen_by_those_who_see_one_of_their_findings(world: World) -> None:
    head, northern = make_user("department_head", world.office), make_user("grassroots_chief", world.north)
    southern, clerk = make_user("grassroots_chief", world.south), make_user("rectification_office", world.court)
    assert list(visible_rounds(head)) == list(visible_rounds(northern)) == list(visible_rounds(clerk)) == [world.round]
    assert list(visible_rounds(southern)) == []
    assert access_round(clerk, world.round.pk, "findings.edit") == world.round
    with pytest.raises(NotAllowed):
        access_round(head, world.round.pk, "findings.edit")
    with pytest.raises(NotFound):
        access_round(head, world.foreign.round_id)


def test_withdrawn_findings_are_kept_apart(world: World) -> None:
    clerk = make_user("rectification_office", world.court)
    Finding.objects.filter(pk=world.led.pk).update(withdrawn_at=world.led.created_at)
    assert "办公室牵头" not in titles(clerk)
    assert [f.title for f in visible_findings(clerk, withdrawn=True)] == ["办公室牵头"]
    assert visible_findings(clerk, withdrawn=None).count() == 4
    assert access_finding(clerk, world.led.pk).withdrawn_at is not None
