"""A round whose notice can be written, and notices at any state, all made through acts."""

from __future__ import annotations

from datetime import date

from tests.factories.findings import make_aspect, make_finding, make_measure
from tests.factories.outcomes import make_meeting, make_rule
from tests.factories.workflow import Body
from zhenggai.findings.actions import assign_findings
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.notices import actions
from zhenggai.notices.models import Notice, NoticeSettings
from zhenggai.notices.queries import body_of
from zhenggai.people.access import OPERATOR

AS_OF = date(2025, 1, 16)


class Reported(Body):
    """A body with a round of problems whose statuses are stated, and somebody to write, approve and publish."""

    def __init__(self, completed: int = 2, phased: int = 1, measures: int = 2) -> None:
        super().__init__("示例县人民检察院")
        self.reported = self.round()
        InspectionRound.objects.filter(pk=self.reported.pk).update(
            inspecting_body="市委第三巡察组", started_on=date(2024, 3, 7), ended_on=date(2024, 5, 10)
        )
        self.reported.refresh_from_db()
        self.aspects = [
            make_aspect(self.reported, title, no=no) for no, title in (("一", "落实部署方面"), ("二", "党的建设方面"))
        ]
        for number in range(completed + phased):
            self._finding(number, "completed" if number < completed else "phased", measures)
        make_meeting(self.unit, round=self.reported)
        make_rule(self.unit, round=self.reported)
        NoticeSettings.objects.create(
            unit=self.unit,
            phone="0000-8800000",
            address="示例县示范路39号",
            postcode="000000",
            email="demo@example.invalid",
        )

    def _finding(self, number: int, status: str, measures: int) -> None:
        finding = make_finding(
            self.reported,
            f"第{number + 1}项制度执行不到位",
            no=str(number + 1),
            aspect=self.aspects[number % 2].pk,
            description=f"检查发现台账有{number + 3}处漏登。",
        )
        for place in range(measures):
            make_measure(finding, f"修订管理办法并开展检查{place + 2}次，整改到位")
        assign_findings([finding.pk], {"status": status}, actor=OPERATOR)

    def findings(self) -> list[Finding]:
        """Return the problems in order."""
        return list(Finding.objects.filter(round=self.reported).order_by("order"))

    def notice(self, style: str = "") -> Notice:
        """Return a first draft."""
        return actions.start_notice(self.reported, actor=self.office, as_of=AS_OF, style=style)

    def approved_notice(self, style: str = "") -> Notice:
        """Return an approved notice."""
        notice = actions.submit_notice(self.notice(style), actor=self.office)
        return actions.approve_notice(notice, actor=self.chief, opinion="同意公开")

    def type_over(self, notice: Notice, block_id: str, text: str, *, version: int | None = None) -> None:
        """Save one block of a notice with another text."""
        body = body_of(Notice.objects.get(pk=notice.pk))
        typed = [actions.Typed(each.id, each.kind, text if each.id == block_id else each.text) for each in body.blocks]
        actions.save_notice(notice, typed, actor=self.office, version=version or body.version.no)
