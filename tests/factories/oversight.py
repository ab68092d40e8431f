"""Late findings at work, closed findings with evidence, letters: valid by default."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.factories.findings import make_finding
from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.oversight.actions import draft_letter, sign_letter, submit_letter
from zhenggai.oversight.models import Letter, LetterKind
from zhenggai.people.models import Unit, User
from zhenggai.workflow.models import CloseOut, Item, Submission


def make_late(
    round_: InspectionRound, days: int = 3, *, department: Unit | None = None, today: date | None = None, **values: Any
) -> Finding:
    """Return a finding at work that was due *days* ago."""
    due = (today or timezone.localdate()) - timedelta(days=days)
    given = {"due": due.isoformat(), **values}
    if department is not None:
        given["department"] = department.pk
    return at_stage(make_finding(round_, **given), Stage.WORKING)


def at_stage(finding: Finding, stage: Stage) -> Finding:
    """Put a finding at a stage, as the loop would."""
    Finding.objects.filter(pk=finding.pk).update(stage=stage)
    Item.objects.get_or_create(finding=finding)
    finding.refresh_from_db()
    return finding


def make_closed(round_: InspectionRound, *, by: User, closed_on: date | None = None, **values: Any) -> CloseOut:
    """Return the close-out of a new finding, with the least that a close-out needs."""
    return close(make_finding(round_, **values), by=by, closed_on=closed_on)


def close(finding: Finding, *, by: User, closed_on: date | None = None) -> CloseOut:
    """Return the close-out of *finding*, with the least that a close-out needs."""
    day = closed_on or timezone.localdate()
    at_stage(finding, Stage.CLOSED)
    Finding.objects.filter(pk=finding.pk).update(status="completed", closed_on=day, within_deadline=True)
    submission = Submission.objects.create(
        finding=finding, no=1, state=Submission.State.PASSED, outcome="completed", by=by, from_stage=Stage.WORKING,
        statement="各项措施已全部落实，经自查达到完成标准，佐证材料已逐项上传。",
    )  # fmt: skip
    return CloseOut.objects.create(
        finding=finding, no=f"示例销号〔{day.year}〕{finding.pk}号", submission=submission, form={}, closed_on=day,
        within_deadline=True, by=by,
    )  # fmt: skip


def make_letter(
    clerk: User, findings: list[Finding], units: list[Unit], *, kind: str = LetterKind.REMINDER, **values: Any
) -> Letter:
    """Return a draft by *clerk* about *findings* to *units*."""
    unit = findings[0].round.unit
    return draft_letter(unit, actor=clerk, kind=kind, findings=findings, units=units, **values)


def issue(letter: Letter, *, clerk: User, chief: User) -> Letter:
    """Return a letter that went out."""
    return sign_letter(submit_letter(letter, actor=clerk), actor=chief)
