"""Each check of the quality page bites where it should and nowhere else: a sound record, then one thing wrong with it."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.days import past_workday
from tests.factories.findings import make_finding, make_measure
from tests.factories.people import make_department, make_post, make_user
from tests.factories.workflow import Body
from zhenggai.desk.quality.base import Severity
from zhenggai.desk.quality.run import CHECKS, build_scope, build_workbook, examine
from zhenggai.findings.models import Finding, InspectionRound, Measure, Source, Stage, Status
from zhenggai.outcomes.models import Decision, Meeting
from zhenggai.oversight.models import Check, Letter, LetterItem
from zhenggai.people.models import Post, Unit, User
from zhenggai.workflow import actions
from zhenggai.workflow.models import (
    CloseOut,
    Completion,
    Course,
    Criterion,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    Extension,
    Item,
    Plan,
    Submission,
)

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)
OLD = timezone.now() - timedelta(days=90)


@dataclass(slots=True)
class Sound:
    """A round in which nothing is wrong, with a finding at each place of the loop."""

    body: Body
    """The body."""
    round: InspectionRound
    """Its round."""
    working: Finding
    """At work."""
    reviewed: Finding
    """Waits for the head of the department."""
    phased: Finding
    """Done for now."""
    returned: Finding
    """Given back."""
    closed: Finding
    """Closed out and filed."""


def _begin(body: Body) -> tuple[InspectionRound, list[Finding]]:
    round_ = body.round()
    InspectionRound.objects.filter(pk=round_.pk).update(feedback_on=TODAY - timedelta(days=10))
    due = TODAY + timedelta(days=60)
    round_.refresh_from_db()
    made = [
        body.finding(round_, f"问题{name}", no=str(n), due=due.isoformat()) for n, name in enumerate("甲乙丙丁戊", 1)
    ]
    plan = body.approved(round_)
    actions.file_plan(plan, actor=body.office, filed_on=TODAY)
    return round_, [Finding.objects.get(pk=finding.pk) for finding in made]


@pytest.fixture(scope="module")
def built(module_database: None, tmp_path_factory: pytest.TempPathFactory) -> Sound:
    from django.test.utils import override_settings

    with override_settings(ZHENGGAI_HOME=tmp_path_factory.mktemp("home")):
        body = Body("示例市人民检察院")
        round_, (working, reviewed, phased, returned, closed) = _begin(body)
        body.evidence(working)
        reviewed = body.submitted(reviewed)
        milestone = TODAY + timedelta(days=20)
        phased = body.pass_to(body.submitted(phased, "phased", milestone="系统上线", milestone_on=milestone))
        returned = body.submitted(returned)
        actions.return_work(returned, actor=body.head, level="department", text="佐证不全")
        closed = body.pass_to(body.submitted(closed))
        actions.file_close_out(closed.close_outs.get(), actor=body.office, filed_on=TODAY)
        # Completions of what is still at work: the reviewed one waits, the others go on.
        Measure.objects.filter(finding__in=[working.pk]).update(status=Status.ONGOING)
    return Sound(body, round_, working, reviewed, phased, returned, Finding.objects.get(pk=closed.pk))


@pytest.fixture
def sound(built: Sound, db: None) -> Sound:
    return copy.deepcopy(built)


def bites(sound: Sound) -> dict[str, set[int | None]]:
    scope = build_scope(sound.body.office)
    found = {check.code: {hit.finding_id for hit in check.hits(scope)} for check in CHECKS}
    return {code: keys for code, keys in found.items() if keys}


def test_a_sound_record_passes_every_check(sound: Sound) -> None:
    assert bites(sound) == {}


def _set(finding: Finding, **values: object) -> None:
    Finding.objects.filter(pk=finding.pk).update(**values)


def _item(finding: Finding, **values: object) -> None:
    Item.objects.filter(pk=finding.pk).update(**values)


def _gone(s: Sound) -> Finding:
    User.objects.filter(pk=s.body.owner.pk).update(is_active=False)
    other = make_user("owner", s.body.department)
    Finding.objects.exclude(pk=s.working.pk).update(owner=other)
    return s.working


def _supervising(s: Sound) -> Finding:
    _set(s.working, owner=s.body.supervisor)
    return s.working


def _closed_department(s: Sound) -> Finding:
    unit = make_department(s.body.unit, "旧处室")
    Unit.objects.filter(pk=unit.pk).update(closed_on=TODAY)
    _set(s.working, department=unit)
    return s.working


def _after_plan(s: Sound) -> Finding:
    late = make_finding(
        s.round, "后来补入的问题", no="9", leader=s.body.leader, department=s.body.department, owner=s.body.owner,
        due=(TODAY + timedelta(days=30)).isoformat(), status="ongoing",
    )  # fmt: skip
    make_measure(late)
    return late


def _renamed(s: Sound) -> Finding:
    _set(s.working, title="换了说法", changed_at=timezone.now() + timedelta(minutes=1))
    return s.working


def _only_default(s: Sound) -> Finding:
    Criterion.objects.filter(finding=s.working, kind="confirmation").update(text="整改效果达到完成标准")
    return s.working


def _shared(s: Sound) -> list[Finding]:
    first = s.body.evidence(s.working)
    links = [EvidenceLink(evidence=first, finding=each, by=s.body.owner) for each in (s.reviewed, s.returned)]
    EvidenceLink.objects.bulk_create(links)
    return [s.working, s.reviewed, s.returned]


def _paper(s: Sound) -> Finding:
    version = EvidenceVersion.objects.filter(evidence__links__finding=s.working).first()
    assert version is not None
    Source.objects.create(round=s.round, file=version.file, name="通报.txt", text="", imported_by=s.body.office)
    return s.working


def _replaced(s: Sound) -> Finding:
    evidence = Evidence.objects.filter(links__finding=s.closed).first()
    assert evidence is not None
    version = EvidenceVersion.objects.filter(evidence=evidence).get()
    version.pk, version.no = None, 2
    version.save()
    EvidenceVersion.objects.filter(pk=version.pk).update(at=timezone.now() + timedelta(hours=1))
    return s.closed


def _promised(s: Sound) -> Finding:
    Measure.objects.filter(finding=s.closed).update(text="修订资产管理办法")
    Evidence.objects.filter(links__finding=s.closed).update(kind=Evidence.Kind.PHOTO)
    return s.closed


def _unproved(s: Sound) -> Finding:
    EvidenceLink.objects.filter(finding=s.reviewed).update(withdrawn_at=timezone.now())
    return s.reviewed


def _extension(s: Sound) -> Finding:
    made = Extension.objects.create(finding=s.working, to_due_on=TODAY, reason="等设备", asked_by=s.body.owner)
    Extension.objects.filter(pk=made.pk).update(asked_at=OLD)
    return s.working


def _idle(s: Sound) -> Finding:
    Plan.objects.update(decided_at=OLD, submitted_at=OLD)
    EvidenceLink.objects.filter(finding=s.working).update(at=OLD)
    Finding.objects.update(changed_at=OLD)
    return s.working


def _left(s: Sound) -> Finding:
    EvidenceLink.objects.filter(finding=s.returned).update(at=OLD)
    Submission.objects.filter(finding=s.returned).update(ended_at=OLD)
    return s.returned


def _nobody(s: Sound) -> Finding:
    Post.objects.filter(user=s.body.head).update(ended_on=TODAY)
    return s.reviewed


def _round(s: Sound, **values: object) -> None:
    InspectionRound.objects.filter(pk=s.round.pk).update(**values)


def _plan_late(s: Sound) -> None:
    Plan.objects.update(state=Plan.State.SUPERSEDED)
    Course.objects.filter(round=s.round).update(plan_due_on=TODAY - timedelta(days=1))


def _beyond(s: Sound) -> Finding:
    Course.objects.filter(round=s.round).update(period_ends_on=TODAY + timedelta(days=90))
    _set(s.working, due_on=TODAY + timedelta(days=200))
    Item.objects.filter(pk=s.working.pk).update(first_due_on=TODAY + timedelta(days=200))
    return s.working


def _twin(s: Sound) -> list[Finding]:
    _set(s.reviewed, title=s.working.title)
    return [s.working, s.reviewed]


def _done(s: Sound) -> Finding:
    measure = s.working.measures.get()
    EvidenceLink.objects.filter(finding=s.working).update(measure=measure)
    Completion.objects.create(measure=measure, done_on=TODAY, by=s.body.owner)
    Measure.objects.filter(pk=measure.pk).update(status=Status.COMPLETED)
    return s.working


def _letter(s: Sound) -> None:
    letter = Letter.objects.create(
        unit=s.body.unit, kind="reminder", state="issued", number="示例整改提醒〔2026〕1号", title="提醒", body="请回复",
        signature="整改办", reply_due_on=YESTERDAY,
    )  # fmt: skip
    LetterItem.objects.create(letter=letter, finding=s.working)


def _check(s: Sound, **values: object) -> None:
    given: dict[str, object] = {"kind": "look_back", "finding": s.closed, "due_on": TODAY, **values}
    Check.objects.create(**given)


def _decided(s: Sound) -> None:
    meeting = Meeting.objects.create(
        unit=s.body.unit, round=s.round, kind="party_group", held_on=TODAY - timedelta(days=200), topics="研究整改"
    )
    Decision.objects.create(unit=s.body.unit, meeting=meeting, text="每月听取一次汇报")


def _both(s: Sound, **values: object) -> list[Finding]:
    _set(s.working, **values)
    return [s.working]


Wrong = Callable[[Sound], Finding | list[Finding] | None]
CASES: dict[str, Wrong] = {
    "finding.leader": lambda s: _both(s, leader=None),
    "finding.department": lambda s: _both(s, department=None),
    "finding.owner": lambda s: _both(s, owner=None),
    "finding.due": lambda s: _both(s, due_on=None, due_text=""),
    "finding.due_unclear": lambda s: _both(s, due_on=None, due_text="适时"),
    "finding.measures": lambda s: (Measure.objects.filter(finding=s.working).update(withdrawn_at=OLD), s.working)[1],
    "finding.person_gone": _gone,
    "finding.doer_supervises": _supervising,
    "finding.owner_leads": lambda s: _both(s, owner=s.body.leader),
    "finding.department_closed": _closed_department,
    "measure.owner": lambda s: _both(s, owner=None),
    "plan.differs": _renamed,
    "plan.added": _after_plan,
    "plan.overdue": _plan_late,
    "plan.not_filed": lambda s: Plan.objects.update(filed_on=None, decided_at=OLD) and None,
    "plan.default_criteria": _only_default,
    "plan.measure_late": lambda s: (s.working.measures.update(due_on=TODAY + timedelta(days=99)), s.working)[1],
    "plan.beyond_period": _beyond,
    "sums.declared": lambda s: _round(s, declared_counts={"findings": 41}),
    "papers.not_closed": lambda s: _both(s, status_text="已完成"),
    "papers.closed": lambda s: (_set(s.closed, status_text="正在整改"), s.closed)[1],
    "papers.same_number": lambda s: (_set(s.working, no=s.reviewed.no), [s.working, s.reviewed])[1],
    "papers.same_title": _twin,
    "papers.unknown": lambda s: _both(s, stage=Stage.REGISTERED, status=Status.UNKNOWN),
    "progress.late": lambda s: _both(s, due_on=past_workday()),
    "progress.milestone": lambda s: (_item(s.phased, next_milestone=""), s.phased)[1],
    "progress.milestone_past": lambda s: (_item(s.phased, next_milestone_on=YESTERDAY), s.phased)[1],
    "progress.report_past": lambda s: (_item(s.phased, next_report_on=YESTERDAY), s.phased)[1],
    "progress.still": _idle,
    "progress.returned": _left,
    "progress.not_submitted": _done,
    "review.too_long": lambda s: (_item(s.reviewed, level_since=OLD), s.reviewed)[1],
    "review.nobody": _nobody,
    "extension.waits": _extension,
    "evidence.missing": _unproved,
    "evidence.expired": lambda s: (Evidence.objects.filter(links__finding=s.working).update(expires_on=YESTERDAY), s.working)[1],
    "evidence.same_file": _shared,
    "evidence.source": _paper,
    "evidence.rule": _promised,
    "closing.evidence_changed": _replaced,
    "closing.open_measure": lambda s: (s.closed.measures.update(status=Status.ONGOING), s.closed)[1],
    "closing.not_filed": lambda s: (CloseOut.objects.update(filed_on=None), s.closed)[1],
    "closing.no_criteria": lambda s: (Criterion.objects.filter(finding=s.working).update(withdrawn_at=OLD), s.working)[1],
}  # fmt: skip
CASES |= {
    "letter.unanswered": lambda s: (_letter(s), s.working)[1],
    "check.overdue": lambda s: (_check(s, due_on=YESTERDAY), s.closed)[1],
    "check.rebound": lambda s: (_check(s, state="done", outcome="rebound", done_on=TODAY), s.closed)[1],
    "decision.left": _decided,
}
ASSURED = {"sums.standings"}
"""What cannot be wrong, whatever the rows say; looked at all the same."""


def test_every_check_has_a_case_and_a_code_of_its_own() -> None:
    codes = [check.code for check in CHECKS]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(CASES) | ASSURED
    assert all(check.severity in Severity and str(check.sentence) and str(check.remedy) for check in CHECKS)


@pytest.mark.parametrize("code", CASES)
def test_a_check_bites(code: str, sound: Sound) -> None:
    made = CASES[code](sound)
    wrong: set[int | None] = (
        {None} if made is None else {each.pk for each in (made if isinstance(made, list) else [made])}
    )
    found = bites(sound)
    assert found[code] == wrong, found
    report = examine(sound.body.office, chosen=code)
    result = next(each for each in report.results if each.check.code == code)
    assert result.count == len(wrong) and len(result.issues) == len(wrong)
    for issue in result.issues:
        assert issue.title and issue.path.startswith(("/findings/", "/overview/", "/plan/"))


def leaderless(person: User) -> int:
    found = {result.check.code: result.count for result in examine(person).results}
    return found.get("finding.leader", 0)


def test_only_what_the_reader_may_see_is_looked_at(sound: Sound) -> None:
    for finding in (sound.working, sound.closed):
        _set(finding, leader=None)
    assert leaderless(sound.body.office) == leaderless(sound.body.owner) == 2
    assert examine(sound.body.outsider).finding_total == 0
    other = make_user("owner", sound.body.department)
    assert examine(other).finding_total == 0


def test_sums_of_a_round_are_told_only_to_who_sees_all_of_it(sound: Sound) -> None:
    _round(sound, declared_counts={"findings": 41})
    assert examine(sound.body.chief).total == 1
    assert examine(sound.body.owner).total == 0


def test_counts_follow_severity_and_department(sound: Sound) -> None:
    _set(sound.working, leader=None, owner=None)
    _set(sound.reviewed, department=sound.body.assisting, leader=None)
    report = examine(sound.body.office)
    assert report.counts[Severity.HIGH] >= 2 and report.counts[Severity.MEDIUM] >= 1
    here = examine(sound.body.office, department=sound.body.assisting.pk)
    assert here.counts[Severity.HIGH] == 1
    only = examine(sound.body.office, severity="high")
    assert {result.check.severity for result in only.results} == {Severity.HIGH}
    rows = {row.department_id: row.total for row in report.departments}
    assert sum(rows.values()) == report.total


def test_the_workbook_holds_every_row(sound: Sound) -> None:
    from openpyxl import load_workbook

    _set(sound.working, leader=None, title="=cmd|'/c calc'!A1")
    book = load_workbook(io.BytesIO(build_workbook(examine(sound.body.office, chosen="*"))))
    things = list(book.worksheets[0].values)
    assert "finding.leader" in [row[-1] for row in things]
    assert len(list(book.worksheets[1].values)) == len(CHECKS) + 1
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_the_posts_are_asked_once_however_many_wait(sound: Sound, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(120):  # type: ignore[operator]  # pytest-django's own fixture
        examine(sound.body.office)
    make_post(sound.body.owner, sound.body.unit, "leading_group_member")
    assert date.min < TODAY
