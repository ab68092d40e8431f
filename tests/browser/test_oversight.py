"""Supervision in a real browser: a letter from its draft to its answer, visits, a draw done again, a rebound, scores."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SILENT, Open, look_over, picture
from tests.factories.oversight import at_stage, close
from zhenggai.demo.loop import load_loop
from zhenggai.demo.oversight import load_oversight
from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.oversight.models import Check, Draw, Evaluation, Letter, Survey
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.browser


@pytest.fixture
def late_round(record: None) -> InspectionRound:
    """Return the demo's round with findings at work, some of them late, and some closed."""
    round_ = InspectionRound.objects.get()
    clerk, today = User.objects.get(username="clerk"), timezone.localdate()
    finance = Unit.objects.get(name="计财装备处")
    for place, finding in enumerate(Finding.objects.filter(round=round_).order_by("order")):
        if place % 3 == 0:
            close(finding, by=clerk, closed_on=today - timedelta(days=100 - place))
            continue
        at_stage(finding, Stage.PHASED if place % 7 == 0 else Stage.WORKING)
        late = finding.department_id == finance.pk or place in (4, 8)
        due = today - timedelta(days=6 + place % 5) if late else today + timedelta(days=20 + place)
        Finding.objects.filter(pk=finding.pk).update(due_on=due, due_text="", status="ongoing")
    return round_


def said(page: Page, words: str) -> None:
    expect(page.locator(".notice").first).to_contain_text(words)


def test_a_letter_from_its_draft_to_its_answer(
    open_browser: Open, late_round: InspectionRound, sign_in_page: Any
) -> None:
    office = sign_in_page(open_browser(), "office")
    office.goto("/letters/")
    expect(office.locator(".empty")).to_contain_text("还没有函件")
    look_over(office, "no letters")
    office.get_by_role("button", name="按超期起草").click()
    said(office, "已按超期阶梯起草")
    look_over(office, "drafts")
    office.get_by_role("row", name=re.compile("计财装备处")).get_by_role("link").click()
    expect(office.locator(".letter-paper")).to_contain_text("（签发时编号）")
    office.get_by_role("link", name="修改", exact=True).click()
    look_over(office, "edit letter")
    office.get_by_label("抄送").fill("院领导，驻院纪检监察组")
    office.get_by_role("button", name="保存").click()
    said(office, "已保存")
    office.get_by_role("button", name="送签").click()
    said(office, "已送签")
    picture(office, "letter-to-sign")
    letter = Letter.objects.get(state="to_sign")

    chief = sign_in_page(open_browser(PHONE), "chief")
    chief.goto(f"/letters/{letter.pk}/")
    look_over(chief, "letter to sign on the phone")
    picture(chief, "letter-to-sign")
    chief.get_by_role("button", name="签发").click()
    expect(chief.get_by_role("dialog")).to_contain_text("不能再改")
    chief.get_by_role("button", name="确认签发").click()
    said(chief, "已签发")
    letter.refresh_from_db()
    expect(chief.locator(".letter-number")).to_have_text(letter.number)

    head = sign_in_page(open_browser(), "head")
    head.goto("/letters/")
    expect(head.get_by_role("heading", level=1)).to_have_text("收到的函件")
    look_over(head, "letters received")
    head.get_by_role("link", name=letter.title).click()
    head.get_by_role("button", name="签收").click()
    said(head, "已签收")
    head.get_by_label("回复内容").fill("已完成盘点，差异处理意见正在报批，本月底前完成。")
    look_over(head, "answer a letter")
    picture(head, "letter-answer")
    head.get_by_role("button", name="提交回复").click()
    said(head, "已回复")

    office.goto("/letters/?state=issued")
    expect(office.locator("tbody")).to_contain_text("1/1")
    picture(office, "letters")
    office.get_by_role("link", name=letter.title).click()
    office.get_by_role("button", name="办结").click()
    office.get_by_role("dialog").get_by_role("button", name="办结").click()
    said(office, "已办结")
    with office.expect_download() as got:
        office.get_by_role("link", name="Word 文件").click()
    assert got.value.suggested_filename.endswith(".docx")
    office.emulate_media(media="print")
    expect(office.locator(".letter-paper")).to_be_visible()
    expect(office.locator(".receipts")).to_be_hidden()
    office.goto("/letters/new/")
    look_over(office, "new letter")


def test_visits_show_who_lags_the_time(open_browser: Open, late_round: InspectionRound, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "supervision")
    page.goto("/visits/")
    expect(page.locator(".pace-table")).to_contain_text("个百分点")
    look_over(page, "visits")
    page.get_by_role("link", name="登记对计财装备处的督导").click()
    page.get_by_label("汇报情况").fill("固定资产清查已完成现场盘点。")
    page.get_by_label("督导意见").fill("差异处理要形成书面结论。")
    page.get_by_label("任务 1").fill("报送差异处理意见")
    page.get_by_label("责任人").first.select_option(label="段红")
    look_over(page, "record a visit")
    page.get_by_role("button", name="保存").click()
    said(page, "已保存")
    look_over(page, "visit")
    page.goto("/visits/")
    picture(page, "visits")
    phone = sign_in_page(open_browser(PHONE), "head")
    phone.goto("/visits/")
    expect(phone.locator("#my-tasks")).to_contain_text("报送差异处理意见")
    look_over(phone, "my tasks on the phone")
    phone.get_by_label("完成情况").fill("已报送")
    phone.get_by_role("button", name="登记完成").click()
    said(phone, "已登记完成")


def test_a_draw_is_done_again_and_a_rebound_reopens(
    open_browser: Open, late_round: InspectionRound, sign_in_page: Any
) -> None:
    page = sign_in_page(open_browser(), "supervision")
    page.goto("/look-backs/")
    look_over(page, "no look-backs")
    page.get_by_role("button", name="按规则安排").click()
    said(page, "新安排")
    look_over(page, "look-backs")
    picture(page, "look-backs")
    page.goto("/spot-checks/")
    expect(page.locator(".empty")).to_contain_text("还没有抽查")
    page.get_by_role("link", name="第一次抽取").click()
    page.get_by_label("随机种子").fill("公证号码 081726")
    look_over(page, "draw")
    page.get_by_role("button", name="抽取并安排核查").click()
    said(page, "已抽取 5 项")
    page.get_by_role("button", name="重新演算").click()
    said(page, "重新演算一致")
    look_over(page, "draw done again")
    picture(page, "draw")
    check = Check.objects.filter(draw=Draw.objects.get(), finding__stage=Stage.CLOSED).first()
    assert check is not None
    page.goto(f"/checks/{check.pk}/")
    look_over(page, "sheet")
    for radio in page.get_by_role("radio", name="符合", exact=True).all():
        radio.check()
    page.get_by_role("radio", name="不符合", exact=True).last.check()
    page.get_by_label("姓名").first.fill("王小明")
    page.get_by_label("联系方式").first.fill("电话")
    page.locator("[name=contact_answer]").first.select_option(label="不属实")
    page.get_by_role("radio", name="巩固").check()
    page.get_by_label("核查情况").fill("近一个月又出现两起同类情形。")
    page.get_by_role("button", name="登记结论").click()
    expect(page.locator(".notice.bad")).to_contain_text("不能填“巩固”")
    expect(page.get_by_label("核查情况")).to_have_value("近一个月又出现两起同类情形。")
    picture(page, "check-refused")
    page.get_by_role("radio", name="反弹").check()
    page.get_by_role("button", name="登记结论").click()
    said(page, "已登记核查结论")
    look_over(page, "check done")
    picture(page, "check-sheet")
    page.get_by_role("button", name="重新整改…").click()
    page.get_by_role("dialog").get_by_role("button", name="重新整改").click()
    said(page, "已重新整改")
    check.finding.refresh_from_db()
    assert check.finding.stage == Stage.REOPENED
    office = sign_in_page(open_browser(PHONE), "office")
    office.goto(f"/checks/{check.pk}/")
    expect(office.locator("main")).to_contain_text("王＊＊")
    expect(office.locator("main")).not_to_contain_text("王小明")
    look_over(office, "check on the phone")
    office.goto("/spot-checks/?state=done")
    look_over(office, "spot checks on the phone")
    picture(office, "spot-checks")


def test_an_evaluation_by_two_judges_and_a_survey(
    open_browser: Open, late_round: InspectionRound, sign_in_page: Any
) -> None:
    page = sign_in_page(open_browser(), "supervision")
    page.goto("/evaluations/")
    look_over(page, "no evaluations")
    page.get_by_role("button", name="发起评估").click()
    look_over(page, "open an evaluation")
    page.get_by_label("评分方案").select_option("deduction_five")
    page.get_by_role("button", name="发起", exact=True).click()
    said(page, "已发起评估")
    page.get_by_label("扣分").nth(1).fill("6")
    page.get_by_role("button", name="提交评分").click()
    expect(page.locator(".notice.bad")).to_contain_text("减分须写明理由")
    page.get_by_label("理由").nth(1).fill("2 项任务超期")
    look_over(page, "marks")
    page.get_by_role("button", name="提交评分").click()
    said(page, "已提交评分")
    picture(page, "evaluation-marks")
    other = sign_in_page(open_browser(PHONE), "discipline")
    other.goto(f"/evaluations/{Evaluation.objects.get().pk}/")
    look_over(other, "marks on the phone")
    other.get_by_role("button", name="提交评分").click()
    said(other, "已提交评分")
    page.reload()
    page.get_by_label("不符之处").fill("报告称完成 24 项，实际 23 项")
    page.get_by_role("button", name="登记", exact=True).click()
    said(page, "已登记报告与事实不符之处")
    page.get_by_role("button", name="定评").click()
    page.get_by_label("评估意见").fill("总体较好。")
    page.get_by_role("dialog").get_by_role("button", name="定评").click()
    said(page, "已定评")
    expect(page.locator(".score b")).to_have_text("97.00")
    look_over(page, "evaluation")
    picture(page, "evaluation")

    page.goto("/surveys/new/")
    look_over(page, "new survey")
    page.get_by_label("测评名称").fill("群众满意度测评")
    for label, count in (("发出票数", "60"), ("收回票数", "51"), ("无效票数", "1"), ("满意", "40"), ("不满意", "4")):
        page.get_by_label(label, exact=True).fill(count)
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".notice.bad")).to_contain_text("不等于收回票数")
    page.get_by_label("基本满意").fill("6")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".score b")).to_have_text("92.00%")
    expect(page.locator(".arithmetic")).to_have_text("(40 + 6) ÷ 50 = 92.00%")
    look_over(page, "survey")
    assert Survey.objects.count() == 1
    page.goto("/evaluations/")
    look_over(page, "evaluations")
    picture(page, "evaluations")


def test_the_demo_goes_the_whole_way_and_shows_evidence_beside_the_sheet(
    open_browser: Open, record: None, sign_in_page: Any
) -> None:
    body = Unit.objects.get(name="示例市人民检察院")
    load_loop(body, SILENT)
    load_oversight(body, SILENT)
    load_oversight(body, SILENT)
    assert {"issued", "to_sign"} <= set(Letter.objects.values_list("state", flat=True))
    assert {"consolidated", "rebound"} <= set(Check.objects.values_list("outcome", flat=True))
    planned = Check.objects.filter(state="planned", finding__evidence_links__isnull=False).first()
    assert planned is not None
    desk = sign_in_page(open_browser(), "supervision")
    desk.goto(f"/checks/{planned.pk}/")
    desk.locator(".open-evidence").first.click()
    expect(desk.locator("#evidence-shown")).to_contain_text("下载原文件")
    look_over(desk, "evidence beside the sheet")
    picture(desk, "check-evidence")
    page = sign_in_page(open_browser(PHONE), "chief")
    for address in ("/letters/", "/visits/", "/look-backs/", "/spot-checks/", "/evaluations/"):
        page.goto(address)
        look_over(page, f"{address} on the phone")
