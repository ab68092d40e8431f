"""Takes the demo round through the loop by the acts of its people: plan, work, evidence, review, close-out, rebound.

All days count from today, so that the demo is never stale: some findings are closed, some under review at each level,
some late.  A second run finds the plan and does nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from zhenggai.demo.exhibits import ledger, minutes, photograph
from zhenggai.demo.papers import CLERK
from zhenggai.findings.actions import assign_findings, assign_measures
from zhenggai.findings.models import Finding, InspectionRound, Measure, Stage
from zhenggai.people.models import Unit, User
from zhenggai.workflow import actions
from zhenggai.workflow.models import Evidence, Plan

CLOSED = ("1", "2", "3", "6", "15", "20", "21", "22", "27", "30", "31", "35", "37", "38")
REOPENED = "24"
PHASED = ("5", "16", "33", "39")
LONG_TERM = ("4", "10", "13", "32")
IN_REVIEW = {"23": "department", "8": "leader", "17": "office", "34": "group", "12": "supervision", "18": "office"}
"""Number of the finding → level at which it waits."""
PHASED_IN_REVIEW = "40"
RETURNED = "28"
EXTENSION_ASKED, EXTENSION_GRANTED = "7", "11"
WORKING = ("9", "14", "19", "25", "26", "29", "36")
LATE = ("29", "36")
OWNERS = {
    "2": "yezhiqiu",
    "23": "yezhiqiu",
    "27": "yezhiqiu",
    "28": "yezhiqiu",
    "6": "wuyue",
    "39": "zhongqing",
    "40": "zhongqing",
}
"""Findings whose work is done by somebody else than the head of the department, who then reviews it."""
ASSISTING = {"23": ("机关纪委",), "6": ("案件管理办公室",), "27": ("办公室",), "8": ("案件管理办公室",)}
MINUTES = "党组会纪要〔%(year)s〕%(no)s号"
STATEMENT = "《%(title)s》所列 %(n)s 项措施已全部落实：建章立制、逐项核对、公开结果均有记录，经自查达到完成标准，佐证材料已逐项上传。"


@transaction.atomic
def load_loop(body: Unit, say: Callable[[str], None]) -> None:
    """Take the round of the demo through the loop, once.

    Args:
        body: the demo's organisation.
        say: told what was done.
    """
    round_ = InspectionRound.objects.filter(unit=body).order_by("pk").first()
    if round_ is None or Plan.objects.filter(round=round_).exists():
        return
    story = _Story(round_)
    story.plan()
    story.work()
    story.review()
    story.afterwards()
    found = Finding.objects.filter(round=round_, withdrawn_at=None)
    counts = {stage: found.filter(stage=stage).count() for stage in Stage}
    told = "，".join(f"{stage.label} {count} 个" for stage, count in counts.items() if count)
    say(f"整改：方案已批准并报备；{told}。")


class _Story:
    """The round, its people and its findings by number."""

    def __init__(self, round_: InspectionRound) -> None:
        self.round = round_
        self.today = timezone.localdate()
        self.people = {user.username: user for user in User.objects.all()}
        self.keys = {finding.no: finding.pk for finding in round_.findings.filter(withdrawn_at=None)}

    def finding(self, no: str) -> Finding:
        return Finding.objects.select_related("round__unit", "unit", "department", "leader", "owner").get(
            pk=self.keys[no]
        )

    def numbers(self, numbers: Iterable[str]) -> list[str]:
        """Return those of *numbers* that the record holds."""
        return [no for no in numbers if no in self.keys]

    def plan(self) -> None:
        """Set days, people and natures, and have the plan approved and filed."""
        clerk = self.people[CLERK]
        days: dict[str, list[int]] = {}
        for no, due in self._deadlines().items():
            days.setdefault(due, []).append(self.keys[no])
        for due, keys in days.items():
            assign_findings(keys, {"due": due}, actor=clerk)
        for no, username in OWNERS.items():
            if no in self.keys:
                assign_findings([self.keys[no]], {"owner": self.people[username].pk}, actor=clerk)
        for no, names in ASSISTING.items():
            if no in self.keys:
                units = Unit.objects.filter(name__in=names, closed_on=None)
                assign_findings([self.keys[no]], {"assist": [unit.pk for unit in units]}, actor=clerk)
        self._complete_measures(clerk)
        plan = actions.open_plan(self.round, actor=clerk, note="按领导小组会议意见重新排定各项时限和责任人")
        actions.submit_plan(plan, actor=clerk)
        approved = actions.approve_plan(plan, actor=self.people["chief"], opinion="同意，按清单抓好落实。")
        actions.file_plan(approved, actor=clerk, filed_on=self.today, note="示例市委巡察办")

    def _deadlines(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for place, no in enumerate(self.keys):
            days = 20 + 15 * (place % 7)
            if no in LATE:
                days = -4 - 3 * LATE.index(no)
            elif no == EXTENSION_ASKED:
                days = 6
            elif no in ("14", "25"):
                days = 3
            elif no == "1":
                days = -2
            if no in LONG_TERM:
                found[no] = "长期坚持"
            else:
                found[no] = (self.today + timedelta(days=days)).isoformat()
        return found

    def _complete_measures(self, clerk: User) -> None:
        rows = Measure.objects.filter(finding__in=self.keys.values(), withdrawn_at=None).order_by("finding", "order")
        groups: dict[tuple[str, str], list[int]] = {}
        for key, text in rows.values_list("pk", "text"):
            lasting = any(word in text for word in ("制度", "机制", "办法", "规定", "长效", "常态"))
            criterion = "制度印发并执行" if lasting else "台账齐全、逐项核销"
            groups.setdefault((_LASTING if lasting else _AT_HAND, criterion), []).append(key)
        for (nature, criterion), keys in groups.items():
            assign_measures(keys, {"nature": nature, "criterion": criterion}, actor=clerk)

    def work(self) -> None:
        """Write progress and hand in evidence, all or in part."""
        done = (*CLOSED, REOPENED, *IN_REVIEW, RETURNED)
        for no in self.numbers(done):
            self._do(no, whole=True)
        for no in self.numbers((*PHASED, *LONG_TERM, PHASED_IN_REVIEW)):
            self._do(no, whole=False)
        for place, no in enumerate(self.numbers((*WORKING, EXTENSION_ASKED, EXTENSION_GRANTED))):
            if place % 4 != 3:
                self._do(no, whole=False)

    def _do(self, no: str, *, whole: bool) -> None:
        finding = self.finding(no)
        doer = finding.owner
        assert doer is not None
        measures = list(finding.measures.filter(withdrawn_at=None).order_by("order", "pk"))
        chosen = measures if whole else measures[: max(1, len(measures) // 2)]
        day = self.today - timedelta(days=2 + int(no) % 9)
        texts = [measure.text.split("。")[0][:60] for measure in chosen]
        actions.write_progress(
            finding,
            actor=doer,
            text=f"召开推进会逐项研究，明确 {len(measures)} 项措施的分工和完成节点，已启动台账核对。",
            done_on=day,
        )
        actions.write_progress(
            finding, actor=doer, measure=chosen[0], text=f"已完成：{texts[0]}。", done_on=day + timedelta(days=1)
        )
        exhibits = [("会议纪要.docx", "minutes", minutes(finding.title, day, texts), chosen)]
        if int(no) % 2:
            exhibits.append(("整改台账.xlsx", "ledger", ledger(finding.title, day, texts), chosen[:2]))
        if int(no) % 5 == 0:
            exhibits.append(("现场照片.jpg", "photo", photograph(int(no)), chosen[-1:]))
        for name, kind, content, proved in exhibits:
            self._hand_in(finding, doer, name, kind, content, proved)
        for place, measure in enumerate(chosen):
            note = "已落实，见会议纪要和台账。" if place else "已落实，佐证材料已上传。"
            actions.complete_measure(measure, actor=doer, done_on=day + timedelta(days=1), note=note)

    @staticmethod
    def _hand_in(finding: Finding, doer: User, name: str, kind: str, content: bytes, measures: list[Measure]) -> None:
        actions.add_evidence(
            finding,
            actor=doer,
            source=io.BytesIO(content),
            file_name=f"{finding.no}-{name}",
            name=f"{finding.title[:24]}{name.partition('.')[0]}",
            kind=Evidence.Kind(kind),
            measures=measures,
        )

    def review(self) -> None:
        """Submit, and pass as many levels as each finding has behind it."""
        for no in self.numbers((*CLOSED, REOPENED)):
            self._submit(no)
            self._pass(no)
        for no, level in IN_REVIEW.items():
            if no in self.keys:
                self._submit(no)
                self._pass(no, until=level)
        for no in self.numbers(PHASED):
            self._submit(no, "phased")
            self._pass(no)
        for no in self.numbers(LONG_TERM):
            self._submit(no, "long_term")
            self._pass(no)
        for no in self.numbers([PHASED_IN_REVIEW]):
            self._submit(no, "phased")
            self._pass(no, until="leader")

    def _submit(self, no: str, outcome: str = "completed") -> None:
        finding = self.finding(no)
        doer = finding.owner
        assert doer is not None
        statement = STATEMENT % {"title": finding.title, "n": finding.measures.filter(withdrawn_at=None).count()}
        milestone, day = "", None
        if outcome == "phased":
            statement = "已完成阶段任务，主要问题得到纠正，剩余措施按计划推进，佐证材料已上传。"
            milestone, day = "完成剩余措施并开展效果评估", self.today + timedelta(days=45 + int(no))
        elif outcome == "long_term":
            statement = "当下能改的已改到位，长效机制已运行，需长期坚持、定期报告。"
        actions.submit(finding, actor=doer, outcome=outcome, statement=statement, milestone=milestone, milestone_on=day)

    def _pass(self, no: str, until: str = "") -> None:
        finding = self.finding(no)
        while finding.stage == Stage.IN_REVIEW and finding.item.level != until:
            level = finding.item.level
            self._cosign(finding, level)
            confirm = [each.pk for each in finding.criteria.filter(kind="confirmation", met_at=None)]
            actions.pass_level(
                finding,
                actor=self._decider(finding, level),
                level=level,
                text=_OPINIONS[level],
                minutes_no=MINUTES % {"year": self.today.year, "no": 3 + int(no) % 4} if level == "group" else "",
                confirm=confirm if level == "office" else [],
            )
            finding = self.finding(no)

    def _cosign(self, finding: Finding, level: str) -> None:
        if level != "department":
            return
        for unit in finding.assist_departments.all():
            head = User.objects.filter(posts__unit=unit, posts__role="department_head", posts__ended_on=None).first()
            if head is not None:
                actions.cosign(finding, actor=head, level=level, text="配合事项已完成，无不同意见。")

    def _decider(self, finding: Finding, level: str) -> User:
        """Return who decides at a level; the clerk stands for the head of the office, who does some of the work."""
        if level == "department":
            heads = User.objects.filter(posts__unit=finding.department, posts__role="department_head")
            return heads.get(posts__ended_on=None)
        if level == "leader":
            assert finding.leader is not None
            return finding.leader
        return self.people[{"office": "clerk", "group": "chief", "supervision": "supervision"}[level]]

    def afterwards(self) -> None:
        """Return, step back, revoke, close again, extend: what makes a record true to life."""
        if RETURNED in self.keys:
            self._submit(RETURNED)
            self._pass(RETURNED, until="leader")
            self._send_back(RETURNED, "签证单与现场照片的日期对不上，请补充隐蔽工程验收记录后再报。")
        if "18" in self.keys:
            self._pass("18", until="group")
            self._send_back("18", "听证案件数与案管台账不一致，请整改办复核。", to="office")
        if REOPENED in self.keys:
            self._revoke(REOPENED, "抽查发现仍有 2 笔报销附件不全，整改成果没有巩固。")
        if "1" in self.keys:
            self._revoke("1", "上轮遗留事项的验收材料缺原件。")
            self._again("1")
        self._extensions()

    def _send_back(self, no: str, text: str, to: str = "") -> None:
        finding = self.finding(no)
        level = finding.item.level
        actions.return_work(finding, actor=self._decider(finding, level), level=level, text=text, to=to)

    def _revoke(self, no: str, motive: str) -> None:
        close_out = self.finding(no).close_outs.get(revoked_at=None)
        actions.revoke_close_out(close_out, actor=self.people["supervision"], motive=motive)

    def _again(self, no: str) -> None:
        finding = self.finding(no)
        assert finding.owner is not None
        actions.write_progress(finding, actor=finding.owner, text="已补齐验收原件并扫描存档。", done_on=self.today)
        self._submit(no)
        self._pass(no)

    def _extensions(self) -> None:
        for no, days in ((EXTENSION_ASKED, 36), (EXTENSION_GRANTED, 90)):
            if no not in self.keys:
                continue
            finding = self.finding(no)
            assert finding.owner is not None and finding.due_on is not None
            asked = actions.ask_extension(
                finding,
                actor=finding.owner,
                to_due_on=finding.due_on + timedelta(days=days),
                reason="涉及跨部门数据核对，需待外单位反馈后逐案复核。",
            )
            if no == EXTENSION_GRANTED and finding.leader is not None:
                actions.decide_extension(asked, actor=finding.leader, grant=True, opinion="同意，按月报告进度。")


_AT_HAND, _LASTING = Measure.Nature.FIX_NOW.value, Measure.Nature.LASTING_RULE.value
_OPINIONS = {
    "department": "情况属实，材料齐全，同意。",
    "leader": "同意。请持续巩固，防止反弹。",
    "office": "经核对，佐证与措施一一对应，达到完成标准，同意。",
    "group": "经党组会研究，同意。",
    "supervision": "经复核，同意。",
}
