"""The whole path of the clerk, in a real browser: sign in, import, check, confirm, work on the ledger, look at the overview."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, look_over, picture, press
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit

pytestmark = pytest.mark.browser
FIRST, LATER = "First-Word-2026", "Second-Word-2026"


def test_from_the_paper_to_the_overview(open_browser: Open, people: None, tmp_path: Path) -> None:
    body = Unit.objects.get(name="示例市人民检察院")
    clerk, _password = actions.create_user(actor=OPERATOR, username="newcomer", name="林知远", password=FIRST)
    actions.grant_post(clerk, actor=OPERATOR, unit=body, role="rectification_office", title="整改办主任")
    page = open_browser()

    _sign_in_for_the_first_time(page)
    page.goto("/overview/")
    expect(page.locator("h2")).to_contain_text(["还没有可以汇总的问题"])
    look_over(page, "overview, empty")
    page.goto("/findings/")
    expect(page.locator("h2")).to_contain_text(["台账里还没有问题"])
    look_over(page, "ledger, empty")

    _import_and_check(page)
    _confirm(page)
    assert Finding.objects.count() == 40
    assert InspectionRound.objects.get().sources.get().file.sha256

    _work_on_the_ledger(page, tmp_path)
    _edit_a_finding(page)

    page.goto("/overview/")
    expect(page.locator(".figure.whole b")).to_have_text("40")
    page.locator(".picture svg").first.wait_for()
    page.locator("[data-flip]").first.click()
    expect(page.locator("#by-aspect table")).to_be_visible()
    page.locator("[data-flip]").first.click()
    look_over(page, "overview")

    page.locator(".menu.me summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in/"))


def _sign_in_for_the_first_time(page: Page) -> None:
    page.goto("/findings/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    look_over(page, "sign in")
    page.goto("/sign-in/")
    picture(page, "sign-in")
    page.get_by_label("用户名").fill("newcomer")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    page.get_by_label("密码", exact=True).fill(FIRST)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("首次登录，请先修改密码")
    look_over(page, "first password")
    picture(page, "password")
    page.get_by_label("当前密码").fill(FIRST)
    page.get_by_label("新密码", exact=True).fill(LATER)
    page.get_by_label("再输入一次新密码").fill(LATER)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.locator(".notice")).to_contain_text("密码已修改")


def _import_and_check(page: Page) -> None:
    page.goto("/intake/")
    look_over(page, "intake, empty")
    notice = files("zhenggai.demo") / "notice.html"
    page.locator("#file").set_input_files(
        {"name": "巡察整改进展情况通报.html", "mimeType": "text/html", "buffer": notice.read_bytes()}
    )
    page.get_by_role("button", name="上传并读取").click()
    page.locator("[data-check]").wait_for()
    expect(page.locator(".finding")).to_have_count(40)
    expect(page.locator(".anomalies li").first).to_be_visible()
    look_over(page, "check")

    page.locator(".finding [data-select]").nth(2).click()
    editor = page.locator(".editor")
    editor.wait_for()
    look_over(page, "check, opened")
    picture(page, "check")
    opened = page.locator(".finding.open")
    title = opened.locator(".title").inner_text()

    editor.locator("textarea").first.fill("换一种写法的标题")
    press(page, "Tab")
    expect(opened.locator(".title")).to_have_text("换一种写法的标题")
    assert page.evaluate("() => document.activeElement.tagName") == "INPUT"
    page.get_by_role("button", name="撤销").click()
    expect(opened.locator(".title")).to_have_text(title)
    expect(editor.locator("textarea").first).to_have_value(title)

    page.get_by_role("button", name="并入上一个问题").click()
    expect(page.locator(".finding")).to_have_count(39)
    page.locator("#draft-title").click()
    press(page, "Control+z")
    expect(page.locator(".finding")).to_have_count(40)
    press(page, "Control+Shift+Z")
    expect(page.locator(".finding")).to_have_count(39)
    press(page, "Control+z")
    expect(page.locator(".finding")).to_have_count(40)

    first = page.locator(".finding").nth(0)
    first.locator("[data-select]").click()
    key = first.get_attribute("data-key")
    press(page, "Alt+ArrowDown")
    expect(page.locator(".finding").nth(1)).to_have_attribute("data-key", key or "")
    press(page, "Alt+ArrowUp")
    expect(page.locator(".finding").nth(0)).to_have_attribute("data-key", key or "")

    page.locator("[data-jump]").first.click()
    line = page.locator(".line").filter(has_text="关于“教育整顿顽疾反复”的问题").first
    line.locator(".t").click(position={"x": 60, "y": 12})
    expect(page.locator(".finding.open .title")).to_have_text("教育整顿顽疾反复")


def _confirm(page: Page) -> None:
    page.get_by_role("button", name="确认入账…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("写入 40 个问题、112 项措施")
    look_over(page, "confirm")
    picture(page, "confirm")
    dialog.get_by_role("button", name="确认入账").click()
    expect(page.locator(".notice").first).to_contain_text("新增 40 项")


def _work_on_the_ledger(page: Page, folder: Path) -> None:
    expect(page.locator("tbody tr")).to_have_count(40)
    look_over(page, "ledger")
    press(page, "s")
    page.keyboard.type("羁押")
    press(page, "Enter")
    expect(page.locator("mark").first).to_have_text("羁押")
    expect(page).to_have_url(re.compile("text="))
    page.get_by_role("link", name="去掉搜索词“羁押”").click()
    expect(page.locator("tbody tr")).to_have_count(40)

    page.locator("details[data-name=aspect] summary").click()
    page.locator("details[data-name=aspect] [role=checkbox]").first.click()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator("details[data-name=aspect]")).to_have_attribute("open", "")
    press(page, "Escape")

    page.get_by_label("选择本页全部").check()
    expect(page.locator("[data-chosen]")).to_have_text("已选 4 项")
    bulk = page.locator(".bulk")
    bulk.get_by_label("责任部门").select_option(label="案件管理办公室")
    bulk.get_by_label("整改时限").fill("2030年6月底前")
    look_over(page, "bulk bar")
    picture(page, "ledger-bulk")
    bulk.get_by_role("button", name="保存分派").click()
    expect(page.locator(".notice").first).to_contain_text("已更新 4 项")
    assert Finding.objects.filter(department__name="案件管理办公室").count() == 4

    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    book = folder / "book.xlsx"
    waiting.value.save_as(book)
    page.get_by_role("link", name="导入修改后的表格").click()
    page.locator("#file").set_input_files(book)
    page.get_by_role("button", name="查看将要改动的内容").click()
    expect(page.locator(".notice")).to_contain_text("没有变化")
    look_over(page, "workbook preview")


def _edit_a_finding(page: Page) -> None:
    page.goto("/findings/")
    page.locator(".row-link").nth(4).click()
    expect(page.locator(".section-nav")).to_be_visible()
    look_over(page, "finding")
    press(page, "n")
    expect(page.locator(".beside")).to_contain_text("6 / 40")
    press(page, "p")
    expect(page.locator(".beside")).to_contain_text("5 / 40")
    press(page, "e")
    page.get_by_label("状态").select_option(label="已完成")
    look_over(page, "edit")

    title = page.get_by_label("问题", exact=True)
    title.fill("写了一半")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(title).to_have_value("写了一半")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    title.fill("存在重办案轻政治的倾向")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice").first).to_contain_text("已保存")
    expect(page.get_by_role("heading", level=1)).to_have_text("存在重办案轻政治的倾向")
    expect(page.locator("#history")).to_contain_text("修改了")
    page.locator("#attach-file").set_input_files(
        {"name": "会议纪要.txt", "mimeType": "text/plain", "buffer": "研究整改".encode()}
    )
    page.get_by_role("button", name="上传附件").click()
    expect(page.locator("#attachments table")).to_contain_text("会议纪要.txt")


def test_what_cannot_be_read_says_why_and_keeps_the_server_serving(
    open_browser: Open, people: None, sign_in_page: Any
) -> None:
    page = sign_in_page(open_browser(), "office")
    page.goto("/intake/")
    page.locator("#file").set_input_files({"name": "坏文件.docx", "mimeType": "", "buffer": b"PK\x03\x04 broken"})
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_role("alert")).to_contain_text("没有读成")
    expect(page.get_by_role("alert")).to_contain_text("怎么办")
    look_over(page, "failed import")
    picture(page, "import-failed")
    page.goto("/intake/")
    page.locator("#file").set_input_files({"name": "空.txt", "mimeType": "text/plain", "buffer": b""})
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.goto("/intake/")
    expect(page.locator(".imports")).to_contain_text("坏文件.docx")
