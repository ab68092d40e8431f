"""A body with everybody in it, three findings at work and one registered: the set-up of random and concurrent acts."""

from __future__ import annotations

from typing import Any

from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.factories.workflow import Body
from zhenggai.findings.models import Finding
from zhenggai.people.models import Unit, User
from zhenggai.policy.profile import shipped_values

SHORT_RULES: dict[str, Any] = {
    **shipped_values(),
    "name": "两级审核",
    "extension_counts_as_late": True,
    "min_evidence_per_measure": 0,
    "levels": [
        {
            "code": "department",
            "label": "部门负责人审核",
            "roles": ["department_head", "grassroots_chief", "leader_in_charge"],
            "relation": "department",
        },
        {
            "code": "office",
            "label": "整改办审核",
            "roles": ["rectification_office", "leader_in_charge", "department_head"],
            "relation": "body",
            "cosign": True,
            "skippable": True,
        },
    ],
}
"""Other rules than the shipped ones: fewer levels, a countersign later on, roles of narrow reach at a wide level."""


class World(Body):
    """A body with a grass-roots unit, spare people at each level, officers and outsiders."""

    def __init__(self) -> None:
        super().__init__()
        self.court: Unit = make_grassroots(self.unit)
        self.court_department = make_department(self.court)
        self.court_chief = make_user("grassroots_chief", self.court, name="区检察长")
        self.court_liaison = make_user("grassroots_liaison", self.court, name="联络员")
        self.court_head = make_user("department_head", self.court_department, name="区部门负责人")
        self.second_head = make_user("department_head", self.department, name="副处长")
        self.member = make_user("leading_group_member", self.unit, name="组员")
        self.case_clerk = make_user("case_management_clerk", self.department, name="内勤")
        external = make_unit(kind=Unit.Kind.EXTERNAL)
        self.inspector = make_user("inspection_office", external, name="巡察办", charges=[self.unit])
        self.auditor = make_user("auditor", self.unit, name="审计员")
        self.people: list[User] = [
            self.chief, self.deputy, self.leader, self.office, self.clerk, self.head, self.assisting_head, self.owner,
            self.supervisor, self.discipline, self.outsider, self.court_chief, self.court_liaison, self.court_head,
            self.second_head, self.member, self.case_clerk, self.inspector, self.auditor,
        ]  # fmt: skip
        self.main_round = self.round()
        first = self.finding(self.main_round, "资产账实不符", 2, assist=[self.assisting])
        second = self.finding(self.main_round, "学习不系统", 1, department=self.assisting, leader=self.deputy)
        third = self.finding(
            self.main_round,
            "区院检务公开不及时",
            1,
            unit=self.court,
            department=self.court_department,
            leader=self.court_chief,
            owner=self.court_liaison,
        )
        self.approved(self.main_round)
        fourth = self.finding(self.main_round, "派车审批不严", 1)
        self.keys: list[int] = [first.pk, second.pk, third.pk, fourth.pk]

    def get(self, number: int) -> Finding:
        """Return one of the findings as it stands now."""
        return Finding.objects.select_related("round__unit", "unit").get(pk=self.keys[number % len(self.keys)])

    def who(self, number: int) -> User:
        """Return one of the people as a new request would see them."""
        return User.objects.get(pk=self.people[number % len(self.people)].pk)
