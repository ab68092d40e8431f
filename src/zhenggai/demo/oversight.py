"""What supervision did in the demo: letters on their way, a visit, look-backs, a draw, an evaluation, a survey.

Everything is made by the acts that people use, on what the loop has left late or closed; a second run adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.oversight import actions
from zhenggai.oversight.actions import LineWrite, MarkWrite, TaskWrite
from zhenggai.oversight.models import Check, CheckOutcome, Letter, LetterState, Survey, Visit
from zhenggai.oversight.sheets import sheet_lines
from zhenggai.people.models import Unit, User
from zhenggai.workflow.queries import doers_of

SEED = "示例公证号码 081726"
DRAWN = 4


def load_oversight(body: Unit, say: Callable[[str], None]) -> None:
    """Let supervision do its part in the demo's round, once.

    Args:
        body: the demo's organisation.
        say: told what was done.
    """
    round_ = InspectionRound.objects.filter(unit=body).order_by("pk").first()
    if round_ is None or Visit.objects.filter(body=body).exists():
        return
    people = {user.username: user for user in User.objects.all()}
    today = timezone.localdate()
    _visit(body, round_, people, today)
    _letters(body, people, today)
    _checks(round_, people, today)
    _evaluate(body, round_, people)
    _survey(round_, people, today)
    letters, checks = Letter.objects.filter(unit=body).count(), Check.objects.filter(finding__round=round_)
    say(f"督导：函件 {letters} 件，核查 {checks.count()} 项，督导检查、评估和满意度测评各 1 次。")


def _visit(body: Unit, round_: InspectionRound, people: dict[str, User], today: date) -> None:
    finance = Unit.objects.get(parent=body, name="计财装备处")
    values = {
        "visited_on": (today - timedelta(days=9)).isoformat(),
        "visitors": "霍正平、路明远",
        "reported": "固定资产清查已完成现场盘点，账实差异已逐项列明；公务用车定位系统已安装 11 台。",
        "difficulties": "两台报废车辆的处置手续需上级财政部门批复，时间不由本部门掌握。",
        "conclusions": "差异处理要形成书面结论，不能以盘点代替整改；报废车辆先行封存并公示。",
    }
    tasks = [
        TaskWrite("报送资产账实差异处理意见", people["head"], today + timedelta(days=6)),
        TaskWrite("报废车辆封存情况拍照留存并公示", None, today - timedelta(days=2)),
    ]
    actions.record_visit(round_, finance, values, actor=people["supervision"], tasks=tasks)


def _letters(body: Unit, people: dict[str, User], today: date) -> None:
    """Draft what is due; the first letter is answered, the last of three waits for a signature, one between is out."""
    actions.draft_due_letters(today, actor=people["clerk"], body=body)
    if not Letter.objects.filter(unit=body).exists():
        _remind_by_hand(body, people)
    drafts = list(Letter.objects.filter(unit=body, state=LetterState.DRAFT).order_by("pk")[:3])
    for place, letter in enumerate(drafts):
        actions.submit_letter(letter, actor=people["clerk"])
        if place < max(1, len(drafts) - 1):
            actions.sign_letter(letter, actor=people["deputy"])
    if drafts:
        _answer(drafts[0])


def _remind_by_hand(body: Unit, people: dict[str, User]) -> None:
    found = Finding.objects.filter(round__unit=body, withdrawn_at=None, department__isnull=False)
    chosen = found.exclude(stage=Stage.CLOSED).select_related("department", "round").order_by("-due_on", "order")
    for finding in chosen[:3]:
        assert finding.department is not None  # asked for above
        actions.draft_letter(
            body, actor=people["clerk"], kind="reminder", findings=[finding], units=[finding.department]
        )


def _answer(letter: Letter) -> None:
    recipient = letter.recipients.filter(unit__isnull=False).first()
    if recipient is None:
        return
    head = User.objects.filter(posts__unit=recipient.unit_id, posts__role="department_head").first()
    if head is not None:
        actions.receive_letter(letter, recipient, actor=head)
        text = "已明确专人负责，未按期完成主要因外部批复滞后；计划两周内完成剩余措施并上传佐证。"
        actions.reply_letter(letter, recipient, actor=head, text=text)


def _checks(round_: InspectionRound, people: dict[str, User], today: date) -> None:
    supervisor = people["supervision"]
    actions.plan_look_backs(actor=supervisor, round_=round_)
    again = (Stage.CLOSED, Stage.PHASED)
    found = Finding.objects.filter(round=round_, withdrawn_at=None, stage__in=again)
    if found.count() < DRAWN:
        return
    drawn = actions.draw_checks(
        round_, actor=supervisor, stages=[stage.value for stage in again], strata="department", size=DRAWN,
        due_on=today + timedelta(days=14), seed=SEED, note="第一次集中抽查",
    )  # fmt: skip
    free = [
        check
        for check in Check.objects.filter(draw=drawn).select_related("finding").order_by("pk")
        if supervisor.pk not in doers_of(check.finding)
    ]
    for check, outcome in zip(free, (CheckOutcome.CONSOLIDATED, CheckOutcome.REBOUND), strict=False):
        last = "ok" if outcome == CheckOutcome.CONSOLIDATED else "not_ok"
        texts = sheet_lines(check.kind)
        lines = [LineWrite(text, "ok") for text in texts[:-1]]
        lines.append(LineWrite(texts[-1], last, "" if last == "ok" else "近一个月又出现两起同类情形"))
        summary = "现场查阅台账和原始记录，与销号表核对。"
        summary += "各项措施仍在执行。" if last == "ok" else "制度已经印发，但近一个月执行松懈，同类问题再次发生。"
        actions.record_check(check, actor=supervisor, outcome=outcome, summary=summary, done_on=today, lines=lines)


def _evaluate(body: Unit, round_: InspectionRound, people: dict[str, User]) -> None:
    held = actions.open_evaluation(
        round_, body, actor=people["discipline"], scheme="deduction_five", title="集中整改期满评估"
    )
    doers = {key for finding in Finding.objects.filter(round=round_) for key in doers_of(finding)}
    marks = {
        "supervision": {"tasks": MarkWrite("6", "2 项任务超期"), "quality": MarkWrite("2", "1 项反弹")},
        "discipline": {"tasks": MarkWrite("5", "个别任务超期"), "satisfaction": MarkWrite("1", "满意率仍有提升空间")},
    }
    for username, mark in marks.items():
        if people[username].pk not in doers:
            actions.submit_marks(held, mark, actor=people[username], comment="总体较好，个别任务推进偏慢。")


def _survey(round_: InspectionRound, people: dict[str, User], today: date) -> Survey:
    return actions.record_survey(
        round_, actor=people["supervision"], formula="share", title="巡察整改群众满意度测评",
        held_on=(today - timedelta(days=3)).isoformat(), issued="120", returned="113", invalid="2",
        counts={"satisfied": "86", "basically_satisfied": "17", "dissatisfied": "5", "unsure": "3"},
        note="面向机关干部和服务对象，随机发放",
    )  # fmt: skip
