"""A body with people at every level of review, and findings at any stage of the loop, all made through acts."""

from __future__ import annotations

import io
from itertools import count

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.findings.models import Finding, InspectionRound, Measure
from zhenggai.people.models import Unit, User
from zhenggai.workflow import actions
from zhenggai.workflow.models import Evidence, Plan

_numbers = count(1)


class Body:
    """A body with two departments, and somebody for each part in the loop."""

    def __init__(self, name: str = "") -> None:
        self.unit: Unit = make_unit(name)
        self.office_unit = make_department(self.unit, "办公室")
        self.department = make_department(self.unit, "计财处")
        self.assisting = make_department(self.unit, "机关党委")
        self.chief: User = make_user("first_responsible_person", self.unit, name="程立民")
        self.deputy = make_user("executive_deputy", self.unit, name="何静安")
        self.leader = make_user("leader_in_charge", self.unit, name="周启明", charges=[self.department, self.assisting])
        self.office = make_user("rectification_office", self.office_unit, name="金鸣")
        self.clerk = make_user("rectification_office", self.office_unit, name="苗青")
        self.head = make_user("department_head", self.department, name="段红")
        self.assisting_head = make_user("department_head", self.assisting, name="白露")
        self.owner = make_user("owner", self.department, name="姚望")
        self.supervisor = make_user("supervision_group", self.unit, name="霍正平")
        self.discipline = make_user("discipline_group", self.unit, name="路明远")
        self.outsider = make_user("rectification_office", make_unit(), name="外院")

    def round(self) -> InspectionRound:
        """Return a new round of the body."""
        return make_round(self.unit)

    def finding(self, round_: InspectionRound, title: str = "", measures: int = 1, **values: object) -> Finding:
        """Return a finding with all that the completeness gate asks for."""
        given: dict[str, object] = {
            "leader": self.leader,
            "department": self.department,
            "owner": self.owner,
            "due": "2030-06-30",
            "completion_criteria": "账实相符",
        }
        found = make_finding(round_, title or f"固定资产账实不符之{next(_numbers)}", **{**given, **values})
        for _number in range(measures):
            make_measure(found, nature="fix_now", criterion="资产入账")
        return Finding.objects.get(pk=found.pk)

    def approved(self, round_: InspectionRound) -> Plan:
        """Return the plan of a round, handed in and approved: all its findings are at work."""
        plan = actions.open_plan(round_, actor=self.office)
        actions.submit_plan(plan, actor=self.office)
        return actions.approve_plan(plan, actor=self.chief, opinion="同意")

    def at_work(self, title: str = "", measures: int = 1, **values: object) -> Finding:
        """Return a finding at work, in a round of its own."""
        round_ = self.round()
        finding = self.finding(round_, title, measures, **values)
        self.approved(round_)
        return Finding.objects.get(pk=finding.pk)

    def evidence(
        self, finding: Finding, measures: list[Measure] | None = None, *, actor: User | None = None
    ) -> Evidence:
        """Return a new piece of evidence for a finding, or for measures of it."""
        number = next(_numbers)
        return actions.add_evidence(
            finding,
            actor=actor or self.owner,
            source=io.BytesIO(f"资产清查表 {number}".encode()),
            file_name=f"清查表{number}.txt",
            measures=measures or [],
        )

    def do_all(self, finding: Finding) -> None:
        """Carry out every measure and hand in evidence for each."""
        for measure in finding.measures.filter(withdrawn_at=None):
            self.evidence(finding, [measure])
            actions.complete_measure(measure, actor=self.owner, note="已完成清查")

    def submitted(self, finding: Finding, outcome: str = "completed", **values: object) -> Finding:
        """Hand a finding in."""
        self.do_all(finding)
        actions.submit(finding, actor=self.owner, outcome=outcome, statement="已完成清查并入账", **values)  # type: ignore[arg-type]  # named by the test
        return Finding.objects.get(pk=finding.pk)

    LEVELS = ("department", "leader", "office", "group", "supervision")

    def deciders(self) -> dict[str, User]:
        """Return who decides at each level."""
        people = (self.head, self.leader, self.office, self.chief, self.supervisor)
        return dict(zip(self.LEVELS, people, strict=True))

    def pass_to(self, finding: Finding, level: str = "") -> Finding:
        """Pass the levels before *level*; all of them when it is empty, confirming every criterion on the way."""
        return self.pass_to_from(finding, "", level)

    def pass_to_from(self, finding: Finding, first: str, level: str) -> Finding:
        """Pass the levels from *first* up to the one before *level*."""
        people = list(self.deciders().items())
        for code, decider in people[self.LEVELS.index(first) if first else 0 :]:
            if code == level:
                break
            confirm = [each.pk for each in finding.criteria.filter(kind="confirmation")] if code == "office" else []
            minutes = "党组会纪要〔2025〕3号" if code == "group" else ""
            actions.pass_level(finding, actor=decider, level=code, text="同意", minutes_no=minutes, confirm=confirm)
        return Finding.objects.get(pk=finding.pk)

    def closed(self, title: str = "") -> Finding:
        """Return a finding that went the whole way."""
        return self.pass_to(self.submitted(self.at_work(title)))
