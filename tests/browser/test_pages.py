"""Each page as each of its people sees it, at the desk and on the phone: pictures, axe, nothing sticking out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from benchmarks.populate import populate
from tests.browser.conftest import PHONE, Open, look_over, picture, press
from zhenggai.findings import actions
from zhenggai.findings.models import Finding
from zhenggai.intake.models import Import
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.browser
LONG = "对基层院的指导监督存在薄弱环节，个别条线常年没有开展实地督导，" * 4


def test_the_pages_of_the_office(open_browser: Open, record: None, sign_in_page: Any) -> None:
    finding = Finding.objects.get(no="15")
    done = Import.objects.filter(state=Import.State.CONFIRMED).first()
    assert done is not None
    desk, phone = sign_in_page(open_browser(), "office"), sign_in_page(open_browser(PHONE), "office")
    pages = {
        "overview": "/overview/",
        "ledger": "/findings/",
        "finding": f"/findings/{finding.pk}/",
        "edit": f"/findings/{finding.pk}/edit/",
        "intake": "/intake/",
        "imported": f"/intake/{done.pk}/",
        "search": "/search/?q=案件",
        "workbook": "/findings/workbook/",
        "units": "/system/units/",
        "people": "/system/people/",
        "me": "/me/",
        "not-found": "/nowhere/",
    }
    for name, address in pages.items():
        for page, place in ((desk, "desk"), (phone, "phone")):
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{name} at the {place}")
        if name in {"overview", "ledger", "finding", "intake"}:
            picture(desk, name)
            picture(phone, name)
    phone.goto("/overview/")
    phone.get_by_role("link", name="打开导航").click()
    expect(phone.get_by_role("navigation", name="主导航")).to_be_visible()
    picture(phone, "navigation")
    phone.get_by_role("link", name="问题台账", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("问题台账")


def test_the_pages_of_leaders_owners_and_officers(open_browser: Open, record: None, sign_in_page: Any) -> None:
    person = User.objects.get(username="office")
    visits = (
        ("chief", "overview", "/overview/"),
        ("sysadmin", "units", "/system/units/"),
        ("sysadmin", "people", "/system/people/"),
        ("sysadmin", "person", f"/system/people/{person.pk}/"),
        ("secadmin", "permissions", "/system/permissions/"),
        ("secadmin", "person", f"/system/people/{person.pk}/"),
        ("auditor", "trail", "/system/trail/"),
    )
    for username, name, address in visits:
        page = sign_in_page(open_browser(), username)
        page.goto(address, wait_until="networkidle")
        look_over(page, f"{name} of {username}")
        if name in {"units", "people", "permissions", "trail"}:
            picture(page, name)
        if name == "trail":
            page.get_by_role("button", name="核对哈希链").click()
            expect(page.locator("#chain")).to_contain_text("哈希链完整")
            look_over(page, "verified trail")


def test_a_document_being_read_shows_its_step(open_browser: Open, record: None, sign_in_page: Any) -> None:
    document = Import.objects.latest("pk")
    reading = {"state": Import.State.READING, "step": "正在读取和理解文件", "step_at": timezone.now(), "percent": 40}
    Import.objects.filter(pk=document.pk).update(**reading)
    page = sign_in_page(open_browser(), "office")
    page.goto(f"/intake/{document.pk}/")
    expect(page.locator("#progress")).to_contain_text("40%")
    look_over(page, "being read")
    Import.objects.filter(pk=document.pk).update(state=Import.State.CONFIRMED, step="", percent=100)
    expect(page.locator("main h2")).to_contain_text("已入账")


def test_a_later_paper_of_the_same_round_proposes_matches(open_browser: Open, record: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/intake/")
    lines = ["示例市人民检察院党组关于巡察整改进展情况的通报", "一、历次整改收尾不彻底方面"]
    lines += [
        "1.关于“上轮巡察整改留有遗留事项”的问题。整改措施：（1）逐项复核；（2）限期清零。整改时限：2030年6月底前。"
    ]
    lines += ["2.关于“一个全新的问题”的问题。整改措施：（1）建立台账。"]
    page.locator("#file").set_input_files(
        {"name": "后续通报.txt", "mimeType": "text/plain", "buffer": "\n".join(lines).encode()}
    )
    page.locator("#round").select_option(index=1)
    page.get_by_role("button", name="上传并读取").click()
    page.locator("[data-check]").wait_for()
    expect(page.locator(".matches")).to_contain_text("更新")
    expect(page.locator(".matches")).to_contain_text("新增")
    look_over(page, "matches")
    picture(page, "matches")
    page.get_by_label("如何处理").nth(1).select_option(label="不入账")
    expect(page.locator(".matches")).to_contain_text("不入账")
    page.get_by_label("如何处理").nth(1).focus()
    expect(page.get_by_label("如何处理").nth(1).locator("option")).to_have_count(42)
    page.get_by_label("如何处理").nth(1).select_option(label="按系统比对")
    expect(page.locator(".matches .tag-green")).to_have_text("新增")
    page.get_by_role("button", name="确认入账…").click()
    expect(page.get_by_role("dialog")).to_contain_text("保持原样")


def test_the_ledger_stays_pleasant_at_ten_thousand_rows(
    open_browser: Open, transactional_db: None, sign_in_page: Any
) -> None:
    made = populate(findings=10_000, measures=2_000, people=20)
    page = sign_in_page(open_browser(), made.administrator)
    page.goto("/findings/", wait_until="networkidle")
    look_over(page, "ten thousand rows")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".pager")).to_contain_text("第 51–100 项")
    page.get_by_role("link", name="上一页").click()
    expect(page.locator(".pager")).to_contain_text("第 1–50 项")
    page.goto("/overview/", wait_until="networkidle")
    look_over(page, "overview of ten thousand")


def test_one_row_and_a_long_title_fit(open_browser: Open, people: None, sign_in_page: Any) -> None:
    clerk = User.objects.get(username="office")
    unit = Unit.objects.get(name="示例市人民检察院")
    round_ = actions.create_round(actor=clerk, unit=unit, name="专项检查", feedback_on=date(2026, 1, 8))
    finding = actions.create_finding(round_, {"title": LONG[:120], "no": "1", "due": "2020-01-31"}, actor=clerk)
    for size in ({"width": 1366, "height": 768}, PHONE):
        page = sign_in_page(open_browser(size), "office")
        for address in ("/findings/", f"/findings/{finding.pk}/", "/overview/"):
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{address} with one row at {size['width']}")


def test_reading_and_simple_forms_work_without_scripts(open_browser: Open, record: None, sign_in_page: Any) -> None:
    finding = Finding.objects.get(no="15")
    page = sign_in_page(open_browser(scripts=False), "office")
    page.goto("/overview/")
    expect(page.locator("#by-aspect table")).to_be_visible()
    page.goto("/findings/?status=phased")
    expect(page.locator("tbody tr")).to_have_count(16)
    page.goto(f"/findings/{finding.pk}/edit/")
    page.get_by_label("序号").fill("15-1")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice").first).to_contain_text("已保存")
    page.goto("/intake/")
    page.locator("#file").set_input_files(
        {"name": "短.txt", "mimeType": "text/plain", "buffer": "1.关于“台账不清”的问题。整改措施：（1）建账。".encode()}
    )
    page.get_by_role("button", name="上传并读取").click()
    page.locator(".finding .title").first.click()
    expect(page.locator(".editor")).to_be_visible()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.locator(".finding")).to_have_count(0)


def test_the_keyboard_reaches_everything(open_browser: Open, record: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/overview/")
    press(page, "Tab")
    expect(page.locator(".skip")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#content")).to_be_focused()
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("键盘快捷键")
    look_over(page, "shortcuts")
    press(page, "Escape")
    press(page, "g")
    press(page, "f")
    expect(page).to_have_url(re.compile("/findings/$"))
    page.wait_for_load_state("networkidle")
    press(page, "j")
    press(page, "j")
    expect(page.locator(".row-link").nth(1)).to_be_focused()
    press(page, "x")
    expect(page.locator("[data-chosen]")).to_have_text("已选 1 项")
    press(page, "/")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.type("案件")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("“案件”的搜索结果")
    page.goto("/findings/")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="收起导航").click()
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("folded"))


def test_filtering_and_searching_leave_the_console_silent(open_browser: Open, record: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "office")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto("/findings/", wait_until="networkidle")
    page.get_by_role("button", name=re.compile("阶段性完成")).click()
    expect(page.locator(".count-line b")).to_have_text("16")
    page.locator("#l-text").fill("整改")
    page.locator("#l-text").press("Enter")
    expect(page.locator(".chip.removable")).to_contain_text("整改")
    page.go_back()
    expect(page.locator(".count-line b")).to_have_text("16")
    assert said == []


def test_the_overview_prints_on_one_sheet(open_browser: Open, record: None, sign_in_page: Any) -> None:
    Finding.objects.filter(no="7").update(due_on=date(2021, 1, 31))
    page = sign_in_page(open_browser(), "office")
    page.goto("/overview/", wait_until="networkidle")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1


def test_own_words_for_fields_left_empty(open_browser: Open, record: None, sign_in_page: Any) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/findings/workbook/")
    expect(page.get_by_text("未选择文件")).to_be_visible()
    page.get_by_role("button", name="查看将要改动的内容").click()
    assert page.locator("#file").evaluate("field => field.validationMessage") == "请先选择文件。"
    page.locator("#file").set_input_files({"name": "台账.xlsx", "mimeType": "", "buffer": b"x"})
    expect(page.locator("[data-file-name]")).to_have_text("台账.xlsx")
    assert page.locator("#file").evaluate("field => field.validity.valid")
