"""Papers from the record: figures that sum, days that hold, nothing beyond reach, Word, preview and PDF alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests.factories.days import past_workday
from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.notice_rounds import Reported
from tests.factories.outcomes import (
    make_accountability,
    make_decision,
    make_group,
    make_meeting,
    make_recovery,
    make_rule,
)
from tests.factories.oversight import close
from tests.factories.people import make_department, make_unit, make_user
from tests.gongwen.words import docx_words, html_words, squeeze
from zhenggai.audit.models import Entry
from zhenggai.files.queries import open_file
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.findings.overview import overview
from zhenggai.findings.standing import Standing
from zhenggai.gongwen import check_layout, to_text
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notices.counts import RecordCounts
from zhenggai.people.models import Unit, User
from zhenggai.reports import actions
from zhenggai.reports.counting import Ledger, aspect_values, count_values, department_values, finding_values
from zhenggai.reports.errors import BadPeriod, NothingToReport, TemplateRefused
from zhenggai.reports.making import make_docx, make_html, make_pdf, make_tree, shipped_template, template_of
from zhenggai.reports.models import Making, Template
from zhenggai.reports.papers import PAPERS
from zhenggai.reports.queries import access_template, template_states
from zhenggai.reports.scope import Scope, read_scope
from zhenggai.reports.tasks import write_paper
from zhenggai.workflow.closing import build_form
from zhenggai.workflow.rules import course_of

pytestmark = pytest.mark.django_db
MADE = [code for code, paper in PAPERS.items() if paper.standalone]


@dataclass
class Office:
    body: Unit
    first: Unit
    second: Unit
    round: InspectionRound
    people: dict[str, User]


@pytest.fixture(scope="module")
def office(module_database: None) -> Office:
    body = make_unit("示例市人民检察院")
    first, second = make_department(body, "第一检察部"), make_department(body, "第二检察部")
    people = {
        "office": make_user("rectification_office", body, name="林知远"),
        "chief": make_user("first_responsible_person", body, name="周明远"),
        "head": make_user("department_head", first, name="陈思齐"),
        "owner": make_user("owner", first, name="吴晓"),
    }
    round_ = make_round(
        body, name="2024年市委巡察整改", inspecting_body="市委第三巡察组", feedback_on=date(2024, 7, 18)
    )
    aspects = [make_aspect(round_, title, no=no) for title, no in (("履行主体责任方面", "一"), ("纪律作风方面", "二"))]
    today = timezone.localdate()
    for number, (department, status) in enumerate(
        [(first, "completed"), (first, "phased"), (second, "ongoing"), (second, "completed"), (None, "unknown")],
        start=1,
    ):
        finding = make_finding(
            round_, f"第{number}项工作落实不到位", no=str(number), aspect=aspects[number % 2].pk, status=status,
            owner=people["owner"].pk, due=(today - timedelta(days=20)).isoformat() if number == 3 else "2099-01-01",
            **({"department": department.pk} if department else {}),
        )  # fmt: skip
        make_measure(finding, "制定工作制度", status=status, progress="已印发制度。")
        make_measure(finding, "开展专项检查", progress="")
    last = make_finding(round_, "立行立改事项办理不及时", no="6", department=first.pk)
    make_measure(last, "限期办理", status="completed")
    close_out = close(last, by=people["chief"], closed_on=today)
    close_out.form = build_form(last, close_out.submission, course_of(round_).policy, "随软件提供的规则")
    close_out.save(update_fields=["form"])
    meeting = make_meeting(body, held_on=today, topics="研究整改方案\n听取进展", no="第3次")
    make_decision(meeting, text="按期完成整改", department=first)
    make_rule(body, issued_on=today)
    make_accountability(body, decided_on=today)
    make_recovery(body, recovered_on=today, amount="2026000.00")
    make_group(body, name="巡察整改工作领导小组")
    return Office(body, first, second, round_, people)


def scope_of(office: Office, code: str, person: str = "office", **asked: Any) -> Scope:
    told = {"round": str(office.round.pk), **{key: str(value) for key, value in asked.items()}}
    paper = PAPERS[code]
    return read_scope(office.people[person], told, asks=paper.asks, span=paper.span)


@pytest.mark.parametrize("code", MADE)
def test_each_paper_is_made_with_the_official_layout_and_says_the_same_everywhere(office: Office, code: str) -> None:
    paper, scope = PAPERS[code], scope_of(office, code)
    made = make_docx(paper, scope)
    assert check_layout(made) == ()
    with override("en"):  # whoever reads pages in English still hands in a paper in Chinese
        told = squeeze(to_text(make_tree(paper, scope)))
    assert docx_words(made) == told == html_words(make_html(paper, scope))
    assert make_pdf(paper, scope).startswith(b"%PDF")
    assert "{{" not in told and "{%" not in told and "None" not in told


def test_figures_are_counted_once_and_sum_up(office: Office) -> None:
    ledger = Ledger(scope_of(office, "weekly"))
    counts = count_values(ledger)
    assert counts["total"] == 6 == sum(counts[standing.value] for standing in Standing)
    assert counts["completed"] + counts["phased"] + counts["long_term"] + counts["open"] == 6
    assert counts["late"] == counts["overdue"] == 1
    assert counts["completed_rate"] == "50.00%"
    assert (counts["measures_total"], counts["measures_completed"]) == (11, 3)
    assert counts["status_line"].startswith("共6个问题，其中已完成3个、阶段性完成1个")
    for groups in (aspect_values(ledger), department_values(ledger)):
        for key in ("total", "completed", "phased", "long_term", "open", "late"):
            assert sum(group[key] for group in groups) == counts[key], key


@pytest.mark.django_db
def test_a_milestone_that_is_past_counts_as_phased_with_a_mark_everywhere() -> None:
    body = Reported()
    clerk, round_ = body.office, body.reported
    Finding.objects.filter(round=round_).update(due_on=past_workday())
    ledger = Ledger(Scope(clerk, round_, today=timezone.localdate()))
    counts = count_values(ledger)
    assert (counts["completed"], counts["phased"], counts["overdue"], counts["late"]) == (2, 1, 0, 1)
    assert counts["status_line"] == "共3个问题，其中已完成2个、阶段性完成1个（里程碑逾期1个）"
    assert [each["status"] for each in finding_values(ledger)] == ["已完成", "已完成", "阶段性完成（里程碑逾期）"]
    by_notice = [each.group for each in RecordCounts(round_, timezone.localdate()).findings]
    assert sorted(by_notice) == ["completed", "completed", "phased"]
    seen = overview(clerk, round_).totals
    assert (seen.by_status["completed"], seen.by_status["phased"], seen.overdue) == (2, 1, 1)


def test_a_period_holds_its_days_and_no_others(office: Office) -> None:
    today = timezone.localdate()
    told = to_text(make_tree(PAPERS["weekly"], scope_of(office, "weekly", since=today, until=today)))
    assert (
        "销号问题1个" in told
        and "立行立改事项办理不及时" in told
        and "制定修订制度1项，问责1人" in told
        and "202.60万元" in told
    )
    before = to_text(make_tree(PAPERS["weekly"], scope_of(office, "weekly", since="2024-08-01", until="2024-08-07")))
    assert "2024年8月1日至8月7日，销号问题0个，完成整改措施0条" in before and "整改成效" not in before
    for since, until in (("2025-02-01", "2025-01-01"), ("2025-01-01", ""), ("x", "y"), ("1990-01-01", "2025-01-01")):
        with pytest.raises(BadPeriod):
            scope_of(office, "weekly", since=since, until=until)


def test_a_department_head_reports_the_department_and_nothing_else(office: Office) -> None:
    told = to_text(make_tree(PAPERS["lists"], scope_of(office, "lists", "head")))
    assert "第1项" in told and "第2项" in told and "第3项" not in told
    chosen = scope_of(office, "lists", department=office.second.pk)
    assert [finding.no for finding in chosen.findings()] == ["3", "4"]
    with pytest.raises(NotFound):
        scope_of(office, "lists", "head", department=office.second.pk)
    with pytest.raises((NotFound, NotAllowed)):
        scope_of(office, "lists", "owner")
    with pytest.raises(NotFound):
        scope_of(office, "lists", round="999999")


def test_minutes_need_a_meeting(office: Office) -> None:
    told = to_text(make_tree(PAPERS["minutes"], scope_of(office, "minutes")))
    assert "（一）研究整改方案。" in told and "（一）按期完成整改。责任部门：第一检察部。" in told
    other = make_round(make_unit("示例区人民检察院"), name="另一轮")
    clerk = make_user("rectification_office", other.unit)
    scope = read_scope(clerk, {"round": str(other.pk)}, asks=PAPERS["minutes"].asks)
    with pytest.raises(NothingToReport):
        make_docx(PAPERS["minutes"], scope)


def test_queries_do_not_grow_with_the_findings(
    office: Office, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for code in MADE:
        scope = scope_of(office, code)
        with django_assert_max_num_queries(45):
            PAPERS[code].values(scope)


def test_a_template_is_replaced_kept_in_versions_and_restored(office: Office) -> None:
    clerk, paper, body = office.people["office"], PAPERS["weekly"], office.body
    own = shipped_template("stage")
    with pytest.raises(TemplateRefused) as refused:
        actions.upload_template(body, paper, shipped_template("letter"), actor=clerk, name="a.docx")
    assert "没有“issuer”" in str(refused.value) or "没有“paragraphs”" in str(refused.value)
    with pytest.raises(NotAllowed):
        actions.upload_template(body, paper, own, actor=office.people["head"], name="a.docx")
    assert template_of(body, "weekly") == shipped_template("weekly")
    first, trial = actions.upload_template(
        body, paper, shipped_template("monthly"), actor=clerk, name="周报.docx", note="甲"
    )
    second, _ = actions.upload_template(body, paper, shipped_template("stage"), actor=clerk, name="周报2.docx")
    assert (first.no, second.no) == (1, 2) and trial.layout == ()
    state = template_states(body)["weekly"]
    assert state.in_use == second and [each.no for each in state.versions] == [2, 1]
    assert actions.choose_template(access_template(clerk, first.pk), actor=clerk).in_use
    assert Template.objects.filter(unit=body, in_use=True).count() == 1
    assert actions.restore_template(body, paper, actor=clerk) == 1
    assert template_of(body, "weekly") == shipped_template("weekly")
    codes = set(Entry.objects.filter(code__startswith="reports.").values_list("code", flat=True))
    assert codes == {"reports.template_uploaded", "reports.template_chosen", "reports.template_restored"}


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_paper_is_made_in_the_background_and_its_access_asked_again(office: Office, form: str) -> None:
    clerk, paper = office.people["office"], PAPERS["sheets"]
    making = actions.ask_paper(paper, scope_of(office, "sheets"), form, actor=clerk)
    assert write_paper.call(making.pk) == "done"
    made = Making.objects.get(pk=making.pk)
    assert (made.state, made.percent) == ("done", 100) and made.name.endswith(f".{form}") and made.file
    with open_file(made.file) as source:
        assert source.read(4) in (b"PK\x03\x04", b"%PDF")
    assert Entry.objects.filter(code="reports.paper_made").count() == 1
    stranger = make_user("rectification_office", make_unit("示例县人民检察院"))
    lost = Making.objects.create(user=stranger, paper="sheets", query=making.query, form=form)
    assert write_paper.call(lost.pk) == "failed"
    assert Making.objects.get(pk=lost.pk).error["code"] == "kit.NotFound"
